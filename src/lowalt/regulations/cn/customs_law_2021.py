"""Our reading of the customs law, in article order."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.model import Effect, Parameters


@reading("art_15", effect=Effect.PROHIBITS)
def keeps_prescribed_route(_: Parameters) -> Norm:
    """Crossing flights keep to the prescribed route, as border inspection asks too."""
    leaves_or_enters = F.departs_from_mainland | F.lands_on_mainland
    return when(F.crosses_boundary & leaves_or_enters).must(F.keeps_prescribed_route)


@reading("art_16__departure", effect=Effect.REQUIRES_FILING, deadline="departure_notice")
def told_of_departure(p: Parameters) -> Norm:
    """Whoever leaves tells customs in time."""
    latest = F.departure_at.shifted(p.art_16__departure.departure_notice)
    return when(F.crosses_boundary & F.departs_from_mainland).must(F.customs_told_at <= latest)


@reading("art_16__arrival", effect=Effect.REQUIRES_FILING)
def told_of_arrival(_: Parameters) -> Norm:
    """Whoever arrives has told customs before take-off."""
    return when(F.crosses_boundary & F.lands_on_mainland).must(F.customs_is_told)
