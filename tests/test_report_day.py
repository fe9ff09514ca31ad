"""The page of a day: what it says, what it weighs, and that nothing in it comes from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.browser import Browser, browsing

import lowalt as la
from lowalt.assessment.many import VerdictTable
from lowalt.density import density_table
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan
from lowalt.report.conflicts import PlanConflict
from lowalt.report.day import day_page
from lowalt.report.day.crowding import drawn
from lowalt.report.day.drawing import bounds_of, coded, routes_of
from lowalt.report.day.rows import MOST_LISTED, shortened
from lowalt.verdicts import Decision, Verdict

HOSTILE = "</script><img src=x onerror=window.pwned=1>"


@dataclass(frozen=True)
class Day:
    airspace: la.AirspaceDataset
    plans: tuple[FlightPlan, ...]
    table: VerdictTable
    verdicts: tuple[Verdict, ...]

    def page(self, **options: Any) -> str:
        given = {"verdicts": self.verdicts, "airspace": self.airspace, **options}
        return day_page(self.plans, self.table, **given)


@pytest.fixture(scope="module")
def day() -> Day:
    airspace = la.load_airspace("shenzhen")
    made = la.day_of_services(date(2026, 6, 9), seed=7, airspace=airspace, scale=0.012)
    hostile = made[0].model_copy(update={"plan_id": HOSTILE})
    late = [
        la.read_plan(f"examples/plans/{name}.json")
        for name in ("04_delivery_near_airport_filed_late", "14_half_the_facts_missing")
    ]
    plans = (hostile, *made[1:], *late)
    table = la.assess_many(plans, airspace=airspace)
    open_plans = [n for n, found in enumerate(table.decisions) if found is not Decision.PERMITTED]
    return Day(airspace, plans, table, tuple(table.verdict(n) for n in open_plans[:6]))


@pytest.fixture(scope="module")
def page(day: Day) -> str:
    return day.page(density=density_table(day.plans), capacity=1)


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_every_plan_has_a_row_with_its_decision_strictest_first(day: Day, page: str) -> None:
    rows = data_of(page)["plans"]
    assert len(rows) == len(day.plans)
    assert sorted(row[0] for row in rows) == sorted(shortened(p.plan_id) for p in day.plans)
    assert [row[3] for row in rows] == sorted(row[3] for row in rows)
    names = re.findall(r'data-decision="(\d)".*?</span> <b>(\d+)</b>', page)
    counted = {int(number): int(count) for number, count in names}
    numbers = [row[3] for row in rows]
    assert counted == {number: numbers.count(number) for number in set(numbers)}


def test_a_late_deadline_stands_first_with_its_plan(day: Day, page: str) -> None:
    late = "04-delivery-near-airport-filed-late"
    first = page[page.index('id="deadlines"') :][:900]
    found = next(plan for plan in day.plans if "late" in plan.plan_id or plan.plan_id == late)
    assert "已迟" in first
    assert found.plan_id in first


def test_the_same_input_gives_the_same_bytes(day: Day, page: str) -> None:
    assert day.page(density=density_table(day.plans), capacity=1) == page


def test_a_hostile_name_is_text_and_ends_no_script(page: str) -> None:
    assert "<img src=x" not in page
    assert any(row[0] == HOSTILE for row in data_of(page)["plans"])


def test_density_of_the_page_is_that_of_the_table(day: Day, page: str) -> None:
    table = density_table(day.plans)
    sky = data_of(page)["density"]
    counts = [row[1::2] for slot in sky["slots"] for row in slot.values()]
    assert sum(map(sum, counts)) == int(table.flights.sum())
    assert sum(map(len, counts)) == len(table)
    under_way = dict(zip(sky["times"], sky["by_slot"], strict=True))
    for slot, *expected in table.by_slot.tolist():
        assert under_way.get(slot - sky["first"], [0, 0]) == expected
    # Cells are found again from differences: those of the busiest row are its centre.
    busiest = int(table.flights.argmax())
    slot = sky["slots"][sky["times"].index(int(table.slot[busiest]) - sky["first"])]
    cells = np.cumsum(np.array(sky["cells"]).reshape(-1, 2), axis=0) / 1e5
    most = max(
        (
            (flights, cell)
            for row in slot.values()
            for cell, flights in zip(np.cumsum(row[::2]).tolist(), row[1::2], strict=True)
        ),
    )
    assert most[0] == int(table.flights[busiest])
    drawn = {tuple(cells[cell].round(4)) for row in slot.values() for cell in np.cumsum(row[::2])}
    assert tuple(table.grid.centres(table.cells[busiest : busiest + 1])[0].round(4)) in drawn


def test_plans_of_many_days_weigh_no_more_than_their_flights(day: Day) -> None:
    months = tuple(
        plan.model_copy(
            update={
                "plan_id": f"later-{number}",
                "waypoints": tuple(
                    point.model_copy(update={"time": point.time + timedelta(days=30 * number)})
                    for point in plan.waypoints or ()
                ),
            }
        )
        for number, plan in enumerate([day.plans[1]] * 10)
    )
    sky = drawn(density_table(months), None)
    assert len(sky["times"]) == len(sky["slots"]) < 100
    # Each of the ten days ends with a slot without flights.
    assert [not slot for slot in sky["slots"]].count(True) == 10
    assert [pair for pair in sky["by_slot"] if not any(pair)] == [[0, 0]] * 10


def test_hours_above_the_capacity_are_listed_or_said_to_be_none(day: Day) -> None:
    counted = density_table(day.plans)
    over = len(counted.above(0))
    crowded = day.page(density=counted, capacity=0)
    assert f"capacity 0: exceeded in {over} cells" in crowded
    assert "No cell is above the capacity of 99" in day.page(density=counted, capacity=99)
    assert "No capacity was chosen" in day.page(density=counted)
    assert "The density was not counted" in day.page()


def test_conflicts_are_counted_for_both_plans(day: Day) -> None:
    first, second = (plan.plan_id for plan in day.plans[1:3])
    start = day.plans[1].departure
    meeting = PlanConflict(
        between=(first, second),
        start=start,
        end=start + timedelta(seconds=9),
        precedence=la.precedence(day.plans[1], day.plans[2]),
        closest=None,
    )
    rows = {row[0]: row[8] for row in data_of(day.page(conflicts=[meeting]))["plans"]}
    assert {name for name, count in rows.items() if count} == {first, second}
    assert 'data-sort="8"' not in day.page()


def test_pages_are_led_to_by_links_that_can_only_be_files_near_the_page(day: Day) -> None:
    first, second, third = (plan.plan_id for plan in day.plans[1:4])
    pages = {first: "plans/1.html", second: "javascript:alert(1)", third: "航/a?b#c.html"}
    rows = {row[0]: row[9] for row in data_of(day.page(pages=pages))["plans"]}
    assert {name: page for name, page in rows.items() if page} == {
        first: "plans/1.html",
        second: "javascript%3Aalert%281%29",
        third: "%E8%88%AA/a%3Fb%23c.html",
    }
    for wrong in ("/etc/passwd", "//host/up.html", "\\\\host\\up.html"):
        with pytest.raises(InvalidInputError, match="a path from the page"):
            day.page(pages={first: wrong})


def test_lines_are_told_by_differences_and_found_again() -> None:
    line = np.array([[113.9, 22.5], [113.95, 22.51], [113.94, 22.6]])
    numbers = coded(line)
    assert numbers[:4] == [11390000, 2250000, 5000, 1000]
    assert np.cumsum(np.array(numbers).reshape(-1, 2), axis=0) / 1e5 == pytest.approx(line)
    assert bounds_of([numbers]) == pytest.approx((113.9, 22.5, 113.95, 22.6))
    assert bounds_of([]) is None


def test_plans_of_one_route_share_its_shape(day: Day) -> None:
    again = day.plans[1].model_copy(update={"plan_id": "again"})
    shapes, of_plan = routes_of([day.plans[1], day.plans[2], again])
    assert of_plan[0] == of_plan[2]
    assert len(shapes) == len(set(of_plan))


def moved(plan: FlightPlan, number: int) -> FlightPlan:
    """Give a plan another name and a route of its own."""
    update: dict[str, Any] = {"plan_id": f"plan-of-the-day-{number:05d}"}
    if plan.waypoints is not None:
        east_deg = number * 1e-5
        update["waypoints"] = tuple(
            point.model_copy(update={"lon_deg": point.lon_deg + east_deg})
            for point in plan.waypoints
        )
    return plan.model_copy(update=update)


def test_a_page_of_more_than_five_thousand_plans_is_under_two_megabytes_and_says_so(
    day: Day,
) -> None:
    count = MOST_LISTED + 100
    times = -(-count // len(day.plans))
    plans = tuple(moved(plan, n) for n, plan in enumerate((day.plans * times)[:count]))
    table = replace(
        day.table,
        plans=plans,
        status=np.concatenate([day.table.status] * times)[:count],
        best=np.concatenate([day.table.best] * times)[:count],
        worst=np.concatenate([day.table.worst] * times)[:count],
    )
    page = day_page(
        plans, table, density=density_table(plans), capacity=40, airspace=day.airspace, lang="en"
    )
    assert len(page.encode()) < 2_000_000
    data = data_of(page)
    assert len(data["plans"]) == MOST_LISTED
    assert "100 more plans are not on this page" in page
    # Those left out are permitted: what needs attention is listed.
    unmet = sum(found is not Decision.PERMITTED for found in table.decisions)
    assert sum(row[3] < 5 for row in data["plans"]) == unmet


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lang": "fr"}, "lowalt speaks"),
        ({"verdicts": "other"}, "none of the plans"),
    ],
)
def test_what_does_not_fit_is_refused(day: Day, change: dict[str, Any], said: str) -> None:
    if change.get("verdicts") == "other":
        change = {"verdicts": [replace(day.verdicts[0], plan_id="other")]}
    with pytest.raises(InvalidInputError, match=said):
        day.page(**change)


def test_a_table_of_other_plans_is_refused(day: Day) -> None:
    with pytest.raises(InvalidInputError, match="of other plans"):
        day_page(day.plans[:2], day.table)
    with pytest.raises(InvalidInputError, match="no plan"):
        day_page([], day.table)


@pytest.fixture(scope="module")
def running() -> Iterator[Browser]:
    with browsing() as found:
        yield found


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_page_opens_offline_without_a_fault(
    page: str, running: Browser, tmp_path: Path, width: int, height: int
) -> None:
    file = tmp_path / "day.html"
    file.write_text(page, encoding="utf-8")
    tab = running.open(file, width=width, height=height)
    count = len(data_of(page)["plans"])
    assert tab.run("document.querySelectorAll('#rows tr').length") == min(count, 100)
    assert tab.run("document.documentElement.scrollWidth <= innerWidth")
    # The maps and the chart hold more than one colour.
    for canvas in ("#map canvas", "#density-map canvas", "#density-chart canvas"):
        assert tab.run(
            f"(() => {{ const c = document.querySelector('{canvas}');"
            " const seen = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            " return new Set(new Uint32Array(seen.buffer)).size > 2; })()"
        )
    # One decision is picked out, then a name is looked for.
    tab.run("document.querySelector('.pick').click()")
    picked = tab.run("document.querySelectorAll('#rows tr').length")
    assert 0 < picked < count
    tab.run("document.querySelector('.pick').click()")
    tab.run(
        "(() => { const s = document.getElementById('search'); s.value = '<img';"
        " s.dispatchEvent(new Event('input')); })()"
    )
    assert tab.run("document.querySelector('#rows tr td').textContent") == HOSTILE
    # A crowded hour shows its cell with its number of flights.
    tab.run("document.querySelector('[data-slot]').click()")
    assert tab.run("document.querySelectorAll('.cell-count').length") > 0
    # The slider moves to another slot, and the other language is shown.
    before = tab.run("document.getElementById('slot-name').textContent")
    tab.run(
        "(() => { const s = document.getElementById('slot'); s.value = Number(s.value) + 1;"
        " s.dispatchEvent(new Event('input')); })()"
    )
    assert tab.run("document.getElementById('slot-name').textContent") != before
    shown = "getComputedStyle(document.querySelector('#density-title [lang={}]')).display"
    assert tab.run(shown.format("en")) == "none"
    tab.run("document.getElementById('lang-en').click()")
    assert tab.run(shown.format("zh")) == "none"
    assert tab.run("document.querySelector('#band option').textContent") == "the most in any band"
    assert tab.run("window.pwned") is None
    assert tab.faults == []
    assert {url for url in tab.requests if not url.startswith("data:")} == {file.as_uri()}
