"""Our reading of IB-FS-OPS-011, the standard scenario of inspecting fixed facilities."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import AirRisk, ControlMode, Jurisdiction, MissionKind, StandardScenario
from lowalt.vocabulary import Scope


def _claims_inspection() -> Condition:
    # Only an inspection outside the open category has a reason to claim it, or to say it does not.
    return (
        F.standard_scenario.in_(StandardScenario.FIXED_FACILITY_INSPECTION)
        & F.mission_kind.in_(MissionKind.INSPECTION)
        & ~F.is_open_category
    )


def _in_sight() -> Condition:
    return F.control_mode.in_(ControlMode.VLOS)


@reading("sec_1_1_5", effect=Effect.PROHIBITS)
def inspects_from_fixed_ground(_: Parameters) -> Norm:
    """Inspections are never controlled from something that moves."""
    return when(_claims_inspection()).must(~F.is_flown_from_moving_vehicle)


@reading("scenario__height", effect=Effect.REQUIRES_APPROVAL)
def inspects_low_or_close(p: Parameters) -> Norm:
    """Inspections stay low, or out of sight close to what they inspect."""
    limits = p.scenario__height
    low_structure = (F.obstacle_height_mm < limits.high_structure) & (
        F.height_above_obstacle_mm <= limits.above_low_structure
    )
    # From here on every structure, whatever its height, allows as much.
    any_structure = F.height_above_obstacle_mm <= limits.above_high_structure
    close = (F.obstacle_distance_mm <= limits.distance) & (low_structure | any_structure)
    low = F.max_true_height_mm <= limits.out_of_sight
    seen_low = F.max_true_height_mm <= limits.in_sight
    return when(_claims_inspection()).must(low | (_in_sight() & seen_low) | (~_in_sight() & close))


@reading("scenario__aircraft", effect=Effect.REQUIRES_APPROVAL)
def inspects_by_small_aircraft(p: Parameters) -> Norm:
    """Inspections use aircraft within the limits of mass, size and energy."""
    limits = p.scenario__aircraft
    return when(_claims_inspection()).must(
        (F.max_takeoff_mass_g <= limits.max_takeoff_mass)
        & (F.max_dimension_mm <= limits.size)
        & (F.kinetic_energy_j <= limits.kinetic_energy)
    )


@reading("scenario__population", effect=Effect.REQUIRES_APPROVAL)
def inspects_where_few_live(p: Parameters) -> Norm:
    """Inspections keep off people, fast aircraft farther than others."""
    limits = p.scenario__population
    slow = F.capable_speed_mm_h <= limits.speed
    few = F.population_density_per_km2 <= limits.density
    hardly_any = F.population_density_per_km2 <= limits.density_if_fast
    return when(_claims_inspection()).must((slow & few) | hardly_any | F.is_over_controlled_ground)


@reading("scenario__visibility", scope=Scope.LEG, effect=Effect.REQUIRES_APPROVAL)
def inspects_in_good_visibility(p: Parameters) -> Norm:
    """Inspections in sight are flown in good visibility."""
    clear = F.visibility_mm > p.scenario__visibility.visibility
    here = F.jurisdiction.in_(Jurisdiction.MAINLAND)
    return when(here & _claims_inspection() & _in_sight()).must(clear)


@reading("scenario__ground_buffer", effect=Effect.REQUIRES_APPROVAL)
def inspects_beside_free_ground(p: Parameters) -> Norm:
    """Beside homes, inspections keep the ground free as far as they could fall."""
    wide = F.ground_buffer_ratio_ppm >= p.scenario__ground_buffer.ratio
    return when(_claims_inspection() & F.is_beside_residential_area).must(wide)


@reading("scenario__air_buffer", effect=Effect.REQUIRES_APPROVAL)
def inspects_away_from_busy_air(p: Parameters) -> Norm:
    """Beside airspace of the highest air risk, inspections keep well away from it."""
    far = F.air_buffer_mm >= p.scenario__air_buffer.distance
    return when(_claims_inspection() & F.adjacent_air_risk.in_(AirRisk.D)).must(far)


@reading("scenario__conflict", effect=Effect.REQUIRES_APPROVAL)
def inspection_descends_soon(p: Parameters) -> Norm:
    """In a conflict, inspections are soon at a safe height."""
    soon = F.descent_time_ms <= p.scenario__conflict.time
    return when(_claims_inspection()).must(soon)


@reading("scenario__containment", effect=Effect.REQUIRES_APPROVAL)
def inspection_stays_inside(p: Parameters) -> Norm:
    """Inspections hardly ever leave their volume."""
    kept = F.exit_rate_per_gh < p.scenario__containment.exit_rate
    return when(_claims_inspection()).must(kept)


@reading("scenario__control", effect=Effect.REQUIRES_APPROVAL)
def inspection_has_one_pilot(_: Parameters) -> Norm:
    """One pilot flies one aircraft, from beginning to end."""
    return when(_claims_inspection()).must(~F.pilot_flies_several & ~F.hands_over_control)


@reading("scenario__night", effect=Effect.REQUIRES_APPROVAL)
def inspection_flashes_at_night(_: Parameters) -> Norm:
    """By night, inspections show a green strobe."""
    return when(_claims_inspection() & F.is_partly_at_night).must(F.has_green_strobe)
