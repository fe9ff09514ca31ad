"""From a line to a flight: the way there, turns and curves, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

from lowalt.errors import InvalidInputError
from lowalt.flights.places import FARTHEST_SITE_M
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.bends import catmull_rom, corner_buffer_m, sagitta_m
from lowalt.formats.plans.exchange import Draft, Need, Told
from lowalt.formats.plans.flown import Move, flown
from lowalt.formats.plans.wpml.mission import Approach, Finish, Home, Mission
from lowalt.formats.plans.wpml.waylines import Point, Wayline
from lowalt.geodesy import geodesic_distance_m
from lowalt.levels import Level, VerticalReference

_AGL, _ATO = VerticalReference.AGL, VerticalReference.ATO


def draft_of(
    wayline: Wayline, mission: Mission, home: Home | None, *, plan_id: str, told: Told
) -> Draft:
    """Draft the flight along a line, from take-off to how it ends.

    Parameters
    ----------
    wayline, mission
        What the file says.
    home
        Where its template has it take off, if it does.
    plan_id
        The plan.
    told
        The departure; the operator's speeds, buffer, return height and site.

    Raises
    ------
    InvalidInputError
        If something is missing or contradicts itself.
    """
    flight = _Flight(wayline, mission, home, plan_id=plan_id, told=told)
    # Counted as they come: curves are as many moves as they are long.
    moves = chain(flight.way_there(), flight.line(), flight.way_back())
    waypoints, losses = flown(moves, plan_id=plan_id, told=told, needs=flight.needs)
    aircraft, fleet_name = _aircraft(mission, told, tell=flight.tell)
    document: dict[str, Any] = {
        "plan_id": plan_id,
        "datum": "WGS84",
        "waypoints": waypoints,
        "aircraft": aircraft,
    }
    if home is not None:
        document["departure_site"] = {"lon_deg": home.lon_deg, "lat_deg": home.lat_deg}
    if flight.home is not None and mission.finish is Finish.GO_HOME:
        document["landing_site"] = {"lon_deg": flight.home.lon_deg, "lat_deg": flight.home.lat_deg}
    vertical_m = told.profile.route.vertical_buffer_m
    follows = wayline.follows_surface
    if vertical_m is not None and vertical_m < flight.least_vertical_m and not follows:
        document["vertical_buffer_m"] = flight.least_vertical_m
    return Draft(
        document,
        (*flight.losses, *losses),
        flight.least_buffer_m,
        height_is_open=follows,
        aircraft_name=fleet_name,
    )


def _aircraft(
    mission: Mission, told: Told, *, tell: Callable[[str, str], None]
) -> tuple[dict[str, Any], str | None]:
    """Say what flies, and which of the operator's fleet it is, by the file's number if need be."""
    aircraft: dict[str, Any] = {"is_unmanned": True}
    if mission.drone is None:
        return aircraft, None
    number = "{}/{}".format(*mission.drone)
    fleet_name = told.profile.wpml_drones.get(mission.drone)
    if fleet_name is not None:
        tell("aircraft", f"the maker's number {number} is {fleet_name!r} of the fleet")
        return aircraft, fleet_name
    if mission.model is None:
        tell(
            "aircraft",
            f"the maker's number {number} is not known: its model is left open; if it is one of"
            f" yours, add it to the fleet with wpml_drone = {list(mission.drone)}",
        )
        return aircraft, number
    return {**aircraft, "model": mission.model}, None


class _Flight:
    """Moves of a flight, and what is to be told of them."""

    def __init__(
        self, wayline: Wayline, mission: Mission, home: Home | None, *, plan_id: str, told: Told
    ) -> None:
        self._points, self._mission, self._told = wayline.points, mission, told
        self._plan_id = plan_id
        self.home = home or _home_of_profile(told, self._points[0])
        self._zero_m = self._take_off_m(self._points[0].level.reference)
        self._return_m = mission.return_height_m
        if self._return_m is None:
            self._return_m = told.profile.route.return_height_ato_m
        must_return = mission.finish is Finish.GO_HOME and self._return_m is None
        self.needs = (Need.RETURN_HEIGHT,) if must_return else ()
        self.losses: list[Loss] = []
        self.least_buffer_m = 0.0
        self.least_vertical_m = 0.0
        for caution in (*mission.cautions, *wayline.cautions):
            self.tell("route", caution)
        if wayline.follows_surface:
            self.tell(
                "heights",
                "kept above what its sensor sees, such as roofs and trees: how much higher above"
                " the ground it may be is not known, and no vertical_buffer_m is taken",
            )
        if home is not None:
            self.tell("take-off", "from its template's takeOffRefPoint, which is for reference")

    def tell(self, what: str, how: str) -> None:
        """Note something that its reader should know of."""
        self.losses.append(Loss(self._plan_id, what, how))

    def _take_off_m(self, reference: VerticalReference) -> float | None:
        """Level of the take-off point in the reference of the line; ``None`` if not known."""
        if reference is _ATO:
            return 0.0
        if self.home is not None and reference is VerticalReference.HAE:
            return self.home.height_hae_m
        if self.home is not None and reference is VerticalReference.AMSL:
            return self.home.elevation_amsl_m
        return None

    def _above_take_off(self, height_m: float) -> Level:
        if self._zero_m is None:
            return Level(height_m, _ATO)
        return Level(self._zero_m + height_m, self._points[0].level.reference)

    def _higher(self, height_m: float | None, level: Level) -> Level:
        """Whichever is higher; of levels that do not compare, the given one."""
        if height_m is None or self._zero_m is None:
            return level
        return max(self._above_take_off(height_m), level)

    # The way there

    def way_there(self) -> Iterator[Move]:
        """Move from take-off to above the first waypoint."""
        first, mission, home = self._points[0], self._mission, self.home
        if mission.security_height_m is None:
            self.tell("take-off", "the file says no security height: none is drawn")
        is_safe = mission.approach is Approach.SAFELY
        across = self._higher(mission.security_height_m, first.level) if is_safe else first.level
        if home is None:
            self.tell(
                "take-off",
                "not in the file: the way to the first waypoint is not judged; say where under"
                " [sites.departure] in operator.toml",
            )
        else:
            yield _at_home(home, self._above_take_off(0.0))
            security_m = mission.security_height_m or 0.0
            compares = is_safe and self._zero_m is not None
            yield _at_home(home, across if compares else self._above_take_off(security_m))
        yield _move(first, across, speed_m_s=mission.transit_speed_m_s, hold_s=0.0)

    # The line

    def line(self) -> Iterator[Move]:
        """Move along the line, its curves drawn."""
        points = self._points
        moves = [_move(points[0], points[0].level, speed_m_s=None, hold_s=points[0].hold_s)]
        moves += [
            _move(at, at.level, speed_m_s=before.speed_m_s, hold_s=at.hold_s)
            for before, at in pairwise(points)
        ]
        self._cover_corners(moves)
        yield moves[0]
        yield from self._legs(moves)

    def _cover_corners(self, moves: Sequence[Move]) -> None:
        begins_m, buffer_m = 0.0, 0.0
        for i, point in enumerate(self._points):
            if not point.turning.cuts_the_corner:
                continue
            before = moves[i - 1] if i else self._from_home(point)
            after = moves[i + 1] if i + 1 < len(moves) else self._from_home(point)
            if before is not None and after is not None:
                begins_m = max(begins_m, point.turning.begins_m)
                corner_m = corner_buffer_m(before, moves[i], after, begins_m=point.turning.begins_m)
                buffer_m = max(buffer_m, corner_m)
        if buffer_m:
            self.least_buffer_m = max(self.least_buffer_m, buffer_m)
            self.tell(
                "turns",
                f"begun up to {begins_m:g} m before waypoints: not drawn, but covered by a"
                f" half-width of {buffer_m:.2f} m",
            )
        if any(point.turning.passes for point in self._points):
            self.tell(
                "turns",
                "waypoints passed without a stop: how far it swings beyond them is not published",
            )

    def _from_home(self, point: Point) -> Move | None:
        return None if self.home is None else _at_home(self.home, point.level)

    def _legs(self, moves: Sequence[Move]) -> Iterator[Move]:
        sagitta = sagitta_m(self._told.profile.route.buffer_m)
        beyond: list[Move | None] = [None, *moves, None]
        buffer_m = 0.0
        for i, (start, end) in enumerate(pairwise(self._points)):
            if not (start.turning.curves or end.turning.curves):
                yield moves[i + 1]
                continue
            bent = catmull_rom(beyond[i], moves[i], moves[i + 1], beyond[i + 3], sagitta_m=sagitta)
            buffer_m = max(buffer_m, bent.buffer_m)
            self.least_vertical_m = max(self.least_vertical_m, _strays_up_m(beyond[i : i + 4]))
            yield from bent.moves
        if buffer_m:
            self.least_buffer_m = max(self.least_buffer_m, buffer_m)
            self.tell(
                "curves",
                "not published by the maker: drawn as the usual ones through the waypoints, and"
                f" covered by a half-width of {buffer_m:.2f} m; heights between waypoints are known"
                f" within {self.least_vertical_m:.2f} m",
            )

    # The way back

    def way_back(self) -> Iterator[Move]:
        """Move as is planned after the last waypoint."""
        last, finish = self._points[-1], self._mission.finish
        if finish is Finish.GO_HOME:
            yield from self._go_home(last)
        elif finish is Finish.FIRST_WAYPOINT:
            first = self._points[0]
            yield _move(first, first.level, speed_m_s=self._speed_back_m_s, hold_s=0.0)
            self.tell("end", "straight to the first waypoint, where it stays: not judged further")
        elif finish is Finish.HOVER:
            self.tell("end", "it stays at the last waypoint: what comes then is not judged")
        elif self._zero_m is not None:
            yield _move(last, self._above_take_off(0.0), speed_m_s=None, hold_s=0.0)
            self.tell("end", "lands below the last waypoint: drawn down to the take-off height")
        elif last.level.reference is _AGL:
            yield _move(last, Level(0.0, _AGL), speed_m_s=None, hold_s=0.0)
        else:
            self.tell("end", "lands below the last waypoint: the way down is not drawn")

    @property
    def _speed_back_m_s(self) -> float | None:
        return self._told.profile.performance.cruise_m_s or self._mission.transit_speed_m_s

    def _go_home(self, last: Point) -> Iterator[Move]:
        height_m = self._return_m
        if height_m is None:
            return
        home, speed_m_s = self.home, self._speed_back_m_s
        if self._zero_m is not None:
            across = self._higher(height_m, last.level)
            yield _move(last, across, speed_m_s=None, hold_s=0.0)
        else:
            across = self._above_take_off(height_m)
        if home is not None:
            yield _at_home(home, across, speed_m_s=speed_m_s)
            yield _at_home(home, self._above_take_off(0.0))
            return
        self.tell(
            "return",
            "home is not in the file: the way there is not judged; say where under"
            " [sites.departure] in operator.toml",
        )
        if self._zero_m is None:
            self._refuse_unknown_climb(last, across)
            yield _move(last, across, speed_m_s=None, hold_s=0.0)

    @staticmethod
    def _refuse_unknown_climb(last: Point, across: Level) -> None:
        if last.level.reference is not _AGL:
            raise InvalidInputError(
                f"{last.where}: from {last.level} it goes home at {across}: how high that is"
                " depends on where it took off, which the file does not say; say where under"
                " [sites.departure] in --operator FILE"
            )


def _move(point: Point, level: Level, *, speed_m_s: float | None, hold_s: float) -> Move:
    return Move(
        lon_deg=point.lon_deg,
        lat_deg=point.lat_deg,
        level=level,
        speed_m_s=speed_m_s,
        hold_s=hold_s,
        where=point.where,
    )


def _strays_up_m(moves: Sequence[Move | None]) -> float:
    """How far a curve may be from the straight line in height, between the middle two of four."""
    heights_m = [None if move is None else move.level.value_m for move in moves]
    leaves_m, arrives_m = (
        0.0 if before_m is None or after_m is None else (after_m - before_m) / 2.0
        for before_m, after_m in zip(heights_m, heights_m[2:], strict=False)
    )
    # A cubic is farthest from its chord where its directions weigh 4/27, and no farther.
    return 4.0 / 27.0 * (abs(leaves_m) + abs(arrives_m))


def _at_home(home: Home, level: Level, *, speed_m_s: float | None = None) -> Move:
    return Move(
        lon_deg=home.lon_deg,
        lat_deg=home.lat_deg,
        level=level,
        speed_m_s=speed_m_s,
        where="take-off point",
    )


def _home_of_profile(told: Told, first: Point) -> Home | None:
    """Return the operator's site, if the line begins near it."""
    site = told.profile.departure_site or {}
    lon_deg, lat_deg = site.get("lon_deg"), site.get("lat_deg")
    if lon_deg is None or lat_deg is None:
        return None
    ends = [(lon_deg, lat_deg)], [(first.lon_deg, first.lat_deg)]
    if geodesic_distance_m(*ends)[0] > FARTHEST_SITE_M:
        return None
    return Home(lon_deg, lat_deg, elevation_amsl_m=site.get("elevation_amsl_m"))
