"""Our reading of Cap. 448E, Hong Kong's order that prohibits flight over Penny's Bay."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction, ZoneKind
from lowalt.vocabulary import Scope


@reading("art_3", scope=Scope.ENCOUNTER, effect=Effect.PROHIBITS)
def keeps_out(_: Parameters) -> Norm:
    """Nobody flies there without an exception."""
    area = F.zone_kind.in_(ZoneKind.RESTRICTED_AREA) & F.zone_is_closed
    here = F.zone_jurisdiction.in_(Jurisdiction.HONG_KONG)
    return when(here & area).must(F.is_excepted_by_cap_448e)
