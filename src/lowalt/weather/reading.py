"""Reading METAR, SPECI and TAF: text and the time of a flight in, a typed report out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from lowalt.errors import InvalidInputError, Problem
from lowalt.temporal import TimeInterval, require_aware
from lowalt.weather.decoding import DayTime, Decoded, Part, decode
from lowalt.weather.groups import Group, Named, name, split
from lowalt.weather.reports import AerodromeReport, Change, ReportKind, Spell

_OBSERVATION = timedelta(hours=1)
"""What a METAR without a trend stands for: the time to the next one. Our reading; no text says for
how long an observation may be relied on."""

_TREND = timedelta(hours=2)
"""What a trend stands for: two hours from the time of the report (ICAO Annex 3, 6.3.3)."""

_LONGEST = timedelta(hours=30)
"""No TAF is valid for longer (ICAO Annex 3)."""

_STATION = re.compile(r"[A-Z][A-Z0-9]{3}")
_ISSUED = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\dZ")


class _Head(NamedTuple):
    """What a report begins with, and the groups that follow, a period of validity included."""

    kind: ReportKind
    station: str
    issued: str
    groups: list[str]


@lru_cache(maxsize=1024)
def read_report(text: str, *, near: datetime) -> AerodromeReport:
    """Read a METAR, SPECI or TAF.

    Parameters
    ----------
    text
        The report, with or without the word it begins with; remarks are passed over.
    near
        A time near which it was issued, such as that of the flight: a report gives the day of the
        month only, and the nearest such day is meant.

    Returns
    -------
    AerodromeReport
        What it says, times in UTC.

    Raises
    ------
    InvalidInputError
        If any group of it has no form that a group can have, with every such group; or if its
        times do not fit together.
    NaiveDatetimeError
        If ``near`` has no time zone.

    Examples
    --------
    >>> noon = datetime.fromisoformat("2026-06-04T12:00:00+08:00")
    >>> report = read_report("METAR VHHH 040400Z 09012KT 4900 HZ FEW012 28/24 Q1008", near=noon)
    >>> report.spells[0].visibility_m, report.spells[0].sky.base_m
    (4900.0, 365.76)
    >>> read_report("METAR VHHH 040400Z 09012KT 4900 FEWO12", near=noon)
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: a report of weather cannot be read
      report: given "FEWO12"; expected a cloud group such as FEW012, in hundreds of feet
    """
    problems: list[Problem] = []
    head = _head(split(text.upper()), problems)
    groups = list(name(head.groups, problems=problems)) if head else []
    if problems or head is None:
        raise InvalidInputError("a report of weather cannot be read", problems=problems)
    day, hour, minute = (int(head.issued[at : at + 2]) for at in (0, 2, 4))
    issued_at = _moment((day, hour, minute), near=require_aware(near, field="near"))
    parts = list(_parts(groups))
    words = parts[0].texts(Group.WORD)
    if "NIL" in words or "CNL" in words:
        return AerodromeReport(head.kind, head.station, issued_at, None, (), text)
    for part in parts:
        _refuse_two_visibilities(part)
    stands_for = _stands_for(head.kind, issued_at, parts)
    is_forecast = head.kind is ReportKind.TAF
    decoded = decode(f"{head.station} {head.issued}", parts, is_forecast=is_forecast)
    spells = tuple(sorted(_spells(decoded, stands_for), key=lambda spell: spell.period.start))
    return AerodromeReport(head.kind, head.station, issued_at, stands_for, spells, text)


def _head(tokens: Sequence[str], problems: list[Problem]) -> _Head | None:
    left = list(tokens)
    kind = ReportKind(left.pop(0)) if left and left[0] in set(ReportKind) else None
    while left and left[0] in {"COR", "AMD"}:
        left.pop(0)
    if not left or not _STATION.fullmatch(left[0]):
        problems.append(_expected(left, "the location indicator of an aerodrome such as VHHH"))
        return None
    station = left.pop(0)
    if not left or not _ISSUED.fullmatch(left[0]):
        problems.append(_expected(left, "day and time of the report such as 040200Z"))
        return None
    issued, *rest = left
    if kind is None:
        has_period = rest and Group.meant_by(rest[0]) is Group.PERIOD
        kind = ReportKind.TAF if has_period else ReportKind.METAR
    return _Head(kind, station, issued, rest)


def _expected(left: Sequence[str], what: str) -> Problem:
    given = f'"{left[0][:40]}"' if left else "nothing more"
    return Problem("report", given, f"expected {what}")


def _parts(groups: Sequence[Named]) -> Iterator[Part]:
    """Take a report apart into what it begins with and each change."""
    heading: list[str] = []
    inside: list[Named] = []
    for named in groups:
        if named.group in {Group.CHANGE, Group.FROM}:
            continues = named.text == "TEMPO" and heading and not inside
            if not (continues and heading[-1].startswith("PROB")):
                yield Part(tuple(heading), tuple(inside))
                heading, inside = [], []
            heading.append(named.text)
        else:
            inside.append(named)
    yield Part(tuple(heading), tuple(inside))


def _refuse_two_visibilities(part: Part) -> None:
    """Two of them are a slip of the pen, of which a parser would keep either."""
    prevailing, _ = part.visibilities()
    if len(prevailing) > 1:
        raise _fault(" ".join(prevailing), "expected one prevailing visibility: keep the right one")


def _stands_for(kind: ReportKind, issued_at: datetime, parts: Sequence[Part]) -> TimeInterval:
    """Return the time for which a report stands."""
    periods = parts[0].texts(Group.PERIOD)
    if kind is not ReportKind.TAF:
        if periods:
            raise _fault(periods[0], "expected no period of validity, which only a TAF has")
        has_trend = len(parts) > 1 or "NOSIG" in parts[0].texts(Group.WORD)
        return TimeInterval(issued_at, issued_at + (_TREND if has_trend else _OBSERVATION))
    if len(periods) != 1:
        raise _fault(
            " ".join(periods) or kind.value,
            "expected one period of validity, after the time of issue",
        )
    begins, ends = (
        _moment((int(half[:2]), int(half[2:]), 0), near=issued_at) for half in periods[0].split("/")
    )
    if not timedelta(0) < ends - begins <= _LONGEST:
        raise _fault(periods[0], "expected a period of validity of 30 hours at the most")
    return TimeInterval(begins, ends)


def _moment(written: DayTime, *, near: datetime) -> datetime:
    """Return the moment meant, in UTC: on the nearest such day, or at the next such hour."""
    day, hour, minute = written
    near = near.astimezone(UTC)
    if day is None:
        at = near.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return at if at >= near else at + timedelta(days=1)
    first = near.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = (first - timedelta(days=1), first, first + timedelta(days=32))
    found = []
    for month in months:
        start = month.replace(day=1) + timedelta(days=day - 1)
        if start.month == month.month:  # a month may have no such day
            found.append(start + timedelta(hours=hour, minutes=minute))
    return min(found, key=lambda at: abs(at - near))


def _spells(decoded: Sequence[Decoded], stands_for: TimeInterval) -> Iterator[Spell]:
    """Lay what a report says out in time."""
    first, *changes = decoded
    visibility_m, sky, weather = first.visibility_m, first.sky, first.weather
    change, since = Change.FIRST, stands_for.start
    for told in changes:
        period = _period(told, stands_for)
        if told.change.passes:
            weather_then = told.weather or ()
            yield Spell(
                told.change, period, told.visibility_m, told.sky, weather_then, told.probability
            )
            continue
        until = period.start if told.change is Change.FM else period.end
        if period.start < since or until < since:
            raise _fault(_written(told), "expected changes in the order in which they come about")
        yield Spell(change, TimeInterval(since, until), visibility_m, sky, weather or ())
        begins_anew = told.change is Change.FM
        if begins_anew or told.mentions_visibility:
            visibility_m = told.visibility_m
        if begins_anew or told.sky is not None:
            sky = told.sky
        if begins_anew or told.weather is not None:
            weather = told.weather
        change, since = told.change, period.start
    yield Spell(change, TimeInterval(since, stands_for.end), visibility_m, sky, weather or ())


def _period(told: Decoded, stands_for: TimeInterval) -> TimeInterval:
    """Return when a change comes about or a passing spell may be."""
    near = stands_for.start
    begins = near if told.begins is None else _moment(told.begins, near=near)
    ends = stands_for.end if told.ends is None else _moment(told.ends, near=near)
    if not stands_for.start <= begins <= ends <= stands_for.end:
        limits = f"{stands_for.start:%d%H%M}Z to {stands_for.end:%d%H%M}Z"
        raise _fault(_written(told), f"expected a time within that of the report, {limits}")
    return TimeInterval(begins, ends)


def _written(told: Decoded) -> str:
    stated = (at for at in (told.begins, told.ends) if at is not None)
    times = ("".join(f"{number:02}" for number in at if number is not None) for at in stated)
    return " ".join([told.change.value, *times])


def _fault(given: str, expected: str) -> InvalidInputError:
    return InvalidInputError(
        "a report of weather cannot be read", problems=[Problem("report", f'"{given}"', expected)]
    )
