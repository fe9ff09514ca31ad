"""Every conflict of a volume with another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, Z
from lowalt.conflicts.engines import Engine, chosen
from lowalt.conflicts.limits import ERROR_M
from lowalt.conflicts.table import time_of
from lowalt.conflicts.volumes import native, planar, rational
from lowalt.conflicts.volumes.array import VolumeArray
from lowalt.conflicts.volumes.asking import require_comparable, require_tolerance
from lowalt.conflicts.volumes.boxes import Boxes, overlapping_among, overlapping_between
from lowalt.conflicts.volumes.shapes import Shapes
from lowalt.errors import LowaltError

MAX_PAIRS: Final = 100_000_000
"""More pairs than this whose boxes overlap are refused: they alone would take 1.6 GB."""


class TooManyVolumesError(LowaltError, MemoryError):
    """More volumes overlap than a table can hold."""


@dataclass(frozen=True, slots=True, eq=False)
class VolumeConflictTable:
    """Conflicts of volumes, one row a pair.

    Attributes
    ----------
    volumes, others
        What was put against one another, perhaps the same.
    pairs
        Number of the volume and number of the other one, ``(K, 2)`` intp, sorted; where both are
        of one array, the lower first.
    t_in_s, t_out_s
        What their windows of time share, seconds of the epoch, ``(K,)``.
    bottom_m, top_m
        What their bands of height share, ``(K,)``.
    """

    volumes: VolumeArray
    others: VolumeArray
    pairs: IntArray
    t_in_s: FloatArray
    t_out_s: FloatArray
    bottom_m: FloatArray
    top_m: FloatArray

    def __len__(self) -> int:
        return len(self.pairs)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give the conflicts one by one, named and timed as conflicts of flights are.

        Volumes are named by identifier where they have one, and times are those of the epoch where
        it is known, else in seconds. A limit that is none is ``None``.
        """
        names, other_names, epoch = self.volumes.ids, self.others.ids, self.volumes.epoch
        columns = (self.t_in_s, self.t_out_s, self.bottom_m, self.top_m)
        for (one, other), *limits in zip(
            self.pairs.tolist(), *(column.tolist() for column in columns), strict=True
        ):
            t_in_s, t_out_s, bottom_m, top_m = (
                limit if math.isfinite(limit) else None for limit in limits
            )
            yield {
                "first": one if names is None else names[one],
                "second": other if other_names is None else other_names[other],
                "t_in": None if t_in_s is None else time_of(t_in_s, epoch),
                "t_out": None if t_out_s is None else time_of(t_out_s, epoch),
                "bottom_m": bottom_m,
                "top_m": top_m,
            }


def volume_conflicts(
    volumes: VolumeArray,
    others: VolumeArray | None = None,
    *,
    tolerance_m: float = 0.0,
    engine: Engine = "auto",
) -> VolumeConflictTable:
    """Find every conflict among some volumes, or between some and others.

    Two volumes conflict where their insides overlap: in the plane, in height and in time at once.
    Touching is no conflict, and whether volumes touch or overlap is decided exactly for the numbers
    given. A volume of no height or no duration has no inside. Volumes of one operational intent are
    no conflict for one another (``intent`` of the array; not asked for between two arrays).

    Parameters
    ----------
    volumes, others
        Volumes in one plane, with one epoch and heights above one surface. Without others, the
        volumes are put against one another.
    tolerance_m
        If more than 0, volumes conflict that are no further apart than that in the plane and in
        height, level and vertical each; none conflict that are further apart by 1e-6 m.
    engine
        As in :func:`~lowalt.conflicts.volumes.detect_intrusions`.

    Raises
    ------
    InvalidInputError
        If the two have different planes, surfaces or epochs, or the tolerance is no number from
        0 on.
    UnknownNameError
        If there is no such engine, or it was not built.
    TooManyVolumesError
        If more than :data:`MAX_PAIRS` pairs overlap in height, time, west to east and south to
        north.

    Examples
    --------
    >>> squares = VolumeArray.from_local(
    ...     [0, 1, 2, 3], [0, 4, 8, 12], x_m=[0, 9, 9, 0, 8, 17, 17, 8, 17, 26, 26, 17],
    ...     y_m=[0, 0, 9, 9] * 3, start_s=[0, 60, 0], end_s=[90, 120, 120],
    ... )
    >>> found = volume_conflicts(squares)
    >>> found.pairs.tolist(), found.t_in_s.tolist(), found.t_out_s.tolist()
    ([[0, 1]], [60.0], [90.0])
    """
    against = volumes if others is None else others
    require_comparable(volumes, against)
    require_tolerance(tolerance_m)
    is_native = chosen(engine) == "native"
    shapes = Shapes(volumes) if others is None else Shapes(volumes, others)
    own = len(volumes)
    one, other = _near_pairs(shapes.boxes, _parties(volumes, others), own, tolerance_m, is_native)
    pairs = _Pairs.of(shapes.boxes, one, other)
    pairs = pairs.take(np.flatnonzero(pairs.meet(tolerance_m)))
    pairs = pairs.take(np.flatnonzero(_meet_in_plane(shapes, pairs, tolerance_m, is_native)))
    return VolumeConflictTable(
        volumes=volumes,
        others=against,
        pairs=np.column_stack((pairs.one, pairs.other - (0 if others is None else own))),
        t_in_s=pairs.t_in_s,
        t_out_s=pairs.t_out_s,
        bottom_m=np.minimum(pairs.bottom_m, pairs.top_m),
        top_m=np.maximum(pairs.bottom_m, pairs.top_m),
    )


class _Pairs(NamedTuple):
    """Pairs of volumes, and what their windows of time and bands of height share."""

    one: IntArray
    other: IntArray
    t_in_s: FloatArray
    t_out_s: FloatArray
    bottom_m: FloatArray
    top_m: FloatArray  # lower than the bottom where a gap is between the bands

    @classmethod
    def of(cls, boxes: Boxes, one: IntArray, other: IntArray) -> _Pairs:
        shared = []
        for k in (T, Z):
            low, high = boxes.low[:, k], boxes.high[:, k]
            shared.append(np.maximum(low.take(one), low.take(other)))
            shared.append(np.minimum(high.take(one), high.take(other)))
        return cls(one, other, *shared)

    def take(self, rows: IntArray) -> _Pairs:
        shared = (column.take(rows) for column in self[2:])
        return _Pairs(self.one.take(rows), self.other.take(rows), *shared)

    def meet(self, tolerance_m: float) -> BoolArray:
        """Tell which are together in time, and in height or within the tolerance of it."""
        together: BoolArray = self.t_in_s < self.t_out_s
        if tolerance_m == 0.0:
            return together & (self.bottom_m < self.top_m)
        return together & (self.bottom_m - self.top_m <= tolerance_m + ERROR_M)


def _parties(volumes: VolumeArray, others: VolumeArray | None) -> IntArray:
    """Give the party of each volume, within which there are no conflicts."""
    if others is not None:
        return np.repeat(np.arange(2), (len(volumes), len(others)))
    return np.arange(len(volumes)) if volumes.intent is None else volumes.intent


def _near_pairs(
    boxes: Boxes, party: IntArray, own: int, tolerance_m: float, is_native: bool
) -> tuple[IntArray, IntArray]:
    """Find pairs of volumes of different parties whose boxes are within the tolerance, sorted."""
    if tolerance_m > 0.0:
        boxes = Boxes(boxes.low - [0.0, *[tolerance_m + ERROR_M] * 3], boxes.high)
    found = (
        native.overlapping(boxes, party, MAX_PAIRS)
        if is_native
        else _overlapping(boxes, party, own, MAX_PAIRS)
    )
    if found is None:
        raise TooManyVolumesError(
            f"more than {MAX_PAIRS} pairs of volumes overlap in height, time, west to east and"
            " south to north: put fewer of them against one another at a time"
        )
    keys = np.sort(found)
    return keys >> 32, keys & 0xFFFF_FFFF


def _overlapping(boxes: Boxes, party: IntArray, own: int, most: int) -> IntArray | None:
    """Do as ``native.overlapping`` does, with numpy; there are others from number ``own`` on."""
    if own == len(boxes.low):
        parts = overlapping_among(boxes)
    else:
        mine, theirs = (Boxes(*(at[s] for at in boxes)) for s in (slice(own), slice(own, None)))
        parts = ((one, other + own) for one, other in overlapping_between(mine, theirs))
    found, count = [np.zeros(0, dtype=np.intp)], 0
    for one, other in parts:
        keys = (one << 32) | other
        found.append(keys[party.take(one) != party.take(other)])
        count += len(found[-1])
        if count > most:
            return None
    return np.concatenate(found)


def _meet_in_plane(shapes: Shapes, pairs: _Pairs, tolerance_m: float, is_native: bool) -> BoolArray:
    """Tell which pairs overlap in the plane, or are within the tolerance there."""
    one, other = pairs.one, pairs.other
    answers = _decide(shapes, one, other, is_native)
    if tolerance_m == 0.0:
        rows = np.flatnonzero(answers == planar.UNDECIDED)
        answers[rows] = rational.settle(shapes, one[rows], other[rows])
    else:
        rows = np.flatnonzero(answers != planar.OVERLAP)
        distance_m = tolerance_m + ERROR_M
        answers[rows] = planar.are_within(shapes, one[rows], other[rows], distance_m)
    meets: BoolArray = answers == planar.OVERLAP
    return meets


def _decide(shapes: Shapes, one: IntArray, other: IntArray, is_native: bool) -> planar.Answers:
    """Decide whether the insides of pairs overlap in the plane, as far as floats can."""
    decide = native.decide if is_native else planar.decide
    is_disc = shapes.radius_m > 0.0
    if not is_disc.any():
        return decide(shapes, one, other)
    is_one, is_other = is_disc.take(one), is_disc.take(other)
    answers = np.empty(len(one), dtype=np.uint8)
    rows = np.flatnonzero(is_one)
    answers[rows] = planar.decide_with_disc(shapes, one[rows], other[rows])
    rows = np.flatnonzero(~is_one & is_other)
    answers[rows] = planar.decide_with_disc(shapes, other[rows], one[rows])
    rows = np.flatnonzero(~is_one & ~is_other)
    answers[rows] = decide(shapes, one[rows], other[rows])
    return answers
