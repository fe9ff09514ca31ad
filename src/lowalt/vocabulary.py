"""The vocabulary of the law half: every fact it may ask for, with its names for people.

A fact is a boolean, an integer in a stated unit, a word of a closed vocabulary, an instant or a
calendar day. Adding a fact is adding a line here and saying in :mod:`lowalt.situation` how a plan
supplies it. The ``field`` of a fact is what an operator is told to fill in when it is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from lowalt.errors import InvalidInputError, UnknownNameError
from lowalt.terms import (
    AirworthinessDocument,
    Capacity,
    ControlMode,
    Jurisdiction,
    LicenceClass,
    MissionKind,
    Notice,
    OperatorKind,
    RegistrationState,
    Term,
    Urgency,
    ZoneKind,
)
from lowalt.units import FactUnit

FactValue = bool | int | Term
"""Value of a known fact; instants are epoch milliseconds, days are proleptic ordinals."""


class Scope(StrEnum):
    """What a fact, and a reading, speaks of."""

    FLIGHT = "flight"
    LEG = "leg"
    ENCOUNTER = "encounter"


class Measure(StrEnum):
    """What an integer fact is, beside a plain quantity."""

    QUANTITY = "quantity"
    INSTANT = "instant"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Fact:
    """One word of the law half's vocabulary.

    Attributes
    ----------
    name
        Its name; the unit ends it where it has one.
    scope
        What it speaks of.
    kind
        ``bool``, ``int`` or the closed vocabulary its value is taken from.
    unit
        Unit of an integer quantity.
    measure
        Whether an integer is a quantity, an instant or a day.
    zh, en
        What it is, for people.
    field
        Path in the plan that supplies it, shown when it is missing; empty where it is derived
        from place and time.
    defined
        Whether an article defines it (a legal term) instead of the situation supplying it.
    """

    name: str
    scope: Scope
    kind: type[bool | int | Term]
    zh: str
    en: str
    unit: FactUnit | None = None
    measure: Measure = Measure.QUANTITY
    field: str = ""
    defined: bool = False

    def check(self, value: FactValue) -> None:
        """Refuse a value of the wrong type; ``True`` is not 1 here."""
        if type(value) is not self.kind:
            raise InvalidInputError(
                f"fact {self.name}: given {value!r} ({type(value).__name__}), expected"
                f" {self.kind.__name__}"
            )

    def label(self, lang: str) -> str:
        """Name of the fact in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


_FLIGHT, _LEG, _ENCOUNTER = Scope.FLIGHT, Scope.LEG, Scope.ENCOUNTER
_MM, _MM_H, _G, _MS = (
    FactUnit.MILLIMETRE,
    FactUnit.MILLIMETRE_PER_HOUR,
    FactUnit.GRAM,
    FactUnit.MILLISECOND,
)


def _flag(name: str, zh: str, en: str, path: str = "", scope: Scope = _FLIGHT) -> Fact:
    return Fact(name, scope, bool, zh, en, field=path)


def _quantity(name: str, unit: FactUnit, zh: str, en: str, path: str = "") -> Fact:
    return Fact(name, _FLIGHT, int, zh, en, unit=unit, field=path)


def _word(
    name: str, kind: type[Term], zh: str, en: str, path: str = "", *, scope: Scope = _FLIGHT
) -> Fact:
    return Fact(name, scope, kind, zh, en, field=path)


def _instant(name: str, zh: str, en: str, path: str = "", scope: Scope = _FLIGHT) -> Fact:
    return Fact(name, scope, int, zh, en, measure=Measure.INSTANT, field=path)


def _day(name: str, zh: str, en: str, path: str = "") -> Fact:
    return Fact(name, _FLIGHT, int, zh, en, measure=Measure.DAY, field=path)


def _term(name: str, zh: str, en: str, scope: Scope = _FLIGHT) -> Fact:
    return Fact(name, scope, bool, zh, en, defined=True)


_AIRCRAFT = (
    _flag("is_unmanned", "无人驾驶航空器", "is an unmanned aircraft", "aircraft.is_unmanned"),
    _quantity("empty_mass_g", _G, "空机重量", "empty mass", "aircraft.empty_mass_kg"),
    _quantity(
        "max_takeoff_mass_g",
        _G,
        "最大起飞重量",
        "maximum take-off mass",
        "aircraft.max_takeoff_mass_kg",
    ),
    _quantity(
        "capable_height_mm",
        _MM,
        "最大飞行真高（性能）",
        "maximum true height it is capable of",
        "aircraft.max_true_height_m",
    ),
    _quantity(
        "capable_speed_mm_h",
        _MM_H,
        "最大平飞速度（性能）",
        "maximum level speed it is capable of",
        "aircraft.max_level_speed_m_s",
    ),
    _quantity(
        "capable_radius_mm",
        _MM,
        "最大飞行半径（性能）",
        "maximum distance from its controller it is capable of",
        "aircraft.max_radius_m",
    ),
    _flag(
        "has_micro_power_radio",
        "无线电发射设备符合微功率短距离要求",
        "radio is micro-power short-range",
        "aircraft.micro_power_radio",
    ),
    _flag(
        "human_can_intervene",
        "可以随时人工介入操控",
        "a human can intervene at any time",
        "aircraft.human_can_intervene",
    ),
    _flag(
        "keeps_airspace",
        "具备符合空域管理要求的空域保持能力",
        "keeps within given airspace",
        "aircraft.keeps_airspace",
    ),
    _flag(
        "is_reliably_surveilled",
        "具备可靠被监视能力",
        "can be reliably surveilled",
        "aircraft.reliably_surveilled",
    ),
    _flag("has_altitude_hold", "具有高度保持功能", "has altitude hold", "aircraft.altitude_hold"),
    _flag("has_position_hold", "具有位置保持功能", "has position hold", "aircraft.position_hold"),
    _flag(
        "is_agricultural_uav",
        "农用无人驾驶航空器",
        "agricultural unmanned aircraft",
        "aircraft.is_agricultural",
    ),
    _flag("is_modified", "经过改装", "has been modified", "aircraft.modified"),
    _flag(
        "performance_is_updated",
        "改装后已更新性能登记",
        "registered performance was updated",
        "aircraft.performance_updated",
    ),
    _day("built_on", "出厂日期", "day of manufacture", "aircraft.produced_on"),
    _day("sold_on", "首次销售日期", "day of first sale", "aircraft.sold_on"),
    _word(
        "registration_state",
        RegistrationState,
        "实名登记状态",
        "real-name registration",
        "aircraft.registration.state",
    ),
    _flag(
        "registration_mark_is_well_formed",
        "登记标志符合格式",
        "registration mark is well formed",
        "aircraft.registration.mark",
    ),
    _day("registered_on", "登记日期", "day of registration", "aircraft.registration.registered_on"),
    _day(
        "registration_confirmed_on",
        "最近一次登记信息确认日期",
        "day the registration was last confirmed",
        "aircraft.registration.last_confirmed_on",
    ),
    _flag(
        "has_nationality_registration",
        "已进行国籍登记",
        "has nationality registration",
        "aircraft.registration.nationality_registered",
    ),
    _flag(
        "has_other_nationality",
        "具有外国国籍",
        "is registered in another state too",
        "aircraft.registration.other_nationality",
    ),
    _flag(
        "is_foreign_aircraft",
        "外国民用无人驾驶航空器",
        "foreign aircraft",
        "aircraft.registration.country",
    ),
    _flag("is_activated", "已激活", "is activated", "aircraft.activated"),
    _word(
        "airworthiness_document",
        AirworthinessDocument,
        "适航文件",
        "airworthiness document",
        "aircraft.airworthiness.document",
    ),
    _flag(
        "airworthiness_is_current",
        "适航文件在有效期内",
        "airworthiness document is current",
        "aircraft.airworthiness.valid_until",
    ),
    _flag(
        "is_insured",
        "责任保险在飞行期间有效",
        "liability insurance covers the flight",
        "aircraft.insurance",
    ),
    _flag(
        "has_broadcast_identification",
        "具备广播式运行识别",
        "has broadcast identification",
        "aircraft.identification.broadcast",
    ),
    _flag(
        "has_network_identification",
        "具备网络式运行识别",
        "has network identification",
        "aircraft.identification.network",
    ),
    _quantity(
        "identification_interval_ms",
        _MS,
        "识别信息发送间隔",
        "identification interval",
        "aircraft.identification.interval_s",
    ),
    _flag(
        "identifies_by_adsb",
        "使用ADS-B作为运行识别",
        "uses ADS-B as identification",
        "aircraft.identification.uses_adsb",
    ),
    _flag(
        "identification_can_be_switched_off",
        "运行识别可被关闭",
        "identification can be switched off",
        "aircraft.identification.can_be_switched_off",
    ),
    _flag(
        "reports_identification_automatically",
        "能按规定自动报送识别信息",
        "reports identification automatically",
        "aircraft.identification.reports_automatically",
    ),
    _flag(
        "reports_to_uom",
        "向UOM报送飞行动态",
        "reports flight dynamics to UOM",
        "aircraft.identification.reports_to_uom",
    ),
    _quantity(
        "uom_interval_ms",
        _MS,
        "飞行动态报送间隔",
        "interval of flight-dynamics reports",
        "aircraft.identification.uom_interval_s",
    ),
    _quantity(
        "uom_delay_ms",
        _MS,
        "飞行动态报送延迟",
        "delay of flight-dynamics reports",
        "aircraft.identification.uom_delay_s",
    ),
    _flag(
        "has_working_e_fence",
        "电子围栏功能可用且数据已更新",
        "e-fence fitted, on and up to date",
        "aircraft.electronic_fence",
    ),
    _flag("has_lights", "灯光开启", "lights fitted and on", "aircraft.lights_working"),
    _flag(
        "uses_designated_frequencies",
        "使用指定频率的型号核准设备",
        "uses type-approved radio on designated frequencies",
        "aircraft.designated_frequency",
    ),
    _flag(
        "has_radio_licence",
        "持有无线电台执照",
        "holds a radio station licence",
        "aircraft.radio_licence",
    ),
)

_PEOPLE = (
    _word("operator_kind", OperatorKind, "运营人性质", "kind of operator", "operator.kind"),
    _flag(
        "operator_is_for_profit",
        "营利法人",
        "operator is a for-profit legal person",
        "operator.is_for_profit_legal_person",
    ),
    _flag(
        "has_operator_certificate",
        "持有有效的运营合格证",
        "holds a current operator certificate",
        "operator.certificate",
    ),
    _flag(
        "certificate_covers_operation",
        "运营合格证涵盖本次运行",
        "operator certificate covers this operation",
        "operator.certificate.covers_operation",
    ),
    _day(
        "operator_certificate_issued_on",
        "运营合格证颁发日期",
        "day of the operator certificate",
        "operator.certificate.issued_on",
    ),
    _day(
        "last_operation_of_kind_on",
        "上次同类运行日期",
        "day this kind of operation was last flown",
        "operator.last_operation_of_kind_on",
    ),
    _flag(
        "resumption_notice_given",
        "已提前告知恢复运行",
        "resumption was announced",
        "operator.resumption_notice_given",
    ),
    _flag(
        "has_surveying_qualification",
        "具有测绘资质",
        "holds a surveying qualification",
        "operator.surveying_qualification",
    ),
    _word(
        "pilot_capacity", Capacity, "操控员民事行为能力", "pilot's capacity", "pilots[].capacity"
    ),
    _flag("pilot_is_foreign", "操控员为外国人", "pilot is a foreigner", "pilots[].nationality"),
    _flag(
        "adult_is_on_site",
        "有完全民事行为能力人现场指导",
        "a competent adult is on site",
        "pilots[].competent_adult_on_site",
    ),
    _word(
        "licence_class",
        LicenceClass,
        "操控员执照等级",
        "class of the pilot's licence",
        "pilots[].licence.largest_class",
    ),
    _day("licence_issued_on", "执照颁发日期", "day of the licence", "pilots[].licence.issued_on"),
    _day(
        "licence_checked_on",
        "最近一次定期检查日期",
        "day of the last periodic check",
        "pilots[].licence.last_check_on",
    ),
    _day(
        "licence_proficiency_checked_on",
        "最近一次熟练检查日期",
        "day of the last proficiency check",
        "pilots[].licence.last_proficiency_check_on",
    ),
    _flag(
        "has_bvlos_rating",
        "具有超视距等级",
        "licence has the BVLOS rating",
        "pilots[].licence.bvlos_rating",
    ),
    _flag(
        "has_radio_qualification",
        "具有语言和无线电通信资格",
        "has language and radio qualification",
        "pilots[].licence.language_and_radio_qualification",
    ),
    _flag(
        "has_theory_certificate",
        "持有理论培训合格证明",
        "holds the theory certificate",
        "pilots[].theory_certificate",
    ),
    _flag(
        "has_agricultural_certificate",
        "持有农用无人驾驶航空器操作证书",
        "holds the maker's agricultural certificate",
        "pilots[].agricultural_certificate",
    ),
    _quantity(
        "time_since_alcohol_ms",
        _MS,
        "距上次饮酒时间",
        "time since alcohol",
        "pilots[].hours_since_alcohol",
    ),
    Fact(
        "blood_alcohol_ppm",
        _FLIGHT,
        int,
        "血液酒精含量",
        "blood alcohol",
        unit=FactUnit.PARTS_PER_MILLION,
        field="pilots[].blood_alcohol_percent",
    ),
    _flag(
        "pilot_is_impaired",
        "受酒精、麻醉剂或药物影响",
        "pilot is impaired by a substance",
        "pilots[].impaired",
    ),
)

_MISSION = (
    _word("mission_kind", MissionKind, "任务性质", "mission", "mission.kind"),
    _word("urgency", Urgency, "任务紧急程度", "urgency", "mission.urgency"),
    _flag("is_commercial", "经营性飞行", "commercial flight", "mission.commercial"),
    _flag("is_indoor", "全程室内飞行", "flown wholly indoors", "mission.indoor"),
    _word("control_mode", ControlMode, "操控方式", "mode of control", "mission.control_mode"),
    _flag(
        "requests_fusion", "申请融合飞行", "fusion with manned aircraft", "mission.requests_fusion"
    ),
    _flag(
        "is_over_own_ground",
        "在本单位驻地、训练场、靶场等上方",
        "over its own premises or ranges",
        "mission.over_own_ground",
    ),
    _flag(
        "is_airport_work_in_control_zone",
        "在民用运输机场管制地带内执行巡检、勘察、校验",
        "inspection, survey or calibration inside an airport control zone",
        "mission.airport_facility_work",
    ),
    _flag(
        "is_over_farmland",
        "在农林牧渔区域上空",
        "over farm, forest, pasture or fishery",
        "mission.over_farmland",
    ),
    _flag(
        "is_special_ga_task",
        "需办理任务批准文件的通用航空特殊任务",
        "special general-aviation task",
        "mission.is_special_ga_task",
    ),
    _flag(
        "is_in_low_visibility",
        "低能见度",
        "poor visibility is expected",
        "mission.low_visibility",
    ),
    _flag(
        "is_over_dense_population",
        "在人员密集区上空",
        "over a densely populated area",
        "mission.over_dense_population",
    ),
    _flag(
        "carries_dangerous_goods",
        "运载危险品",
        "carries dangerous goods",
        "payload.dangerous_goods",
    ),
    _flag("carries_people", "载人", "carries people", "payload.carries_people"),
    _flag(
        "has_avoidance_measure",
        "超视距掌握飞行动态并采取避让措施",
        "knows other traffic and can avoid it",
        "mission.avoidance_measure",
    ),
    _flag(
        "has_traffic_service",
        "已安排空中交通态势服务",
        "a traffic-situation service is arranged",
        "mission.traffic_service",
    ),
    _flag(
        "is_international_ifr",
        "国际仪表飞行",
        "international instrument flight",
        "mission.international_ifr",
    ),
    _flag(
        "relays_by_network",
        "通过通信基站或者互联网进行中继飞行",
        "relay flight through base stations or the internet",
        "special_operations.relay_by_base_station_or_internet",
    ),
    _flag(
        "carries_dangerous_goods_or_drops",
        "运载危险品或者投放物品",
        "carries dangerous goods or drops objects",
        "special_operations.dangerous_goods_or_dropping",
    ),
    _flag(
        "overflies_crowd",
        "飞越集会人群上空",
        "overflies an assembled crowd",
        "special_operations.over_assembled_crowd",
    ),
    _flag(
        "is_flown_from_moving_vehicle",
        "在移动的交通工具上操控",
        "is controlled from a moving vehicle",
        "special_operations.from_moving_vehicle",
    ),
    _flag(
        "is_distributed_or_swarm",
        "分布式操作或者集群飞行",
        "distributed operation or swarm",
        "special_operations.distributed_or_swarm",
    ),
)

_FILING = (
    _instant("departure_at", "计划起飞时间", "planned take-off", "waypoints[0].time"),
    _day("departure_on", "计划起飞日期", "day of take-off", "waypoints[0].time"),
    _instant(
        "submitted_at",
        "飞行活动申请提交时间",
        "time the application was submitted",
        "submission.submitted_at",
    ),
    _instant(
        "readiness_reported_at",
        "报告起飞准备情况的时间",
        "time readiness was reported",
        "submission.readiness_reported_at",
    ),
    _flag(
        "take_off_is_confirmed",
        "起飞已获确认",
        "take-off is confirmed",
        "submission.take_off_confirmed",
    ),
    _flag(
        "periodic_filing_is_made",
        "机场作业已定期备案",
        "airport work is filed for the period",
        "submission.periodic_filing_made",
    ),
    _flag(
        "holds_flight_approval",
        "已取得覆盖本次飞行的飞行活动批准",
        "holds a flight-activity approval that covers the flight",
        "approvals",
    ),
    _flag(
        "holds_long_term_approval",
        "已取得覆盖本次飞行的长期批准",
        "holds a long-term approval that covers the flight",
        "approvals",
    ),
    _flag(
        "holds_task_approval", "持有任务批准文件", "holds the task approval document", "approvals"
    ),
    _flag(
        "holds_fusion_approval",
        "已取得融合飞行批准",
        "holds an approval of fusion flight",
        "approvals",
    ),
    _flag(
        "application_names_organiser",
        "申请：组织单位、操控人员及资质",
        "application: organiser, pilots and certificates",
        "operator.name, pilots",
    ),
    _flag(
        "application_names_aircraft",
        "申请：型号、数量、主要性能和登记情况",
        "application: type, number, performance and registration",
        "aircraft",
    ),
    _flag(
        "application_names_task",
        "申请：任务性质和飞行方式",
        "application: task and flight mode",
        "mission.kind, mission.control_mode",
    ),
    _flag(
        "application_names_sites",
        "申请：起飞、降落和备降场地",
        "application: departure, landing and alternate sites",
        "departure_site, landing_site, alternate_sites",
    ),
    _flag(
        "application_names_communication",
        "申请：通信联络方法",
        "application: communications",
        "communication.means",
    ),
    _flag(
        "application_names_entry_exit",
        "申请：空域范围和进出空域方法",
        "application: airspace and how it is entered and left",
        "entry_exit_method",
    ),
    _flag(
        "application_names_c2_link",
        "申请：指挥控制链路频率和带宽",
        "application: C2 frequency and bandwidth",
        "communication.c2_frequency_mhz, communication.c2_bandwidth_mhz",
    ),
    _flag(
        "application_names_surveillance",
        "申请：通信、导航、被监视能力",
        "application: communication, navigation and surveillance capability",
        "communication.navigation_means, communication.surveillance_means",
    ),
    _flag(
        "application_names_transponder",
        "申请：二次雷达应答机或自动监视设备代码",
        "application: transponder or surveillance code",
        "communication.surveillance_code_requested",
    ),
    _flag(
        "application_names_emergency",
        "申请：应急处置程序",
        "application: emergency procedures",
        "emergency_plan.has_procedures",
    ),
    _flag(
        "application_names_special_support",
        "申请：特殊飞行保障需求",
        "application: special support needed",
        "special_support",
    ),
)

_PLACE = (
    _flag("is_within_dataset", "全程位于空域数据集范围内", "wholly inside the airspace dataset"),
    _quantity(
        "max_true_height_mm",
        _MM,
        "最大真高",
        "greatest true height",
        "waypoints[].level, vertical_buffer_m",
    ),
    _flag("is_partly_at_night", "部分时间在夜间", "is partly flown between sunset and sunrise"),
    _flag(
        "is_wholly_in_aviation_camp",
        "全程位于航空飞行营地空域",
        "wholly inside aviation-camp airspace",
    ),
    _word("jurisdiction", Jurisdiction, "所在辖区", "jurisdiction", scope=_LEG),
    _word("zone_kind", ZoneKind, "空域类别", "kind of zone", scope=_ENCOUNTER),
    _word(
        "zone_jurisdiction",
        Jurisdiction,
        "空域所在辖区",
        "jurisdiction that the zone belongs to",
        scope=_ENCOUNTER,
    ),
    _flag(
        "zone_binds_micro",
        "微型无人驾驶航空器在此同样受限",
        "the zone binds micro unmanned aircraft here too",
        scope=_ENCOUNTER,
    ),
    _word("zone_notice", Notice, "依据的通告", "notice the zone rests on", scope=_ENCOUNTER),
    _flag(
        "zone_is_verified", "空域范围已经核实", "the zone's limits are verified", scope=_ENCOUNTER
    ),
    _flag(
        "holds_zone_approval",
        "持有进入该空域的批准",
        "holds an approval for this zone",
        "approvals",
        scope=_ENCOUNTER,
    ),
    _instant("zone_starts_at", "空域生效时间", "time the zone takes effect", scope=_ENCOUNTER),
    _instant("zone_published_at", "空域公布时间", "time the zone was published", scope=_ENCOUNTER),
)

_TERMS = (
    _term("is_micro", "属于微型无人驾驶航空器", "is a micro unmanned aircraft"),
    _term("is_at_most_light", "属于微型或轻型", "is micro or light"),
    _term("is_at_most_small", "属于微型、轻型或小型", "is micro, light or small"),
    _term("is_at_most_medium", "属于中型及以下", "is medium or less"),
    _term(
        "is_agricultural_class", "属于农用无人驾驶航空器", "is an agricultural unmanned aircraft"
    ),
    _term("is_model_aircraft", "属于模型航空器", "is a model aircraft"),
    _term("is_routine_agriculture", "属于常规农用作业飞行", "is a routine agricultural operation"),
    _term(
        "is_controlled_zone",
        "该空域属于管制空域",
        "the zone is controlled airspace",
        scope=_ENCOUNTER,
    ),
    _term(
        "is_above_ceiling",
        "真高达到管制空域下限",
        "reaches the true height where controlled airspace begins",
    ),
    _term("is_in_suitable_airspace", "全程位于适飞空域", "is wholly in suitable airspace"),
    _term("is_urgent_task", "属于紧急任务", "is an urgent task"),
    _term("leaves_mainland", "飞出内地", "leaves the Mainland"),
    _term("is_public_body", "警察、海关或应急管理部门", "police, customs or emergency management"),
)

VOCABULARY: Mapping[str, Fact] = MappingProxyType(
    {f.name: f for f in (*_AIRCRAFT, *_PEOPLE, *_MISSION, *_FILING, *_PLACE, *_TERMS)}
)
"""Every fact by its name."""


def fact(name: str) -> Fact:
    """Look a fact up by its name.

    Raises
    ------
    UnknownNameError
        If no fact has that name; the message lists near ones.
    """
    try:
        return VOCABULARY[name]
    except KeyError:
        near = sorted(n for n in VOCABULARY if set(n.split("_")) & set(name.split("_")))
        raise UnknownNameError(f"no fact is called {name!r}; near ones: {near[:8]}") from None
