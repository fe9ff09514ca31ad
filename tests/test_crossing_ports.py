"""Ports of exit and entry: what a plan says of them, held against where it begins and ends."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lowalt as la
from lowalt.airspace import AirspaceDataset, Port
from lowalt.flights.plan import BEIJING
from lowalt.geodesy import geodesic_direct
from lowalt.situation import facts_of, lay
from lowalt.temporal import Schedule, WeeklyHours
from lowalt.terms import CrossingPort, Jurisdiction
from lowalt.verdicts import Decision, Finding, Status

Document = dict[str, Any]
Place = tuple[float, float]

REGULATION = "cn/border_inspection_regulation_1995"
EXIT, ENTRY, HOURS = (f"{REGULATION}#art_16__{part}" for part in ("exit", "entry", "hours"))
SHUN_TAK: Place = (114.1524, 22.2889)


@cache
def airspace() -> AirspaceDataset:
    return la.load_airspace("shenzhen")


def port(word: CrossingPort) -> Port:
    (found,) = (p for p in airspace().ports if p.port is word)
    return found


def at(word: CrossingPort, *, off_m: float = 0.0) -> Place:
    """Place at a port, or so far north of its point."""
    lon_lat = geodesic_direct([port(word).middle], azimuth_deg=[0.0], distance_m=[off_m])
    return float(lon_lat[0][0]), float(lon_lat[0][1])


def shuttle(begin: Place, end: Place, *, day: str = "2026-06-18", **crossing: Any) -> Document:
    """Fly a helicopter from place to place between 10:00 and 10:20."""
    clocks = ("10:00:00", "10:20:00")
    return {
        "plan_id": "shuttle",
        "datum": "WGS84",
        "waypoints": [
            {
                "lon_deg": lon_deg,
                "lat_deg": lat_deg,
                "level": {"value_m": 300.0, "reference": "AGL"},
                "time": f"{day}T{clock}+08:00",
            }
            for (lon_deg, lat_deg), clock in zip((begin, end), clocks, strict=True)
        ],
        "route_buffer_m": 200.0,
        "vertical_buffer_m": 30.0,
        "aircraft": {"is_unmanned": False},
        "crossing": {"special_port_approval": False, **crossing},
    }


def facts(document: Document, over: AirspaceDataset | None = None) -> dict[str, Any]:
    return dict(facts_of(lay(la.parse_plan(document), airspace=over or airspace())).flight)


def finding(document: Document, citation: str, over: AirspaceDataset | None = None) -> Finding:
    verdict = la.assess(la.parse_plan(document), airspace=over or airspace())
    (found,) = (f for f in verdict.findings if f.citation == citation)
    return found


# Where the flight begins and ends


@pytest.mark.parametrize("word", [CrossingPort.SHEKOU, CrossingPort.BAOAN_AIRPORT])
def test_a_port_that_is_not_stated_is_where_the_flight_surely_begins_or_ends(
    word: CrossingPort,
) -> None:
    out, back = facts(shuttle(at(word), SHUN_TAK)), facts(shuttle(SHUN_TAK, at(word)))
    assert out["exit_port"] is word
    assert back["entry_port"] is word
    assert "entry_port" not in out  # it lands in Hong Kong
    assert "exit_port" not in back


@settings(max_examples=15)
@given(st.sampled_from([CrossingPort.SHEKOU, CrossingPort.BAOAN_AIRPORT]), st.floats(0.0, 1.5))
def test_a_port_reaches_as_far_as_its_point_is_known(word: CrossingPort, share: float) -> None:
    known = port(word)
    off_m = share * (known.radius_m + known.uncertainty_m)
    silent = facts(shuttle(at(word, off_m=off_m), SHUN_TAK))
    claimed = facts(shuttle(at(word, off_m=off_m), SHUN_TAK, exit_port=word.value))
    if off_m < known.radius_m - known.uncertainty_m - 1.0:
        assert silent["exit_port"] is claimed["exit_port"] is word
    elif off_m > known.radius_m - known.uncertainty_m + 1.0:
        assert "exit_port" not in silent
        if off_m < known.radius_m + known.uncertainty_m - 1.0:
            assert claimed["exit_port"] is word
        if off_m > known.radius_m + known.uncertainty_m + 1.0:
            assert claimed["exit_port"] is CrossingPort.NO_PORT


def test_a_port_that_the_flight_does_not_use_is_a_false_claim() -> None:
    false = shuttle((114.02, 22.51), SHUN_TAK, exit_port="shekou")
    true = shuttle(at(CrossingPort.SHEKOU), SHUN_TAK, exit_port="shekou")
    assert finding(true, EXIT).status is Status.WAIVED
    caught = finding(false, EXIT)
    assert caught.status is Status.BREACHED
    assert "a place that is no port" in caught.because["en"]
    back = shuttle(SHUN_TAK, (114.02, 22.51), entry_port="baoan_airport")
    assert finding(back, ENTRY).status is Status.BREACHED


@pytest.mark.parametrize("word", ["shun_tak", "hkia_bac", "macau_outer_harbour", "macau_airport"])
def test_a_port_of_hong_kong_or_macao_is_no_port_of_exit_of_the_mainland(word: str) -> None:
    document = shuttle(at(CrossingPort.SHEKOU), SHUN_TAK, exit_port=word)
    assert finding(document, EXIT).status is Status.BREACHED


def test_what_the_operator_admits_stands_wherever_the_flight_begins() -> None:
    document = shuttle(at(CrossingPort.SHEKOU), SHUN_TAK, exit_port="no_port")
    assert facts(document)["exit_port"] is CrossingPort.NO_PORT
    assert finding(document, EXIT).status is Status.BREACHED


def test_a_port_that_no_dataset_holds_is_left_to_the_authority() -> None:
    document = shuttle((114.02, 22.51), SHUN_TAK, exit_port="other_port")
    assert facts(document)["exit_port"] is CrossingPort.OTHER_PORT
    assert finding(document, EXIT).status is Status.MISSING_INFO


def test_a_flight_that_stays_on_the_mainland_uses_no_port() -> None:
    document = shuttle(at(CrossingPort.SHEKOU), (113.90, 22.52))
    assert "exit_port" not in facts(document)
    assert finding(document, EXIT).status is Status.NOT_APPLICABLE


def test_an_area_is_left_from_the_site_that_the_plan_names() -> None:
    document = shuttle(SHUN_TAK, SHUN_TAK, exit_port="shekou")
    del document["waypoints"], document["route_buffer_m"], document["vertical_buffer_m"]
    document["operating_area"] = {
        "polygon": [[113.89, 22.46], [113.92, 22.46], [113.92, 22.40], [113.89, 22.40]],
        "floor": {"value_m": 0.0, "reference": "AGL"},
        "ceiling": {"value_m": 300.0, "reference": "AGL"},
        "start": "2026-06-18T10:00:00+08:00",
        "end": "2026-06-18T11:00:00+08:00",
    }
    assert facts(document)["exit_port"] is CrossingPort.SHEKOU  # as stated: no site has a place
    document["departure_site"] = {"lon_deg": 114.02, "lat_deg": 22.51}
    assert facts(document)["exit_port"] is CrossingPort.NO_PORT


# When a port is open


@pytest.mark.parametrize(
    ("day", "expected", "best_is_barred"),
    [("2025-11-05", Status.BREACHED, True), ("2025-11-06", Status.WAIVED, False)],
)
def test_through_shekou_from_the_day_it_opened(
    day: str, expected: Status, best_is_barred: bool
) -> None:
    document = shuttle(at(CrossingPort.SHEKOU), SHUN_TAK, day=day)
    assert finding(document, EXIT).status is expected
    verdict = la.assess(la.parse_plan(document), airspace=airspace())
    assert (verdict.best is Decision.PROHIBITED) is best_is_barred
    mainland, hong_kong = verdict.legs
    assert (EXIT in mainland.citations) is best_is_barred
    assert EXIT not in hong_kong.citations


def test_the_data_and_the_law_know_the_same_opening_days() -> None:
    book = la.load_rulebook("shenzhen", on=date(2026, 6, 18))
    for citation in (EXIT, ENTRY):
        ((_, opened),) = book.provision(citation).parameters["baoan_opened_on"].values
        assert opened == port(CrossingPort.BAOAN_AIRPORT).opened_on
    (notice,) = (i for i in book.instruments if i.identifier == "sz/shekou_port_opening_2025")
    assert notice.in_force.start == port(CrossingPort.SHEKOU).opened_on


def test_hours_that_are_not_published_are_advised_of_and_decide_nothing() -> None:
    document = shuttle(at(CrossingPort.SHEKOU), SHUN_TAK)
    assert port(CrossingPort.SHEKOU).hours is None
    known = facts(document)
    assert known["exit_port_hours_are_known"] is False
    assert known["exit_port_is_closed"] is False
    advice = finding(document, HOURS)
    assert (advice.status, advice.consequence) == (Status.BREACHED, None)
    assert "border inspection" in advice.action["en"]


@cache
def with_hours(word: CrossingPort) -> AirspaceDataset:
    """Give a port hours that nobody published: open from 08:00 to 18:00."""
    hours = Schedule(weekly=(WeeklyHours(time(8), time(18), BEIJING),))
    features = tuple(
        dataclasses.replace(f, hours=hours) if isinstance(f, Port) and f.port is word else f
        for f in airspace().features
    )
    return dataclasses.replace(airspace(), features=features)


def moved(document: Document, start: str) -> Document:
    begin = datetime.fromisoformat(f"2026-06-18T{start}+08:00")
    for waypoint, after in zip(document["waypoints"], (0, 20), strict=True):
        waypoint["time"] = (begin + timedelta(minutes=after)).isoformat()
    return document


@pytest.mark.parametrize("word", [CrossingPort.SHEKOU, CrossingPort.BAOAN_AIRPORT])
@pytest.mark.parametrize(
    ("start", "closed"),
    [("07:59:59", True), ("08:00:00", False), ("17:59:59", False), ("18:00:00", True)],
)
def test_outside_its_published_hours_a_port_is_none(
    word: CrossingPort, start: str, closed: bool
) -> None:
    document = moved(shuttle(at(word), SHUN_TAK), start)
    over = with_hours(word)
    assert facts(document, over)["exit_port_is_closed"] is closed
    assert (finding(document, EXIT, over).status is Status.BREACHED) is closed
    assert finding(document, HOURS, over).status is Status.MET
    approved = moved(shuttle(at(word), SHUN_TAK, special_port_approval=True), start)
    assert finding(approved, EXIT, over).status is not Status.BREACHED


def test_a_port_is_entered_at_the_time_of_landing() -> None:
    document = moved(shuttle(SHUN_TAK, at(CrossingPort.SHEKOU)), "17:45:00")
    known = facts(document, with_hours(CrossingPort.SHEKOU))
    assert known["entry_port_is_closed"] is True
    assert Jurisdiction.MAINLAND is port(CrossingPort.SHEKOU).jurisdiction
