"""Every stay of a flight in a volume, among many of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from lowalt.conflicts.arrays import FloatArray, IntArray, runs
from lowalt.conflicts.engines import Engine, chosen
from lowalt.conflicts.limits import ERROR_M
from lowalt.conflicts.table import time_of
from lowalt.conflicts.tracks import TrackArray
from lowalt.conflicts.volumes import native
from lowalt.conflicts.volumes.array import VolumeArray
from lowalt.conflicts.volumes.asking import require_comparable, require_tolerance
from lowalt.conflicts.volumes.boxes import Boxes, overlapping_between, portions
from lowalt.conflicts.volumes.passages import PASSAGE, Pairs, Reaches, passages
from lowalt.conflicts.volumes.shapes import Shapes
from lowalt.errors import InvalidInputError, Problem
from lowalt.geodesy import BOUNDARY_TOLERANCE_M

Progress = Callable[[float], None]
Passages = np.ndarray[tuple[int], np.dtype[np.void]]

_FLIGHTS_AT_ONCE: Final[dict[str, int]] = {"native": 1 << 12, "numpy": 1 << 14}
"""Flights that are looked at between two reports of progress: few enough for threads to share."""

_LEGS_AT_ONCE = 1 << 18
"""Legs that numpy puts against volumes together."""

_SLACK = 1.0
"""Seconds and metres that boxes of flights are grown by, so that no rounding loses one."""


@dataclass(frozen=True, slots=True, eq=False)
class IntrusionTable:
    """Stays of flights in volumes, one row a flight, a volume and an interval without a break.

    Attributes
    ----------
    tracks, volumes
        What was put against one another.
    flight, volume
        Their numbers, ``(K,)`` intp; rows are sorted by them and then by time.
    t_in_s, t_out_s
        First and last instant in the volume, seconds of the epoch, ``(K,)`` float64. They are equal
        where the flight only touches it.
    leg_in, leg_out
        Which leg the flight enters on and leaves on, counted from 0, ``(K,)`` int32.
    """

    tracks: TrackArray
    volumes: VolumeArray
    flight: IntArray
    volume: IntArray
    t_in_s: FloatArray
    t_out_s: FloatArray
    leg_in: np.ndarray[tuple[int], np.dtype[np.int32]]
    leg_out: np.ndarray[tuple[int], np.dtype[np.int32]]

    def __len__(self) -> int:
        return len(self.flight)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give the stays one by one, named and timed as conflicts of flights are.

        Flights and volumes are named by identifier where they have one, and times are those of the
        epoch where it is known, else in seconds.
        """
        flights, volumes, epoch = self.tracks.ids, self.volumes.ids, self.tracks.epoch
        for flight, volume, t_in_s, t_out_s in zip(
            self.flight.tolist(),
            self.volume.tolist(),
            self.t_in_s.tolist(),
            self.t_out_s.tolist(),
            strict=True,
        ):
            yield {
                "flight": flight if flights is None else flights[flight],
                "volume": volume if volumes is None else volumes[volume],
                "t_in": time_of(t_in_s, epoch),
                "t_out": time_of(t_out_s, epoch),
            }


def detect_intrusions(
    tracks: TrackArray,
    volumes: VolumeArray,
    *,
    protection: Literal["none", "cylinder"] = "none",
    tolerance_m: float = BOUNDARY_TOLERANCE_M,
    engine: Engine = "auto",
    threads: int = 1,
    progress: Progress | None = None,
) -> IntrusionTable:
    """Find every stay of flights in volumes.

    Limits belong to a volume: touching it is being in it, if only for an instant. A flight is in a
    volume while it is within its time and no further from it than ``tolerance_m``, level and
    vertical each; every instant for which that is true is within one of the intervals found, and
    none of them holds an instant when the flight is further away than that by 1e-6 m. (Times
    themselves are float64 and rounded as such.) A flight that may be early or late is in a volume
    whenever it may be.

    Parameters
    ----------
    tracks, volumes
        Flights and volumes in one plane, with one epoch and heights above one surface.
    protection
        Whether the flight is its ``"none"``: place alone, or its ``"cylinder"``: what lies within
        its horizontal and vertical radius.
    tolerance_m
        How near counts as touching.
    engine
        ``"native"`` is the compiled one, where it was built; ``"numpy"`` gives the same bytes;
        ``"auto"`` takes the best that there is.
    threads
        How many the native engine works in.
    progress
        Called with the share that is done.

    Returns
    -------
    IntrusionTable
        Whatever the engine and the number of threads, the same to the bit.

    Raises
    ------
    InvalidInputError
        If the two have different planes, surfaces or epochs, the tolerance is no number from
        0 on, or ``threads`` is less than 1.
    UnknownNameError
        If there is no such engine, or it was not built.

    Examples
    --------
    A flight crosses a square of 100 m at 10 m/s:

    >>> from lowalt.conflicts import TrackArray
    >>> tracks = TrackArray.from_local(
    ...     [0, 2], x_m=[-50, 150], y_m=[50, 50], z_m=[80, 80], t_s=[0, 20],
    ...     horizontal_radius_m=25.0, vertical_radius_m=7.5,
    ... )
    >>> square = VolumeArray.from_local([0, 1], [0, 4], [0, 100, 100, 0], [0, 0, 100, 100])
    >>> stays = detect_intrusions(tracks, square)
    >>> [round(float(t_s), 2) for t_s in (stays.t_in_s[0], stays.t_out_s[0])]
    [5.0, 15.0]
    """
    require_comparable(tracks, volumes)
    require_tolerance(tolerance_m)
    if threads < 1:
        problem = Problem("threads", str(threads), "1 or more")
        raise InvalidInputError("this cannot be asked:", problems=[problem])
    reaches = _reaches(tracks, protection, tolerance_m)
    name = chosen(engine)
    find = (native.Passages if name == "native" else _Passages)(tracks, Shapes(volumes), reaches)
    firsts = range(0, len(tracks), _FLIGHTS_AT_ONCE[name])
    chunks = [(first, min(first + firsts.step, len(tracks))) for first in firsts]
    found = _in_chunks(find, chunks, threads if name == "native" else 1, progress)
    return _joined(tracks, volumes, found, reaches.early_s)


def _in_chunks(
    find: Callable[[int, int], Passages],
    chunks: Sequence[tuple[int, int]],
    threads: int,
    progress: Progress | None,
) -> Passages:
    """Find the passages of all chunks of flights, whose order is kept."""
    found = [np.zeros(0, dtype=PASSAGE)]
    with ExitStack() as stack:
        parts = map(find, *zip(*chunks, strict=True)) if chunks else iter(())
        if threads > 1 < len(chunks):
            pool = ThreadPoolExecutor(threads)
            stack.callback(pool.shutdown, cancel_futures=True)
            parts = pool.map(find, *zip(*chunks, strict=True))
        for number, part in enumerate(parts, start=1):
            found.append(part)
            if progress is not None:
                progress(number / len(chunks))
    return np.concatenate(found)


def _reaches(
    tracks: TrackArray, protection: Literal["none", "cylinder"], tolerance_m: float
) -> Reaches:
    if protection not in {"none", "cylinder"}:
        problem = Problem("protection", repr(protection), "'none' or 'cylinder'")
        raise InvalidInputError("this protection is not known:", problems=[problem])
    own = 1.0 if protection == "cylinder" else 0.0
    return Reaches(
        across_m=own * tracks.horizontal_radius_m + (tolerance_m + ERROR_M),
        height_m=own * tracks.vertical_radius_m + (tolerance_m + ERROR_M),
        early_s=tracks.time_uncertainty_s,
    )


class _Passages:
    """Does as ``native.Passages`` does, with numpy."""

    def __init__(self, tracks: TrackArray, shapes: Shapes, reaches: Reaches) -> None:
        self._tracks, self._shapes, self._reaches = tracks, shapes, reaches

    def __call__(self, first: int, last: int) -> Passages:
        """Find the passages of flights from the first up to the last."""
        tracks, shapes, reaches = self._tracks, self._shapes, self._reaches
        offsets = tracks.offsets[first : last + 1]
        found = [np.zeros(0, dtype=PASSAGE)]
        for flight, volume in overlapping_between(self._boxes(first, last), shapes.boxes):
            all_legs = np.diff(offsets)[flight] - 1
            for part in portions(all_legs, _LEGS_AT_ONCE):
                legs = all_legs[part]
                row, _ = runs(offsets[flight[part]], legs)
                owner, against = np.repeat((flight[part] + first, volume[part]), legs, axis=1)
                pairs = Pairs(owner, row, against)
                found.append(passages(tracks.vertices, tracks.offsets, pairs, shapes, reaches))
        return np.concatenate(found)

    def _boxes(self, first: int, last: int) -> Boxes:
        """Boxes of the flights, grown by what they reach."""
        reaches, offsets = self._reaches, self._tracks.offsets[first : last + 1]
        columns = (reaches.early_s, reaches.across_m, reaches.across_m, reaches.height_m)
        grown = np.column_stack([column[first:last] for column in columns]) + _SLACK
        vertices, begins = (
            self._tracks.vertices[offsets[0] : offsets[-1]],
            offsets[:-1] - offsets[0],
        )
        return Boxes(
            np.minimum.reduceat(vertices, begins) - grown,
            np.maximum.reduceat(vertices, begins) + grown,
        )


def _joined(
    tracks: TrackArray, volumes: VolumeArray, rows: Passages, early_s: FloatArray
) -> IntrusionTable:
    """Sort passages of legs, and join those that continue one another.

    Passages of one flight and volume come in order of time. A flight that may be early or late is
    in the volume from when the earliest enters until the latest leaves.
    """
    flight, volume = rows["flight"].astype(np.intp), rows["volume"].astype(np.intp)
    order = np.argsort(flight * len(volumes) + volume, kind="stable")
    flight, volume, leg = flight[order], volume[order], rows["leg"][order]
    start, end, early = volumes.start_s[volume], volumes.end_s[volume], early_s[flight]
    t_in = np.minimum(np.maximum(rows["t_in_s"][order] - early, start), end)
    t_out = np.minimum(np.maximum(rows["t_out_s"][order] + early, start), end)
    begins = np.ones(len(rows), dtype=bool)
    begins[1:] = (np.diff(flight) != 0) | (np.diff(volume) != 0) | (t_in[1:] > t_out[:-1])
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(rows))[: len(first)] - 1
    return IntrusionTable(
        tracks=tracks,
        volumes=volumes,
        flight=flight[first],
        volume=volume[first],
        t_in_s=t_in[first],
        t_out_s=t_out[last],
        leg_in=leg[first],
        leg_out=leg[last],
    )
