"""Levels of an area flight over ground that differs from place to place."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry import Polygon

import lowalt as la
from lowalt.airspace import BasisVerification, Circle, FeatureStatus, Restriction, Volume3D, Zone
from lowalt.levels import Level, VerticalLayer
from lowalt.situation.approvals import coverage
from lowalt.situation.path import HeldArea, path_of
from lowalt.temporal import TimeInterval
from lowalt.terms import ApprovalKind, ZoneKind
from lowalt.terrain import GeoidModel, GridTerrain, SyntheticTerrain, TerrainModel, UniformTerrain
from lowalt.testing.airspaces import dataset_of
from lowalt.truth import Truth

FloatArray = NDArray[np.float64]
AGL, AMSL, HAE, ATO = la.VerticalReference
WGS84 = Geod(ellps="WGS84")
START = datetime(2026, 6, 1, 1, tzinfo=UTC)
EVER = TimeInterval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
EMPTY = dataset_of((), period=EVER)
CENTRE = (114.2, 22.65)
CIRCLE = {"circle": {"lon_deg": CENTRE[0], "lat_deg": CENTRE[1], "radius_m": 400.0}}


@dataclass
class Surface:
    """Ground, or geoid, given by a function of longitude and latitude; keeps what was asked."""

    height_m: Callable[[FloatArray, FloatArray], Any]
    spacing_m: float = 30.0
    name: str = "a surface"
    asked: list[FloatArray] = field(default_factory=list)

    def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
        self.asked.append(lon_lat)
        return np.asarray(self.height_m(*lon_lat.T) + np.zeros(len(lon_lat)))

    undulation_m = elevation_amsl_m


def area_flight(
    shape: dict[str, Any],
    *,
    reference: la.VerticalReference = AMSL,
    take_off_m: float | None = None,
) -> la.FlightPlan:
    document: dict[str, Any] = {
        "plan_id": "a",
        "datum": "WGS84",
        "coordinates_checked": True,
        "operating_area": {
            "floor": {"value_m": 200.0, "reference": reference.value},
            "ceiling": {"value_m": 300.0, "reference": reference.value},
            "start": START.isoformat(),
            "end": (START + timedelta(minutes=5)).isoformat(),
            **shape,
        },
    }
    if take_off_m is not None:
        document["take_off_elevation_amsl_m"] = take_off_m
    return la.parse_plan(document)


def range_m(
    flight: la.FlightPlan,
    target: la.VerticalReference = AGL,
    *,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> tuple[float, float]:
    """Range of the ceiling of an area flight."""
    area = la.lay(flight, airspace=EMPTY, terrain=terrain, geoid=geoid).path
    assert isinstance(area, HeldArea)
    return area.range_m(area.ceiling, target)


def polygon(*corners: tuple[float, float]) -> dict[str, Any]:
    return {"polygon": [list(corner) for corner in corners]}


@st.composite
def stars(draw: st.DrawFn) -> list[tuple[float, float]]:
    """Draw polygons that need not be convex, from slivers to 2 km across."""
    count = draw(st.integers(3, 8))
    turn_deg = draw(st.floats(0, 360))
    flat = draw(st.sampled_from([1.0, 0.3, 0.01]))
    corners = []
    for number in range(count):
        azimuth = math.radians(turn_deg + 360.0 * number / count)
        radius_deg = draw(st.floats(0.001, 0.01))
        corners.append(
            (
                CENTRE[0] + radius_deg * math.sin(azimuth),
                CENTRE[1] + flat * radius_deg * math.cos(azimuth),
            )
        )
    return corners


def places_in(corners: Sequence[tuple[float, float]], *, seed: int) -> FloatArray:
    """Places of a polygon: its corners, and some inside it by mixing a triangle's corners."""
    # Every triangle that begins at the centre and ends in two neighbouring corners is inside.
    rng = np.random.default_rng(seed)
    ring = np.array(corners)
    first = rng.integers(0, len(ring), size=200)
    triangles = np.stack(
        (np.broadcast_to(CENTRE, (200, 2)), ring[first], ring[(first + 1) % len(ring)]), axis=1
    )
    inside = np.einsum("nk,nkd->nd", rng.dirichlet([0.5] * 3, size=200), triangles)
    return np.concatenate((ring, inside))


# --- where the ground is asked for


@given(stars(), st.sampled_from([40.0, 100.0, 300.0]), st.integers(0, 9))
def test_no_place_of_an_area_is_farther_from_a_sample_than_half_the_spacing(
    corners: list[tuple[float, float]], spacing_m: float, seed: int
) -> None:
    ground = Surface(flat, spacing_m=spacing_m)
    range_m(area_flight(polygon(*corners)), terrain=ground)
    asked = np.concatenate(ground.asked)
    for lon_deg, lat_deg in places_in(corners, seed=seed)[::20]:
        many = np.ones(len(asked))
        distance_m = WGS84.inv(lon_deg * many, lat_deg * many, *asked.T)[2]
        assert distance_m.min() <= spacing_m / 2 + 1e-3
    # Nor is it asked for outside, but for what a geodesic edge is off a straight one.
    assert shapely.distance(Polygon(corners), shapely.points(asked)).max() < 1e-6


def test_ground_is_not_asked_for_where_no_model_is_given_or_needed() -> None:
    unknown = range_m(area_flight(CIRCLE))
    assert np.isnan(unknown).all()
    assert range_m(area_flight(CIRCLE, reference=AGL)) == (300.0, 300.0)
    assert range_m(area_flight(CIRCLE), AMSL) == (300.0, 300.0)


def flat(lon_deg: FloatArray, lat_deg: FloatArray) -> Any:
    return 100.0


def refuses_to_be_asked(lon_deg: FloatArray, lat_deg: FloatArray) -> Any:
    raise AssertionError(f"asked at {len(lon_deg)} places")


def test_over_an_area_too_large_for_its_model_the_ground_is_not_asked_for() -> None:
    """A million samples at 15 m are 225 square kilometres."""
    ground = Surface(refuses_to_be_asked, spacing_m=30.0)
    circle = {"lon_deg": CENTRE[0], "lat_deg": CENTRE[1], "radius_m": 8_600.0}
    assert np.isnan(range_m(area_flight({"circle": circle}), terrain=ground)).all()
    # A coarser model, or a smaller area, is asked.
    coarse = Surface(flat, spacing_m=40.0)
    assert range_m(area_flight({"circle": circle}), terrain=coarse) == (200.0, 200.0)
    assert 300_000 < sum(map(len, coarse.asked)) < 1_000_000


def test_a_comb_of_many_thousand_teeth_is_not_cut_into_rows() -> None:
    teeth = 20_000
    top = [
        (114.0 + 0.1 * tooth / teeth, 22.7 if tooth % 2 else 22.6001) for tooth in range(teeth + 1)
    ]
    ground = Surface(refuses_to_be_asked)
    comb = polygon(*top, (114.1, 22.6), (114.0, 22.6))
    assert np.isnan(range_m(area_flight(comb), terrain=ground)).all()


@pytest.mark.parametrize("centre", [(24.0, 0.0), (-66.0, -22.0), (114.2, 89.999), (179.9999, 10.0)])
def test_an_area_on_the_far_side_of_the_earth_is_laid_all_the_same(
    centre: tuple[float, float],
) -> None:
    circle = {"lon_deg": centre[0], "lat_deg": centre[1], "radius_m": 500.0}
    flight = area_flight({"circle": circle})
    area = path_of(flight, frame=EMPTY.frame, terrain=UniformTerrain(50.0), geoid=None)
    assert isinstance(area, HeldArea)
    found = area.range_m(area.ceiling, AGL)
    assert found == (250.0, 250.0) or np.isnan(found).all()


# --- which ground counts


@given(stars(), st.floats(-20_000, 20_000), st.floats(-20_000, 20_000))
def test_over_a_slope_levels_reach_what_they_reach_over_the_corners(
    corners: list[tuple[float, float]], east_m: float, north_m: float
) -> None:
    def slope_m(lon_deg: Any, lat_deg: Any) -> Any:
        return east_m * (lon_deg - CENTRE[0]) + north_m * (lat_deg - CENTRE[1])

    found = range_m(area_flight(polygon(*corners)), terrain=Surface(slope_m))
    heights_m = [300.0 - slope_m(*corner) for corner in corners]
    # A geodesic edge bulges by up to 8 mm, over ground no steeper than 0.3.
    assert found == pytest.approx((min(heights_m), max(heights_m)), abs=0.005)


@given(
    stars(),
    st.tuples(st.floats(-0.01, 0.01), st.floats(-0.01, 0.01)),
    st.tuples(st.floats(-200, 200), st.floats(30, 400)),
    st.sampled_from([20.0, 60.0]),
    st.integers(0, 9),
)
def test_what_samples_of_an_area_miss_is_at_most_half_the_spacing_times_the_slope(
    corners: list[tuple[float, float]],
    off_deg: tuple[float, float],
    size_m: tuple[float, float],
    spacing_m: float,
    seed: int,
) -> None:
    """One round hill or pit, in the area or near it; the oracle looks at places of its own."""
    rise_m, width_m = size_m

    def hill_m(lon_deg: Any, lat_deg: Any) -> Any:
        east_m = (lon_deg - CENTRE[0] - off_deg[0]) * 102_750
        north_m = (lat_deg - CENTRE[1] - off_deg[1]) * 110_750
        return rise_m * np.exp(-0.5 * (east_m**2 + north_m**2) / width_m**2)

    lowest_m, highest_m = range_m(
        area_flight(polygon(*corners)), terrain=Surface(hill_m, spacing_m=spacing_m)
    )
    heights_m = 300.0 - hill_m(*places_in(corners, seed=seed).T)
    steepest = abs(rise_m) / width_m * math.exp(-0.5)  # of a Gaussian, one width from its top
    # A metre in the plane of the oracle is one on the ground within a thousandth.
    may_miss_m = 1.001 * steepest * (spacing_m / 2 + 0.02)
    assert lowest_m <= heights_m.min() + may_miss_m + 1e-9
    assert highest_m >= heights_m.max() - may_miss_m - 1e-9
    # Nothing is found that is not there: all ground lies between the plain and the top.
    assert 300.0 - max(rise_m, 0.0) - 1e-9 <= lowest_m <= highest_m <= 300.0 - min(rise_m, 0.0)


def rim(inner_m: float, outer_m: float, inside_m: float) -> Surface:
    """Make flat ground with a rim of another height at some distance from the centre."""

    def height_m(lon_deg: FloatArray, lat_deg: FloatArray) -> Any:
        many = np.ones(len(lon_deg))
        centre = (CENTRE[0] * many, CENTRE[1] * many)
        distance_m = WGS84.inv(*centre, lon_deg, lat_deg)[2]
        return np.where((distance_m > inner_m) & (distance_m < outer_m), inside_m, 100.0)

    return Surface(height_m)


def test_ground_on_the_boundary_counts_and_ground_outside_does_not() -> None:
    flight = area_flight(CIRCLE)
    assert range_m(flight, terrain=rim(399.0, 401.0, 40.0)) == (200.0, 260.0)
    assert range_m(flight, terrain=rim(400.01, 5000.0, 40.0)) == (200.0, 200.0)


def test_a_void_in_the_area_leaves_its_levels_open_and_one_outside_does_not() -> None:
    flight = area_flight(CIRCLE)
    for void in (rim(399.0, 401.0, math.nan), rim(-1.0, 20.0, math.nan)):
        assert np.isnan(range_m(flight, terrain=void)).all()
        assert range_m(flight, AMSL, terrain=void) == (300.0, 300.0)
    assert range_m(flight, terrain=rim(400.01, 5000.0, math.nan)) == (200.0, 200.0)


def test_over_a_grid_of_a_pit_an_area_is_highest_in_it() -> None:
    ground = np.full((101, 101), 100.0)
    ground[50, 50] = 20.0
    lon, lat = CENTRE[0] + np.linspace(-0.01, 0.01, 101), CENTRE[1] + np.linspace(-0.01, 0.01, 101)
    lowest_m, highest_m = range_m(
        area_flight(CIRCLE), terrain=GridTerrain(ground, lon_deg=lon, lat_deg=lat)
    )
    assert lowest_m == pytest.approx(200.0, abs=1e-9)
    # A pit of one node is 80 m deep and a cell wide: half a cell is half its depth.
    assert 240.0 < highest_m <= 280.0


def test_over_made_up_mountains_an_area_on_wutong_is_low_over_its_top() -> None:
    circle = {"lon_deg": 114.214, "lat_deg": 22.583, "radius_m": 1_500.0}
    flight = area_flight({"circle": circle})
    lowest_m, highest_m = range_m(flight, terrain=SyntheticTerrain())
    # 300 m above the sea is far inside the mountain: 643.7 m below its top.
    assert lowest_m == pytest.approx(300.0 - 943.7, abs=25.0)
    many = np.ones(3600)
    around = WGS84.fwd(114.214 * many, 22.583 * many, np.arange(0, 360, 0.1), 1500.0 * many)
    foot_m = SyntheticTerrain().elevation_amsl_m(np.column_stack(around[:2])).min()
    assert highest_m == pytest.approx(300.0 - foot_m, abs=0.5)


# --- references


def test_ground_and_geoid_count_together_where_they_are_not_each_by_its_own_extreme() -> None:
    """A geoid that falls as the ground rises leaves the ground as far from the ellipsoid."""
    tilt = 3000.0

    def ground_m(lon_deg: FloatArray, lat_deg: FloatArray) -> Any:
        return 100.0 + tilt * (lon_deg - CENTRE[0])

    def geoid_m(lon_deg: FloatArray, lat_deg: FloatArray) -> Any:
        return -4.0 - tilt * (lon_deg - CENTRE[0])

    flight = area_flight(CIRCLE, reference=HAE)
    terrain, geoid = Surface(ground_m), Surface(geoid_m)
    found = range_m(flight, terrain=terrain, geoid=geoid)
    assert found == pytest.approx((300.0 + 4.0 - 100.0,) * 2, abs=1e-6)
    lowest_m, highest_m = range_m(flight, AMSL, terrain=terrain, geoid=geoid)
    across_m = tilt * 800.0 / 102_750
    assert highest_m - lowest_m == pytest.approx(across_m, rel=0.01)


def test_a_geoid_alone_makes_a_gnss_level_known_above_the_sea_and_not_above_ground() -> None:
    flight = area_flight(CIRCLE, reference=HAE)
    lowest_m, highest_m = range_m(flight, AMSL, geoid=la.load_geoid())
    assert 302.0 < lowest_m <= highest_m < 303.5  # 2.7 m east of Luohu, in the table of EGM2008
    assert np.isnan(range_m(flight, AGL, geoid=la.load_geoid())).all()


def test_a_level_above_take_off_needs_its_elevation_and_the_ground() -> None:

    def slope_m(lon_deg: FloatArray, lat_deg: FloatArray) -> Any:
        return 100.0 + 10_000.0 * (lon_deg - CENTRE[0])

    slope = Surface(slope_m)
    known = area_flight(CIRCLE, reference=ATO, take_off_m=50.0)
    assert range_m(known, AMSL) == (350.0, 350.0)
    assert np.isnan(range_m(known)).all()
    assert np.isnan(range_m(area_flight(CIRCLE, reference=ATO), terrain=slope)).all()
    lowest_m, highest_m = range_m(known, terrain=slope)
    rise_m = 10_000.0 * 400.0 / 102_750
    assert (lowest_m, highest_m) == pytest.approx((250.0 - rise_m, 250.0 + rise_m), abs=0.1)


# --- what comes of it: heights from 161 to 239 m above ground, with a floor 100 m lower


def rising_m(lon_deg: FloatArray, lat_deg: FloatArray) -> Any:
    """Rise by 39 m from the centre of the circle to its eastern edge, and fall to the western."""
    return 100.0 + 10_000.0 * (lon_deg - CENTRE[0])


def zone(kind: ZoneKind, *, floor_m: float | None = None, ceiling_m: float | None = None) -> Zone:
    limits = [None if value is None else Level(value, AGL) for value in (floor_m, ceiling_m)]
    return Zone(
        identifier="Z1",
        volumes=(Volume3D.of(Circle(*CENTRE, 1_000.0), layer=VerticalLayer(*limits)),),
        name={"en": "a zone"},
        kind=kind,
        restriction=Restriction.REQ_AUTHORIZATION,
        country="CHN",
        status=FeatureStatus.ILLUSTRATIVE,
        basis=BasisVerification.UNVERIFIED,
        accuracy_m=0.0,
        citation="made up",
        sources=("made up",),
        as_of=START.date(),
    )


def laid(*zones: Zone, terrain: TerrainModel | None, **approval: Any) -> la.Situation:
    flight = area_flight(CIRCLE)
    if approval:
        document: dict[str, Any] = {"kind": "flight_activity", "number": "1"}
        document |= {"authority": "made up"}
        document |= {"valid_from": EVER.start.isoformat(), "valid_until": EVER.end.isoformat()}
        document |= {"missions": ["inspection"]}
        flight = la.parse_plan(
            flight.model_dump(mode="json", exclude_none=True)
            | {"approvals": [document | {"area": CIRCLE} | approval]}
            | {"mission": {"kind": "inspection"}}
        )
    return la.lay(flight, airspace=dataset_of(zones, period=EVER), terrain=terrain)


def test_the_greatest_true_height_of_an_area_is_over_its_lowest_ground() -> None:
    assert laid(terrain=Surface(rising_m)).max_true_height_m == pytest.approx(238.9, abs=0.1)
    assert laid(terrain=None).max_true_height_m is None


@pytest.mark.parametrize(
    ("limits_m", "expected"),
    [
        ({"floor_m": 240.0}, None),
        ({"floor_m": 238.0}, Truth.UNKNOWN),
        ({"floor_m": 162.0}, Truth.UNKNOWN),
        ({"floor_m": 160.0}, Truth.TRUE),
        ({"ceiling_m": 60.0}, None),
        ({"ceiling_m": 62.0}, Truth.UNKNOWN),
        ({"ceiling_m": 138.0}, Truth.UNKNOWN),
        ({"ceiling_m": 140.0}, Truth.TRUE),
        ({"floor_m": 160.0, "ceiling_m": 140.0 + 161.0}, Truth.TRUE),
    ],
)
def test_a_zone_is_surely_met_where_every_ground_lets_the_area_reach_it(
    limits_m: dict[str, float], expected: Truth | None
) -> None:
    danger = zone(ZoneKind.DANGER_AREA, **limits_m)
    found = [encounter.exists for encounter in laid(danger, terrain=Surface(rising_m)).encounters]
    assert found == ([] if expected is None else [expected])
    # Without ground all of these are open.
    assert [e.exists for e in laid(danger, terrain=None).encounters] == [Truth.UNKNOWN]


@pytest.mark.parametrize(
    ("limits_m", "expected"),
    [
        ({"ceiling_m": 240.0}, Truth.TRUE),
        ({"ceiling_m": 238.0}, Truth.FALSE),
        ({"floor_m": 60.0}, Truth.TRUE),
        ({"floor_m": 62.0}, Truth.FALSE),
    ],
)
def test_an_area_lies_in_a_camp_where_it_does_over_every_ground(
    limits_m: dict[str, float], expected: Truth
) -> None:
    camp = zone(ZoneKind.AVIATION_CAMP, **limits_m)
    assert laid(camp, terrain=Surface(rising_m)).is_in_camp is expected
    assert laid(camp, terrain=None).is_in_camp is Truth.UNKNOWN


@pytest.mark.parametrize(("ceiling_m", "expected"), [(240.0, Truth.TRUE), (238.0, Truth.FALSE)])
def test_an_approval_holds_where_its_ceiling_does_over_the_lowest_ground(
    ceiling_m: float, expected: Truth
) -> None:
    ceiling = {"ceiling": {"value_m": ceiling_m, "reference": "AGL"}}
    kind = ApprovalKind.FLIGHT_ACTIVITY
    assert coverage(laid(terrain=Surface(rising_m), **ceiling), kind).holds is expected
    assert coverage(laid(terrain=None, **ceiling), kind).holds is Truth.UNKNOWN
