"""Plans as tracks: distances to the centimetre, heights above one surface, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from lowalt.conflicts import TrackArray
from lowalt.conflicts.detection import detect_conflicts
from lowalt.conflicts.planning.plane import MOST_ERROR_M
from lowalt.conflicts.planning.plans import plan_legs, tracks_of
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.flights import FlightPlan, parse_plan
from lowalt.geodesy import (
    LocalFrame,
    geodesic_azimuth_deg,
    geodesic_direct,
    geodesic_distance_m,
)
from lowalt.levels import VerticalReference
from lowalt.terrain import GridTerrain, UniformTerrain, load_geoid

START = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)
Corner = tuple[float, float, str, float]
"""Longitude, latitude, level as people write it, seconds after START."""


def plan(plan_id: str, *corners: Corner, **more: Any) -> FlightPlan:
    waypoints = []
    for lon_deg, lat_deg, level, t_s in corners:
        value_m, reference = level.split()
        waypoints.append(
            {
                "lon_deg": lon_deg,
                "lat_deg": lat_deg,
                "level": {"value_m": float(value_m), "reference": reference},
                "time": START + timedelta(seconds=t_s),
            }
        )
    document = {
        "plan_id": plan_id,
        "datum": "WGS84",
        "coordinates_checked": True,
        "route_buffer_m": 30.0,
        "vertical_buffer_m": 10.0,
        "waypoints": waypoints,
    }
    return parse_plan({**document, **more})


def level_flight(
    plan_id: str, start: Sequence[float], end: Sequence[float], *, t_s: float, **more: Any
) -> FlightPlan:
    return plan(
        plan_id, (start[0], start[1], "100 AMSL", 0.0), (end[0], end[1], "100 AMSL", t_s), **more
    )


def away(place: Sequence[float], azimuth_deg: float, distance_m: float) -> list[float]:
    reached: list[float] = geodesic_direct(
        [place], azimuth_deg=azimuth_deg, distance_m=distance_m
    ).tolist()[0]
    return reached


def at(flight: FlightPlan, t_s: float) -> list[float]:
    """Where a flight of one leg is: on the geodesic, by the share of its time. The oracle."""
    assert flight.waypoints is not None
    a, b = ([w.lon_deg, w.lat_deg] for w in flight.waypoints)
    share = t_s / (flight.waypoints[1].time - START).total_seconds()
    azimuth_deg = float(geodesic_azimuth_deg([a], [b])[0])
    return away(a, azimuth_deg, share * float(geodesic_distance_m([a], [b])[0]))


def in_plane(tracks: TrackArray, flight: int, t_s: float) -> np.ndarray[Any, Any]:
    rows = tracks.vertices[tracks.offsets[flight] : tracks.offsets[flight + 1]]
    return np.array([np.interp(t_s, rows[:, 0], rows[:, column]) for column in (1, 2, 3)])


@st.composite
def close_pairs(draw: st.DrawFn) -> tuple[list[FlightPlan], float]:
    """Two flights about as near as their buffers in the middle of their time, others far around.

    The buffers are such that the plane is mostly just accepted. Returns the plans, the two first,
    and a time near the middle.
    """
    half_width_m = draw(st.floats(5_000.0, 120_000.0))
    middle = [draw(st.floats(113.0, 115.0)), draw(st.floats(18.0, 40.0))]
    most_m = min(0.032 / (half_width_m / 6.371e6) ** 2, 5_000.0)
    radius_m = draw(st.floats(0.1, 0.9)) * most_m / 2.0
    side_deg, off_m = draw(st.sampled_from([90.0, 270.0])), draw(st.floats(0.0, half_width_m))
    one = away(middle, side_deg, off_m)
    other = away(one, draw(st.floats(0.0, 360.0)), radius_m * draw(st.floats(1.0, 2.0)))
    plans = []
    for name, through in (("one", one), ("other", other)):
        azimuth_deg, half_m = draw(st.floats(0.0, 360.0)), draw(st.floats(50.0, 40_000.0))
        ends = [away(through, azimuth_deg + turn, half_m) for turn in (180.0, 0.0)]
        plans.append(level_flight(name, *ends, t_s=1000.0, route_buffer_m=radius_m))
    for azimuth_deg in (90.0, 270.0):
        edge = away(middle, azimuth_deg, half_width_m)
        plans.append(level_flight(f"edge {azimuth_deg}", edge, edge, t_s=1.0, route_buffer_m=0.0))
    return plans, draw(st.floats(480.0, 520.0))


@given(close_pairs())
def test_distances_in_the_plane_are_those_of_the_geodesics_to_the_stated_bound(
    drawn: tuple[list[FlightPlan], float],
) -> None:
    plans, t_s = drawn
    try:
        tracks = tracks_of(plans)
    except GeometryError:  # a few are just too wide
        reject()
    assert tracks.position_error_m <= MOST_ERROR_M
    for when_s in (500.0, t_s):
        apart = in_plane(tracks, 0, when_s) - in_plane(tracks, 1, when_s)
        true_m = float(geodesic_distance_m([at(plans[0], when_s)], [at(plans[1], when_s)])[0])
        if true_m <= 2.0 * tracks.horizontal_radius_m[0]:
            assert abs(np.hypot(*apart[:2]) - true_m) <= tracks.position_error_m


@pytest.mark.parametrize(("azimuth_deg", "apart_deg"), [(90.0, 0.0), (270.0, 45.0)])
def test_the_bound_is_no_wider_than_the_edge_of_the_region_asks_for(
    azimuth_deg: float, apart_deg: float
) -> None:
    edge = away([114.0, 22.5], azimuth_deg, 80_000.0)
    opposite = away([114.0, 22.5], azimuth_deg + 180.0, 80_000.0)
    places = [edge, away(edge, apart_deg, 200.0), [114.0, 22.5], opposite]
    plans = [
        level_flight(str(n), place, place, t_s=9.0, route_buffer_m=100.0 if n < 2 else 0.0)
        for n, place in enumerate(places)
    ]
    tracks = tracks_of(plans)
    wrong_m = np.hypot(*(in_plane(tracks, 0, 5.0) - in_plane(tracks, 1, 5.0))[:2]) - 200.0
    # A millimetre of the bound is for legs, which these have none of.
    assert 0.007 < wrong_m <= tracks.position_error_m - 0.001 <= wrong_m + 0.0001


def crossing_at(distance_m: float, *, half_width_m: float, off_m: float) -> list[FlightPlan]:
    """A flight of 60 km that passes one that hovers, at a distance, amid others far around."""
    middle = [114.0, 22.5]
    through = away(middle, 90.0, off_m)
    ends = [away(through, azimuth_deg, 30_000.0) for azimuth_deg in (210.0, 30.0)]
    hover = away(through, 120.0, distance_m)
    edges = [away(middle, azimuth_deg, half_width_m) for azimuth_deg in (90.0, 270.0)]
    return [
        level_flight("passes", ends[0], ends[1], t_s=1000.0, route_buffer_m=80.0),
        level_flight("hovers", hover, hover, t_s=1000.0, route_buffer_m=20.0),
        *(level_flight(f"edge {e}", e, e, t_s=1.0, route_buffer_m=0.0) for e in edges),
    ]


@pytest.mark.parametrize("half_width_m", [5_000.0, 46_000.0, 80_000.0, 120_000.0])
@pytest.mark.parametrize("share", [-0.99, 0.0, 0.5, 0.99])
def test_a_conflict_of_the_geodesics_by_a_millimetre_is_found_and_two_centimetres_are_clear(
    half_width_m: float, share: float
) -> None:
    for distance_m, conflicts in ((99.999, 1), (100.0205, 0)):
        plans = crossing_at(distance_m, half_width_m=half_width_m, off_m=share * half_width_m)
        tracks = tracks_of(plans, tolerance_m=0.0)
        assert len(detect_conflicts(tracks)) == conflicts
    plans = crossing_at(100.009, half_width_m=half_width_m, off_m=share * half_width_m)
    assert len(detect_conflicts(tracks_of(plans))) == 1  # the centimetre of the safe side


def test_the_plane_of_one_meridian_alone_would_be_wrong_by_more_than_that() -> None:
    east = away([114.0, 22.5], 90.0, 120_000.0)
    near = away(east, 90.0, 100.0)
    xy = LocalFrame(114.0).to_plane([east, near])
    assert np.hypot(*(xy[1] - xy[0])) - 100.0 == pytest.approx(0.0178, abs=0.0005)


def test_buffers_too_wide_for_the_reach_are_refused_with_names_reach_and_bound() -> None:
    plans = crossing_at(100.0, half_width_m=120_000.0, off_m=0.0)
    wide = level_flight("helicopter", [115.1, 22.5], [115.1, 22.6], t_s=9.0, route_buffer_m=900.0)
    with pytest.raises(GeometryError, match=r"reach 24\d km .* wrong by 0\.0\d\d m") as raised:
        tracks_of([*plans, wide])
    assert "'helicopter' (900 m)" in str(raised.value)
    assert "region by region" in str(raised.value)
    assert tracks_of([wide]).position_error_m < 0.002


@pytest.mark.parametrize("lon_deg", [120.5, -60.0, -115.0])
def test_plans_on_both_sides_of_a_country_or_the_earth_are_refused(lon_deg: float) -> None:
    here = level_flight("here", [114.0, 22.5], [114.0, 22.6], t_s=60.0)
    there = level_flight("there", [lon_deg, 22.5], [lon_deg, 22.6], t_s=60.0)
    with pytest.raises(GeometryError, match="Split them by region"):
        tracks_of([here, there])


# Heights


def heights(tracks: TrackArray, flight: int) -> list[float]:
    rows = slice(tracks.offsets[flight], tracks.offsets[flight + 1])
    found: list[float] = tracks.vertices[rows, 3].round(3).tolist()
    return found


def test_levels_above_this_and_that_come_above_mean_sea_level() -> None:
    place = (113.9, 22.6)
    (geoid_m,) = load_geoid().undulation_m(np.array([place]))
    plans = [
        plan("amsl", (*place, "100 AMSL", 0.0), (*place, "90 AMSL", 9.0)),
        plan("agl", (*place, "60 AGL", 0.0), (*place, "50 AGL", 9.0)),
        plan("hae", (*place, f"{100.0 + geoid_m} HAE", 0.0), (*place, f"{geoid_m} HAE", 9.0)),
        plan("ato", (*place, "0 ATO", 0.0), (*place, "9 ATO", 9.0), take_off_elevation_amsl_m=5.0),
    ]
    tracks = tracks_of(plans, terrain=UniformTerrain(40.0), geoid=load_geoid())
    assert tracks.surface is VerticalReference.AMSL
    assert [heights(tracks, flight) for flight in range(4)] == [
        [100.0, 90.0], [100.0, 90.0], [100.0, 0.0], [5.0, 14.0]
    ]  # fmt: skip


def test_heights_above_the_ellipsoid_alone_need_no_geoid() -> None:
    tracks = tracks_of([plan("a", (114.0, 22.5, "80 HAE", 0.0), (114.0, 22.6, "90 HAE", 99.0))])
    assert tracks.surface is VerticalReference.HAE
    assert heights(tracks, 0) == [80.0, 90.0]


def test_a_flight_above_ground_follows_the_ground_and_one_above_the_sea_does_not() -> None:
    across = [0.0, 150.0, 300.0, 150.0, 0.0]
    ridge = GridTerrain(
        [across, across], lon_deg=[113.9, 113.905, 113.91, 113.915, 113.92], lat_deg=[22.0, 23.0]
    )
    ends = ((113.9, 22.5), (113.92, 22.5))
    follows = plan("agl", (*ends[0], "50 AGL", 0.0), (*ends[1], "50 AGL", 100.0))
    keeps = plan("amsl", (*ends[0], "50 AMSL", 0.0), (*ends[1], "50 AMSL", 100.0))
    tracks = tracks_of([follows, keeps], terrain=ridge)
    assert tracks.frame is not None
    rows = tracks.vertices[: tracks.offsets[1], 1:3] + tracks.origin_m
    ground_m = ridge.elevation_amsl_m(tracks.frame.to_lonlat(rows))
    assert heights(tracks, 0) == pytest.approx(ground_m + 50.0, abs=0.01)
    assert max(heights(tracks, 0)) > 280.0
    assert heights(tracks, 1) == [50.0, 50.0]


def test_pieces_are_told_by_the_leg_of_the_plan_that_they_are_of() -> None:
    flight = plan(
        "a",
        (113.8, 22.5, "80 AMSL", 0.0),
        (114.2, 22.5, "80 AMSL", 3000.0),
        (114.2, 22.5, "80 AMSL", 3001.0),
        (114.2, 22.9, "80 AMSL", 7000.0),
    )
    tracks = tracks_of([flight])
    legs = np.arange(tracks.offsets[1] - 1)
    found = plan_legs([flight], tracks, np.zeros(len(legs), dtype=int), legs)
    times = tracks.vertices[:-1, 0]
    assert (found == np.searchsorted([3000.0, 3001.0], times + 1e-6)).all()
    assert (np.diff(found) >= 0).all()
    assert sorted(set(found.tolist())) == [0, 1, 2]


@pytest.mark.parametrize(
    ("levels", "says"),
    [
        (("100 AMSL", "0 AGL", "0 AGL"), r"'bad', waypoints\[1\].*the ground is not known at 114"),
        (("50 AMSL", "50 AMSL", "9 HAE"), r"waypoints\[1\].*both ends of a leg in one reference"),
        (("9 HAE", "9 HAE", "9 HAE"), r"waypoints\[0\].*geoid=load_geoid\(\)"),
        (("9 ATO", "9 ATO", "9 ATO"), r"waypoints\[0\].*take_off_elevation_amsl_m"),
    ],
)
def test_levels_that_are_not_known_above_the_surface_are_refused_with_what_to_give(
    levels: tuple[str, str, str], says: str
) -> None:
    good = plan("good", (114.0, 22.5, "80 AMSL", 0.0), (114.1, 22.5, "80 AMSL", 99.0))
    corners = [(114.0, 22.5 + i / 100.0, level, 60.0 * i) for i, level in enumerate(levels)]
    with pytest.raises(InvalidInputError, match=says):
        tracks_of([good, plan("bad", *corners)])


def test_ground_that_the_model_does_not_cover_is_refused_by_its_place() -> None:
    west = GridTerrain([[0.0, 0.0], [0.0, 0.0]], lon_deg=[113.0, 114.05], lat_deg=[22.0, 23.0])
    leaves = plan("a", (114.0, 22.5, "80 AGL", 0.0), (114.1, 22.5, "80 AGL", 99.0))
    with pytest.raises(InvalidInputError, match=r"not known at 114\.0[5-9]\d*, 22\.5"):
        tracks_of([leaves], terrain=west)


# What else is refused, and what is carried over

HOVER = ((114.0, 22.5, "80 AMSL", 0.0), (114.0, 22.5, "80 AMSL", 99.0))


def test_an_airspace_whose_height_is_not_known_is_refused_unless_one_is_given() -> None:
    flat = plan("flat", *HOVER, vertical_buffer_m=None)
    with pytest.raises(InvalidInputError, match="'flat', vertical_buffer_m: given nothing"):
        tracks_of([plan("a", *HOVER), flat])
    tracks = tracks_of([plan("a", *HOVER), flat], vertical_radius_m=7.0)
    assert tracks.vertical_radius_m.tolist() == [10.0, 7.0]


def test_a_plan_of_an_area_is_refused_by_name() -> None:
    area = parse_plan(
        {
            "plan_id": "show",
            "datum": "WGS84",
            "coordinates_checked": True,
            "operating_area": {
                "circle": {"lon_deg": 114.0, "lat_deg": 22.5, "radius_m": 100.0},
                "floor": {"value_m": 0.0, "reference": "AGL"},
                "ceiling": {"value_m": 60.0, "reference": "AGL"},
                "start": START,
                "end": START + timedelta(hours=1),
            },
        }
    )
    with pytest.raises(InvalidInputError, match="'show': given an operating area"):
        tracks_of([area])


def test_two_plans_of_one_identifier_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="'a', as flight 0 has"):
        tracks_of([plan("a", *HOVER), plan("a", *HOVER)])


def test_a_leg_that_nothing_flies_is_refused_once_by_plan_and_waypoint() -> None:
    slow = level_flight("slow", [113.9, 22.5], [113.95, 22.5], t_s=600.0)
    jumps = plan(
        "jumps",
        (114.0, 22.5, "100 AMSL", 0.0),
        (114.001, 22.5, "100 AMSL", 100.0),
        (115.0, 22.5, "100 AMSL", 101.0),
    )
    with pytest.raises(InvalidInputError) as refusal:
        tracks_of([slow, jumps, slow.model_copy(update={"plan_id": "again"})])
    (problem,) = refusal.value.problems
    assert problem.where == "plan 'jumps', waypoints[2]"
    (far_m,) = geodesic_distance_m([[114.001, 22.5]], [[115.0, 22.5]])
    assert problem.given == f"{far_m:.0f} m in 1 s"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda a: a, r"plans: given .*; several, such as \[plan\]"),
        (lambda _: None, r"plans: given nothing; several"),
        (lambda a: [a, "a.json"], r"plans\[1\]: given 'a.json'; a FlightPlan"),
    ],
)
def test_what_is_no_plan_is_refused_by_its_place(make: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        tracks_of(make(plan("a", *HOVER)))


def test_plans_may_come_one_by_one() -> None:
    tracks = tracks_of(plan(name, *HOVER) for name in "ab")  # type: ignore[arg-type]
    assert tracks.ids == ("a", "b")


def test_no_plans_are_no_tracks() -> None:
    assert len(tracks_of([])) == 0


def test_tracks_carry_ids_times_and_radii_and_the_tolerance_holds_the_bound() -> None:
    later = plan("b", *((*corner[:3], corner[3] + 0.25) for corner in HOVER))
    tracks = TrackArray.from_plans([later, plan("a", *HOVER)], time_uncertainty_s=[0.0, 5.0])
    assert tracks.ids == ("b", "a")
    assert tracks.epoch == START
    assert tracks.starts_s.tolist() == [0.25, 0.0]
    assert tracks.ends_s.tolist() == [99.25, 99.0]
    assert tracks.horizontal_radius_m.tolist() == [30.0, 30.0]
    assert tracks.time_uncertainty_s.tolist() == [0.0, 5.0]
    assert 0.01 < 0.01 + tracks.position_error_m <= tracks.tolerance_m < 0.012
    assert tracks.has_exact_radii


def test_a_plan_is_laid_beside_others_in_their_plane_and_time_with_their_tolerance() -> None:
    many = crossing_at(50.0, half_width_m=46_000.0, off_m=20_000.0)
    old, new = tracks_of(many[1:], position_error_m=0.01), many[0]
    beside = tracks_of([new], like=old)
    for name in ("frame", "origin_m", "epoch", "surface", "tolerance_m", "position_error_m"):
        assert getattr(beside, name) == getattr(old, name)
    true_m = float(geodesic_distance_m([at(many[0], 500.0)], [at(many[1], 500.0)])[0])
    apart = in_plane(beside, 0, 500.0) - in_plane(old, 0, 500.0)
    assert np.hypot(*apart[:2]) == pytest.approx(true_m, abs=0.004)
    assert tracks_of([], like=old).frame == old.frame


def test_a_plan_that_others_leave_no_room_for_is_not_laid_beside_them() -> None:
    old = tracks_of([plan("a", *HOVER)])
    with pytest.raises(GeometryError, match=r"position_error_m=0\.01, which leaves room"):
        tracks_of([level_flight("b", [114.9, 22.5], [114.9, 22.6], t_s=60.0)], like=old)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tolerance_m": -0.1},
        {"tolerance_m": float("nan")},
        {"tolerance_m": None},
        {"position_error_m": 0.011},
        {"vertical_radius_m": -1.0},
        {"vertical_radius_m": "5"},
    ],
    ids=str,
)
def test_sizes_that_would_lose_conflicts_are_refused(wrong: dict[str, Any]) -> None:
    (name,) = wrong
    with pytest.raises(InvalidInputError, match=f"{name}: given .*; 0 to .* metres"):
        tracks_of([plan("a", *HOVER)], **wrong)


def test_tracks_without_a_plane_have_nothing_laid_beside_them() -> None:
    local = TrackArray.from_local(
        [0, 2], [0, 1], [0, 1], [0, 1], [0, 1], horizontal_radius_m=1, vertical_radius_m=1
    )
    with pytest.raises(InvalidInputError, match="made of plans"):
        tracks_of([plan("a", *HOVER)], like=local)
