"""Our reading of Cap. 448G, Hong Kong's order on small unmanned aircraft, in its order."""

from __future__ import annotations

from lowalt.regulations.authoring import (
    F,
    Norm,
    definition,
    must,
    reading,
    some,
    unclear,
    when,
)
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import ControlMode, Jurisdiction, ZoneKind
from lowalt.vocabulary import Scope

_RESTRICTED = (
    ZoneKind.PROHIBITED_AREA,
    ZoneKind.RESTRICTED_AREA,
    ZoneKind.AERODROME_SURROUNDINGS,
    ZoneKind.TEMPORARY_CONTROL,
    ZoneKind.UAS_ZONE,
)


# Categories


@definition("sec_3__a1", term="is_hk_category_a1")
def is_category_a1(p: Parameters) -> Condition:
    """Category A1 is the lightest."""
    return F.takeoff_mass_g <= p.sec_3__a1.takeoff_mass


@definition("sec_3__a2", term="is_at_most_hk_category_a2")
def is_at_most_category_a2(p: Parameters) -> Condition:
    """Up to category A2 there are standard operations."""
    return F.takeoff_mass_g <= p.sec_3__a2.takeoff_mass


@definition("sec_3__b", term="is_at_most_hk_category_b")
def is_at_most_category_b(p: Parameters) -> Condition:
    """Category B ends where the order ended at first."""
    return F.takeoff_mass_g <= p.sec_3__b.takeoff_mass


@definition("sec_3__c", term="is_at_most_hk_category_c")
def is_at_most_category_c(p: Parameters) -> Condition:
    """Category C ends where the order ends since its amendment."""
    return F.takeoff_mass_g <= p.sec_3__c.takeoff_mass


def _category_a2() -> Condition:
    return F.is_at_most_hk_category_a2 & ~F.is_hk_category_a1


# Standard operations


@reading(
    "sec_6",
    waives=(
        "operating__height_a1",
        "operating__height_a2",
        "operating__speed_a1",
        "operating__speed_a2",
        "operating__distance_a1",
        "operating__distance_a2",
        "operating__daylight",
        "operating__sight",
        "operating__one_aircraft",
        "operating__size",
        "advanced__drone_map",
        "advanced__restricted_zone",
        "advanced__danger_area",
    ),
)
def enclosed(_: Parameters) -> Norm:
    """Enclosed flights are free of limits and zones."""
    return when(F.is_indoor | F.is_in_enclosed_area)


@reading("operating__height_a1", effect=Effect.REQUIRES_APPROVAL)
def height_of_a1(p: Parameters) -> Norm:
    """Category A1 flies very low."""
    high = F.max_true_height_mm > p.operating__height_a1.ceiling
    return when(F.is_hk_category_a1 & ~F.is_under_a1_exemption & high).must(F.holds_cad_permission)


@reading("operating__height_a2", effect=Effect.REQUIRES_APPROVAL)
def height_of_a2(p: Parameters) -> Norm:
    """Category A2, and A1 under the exemption, fly low."""
    high = F.max_true_height_mm > p.operating__height_a2.ceiling
    exempted = F.is_hk_category_a1 & F.is_under_a1_exemption
    return when((_category_a2() | exempted) & high).must(F.holds_cad_permission)


@reading("operating__speed_a1", effect=Effect.REQUIRES_APPROVAL)
def speed_of_a1(p: Parameters) -> Norm:
    """Category A1 flies very slowly."""
    fast = F.planned_speed_mm_h > p.operating__speed_a1.speed
    return when(F.is_hk_category_a1 & fast).must(F.holds_cad_permission)


@reading("operating__speed_a2", effect=Effect.REQUIRES_APPROVAL)
def speed_of_a2(p: Parameters) -> Norm:
    """Category A2 flies slowly."""
    fast = F.planned_speed_mm_h > p.operating__speed_a2.speed
    return when(_category_a2() & fast).must(F.holds_cad_permission)


@reading("operating__distance_a1", effect=Effect.REQUIRES_APPROVAL)
def distance_of_a1(p: Parameters) -> Norm:
    """Category A1 keeps some distance."""
    near = F.distance_to_uninvolved_mm < p.operating__distance_a1.distance
    return when(F.is_hk_category_a1 & near).must(F.holds_cad_permission)


@reading("operating__distance_a2", effect=Effect.REQUIRES_APPROVAL)
def distance_of_a2(p: Parameters) -> Norm:
    """Category A2 keeps more distance."""
    near = F.distance_to_uninvolved_mm < p.operating__distance_a2.distance
    return when(_category_a2() & near).must(F.holds_cad_permission)


@reading("operating__daylight", scope=Scope.LEG, effect=Effect.REQUIRES_APPROVAL)
def by_daylight(_: Parameters) -> Norm:
    """Nobody flies a standard operation here by night."""
    at_night = F.jurisdiction.in_(Jurisdiction.HONG_KONG) & F.leg_is_partly_at_night
    return when(at_night).must(F.holds_cad_permission)


@reading("operating__sight", effect=Effect.REQUIRES_APPROVAL)
def in_sight(_: Parameters) -> Norm:
    """Nobody loses sight in a standard operation."""
    return when(~F.control_mode.in_(ControlMode.VLOS)).must(F.holds_cad_permission)


@reading("operating__one_aircraft", effect=Effect.REQUIRES_APPROVAL)
def one_aircraft_a_pilot(_: Parameters) -> Norm:
    """Each aircraft has a pilot of its own."""
    return when(~F.each_pilot_flies_one).must(F.holds_cad_permission)


@reading("operating__size", effect=Effect.REQUIRES_APPROVAL)
def small_enough(p: Parameters) -> Norm:
    """Only small aircraft fly standard operations."""
    limits = p.operating__size
    small = F.max_dimension_mm <= limits.dimension
    small_rotor = F.dimension_is_over_rotor_tips & (
        F.max_dimension_mm <= limits.dimension_over_rotor_tips
    )
    return when(~(small | small_rotor)).must(F.holds_cad_permission)


@reading("operating__people_and_animals", effect=Effect.PROHIBITS)
def nobody_aboard(_: Parameters) -> Norm:
    """Nobody and no animal is on board."""
    return must(~F.carries_people & ~F.carries_animals)


# Advanced operations


@reading("advanced__category_b", effect=Effect.REQUIRES_APPROVAL)
def category_b_permitted(_: Parameters) -> Norm:
    """Category B flies with a permission."""
    is_b = F.is_at_most_hk_category_b & ~F.is_at_most_hk_category_a2
    return when(is_b).must(F.holds_cad_permission)


@reading("advanced__category_c", effect=Effect.REQUIRES_APPROVAL)
def category_c_permitted(_: Parameters) -> Norm:
    """Category C flies with a permission."""
    is_c = F.is_at_most_hk_category_c & ~F.is_at_most_hk_category_b
    return when(is_c).must(F.holds_cad_permission)


@reading("advanced__dangerous_goods_or_dropping", effect=Effect.REQUIRES_APPROVAL)
def dangerous_goods_permitted(_: Parameters) -> Norm:
    """Dangerous goods fly, and things are dropped, with a permission."""
    return when(F.carries_dangerous_goods_or_drops).must(F.holds_cad_permission)


@reading("advanced__drone_map", effect=Effect.REQUIRES_APPROVAL)
def restricted_flying_zone_permitted(_: Parameters) -> Norm:
    """Restricted flying zones of the drone map are entered with a permission."""
    return when(F.is_in_restricted_flying_zone).must(F.holds_cad_permission)


@reading("advanced__restricted_zone", scope=Scope.ENCOUNTER, effect=Effect.REQUIRES_APPROVAL)
def restricted_zone_permitted(_: Parameters) -> Norm:
    """Zones of the airspace data that restrict flight are entered with a permission."""
    return when(_in_hong_kong(*_RESTRICTED)).must(F.holds_zone_approval | F.holds_cad_permission)


@reading("advanced__danger_area", scope=Scope.ENCOUNTER, effect=Effect.REQUIRES_APPROVAL)
def danger_area_avoided(_: Parameters) -> Norm:
    """Danger areas are entered with a permission, or while they are quiet."""
    quiet = unclear(
        zh="该危险区此时是否生效、是否属于限制飞行区",
        en="whether the danger area is active then and a restricted flying zone",
    )
    return when(_in_hong_kong(ZoneKind.DANGER_AREA)).must(
        F.holds_zone_approval | F.holds_cad_permission | quiet
    )


def _in_hong_kong(*kinds: ZoneKind) -> Condition:
    return F.zone_jurisdiction.in_(Jurisdiction.HONG_KONG) & F.zone_kind.in_(*kinds)


# Crossing, data and papers


@reading("crossing", effect=Effect.REQUIRES_APPROVAL)
def crossing_permitted(_: Parameters) -> Norm:
    """Whoever is also elsewhere crosses with a permission."""
    elsewhere = some(Scope.LEG, ~F.jurisdiction.in_(Jurisdiction.HONG_KONG))
    return when(elsewhere).must(F.holds_cad_crossing_permission)


@reading("flight_data", effect=Effect.REQUIRES_FILING)
def flight_data_kept(p: Parameters) -> Norm:
    """Permitted flights leave data that can be had."""
    kept = F.flight_data_kept_until >= F.departure_on.shifted(p.flight_data.kept_for)
    return when(_permitted()).must(kept & F.flight_data_is_accessible)


@reading("registration", effect=Effect.REQUIRES_APPROVAL)
def registered_and_labelled(_: Parameters) -> Norm:
    """From category A2 up, the aircraft is registered and says so."""
    return when(~F.is_hk_category_a1).must(
        F.is_registered_in_hong_kong & F.is_labelled_in_hong_kong
    )


@reading("insurance", effect=Effect.REQUIRES_APPROVAL)
def advanced_operation_insured(p: Parameters) -> Norm:
    """Advanced operations are insured."""
    return when(_permitted()).must(F.insured_sum_hkd >= p.insurance.sum)


def _permitted() -> Condition:
    return F.holds_cad_permission | F.holds_cad_crossing_permission
