"""Everything that an explanation says by itself, in Chinese and in English."""

from __future__ import annotations

from dataclasses import dataclass

from lowalt.verdicts import Decision


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that is said in one language."""

    meanings: dict[Decision, str]
    between: str
    flight: str
    submitted: str
    legs: str
    if_entered: str
    leaves_dataset: str
    no_law: str
    against: str
    advice: str
    open: str
    open_advice: str
    not_held: str
    do: str
    maybe: str
    missing: str
    could: str
    more: str
    waived: str
    lost: str
    met: str
    counts: str
    notices: str
    where: str
    margin: str
    action: str
    note: str
    unverified: str
    by: str
    any_time: str
    state: dict[str, str]
    kinds: dict[str, str]
    items: str
    to: str
    ask: str
    colon: str
    join: str
    list: str
    comma: str


ZH = Words(
    meanings={
        Decision.PROHIBITED: "存在普通飞行活动批准不能消除的违反事项。",
        Decision.APPROVAL_REQUIRED: "取得下列批准后方可飞行。",
        Decision.CONFIRMATION_REQUIRED: "起飞前须按下列要求取得确认。",
        Decision.FILING_REQUIRED: "飞行前须完成下列备案或报告。",
        Decision.PERMITTED: (
            "按所述事实无需再申请；下列义务须持续满足，数据集未收录的空域请在UOM核对（见“须知”）。"
        ),
        Decision.INDETERMINATE: "所缺信息不同，结论可能从“{best}”到“{worst}”。",
    },
    between="未知的事项一律不按允许处理。",
    flight="计划 {plan} · 起飞 {departure} · 适用 {on} 的规则",
    submitted="申请提交时间 {submitted}",
    legs="分辖区结论",
    if_entered="（是否进入尚不能确定）",
    leaves_dataset="该航段超出空域数据集范围，其空域未知",
    no_law="本库未收录当地适用于该航空器的飞行法规",
    against="不符合之处",
    advice="提示（不影响结论）",
    open="位置或高度尚不能确定之处",
    open_advice="尚不能确定的提示（不影响结论）",
    not_held="本库未收录、因而未作判断的法规",
    do="须办事项与时限",
    maybe="视所缺信息，可能还须办理",
    missing="尚缺的信息（最具决定性的在前）",
    could="不同答案可能导致“{worst}”：",
    more="另缺 {count} 项：{fields}",
    waived="已免除",
    lost="不再适用的豁免",
    met="已满足的义务",
    counts="共核对 {total} 条规则：{against} 条不符合或者待办，{open} 条尚不能确定，"
    "{met} 条已满足，{other} 条不适用，{waived} 条被免除，{dormant} 条当日未生效",
    notices="须知",
    where="位置",
    margin="；余量 {margin}",
    action="办法",
    note="说明",
    unverified="（条文未经完整核实）",
    by="最迟 {due}",
    any_time="起飞前",
    state={
        "met": "已满足",
        "late": "已来不及",
        "open": "待办",
        "unknown": "未知是否已办",
    },
    kinds={"approval": "批准", "confirmation": "确认", "filing": "备案", "advice": "提示"},
    items="共{all}项，{given}项已有；尚缺：",
    to="向{addressee}",
    ask="询问主管机构",
    colon="：",
    join="、",
    list="；",
    comma="，",
)

EN = Words(
    meanings={
        Decision.PROHIBITED: (
            "Something stands against this flight that an ordinary approval does not cure."
        ),
        Decision.APPROVAL_REQUIRED: "It may be flown only once the approvals below are given.",
        Decision.CONFIRMATION_REQUIRED: "It may be flown once the confirmations below are given.",
        Decision.FILING_REQUIRED: "It may be flown once the filings below are made.",
        Decision.PERMITTED: (
            "On the facts stated nothing more has to be asked. The duties below go on; check on"
            " UOM what the dataset does not hold."
        ),
        Decision.INDETERMINATE: "What is missing may make it anything from {best} to {worst}.",
    },
    between="What is not known is never taken as allowed.",
    flight="Plan {plan} · take-off {departure} · rules of {on}",
    submitted="application submitted {submitted}",
    legs="By jurisdiction",
    if_entered=" (if it is entered)",
    leaves_dataset="it leaves the airspace dataset here: what airspace it meets is not known",
    no_law="no law of this place on such flights is held",
    against="What stands against it",
    advice="Advice (it does not change the decision)",
    open="Where place or height leave it open",
    open_advice="Open, advice only (it does not change the decision)",
    not_held="Law that is not held here, and so was not judged",
    do="What to do, and by when",
    maybe="What may be needed besides, depending on what is missing",
    missing="What is missing (most decisive first)",
    could="the answer may make it {worst}:",
    more="and {count} more: {fields}",
    waived="Exempt",
    lost="Exemptions that fall away",
    met="Duties that are met",
    counts="{total} rules checked: {against} not met, {open} open, {met} met, {other} not"
    " applicable, {waived} waived, {dormant} not in force on the day",
    notices="To know",
    where="where",
    margin="; margin {margin}",
    action="to do",
    note="note",
    unverified=" (text not fully verified)",
    by="by {due}",
    any_time="before take-off",
    state={
        "met": "met",
        "late": "too late",
        "open": "open",
        "unknown": "not known whether done",
    },
    kinds={
        "approval": "approval",
        "confirmation": "confirmation",
        "filing": "filing",
        "advice": "advice",
    },
    items="{given} of {all} items are there; still needed:",
    to="addressee {addressee}",
    ask="ask the authority",
    colon=": ",
    join=", ",
    list="; ",
    comma=", ",
)
