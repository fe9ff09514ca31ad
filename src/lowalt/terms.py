"""The closed vocabularies that plans, zones and provisions share.

Each member's value is its spelling in documents; ``zh`` and ``en`` are its names for people. Both
halves of lowalt speak these words, so they live below both.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A word of a closed vocabulary with its Chinese and English names."""

    zh: str
    en: str

    def __new__(cls, value: str, zh: str, en: str) -> Self:
        """Make the member a string that carries both names."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.zh, member.en = zh, en
        return member

    def label(self, lang: str) -> str:
        """Name of the member in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


class Jurisdiction(Term):
    """Whose law a leg is flown under."""

    MAINLAND = "CN", "内地", "the Mainland"
    HONG_KONG = "HK", "香港", "Hong Kong"
    MACAO = "MO", "澳门", "Macao"


class OperatorKind(Term):
    """Who flies, as the decree tells operators apart (arts 11, 31, 59)."""

    UNIT = "unit", "单位", "organisation"
    INDIVIDUAL = "individual", "个人", "individual"
    POLICE = "police", "警察", "police"
    CUSTOMS = "customs", "海关", "customs"
    EMERGENCY_MANAGEMENT = "emergency_management", "应急管理部门", "emergency management"


class MissionKind(Term):
    """What a flight is for."""

    COUNTER_TERROR = "counter_terror", "反恐维稳", "counter-terrorism and stability"
    DISASTER_RELIEF = "disaster_relief", "抢险救灾", "disaster relief"
    FIREFIGHTING = "firefighting", "灭火", "firefighting"
    FOREST_FIREFIGHTING = "forest_firefighting", "森林灭火", "forest firefighting"
    CITY_FIREFIGHTING = "city_firefighting", "城市灭火", "city firefighting"
    MEDICAL_RESCUE = "medical_rescue", "医疗救护", "medical rescue"
    BLOOD_TRANSPORT = "blood_transport", "血液运输", "blood and organ transport"
    EVENT_SUPPORT = "event_support", "活动保障", "event support"
    PATROL = "patrol", "巡逻", "patrol"
    MARINE_PATROL = "marine_patrol", "海上巡逻", "marine patrol"
    FOREST_PATROL = "forest_patrol", "森林巡护", "forest patrol"
    TRAINING = "training", "训练", "training"
    DELIVERY = "delivery", "物流配送", "delivery"
    INSPECTION = "inspection", "巡检", "inspection"
    SURVEY = "survey", "测绘勘察", "survey"
    CALIBRATION = "calibration", "校验", "calibration of airport equipment"
    RADIO_TEST = "radio_test", "无线电参数测试", "radio-parameter test"
    AERIAL_PHOTOGRAPHY = "aerial_photography", "航空摄影", "aerial photography"
    AGRICULTURE = "agriculture", "农业作业", "agriculture"
    PASSENGER = "passenger", "载人", "carriage of persons"
    RECREATION = "recreation", "娱乐", "recreation"
    OTHER = "other", "其他", "other"


class OrderingBody(Term):
    """Who orders a public task of an operator."""

    EMERGENCY_CENTRE = "emergency_centre", "急救中心（120）", "emergency medical centre (120)"
    FIRE_AND_RESCUE = "fire_and_rescue", "消防救援机构", "fire and rescue service"
    EMERGENCY_MANAGEMENT = (
        "emergency_management",
        "应急管理部门或者防汛、森林防火指挥机构",
        "emergency management, flood control or forest-fire command",
    )
    POLICE = "police", "公安机关或者海警机构", "police or coast guard"
    CUSTOMS = "customs", "海关", "customs"
    MARITIME = "maritime", "海事或者海上搜救机构", "maritime safety or sea rescue"
    FORESTRY = "forestry", "林业主管部门", "forestry authority"
    HEALTH = "health", "卫生健康主管部门", "health authority"
    BLOOD_CENTRE = "blood_centre", "血站（血液中心）", "blood centre"
    HOSPITAL = "hospital", "医疗机构或者器官获取组织", "hospital or organ procurement"
    GOVERNMENT = "government", "人民政府", "government"
    EVENT_ORGANISER = "event_organiser", "活动承办机构", "organiser of the event"
    OTHER = "other", "其他单位", "another body"


class AircraftClass(Term):
    """Class of an unmanned aircraft by mass and performance (decree 761 art. 62)."""

    MICRO = "micro", "微型", "micro"
    LIGHT = "light", "轻型", "light"
    SMALL = "small", "小型", "small"
    MEDIUM = "medium", "中型", "medium"
    LARGE = "large", "大型", "large"


class Urgency(Term):
    """How the operator files the task (art. 29)."""

    NORMAL = "normal", "一般", "normal"
    URGENT = "urgent", "紧急", "urgent"
    SPECIALLY_URGENT = "specially_urgent", "特别紧急", "specially urgent"


class Capacity(Term):
    """A pilot's capacity for civil conduct (arts 16, 17)."""

    FULL = "full", "完全民事行为能力", "full"
    LIMITED = "limited", "限制民事行为能力", "limited"
    NONE = "none", "无民事行为能力", "none"


class ControlMode(Term):
    """Whether the pilot keeps the aircraft in unaided sight."""

    VLOS = "vlos", "视距内", "visual line of sight"
    BVLOS = "bvlos", "超视距", "beyond visual line of sight"


class StandardScenario(Term):
    """The CAAC standard scenario that an operation of the specific category claims."""

    NONE = "none", "不申报标准场景", "none"
    URBAN_LOGISTICS = "urban_logistics", "城市物流配送", "urban logistics"
    FIXED_FACILITY_INSPECTION = (
        "fixed_facility_inspection",
        "固定设施设备巡检",
        "inspection of fixed facilities",
    )


class AirRisk(Term):
    """Air-risk class of an airspace: how likely a manned aircraft is met there."""

    A = "a", "a级", "class a"
    B = "b", "b级", "class b"
    C = "c", "c级", "class c"
    D = "d", "d级", "class d"


class CrossingPort(Term):
    """A place where a flight leaves or enters the Mainland, Hong Kong or Macao.

    The ports of exit and entry of Mainland law are places of the Mainland; those of Hong Kong and
    Macao name the other end of a crossing.
    """

    BAOAN_AIRPORT = "baoan_airport", "深圳宝安机场", "Shenzhen Bao'an airport"
    SHEKOU = "shekou", "蛇口邮轮母港直升机场", "heliport of the Shekou cruise home port"
    JIUZHOU = "jiuzhou", "珠海九洲机场", "Zhuhai/Jiuzhou airfield"
    JINWAN = "jinwan", "珠海金湾机场", "Zhuhai/Jinwan airport"
    SHUN_TAK = "shun_tak", "香港信德直升机场", "Shun Tak heliport in Hong Kong"
    HKIA_BAC = (
        "hkia_bac",
        "香港国际机场商用航空中心",
        "business aviation centre of Hong Kong International Airport",
    )
    MACAU_OUTER_HARBOUR = (
        "macau_outer_harbour",
        "澳门外港客运码头直升机场",
        "heliport of Macau's Outer Harbour ferry terminal",
    )
    MACAU_TAIPA = (
        "macau_taipa",
        "澳门氹仔客运码头直升机场",
        "heliport of Macau's Taipa ferry terminal",
    )
    MACAU_AIRPORT = "macau_airport", "澳门国际机场", "Macau International Airport"
    OTHER_PORT = "other_port", "其他口岸", "another port"
    NO_PORT = "no_port", "口岸以外的地点", "a place that is no port"


class AirspaceClass(Term):
    """Class of an airspace by what air traffic control does there (ICAO Annex 11)."""

    A = "a", "A类", "class A"
    B = "b", "B类", "class B"
    C = "c", "C类", "class C"
    D = "d", "D类", "class D"
    E = "e", "E类", "class E"
    F = "f", "F类", "class F"
    G = "g", "G类", "class G"


class PerformanceClass(Term):
    """Performance class of a helicopter: what it can still do when an engine fails."""

    CLASS_1 = "class_1", "1级性能", "performance class 1"
    CLASS_2 = "class_2", "2级性能", "performance class 2"
    CLASS_3 = "class_3", "3级性能", "performance class 3"


class RegistrationState(Term):
    """State of a registration: by real name, or of a manned aircraft its nationality."""

    NORMAL = "normal", "正常", "normal"
    SUSPENDED = "suspended", "暂停", "suspended"
    CANCELLED = "cancelled", "注销", "cancelled"
    NOT_REGISTERED = "not_registered", "未登记", "not registered"


class AirworthinessDocument(Term):
    """The document that shows airworthiness."""

    NONE = "none", "无", "none"
    CERTIFICATE = "certificate", "适航证", "airworthiness certificate"
    SPECIAL_CERTIFICATE = "special_certificate", "特殊适航证", "special airworthiness certificate"
    SPECIAL_FLIGHT_PERMIT = "special_flight_permit", "特许飞行证", "special flight permit"


class LicenceClass(Term):
    """Largest class of aircraft that a pilot's licence covers."""

    NONE = "none", "无执照", "no licence"
    SMALL = "small", "小型", "small"
    MEDIUM = "medium", "中型", "medium"
    LARGE = "large", "大型", "large"


class ControlArea(Term):
    """How much of the map of flight control a flight reaches over (art. 28)."""

    ONE_SUBZONE = "one_subzone", "一个飞行管制分区内", "inside one flight-control sub-zone"
    ONE_ZONE = (
        "one_zone",
        "超出飞行管制分区、在一个飞行管制区内",
        "across sub-zones, inside one flight-control zone",
    )
    SEVERAL = "several", "超出飞行管制区", "across flight-control zones"


class ApprovalKind(Term):
    """What an approval already held is for."""

    FLIGHT_ACTIVITY = "flight_activity", "飞行活动批准", "flight-activity approval"
    LONG_TERM = "long_term", "长期飞行活动批准", "long-term flight-activity approval"
    SPECIAL_ZONE = "special_zone", "特定空域特别批准", "special approval to enter a zone"
    TASK = "task", "通用航空任务批准文件", "general-aviation task approval"
    FUSION = "fusion", "融合飞行批准", "approval of fusion flight"


class ZoneKind(Term):
    """What a zone is, in the words of the instrument that creates it."""

    AERODROME_PROTECTION = (
        "aerodrome_protection",
        "民用机场障碍物限制面保护范围",
        "civil aerodrome obstacle-surface protection range",
    )
    CLEAR_ZONE = "clear_zone", "净空保护区", "aerodrome clear zone"
    AERODROME_SURROUNDINGS = (
        "aerodrome_surroundings",
        "机场及周边一定范围",
        "aerodrome and its surroundings",
    )
    AIRPORT_CONTROL_ZONE = "airport_control_zone", "机场管制地带", "airport control zone"
    LAND_PORT = "land_port", "口岸及周边", "port of entry and its surroundings"
    PROHIBITED_AREA = "prohibited_area", "空中禁区", "prohibited area"
    RESTRICTED_AREA = "restricted_area", "空中限制区", "restricted area"
    DANGER_AREA = "danger_area", "空中危险区", "danger area"
    TEMPORARY_CONTROL = "temporary_control", "临时管制空域", "temporary controlled airspace"
    AVIATION_CAMP = "aviation_camp", "航空飞行营地", "aviation camp airspace"
    JURISDICTION = "jurisdiction", "辖区", "jurisdiction"
    CONTROL_SUBZONE = "control_subzone", "飞行管制分区", "flight-control sub-zone"
    CONTROL_ZONE = "control_zone", "飞行管制区", "flight-control zone"
    ADMINISTRATIVE_AREA = "administrative_area", "行政区域", "administrative area"
    BOUNDARY_STRIP = "boundary_strip", "界线我方一侧一定范围", "strip along a boundary, on our side"
    NUCLEAR_FACILITY = "nuclear_facility", "核设施及周边", "nuclear facility and its surroundings"
    POWER_STATION = "power_station", "发电厂及周边", "power station and its surroundings"
    SEA_PORT = "sea_port", "港口及周边", "sea port and its surroundings"
    HAZARDOUS_STORE = (
        "hazardous_store",
        "易燃易爆物品仓储及周边",
        "store of flammable or explosive goods and its surroundings",
    )
    RAILWAY = "railway", "铁路及周边", "railway and its surroundings"
    NAVIGATION_STATION = (
        "navigation_station",
        "导航台及周边",
        "navigation aid and its surroundings",
    )
    RADAR_STATION = "radar_station", "雷达站及周边", "radar station and its surroundings"
    STATE_ORGAN = "state_organ", "党政机关及周边", "seat of government and its surroundings"
    WATER_SOURCE = "water_source", "饮用水水源保护区", "drinking-water source"
    TEMPORARY_LANDING_SITE = (
        "temporary_landing_site",
        "启用中的临时起降点及周边",
        "active temporary landing site and its surroundings",
    )
    SUITABLE_AIRSPACE = "suitable_airspace", "适飞空域", "suitable airspace"
    TEST_AREA = "test_area", "试飞空域", "test airspace"
    TERMINAL_AREA = "terminal_area", "终端管制区", "terminal control area"
    VFR_ZONE = "vfr_zone", "目视飞行区", "VFR zone"
    OBSTACLE = "obstacle", "障碍物", "obstacle"
    GRID_CELLS = "grid_cells", "网格单元", "grid cells"
    UAS_ZONE = "uas_zone", "无人驾驶航空器地理区域", "UAS geographical zone"
    """A zone of somebody else's file, which says what it asks but not by what law."""


class CorridorKind(Term):
    """Who a corridor is for."""

    HELICOPTER_ROUTE = "helicopter_route", "直升机航线", "helicopter route"
    CROSS_BORDER_ROUTE = (
        "cross_border_route",
        "跨境直升机航线",
        "cross-border helicopter route",
    )
    UAV_ROUTE = "uav_route", "无人驾驶航空器航线", "UAV route"


class CorridorDirection(Term):
    """Which way along a corridor is flown."""

    BOTH_WAYS = "both_ways", "双向", "both ways"
    IN_ORDER = "in_order", "单向（按各点次序）", "one way, in the order of its points"
    ONE_AT_A_TIME = "one_at_a_time", "同一时间单向", "one direction at a time"


class CorridorUsers(Term):
    """Who may fly along a corridor."""

    HELICOPTERS = "helicopters", "直升机", "helicopters"
    AUTHORISED_HELICOPTERS = (
        "authorised_helicopters",
        "香港民航处处长授权的直升机经营人",
        "helicopter operators authorised by the Director-General of Civil Aviation of Hong Kong",
    )
    OPERATORS_OF_THE_SERVICE = (
        "operators_of_the_service",
        "该航线的经营人",
        "operators of the service",
    )
    UNMANNED = "unmanned", "无人驾驶航空器", "unmanned aircraft"


class PortCheckKind(Term):
    """What is checked at a port of entry."""

    BORDER_INSPECTION = "border_inspection", "出入境边防检查", "border inspection"
    CUSTOMS = "customs", "海关监管", "customs"
    QUARANTINE = "quarantine", "卫生检疫", "health quarantine"


class SiteKind(Term):
    """What a place is."""

    LANDING_SITE = "landing_site", "起降场", "landing site"
    REPORTING_POINT = "reporting_point", "报告点", "reporting point"


class LineKind(Term):
    """What a line divides or marks."""

    JURISDICTION_BOUNDARY = "jurisdiction_boundary", "行政区域界线", "jurisdiction boundary"
    FIR_BOUNDARY = "fir_boundary", "飞行情报区界线", "FIR boundary"
    SEA_LIMIT = "sea_limit", "海域界线", "limit of sea area"
    TRANSFER_LINE = "transfer_line", "管制移交线", "transfer-of-control line"
    RUNWAY = "runway", "跑道", "runway"


class Notice(Term):
    """A published notice that a temporary zone rests on."""

    HANDOVER_2022 = "handover_2022", "2022年全市禁飞通告", "city-wide notice of June 2022"
    NATIONAL_GAMES_2025 = (
        "national_games_2025",
        "第十五届全国运动会管制通告",
        "15th National Games notice",
    )
    NATIONAL_GAMES_2025_CLOSING = (
        "national_games_2025_closing",
        "第十五届全国运动会闭幕日18至24时",
        "15th National Games notice, closing evenings",
    )
    OTHER = "other", "其他通告", "another notice"
