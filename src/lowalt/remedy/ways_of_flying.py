"""Other ways of flying the same task, and what an operator fits to the aircraft or arranges."""

from __future__ import annotations

from lowalt.flights import FlightPlan
from lowalt.missions import with_parts
from lowalt.regulations.conditions import Leaf
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import Values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Kind
from lowalt.remedy.step import Step, every_pilot, states
from lowalt.terms import MissionKind
from lowalt.truth import Truth


def _one_aircraft(hearing: Hearing, _causes: Causes, _leaf: Leaf) -> Values:
    """State that it flies alone, which fifty together cannot."""
    aircraft = hearing.plan.aircraft
    several = aircraft is not None and aircraft.count not in (None, 1)
    return {
        "special_operations.distributed_or_swarm": False,
        **({"aircraft.count": 1} if several else {}),
    }


def _by_instruments(hearing: Hearing, _causes: Causes, _leaf: Leaf) -> Values | None:
    """State that it is no visual flight; weather that nobody told is no reason for that."""
    is_told = any("visibility_mm" in leg.values for leg in hearing.facts.legs)
    return {"manned.visual_flight": False} if is_told else None


_FOR_ITS_LOAD = frozenset(
    {
        MissionKind.MEDICAL_RESCUE,
        MissionKind.BLOOD_TRANSPORT,
        MissionKind.DELIVERY,
        MissionKind.DISASTER_RELIEF,
        *with_parts(MissionKind.FIREFIGHTING),
        MissionKind.AGRICULTURE,
    }
)
"""Missions that there is no point in flying without what they carry or drop."""


def _no_load(hearing: Hearing, _causes: Causes, leaf: Leaf) -> Values | None:
    """State that nothing of the kind is carried or dropped, wherever the plan says that it is.

    ``None`` where that is what the flight is for; not known, it may be said if it is true.
    """
    mission = hearing.plan.mission
    is_its_purpose = mission is not None and mission.kind in _FOR_ITS_LOAD
    if is_its_purpose and (leaf.truth is not Truth.UNKNOWN or _says_load(hearing.plan)):
        return None
    values: dict[str, object] = {"special_operations.dangerous_goods_or_dropping": False}
    if hearing.plan.payload is not None:
        values |= {"payload.dangerous_goods": False, "payload.drops_objects": False}
    return values


def _says_load(plan: FlightPlan) -> bool:
    payload, special = plan.payload, plan.special_operations
    return any(
        (
            payload is not None and (payload.dangerous_goods or payload.drops_objects),
            special is not None and special.dangerous_goods_or_dropping,
        )
    )


WAYS_OF_FLYING = {
    "is_distributed_or_swarm": Step(
        Kind.DROP,
        costs.PURPOSE,
        "只飞一架，不作分布式操作或者集群飞行",
        "fly one aircraft alone, neither distributed nor as a swarm",
        _one_aircraft,
        wants=False,
    ),
    "carries_dangerous_goods_or_drops": Step(
        Kind.DROP,
        costs.PURPOSE,
        "不运载危险品，不投放物品",
        "carry no dangerous goods and drop nothing",
        _no_load,
        wants=False,
    ),
    "carries_dangerous_goods": Step(
        Kind.DROP, costs.PURPOSE, "不运载危险品", "carry no dangerous goods", _no_load, wants=False
    ),
    "relays_by_network": Step(
        Kind.DROP,
        costs.WAY_OF_FLYING,
        "不通过通信基站或者互联网中继，改用直接链路",
        "fly by a direct link, not relayed through base stations or the internet",
        states(special_operations__relay_by_base_station_or_internet=False),
        wants=False,
    ),
    "overflies_crowd": Step(
        Kind.DROP,
        costs.WAY_OF_FLYING,
        "不飞越集会人群上空",
        "do not pass over the assembled crowd",
        states(special_operations__over_assembled_crowd=False),
        wants=False,
    ),
    "is_flown_from_moving_vehicle": Step(
        Kind.DROP,
        costs.WAY_OF_FLYING,
        "在固定地点操控，不在移动的交通工具上操控",
        "control it from a fixed place, not from a moving vehicle",
        states(special_operations__from_moving_vehicle=False),
        wants=False,
    ),
    "control_mode": Step(
        Kind.DROP,
        costs.IN_SIGHT,
        "改为视距内飞行",
        "fly within the pilot's sight",
        # How far that is, is for the operator to say anew.
        states(mission__control_mode="vlos", mission__max_distance_from_pilot_m=None),
    ),
    "requests_fusion": Step(
        Kind.DROP,
        costs.WAY_OF_FLYING,
        "不申请融合飞行，在隔离空域内飞行",
        "fly apart from manned aircraft instead of among them",
        states(mission__requests_fusion=False),
        wants=False,
    ),
    "is_visual_flight": Step(
        Kind.DROP,
        costs.INSTRUMENTS,
        "改按仪表飞行规则飞行，由获准仪表飞行的机组和航空器执行",
        "fly by instrument flight rules, with a crew and an aircraft that may",
        _by_instruments,
        wants=False,
    ),
    "is_in_low_visibility": Step(
        Kind.DROP,
        costs.WAY_OF_FLYING,
        "能见度良好时再飞",
        "fly only when visibility is good",
        states(mission__low_visibility=False),
        wants=False,
    ),
}
"""By the name of the fact that is otherwise afterwards."""

FITTINGS_AND_SERVICES = {
    "has_avoidance_measure": Step(
        Kind.OBTAIN,
        costs.ARRANGE,
        "采取掌握其他航空器动态并避让的措施",
        "arrange a measure to know other traffic and avoid it",
        states(mission__avoidance_measure=True),
    ),
    "has_traffic_service": Step(
        Kind.OBTAIN,
        costs.ARRANGE,
        "安排空中交通态势服务",
        "arrange a traffic-situation service",
        states(mission__traffic_service=True),
    ),
    "has_separation_service": Step(
        Kind.OBTAIN,
        costs.ARRANGE,
        "安排间隔服务",
        "arrange a separation service",
        states(mission__separation_service=True),
    ),
    "has_flow_service": Step(
        Kind.OBTAIN,
        costs.ARRANGE,
        "接受流量管理服务",
        "accept flow management",
        states(mission__flow_service=True),
    ),
    "has_population_data_service": Step(
        Kind.OBTAIN,
        costs.ARRANGE,
        "获取人口密度信息",
        "obtain population-density information",
        states(mission__population_data_service=True),
    ),
    "has_emergency_plan": Step(
        Kind.OBTAIN,
        costs.ARRANGE,
        "制定飞行紧急情况处置预案",
        "lay down emergency procedures",
        states(emergency_plan__has_procedures=True),
    ),
    "adult_is_on_site": Step(
        Kind.OBTAIN,
        costs.ARRANGE,
        "安排有完全民事行为能力人在场指导",
        "have a person of full capacity supervise on the spot",
        every_pilot(competent_adult_on_site=True),
    ),
    "has_working_e_fence": Step(
        Kind.OBTAIN,
        costs.ARRANGE,
        "启用电子围栏并更新数据",
        "have the electronic fence on and up to date",
        states(aircraft__electronic_fence={"fitted": True, "in_use": True, "data_current": True}),
    ),
    "has_lights": Step(
        Kind.OBTAIN,
        costs.FIT,
        "装设并开启灯光",
        "have working lights, and have them on",
        states(aircraft__lights_working=True),
    ),
    "has_green_strobe": Step(
        Kind.OBTAIN,
        costs.FIT,
        "加装绿色频闪灯",
        "fit a green strobe",
        states(aircraft__green_strobe=True),
    ),
    "has_network_identification": Step(
        Kind.OBTAIN,
        costs.FIT,
        "加装网络式运行识别",
        "fit identification over a network",
        states(aircraft__identification__network=True),
    ),
    "has_broadcast_identification": Step(
        Kind.OBTAIN,
        costs.FIT,
        "加装广播式运行识别",
        "fit broadcast identification",
        states(aircraft__identification__broadcast=True),
    ),
    "reports_to_uom": Step(
        Kind.OBTAIN,
        costs.ARRANGE,
        "向UOM报送飞行动态",
        "have flight dynamics reported to UOM",
        states(aircraft__identification__reports_to_uom=True),
    ),
    "uses_designated_frequencies": Step(
        Kind.OBTAIN,
        costs.FIT,
        "改用指定频率且经型号核准的无线电设备",
        "use type-approved radio on designated frequencies",
        states(aircraft__designated_frequency=True, aircraft__radio_type_approved=True),
    ),
}
"""By the name of the fact that holds afterwards."""
