"""Certificates, registrations, approvals and reports that an operator can obtain or hand in."""

from __future__ import annotations

from lowalt.regulations.conditions import Leaf, OneOf
from lowalt.remedy import costs
from lowalt.remedy.approvals import approval
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import Values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Kind
from lowalt.remedy.step import Step, Wanted, dated, every_pilot, states
from lowalt.remedy.tasks import who_approves
from lowalt.terms import ApprovalKind


def _licence(_hearing: Hearing, _causes: Causes, leaf: Leaf) -> Values | None:
    """State the least licence that the rule accepts."""
    if not isinstance(leaf.condition, OneOf):
        return None
    smallest = leaf.condition.words[0].value
    return {
        "pilots[].licence.largest_class": smallest,
        "pilots[].licence.covers_aircraft": True,
    }


def _approved(kind: ApprovalKind) -> Wanted:
    return lambda hearing, causes, _leaf: approval(hearing, causes, kind)


PAPERS = {
    "has_operator_certificate": Step(
        Kind.OBTAIN,
        costs.OPERATOR_CERTIFICATE,
        "取得涵盖本次运行的运营合格证",
        "obtain an operator certificate that covers this operation",
        dated(
            operator__certificate__held=True,
            operator__certificate__issued_on="first",
            operator__certificate__valid_until="last",
            operator__certificate__covers_operation=True,
        ),
    ),
    "certificate_covers_operation": Step(
        Kind.OBTAIN,
        costs.OPERATOR_CERTIFICATE,
        "办理运营合格证运行规范变更，以涵盖本次运行",
        "have the operator certificate extended to this operation",
        dated(
            operator__certificate__held=True,
            operator__certificate__valid_until="last",
            operator__certificate__covers_operation=True,
        ),
    ),
    "is_insured": Step(
        Kind.OBTAIN,
        costs.INSURANCE,
        "投保覆盖本次飞行的责任保险",
        "take out liability insurance for the flight",
        dated(
            aircraft__insurance__held=True,
            aircraft__insurance__valid_from="first",
            aircraft__insurance__valid_until="last",
        ),
    ),
    "registration_state": Step(
        Kind.OBTAIN,
        costs.REGISTER,
        "办理实名登记，使登记状态正常",
        "register the aircraft, so that its registration is in order",
        states(aircraft__registration__state="normal"),
    ),
    "performance_is_updated": Step(
        Kind.FILE,
        costs.REGISTER,
        "更新改装后的性能登记信息",
        "enter the changed performance in the register",
        states(aircraft__performance_updated=True),
    ),
    "has_nationality_registration": Step(
        Kind.OBTAIN,
        costs.NATIONALITY,
        "办理国籍登记",
        "obtain nationality registration",
        states(aircraft__registration__nationality_registered=True),
    ),
    "airworthiness_document": Step(
        Kind.OBTAIN,
        costs.AIRWORTHINESS,
        "取得适航证",
        "obtain an airworthiness certificate",
        dated(aircraft__airworthiness={"document": "certificate"}),
    ),
    "has_radio_licence": Step(
        Kind.OBTAIN,
        costs.TASK_APPROVAL,
        "取得无线电台执照",
        "obtain a radio station licence",
        states(aircraft__radio_licence=True),
    ),
    "licence_class": Step(
        Kind.OBTAIN,
        costs.QUALIFY,
        "由持有相应等级执照的操控员操控",
        "have it flown by pilots whose licence covers it",
        _licence,
    ),
    "has_bvlos_rating": Step(
        Kind.OBTAIN,
        costs.QUALIFY,
        "由持有超视距等级的操控员操控",
        "have it flown by pilots with the BVLOS rating",
        every_pilot(licence__bvlos_rating=True),
    ),
    "has_night_rating": Step(
        Kind.OBTAIN,
        costs.QUALIFY,
        "由执照涵盖夜间飞行的操控员操控",
        "have it flown by pilots whose licence covers night flight",
        every_pilot(licence__night_rating=True),
    ),
    "has_theory_certificate": Step(
        Kind.OBTAIN,
        costs.QUALIFY,
        "由持有理论培训合格证明的操控员操控",
        "have it flown by pilots with the theory certificate",
        every_pilot(theory_certificate=True),
    ),
    "has_agricultural_certificate": Step(
        Kind.OBTAIN,
        costs.QUALIFY,
        "由持有农用无人驾驶航空器操作证书的操控员操控",
        "have it flown by pilots with the maker's agricultural certificate",
        every_pilot(agricultural_certificate=True),
    ),
    "has_surveying_qualification": Step(
        Kind.OBTAIN,
        costs.QUALIFY,
        "取得测绘资质",
        "obtain a surveying qualification",
        states(operator__surveying_qualification=True),
    ),
}
"""By the name of the fact that holds afterwards."""

REPORTS_AND_APPROVALS = {
    "take_off_is_confirmed": Step(
        Kind.FILE,
        costs.REPORT,
        "请空中交通管理机构确认起飞",
        "have the take-off confirmed",
        states(submission__take_off_confirmed=True),
    ),
    "periodic_filing_is_made": Step(
        Kind.FILE,
        costs.SUBMIT,
        "办理机场作业定期备案",
        "file the airport work for the period",
        states(submission__periodic_filing_made=True),
    ),
    "holds_flight_approval": Step(
        Kind.OBTAIN,
        costs.FLIGHT_APPROVAL,
        "取得覆盖本次飞行的飞行活动批准",
        "obtain a flight-activity approval that covers the flight",
        _approved(ApprovalKind.FLIGHT_ACTIVITY),
    ),
    "holds_zone_approval": Step(
        Kind.OBTAIN,
        costs.ZONE_APPROVAL,
        "取得进入有关空域的特别批准",
        "obtain a special approval for the zones entered",
        _approved(ApprovalKind.SPECIAL_ZONE),
    ),
    "holds_task_approval": Step(
        Kind.OBTAIN,
        costs.TASK_APPROVAL,
        "取得任务批准文件",
        "obtain the task approval document",
        _approved(ApprovalKind.TASK),
        whom=who_approves,
    ),
    "holds_fusion_approval": Step(
        Kind.OBTAIN,
        costs.FUSION_APPROVAL,
        "取得融合飞行批准",
        "obtain an approval of fusion flight",
        _approved(ApprovalKind.FUSION),
    ),
}
"""By the name of the fact that holds afterwards."""
