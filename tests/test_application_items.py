"""The thirteen items of an application (decree 761 art. 27), checked one by one."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lowalt import assess, load_airspace, load_rulebook, parse_plan
from lowalt.verdicts import Item, Obligation

PLANS = Path(__file__).parent.parent / "examples" / "plans"
NEAR_AIRPORT = json.loads(
    (PLANS / "03_delivery_near_airport_filed_in_time.json").read_text("utf-8")
) | {"other_data": "none asked for"}

# Each item as art. 27 orders them, with a field without which it is not stated.
ITEMS = [
    ("organiser", "operator.name"),
    ("type, number", "aircraft.registration.mark"),
    ("task and flight mode", "mission.control_mode"),
    ("alternate sites", "alternate_sites"),
    ("communications", "communication.means"),
    ("start and end", None),
    ("entered and left", "entry_exit_method"),
    ("C2 frequency", "communication.c2_bandwidth_mhz"),
    ("navigation and surveillance", "communication.navigation_means"),
    ("transponder", "communication.surveillance_code_requested"),
    ("emergency procedures", "emergency_plan.has_procedures"),
    ("special support", "special_support"),
    ("other data", "other_data"),
]


def without(path: str) -> dict[str, Any]:
    plan: dict[str, Any] = copy.deepcopy(NEAR_AIRPORT)
    *parts, last = path.split(".")
    holder = plan
    for part in parts:
        holder = holder[part]
    holder[last] = None
    return plan


def application(plan: dict[str, Any]) -> Obligation:
    book = load_rulebook("shenzhen", on=date(2026, 6, 10), engine="reference")
    verdict = assess(parse_plan(plan), airspace=load_airspace("shenzhen"), rulebook=book)
    (asked,) = (o for o in verdict.obligations if o.citation == "cn/order_761_2023#art_27")
    return asked


def items(plan: dict[str, Any]) -> tuple[Item, ...]:
    return application(plan).items


def test_an_application_hands_in_thirteen_items_in_the_order_of_the_decree() -> None:
    found = items(NEAR_AIRPORT)
    assert len(found) == 13
    for item, (word, field) in zip(found, ITEMS, strict=True):
        assert word in item.text["en"]
        assert item.text["zh"].startswith("申请：")
        assert field is None or field.partition(".")[0] in item.field


def test_a_complete_application_lacks_nothing() -> None:
    assert [item.met for item in items(NEAR_AIRPORT)] == [True] * 13
    assert application(NEAR_AIRPORT).met is True


@pytest.mark.parametrize("number", [n for n, (_, field) in enumerate(ITEMS) if field is not None])
def test_what_is_left_out_leaves_its_own_item_open_and_no_other(number: int) -> None:
    field = ITEMS[number][1]
    assert field is not None
    asked = application(without(field))
    assert [n for n, item in enumerate(asked.items) if item.met is None] == [number]
    assert asked.met is None


def test_an_application_without_procedures_lacks_them() -> None:
    plan = copy.deepcopy(NEAR_AIRPORT)
    plan["emergency_plan"]["has_procedures"] = False
    asked = application(plan)
    assert [n for n, item in enumerate(asked.items) if item.met is False] == [10]
    assert asked.met is False
