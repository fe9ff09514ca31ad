"""Our reading of CCAR-135, the rules for commercial operators of small aircraft."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction
from lowalt.vocabulary import Scope


def _commercial_helicopter_by_sight() -> Condition:
    return F.is_commercial & F.is_helicopter & F.is_visual_flight


def _here() -> Condition:
    return F.jurisdiction.in_(Jurisdiction.MAINLAND)


@reading("certificate", effect=Effect.REQUIRES_APPROVAL)
def certificated(_: Parameters) -> Norm:
    """Commercial operators are certificated."""
    return when(F.is_commercial).must(F.has_operator_certificate)


@reading("art_135_213__b", effect=Effect.PROHIBITS)
def high_over_dense_population(p: Parameters) -> Norm:
    """Over dense population the helicopter keeps its height."""
    duty = _commercial_helicopter_by_sight() & F.is_over_dense_population
    return when(duty).must(F.height_over_population_mm >= p.art_135_213__b.height)


@reading("art_135_215__b__day", scope=Scope.LEG, effect=Effect.PROHIBITS)
def visibility_by_day(p: Parameters) -> Norm:
    """By day, and so at all times, the helicopter has the least visibility."""
    duty = _here() & _commercial_helicopter_by_sight()
    return when(duty).must(F.visibility_mm >= p.art_135_215__b__day.visibility)


@reading("art_135_215__b__night", scope=Scope.LEG, effect=Effect.PROHIBITS)
def visibility_by_night(p: Parameters) -> Norm:
    """By night the helicopter has more visibility."""
    duty = _here() & F.leg_is_partly_at_night & _commercial_helicopter_by_sight()
    return when(duty).must(F.visibility_mm >= p.art_135_215__b__night.visibility)


@reading("art_135_219__b", effect=Effect.PROHIBITS)
def fuel_to_spare(p: Parameters) -> Norm:
    """Helicopters have fuel to spare."""
    duty = _commercial_helicopter_by_sight()
    return when(duty).must(F.fuel_reserve_ms >= p.art_135_219__b.reserve)
