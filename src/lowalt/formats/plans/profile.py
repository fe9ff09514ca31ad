"""What an operator says once, of every flight: the file ``operator.toml``."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from lowalt.documents import read_document
from lowalt.errors import InvalidInputError, Problem, UnknownNameError
from lowalt.flights import Aircraft, Datum, FlightPlan, Site
from lowalt.flights.documents import ElevationMetres, fact
from lowalt.flights.problems import Location, describe, path_of, shorten
from lowalt.levels import VerticalReference

PROFILE_NAME: Final = "operator.toml"
"""Name of the file that is looked for beside plans."""

_LARGEST_BYTES = 1024 * 1024
_MOST_HINTS = 100  # they take time, and nobody reads more
_MOST_M = 1e7  # as in a plan


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRules:
    """What route files leave out: metres and seconds, ``None`` where not said."""

    buffer_m: float | None = None
    vertical_buffer_m: float | None = None
    return_height_ato_m: float | None = None
    unlimited_loiter_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """How the aircraft flies where a file has no times: m/s and metres."""

    cruise_m_s: float | None = None
    climb_m_s: float | None = None
    descent_m_s: float | None = None
    loiter_radius_m: float | None = None
    turn_radius_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRules:
    """What a format leaves open: references and datum of bare numbers."""

    gpx_elevation: VerticalReference | None = None
    datum: str | None = None


class FixedSite(Site):
    """A site that flights begin or end at, with its elevation."""

    elevation_amsl_m: ElevationMetres | None = fact("Elevation above mean sea level, metres.")


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorProfile:
    """What an operator says of every flight, and of how its files are to be read.

    Parameters
    ----------
    name
        Name of the file, for messages.
    route, performance, reading
        Rules of reading.
    document
        The rest: a part of a plan document in the plan's own names.
    fleet
        Aircraft by name, each a part of a plan document's ``aircraft``.
    wpml_drones
        Names in the fleet by what DJI's files call an aircraft: its number and sub-number.
    departure_site, landing_site
        Sites that flights begin and end at, if they do so near them; parts of a plan document's
        sites, and their ``elevation_amsl_m``.
    digest
        SHA-256 of the file, for records.

    Examples
    --------
    >>> profile = parse_profile(b'''
    ... [route]
    ... buffer_m = 20.0
    ... [operator]
    ... kind = "unit"
    ... ''')
    >>> profile.route.buffer_m, profile.document
    (20.0, {'operator': {'kind': 'unit'}})
    """

    name: str = ""
    route: RouteRules = field(default_factory=RouteRules)
    performance: Performance = field(default_factory=Performance)
    reading: ReadingRules = field(default_factory=ReadingRules)
    document: Mapping[str, Any] = field(default_factory=dict)
    fleet: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    wpml_drones: Mapping[tuple[int, int], str] = field(default_factory=dict)
    departure_site: Mapping[str, Any] | None = None
    landing_site: Mapping[str, Any] | None = None
    digest: str = ""

    def with_aircraft(self, name: str) -> OperatorProfile:
        """Take one of the fleet for the usual aircraft, of which then nothing is known.

        Raises
        ------
        UnknownNameError
            If the fleet has none of that name.
        """
        if name not in self.fleet:
            known = ", ".join(self.fleet) or "none"
            raise UnknownNameError(
                f"no aircraft {name!r} in {self.name or 'the profile'}; its fleet has: {known}"
            )
        return replace(self, document={**self.document, "aircraft": self.fleet[name]})


def read_profile(path: str | Path) -> OperatorProfile:
    """Read what an operator says of every flight from a TOML file.

    Parameters
    ----------
    path
        The file, usually ``operator.toml``. Its tables ``route``, ``performance`` and ``reading``
        say how files are read, ``sites.departure`` and ``sites.landing`` where flights begin and
        end, ``fleet`` what flies, by name; all others are parts of a plan in the plan's own names.

    Raises
    ------
    InvalidInputError
        If it cannot be read; the message names every key at fault.
    OSError
        If it cannot be opened.
    """
    path = Path(path)
    content = read_document(path, largest_bytes=_LARGEST_BYTES)
    return parse_profile(content, name=path.name)


def profile_beside(path: str | Path) -> OperatorProfile | None:
    """Read the ``operator.toml`` that lies beside a file of plans or in a folder, if one does.

    Raises
    ------
    InvalidInputError
        If it cannot be read.
    """
    path = Path(path)
    beside = (path if path.is_dir() else path.parent) / PROFILE_NAME
    return read_profile(beside) if beside.is_file() else None


def parse_profile(content: bytes, *, name: str = PROFILE_NAME) -> OperatorProfile:
    """Read a profile from TOML.

    Parameters
    ----------
    content
        UTF-8 TOML.
    name
        What messages call it.

    Raises
    ------
    InvalidInputError
        If it is no TOML, or a key is at fault; the message names every one.

    Examples
    --------
    >>> parse_profile(b"[rout]")
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: operator.toml: 1 problem
      rout: given an empty object; unknown key: did you mean route?
    """
    reader = _Reader(_toml(content, name=name))
    profile = OperatorProfile(
        name=name,
        route=RouteRules(**reader.numbers("route", RouteRules)),
        performance=Performance(**reader.numbers("performance", Performance, above_zero=True)),
        reading=reader.reading(),
        departure_site=reader.site("departure"),
        landing_site=reader.site("landing"),
        wpml_drones=reader.drones(),
        fleet=reader.fleet(),
        document=reader.document(),
        digest=hashlib.sha256(content).hexdigest(),
    )
    if reader.problems:
        count = len(reader.problems)
        raise InvalidInputError(
            f"{name}: {count} problem{'s' * (count != 1)}", problems=reader.problems
        )
    return profile


def _toml(content: bytes, *, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{name}: not UTF-8 text: {error.reason}") from None
    except RecursionError:
        raise InvalidInputError(f"{name}: not a profile: it is nested too deeply") from None
    except ValueError as error:
        raise InvalidInputError(f"{name}: not a TOML document: {error}") from None


# Said by other tables, or of one flight alone.
_ELSEWHERE = {
    "plan_id": "every plan has its own",
    "waypoints": "every plan has its own",
    "operating_area": "every plan has its own",
    "coordinates_checked": "nobody can say so of every file",
    "datum": "say it as datum under [reading]",
    "route_buffer_m": "say it as buffer_m under [route]",
    "vertical_buffer_m": "say it as vertical_buffer_m under [route]",
    "departure_site": "say it under [sites.departure]",
    "landing_site": "say it under [sites.landing]",
    "take_off_elevation_amsl_m": "say it as elevation_amsl_m under [sites.departure]",
}
_PLAN_KEYS = [key for key in FlightPlan.model_fields if key not in _ELSEWHERE]
_RULES = ("route", "performance", "reading", "sites", "fleet")
_SITES = ("departure", "landing")
Word = TypeVar("Word", bound=StrEnum)


class _Reader:
    """Reads a profile's tables, and gathers all that is wrong with them."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._tables = tables
        self._problems: dict[Problem, None] = {}  # each once: some tables are read for two things

    @property
    def problems(self) -> list[Problem]:
        """All that is wrong."""
        return list(self._problems)

    def numbers(self, name: str, rules: Any, *, above_zero: bool = False) -> dict[str, float]:
        """Read a table of metres and seconds."""
        known = [rule.name for rule in fields(rules)]
        found = {}
        for key, value in self._table(name, known).items():
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if is_number and 0 <= value <= _MOST_M and not (above_zero and value == 0):
                found[key] = float(value)
            else:
                least = "more than 0" if above_zero else "0 or more"
                self._refuse(f"{name}.{key}", value, f"expected a number, {least}")
        return found

    def reading(self) -> ReadingRules:
        """Read what bare numbers mean."""
        table = self._table("reading", [rule.name for rule in fields(ReadingRules)])
        return ReadingRules(
            gpx_elevation=self._word(
                "gpx_elevation", table, (VerticalReference.AMSL, VerticalReference.HAE)
            ),
            datum=self._word("datum", table, tuple(Datum)),
        )

    def _word(self, key: str, table: Mapping[str, Any], words: tuple[Word, ...]) -> Word | None:
        value = table.get(key)
        found = next((word for word in words if word == value), None)
        if value is not None and found is None:
            self._refuse(f"reading.{key}", value, f"expected {' or '.join(words)}")
        return found

    def site(self, which: str) -> Mapping[str, Any] | None:
        """Read a site that flights begin or end at."""
        site = self._table("sites", list(_SITES)).get(which)
        return (
            None
            if site is None
            else self._part(FixedSite, site, at=("sites", which), like=(f"{which}_site",))
        )

    def fleet(self) -> dict[str, Mapping[str, Any]]:
        """Read the aircraft by name."""
        found = {}
        for name, aircraft in self._table("fleet", None).items():
            ours = aircraft
            if isinstance(aircraft, Mapping):
                ours = {key: aircraft[key] for key in aircraft if key != "wpml_drone"}
            found[name] = self._part(Aircraft, ours, at=("fleet", name), like=("aircraft",))
        return found

    def drones(self) -> dict[tuple[int, int], str]:
        """Read what DJI's files call the aircraft of the fleet."""
        found: dict[tuple[int, int], str] = {}
        for name, aircraft in self._table("fleet", None).items():
            code = aircraft.get("wpml_drone") if isinstance(aircraft, Mapping) else None
            if code is None:
                continue
            where = f"{path_of(('fleet', name))}.wpml_drone"
            if not (isinstance(code, list) and [type(part) for part in code] == [int, int]):
                self._refuse(where, code, "expected droneEnumValue and droneSubEnumValue: [67, 1]")
            elif (code[0], code[1]) in found:
                self._refuse(where, code, f"the code of {found[code[0], code[1]]} too: keep one")
            else:
                found[code[0], code[1]] = name
        return found

    def document(self) -> dict[str, Any]:
        """Read what a plan says in its own names."""
        found = {}
        for key, value in self._tables.items():
            if key in _RULES:
                continue
            if key in _PLAN_KEYS:
                found[key] = self._part(
                    FlightPlan.model_fields[key].annotation, value, at=(key,), like=(key,)
                )
            elif key in _ELSEWHERE:
                self._refuse(path_of((key,)), value, _ELSEWHERE[key])
            else:
                self._refuse_key((key,), value, [*_PLAN_KEYS, *_RULES])
        return found

    def _table(self, name: str, known: list[str] | None) -> dict[str, Any]:
        """Give what a table has of the keys that are known; tell of others once."""
        table = self._tables.get(name, {})
        if not isinstance(table, Mapping):
            self._refuse(name, table, f"expected a table: [{name}]")
            return {}
        if known is None:
            return dict(table)
        for key in table:
            if key not in known:
                self._refuse_key((name, key), table[key], known)
        return {key: table[key] for key in known if key in table}

    def _part(self, kind: Any, value: Any, *, at: Location, like: Location) -> Any:
        """Have a part of a plan judged by the plan's own rules for the like of it."""
        # A part of a plan is strict by itself; what stands alone has to be told to be.
        alone = None if isinstance(kind, type) else ConfigDict(strict=True, allow_inf_nan=False)
        adapter: TypeAdapter[Any] = TypeAdapter(kind, config=alone)
        try:
            part = adapter.validate_json(json.dumps(value, default=_written))
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                self._tell(fault, kind, at=at, like=like)
            return {}
        return adapter.dump_python(part, mode="json", exclude_none=True)

    def _tell(self, fault: ErrorDetails, kind: Any, *, at: Location, like: Location) -> None:
        """Tell of a fault as a plan does, but where it stands here."""
        within = tuple(fault["loc"])
        if kind is FixedSite and fault["type"] == "extra_forbidden":  # it has a key more
            known = list(FixedSite.model_fields)
            self._refuse_key((*at, *within), fault["input"], known)
            return
        place = path_of((*at, *within))
        for problem in describe({**fault, "loc": (*like, *within)}):
            beyond = problem.where.removeprefix(path_of((*like, *within)))
            self._add(Problem(place + beyond, problem.given, problem.expected))

    def _refuse_key(self, at: Location, value: Any, known: list[str]) -> None:
        close: list[str] = []
        if len(self._problems) < _MOST_HINTS:
            close = get_close_matches(str(at[-1]), known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"expected one of {', '.join(known)}"
        self._refuse(path_of(at), value, f"unknown key: {hint}")

    def _refuse(self, where: str, value: Any, expected: str) -> None:
        self._add(Problem(where, shorten(value), expected))

    def _add(self, problem: Problem) -> None:
        self._problems[problem] = None


def _written(value: Any) -> str:
    """Write a date or time of TOML as plans have it."""
    assert isinstance(value, (date, datetime, time))
    return value.isoformat()
