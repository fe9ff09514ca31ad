"""When many flights are in which zones: place, height and hours together.

A zone has one volume or more, and of each there is a region where it surely is and one where it
may be. What is said of a flight and a zone comes from its times in all of these, joined where they
meet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from lowalt.airspace import AirspaceDataset, Zone
from lowalt.paths import BoolArray, Bounds, IntArray, Paths
from lowalt.situation.columns import Columns
from lowalt.situation.stays.boundaries import Boundaries
from lowalt.situation.stays.crossings import cross
from lowalt.situation.stays.hours import cut, is_open_within, windows_of
from lowalt.situation.stays.layers import Heights, Layers
from lowalt.situation.stays.spans import expand, join, overlap
from lowalt.situation.stays.stretches import Stretches
from lowalt.terrain import FloatArray

_JOIN_S = 1e-6
"""Stays nearer in time than this are one."""


@dataclass(frozen=True, slots=True)
class Stays(Columns):
    """Stays of paths in zones, ``(N,)`` each.

    Attributes
    ----------
    path, zone
        Number of the path, and of the zone in its dataset.
    start_s, end_s
        Seconds after the first vertex of the path; of what is certain, if anything is.
    is_certain
        Whether some of the stay is certain.
    is_inside
        Whether the airspace around the path surely does more than touch the zone.
    meets_micro, misses_micro
        Whether it surely meets volumes that bind micro UAV, and whether it surely meets none.
    """

    path: IntArray
    zone: IntArray
    start_s: FloatArray
    end_s: FloatArray
    is_certain: BoolArray
    is_inside: BoolArray
    meets_micro: BoolArray
    misses_micro: BoolArray


@dataclass(frozen=True, slots=True)
class _Spells(Columns):
    """Times during which paths are in regions, ``(N,)`` each.

    Attributes
    ----------
    path, region
        Their numbers.
    start_s, end_s
        Seconds after the first vertex of the path.
    known
        Whether the height is known to be within the layer.
    deep
        Whether the airspace around the path does more than touch the region.
    """

    path: IntArray
    region: IntArray
    start_s: FloatArray
    end_s: FloatArray
    known: BoolArray
    deep: BoolArray


class Survey:
    """Zones of an airspace, laid out to be crossed by many paths.

    Parameters
    ----------
    airspace
        The airspace.
    asked
        Which of its zones are asked about.
    bounds
        Box of the plane that holds the airspace of all flights.
    periods_us
        Their times (:func:`lowalt.situation.stays.hours.periods_of`).
    """

    def __init__(
        self,
        airspace: AirspaceDataset,
        asked: Callable[[Zone], bool],
        *,
        bounds: Bounds,
        periods_us: IntArray,
    ) -> None:
        near = [number for number in airspace.near(bounds) if asked(airspace.zones[number])]
        windows = {number: windows_of(airspace.zones[number], periods_us) for number in near}
        # A zone that has hours, and none in these times, is not looked for.
        self._windows = {
            n: found for n, found in windows.items() if found is not None and len(found)
        }
        zones = [number for number in near if windows[number] is None or number in self._windows]
        rows = [
            (zone, micro, is_sure, limits.layer, region)
            for zone in zones
            for micro in (False, True)
            for limits in airspace.limits(zone, micro=micro)
            for region, is_sure in limits.regions
        ]
        self._zone = np.array([row[0] for row in rows], dtype=np.int64)
        self._is_micro = np.array([row[1] for row in rows], dtype=bool)
        self._is_sure = np.array([row[2] for row in rows], dtype=bool)
        self._layers = Layers.of([row[3] for row in rows])
        self._boundaries = Boundaries.of([row[4] for row in rows], within=bounds)
        self._has_micro = np.array([z.micro_volumes is not None for z in airspace.zones], bool)

    @property
    def size(self) -> int:
        """How many regions there are."""
        return len(self._zone)

    def stays(self, paths: Paths) -> Stays:
        """Find the stays of paths in the zones, in no particular order."""
        heights = Heights(paths, self._layers)
        somewhere, throughout = heights.reach()
        found = cross(paths, self._boundaries, somewhere & self._may_be_active(paths))
        whole = throughout[found.path, found.region]
        spells = self._in_hours(
            paths,
            _Spells.together(
                (
                    _throughout(paths, found.rows(whole)),
                    _at_height(paths, heights, found.rows(~whole)),
                )
            ),
        )
        micro = self._is_micro[spells.region]
        return self._joined(spells.rows(~micro), spells.rows(micro))

    def _may_be_active(self, paths: Paths) -> BoolArray:
        """Whether the zone of each region is active at some time of each path, ``(P, R)``."""
        last_s = paths.t_s[paths.first[1:] - 1]
        end_us = paths.epoch_us + np.ceil(last_s * 1e6).astype(np.int64)
        result = np.ones((len(paths.plan), len(self._zone)), dtype=bool)
        for zone, windows_us in self._windows.items():
            active = is_open_within(windows_us, paths.epoch_us, end_us)
            result[:, self._zone == zone] = active[:, None]
        return result

    def _in_hours(self, paths: Paths, spells: _Spells) -> _Spells:
        zone = self._zone[spells.region]
        parts = [spells.rows(~np.isin(zone, list(self._windows)))]
        for number in set(self._windows) & set(zone.tolist()):
            ours = spells.rows(zone == number)
            origin_us = paths.epoch_us[ours.path]
            spell, start_s, end_s = cut(self._windows[number], origin_us, ours.start_s, ours.end_s)
            parts.append(replace(ours.rows(spell), start_s=start_s, end_s=end_s))
        return _Spells.together(parts)

    def _joined(self, spells: _Spells, micro: _Spells) -> Stays:
        """Join what meets in time into stays, and ask of each which micro volumes it meets."""
        order, begins = join(self._pair(spells), spells.start_s, spells.end_s, gap=_JOIN_S)
        spells = spells.rows(order)
        certain = spells.known & self._is_sure[spells.region]
        is_certain = np.logical_or.reduceat(certain, begins)
        # Where some of a stay is certain, the rest of it does not count.
        lengths = np.diff(begins, append=len(order))
        counts = certain | ~np.repeat(is_certain, lengths)
        start_s = np.minimum.reduceat(np.where(counts, spells.start_s, np.inf), begins)
        end_s = np.maximum.reduceat(np.where(counts, spells.end_s, -np.inf), begins)
        first = spells.rows(begins)
        zone = self._zone[first.region]
        surely = micro.rows(micro.known & self._is_sure[micro.region])
        meets, may_meet = (
            overlap(
                self._pair(first),
                start_s,
                end_s,
                others=(self._pair(some), some.start_s, some.end_s),
            )
            for some in (surely, micro)
        )
        return Stays(
            path=first.path,
            zone=zone,
            start_s=start_s,
            end_s=end_s,
            is_certain=is_certain,
            is_inside=np.logical_or.reduceat(certain & spells.deep, begins),
            meets_micro=meets | ~self._has_micro[zone],
            misses_micro=~may_meet & self._has_micro[zone],
        )

    def _pair(self, spells: _Spells) -> IntArray:
        """One number for the path and the zone of each."""
        return spells.path * len(self._has_micro) + self._zone[spells.region]


def _throughout(paths: Paths, stretches: Stretches) -> _Spells:
    """Bring stretches that are within their layer from end to end to times."""
    known = np.ones(len(stretches.path), dtype=bool)
    start_s, end_s = (
        _times(paths, *_pieces(paths, stretches.path, at)) for at in (stretches.low, stretches.high)
    )
    return _Spells(stretches.path, stretches.region, start_s, end_s, known, stretches.deep)


def _at_height(paths: Paths, heights: Heights, stretches: Stretches) -> _Spells:
    """Cut stretches, piece by piece, to what is within their layer, and bring that to times."""
    first, _ = _pieces(paths, stretches.path, stretches.low)
    last, _ = _pieces(paths, stretches.path, stretches.high)
    owner, step = expand(last - first + 1)
    piece = first[owner] + step
    number = piece - paths.first[stretches.path[owner]]
    low, high, known = heights.cut(
        piece,
        stretches.region[owner],
        np.clip(stretches.low[owner] - number, 0.0, 1.0),
        np.clip(stretches.high[owner] - number, 0.0, 1.0),
    )
    kept = low <= high
    owner, piece = owner[kept], piece[kept]
    return _Spells(
        stretches.path[owner],
        stretches.region[owner],
        _times(paths, piece, low[kept]),
        _times(paths, piece, high[kept]),
        known[kept],
        stretches.deep[owner],
    )


def _pieces(paths: Paths, path: IntArray, at: FloatArray) -> tuple[IntArray, FloatArray]:
    """Split places on paths into the piece and the share of it; the end is of the last piece."""
    most = np.diff(paths.first)[path] - 2
    number = np.minimum(at.astype(np.int64), most)
    return paths.first[path] + number, at - number


def _times(paths: Paths, piece: IntArray, share: FloatArray) -> FloatArray:
    start_s = paths.t_s[piece]
    return np.asarray(start_s + share * (paths.t_s[piece + 1] - start_s))
