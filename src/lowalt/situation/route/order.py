"""Whether a flight follows a route in the order of its points."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from lowalt.route_keeping import Departure, DepartureKind
from lowalt.situation.path import Path
from lowalt.situation.route.line import RouteLine
from lowalt.situation.route.runs import runs
from lowalt.temporal import TimeInterval


def against_order(path: Path, line: RouteLine) -> Iterator[Departure]:
    """Find the stretches in which a flight goes back along a route.

    The vertices of the path are matched with places of the line, each within the half-width of its
    vertex and none before the last; where there is no such place the flight goes back. The earliest
    match is taken, so that none is missed that another choice would leave. To turn within the width
    of the route is not to go back along it, and a route may lead over a place twice.
    """
    low_m, high_m = line.within(path.paths.place, line.half_width_m * path.scale)
    against = np.zeros(len(low_m) - 1, dtype=bool)
    reached_m, farthest = -np.inf, 0
    for number, (low, high) in enumerate(zip(low_m, high_m, strict=True)):
        # A vertex beside the route has no match, and says nothing of the order.
        onward = low[high >= reached_m]
        if len(onward):
            earliest_m = float(onward.min())
            if earliest_m > reached_m:
                reached_m, farthest = earliest_m, number
        elif not np.isnan(high).all():
            against[farthest:number] = True
            reached_m, farthest = float(np.nanmax(high)), number
    t_s = path.paths.t_s.tolist()
    for first, last in runs(against):
        period = TimeInterval(path.time(t_s[first]), path.time(t_s[last + 1]))
        yield Departure(DepartureKind.DIRECTION, period, *path.place(t_s[first]), None)
