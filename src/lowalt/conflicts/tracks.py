"""Flights as straight, uniform legs in local metres: the arrays that conflicts are found in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, runs
from lowalt.conflicts.checks import (
    chosen_in,
    faults_of,
    names_in,
    numbers_in,
    offsets_in,
    one_for_each,
    refuse,
)
from lowalt.errors import InvalidInputError, Problem
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, LocalFrame
from lowalt.levels import VerticalReference
from lowalt.temporal import require_aware

if TYPE_CHECKING:
    from lowalt.flights import FlightPlan
    from lowalt.terrain import GeoidModel, TerrainModel


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
                refuse([Problem(name, given, expected)])
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
        columns = [numbers_in(field, values) for field, values in given.items()]
        begins = offsets_in(offsets, columns)
        count = len(begins) - 1
        names = names_in(ids, count)
        vertices = np.column_stack(columns)
        with np.errstate(invalid="ignore"):  # a NaN that signals is refused below
            vertices += 0.0  # no zero keeps a sign, which engines might treat differently
        tracks = cls(
            vertices=vertices,
            offsets=begins,
            horizontal_radius_m=one_for_each("horizontal_radius_m", horizontal_radius_m, count),
            vertical_radius_m=one_for_each("vertical_radius_m", vertical_radius_m, count),
            time_uncertainty_s=one_for_each("time_uncertainty_s", time_uncertainty_s, count),
            tolerance_m=float(tolerance_m),
            ids=names,
            epoch=None if epoch is None else require_aware(epoch, field="epoch"),
            frame=frame,
            origin_m=origin_m,
            position_error_m=position_error_m,
            surface=surface,
        )
        refuse(faults_of(tracks))
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
        chosen = chosen_in(numbers, len(self))
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
