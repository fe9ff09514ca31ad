"""Volumes of airspace in flat arrays: a shape in the plane, a band of height, a window of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, Z, runs
from lowalt.conflicts.volumes import checking
from lowalt.conflicts.volumes.boxes import Boxes
from lowalt.conflicts.volumes.rings import polygons, tidy
from lowalt.errors import Problem
from lowalt.geodesy import LocalFrame
from lowalt.levels import VerticalReference
from lowalt.temporal import require_aware

Each = ArrayLike
"""One number for each volume, or one for all."""


@dataclass(frozen=True, slots=True, eq=False)
class VolumeArray:
    """Many volumes of airspace in space and time (ASTM F3548's Volume4D), in flat arrays.

    A volume is a prism: a polygon, which may have holes, or a disc, between two heights and two
    times, all its limits belonging to it. Discs are exact, no polygons. Build one with
    :meth:`from_local`, :meth:`from_shapes` or :meth:`from_f3548`, which check everything.

    Attributes
    ----------
    vertices
        Rows ``x_m, y_m``, ``(V, 2)`` float64, read-only. Outer rings go round counter-clockwise,
        holes clockwise; the first vertex of a ring is not repeated at its end. A disc is a ring of
        one vertex, its centre.
    rings
        Ring ``r`` has the vertices ``rings[r]:rings[r + 1]``, ``(R + 1,)`` intp.
    offsets
        Volume ``n`` has the rings ``offsets[n]:offsets[n + 1]``, the outer one first,
        ``(N + 1,)`` intp.
    radius_m
        Radius of a disc, 0 of a polygon, ``(N,)``.
    boxes
        Least and greatest ``t_s, x_m, y_m, z_m`` of each volume, ``(N, 4)`` float64 each: its
        limits in time and height, infinite where it has none, and how far its shape extends.
    intent
        Number of the operational intent that each volume is part of, ``(N,)`` intp; volumes of one
        intent are no conflict for one another. ``None``: each is one of its own.
    is_convex
        Which of them are polygons without holes or dents, ``(N,)``.
    ids
        Identifiers of the volumes; ``None``: they are known by their number.
    epoch
        Time of second 0, where known.
    frame, origin_m
        Plane of x and y, and the place of ``x = y = 0`` in it, where known.
    surface
        What the heights are above, where known.
    position_error_m
        Bound of what bringing the shapes to this plane may have moved their boundaries by.
    """

    vertices: FloatArray
    rings: IntArray
    offsets: IntArray
    radius_m: FloatArray
    boxes: Boxes
    intent: IntArray | None
    is_convex: BoolArray
    ids: tuple[str, ...] | None
    epoch: datetime | None
    frame: LocalFrame | None
    origin_m: tuple[float, float]
    surface: VerticalReference | None
    position_error_m: float

    @classmethod
    def from_local(
        cls,
        offsets: ArrayLike,
        rings: ArrayLike,
        x_m: ArrayLike,
        y_m: ArrayLike,
        *,
        radius_m: Each = 0.0,
        bottom_m: Each = -np.inf,
        top_m: Each = np.inf,
        start_s: Each = -np.inf,
        end_s: Each = np.inf,
        intent: ArrayLike | None = None,
        ids: Sequence[str] | None = None,
        epoch: datetime | None = None,
        frame: LocalFrame | None = None,
        origin_m: tuple[float, float] = (0.0, 0.0),
        surface: VerticalReference | None = None,
        position_error_m: float = 0.0,
    ) -> VolumeArray:
        """Take volumes from arrays in metres and seconds, after checking every number.

        Parameters
        ----------
        offsets
            Where each volume's rings begin among the rings, and where the last one's end,
            ``(N + 1,)`` whole numbers. The first ring of a volume is its outer one, others are
            holes.
        rings
            Where each ring's vertices begin, and where the last one's end, ``(R + 1,)`` whole
            numbers. A ring may go round either way and may repeat its first vertex at its end.
        x_m, y_m
            Metres east and north, ``(V,)`` each.
        radius_m
            Radius of each disc, whose only ring is one vertex; 0 for a polygon.
        bottom_m, top_m, start_s, end_s
            Limits, which belong to the volume.
        intent
            Number of the operational intent each volume is part of, ``(N,)`` whole numbers.
        ids, epoch, frame, origin_m, surface, position_error_m
            As the attributes say; identifiers are all different.

        Raises
        ------
        InvalidInputError
            If arrays do not match, a number is missing or out of range, a ring has fewer than
            three vertices or crosses itself or another, a limit is on the wrong side of the other,
            or two volumes have one identifier. It names volume, ring and vertex.

        Examples
        --------
        A square between 50 m and 120 m, and a disc of every height:

        >>> volumes = VolumeArray.from_local(
        ...     [0, 1, 2], [0, 4, 5], x_m=[0, 100, 100, 0, 500], y_m=[0, 0, 100, 100, 50],
        ...     radius_m=[0, 80], bottom_m=[50, -np.inf], top_m=[120, np.inf],
        ... )
        >>> len(volumes), volumes.is_convex.tolist()
        (2, [True, False])
        """
        columns = checking.read_numbers("x_m", x_m), checking.read_numbers("y_m", y_m)
        ring_begins, begins = checking.read_offsets(offsets, rings, columns)
        count = len(begins) - 1
        each = checking.read_all(
            count,
            radius_m=radius_m,
            bottom_m=bottom_m,
            top_m=top_m,
            start_s=start_s,
            end_s=end_s,
        )
        names = checking.read_ids(ids, count)
        naming = checking.Naming(names, begins, ring_begins)
        checking.refuse(list(checking.faults(naming, columns, each)))
        tidied = tidy(*columns, naming)
        boxes = _boxes(tidied.vertices, tidied.rings[begins], each)
        for array in (*tidied, begins, each["radius_m"], *boxes):
            array.flags.writeable = False
        return cls(
            vertices=tidied.vertices,
            rings=tidied.rings,
            offsets=begins,
            radius_m=each["radius_m"],
            boxes=boxes,
            intent=checking.read_intents(intent, count),
            is_convex=tidied.is_convex,
            ids=names,
            epoch=None if epoch is None else require_aware(epoch, field="epoch"),
            frame=frame,
            origin_m=origin_m,
            surface=surface,
            position_error_m=position_error_m,
        )

    @classmethod
    def from_shapes(
        cls,
        shapes: Sequence[BaseGeometry] | NDArray[np.object_],
        *,
        bottom_m: Each = -np.inf,
        top_m: Each = np.inf,
        start_s: Each = -np.inf,
        end_s: Each = np.inf,
        intent: ArrayLike | None = None,
        ids: Sequence[str] | None = None,
        epoch: datetime | None = None,
        frame: LocalFrame | None = None,
        origin_m: tuple[float, float] = (0.0, 0.0),
        surface: VerticalReference | None = None,
    ) -> VolumeArray:
        """Take volumes whose shapes are polygons of shapely, in local metres.

        Parameters
        ----------
        shapes
            ``Polygon`` each. A ``MultiPolygon`` is several volumes: explode it, and give its parts
            one number of intent.
        bottom_m, top_m, start_s, end_s, intent, ids, epoch, frame, origin_m, surface
            As in :meth:`from_local`.

        Raises
        ------
        InvalidInputError
            If a shape is none or another one, or as :meth:`from_local` says.

        Examples
        --------
        >>> volumes = VolumeArray.from_shapes([shapely.box(0, 0, 100, 100)], top_m=120.0)
        >>> volumes.top_m.tolist()
        [120.0]
        """
        if isinstance(shapes, BaseGeometry):
            checking.refuse([Problem("shapes", f"one {_kind_of(shapes)}", "a list of polygons")])
        given = np.array(list(shapes), dtype=np.object_)
        checking.refuse(
            [
                Problem(f"shapes[{n}]", _kind_of(shape), _expected_of(shape))
                for n, shape in enumerate(given)
                if not isinstance(shape, shapely.Polygon) or shape.is_empty
            ]
        )
        parts, owner = shapely.get_rings(given, return_index=True)
        xy, ring = shapely.get_coordinates(parts, return_index=True)
        return cls.from_local(
            _begins(owner, len(given)),
            _begins(ring, len(parts)),
            xy[:, 0],
            xy[:, 1],
            bottom_m=bottom_m,
            top_m=top_m,
            start_s=start_s,
            end_s=end_s,
            intent=intent,
            ids=ids,
            epoch=epoch,
            frame=frame,
            origin_m=origin_m,
            surface=surface,
        )

    @classmethod
    def from_f3548(
        cls,
        volumes: Sequence[Mapping[str, Any]],
        *,
        frame: LocalFrame,
        epoch: datetime,
        origin_m: tuple[float, float] = (0.0, 0.0),
        intent: ArrayLike | None = None,
        ids: Sequence[str] | None = None,
    ) -> VolumeArray:
        """Read volumes as ASTM F3548-21 writes them; see :mod:`lowalt.conflicts.volumes.f3548`."""
        from lowalt.conflicts.volumes.f3548 import volumes_of  # noqa: PLC0415  it builds these

        return volumes_of(
            volumes, frame=frame, epoch=epoch, origin_m=origin_m, intent=intent, ids=ids
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def name(self, number: int) -> str:
        """Name a volume as messages do."""
        return f"volume {number}" if self.ids is None else f"volume {self.ids[number]!r}"

    @property
    def vertex_offsets(self) -> IntArray:
        """Where each volume's vertices begin, and where the last one's end, ``(N + 1,)``."""
        return self.rings[self.offsets]

    @property
    def start_s(self) -> FloatArray:
        """When each volume begins to be active, seconds after the epoch, ``(N,)``."""
        return self.boxes.low[:, T]

    @property
    def end_s(self) -> FloatArray:
        """When each volume ceases to be active, ``(N,)``."""
        return self.boxes.high[:, T]

    @property
    def bottom_m(self) -> FloatArray:
        """Lower limits, above the surface that the heights of tracks are above, ``(N,)``."""
        return self.boxes.low[:, Z]

    @property
    def top_m(self) -> FloatArray:
        """Upper limits, ``(N,)``."""
        return self.boxes.high[:, Z]

    def polygons(self, numbers: ArrayLike) -> NDArray[np.object_]:
        """Give some of the volumes that are polygons as shapely's, ``(K,)``."""
        chosen = np.asarray(numbers, dtype=np.intp)
        return polygons(self.vertices, self.rings, self.offsets, chosen)

    def take(self, numbers: ArrayLike) -> VolumeArray:
        """Give some of the volumes, in the order asked for."""
        chosen = np.asarray(numbers, dtype=np.intp)
        ring_rows, offsets = runs(self.offsets[chosen], np.diff(self.offsets)[chosen])
        rows, ring_begins = runs(self.rings[ring_rows], np.diff(self.rings)[ring_rows])
        return VolumeArray(
            vertices=self.vertices.take(rows, axis=0),
            rings=ring_begins,
            offsets=offsets,
            radius_m=self.radius_m[chosen],
            boxes=Boxes(self.boxes.low[chosen], self.boxes.high[chosen]),
            intent=None if self.intent is None else self.intent[chosen],
            is_convex=self.is_convex[chosen],
            ids=None if self.ids is None else tuple(self.ids[n] for n in chosen.tolist()),
            epoch=self.epoch,
            frame=self.frame,
            origin_m=self.origin_m,
            surface=self.surface,
            position_error_m=self.position_error_m,
        )


def _boxes(vertices: FloatArray, begins: IntArray, each: dict[str, FloatArray]) -> Boxes:
    if len(begins) == 1:
        return Boxes(np.zeros((0, 4)), np.zeros((0, 4)))
    radius_m = each["radius_m"][:, np.newaxis]
    low_xy = np.minimum.reduceat(vertices, begins[:-1]) - radius_m
    high_xy = np.maximum.reduceat(vertices, begins[:-1]) + radius_m
    return Boxes(
        np.column_stack((each["start_s"], low_xy, each["bottom_m"])),
        np.column_stack((each["end_s"], high_xy, each["top_m"])),
    )


def _kind_of(shape: object) -> str:
    kind = getattr(shape, "geom_type", type(shape).__name__)
    return f"{kind} without points" if getattr(shape, "is_empty", False) else f"{kind}"


def _expected_of(shape: object) -> str:
    if isinstance(shape, shapely.MultiPolygon):
        return "a Polygon: make each of its parts a volume, with one number of intent for all"
    return "a Polygon of shapely"


def _begins(owner: NDArray[np.integer[Any]], count: int) -> IntArray:
    """Where the members of each of some owners begin, members being listed owner by owner."""
    return np.concatenate(([0], np.cumsum(np.bincount(owner, minlength=count)))).astype(np.intp)
