"""Facts of crossing the boundary: ports, border inspection, customs and quarantine."""

from __future__ import annotations

from lowalt.terms import CrossingPort
from lowalt.units import FactUnit
from lowalt.vocabulary.words import flag, instant, quantity, word

CROSSING = (
    flag("departs_from_mainland", "自内地起飞", "takes off on the Mainland"),
    flag("lands_on_mainland", "在内地降落", "lands on the Mainland"),
    word("exit_port", CrossingPort, "出境口岸", "port of exit", "crossing.exit_port"),
    word("entry_port", CrossingPort, "入境口岸", "port of entry", "crossing.entry_port"),
    flag(
        "exit_port_is_closed",
        "按公布的开放时间，出境口岸在起飞时不开放",
        "the port of exit is closed at take-off by its published hours",
    ),
    flag(
        "entry_port_is_closed",
        "按公布的开放时间，入境口岸在降落时不开放",
        "the port of entry is closed at landing by its published hours",
    ),
    flag(
        "exit_port_hours_are_known",
        "出境口岸的开放时间已公布",
        "hours of the port of exit are published",
    ),
    flag(
        "entry_port_hours_are_known",
        "入境口岸的开放时间已公布",
        "hours of the port of entry are published",
    ),
    flag(
        "has_special_port_approval",
        "经特别批准在对外开放口岸以外出入境",
        "is specially approved to leave or enter elsewhere than at an open port",
        "crossing.special_port_approval",
    ),
    flag(
        "border_inspection_is_told",
        "起飞前已通知出入境边防检查机关",
        "border inspection is told before take-off",
        "crossing.border_inspection_told_at",
        dated_by="border_inspection_told_at",
    ),
    instant(
        "border_inspection_told_at",
        "通知出入境边防检查机关的时间",
        "time border inspection was told",
        "crossing.border_inspection_told_at",
    ),
    instant(
        "customs_told_at", "通知海关的时间", "time customs was told", "crossing.customs_told_at"
    ),
    flag(
        "customs_is_told",
        "起飞前已通知海关",
        "customs is told before take-off",
        "crossing.customs_told_at",
        dated_by="customs_told_at",
    ),
    flag(
        "lists_are_declared",
        "已申报机组和旅客名单",
        "crew and passenger lists are declared",
        "crossing.lists_declared",
    ),
    flag(
        "keeps_prescribed_route",
        "按规定的路线飞行",
        "keeps to the prescribed route",
        "crossing.keeps_prescribed_route",
        measured_by="prescribed_route_margin_mm",
    ),
    quantity(
        "prescribed_route_margin_mm",
        FactUnit.MILLIMETRE,
        "距规定航线边缘的最小余量",
        "least margin to the edge of the prescribed route",
        "crossing.prescribed_route",
    ),
    flag(
        "is_off_named_corridor",
        "航迹在计划所列航线之外，且超出其精度",
        "the track lies off the corridor that the plan names, by more than that is known to",
        "crossing.corridor",
    ),
    flag(
        "names_standing_route",
        "沿空域数据载有的无人机常设跨境航线飞行",
        "names a standing route for unmanned aircraft that the airspace data hold",
        "crossing.corridor",
    ),
    flag(
        "carries_biological_material",
        "运载血液、人体组织、病原微生物或生物制品",
        "carries blood, tissue, organs, pathogens or biological products",
        "payload.biological_material",
    ),
    flag(
        "biological_material_is_medicine",
        "该物品按药品、兽药或医疗器械管理",
        "the material is regulated as a drug, veterinary drug or medical device",
        "crossing.regulated_as_drug_or_device",
    ),
    flag(
        "has_quarantine_approval",
        "持有海关卫生检疫审批",
        "holds the quarantine approval of customs",
        "crossing.quarantine_approval",
    ),
)
