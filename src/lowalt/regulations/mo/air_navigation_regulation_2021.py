"""Our reading of Macao's air navigation regulation on unmanned aircraft, in its order."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, some, when
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction, ZoneKind
from lowalt.vocabulary import Scope


@reading("para_66", effect=Effect.PROHIBITS)
def out_of_banned_areas(_: Parameters) -> Norm:
    """During a ban only the government flies."""
    return when(F.is_under_macao_ban).must(F.is_macao_government_flight)


@reading("para_66__zones", scope=Scope.ENCOUNTER, effect=Effect.PROHIBITS)
def out_of_banned_zones(_: Parameters) -> Norm:
    """Bans that the airspace data hold are bans like the others."""
    here = F.zone_jurisdiction.in_(Jurisdiction.MACAO)
    banned = here & F.zone_kind.in_(ZoneKind.TEMPORARY_CONTROL)
    return when(banned).must(F.is_macao_government_flight)


@reading(
    "para_67__indoors",
    waives=("para_67__aerodromes", "para_67__flight_paths", "para_67__buildings"),
)
def indoors(_: Parameters) -> Norm:
    """Indoors no place is near."""
    return when(F.is_indoor)


@reading("para_67__aerodromes", effect=Effect.REQUIRES_APPROVAL)
def away_from_aerodromes(p: Parameters) -> Norm:
    """Flights keep away from aerodromes."""
    near = F.macao_aerodrome_distance_mm <= p.para_67__aerodromes.distance
    return when(near).must(F.holds_aacm_authorisation)


@reading("para_67__flight_paths", effect=Effect.REQUIRES_APPROVAL)
def out_of_flight_paths(_: Parameters) -> Norm:
    """Flights keep out of the flight paths."""
    return when(F.is_in_macao_flight_path).must(F.holds_aacm_authorisation)


@reading("para_67__buildings", effect=Effect.REQUIRES_APPROVAL)
def away_from_buildings(p: Parameters) -> Norm:
    """Flights keep away from the buildings listed."""
    near = F.macao_building_distance_mm <= p.para_67__buildings.distance
    return when(near).must(F.holds_aacm_authorisation)


@reading("para_67__limits", effect=Effect.REQUIRES_APPROVAL)
def within_limits(_: Parameters) -> Norm:
    """Flights keep to the limits published."""
    return when(~F.keeps_macao_limits).must(F.holds_aacm_authorisation)


@reading("para_67__registration", effect=Effect.REQUIRES_FILING)
def registered_and_notified(p: Parameters) -> Norm:
    """Above toys, aircraft are registered, labelled and announced."""
    heavy = F.takeoff_mass_g > p.para_67__registration.takeoff_mass
    return when(heavy).must(
        F.is_registered_in_macao & F.is_labelled_in_macao & F.is_notified_in_macao
    )


@reading("para_67__permits", effect=Effect.REQUIRES_APPROVAL)
def permitted_and_insured(p: Parameters) -> Norm:
    """Heavy aircraft are permitted and insured."""
    heavy = F.takeoff_mass_g > p.para_67__permits.takeoff_mass
    return when(heavy).must(
        F.has_macao_operator_permit & F.has_macao_activity_permit & F.has_macao_insurance
    )


@reading("para_67__crossing", effect=Effect.REQUIRES_APPROVAL)
def crossing_authorised(_: Parameters) -> Norm:
    """Whoever is also elsewhere crosses with an authorisation."""
    elsewhere = some(Scope.LEG, ~F.jurisdiction.in_(Jurisdiction.MACAO))
    return when(elsewhere).must(F.holds_aacm_crossing_authorisation)
