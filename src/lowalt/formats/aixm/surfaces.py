"""Surfaces of AIXM as volumes: patches with an outer ring and holes."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

import shapely
from shapely.geometry import Polygon

from lowalt.airspace import Circle, Outline, Strip, Volume3D
from lowalt.errors import GeometryError, naming
from lowalt.formats.adoption import volume_of
from lowalt.formats.aixm.curves import (
    Axes,
    axes_in,
    distance_m,
    positions,
    ring_in,
    segments_of,
)
from lowalt.formats.aixm.elements import child, children, local
from lowalt.formats.rings import Place
from lowalt.levels import VerticalLayer


def volumes_of_surface(
    surface: Element, layer: VerticalLayer, *, where: str
) -> Iterator[tuple[Volume3D, str]]:
    """Make volumes of the patches of a surface.

    Yields
    ------
    volume : Volume3D
        One for each patch.
    how : str
        What of it had to be read larger than it is, if anything.

    Raises
    ------
    InvalidInputError
        If a ring cannot be read, or a patch is no polygon; the message begins with ``where``.
    """
    axes = _axes_of(surface, None, where=where)
    patches = [patch for found in children(surface, "patches") for patch in found]
    if not patches:
        raise GeometryError(f"{where}: a surface without patches; expected PolygonPatch")
    for patch in patches:
        if local(patch) != "PolygonPatch":
            raise GeometryError(
                f"{where}: a {local(patch)[:40]} is not read; expected PolygonPatch"
            )
        yield _volume(patch, layer, axes, where=where)


def _axes_of(element: Element, inherited: Axes | None, *, where: str) -> Axes | None:
    with naming(where):
        return axes_in(element, inherited)


def _volume(
    patch: Element, layer: VerticalLayer, axes: Axes | None, *, where: str
) -> tuple[Volume3D, str]:
    outer = child(patch, "exterior")
    if outer is None:
        raise GeometryError(f"{where}: a patch without exterior")
    with naming(where):
        shape = ring_in(outer, axes)
        inner = [ring_in(hole, axes) for hole in children(patch, "interior")]
    volume = (
        Volume3D(shape, layer)
        if isinstance(shape, Polygon)
        else volume_of(shape, layer, where=where)
    )
    holes, how = [], ""
    for hole in inner:
        # What covers a hole would cut too much of the zone: holes with arcs are filled.
        if isinstance(hole, Circle) or (isinstance(hole, Outline) and hole.arcs):
            how = "a hole with arcs is filled"
            continue
        area = hole if isinstance(hole, Polygon) else volume_of(hole, layer, where=where).geometry
        holes.append(shapely.get_exterior_ring(area))
    if holes:
        volume = Volume3D(Polygon(shapely.get_exterior_ring(volume.geometry), holes), layer)
    return volume, how


def volume_of_corridor(
    centreline: Element, width: Element, layer: VerticalLayer, *, where: str
) -> Volume3D:
    """Make a volume of a centre line and the width of a corridor round it.

    Raises
    ------
    InvalidInputError
        If the line or the width cannot be read; the message begins with ``where``.
    """
    curve = next(iter(centreline), None)
    if curve is None:
        raise GeometryError(f"{where}: a centreline by reference is not read")
    line: list[Place] = []
    with naming(where):
        for segment, axes in segments_of(curve, axes_in(curve, None)):
            if local(segment) not in ("GeodesicString", "LineStringSegment", "LineString"):
                raise GeometryError(f"a centreline with a {local(segment)[:40]} is not read")
            line += [place for place in positions(segment, axes) if [place] != line[-1:]]
        shape = Strip(tuple(line), distance_m(width) / 2.0)
    return volume_of(shape, layer, where=where)
