"""Ground from GeoTIFFs: analytic surfaces in several systems, voids, edges, wrong files."""

from __future__ import annotations

import math
import os
import pickle
import struct
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Geod, Transformer

import lowalt as la
from lowalt.errors import InvalidInputError
from lowalt.temporal import TimeInterval
from lowalt.terrain import GeoTiffTerrain, GridTerrain
from lowalt.testing.airspaces import dataset_of

rasterio = pytest.importorskip("rasterio")

FloatArray = NDArray[np.float64]
WGS84 = Geod(ellps="WGS84")
EVER = TimeInterval(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
START = datetime(2026, 6, 1, 1, tzinfo=UTC)
WEST, NORTH, CELL = 114.0, 22.7, 0.001
"""Corner of the usual raster in degrees, and the side of its cells."""

Placing = tuple[float, float, float, float, float, float]
NORTH_UP: Placing = (CELL, 0.0, WEST, 0.0, -CELL, NORTH)


def write(
    file: Path, values: NDArray[Any], *, placing: Placing | None = NORTH_UP, **profile: Any
) -> Path:
    bands = values if values.ndim == 3 else values[None]
    count, height, width = bands.shape
    settings = {"count": count, "height": height, "width": width, "dtype": values.dtype.name}
    if placing is not None:
        settings["transform"] = rasterio.Affine(*placing)
    tags, unit = profile.pop("tags", {}), profile.pop("unit", "")
    scale, offset = profile.pop("scale", 1.0), profile.pop("offset", 0.0)
    settings |= {"crs": "EPSG:4326"} | profile
    with rasterio.open(file, "w", driver="GTiff", **settings) as dataset:
        dataset.write(bands)
        if tags:
            dataset.update_tags(**tags)
        if unit:
            dataset.set_band_unit(1, unit)
        if (scale, offset) != (1.0, 0.0):
            dataset.scales, dataset.offsets = (scale,), (offset,)
    return file


def centres(placing: Placing, shape: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Coordinates of the centres of all cells: each ``(rows, columns)``."""
    a, b, c, d, e, f = placing
    row, column = np.indices(shape) + 0.5
    return a * column + b * row + c, d * column + e * row + f


def below(terrain: GeoTiffTerrain, *places: tuple[float, float]) -> list[float]:
    return [float(value) for value in terrain.elevation_amsl_m(np.array(places))]


# --- surfaces


def slope_m(lon_deg: Any, lat_deg: Any) -> Any:
    return 300.0 + 2000.0 * (lon_deg - WEST) - 1500.0 * (lat_deg - NORTH)


@pytest.fixture(scope="module")
def slope(tmp_path_factory: pytest.TempPathFactory) -> GeoTiffTerrain:
    values = slope_m(*centres(NORTH_UP, (100, 120)))
    return GeoTiffTerrain(write(tmp_path_factory.mktemp("dem") / "slope.tif", values))


@given(st.floats(0.5, 119.5), st.floats(0.5, 99.5))
def test_between_the_centres_of_cells_a_slope_is_found_as_it_is(
    slope: GeoTiffTerrain, columns: float, rows: float
) -> None:
    place = (WEST + CELL * columns, NORTH - CELL * rows)
    assert below(slope, place) == pytest.approx([slope_m(*place)], abs=1e-6)


def test_the_outermost_centres_are_known_and_what_is_beyond_them_is_not(
    slope: GeoTiffTerrain,
) -> None:
    west, east = WEST + CELL / 2, WEST + 119.5 * CELL
    south, north = NORTH - 99.5 * CELL, NORTH - CELL / 2
    corners = [(west, south), (west, north), (east, south), (east, north)]
    assert below(slope, *corners) == pytest.approx([slope_m(*corner) for corner in corners])
    step = CELL / 100
    beyond = [(west - step, north), (east + step, north), (east, south - step), (west, 22.7)]
    far = [(0.0, 0.0), (-66.0, -22.6), (114.05, 90.0), (math.nan, 22.65), (114.05, math.inf)]
    assert np.isnan(below(slope, *beyond, *far)).all()
    assert slope.elevation_amsl_m(np.empty((0, 2))).shape == (0,)


def test_it_says_which_file_it_is_and_how_fine(slope: GeoTiffTerrain) -> None:
    assert slope.name == "GeoTIFF slope.tif"
    exact_m = WGS84.line_length([WEST, WEST + CELL], [NORTH - CELL / 2] * 2)
    assert slope.spacing_m == pytest.approx(exact_m, rel=1e-9)


UTM, HONG_KONG, MERCATOR = "EPSG:32650", "EPSG:2326", "EPSG:3857"
TILT = math.radians(30.0)
PLACED: dict[str, tuple[str, Placing]] = {
    "UTM": (UTM, (30.0, 0.0, 204_000.0, 0.0, -30.0, 2_512_000.0)),
    "UTM, first row in the south": (UTM, (30.0, 0.0, 204_000.0, 0.0, 30.0, 2_509_000.0)),
    "UTM, first column in the east": (UTM, (-30.0, 0.0, 207_600.0, 0.0, -30.0, 2_512_000.0)),
    "UTM, turned by 30 degrees": (
        UTM,
        (
            *(30 * math.cos(TILT), 30 * math.sin(TILT), 204_000.0),
            *(30 * math.sin(TILT), -30 * math.cos(TILT), 2_511_000.0),
        ),
    ),
    "Hong Kong 1980, whose northing comes first": (
        HONG_KONG,
        (5.0, 0.0, 834_000.0, 0.0, -5.0, 823_000.0),
    ),
    "Web Mercator": (MERCATOR, (30.0, 0.0, 12_690_000.0, 0.0, -30.0, 2_580_000.0)),
    "CGCS2000": ("EPSG:4490", NORTH_UP),
}


@pytest.mark.parametrize("case", PLACED)
def test_in_any_system_and_orientation_places_are_found(tmp_path: Path, case: str) -> None:
    crs, placing = PLACED[case]
    x, y = centres(placing, (100, 120))
    step = abs(placing[0]) + abs(placing[1])
    surface = 100.0 + 2.0 * (x - x.min()) / step - 1.5 * (y - y.max()) / step
    terrain = GeoTiffTerrain(write(tmp_path / "dem.tif", surface, crs=crs, placing=placing))
    rng = np.random.default_rng(1)
    share = rng.dirichlet([1.0] * 4, size=200)
    corners = np.array([(x[i, j], y[i, j]) for i in (0, -1) for j in (0, -1)])
    inside = share @ corners
    lon_lat = np.column_stack(
        Transformer.from_crs(crs, "EPSG:4326", always_xy=True).transform(*inside.T)
    )
    expected = 100.0 + 2.0 * (inside[:, 0] - x.min()) / step - 1.5 * (inside[:, 1] - y.max()) / step
    # 0.01 m of elevation is 3 cm on the ground: what two routes through a datum may differ.
    assert terrain.elevation_amsl_m(lon_lat) == pytest.approx(expected, abs=0.01)
    # At the last of these the transverse Mercator projections give up.
    far = [(114.0, 22.0), (0.0, 0.0), (-66.0, -22.6), (114.0, 90.0), (27.0, 0.0)]
    assert np.isnan(below(terrain, *far)).all()


@pytest.mark.parametrize("case", ["UTM", "Web Mercator"])
def test_the_spacing_is_measured_on_the_ground_not_in_the_plane(tmp_path: Path, case: str) -> None:
    crs, placing = PLACED[case]
    terrain = GeoTiffTerrain(
        write(tmp_path / "dem.tif", np.zeros((100, 120)), crs=crs, placing=placing)
    )
    x, y = centres(placing, (100, 120))
    to_lonlat = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    lon, lat = to_lonlat.transform(x, y)
    right = WGS84.inv(lon[:, :-1], lat[:, :-1], lon[:, 1:], lat[:, 1:])[2]
    down = WGS84.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    assert terrain.spacing_m == pytest.approx(min(right.min(), down.min()), rel=1e-6)


def test_nearer_to_a_pole_than_five_degrees_nothing_is_known(tmp_path: Path) -> None:
    placing = (1.0, 0.0, 110.0, 0.0, -0.1, 87.0)
    terrain = GeoTiffTerrain(write(tmp_path / "dem.tif", np.full((40, 8), 7.0), placing=placing))
    found = below(terrain, (114.0, 84.99), (114.0, 85.01))
    assert found == pytest.approx([7.0, math.nan], nan_ok=True)
    # Nor do cells there make the spacing short: these are 9.7 km at 85 degrees.
    assert 9_000.0 < terrain.spacing_m < 12_000.0


def test_cells_that_stand_for_points_are_where_those_that_stand_for_areas_are(
    tmp_path: Path,
) -> None:
    values = slope_m(*centres(NORTH_UP, (20, 20)))
    area, point = (
        GeoTiffTerrain(write(tmp_path / f"{kind}.tif", values, tags={"AREA_OR_POINT": kind}))
        for kind in ("Area", "Point")
    )
    place = (WEST + 7.25 * CELL, NORTH - 3.75 * CELL)
    assert below(point, place) == below(area, place) == pytest.approx([slope_m(*place)])


@pytest.fixture(scope="module")
def rough(tmp_path_factory: pytest.TempPathFactory) -> tuple[GeoTiffTerrain, GridTerrain]:
    """Make random ground, larger than a window each way, in blocks that no window fits."""
    values = np.random.default_rng(0).integers(0, 900, size=(530, 600)).astype(np.int16)
    file = tmp_path_factory.mktemp("dem") / "rough.tif"
    write(file, values, compress="lzw", tiled=True, blockxsize=112, blockysize=80)
    lon, lat = centres(NORTH_UP, values.shape)
    grid = GridTerrain(values[::-1], lon_deg=lon[0], lat_deg=lat[::-1, 0])
    return GeoTiffTerrain(file), grid


@given(
    st.lists(st.tuples(st.floats(0.5, 599.5), st.floats(0.5, 529.5)), min_size=1, max_size=30),
    st.booleans(),
)
def test_it_agrees_with_a_grid_of_the_same_numbers_across_windows(
    rough: tuple[GeoTiffTerrain, GridTerrain], cells: list[tuple[float, float]], round_: bool
) -> None:
    if round_:  # visit centres and the seams between windows
        cells = [(math.floor(column) + 0.5, math.floor(row) + 0.5) for column, row in cells]
    places = np.array([(WEST + CELL * column, NORTH - CELL * row) for column, row in cells])
    tif, grid = rough
    # A millionth of a cell inside, so that the grid, which does not round, knows the edges.
    middle = np.array([(WEST + 300 * CELL, NORTH - 265 * CELL)])
    places = middle + (places - middle) * (1.0 - 1e-9)
    assert tif.elevation_amsl_m(places) == pytest.approx(grid.elevation_amsl_m(places), abs=1e-3)


# --- what is not known


@pytest.mark.parametrize(
    ("dtype", "void", "profile"),
    [
        ("int16", -32768, {"nodata": -32768}),
        ("float32", -9999.0, {"nodata": -9999.0}),
        ("float64", math.nan, {"nodata": math.nan}),
        ("float32", math.nan, {}),
        ("float32", math.inf, {}),
        ("int16", 12, {"nodata": 12}),
        # Voids that the file does not declare: no ground on earth is there.
        ("int16", -32768, {}),
        ("float32", -9999.0, {}),
        ("float32", 3.4e38, {}),
        ("int16", 32767, {}),
    ],
)
def test_a_void_is_not_known_and_spoils_only_what_leans_on_it(
    tmp_path: Path, dtype: str, void: float, profile: dict[str, Any]
) -> None:
    values = np.full((20, 20), 7.0)
    values[10, 10] = void
    terrain = GeoTiffTerrain(write(tmp_path / "dem.tif", values.astype(dtype), **profile))

    def at(column: float, row: float) -> tuple[float, float]:
        return WEST + CELL * (column + 0.5), NORTH - CELL * (row + 0.5)

    assert np.isnan(below(terrain, at(10, 10), at(10.5, 9.5), at(9.01, 10), at(10, 10.99))).all()
    beside = [at(9, 10), at(11, 10), at(10, 9), at(8.5, 10), at(11.5, 11.5)]
    assert below(terrain, *beside) == pytest.approx([7.0] * 5)


def test_a_mask_of_the_file_makes_voids(tmp_path: Path) -> None:
    file = write(tmp_path / "dem.tif", np.full((4, 4), 7.0))
    with rasterio.open(file, "r+") as dataset:
        mask = np.full((4, 4), 255, dtype=np.uint8)
        mask[0, 0] = 0
        dataset.write_mask(mask)
    places = [(WEST + CELL * at, NORTH - CELL * at) for at in (0.5, 2.5)]
    assert below(GeoTiffTerrain(file), *places) == pytest.approx([math.nan, 7.0], nan_ok=True)


def test_a_flight_off_the_raster_has_no_true_height(slope: GeoTiffTerrain) -> None:
    assert highest_m(slope, (114.05, 22.65), (114.09, 22.65)) is not None
    assert highest_m(slope, (114.05, 22.65), (114.13, 22.65)) is None
    assert highest_m(slope, (120.0, 22.65), (120.1, 22.65)) is None


def highest_m(terrain: GeoTiffTerrain, *ends: tuple[float, float]) -> float | None:
    waypoints = [
        {
            "lon_deg": lon_deg,
            "lat_deg": lat_deg,
            "level": {"value_m": 700.0, "reference": "AMSL"},
            "time": (START + timedelta(minutes=10 * i)).isoformat(),
        }
        for i, (lon_deg, lat_deg) in enumerate(ends)
    ]
    plan = la.parse_plan(
        {
            "plan_id": "p",
            "datum": "WGS84",
            "route_buffer_m": 0.0,
            "vertical_buffer_m": 0.0,
            "waypoints": waypoints,
        }
    )
    airspace = dataset_of((), period=EVER)
    return la.lay(plan, airspace=airspace, terrain=terrain).max_true_height_m


def test_a_flight_over_it_is_judged_by_its_lowest_ground(slope: GeoTiffTerrain) -> None:
    ends = ((114.03, 22.69), (114.09, 22.62))
    # Flat within a metre: a geodesic of 10 km strays 30 cm from the chord in degrees.
    expected_m = 700.0 - min(slope_m(*end) for end in ends)
    assert highest_m(slope, *ends) == pytest.approx(expected_m, abs=1e-6)


# --- units


@pytest.mark.parametrize(
    ("unit", "metres"),
    [("m", 1.0), ("metre", 1.0), ("Meters", 1.0), ("ft", 0.3048), ("Foot", 0.3048)],
)
def test_the_unit_of_the_band_is_heeded(tmp_path: Path, unit: str, metres: float) -> None:
    terrain = GeoTiffTerrain(write(tmp_path / "dem.tif", np.full((4, 4), 1000.0), unit=unit))
    assert below(terrain, (WEST + 2 * CELL, NORTH - 2 * CELL)) == pytest.approx([1000.0 * metres])


def test_packed_numbers_are_unpacked(tmp_path: Path) -> None:
    packed = np.full((4, 4), 1234, dtype=np.int16)
    terrain = GeoTiffTerrain(write(tmp_path / "dem.tif", packed, scale=0.1, offset=-20.0))
    assert below(terrain, (WEST + 2 * CELL, NORTH - 2 * CELL)) == pytest.approx([103.4])


def test_feet_of_packed_numbers_count_for_their_offset_too(tmp_path: Path) -> None:
    packed = np.full((4, 4), 100, dtype=np.int16)
    file = write(tmp_path / "dem.tif", packed, scale=2.0, offset=50.0, unit="ft")
    place = (WEST + 2 * CELL, NORTH - 2 * CELL)
    assert below(GeoTiffTerrain(file), place) == pytest.approx([250 * 0.3048])


# --- files that are refused


def no_tiff(file: Path) -> None:
    file.write_text("elevation,12\n" * 20)


def nothing(file: Path) -> None:
    file.write_bytes(b"")


def cut_in_its_head(file: Path) -> None:
    write(file, np.zeros((50, 50)))
    file.write_bytes(file.read_bytes()[:60])


def another_format(file: Path) -> None:
    with rasterio.open(
        file.with_suffix(".asc"), "w", driver="AAIGrid", count=1, height=4, width=4,
        dtype="int32", transform=rasterio.Affine(*NORTH_UP),
    ) as dataset:  # fmt: skip
        dataset.write(np.zeros((1, 4, 4), dtype=np.int32))
    file.with_suffix(".asc").rename(file)


def three_bands(file: Path) -> None:
    write(file, np.zeros((3, 4, 4), dtype=np.uint8))


def no_system(file: Path) -> None:
    write(file, np.zeros((4, 4)), crs=None)


def a_system_of_its_own(file: Path) -> None:
    write(file, np.zeros((4, 4)), crs='LOCAL_CS["site",UNIT["metre",1]]')


def ellipsoidal_heights(file: Path) -> None:
    write(file, np.zeros((4, 4)), crs="EPSG:4979")


def depths(file: Path) -> None:
    write(file, np.zeros((4, 4)), crs="EPSG:4326+5715")


def cells_on_a_line(file: Path) -> None:
    write(file, np.zeros((4, 4)), placing=(CELL, CELL, WEST, CELL, CELL, NORTH))


def survey_feet(file: Path) -> None:
    write(file, np.zeros((4, 4)), unit="US survey foot")


def decimetres(file: Path) -> None:
    write(file, np.zeros((4, 4)), unit="dm")


def complex_numbers(file: Path) -> None:
    write(file, np.zeros((4, 4), dtype=np.complex64))


def a_map_in_colours(file: Path) -> None:
    write(file, np.zeros((4, 4), dtype=np.uint8), photometric="palette")
    with rasterio.open(file, "r+") as dataset:
        dataset.write_colormap(1, {0: (255, 0, 0), 1: (0, 255, 0)})


def one_row(file: Path) -> None:
    write(file, np.zeros((1, 4)))


def beyond_the_earth(file: Path) -> None:
    write(file, np.zeros((4, 4)), crs=UTM, placing=(1e7, 0.0, 1e9, 0.0, -1e7, 1e9))


def at_the_pole(file: Path) -> None:
    write(file, np.zeros((4, 4)), placing=(CELL, 0.0, WEST, 0.0, -CELL, 90.0))


WRONG: dict[Callable[[Path], None], str] = {
    no_tiff: "not recognized as being in a supported file format; expected a whole GeoTIFF",
    nothing: "not recognized",
    another_format: "not recognized",
    cut_in_its_head: "TIFFReadDirectory.*; expected a whole GeoTIFF",
    three_bands: r"bands: given 3; expected one",
    no_system: r"coordinate reference system: given none; .*gdal_edit",
    a_system_of_its_own: r"coordinate reference system: given LOCAL_CS",
    ellipsoidal_heights: r"EPSG:4979; heights above the ellipsoid",
    depths: r"depths; expected heights above mean sea level",
    cells_on_a_line: r"georeference: given one that maps the cells to a line",
    survey_feet: r"unit: given 'US survey foot'; expected metres or feet",
    decimetres: r"unit: given 'dm'",
    complex_numbers: r"numbers: given complex64",
    a_map_in_colours: r"numbers: given uint8, palette; expected elevations",
    one_row: r"cells: given 1 by 4; expected two or more each way",
    beyond_the_earth: r"expected a whole GeoTIFF of elevations on the earth",
    at_the_pole: r"cells that lie nowhere between 85 degrees south and north",
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_what_is_no_geotiff_of_elevations_is_refused(
    tmp_path: Path, wrong: Callable[[Path], None]
) -> None:
    file = tmp_path / "dem.tif"
    wrong(file)
    with pytest.raises(InvalidInputError, match=WRONG[wrong]) as refusal:
        GeoTiffTerrain(file)
    assert str(file) in str(refusal.value)


def test_a_picture_that_lies_nowhere_is_refused_with_all_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "photo.tif"
    with pytest.warns(rasterio.errors.NotGeoreferencedWarning):
        write(file, np.zeros((3, 4, 4), dtype=np.uint8), placing=None, crs=None)
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        pytest.raises(InvalidInputError) as refusal,
    ):
        GeoTiffTerrain(file)
    assert [problem.where for problem in refusal.value.problems] == [
        "bands",
        "georeference",
        "coordinate reference system",
    ]
    # The tests make errors of warnings; then the library says so in its own words.
    with pytest.raises(InvalidInputError, match="no geotransform"):
        GeoTiffTerrain(file)


def test_no_file_and_no_spacing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"nowhere\.tif: no such file"):
        GeoTiffTerrain(tmp_path / "nowhere.tif")
    with pytest.raises(InvalidInputError, match="no such file"):
        GeoTiffTerrain("/vsicurl/https://example.org/dem.tif")
    file = write(tmp_path / "dem.tif", np.zeros((4, 4)))
    for spacing_m in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InvalidInputError, match="spacing_m"):
            GeoTiffTerrain(file, spacing_m=spacing_m)
    assert GeoTiffTerrain(file, spacing_m=12.5).spacing_m == 12.5


@pytest.mark.parametrize("compress", [None, "lzw"])
def test_a_file_cut_short_answers_where_it_is_whole_and_says_where_it_is_not(
    tmp_path: Path, compress: str | None
) -> None:
    values = np.random.default_rng(0).integers(0, 900, size=(200, 200)).astype(np.int16)
    options: dict[str, Any] = {"compress": compress} if compress else {}
    file = write(tmp_path / "dem.tif", values, tiled=True, blockxsize=64, blockysize=64, **options)
    file.write_bytes(file.read_bytes()[: file.stat().st_size * 6 // 10])
    terrain = GeoTiffTerrain(file)
    first = (WEST + CELL / 2, NORTH - CELL / 2)
    assert below(terrain, first) == [values[0, 0]]
    with pytest.raises(InvalidInputError, match=r"dem\.tif: .*expected a whole GeoTIFF"):
        below(terrain, (WEST + 199.5 * CELL, NORTH - 199.5 * CELL))


def test_a_file_that_was_exchanged_is_not_read_as_the_one_it_was(tmp_path: Path) -> None:
    file = write(tmp_path / "dem.tif", np.zeros((4, 4)))
    terrain = GeoTiffTerrain(file)
    place = (WEST + 2 * CELL, NORTH - 2 * CELL)
    assert below(terrain, place) == [0.0]
    write(file, np.zeros((4, 4)), placing=(CELL, 0.0, 100.0, 0.0, -CELL, NORTH))
    os.utime(file, ns=(1, 1))  # a clock may be too coarse to tell
    with pytest.raises(InvalidInputError, match="changed since it was opened"):
        below(terrain, place)
    file.unlink()
    with pytest.raises(InvalidInputError, match="no such file"):
        below(terrain, place)


# --- size


def test_a_raster_of_160_gigabytes_is_read_in_windows(tmp_path: Path) -> None:
    file = tmp_path / "huge.tif"
    side, cell = 200_000, 1e-5
    with rasterio.open(
        file, "w", driver="GTiff", count=1, height=side, width=side, dtype="float32",
        crs="EPSG:4326", transform=rasterio.Affine(cell, 0.0, WEST, 0.0, -cell, NORTH),
        nodata=-9999, tiled=True, blockxsize=256, blockysize=256, SPARSE_OK=True, BIGTIFF="YES",
    ) as dataset:  # fmt: skip
        window = ((100_000, 100_512), (100_000, 100_512))
        dataset.write(np.full((512, 512), 33.0, dtype=np.float32), 1, window=window)
    terrain = GeoTiffTerrain(file)
    rng = np.random.default_rng(0)
    scattered = np.array([WEST, NORTH]) + rng.uniform(0.1, 1.9, (200, 2)) * [1.0, -1.0]
    written = np.array([(WEST + 100_256 * cell, NORTH - 100_256 * cell)])
    tracemalloc.start()
    found = terrain.elevation_amsl_m(np.vstack((scattered, written)))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert np.isnan(found[:-1]).all()
    assert found[-1] == 33.0
    assert peak_bytes < 8 * 2**20


def test_a_block_of_any_size_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "block.tif"
    with rasterio.open(
        file, "w", driver="GTiff", count=1, height=20_000, width=20_000, dtype="float64",
        crs="EPSG:4326", transform=rasterio.Affine(*NORTH_UP), blockysize=20_000,
        compress="deflate", SPARSE_OK=True, BIGTIFF="YES",
    ):  # fmt: skip
        pass
    with pytest.raises(InvalidInputError, match=r"bytes of a block: given 3,200,000,000.*TILED"):
        GeoTiffTerrain(file)


def test_a_file_that_declares_more_than_it_holds_is_refused_at_once(tmp_path: Path) -> None:
    values = np.zeros((100, 100), dtype=np.float32)
    file = write(tmp_path / "dem.tif", values, tiled=True, blockxsize=64, blockysize=64)
    content = bytearray(file.read_bytes())
    directory = struct.unpack_from("<I", content, 4)[0]
    for entry in range(struct.unpack_from("<H", content, directory)[0]):
        at = directory + 2 + 12 * entry
        if struct.unpack_from("<H", content, at)[0] in (256, 257):  # width and height
            struct.pack_into("<HII", content, at + 2, 4, 1, 1_000_000)
    file.write_bytes(content)
    with pytest.raises(InvalidInputError, match=r"dem\.tif"):
        below(GeoTiffTerrain(file), (WEST + 500 * CELL, NORTH - 500 * CELL))


@pytest.fixture(scope="module")
def whole_files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes]]:
    file = tmp_path_factory.mktemp("dem") / "dem.tif"
    values = (np.arange(3600) % 500).astype(np.int16).reshape(60, 60)
    crs, placing = PLACED["Hong Kong 1980, whose northing comes first"]
    write(file, values, crs=crs, placing=placing, compress="deflate")
    packed = file.read_bytes()
    return file, [write(file, values).read_bytes(), packed]


@given(
    st.integers(0, 1),
    st.lists(st.tuples(st.integers(0, 699), st.integers(0, 255)), min_size=1, max_size=5),
)
def test_a_damaged_file_is_refused_or_answers_as_one_that_is_whole(
    whole_files: tuple[Path, list[bytes]], which: int, damage: list[tuple[int, int]]
) -> None:
    file, contents = whole_files
    content = bytearray(contents[which])
    for at, value in damage:
        content[at] = value
    file.write_bytes(content)
    places = np.array([[114.02, 22.67], [114.1795, 22.3445], [0.0, 0.0]])
    try:
        found_m = GeoTiffTerrain(file).elevation_amsl_m(places)
    except InvalidInputError as refusal:
        assert str(file) in str(refusal)  # noqa: PT017 -- either is right
    else:
        known_m = found_m[np.isfinite(found_m)]
        assert found_m.shape == (3,)
        assert ((known_m >= -500.0) & (known_m <= 9000.0)).all()


# --- threads and processes


def test_threads_share_it_and_it_can_be_pickled(
    rough: tuple[GeoTiffTerrain, GridTerrain],
) -> None:
    tif, _ = rough
    rng = np.random.default_rng(2)
    questions = [
        np.array([WEST, NORTH]) + rng.uniform(0.001, 0.52, (50, 2)) * [1.0, -1.0] for _ in range(64)
    ]
    expected = [tif.elevation_amsl_m(places) for places in questions]
    assert np.isfinite(expected).all()
    with ThreadPoolExecutor(8) as pool:
        assert np.array_equal(list(pool.map(tif.elevation_amsl_m, questions)), expected)
    copy = pickle.loads(pickle.dumps(tif))
    assert (copy.name, copy.spacing_m) == (tif.name, tif.spacing_m)
    assert np.array_equal(copy.elevation_amsl_m(questions[0]), expected[0])
