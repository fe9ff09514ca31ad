"""What the page of a day says by itself, each in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from lowalt.regulations.model import Bilingual
from lowalt.verdicts import Decision, Status
from lowalt.wording import both

DAY_WORDS: Mapping[str, Bilingual] = MappingProxyType(
    {
        "title": both("一日飞行计划", "Flight plans of a day"),
        "language": both("语言", "Language"),
        "plans": both("份计划", "plans"),
        "no_script": both(
            "浏览器未运行脚本：计划表、地图和密度视图不显示，汇总内容完整。",
            "Scripts do not run here: the table of plans, the map and the density view are not"
            " shown; the summary is complete.",
        ),
        "deadlines": both("最早的期限", "Earliest deadlines"),
        "deadlines_note": both(
            "只统计已作完整核查的计划（{} 份）。",
            "Of the plans that were assessed in full ({}).",
        ),
        "no_deadlines": both("没有须按期办理的事项。", "Nothing has to be seen to by a time."),
        "late": both("已迟", "late"),
        "frequent": both("最常见的不符合与待办", "What most often stands against it"),
        "no_frequent": both("没有不符合或者待办的规则。", "No rule is unmet."),
        "above": both("超过容量的时段", "Hours above the capacity"),
        "above_count": both(
            "容量 {}：{} 个网格与高度层超出",
            "capacity {}: exceeded in {} cells and bands",
        ),
        "none_above": both(
            "没有网格在任何时段超过容量 {}。", "No cell is above the capacity of {} at any time."
        ),
        "no_capacity": both(
            "未选定容量（--capacity N）。", "No capacity was chosen (--capacity N)."
        ),
        "cell": both("网格中心", "middle of the cell"),
        "band": both("高度层", "height band"),
        "period": both("时段（UTC+8）", "time, UTC+8"),
        "most": both("最多架次", "most flights"),
        "which": both("哪些计划", "which plans"),
        "more": both("另有 {} 项", "and {} more"),
        "map": both("地图", "Map"),
        "map_note": both(
            "航线按结论着色并以线型区分；仅供定位，结论按精确几何判定。点按地图后可用滚轮缩放。",
            "Routes are coloured by decision, and told apart by their dashes too. Drawn for"
            " orientation; judged on the exact geometry. Click the map to zoom with the wheel.",
        ),
        "zones": both("空域", "zones"),
        "lines": both("界线", "boundaries"),
        "routes": both("航线", "routes"),
        "table": both("计划", "Plans"),
        "search": both("查找计划或运营人", "Find a plan or operator"),
        "left_out": both(
            "另有 {} 份计划未列入本页（结论最宽者）；全部结果见 --out 文件。",
            "{} more plans are not on this page, those with the most lenient decisions; all are in"
            " the file of --out.",
        ),
        "printed": both(
            "打印时最多列出 {} 份计划；先按结论或名称筛选。",
            "At most {} plans are printed: pick out a decision or a name first.",
        ),
        "plan": both("计划", "plan"),
        "operator": both("运营人", "operator"),
        "departure": both("起飞", "take-off"),
        "decision": both("结论", "decision"),
        "findings": both("主要问题", "main findings"),
        "deadline": both("最先到期", "first deadline"),
        "conflicts": both("冲突", "conflicts"),
        "sort_by": both("点按列名排序", "press a heading to sort"),
        "from_to": both("可能从“{}”到“{}”", "from {} to {}"),
        "density": both("密度", "Density"),
        "density_note": both(
            "每个网格、高度层和时段内出现的飞行架次（不论停留长短各计一次）。网格边长 {} 米，"
            "时段 {} 分钟。航线按计划航迹计，占用区域的飞行在整片区域内计。",
            "Flights present in each cell, height band and time slot, each counted once however"
            " long it stays. Cells of {} m, slots of {} minutes. A route counts where its planned"
            " line is, a flight that holds an area everywhere in it.",
        ),
        "slot": both("时段", "time slot"),
        "all_bands": both("各层最大值", "the most in any band"),
        "play": both("播放", "play"),
        "pause": both("暂停", "pause"),
        "under_way": both("在飞架次", "flights under way"),
        "busiest": both("最密网格", "busiest cell"),
        "capacity": both("容量", "capacity"),
        "flights_here": both("架次", "flights"),
        "least_drawn": both(
            "架次少于 {} 的网格未列入本页。",
            "Cells with fewer than {} flights are not on this page.",
        ),
        "no_density": both("未计算密度。", "The density was not counted."),
        "basis": both("依据与版本", "What it rests on"),
        "library": both("软件", "library"),
        "airspace": both("空域数据", "airspace"),
        "rules": both("规则库", "rulebook"),
        "not_advice": both(
            "由 lowalt 生成。不构成法律意见，不用于导航。",
            "Made by lowalt. Not legal advice, not for navigation.",
        ),
    }
)

STATUS_WORDS: Mapping[Status, Bilingual] = MappingProxyType(
    {
        Status.BREACHED: both("不符合", "breached"),
        Status.REQUIRED: both("须办理", "required"),
        Status.MISSING_INFO: both("缺信息", "missing"),
    }
)
"""Statuses that a table of a day names, the worst first."""

DECISION_WORDS: Mapping[Decision, Bilingual] = MappingProxyType(
    {decision: both(decision.label("zh"), decision.label("en")) for decision in Decision}
)

STRICTEST_FIRST = (
    Decision.PROHIBITED,
    Decision.INDETERMINATE,
    Decision.APPROVAL_REQUIRED,
    Decision.CONFIRMATION_REQUIRED,
    Decision.FILING_REQUIRED,
    Decision.PERMITTED,
)
"""Decisions in the order in which they need attention."""
