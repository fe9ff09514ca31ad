"""Facts of the operator and the pilots."""

from __future__ import annotations

from lowalt.terms import Capacity, LicenceClass, OperatorKind
from lowalt.units import FactUnit
from lowalt.vocabulary.words import Fact, Scope, day, flag, quantity, word

PEOPLE = (
    word("operator_kind", OperatorKind, "运营人性质", "kind of operator", "operator.kind"),
    flag(
        "operator_is_for_profit",
        "营利法人",
        "operator is a for-profit legal person",
        "operator.is_for_profit_legal_person",
    ),
    flag(
        "has_operator_certificate",
        "持有有效的运营合格证",
        "holds a current operator certificate",
        "operator.certificate",
    ),
    flag(
        "certificate_covers_operation",
        "运营合格证涵盖本次运行",
        "operator certificate covers this operation",
        "operator.certificate.covers_operation",
    ),
    day(
        "operator_certificate_issued_on",
        "运营合格证颁发日期",
        "day of the operator certificate",
        "operator.certificate.issued_on",
    ),
    day(
        "last_operation_of_kind_on",
        "上次同类运行日期",
        "day this kind of operation was last flown",
        "operator.last_operation_of_kind_on",
    ),
    flag(
        "resumption_notice_given",
        "已提前告知恢复运行",
        "resumption was announced",
        "operator.resumption_notice_given",
    ),
    day(
        "resumption_notice_on",
        "告知恢复运行的日期",
        "day resumption was announced",
        "operator.resumption_notice_on",
    ),
    quantity(
        "operation_control_interval_ms",
        FactUnit.MILLISECOND,
        "运行控制系统接收间隔",
        "interval of records in the operation control system",
        "operator.operation_control_interval_s",
    ),
    flag(
        "has_surveying_qualification",
        "具有测绘资质",
        "holds a surveying qualification",
        "operator.surveying_qualification",
    ),
    word("pilot_capacity", Capacity, "操控员民事行为能力", "pilot's capacity", "pilots[].capacity"),
    flag("pilot_is_foreign", "操控员为外国人", "pilot is a foreigner", "pilots[].nationality"),
    flag(
        "adult_is_on_site",
        "有完全民事行为能力人现场指导",
        "a competent adult is on site",
        "pilots[].competent_adult_on_site",
    ),
    word(
        "licence_class",
        LicenceClass,
        "操控员执照等级",
        "class of the pilot's licence",
        "pilots[].licence.largest_class",
    ),
    day("licence_issued_on", "执照颁发日期", "day of the licence", "pilots[].licence.issued_on"),
    day(
        "licence_checked_on",
        "最近一次定期检查日期",
        "day of the last periodic check",
        "pilots[].licence.last_check_on",
    ),
    day(
        "licence_proficiency_checked_on",
        "最近一次熟练检查日期",
        "day of the last proficiency check",
        "pilots[].licence.last_proficiency_check_on",
    ),
    flag(
        "has_bvlos_rating",
        "具有超视距等级",
        "licence has the BVLOS rating",
        "pilots[].licence.bvlos_rating",
    ),
    flag(
        "has_night_rating",
        "执照涵盖夜间飞行",
        "licence covers night flight",
        "pilots[].licence.night_rating",
    ),
    flag(
        "has_radio_qualification",
        "具有语言和无线电通信资格",
        "has language and radio qualification",
        "pilots[].licence.language_and_radio_qualification",
    ),
    flag(
        "has_theory_certificate",
        "持有理论培训合格证明",
        "holds the theory certificate",
        "pilots[].theory_certificate",
    ),
    flag(
        "has_agricultural_certificate",
        "持有农用无人驾驶航空器操作证书",
        "holds the maker's agricultural certificate",
        "pilots[].agricultural_certificate",
    ),
    quantity(
        "time_since_alcohol_ms",
        FactUnit.MILLISECOND,
        "距上次饮酒时间",
        "time since alcohol",
        "pilots[].hours_since_alcohol",
    ),
    Fact(
        "blood_alcohol_ppm",
        Scope.FLIGHT,
        int,
        "血液酒精含量",
        "blood alcohol",
        unit=FactUnit.PARTS_PER_MILLION,
        field="pilots[].blood_alcohol_percent",
    ),
    flag(
        "pilot_is_impaired",
        "受酒精、麻醉剂或药物影响",
        "pilot is impaired by a substance",
        "pilots[].impaired",
    ),
)
