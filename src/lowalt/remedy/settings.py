"""Numbers and days that an operator sets: distances, intervals, checks done anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from lowalt.regulations.conditions import Compare, CompareTimes, Leaf
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import with_values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Change, Kind
from lowalt.remedy.quantities import edge, in_plan, written
from lowalt.truth import Truth
from lowalt.wording import both


@dataclass(frozen=True, slots=True)
class _Setting:
    """Something that an operator sets, or does again, by the name of its fact."""

    kind: Kind
    cost: float
    zh: str
    en: str


_NUMBERS = MappingProxyType(
    {
        "max_distance_from_pilot_mm": _Setting(
            Kind.DISTANCE,
            costs.DISTANCE,
            "与操控员的距离保持在 {value} 以内",
            "stay within {value} of the pilot",
        ),
        "distance_to_uninvolved_mm": _Setting(
            Kind.DISTANCE,
            costs.DISTANCE,
            "与未参与人员及物体保持 {value} 以上的横向距离",
            "keep {value} or more to the side of people and things not involved",
        ),
        "distance_to_people_mm": _Setting(
            Kind.DISTANCE,
            costs.DISTANCE,
            "与人员、船只、车辆和建筑物保持 {value} 以上的距离",
            "keep {value} or more from people, vessels, vehicles and structures",
        ),
        "crowd_distance_mm": _Setting(
            Kind.DISTANCE,
            costs.DISTANCE,
            "与露天集会人群保持 {value} 以上的距离",
            "keep {value} or more from open-air assemblies",
        ),
        "insured_sum_hkd": _Setting(
            Kind.OBTAIN,
            costs.INSURANCE,
            "投保金额不低于 {value} 的第三者责任保险",
            "take out third-party insurance of {value} or more",
        ),
        "identification_interval_ms": _Setting(
            Kind.OBTAIN,
            costs.ARRANGE,
            "识别信息发送间隔设为 {value}",
            "set the identification interval to {value}",
        ),
        "uom_interval_ms": _Setting(
            Kind.OBTAIN,
            costs.ARRANGE,
            "向UOM报送飞行动态的间隔设为 {value}",
            "report flight dynamics to UOM every {value}",
        ),
        "uom_delay_ms": _Setting(
            Kind.OBTAIN,
            costs.ARRANGE,
            "向UOM报送飞行动态的延迟降至 {value}",
            "report flight dynamics to UOM within {value}",
        ),
        "operation_control_interval_ms": _Setting(
            Kind.OBTAIN,
            costs.ARRANGE,
            "运行控制系统接收间隔设为 {value}",
            "have the operation control system receive a record every {value}",
        ),
    }
)

_DAYS = MappingProxyType(
    {
        "registration_confirmed_on": _Setting(
            Kind.FILE, costs.REGISTER, "重新确认登记信息", "confirm the registration data anew"
        ),
        "licence_checked_on": _Setting(
            Kind.OBTAIN, costs.QUALIFY, "通过执照定期检查", "pass the periodic licence check"
        ),
        "licence_proficiency_checked_on": _Setting(
            Kind.OBTAIN, costs.QUALIFY, "通过熟练检查", "pass the proficiency check"
        ),
    }
)


def settings(hearing: Hearing, causes: Causes) -> Iterator[Change]:
    """Yield numbers set to the number of law, and checks done again by the day of the flight."""
    for leaf in causes.leaves:
        if leaf.truth is Truth.UNKNOWN:
            continue
        if isinstance(leaf.condition, Compare) and leaf.condition.fact.name in _NUMBERS:
            yield _number(leaf, leaf.condition)
        elif isinstance(leaf.condition, CompareTimes):
            for fact in (leaf.condition.fact, leaf.condition.base):
                if fact.name in _DAYS:
                    day = hearing.plan.departure.date().isoformat()
                    yield _change(_DAYS[fact.name], fact.field, day, day)


def _number(leaf: Leaf, condition: Compare) -> Change:
    value = edge(condition, holds=leaf.truth is Truth.FALSE)
    setting, fact = _NUMBERS[condition.fact.name], condition.fact
    return _change(setting, fact.field, in_plan(fact, value), written(fact, value))


def _change(setting: _Setting, path: str, value: object, said: str) -> Change:
    return Change(
        kind=setting.kind,
        text=both(setting.zh.format(value=said), setting.en.format(value=said)),
        cost=setting.cost,
        apply=lambda plan: with_values(plan, {path: value}),
    )
