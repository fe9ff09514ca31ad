"""The page of a plan in a browser: nothing fails, nothing is asked for, and everything answers."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser import Browser, Tab, browsing

import lowalt as la
from lowalt.cli.searching import Search
from lowalt.report.page import report_page
from lowalt.terrain import UniformTerrain

PLANS = Path(__file__).parent.parent / "examples" / "plans"
WIDE, PHONE = (1440, 900), (390, 844)
HOSTILE = "</script><img src=x onerror=pwned=1><b>'\"&"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as running:
        yield running


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page of a delivery with everything on it, and a name that is up to no good."""
    (source,) = PLANS.glob("04_delivery*")
    document = json.loads(source.read_text("utf-8"))
    document["plan_id"] = HOSTILE
    plan = la.parse_plan(document)
    other = la.parse_plan({**copy.deepcopy(document), "plan_id": "other"})
    airspace, ground = la.load_airspace("shenzhen"), UniformTerrain(4.0)
    page = report_page(
        la.assess(plan, airspace=airspace, terrain=ground),
        plan,
        airspace=airspace,
        terrain=ground,
        conflicts=Search([plan, other], terrain=ground).answer().found,
    )
    written = tmp_path_factory.mktemp("report") / "report.html"
    written.write_text(page, "utf-8")
    return written


@pytest.fixture(scope="module")
def wide(browser: Browser, file: Path) -> Tab:
    return browser.open(file, width=WIDE[0], height=WIDE[1])


@pytest.fixture(scope="module")
def phone(browser: Browser, file: Path) -> Tab:
    return browser.open(file, width=PHONE[0], height=PHONE[1])


def count(tab: Tab, selector: str) -> int:
    return int(tab.run(f"document.querySelectorAll({json.dumps(selector)}).length"))


def is_seen(tab: Tab, selector: str) -> bool:
    script = f"document.querySelector({json.dumps(selector)}).checkVisibility()"
    return bool(tab.run(script))


def features(tab: Tab) -> list[dict[str, Any]]:
    layers = json.loads(tab.run("document.getElementById('data').textContent"))["chart"]["layers"]
    return [feature for layer in layers for feature in layer["features"]]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_nothing_fails_and_nothing_but_the_file_is_asked_for(
    size: str, file: Path, request: pytest.FixtureRequest
) -> None:
    tab: Tab = request.getfixturevalue(size)
    assert tab.faults == []
    asked = [url for url in tab.requests if not url.startswith("data:")]
    assert asked == [file.as_uri()]


@pytest.mark.parametrize("size", ["wide", "phone"])
def test_nothing_stands_out_to_the_side(size: str, request: pytest.FixtureRequest) -> None:
    tab: Tab = request.getfixturevalue(size)
    assert tab.run("document.documentElement.scrollWidth <= innerWidth")


def test_the_decision_and_its_three_cards_are_on_the_first_screen_of_a_phone(phone: Tab) -> None:
    assert phone.run("document.querySelector('.decision').getBoundingClientRect().bottom") < 300
    for card in ("first-deadline", "what-is-missing", "what-would-pass"):
        top = phone.run(f"document.getElementById('{card}').getBoundingClientRect().top")
        assert top < PHONE[1], card


def test_every_layer_of_the_map_is_drawn(wide: Tab) -> None:
    drawn = features(wide)
    for css in ("lw-zone", "lw-around", "lw-route", "lw-encounter", "lw-entry", "lw-end"):
        own = [f for f in drawn if css in f["properties"]["class"].split()]
        assert count(wide, f"#map path.{css}") == len(own) > 0, css
    assert count(wide, "#map path.lw-conflict") == 1
    assert count(wide, "#map .leaflet-control-scale") == 1
    assert count(wide, "#map .leaflet-control-layers-overlays label") == len(
        json.loads(wide.run("document.getElementById('data').textContent"))["chart"]["layers"]
    )
    # Styles reach the marks: a stretch in a zone is thick and in the colour of what it asks.
    look = wide.run("getComputedStyle(document.querySelector('path.lw-encounter')).strokeWidth")
    assert look == "11px"


def test_the_profile_is_drawn_by_time_and_by_distance(wide: Tab) -> None:
    ink = (
        "(() => { const c = document.querySelector('#profile canvas');"
        " const p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let i = 3; i < p.length; i += 4) n += p[i] > 0; return n; })()"
    )
    by_time = wide.run(ink)
    assert by_time > 10_000
    wide.run("document.querySelector('[data-axis=d]').click()")
    assert wide.run("document.querySelector('[data-axis=d]').ariaPressed") == "true"
    assert wide.run(ink) not in (0, by_time)
    wide.run("document.querySelector('[data-axis=t]').click()")
    assert wide.run(ink) == by_time


def test_a_place_in_the_profile_is_shown_on_the_map(wide: Tab) -> None:
    wide.call("Page.bringToFront")
    wide.run("document.getElementById('profile').scrollIntoView({block: 'center'})")
    box = wide.run("document.querySelector('.u-over').getBoundingClientRect().toJSON()")
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    wide.call("Input.dispatchMouseEvent", type="mouseMoved", **place)
    wide.run("new Promise(requestAnimationFrame)")
    assert count(wide, "#map path.lw-cursor") == 1
    assert re.match(r"10:01(:\d\d)? · \d\.\d\d km · 9\d m · ZGSZ", wide.run("readout.textContent"))


def test_a_finding_unfolds_to_its_provision_and_source(wide: Tab) -> None:
    finding = "details.finding.is-breached"
    assert not is_seen(wide, f"{finding} cite")
    wide.run(f"document.querySelector('{finding} > summary').click()")
    assert wide.run(f"document.querySelector('{finding}').open")
    assert is_seen(wide, f"{finding} cite")
    assert "Gazette" in wide.run(f"document.querySelector('{finding} cite').innerText")
    wide.run(f"document.querySelector('{finding} > summary').click()")
    assert not is_seen(wide, f"{finding} cite")


def test_a_finding_leads_to_its_place_and_a_conflict_to_its_own(wide: Tab) -> None:
    wide.run("document.querySelector('button[data-at]').click()")
    assert count(wide, "#map path.lw-found") == 1
    wide.run("document.querySelector('button.link[data-zone=ZGSZ01]').click()")
    wide.run("document.querySelector('button[data-conflict]').click()")
    assert "× other" in wide.run(
        "[...document.querySelectorAll('.leaflet-popup')].at(-1).textContent"
    )


def test_one_language_is_shown_at_a_time(wide: Tab) -> None:
    shown = "document.getElementById('decision').innerText"
    assert wide.run(shown) == "不得飞行"
    wide.run("document.getElementById('lang-en').click()")
    assert wide.run(shown) == "PROHIBITED"
    assert wide.run("document.documentElement.lang") == "en"
    seen = "[...document.querySelectorAll('span[lang=zh]')].filter(e => e.getClientRects().length)"
    assert wide.run(f"{seen}.length") == 0
    wide.run("document.getElementById('lang-zh').click()")
    assert wide.run(shown) == "不得飞行"


def test_a_hostile_name_is_shown_as_it_is_written(wide: Tab) -> None:
    assert wide.run("document.querySelector('.plan-id').textContent") == HOSTILE
    assert wide.run("typeof pwned") == "undefined"
    assert count(wide, "img") == 0


def test_it_is_printed_on_a_few_sheets_of_a4(wide: Tab) -> None:
    paper = wide.paper()
    assert 2 <= len(re.findall(rb"/Type /Page\b", paper)) <= 12
    boxes = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper))
    ((width, height),) = boxes
    assert (float(width), float(height)) == pytest.approx((595, 842), abs=1.0)
    # What was unfolded for the paper is folded again.
    assert count(wide, "details.finding[open]") == 0
    assert wide.faults == []


def test_a_plan_without_a_route_and_one_with_little_known_are_shown_too(
    browser: Browser, tmp_path: Path
) -> None:
    for start in ("19_survey", "14_half"):
        (source,) = PLANS.glob(f"{start}*")
        plan = la.read_plan(source)
        airspace = la.load_airspace("shenzhen")
        written = tmp_path / f"{start}.html"
        written.write_text(
            report_page(la.assess(plan, airspace=airspace), plan, airspace=airspace), "utf-8"
        )
        tab = browser.open(written)
        assert tab.faults == []
        assert count(tab, "#profile canvas") == 1
        assert count(tab, "#map path.lw-around") == 1
        if start == "14_half":
            assert count(tab, ".checklist input") > 50
            tab.run("document.querySelector('.checklist input').click()")
            assert tab.run("document.querySelector('.checklist input').checked")
