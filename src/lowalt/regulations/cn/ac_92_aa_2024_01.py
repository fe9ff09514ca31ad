"""Our reading of AC-92-AA-2024-01, special airworthiness certificates of the transition."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import AirworthinessDocument


@reading("transition_end", effect=Effect.PROHIBITS)
def transition_is_over(_: Parameters) -> Norm:
    """Certificates of the transition no longer stand without a type certificate."""
    special = F.airworthiness_document.in_(AirworthinessDocument.SPECIAL_CERTIFICATE)
    return when(special & F.airworthiness_rests_on_transition).must(F.has_type_certificate)
