"""Facts of place and time: the flight, its legs and the zones it meets."""

from __future__ import annotations

from lowalt.terms import Jurisdiction, Notice, ZoneKind
from lowalt.units import FactUnit
from lowalt.vocabulary.words import Scope, flag, instant, quantity, word

PLACE = (
    flag("is_within_dataset", "全程位于空域数据集范围内", "wholly inside the airspace dataset"),
    quantity(
        "max_true_height_mm",
        FactUnit.MILLIMETRE,
        "最大真高",
        "greatest true height",
        "waypoints[].level, vertical_buffer_m",
        reference="AGL",
    ),
    flag("is_partly_at_night", "部分时间在夜间", "is partly flown between sunset and sunrise"),
    flag(
        "is_wholly_in_aviation_camp",
        "全程位于航空飞行营地空域",
        "wholly inside aviation-camp airspace",
    ),
    flag(
        "is_within_one_control_subzone",
        "全程在一个飞行管制分区内",
        "stays inside one flight-control sub-zone",
        "mission.control_area",
    ),
    flag(
        "is_within_one_control_zone",
        "全程在一个飞行管制区内",
        "stays inside one flight-control zone",
        "mission.control_area",
    ),
    word("jurisdiction", Jurisdiction, "所在辖区", "the jurisdiction", scope=Scope.LEG),
    flag(
        "leg_is_partly_at_night",
        "该航段部分时间在夜间",
        "the leg is partly flown between sunset and sunrise",
        scope=Scope.LEG,
    ),
    word("zone_kind", ZoneKind, "空域类别", "kind of zone", scope=Scope.ENCOUNTER),
    word(
        "zone_jurisdiction",
        Jurisdiction,
        "空域所在辖区",
        "jurisdiction that the zone belongs to",
        scope=Scope.ENCOUNTER,
    ),
    flag(
        "zone_binds_micro",
        "微型无人驾驶航空器在此同样受限",
        "the zone binds micro unmanned aircraft here too",
        scope=Scope.ENCOUNTER,
    ),
    flag(
        "zone_is_closed",
        "该空域禁止进入",
        "the zone is closed to all flights",
        scope=Scope.ENCOUNTER,
    ),
    word("zone_notice", Notice, "依据的通告", "notice the zone rests on", scope=Scope.ENCOUNTER),
    flag(
        "zone_is_verified",
        "空域范围已经核实",
        "the zone's limits are verified",
        scope=Scope.ENCOUNTER,
    ),
    flag(
        "holds_zone_approval",
        "持有进入该空域的批准",
        "holds an approval for this zone",
        "approvals",
        scope=Scope.ENCOUNTER,
    ),
    instant("zone_starts_at", "空域生效时间", "time the zone takes effect", scope=Scope.ENCOUNTER),
    instant(
        "zone_published_at", "空域公布时间", "time the zone was published", scope=Scope.ENCOUNTER
    ),
)
