"""From moves without times to waypoints with times."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

import numpy as np

from lowalt.errors import InvalidInputError
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.exchange import Need, Told, refuse_missing
from lowalt.formats.plans.profile import Performance
from lowalt.geodesy import geodesic_distance_m
from lowalt.levels import Level, VerticalReference

MOST_WAYPOINTS: Final = 1_000_000
"""Most waypoints of a plan."""

_LONGEST_S = 1e9  # 31 years; no sum of them leaves the calendar
_FASTEST_M_S = 1e4  # as in a plan
_SAME_DEG, _SAME_M = 1e-8, 1e-3  # a millimetre: less is no move
_LEAST_S = 1e-3  # times of different places are told apart, however fast and near

# From the ground below and from the take-off point: where the two are the same, which is where
# aircraft climb straight up and come down, they differ by nothing that a time would show.
_NEAR_THE_GROUND = frozenset({VerticalReference.AGL, VerticalReference.ATO})


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Straight to a place, and how long it stays there.

    Parameters
    ----------
    lon_deg, lat_deg, level
        The place.
    speed_m_s
        Over ground on the way there, if the file says so.
    hold_s
        How long it waits there.
    where
        What the file calls it, for messages: ``item 4``.
    """

    lon_deg: float
    lat_deg: float
    level: Level
    speed_m_s: float | None = None
    hold_s: float = 0.0
    where: str = ""


def flown(
    moves: Iterable[Move],
    *,
    plan_id: str,
    told: Told,
    needs: Iterable[Need] = (),
    states_buffer: bool = False,
    take_off_amsl_m: float | None = None,
) -> tuple[list[dict[str, Any]], tuple[Loss, ...]]:
    """Give the waypoints of a plan document, timed, and what its reader should know of them.

    A leg takes as long as the slowest of the way across, the climb and the descent. The speed
    across is the file's, else the operator's cruise; rates of climb and descent are the
    operator's. Where no rate is known, a leg that is no steeper than one to one is flown at its
    speed along its slope; a steeper one is refused.

    Parameters
    ----------
    moves
        The first is where the flight begins. They are counted as they come, so that repeats
        within repeats end here.
    plan_id
        The plan, for messages and losses.
    told
        The departure, and the operator's performance.
    needs
        What else the reader found missing, so that one refusal names all. The levels and places
        of the moves that lack it do not matter then.
    states_buffer
        Whether the file itself says the half-width of the airspace.
    take_off_amsl_m
        Elevation of the take-off point, if the file says it: levels above take-off are brought to
        mean sea level with it where the file has both.

    Returns
    -------
    waypoints : list of dict
        As in a plan document. Moves to where it is already are one with it.
    losses : tuple of Loss
        That the times were worked out, and how; where levels have two references.

    Raises
    ------
    InvalidInputError
        If something is missing, which the message names all at once; if a move is no place or
        has no speed; or if there are more than :data:`MOST_WAYPOINTS` waypoints.

    Examples
    --------
    >>> from datetime import datetime
    >>> from lowalt.formats.plans.profile import OperatorProfile, RouteRules
    >>> told = Told(
    ...     departure=datetime.fromisoformat("2026-06-10T10:00:00+08:00"),
    ...     profile=OperatorProfile(
    ...         route=RouteRules(buffer_m=20.0), performance=Performance(climb_m_s=4.0)
    ...     ),
    ... )
    >>> ground, above = Level(0.0, VerticalReference.ATO), Level(80.0, VerticalReference.ATO)
    >>> waypoints, losses = flown(
    ...     [
    ...         Move(lon_deg=113.9502, lat_deg=22.5431, level=ground),
    ...         Move(lon_deg=113.9502, lat_deg=22.5431, level=above),
    ...         Move(lon_deg=113.9502, lat_deg=22.5521, level=above, speed_m_s=10.0),
    ...     ],
    ...     plan_id="p",
    ...     told=told,
    ... )
    >>> [waypoint["time"].strftime("%H:%M:%S") for waypoint in waypoints]
    ['10:00:00', '10:00:20', '10:01:59']
    >>> print(*losses)
    p: times: worked out from 10 m/s and the departure given; the file has none
    """
    kept = _in_one_reference(list(_distinct(moves, plan_id=plan_id)), take_off_amsl_m)
    missing = set(needs)
    if told.departure is None:
        missing.add(Need.DEPARTURE)
    if told.profile.route.buffer_m is None and not states_buffer:
        missing.add(Need.BUFFER)
    legs = _Legs(kept, told.profile.performance, plan_id=plan_id)
    refuse_missing(missing | legs.needs, name=plan_id)
    assert told.departure is not None
    waypoints = []
    after_s = 0.0
    for move, leg_s in zip(kept, (0.0, *legs.seconds), strict=True):
        after_s += leg_s
        for hold_s in (0.0, move.hold_s) if move.hold_s else (0.0,):
            after_s += hold_s
            waypoints.append(
                {
                    "lon_deg": move.lon_deg,
                    "lat_deg": move.lat_deg,
                    "level": move.level,
                    "time": told.departure + timedelta(seconds=after_s),
                }
            )
    return waypoints, tuple(legs.losses())


def _distinct(moves: Iterable[Move], *, plan_id: str) -> Iterator[Move]:
    """Check the moves as they come, and make those that go nowhere one with where they are."""
    last: Move | None = None
    count, kept, held_s, total_s = 0, 0, 0.0, 0.0
    for move in moves:
        _check(move, plan_id=plan_id)
        count += 2 if move.hold_s else 1
        total_s += move.hold_s
        if count > MOST_WAYPOINTS:
            raise InvalidInputError(
                f"{plan_id}: more than {MOST_WAYPOINTS:,} waypoints"
                f"{_at(move)}: split the flight, or repeat less"
            )
        if total_s > _LONGEST_S:
            raise InvalidInputError(f"{plan_id}{_at(move)}: it waits for more than 30 years")
        if last is not None and _goes_nowhere(last, move):
            held_s += move.hold_s
            continue
        if last is not None:
            yield _held(last, held_s)
        last, held_s, kept = move, move.hold_s, kept + 1
    if last is None or (kept == 1 and held_s < _LEAST_S):
        raise InvalidInputError(f"{plan_id}: it goes nowhere: a route has at least two places")
    yield _held(last, held_s)


def _held(move: Move, held_s: float) -> Move:
    """Let it wait; for less than times are told apart by is not at all."""
    return replace(move, hold_s=held_s if held_s >= _LEAST_S else 0.0)


def _at(move: Move) -> str:
    return f": {move.where}" if move.where else ""


def _check(move: Move, *, plan_id: str) -> None:
    lon_deg, lat_deg = move.lon_deg, move.lat_deg
    if not (-180.0 <= lon_deg <= 180.0 and -90.0 <= lat_deg <= 90.0):
        hint = "; are the two exchanged?" if abs(lat_deg) <= 180.0 and abs(lon_deg) <= 90.0 else ""
        raise InvalidInputError(
            f"{plan_id}{_at(move)}: longitude {lon_deg:g}, latitude {lat_deg:g}: expected degrees,"
            f" longitudes within 180 and latitudes within 90{hint}"
        )
    if move.speed_m_s is not None and not 0.0 < move.speed_m_s <= _FASTEST_M_S:
        raise InvalidInputError(
            f"{plan_id}{_at(move)}: a speed of {move.speed_m_s:g} m/s: expected more than 0, and at"
            f" most {_FASTEST_M_S:g}"
        )
    if not 0.0 <= move.hold_s <= _LONGEST_S:
        raise InvalidInputError(
            f"{plan_id}{_at(move)}: a wait of {move.hold_s:g} s: expected 0 or more, and an end"
        )


def _goes_nowhere(last: Move, move: Move) -> bool:
    return (
        last.level.reference is move.level.reference
        and abs(last.level.value_m - move.level.value_m) < _SAME_M
        and abs(last.lon_deg - move.lon_deg) < _SAME_DEG
        and abs(last.lat_deg - move.lat_deg) < _SAME_DEG
    )


def _in_one_reference(moves: list[Move], take_off_amsl_m: float | None) -> list[Move]:
    """Bring levels above take-off to mean sea level where the flight has both and says how."""
    mixed = {VerticalReference.ATO, VerticalReference.AMSL}
    if take_off_amsl_m is None or not mixed <= {move.level.reference for move in moves}:
        return moves
    return [
        replace(move, level=Level(move.level.value_m + take_off_amsl_m, VerticalReference.AMSL))
        if move.level.reference is VerticalReference.ATO
        else move
        for move in moves
    ]


class _Legs:
    """How long it takes from move to move."""

    def __init__(self, moves: Sequence[Move], performance: Performance, *, plan_id: str) -> None:
        self._moves, self._performance, self._plan_id = moves, performance, plan_id
        self.needs: set[Need] = set()
        self._speeds_m_s: set[float] = set()
        self._at_two_references: list[int] = []
        self._near_the_ground: list[str] = []
        self._along_their_slope = 0
        places = np.array([(move.lon_deg, move.lat_deg) for move in moves])
        lengths_m = geodesic_distance_m(places[:-1], places[1:]) if len(moves) > 1 else np.empty(0)
        self.seconds = [self._takes_s(i, m) for i, m in enumerate(lengths_m.tolist())]
        if sum(self.seconds) > _LONGEST_S:
            raise InvalidInputError(f"{plan_id}: it would fly for more than 30 years: too slow")

    def _takes_s(self, leg: int, across_m: float) -> float:
        """Time of a leg; anything where something is missing, which is noted."""
        before, move = self._moves[leg], self._moves[leg + 1]
        up_m = self._climb_m(leg, across_m)
        speed_m_s = move.speed_m_s or self._performance.cruise_m_s
        climbs = up_m > 0.0
        rate_m_s = self._performance.climb_m_s if climbs else self._performance.descent_m_s
        vertical_s = 0.0
        if up_m and rate_m_s is not None:
            vertical_s = abs(up_m) / rate_m_s
        elif abs(up_m) > across_m:
            self.needs.add(Need.CLIMB if climbs else Need.DESCENT)
        elif up_m:
            self._along_their_slope += 1
            across_m = math.hypot(across_m, up_m)
        if not self._crosses(before, move):
            return max(vertical_s, _LEAST_S)
        if speed_m_s is None:
            self.needs.add(Need.CRUISE)
            return _LEAST_S
        self._speeds_m_s.add(speed_m_s)
        return max(across_m / speed_m_s, vertical_s, _LEAST_S)

    @staticmethod
    def _crosses(before: Move, move: Move) -> bool:
        return (
            abs(before.lon_deg - move.lon_deg) >= _SAME_DEG
            or abs(before.lat_deg - move.lat_deg) >= _SAME_DEG
        )

    def _climb_m(self, leg: int, across_m: float) -> float:
        """How far a leg climbs; nothing where that is not known and the way across tells a time."""
        before, move = self._moves[leg], self._moves[leg + 1]
        references = {before.level.reference, move.level.reference}
        if len(references) == 1:
            return move.level.value_m - before.level.value_m
        self._at_two_references.append(leg)
        if across_m > _SAME_M:
            return 0.0
        if references != _NEAR_THE_GROUND:
            raise InvalidInputError(
                f"{self._plan_id}{_at(move)}: from {before.level} to {move.level} at one place: how"
                " far that is cannot be known, and so not how long it takes; plan the flight in"
                " one reference"
            )
        self._near_the_ground.append(f"{before.level} to {move.level}")
        return move.level.value_m - before.level.value_m

    def losses(self) -> Iterator[Loss]:
        """Tell how the times came about, and where levels are not known."""
        if self._speeds_m_s:
            low, high = min(self._speeds_m_s), max(self._speeds_m_s)
            speed = f"{low:g} m/s" if low == high else f"speeds of {low:g} to {high:g} m/s"
            source = f"{speed} and the departure given"
        else:
            source = "the departure given"
        yield Loss(self._plan_id, "times", f"worked out from {source}; the file has none")
        if self._along_their_slope:
            yield Loss(
                self._plan_id,
                "climbs",
                f"on {_legs(self._along_their_slope)} flown at the speed along the slope; state"
                " climb_m_s and descent_m_s under [performance] if they are slower",
            )
        if self._near_the_ground:
            yield Loss(
                self._plan_id,
                "climbs",
                f"{self._near_the_ground[0]} timed as if measured from one place",
            )
        if self._at_two_references:
            first = self._moves[self._at_two_references[0] + 1]
            where = f", the first before {first.where}" if first.where else ""
            yield Loss(
                self._plan_id,
                "reference",
                f"heights on {_legs(len(self._at_two_references))}{where} are not known: the ends"
                " have two references; they take as long as the way across, though climbs may take"
                " longer",
            )


def _legs(count: int) -> str:
    return "1 leg" if count == 1 else f"{count} legs"
