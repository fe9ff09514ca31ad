"""What the law of Hong Kong, of Macao and of the boundary lets an operator obtain or hand in."""

from __future__ import annotations

from datetime import timedelta

from lowalt.regulations.conditions import Leaf
from lowalt.remedy import costs
from lowalt.remedy.causes import Causes
from lowalt.remedy.documents import Values
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Kind
from lowalt.remedy.prescribed_route import is_measured_off
from lowalt.remedy.step import Step, Wanted, dated, states

_BEFORE_TAKE_OFF = timedelta(minutes=1)


def _told(field: str) -> Wanted:
    """Build that an authority was told just before take-off, or when the law has it told."""

    def build(hearing: Hearing, _causes: Causes, _leaf: Leaf) -> Values:
        return {field: (hearing.plan.departure - _BEFORE_TAKE_OFF).isoformat()}

    return build


def _keeps_route(hearing: Hearing, _causes: Causes, _leaf: Leaf) -> Values | None:
    """State that the route is kept; what is measured is not to be stated otherwise."""
    return None if is_measured_off(hearing) else {"crossing.keeps_prescribed_route": True}


HONG_KONG = {
    "holds_cad_permission": Step(
        Kind.OBTAIN,
        costs.PERMISSION,
        "取得香港民航处准许，涵盖超出标准限制的各项运行",
        "obtain the Civil Aviation Department's permission for all that goes beyond its limits",
        dated(
            hong_kong__cad_permission__held=True,
            hong_kong__cad_permission__valid_until="last",
            hong_kong__cad_permission__covers_operation=True,
        ),
    ),
    "holds_cad_crossing_permission": Step(
        Kind.OBTAIN,
        costs.PERMISSION,
        "取得香港民航处准许飞越边界",
        "obtain the Civil Aviation Department's permission to cross the boundary",
        dated(
            hong_kong__cad_permission__held=True,
            hong_kong__cad_permission__valid_until="last",
            hong_kong__cad_permission__covers_crossing=True,
        ),
    ),
    "is_registered_in_hong_kong": Step(
        Kind.OBTAIN,
        costs.REGISTER,
        "在香港民航处登记航空器",
        "register the aircraft with the Civil Aviation Department",
        states(hong_kong__registered=True),
    ),
    "is_labelled_in_hong_kong": Step(
        Kind.OBTAIN,
        costs.REGISTER,
        "在航空器上贴香港民航处登记标签",
        "put the Civil Aviation Department's label on the aircraft",
        states(hong_kong__labelled=True),
    ),
    "flight_data_is_accessible": Step(
        Kind.OBTAIN,
        costs.ARRANGE,
        "保存飞行数据并可在香港查阅",
        "keep the flight data where they can be had in Hong Kong",
        states(hong_kong__flight_data_accessible=True),
    ),
    "has_hong_kong_clearance": Step(
        Kind.FILE,
        costs.REPORT,
        "取得香港空中交通管制放行许可",
        "obtain the clearance of Hong Kong air traffic control",
        states(hong_kong__atc_clearance=True),
    ),
    "has_special_vfr_clearance": Step(
        Kind.FILE,
        costs.REPORT,
        "取得特殊目视飞行许可",
        "obtain a special VFR clearance",
        states(hong_kong__special_vfr_clearance=True),
    ),
    "is_authorised_for_macao_route": Step(
        Kind.OBTAIN,
        costs.PERMISSION,
        "取得使用港澳直升机航线的授权",
        "obtain the authorisation for the Hong Kong-Macao helicopter routes",
        states(hong_kong__macao_route_authorised=True),
    ),
}
"""By the name of the fact that holds afterwards."""

MACAO = {
    "holds_aacm_authorisation": Step(
        Kind.OBTAIN,
        costs.PERMISSION,
        "取得澳门民航局许可，涵盖超出限制的各项运行",
        "obtain the AACM's authorisation for all that goes beyond its limits",
        dated(
            macao__authorisation__held=True,
            macao__authorisation__valid_until="last",
            macao__authorisation__covers_operation=True,
        ),
    ),
    "holds_aacm_crossing_authorisation": Step(
        Kind.OBTAIN,
        costs.PERMISSION,
        "取得澳门民航局许可飞越边界",
        "obtain the AACM's authorisation to cross the boundary",
        dated(
            macao__authorisation__held=True,
            macao__authorisation__valid_until="last",
            macao__authorisation__covers_crossing=True,
        ),
    ),
    "is_registered_in_macao": Step(
        Kind.OBTAIN,
        costs.REGISTER,
        "在澳门民航局登记航空器",
        "register the aircraft with the AACM",
        states(macao__registered=True),
    ),
    "is_labelled_in_macao": Step(
        Kind.OBTAIN,
        costs.REGISTER,
        "在航空器上贴澳门登记标签",
        "put the AACM's registration label on the aircraft",
        states(macao__labelled=True),
    ),
    "is_notified_in_macao": Step(
        Kind.FILE,
        costs.REPORT,
        "事先将本次飞行通知澳门民航局",
        "notify the AACM of the flight beforehand",
        states(macao__flight_notified=True),
    ),
    "has_macao_operator_permit": Step(
        Kind.OBTAIN,
        costs.PERMISSION,
        "取得澳门运营人许可",
        "obtain Macao's operator permit",
        states(macao__operator_permit=True),
    ),
    "has_macao_activity_permit": Step(
        Kind.OBTAIN,
        costs.PERMISSION,
        "取得澳门活动许可",
        "obtain Macao's activity permit",
        states(macao__activity_permit=True),
    ),
    "has_macao_insurance": Step(
        Kind.OBTAIN,
        costs.INSURANCE,
        "投保澳门所要求的保险",
        "take out the insurance that Macao asks for",
        states(macao__insured=True),
    ),
}
"""By the name of the fact that holds afterwards."""

BORDER = {
    "border_inspection_is_told": Step(
        Kind.FILE,
        costs.REPORT,
        "起飞前将时间、停留、人员和货物告知边防检查",
        "tell border inspection times, stop, people and cargo before take-off",
        _told("crossing.border_inspection_told_at"),
    ),
    "customs_is_told": Step(
        Kind.FILE,
        costs.REPORT,
        "起飞前将时间、停留、人员和货物告知海关",
        "tell customs times, stop, people and cargo before take-off",
        _told("crossing.customs_told_at"),
    ),
    "lists_are_declared": Step(
        Kind.FILE,
        costs.SUBMIT,
        "申报机组和旅客名单",
        "declare the lists of crew and passengers",
        states(crossing__lists_declared=True),
    ),
    "keeps_prescribed_route": Step(
        Kind.DROP,
        costs.WAY_OF_FLYING,
        "按规定的路线飞越边界",
        "keep to the route prescribed for the crossing",
        _keeps_route,
    ),
    "has_special_port_approval": Step(
        Kind.OBTAIN,
        costs.PERMISSION,
        "取得从非开放口岸出入境的特别批准",
        "obtain the special approval to leave or enter elsewhere than at an open port",
        states(crossing__special_port_approval=True),
    ),
    "has_quarantine_approval": Step(
        Kind.OBTAIN,
        costs.TASK_APPROVAL,
        "取得海关卫生检疫审批",
        "obtain the customs' quarantine approval",
        states(crossing__quarantine_approval=True),
    ),
}
"""By the name of the fact that holds afterwards."""
