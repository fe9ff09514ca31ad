"""Our reading of IB-TM-2022-05, the standard scenario of urban delivery."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import MissionKind, StandardScenario


def _claims_urban_logistics() -> Condition:
    # Only a delivery outside the open category has a reason to claim it, or to say it does not.
    return (
        F.standard_scenario.in_(StandardScenario.URBAN_LOGISTICS)
        & F.mission_kind.in_(MissionKind.DELIVERY, MissionKind.BLOOD_TRANSPORT)
        & ~F.is_open_category
    )


@reading("secs_3_4_7__height", effect=Effect.REQUIRES_APPROVAL)
def delivers_low(p: Parameters) -> Norm:
    """Deliveries stay low."""
    low = F.max_true_height_mm < p.secs_3_4_7__height.height
    return when(_claims_urban_logistics()).must(low)


@reading("secs_3_4_7__aircraft", effect=Effect.REQUIRES_APPROVAL)
def delivers_by_small_aircraft(p: Parameters) -> Norm:
    """Deliveries use aircraft that are light, small and slow."""
    limits = p.secs_3_4_7__aircraft
    return when(_claims_urban_logistics()).must(
        (F.max_takeoff_mass_g <= limits.max_takeoff_mass)
        & (F.empty_mass_g <= limits.empty_mass)
        & (F.max_dimension_mm <= limits.size)
        & (F.kinetic_energy_j <= limits.kinetic_energy)
    )


@reading("secs_3_4_7__population", effect=Effect.REQUIRES_APPROVAL)
def delivers_where_not_too_many_live(p: Parameters) -> Norm:
    """Deliveries keep off the densest districts."""
    sparse = F.population_density_per_km2 <= p.secs_3_4_7__population.density
    return when(_claims_urban_logistics()).must(sparse)


@reading("secs_3_4_7__buffer", effect=Effect.REQUIRES_APPROVAL)
def delivers_beside_free_ground(p: Parameters) -> Norm:
    """Deliveries keep the ground beside the route free, as far as they could fall."""
    wide = F.ground_buffer_ratio_ppm >= p.secs_3_4_7__buffer.ratio
    return when(_claims_urban_logistics()).must(wide)


@reading("secs_3_4_7__route", effect=Effect.REQUIRES_APPROVAL)
def delivers_along_fixed_routes(p: Parameters) -> Norm:
    """Deliveries keep to routes that are fixed, isolated and hardly ever left."""
    kept = F.exit_rate_per_gh < p.secs_3_4_7__route.exit_rate
    return when(_claims_urban_logistics()).must(F.has_fixed_isolated_route & kept)
