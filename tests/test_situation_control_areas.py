"""Who approves (art. 28): whether a flight keeps to one zone or sub-zone of flight control."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from typing import Any

import pytest
from shapely.geometry import box

from lowalt import assess, load_rulebook
from lowalt.airspace import (
    AirspaceDataset,
    BasisVerification,
    FeatureStatus,
    Restriction,
    Volume3D,
    Zone,
)
from lowalt.flights import FlightPlan, parse_plan
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.situation import encounter_table, facts_of, lay
from lowalt.situation.batch import has_rule
from lowalt.temporal import Schedule, TimeInterval
from lowalt.terms import ZoneKind
from lowalt.testing.airspaces import dataset_of
from lowalt.truth import Truth

Document = dict[str, Any]

EVER = TimeInterval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
SUBZONE, CONTROL_ZONE = ZoneKind.CONTROL_SUBZONE, ZoneKind.CONTROL_ZONE
WEST, MIDDLE, EAST = (114.0, 114.2), (114.2, 114.4), (114.4, 114.6)


def zone(
    kind: ZoneKind,
    lon_deg: tuple[float, float],
    *,
    accuracy_m: float = 0.0,
    ceiling_m: float | None = None,
    schedule: Schedule | None = None,
) -> Zone:
    """Build a strip of the map from south to north."""
    west, east = lon_deg
    ceiling = None if ceiling_m is None else Level(ceiling_m, VerticalReference.AGL)
    options: Document = {} if schedule is None else {"schedule": schedule}
    return Zone(
        identifier=f"{'S' if kind is SUBZONE else 'Z'}{west:.1f}",
        name={"zh": "某区", "en": "made up"},
        kind=kind,
        restriction=Restriction.REQ_AUTHORIZATION,
        volumes=(
            Volume3D(box(west, 22.4, east, 22.9), VerticalLayer(floor=None, ceiling=ceiling)),
        ),
        country="CHN",
        status=FeatureStatus.ILLUSTRATIVE,
        basis=BasisVerification.VERIFIED,
        accuracy_m=accuracy_m,
        citation="made up",
        sources=("made up",),
        as_of=date(2026, 1, 1),
        **options,
    )


def flight(*lon_deg: float, control_area: str | None = None) -> FlightPlan:
    """Build a flight along a parallel at 130 m, where every flight needs an approval."""
    return parse_plan(
        {
            "plan_id": "made up",
            "datum": "WGS84",
            "coordinates_checked": True,
            "waypoints": [
                {
                    "lon_deg": lon,
                    "lat_deg": 22.65,
                    "level": {"value_m": 130.0, "reference": "AGL"},
                    "time": f"2026-06-01T{9 + hour:02d}:00:00+08:00",
                }
                for hour, lon in enumerate(lon_deg)
            ],
            "route_buffer_m": 100.0,
            "vertical_buffer_m": 5.0,
            "aircraft": {"is_unmanned": True},
            "mission": {"kind": "delivery", "indoor": False, "control_area": control_area},
            "approvals": [],
        }
    )


def known(plan: FlightPlan, *zones: Zone) -> tuple[object, object]:
    facts = facts_of(lay(plan, airspace=dataset_of(zones, period=EVER))).flight
    names = ("is_within_one_control_subzone", "is_within_one_control_zone")
    return tuple(map(facts.get, names))  # type: ignore[return-value]


IN_THE_WEST = flight(114.10, 114.15)
TO_THE_MIDDLE = flight(114.15, 114.25)
MAP = (
    *(zone(SUBZONE, where) for where in (WEST, MIDDLE, EAST)),
    *(zone(CONTROL_ZONE, where) for where in ((114.0, 114.4), (114.4, 114.6))),
)


@pytest.mark.parametrize(
    ("lon_deg", "expected"),
    [
        ((114.10, 114.15), (True, True)),
        ((114.15, 114.25), (False, True)),
        ((114.35, 114.45), (False, False)),
        ((114.15, 114.45), (False, False)),
        # Half out of the map: it leaves the sub-zone and the zone that it was in.
        ((114.55, 114.65), (False, False)),
        # Nowhere on the map.
        ((114.70, 114.75), (None, None)),
    ],
)
def test_a_map_of_flight_control_says_what_a_flight_keeps_to(
    lon_deg: tuple[float, float], expected: tuple[bool | None, bool | None]
) -> None:
    assert known(flight(*lon_deg), *MAP) == expected


def test_the_airspace_round_the_route_counts_against_it() -> None:
    # 114.199 is 103 m from the edge, 114.1991 only 93 m, and the airspace is 100 m wide.
    assert known(flight(114.15, 114.199), *MAP)[0] is True
    assert known(flight(114.15, 114.1991), *MAP)[0] is False


def test_without_a_map_nothing_is_known() -> None:
    assert known(IN_THE_WEST) == (None, None)


def test_a_map_of_zones_alone_says_nothing_of_sub_zones() -> None:
    assert known(IN_THE_WEST, zone(CONTROL_ZONE, WEST)) == (None, True)


def test_whoever_leaves_a_zone_leaves_its_sub_zone() -> None:
    assert known(TO_THE_MIDDLE, zone(CONTROL_ZONE, WEST)) == (False, False)


def test_whoever_keeps_to_a_sub_zone_keeps_to_its_zone() -> None:
    assert known(IN_THE_WEST, zone(SUBZONE, WEST)) == (True, True)
    assert known(TO_THE_MIDDLE, zone(SUBZONE, WEST)) == (False, None)


def test_limits_that_are_known_roughly_leave_it_open() -> None:
    rough = zone(SUBZONE, WEST, accuracy_m=3000.0)
    assert known(flight(114.10, 114.15), rough)[0] is True
    assert known(flight(114.10, 114.19), rough)[0] is None


def test_a_sub_zone_above_which_a_flight_rises_does_not_hold_it() -> None:
    assert known(IN_THE_WEST, zone(SUBZONE, WEST, ceiling_m=135.0))[0] is True
    assert known(IN_THE_WEST, zone(SUBZONE, WEST, ceiling_m=134.0))[0] is False


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("one_subzone", (True, True)),
        ("one_zone", (False, True)),
        ("several", (False, False)),
        (None, (None, None)),
    ],
)
def test_where_there_is_no_map_the_plan_may_say_it(
    stated: str | None, expected: tuple[bool | None, bool | None]
) -> None:
    assert known(flight(114.10, 114.15, control_area=stated)) == expected


def test_the_map_counts_before_the_plan() -> None:
    assert known(flight(114.15, 114.25, control_area="one_subzone"), *MAP) == (False, True)
    assert known(flight(114.10, 114.15, control_area="several"), *MAP) == (True, True)


@pytest.mark.parametrize("kind", [SUBZONE, CONTROL_ZONE])
@pytest.mark.parametrize("restriction", Restriction)
def test_a_map_of_flight_control_restricts_nobody(kind: ZoneKind, restriction: Restriction) -> None:
    drawn = dataclasses.replace(zone(kind, WEST), restriction=restriction)
    assert not has_rule(drawn)
    airspace = dataset_of([drawn], period=EVER)
    assert lay(IN_THE_WEST, airspace=airspace).encounters == ()
    assert len(encounter_table([IN_THE_WEST], airspace=airspace)) == 0


def test_an_area_flight_keeps_to_a_sub_zone_too() -> None:
    document = {
        "plan_id": "made up",
        "datum": "WGS84",
        "coordinates_checked": True,
        "operating_area": {
            "circle": {"lon_deg": 114.1, "lat_deg": 22.65, "radius_m": 500.0},
            "floor": {"value_m": 0.0, "reference": "AGL"},
            "ceiling": {"value_m": 100.0, "reference": "AGL"},
            "start": "2026-06-01T09:00:00+08:00",
            "end": "2026-06-01T09:30:00+08:00",
        },
    }
    airspace = dataset_of(MAP, period=EVER)
    assert lay(parse_plan(document), airspace=airspace).is_in_one_subzone is Truth.TRUE
    document["operating_area"]["circle"]["lon_deg"] = 114.2  # type: ignore[index]
    situation = lay(parse_plan(document), airspace=airspace)
    assert situation.is_in_one_subzone is Truth.FALSE
    assert situation.is_in_one_zone is Truth.TRUE


def addressee(plan: FlightPlan, airspace: AirspaceDataset) -> str:
    book = load_rulebook("shenzhen", on=date(2026, 6, 1), engine="reference")
    verdict = assess(plan, airspace=airspace, rulebook=book)
    (asked,) = (o for o in verdict.obligations if o.citation == "cn/order_761_2023#art_26__para_1")
    return asked.addressee["en"]


@pytest.mark.parametrize(
    ("lon_deg", "expected"),
    [
        ((114.10, 114.15), "ATM unit of the flight-control sub-zone"),
        ((114.15, 114.25), "ATM unit of the flight-control zone"),
        ((114.35, 114.45), "ATM body authorised at national level"),
    ],
)
def test_the_application_goes_to_the_level_that_the_map_says(
    lon_deg: tuple[float, float], expected: str
) -> None:
    assert addressee(flight(*lon_deg), dataset_of(MAP, period=EVER)) == expected


def test_without_a_map_every_level_that_may_approve_is_named() -> None:
    named = addressee(IN_THE_WEST, dataset_of((), period=EVER))
    assert named.count(" or ") == 2
