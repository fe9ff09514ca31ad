"""Facts of what the flight is for and how it is flown."""

from __future__ import annotations

from lowalt.terms import ControlMode, MissionKind, Urgency
from lowalt.units import FactUnit
from lowalt.vocabulary.words import flag, quantity, word

MISSION = (
    quantity("vertex_count", FactUnit.COUNT, "航线或范围的顶点数", "vertices of the route or area"),
    word("mission_kind", MissionKind, "任务性质", "mission", "mission.kind"),
    word("urgency", Urgency, "任务紧急程度", "urgency", "mission.urgency"),
    flag(
        "task_is_assigned",
        "任务属本机关职责或者有权机关下达",
        "the task is the operator's own office, or ordered by a body that can order it",
        "mission.task_order",
    ),
    flag("is_commercial", "经营性飞行", "commercial flight", "mission.commercial"),
    flag("is_indoor", "全程室内飞行", "flown wholly indoors", "mission.indoor"),
    word("control_mode", ControlMode, "操控方式", "mode of control", "mission.control_mode"),
    quantity(
        "max_distance_from_pilot_mm",
        FactUnit.MILLIMETRE,
        "与操控员的最大距离",
        "greatest distance from the pilot",
        "mission.max_distance_from_pilot_m",
    ),
    flag(
        "requests_fusion", "申请融合飞行", "fusion with manned aircraft", "mission.requests_fusion"
    ),
    flag(
        "fuses_with_own_aircraft_only",
        "仅与本部门有人驾驶航空器融合飞行",
        "fuses only with manned aircraft of the same body",
        "mission.with_own_manned_aircraft",
    ),
    flag(
        "is_over_own_ground",
        "在本单位驻地、训练场、靶场等上方",
        "over its own premises or ranges",
        "mission.over_own_ground",
    ),
    flag(
        "claims_own_ground",
        "计划称在本单位驻地、训练场、靶场等上方",
        "the plan says that it is over the operator's own premises or ranges",
        "mission.over_own_ground",
    ),
    flag(
        "is_airport_work_in_control_zone",
        "在民用运输机场管制地带内执行巡检、勘察、校验",
        "inspection, survey or calibration inside an airport control zone",
        "mission.airport_facility_work",
    ),
    flag(
        "claims_airport_work",
        "计划称在民用运输机场管制地带内执行巡检、勘察、校验",
        "the plan says that it inspects, surveys or calibrates inside an airport control zone",
        "mission.airport_facility_work",
    ),
    flag(
        "is_over_farmland",
        "在农林牧渔区域上空",
        "over farm, forest, pasture or fishery",
        "mission.over_farmland",
    ),
    flag(
        "is_special_ga_task",
        "需办理任务批准文件的通用航空特殊任务",
        "special general-aviation task",
        "mission.is_special_ga_task",
    ),
    flag(
        "is_in_low_visibility",
        "低能见度",
        "poor visibility is expected",
        "mission.low_visibility",
    ),
    flag(
        "is_over_dense_population",
        "在人员密集区上空",
        "over a densely populated area",
        "mission.over_dense_population",
    ),
    quantity(
        "population_density_per_km2",
        FactUnit.PER_KM2,
        "下方最大人口密度",
        "greatest population density below",
        "mission.population_density_per_km2",
    ),
    flag(
        "has_population_data_service",
        "已获取人口密度信息",
        "population-density information is obtained",
        "mission.population_data_service",
    ),
    flag("is_on_public_route", "沿公共航路飞行", "flies a public route", "mission.on_public_route"),
    flag(
        "shares_site",
        "多个运营人共用起降场地",
        "operators share its take-off or landing site",
        "mission.shares_site",
    ),
    flag(
        "has_separation_service",
        "已安排间隔服务",
        "a separation service is arranged",
        "mission.separation_service",
    ),
    flag(
        "has_flow_service",
        "已接受流量管理",
        "flow management is accepted",
        "mission.flow_service",
    ),
    flag(
        "carries_dangerous_goods",
        "运载危险品",
        "carries dangerous goods",
        "payload.dangerous_goods",
    ),
    flag("carries_people", "载人", "carries people", "payload.carries_people"),
    flag(
        "has_emergency_plan",
        "已制定飞行紧急情况处置预案",
        "has a plan for emergencies in flight",
        "emergency_plan.has_procedures",
    ),
    flag(
        "has_avoidance_measure",
        "超视距掌握飞行动态并采取避让措施",
        "knows other traffic and can avoid it",
        "mission.avoidance_measure",
    ),
    flag(
        "has_traffic_service",
        "已安排空中交通态势服务",
        "a traffic-situation service is arranged",
        "mission.traffic_service",
    ),
    flag(
        "is_international_ifr",
        "国际仪表飞行",
        "international instrument flight",
        "mission.international_ifr",
    ),
    flag(
        "relays_by_network",
        "通过通信基站或者互联网进行中继飞行",
        "relay flight through base stations or the internet",
        "special_operations.relay_by_base_station_or_internet",
    ),
    flag(
        "carries_dangerous_goods_or_drops",
        "运载危险品或者投放物品",
        "carries dangerous goods or drops objects",
        "special_operations.dangerous_goods_or_dropping",
    ),
    flag(
        "overflies_crowd",
        "飞越集会人群上空",
        "overflies an assembled crowd",
        "special_operations.over_assembled_crowd",
    ),
    flag(
        "is_flown_from_moving_vehicle",
        "在移动的交通工具上操控",
        "is controlled from a moving vehicle",
        "special_operations.from_moving_vehicle",
    ),
    flag(
        "is_distributed_or_swarm",
        "分布式操作或者集群飞行",
        "distributed operation or swarm",
        "special_operations.distributed_or_swarm",
    ),
)
