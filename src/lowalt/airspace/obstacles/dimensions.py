"""Dimensions of obstacle limitation surfaces, and what must be known of a runway to take them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Literal

from lowalt.airspace.aerodromes import Runway
from lowalt.errors import InvalidInputError, Problem
from lowalt.geodesy import geodesic_distance_m

CONICAL_SLOPE: Final = 0.05
"""Slope of the conical surface in every column of Table 4-1."""

INNER_HORIZONTAL_HEIGHT_M: Final = 45.0
"""Height of the inner horizontal surface in every column of Table 4-1."""

_LONGEST_RUNWAY_M = 10_000.0


class RunwayClass(StrEnum):
    """How a runway is approached; where its ends differ, the stricter serves for both."""

    NON_INSTRUMENT = "non_instrument"
    NON_PRECISION = "non_precision"
    PRECISION_I = "precision_i"
    PRECISION_II_III = "precision_ii_iii"


class Edition(StrEnum):
    """Edition of Annex 14 volume I; of what is used here only the inner edges differ."""

    SEVENTH_2016 = "7th, 2016"
    """Approaches of instrument runways start 150 or 300 m wide: no limit lies higher than in the
    8th edition, so that this one is on the safe side where the state's own width is not known."""

    EIGHTH_2018 = "8th, 2018"
    """140 or 280 m. China's MH 5001-2021 is announced as following this edition; its own table was
    not read."""


@dataclass(frozen=True, slots=True)
class ApproachDimensions:
    """A column of Annex 14 Table 4-1: lengths in metres, slopes in metres a metre.

    Parameters
    ----------
    conical_height_m
        How far the conical surface rises above the inner horizontal one.
    radius_m
        Radius of the inner horizontal surface.
    inner_edge_m
        Length of the approach surface's inner edge.
    threshold_distance_m
        From the threshold to that edge, and from the end of the runway to that of the strip.
    divergence
        Of each side of the approach surface.
    sections
        Length and slope of each section of the approach surface. Where the last is horizontal, the
        others end 150 m above the threshold (4.2.9, 4.2.17); the obstacle that governs the
        clearance height may lift it, which is not asked for and would be less strict.
    transitional_slope
        Slope of the transitional surface.
    confidence, source
        How sure the column is, and where it was read.
    """

    conical_height_m: float
    radius_m: float
    inner_edge_m: float
    threshold_distance_m: float
    divergence: float
    sections: tuple[tuple[float, float], ...]
    transitional_slope: float
    confidence: Literal["high", "medium"] = "high"
    source: str = (
        "Annex 14 Table 4-1, 8th edition, as EASA CS-ADR-DSN issue 7 (Table J-1) and Australia's"
        " Part 139 MOS (Table 7.15) have it; all but the widths also 4th edition and French order"
        " of 7 June 2007, annex I"
    )


@dataclass(frozen=True, slots=True)
class TakeOffDimensions:
    """A column of Annex 14 Table 4-2: lengths in metres, slopes in metres a metre.

    ``turning_width_m`` stands for ``final_width_m`` where the track turns by more than 15 degrees
    in instrument conditions or by night.
    """

    inner_edge_m: float
    end_distance_m: float
    divergence: float
    final_width_m: float
    turning_width_m: float
    length_m: float
    slope: float
    confidence: Literal["high", "medium"] = "high"
    source: str = (
        "Annex 14 Table 4-2, as EASA CS-ADR-DSN issue 7 (Table J-2), Australia's Part 139 MOS"
        " (Table 7.16) and French order of 7 June 2007, annex I have it"
    )


_NON_INSTRUMENT, _NON_PRECISION, _PRECISION_I, _PRECISION_II_III = RunwayClass
_LONG = ((3000, 0.02), (3600, 0.025), (8400, 0.0))
_Column = ApproachDimensions

# Two columns are not sure. Later editions narrow the strip of a non-instrument runway of code 3,
# and whether the inner edge followed is not known; and France levels the approach to a small
# precision runway at 150 m.
_COLUMNS = {  # cone, radius, inner edge, from threshold, divergence, sections, transitional
    (_NON_INSTRUMENT, (1,)): _Column(35, 2000, 60, 30, 0.10, ((1600, 0.05),), 0.20),
    (_NON_INSTRUMENT, (2,)): _Column(55, 2500, 80, 60, 0.10, ((2500, 0.04),), 0.20),
    (_NON_INSTRUMENT, (3,)): _Column(75, 4000, 150, 60, 0.10, ((3000, 0.0333),), 0.143, "medium"),
    (_NON_INSTRUMENT, (4,)): _Column(100, 4000, 150, 60, 0.10, ((3000, 0.025),), 0.143),
    (_NON_PRECISION, (1, 2)): _Column(60, 3500, 140, 60, 0.15, ((2500, 0.0333),), 0.20),
    (_NON_PRECISION, (3,)): _Column(75, 4000, 280, 60, 0.15, _LONG, 0.143),
    (_NON_PRECISION, (4,)): _Column(100, 4000, 280, 60, 0.15, _LONG, 0.143),
    (_PRECISION_I, (1, 2)): _Column(
        60, 3500, 140, 60, 0.15, ((3000, 0.025), (12_000, 0.03)), 0.143, "medium"
    ),
    (_PRECISION_I, (3, 4)): _Column(100, 4000, 280, 60, 0.15, _LONG, 0.143),
    (_PRECISION_II_III, (3, 4)): _Column(100, 4000, 280, 60, 0.15, _LONG, 0.143),
}

APPROACH_TABLE: Final[Mapping[tuple[int, RunwayClass], ApproachDimensions]] = MappingProxyType(
    {(code, kind): column for (kind, codes), column in _COLUMNS.items() for code in codes}
)
"""Annex 14 Table 4-1, 8th edition, by code number and class of runway."""

_LARGE = TakeOffDimensions(180, 60, 0.125, 1200, 1800, 15_000, 0.02)

TAKE_OFF_TABLE: Final[Mapping[int, TakeOffDimensions]] = MappingProxyType(
    {
        1: TakeOffDimensions(60, 30, 0.10, 380, 380, 1600, 0.05),
        2: TakeOffDimensions(80, 60, 0.10, 580, 580, 2500, 0.04),
        3: _LARGE,
        4: _LARGE,
    }
)
"""Annex 14 Table 4-2 by code number."""

_EARLIER_INNER_EDGE_M = {140: 150, 280: 300}
"""Inner edges of the 7th edition for those of the 8th that differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunwayData:
    """What must be known of a runway to build its surfaces.

    Thresholds are taken to be at the ends, and the centre line to rise evenly between them and to
    go on level beyond.

    Parameters
    ----------
    designation
        Name such as ``"15/33"``.
    runway
        Its two ends.
    elevations_amsl_m
        Of the low and the high end. There is no default: a surface that starts too high would allow
        what is forbidden.
    code_number
        Code number of the aerodrome reference code, 1 to 4.
    classification
        How it is approached.
    strip_width_m
        Width of the strip; ``None`` for the length of the approach surface's inner edge.
    clearways_m
        Lengths of the clearways beyond the low and the high end; zero where none is known. Their
        ground is taken to lie no higher than the runway's end, which is on the safe side.
    departures_turn
        Whether departures turn by more than 15 degrees in instrument conditions or by night, which
        widens the take-off climb surface. True unless the contrary is known.

    Raises
    ------
    InvalidInputError
        If anything is missing or cannot be; the error lists all that is wrong.
    """

    designation: str
    runway: Runway
    elevations_amsl_m: tuple[float, float]
    code_number: int
    classification: RunwayClass
    strip_width_m: float | None = None
    clearways_m: tuple[float, float] = (0.0, 0.0)
    departures_turn: bool = True

    def __post_init__(self) -> None:
        if problems := [*self._problems()]:
            raise InvalidInputError(f"runway {self.designation}", problems=problems)

    def _problems(self) -> Iterator[Problem]:
        # A tuple compares and does not hash, so that anything may be looked for.
        if (self.code_number, self.classification) not in tuple(APPROACH_TABLE):
            given = f"{self.code_number!r}, {self.classification!r}"
            known = ", ".join(f"{code} {kind}" for code, kind in APPROACH_TABLE)
            yield Problem("code_number, classification", given, f"the table holds {known}")
        if not _are_numbers(self.elevations_amsl_m):
            wanted = "expected metres for the low and the high end, surveyed or looked up"
            yield Problem("elevations_amsl_m", repr(self.elevations_amsl_m), wanted)
        ends = (self.runway.low, self.runway.high)
        if not all(map(_is_place, ends)):
            wanted = "expected longitude, then latitude of the low and the high end, in degrees"
            yield Problem("runway", repr(ends), wanted)
            return
        length_m = float(geodesic_distance_m(ends[:1], ends[1:])[0])
        if not 0.0 < length_m <= _LONGEST_RUNWAY_M:
            wanted = f"expected two ends, at most {_LONGEST_RUNWAY_M:.0f} m apart, longitude first"
            yield Problem("runway", f"{ends}, {length_m:.1f} m long", wanted)
        width_m = self.strip_width_m
        if width_m is not None and not (is_number(width_m) and 0.0 < width_m <= length_m):
            yield Problem("strip_width_m", repr(width_m), "expected metres or None")
        clearways_m = self.clearways_m
        if not (_are_numbers(clearways_m) and all(0.0 <= c <= length_m for c in clearways_m)):
            wanted = "expected metres beyond the low and the high end, no more than the runway has"
            yield Problem("clearways_m", repr(clearways_m), wanted)

    def dimensions(self, edition: Edition) -> ApproachDimensions:
        """Give the runway's column of Table 4-1 in an edition."""
        column = APPROACH_TABLE[self.code_number, self.classification]
        if edition is Edition.EIGHTH_2018:
            return column
        inner_edge_m = _EARLIER_INNER_EDGE_M.get(int(column.inner_edge_m), column.inner_edge_m)
        return replace(column, inner_edge_m=inner_edge_m)


def is_number(value: object) -> bool:
    """Whether a value is a finite number."""
    return isinstance(value, int | float) and math.isfinite(value)


def _are_numbers(pair: object) -> bool:
    return isinstance(pair, tuple | list) and len(pair) == 2 and all(map(is_number, pair))


def _is_place(end: tuple[float, float]) -> bool:
    return _are_numbers(end) and abs(end[0]) <= 180.0 and abs(end[1]) <= 90.0
