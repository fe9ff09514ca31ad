"""Facts of manned aircraft: crew, fuel and what general aviation files."""

from __future__ import annotations

from lowalt.terms import PerformanceClass
from lowalt.units import FactUnit
from lowalt.vocabulary.words import Fact, day, flag, quantity, word

_KIND_OF_FLIGHT = (
    flag("is_helicopter", "直升机", "is a helicopter", "manned.helicopter"),
    flag("is_visual_flight", "目视飞行", "is a visual flight", "manned.visual_flight"),
    flag(
        "is_public_air_transport",
        "公共航空运输飞行",
        "is public air transport",
        "manned.public_air_transport",
    ),
    flag(
        "is_anti_smuggling",
        "海关缉私飞行",
        "is flown by customs against smuggling",
        "manned.anti_smuggling",
    ),
    flag("is_business_flight", "公务飞行", "is a business flight", "manned.business_flight"),
    flag(
        "crosses_national_airspace",
        "飞出或者飞入我国领空",
        "enters or leaves the airspace of China",
        "manned.crosses_national_airspace",
    ),
    flag(
        "flies_beyond_coast_line",
        "超出领海（海岸）线",
        "goes beyond the line of the territorial sea or coast",
        "manned.beyond_coast_line",
    ),
    quantity(
        "land_border_distance_mm",
        FactUnit.MILLIMETRE,
        "与陆地国（边）界线的最小距离",
        "least distance to a national land border",
        "manned.distance_to_land_border_m",
    ),
)
_FILING = (
    day(
        "task_requested_on",
        "任务申请提出日期",
        "day the task approval was asked for",
        "manned.task_requested_on",
    ),
    flag(
        "uses_temporary_airspace",
        "使用临时飞行空域",
        "uses temporary airspace",
        "manned.temporary_airspace",
    ),
    day(
        "airspace_requested_on",
        "临时飞行空域申请提出日期",
        "day the temporary airspace was asked for",
        "manned.temporary_airspace.requested_on",
    ),
    day(
        "airspace_first_day",
        "临时飞行空域使用首日",
        "first day of the temporary airspace",
        "manned.temporary_airspace.first_day",
    ),
    day(
        "airspace_last_day",
        "临时飞行空域使用末日",
        "last day of the temporary airspace",
        "manned.temporary_airspace.last_day",
    ),
    flag(
        "is_under_short_term_plan",
        "按短期飞行计划飞行",
        "is flown under a short-term plan",
        "manned.short_term_plan",
    ),
    day(
        "short_term_plan_first_day",
        "短期飞行计划首日",
        "first day of the short-term plan",
        "manned.short_term_plan.first_day",
    ),
    day(
        "short_term_plan_last_day",
        "短期飞行计划末日",
        "last day of the short-term plan",
        "manned.short_term_plan.last_day",
    ),
    flag(
        "uses_temporary_route",
        "使用临时航线转场飞行",
        "is a transfer flight along a temporary route",
        "manned.temporary_route",
    ),
    flag("plan_names_unit", "计划：飞行单位", "plan: flying organisation", "operator.name"),
    flag("plan_names_task", "计划：飞行任务性质", "plan: nature of the task", "mission.kind"),
    flag(
        "plan_names_crew",
        "计划：机长姓名、代号（呼号）和空勤组人数",
        "plan: commander, call sign and number of crew",
        "manned.commander, manned.call_sign, manned.crew_count",
    ),
    flag(
        "plan_names_type",
        "计划：航空器型别和架数",
        "plan: type and number of aircraft",
        "aircraft.model, aircraft.count",
    ),
    flag(
        "plan_names_communication",
        "计划：通信联络方法和二次雷达应答机代码",
        "plan: communications and transponder code",
        "communication.means, manned.transponder_code",
    ),
    flag(
        "plan_names_weather",
        "计划：飞行气象条件",
        "plan: weather for the flight",
        "weather.visibility_m, weather.cloud_base_agl_m, weather.reports",
    ),
    flag(
        "plan_names_route",
        "计划：航线、飞行高度和飞行范围",
        "plan: route, height and extent",
        "waypoints",
    ),
    flag(
        "has_foreign_aircraft_approval",
        "外国航空器已获准飞入、飞出或者在境内飞行",
        "foreign aircraft is approved to fly into, out of or within China",
        "manned.foreign_aircraft_approved",
    ),
)
_CONDUCT = (
    flag(
        "weather_meets_minima",
        "天气不低于机长最低气象条件",
        "weather is at or above the commander's minima",
        "weather.meets_commander_minima",
    ),
    flag(
        "stays_clear_of_cloud",
        "保持在云外并能目视地面",
        "stays clear of cloud with the surface in sight",
        "weather.surface_stays_in_sight",
    ),
    quantity(
        "height_over_population_mm",
        FactUnit.MILLIMETRE,
        "人口稠密区上空最低真高",
        "least true height over dense population",
        "manned.min_height_over_population_m",
        reference="AGL",
    ),
    quantity(
        "fuel_reserve_ms",
        FactUnit.MILLISECOND,
        "到达首个着陆点后剩余燃油可飞时间",
        "flight time that the fuel leaves at the first point of landing",
        "manned.fuel_endurance_s, manned.route_time_s",
    ),
    quantity(
        "highest_altitude_mm",
        FactUnit.MILLIMETRE,
        "最大海拔高度",
        "greatest altitude above sea level",
        "manned.max_altitude_amsl_m",
        reference="AMSL",
    ),
    flag("flies_over_water", "飞越水面", "passes over water", "manned.over_water"),
    word(
        "performance_class",
        PerformanceClass,
        "直升机性能等级",
        "performance class of the helicopter",
        "manned.over_water.performance_class",
    ),
    quantity(
        "time_from_land_ms",
        FactUnit.MILLISECOND,
        "距陆地的最大巡航飞行时间",
        "greatest flight time from land at cruising speed",
        "manned.over_water.max_time_from_land_s",
    ),
    flag(
        "stays_in_autorotation_reach",
        "始终在距陆地的自转飞行距离内",
        "stays within autorotation distance of land",
        "manned.over_water.within_autorotation_distance",
    ),
    flag(
        "has_life_jackets",
        "每人均有随手可取的救生衣",
        "has a life jacket within reach of everybody",
        "manned.over_water.life_jackets",
    ),
    flag("overflies_city", "飞越城市上空", "passes over a city", "manned.overflies_city"),
    flag(
        "city_overflight_is_needed",
        "为起飞、降落或者指定航路所必需",
        "take-off, landing or an assigned route require it",
        "manned.city_overflight_needed",
    ),
    flag(
        "clears_city_in_emergency",
        "高度足以在紧急情况时离开城市上空",
        "is high enough to leave the city in an emergency",
        "manned.clears_city_in_emergency",
    ),
    flag(
        "has_city_overflight_approval",
        "飞越城市上空已按国家规定的程序获得批准",
        "passing over the city is approved",
        "manned.city_overflight_approved",
    ),
    flag("drops_objects", "投掷或者喷洒", "drops or sprays something", "payload.drops_objects"),
    flag(
        "dropping_serves_safety",
        "投掷为飞行安全所必需",
        "flight safety requires the dropping",
        "manned.dropping_for_safety",
    ),
    flag(
        "is_public_welfare",
        "符合社会公共利益的飞行任务",
        "the task serves the public interest",
        "mission.is_public_welfare",
    ),
    flag(
        "carries_between_mainland_points",
        "经营内地两点之间的运输",
        "carries for hire between two points of the Mainland",
        "manned.carries_between_mainland_points",
    ),
)

MANNED: tuple[Fact, ...] = (*_KIND_OF_FLIGHT, *_FILING, *_CONDUCT)
