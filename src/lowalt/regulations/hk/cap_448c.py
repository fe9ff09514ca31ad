"""Our reading of Cap. 448C, Hong Kong's order on aircraft in general."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.model import Effect, Parameters


@reading("above_small", effect=Effect.REQUIRES_APPROVAL)
def large_unmanned_aircraft_permitted(p: Parameters) -> Norm:
    """Unmanned aircraft above the small ones fly with a permission."""
    large = F.takeoff_mass_g > p.above_small.takeoff_mass
    return when(F.is_unmanned & large).must(F.holds_cad_permission)


@reading("sch_14__congested", effect=Effect.PROHIBITS)
def high_over_congested_areas(p: Parameters) -> Norm:
    """Over congested areas aircraft are high, and high enough to leave them without power."""
    high = F.height_above_obstacles_mm >= p.sch_14__congested.height
    high_enough = high & F.clears_congested_area
    duty = ~F.is_unmanned & F.flies_over_congested_area
    return when(duty).must(high_enough | F.low_flying_saves_life)


@reading("sch_14__persons", effect=Effect.PROHIBITS)
def away_from_people_and_structures(p: Parameters) -> Norm:
    """Aircraft keep away from people and what they use."""
    away = F.distance_to_people_mm >= p.sch_14__persons.distance
    return when(~F.is_unmanned).must(away | F.low_flying_saves_life)


@reading("sch_14__crowd", effect=Effect.PROHIBITS)
def away_from_crowds(p: Parameters) -> Norm:
    """Aircraft keep farther from crowds."""
    away = F.crowd_distance_mm >= p.sch_14__crowd.distance
    return when(~F.is_unmanned).must(away | F.low_flying_saves_life)
