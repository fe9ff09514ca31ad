"""Whole plans within features of GeoJSON, and the geometry that they have there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import shapely

from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, naming, shown
from lowalt.flights import FlightPlan, parse_plan
from lowalt.formats.plans.exchange import Draft
from lowalt.formats.plans.geojson.values import one_part
from lowalt.geodesy import circle_ring
from lowalt.levels import VerticalReference

OWN: Final = "lowalt"
"""Property that holds a whole plan."""

_SAME_DEG = 1e-6  # a tenth of a metre: programs round to six decimals


def own_draft(stated: Any, geometry: Mapping[str, Any], *, where: str) -> Draft:
    """Read a whole plan, unless its geometry was changed and the plan was not."""
    if isinstance(stated, str):  # as programs have it that know no objects in properties
        stated = parse_json(stated.encode(), name=f"{where}: {OWN}")
    if not isinstance(stated, Mapping):
        raise InvalidInputError(f"{where}: {OWN}: given {shown(stated)}, expected a plan")
    with naming(f"{where}: {OWN}"):
        plan = parse_plan(stated)
    if not _is_same(geometry, geometry_of(plan)):
        raise InvalidInputError(
            f"{where}: {plan.plan_id}: its geometry is not that of the plan under {OWN}: remove"
            f" {OWN} if the geometry is right, and say times and levels beside it"
        )
    return Draft(stated)


def _is_same(given: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    try:
        kind, coordinates = one_part(given)
        a, b = (np.array(one, dtype=float) for one in (coordinates, ours["coordinates"]))
    except (ValueError, TypeError):
        return False
    if kind != ours["type"] or a.shape[:-1] != b.shape[:-1] or a.ndim < 2:
        return False
    return bool(np.allclose(a[..., :2], b[..., :2], rtol=0.0, atol=_SAME_DEG))


def geometry_of(plan: FlightPlan) -> dict[str, Any]:
    """Give a route as a line and an area as a polygon, counter-clockwise.

    The line has heights only where they are above the ellipsoid, which is what they mean there.
    """
    if plan.waypoints is not None:
        is_hae = {w.level.reference for w in plan.waypoints} == {VerticalReference.HAE}
        line = [
            [w.lon_deg, w.lat_deg, w.level.value_m] if is_hae else [w.lon_deg, w.lat_deg]
            for w in plan.waypoints
        ]
        return {"type": "LineString", "coordinates": line}
    area = plan.operating_area
    assert area is not None
    if area.circle is not None:
        circle = area.circle
        ring = circle_ring(
            lon_deg=circle.lon_deg, lat_deg=circle.lat_deg, radius_m=circle.radius_m
        ).tolist()
    else:
        assert area.polygon is not None
        ring = [list(corner) for corner in area.polygon]
        if not shapely.is_ccw(shapely.LinearRing(ring)):
            ring.reverse()
    return {"type": "Polygon", "coordinates": [ring]}
