"""Legal terms: facts that an article defines."""

from __future__ import annotations

from lowalt.vocabulary.words import Scope, term

TERMS = (
    term("is_micro", "属于微型无人驾驶航空器", "is a micro unmanned aircraft"),
    term("is_at_most_light", "属于微型或轻型", "is micro or light"),
    term("is_at_most_small", "属于微型、轻型或小型", "is micro, light or small"),
    term("is_at_most_medium", "属于中型及以下", "is medium or less"),
    term("is_agricultural_class", "属于农用无人驾驶航空器", "is an agricultural unmanned aircraft"),
    term("is_model_aircraft", "属于模型航空器", "is a model aircraft"),
    term("is_open_category", "属于开放类运行", "is an operation of the open category"),
    term("is_routine_agriculture", "属于常规农用作业飞行", "is a routine agricultural operation"),
    term(
        "is_controlled_zone",
        "该空域属于管制空域",
        "the zone is controlled airspace",
        scope=Scope.ENCOUNTER,
    ),
    term(
        "is_above_ceiling",
        "真高达到管制空域下限",
        "reaches the true height where controlled airspace begins",
    ),
    term("is_in_suitable_airspace", "全程位于适飞空域", "is wholly in suitable airspace"),
    term(
        "is_flight_approved",
        "飞行活动批准覆盖本次飞行和机型类别",
        "a flight-activity approval covers flight and class",
    ),
    term(
        "is_long_term_approved",
        "长期批准覆盖本次飞行和机型类别",
        "a long-term approval covers flight and class",
    ),
    term("is_urgent_task", "属于紧急任务", "is an urgent task"),
    term("is_airport_work", "属于机场巡检、勘察、校验飞行", "is work for an airport"),
    term(
        "is_urgent_ga_task",
        "属于通用航空紧急任务",
        "is an urgent general-aviation task",
    ),
    term("leaves_mainland", "飞出内地", "leaves the Mainland"),
    term(
        "crosses_boundary",
        "往来内地与香港、澳门",
        "flies between the Mainland and Hong Kong or Macao",
    ),
    term("is_hk_category_a1", "属于香港A1类", "is of Hong Kong category A1"),
    term("is_at_most_hk_category_a2", "属于香港A1或A2类", "is of Hong Kong category A1 or A2"),
    term("is_at_most_hk_category_b", "属于香港A1、A2或B类", "is of Hong Kong category A1, A2 or B"),
    term("is_at_most_hk_category_c", "属于香港A1、A2、B或C类", "is of Hong Kong category A1 to C"),
    term("is_public_body", "警察、海关或应急管理部门", "police, customs or emergency management"),
    term(
        "needs_task_document",
        "属于须提交任务批准文件的飞行",
        "is a task that needs an approval document",
    ),
)
