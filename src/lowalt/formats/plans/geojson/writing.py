"""From plans to features of GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lowalt.flights import FlightPlan, canonical_json
from lowalt.formats.exchange import Written, json_lines
from lowalt.formats.plans.geojson.own import OWN, geometry_of

_OF_AN_AREA = ("floor", "ceiling", "start", "end")


def write(plans: Sequence[FlightPlan]) -> Written:
    """Write plans as a collection of features, each with the whole plan under ``lowalt``.

    Heights stand in the coordinates only where they are above the ellipsoid, which is what they
    mean there; otherwise among the properties.

    Parameters
    ----------
    plans
        Any plans.
    """
    features = [
        {
            "type": "Feature",
            "geometry": geometry_of(plan),
            "properties": {**_properties(plan), OWN: json.loads(canonical_json(plan))},
        }
        for plan in plans
    ]
    return Written(json_lines({"type": "FeatureCollection"}, features))


def _properties(plan: FlightPlan) -> dict[str, Any]:
    """Say in words of their own what others may want of a plan."""
    if plan.waypoints is None:
        area = plan.model_dump(mode="json", include={"operating_area"})["operating_area"]
        return {"plan_id": plan.plan_id, **{key: area[key] for key in _OF_AN_AREA}}
    references = [w.level.reference.value for w in plan.waypoints]
    one = len(set(references)) == 1
    return {
        "plan_id": plan.plan_id,
        "times": [w.time.isoformat() for w in plan.waypoints],
        "levels_m": [w.level.value_m for w in plan.waypoints],
        **({"reference": references[0]} if one else {"references": references}),
        "route_buffer_m": plan.route_buffer_m,
    }
