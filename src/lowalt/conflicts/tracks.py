"""Flights as straight, uniform legs in local metres: the arrays that conflicts are found in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lowalt.errors import InvalidInputError, Problem, shown
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, LocalFrame
from lowalt.levels import VerticalReference
from lowalt.temporal import require_aware

if TYPE_CHECKING:
    from lowalt.flights import FlightPlan
    from lowalt.terrain import GeoidModel, TerrainModel

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]
BoolArray = NDArray[np.bool_]

MAX_COORDINATE_M: Final = 2.0**22
"""Greatest distance of a vertex from the origin along x or y: 4194 km.

With the other greatest values it makes :data:`ERROR_M` a constant, so that what is decided exactly
does not depend on which other flights there are.
"""

MAX_HEIGHT_M: Final = 2.0**17
"""Greatest distance of a vertex from height zero: 131 km."""

MAX_RADIUS_M: Final = 2.0**17
"""Greatest radius of a protection cylinder, and greatest tolerance."""

MAX_TIME_S: Final = 2.0**33
"""Greatest distance of a time from the epoch: 272 years."""

MAX_SPEED_M_S: Final = 10_000.0
"""Greatest speed of a leg over ground, and in height. What is faster is a fault in the data."""

ERROR_M: Final = 2.0**-24
"""Bound of what rounding can do to a computed distance of two flights: 6e-8 m.

Positions of a pair at a common instant come from ten roundings or so of numbers no greater than
:data:`MAX_COORDINATE_M`, each of which moves them by 2**-53 of that: together less than 2**-27 m.
The rest is reserve for the roots of the closed form, which are those of a radius that is off by a
few times 2**-53 of the distances involved.
"""

T, X, Y, Z = range(4)
"""Columns of the vertices."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackArray:
    """Many flights as polylines in time and space, in flat arrays.

    A leg is straight and uniform between two vertices. A hover is a leg whose two vertices are at
    one place. The flight is on its way from its first to its last vertex, both included. Build one
    with :meth:`from_local` or :meth:`from_plans`, which check everything.

    Attributes
    ----------
    vertices
        Rows ``t_s, x_m, y_m, z_m``, ``(V, 4)`` float64, read-only.
    offsets
        Flight ``n`` has the vertices ``offsets[n]:offsets[n + 1]``, ``(N + 1,)`` intp.
    horizontal_radius_m, vertical_radius_m
        Radius and half height of the cylinder around each flight, ``(N,)``.
    time_uncertainty_s
        How much earlier or later each flight may be as a whole, ``(N,)``.
    tolerance_m
        Added to the sum of two flights' radii, level and vertical.
    ids
        Identifiers of the flights; ``None``: they are known by their number.
    epoch
        Time of ``t_s == 0``, where known.
    frame, origin_m
        Plane of x and y, and the place of ``x = y = 0`` in it, where known.
    position_error_m
        Bound of what converting to this plane may have changed the distance of two flights by,
        where it is small enough to be in conflict.
    surface
        What heights are above, where known.
    """

    vertices: FloatArray
    offsets: IntArray
    horizontal_radius_m: FloatArray
    vertical_radius_m: FloatArray
    time_uncertainty_s: FloatArray
    tolerance_m: float
    ids: tuple[str, ...] | None
    epoch: datetime | None
    frame: LocalFrame | None
    origin_m: tuple[float, float]
    position_error_m: float
    surface: VerticalReference | None = None

    def __post_init__(self) -> None:
        """Refuse arrays that the C core would misread, and let nobody write to them."""
        count = len(self.offsets) - 1
        for name, dtype, shape in (
            ("vertices", np.float64, (len(self.vertices), 4)),
            ("offsets", np.intp, (count + 1,)),
            ("horizontal_radius_m", np.float64, (count,)),
            ("vertical_radius_m", np.float64, (count,)),
            ("time_uncertainty_s", np.float64, (count,)),
        ):
            array = getattr(self, name)
            if array.dtype != dtype or array.shape != shape or not array.flags.c_contiguous:
                given = f"{array.dtype} of shape {array.shape}"
                expected = f"{np.dtype(dtype)} of shape {shape} in C order; use from_local"
                _refuse([Problem(name, given, expected)])
            array.flags.writeable = False

    @classmethod
    def from_local(
        cls,
        offsets: ArrayLike,
        x_m: ArrayLike,
        y_m: ArrayLike,
        z_m: ArrayLike,
        t_s: ArrayLike,
        *,
        horizontal_radius_m: ArrayLike,
        vertical_radius_m: ArrayLike,
        time_uncertainty_s: ArrayLike = 0.0,
        tolerance_m: float = 0.0,
        ids: Sequence[str] | None = None,
        epoch: datetime | None = None,
        frame: LocalFrame | None = None,
        origin_m: tuple[float, float] = (0.0, 0.0),
        position_error_m: float = 0.0,
        surface: VerticalReference | None = None,
    ) -> TrackArray:
        """Take flights from arrays in metres and seconds, after checking every number.

        Parameters
        ----------
        offsets
            Where each flight's vertices begin in the arrays below, and where the last one's end,
            ``(N + 1,)`` whole numbers.
        x_m, y_m, z_m
            Metres east, north and up, ``(V,)`` each. Heights of all flights are above one surface.
        t_s
            Seconds after an epoch that all flights share, ``(V,)``, increasing within each flight.
        horizontal_radius_m, vertical_radius_m
            Radius and half height of the cylinder around each flight, ``(N,)`` or one for all.
        time_uncertainty_s
            How much earlier or later each flight may be, ``(N,)`` or one for all.
        tolerance_m
            Added to the sum of two flights' radii. With 0, flights that exactly touch are clear.
        ids
            An identifier for each flight, all different.
        epoch, frame, origin_m, position_error_m, surface
            As the attributes say.

        Raises
        ------
        InvalidInputError
            If arrays do not match, a number is missing, infinite or out of range, times do not
            increase, a flight has fewer than two vertices, or two have one identifier. It names
            flight and vertex.

        Examples
        --------
        >>> tracks = TrackArray.from_local(
        ...     [0, 2, 4],
        ...     x_m=[0, 1000, 500, 500], y_m=[0, 0, -500, 500], z_m=[100, 100, 100, 100],
        ...     t_s=[0, 100, 0, 100], horizontal_radius_m=25.0, vertical_radius_m=7.5,
        ... )
        >>> len(tracks)
        2
        """
        given = {"t_s": t_s, "x_m": x_m, "y_m": y_m, "z_m": z_m}
        columns = [_numbers(field, values) for field, values in given.items()]
        begins = _offsets(offsets, columns)
        count = len(begins) - 1
        names = _names(ids, count)
        vertices = np.column_stack(columns)
        with np.errstate(invalid="ignore"):  # a NaN that signals is refused below
            vertices += 0.0  # no zero keeps a sign, which engines might treat differently
        tracks = cls(
            vertices=vertices,
            offsets=begins,
            horizontal_radius_m=_each("horizontal_radius_m", horizontal_radius_m, count),
            vertical_radius_m=_each("vertical_radius_m", vertical_radius_m, count),
            time_uncertainty_s=_each("time_uncertainty_s", time_uncertainty_s, count),
            tolerance_m=float(tolerance_m),
            ids=names,
            epoch=None if epoch is None else require_aware(epoch, field="epoch"),
            frame=frame,
            origin_m=origin_m,
            position_error_m=position_error_m,
            surface=surface,
        )
        _refuse(_faults(tracks))
        return tracks

    @classmethod
    def from_plans(
        cls,
        plans: Sequence[FlightPlan],
        *,
        terrain: TerrainModel | None = None,
        geoid: GeoidModel | None = None,
        tolerance_m: float = BOUNDARY_TOLERANCE_M,
        time_uncertainty_s: ArrayLike = 0.0,
        vertical_radius_m: float | None = None,
        position_error_m: float = 0.0,
        like: TrackArray | None = None,
    ) -> TrackArray:
        """Take the routes of flight plans; see ``lowalt.conflicts.planning.plans.tracks_of``."""
        from lowalt.conflicts.planning.plans import tracks_of  # noqa: PLC0415  plans bring pydantic

        return tracks_of(
            plans,
            terrain=terrain,
            geoid=geoid,
            tolerance_m=tolerance_m,
            time_uncertainty_s=time_uncertainty_s,
            vertical_radius_m=vertical_radius_m,
            position_error_m=position_error_m,
            like=like,
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def name(self, number: int) -> str:
        """Name a flight as messages do."""
        return f"flight {number}" if self.ids is None else f"flight {self.ids[number]!r}"

    @property
    def starts_s(self) -> FloatArray:
        """Time of each flight's first vertex, ``(N,)``."""
        starts: FloatArray = self.vertices[self.offsets[:-1], T]
        return starts

    @property
    def ends_s(self) -> FloatArray:
        """Time of each flight's last vertex, ``(N,)``."""
        ends: FloatArray = self.vertices[self.offsets[1:] - 1, T]
        return ends

    @property
    def exact_radii(self) -> BoolArray:
        """Tell whose radii and tolerance add up without rounding: all so many 2**-20, ``(N,)``."""
        whole: BoolArray = np.ones(len(self), dtype=bool)
        for size in (self.horizontal_radius_m, self.vertical_radius_m, self.tolerance_m):
            whole &= np.rint(size * 2.0**20) == size * 2.0**20
        return whole

    @property
    def has_exact_radii(self) -> bool:
        """Whether all sums of two radii and the tolerance carry no rounding."""
        return bool(self.exact_radii.all())

    def take(self, numbers: ArrayLike) -> TrackArray:
        """Give some of the flights, in the order asked for.

        Parameters
        ----------
        numbers
            Which flights, whole numbers from 0 up to one less than there are flights.

        Raises
        ------
        InvalidInputError
            If there is no flight of one of these numbers, or they are none.
        """
        chosen = _chosen(numbers, len(self))
        rows, offsets = runs(self.offsets[chosen], self.offsets[chosen + 1] - self.offsets[chosen])
        return TrackArray(
            vertices=self.vertices.take(rows, axis=0),
            offsets=offsets,
            horizontal_radius_m=self.horizontal_radius_m[chosen],
            vertical_radius_m=self.vertical_radius_m[chosen],
            time_uncertainty_s=self.time_uncertainty_s[chosen],
            tolerance_m=self.tolerance_m,
            ids=None if self.ids is None else tuple(self.ids[n] for n in chosen.tolist()),
            epoch=self.epoch,
            frame=self.frame,
            origin_m=self.origin_m,
            position_error_m=self.position_error_m,
            surface=self.surface,
        )


def require_tracks(value: object) -> None:
    """Refuse what is no :class:`TrackArray`, where flights are asked for."""
    if not isinstance(value, TrackArray):
        raise InvalidInputError(
            f"expected a TrackArray, given {type(value).__name__}: build one with"
            " TrackArray.from_local or from_plans"
        )


def runs(starts: IntArray, counts: IntArray) -> tuple[IntArray, IntArray]:
    """Count through runs of whole numbers, one run after another.

    Returns
    -------
    tuple
        All members, run by run, and where each run begins among them, one more at the end.

    Examples
    --------
    >>> members, begins = runs(np.array([10, 40]), np.array([3, 2]))
    >>> members.tolist(), begins.tolist()
    ([10, 11, 12, 40, 41], [0, 3, 5])
    """
    begins = np.zeros(len(counts) + 1, dtype=np.intp)
    np.cumsum(counts, out=begins[1:])
    members = np.arange(begins[-1], dtype=np.intp)
    members += np.repeat(starts - begins[:-1], counts)
    return members, begins


def _numbers(field: str, values: ArrayLike) -> FloatArray:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise _refusal([Problem(field, shown(values), "numbers")]) from None


def _chosen(numbers: ArrayLike, count: int) -> IntArray:
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


def _offsets(offsets: ArrayLike, columns: Sequence[FloatArray]) -> IntArray:
    """Read where flights begin, after checking that they fit arrays of one length."""
    shapes = {name: c.shape for name, c in zip(("t_s", "x_m", "y_m", "z_m"), columns, strict=True)}
    length = len(columns[0]) if columns[0].ndim == 1 else -1
    if set(shapes.values()) != {(length,)}:
        given = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        _refuse([Problem("t_s, x_m, y_m, z_m", f"shapes {given}", "one number for each vertex")])
    read = np.asarray(offsets)
    whole = read.ndim == 1 and len(read) > 0 and np.issubdtype(read.dtype, np.integer)
    if not whole or read[0] != 0 or read[-1] != length or (np.diff(read) < 0).any():
        given = f"{read.dtype} of shape {read.shape}"
        if whole:
            given += f" from {read[0]} to {read[-1]}"
        expected = f"whole numbers that do not decrease, from 0 to {length}, the number of vertices"
        _refuse([Problem("offsets", given, expected)])
    return read.astype(np.intp)


def _each(field: str, values: ArrayLike, count: int) -> FloatArray:
    read = _numbers(field, values)
    if read.shape not in {(), (count,)}:
        expected = f"one number, or one for each of the {count} flights"
        _refuse([Problem(field, f"shape {read.shape}", expected)])
    return np.array(np.broadcast_to(read, (count,)), order="C")


def _names(ids: Sequence[str] | None, count: int) -> tuple[str, ...] | None:
    if ids is None:
        return None
    if isinstance(ids, str):  # whose letters would be the identifiers
        _refuse([Problem("ids", repr(ids), "a list with an identifier for each flight")])
    names = tuple(ids)
    if len(names) != count:
        _refuse([Problem("ids", f"{len(names)} identifiers", f"one for each of {count} flights")])
    if len(set(names)) != count:
        first: dict[str, int] = {}
        _refuse(
            [
                Problem(f"ids[{n}]", f"{name!r}, as flight {first[name]} has", "one of its own")
                for n, name in enumerate(names)
                if first.setdefault(name, n) != n
            ]
        )
    return names


def _faults(tracks: TrackArray) -> list[Problem]:
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


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise _refusal(problems)


def _refusal(problems: Sequence[Problem]) -> InvalidInputError:
    return InvalidInputError("these tracks cannot be used:", problems=problems)
