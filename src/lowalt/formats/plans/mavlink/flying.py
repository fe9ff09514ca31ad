"""An aircraft on a mission: where it is, how fast it flies, and what it has flown so far."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.bends import passing_buffer_m, sagitta_m
from lowalt.formats.plans.exchange import Need, Told
from lowalt.formats.plans.flown import Move
from lowalt.formats.plans.mavlink.fields import Place
from lowalt.formats.plans.mavlink.items import Item
from lowalt.formats.plans.mavlink.turns import Course, Loiter
from lowalt.formats.plans.mavlink.vehicles import Vehicle
from lowalt.levels import Level, VerticalReference

_NEAREST_M, _FARTHEST_M = 1.0, 100_000.0  # no aircraft turns in a narrower circle, or a wider

_GROUND: Final = Level(0.0, VerticalReference.ATO)


@dataclass(slots=True, kw_only=True)
class Aircraft:
    """What is flown, item by item.

    Parameters
    ----------
    vehicle
        Its kind.
    home
        Where it stands at first.
    home_amsl_m
        Elevation of that place, if known.
    cruise_m_s, hover_m_s
        Speeds in forward flight and otherwise, if the mission says them.
    takes_off_upwards_only
        Whether its autopilot takes off where it stands, whatever the place of the item.
    has_landing_sequence
        Whether the mission marks items as a landing that a return may lead to.
    told
        What the operator says of all flights.
    """

    vehicle: Vehicle
    home: Place
    home_amsl_m: float | None
    cruise_m_s: float | None
    hover_m_s: float | None
    takes_off_upwards_only: bool
    has_landing_sequence: bool
    told: Told
    place: Place = field(init=False)
    level: Level = field(init=False, default=_GROUND)
    is_aloft: bool = field(init=False, default=False)
    is_over: bool = field(init=False, default=False)
    has_moved_home: bool = field(init=False, default=False)
    landing: Place | None = field(init=False, default=None)
    needs: set[Need] = field(init=False, default_factory=set)
    losses: dict[str, str] = field(init=False, default_factory=dict)
    _flies_forward: bool = field(init=False)
    _commanded_m_s: float | None = field(init=False, default=None)
    _moves: list[Move] = field(init=False, default_factory=list)
    _loiters: dict[int, Loiter] = field(init=False, default_factory=dict)
    _splines: set[int] = field(init=False, default_factory=set)
    _accepted_m: dict[int, float] = field(init=False, default_factory=dict)
    _passed_m: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        self.place = self.home
        self._flies_forward = self.vehicle is Vehicle.FIXED_WING

    # What is known of it

    @property
    def hovers(self) -> bool:
        """Whether it can stay at a place, as it now flies."""
        return not self._flies_forward

    @property
    def speed_m_s(self) -> float | None:
        """Speed over ground that the mission says, in still air."""
        usual_m_s = self.cruise_m_s if self._flies_forward else self.hover_m_s
        return self._commanded_m_s or usual_m_s

    def course(self) -> Course:
        """Give all that was flown."""
        turn_radius_m = self.told.profile.performance.turn_radius_m
        return Course(
            moves=self._moves,
            loiters=self._loiters,
            splines=self._splines,
            accepted_m=self._accepted_m,
            turn_radius_m=0.0 if self.vehicle is Vehicle.MULTIROTOR else turn_radius_m or 0.0,
            sagitta_m=sagitta_m(self.told.profile.route.buffer_m),
            buffer_m=passing_buffer_m(self._passed_m),
        )

    def tell(self, what: str, how: str) -> None:
        """Note what a reader of the plan should know; once of each kind."""
        self.losses.setdefault(what, how)

    # What it is made to do

    def command_speed(self, speed_m_s: float | None) -> None:
        """Fly at a speed from now on, or at the usual one again."""
        self._commanded_m_s = speed_m_s

    def fly_forward(self, forward: bool) -> None:
        """Change between flying forward and hovering, if it can do both."""
        if self.vehicle is Vehicle.VTOL:
            self._flies_forward = forward

    def leave_ground(self, item: Item, level: Level) -> None:
        """Climb straight up from where it stands."""
        if (
            level.reference is VerticalReference.AMSL
            and self.home_amsl_m is None
            and not self._moves
        ):
            raise InvalidInputError(
                f"{item.where}: climbs to {level} from a home without elevation; set the altitude"
                " of the launch in QGroundControl, with terrain data, and save the plan"
            )
        self.move(item, self.place, level)

    def move(
        self, item: Item, place: Place, level: Level, *, hold_s: float = 0.0, on_curve: bool = False
    ) -> None:
        """Go straight to a place, or on a curve, and wait there."""
        if not self.is_aloft:
            self._start(item, level)
        index = len(self._moves)
        if on_curve:
            self._splines.add(index)
        self._moves.append(
            Move(
                lon_deg=place[0],
                lat_deg=place[1],
                level=level,
                speed_m_s=self.speed_m_s,
                hold_s=hold_s,
                where=item.where,
            )
        )
        self.place, self.level = place, level

    def _start(self, item: Item, level: Level) -> None:
        self.is_aloft = True
        if not self._moves:
            # The ground there is as low above itself as above the take-off point.
            is_agl = level.reference is VerticalReference.AGL
            self.move(item, self.home, Level(0.0, level.reference) if is_agl else _GROUND)

    def land(self) -> None:
        """Be on the ground where it is."""
        self.is_aloft = False
        self.landing = self.place

    def turn_near(self, item: Item, *, accepted_m: float, passed_m: float) -> None:
        """Take the place just reached as one that is cut short, or passed at a distance."""
        _require_near(item, accepted_m)
        _require_near(item, passed_m)
        if accepted_m > 0.0:
            self._accepted_m[len(self._moves) - 1] = accepted_m
        self._passed_m = max(self._passed_m, abs(passed_m))

    def circle(
        self,
        item: Item,
        place: Place,
        level: Level,
        *,
        radius_m: float,
        turns: float | None = None,
        seconds: float = 0.0,
        climbs: bool = False,
    ) -> None:
        """Circle round a place, for some turns or as many as fit in a time.

        A negative radius is one that is flown counter-clockwise, and none is the autopilot's own.
        """
        _require_near(item, radius_m)
        whole_m = abs(radius_m) or self.told.profile.performance.loiter_radius_m
        if whole_m is None:
            self.needs.add(Need.LOITER_RADIUS)
            self.move(item, place, level)
            return
        if whole_m < _NEAREST_M:
            raise InvalidInputError(
                f"{item.where}: a circle of radius {whole_m:g} m; expected at least {_NEAREST_M:g}"
            )
        climbs_from = self._as_above(self.level, level) if climbs else None
        if climbs_from is not None:
            seconds = self._climb_s(climbs_from, level)
        self.move(item, place, level)
        self._loiters[len(self._moves) - 1] = Loiter(
            radius_m=whole_m,
            turns=self._turns_in(seconds, whole_m) if turns is None else turns,
            clockwise=radius_m >= 0.0,
            climbs_from=climbs_from,
        )

    def _turns_in(self, seconds: float, radius_m: float) -> float:
        speed_m_s = self.speed_m_s or self.told.profile.performance.cruise_m_s
        if speed_m_s is None:
            self.needs.add(Need.CRUISE)
            return 0.0
        return math.ceil(seconds * speed_m_s / (2.0 * math.pi * radius_m))

    def _climb_s(self, start: Level, end: Level) -> float:
        performance = self.told.profile.performance
        up_m = end.value_m - start.value_m
        rate_m_s = performance.climb_m_s if up_m > 0.0 else performance.descent_m_s
        if rate_m_s is None:
            self.needs.add(Need.CLIMB if up_m > 0.0 else Need.DESCENT)
            return 0.0
        return abs(up_m) / rate_m_s

    # Heights

    def ground_like(self, level: Level) -> Level:
        """Level of the ground, as near as is known, in the reference of a level.

        The ground is where the aircraft took off from: that it is as high elsewhere nobody says.
        """
        if level.reference is VerticalReference.AMSL:
            return self._as_above(_GROUND, level) or _GROUND
        return Level(0.0, level.reference)

    def return_level(self, height: Level) -> Level | None:
        """Level of a return at a height above home: no lower than it flies; unknown is ``None``."""
        here = self._as_above(self.level, height)
        return None if here is None else max(here, height)

    def _as_above(self, level: Level, other: Level) -> Level | None:
        """Bring a level to the reference of another, where home's elevation tells how."""
        references = {level.reference, other.reference}
        if len(references) == 1:
            return level
        if self.home_amsl_m is None or VerticalReference.AGL in references:
            return None
        down = -1.0 if other.reference is VerticalReference.ATO else 1.0
        return Level(level.value_m + down * self.home_amsl_m, other.reference)


def _require_near(item: Item, radius_m: float) -> None:
    if abs(radius_m) > _FARTHEST_M:
        raise InvalidInputError(
            f"{item.where}: a radius of {radius_m:g} m; expected at most {_FARTHEST_M:g}"
        )
