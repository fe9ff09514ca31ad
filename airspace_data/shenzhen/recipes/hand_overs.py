"""Where a corridor leaves one flight information region for another.

No hand-over point of helicopters is published. Known are the regions at both ends, and that the
boundary between Guangzhou's and Hong Kong's runs along that of the two SARs, for a part.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import shapely
from airspace_data.shenzhen.recipes.boundaries import boundary_lines
from airspace_data.shenzhen.recipes.facts import Facts, read
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.corridors import HandOver, RoutePoint
from lowalt.airspace.features import FeatureStatus
from lowalt.airspace.shapes import EDGE_STEP_M, Place
from lowalt.geodesy import densify_geodesic
from lowalt.terms import LineKind

_HONG_KONG = "VHHK"
_LINES = {
    "fir_boundary": LineKind.FIR_BOUNDARY,
    "jurisdiction": LineKind.JURISDICTION_BOUNDARY,
}
_DECIMALS = 6  # 0.1 m, much less than the track is known to


def hand_overs(facts: Facts, points: Sequence[RoutePoint]) -> tuple[HandOver, ...]:
    """Find where control passes, by where the facts say to look: a boundary, or a point.

    Parameters
    ----------
    facts
        Of the corridor: ``firs`` in order, and ``handed_over``, if anything can be said.
    points
        What the corridor leads through.
    """
    if "handed_over" not in facts:
        return ()
    fir_from, fir_to = facts["firs"]
    stated = facts["handed_over"]
    where = stated["at"]
    named = {point.name: (point.lon_deg, point.lat_deg) for point in points}
    place = named.get(where) or _meets(points, where, inwards=fir_to == _HONG_KONG)
    return (
        HandOver(
            point=None,
            lon_deg=place[0],
            lat_deg=place[1],
            fir_from=fir_from,
            fir_to=fir_to,
            status=FeatureStatus.ILLUSTRATIVE,
            unit_from=stated.get("unit_from", {}),
            unit_to=stated.get("unit_to", {}),
            remarks=read("routes")["hand_overs"]["point" if where in named else where],
        ),
    )


def _meets(points: Sequence[RoutePoint], where: str, *, inwards: bool) -> Place:
    """Find the outermost place at which the centre line meets the boundary.

    Outermost seen from Hong Kong: the first on the way in, the last on the way out.
    """
    track = _geodesic([(point.lon_deg, point.lat_deg) for point in points])
    met = shapely.get_coordinates(track.intersection(_boundary(where)))
    in_order = sorted(met, key=lambda place: track.project(Point(place)))
    lon_deg, lat_deg = in_order[0 if inwards else -1]
    return round(float(lon_deg), _DECIMALS), round(float(lat_deg), _DECIMALS)


@cache
def _boundary(where: str) -> BaseGeometry:
    lines = boundary_lines(read("boundaries"))
    return shapely.union_all([line.line for line in lines if line.kind is _LINES[where]])


def _geodesic(places: Sequence[Place]) -> LineString:
    return LineString(densify_geodesic(places, max_step_m=EDGE_STEP_M))
