"""What a page says by itself, each in both languages; a page shows one of them at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from lowalt.levels import VerticalReference
from lowalt.regulations.model import Bilingual
from lowalt.report.text import Language
from lowalt.wording import both

WORDS: Mapping[str, Bilingual] = MappingProxyType(
    {
        # Frame
        "report": both("飞行计划核查报告", "Flight plan report"),
        "language": both("语言", "Language"),
        "plan": both("计划", "Plan"),
        "take_off": both("起飞", "take-off"),
        "landing": both("降落", "landing"),
        "rules_of": both("适用该日规则", "rules of"),
        "submitted": both("申请提交", "application submitted"),
        "as_of": both("状态截至", "states as of"),
        "no_script": both(
            "浏览器未运行脚本：地图和剖面图不显示，其余内容完整。",
            "Scripts do not run here: the map and the profile are not shown, all else is.",
        ),
        "colon": both("：", ": "),
        # First screen
        "first_deadline": both("最先到期", "First deadline"),
        "perhaps": both("（视所缺信息而定）", "(may be owed, depending on what is missing)"),
        "no_deadline": both("没有须事先办理的期限。", "Nothing has to be seen to by a time."),
        "is_missing": both("尚缺的信息", "What is missing"),
        "nothing_missing": both(
            "没有会改变结论的信息缺失。", "Nothing that would change the decision."
        ),
        "would_pass": both("怎样改可以通过", "What would make it pass"),
        "it_takes": both("还须做什么", "What it takes"),
        "state_first": both(
            "先补齐所缺信息，再看须做什么。", "State what is missing first; then it can be said."
        ),
        "nothing_to_do": both("结论不要求再办理事项。", "The decision asks for nothing more."),
        "passes_already": both("按现状即可飞行。", "It passes as it is."),
        "none_passes": both(
            "未找到由运营人可以作出、肯定能通过的改动。",
            "No change was found that is the operator's to make and passes for sure.",
        ),
        "next_step": both("下一步，仅此尚不能通过", "a next step, not enough alone"),
        "passes": both("可以通过", "passes"),
        "all_remedies": both("全部改动方案", "All changes that were found"),
        "more": both("另有 {} 项", "and {} more"),
        # Sections
        "map": both("地图", "Map"),
        "profile": both("垂直剖面", "Vertical profile"),
        "findings": both("逐条结论", "Findings"),
        "timeline": both("办理时间表", "Timeline of obligations"),
        "missing": both("待补信息清单", "Missing facts"),
        "conflicts": both("与其他计划的冲突", "Conflicts with other plans"),
        "legs": both("分辖区结论", "By jurisdiction"),
        "not_held": both(
            "本库未收录、因而未作判断的法规", "Law that is not held here, and so was not judged"
        ),
        "notices": both("须知", "To know"),
        "basis": both("依据与版本", "What it rests on"),
        # Map
        "drawn_for_orientation": both(
            "仅供定位；结论按精确几何判定。",
            "Drawn for orientation; judged on the exact geometry.",
        ),
        "layers_land": both("辖区", "jurisdictions"),
        "layers_lines": both("界线", "boundaries"),
        "layers_zones": both("空域", "zones"),
        "layers_corridor": both("规定航线或走廊", "route to keep to"),
        "layers_around": both("航迹周边空域", "airspace around the track"),
        "layers_route": both("航迹", "track"),
        "layers_encounters": both("遇到空域的航段", "where zones are met"),
        "layers_sites": both("起降场与报告点", "sites"),
        "layers_conflicts": both("冲突", "conflicts"),
        "uncertain": both("（不能确定）", " (not certain)"),
        "area_held": both("占用区域", "area held"),
        "leaves_route": both("偏离航线", "leaves its route"),
        "met_here": both("本航段处于该空域内", "in this zone here"),
        "not_met": both("本次飞行未遇到", "not met by this flight"),
        "nothing_asked": both("遇到，但对本次飞行无要求", "met, but nothing is asked there"),
        "key_dashes": both(
            "边界：实线为官方公布，虚线为按公布规则推得，点线为示意",
            "limits: solid as published, dashed as derived from a published rule, dotted as an"
            " illustration",
        ),
        # Profile
        "by_time": both("按时间", "by time"),
        "by_distance": both("按距离", "by distance"),
        "distance": both("沿航迹距离，公里", "distance along the track, km"),
        "clock": both("时间（UTC+8）", "time, UTC+8"),
        "ground": both("地面", "ground"),
        "planned": both("计划高度", "planned level"),
        "around": both("周边空域上下限", "airspace around it"),
        "route_limits": both("航线上下限", "floor and ceiling of the route"),
        "true_height_120": both("真高 120 米", "120 m true height"),
        "zones_met": both("遇到的空域", "Zones met"),
        "no_zones": both("数据集所收空域均未遇到。", "It meets no zone of the dataset."),
        "mixed_heights": both(
            "各航点高度基准不同且无法换算，图中为计划所写的数值。",
            "Levels are above different references that cannot be brought together; the numbers of"
            " the plan are drawn.",
        ),
        "no_ground": both(
            "未提供地形，地面未绘制（--terrain）。",
            "The ground is not known and not drawn: give terrain (--terrain).",
        ),
        "other_ground": both(
            "高度的基准与地形不同且无法换算，地面未绘制。",
            "Heights are above something else than terrain is and cannot be converted; the ground"
            " is not drawn.",
        ),
        "no_buffer": both(
            "计划未写明垂直缓冲，周边空域的上下限未绘制。",
            "The plan states no vertical buffer; the airspace around it is not drawn.",
        ),
        "other_reference": both(
            "{} 的上下限按其他基准给出且无法换算，未在图中绘制。",
            "Limits of {} are above another reference and cannot be converted; they are not drawn.",
        ),
        "not_drawn": both("另有 {} 个空域只列于下表。", "{} more zones are only in the table."),
        "zone": both("空域", "zone"),
        "asks": both("要求", "asks"),
        "limits": both("高度", "levels"),
        "when": both("时间", "when"),
        "show": both("在地图上显示", "show on the map"),
        # Findings
        "because": both("事实", "because"),
        "observed": both("实际", "observed"),
        "limit": both("限值", "limit"),
        "margin": both("余量", "margin"),
        "action": both("办法", "to do"),
        "note": both("说明", "note"),
        "where": both("位置", "where"),
        "waived_by": both("免除依据", "waived by"),
        "provision": both("条文要点", "the provision says"),
        "source": both("来源", "source"),
        "in_force": both("施行", "in force"),
        "text_read": both("文本核对", "text"),
        "consequence": both("后果", "consequence"),
        "advice": both("提示（不影响结论）", "Advice (it does not change the decision)"),
        "advice_only": both("仅提示", "advice only"),
        "also_checked": both("另核对，与本次飞行无关", "Also checked, of no concern here"),
        # Timeline
        "is_late": both("已迟", "late"),
        "before_take_off": both("起飞前{}", "{} before take-off"),
        "after_take_off": both("起飞后{}", "{} after take-off"),
        "days": both("{}天", "{} d"),
        "hours": both("{}小时", "{} h"),
        "minutes": both("{}分钟", "{} min"),
        "perhaps_owed": both(
            "视所缺信息，可能还须办理", "What may be owed besides, depending on what is missing"
        ),
        "nothing_owed": both("没有须事先办理的事项。", "Nothing has to be seen to beforehand."),
        # Missing
        "could": both("不同答案可能导致", "the answer may make it"),
        "ask_authority": both("询问主管机构", "ask the authority"),
        "state_it": both("写入计划", "state it in the plan"),
        "for_rules": both("涉及", "for"),
        # Conflicts
        "no_conflicts": both("未发现冲突。", "None was found."),
        "closest": both("最近 {} 米，{}", "closest {} m at {}"),
        "in_area": both(
            "其中一方占用一片区域，区域内任何位置均可能出现",
            "one holds an area and may be anywhere in it",
        ),
        "our_inference": both("（次序为我们的推论）", " (the order is our inference)"),
        # Basis
        "library": both("软件", "library"),
        "airspace": both("空域数据", "airspace"),
        "rulebook": both("规则库", "rulebook"),
        "plan_digest": both("计划摘要", "digest of the plan"),
        "terrain": both("地形", "terrain"),
        "geoid": both("大地水准面", "geoid"),
        "not_advice": both(
            "由 lowalt 生成。不构成法律意见，不用于导航。",
            "Made by lowalt. Not legal advice, not for navigation.",
        ),
        "leaves_dataset": both(
            "该航段超出空域数据集范围，其空域未知",
            "it leaves the airspace dataset here: what airspace it meets is not known",
        ),
        "no_law": both(
            "本库未收录当地适用于该航空器的飞行法规",
            "no law of this place on such flights is held",
        ),
    }
)

HEIGHTS: Mapping[VerticalReference | None, Bilingual] = MappingProxyType(
    {
        VerticalReference.AMSL: both("海拔高度，米", "height above mean sea level, m"),
        VerticalReference.AGL: both("真高，米", "true height above ground, m"),
        VerticalReference.ATO: both("相对起飞点高度，米", "height above take-off, m"),
        VerticalReference.HAE: both("椭球高，米", "height above the ellipsoid, m"),
        None: both("计划所写高度，米", "levels as planned, m"),
    }
)

NOTHING = both("", "")
LANGUAGES: tuple[Language, Language] = ("zh", "en")


def each(of: Callable[[Language], str]) -> Bilingual:
    """Ask the same in both languages.

    Examples
    --------
    >>> each(lambda lang: lang.upper())["en"]
    'EN'
    """
    return both(of("zh"), of("en"))


def filled(text: Bilingual, *values: object) -> Bilingual:
    """Fill a pattern in both languages; values in both languages go each to its own.

    Examples
    --------
    >>> filled(both("另有 {} 项", "and {} more"), 3)["en"]
    'and 3 more'
    """

    def of(lang: str) -> str:
        return text[lang].format(
            *(value[lang] if isinstance(value, Mapping) else value for value in values)
        )

    return both(of("zh"), of("en"))


def same(text: str) -> Bilingual:
    """Give a name that is the same in both languages."""
    return both(text, text)
