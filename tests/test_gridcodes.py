"""BeiDou grid codes: anchored codes, exact edges, nesting, tiling, and what is refused."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowalt.errors import InvalidInputError
from lowalt.gridcodes import FINEST_LEVEL, GridCell, decode, encode

MANY = settings(deadline=None, max_examples=300)
FEW = settings(deadline=None, max_examples=20)
UNITS_PER_DEG = 3600 * 2048

# Whole units of 1/2048 arc-second, over all that has a code, and again around Shenzhen.
lon_units = st.one_of(
    st.integers(0, 180 * UNITS_PER_DEG - 1),
    st.integers(113 * UNITS_PER_DEG, 115 * UNITS_PER_DEG),
)
lat_units = st.one_of(
    st.integers(0, 88 * UNITS_PER_DEG - 1),
    st.integers(22 * UNITS_PER_DEG, 23 * UNITS_PER_DEG),
)
levels = st.integers(1, FINEST_LEVEL)


def by_hand(lon: Fraction, lat: Fraction) -> str:
    """Write the finest code as one would on paper: a remainder carried from level to level."""
    zone, lon = divmod(lon, 6)
    band, lat = divmod(lat, 4)
    code = f"N{zone + 31}{chr(ord('A') + band)}"
    second = Fraction(1, 3600)
    for width, height, form in [
        (1800 * second, 1800 * second, "pair"),
        (900 * second, 600 * second, "z"),
        (60 * second, 60 * second, "pair"),
        (4 * second, 4 * second, "pair"),
        (2 * second, 2 * second, "z"),
        (second / 4, second / 4, "pair"),
        (second / 32, second / 32, "pair"),
        (second / 256, second / 256, "pair"),
        (second / 2048, second / 2048, "pair"),
    ]:
        i, lon = divmod(lon, width)
        j, lat = divmod(lat, height)
        code += f"{i:X}{j:X}" if form == "pair" else str(2 * j + i)
    return code


def cell_at(*, lon_deg: float, lat_deg: float, level: int) -> GridCell:
    return decode(encode(lon_deg=lon_deg, lat_deg=lat_deg, level=level))


# Anchors

# The example place of an independent open codec.
EXAMPLE = (116 + 18 / 60 + 45.37 / 3600, 39 + 59 / 60 + 35.38 / 3600)


@pytest.mark.parametrize(
    ("lon", "lat", "level", "code"),
    [
        # Worked out beforehand in rational arithmetic.
        (113.8105, 22.6390, 8, "N49FB51389507114"),
        (114.05028, 22.53667, 8, "N50F050320304000"),
        (*EXAMPLE, 10, "N50J47539B8255346152"),
        # The corners of all that has a code.
        (0.0, 0.0, 10, "N31A0000000000000000"),
        (math.nextafter(180, 0) - 1e-12, math.nextafter(88, 0) - 1e-12, 10, "N60VB75E9EE377777777"),
    ],
)
def test_places_have_the_codes_worked_out_elsewhere(
    lon: float, lat: float, level: int, code: str
) -> None:
    assert encode(lon_deg=lon, lat_deg=lat, level=level) == code


@pytest.mark.parametrize(
    ("level", "code", "width_s", "height_s"),
    [
        (1, "N50J", 21600, 14400),
        (2, "N50J47", 1800, 1800),
        (3, "N50J475", 900, 600),
        (4, "N50J47539", 60, 60),
        (5, "N50J47539B8", 4, 4),
        (6, "N50J47539B82", 2, 2),
        (7, "N50J47539B8255", 1 / 4, 1 / 4),
        (8, "N50J47539B825534", 1 / 32, 1 / 32),
        (9, "N50J47539B82553461", 1 / 256, 1 / 256),
        (10, "N50J47539B8255346152", 1 / 2048, 1 / 2048),
    ],
)
def test_each_level_has_its_length_and_its_size(
    level: int, code: str, width_s: float, height_s: float
) -> None:
    lon, lat = EXAMPLE
    assert encode(lon_deg=lon, lat_deg=lat, level=level) == code
    cell = decode(code)
    assert cell.level == level
    assert cell.width_deg * 3600 == pytest.approx(width_s, rel=1e-12)
    assert cell.height_deg * 3600 == pytest.approx(height_s, rel=1e-12)
    assert cell.west_deg <= lon < cell.east_deg
    assert cell.south_deg <= lat < cell.north_deg


def test_a_code_is_read_back_to_its_corner() -> None:
    cell = decode("N50F05")
    assert (cell.west_deg, cell.south_deg, cell.east_deg, cell.north_deg) == (
        114.0,
        22.5,
        114.5,
        23.0,
    )


# Exactness


@MANY
@given(lon_units, lat_units, levels)
def test_codes_are_those_written_by_hand(lon: int, lat: int, level: int) -> None:
    middle = Fraction(1, 2)
    exact_lon = (lon + middle) / UNITS_PER_DEG
    exact_lat = (lat + middle) / UNITS_PER_DEG
    code = encode(lon_deg=float(exact_lon), lat_deg=float(exact_lat), level=level)
    assert code == by_hand(exact_lon, exact_lat)[: len(code)]


def test_whole_seconds_do_not_fall_into_the_cell_before() -> None:
    flipped_in_floats = 0
    for second in range(3600):
        expected = (113 * 3600 + second) * 2048
        for lon in (
            113 + second / 3600,
            113 + second // 60 / 60 + second % 60 / 3600,
            (113 * 3600 + second) / 3600,
        ):
            assert cell_at(lon_deg=lon, lat_deg=22.5, level=10).column == expected
            flipped_in_floats += math.floor(lon * UNITS_PER_DEG) != expected
    assert flipped_in_floats > 100


@MANY
@given(lon_units, lat_units, levels)
def test_a_corner_belongs_to_its_cell_and_is_read_back_to_it(
    lon: int, lat: int, level: int
) -> None:
    cell = cell_at(lon_deg=lon / UNITS_PER_DEG, lat_deg=lat / UNITS_PER_DEG, level=level)
    assert cell_at(lon_deg=cell.west_deg, lat_deg=cell.south_deg, level=level) == cell
    width, height = (round(d * UNITS_PER_DEG) for d in (cell.width_deg, cell.height_deg))
    assert 0 <= lon - cell.column * width < width
    assert 0 <= lat - cell.row * height < height


# Tiling and nesting


@MANY
@given(st.integers(0, 174 * UNITS_PER_DEG - 1), st.integers(0, 84 * UNITS_PER_DEG - 1), levels)
def test_cells_meet_without_gap_or_overlap(lon: int, lat: int, level: int) -> None:
    # Even the largest cell has neighbours to the east and north here.
    cell = cell_at(lon_deg=lon / UNITS_PER_DEG, lat_deg=lat / UNITS_PER_DEG, level=level)
    east = cell_at(lon_deg=cell.east_deg, lat_deg=cell.south_deg, level=level)
    north = cell_at(lon_deg=cell.west_deg, lat_deg=cell.north_deg, level=level)
    assert east == GridCell(level, cell.column + 1, cell.row)
    assert north == GridCell(level, cell.column, cell.row + 1)
    assert east.west_deg == cell.east_deg
    assert north.south_deg == cell.north_deg
    last = cell_at(lon_deg=cell.east_deg - 1e-12, lat_deg=cell.north_deg - 1e-12, level=level)
    assert last == cell


@pytest.mark.parametrize("level", range(1, FINEST_LEVEL))
@FEW
@given(lon_units, lat_units)
def test_the_codes_of_the_cells_inside_continue_that_of_the_cell(
    level: int, lon: int, lat: int
) -> None:
    code = encode(lon_deg=lon / UNITS_PER_DEG, lat_deg=lat / UNITS_PER_DEG, level=level)
    parent = decode(code)
    child = cell_at(lon_deg=parent.west_deg, lat_deg=parent.south_deg, level=level + 1)
    columns = round(parent.width_deg / child.width_deg)
    rows = round(parent.height_deg / child.height_deg)
    inside = {
        encode(lon_deg=cell.west_deg, lat_deg=cell.south_deg, level=level + 1)
        for i in range(columns)
        for j in range(rows)
        for cell in [GridCell(level + 1, child.column + i, child.row + j)]
    }
    assert len(inside) == columns * rows
    assert all(c.startswith(code) for c in inside)
    assert columns * child.width_deg == pytest.approx(parent.width_deg, rel=1e-12)
    assert rows * child.height_deg == pytest.approx(parent.height_deg, rel=1e-12)


# Refusals


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", r"length: given 0 characters; expected 4, 6, 7, 9, 11, 12, 14, 16, 18, 20"),
        ("N49FB", r"length: given 5 characters"),
        ("S49F", r"character 1: given 'S'; expected N .*south is not covered"),
        ("n49F", r"character 1: given 'n'"),
        ("N4XF", r"character 3: given 'X'; expected one of 0123456789"),
        ("N４9F", r"character 2: given '４'"),  # a full-width digit
        ("N11J", r"characters 2 and 3: given '11'; expected 31 to 60 .*the west"),
        ("N61J", r"characters 2 and 3: given '61'"),
        ("N49W", r"character 4: given 'W'; expected one of ABCDEFGHIJKLMNOPQRSTUV"),
        ("N49FC5", r"character 5: given 'C'; expected one of 0123456789AB$"),
        ("N49FB8", r"character 6: given '8'; expected one of 01234567$"),
        ("N49FB56", r"character 7: given '6'; expected one of 012345$"),
        ("N49FB51F8", r"character 8: given 'F'; expected one of 0123456789ABCDE$"),
        ("N49FB513A", r"character 9: given 'A'; expected one of 0123456789$"),
        ("N49FB5138f5", r"character 10: given 'f'; expected one of 0123456789ABCDE$"),
        ("N49FB513895F", r"character 12: given 'F'; expected one of 0123$"),
        ("N49FB513895081", r"character 13: given '8'; expected one of 01234567$"),
    ],
)
def test_a_bad_code_is_refused_with_the_place_and_what_may_stand_there(
    code: str, says: str
) -> None:
    with pytest.raises(InvalidInputError, match=says):
        decode(code)


def test_a_very_long_code_is_not_repeated_whole() -> None:
    with pytest.raises(InvalidInputError) as refused:
        decode("N49F" * 100_000)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("lon", "lat", "says"),
    [
        (-0.1, 22.5, r"lon_deg: given -0.1; .*below 180 .*west"),
        (180.0, 22.5, r"lon_deg: given 180.0"),
        (114.0, -1e-9, r"lat_deg: given -1e-09; .*below 88 .*south"),
        (114.0, 88.0, r"lat_deg: given 88.0; .*cap"),
        (math.nan, 22.5, r"lon_deg: given nan"),
        (114.0, math.inf, r"lat_deg: given inf"),
    ],
)
def test_a_place_without_a_code_is_refused(lon: float, lat: float, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        encode(lon_deg=lon, lat_deg=lat)


@pytest.mark.parametrize("level", [0, 11, -1])
def test_a_level_that_does_not_exist_is_refused(level: int) -> None:
    with pytest.raises(InvalidInputError, match=f"level: given {level}; expected 1 to 10"):
        encode(lon_deg=114.0, lat_deg=22.5, level=level)
