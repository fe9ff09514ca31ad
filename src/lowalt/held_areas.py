"""Flights that hold an area for a time instead of flying a route, in the plane."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import shapely
from shapely.geometry import Polygon

from lowalt.flights import Area, FlightPlan
from lowalt.geodesy import LocalFrame, circle_ring, densify_geodesic
from lowalt.levels import Level, VerticalReference
from lowalt.paths import STEP_M, Bounds
from lowalt.temporal import TimeInterval
from lowalt.terrain import FloatArray, GeoidModel, Ground, TerrainModel

_MOST_SAMPLES = 1_000_000
"""Over an area that needs more, the ground is not asked for; 196 square kilometres of SRTM tiles
of one second of arc."""

_EDGE_COST = 10.0
"""Samples that are had for the effort of one along the boundary, where rows of samples are cut."""

_ASKED_AT_ONCE = 65_536
"""Places that a model is asked for at once, to bound the memory it takes."""


@dataclass(frozen=True)  # no slots: the scale is worked out once
class HeldArea:
    """A flight that may be anywhere in an area, between two levels, for a time.

    Attributes
    ----------
    footprint
        The area in the frame.
    ground
        What is known below the places of the area that decide the range of a level.
    start
        Longitude and latitude of its middle, which stands for where it begins.
    """

    frame: LocalFrame
    footprint: Polygon
    floor: Level
    ceiling: Level
    period: TimeInterval
    ground: Ground
    start: tuple[float, float]

    @classmethod
    def of(
        cls,
        plan: FlightPlan,
        *,
        frame: LocalFrame,
        terrain: TerrainModel | None,
        geoid: GeoidModel | None,
    ) -> HeldArea:
        """Lay the operating area of a plan, which has one, into a plane."""
        area = plan.operating_area
        assert area is not None
        ring = area_outline(area)
        footprint = Polygon(frame.to_plane(ring))
        take_off = plan.take_off_elevation_amsl_m
        return cls(
            frame=frame,
            footprint=footprint,
            floor=area.floor,
            ceiling=area.ceiling,
            period=TimeInterval(area.start, area.end),
            ground=_ground_over(
                footprint, frame, terrain=terrain, geoid=geoid, take_off_amsl_m=take_off
            ),
            start=(float(ring[:, 0].mean()), float(ring[:, 1].mean())),
        )

    @cached_property
    def scale(self) -> float:
        """Greatest scale of the plane over the area."""
        return float(self.frame.scale(shapely.get_coordinates(self.footprint)).max())

    @property
    def width_m(self) -> float:
        """None: the footprint is all of its airspace."""
        return 0.0

    def places_within(self, period: TimeInterval) -> FloatArray:  # noqa: ARG002  as of a route
        """Places, degrees ``(N, 2)``, between which it lies, at any time."""
        return self.frame.to_lonlat(shapely.get_coordinates(self.footprint))

    @property
    def bounds(self) -> Bounds:
        """Box of the plane that holds the area."""
        west, south, east, north = self.footprint.bounds
        return west, south, east, north

    def range_m(self, level: Level, reference: VerticalReference) -> tuple[float, float]:
        """Work out how low and how high a level of the area lies in another reference.

        A level above the sea has its greatest true height over the lowest ground of the area and
        its least over the highest. Ground in the area counts wherever it is, on its boundary too;
        ground outside it does not.

        Returns
        -------
        lowest_m, highest_m : float
            Both NaN where the ground is not known everywhere in the area.
        """
        values_m = self.ground.convert(
            np.full(len(self.ground.elevation_amsl_m), level.value_m),
            source=level.reference,
            target=reference,
        )
        return float(values_m.min()), float(values_m.max())


def area_outline(area: Area) -> FloatArray:
    """Ring of an area in degrees, ``(N, 2)``; of a circle, a polygon that covers it."""
    if area.circle is not None:
        circle = area.circle
        return circle_ring(lon_deg=circle.lon_deg, lat_deg=circle.lat_deg, radius_m=circle.radius_m)
    return densify_geodesic(np.array(area.polygon, dtype=np.float64), max_step_m=STEP_M)


@lru_cache(maxsize=256)
def area_shape(area: Area, frame: LocalFrame) -> Polygon:
    """Draw an area in a plane; the grounds and approvals of an operator serve many flights."""
    return Polygon(frame.to_plane(area_outline(area)))


def _ground_over(
    footprint: Polygon,
    frame: LocalFrame,
    *,
    terrain: TerrainModel | None,
    geoid: GeoidModel | None,
    take_off_amsl_m: float | None,
) -> Ground:
    """Ask the models below an area; they are not asked, and nothing is known, if it is too large.

    No place of the area is farther than half the model's spacing from one that is asked for.
    """

    def below(lon_lat: FloatArray, ground: TerrainModel | None, sea: GeoidModel | None) -> Ground:
        return Ground.below(lon_lat, terrain=ground, geoid=sea, take_off_amsl_m=take_off_amsl_m)

    step_m = STEP_M if terrain is None else min(STEP_M, terrain.spacing_m)
    no_model = terrain is None and geoid is None
    places = None if no_model else _samples(footprint, step_m=step_m / 2.0)
    if places is None:
        return below(np.zeros((1, 2)), None, None)
    parts = [
        below(frame.to_lonlat(places[first : first + _ASKED_AT_ONCE]), terrain, geoid).deciding()
        for first in range(0, len(places), _ASKED_AT_ONCE)
    ]
    return Ground(
        np.concatenate([part.elevation_amsl_m for part in parts]),
        np.concatenate([part.undulation_m for part in parts]),
        parts[0].take_off_amsl_m,
    ).deciding()


def _samples(footprint: Polygon, *, step_m: float) -> FloatArray | None:
    """Places along the boundary of an area and along rows across it, a step apart, ``(N, 2)``.

    No place of the area is farther from one of them than a step: half a step at most to a row, or
    to the boundary where that comes first, and half a step along it. ``None`` if they would be
    too many, or the area has no shape in the plane, as on the far side of the earth.
    """
    effort = footprint.area / step_m**2 + _EDGE_COST * footprint.length / step_m
    if not (footprint.is_valid and effort <= _MOST_SAMPLES):
        return None
    west, south, east, north = footprint.bounds
    rows = [((west, y_m), (east, y_m)) for y_m in np.arange(south + step_m / 2.0, north, step_m)]
    across = shapely.intersection(footprint, shapely.MultiLineString(rows))
    lines = shapely.segmentize([footprint.boundary, across], step_m)
    return np.asarray(shapely.get_coordinates(lines))
