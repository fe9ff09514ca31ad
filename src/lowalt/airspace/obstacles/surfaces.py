"""Obstacle limitation surfaces round an aerodrome: how high one may build or fly at a place.

An engineering reading of ICAO Annex 14 volume I, chapter 4, and no certificate: an authority's own
survey, its aeronautical studies and the shielding principle decide. Built are the strip and the
transitional, inner horizontal, conical, approach and take-off climb surfaces of straight paths.
The surfaces of the obstacle free zone are not: away from the strip they lie nowhere lower than
these, and on the strip the limit is the ground.

Each runway has its own set, and where surfaces overlap the lowest governs, as China's MH 5001 has
it. The Annex leaves to the states how the inner horizontal surface is laid out. Here it reaches its
radius from the ends of the strip; China measures from the thresholds, so that no limit here is
higher for that. France also joins several runways by tangents, which lies lower in the notches
between them: by up to 12 m at Shenzhen, on 0.3 % of the area.

The axes of a runway are the geodesic through its ends and the distance from that, read in a plane
whose scale is true along it: 18 km from its middle and 6 km aside they are right to 2 mm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.obstacles.dimensions import (
    INNER_HORIZONTAL_HEIGHT_M,
    Edition,
    RunwayData,
    is_number,
)
from lowalt.airspace.obstacles.shapes import SAME_HEIGHT_M, RunwaySurfaces, Surface
from lowalt.errors import GeometryError, InvalidInputError, Problem
from lowalt.geodesy import FloatArray, LocalFrame, as_points, geodesic_distance_m

_FURTHEST_RUNWAY_M = 20_000.0
_REACH_M = 60_000.0
"""No surface reaches further from the first runway: 20 km to another, half its length, a clearway
no longer than it, and 15 km."""

# Places worked on at once, so that what is between two steps stays in the processor's cache.
_CHUNK = 1 << 15


@dataclass(frozen=True, slots=True)
class SurfaceAbove:
    """A surface over a place.

    Parameters
    ----------
    surface
        Which it is.
    runway
        Designation of its runway.
    limit_amsl_m
        Its height there, metres above mean sea level.
    """

    surface: Surface
    runway: str
    limit_amsl_m: float


@dataclass(frozen=True, slots=True)
class AerodromeSurfaces:
    """The obstacle limitation surfaces of an aerodrome; made by :meth:`of`.

    A place that touches the edge of a surface, to 1 cm, is under it.

    Parameters
    ----------
    runways
        What they were built from.
    aerodrome_elevation_amsl_m
        The datum of the inner horizontal surface.
    edition
        Of Annex 14.

    Examples
    --------
    The first runway of Shenzhen, 2 km past its south-eastern end on the extended centre line:

    >>> from lowalt.airspace.aerodromes import Runway
    >>> from lowalt.airspace.obstacles.dimensions import RunwayClass
    >>> surfaces = AerodromeSurfaces.of(
    ...     [RunwayData(designation="15/33", runway=Runway((113.803, 22.653), (113.818, 22.6256)),
    ...                 elevations_amsl_m=(4.0, 4.0), code_number=4,
    ...                 classification=RunwayClass.PRECISION_I)],
    ...     aerodrome_elevation_amsl_m=4.0)
    >>> place = Runway((113.803, 22.653), (113.818, 22.6256)).beyond(
    ...     high_end=True, beyond_m=2060.0, aside_m=0.0)
    >>> surfaces.limit_amsl_m([place, (114.3, 22.6)]).round(2)
    array([44., nan])
    >>> surfaces.governing([place]).tolist()
    [<Surface.APPROACH: 'approach'>]
    >>> surfaces.height_available_m([place], 3.0).round(2)
    array([41.])
    >>> [(str(s.surface), round(s.limit_amsl_m, 2))
    ...  for s in surfaces.explain(lon_deg=place[0], lat_deg=place[1])]
    [('approach', 44.0), ('take_off_climb', 44.0), ('inner_horizontal', 49.0)]
    """

    runways: tuple[RunwayData, ...]
    aerodrome_elevation_amsl_m: float
    edition: Edition
    _frame: LocalFrame = field(repr=False)
    _sets: tuple[RunwaySurfaces, ...] = field(repr=False, compare=False)

    @classmethod
    def of(
        cls,
        runways: Iterable[RunwayData],
        *,
        aerodrome_elevation_amsl_m: float,
        edition: Edition = Edition.EIGHTH_2018,
    ) -> AerodromeSurfaces:
        """Build the surfaces of all runways of an aerodrome.

        Parameters
        ----------
        runways
            One or more, within 20 km of the first.
        aerodrome_elevation_amsl_m
            Elevation datum of the inner horizontal surface (4.1.6): the aerodrome elevation, or in
            China the mean of the thresholds' elevations.
        edition
            Which widths to take.

        Raises
        ------
        InvalidInputError
            If there is no runway, one belongs elsewhere, the elevation is none, or a runway's end
            lies as high as the inner horizontal surface.
        """
        given = tuple(runways)
        if problems := [*_misfits(given, aerodrome_elevation_amsl_m, edition)]:
            raise InvalidInputError("obstacle limitation surfaces", problems=problems)
        frame = LocalFrame(given[0].runway.low[0])
        horizontal_amsl_m = aerodrome_elevation_amsl_m + INNER_HORIZONTAL_HEIGHT_M
        sets = tuple(
            RunwaySurfaces.of(
                data, frame=frame, edition=edition, horizontal_amsl_m=horizontal_amsl_m
            )
            for data in given
        )
        return cls(given, float(aerodrome_elevation_amsl_m), edition, frame, sets)

    def limit_amsl_m(self, lon_lat: ArrayLike) -> FloatArray:
        """Give the height of the lowest surface over each place.

        Parameters
        ----------
        lon_lat
            Places ``(N, 2)`` in degrees.

        Returns
        -------
        numpy.ndarray
            Metres above mean sea level, ``(N,)``; NaN where no surface is.

        Raises
        ------
        GeometryError
            If a place is none: NaN would read as a place without a limit.
        """
        return self._lowest(lon_lat)[0]

    def governing(self, lon_lat: ArrayLike) -> NDArray[np.object_]:
        """Give the lowest :class:`Surface` over each place ``(N, 2)``, or ``None``: ``(N,)``."""
        return _SURFACES[self._lowest(lon_lat)[1]]

    def height_available_m(self, lon_lat: ArrayLike, ground_amsl_m: ArrayLike) -> FloatArray:
        """Give the height between the ground and the lowest surface.

        Parameters
        ----------
        lon_lat
            Places ``(N, 2)`` in degrees.
        ground_amsl_m
            Elevation of the ground, ``(N,)`` or one number; NaN where it is not known.

        Returns
        -------
        numpy.ndarray
            Metres, ``(N,)``, negative where the ground pierces the surface; NaN where no surface is
            or the ground is not known.

        Raises
        ------
        InvalidInputError
            If the elevations do not fit the places.
        """
        limit_m = self.limit_amsl_m(lon_lat)
        try:
            ground_m = np.broadcast_to(np.asarray(ground_amsl_m, dtype=np.float64), limit_m.shape)
        except (TypeError, ValueError) as error:
            raise InvalidInputError(
                f"ground_amsl_m: {error}; expected one elevation in metres or one a place"
            ) from None
        return limit_m - ground_m

    def explain(self, *, lon_deg: float, lat_deg: float) -> tuple[SurfaceAbove, ...]:
        """Give every surface over a place, the lowest first."""
        xy = self._frame.to_plane(_places([(lon_deg, lat_deg)]))
        if not self._is_near(xy)[0]:
            return ()
        above = [
            SurfaceAbove(surface, runway.designation, float(height_m[0]))
            for runway in self._sets
            for surface, height_m in runway.layers(xy)
            if np.isfinite(height_m[0])
        ]
        return tuple(sorted(above, key=lambda one: one.limit_amsl_m))

    def outline(self, surface: Surface) -> Polygon | MultiPolygon:
        """Draw where a surface is, governing or not; of all runways together.

        For maps: arcs are cut by up to 3 cm, and outer edges drawn 1 cm further out. What a place
        may bear is asked of :meth:`limit_amsl_m`.

        Returns
        -------
        shapely.Polygon or shapely.MultiPolygon
            Longitude and latitude in degrees, no edge longer than 1 km.
        """

        def to_degrees(runway: RunwaySurfaces) -> BaseGeometry:
            plan = shapely.segmentize(runway.plan(surface), 1000.0)
            return shapely.transform(
                plan, lambda places: self._frame.to_lonlat(runway.line.to_plane(places))
            )

        drawn = shapely.union_all([to_degrees(runway) for runway in self._sets])
        assert isinstance(drawn, Polygon | MultiPolygon)
        return drawn

    def _is_near(self, xy: FloatArray) -> NDArray[np.bool_]:
        # Further away the plane is nonsense, and on the other side of the earth infinite.
        middle = self._sets[0].line.middle
        return np.asarray(np.abs(xy - (middle.real, middle.imag)).max(axis=1) <= _REACH_M)

    def _lowest(self, lon_lat: ArrayLike) -> tuple[FloatArray, NDArray[np.intp]]:
        """Give the lowest height, or NaN, and the number of its surface, or -1."""
        places = _places(lon_lat)
        limit_m = np.full(len(places), np.nan)
        which = np.full(len(places), -1, dtype=np.intp)
        for start in range(0, len(places), _CHUNK):
            xy = self._frame.to_plane(places[start : start + _CHUNK])
            near = np.flatnonzero(self._is_near(xy))
            limit_m[start + near], which[start + near] = self._lowest_near(xy[near])
        return limit_m, which

    def _lowest_near(self, xy: FloatArray) -> tuple[FloatArray, NDArray[np.intp]]:
        lowest_m = np.full(len(xy), np.inf)
        which = np.full(len(xy), -1, dtype=np.intp)
        for runway in self._sets:
            for surface, height_m in runway.layers(xy):
                which[height_m < lowest_m - SAME_HEIGHT_M] = _NUMBER[surface]
                np.minimum(lowest_m, height_m, out=lowest_m)
        return np.where(which < 0, np.nan, lowest_m), which


_SURFACES = np.array([*Surface, None], dtype=np.object_)
_NUMBER = {surface: number for number, surface in enumerate(Surface)}


def _misfits(
    runways: tuple[RunwayData, ...], elevation_amsl_m: float, edition: Edition
) -> Iterator[Problem]:
    """Say what keeps runways from being those of one aerodrome."""
    if edition not in tuple(Edition):
        yield Problem("edition", repr(edition), f"expected one of {', '.join(Edition)}")
    if not runways:
        yield Problem("runways", "none", "expected one or more; without one there is no surface")
    if not is_number(elevation_amsl_m):
        wanted = "expected metres; the inner horizontal surface is measured from it"
        yield Problem("aerodrome_elevation_amsl_m", repr(elevation_amsl_m), wanted)
        return
    for number, data in enumerate(runways):
        where = f"runways[{number}] ({data.designation})"
        away_m = float(geodesic_distance_m([data.runway.low], [runways[0].runway.low])[0])
        if away_m > _FURTHEST_RUNWAY_M:
            wanted = "expected the runways of one aerodrome, within 20 km of the first"
            yield Problem(where, f"{away_m / 1000.0:.0f} km away", wanted)
        if max(data.elevations_amsl_m) >= elevation_amsl_m + INNER_HORIZONTAL_HEIGHT_M:
            given = f"{data.elevations_amsl_m}, and an aerodrome elevation of {elevation_amsl_m}"
            wanted = "expected ends below the inner horizontal surface; is everything in metres?"
            yield Problem(where, given, wanted)


def _places(lon_lat: ArrayLike) -> FloatArray:
    """Read places that are places, or say which is not."""
    try:
        places = as_points(lon_lat)
    except (TypeError, ValueError) as error:
        raise GeometryError(f"places: {error}; expected degrees (N, 2), longitude first") from None
    wrong = np.flatnonzero(~(np.abs(places) <= (180.0, 90.0)).all(axis=1))
    if len(wrong):
        first = tuple(places[wrong[0]].tolist())
        raise GeometryError(
            f"places[{wrong[0]}]: given {first}, like {len(wrong)} of {len(places)}; expected"
            " longitude first, at most 180 and 90 degrees"
        )
    return places
