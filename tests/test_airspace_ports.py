"""Ports of entry: what belongs to one, how files state it, and those of the dataset."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pyproj import Geod

from lowalt.airspace import (
    BasisVerification,
    Containment,
    FeatureStatus,
    Port,
    PortCheck,
    from_geojson,
    load_airspace,
    to_geojson,
)
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.report.airspace import describe, listed
from lowalt.temporal import ALWAYS, Schedule, WeeklyHours
from lowalt.terms import CrossingPort, PortCheckKind, SiteKind

KARNEY = Geod(ellps="WGS84")
CHINA = timezone(timedelta(hours=8))
SHENZHEN = load_airspace("shenzhen")
PORTS = {port.identifier: port for port in SHENZHEN.ports}

PLAIN = Port(
    identifier="PORT",
    name={"en": "Port", "zh": "口岸"},
    country="CHN",
    kind=SiteKind.LANDING_SITE,
    port=CrossingPort.SHEKOU,
    lon_deg=113.905,
    lat_deg=22.471,
    radius_m=1500.0,
    status=FeatureStatus.ILLUSTRATIVE,
    basis=BasisVerification.UNVERIFIED,
    accuracy_m=1000.0,
    citation="A test",
    sources=("none",),
    as_of=date(2026, 11, 24),
)
OFFICE_HOURS = Schedule.of([], weekly=[WeeklyHours(time(9), time(18), ZoneInfo("Asia/Shanghai"))])
FULL = replace(
    PLAIN,
    elevation_amsl_m=5.0,
    opened_on=date(2025, 11, 6),
    hours=OFFICE_HOURS,
    helicopters=True,
    checks=(
        PortCheck(
            kind=PortCheckKind.CUSTOMS,
            authority={"en": "customs", "zh": "海关"},
            notice={"en": "Two hours before.", "zh": "提前两小时。"},
            citation="Customs law",
        ),
        PortCheck(kind=PortCheckKind.QUARANTINE, authority={"en": "customs", "zh": "海关"}),
    ),
)


def written(port: Port) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(json.dumps(to_geojson(port)))
    return record


# What belongs to a port


@pytest.mark.parametrize("azimuth_deg", [0.0, 77.0, 190.0, 300.0])
@pytest.mark.parametrize(
    ("distance_m", "expected"),
    [
        (0.0, Containment.INSIDE),
        (499.9, Containment.INSIDE),
        (500.1, Containment.WITHIN_TOLERANCE),
        (2499.9, Containment.WITHIN_TOLERANCE),
        (2500.1, Containment.OUTSIDE),
        (9000.0, Containment.OUTSIDE),
    ],
)
def test_a_place_belongs_to_a_port_as_far_as_its_point_is_known(
    azimuth_deg: float, distance_m: float, expected: Containment
) -> None:
    lon, lat, _ = KARNEY.fwd(PLAIN.lon_deg, PLAIN.lat_deg, azimuth_deg, distance_m)
    assert PLAIN.containment(lon_deg=lon, lat_deg=lat) is expected
    published = replace(PLAIN, status=FeatureStatus.AUTHORITATIVE)
    inside = published.containment(lon_deg=lon, lat_deg=lat) is Containment.INSIDE
    assert inside is (distance_m < 1500.0)


@pytest.mark.parametrize("radius_m", [0.0, -5.0, 10_001.0, float("nan")])
def test_a_radius_that_no_port_has_is_refused(radius_m: float) -> None:
    with pytest.raises(InvalidInputError, match=r"port PORT: radius .* expected metres"):
        replace(PLAIN, radius_m=radius_m)


def test_a_port_is_a_place_on_earth() -> None:
    with pytest.raises(GeometryError, match=r"port PORT: longitude 22\.471"):
        replace(PLAIN, lon_deg=22.471, lat_deg=113.905)


# Files


@pytest.mark.parametrize(
    "port", [PLAIN, FULL, replace(FULL, hours=ALWAYS), replace(FULL, helicopters=False)]
)
def test_a_port_is_read_as_it_was_written(port: Port) -> None:
    assert from_geojson(written(port)) == port


def test_hours_unknown_and_hours_round_the_clock_are_written_apart() -> None:
    def stated(port: Port) -> dict[str, Any]:
        facts: dict[str, Any] = written(port)["properties"]["extendedProperties"]
        return facts

    assert "hours" not in stated(PLAIN)
    assert stated(replace(PLAIN, hours=ALWAYS))["hours"] == {}
    (period,) = stated(FULL)["hours"]["periods"]
    assert period["schedule"][0]["startTime"] == "09:00:00+08:00"
    assert not {"opened_on", "helicopters", "checks"} & stated(PLAIN).keys()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"port": "lo_wu"}, "port: given 'lo_wu', expected one of baoan_airport"),
        ({"radius_m": None}, "radius_m: given nothing, expected a number"),
        ({"radius_m": 0}, "radius 0.0 m: expected metres"),
        ({"opened_on": "6 Nov"}, "opened_on: given '6 Nov', expected a date"),
        ({"opened_on": 2025}, "opened_on: given 2025, expected a text"),
        ({"helicopters": "yes"}, "helicopters: given 'yes', expected true or false"),
        ({"hours": []}, "hours: given [], expected an object"),
        ({"hours": {"from": 9}}, "hours has 'from', which means nothing here"),
        ({"hours": {"periods": 9}}, "hours.periods: given 9, expected a list"),
        ({"checks": "customs"}, "checks: given 'customs', expected a list"),
        ({"checks": [{"kind": "tax"}]}, "checks[0]: kind: given 'tax', expected one of border_"),
        ({"checks": [{"kind": "customs"}]}, "checks[0]: citation: given nothing, expected a text"),
        ({"checks": [{"fee": 1}]}, "checks[0] has 'fee', which means nothing here"),
        ({"points": []}, "extendedProperties has 'points', which means nothing here"),
    ],
)
def test_a_port_that_cannot_be_is_refused_by_its_member(change: dict[str, Any], says: str) -> None:
    record = written(FULL)
    record["properties"]["extendedProperties"] |= change
    with pytest.raises(InvalidInputError) as refusal:
        from_geojson(record)
    assert str(refusal.value).startswith("port PORT")
    assert says in str(refusal.value)


def test_a_port_is_a_point() -> None:
    record = written(FULL) | {"geometry": {"type": "LineString", "coordinates": [[113.9, 22.4]]}}
    with pytest.raises(GeometryError, match="port PORT: geometry of type 'LineString'"):
        from_geojson(record)


# The dataset

OPENED = {
    "PRTZGSZ": (CrossingPort.BAOAN_AIRPORT, date(2019, 6, 28), True),
    "PRTSHEK": (CrossingPort.SHEKOU, date(2025, 11, 6), True),
    "PRTZGUH": (CrossingPort.JIUZHOU, None, None),
    "PRTZGSD": (CrossingPort.JINWAN, None, None),
    "VHST01": (CrossingPort.SHUN_TAK, None, True),
    "PRTVHHH": (CrossingPort.HKIA_BAC, None, True),
    "VMMH01A": (CrossingPort.MACAU_TAIPA, None, None),
    "VMMH01B": (CrossingPort.MACAU_OUTER_HARBOUR, None, True),
    "PRTVMMC": (CrossingPort.MACAU_AIRPORT, None, True),
}


def test_the_ports_and_the_days_they_opened_are_those_that_were_read() -> None:
    found = {name: (p.port, p.opened_on, p.helicopters) for name, p in PORTS.items()}
    assert found == OPENED
    assert all(port in SHENZHEN.sites for port in SHENZHEN.ports)


@pytest.mark.parametrize(
    ("identifier", "lat", "lon", "country"),
    [
        ("PRTZGSZ", 22.635, 113.805, "CHN"),
        ("PRTSHEK", 22.471, 113.905, "CHN"),
        ("PRTZGUH", 22.25068, 113.59634, "CHN"),
        ("PRTZGSD", 22.0064, 113.376, "CHN"),
        ("VHST01", 22.288868, 114.152369, "HKG"),
        ("PRTVHHH", 22.315, 113.935, "HKG"),
        ("VMMH01A", 22.166616, 113.577416, "MAC"),
        ("VMMH01B", 22.196242, 113.55936, "MAC"),
        ("PRTVMMC", 22.1496, 113.592, "MAC"),
    ],
)
def test_ports_are_where_they_were_read(
    identifier: str, lat: float, lon: float, country: str
) -> None:
    port = PORTS[identifier]
    assert (port.lon_deg, port.lat_deg, port.country) == (lon, lat, country)


def test_shun_tak_is_107_feet_up() -> None:
    assert PORTS["VHST01"].elevation_amsl_m == pytest.approx(107 * 0.3048)


def test_a_port_counts_from_the_first_moment_of_its_day() -> None:
    for identifier, day in (("PRTSHEK", (2025, 11, 6)), ("PRTZGSZ", (2019, 6, 28))):
        opens = datetime(*day, tzinfo=CHINA)
        assert PORTS[identifier].takes_effect_at == opens
        assert not PORTS[identifier].is_active_at(opens - timedelta(seconds=1))
        assert PORTS[identifier].is_active_at(opens)


def test_no_place_belongs_to_two_ports() -> None:
    for port in PORTS.values():
        for other in PORTS.values():
            answer = other.containment(lon_deg=port.lon_deg, lat_deg=port.lat_deg)
            assert answer is (Containment.INSIDE if port is other else Containment.OUTSIDE)


def test_hours_are_stated_of_one_port_only_and_a_planned_one_is_none() -> None:
    assert {name for name, port in PORTS.items() if port.hours is not None} == {"PRTVHHH"}
    assert PORTS["PRTVHHH"].hours == ALWAYS
    assert not any("Yantian" in port.name["en"] for port in PORTS.values())


def test_open_mainland_ports_hold_three_checks_each_with_its_law() -> None:
    for identifier in ("PRTZGSZ", "PRTSHEK"):
        checks = {check.kind: check for check in PORTS[identifier].checks}
        assert set(checks) == set(PortCheckKind)
        assert "2 hours before departure" in checks[PortCheckKind.CUSTOMS].notice["en"]
        assert "no span is set" in checks[PortCheckKind.BORDER_INSPECTION].notice["en"]
        assert "arts 10, 14, 22" in checks[PortCheckKind.QUARANTINE].citation
    for port in PORTS.values():
        for check in port.checks:
            assert check.citation
            assert check.authority.keys() == check.notice.keys() == {"zh", "en"}


# Shown


def test_a_port_is_shown_with_what_is_known_of_it_and_what_is_not() -> None:
    shekou = " ".join(describe(PORTS["PRTSHEK"], lang="en").split())
    for said in ("opened 2025-11-06", "hours not published", "helicopters yes", "within 1,500 m"):
        assert said in shekou
    jiuzhou = describe(PORTS["PRTZGUH"], lang="zh")
    assert "是否可用不明" in jiuzhou
    assert "H24" not in jiuzhou
    (_, line, *_) = listed(PORTS["PRTSHEK"], lang="en")
    assert line.strip() == "port of entry · open since 2025-11-06 · no hours stated · illustrative"
