"""Facts of the standard scenario claimed, and of an isolated area."""

from __future__ import annotations

from lowalt.terms import AirRisk, StandardScenario
from lowalt.units import FactUnit
from lowalt.vocabulary.words import Fact, Scope, flag, quantity, word

SCENARIO = (
    word(
        "standard_scenario",
        StandardScenario,
        "申报的标准场景",
        "standard scenario claimed",
        "mission.scenario.kind",
    ),
    flag(
        "has_fixed_isolated_route",
        "航线固定且隔离",
        "route is fixed and isolated",
        "mission.scenario.fixed_isolated_route",
    ),
    quantity(
        "exit_rate_per_gh",
        FactUnit.PER_GIGAHOUR,
        "每飞行小时离开运行空域的概率",
        "probability of leaving the operational volume, per flight hour",
        "mission.scenario.exit_probability_per_h",
    ),
    Fact(
        "ground_buffer_ratio_ppm",
        Scope.FLIGHT,
        int,
        "地面缓冲区宽度与最大真高之比",
        "width of the ground buffer as a share of the greatest true height",
        unit=FactUnit.PARTS_PER_MILLION,
        field="mission.scenario.ground_buffer_m",
    ),
    flag(
        "is_beside_residential_area",
        "邻近居民区",
        "is flown beside a residential area",
        "mission.scenario.beside_residential_area",
    ),
    flag(
        "is_over_controlled_ground",
        "在受控地面区域上空",
        "is flown over a controlled ground area",
        "mission.scenario.controlled_ground_area",
    ),
    word(
        "adjacent_air_risk",
        AirRisk,
        "邻近空域的空中风险等级",
        "air-risk class of the adjacent airspace",
        "mission.scenario.adjacent_air_risk",
    ),
    quantity(
        "air_buffer_mm",
        FactUnit.MILLIMETRE,
        "与邻近空域的水平距离",
        "horizontal distance from the adjacent airspace",
        "mission.scenario.air_buffer_m",
    ),
    quantity(
        "descent_time_ms",
        FactUnit.MILLISECOND,
        "发生冲突时降至安全高度的时间",
        "time to reach a safe height in a conflict",
        "mission.scenario.descent_to_safe_height_s",
    ),
    flag(
        "pilot_flies_several",
        "一名操控员同时操控多架",
        "one pilot flies several aircraft at a time",
        "mission.scenario.pilot_flies_several",
    ),
    flag(
        "hands_over_control",
        "飞行中移交操控",
        "control passes to another pilot in flight",
        "mission.scenario.hands_over_control",
    ),
    quantity(
        "obstacle_distance_mm",
        FactUnit.MILLIMETRE,
        "与巡检设施的水平距离",
        "horizontal distance to the structure inspected",
        "mission.scenario.obstacle.distance_m",
    ),
    quantity(
        "obstacle_height_mm",
        FactUnit.MILLIMETRE,
        "巡检设施的高度",
        "height of the structure inspected",
        "mission.scenario.obstacle.height_m",
    ),
    quantity(
        "height_above_obstacle_mm",
        FactUnit.MILLIMETRE,
        "高出巡检设施的高度",
        "height flown above the structure inspected",
        "mission.scenario.obstacle.height_above_m",
    ),
    flag(
        "is_in_isolated_area",
        "在民航空管空域的隔离空域内",
        "is kept in an isolated area of civil ATM airspace",
        "mission.isolated_area.used",
    ),
    quantity(
        "isolated_area_gap_mm",
        FactUnit.MILLIMETRE,
        "隔离空域与其他空域的水平间隔",
        "horizontal gap between the isolated area and other airspace",
        "mission.isolated_area.horizontal_gap_m",
    ),
    quantity(
        "isolated_area_vertical_gap_mm",
        FactUnit.MILLIMETRE,
        "隔离空域与其他空域的垂直间隔",
        "vertical gap between the isolated area and other airspace",
        "mission.isolated_area.vertical_gap_m",
    ),
    quantity(
        "isolated_area_margin_mm",
        FactUnit.MILLIMETRE,
        "与隔离空域边界的内侧距离",
        "distance kept inside the boundary of the isolated area",
        "mission.isolated_area.inner_margin_m",
    ),
)
