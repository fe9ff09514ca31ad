"""What is refused of the numbers of flights, by flight and vertex, before any work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, X, Y, Z
from lowalt.conflicts.limits import (
    MAX_COORDINATE_M,
    MAX_HEIGHT_M,
    MAX_RADIUS_M,
    MAX_SPEED_M_S,
    MAX_TIME_S,
)
from lowalt.errors import InvalidInputError, Problem, shown

if TYPE_CHECKING:
    from lowalt.conflicts.tracks import TrackArray


def numbers_in(field: str, values: ArrayLike) -> FloatArray:
    """Read numbers."""
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise _refusal([Problem(field, shown(values), "numbers")]) from None


def chosen_in(numbers: ArrayLike, count: int) -> IntArray:
    """Read numbers of flights. A negative one is refused: it would count from the end."""
    read = np.asarray(numbers)
    if read.size == 0:
        return np.zeros(0, dtype=np.intp)
    if read.ndim != 1 or not np.issubdtype(read.dtype, np.integer):
        problems = [Problem("numbers", shown(numbers), "whole numbers of flights, in a row")]
    else:
        expected = f"0 to {count - 1}, as there are {count} flights" if count else "no flights"
        problems = [
            Problem(f"numbers[{place}]", str(read[place]), expected)
            for place in np.flatnonzero((read < 0) | (read >= count)).tolist()
        ]
    if problems:
        raise InvalidInputError("flights that there are not:", problems=problems)
    return read.astype(np.intp)


def offsets_in(offsets: ArrayLike, columns: Sequence[FloatArray]) -> IntArray:
    """Read where flights begin, after checking that they fit arrays of one length."""
    shapes = {name: c.shape for name, c in zip(("t_s", "x_m", "y_m", "z_m"), columns, strict=True)}
    length = len(columns[0]) if columns[0].ndim == 1 else -1
    if set(shapes.values()) != {(length,)}:
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        refuse([Problem("t_s, x_m, y_m, z_m", f"shapes {given}", "one number for each vertex")])
    read = np.asarray(offsets)
    whole = read.ndim == 1 and len(read) > 0 and np.issubdtype(read.dtype, np.integer)
    if not whole or read[0] != 0 or read[-1] != length or (np.diff(read) < 0).any():
        given = f"{read.dtype} of shape {read.shape}"
        if whole:
            given += f" from {read[0]} to {read[-1]}"
        expected = f"whole numbers that do not decrease, from 0 to {length}, the number of vertices"
        refuse([Problem("offsets", given, expected)])
    return read.astype(np.intp)


def one_for_each(field: str, values: ArrayLike, count: int) -> FloatArray:
    """Read a number for each flight, or one for all."""
    read = numbers_in(field, values)
    if read.shape not in {(), (count,)}:
        expected = f"one number, or one for each of the {count} flights"
        refuse([Problem(field, f"shape {read.shape}", expected)])
    return np.array(np.broadcast_to(read, (count,)), order="C")


def names_in(ids: Sequence[str] | None, count: int) -> tuple[str, ...] | None:
    """Read an identifier for each flight, all different."""
    if ids is None:
        return None
    if isinstance(ids, str):  # whose letters would be the identifiers
        refuse([Problem("ids", repr(ids), "a list with an identifier for each flight")])
    names = tuple(ids)
    if len(names) != count:
        refuse([Problem("ids", f"{len(names)} identifiers", f"one for each of {count} flights")])
    if len(set(names)) != count:
        first: dict[str, int] = {}
        refuse(
            [
                Problem(f"ids[{n}]", f"{name!r}, as flight {first[name]} has", "one of its own")
                for n, name in enumerate(names)
                if first.setdefault(name, n) != n
            ]
        )
    return names


def faults_of(tracks: TrackArray) -> list[Problem]:
    """All that is wrong with the numbers of some flights."""
    problems = [
        Problem(tracks.name(n), f"{k} vertices", "2 or more: where it starts and where it ends")
        for n, k in enumerate(np.diff(tracks.offsets).tolist())
        if k < 2
    ]
    for field, values, least, most in (
        ("horizontal_radius_m", tracks.horizontal_radius_m, 0.0, MAX_RADIUS_M),
        ("vertical_radius_m", tracks.vertical_radius_m, 0.0, MAX_RADIUS_M),
        ("time_uncertainty_s", tracks.time_uncertainty_s, 0.0, MAX_TIME_S),
    ):
        problems += [
            Problem(f"{field} of {tracks.name(n)}", str(values[n]), f"{least:g} to {most:g}")
            for n in np.flatnonzero(~((values >= least) & (values <= most))).tolist()
        ]
    if not 0.0 <= tracks.tolerance_m <= MAX_RADIUS_M:
        expected = f"0 to {MAX_RADIUS_M:g} metres"
        problems.append(Problem("tolerance_m", str(tracks.tolerance_m), expected))
    return problems or _faults_of_vertices(tracks)


def _faults_of_vertices(tracks: TrackArray) -> list[Problem]:
    v = tracks.vertices
    problems: list[Problem] = []

    def report(wrong: BoolArray, given: Callable[[int], str], expected: str) -> None:
        for row in np.flatnonzero(wrong).tolist():
            flight = int(np.searchsorted(tracks.offsets, row, side="right")) - 1
            where = f"{tracks.name(flight)}, vertex {row - tracks.offsets[flight]}"
            problems.append(Problem(where, given(row), expected))

    for column, name, most in (
        (T, "t_s", MAX_TIME_S),
        (X, "x_m", MAX_COORDINATE_M),
        (Y, "y_m", MAX_COORDINATE_M),
        (Z, "z_m", MAX_HEIGHT_M),
    ):
        at = v[:, column]
        report(
            ~(np.abs(at) <= most),
            lambda row, name=name, at=at: f"{name} {at[row]}",  # type: ignore[misc]
            f"a number between {-most:.0f} and {most:.0f}",
        )
    if problems or len(v) == 0:
        return problems
    within = np.ones(len(v), dtype=bool)  # vertices that have one of the same flight before them
    within[tracks.offsets[:-1]] = False
    step = np.diff(v, axis=0, prepend=v[:1])
    report(
        within & ~(step[:, T] > 0.0),
        lambda row: f"t_s {v[row, T]} after {v[row - 1, T]}",
        "times that increase from vertex to vertex",
    )
    if problems:
        return problems
    reach2 = (MAX_SPEED_M_S * step[:, T]) ** 2
    report(
        within & (np.maximum(step[:, X] ** 2 + step[:, Y] ** 2, step[:, Z] ** 2) > reach2),
        lambda row: (
            f"a leg of {np.hypot(*step[row, X:Z]):.0f} m over ground and"
            f" {abs(step[row, Z]):.0f} m in height in {step[row, T]:g} s"
        ),
        f"at most {MAX_SPEED_M_S:.0f} m/s of each: look for mixed-up units, times or coordinates",
    )
    return problems


def refuse(problems: Sequence[Problem]) -> None:
    """Refuse tracks, where there is anything wrong with them."""
    if problems:
        raise _refusal(problems)


def _refusal(problems: Sequence[Problem]) -> InvalidInputError:
    return InvalidInputError("these tracks cannot be used:", problems=problems)
