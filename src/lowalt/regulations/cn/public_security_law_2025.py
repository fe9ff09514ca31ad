"""Our reading of the public security punishments law."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, some, when
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction
from lowalt.vocabulary import Scope


@reading("art_46", effect=Effect.PROHIBITS)
def crosses_with_permission(_: Parameters) -> Norm:
    """Nobody crosses without the permission of both sides."""
    in_hong_kong = some(Scope.LEG, F.jurisdiction.in_(Jurisdiction.HONG_KONG))
    in_macao = some(Scope.LEG, F.jurisdiction.in_(Jurisdiction.MACAO))
    return when(F.crosses_boundary).must(
        (F.is_flight_approved | F.is_long_term_approved)
        & (~in_hong_kong | F.holds_cad_crossing_permission)
        & (~in_macao | F.holds_aacm_crossing_authorisation)
    )
