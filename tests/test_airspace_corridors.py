"""What corridors state beside their course: direction, users, regions and where control passes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lowalt.airspace import (
    BasisVerification,
    Corridor,
    FeatureStatus,
    HandOver,
    RoutePoint,
    from_geojson,
    to_geojson,
)
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.report.airspace import describe, listed
from lowalt.terms import CorridorDirection, CorridorKind, CorridorUsers

DRAWN = FeatureStatus.ILLUSTRATIVE


def level(value_m: float) -> Level:
    return Level(value_m, VerticalReference.AMSL)


PASSED = HandOver(
    point=None,
    lon_deg=113.947806,
    lat_deg=22.472358,
    fir_from="ZGZU",
    fir_to="VHHK",
    status=DRAWN,
)
TRACK = Corridor(
    identifier="TRACK",
    name={"en": "Track", "zh": "航线"},
    country="CHN",
    kind=CorridorKind.CROSS_BORDER_ROUTE,
    points=(
        RoutePoint("A", 113.905, 22.471, DRAWN),
        RoutePoint("B", 113.947806, 22.472358, FeatureStatus.AUTHORITATIVE),
        RoutePoint("C", 113.95, 22.37, DRAWN),
    ),
    half_width_m=500.0,
    layers=(
        VerticalLayer(level(250.0), level(350.0)),
        VerticalLayer(None, level(152.4)),
    ),
    status=DRAWN,
    basis=BasisVerification.UNVERIFIED,
    accuracy_m=5000.0,
    citation="A test",
    sources=("none",),
    as_of=date(2026, 11, 24),
)
FULL = replace(
    TRACK,
    direction=CorridorDirection.ONE_AT_A_TIME,
    users=CorridorUsers.OPERATORS_OF_THE_SERVICE,
    firs=("ZGZU", "VHHK"),
    hand_overs=(
        replace(
            PASSED,
            point="HAND",
            unit_from={"en": "Shenzhen", "zh": "深圳"},
            unit_to={"en": "Hong Kong Information", "zh": "香港飞行情报"},
            remarks={"en": "A test.", "zh": "测试。"},
        ),
    ),
)


def written(corridor: Corridor) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(json.dumps(to_geojson(corridor)))
    return record


def test_what_is_not_published_is_not_stated() -> None:
    assert (TRACK.direction, TRACK.users, TRACK.firs, TRACK.hand_overs) == (None, None, (), ())
    stated = written(TRACK)["properties"]["extendedProperties"]
    assert not {"direction", "users", "firs", "hand_overs"} & stated.keys()


@pytest.mark.parametrize("corridor", [TRACK, FULL, replace(FULL, hand_overs=(PASSED,))])
def test_a_corridor_is_read_as_it_was_written(corridor: Corridor) -> None:
    assert from_geojson(written(corridor)) == corridor


def test_files_spell_the_members_in_these_words() -> None:
    stated = written(FULL)["properties"]["extendedProperties"]
    assert stated["direction"] == "one_at_a_time"
    assert stated["users"] == "operators_of_the_service"
    assert stated["firs"] == ["ZGZU", "VHHK"]
    assert stated["hand_overs"] == [
        {
            "point": "HAND",
            "lon_deg": 113.947806,
            "lat_deg": 22.472358,
            "fir_from": "ZGZU",
            "fir_to": "VHHK",
            "status": "illustrative",
            "unit_from": {"en": "Shenzhen", "zh": "深圳"},
            "unit_to": {"en": "Hong Kong Information", "zh": "香港飞行情报"},
            "remarks": {"en": "A test.", "zh": "测试。"},
        }
    ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"direction": "backwards"}, "direction: given 'backwards', expected one of both_ways"),
        ({"users": 3}, "users: given 3, expected one of helicopters"),
        ({"firs": "ZGZU"}, "firs: given 'ZGZU', expected a list"),
        ({"firs": ["ZGZU", 7]}, "firs: expected a list of texts such as ZGZU"),
        ({"firs": ["zgzu", "VHHK"]}, "expected location indicators of four capital letters"),
        ({"firs": ["ZGZU", "ZGZU"]}, "each other than the one before"),
        ({"firs": ["VHHK", "ZGZU"]}, "hand-overs in the order of its regions: ('VHHK', 'ZGZU')"),
        ({"firs": []}, "hand-overs in the order of its regions: ()"),
        ({"firs": ["Z" * 9_000]}, "flight information regions: given ('ZZZ"),
        ({"hand_overs": {}}, "hand_overs: given {}, expected a list"),
        ({"hand_overs": ["here"]}, "hand_overs[0]: given 'here', expected an object"),
        ({"swing_m": 50.0}, "extendedProperties has 'swing_m', which means nothing here"),
    ],
)
def test_a_corridor_that_cannot_be_is_refused_by_its_member(
    change: dict[str, Any], says: str
) -> None:
    record = written(FULL)
    record["properties"]["extendedProperties"] |= change
    with pytest.raises(InvalidInputError) as refusal:
        from_geojson(record)
    assert str(refusal.value).startswith("corridor TRACK")
    assert says in str(refusal.value)
    assert len(str(refusal.value)) < 400


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"lon_deg": "east"}, "hand_overs[0]: lon_deg: given 'east', expected a number"),
        ({"lon_deg": 22.4, "lat_deg": 113.9}, "hand_overs[0]: hand-over at longitude 22.4"),
        ({"fir_to": "Hong Kong"}, "hand_overs[0]: hand-over: flight information regions"),
        ({"fir_to": "ZGZU"}, "each other than the one before"),
        ({"status": "certain"}, "hand_overs[0]: status: given 'certain'"),
        ({"unit_to": "Approach"}, "hand_overs[0]: unit_to: given 'Approach', expected an object"),
        ({"unit_to": {"en": 122.4}}, "hand_overs[0]: unit_to: given {'en': 122.4}, expected texts"),
        ({"point": 5}, "hand_overs[0]: point: given 5, expected a text"),
        ({"frequency": 122.4}, "hand_overs[0] has 'frequency', which means nothing here"),
    ],
)
def test_a_hand_over_that_cannot_be_is_refused_by_its_member(
    change: dict[str, Any], says: str
) -> None:
    record = written(FULL)
    record["properties"]["extendedProperties"]["hand_overs"][0] |= change
    with pytest.raises(InvalidInputError) as refusal:
        from_geojson(record)
    assert str(refusal.value).startswith("corridor TRACK")
    assert says in str(refusal.value)


def test_hand_overs_follow_the_regions_and_may_be_fewer() -> None:
    there_and_back = ("ZGZU", "VHHK", "ZGZU")
    back = replace(PASSED, fir_from="VHHK", fir_to="ZGZU")
    for known in ((), (PASSED,), (back,), (PASSED, back)):
        assert replace(TRACK, firs=there_and_back, hand_overs=known).hand_overs == known
    for impossible in ((back, PASSED), (PASSED, PASSED)):
        with pytest.raises(InvalidInputError, match="in the order of its regions"):
            replace(TRACK, firs=there_and_back, hand_overs=impossible)


@pytest.mark.parametrize(("lon_deg", "lat_deg"), [(181.0, 22.0), (113.9, 91.0), (float("nan"), 0)])
def test_a_hand_over_is_somewhere_on_earth(lon_deg: float, lat_deg: float) -> None:
    with pytest.raises(GeometryError, match="expected longitude first"):
        replace(PASSED, lon_deg=lon_deg, lat_deg=lat_deg)


# Shown


def test_a_corridor_is_shown_with_its_segments_users_and_hand_overs() -> None:
    text = " ".join(describe(FULL, lang="en").split())
    for said in (
        "A 22.471000 N 113.905000 E (illustrative), 250 m AMSL - 350 m AMSL",
        "B 22.472358 N 113.947806 E (authoritative), SFC - 152.4 m AMSL",
        "direction one direction at a time",
        "users operators of the service",
        "FIRs ZGZU → VHHK",
        "hand-over ZGZU Shenzhen to VHHK Hong Kong Information at 22.472358 N 113.947806 E, HAND",
        "when no hours stated",
    ):
        assert said in text
    chinese = describe(FULL, lang="zh")
    for said in ("同一时间单向", "该航线的经营人", "ZGZU 深圳 至 VHHK 香港飞行情报", "未载明时间"):
        assert said in chinese
    (_, *details) = listed(FULL, lang="en", width=200)
    assert "one direction at a time · operators of the service · ZGZU → VHHK" in details[0]


def test_what_is_not_known_of_a_corridor_is_said() -> None:
    text = " ".join(describe(TRACK, lang="en").split())
    assert "direction not published users not published FIRs not known when" in text
    crossing = describe(replace(FULL, hand_overs=()), lang="en")
    assert "at a place that is not known" in crossing
    unnamed = describe(replace(FULL, hand_overs=(PASSED,)), lang="en")
    assert "no published point (illustrative)" in unnamed
