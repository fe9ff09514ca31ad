"""How the manual of Acme Aviation, which is made up, is read."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, must, reading, when
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import MissionKind


@reading("ch_4__height", effect=Effect.PROHIBITS)
def below_our_limit(p: Parameters) -> Norm:
    """We fly lower than the law would let us."""
    return must(F.max_true_height_mm <= p.ch_4__height.limit)


@reading("ch_4__rescue", waives=("ch_4__height",))
def rescue_is_not_held_to_it(_: Parameters) -> Norm:
    """Leave a rescue to the law alone."""
    return when(F.mission_kind.in_(MissionKind.MEDICAL_RESCUE))


@reading("ch_5__night", effect=Effect.PROHIBITS)
def night_pilots(_: Parameters) -> Norm:
    """By night only pilots with the rating fly."""
    return when(F.is_partly_at_night).must(F.has_night_rating)


@reading("ch_5__alcohol", effect=Effect.PROHIBITS)
def sober(p: Parameters) -> Norm:
    """We wait longer after alcohol than the law asks."""
    return must(F.time_since_alcohol_ms >= p.ch_5__alcohol.abstinence)
