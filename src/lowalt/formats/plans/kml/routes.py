"""From a track or a line to a route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np

from lowalt.errors import InvalidInputError
from lowalt.formats.exchange import Loss
from lowalt.formats.kml.figures import MODES
from lowalt.formats.plans.exchange import Draft, Need, Told
from lowalt.formats.plans.flown import Move, flown
from lowalt.formats.plans.kml.tracks import Period, Place, Track
from lowalt.formats.plans.recorded import Fix, recorded
from lowalt.geodesy import geodesic_distance_m
from lowalt.levels import Level, VerticalReference

_REFERENCES: Final = {mode: reference for reference, mode in MODES.items()}

# Takes the place of a level that is missing, in what is only looked through for more of that.
_ANY_LEVEL: Final = Level(0.0, VerticalReference.AGL)


def route_draft(track: Track, period: Period | None, *, plan_id: str, told: Told) -> Draft:
    """Draft the flight along a track.

    Parameters
    ----------
    track
        The track.
    period
        When its placemark is shown, which tells the time of a line that has none of its own.
    plan_id
        The plan.
    told
        Departure, speed and level, where the file does not say.

    Raises
    ------
    InvalidInputError
        If something is missing, or the track is none that can be flown.
    """
    levels, needs, losses = _levels(track, plan_id=plan_id, told=told)
    if track.unknown:
        how = f"times without a place: {track.unknown}; straight from the place before to the next"
        losses.append(Loss(plan_id, "track", how))
    document: dict[str, Any] = {"plan_id": plan_id, "datum": "WGS84"}
    times: Sequence[datetime] = track.times
    if not times and period is not None and period.begin is not None:
        if period.end is None:
            told = replace(told, departure=period.begin)
        else:
            times = _uniform(track.places, levels, period.begin, period.end)
            how = "worked out between begin and end, at one speed along the line"
            losses.append(Loss(plan_id, "times", how))
    if not times:
        moves = (
            Move(lon_deg=at.lon_deg, lat_deg=at.lat_deg, level=level, where=f"place {number}")
            for number, (at, level) in enumerate(zip(track.places, levels, strict=True), start=1)
        )
        waypoints, of_times = flown(moves, plan_id=plan_id, told=told, needs=needs)
        return Draft({**document, "waypoints": waypoints}, (*losses, *of_times))
    fixes = (
        Fix(at.lon_deg, at.lat_deg, level, time, f"{track.where}: place {number}")
        for number, (at, level, time) in enumerate(
            zip(track.places, levels, times, strict=True), start=1
        )
    )
    waypoints = recorded(fixes, plan_id=plan_id, told=told, needs=needs)
    return Draft({**document, "waypoints": waypoints}, tuple(losses))


def _levels(track: Track, *, plan_id: str, told: Told) -> tuple[list[Level], set[Need], list[Loss]]:
    """Levels of the places; those that are told, where KML says to look away from them."""
    reference = _REFERENCES.get(track.mode)
    stated = [at.altitude_m for at in track.places]
    if reference is not None and None not in stated:
        return [Level(m, reference) for m in stated if m is not None], set(), []
    if reference is not None and any(m is not None for m in stated):
        number = stated.index(None) + 1
        raise InvalidInputError(
            f"{track.where}: place {number}: no altitude, where others have one; give it its own"
        )
    if told.level is None:
        return [_ANY_LEVEL] * len(stated), {Need.LEVEL}, []
    losses = []
    if any(stated):
        how = f"altitudes do not count with {track.mode[:40]}: flown at {told.level}, as told"
        losses.append(Loss(plan_id, "heights", how))
    return [told.level] * len(stated), set(), losses


def _uniform(
    places: Sequence[Place], levels: Sequence[Level], begin: datetime, end: datetime
) -> list[datetime]:
    """Share out the time at one speed along the line, climbs included."""
    if len(places) < 2:
        return [begin] * len(places)
    lon_lat = np.array([(at.lon_deg, at.lat_deg) for at in places])
    up_m = np.diff([level.value_m for level in levels])
    length_m = np.hypot(geodesic_distance_m(lon_lat[:-1], lon_lat[1:]), up_m)
    along_m = np.concatenate(([0.0], np.cumsum(length_m)))
    share = along_m / along_m[-1] if along_m[-1] else along_m
    seconds = (end - begin).total_seconds()
    return [begin + timedelta(seconds=seconds * at) for at in share.tolist()]
