"""Facts that the law of Hong Kong asks for."""

from __future__ import annotations

from lowalt.terms import AirspaceClass
from lowalt.units import FactUnit
from lowalt.vocabulary.words import Fact, day, flag, instant, quantity, word

_SMALL_UNMANNED = (
    flag(
        "is_under_a1_exemption",
        "按A1类豁免飞行",
        "flies under the exemption for category A1",
        "hong_kong.a1_exemption",
    ),
    flag(
        "is_in_enclosed_area",
        "全程在围封地方内",
        "flies wholly inside an enclosed area",
        "hong_kong.enclosed_area",
    ),
    flag(
        "is_in_restricted_flying_zone",
        "任何部分处于限制飞行区内",
        "is partly inside a restricted flying zone",
        "hong_kong.restricted_flying_zone",
    ),
    quantity(
        "planned_speed_mm_h",
        FactUnit.MILLIMETRE_PER_HOUR,
        "计划最大速度",
        "greatest speed planned",
        "hong_kong.max_speed_m_s",
    ),
    quantity(
        "distance_to_uninvolved_mm",
        FactUnit.MILLIMETRE,
        "与无关人员、构筑物、车辆、船只的最小水平距离",
        "least lateral distance to uninvolved people, structures, vehicles and vessels",
        "hong_kong.distance_to_uninvolved_m",
    ),
    flag(
        "each_pilot_flies_one",
        "每名遥控驾驶员只操作一架",
        "each remote pilot flies one aircraft",
        "aircraft.count, pilots",
    ),
    flag(
        "dimension_is_over_rotor_tips",
        "最大尺寸为旋翼尖端之间的距离",
        "the largest dimension is measured between rotor tips",
        "hong_kong.dimension_over_rotor_tips",
    ),
    flag("carries_animals", "载有动物", "carries animals", "payload.carries_animals"),
)
_PAPERS = (
    flag(
        "holds_cad_permission",
        "持有涵盖本次运行的民航处许可",
        "holds a permission of the CAD that covers the operation",
        "hong_kong.cad_permission",
    ),
    flag(
        "holds_cad_crossing_permission",
        "持有民航处的跨境飞行许可",
        "holds a permission of the CAD to cross the boundary",
        "hong_kong.cad_permission.covers_crossing",
    ),
    flag(
        "is_registered_in_hong_kong",
        "已在民航处登记",
        "is registered with the CAD",
        "hong_kong.registered",
    ),
    flag(
        "is_labelled_in_hong_kong",
        "已贴上民航处登记标签",
        "carries the registration label of the CAD",
        "hong_kong.labelled",
    ),
    quantity(
        "insured_sum_hkd",
        FactUnit.HONG_KONG_DOLLAR,
        "第三者保险金额",
        "sum of the third-party insurance",
        "hong_kong.insurance_hkd",
    ),
    day(
        "flight_data_kept_until",
        "飞行数据保存至",
        "last day the flight data are kept",
        "hong_kong.flight_data_kept_until",
    ),
    flag(
        "flight_data_is_accessible",
        "飞行数据可在香港取用",
        "the flight data can be had in Hong Kong",
        "hong_kong.flight_data_accessible",
    ),
    flag(
        "is_excepted_by_cap_448e",
        "属于第448E章的例外情形",
        "an exception of Cap. 448E covers the flight",
        "hong_kong.cap_448e_exception",
    ),
)
_MANNED = (
    flag(
        "has_hong_kong_clearance",
        "持有香港空中交通管制许可",
        "holds a clearance of Hong Kong ATC",
        "hong_kong.atc_clearance",
    ),
    flag(
        "has_special_vfr_clearance",
        "持有特殊目视飞行许可",
        "holds a special VFR clearance",
        "hong_kong.special_vfr_clearance",
    ),
    word(
        "hong_kong_airspace_class",
        AirspaceClass,
        "香港空域类别",
        "class of the airspace in Hong Kong",
        "hong_kong.airspace_class",
    ),
    quantity(
        "max_altitude_mm",
        FactUnit.MILLIMETRE,
        "在香港的最大海拔高度",
        "greatest altitude above sea level in Hong Kong",
        "hong_kong.max_altitude_amsl_m",
        reference="AMSL",
    ),
    instant(
        "hong_kong_plan_filed_at",
        "向香港提交飞行计划的时间",
        "time the flight plan was filed in Hong Kong",
        "hong_kong.plan_filed_at",
    ),
    flag(
        "uses_macao_helicopter_route",
        "使用港澳直升机航线",
        "uses a Hong Kong-Macao helicopter route",
        "hong_kong.macao_route",
    ),
    flag(
        "is_authorised_for_macao_route",
        "经营人获民航处处长授权使用该航线",
        "its operator is authorised by the Director-General to use the route",
        "hong_kong.macao_route_authorised",
    ),
)
_LOW_FLYING = (
    flag(
        "flies_over_congested_area",
        "飞越人烟稠密地区",
        "passes over a congested area",
        "hong_kong.low_flying.over_congested_area",
    ),
    quantity(
        "height_above_obstacles_mm",
        FactUnit.MILLIMETRE,
        "人烟稠密地区上空高出附近最高固定物体的最小高度",
        "least height over a congested area above the highest fixed object nearby",
        "hong_kong.low_flying.height_above_obstacles_m",
    ),
    flag(
        "clears_congested_area",
        "发动机失效时高度足以降落在人烟稠密地区以外",
        "is high enough to come down clear of the congested area",
        "hong_kong.low_flying.clears_congested_area",
    ),
    quantity(
        "distance_to_people_mm",
        FactUnit.MILLIMETRE,
        "与人、船只、车辆、构筑物的最小距离",
        "least distance to any person, vessel, vehicle or structure",
        "hong_kong.low_flying.distance_to_people_or_structures_m",
    ),
    quantity(
        "crowd_distance_mm",
        FactUnit.MILLIMETRE,
        "与千人以上露天集会的最小距离",
        "least distance to an open-air assembly of more than 1000 people",
        "hong_kong.low_flying.distance_to_crowd_m",
    ),
    flag(
        "low_flying_saves_life",
        "为拯救生命所必需",
        "saving life requires it",
        "hong_kong.low_flying.saves_life",
    ),
)
HONG_KONG: tuple[Fact, ...] = (*_SMALL_UNMANNED, *_PAPERS, *_MANNED, *_LOW_FLYING)
