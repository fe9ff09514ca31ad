"""The compiled conflict detector of BlueSky: who will come too close, seen from one instant.

It is given where aircraft are and how they move, and looks ahead along straight lines, each pair of
aircraft at a time. The library is loaded by itself: the simulator around it, its settings and its
databases play no part. It reckons distances on a sphere, on which aircraft are placed about the
equator, where a degree of longitude is as long as one of latitude to a hundredth of a millimetre a
metre, and takes of two aircraft the larger zone, not the sum of two; here all zones are alike.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from importlib.machinery import ExtensionFileLoader
from pathlib import Path
from typing import Any

import numpy as np

from lowalt.conflicts import TrackArray
from lowalt.conflicts.arrays import FloatArray, IntArray, T, X, Z
from lowalt.conflicts.scenarios import DEPTH_M, WIDTH_M

INSTALL = "pip install --no-deps bluesky-simulator"

EARTH_RADIUS_M = 6_371_000.0
"""As BlueSky has it."""

Detect = Callable[..., tuple[Any, ...]]


def loaded() -> Detect | None:
    """Load the detector from where the simulator is installed, if it is."""
    found = importlib.util.find_spec("bluesky")
    for folder in (found and found.submodule_search_locations) or ():
        for library in (Path(folder) / "traffic" / "asas").glob("cstatebased.*"):
            if library.suffix in {".so", ".pyd"}:
                loader = ExtensionFileLoader("cstatebased", str(library))
                spec = importlib.util.spec_from_loader("cstatebased", loader)
                assert spec is not None
                module = importlib.util.module_from_spec(spec)
                loader.exec_module(module)
                detect: Detect = module.detect
                return detect
    return None


@dataclass(frozen=True)
class Instant:
    """Aircraft at one time.

    Attributes
    ----------
    place_m, velocity_m_s
        East, north and up, ``(N, 3)`` each.
    """

    place_m: FloatArray
    velocity_m_s: FloatArray

    @classmethod
    def of(cls, tracks: TrackArray) -> Instant:
        """Take each flight at the beginning of one of its legs, all at once."""
        legs = np.diff(tracks.offsets) - 1
        leg = tracks.offsets[:-1] + np.arange(len(tracks)) % legs
        start, end = tracks.vertices[leg], tracks.vertices[leg + 1]
        taken_s = end[:, T] - start[:, T]
        return cls(start[:, X:], (end[:, X:] - start[:, X:]) / taken_s[:, None])

    def ahead(self, seconds: float, *, radius_m: float, height_m: float) -> TrackArray:
        """Give the straight lines ahead as flights, whose zones are a half each."""
        count = len(self.place_m)
        places = np.stack((self.place_m, self.place_m + seconds * self.velocity_m_s), axis=1)
        x_m, y_m, z_m = places.reshape(-1, 3).T
        return TrackArray.from_local(
            2 * np.arange(count + 1), x_m, y_m, z_m, np.tile([0.0, seconds], count),
            horizontal_radius_m=radius_m / 2.0, vertical_radius_m=height_m / 2.0,
        )  # fmt: skip


class _Aircraft:
    """Aircraft as the detector reads them: arrays by name, degrees."""

    def __init__(self, instant: Instant) -> None:
        east, north, up = instant.velocity_m_s.T
        from_middle_m = instant.place_m[:, :2] - np.array([WIDTH_M, DEPTH_M]) / 2.0
        self.lon, self.lat = np.degrees(from_middle_m / EARTH_RADIUS_M).T.copy()
        self.alt = instant.place_m[:, Z - X].copy()
        self.trk, self.gs = np.degrees(np.arctan2(east, north)), np.hypot(east, north)
        self.vs = up.copy()
        self.id = list(range(len(east)))


def pairs_ahead(
    detect: Detect, instant: Instant, seconds: float, *, radius_m: float, height_m: float
) -> IntArray:
    """Ask BlueSky which aircraft will be in conflict within some seconds, ``(K, 2)``, sorted."""
    aircraft = _Aircraft(instant)
    zones = (np.full(len(aircraft.id), size) for size in (radius_m, height_m, seconds))
    found = np.array(detect(aircraft, aircraft, *zones)[0], dtype=np.intp).reshape(-1, 2)
    return np.unique(np.sort(found, axis=1), axis=0)
