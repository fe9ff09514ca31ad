"""What is wrong with the numbers of some volumes: named by volume, ring and vertex."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray
from lowalt.conflicts.limits import MAX_COORDINATE_M, MAX_HEIGHT_M, MAX_TIME_S
from lowalt.errors import InvalidInputError, Problem, shown

_LIMITS: Final = (
    ("bottom_m", "top_m", MAX_HEIGHT_M, "a top that is no lower than the bottom"),
    ("start_s", "end_s", MAX_TIME_S, "an end that is no earlier than the start"),
)


class Naming(NamedTuple):
    """How messages call the volumes, their rings and vertices."""

    ids: tuple[str, ...] | None
    offsets: IntArray
    rings: IntArray

    def volume(self, number: int) -> str:
        """Name a volume."""
        return f"volume {number}" if self.ids is None else f"volume {self.ids[number]!r}"

    def ring(self, ring: int) -> str:
        """Name a ring by its volume, and by its number there if that has several."""
        number = int(np.searchsorted(self.offsets, ring, side="right")) - 1
        if self.offsets[number + 1] - self.offsets[number] == 1:
            return self.volume(number)
        return f"{self.volume(number)}, ring {ring - self.offsets[number]}"

    def vertex(self, row: int) -> str:
        """Name a vertex by its ring and its number there."""
        ring = int(np.searchsorted(self.rings, row, side="right")) - 1
        return f"{self.ring(ring)}, vertex {row - self.rings[ring]}"


def refuse(problems: Sequence[Problem]) -> None:
    """Raise what was found, if anything was."""
    if problems:
        raise InvalidInputError("these volumes cannot be used:", problems=problems)


def read_numbers(field: str, values: ArrayLike) -> FloatArray:
    """Read numbers, whatever they are and however many."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        problem = Problem(field, shown(values), "numbers")
        raise InvalidInputError("these volumes cannot be used:", problems=[problem]) from error


def _read_whole(field: str, values: ArrayLike) -> NDArray[Any]:
    """Read an array that is to hold whole numbers, before that is checked."""
    try:
        return np.asarray(values)
    except ValueError as error:  # rows of different lengths
        problem = Problem(field, shown(values), "whole numbers in one row")
        raise InvalidInputError("these volumes cannot be used:", problems=[problem]) from error


def read_offsets(
    offsets: ArrayLike, rings: ArrayLike, columns: tuple[FloatArray, FloatArray]
) -> tuple[IntArray, IntArray]:
    """Read where rings and volumes begin, after checking that they fit one another."""
    x_m, y_m = columns
    if x_m.ndim != 1 or x_m.shape != y_m.shape:
        given = f"shapes {x_m.shape} and {y_m.shape}"
        refuse([Problem("x_m, y_m", given, "one number for each vertex")])
    ring_begins = _counted("rings", rings, len(x_m), "vertices")
    return ring_begins, _counted("offsets", offsets, len(ring_begins) - 1, "rings")


def _counted(field: str, values: ArrayLike, most: int, things: str) -> IntArray:
    read = _read_whole(field, values)
    is_whole = read.ndim == 1 and len(read) > 0 and np.issubdtype(read.dtype, np.integer)
    if not is_whole or read[0] != 0 or read[-1] != most or (read[1:] <= read[:-1]).any():
        given = f"{read.dtype} of shape {read.shape}"
        if is_whole:
            given += f" from {read[0]} to {read[-1]}"
        expected = f"whole numbers that increase, from 0 to {most}, the number of {things}"
        refuse([Problem(field, given, expected)])
    return np.array(read, dtype=np.intp)


def read_all(count: int, **given: ArrayLike) -> dict[str, FloatArray]:
    """Read what is given as one number for each volume, or one for all."""
    return {name: _read_each(name, values, count) for name, values in given.items()}


def _read_each(field: str, values: ArrayLike, count: int) -> FloatArray:
    read = read_numbers(field, values)
    if read.shape not in {(), (count,)}:
        expected = f"one number, or one for each of the {count} volumes"
        refuse([Problem(field, f"shape {read.shape}", expected)])
    return np.array(np.broadcast_to(read, (count,)), order="C")


def read_intents(values: ArrayLike | None, count: int) -> IntArray | None:
    """Read the number of each volume's operational intent."""
    if values is None:
        return None
    read = _read_whole("intent", values)
    if read.shape != (count,) or not np.issubdtype(read.dtype, np.integer):
        given = f"{read.dtype} of shape {read.shape}"
        refuse([Problem("intent", given, f"a whole number for each of the {count} volumes")])
    return np.array(read, dtype=np.intp)


def read_ids(ids: Sequence[str] | None, count: int) -> tuple[str, ...] | None:
    """Read identifiers, after checking that there is one for each and none twice."""
    if ids is None:
        return None
    if isinstance(ids, str):
        refuse([Problem("ids", repr(ids), "a list of identifiers")])
    names: tuple[Any, ...] = tuple(ids)
    refuse(
        [
            Problem(f"ids[{n}]", shown(name), "a string")
            for n, name in enumerate(names)
            if not isinstance(name, str)
        ]
    )
    if len(names) != count:
        refuse([Problem("ids", f"{len(names)} identifiers", f"one for each of {count} volumes")])
    first: dict[str, int] = {}
    refuse(
        [
            Problem(f"ids[{n}]", f"{name!r}, as volume {first[name]} has", "one of its own")
            for n, name in enumerate(names)
            if first.setdefault(name, n) != n
        ]
    )
    return names


def faults(
    naming: Naming, columns: tuple[FloatArray, FloatArray], each: Mapping[str, FloatArray]
) -> Iterator[Problem]:
    """Find all that is wrong with numbers, limits and sizes."""
    yield from _faults_of_numbers(naming, columns, each)
    yield from _faults_of_sizes(naming, columns, each["radius_m"])


def _faults_of_numbers(
    naming: Naming, columns: tuple[FloatArray, FloatArray], each: Mapping[str, FloatArray]
) -> Iterator[Problem]:
    """Find numbers that are missing or out of range, and limits the wrong way round."""
    for name, at in zip(("x_m", "y_m"), columns, strict=True):
        for row in _rows(~(np.abs(at) <= MAX_COORDINATE_M)):
            expected = f"a number between {-MAX_COORDINATE_M:.0f} and {MAX_COORDINATE_M:.0f}"
            yield Problem(naming.vertex(row), f"{name} {at[row]}", expected)
    radius_m = each["radius_m"]
    for n in _rows(~((radius_m >= 0.0) & (radius_m <= MAX_COORDINATE_M))):
        expected = f"0 for a polygon, up to {MAX_COORDINATE_M:.0f} for a disc"
        yield Problem(naming.volume(n), f"radius_m {radius_m[n]}", expected)
    for low_name, high_name, most, order in _LIMITS:
        low, high = each[low_name], each[high_name]
        for name, at, open_at in ((low_name, low, -np.inf), (high_name, high, np.inf)):
            for n in _rows(~((np.abs(at) <= most) | (at == open_at))):
                expected = f"a number between {-most:.0f} and {most:.0f}, or {open_at} for no limit"
                yield Problem(naming.volume(n), f"{name} {at[n]}", expected)
        for n in _rows(low > high):
            given = f"{low_name} {low[n]} and {high_name} {high[n]}"
            yield Problem(naming.volume(n), given, order)


def _faults_of_sizes(
    naming: Naming, columns: tuple[FloatArray, FloatArray], radius_m: FloatArray
) -> Iterator[Problem]:
    """Find rings of too few vertices, and discs that are something else as well."""
    size = np.diff(naming.rings)
    last = naming.rings[1:] - 1
    is_closed = np.ones(len(size), dtype=bool)
    for at in columns:
        is_closed &= at[naming.rings[:-1]] == at[last]
    size = size - (is_closed & (size > 1))
    is_disc = radius_m > 0.0
    of_disc = np.repeat(is_disc, np.diff(naming.offsets))
    for ring in _rows(~of_disc & (size < 3)):
        expected = "3 or more, or one vertex and a radius for a disc"
        yield Problem(naming.ring(ring), f"a ring of {size[ring]} vertices", expected)
    for n in _rows(is_disc):
        if naming.offsets[n + 1] - naming.offsets[n] != 1 or size[naming.offsets[n]] != 1:
            given = f"radius_m {radius_m[n]} and more than one vertex"
            yield Problem(naming.volume(n), given, "a disc of one vertex, its centre")


def _rows(wrong: BoolArray) -> Iterable[int]:
    rows: list[int] = np.flatnonzero(wrong).tolist()
    return rows
