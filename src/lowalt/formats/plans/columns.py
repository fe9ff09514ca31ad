"""What the columns of a table of waypoints mean.

One row is a waypoint. Columns are named in the plan's own words, with their units; a height says in
its name what it is measured from. Any fact of a plan may stand in a column named by its path, such
as ``aircraft.max_takeoff_mass_kg``, and is one for the whole plan; lists, such as ``pilots``, are
written as in JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from lowalt.errors import InvalidInputError, Problem, shown
from lowalt.flights import FlightPlan
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.cells import CellError, moment, number, unix_milliseconds, unix_seconds
from lowalt.formats.plans.exchange import Need, Told, refuse_missing
from lowalt.levels import Level, VerticalReference
from lowalt.units import METRES_PER_FOOT

MOST_COLUMNS: Final = 1_000
"""Most columns of a table."""

_LONGITUDES = ("lon_deg", "longitude", "lon", "lng", "x")
_LATITUDES = ("lat_deg", "latitude", "lat", "y")
_TIMES: Mapping[str, Callable[[Any], datetime]] = {
    "time": moment,
    "timestamp": moment,
    "datetime": moment,
    "utc": moment,
    "unix_s": unix_seconds,
    "unix_ms": unix_milliseconds,
}
_METRES = {"m": 1.0, "ft": METRES_PER_FOOT}
_LEVELS = {
    f"{name}_{unit}": (reference, metres)
    for name, reference in (
        ("height_agl", VerticalReference.AGL),
        ("altitude_amsl", VerticalReference.AMSL),
        ("altitude_hae", VerticalReference.HAE),
        ("height_ato", VerticalReference.ATO),
    )
    for unit, metres in _METRES.items()
}
_BARE_LEVEL = re.compile(r"(?:altitude|alt|height|elevation|ele|z|level)(?:[ _]?\(?(m|ft)\)?)?")
_NOT_FACTS = ("plan_id", "waypoints", "operating_area")


@cache
def fact_kinds() -> Mapping[str, str]:
    """Paths of a plan's facts and lists, and what JSON has there: ``number``, ``array`` ...

    Examples
    --------
    >>> fact_kinds()["aircraft.max_takeoff_mass_kg"]
    'number'
    """
    schema = FlightPlan.model_json_schema()
    parts = schema["$defs"]

    def within(part: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
        for option in part.get("anyOf", [part]):
            kind = parts[option["$ref"].rpartition("/")[2]] if "$ref" in option else option
            if kind.get("type") not in (None, "null", "object"):
                yield path, kind["type"]
            for key, inner in kind.get("properties", {}).items():
                yield from within(inner, f"{path}.{key}")

    return {
        path: kind
        for key, part in schema["properties"].items()
        if key not in _NOT_FACTS
        for path, kind in within(part, key)
    }


@dataclass(frozen=True, slots=True)
class LevelColumn:
    """Where the levels stand, and what they are measured from."""

    at: int
    metres: float = 1.0
    reference: VerticalReference | None = None
    reference_at: int = -1

    def read(self, cells: Sequence[Any]) -> Level:
        """Read a level.

        Raises
        ------
        CellError
            If it is none.
        """
        value_m = number(cells[self.at]) * self.metres
        if self.reference is not None:
            return Level(value_m, self.reference)
        word = str(cells[self.reference_at] or "").strip().upper()
        if word not in list(VerticalReference):
            raise CellError(f"expected a reference of {', '.join(VerticalReference)} beside it")
        return Level(value_m, VerticalReference(word))


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Numbers of the columns that say something, by what they say.

    Attributes
    ----------
    names
        As the table has them, for messages.
    lon, lat
        Places.
    level
        Levels; ``None`` where all are at the level told.
    time, read_time
        Times, and how they are read; ``None`` where they are to be worked out.
    speed, plan_id
        Speeds on the way to a waypoint, and which plan it is of; ``None`` where not said.
    facts
        Paths of facts by column.
    losses
        What of the columns is not read.
    """

    names: tuple[str, ...]
    lon: int
    lat: int
    level: LevelColumn | None
    time: int | None
    read_time: Callable[[Any], datetime] | None
    speed: int | None
    plan_id: int | None
    facts: Mapping[int, str]
    losses: tuple[Loss, ...]

    @property
    def used(self) -> list[int]:
        """All of them, in order."""
        found = {self.lon, self.lat, self.time, self.speed, self.plan_id, *self.facts}
        if self.level is not None:
            found |= {self.level.at, self.level.reference_at}
        return sorted(at for at in found if at is not None and at >= 0)

    @classmethod
    def of(cls, names: Sequence[str], *, name: str, told: Told) -> Columns:
        """Tell columns by their names.

        Parameters
        ----------
        names
            In the order of the table; capitals and blanks around them mean nothing.
        name
            The file, for messages.
        told
            What the table does not say.

        Raises
        ------
        InvalidInputError
            If they do not tell places and heights, or a plan needs more than they and the reader
            say; the message names all that is at fault, and all that is missing.
        """
        if len(names) > MOST_COLUMNS:
            raise InvalidInputError(f"{name}: {len(names):,} columns; at most {MOST_COLUMNS:,}")
        finder = _Finder(names, told)
        lon = finder.one(_LONGITUDES, needed="longitudes")
        lat = finder.one(_LATITUDES, needed="latitudes")
        time, speed = finder.one(tuple(_TIMES)), finder.one(("speed_m_s",))
        plan_id, level = finder.one(("plan_id",)), finder.level()
        facts = dict(finder.facts())
        if finder.problems:
            raise InvalidInputError(
                f"{name}: its columns do not tell waypoints", problems=finder.problems
            )
        if time is not None and speed is not None:
            finder.losses.append(Loss("", "column speed_m_s", "left out: the times tell it"))
        refuse_missing(finder.needs(set(facts.values()), timed=time is not None), name=name)
        assert lon is not None
        assert lat is not None
        return cls(
            names=tuple(map(shown, names)),
            lon=lon,
            lat=lat,
            level=level,
            time=time,
            read_time=None if time is None else _TIMES[finder.names[time]],
            speed=speed if time is None else None,
            plan_id=plan_id,
            facts=facts,
            losses=tuple(finder.losses),
        )


class _Finder:
    """Finds columns by their names, and gathers what is wrong with them."""

    def __init__(self, names: Sequence[str], told: Told) -> None:
        self._told = told
        self.names = [column.strip().lower() for column in names]
        self._taken: set[int] = set()
        self._needs: set[Need] = set()
        self.problems: list[Problem] = []
        self.losses: list[Loss] = []

    def one(self, aliases: Sequence[str], *, needed: str = "") -> int | None:
        """Find the one column that has one of some names."""
        found = [at for at, column in enumerate(self.names) if column in aliases]
        self._taken.update(found)
        if len(found) > 1:
            self._refuse(found, "they say the same: keep one")
        elif needed and not found:
            self._refuse(
                range(min(len(self.names), 10)),
                f"expected a column {aliases[0]} with {needed} in degrees",
            )
        return found[0] if found else None

    def level(self) -> LevelColumn | None:
        """Find the column of levels."""
        found = [
            LevelColumn(at, metres, reference)
            for at, column in enumerate(self.names)
            if column in _LEVELS
            for reference, metres in [_LEVELS[column]]
        ]
        if "reference" in self.names:
            level_at, reference_at = self.one(("level_m",)), self.one(("reference",))
            if level_at is not None and reference_at is not None:
                found.append(LevelColumn(level_at, reference_at=reference_at))
        self._taken.update(column.at for column in found)
        if len(found) > 1:
            self._refuse(
                [column.at for column in found], "a waypoint has one level: keep the one meant"
            )
        return found[0] if found else self._bare_level()

    def _bare_level(self) -> LevelColumn | None:
        """Find a column that does not say what its levels are measured from; somebody must."""
        bare = [(at, m) for at, c in enumerate(self.names) if (m := _BARE_LEVEL.fullmatch(c))]
        if len(bare) == 1 and self._told.elevation_reference is not None:
            [(at, match)] = bare
            self._taken.add(at)
            return LevelColumn(at, _METRES[match[1] or "m"], self._told.elevation_reference)
        if self._told.level is not None:
            how = f"every waypoint at {self._told.level}, as told"
            self.losses.append(Loss("", "level", how))
        elif bare:
            in_metres = (column for column in _LEVELS if column.endswith("_m"))
            expected = f"measured from what? call the column one of {', '.join(in_metres)}"
            self._refuse([at for at, _ in bare], expected)
        else:
            self._needs.add(Need.LEVEL)
        return None

    def facts(self) -> Iterator[tuple[int, str]]:
        """Find the columns of facts among those that are left."""
        kinds = fact_kinds()
        parts = {path.partition(".")[0] for path in kinds if "." in path}
        for at, column in enumerate(self.names):
            if at in self._taken or not column:
                continue
            if column in kinds:
                if column in self.names[:at]:
                    self._refuse([at], "it stands twice: keep one")
                yield at, column
            elif column.partition(".")[0] in parts:
                close = get_close_matches(column, kinds, n=1)
                hint = f": did you mean {close[0]}?" if close else ""
                self._refuse([at], f"no fact of a plan{hint}")
            else:
                self.losses.append(Loss("", f"column {shown(column)}", "left out: not of a plan"))

    def needs(self, facts: set[str], *, timed: bool) -> set[Need]:
        """Say what the columns leave open and nobody told."""
        profile = self._told.profile
        if "datum" not in facts and profile.reading.datum is None:
            self._needs.add(Need.DATUM)
        if "route_buffer_m" not in facts and profile.route.buffer_m is None:
            self._needs.add(Need.BUFFER)
        if not timed and self._told.departure is None:
            self._needs.add(Need.DEPARTURE)
        return self._needs

    def _refuse(self, columns: Sequence[int], expected: str) -> None:
        given = ", ".join(shown(self.names[at]) for at in columns) or "none"
        self.problems.append(Problem("columns", given, expected))
