"""Sites and lines: what a chart shows that is no volume of airspace."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString

from lowalt.airspace.features import Feature
from lowalt.errors import GeometryError
from lowalt.terms import LineKind, SiteKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Feature):
    """A place: a landing site, a reporting point.

    Parameters
    ----------
    kind
        What is there.
    lon_deg, lat_deg
        Where it is, WGS 84 degrees.
    elevation_amsl_m
        Elevation of its surface, metres above mean sea level, if known.
    """

    kind: SiteKind
    lon_deg: float
    lat_deg: float
    elevation_amsl_m: float | None = None

    def __post_init__(self) -> None:
        Feature.__post_init__(self)
        if not (abs(self.lon_deg) <= 180.0 and abs(self.lat_deg) <= 90.0):
            raise GeometryError(
                f"{self.label}: longitude {self.lon_deg}, latitude {self.lat_deg}: expected"
                " longitude first, at most 180 and 90 degrees"
            )

    @property
    def middle(self) -> tuple[float, float]:
        """Where it is, longitude and latitude in degrees."""
        return self.lon_deg, self.lat_deg


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Feature):
    """A line on the ground: a boundary, a runway.

    Parameters
    ----------
    kind
        What it divides or marks.
    line
        Longitude and latitude, WGS 84 degrees; edges are straight in them.
    """

    kind: LineKind
    line: LineString | MultiLineString

    def __post_init__(self) -> None:
        Feature.__post_init__(self)
        coordinates = shapely.get_coordinates(self.line)
        sound = np.isfinite(coordinates).all() and (np.abs(coordinates) <= (180.0, 90.0)).all()
        if self.line.is_empty or not sound:
            raise GeometryError(
                f"{self.label}: expected a line of longitudes and latitudes in degrees"
            )

    @property
    def middle(self) -> tuple[float, float]:
        """Middle of the line's box, longitude and latitude in degrees."""
        west, south, east, north = self.line.bounds
        return (west + east) / 2.0, (south + north) / 2.0
