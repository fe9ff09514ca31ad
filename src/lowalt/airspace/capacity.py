"""How much airspace one file may hold, so that reading it ends in bounded time and memory.

A short file can ask for a long answer. A circle is three numbers and thousands of points; two
combs laid across each other have as many crossings as the product of their teeth, and their union
a hole for each. What airspace is made of stays far below the bounds of this module.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon

from lowalt.airspace.containment import EDGE_STEP_DEG
from lowalt.airspace.corridors import Corridor
from lowalt.airspace.features import Feature
from lowalt.airspace.shapes import EDGE_STEP_M, Circle, Outline, Place, Sector, Shape, Strip
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Zone
from lowalt.errors import GeometryError, InvalidInputError
from lowalt.geodesy import COVERING_OVERSHOOT_M, geodesic_distance_m

MOST_FEATURES: Final = 20_000
"""Features of one file; large countries publish some thousands of zones."""

MOST_POINTS: Final = 10_000_000
"""Points of all polygons of one file, arcs drawn and edges cut: 160 MB for each copy of them."""

MOST_POINTS_OF_FEATURE: Final = 1_000_000
"""Points of one feature; the coast of a large country, islands and all, has some 100 000."""

MOST_CROSSINGS: Final = 2_000
"""Places in which the edges of one zone's volumes cross; a second of work."""

MOST_CROSSINGS_OF_FILE: Final = 200_000
"""Places in which the edges of all zones cross: half a minute, and a gigabyte, to join them."""

# Below so many edges not even the worst polygons take long.
_FEW_EDGES = 200
_FEW_EDGES_ALONE = 2_000
_NEAR_AN_EDGE = 100  # edges whose boxes touch one's own, on average; a winding coast has ten
_NEAR_AT_ONCE = 1_000_000
_EDGES_AT_ONCE = 4_096
_POINTS_OF_CIRCLE = 64
_LONGEST_EDGE_DEG = 500.0


def gather(features: Iterable[Feature], *, name: str) -> tuple[Feature, ...]:
    """Take the features of a file one by one, until there are too many.

    Parameters
    ----------
    features
        An iterator that makes them as it goes, so that what is refused was not yet made.
    name
        What messages call the file.

    Raises
    ------
    InvalidInputError
        If two have one identifier, or together they exceed :data:`MOST_FEATURES` or
        :data:`MOST_POINTS`.
    """
    gathered: dict[str, Feature] = {}
    points = 0
    for feature in features:
        if feature.identifier in gathered:
            raise InvalidInputError(
                f"{name}: two features are called {feature.identifier}; give each its own"
                " identifier"
            )
        gathered[feature.identifier] = feature
        points += sum(points_of_polygon(volume.geometry) for volume in _volumes(feature))
        if len(gathered) > MOST_FEATURES or points > MOST_POINTS:
            raise InvalidInputError(
                f"{name}: up to {feature.label} it has {len(gathered)} features and, arcs drawn and"
                f" edges cut, {points} points; {MOST_FEATURES} and {MOST_POINTS} are read: split"
                " the file, and look for lengths in a wrong unit"
            )
    return tuple(gathered.values())


def _volumes(feature: Feature) -> Sequence[Volume3D]:
    if isinstance(feature, Zone):
        return (*feature.volumes, *(feature.micro_volumes or ()))
    return feature.volumes if isinstance(feature, Corridor) else ()


def require_few_points(points: int, *, where: str) -> None:
    """Refuse a feature of too many points, before they are made.

    Raises
    ------
    GeometryError
        If there are more than :data:`MOST_POINTS_OF_FEATURE`; the message begins with ``where``.
    """
    if points > MOST_POINTS_OF_FEATURE:
        raise GeometryError(
            f"{where}: arcs drawn and edges cut it has more than {MOST_POINTS_OF_FEATURE} points:"
            " simplify it, and look for lengths in a wrong unit"
        )


def points_of_polygon(geometry: Polygon | MultiPolygon) -> int:
    """Count the points of a polygon of degrees, those included that its long edges are cut at."""
    count = int(shapely.get_num_coordinates(geometry))
    # Longer edges fit on no earth; their corners are refused later on.
    cuts = geometry.length / EDGE_STEP_DEG if geometry.length < _LONGEST_EDGE_DEG * count else 0
    return count + int(cuts)


def points_of_shape(shape: Shape) -> int:
    """Count about how many points the polygon of a shape will have, without making it.

    Examples
    --------
    >>> circle = Circle(114.0, 22.5, 5000.0)
    >>> points_of_shape(circle), len(circle.covering_polygon().exterior.coords)
    (2222, 2485)
    """
    if isinstance(shape, Circle):
        return _points_of_arc(shape.radius_m)
    if isinstance(shape, Sector):
        return 2 * _points_of_arc(shape.radius_m)
    if isinstance(shape, Strip):
        return _points_of_line(shape.line) + len(shape.line) * _points_of_arc(shape.half_width_m)
    return points_of_outline(shape)


def points_of_outline(outline: Outline) -> int:
    """Count about how many points the polygon of an outline will have."""
    points = _points_of_line((*outline.corners, outline.corners[0]))
    if outline.arcs:
        centres = [(arc.lon_deg, arc.lat_deg) for arc in outline.arcs.values()]
        radii_m = geodesic_distance_m(centres, [outline.corners[n] for n in outline.arcs])
        points += sum(_points_of_arc(float(radius_m)) for radius_m in radii_m)
    return points


def _points_of_arc(radius_m: float) -> int:
    """Count the points of a whole circle."""
    return math.ceil(math.pi / math.acos(radius_m / (radius_m + COVERING_OVERSHOOT_M)))


def _points_of_line(line: Sequence[Place]) -> int:
    lengths_m = geodesic_distance_m(line[:-1], line[1:])
    return len(line) + int(lengths_m.sum() / EDGE_STEP_M)


def joined(volumes: Sequence[Volume3D], *, where: str) -> Polygon | MultiPolygon:
    """Join the polygons of all zones of a file.

    Raises
    ------
    GeometryError
        If there is none, or their edges cross in more than :data:`MOST_CROSSINGS_OF_FILE` places.
    """
    require_few_crossings(volumes, most=MOST_CROSSINGS_OF_FILE, where=where)
    union = shapely.union_all([volume.geometry for volume in volumes])
    if not isinstance(union, Polygon | MultiPolygon) or union.is_empty:
        raise GeometryError(f"{where}: has no zone that it could speak for")
    return union


def require_few_crossings(volumes: Sequence[Volume3D], *, most: int, where: str) -> None:
    """Refuse polygons that would take long to be checked or joined.

    Checking takes time for each pair of edges that lie near each other, joining for each pair that
    cross. The search for both is itself broken off when there are too many.

    Raises
    ------
    GeometryError
        If edges cross in more than ``most`` places, or a hundred of them lie near every one; the
        message begins with ``where``.
    """
    distinct = {volume.geometry.wkb: volume for volume in volumes}.values()
    edges = _edges(distinct)
    count, alone = len(edges), len(distinct) == 1
    if count <= (_FEW_EDGES_ALONE if alone else _FEW_EDGES):
        return
    lines = np.asarray(shapely.linestrings(np.stack((edges.real, edges.imag), axis=-1)))
    tree = shapely.STRtree(lines)
    # In an order of chance, those to come lie near as many others as those before did.
    order = np.random.default_rng(count).permutation(count)
    done = near = crossings = 0
    while done < count:
        step = _NEAR_AT_ONCE * done // (near + 1)
        part = order[done : done + max(1, min(step, _EDGES_AT_ONCE))]
        of_part, of_all = tree.query(lines[part])
        near, done = near + len(of_part), done + len(part)
        if near <= _NEAR_AN_EDGE * count and not alone:
            # Each pair is found from both of its edges.
            crossings += int(_cross(edges[part[of_part]], edges[of_all]).sum())
        if near > _NEAR_AN_EDGE * count or crossings > 2 * most:
            raise GeometryError(
                f"{where}: its {count} edges lie across each other so often that checking and"
                f" joining them would take too long (up to {most} crossings are read): simplify it"
            )


def _edges(volumes: Iterable[Volume3D]) -> NDArray[np.complex128]:
    """Both ends of every edge, ``(N, 2)``, as x + iy; shapes are not as fine as they are drawn."""
    edges = []
    for volume in volumes:
        for line in _lines(volume):
            points = np.asarray(line) @ (1.0, 1j)
            edges.append(np.column_stack((points[:-1], points[1:])))
    return np.concatenate(edges) if edges else np.empty((0, 2), dtype=np.complex128)


def _cross(a: NDArray[np.complex128], b: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Whether edges cross, row by row; those that only touch do not."""
    return _is_parted(a, b) & _is_parted(b, a)


def _is_parted(by: NDArray[np.complex128], edge: NDArray[np.complex128]) -> NDArray[np.bool_]:
    """Whether the ends of an edge lie on different sides of the line through another."""
    way = (by[:, 1] - by[:, 0]).conj()[:, None]
    sides = (way * (edge - by[:, :1])).imag
    return np.asarray(sides[:, 0] * sides[:, 1] < 0.0)


def _lines(volume: Volume3D) -> list[Sequence[Place] | NDArray[np.float64]]:
    shape = volume.shape
    if isinstance(shape, Outline):
        return [(*shape.corners, shape.corners[0])]
    if isinstance(shape, Strip):
        return [shape.line]
    rings = [shapely.get_coordinates(ring) for ring in shapely.get_rings(volume.geometry)]
    if shape is None:
        return list(rings)
    return [ring[:: max(1, len(ring) // _POINTS_OF_CIRCLE)] for ring in rings]
