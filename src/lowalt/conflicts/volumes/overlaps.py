"""Every conflict of a volume with another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from lowalt.conflicts.engines import Engine, chosen
from lowalt.conflicts.tracks import ERROR_M, FloatArray, IntArray, T, Z
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
        """Give the conflicts one by one; volumes by identifier where they have one."""
        names, other_names = self.volumes.ids, self.others.ids
        columns = (self.t_in_s, self.t_out_s, self.bottom_m, self.top_m)
        for (one, other), t_in_s, t_out_s, bottom_m, top_m in zip(
            self.pairs.tolist(), *(column.tolist() for column in columns), strict=True
        ):
            yield {
                "first": one if names is None else names[one],
                "second": other if other_names is None else other_names[other],
                "t_in_s": t_in_s,
                "t_out_s": t_out_s,
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
    # Between two arrays, none is of the intent of another.
    alone = np.arange(len(shapes.size))
    intent = alone if others is not None or volumes.intent is None else volumes.intent
    one, other = _overlapping_boxes(shapes.boxes, intent, len(volumes), tolerance_m, is_native)
    low, high = shapes.boxes
    t_in, t_out = np.maximum(low[one, T], low[other, T]), np.minimum(high[one, T], high[other, T])
    bottom, top = np.maximum(low[one, Z], low[other, Z]), np.minimum(high[one, Z], high[other, Z])
    meets = t_in < t_out
    meets &= bottom < top if tolerance_m == 0.0 else bottom - top <= tolerance_m + ERROR_M
    rows = np.flatnonzero(meets)
    answers = _decide(shapes, one[rows], other[rows], is_native)
    if tolerance_m == 0.0:
        open_ones = np.flatnonzero(answers == planar.UNDECIDED)
        answers[open_ones] = rational.settle(shapes, one[rows[open_ones]], other[rows[open_ones]])
    else:
        clear = np.flatnonzero(answers != planar.OVERLAP)
        answers[clear] = planar.are_within(
            shapes, one[rows[clear]], other[rows[clear]], tolerance_m + ERROR_M
        )
    rows = rows[answers == planar.OVERLAP]
    others_from = 0 if others is None else len(volumes)
    return VolumeConflictTable(
        volumes=volumes,
        others=against,
        pairs=np.column_stack((one[rows], other[rows] - others_from)),
        t_in_s=t_in[rows],
        t_out_s=t_out[rows],
        bottom_m=np.minimum(bottom, top)[rows],
        top_m=np.maximum(bottom, top)[rows],
    )


def _overlapping_boxes(
    boxes: Boxes, intent: IntArray, own: int, tolerance_m: float, is_native: bool
) -> tuple[IntArray, IntArray]:
    """Find pairs of volumes of different intents whose boxes are within the tolerance, sorted."""
    if tolerance_m > 0.0:
        boxes = Boxes(boxes.low - [0.0, *[tolerance_m + ERROR_M] * 3], boxes.high)
    find = native.overlapping if is_native else _collected
    found = find(boxes, intent, own, MAX_PAIRS)
    if found is None:
        raise TooManyVolumesError(
            f"more than {MAX_PAIRS} pairs of volumes overlap in height, time, west to east and"
            " south to north: put fewer of them against one another at a time"
        )
    one, other = found
    other = other if own == len(boxes.low) else other + own
    key = one * len(boxes.low) + other
    key.sort()
    return key // len(boxes.low), key % len(boxes.low)


def _collected(
    boxes: Boxes, intent: IntArray, own: int, most: int
) -> tuple[IntArray, IntArray] | None:
    """Do as ``native.overlapping`` does, with numpy."""
    if own == len(boxes.low):
        parts = overlapping_among(boxes)
    else:
        mine, theirs = (Boxes(*(at[s] for at in boxes)) for s in (slice(own), slice(own, None)))
        parts = overlapping_between(mine, theirs)
    found, count = [(np.zeros(0, np.intp), np.zeros(0, np.intp))], 0
    for one, other in parts:
        rows = np.flatnonzero(intent[one] != intent[other + (own if own < len(boxes.low) else 0)])
        found.append((one[rows], other[rows]))
        count += len(rows)
        if count > most:
            return None
    one, other = (np.concatenate(column) for column in zip(*found, strict=True))
    return one, other


def _decide(shapes: Shapes, one: IntArray, other: IntArray, is_native: bool) -> planar.Answers:
    """Decide whether the insides of pairs overlap in the plane, as far as floats can."""
    answers = np.empty(len(one), dtype=np.uint8)
    is_disc, is_other_disc = shapes.radius_m[one] > 0.0, shapes.radius_m[other] > 0.0
    rows = np.flatnonzero(is_disc)
    answers[rows] = planar.decide_with_disc(shapes, one[rows], other[rows])
    rows = np.flatnonzero(~is_disc & is_other_disc)
    answers[rows] = planar.decide_with_disc(shapes, other[rows], one[rows])
    rows = np.flatnonzero(~is_disc & ~is_other_disc)
    answers[rows] = (native.decide if is_native else planar.decide)(shapes, one[rows], other[rows])
    return answers
