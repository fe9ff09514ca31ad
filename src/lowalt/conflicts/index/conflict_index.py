"""New flights against a million accepted ones: asked, added, removed, replaced and saved."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.engines import chosen
from lowalt.conflicts.index import merging
from lowalt.conflicts.index.answers import IndexConflicts
from lowalt.conflicts.index.basis import Basis
from lowalt.conflicts.index.damage import damage_is_told
from lowalt.conflicts.index.files import Saved, load_level, save_level
from lowalt.conflicts.index.flights import Accepted
from lowalt.conflicts.index.latest import Latest
from lowalt.conflicts.index.levels import Level
from lowalt.conflicts.index.names import Name
from lowalt.conflicts.index.states import State
from lowalt.conflicts.tracks import TrackArray
from lowalt.errors import InvalidInputError, Problem, UnknownNameError

_MOST_FLIGHTS = (1 << 31) - 1


class ConflictIndex:
    """Accepted flights, kept so that a new one is checked against all of them at once.

    Answers are those of :func:`~lowalt.conflicts.detect_conflicts`, to the bit. Any number of
    threads may ask while others change the index: a query sees the index as it was when the query
    began. Flights added last are kept apart and merged by a thread in the background.

    Parameters
    ----------
    tracks
        Flights accepted so far; there may be none. Flights asked about or added later have the same
        tolerance, epoch, plane and surface, and identifiers if these have.
    engine
        ``"native"``, the C core, ``"numpy"``, or ``"auto"``, the C core where it is built. They
        give the same answers.

    Raises
    ------
    UnknownNameError
        If the engine is not one of these, or is not built.

    Notes
    -----
    A query costs what is in the cells of space and time that the new flight passes. The worst case
    is that all accepted flights are there: each is then looked at. Memory is bounded by some 40
    bytes for each passage of a flight through a slab of time, of which there are nine or fewer on
    average, and a few for each cell that it touches.

    Examples
    --------
    >>> from lowalt.conflicts import ConflictIndex, TrackArray
    >>> def level_flight(name, start, end):
    ...     return TrackArray.from_local(
    ...         [0, 2], x_m=[start[0], end[0]], y_m=[start[1], end[1]], z_m=[100, 100],
    ...         t_s=[0, 100], horizontal_radius_m=25.0, vertical_radius_m=7.5, ids=[name],
    ...     )
    >>> index = ConflictIndex(level_flight("east", (0, 0), (1000, 0)))
    >>> found = index.query(level_flight("north", (500, -500), (500, 500)))
    >>> found.accepted, found.t_in_s.round(3).tolist(), found.t_out_s.round(3).tolist()
    (('east',), [46.464], [53.536])
    >>> index.remove(["east"])
    >>> len(index), len(index.query(level_flight("north", (500, -500), (500, 500))))
    (0, 0)
    """

    def __init__(self, tracks: TrackArray, *, engine: str = "auto") -> None:
        self._begin(Basis.of(tracks), tracks.ids is not None, engine)
        with self._changing:
            self._accept(tracks, self._new_numbers(len(tracks)))

    def _begin(self, basis: Basis, is_named: bool, engine: str) -> None:
        self._native = chosen(engine) == "native"
        self._basis = basis
        self._is_named = is_named
        self._next_number = 0
        self._count = 0
        self._changing = threading.Condition()
        self._is_merging = False
        self._state = State.of(
            0, (), Latest.empty(named=is_named, native=self._native), 0,
            is_exact=True, tolerance_m=basis.tolerance_m,
        )  # fmt: skip

    def __len__(self) -> int:
        return self._count

    def __contains__(self, name: Name) -> bool:
        with self._changing:
            return self._state.find(name) is not None

    def query(self, tracks: TrackArray) -> IndexConflicts:
        """Find the conflicts of new flights with the accepted ones, not with one another.

        Raises
        ------
        InvalidInputError
            If the flights cannot be compared: another tolerance, epoch, plane or surface.
        """
        self._basis.require(tracks)
        return self._state.query(tracks)

    def add(self, tracks: TrackArray) -> NDArray[np.int64]:
        """Accept flights.

        Returns
        -------
        numpy.ndarray
            Their numbers, counted over all flights that the index was ever given.

        Raises
        ------
        InvalidInputError
            If a flight of that identifier is accepted already, or the flights cannot be compared.
            None is then added.
        """
        self._require_like(tracks)
        with self._changing:
            self._make_room()
            problems = [
                Problem(f"ids[{n}]", repr(name), "an identifier not in the index; replace() it")
                for n, name in enumerate(tracks.ids or ())
                if self._state.find(name) is not None
            ]
            _refuse(problems)
            numbers = self._new_numbers(len(tracks))
            self._accept(tracks, numbers)
        return numbers

    def remove(self, names: Sequence[Name]) -> None:
        """Take flights out, all or none.

        Raises
        ------
        UnknownNameError
            If one of them is not accepted.
        InvalidInputError
            If one is named twice, or the names are one string.
        """
        with self._changing:
            self._become(self._changed(), leaving=self._found(names))

    def replace(self, tracks: TrackArray, *, numbers: Sequence[int] | None = None) -> None:
        """Put new versions of flights in the place of the accepted ones, all in one step.

        Parameters
        ----------
        tracks
            The new versions.
        numbers
            Which flights they replace, in an index without identifiers.

        Raises
        ------
        UnknownNameError
            If one of them is not accepted.
        InvalidInputError
            If one is named twice, numbers are missing, or the flights cannot be compared.
        """
        self._require_like(tracks)
        names: Sequence[Name] | None = tracks.ids if self._is_named else numbers
        if names is None or len(names) != len(tracks) or (self._is_named and numbers is not None):
            given = "none" if numbers is None else f"{len(numbers)} numbers"
            expected = "no numbers, as flights have identifiers"
            if not self._is_named:
                expected = f"the number of each of the {len(tracks)} flights that are replaced"
            _refuse([Problem("numbers", given, expected)])
        with self._changing:
            self._make_room()
            leaving = self._found(() if names is None else names)
            kept = np.array([flights.numbers[row] for flights, row in leaving], dtype=np.int64)
            self._accept(tracks, kept, leaving=leaving)

    # Changes; whoever makes one holds the lock.

    def _new_numbers(self, count: int) -> NDArray[np.int64]:
        first = self._next_number
        if first + count > _MOST_FLIGHTS:
            raise InvalidInputError(
                f"an index takes {_MOST_FLIGHTS} flights in its life; make a new one of those that"
                " are still accepted"
            )
        self._next_number += count
        return np.arange(first, first + count, dtype=np.int64)

    def _found(self, names: Iterable[Name]) -> list[tuple[Accepted | Latest, int]]:
        if isinstance(names, str | bytes) or not isinstance(names, Iterable):
            _refuse([Problem("names", repr(names), "a sequence of names, as in [name]")])
        names = list(names)
        twice = [repr(name) for name, times in Counter(names).items() if times > 1]
        if twice:
            _refuse([Problem("names", f"{', '.join(twice)} more than once", "each flight once")])
        found = {name: self._state.find(name) for name in names}
        unknown = [repr(name) for name, at in found.items() if at is None]
        if unknown:
            what = "identifiers" if self._is_named else "numbers"
            raise UnknownNameError(
                f"no accepted flights have the {what} {', '.join(unknown[:50])}; nothing is changed"
            )
        return [at for at in found.values() if at is not None]

    def _accept(
        self,
        tracks: TrackArray,
        numbers: NDArray[np.int64],
        *,
        leaving: Sequence[tuple[Accepted | Latest, int]] = (),
    ) -> None:
        now = self._state
        if not len(tracks):
            return
        is_exact = now.is_exact and tracks.has_exact_radii
        if len(tracks) > merging.LATEST_MOST:
            level = self._level(Accepted.of(tracks, numbers))
            # A merge under way counts on the levels that it found.
            levels = now.levels if self._is_merging else merging.alive(now.levels)
            state = self._changed(levels=(*levels, level), is_exact=is_exact)
        else:
            latest = now.latest.with_more(
                now.count, tracks, numbers, tracks.ids, self._basis.tolerance_m
            )
            count = now.count + len(tracks)
            state = self._changed(latest=latest, count=count, is_exact=is_exact)
        self._become(state, leaving=leaving)
        self._count += len(tracks)
        if merging.is_due(state) and not self._is_merging:
            with suppress(RuntimeError):  # no thread to be had: after the next change
                threading.Thread(target=self._merge_on, daemon=True).start()
                self._is_merging = True  # the thread waits for the lock that is held here

    def _become(self, state: State, *, leaving: Sequence[tuple[Accepted | Latest, int]]) -> None:
        """Make a version that is ready the one that is asked, without the flights that leave."""
        before = self._state.latest
        for flights, row in leaving:
            # The latest flights may have been copied to make room, each to its row.
            (state.latest if flights is before else flights).gone[row] = state.version
        self._state = state
        self._count -= len(leaving)

    def _changed(
        self,
        *,
        levels: tuple[Level, ...] | None = None,
        latest: Latest | None = None,
        count: int | None = None,
        is_exact: bool | None = None,
    ) -> State:
        now = self._state
        return State.of(
            now.version + 1,
            now.levels if levels is None else levels,
            now.latest if latest is None else latest,
            now.count if count is None else count,
            is_exact=now.is_exact if is_exact is None else is_exact,
            tolerance_m=self._basis.tolerance_m,
        )

    def _level(self, flights: Accepted) -> Level:
        return Level.of(flights, tolerance_m=self._basis.tolerance_m, native=self._native)

    # Merging

    def merge(self) -> None:
        """Merge all flights into one level now, without those that left; queries go on meanwhile.

        It happens by itself as far as it pays. Before :meth:`save` it keeps a large index from
        being merged by the saving.
        """
        with self._changing:
            self._changing.wait_for(lambda: not self._is_merging)
            self._is_merging = True
        try:
            if not self._state.is_merged:
                self._merge(self._state, 0)
        finally:
            self._end_merging()

    def _make_room(self) -> None:
        """Wait for a merge, or merge, where levels come faster than they are merged."""
        if len(self._state.levels) >= merging.LEVELS_LIMIT:
            self._changing.wait_for(lambda: not self._is_merging)
        if len(self._state.levels) >= merging.LEVELS_LIMIT:
            self._merge(self._state, merging.first_to_merge(self._state))

    def _end_merging(self) -> None:
        with self._changing:
            self._is_merging = False
            self._changing.notify_all()

    def _merge_on(self) -> None:
        """Merge until little is left to look through; after a failure, at the next one added."""
        try:
            while True:
                with self._changing:
                    state = self._state
                if not merging.is_due(state):
                    return
                self._merge(state, merging.first_to_merge(state))
        finally:
            self._end_merging()

    def _merge(self, before: State, first: int) -> None:
        """Put one level in the place of those from some one on and of the latest flights."""
        with damage_is_told():
            merged, parts = before.merged(first)
            level = self._level(merged) if len(merged) else None
        with self._changing:
            now = self._state
            if level is not None:
                sources = [*(old.flights.gone for old in before.levels[first:]), now.latest.gone]
                level.flights.leave_as(sources, parts, since=before.version)
            latest = now.latest.copy(before.count, now.count)
            self._state = State.of(
                now.version,
                (
                    *merging.alive(before.levels[:first]),
                    *(() if level is None else (level,)),
                    *now.levels[len(before.levels) :],
                ),
                latest,
                now.count - before.count,
                is_exact=now.is_exact,
                tolerance_m=self._basis.tolerance_m,
            )

    # Files

    def save(self, path: str | Path) -> None:
        """Write the accepted flights and what finds them to a file, whole or not at all.

        Raises
        ------
        OSError
            If it cannot be written; what stood there before still stands.
        """
        state = self._state
        if state.is_merged:
            level = state.levels[0] if state.levels else None
        else:
            with damage_is_told():
                merged, _ = state.merged(0)
                level = self._level(merged) if len(merged) else None
        save_level(
            Path(path), level, Saved(self._basis, self._is_named, state.is_exact, self._next_number)
        )

    @classmethod
    def load(cls, path: str | Path, *, engine: str = "auto", verify: bool = False) -> ConflictIndex:
        """Open a saved index. Its arrays are mapped: nearly all is read when a query needs it.

        Parameters
        ----------
        path
            The file.
        engine
            As for a new index.
        verify
            Whether to read the whole file now and compare its checksums.

        Raises
        ------
        InvalidInputError
            If it is no such file, of another version, cut short or damaged.
        OSError
            If it cannot be read.
        """
        index = cls.__new__(cls)
        saved, level = load_level(Path(path), native=chosen(engine) == "native", verify=verify)
        index._begin(saved.basis, saved.is_named, engine)
        index._next_number = saved.next_number
        if level is not None:
            index._state = index._changed(levels=(level,), is_exact=saved.is_exact)
            index._count = len(level)
        return index

    def _require_like(self, tracks: TrackArray) -> None:
        if (tracks.ids is not None) != self._is_named:
            has = ("none", "one for each flight")
            given, expected = has if self._is_named else reversed(has)
            _refuse([Problem("ids", given, f"{expected}, as the accepted flights have")])
        self._basis.require(tracks)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidInputError("the index cannot take these flights:", problems=problems)
