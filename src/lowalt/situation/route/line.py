"""A route in the plane: a line, a width to either side, and heights that change from leg to leg.

All places within the half-width of the line are on the route, so its segments are strips with round
ends, as those of a corridor's volumes are. Nothing of the width is drawn: what is near enough comes
from distances to the segments, in closed form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lowalt.airspace import Corridor
from lowalt.flights import PrescribedRoute
from lowalt.geodesy import LocalFrame, cut_geodesic
from lowalt.levels import VerticalLayer
from lowalt.paths import BoolArray, ComplexArray, IntArray
from lowalt.terrain import FloatArray

Place = tuple[float, float]


@dataclass(frozen=True)  # no slots: what is derived is worked out once, on first use
class RouteLine:
    """A route.

    Attributes
    ----------
    vertices
        Points of the line in the plane as x + iy, ``(K + 1,)``: those given, and between them
        others on the geodesics, so that a segment is straight in the plane to a millimetre.
    layer
        Number of the layer of each segment, ``(K,)``.
    layers
        Every layer of the route, once.
    half_width_m
        On the ground.
    """

    vertices: ComplexArray
    layer: IntArray
    layers: tuple[VerticalLayer, ...]
    half_width_m: float

    @classmethod
    def of(cls, route: Corridor | PrescribedRoute, *, frame: LocalFrame) -> RouteLine:
        """Lay a route into a plane."""
        if isinstance(route, Corridor):
            points = [(point.lon_deg, point.lat_deg) for point in route.points]
            return cls.through(points, route.layers, route.half_width_m, frame=frame)
        layers = [VerticalLayer(route.floor, route.ceiling)] * (len(route.points) - 1)
        return cls.through(route.points, layers, route.half_width_m, frame=frame)

    @classmethod
    def through(
        cls,
        points: Sequence[Place],
        layers: Sequence[VerticalLayer],
        half_width_m: float,
        *,
        frame: LocalFrame,
    ) -> RouteLine:
        """Lay a line through points, longitude and latitude in degrees, with a layer for each leg.

        Examples
        --------
        >>> line = RouteLine.through(
        ...     [(114.0, 22.5), (114.1, 22.5)], [VerticalLayer()], 500.0, frame=LocalFrame(114.0))
        >>> beside = line.vertices[:1] + 300j
        >>> line.distances(beside).min().round(1)
        np.float64(300.0)
        """
        starts, leg, _ = cut_geodesic(points)
        xy = frame.to_plane(np.vstack((starts, points[-1:])))
        distinct = tuple(dict.fromkeys(layers))
        number = np.array([distinct.index(layer) for layer in layers], dtype=np.int64)
        return cls(xy.view(np.complex128)[:, 0], number[leg], distinct, half_width_m)

    @cached_property
    def along(self) -> ComplexArray:
        """From the beginning to the end of each segment, ``(K,)``."""
        return np.diff(self.vertices)

    @cached_property
    def length_m(self) -> FloatArray:
        """Length of each segment in the plane, ``(K,)``."""
        return np.abs(self.along)

    @cached_property
    def before_m(self) -> FloatArray:
        """Length of the line before each segment, ``(K,)``."""
        return np.asarray(np.cumsum(self.length_m) - self.length_m)

    def distances(self, places: ComplexArray) -> FloatArray:
        """Distance in the plane of places, ``(N,)``, from each segment, ``(N, K)``."""
        offset = self._from_start(places)
        share = np.clip((self.along.conj() * offset).real / self.length_m**2, 0.0, 1.0)
        return np.asarray(np.abs(offset - share * self.along))

    def within(self, places: ComplexArray, reach_m: float) -> tuple[FloatArray, FloatArray]:
        """Find which part of each segment lies within reach of places.

        Returns
        -------
        low, high : (N, K) float64
            Where it begins and ends, metres along the line; NaN where there is none.
        """
        seen = self._from_start(places) * (self.along / self.length_m).conj()
        with np.errstate(invalid="ignore"):
            half_m = np.sqrt(reach_m**2 - seen.imag**2)
        low, high = (
            np.maximum(seen.real - half_m, 0.0),
            np.minimum(seen.real + half_m, self.length_m),
        )
        missed = ~(low <= high)
        low[missed] = high[missed] = np.nan
        return self.before_m + low, self.before_m + high

    def holds(self, near: BoolArray) -> BoolArray:
        """From what is near each segment, ``(N, K)``, to the layers found there, ``(N, L)``."""
        return np.column_stack(
            [near[:, self.layer == number].any(axis=1) for number in range(len(self.layers))]
        )

    def _from_start(self, places: ComplexArray) -> ComplexArray:
        """From the beginning of each segment to places, ``(N, K)``."""
        return np.asarray(places[:, None] - self.vertices[:-1])
