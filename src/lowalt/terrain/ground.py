"""A level from one vertical reference to another: ground and geoid behind two small protocols.

Where the ground or the geoid is not known, the converted level is not known either (NaN); it is
never guessed. Without a model, a plan in AMSL has an unknown true height.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lowalt.levels import VerticalReference

FloatArray = NDArray[np.float64]


class TerrainModel(Protocol):
    """Elevation of the ground.

    Attributes
    ----------
    name
        Which model it is, for records.
    spacing_m
        Distance at which the ground is to be sampled along a leg. Both ends of every piece are
        sampled and the leg is straight between them, so that a true height between two samples
        exceeds the greater of theirs by at most ``slope * spacing_m / 2``, with the greatest
        slope of the ground between them (1 for 45 degrees). An area is sampled so densely that
        no place of it is farther than half this distance from a sample, and the same bound
        holds. Nothing is added for it.
    """

    @property
    def name(self) -> str:
        """Which model it is, for records."""

    @property
    def spacing_m(self) -> float:
        """Distance at which the ground is to be sampled, metres."""

    def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
        """Elevation at places ``(N, 2)`` in degrees: metres ``(N,)``, NaN where not known."""


class GeoidModel(Protocol):
    """Height of the geoid above the ellipsoid."""

    def undulation_m(self, lon_lat: FloatArray) -> FloatArray:
        """Undulation at places ``(N, 2)`` in degrees: metres ``(N,)``, NaN where not known."""


@dataclass(frozen=True, slots=True)
class UniformTerrain:
    """Ground of one elevation everywhere: the sea, or a field that its user knows.

    Parameters
    ----------
    ground_amsl_m
        The elevation, metres above mean sea level.

    Examples
    --------
    >>> UniformTerrain(4.0).elevation_amsl_m(np.array([[113.8, 22.6]]))
    array([4.])
    """

    ground_amsl_m: float
    spacing_m: float = 1000.0

    @property
    def name(self) -> str:
        """Name with the elevation."""
        return f"uniform {self.ground_amsl_m:g} m AMSL"

    def elevation_amsl_m(self, lon_lat: FloatArray) -> FloatArray:
        """Elevation at places ``(N, 2)``: the same everywhere."""
        return np.full(len(lon_lat), self.ground_amsl_m)


@dataclass(frozen=True, slots=True)
class Ground:
    """What is known below some places: the vertices of a path, or samples of an area.

    Attributes
    ----------
    elevation_amsl_m
        Of the ground, ``(N,)``, NaN where not known.
    undulation_m
        Of the geoid, ``(N,)``, NaN where not known.
    take_off_amsl_m
        Elevation of the take-off point, NaN where not known.
    """

    elevation_amsl_m: FloatArray
    undulation_m: FloatArray
    take_off_amsl_m: float

    @classmethod
    def below(
        cls,
        lon_lat: FloatArray,
        *,
        terrain: TerrainModel | None,
        geoid: GeoidModel | None,
        take_off_amsl_m: float | None,
    ) -> Ground:
        """Ask the models below places ``(N, 2)`` in degrees; no model, no knowledge."""
        unknown = np.full(len(lon_lat), np.nan)
        return cls(
            terrain.elevation_amsl_m(lon_lat) if terrain is not None else unknown,
            geoid.undulation_m(lon_lat) if geoid is not None else unknown,
            np.nan if take_off_amsl_m is None else take_off_amsl_m,
        )

    def deciding(self) -> Ground:
        """Keep the places, six at most, where converted levels are lowest or highest.

        What is added to a level to convert it is, but for a constant, the elevation, the
        undulation or the sum of the two, with either sign. So the range of a level over all the
        places is its range over those where one of the three is least or greatest; and where one
        is not known somewhere, over a place where it is not, which leaves the range unknown too.

        Examples
        --------
        >>> Ground(np.array([30.0, 10.0, 20.0]), np.zeros(3), np.nan).deciding().elevation_amsl_m
        array([30., 10.])
        """
        elevation_m, undulation_m = self.elevation_amsl_m, self.undulation_m
        # The least and greatest of numbers that hold a NaN is to numpy that NaN.
        kept = np.unique(
            [
                at(values)
                for values in (elevation_m, undulation_m, elevation_m + undulation_m)
                for at in (np.argmin, np.argmax)
            ]
        )
        return Ground(elevation_m[kept], undulation_m[kept], self.take_off_amsl_m)

    def _offset_to_amsl(self, reference: VerticalReference) -> FloatArray | float:
        """Return what is added to a level of a reference to make it AMSL."""
        offsets: dict[VerticalReference, FloatArray | float] = {
            VerticalReference.AMSL: 0.0,
            VerticalReference.AGL: self.elevation_amsl_m,
            VerticalReference.HAE: -self.undulation_m,
            VerticalReference.ATO: self.take_off_amsl_m,
        }
        return offsets[reference]

    def convert(
        self, values_m: FloatArray, *, source: VerticalReference, target: VerticalReference
    ) -> FloatArray:
        """Convert levels of the vertices; NaN where the ground between the two is not known.

        Parameters
        ----------
        values_m
            Levels ``(N,)`` in the source reference, metres.

        Examples
        --------
        >>> ground = Ground(np.array([30.0, np.nan]), np.array([-3.5, -3.5]), np.nan)
        >>> ground.convert(
        ...     np.array([130.0, 130.0]),
        ...     source=VerticalReference.AMSL, target=VerticalReference.AGL)
        array([100.,  nan])
        """
        if source is target:
            return values_m
        return np.asarray(values_m + self._offset_to_amsl(source) - self._offset_to_amsl(target))
