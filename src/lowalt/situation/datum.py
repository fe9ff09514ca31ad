"""Plans that look as if they were drawn on a GCJ-02 map are refused before anything is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lowalt.airspace import AirspaceDataset
from lowalt.datums import gcj02_from_wgs84, looks_like_gcj02
from lowalt.errors import InvalidInputError, Problem
from lowalt.flights import FlightPlan

_NEAR_DEG = 0.002
"""More than ``GCJ02_MATCH_M`` anywhere in China, so that few ends need a closer look."""


def refuse_gcj02(plans: Sequence[FlightPlan], airspace: AirspaceDataset) -> None:
    """Refuse plans whose ends lie where a GCJ-02 map draws places that the dataset knows.

    Raises
    ------
    InvalidInputError
        At the first such end; the message names the plan, the field and the place.
    """
    names, known = list(airspace.known_points), list(airspace.known_points.values())
    ends = [(plan, *end) for plan in plans if not plan.coordinates_checked for end in _ends(plan)]
    if not known or not ends:
        return
    lon_lat = np.array([(lon_deg, lat_deg) for _, _, lon_deg, lat_deg in ends])
    drawn = gcj02_from_wgs84(known)
    near = np.zeros(len(ends), dtype=bool)
    for point in drawn:
        near |= (np.abs(lon_lat - point) < _NEAR_DEG).all(axis=1)
    for number in np.flatnonzero(near).tolist():
        plan, where, lon_deg, lat_deg = ends[number]
        index = looks_like_gcj02(lon_deg=lon_deg, lat_deg=lat_deg, known_points=known)
        if index is None:
            continue
        lon, lat = known[index]
        raise InvalidInputError(
            f"plan {plan.plan_id} looks as if it was drawn on a GCJ-02 map",
            problems=[
                Problem(
                    where,
                    f"longitude {lon_deg:.6f}, latitude {lat_deg:.6f}, where such a map draws"
                    f" {names[index]} (WGS 84: {lon:.6f}, {lat:.6f}), some 600 m off",
                    "expected WGS 84: convert every coordinate of the plan"
                    " (lowalt.datums.wgs84_from_gcj02), or set coordinates_checked to true if"
                    " they are right",
                )
            ],
        )


def _ends(plan: FlightPlan) -> Iterator[tuple[str, float, float]]:
    if plan.waypoints is not None:
        last = len(plan.waypoints) - 1
        for i in (0, last):
            yield f"waypoints[{i}]", plan.waypoints[i].lon_deg, plan.waypoints[i].lat_deg
    for name in ("departure_site", "landing_site"):
        site = getattr(plan, name)
        if site is not None and site.lon_deg is not None and site.lat_deg is not None:
            yield name, site.lon_deg, site.lat_deg
