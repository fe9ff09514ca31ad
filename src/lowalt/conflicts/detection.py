"""Every conflict among many flights."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Final

from lowalt.conflicts import engines
from lowalt.conflicts.engines import Engine
from lowalt.conflicts.search import native_sweep, numpy_sweep
from lowalt.conflicts.search.crowding import most_at_once
from lowalt.conflicts.search.encounters import Encounters
from lowalt.conflicts.search.grid import Grid
from lowalt.conflicts.search.joining import joined
from lowalt.conflicts.table import ConflictTable
from lowalt.conflicts.tracks import TrackArray, require_tracks
from lowalt.errors import InvalidInputError, LowaltError

Progress = Callable[[float], None]

MAX_ENCOUNTERS: Final = 50_000_000
"""More meetings of two legs than this are refused: they and their table would take 10 GB."""

_FLIGHTS_A_THREAD = 20_000
"""Fewer flights are done before a second thread has begun."""


_LESS = (
    "search parts of the time or of the area, take flights apart that share a place on purpose, or"
    " raise most= where there is memory for 200 bytes each"
)
"""What to do about too many."""


class TooManyConflictsError(LowaltError, MemoryError):
    """More flights meet than fit in memory."""


def detect_conflicts(
    tracks: TrackArray,
    *,
    engine: Engine = "auto",
    threads: int | None = None,
    progress: Progress | None = None,
    most: int = MAX_ENCOUNTERS,
) -> ConflictTable:
    """Find every conflict among some flights, exactly.

    Two flights conflict where at one time their horizontal distance is below the sum of their
    horizontal radii and their vertical distance below that of their vertical radii, each with the
    tolerance of the tracks added. Exactly touching is no conflict. Whether and how often two
    flights conflict is the truth about the numbers given, whatever rounding would make of it;
    times and distances are rounded once or twice. Where the time of flights is uncertain, they
    conflict where they may.

    Parameters
    ----------
    tracks
        The flights.
    engine
        ``"native"``, the C core, ``"numpy"``, or ``"auto"``, the C core where it is built. They
        give the same bytes.
    threads
        How many threads the C core takes; by default as many as there are processors, and one
        where there is little to do. numpy takes one.
    progress
        Called with the share that is done, from 0 to 1, some times a second at best. What it
        raises ends the search.
    most
        Greatest number of meetings of two legs.

    Returns
    -------
    ConflictTable
        One row a pair and longest interval without a break, sorted.

    Raises
    ------
    InvalidInputError
        If ``threads`` or ``most`` is out of range.
    TooManyConflictsError
        Where there are more meetings than ``most``; where a look at a few instants shows that
        there will be, before the search.
    UnknownNameError
        If the engine is not one of these, or is not built.

    Notes
    -----
    Screening is the sweep of :mod:`lowalt.conflicts.search.screening`. Its cost grows with the
    number of passages through slabs of time and with that of pairs whose boxes touch. The worst
    case is flights that are all at one place at one time: every pair is looked at, and if none
    conflicts, because they are stacked in height, that is all in vain. 10,000 flights over one
    another cost 50 million comparisons of boxes a slab.

    Examples
    --------
    >>> from lowalt.conflicts import TrackArray, detect_conflicts
    >>> tracks = TrackArray.from_local(
    ...     [0, 2, 4],
    ...     x_m=[0, 1000, 500, 500], y_m=[0, 0, -500, 500], z_m=[100, 100, 100, 100],
    ...     t_s=[0, 100, 0, 100], horizontal_radius_m=25.0, vertical_radius_m=7.5,
    ... )
    >>> table = detect_conflicts(tracks)
    >>> table.pairs.tolist(), table.t_in_s.round(3).tolist(), table.t_out_s.round(3).tolist()
    ([[0, 1]], [46.464], [53.536])
    """
    require_tracks(tracks)
    chosen = engines.chosen(engine)
    report = progress or ignore
    if threads is not None and threads < 1:
        raise InvalidInputError(f"threads: given {threads}, expected 1 or more, or None")
    if most < 0:
        raise InvalidInputError(f"most: given {most}, expected 0 or more")
    if len(tracks) < 2:
        return joined(tracks, [])
    if len(tracks) * (len(tracks) - 1) // 2 > most:
        _refuse_crowds(tracks, most)
    parts = sweep(tracks, engine=chosen, threads=_threads(threads, tracks), most=most)
    table = joined(tracks, counted(parts, report, most))
    report(1.0)
    return table


def sweep(
    tracks: TrackArray, *, engine: Engine, threads: int, most: int
) -> Iterable[tuple[float, Encounters | None]]:
    """Find the meetings of legs, with the share that is done; ``None`` for more than ``most``."""
    grid = Grid.over(tracks)
    if engines.chosen(engine) == "native" and not tracks.time_uncertainty_s.any():
        return native_sweep.sweep(tracks, grid, threads=threads, most=most)
    return numpy_sweep.sweep(tracks, grid)


def _refuse_crowds(tracks: TrackArray, most: int) -> None:
    """Refuse what cannot end well before it begins, by the flights of a few instants."""
    pairs, now_s = most_at_once(tracks)
    if pairs > 4.0 * most:  # what is seen of an instant is a sample
        raise TooManyConflictsError(
            f"about {pairs:.1g} pairs of flights are in conflict at once, at {now_s:g} s; expected"
            f" at most {most} meetings of two legs in all: {_LESS}"
        )


def _threads(asked: int | None, tracks: TrackArray) -> int:
    if asked is not None:
        return asked
    return max(1, min(os.cpu_count() or 1, len(tracks) // _FLIGHTS_A_THREAD))


def ignore(share: float) -> None:
    """Take no notice of progress."""


def counted(
    parts: Iterable[tuple[float, Encounters | None]], report: Progress, most: int
) -> Iterable[Encounters]:
    """Hand on what was found and report how far it is, up to so many meetings in all."""
    count = 0
    for done, part in parts:
        count += most + 1 if part is None else len(part)
        if part is None or count > most:
            raise TooManyConflictsError(
                f"more than {most} meetings of two legs by {done:.0%} of the search: {_LESS}"
            )
        report(done)
        yield part
