"""Entry and exit, against an oracle that walks the geodesic in small steps.

The oracle knows no plane, no buffers and no intersections: it asks geodesic distances (and, for
polygons, whether a point lies inside) at thousands of moments of the leg.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod
from shapely import affinity
from shapely.geometry import LineString, Polygon

from lowalt import testing
from lowalt.airspace import (
    EVERY_HEIGHT,
    BasisVerification,
    BoundaryPart,
    Circle,
    Containment,
    FeatureStatus,
    Restriction,
    Strip,
    Volume3D,
    Zone,
    load_airspace,
)
from lowalt.datums import gcj02_from_wgs84
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, parse_plan
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.situation import Encounter, lay
from lowalt.temporal import Schedule, TimeInterval
from lowalt.terms import Jurisdiction, ZoneKind
from lowalt.testing.airspaces import dataset_of
from lowalt.truth import Truth

GEOD = Geod(ellps="WGS84")
CHINA = timezone(timedelta(hours=8))
START = datetime(2026, 6, 1, 9, tzinfo=CHINA)
CENTRE = (114.20, 22.65)
STEPS = 4000
Array = NDArray[np.float64]


# Building


def at(east_m: float, north_m: float) -> tuple[float, float]:
    """Place so far east and north of the centre."""
    azimuth = float(np.degrees(np.arctan2(east_m, north_m)))
    lon, lat, _ = GEOD.fwd(*CENTRE, azimuth, float(np.hypot(east_m, north_m)))
    return lon, lat


def zone(identifier: str = "Z1", **changes: Any) -> Zone:
    circle = changes.pop("circle", None)
    geometry = changes.pop("geometry", None)
    layer = changes.pop("layer", EVERY_HEIGHT)
    if circle is None and geometry is None:
        circle = Circle(*CENTRE, 1000.0)
    volume = Volume3D(geometry, layer) if circle is None else Volume3D.of(circle, layer=layer)
    values: dict[str, Any] = {
        "name": {"zh": "区", "en": "zone"},
        "kind": ZoneKind.PROHIBITED_AREA,
        "restriction": Restriction.PROHIBITED,
        "country": "CHN",
        "volumes": (volume,),
        "status": FeatureStatus.AUTHORITATIVE,
        "basis": BasisVerification.VERIFIED,
        "accuracy_m": 0.0,
        "citation": "a test",
        "sources": ("a test",),
        "as_of": date(2026, 1, 1),
        **changes,
    }
    return Zone(identifier=identifier, **values)


def route(
    points: Sequence[tuple[float, float]],
    *,
    heights_m: Sequence[float] | None = None,
    leg_s: float = 600.0,
    buffer_m: float = 0.0,
    vertical_m: float = 0.0,
) -> FlightPlan:
    heights_m = heights_m or [50.0] * len(points)
    return parse_plan(
        {
            "plan_id": "p",
            "datum": "WGS84",
            "route_buffer_m": buffer_m,
            "vertical_buffer_m": vertical_m,
            "waypoints": [
                {
                    "lon_deg": lon,
                    "lat_deg": lat,
                    "level": {"value_m": float(height), "reference": "AGL"},
                    "time": (START + timedelta(seconds=leg_s * i)).isoformat(),
                }
                for i, ((lon, lat), height) in enumerate(zip(points, heights_m, strict=True))
            ],
        }
    )


def area_flight(centre: tuple[float, float], radius_m: float) -> FlightPlan:
    lon, lat = centre
    return parse_plan(
        {
            "plan_id": "a",
            "datum": "WGS84",
            "operating_area": {
                "circle": {"lon_deg": lon, "lat_deg": lat, "radius_m": radius_m},
                "floor": {"value_m": 0, "reference": "AGL"},
                "ceiling": {"value_m": 80, "reference": "AGL"},
                "start": START.isoformat(),
                "end": (START + timedelta(minutes=5)).isoformat(),
            },
        }
    )


def encounters(plan: FlightPlan, *zones: Zone) -> tuple[Encounter, ...]:
    return lay(plan, airspace=dataset_of(zones)).encounters


def seconds(encounter: Encounter) -> tuple[float, float]:
    period = encounter.period
    return (period.start - START).total_seconds(), (period.end - START).total_seconds()


# The oracle


def walk(plan: FlightPlan, *, steps: int = STEPS) -> tuple[Array, Array, Array]:
    """Places ``(N, 2)``, seconds and heights at many moments of the flight."""
    places, times, heights = [], [], []
    share = np.linspace(0.0, 1.0, steps)
    assert plan.waypoints is not None
    for a, b in pairwise(plan.waypoints):
        azimuth, _, length = GEOD.inv(a.lon_deg, a.lat_deg, b.lon_deg, b.lat_deg)
        lon, lat, _ = GEOD.fwd(
            np.full(steps, a.lon_deg), np.full(steps, a.lat_deg), np.full(steps, azimuth),
            share * length,
        )  # fmt: skip
        places.append(np.column_stack((lon, lat)))
        first, last = ((w.time - START).total_seconds() for w in (a, b))
        times.append(first + share * (last - first))
        heights.append(a.level.value_m + share * (b.level.value_m - a.level.value_m))
    return np.concatenate(places), np.concatenate(times), np.concatenate(heights)


def spans_where(inside: Any, t_s: Array) -> list[tuple[float, float]]:
    """First and last moment of each run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], inside.astype(int), [0]))))
    return [(float(t_s[a]), float(t_s[b - 1])) for a, b in edges.reshape(-1, 2)]


def from_centre_m(places: Array, circle: Circle) -> Array:
    count = len(places)
    lon, lat = np.full(count, circle.lon_deg), np.full(count, circle.lat_deg)
    return np.asarray(GEOD.inv(lon, lat, places[:, 0], places[:, 1])[2])


def assert_between(
    found: Sequence[Encounter],
    least: list[tuple[float, float]],
    most: list[tuple[float, float]],
    *,
    step_s: float = 600.0 / (STEPS - 1) + 1e-3,
) -> None:
    """What surely counts is found, and what is found may count, both to the oracle's step.

    ``least`` is when the zone itself is met, ``most`` when it is within the boundary tolerance:
    where a path grazes a boundary a centimetre can be a minute.
    """
    found_s = [seconds(e) for e in found]
    for first, last in least:
        assert any(a <= first + 0.001 and last - 0.001 <= b for a, b in found_s), (first, found_s)
    for a, b in found_s:
        within = any(first - step_s <= a and b <= last + step_s for first, last in most)
        assert within or b - a < step_s, ((a, b), most)


points_m = st.tuples(st.integers(-4000, 4000), st.integers(-4000, 4000))
routes_m = st.lists(points_m, min_size=2, max_size=4).filter(
    lambda found: all(a != b for a, b in pairwise(found))
)


@given(routes_m, st.integers(50, 2500), st.sampled_from([0.0, 20.0, 300.0, 1500.0]))
def test_entry_and_exit_of_a_circle_are_those_of_the_geodesic(
    points: list[tuple[int, int]], radius_m: int, buffer_m: float
) -> None:
    circle = Circle(*CENTRE, float(radius_m))
    plan = route([at(*p) for p in points], buffer_m=buffer_m)
    places, t_s, _ = walk(plan)
    beyond_m = from_centre_m(places, circle) - radius_m - buffer_m
    # Buffers and circles are drawn to cover: by a ten-thousandth of a width, by 5 mm.
    covering_m = 0.02 + 1e-4 * buffer_m
    found = encounters(plan, zone(circle=circle))
    assert_between(found, spans_where(beyond_m <= 0, t_s), spans_where(beyond_m <= covering_m, t_s))
    assert all(e.exists is Truth.TRUE for e in found)


def test_entry_and_exit_are_exact_to_a_millisecond_in_a_case_by_hand() -> None:
    """2 km either side of a circle of 1 km, straight through its centre, 10 m/s."""
    azimuth = 63.0
    west, east = ((*GEOD.fwd(*CENTRE, azimuth + turn, 2000.0)[:2],) for turn in (180.0, 0.0))
    (found,) = encounters(route([west, east], leg_s=400.0), zone())
    entry_s, exit_s = seconds(found)
    assert entry_s == pytest.approx(100.0, abs=0.002)  # 1 cm of tolerance and 5 mm of covering
    assert exit_s == pytest.approx(300.0, abs=0.002)
    assert found.containment is Containment.INSIDE
    assert GEOD.inv(found.lon_deg, found.lat_deg, *CENTRE)[2] == pytest.approx(1000.0, abs=0.02)


STAR = st.lists(st.integers(300, 2000), min_size=3, max_size=7)


def star(radii_m: list[int]) -> Polygon:
    turns = np.arange(len(radii_m)) * 2.0 * np.pi / len(radii_m)
    return Polygon(
        [at(r * np.sin(turn), r * np.cos(turn)) for r, turn in zip(radii_m, turns, strict=True)]
    )


@given(routes_m, STAR)
def test_entry_and_exit_of_a_polygon_are_those_of_points_inside_it(
    points: list[tuple[int, int]], radii_m: list[int]
) -> None:
    polygon = star(radii_m)
    plan = route([at(*p) for p in points])
    places, t_s, _ = walk(plan)
    dots = shapely.points(places)
    about_three_centimetres_deg = 3e-7
    found = encounters(plan, zone(geometry=polygon))
    assert_between(
        found,
        spans_where(shapely.contains(polygon, dots), t_s),
        spans_where(shapely.distance(polygon, dots) <= about_three_centimetres_deg, t_s),
    )


@settings(max_examples=30)
@given(routes_m, STAR, st.integers(50, 250), st.sampled_from([0.0, 50.0]))
def test_so_are_those_of_polygons_with_holes_and_of_strips(
    points: list[tuple[int, int]], radii_m: list[int], half_width_m: int, buffer_m: float
) -> None:
    hole = star([radius // 2 for radius in radii_m])
    strip = Strip((at(-2500, -800), at(300, 900), at(2800, -300)), float(half_width_m))
    plan = route([at(*p) for p in points], buffer_m=buffer_m)
    places, t_s, _ = walk(plan)
    dots = shapely.points(places)
    about_three_centimetres_deg = 3e-7
    for volume in (Volume3D(Polygon(star(radii_m).exterior, [hole.exterior])), Volume3D.of(strip)):
        grown = degrees_grown(volume.geometry, buffer_m)
        found = encounters(plan, zone(volumes=(volume,)))
        # The polygon of a strip covers it by some millimetres.
        inner, outer = (
            shapely.buffer(grown, sign * about_three_centimetres_deg) for sign in (-1.0, 1.0)
        )
        shapely.prepare([inner, outer])
        assert_between(
            found,
            spans_where(shapely.contains(inner, dots), t_s),
            spans_where(shapely.contains(outer, dots), t_s),
        )


def degrees_grown(geometry: Any, distance_m: float) -> Any:
    """Grow by a distance in a plane at the centre that knows the ellipsoid's two radii there."""
    north = GEOD.inv(*CENTRE, CENTRE[0], CENTRE[1] + 0.001)[2] / 0.001
    east = GEOD.inv(*CENTRE, CENTRE[0] + 0.001, CENTRE[1])[2] / 0.001
    scaled = affinity.scale(geometry, east, north, origin=(*CENTRE, 0))
    return affinity.scale(scaled.buffer(distance_m, 64), 1 / east, 1 / north, origin=(*CENTRE, 0))


@given(
    st.tuples(st.integers(0, 200), st.integers(0, 200)),
    st.sampled_from([None, 0, 40, 90]),
    st.sampled_from([None, 60, 120]),
    st.sampled_from([0.0, 5.0]),
)
def test_climbing_into_a_band_is_entering_it(
    heights_m: tuple[int, int], floor_m: int | None, ceiling_m: int | None, buffer_m: float
) -> None:
    if floor_m is not None and ceiling_m is not None and ceiling_m < floor_m:
        floor_m, ceiling_m = ceiling_m, floor_m
    layer = VerticalLayer(*(None if v is None else agl(v) for v in (floor_m, ceiling_m)))
    plan = route([at(-800, 0), at(800, 100)], heights_m=heights_m, vertical_m=buffer_m)
    places, t_s, height_m = walk(plan)
    beyond_m = from_centre_m(places, Circle(*CENTRE, 1000.0)) - 1000.0
    below_m = (-1e9 if floor_m is None else floor_m) - height_m - buffer_m
    above_m = height_m - buffer_m - (1e9 if ceiling_m is None else ceiling_m)
    outside_m = np.maximum.reduce([beyond_m, below_m, above_m])
    found = encounters(plan, zone(layer=layer))
    assert_between(found, spans_where(outside_m <= 0, t_s), spans_where(outside_m <= 0.02, t_s))


circles_and_bands = st.lists(
    st.tuples(
        st.tuples(st.integers(-1500, 1500), st.integers(-1500, 1500)),
        st.integers(50, 1500),
        st.sampled_from([(None, None), (None, 60), (60, None), (30, 90)]),
    ),
    min_size=1,
    max_size=3,
)


@settings(max_examples=30)
@given(
    st.lists(st.tuples(points_m, st.integers(0, 150)), min_size=2, max_size=4),
    circles_and_bands,
    circles_and_bands,
)
def test_a_zone_of_several_volumes_is_met_where_any_is_and_so_its_part_for_micro_uav(
    flown: list[tuple[tuple[int, int], int]], drawn: list[Any], drawn_for_micro: list[Any]
) -> None:
    assume(all(a[0] != b[0] for a, b in pairwise(flown)))
    plan = route([at(*point) for point, _ in flown], heights_m=[float(h) for _, h in flown])
    places, t_s, height_m = walk(plan)

    def volumes(drawn: list[Any]) -> tuple[Volume3D, ...]:
        return tuple(
            Volume3D.of(
                Circle(*at(*point), float(radius_m)),
                layer=VerticalLayer(*(None if v is None else agl(v) for v in band)),
            )
            for point, radius_m, band in drawn
        )

    def outside_m(drawn: list[Any]) -> Array:
        """How far outside all of them: less than nothing is inside."""
        apart = []
        for point, radius_m, (floor_m, ceiling_m) in drawn:
            beyond_m = from_centre_m(places, Circle(*at(*point), 1.0)) - radius_m
            below_m = -1e9 if floor_m is None else floor_m - height_m
            above_m = -1e9 if ceiling_m is None else height_m - ceiling_m
            apart.append(np.maximum(np.maximum(beyond_m, below_m), above_m))
        return np.asarray(np.min(apart, axis=0))

    several = zone(volumes=volumes(drawn), micro_volumes=volumes(drawn_for_micro))
    found = encounters(plan, several)
    apart_m = outside_m(drawn)
    assert_between(found, spans_where(apart_m <= 0, t_s), spans_where(apart_m <= 0.02, t_s))
    micro_m = outside_m(drawn_for_micro)
    for encounter in found:
        start_s, end_s = seconds(encounter)
        stay = (t_s >= start_s) & (t_s <= end_s)
        nearest_m = micro_m[stay].min(initial=np.inf)
        if nearest_m <= 0.0:
            assert encounter.binds_micro is Truth.TRUE
        # Half an oracle's step farther, a volume may be met between two of its moments.
        elif nearest_m > 15.0:
            assert encounter.binds_micro is Truth.FALSE


def agl(value_m: float) -> Level:
    return Level(float(value_m), VerticalReference.AGL)


windows_s = st.lists(st.tuples(st.integers(-300, 900), st.integers(1, 400)), min_size=0, max_size=3)


@given(windows_s)
def test_hours_that_open_and_close_on_the_way_cut_the_stay(windows: list[tuple[int, int]]) -> None:
    schedule = Schedule.of(
        TimeInterval(START + timedelta(seconds=a), START + timedelta(seconds=a + length))
        for a, length in windows
    )
    plan = route([at(-900, 0), at(900, 0)])
    _, t_s, _ = walk(plan)
    active = np.zeros(len(t_s), dtype=bool)
    for window in schedule.windows or ():
        opens, closes = ((w - START).total_seconds() for w in (window.start, window.end))
        active |= (t_s >= opens) & (t_s < closes)
    found = encounters(plan, zone(schedule=schedule))
    spans = spans_where(active, t_s)
    assert_between(found, spans, spans)


@given(points_m, st.integers(50, 2500), st.sampled_from([0.0, 30.0]))
def test_a_hover_and_a_vertical_leg_are_in_a_zone_all_the_time_or_never(
    point: tuple[int, int], radius_m: int, buffer_m: float
) -> None:
    circle = Circle(*CENTRE, float(radius_m))
    here = at(*point)
    plan = route([here, here, here], heights_m=[20, 20, 90], buffer_m=buffer_m)
    distance_m = float(from_centre_m(np.array([here]), circle)[0])
    assume(abs(distance_m - radius_m - buffer_m) > 0.05)
    found = encounters(plan, zone(circle=circle))
    if distance_m < radius_m + buffer_m:
        assert [seconds(e) for e in found] == [(0.0, 1200.0)]
    else:
        assert not found


# Cases by hand


@pytest.mark.parametrize(
    ("miss_m", "met"), [(-1.0, True), (0.0, True), (0.008, True), (0.05, False), (1.0, False)]
)
def test_touching_within_a_centimetre_is_being_in_it(miss_m: float, met: bool) -> None:
    beside = 1000.0 + miss_m
    (lon, lat) = at(beside, 0)
    azimuth = GEOD.inv(lon, lat, *CENTRE)[0] + 90.0
    ends = [GEOD.fwd(lon, lat, azimuth + turn, 500.0)[:2] for turn in (0.0, 180.0)]
    found = encounters(route(ends), zone())
    assert bool(found) is met
    if met and miss_m >= 0:
        assert found[0].containment is Containment.WITHIN_TOLERANCE
        assert found[0].exists is Truth.TRUE


@pytest.mark.parametrize(("miss_m", "met"), [(0.005, True), (0.05, False)])
def test_a_hover_that_only_touches_does_so_all_the_time(miss_m: float, met: bool) -> None:
    square = Polygon([at(-500, -500), at(500, -500), at(500, 500), at(-500, 500)])
    for shape, beside_m in (
        ({"circle": Circle(*CENTRE, 1000.0)}, 1000.0),
        ({"geometry": square}, 500.0),
    ):
        here = at(beside_m + miss_m, 0)
        found = encounters(route([here, here, here]), zone(**shape))
        assert [seconds(e) for e in found] == ([(0.0, 1200.0)] if met else [])
        assert all(e.containment is Containment.WITHIN_TOLERANCE for e in found)


def test_a_zone_crossed_twice_is_met_twice() -> None:
    first, second = encounters(route([at(-2000, 0), at(2000, 0), at(-2000, 300)]), zone())
    assert first.period.end < second.period.start


def test_a_corner_cut_between_two_waypoints_outside_is_found() -> None:
    square = Polygon([at(0, 0), at(1000, 0), at(1000, 1000), at(0, 1000)])
    (found,) = encounters(route([at(900, -50), at(1050, 100)]), zone(geometry=square))
    assert 0 < seconds(found)[0] < seconds(found)[1] < 600


def test_a_window_that_ends_when_the_flight_enters_does_not_count() -> None:
    before = Schedule.of([TimeInterval(START - timedelta(hours=1), START)])
    from_start = Schedule.of([TimeInterval(START, START + timedelta(seconds=1))])
    plan = route([at(0, 0), at(3000, 0)])
    assert not encounters(plan, zone(schedule=before))
    (found,) = encounters(plan, zone(schedule=from_start))
    assert seconds(found) == (0.0, 1.0)


@given(st.integers(-600, 600))
def test_a_path_within_the_accuracy_of_a_limit_may_or_may_not_be_in(offset_m: int) -> None:
    """The limit is known to 200 m; the path runs alongside a straight edge of it."""
    assume(min(abs(abs(offset_m) - 200), abs(offset_m)) > 2)
    square = Polygon([at(-3000, 0), at(3000, 0), at(3000, 5000), at(-3000, 5000)])
    unsure = zone(geometry=square, status=FeatureStatus.DERIVED, accuracy_m=200.0)
    found = encounters(route([at(-500, offset_m), at(500, offset_m)]), unsure)
    if offset_m < -200:
        assert not found
        return
    (only,) = found
    certain = offset_m > 200
    assert only.exists is (Truth.TRUE if certain else Truth.UNKNOWN)
    assert only.containment is (Containment.INSIDE if certain else Containment.WITHIN_TOLERANCE)
    assert seconds(only) == (0.0, 600.0)


def test_of_a_stay_that_is_certain_in_part_that_part_counts() -> None:
    """Limits known to 200 m, a line through the centre, 10 m/s."""
    unsure = zone(status=FeatureStatus.DERIVED, accuracy_m=200.0)
    (found,) = encounters(route([at(-2000, 0), at(2000, 0)], leg_s=400.0), unsure)
    assert found.exists is Truth.TRUE
    assert seconds(found) == pytest.approx((120.0, 280.0), abs=0.01)
    (beside,) = encounters(route([at(-2000, 900), at(2000, 900)], leg_s=400.0), unsure)
    half_m = np.sqrt(1200.0**2 - 900.0**2)
    assert beside.exists is Truth.UNKNOWN
    assert seconds(beside) == pytest.approx((200 - half_m / 10, 200 + half_m / 10), abs=0.05)


def test_a_stretch_of_boundary_known_less_well_is_unsure_there_only() -> None:
    square = Polygon([at(-3000, 0), at(3000, 0), at(3000, 5000), at(-3000, 5000)])
    part = BoundaryPart(LineString([at(-3000, 0), at(0, 0)]), 300.0)
    partly = zone(geometry=square, less_accurate=(part,))
    (west,) = encounters(route([at(-2000, 100), at(-1500, 100)]), partly)
    (east,) = encounters(route([at(1500, 100), at(2000, 100)]), partly)
    assert (west.exists, east.exists) == (Truth.UNKNOWN, Truth.TRUE)
    (outside,) = encounters(route([at(-2000, -100), at(-1500, -100)]), partly)
    assert outside.exists is Truth.UNKNOWN
    assert not encounters(route([at(1500, -100), at(2000, -100)]), partly)


SMALL = Volume3D.of(Circle(*CENTRE, 300.0))


@pytest.mark.parametrize(
    ("changes", "north_m", "expected"),
    [
        ({"micro_volumes": None}, 0, Truth.TRUE),
        ({"micro_volumes": ()}, 0, Truth.FALSE),
        ({"micro_volumes": (SMALL,)}, 0, Truth.TRUE),
        ({"micro_volumes": (SMALL,)}, 500, Truth.FALSE),
        ({"micro_volumes": (SMALL,), "accuracy_m": 100.0}, 350, Truth.UNKNOWN),
        ({"micro_volumes": (SMALL,), "accuracy_m": 100.0}, 150, Truth.TRUE),
        ({"micro_volumes": (SMALL,), "accuracy_m": 100.0}, 450, Truth.FALSE),
    ],
)
def test_a_zone_may_bind_micro_uav_in_a_part_of_its_own(
    changes: dict[str, Any], north_m: int, expected: Truth
) -> None:
    status = FeatureStatus.DERIVED if "accuracy_m" in changes else FeatureStatus.AUTHORITATIVE
    plan = route([at(-800, north_m), at(800, north_m)])
    (found,) = encounters(plan, zone(status=status, **changes))
    assert found.binds_micro is expected
    area = area_flight(at(0, north_m), 1.0)
    (held,) = encounters(area, zone(status=status, **changes))
    assert held.binds_micro is expected


def test_each_stay_is_asked_by_itself_whether_it_meets_the_part_for_micro_uav() -> None:
    plan = route([at(0, -2000), at(0, 2000), at(600, 2000), at(600, -2000)])
    first, second = encounters(plan, zone(micro_volumes=(SMALL,)))
    assert (first.binds_micro, second.binds_micro) == (Truth.TRUE, Truth.FALSE)


def test_one_stay_that_only_touches_does_not_borrow_from_one_that_goes_inside() -> None:
    ((east_m, _),) = [(1000.0, 0)]
    plan = route([at(0, -2000), at(0, 2000), at(east_m, 2000), at(east_m, -2000)])
    inside, touching = encounters(plan, zone())
    assert inside.containment is Containment.INSIDE
    assert touching.containment is Containment.WITHIN_TOLERANCE


def test_zones_that_only_inform_are_not_met_but_camps_are() -> None:
    plan = route([at(-500, 0), at(500, 0)])
    informing = {"restriction": Restriction.NO_RESTRICTION}
    assert not encounters(plan, zone(**informing))
    assert not encounters(plan, zone(kind=ZoneKind.OBSTACLE, **informing))
    (camp,) = encounters(plan, zone(kind=ZoneKind.AVIATION_CAMP, **informing))
    assert camp.zone.kind is ZoneKind.AVIATION_CAMP
    for kind in (ZoneKind.ADMINISTRATIVE_AREA, ZoneKind.JURISDICTION):
        assert not encounters(plan, zone(kind=kind, country="HKG"))
    abroad = zone(kind=ZoneKind.JURISDICTION, country="HKG", **informing)
    legs = lay(plan, airspace=dataset_of([abroad])).legs
    assert [leg.jurisdiction for leg in legs] == [Jurisdiction.HONG_KONG]


def test_unknown_ground_below_a_zone_with_limits_above_the_sea_leaves_it_open() -> None:
    limit = Level(100.0, VerticalReference.AMSL)
    (found,) = encounters(route([at(-500, 0), at(500, 0)]), zone(layer=VerticalLayer(floor=limit)))
    assert found.exists is Truth.UNKNOWN


# Legs by jurisdiction

PATHS: dict[str, Callable[[], FlightPlan]] = {
    "home": lambda: route([at(-9000, 0), at(-5000, 0)]),
    "abroad": lambda: route([at(-500, 0), at(500, 0)]),
    "there and back": lambda: route([at(-3000, 0), at(0, 0), at(-3000, 500)]),
    "across": lambda: route([at(-3000, 0), at(3000, 0)]),
}


@given(routes_m, st.booleans())
def test_legs_cover_the_flight_without_gap_in_order_of_time(
    points: list[tuple[int, int]], unsure: bool
) -> None:
    status = FeatureStatus.DERIVED if unsure else FeatureStatus.AUTHORITATIVE
    abroad = zone(kind=ZoneKind.JURISDICTION, country="HKG", status=status, accuracy_m=150.0)
    plan = route([at(*p) for p in points])
    situation = lay(plan, airspace=dataset_of([abroad]))
    legs = situation.legs
    assert legs
    assert [leg.period.start for leg in legs] == sorted(leg.period.start for leg in legs)
    covered = Schedule.of(leg.period for leg in legs)
    flight = TimeInterval(plan.departure, plan.arrival)
    whole = covered.active_within(flight)
    gaps = [b.start - a.end for a, b in pairwise(whole)]
    assert all(gap <= timedelta(milliseconds=1) for gap in gaps)
    assert whole[0].start - flight.start <= timedelta(milliseconds=1)
    assert flight.end - whole[-1].end <= timedelta(milliseconds=1)
    assert not situation.encounters, "a jurisdiction is no zone to be met"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("home", ["CN"]),
        ("abroad", ["HK"]),
        ("there and back", ["CN", "HK", "CN"]),
        ("across", ["CN", "HK", "CN"]),
    ],
)
def test_the_jurisdictions_of_a_path_come_in_order(path: str, expected: list[str]) -> None:
    abroad = zone(kind=ZoneKind.JURISDICTION, country="HKG")
    legs = lay(PATHS[path](), airspace=dataset_of([abroad])).legs
    assert [leg.jurisdiction.value for leg in legs] == expected
    assert {leg.exists for leg in legs} == {Truth.TRUE}


def test_beside_a_boundary_known_to_150_m_both_jurisdictions_are_possible() -> None:
    abroad = zone(
        kind=ZoneKind.JURISDICTION, country="HKG", status=FeatureStatus.DERIVED, accuracy_m=150.0
    )
    legs = lay(route([at(-1100, 0), at(-1050, 0)]), airspace=dataset_of([abroad])).legs
    assert {leg.jurisdiction: leg.exists for leg in legs} == {
        Jurisdiction.MAINLAND: Truth.UNKNOWN,
        Jurisdiction.HONG_KONG: Truth.UNKNOWN,
    }


# Areas, and the whole


@given(points_m, st.integers(20, 2000))
def test_an_area_meets_a_circle_when_their_centres_are_near_enough(
    point: tuple[int, int], radius_m: int
) -> None:
    centre = at(*point)
    distance_m = float(from_centre_m(np.array([centre]), Circle(*CENTRE, 1000.0))[0])
    assume(abs(distance_m - radius_m - 1000.0) > 0.05)
    plan = area_flight(centre, float(radius_m))
    assert bool(encounters(plan, zone())) == (distance_m < radius_m + 1000.0)


@given(testing.plans(), testing.datasets())
def test_any_plan_lies_over_any_dataset_in_order_of_time(plan: FlightPlan, airspace: Any) -> None:
    situation = lay(plan, airspace=airspace)
    for periods in (
        [leg.period for leg in situation.legs],
        [encounter.period for encounter in situation.encounters],
    ):
        assert [p.start for p in periods] == sorted(p.start for p in periods)
        for period in periods:
            assert plan.departure <= period.start <= period.end
            assert period.end <= plan.arrival + timedelta(milliseconds=1)
    assert all(e.exists is not Truth.FALSE for e in situation.encounters)


def test_a_plan_drawn_on_a_gcj02_map_is_refused_by_field() -> None:
    airspace = load_airspace("shenzhen")
    known = next(iter(airspace.known_points.values()))
    lon, lat = gcj02_from_wgs84([known])[0]
    with pytest.raises(InvalidInputError, match=r"waypoints\[0\]"):
        lay(route([(lon, lat), (lon + 0.01, lat)]), airspace=airspace)
