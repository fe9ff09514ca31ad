"""Whether a flight keeps to the air above the operator's own grounds."""

from __future__ import annotations

import shapely

from lowalt.situation.laying import Situation
from lowalt.situation.path import area_shape


def is_over_own_grounds(situation: Situation) -> bool | None:
    """Whether all the airspace of a flight lies above the grounds that its operator outlines.

    Several grounds count as one, so a flight may pass from one to the next where they meet. The
    outline itself is still theirs; what goes beyond it, by however little, does not keep to them.

    Returns
    -------
    bool or None
        ``None`` where no outlines are stated.
    """
    operator = situation.plan.operator
    grounds = None if operator is None else operator.own_grounds
    if grounds is None:
        return None
    path = situation.path
    whole = shapely.union_all([area_shape(area, path.frame) for area in grounds])
    if not shapely.covers(whole, path.footprint):
        return False
    return bool(shapely.distance(path.footprint, shapely.boundary(whole)) >= path.width_m)
