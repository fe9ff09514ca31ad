"""Our reading of Shenzhen's measures of 2019 on micro and light unmanned aircraft.

Nothing that was read says whether they are still in force, so no reading is ever sure to apply: a
flight they would close airspace to is left open, never permitted and never refused by them.
"""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, unclear, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction, OperatorKind, ZoneKind
from lowalt.vocabulary import Scope


def _if_in_force(closed: Condition) -> Condition:
    """Whether the measures close airspace; the police and customs are outside them (art. 3)."""
    public = F.operator_kind.in_(OperatorKind.POLICE, OperatorKind.CUSTOMS)
    in_force = unclear(
        zh="深圳市2019年微轻型无人机管理暂行办法今日是否有效",
        en="whether Shenzhen's measures of 2019 on micro and light unmanned aircraft still hold",
    )
    return closed & ~public & in_force


def _approved() -> Condition:
    return F.is_flight_approved | F.is_long_term_approved


@reading("light_list__height", effect=Effect.REQUIRES_APPROVAL)
def light_stays_low(p: Parameters) -> Norm:
    """Light aircraft stay below controlled airspace, as far as the decree asks it of them."""
    light = F.is_at_most_light & ~F.is_micro
    high = F.max_true_height_mm >= p.light_list__height.ceiling
    # A city does not ask what the decree (art. 31(1)) lets go.
    freed = F.is_airport_work | (F.is_public_body & F.is_over_own_ground)
    return when(_if_in_force(light & high & ~freed)).must(_approved())


@reading("both_lists__landing_sites", scope=Scope.ENCOUNTER, effect=Effect.REQUIRES_APPROVAL)
def clear_of_landing_sites(_: Parameters) -> Norm:
    """Unmanned aircraft keep clear of active landing sites."""
    here = F.zone_jurisdiction.in_(Jurisdiction.MAINLAND)
    around = here & F.zone_kind.in_(ZoneKind.TEMPORARY_LANDING_SITE)
    return when(_if_in_force(around)).must(F.holds_zone_approval | _approved())
