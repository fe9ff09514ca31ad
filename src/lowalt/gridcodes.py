"""BeiDou grid location codes (GB/T 39409-2020): the cell a place lies in, as a string.

A code names one cell of ten nested grids, from 6 x 4 degrees down to 1/2048 arc-second (1.5 cm).
Cutting a code short at a level gives the code of the larger cell around it.

Conformance is not verified against the standard's text. The rules were cross-read from open
codecs and catalogue pages; they state the northern and eastern hemispheres below 88 degrees, and
nothing else is offered: places and codes of the south and the west (whose cells are counted the
other way), of the polar caps (which have a grid of their own) and codes of height are refused.

Everything is counted in whole units of 1/2048 arc-second, so that the edges of cells are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from lowalt.errors import InvalidInputError, Problem

_SECOND: Final = 2048
_MINUTE: Final = 60 * _SECOND
_DEGREE: Final = 60 * _MINUTE

_FIRST_EASTERN_ZONE: Final = 31
_BANDS: Final = "ABCDEFGHIJKLMNOPQRSTUV"
_DIGITS: Final = "0123456789ABCDEF"

# Places nearer than this to an edge lie on it, for they were meant to: 49 minutes are no float,
# and what arithmetic in degrees makes of them falls on either side. A millionth of a unit is
# 15 nanometres, ten steps of a float.
_ON_THE_EDGE: Final = Fraction(1, 1_000_000)


@dataclass(frozen=True, slots=True)
class _Grid:
    """One level: the size of its cells in units, and how many lie in a cell of the level above."""

    width: int
    height: int
    columns: int
    rows: int
    in_z_order: bool = False  # written as one digit: row by row from the south, west first

    @property
    def written_length(self) -> int:
        return 1 if self.in_z_order else 2


# The first level divides the quadrant: zones of 6 degrees and bands of 4.
_ZONES: Final = _Grid(6 * _DEGREE, 4 * _DEGREE, columns=30, rows=len(_BANDS))
_INNER_GRIDS: Final = (
    _Grid(30 * _MINUTE, 30 * _MINUTE, columns=12, rows=8),
    _Grid(15 * _MINUTE, 10 * _MINUTE, columns=2, rows=3, in_z_order=True),
    _Grid(_MINUTE, _MINUTE, columns=15, rows=10),
    _Grid(4 * _SECOND, 4 * _SECOND, columns=15, rows=15),
    _Grid(2 * _SECOND, 2 * _SECOND, columns=2, rows=2, in_z_order=True),
    _Grid(_SECOND // 4, _SECOND // 4, columns=8, rows=8),
    _Grid(_SECOND // 32, _SECOND // 32, columns=8, rows=8),
    _Grid(_SECOND // 256, _SECOND // 256, columns=8, rows=8),
    _Grid(1, 1, columns=8, rows=8),
)
_GRIDS: Final = (_ZONES, *_INNER_GRIDS)

FINEST_LEVEL: Final = len(_GRIDS)
"""The level of the smallest cells."""

_ZONE_CODE_LENGTH = 4
_LENGTHS: Final = tuple(
    _ZONE_CODE_LENGTH + sum(grid.written_length for grid in _INNER_GRIDS[:finer])
    for finer in range(FINEST_LEVEL)
)


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell of one of the grids; its west and south edges belong to it, the others do not.

    Each edge in degrees is the float nearest to it, and the same float for both cells that share
    it.

    Attributes
    ----------
    level
        1 to 10.
    column, row
        Its number among the cells of its level, from Greenwich eastwards and from the equator
        northwards, from 0.
    """

    level: int
    column: int
    row: int

    @property
    def west_deg(self) -> float:
        """Longitude of the west edge."""
        return self.column * self._grid.width / _DEGREE

    @property
    def south_deg(self) -> float:
        """Latitude of the south edge."""
        return self.row * self._grid.height / _DEGREE

    @property
    def east_deg(self) -> float:
        """Longitude of the east edge."""
        return (self.column + 1) * self._grid.width / _DEGREE

    @property
    def north_deg(self) -> float:
        """Latitude of the north edge."""
        return (self.row + 1) * self._grid.height / _DEGREE

    @property
    def width_deg(self) -> float:
        """Degrees of longitude across the cell."""
        return self._grid.width / _DEGREE

    @property
    def height_deg(self) -> float:
        """Degrees of latitude across the cell."""
        return self._grid.height / _DEGREE

    @property
    def _grid(self) -> _Grid:
        return _GRIDS[self.level - 1]


def encode(*, lon_deg: float, lat_deg: float, level: int = FINEST_LEVEL) -> str:
    """Write the code of the cell a place lies in.

    Parameters
    ----------
    lon_deg, lat_deg
        The place, CGCS2000 or WGS 84; from 0 to below 180 and from 0 to below 88 degrees. On an
        edge (to 15 nanometres) it lies in the cell to the east or north.
    level
        1 (6 x 4 degrees) to 10 (1/2048 arc-second).

    Raises
    ------
    InvalidInputError
        If the place or the level is outside these ranges.

    Examples
    --------
    >>> encode(lon_deg=113.8105, lat_deg=22.6390, level=8)
    'N49FB51389507114'
    """
    if level not in range(1, FINEST_LEVEL + 1):
        raise InvalidInputError(
            "no such grid",
            problems=[Problem("level", repr(level), f"expected 1 to {FINEST_LEVEL}")],
        )
    lon = _units("lon_deg", lon_deg, below_deg=180, elsewhere="the west is not covered")
    lat = _units(
        "lat_deg", lat_deg, below_deg=88, elsewhere="the south and the cap are not covered"
    )
    parts = ["N", str(_FIRST_EASTERN_ZONE + lon // _ZONES.width), _BANDS[lat // _ZONES.height]]
    for grid in _INNER_GRIDS[: level - 1]:
        column, row = lon // grid.width % grid.columns, lat // grid.height % grid.rows
        if grid.in_z_order:
            parts.append(_DIGITS[row * grid.columns + column])
        else:
            parts.append(_DIGITS[column] + _DIGITS[row])
    return "".join(parts)


def _units(name: str, value_deg: float, *, below_deg: int, elsewhere: str) -> int:
    try:
        exact = Fraction(value_deg) * _DEGREE
    except (ValueError, OverflowError):  # not a number, or infinite
        exact = Fraction(-1)
    nearest = round(exact)
    units = nearest if abs(exact - nearest) <= _ON_THE_EDGE else exact // 1
    if not 0 <= units < below_deg * _DEGREE:
        expected = f"expected degrees from 0 to below {below_deg} ({elsewhere})"
        raise InvalidInputError(
            "place without a grid code", problems=[Problem(name, repr(value_deg), expected)]
        )
    return units


def decode(code: str) -> GridCell:
    """Read a code back to its cell.

    Parameters
    ----------
    code
        As :func:`encode` writes it, in capitals: 4, 6, 7, 9, 11, 12, 14, 16, 18 or 20 characters
        for levels 1 to 10.

    Raises
    ------
    InvalidInputError
        If it is not such a code; names the character (counted from 1) and what may stand there.

    Examples
    --------
    >>> cell = decode("N49FB5138")
    >>> cell.level, cell.west_deg, cell.south_deg
    (4, 113.8, 22.633333333333333)
    >>> decode("N49FB5X38")
    Traceback (most recent call last):
    lowalt.errors.InvalidInputError: not a grid code that can be read: 'N49FB5X38'
      character 7: given 'X'; expected one of 012345
    """
    if len(code) not in _LENGTHS:
        lengths = ", ".join(map(str, _LENGTHS))
        raise _unreadable(
            code, "length", f"{len(code)} characters", f"expected {lengths} for levels 1 to 10"
        )
    column, row = _read_zone(code)
    at = _ZONE_CODE_LENGTH
    level = _LENGTHS.index(len(code)) + 1
    for grid in _INNER_GRIDS[: level - 1]:
        if grid.in_z_order:
            number = _read_one(code, at, _DIGITS[: grid.columns * grid.rows])
            inner_row, inner_column = divmod(number, grid.columns)
        else:
            inner_column = _read_one(code, at, _DIGITS[: grid.columns])
            inner_row = _read_one(code, at + 1, _DIGITS[: grid.rows])
        column, row = column * grid.columns + inner_column, row * grid.rows + inner_row
        at += grid.written_length
    return GridCell(level, column, row)


def _read_zone(code: str) -> tuple[int, int]:
    if code[0] != "N":
        expected = "expected N (the northern hemisphere; the south is not covered)"
        raise _unreadable(code, "character 1", repr(code[0]), expected)
    zone = 10 * _read_one(code, 1, _DIGITS[:10]) + _read_one(code, 2, _DIGITS[:10])
    if not 0 <= zone - _FIRST_EASTERN_ZONE < _ZONES.columns:
        expected = "expected 31 to 60 (eastern zones; the west, 01 to 30, is not covered)"
        raise _unreadable(code, "characters 2 and 3", repr(code[1:3]), expected)
    return zone - _FIRST_EASTERN_ZONE, _read_one(code, 3, _BANDS)


def _read_one(code: str, at: int, allowed: str) -> int:
    number = allowed.find(code[at])
    if number < 0:
        raise _unreadable(code, f"character {at + 1}", repr(code[at]), f"expected one of {allowed}")
    return number


def _unreadable(code: str, where: str, given: str, expected: str) -> InvalidInputError:
    shown = repr(code) if len(code) <= 2 * _LENGTHS[-1] else repr(code[: _LENGTHS[-1]]) + "..."
    return InvalidInputError(
        f"not a grid code that can be read: {shown}", problems=[Problem(where, given, expected)]
    )
