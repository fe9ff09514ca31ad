"""Our reading of the Basic Rules of Flight, as far as they bind unmanned aircraft here."""

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
