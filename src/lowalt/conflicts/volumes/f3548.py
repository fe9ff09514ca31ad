"""Volumes as ASTM F3548-21 writes them, brought to a local plane.

A ``Volume4D`` has a ``volume`` with an ``outline_polygon`` or an ``outline_circle``, an
``altitude_lower`` and ``altitude_upper`` in metres above the WGS 84 ellipsoid (``W84``), and a
``time_start`` and ``time_end`` (``RFC3339``); altitudes and times that are left out are no limit.
Edges of polygons are the shortest paths between their vertices; they are cut into pieces short
enough to be straight in the plane. Circles stay circles: a plane that keeps angles takes small
circles to circles all but exactly. What is left of both errors is measured, and volumes for which
it could reach a centimetre are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike

from lowalt.conflicts.arrays import FloatArray
from lowalt.conflicts.volumes.array import VolumeArray
from lowalt.conflicts.volumes.checking import refuse
from lowalt.conflicts.volumes.rings import fault_of
from lowalt.errors import InvalidInputError, Problem, shown
from lowalt.geodesy import (
    BOUNDARY_TOLERANCE_M,
    LocalFrame,
    cut_geodesic,
    geodesic_azimuth_deg,
    geodesic_direct,
    geodesic_distance_m,
)
from lowalt.levels import VerticalReference
from lowalt.temporal import read_time, require_aware

MOST_ERROR_M: Final = BOUNDARY_TOLERANCE_M
"""Boundaries that the plane moves by more are refused."""

_STEP_M = 1000.0
_DIRECTIONS: Final = np.arange(0.0, 360.0, 22.5)
_RESERVE = 1.5
"""What the greatest error found is multiplied by, for what lies between the places looked at."""

_ROUNDING_M = 1e-6
"""Of projection and geodesics together; pyproj promises better."""


def volumes_of(
    volumes: Sequence[Mapping[str, Any]],
    *,
    frame: LocalFrame,
    epoch: datetime,
    origin_m: tuple[float, float] = (0.0, 0.0),
    intent: ArrayLike | None = None,
    ids: Sequence[str] | None = None,
) -> VolumeArray:
    """Read volumes in the JSON of ASTM F3548-21.

    Parameters
    ----------
    volumes
        ``Volume4D`` objects, as :func:`json.load` gives them.
    frame, origin_m
        Plane to bring them to, that of the tracks if there are any, and the place of
        ``x = y = 0`` in it. Heights become metres above the WGS 84 ellipsoid.
    epoch
        Time of second 0.
    intent, ids
        As in :meth:`VolumeArray.from_local`.

    Returns
    -------
    VolumeArray
        ``position_error_m`` is the bound of what the plane moves their boundaries by.

    Raises
    ------
    InvalidInputError
        If something is missing, unknown or out of order; all that is wrong is named by volume and
        vertex. Also for volumes that the plane would move by more than :data:`MOST_ERROR_M`.

    Examples
    --------
    >>> from datetime import UTC
    >>> circle = {
    ...     "volume": {
    ...         "outline_circle": {
    ...             "center": {"lng": 114.05, "lat": 22.54}, "radius": {"value": 300, "units": "M"}
    ...         },
    ...         "altitude_lower": {"value": 50, "reference": "W84", "units": "M"},
    ...         "altitude_upper": {"value": 120, "reference": "W84", "units": "M"},
    ...     },
    ...     "time_start": {"value": "2026-06-01T01:00:00Z", "format": "RFC3339"},
    ...     "time_end": {"value": "2026-06-01T01:30:00Z", "format": "RFC3339"},
    ... }
    >>> read = volumes_of([circle], frame=LocalFrame(114.0), epoch=datetime(2026, 6, 1, tzinfo=UTC))
    >>> read.start_s.tolist(), read.radius_m.round(3).tolist(), read.position_error_m < 1e-4
    ([3600.0], [300.0], True)
    """
    require_aware(epoch, field="epoch")
    documents = [_Document(f"volumes[{n}]", volume) for n, volume in enumerate(_listed(volumes))]
    outlines = [document.outline(frame) for document in documents]
    heights = [document.heights() for document in documents]
    times = [document.times(epoch) for document in documents]
    refuse([problem for document in documents for problem in document.problems])
    sizes = [len(outline.xy) for outline in outlines]
    xy = np.concatenate([outline.xy for outline in outlines]) if outlines else np.zeros((0, 2))
    return VolumeArray.from_local(
        np.arange(len(outlines) + 1),
        np.concatenate(([0], np.cumsum(sizes))).astype(np.intp),
        xy[:, 0] - origin_m[0],
        xy[:, 1] - origin_m[1],
        radius_m=np.array([outline.radius_m for outline in outlines]),
        bottom_m=np.array([bottom for bottom, _ in heights]),
        top_m=np.array([top for _, top in heights]),
        start_s=np.array([start for start, _ in times]),
        end_s=np.array([end for _, end in times]),
        intent=intent,
        ids=ids,
        epoch=epoch,
        frame=frame,
        origin_m=origin_m,
        surface=VerticalReference.HAE,
        position_error_m=max((outline.error_m for outline in outlines), default=0.0),
    )


def _listed(volumes: Any) -> Iterable[Any]:
    """Refuse what is no list, such as a volume alone, whose keys would be taken for volumes."""
    if isinstance(volumes, Iterable) and not isinstance(volumes, str | bytes | Mapping):
        return volumes
    given = "one object" if isinstance(volumes, Mapping) else shown(volumes)
    problem = Problem("volumes", given, "a list of Volume4D objects, each with a volume")
    raise InvalidInputError("these volumes cannot be used:", problems=[problem])


@dataclass(frozen=True, slots=True)
class _Outline:
    """A shape in the frame: corners of a polygon, or the centre of a circle."""

    xy: FloatArray
    radius_m: float
    error_m: float


_NOTHING = _Outline(np.zeros((1, 2)), 1.0, 0.0)
"""Stands for an outline that could not be read, until that is refused."""


@dataclass(frozen=True, slots=True)
class _Document:
    """A volume as it came, and all that is found to be wrong with it."""

    where: str
    given: Any
    problems: list[Problem] = field(default_factory=list)

    def outline(self, frame: LocalFrame) -> _Outline:
        volume = self._object(self.given, "volume", self.where)
        polygon, circle = volume.get("outline_polygon"), volume.get("outline_circle")
        if (polygon is None) == (circle is None):
            given = "neither" if polygon is None else "both"
            self._refuse("volume", given, "an outline_polygon or an outline_circle")
            return _NOTHING
        found = len(self.problems)
        places, radius_m = (self._polygon(polygon), 0.0) if circle is None else self._circle(circle)
        if len(self.problems) > found:
            return _NOTHING
        outline = (
            _laid_polygon(places, frame)
            if circle is None
            else _laid_circle(places, radius_m, frame)
        )
        if not outline.error_m <= MOST_ERROR_M:
            self._refuse(
                "volume",
                f"an outline whose boundary the plane would move by {outline.error_m:.3g} m",
                f"{MOST_ERROR_M} m at most: a smaller one, or one nearer to the meridian of"
                f" {frame.central_meridian_deg:g} degrees",
            )
        elif circle is None:
            self._refuse_crossing(outline, frame.to_plane(places))
        return outline

    def _refuse_crossing(self, outline: _Outline, corners: FloatArray) -> None:
        """Refuse an outline that crosses itself, beside which of the vertices given."""
        shape = shapely.Polygon(outline.xy)
        if not shape.is_valid:
            reason, nearest = fault_of(shape, corners)
            where = "volume.outline_polygon.vertices"
            where += "" if nearest is None else f"[{nearest}] or beside it"
            expected = "an outline that neither crosses nor touches itself"
            self._refuse(where, reason.partition("[")[0], expected)

    def heights(self) -> tuple[float, float]:
        volume = self.given.get("volume") if isinstance(self.given, Mapping) else None
        volume = volume if isinstance(volume, Mapping) else {}
        bottom, top = (
            self._measure(volume, name, open_at, reference="W84")
            for name, open_at in (("altitude_lower", -np.inf), ("altitude_upper", np.inf))
        )
        if bottom > top:
            given = f"altitude_lower {bottom:g} and altitude_upper {top:g}"
            self._refuse("volume", given, "an upper altitude that is no less than the lower")
        return bottom, top

    def times(self, epoch: datetime) -> tuple[float, float]:
        start = self._time("time_start", -np.inf, epoch)
        end = self._time("time_end", np.inf, epoch)
        if start > end:
            given = "a time_end before the time_start"
            self._refuse("time_end", given, "an end that is no earlier than the start")
        return start, end

    def _polygon(self, polygon: Any) -> FloatArray:
        where = "volume.outline_polygon.vertices"
        vertices = polygon.get("vertices") if isinstance(polygon, Mapping) else None
        if not isinstance(vertices, Sequence) or isinstance(vertices, str) or len(vertices) < 3:
            self._refuse(where, shown(vertices), "a list of 3 or more vertices")
            return np.zeros((0, 2))
        places = [self._place(vertex, f"{where}[{n}]") for n, vertex in enumerate(vertices)]
        for n, place in enumerate(places):
            if place == places[n - 1] and not np.isnan(place[0]):
                expected = (
                    "vertices that are no repetitions; the last one joins the first by itself"
                )
                self._refuse(f"{where}[{n}]", "the place of the vertex before it", expected)
        return np.array(places)

    def _circle(self, circle: Any) -> tuple[FloatArray, float]:
        where = "volume.outline_circle"
        if not isinstance(circle, Mapping):
            self._refuse(where, shown(circle), "an object with center and radius")
            return np.zeros((1, 2)), 1.0
        centre = self._place(circle.get("center"), f"{where}.center")
        radius = self._measure(circle, "radius", 0.0, parent="volume.outline_circle")
        if not radius > 0.0:
            self._refuse(f"{where}.radius", shown(circle.get("radius")), "more than 0 metres")
        return np.array([centre]), radius

    def _place(self, vertex: Any, where: str) -> tuple[float, float]:
        vertex = vertex if isinstance(vertex, Mapping) else {}
        read = []
        for name, most in (("lng", 180.0), ("lat", 90.0)):
            value = _number(vertex.get(name))
            if not abs(value) <= most:
                expected = f"a number of degrees between {-most:g} and {most:g}"
                self._refuse(f"{where}.{name}", shown(vertex.get(name)), expected)
            read.append(value)
        return read[0], read[1]

    def _measure(
        self,
        parent_object: Mapping[str, Any],
        name: str,
        otherwise: float,
        *,
        reference: str | None = None,
        parent: str = "volume",
    ) -> float:
        """Read a number of metres with its unit, and the reference of a height."""
        given = parent_object.get(name)
        if given is None:
            return otherwise
        where = f"{parent}.{name}"
        given = self._object({name: given}, name, f"{self.where}.{parent}")
        for key, right in (("units", "M"), ("reference", reference)):
            if right is not None and given.get(key) != right:
                self._refuse(f"{where}.{key}", shown(given.get(key)), f"{right!r}")
        value = _number(given.get("value"))
        if not np.isfinite(value):
            self._refuse(f"{where}.value", shown(given.get("value")), "a number of metres")
            return otherwise
        return value

    def _time(self, name: str, otherwise: float, epoch: datetime) -> float:
        given = self.given.get(name) if isinstance(self.given, Mapping) else None
        if given is None:
            return otherwise
        given = self._object({name: given}, name, self.where)
        if given.get("format") != "RFC3339":
            self._refuse(f"{name}.format", shown(given.get("format")), "'RFC3339'")
        try:
            moment = read_time(given.get("value"), where=f"{self.where}.{name}.value")
        except InvalidInputError:
            expected = "a time with an offset, such as 2026-06-01T01:00:00Z"
            self._refuse(f"{name}.value", shown(given.get("value")), expected)
            return otherwise
        return (moment - epoch).total_seconds()

    def _object(self, parent: Any, name: str, where: str) -> Mapping[str, Any]:
        found = parent.get(name) if isinstance(parent, Mapping) else None
        if isinstance(found, Mapping):
            return found
        self.problems.append(Problem(f"{where}.{name}", shown(found), "an object"))
        return {}

    def _refuse(self, path: str, given: str, expected: str) -> None:
        self.problems.append(Problem(f"{self.where}.{path}", given, expected))


def _number(value: Any) -> float:
    """Read a number; what is none, or too large for one, is NaN, for the caller to refuse."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return np.nan
    try:
        return float(value)
    except OverflowError:
        return np.nan


def _laid_polygon(corners: FloatArray, frame: LocalFrame) -> _Outline:
    """Lay a polygon with geodesic edges into the plane, and measure by how much its pieces bow."""
    places, _, _ = cut_geodesic(np.vstack((corners, corners[:1])), max_step_m=_STEP_M)
    following = np.roll(places, -1, axis=0)
    middles = geodesic_direct(
        places,
        azimuth_deg=geodesic_azimuth_deg(places, following),
        distance_m=geodesic_distance_m(places, following) / 2.0,
    )
    xy = frame.to_plane(places)
    chords = (xy + np.roll(xy, -1, axis=0)) / 2.0
    bow_m = np.hypot(*(frame.to_plane(middles) - chords).T).max()
    return _Outline(xy, 0.0, _RESERVE * float(bow_m) + _ROUNDING_M)


def _laid_circle(centre: FloatArray, radius_m: float, frame: LocalFrame) -> _Outline:
    """Lay a circle into the plane as the circle nearest to it, and measure what is left."""
    rim = frame.to_plane(geodesic_direct(centre, azimuth_deg=_DIRECTIONS, distance_m=radius_m))
    middle = rim.mean(axis=0)
    distance = np.hypot(*(rim - middle).T)
    radius = float(distance.mean())
    error_m = _RESERVE * float(np.abs(distance - radius).max()) + _ROUNDING_M
    return _Outline(middle[np.newaxis], radius, error_m)
