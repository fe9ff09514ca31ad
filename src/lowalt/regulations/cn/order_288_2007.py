"""Our reading of the Basic Rules of Flight: areas for all, the rest for manned aircraft."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, unclear, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction, ZoneKind
from lowalt.vocabulary import Scope


def _inside(kind: ZoneKind) -> Condition:
    verified = F.zone_is_verified | unclear(
        zh="该空域范围是否与空中交通管理机构核实一致",
        en="whether the ATM unit confirms the zone's limits",
    )
    here = F.zone_jurisdiction.in_(Jurisdiction.MAINLAND)
    return here & F.zone_kind.in_(kind) & verified


@reading("art_17", scope=Scope.ENCOUNTER, effect=Effect.PROHIBITS)
def prohibited_area(_: Parameters) -> Norm:
    """Prohibited areas are not entered."""
    return when(_inside(ZoneKind.PROHIBITED_AREA)).must(F.holds_zone_approval)


@reading("art_18", scope=Scope.ENCOUNTER, effect=Effect.REQUIRES_APPROVAL)
def restricted_area(_: Parameters) -> Norm:
    """Restricted areas are entered with permission."""
    return when(_inside(ZoneKind.RESTRICTED_AREA)).must(F.holds_zone_approval)


@reading("art_19", scope=Scope.ENCOUNTER, effect=Effect.PROHIBITS)
def danger_area(_: Parameters) -> Norm:
    """Danger areas are for those who have a part in them."""
    return when(_inside(ZoneKind.DANGER_AREA)).must(F.holds_zone_approval)


@reading("art_35", effect=Effect.REQUIRES_APPROVAL)
def flight_approved(_: Parameters) -> Norm:
    """Every manned flight is approved."""
    return when(~F.is_unmanned).must(F.holds_flight_approval | F.holds_long_term_approval)


@reading("art_74", effect=Effect.PROHIBITS)
def weather_above_minima(_: Parameters) -> Norm:
    """Visual flights keep to the commander's minima."""
    return when(_visual()).must(F.weather_meets_minima)


@reading("art_74__cloud", scope=Scope.LEG, effect=Effect.PROHIBITS)
def below_the_cloud(p: Parameters) -> Norm:
    """Visual flights keep away from the cloud base while they are low, as every flight once is."""
    limits = p.art_74__cloud
    high_enough = F.cloud_base_mm >= limits.base_for_higher_flight
    here = F.jurisdiction.in_(Jurisdiction.MAINLAND)
    return when(here & _visual()).must((F.cloud_clearance_mm >= limits.cloud_gap) | high_enough)


def _visual() -> Condition:
    return ~F.is_unmanned & F.is_visual_flight


@reading("art_112", effect=Effect.REQUIRES_APPROVAL)
def foreign_aircraft_approved(_: Parameters) -> Norm:
    """Foreign aircraft are approved as such."""
    return when(~F.is_unmanned & F.is_foreign_aircraft).must(F.has_foreign_aircraft_approval)
