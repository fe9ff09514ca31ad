"""Strategies for time-ordered 4D polylines, as the arrays that conflict detection takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from numpy.typing import NDArray

from lowalt.geodesy import LocalFrame
from lowalt.levels import VerticalReference
from lowalt.testing.values import EVERY_REFERENCE, REGION, Region, require_range


@dataclass(frozen=True, slots=True, eq=False)
class Polyline4D:
    """A flight as vertices, straight and uniform between them.

    Attributes
    ----------
    lon_lat
        Longitude and latitude, degrees, ``(N, 2)`` float64.
    level_m
        Level, metres above ``reference``, ``(N,)`` float64.
    t_s
        Seconds after an epoch of the reader's, ``(N,)`` float64, strictly increasing.
    reference
        Vertical reference of every level.
    """

    lon_lat: NDArray[np.float64]
    level_m: NDArray[np.float64]
    t_s: NDArray[np.float64]
    reference: VerticalReference


def tracks(
    *,
    region: Region = REGION,
    references: tuple[VerticalReference, ...] = (VerticalReference.AMSL,),
    min_m: float = 0.0,
    max_m: float = 150.0,
    min_points: int = 2,
    max_points: int = 6,
    max_speed_m_s: float = 30.0,
    spread_m: float = 2000.0,
) -> st.SearchStrategy[Polyline4D]:
    """Flights near one another: tracks that share places, levels and times, so that they meet.

    Every track starts within ``spread_m`` of the middle of the region, on a coarse grid and at a
    round time: hovers, tracks that touch, overtake, meet head-on or coincide are all common.

    Parameters
    ----------
    region
        Where; its middle is the centre of the traffic.
    references
        References to draw one from for a track.
    min_m, max_m
        Least and greatest level, metres.
    min_points, max_points
        Number of vertices, 2 at least.
    max_speed_m_s
        Greatest speed over ground between two vertices.
    spread_m
        How far from the middle a track may start, east and north.

    Examples
    --------
    >>> from hypothesis import find
    >>> track = find(tracks(), lambda track: len(track.t_s) == 3)
    >>> track.lon_lat.shape, bool((np.diff(track.t_s) > 0).all())
    ((3, 2), True)
    """
    require_range(min_m, max_m, names="min_m and max_m")
    require_range(min_points, max_points, names="min_points and max_points")
    if min_points < 2 or max_speed_m_s <= 0 or spread_m < 0:
        raise InvalidArgument(
            f"min_points={min_points}, max_speed_m_s={max_speed_m_s}, spread_m={spread_m}: a track"
            " has 2 points at least, a speed above 0, and a spread of 0 or more"
        )
    if not set(references) <= set(EVERY_REFERENCE) or not references:
        raise InvalidArgument(f"references={references!r}: name VerticalReference members")
    return _tracks(
        region,
        tuple(references),
        band_m=(min_m, max_m),
        points=(min_points, max_points),
        max_speed_m_s=max_speed_m_s,
        spread_m=spread_m,
    )


@st.composite
def _tracks(
    draw: st.DrawFn,
    region: Region,
    references: tuple[VerticalReference, ...],
    *,
    band_m: tuple[float, float],
    points: tuple[int, int],
    max_speed_m_s: float,
    spread_m: float,
) -> Polyline4D:
    frame = LocalFrame(round((region.west_deg + region.east_deg) / 2.0))
    middle = [(region.west_deg + region.east_deg) / 2, (region.south_deg + region.north_deg) / 2]
    centre = frame.to_plane([middle])[0]
    count = draw(st.integers(*points))
    step = st.integers(-8, 8).map(lambda n: n / 8.0)
    xy = [centre + spread_m * np.array([draw(step), draw(step)])]
    t_s = [float(draw(st.integers(0, 10)) * 30)]
    for _ in range(count - 1):
        seconds = float(draw(st.sampled_from([1, 10, 30, 60, 120])))
        # Shares of the greatest speed east and north; the diagonal stays below it too.
        way = np.array([draw(step), draw(step)]) * max_speed_m_s * seconds / np.sqrt(2.0)
        xy.append(xy[-1] + way)
        t_s.append(t_s[-1] + seconds)
    low, high = band_m
    share = st.integers(0, 10).map(lambda n: low + (high - low) * n / 10.0)
    return Polyline4D(
        frame.to_lonlat(np.array(xy)),
        np.array([draw(share) for _ in range(count)]),
        np.array(t_s),
        draw(st.sampled_from(references)),
    )
