"""Our reading of AC-92-FS-002, on the operation control systems of operators."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, some, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.vocabulary import Scope


def _civil_from_small_up() -> Condition:
    return ~F.is_at_most_light & ~F.is_routine_agriculture & ~F.is_public_body


@reading("sec_7_1_2__dense", effect=Effect.REQUIRES_FILING)
def controlled_every_second_over_many(p: Parameters) -> Norm:
    """Over many people the operator's system is always up to date."""
    often = F.operation_control_interval_ms <= p.sec_7_1_2__dense.interval
    return when(_civil_from_small_up() & F.is_over_dense_population).must(often)


@reading("sec_7_1_2__elsewhere", effect=Effect.REQUIRES_FILING)
def controlled_elsewhere(p: Parameters) -> Norm:
    """Elsewhere the operator's system is up to date every so often."""
    often = F.operation_control_interval_ms <= p.sec_7_1_2__elsewhere.interval
    return when(_civil_from_small_up() & ~F.is_over_dense_population).must(often)


@reading("sec_7_1_2__light", effect=Effect.REQUIRES_FILING)
def light_aircraft_controlled_in_key_areas(p: Parameters) -> Norm:
    """In key areas the operator's system hears of light aircraft too."""
    light = F.is_at_most_light & ~F.is_micro & ~F.is_public_body
    often = F.operation_control_interval_ms <= p.sec_7_1_2__light.interval
    return when(light & some(Scope.ENCOUNTER, F.is_controlled_zone)).must(often)
