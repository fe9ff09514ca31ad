"""What there is to draw of a flight: its track, its heights, its legs and the zones it meets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lowalt.airspace import AirspaceDataset, Corridor, Zone
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan, PrescribedRoute
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.situation import Situation, lay
from lowalt.situation.path import HeldArea, Path
from lowalt.situation.route import RouteLine
from lowalt.temporal import TimeInterval
from lowalt.terrain import FloatArray, GeoidModel, TerrainModel
from lowalt.verdicts import Status, Verdict

_REFERENCES = (
    VerticalReference.AMSL,
    VerticalReference.AGL,
    VerticalReference.ATO,
    VerticalReference.HAE,
)
"""In the order in which one is chosen to draw heights in, after the plan's own."""

_ASKING = (Status.BREACHED, Status.REQUIRED, Status.MISSING_INFO, Status.MET)


@dataclass(frozen=True)  # no slots: what is derived is worked out once
class Scene:
    """One flight to draw.

    Attributes
    ----------
    plan, situation
        The plan, and laid over the airspace.
    verdict
        What was decided; ``None`` where it was not asked.
    terrain
        The ground, where it is to be drawn.
    midnight
        Beginning of the day, in UTC+8, on which the first flight of the picture takes off.
    """

    plan: FlightPlan
    situation: Situation
    verdict: Verdict | None
    terrain: TerrainModel | None
    midnight: datetime

    @property
    def airspace(self) -> AirspaceDataset:
        """The dataset it is laid over."""
        return self.situation.airspace

    @property
    def path(self) -> Path | None:
        """The route; ``None`` of a flight that holds an area."""
        path = self.situation.path
        return path if isinstance(path, Path) else None

    @property
    def area(self) -> HeldArea | None:
        """The area held; ``None`` of a flight along a route."""
        path = self.situation.path
        return path if isinstance(path, HeldArea) else None

    @cached_property
    def seconds(self) -> FloatArray:
        """Seconds after take-off at the vertices of the route, ``(V,)``; of an area, its ends."""
        if self.path is None:
            period = self.situation.path.period
            return np.array([0.0, (period.end - period.start).total_seconds()])
        return self.path.paths.t_s

    @cached_property
    def track(self) -> FloatArray:
        """Vertices of the route in degrees, ``(V, 2)``; of an area, its ring."""
        if self.area is not None:
            ring = shapely.get_coordinates(self.area.footprint.exterior)
            return self.area.frame.to_lonlat(ring)
        assert self.path is not None
        return self.path.paths.lon_lat

    @cached_property
    def airspace_around(self) -> BaseGeometry:
        """The airspace around the route as seen from above, degrees; of an area, the area."""
        shape = self.situation.path.footprint
        if self.path is not None:
            shape = shape.buffer(self.path.horizontal_m * self.path.scale)
        frame = self.situation.path.frame
        degrees: BaseGeometry = shapely.transform(shape, frame.to_lonlat)
        return degrees

    def moment_s(self, when: datetime) -> float:
        """Seconds from take-off to a time."""
        return (when - self.situation.path.period.start).total_seconds()

    def midnight_s(self, when: datetime) -> float:
        """Seconds from midnight to a time, as the axis of a profile counts them."""
        return (when - self.midnight).total_seconds()

    @property
    def start_s(self) -> float:
        """Seconds from midnight to take-off."""
        return self.midnight_s(self.situation.path.period.start)

    def along(self, period: TimeInterval) -> FloatArray:
        """Part of the route that is flown in a period, degrees, ``(N, 2)``."""
        start, end = self.moment_s(period.start), self.moment_s(period.end)
        inner = self.seconds[(self.seconds > start) & (self.seconds < end)]
        return self.places(np.concatenate(([start], inner, [end])))

    def places(self, seconds: FloatArray) -> FloatArray:
        """Places of the route at so many seconds after take-off, degrees, ``(N, 2)``."""
        return np.column_stack(
            [np.interp(seconds, self.seconds, self.track[:, axis]) for axis in (0, 1)]
        )

    def heights(self, reference: VerticalReference) -> tuple[FloatArray, FloatArray]:
        """Lowest and highest level at `seconds`, ``(V,)``; NaN where not known.

        The vertical buffer is not in it: of a route both are the level planned.
        """
        if self.area is not None:
            low_m, _ = self.area.range_m(self.area.floor, reference)
            _, high_m = self.area.range_m(self.area.ceiling, reference)
            return np.full(2, low_m), np.full(2, high_m)
        assert self.path is not None
        ends = self.path.heights(reference)
        level = np.append(ends[:, 0], ends[-1:, 1])
        return level, level

    @property
    def vertical_m(self) -> float:
        """Half-height of the airspace around the route; NaN where it is not stated."""
        return 0.0 if self.path is None else self.path.vertical_m

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Zones met, in the order in which they are met."""
        return tuple({e.zone.identifier: e.zone for e in self.situation.encounters}.values())

    @property
    def asking_zones(self) -> tuple[Zone, ...]:
        """Zones met in which the law asks something of the flight; all where it was not asked."""
        if self.verdict is None:
            return self.zones
        asking = {
            finding.where.zone
            for finding in self.verdict.findings
            if finding.where is not None and finding.status in _ASKING
        }
        return tuple(zone for zone in self.zones if zone.identifier in asking)

    @property
    def route(self) -> PrescribedRoute | Corridor | None:
        """Route that the flight is to keep to: prescribed for it, or a corridor that it names."""
        crossing = self.plan.crossing
        if crossing is None:
            return None
        if crossing.prescribed_route is not None:
            return crossing.prescribed_route
        corridors = {corridor.identifier: corridor for corridor in self.airspace.corridors}
        return None if crossing.corridor is None else corridors.get(crossing.corridor)

    @cached_property
    def route_line(self) -> RouteLine | None:
        """The same in the plane."""
        route = self.route
        return None if route is None else RouteLine.of(route, frame=self.airspace.frame)

    @cached_property
    def route_strip(self) -> BaseGeometry | None:
        """The same with its width, degrees."""
        line = self.route_line
        if line is None:
            return None
        frame = self.airspace.frame
        vertices = np.column_stack((line.vertices.real, line.vertices.imag))
        width_m = line.half_width_m * float(frame.scale(vertices).max())
        strip: BaseGeometry = shapely.LineString(vertices).buffer(width_m)
        return shapely.transform(strip, frame.to_lonlat)

    def route_limits(
        self, seconds: FloatArray, reference: VerticalReference
    ) -> tuple[FloatArray, FloatArray] | None:
        """Floor and ceiling of that route, at the segment nearest at each moment, ``(N,)`` each.

        NaN where there is none, or where it is measured from something else.
        """
        line = self.route_line
        if line is None:
            return None
        xy = self.airspace.frame.to_plane(self.places(seconds))
        nearest = line.distances(xy.view(np.complex128)[:, 0]).argmin(axis=1)
        layers = [line.layers[number] for number in line.layer[nearest]]
        return (
            np.array([floor_m(layer, reference) for layer in layers]),
            np.array([ceiling_m(layer, reference) for layer in layers]),
        )


def floor_m(layer: VerticalLayer, reference: VerticalReference) -> float:
    """Floor of a layer in a reference; NaN where it is measured from something else.

    The surface is minus infinity.
    """
    level = layer.floor
    if level is None:
        return -np.inf
    return level.value_m if level.reference is reference else np.nan


def ceiling_m(layer: VerticalLayer, reference: VerticalReference) -> float:
    """Ceiling of a layer in a reference; NaN where it is measured from something else.

    No limit is infinity.
    """
    level = layer.ceiling
    if level is None:
        return np.inf
    return level.value_m if level.reference is reference else np.nan


def scenes_of(
    plans: Sequence[FlightPlan],
    verdicts: Sequence[Verdict],
    *,
    airspace: AirspaceDataset,
    terrain: TerrainModel | None,
    geoid: GeoidModel | None,
) -> tuple[Scene, ...]:
    """Lay plans out for drawing.

    Raises
    ------
    InvalidInputError
        If there is no plan, or a verdict is of none of them.
    """
    if not plans:
        raise InvalidInputError("no plan to draw; give one or more")
    known = {verdict.plan_id: verdict for verdict in verdicts}
    if strange := sorted(set(known) - {plan.plan_id for plan in plans}):
        raise InvalidInputError(f"a verdict of {', '.join(strange)}: no such plan is drawn")
    first = min(plan.departure for plan in plans)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    return tuple(
        Scene(
            plan,
            lay(plan, airspace=airspace, terrain=terrain, geoid=geoid),
            known.get(plan.plan_id),
            terrain,
            midnight,
        )
        for plan in plans
    )


def common_reference(scenes: Sequence[Scene]) -> VerticalReference | None:
    """Find what the heights of all flights can be drawn above; ``None`` if nothing common."""
    own = [level.reference for scene in scenes for level in _levels(scene.plan)]
    preferred = own[:1] if len(set(own)) == 1 else []
    for reference in dict.fromkeys([*preferred, *_REFERENCES]):
        if all(bool(np.isfinite(s.heights(reference)).all()) for s in scenes):
            return reference
    return None


def _levels(plan: FlightPlan) -> list[Level]:
    if plan.waypoints is not None:
        return [waypoint.level for waypoint in plan.waypoints]
    assert plan.operating_area is not None  # a plan has exactly one of the two
    return [plan.operating_area.floor, plan.operating_area.ceiling]
