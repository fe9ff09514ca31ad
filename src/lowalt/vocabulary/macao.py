"""Facts that the law of Macao asks for."""

from __future__ import annotations

from lowalt.units import FactUnit
from lowalt.vocabulary.words import flag, quantity

MACAO = (
    quantity(
        "macao_aerodrome_distance_mm",
        FactUnit.MILLIMETRE,
        "与澳门机场或升降场的最小距离",
        "least distance to an aerodrome or landing place of Macao",
        "macao.distance_to_aerodrome_m",
    ),
    flag(
        "is_in_macao_flight_path",
        "任何部分处于飞行航道范围内",
        "is partly inside the flight-path polygon",
        "macao.in_flight_path_polygon",
    ),
    quantity(
        "macao_building_distance_mm",
        FactUnit.MILLIMETRE,
        "与所列建筑物的最小距离",
        "least distance to a building listed in Macao",
        "macao.distance_to_listed_building_m",
    ),
    flag(
        "keeps_macao_limits",
        "符合民航局公布的高度等限制",
        "keeps to the height and other limits that the AACM publishes",
        "macao.within_published_limits",
    ),
    flag(
        "holds_aacm_authorisation",
        "持有涵盖本次飞行的澳门民航局许可",
        "holds an authorisation of the AACM that covers the flight",
        "macao.authorisation",
    ),
    flag(
        "holds_aacm_crossing_authorisation",
        "持有澳门民航局的跨境飞行许可",
        "holds an authorisation of the AACM to cross the boundary",
        "macao.authorisation.covers_crossing",
    ),
    flag(
        "is_registered_in_macao",
        "已在澳门民航局登记",
        "is registered with the AACM",
        "macao.registered",
    ),
    flag(
        "is_labelled_in_macao",
        "已贴上澳门登记标签",
        "carries the registration label of Macao",
        "macao.labelled",
    ),
    flag(
        "is_notified_in_macao",
        "飞行前已通知澳门民航局",
        "the flight is notified to the AACM beforehand",
        "macao.flight_notified",
    ),
    flag(
        "has_macao_operator_permit",
        "持有澳门经营人许可",
        "holds the operator permit of Macao",
        "macao.operator_permit",
    ),
    flag(
        "has_macao_activity_permit",
        "持有澳门活动许可",
        "holds the activity permit of Macao",
        "macao.activity_permit",
    ),
    flag(
        "has_macao_insurance",
        "持有澳门要求的保险",
        "holds the insurance that Macao asks for",
        "macao.insured",
    ),
    flag(
        "is_under_macao_ban",
        "处于澳门临时禁飞的范围和时间内",
        "is inside the area and time of a temporary ban of Macao",
        "macao.temporary_ban",
    ),
    flag(
        "is_macao_government_flight",
        "澳门政府飞行",
        "is a flight of the government of Macao",
        "macao.government_flight",
    ),
)
