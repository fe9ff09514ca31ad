"""The obstacle limitation surfaces of one runway, in the coordinates of its centre line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.aerodromes import Runway
from lowalt.airspace.obstacles.dimensions import (
    CONICAL_SLOPE,
    TAKE_OFF_TABLE,
    ApproachDimensions,
    Edition,
    RunwayData,
)
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, FloatArray, LocalFrame

# Any radius of the earth will do for terms of the third order: half a percent of them is 0.4 mm.
_EARTH_RADIUS_M = 6_371_000.0

# Two surfaces of the same slope come out equal but for rounding; then the first named governs.
SAME_HEIGHT_M = 1e-6

_MIRROR = (-1.0, 1.0, 1.0)
"""Turns knots beyond one end of a runway into knots beyond the other."""

_QUARTER_SIDES = 256
"""Sides of a drawn quarter circle: 6 km out they lie up to 3 cm inside it."""


class Surface(StrEnum):
    """A surface of Annex 14, chapter 4; of equal heights the first named here governs."""

    STRIP = "strip"
    """The runway strip: nothing may stand on it, so that the limit is the ground."""

    TRANSITIONAL = "transitional"
    APPROACH = "approach"
    TAKE_OFF_CLIMB = "take_off_climb"
    INNER_HORIZONTAL = "inner_horizontal"
    CONICAL = "conical"


@dataclass(frozen=True, slots=True)
class CentreLine:
    """A plane whose real axis is a runway's centre line, low to high end, zero at its middle.

    It is the oblique Mercator plane along that line. Two conformal maps of the same ground differ
    by an analytic function whose derivative has the ratio of their scales for modulus: three terms
    of its series lead here from a transverse Mercator plane.
    """

    middle: complex
    series: tuple[complex, complex, complex]
    half_length_m: float

    @classmethod
    def of(cls, runway: Runway, frame: LocalFrame) -> CentreLine:
        """Lay the plane along a runway."""
        low, high = (complex(x, y) for x, y in frame.to_plane([runway.low, runway.high]))
        middle, turn = (low + high) / 2.0, abs(high - low) / (high - low)
        # Scales: 1 + x^2 / 2 R^2 there with x = x0 + Re z, and 1 + across^2 / 2 R^2 here with
        # across = Im(z turn). In the ratio |z|^2 cancels, and what is left is the real part of
        # -(x0^2 + 2 x0 z + z^2 (1 + turn^2) / 2) / 2 R^2, to be integrated.
        twice_r2 = 2.0 * _EARTH_RADIUS_M**2
        x0 = middle.real
        series = (
            turn * (1.0 - x0**2 / twice_r2),
            turn * -x0 / twice_r2,
            turn * -(1.0 + turn**2) / (6.0 * twice_r2),
        )
        line = cls(middle, series, 0.0)
        ends = line.from_plane(np.array([(low.real, low.imag), (high.real, high.imag)]))
        return replace(line, half_length_m=float(abs(ends[1] - ends[0])) / 2.0)

    def from_plane(self, xy: FloatArray) -> NDArray[np.complex128]:
        """Bring ``(N, 2)`` of the transverse Mercator plane to ``(N,)``, along + i leftwards."""
        a, b, c = self.series
        z = xy[:, 0] + 1j * xy[:, 1] - self.middle
        return np.asarray(z * (a + z * (b + z * c)))

    def to_plane(self, places: FloatArray) -> FloatArray:
        """Bring ``(N, 2)``, along and leftwards, back to the transverse Mercator plane."""
        wanted = places[:, 0] + 1j * places[:, 1]
        xy = np.tile((self.middle.real, self.middle.imag), (len(places), 1))
        for _ in range(3):  # each round leaves some millionths of what was wrong
            step = (wanted - self.from_plane(xy)) / self.series[0]
            xy += np.column_stack((step.real, step.imag))
        return xy


@dataclass(frozen=True, slots=True)
class Band:
    """A band along the centre line, its half width and elevation straight between knots.

    Parameters
    ----------
    knots
        Along, half width and elevation in metres, ``(K, 3)``, not falling along the line. At two
        knots of one place the band jumps; a half width below zero is none.
    """

    knots: FloatArray

    def at(self, along_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Give half width and elevation at ``(N,)``."""
        places, half_m, elevation_m = self.knots.T
        return (
            np.interp(along_m, places, half_m, left=-1.0, right=-1.0),
            np.interp(along_m, places, elevation_m),
        )

    def below(self, elevation_m: float) -> Band:
        """Leave only what lies no higher than an elevation."""
        height_m = self.knots[:, 2] - elevation_m
        before = np.flatnonzero(np.diff(height_m <= 0.0))
        share = height_m[before] / (height_m[before] - height_m[before + 1])
        crossings = self.knots[before] + share[:, None] * (
            self.knots[before + 1] - self.knots[before]
        )
        knots = np.insert(self.knots, before + 1, crossings, axis=0)
        return Band(knots[knots[:, 2] <= elevation_m + SAME_HEIGHT_M])

    def plan(self, *, widened_m: FloatArray | float = 0.0) -> BaseGeometry:
        """Draw what has a width, seen from above and ``widened_m`` wider to either side."""
        places, half_m = self.knots[:, 0], self.knots[:, 1] + widened_m
        drawn = (np.diff(places) > 0.0) & (self.knots[1:, 1] >= 0.0)
        pieces = np.column_stack((places[:-1], places[1:], half_m[:-1], half_m[1:]))[drawn]
        return shapely.union_all(
            [Polygon([(a, -p), (b, -q), (b, q), (a, p)]) for a, b, p, q in pieces]
        )


@dataclass(frozen=True, slots=True)
class RunwaySurfaces:
    """All surfaces of one runway, in the coordinates of its centre line.

    The strip with both approach surfaces is one band: the transitional surface rises from its
    sides.
    """

    designation: str
    line: CentreLine
    column: ApproachDimensions
    strip_end_m: float
    floor: Band
    climb: Band
    horizontal_amsl_m: float

    @classmethod
    def of(
        cls, data: RunwayData, *, frame: LocalFrame, edition: Edition, horizontal_amsl_m: float
    ) -> RunwaySurfaces:
        """Build the bands of a runway."""
        line, column = CentreLine.of(data.runway, frame), data.dimensions(edition)
        half_m = line.half_length_m
        strip_end_m = half_m + column.threshold_distance_m
        width_m = (data.strip_width_m or column.inner_edge_m) / 2.0
        low_m, high_m = data.elevations_amsl_m
        strip = (
            (-strip_end_m, width_m, low_m),
            (-half_m, width_m, low_m),
            (half_m, width_m, high_m),
            (strip_end_m, width_m, high_m),
        )
        low_approach, high_approach = (
            _approach(column, start_m=strip_end_m, threshold_amsl_m=end_m)
            for end_m in (low_m, high_m)
        )
        low_climb, high_climb = (
            _take_off(data, half_m=half_m, clearway_m=clearway_m, end_m=end_m)
            for clearway_m, end_m in zip(data.clearways_m, data.elevations_amsl_m, strict=True)
        )
        return cls(
            data.designation,
            line,
            column,
            strip_end_m,
            floor=Band(np.vstack((low_approach[::-1] * _MIRROR, strip, high_approach))),
            climb=Band(np.vstack((low_climb[::-1] * _MIRROR, high_climb))),
            horizontal_amsl_m=horizontal_amsl_m,
        )

    def layers(self, xy: FloatArray) -> Iterator[tuple[Surface, FloatArray]]:
        """Give each surface's height over places ``(N, 2)`` of the plane, infinite beside it."""
        places = self.line.from_plane(xy)
        along_m, aside_m = places.real.copy(), np.abs(places.imag)
        half_m, floor_m = self.floor.at(along_m)
        beside_m = aside_m - half_m
        on_floor = (half_m >= 0.0) & (beside_m <= BOUNDARY_TOLERANCE_M)
        past_strip_m = np.abs(along_m) - self.strip_end_m
        on_strip = on_floor & (past_strip_m <= 0.0)
        yield Surface.STRIP, np.where(on_strip, floor_m, np.inf)

        side_m = floor_m + self.column.transitional_slope * beside_m
        rising = (half_m >= 0.0) & (beside_m > 0.0) & (side_m <= self.horizontal_amsl_m)
        yield Surface.TRANSITIONAL, np.where(rising, side_m, np.inf)
        yield Surface.APPROACH, np.where(on_floor & ~on_strip, floor_m, np.inf)

        half_m, climb_m = self.climb.at(along_m)
        climbing = (half_m >= 0.0) & (aside_m <= half_m + BOUNDARY_TOLERANCE_M)
        yield Surface.TAKE_OFF_CLIMB, np.where(climbing, climb_m, np.inf)

        out_m = np.hypot(np.maximum(past_strip_m, 0.0), aside_m) - self.column.radius_m
        yield Surface.INNER_HORIZONTAL, np.where(out_m <= 0.0, self.horizontal_amsl_m, np.inf)
        conical = (out_m > 0.0) & (out_m <= self.conical_width_m + BOUNDARY_TOLERANCE_M)
        cone_m = self.horizontal_amsl_m + CONICAL_SLOPE * out_m
        yield Surface.CONICAL, np.where(conical, cone_m, np.inf)

    @property
    def conical_width_m(self) -> float:
        """How far the conical surface reaches beyond the inner horizontal one."""
        return self.column.conical_height_m / CONICAL_SLOPE

    def plan(self, surface: Surface) -> BaseGeometry:
        """Draw a surface seen from above, along and leftwards in metres."""
        end_m, radius_m = self.strip_end_m, self.column.radius_m
        axis = LineString([(-end_m, 0.0), (end_m, 0.0)])
        inner = axis.buffer(radius_m, quad_segs=_QUARTER_SIDES)
        match surface:
            case Surface.STRIP:
                half_m = float(self.floor.at(np.zeros(1))[0][0])
                return box(-end_m, -half_m, end_m, half_m)
            case Surface.APPROACH:
                return self.floor.plan() - box(-end_m, -radius_m, end_m, radius_m)
            case Surface.TRANSITIONAL:
                low = self.floor.below(self.horizontal_amsl_m)
                rise_m = self.horizontal_amsl_m - low.knots[:, 2]
                return low.plan(widened_m=rise_m / self.column.transitional_slope) - low.plan()
            case Surface.TAKE_OFF_CLIMB:
                return self.climb.plan()
            case Surface.INNER_HORIZONTAL:
                return inner
            case Surface.CONICAL:
                out_m = radius_m + self.conical_width_m
                return axis.buffer(out_m, quad_segs=_QUARTER_SIDES) - inner


def _approach(column: ApproachDimensions, *, start_m: float, threshold_amsl_m: float) -> FloatArray:
    lengths_m, slopes = np.array(column.sections, dtype=np.float64).T
    distance_m = np.concatenate(([0.0], np.cumsum(lengths_m)))
    return _with_outer_edge(
        start_m + distance_m,
        column.inner_edge_m / 2.0 + column.divergence * distance_m,
        threshold_amsl_m + np.concatenate(([0.0], np.cumsum(lengths_m * slopes))),
    )


def _take_off(data: RunwayData, *, half_m: float, clearway_m: float, end_m: float) -> FloatArray:
    column = TAKE_OFF_TABLE[data.code_number]
    start_m = half_m + max(column.end_distance_m, clearway_m)
    inner_m = column.inner_edge_m / 2.0
    widest_m = (column.turning_width_m if data.departures_turn else column.final_width_m) / 2.0
    distance_m = np.array([0.0, (widest_m - inner_m) / column.divergence, column.length_m])
    # Before the inner edge, but for what touches it, there is nothing.
    touch_m = start_m - BOUNDARY_TOLERANCE_M
    before = [(touch_m, -1.0, end_m), (touch_m, inner_m, end_m)]
    half_widths_m = np.array([inner_m, widest_m, widest_m])
    beyond = _with_outer_edge(
        start_m + distance_m, half_widths_m, end_m + column.slope * distance_m
    )
    return np.vstack((before, beyond))


def _with_outer_edge(*columns: FloatArray) -> FloatArray:
    """Make knots, the last of them again so far out as still touches it."""
    knots = np.column_stack(columns)
    return np.vstack((knots, knots[-1] + (BOUNDARY_TOLERANCE_M, 0.0, 0.0)))
