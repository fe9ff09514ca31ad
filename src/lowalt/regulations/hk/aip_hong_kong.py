"""Our reading of the AIP of Hong Kong on helicopters and other manned flights."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, must, reading, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import AirspaceClass, Jurisdiction, ZoneKind
from lowalt.vocabulary import Scope


@reading("enr_1_2__clearance", effect=Effect.REQUIRES_APPROVAL)
def cleared(_: Parameters) -> Norm:
    """Flights hold their clearance."""
    return must(F.has_hong_kong_clearance)


@reading("enr_1_2__classes", effect=Effect.PROHIBITS)
def visual_where_it_is_possible(_: Parameters) -> Norm:
    """Visual flights stay in the classes of airspace that are open to them."""
    possible = F.hong_kong_airspace_class.in_(AirspaceClass.C, AirspaceClass.G)
    return when(F.is_visual_flight).must(possible)


@reading("enr_1_2__minima", scope=Scope.LEG, effect=Effect.PROHIBITS)
def in_visual_weather(p: Parameters) -> Norm:
    """Visual flights see far enough and keep off the clouds, special ones as they are cleared."""
    limits = p.enr_1_2__minima
    minima = (
        (F.visibility_mm >= limits.visibility)
        & (F.cloud_distance_mm >= limits.cloud_distance)
        & (F.cloud_clearance_mm >= limits.cloud_clearance)
    )
    low_in_class_g = (
        F.is_helicopter
        & F.hong_kong_airspace_class.in_(AirspaceClass.G)
        & (F.max_altitude_mm <= limits.low_class_g)
        & F.stays_clear_of_cloud
    )
    here = F.jurisdiction.in_(Jurisdiction.HONG_KONG)
    duty = here & F.is_visual_flight & ~_is_special()
    return when(duty).must(minima | low_in_class_g)


def _is_special() -> Condition:
    """Whether it is special VFR, which only a control zone knows, and those are of class C."""
    return F.has_special_vfr_clearance & F.hong_kong_airspace_class.in_(AirspaceClass.C)


@reading("enr_1_2__night", scope=Scope.LEG, effect=Effect.PROHIBITS)
def no_visual_flight_at_night(_: Parameters) -> Norm:
    """At night a visual flight here is a special one."""
    at_night = F.jurisdiction.in_(Jurisdiction.HONG_KONG) & F.leg_is_partly_at_night
    return when(at_night & F.is_visual_flight).must(_is_special())


@reading("enr_3_4", effect=Effect.PROHIBITS)
def authorised_for_macao_route(_: Parameters) -> Norm:
    """Only those authorised use the helicopter routes to Macao."""
    return when(F.uses_macao_helicopter_route).must(F.is_authorised_for_macao_route)


@reading("enr_5_1", scope=Scope.ENCOUNTER, effect=Effect.PROHIBITS)
def out_of_prohibited_areas(_: Parameters) -> Norm:
    """Prohibited areas stay empty."""
    here = F.zone_jurisdiction.in_(Jurisdiction.HONG_KONG)
    return when(here & F.zone_kind.in_(ZoneKind.PROHIBITED_AREA)).must(F.holds_zone_approval)


@reading("ad_2_20__vfr", effect=Effect.REQUIRES_FILING, deadline="notice")
def visual_flight_notified(p: Parameters) -> Norm:
    """Visual flights are notified shortly before."""
    latest = F.departure_at.shifted(p.ad_2_20__vfr.notice)
    return when(F.is_visual_flight).must(F.hong_kong_plan_filed_at <= latest)


@reading("ad_2_20__ifr", effect=Effect.REQUIRES_FILING, deadline="notice")
def instrument_flight_filed(p: Parameters) -> Norm:
    """Instrument flights are filed earlier."""
    latest = F.departure_at.shifted(p.ad_2_20__ifr.notice)
    return when(~F.is_visual_flight).must(F.hong_kong_plan_filed_at <= latest)
