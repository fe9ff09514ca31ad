"""Operating areas as volumes: where they end, how high they reach, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import shapely

from lowalt.conflicts.planning.areas import volumes_of
from lowalt.conflicts.planning.plans import tracks_of
from lowalt.conflicts.volumes import detect_intrusions, volume_conflicts
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.flights import FlightPlan, parse_plan
from lowalt.geodesy import geodesic_azimuth_deg, geodesic_direct, geodesic_distance_m
from lowalt.levels import VerticalReference
from lowalt.terrain import GridTerrain, UniformTerrain

START = datetime(2026, 6, 9, 2, 0, tzinfo=UTC)
CIRCLE = {"circle": {"lon_deg": 114.3, "lat_deg": 22.6, "radius_m": 2000.0}}
SQUARE = {"polygon": [[113.6, 22.4], [113.9, 22.4], [113.9, 22.7], [113.6, 22.7]]}


def area(
    plan_id: str,
    shape: dict[str, Any],
    *,
    floor: str = "0 AMSL",
    ceiling: str = "120 AMSL",
    start_s: float = 0.0,
    end_s: float = 3600.0,
) -> FlightPlan:
    levels = [level.split() for level in (floor, ceiling)]
    low, high = ({"value_m": float(value), "reference": ref} for value, ref in levels)
    return parse_plan(
        {
            "plan_id": plan_id,
            "datum": "WGS84",
            "coordinates_checked": True,
            "operating_area": {
                **shape,
                "floor": low,
                "ceiling": high,
                "start": START + timedelta(seconds=start_s),
                "end": START + timedelta(seconds=end_s),
            },
        }
    )


def route(*corners: tuple[float, float, float], **more: Any) -> FlightPlan:
    waypoints = [
        {
            "lon_deg": lon_deg,
            "lat_deg": lat_deg,
            "level": {"value_m": 100.0, "reference": "AMSL"},
            "time": START + timedelta(seconds=t_s),
        }
        for lon_deg, lat_deg, t_s in corners
    ]
    document = {
        "plan_id": "route",
        "datum": "WGS84",
        "coordinates_checked": True,
        "waypoints": waypoints,
        "route_buffer_m": 0.0,
        "vertical_buffer_m": 5.0,
    }
    return parse_plan({**document, **more})


def test_a_circle_is_covered_to_a_centimetre() -> None:
    volumes = volumes_of([area("far west", SQUARE), area("circle", CIRCLE)])
    (shape,) = volumes.polygons([1])
    assert volumes.frame is not None
    azimuths = np.arange(0.0, 360.0, 0.37)
    for off_m, inside in ((-0.001, True), (0.012, False)):
        places = geodesic_direct([[114.3, 22.6]], azimuth_deg=azimuths, distance_m=2000.0 + off_m)
        xy = volumes.frame.to_plane(places) - volumes.origin_m
        assert (shapely.contains_xy(shape, xy[:, 0], xy[:, 1]) == inside).all()


def test_the_sides_of_a_polygon_are_the_geodesics_to_the_stated_bound() -> None:
    volumes = volumes_of([area("square", SQUARE), area("circle", CIRCLE)])
    (shape,) = volumes.polygons([0])
    assert volumes.frame is not None
    a, b = np.array([[113.6, 22.7]]), np.array([[113.9, 22.7]])
    length_m = float(geodesic_distance_m(a, b)[0])
    along = geodesic_direct(
        a,
        azimuth_deg=float(geodesic_azimuth_deg(a, b)[0]),
        distance_m=np.linspace(0.0, length_m, 1001),
    )
    xy = volumes.frame.to_plane(along) - volumes.origin_m
    off_m = shapely.distance(shapely.boundary(shape), shapely.points(xy))
    assert 0.0 < off_m.max() <= volumes.position_error_m + 1e-6 < 0.001


def test_an_area_above_ground_reaches_from_its_lowest_to_its_highest_place() -> None:
    slope = GridTerrain([[0.0, 100.0], [0.0, 100.0]], lon_deg=[113.5, 114.0], lat_deg=[22.0, 23.0])
    volumes = volumes_of([area("survey", SQUARE, floor="10 AGL", ceiling="60 AGL")], terrain=slope)
    assert volumes.bottom_m[0] == pytest.approx(20.0 + 10.0, abs=0.01)
    assert volumes.top_m[0] == pytest.approx(80.0 + 60.0, abs=0.01)


def test_times_are_from_the_first_and_uncertainty_makes_areas_longer() -> None:
    plans = [area("late", CIRCLE, start_s=60.0), area("soon", SQUARE, end_s=600.0)]
    volumes = volumes_of(plans, time_uncertainty_s=30.0)
    assert volumes.epoch == START
    assert volumes.start_s.tolist() == [30.0, -30.0]
    assert volumes.end_s.tolist() == [3630.0, 630.0]


def test_a_route_meets_an_area_when_it_enters_by_the_geodesic() -> None:
    # Due east through the middle of the circle at 10 m/s; the entry is 2000 m before the middle.
    west, east = geodesic_direct([[114.3, 22.6]] * 2, azimuth_deg=[270.0, 90.0], distance_m=5000.0)
    through = route((*west.tolist(), 0.0), (*east.tolist(), 1000.0))
    tracks = tracks_of([through])
    volumes = volumes_of([area("circle", CIRCLE, ceiling="100 AMSL")], like=tracks)
    stays = detect_intrusions(tracks, volumes, protection="cylinder")
    assert stays.t_in_s == pytest.approx([300.0], abs=0.003)
    assert stays.t_out_s == pytest.approx([700.0], abs=0.003)
    above = volumes_of([area("circle", CIRCLE, ceiling="94 AMSL")], like=tracks)
    assert len(detect_intrusions(tracks, above, protection="cylinder")) == 0


def test_two_areas_conflict_where_place_height_and_time_overlap() -> None:
    beside = {"polygon": [[113.8, 22.5], [114.0, 22.5], [114.0, 22.6], [113.8, 22.6]]}
    plans = [
        area("square", SQUARE),
        area("beside", beside, start_s=1800.0, end_s=7200.0),
        area("above", beside, floor="120 AMSL", ceiling="150 AMSL"),
        area("later", beside, start_s=3600.0, end_s=7200.0, ceiling="50 AMSL"),
    ]
    found = volume_conflicts(volumes_of(plans))
    assert found.pairs.tolist() == [[0, 1], [1, 3]]
    assert (found.t_in_s[0], found.t_out_s[0]) == (1800.0, 3600.0)


@pytest.mark.parametrize(
    ("floor", "ceiling", "says"),
    [
        ("0 AGL", "60 AGL", r"'a', operating_area\.floor: given 0 m AGL; the ground is not known"),
        ("0 AMSL", "60 HAE", r"operating_area\.ceiling: .*geoid=load_geoid\(\)"),
        ("0 ATO", "60 ATO", r"operating_area\.floor: .*take_off_elevation_amsl_m"),
    ],
)
def test_levels_that_are_not_known_above_the_surface_are_refused(
    floor: str, ceiling: str, says: str
) -> None:
    with pytest.raises(InvalidInputError, match=says):
        volumes_of([area("a", CIRCLE, floor=floor, ceiling=ceiling)])


def test_ground_that_is_known_under_a_part_only_is_refused() -> None:
    west = GridTerrain([[0.0, 0.0], [0.0, 0.0]], lon_deg=[113.0, 113.8], lat_deg=[22.0, 23.0])
    with pytest.raises(InvalidInputError, match="not known all over the area"):
        volumes_of([area("a", SQUARE, floor="0 AGL", ceiling="60 AGL")], terrain=west)


@pytest.mark.parametrize("late_s", [-1.0, np.nan, np.inf])
def test_an_uncertainty_that_is_no_number_of_seconds_is_refused(late_s: float) -> None:
    with pytest.raises(InvalidInputError, match=f"time_uncertainty_s: given {late_s}; 0 to"):
        volumes_of([area("a", CIRCLE)], time_uncertainty_s=late_s)


def test_routes_no_plans_and_areas_across_the_earth_are_refused() -> None:
    flown = route((114.0, 22.5, 0.0), (114.0, 22.6, 60.0))
    with pytest.raises(InvalidInputError, match="'route': given a route"):
        volumes_of([area("a", CIRCLE), flown])
    with pytest.raises(InvalidInputError, match="at least one"):
        volumes_of([])
    abroad = {"circle": {"lon_deg": 100.0, "lat_deg": 22.6, "radius_m": 10.0}}
    with pytest.raises(GeometryError, match="Split them by region"):
        volumes_of([area("a", CIRCLE), area("b", abroad)])


def test_areas_beside_tracks_are_above_their_surface() -> None:
    level = {"value_m": 100.0, "reference": "HAE"}
    corners = [
        {"lon_deg": 114.0, "lat_deg": lat, "level": level, "time": START + timedelta(minutes=lat)}
        for lat in (22.5, 22.6)
    ]
    tracks = tracks_of([route(waypoints=corners)])
    volumes = volumes_of([area("a", CIRCLE, floor="5 HAE", ceiling="9 HAE")], like=tracks)
    assert tracks.surface is VerticalReference.HAE
    assert volumes.surface is VerticalReference.HAE
    assert (volumes.bottom_m.tolist(), volumes.top_m.tolist()) == ([5.0], [9.0])
    with pytest.raises(InvalidInputError, match="geoid"):
        volumes_of(
            [area("a", CIRCLE, floor="0 AGL", ceiling="9 AGL")],
            terrain=UniformTerrain(0.0),
            like=tracks,
        )
