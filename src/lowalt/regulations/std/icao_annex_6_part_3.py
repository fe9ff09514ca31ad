"""Our reading of Annex 6 part III of ICAO on helicopters over water."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import PerformanceClass


def _helicopter_over_water() -> Condition:
    return F.is_helicopter & F.flies_over_water


@reading("over_water__class_1_2", effect=Effect.PROHIBITS)
def life_jackets_far_from_land(p: Parameters) -> Norm:
    """Helicopters that fly on after an engine failure have life jackets far from land."""
    flies_on = F.performance_class.in_(PerformanceClass.CLASS_1, PerformanceClass.CLASS_2)
    far = F.time_from_land_ms > p.over_water__class_1_2.time_from_land
    return when(_helicopter_over_water() & flies_on & far).must(F.has_life_jackets)


@reading("over_water__class_3", effect=Effect.PROHIBITS)
def life_jackets_beyond_gliding_reach(_: Parameters) -> Norm:
    """Helicopters that must come down have life jackets where they could not reach land."""
    comes_down = F.performance_class.in_(PerformanceClass.CLASS_3)
    beyond = ~F.stays_in_autorotation_reach
    return when(_helicopter_over_water() & comes_down & beyond).must(F.has_life_jackets)
