"""What the features of a dataset are described with, in English and in Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from lowalt.airspace import BasisVerification, FeatureStatus, Restriction
from lowalt.temporal import Weekday


@dataclass(frozen=True, slots=True)
class AirspaceWords:
    """The words and patterns of one language; each is named for where it stands."""

    label_width: int
    kind: str
    restriction: str
    where: str
    when: str
    status: str
    accuracy: str
    basis: str
    authority: str
    remarks: str
    source: str
    as_of: str
    note: str
    example: str
    maybe: str
    example_note: str
    micro: str
    no_micro: str
    circle: str
    sector: str
    outline: str
    strip: str
    polygon: str
    corridor: str
    port_circle: str
    box: str
    accuracy_of: str
    part_of: str
    direction: str
    users: str
    firs: str
    hand_over: str
    hand_over_at: str
    hand_over_unknown: str
    no_hand_over_point: str
    port: str
    port_of_entry: str
    opened_on: str
    opened_since: str
    helicopters: str
    helicopter_answers: dict[bool | None, str]
    port_hours: str
    check: str
    unpublished: str
    no_hours: str
    unknown: str
    never: str
    daily: str
    join: str
    colon: str
    more: str
    asks: dict[Restriction, str]
    statuses: dict[FeatureStatus, str]
    status_notes: dict[FeatureStatus, str]
    bases: dict[BasisVerification, str]
    days: dict[Weekday, str]
    events: dict[str, str]


AIRSPACE_WORDS: Final[dict[str, AirspaceWords]] = {
    "en": AirspaceWords(
        label_width=13,
        kind="kind",
        restriction="asks",
        where="where",
        when="when",
        status="limits",
        accuracy="accuracy",
        basis="rests on",
        authority="authority",
        remarks="remarks",
        source="source",
        as_of="as of",
        note="note",
        example="EXAMPLE",
        maybe="maybe",
        example_note="Made up to show what such a feature looks like; no flight is judged by it.",
        micro="for micro UAV: ",
        no_micro="micro UAV are not bound",
        circle="circle of {:,.1f} m round {}",
        sector="sector of {:,.1f} m round {}, {:g}° clockwise to {:g}° true",
        outline="outline of {} corners, {} of the edges arcs",
        strip="strip of {:,.1f} m to either side of a line of {} points",
        polygon="polygon within ",
        corridor="{:,.0f} m to either side of the line through:",
        port_circle="within {:,.0f} m of {}",
        box="{:.4f} to {:.4f} E, {:.4f} to {:.4f} N",
        accuracy_of="{:,.0f} m",
        part_of="a stretch of it {:,.0f} m",
        direction="direction",
        users="users",
        firs="FIRs",
        hand_over="hand-over",
        hand_over_at="{} to {} at {}, {} ({})",
        hand_over_unknown="from one to the next, at a place that is not known",
        no_hand_over_point="no published point",
        port="port",
        port_of_entry="port of entry",
        opened_on="opened",
        opened_since="open since {}",
        helicopters="helicopters",
        helicopter_answers={
            True: "yes",
            False: "no",
            None: "whether it is open to them is not known",
        },
        port_hours="hours",
        check="checks",
        unpublished="not published",
        no_hours="no hours stated",
        unknown="not known",
        never="never",
        daily="daily",
        join="; ",
        colon=": ",
        more=" (+{} more)",
        asks={
            Restriction.PROHIBITED: "prohibited",
            Restriction.REQ_AUTHORIZATION: "authorization required",
            Restriction.CONDITIONAL: "conditional",
            Restriction.NO_RESTRICTION: "information only",
        },
        statuses={
            FeatureStatus.AUTHORITATIVE: "authoritative",
            FeatureStatus.DERIVED: "derived",
            FeatureStatus.ILLUSTRATIVE: "illustrative",
        },
        status_notes={
            FeatureStatus.AUTHORITATIVE: "authoritative: typed from an official publication",
            FeatureStatus.DERIVED: "derived: constructed from a published rule round cited points",
            FeatureStatus.ILLUSTRATIVE: "illustrative: drawn by us; it shows that something is"
            " there, not where it ends",
        },
        bases={
            BasisVerification.VERIFIED: "(read at its source)",
            BasisVerification.PARTLY: "(read in part)",
            BasisVerification.UNVERIFIED: "(not verified)",
        },
        days={day: day.value for day in Weekday},
        events={
            "BMCT": "begin of morning twilight (BMCT)",
            "SR": "sunrise (SR)",
            "SS": "sunset (SS)",
            "EECT": "end of evening twilight (EECT)",
        },
    ),
    "zh": AirspaceWords(
        label_width=10,
        kind="类别",
        restriction="要求",
        where="范围",
        when="时间",
        status="边界",
        accuracy="精度",
        basis="依据",
        authority="主管机构",
        remarks="说明",
        source="来源",
        as_of="截至",
        note="注意",
        example="示例",
        maybe="不能确定是否及于此处",
        example_note="为说明此类要素的样式而虚构，不据此判断任何飞行。",
        micro="微型无人驾驶航空器：",
        no_micro="不约束微型无人驾驶航空器",
        circle="以 {1} 为圆心、半径 {0:,.1f} 米的圆",
        sector="以 {1} 为圆心、半径 {0:,.1f} 米、真方位 {2:g}° 顺时针至 {3:g}° 的扇形",
        outline="{} 个角点的轮廓，其中 {} 条边为圆弧",
        strip="{1} 个点连线两侧各 {0:,.1f} 米",
        polygon="多边形，",
        corridor="下列各点连线两侧各 {:,.0f} 米：",
        port_circle="以 {1} 为圆心、半径 {0:,.0f} 米以内",
        box="东经 {:.4f} 至 {:.4f}、北纬 {:.4f} 至 {:.4f}",
        accuracy_of="{:,.0f} 米",
        part_of="其中一段 {:,.0f} 米",
        direction="方向",
        users="使用者",
        firs="情报区",
        hand_over="移交",
        hand_over_at="{} 至 {}，于 {}，{}（{}）",
        hand_over_unknown="依次移交，地点不明",
        no_hand_over_point="未公布移交点",
        port="口岸",
        port_of_entry="口岸起降场",
        opened_on="开通",
        opened_since="{} 起开通",
        helicopters="直升机",
        helicopter_answers={True: "可", False: "不可", None: "是否可用不明"},
        port_hours="开放",
        check="查验",
        unpublished="未公布",
        no_hours="未载明时间",
        unknown="不明",
        never="从不",
        daily="每日",
        join="；",
        colon="：",
        more="（另有 {} 段）",
        asks={
            Restriction.PROHIBITED: "禁止",
            Restriction.REQ_AUTHORIZATION: "须经批准",
            Restriction.CONDITIONAL: "有条件",
            Restriction.NO_RESTRICTION: "仅供参考",
        },
        statuses={
            FeatureStatus.AUTHORITATIVE: "权威",
            FeatureStatus.DERIVED: "推导",
            FeatureStatus.ILLUSTRATIVE: "示意",
        },
        status_notes={
            FeatureStatus.AUTHORITATIVE: "权威：据官方公布的数据录入",
            FeatureStatus.DERIVED: "推导：按公布的规则围绕所引点位构造",
            FeatureStatus.ILLUSTRATIVE: "示意：由本库绘制，只表示存在，不表示界限",
        },
        bases={
            BasisVerification.VERIFIED: "（已核对原文）",
            BasisVerification.PARTLY: "（部分核对）",
            BasisVerification.UNVERIFIED: "（未核实）",
        },
        days={
            Weekday.MON: "周一",
            Weekday.TUE: "周二",
            Weekday.WED: "周三",
            Weekday.THU: "周四",
            Weekday.FRI: "周五",
            Weekday.SAT: "周六",
            Weekday.SUN: "周日",
        },
        events={
            "BMCT": "晨光始（BMCT）",
            "SR": "日出（SR）",
            "SS": "日落（SS）",
            "EECT": "昏影终（EECT）",
        },
    ),
}
