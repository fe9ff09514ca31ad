"""The search on several machines: tiles of space and time, handed to workers of Dask.

The tiles of :mod:`lowalt.conflicts.tiling.portions` are searched in any order and anywhere, by the
engines that search everything in one piece, and give the same table to the bit. Dask, the extra
``lowalt[dask]``, is imported here only, and when workers are asked for.

What a worker needs travels with its task, and the scheduler keeps it until the result is in. The
tile of a worker that is lost is therefore searched by another.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager
from importlib.util import find_spec
from itertools import count
from math import prod
from numbers import Integral
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from lowalt.conflicts.detection import (
    MAX_ENCOUNTERS,
    Progress,
    TooManyConflictsError,
    counted,
    ignore,
    sweep,
)
from lowalt.conflicts.engines import Engine
from lowalt.conflicts.search.encounters import ENCOUNTER, Encounters
from lowalt.conflicts.search.joining import joined
from lowalt.conflicts.table import ConflictTable
from lowalt.conflicts.tiling.portions import Portion, Tiling, portions, tiling_for
from lowalt.conflicts.tracks import TrackArray, require_tracks
from lowalt.errors import InvalidInputError, LowaltError, MissingExtraError, Problem, shown

if TYPE_CHECKING:
    from distributed import Client

_TILES_A_THREAD: Final = 2
"""Tiles that wait at a thread of the workers: one is there when the one before is done."""


class WorkersLostError(LowaltError, RuntimeError):
    """Workers were lost again and again, or all of them, and tiles with them."""


def detect_conflicts_tiled(
    tracks: TrackArray,
    *,
    client: Client | str | None = None,
    tiles: Tiling | None = None,
    engine: Engine = "auto",
    progress: Progress | None = None,
    most: int = MAX_ENCOUNTERS,
) -> ConflictTable:
    """Find every conflict among some flights, tile by tile, on other machines where there are any.

    The table is the one that :func:`~lowalt.conflicts.detect_conflicts` gives, to the bit, whatever
    the tiles, the workers and the order in which they finish.

    Parameters
    ----------
    tracks
        The flights.
    client
        A client of a Dask cluster, or the address of its scheduler, such as
        ``"tcp://10.0.0.1:8786"``; its workers have lowalt installed. ``None``: tiles are searched
        in this process, one after another, in the memory that one takes.
    tiles
        Into how many intervals time is cut, each of these along x, and each of those along y; by
        default so that some 250,000 legs are in each. There are fewer where traffic is so dense
        that two cuts coincide.
    engine
        As :func:`~lowalt.conflicts.detect_conflicts` has it; ``"auto"`` is each worker's choice.
    progress
        Called with the share that is done, from 0 to 1, as tiles are. What it raises ends the
        search.
    most
        Greatest number of meetings of two legs.

    Returns
    -------
    ConflictTable
        One row a pair and longest interval without a break, sorted.

    Raises
    ------
    InvalidInputError
        If ``tracks`` are none, or ``tiles`` are not three whole numbers above 0.
    MissingExtraError
        If there is a ``client``, and Dask is not installed.
    TooManyConflictsError
        Where there are more meetings than ``most``.
    UnknownNameError
        If the engine is not one of these, or is not built where the search runs.
    WorkersLostError
        If a tile ends workers again and again, as it does where they have too little memory for
        it, or the cluster is lost.

    Notes
    -----
    A leg belongs to every tile that its box touches, so traffic that is all at one place at one
    time cannot be shared out: the worst case of one machine is that of many.

    Examples
    --------
    >>> from lowalt.conflicts import detect_conflicts
    >>> from lowalt.conflicts.scenarios import scenario
    >>> tracks = scenario("corridor", 200, window_s=900.0)
    >>> table = detect_conflicts_tiled(tracks, tiles=(3, 2, 1))
    >>> table.t_in_s.tobytes() == detect_conflicts(tracks).t_in_s.tobytes()
    True
    """
    require_tracks(tracks)
    tiling = tiling_for(tracks) if tiles is None else _checked(tiles)
    cut = portions(tracks, tiling)
    if client is None:
        parts: Iterable[Encounters | None] = (_search(portion, engine, most) for portion in cut)
        return _gathered(tracks, parts, tiling, progress, most)
    with _connected(client) as workers, closing(_on(workers, cut, engine, most)) as found:
        return _gathered(tracks, found, tiling, progress, most)


def _checked(tiles: object) -> Tiling:
    given = tuple(tiles) if isinstance(tiles, Iterable) else ()
    if len(given) != 3 or not all(isinstance(n, Integral) and int(n) > 0 for n in given):
        expected = "three whole numbers above 0, how many of time, x and y, such as (24, 2, 2)"
        raise InvalidInputError(
            "traffic cannot be cut so:", problems=[Problem("tiles", shown(tiles), expected)]
        )
    in_time, along_x, along_y = map(int, given)
    return in_time, along_x, along_y


def _gathered(
    tracks: TrackArray,
    parts: Iterable[Encounters | None],
    tiling: Tiling,
    progress: Progress | None,
    most: int,
) -> ConflictTable:
    """Join what was found in all tiles."""
    report = progress or ignore
    shares = (number / (prod(tiling) + 1.0) for number in count(1))
    table = joined(tracks, counted(zip(shares, parts, strict=False), report, most))
    report(1.0)
    return table


def _search(portion: Portion, engine: Engine, most: int) -> Encounters | None:
    """Find the meetings that are at home in a tile; ``None`` where there are too many.

    This is what workers do.
    """
    parts = sweep(portion.tracks, engine=engine, threads=1, most=most)
    try:
        found = [*counted(parts, ignore, most)]
    except TooManyConflictsError:  # which could not be sent back
        return None
    return portion.at_home(np.concatenate([np.zeros(0, dtype=ENCOUNTER), *found]))


@contextmanager
def _connected(client: Client | str) -> Iterator[Any]:
    """Give a client; one that is made here is closed when all is done."""
    if find_spec("distributed") is None:
        raise MissingExtraError(
            "tiles on several machines need Dask: pip install lowalt[dask]; without client= they"
            " are searched in this process"
        )
    if not isinstance(client, str):
        yield client
        return
    from distributed import Client as Connecting  # noqa: PLC0415 -- the extra

    try:
        made: Any = Connecting(client)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InvalidInputError(f"client={client!r}: no scheduler answers: {error}") from None
    try:
        yield made
    finally:
        made.close()


def _on(
    client: Any, cut: Iterable[Portion], engine: Engine, most: int
) -> Generator[Encounters | None, None, None]:
    """Have tiles searched by workers, few at a time, and give what was found as it comes in.

    Tiles are cut while others are searched, so that no more of them than are being searched or
    wait for it are in memory, here and at the scheduler.
    """
    import distributed  # noqa: PLC0415 -- the extra
    from dask import config  # noqa: PLC0415

    running: Any = distributed.as_completed(with_results=True)  # type: ignore[no-untyped-call]
    try:
        # A task is large on purpose: it carries its tile.
        with config.set({"distributed.admin.large-graph-warning-threshold": "1 GiB"}):
            for portion in cut:
                running.add(client.submit(_search, portion, engine, most, pure=False))
                while running.count() >= _TILES_A_THREAD * max(sum(client.nthreads().values()), 1):
                    yield next(running)[1]
            for _, rows in running:
                yield rows
    except (distributed.KilledWorker, CancelledError) as error:
        raise WorkersLostError(
            f"workers were lost with their tiles: {error}; give them more memory or cut more tiles"
        ) from None
    finally:
        client.cancel(list(running.futures))
