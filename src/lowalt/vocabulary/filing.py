"""Facts of what was applied for, filed and approved, and when."""

from __future__ import annotations

from lowalt.terms import AircraftClass
from lowalt.vocabulary.words import day, flag, instant, word

FILING = (
    instant("departure_at", "计划起飞时间", "planned take-off", "waypoints[0].time"),
    day("departure_on", "计划起飞日期", "day of take-off", "waypoints[0].time"),
    instant(
        "submitted_at",
        "飞行活动申请提交时间",
        "time the application was submitted",
        "submission.submitted_at",
    ),
    instant(
        "answered_at",
        "审批机构答复申请的时间",
        "time the application was answered",
        "submission.answered_at",
    ),
    instant(
        "readiness_reported_at",
        "报告起飞准备情况的时间",
        "time readiness was reported",
        "submission.readiness_reported_at",
    ),
    flag(
        "take_off_is_confirmed",
        "起飞已获确认",
        "take-off is confirmed",
        "submission.take_off_confirmed",
    ),
    flag(
        "periodic_filing_is_made",
        "机场作业已定期备案",
        "airport work is filed for the period",
        "submission.periodic_filing_made",
    ),
    flag(
        "holds_flight_approval",
        "已取得覆盖本次飞行的飞行活动批准",
        "holds a flight-activity approval that covers the flight",
        "approvals",
    ),
    flag(
        "holds_long_term_approval",
        "已取得覆盖本次飞行的长期批准",
        "holds a long-term approval that covers the flight",
        "approvals",
    ),
    word(
        "flight_approval_class",
        AircraftClass,
        "飞行活动批准所允许的最大类别",
        "largest class that the flight-activity approval allows",
        "approvals[].largest_class",
    ),
    word(
        "long_term_approval_class",
        AircraftClass,
        "长期批准所允许的最大类别",
        "largest class that the long-term approval allows",
        "approvals[].largest_class",
    ),
    flag(
        "holds_task_approval", "持有任务批准文件", "holds the task approval document", "approvals"
    ),
    flag(
        "holds_fusion_approval",
        "已取得融合飞行批准",
        "holds an approval of fusion flight",
        "approvals",
    ),
    flag(
        "application_names_organiser",
        "申请：组织单位、操控人员及资质",
        "application: organiser, pilots and certificates",
        "operator.name, pilots",
    ),
    flag(
        "application_names_aircraft",
        "申请：型号、数量、主要性能和登记情况",
        "application: type, number, performance and registration",
        "aircraft",
    ),
    flag(
        "application_names_task",
        "申请：任务性质和飞行方式",
        "application: task and flight mode",
        "mission.kind, mission.control_mode",
    ),
    flag(
        "application_names_sites",
        "申请：起飞、降落和备降场地",
        "application: departure, landing and alternate sites",
        "departure_site, landing_site, alternate_sites",
    ),
    flag(
        "application_names_communication",
        "申请：通信联络方法",
        "application: communications",
        "communication.means",
    ),
    flag(
        "application_names_period",
        "申请：预计飞行开始、结束时刻",
        "application: planned start and end",
        "waypoints",
    ),
    flag(
        "application_names_entry_exit",
        "申请：航线、高度、速度和空域范围，进出空域方法",
        "application: route, height, speed and airspace, and how it is entered and left",
        "entry_exit_method",
    ),
    flag(
        "application_names_c2_link",
        "申请：指挥控制链路频率和带宽",
        "application: C2 frequency and bandwidth",
        "communication.c2_frequency_mhz, communication.c2_bandwidth_mhz",
    ),
    flag(
        "application_names_surveillance",
        "申请：通信、导航、被监视能力",
        "application: communication, navigation and surveillance capability",
        "communication.navigation_means, communication.surveillance_means",
    ),
    flag(
        "application_names_transponder",
        "申请：二次雷达应答机或自动监视设备代码",
        "application: transponder or surveillance code",
        "communication.surveillance_code_requested",
    ),
    flag(
        "application_names_emergency",
        "申请：应急处置程序",
        "application: emergency procedures",
        "emergency_plan.has_procedures",
    ),
    flag(
        "application_names_special_support",
        "申请：特殊飞行保障需求",
        "application: special support needed",
        "special_support",
    ),
    flag(
        "application_names_other_data",
        "申请：国家规定的其他必要信息",
        "application: other data that national rules ask for",
        "other_data",
    ),
)
