"""Models of the ground, and the true height of legs over them."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod

import lowalt as la
from lowalt.errors import InvalidInputError, LowaltError
from lowalt.levels import VerticalReference
from lowalt.situation.path import Path as Path4D
from lowalt.temporal import TimeInterval
from lowalt.terrain import (
    PEAKS,
    GeoTiffTerrain,
    GridTerrain,
    Ground,
    HgtTerrain,
    SyntheticTerrain,
    TerrainModel,
)
from lowalt.testing.airspaces import dataset_of

FloatArray = NDArray[np.float64]
EVER = TimeInterval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
START = datetime(2026, 6, 1, 1, tzinfo=UTC)
EMPTY = dataset_of((), period=EVER)
WGS84 = Geod(ellps="WGS84")
VOID = -32768


def below(terrain: TerrainModel, *places: tuple[float, float]) -> list[float]:
    return [float(value) for value in terrain.elevation_amsl_m(np.array(places))]


def write_tile(folder: Path, name: str, samples: NDArray[np.integer]) -> None:
    (folder / name).write_bytes(samples.astype(">i2").tobytes())


def numbered(side: int, *, first: int = 0) -> NDArray[np.int64]:
    """Make samples whose value says their place: ten times the row, plus the column mod 10."""
    rows, columns = np.indices((side, side))
    return first + 10 * (rows % 1000) + columns % 10


# --- grids


def test_a_grid_is_bilinear_between_its_nodes_and_unknown_elsewhere() -> None:
    grid = GridTerrain(
        [[0.0, 10.0, 20.0], [100.0, 110.0, np.nan]],
        lon_deg=[114.0, 114.1, 114.3],
        lat_deg=[22.5, 22.6],
        name="mine",
    )
    assert grid.name == "mine"
    known = [(114.0, 22.5), (114.05, 22.55), (114.2, 22.5), (114.1, 22.6), (114.3, 22.5)]
    assert below(grid, *known) == pytest.approx([0.0, 55.0, 15.0, 110.0, 20.0])
    unknown = [(114.2, 22.55), (114.3, 22.6), (113.99, 22.5), (114.1, 22.61), (math.nan, 22.5)]
    assert np.isnan(below(grid, *unknown)).all()


def test_a_grid_is_sampled_at_the_shortest_side_of_its_cells() -> None:
    lon_deg, lat_deg = [114.0, 114.001, 114.003], [22.5, 22.6]
    grid = GridTerrain(np.zeros((2, 3)), lon_deg=lon_deg, lat_deg=lat_deg)
    exact_m = WGS84.line_length([114.0, 114.001], [22.6, 22.6])
    assert 0.999 * exact_m < grid.spacing_m <= exact_m


def test_a_grid_does_not_change_when_the_array_it_was_made_of_does() -> None:
    values = np.zeros((2, 2))
    grid = GridTerrain(values, lon_deg=[114.0, 114.1], lat_deg=[22.5, 22.6])
    values[:] = 50.0
    assert below(grid, (114.05, 22.55)) == [0.0]


def test_a_grid_from_north_to_south_is_refused_with_what_to_do() -> None:
    with pytest.raises(InvalidInputError, match=r"grid: lat_deg: .*turn rows that run from north"):
        GridTerrain(np.zeros((2, 2)), lon_deg=[114.0, 114.1], lat_deg=[22.6, 22.5])


# --- HGT tiles


@pytest.mark.parametrize("side", [1201, 3601])
def test_a_tile_runs_from_its_north_west_corner(tmp_path: Path, side: int) -> None:
    samples = np.zeros((side, side), dtype=np.int64)
    samples[0, 0], samples[0, -1], samples[-1, 0], samples[-1, -1] = 1, 2, 3, -4
    samples[side // 2, side // 4] = 500
    write_tile(tmp_path, "N22E114.hgt", samples)
    terrain = HgtTerrain(tmp_path)
    corners = [(114.0, 23.0), (115.0, 23.0), (114.0, 22.0), (115.0, 22.0)]
    assert below(terrain, *corners) == [1.0, 2.0, 3.0, -4.0]
    half_cell = 0.5 / (side - 1)
    assert below(terrain, (114.25, 22.5)) == [500.0]
    assert below(terrain, (114.25 + half_cell, 22.5)) == pytest.approx([250.0], abs=1e-6)
    assert below(terrain, (114.25, 22.5 - half_cell)) == pytest.approx([250.0], abs=1e-6)
    cell_m = WGS84.line_length([114.0, 114.0 + 2 * half_cell], [23.0, 23.0])
    assert 0.999 * cell_m < terrain.spacing_m <= cell_m


def test_voids_are_not_known_and_spoil_only_what_leans_on_them(tmp_path: Path) -> None:
    samples = np.full((1201, 1201), 7)
    samples[600, 600] = VOID
    write_tile(tmp_path, "N22E114.hgt", samples)
    step = 1 / 1200
    terrain = HgtTerrain(tmp_path)
    assert np.isnan(below(terrain, (114.5, 22.5), (114.5 + step / 2, 22.5 - step / 2))).all()
    assert below(terrain, (114.5 + 1.5 * step, 22.5), (114.5, 22.5 + 1.5 * step)) == [7.0, 7.0]


def test_across_tiles_the_ground_goes_on_and_ends_where_tiles_end(tmp_path: Path) -> None:
    west, east = np.full((1201, 1201), 10), np.full((3601, 3601), 30)
    west[:, -1] = east[:, 0] = 20
    write_tile(tmp_path, "N22E113.hgt", west)
    write_tile(tmp_path, "n22e114.HGT", east)
    terrain = HgtTerrain(tmp_path)
    assert terrain.name == f"HGT tiles of {tmp_path.name} (2)"
    near = [(114.0 - 0.5 / 1200, 22.4), (114.0, 22.4), (114.0 + 0.5 / 3600, 22.4)]
    assert below(terrain, *near) == pytest.approx([15.0, 20.0, 25.0])
    # The outer edges belong to the tiles; beyond them nothing is known.
    assert below(terrain, (115.0, 22.4), (115.0, 23.0), (113.0, 23.0)) == [30.0, 30.0, 10.0]
    outside = [(115.0001, 22.4), (112.9999, 22.4), (114.5, 23.0001), (114.5, 21.9999)]
    assert np.isnan(below(terrain, *outside, (math.nan, 22.4), (math.inf, 22.4))).all()


def test_on_an_edge_a_void_of_one_tile_is_filled_by_its_neighbour(tmp_path: Path) -> None:
    south, north = np.full((1201, 1201), 5), np.full((1201, 1201), 5)
    north[-1, :] = VOID
    write_tile(tmp_path, "N22E114.hgt", south)
    write_tile(tmp_path, "N23E114.hgt", north)
    assert below(HgtTerrain(tmp_path), (114.5, 23.0)) == [5.0]


@pytest.mark.parametrize(
    ("name", "corner"),
    [("S34W071.hgt", (-71.0, -34.0)), ("N00E000.hgt", (0.0, 0.0)), ("N00W001.hgt", (-1.0, 0.0))],
)
def test_tiles_south_and_west_are_named_by_their_south_western_corner(
    tmp_path: Path, name: str, corner: tuple[float, float]
) -> None:
    samples = np.zeros((1201, 1201), dtype=np.int64)
    samples[-1, 0] = 99
    write_tile(tmp_path, name, samples)
    assert below(HgtTerrain(tmp_path), corner) == [99.0]


@given(st.lists(st.tuples(st.floats(114, 115), st.floats(22, 23)), min_size=1, max_size=20))
def test_a_tile_agrees_with_a_grid_of_the_same_numbers(
    tile_and_grid: tuple[HgtTerrain, GridTerrain], places: list[tuple[float, float]]
) -> None:
    tile, grid = tile_and_grid
    assert below(tile, *places) == pytest.approx(below(grid, *places), abs=1e-6)


@pytest.fixture(scope="module")
def tile_and_grid(tmp_path_factory: pytest.TempPathFactory) -> tuple[HgtTerrain, GridTerrain]:
    folder = tmp_path_factory.mktemp("tiles")
    samples = numbered(1201)
    write_tile(folder, "N22E114.hgt", samples)
    axis = np.linspace(0.0, 1.0, 1201)
    return HgtTerrain(folder), GridTerrain(samples[::-1], lon_deg=114 + axis, lat_deg=22 + axis)


def test_a_folder_says_all_that_is_wrong_with_its_tiles(tmp_path: Path) -> None:
    good = np.zeros((1201, 1201), dtype=np.int64)
    write_tile(tmp_path, "N22E114.hgt", good)
    write_tile(tmp_path, "shenzhen.hgt", good)
    write_tile(tmp_path, "N95E114.hgt", good)
    write_tile(tmp_path, "N22E113.hgt", good[:-1])
    write_tile(tmp_path, "N22E112.hgt", good[:0])
    write_tile(tmp_path, "N23E114.hgt", np.zeros((1200, 1200), dtype=np.int64))
    (tmp_path / "README.txt").write_text("not a tile")
    with pytest.raises(InvalidInputError) as refusal:
        HgtTerrain(tmp_path)
    lines = str(refusal.value).splitlines()
    assert str(tmp_path) in lines[0]
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        "N22E112.hgt",
        "N22E113.hgt",
        "N23E114.hgt",
        "N95E114.hgt",
        "shenzhen.hgt",
    ]
    assert "2882400 bytes; expected 2884802 (1201 squared) or 25934402 (3601 squared)" in lines[2]
    assert "expected a name such as N22E114.hgt" in lines[5]


def test_a_folder_without_tiles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"no \.hgt tile"):
        HgtTerrain(tmp_path)
    with pytest.raises(InvalidInputError, match="not a folder"):
        HgtTerrain(tmp_path / "nowhere")


# --- GeoTIFFs, where the library that reads them is missing


def test_without_rasterio_a_geotiff_is_refused_with_the_name_of_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dem.tif").write_bytes(b"II*")
    monkeypatch.setitem(sys.modules, "rasterio", None)
    with pytest.raises(LowaltError, match=r"dem\.tif.*pip install lowalt\[gis\]") as refusal:
        GeoTiffTerrain(tmp_path / "dem.tif")
    assert isinstance(refusal.value, ImportError)


def test_rasterio_is_not_loaded_before_a_geotiff_is_opened() -> None:
    code = "import sys, lowalt.situation, lowalt.terrain; print('rasterio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# --- made-up ground


def test_made_up_ground_is_right_at_its_peaks_and_says_what_it_is() -> None:
    terrain = SyntheticTerrain()
    assert terrain.name == "synthetic, illustrative"
    heights = {peak.name: peak.elevation_amsl_m for peak in PEAKS}
    assert heights["Wutong Mountain"] == 943.7
    tops = [(peak.lon_deg, peak.lat_deg) for peak in PEAKS]
    assert below(terrain, *tops) == pytest.approx(list(heights.values()), abs=1e-6)
    assert below(terrain, (113.81167, 22.63833)) == pytest.approx([4.0], abs=0.01)  # the airport
    assert np.isnan(below(terrain, (112.9, 22.5), (114.0, 23.3))).all()


def test_made_up_ground_never_dips_below_its_plain_nor_rises_far_above_its_peaks() -> None:
    lon, lat = np.meshgrid(np.linspace(113.0, 115.0, 401), np.linspace(21.7, 23.2, 301))
    ground_m = SyntheticTerrain().elevation_amsl_m(np.column_stack((lon.ravel(), lat.ravel())))
    assert ground_m.min() >= 4.0 - 1e-9
    assert 900.0 < ground_m.max() < 1000.0


# --- from one reference to another

METRES = st.integers(-2_000_000, 9_000_000).map(lambda mm: mm / 1000)


@given(height=METRES, undulation=METRES, elevation=METRES, take_off=METRES)
def test_names_of_one_height_convert_into_each_other(
    height: float, undulation: float, elevation: float, take_off: float
) -> None:
    """One aircraft, seen from the ellipsoid; the sea, the ground and the field lie above it."""
    lies_m = {"HAE": 0.0, "AMSL": undulation}
    lies_m |= {"AGL": undulation + elevation, "ATO": undulation + take_off}
    ground = Ground(np.array([elevation]), np.array([undulation]), take_off)
    for source, target in product(VerticalReference, repeat=2):
        found = ground.convert(np.array([height - lies_m[source]]), source=source, target=target)
        assert found == pytest.approx([height - lies_m[target]], abs=1e-6)


@given(st.sets(st.sampled_from(["AGL", "HAE", "ATO"])))
def test_a_level_converts_where_the_surfaces_of_both_references_are_known(
    known: set[str],
) -> None:
    """How the sea lies to itself is always known."""
    surface_m = {name: 10.0 if name in known else np.nan for name in ("AGL", "HAE", "ATO")}
    ground = Ground(np.array([surface_m["AGL"]]), np.array([surface_m["HAE"]]), surface_m["ATO"])
    for source, target in product(VerticalReference, repeat=2):
        found = ground.convert(np.array([50.0]), source=source, target=target)
        expected = source is target or {source.value, target.value} <= known | {"AMSL"}
        assert np.isfinite(found).tolist() == [expected]


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), min_size=1, max_size=30),
    st.sets(st.integers(0, 29), max_size=2),
    st.sets(st.integers(0, 29), max_size=2),
)
@example([(-1, 0), (0, 0), (1, -2)], set(), set())  # the sum is greatest where neither is
def test_the_deciding_places_give_the_range_that_all_places_give(
    places: list[tuple[int, int]], no_ground: set[int], no_geoid: set[int]
) -> None:
    elevation_m, undulation_m = np.array(places, dtype=np.float64).T
    elevation_m[[at for at in no_ground if at < len(places)]] = np.nan
    undulation_m[[at for at in no_geoid if at < len(places)]] = np.nan
    every = Ground(elevation_m, undulation_m, 30.0)
    few = every.deciding()
    assert len(few.elevation_amsl_m) == len(few.undulation_m) <= 6
    for source, target in product(VerticalReference, repeat=2):
        all_m, few_m = (
            ground.convert(
                np.full(len(ground.elevation_amsl_m), 100.0), source=source, target=target
            )
            for ground in (every, few)
        )
        ends = [few_m.min(), few_m.max()]
        assert ends == pytest.approx([all_m.min(), all_m.max()], abs=1e-9, nan_ok=True)


# --- the true height of a leg is its worst over the ground below it


@dataclass(frozen=True)
class Waves:
    """Ground of waves, with the greatest slope it can have."""

    amplitude_m: float = 200.0
    length_m: float = 2000.0
    phase: float = 0.0
    spacing_m: float = 50.0
    name: str = "waves"

    @property
    def steepest(self) -> float:
        return 2 * math.pi * abs(self.amplitude_m) / self.length_m

    def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
        # A degree of longitude is nowhere on the earth longer than 111 320 m.
        x_m = (lon_lat[:, 0] - 114.2) * 111_320
        waves = np.sin(2 * math.pi * x_m / self.length_m + self.phase)
        return np.asarray(self.amplitude_m * waves)


def flight(
    ends: Iterable[tuple[float, float]], levels_m: tuple[float, float], *, reference: str = "AMSL"
) -> la.FlightPlan:
    waypoints = [
        {
            "lon_deg": lon_deg,
            "lat_deg": lat_deg,
            "level": {"value_m": value_m, "reference": reference},
            "time": (START + timedelta(minutes=10 * i)).isoformat(),
        }
        for i, ((lon_deg, lat_deg), value_m) in enumerate(zip(ends, levels_m, strict=True))
    ]
    return la.parse_plan(
        {
            "plan_id": "p",
            "datum": "WGS84",
            "route_buffer_m": 0.0,
            "vertical_buffer_m": 0.0,
            "waypoints": waypoints,
        }
    )


def highest_m(plan: la.FlightPlan, terrain: TerrainModel) -> float:
    found_m = la.lay(plan, airspace=EMPTY, terrain=terrain).max_true_height_m
    assert found_m is not None
    return found_m


def sampled_heights_m(
    ends: tuple[tuple[float, float], tuple[float, float]],
    levels_m: tuple[float, float],
    terrain: TerrainModel,
    *,
    samples: int = 20_001,
) -> FloatArray:
    """True heights along a leg by walking its geodesic, for an oracle."""
    (west, south), (east, north) = ends
    azimuth, _, length_m = WGS84.inv(west, south, east, north)
    share = np.linspace(0.0, 1.0, samples)
    count = np.ones(samples)
    lon, lat, _ = WGS84.fwd(west * count, south * count, azimuth * count, share * length_m)
    ground_m = terrain.elevation_amsl_m(np.column_stack((lon, lat)))
    return np.asarray(np.interp(share, [0, 1], levels_m) - ground_m)


LEG = ((114.2, 22.65), (114.22, 22.66))


def bump(height_m: float) -> GridTerrain:
    """Make flat ground at 100 m with a round hill, or a valley, half-way along the leg."""
    lon, lat = np.linspace(114.19, 114.23, 401), np.linspace(22.64, 22.67, 301)
    offset = np.hypot(lon[None, :] - 114.21, lat[:, None] - 22.655)
    ground = 100.0 + height_m * np.exp(-0.5 * (offset / 0.002) ** 2)
    return GridTerrain(ground, lon_deg=lon, lat_deg=lat)


def test_over_a_hill_a_level_leg_is_highest_at_its_ends() -> None:
    found = highest_m(flight(LEG, (300.0, 300.0)), bump(150.0))
    assert found == pytest.approx(200.0, abs=0.01)
    assert found == pytest.approx(sampled_heights_m(LEG, (300.0, 300.0), bump(150.0)).max())


def test_over_a_valley_a_level_leg_is_highest_in_its_middle() -> None:
    valley = bump(-80.0)
    heights = sampled_heights_m(LEG, (200.0, 200.0), valley)
    found = highest_m(flight(LEG, (200.0, 200.0)), valley)
    assert 179.5 < found <= heights.max() + 1e-6
    assert heights[[0, -1]] == pytest.approx([100.0, 100.0], abs=0.01)
    assert abs(int(heights.argmax()) - 10_000) < 100


@pytest.mark.parametrize("height_m", [150.0, -80.0])
def test_a_leg_that_keeps_its_height_above_ground_keeps_its_true_height(height_m: float) -> None:
    plan = flight(LEG, (90.0, 90.0), reference="AGL")
    assert highest_m(plan, bump(height_m)) == 90.0


def test_the_lowest_height_of_a_leg_is_found_over_the_hill_below_it() -> None:
    path = la.lay(flight(LEG, (300.0, 300.0)), airspace=EMPTY, terrain=bump(150.0)).path
    assert isinstance(path, Path4D)
    assert path.heights(la.VerticalReference.AGL).min() == pytest.approx(50.0, abs=0.5)


@given(
    st.builds(
        Waves,
        amplitude_m=st.floats(-300, 300),
        length_m=st.floats(300, 5000),
        phase=st.floats(0, 6.28),
        spacing_m=st.sampled_from([10.0, 50.0, 200.0]),
    ),
    st.tuples(st.floats(0, 500), st.floats(0, 500)),
    st.tuples(st.floats(-0.03, 0.03), st.floats(-0.03, 0.03)),
)
def test_what_sampling_misses_is_at_most_half_the_spacing_times_the_slope(
    ground: Waves, levels_m: tuple[float, float], step_deg: tuple[float, float]
) -> None:
    ends = ((114.2, 22.65), (114.2 + step_deg[0], 22.65 + step_deg[1]))
    exact_m = float(sampled_heights_m(ends, levels_m, ground).max())
    found_m = highest_m(flight(ends, levels_m), ground)
    between_oracle_samples_m = ground.steepest * 0.2  # under 5 km in 20 001 samples
    assert found_m <= exact_m + between_oracle_samples_m + 1e-6
    assert found_m >= exact_m - ground.steepest * ground.spacing_m / 2 - 1e-6


@given(st.floats(-300, 2000), st.floats(-50, 50), st.floats(-50, 50))
def test_a_leg_flown_by_gnss_is_converted_where_it_is(
    level_hae_m: float, tilt_m: float, slope_m: float
) -> None:
    """The geoid and the ground both fall and rise along the leg, each by its own measure."""
    west, east = LEG[0][0], LEG[1][0]

    def share(lon_lat: FloatArray) -> FloatArray:
        return (lon_lat[:, 0] - west) / (east - west)

    class Tilted:
        name, spacing_m = "tilted", 100.0

        def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
            return 20.0 + slope_m * share(lon_lat)

        def undulation_m(self, lon_lat: FloatArray) -> FloatArray:
            return -3.0 + tilt_m * share(lon_lat)

    plan = flight(LEG, (level_hae_m, level_hae_m), reference="HAE")
    found = la.lay(plan, airspace=EMPTY, terrain=Tilted(), geoid=Tilted()).max_true_height_m
    at_ends = [level_hae_m + 3.0 - 20.0, level_hae_m + 3.0 - tilt_m - 20.0 - slope_m]
    assert found == pytest.approx(max(at_ends), abs=1e-6)


def test_ground_beside_the_line_does_not_count_however_wide_the_airspace() -> None:
    """A decision, not a proof: see the ground of a path."""

    class Ridge:
        name, spacing_m = "ridge", 50.0

        def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
            return np.where(np.abs(lon_lat[:, 1] - 22.65) < 1e-5, 100.0, 0.0)

    narrow = flight(((114.2, 22.65), (114.202, 22.65)), (150.0, 150.0))
    wide = narrow.model_copy(update={"route_buffer_m": 500.0})
    assert highest_m(narrow, Ridge()) == highest_m(wide, Ridge()) == 50.0


def test_over_made_up_mountains_a_leg_is_judged_by_the_lowest_ground_below_it() -> None:
    """From Wutong to Qiniang at 1 000 m: 56 m above a peak, nearly 1 000 m above the bay."""
    ends = ((114.214, 22.583), (114.55, 22.53))
    terrain = SyntheticTerrain()
    heights = sampled_heights_m(ends, (1000.0, 1000.0), terrain)
    assert heights[0] == pytest.approx(56.3, abs=1e-6)
    found = highest_m(flight(ends, (1000.0, 1000.0)), terrain)
    assert found == pytest.approx(heights.max(), abs=0.01)
    assert found == pytest.approx(996.0, abs=0.1)
