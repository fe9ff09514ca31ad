"""Features of a dataset as text: a line each, or one in full with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta, timezone
from typing import Literal

from lowalt.airspace import (
    IDENTIFIER_LENGTH,
    BoundaryPart,
    Circle,
    Corridor,
    Feature,
    HandOver,
    Line,
    Outline,
    Port,
    Sector,
    Site,
    Strip,
    Volume3D,
    Zone,
)
from lowalt.levels import VerticalLayer
from lowalt.report.airspace_words import AIRSPACE_WORDS, AirspaceWords
from lowalt.report.lines import padded, wrap
from lowalt.temporal import ALWAYS, Schedule, Weekday, WeeklyHours

Language = Literal["zh", "en"]

_CHINA_TIME = timezone(timedelta(hours=8))
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
"""Windows that begin before or end after these years were written without a limit."""


def listed(
    feature: Feature, *, lang: Language, width: int = 100, maybe: bool = False
) -> Iterator[str]:
    """Sum a feature up in two lines or three.

    Parameters
    ----------
    feature
        The feature.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal.
    maybe
        Whether it is not sure that the feature is met where it was asked for.
    """
    words = AIRSPACE_WORDS[lang]
    facts = [
        kind(feature, lang=lang),
        words.asks[feature.restriction] if isinstance(feature, Zone) else "",
        ", ".join(dict.fromkeys(map(str, _layers(feature)))),
        *_when(feature, lang),
        *_of_its_sort(feature, lang),
        words.example if feature.example else words.statuses[feature.status],
        words.maybe if maybe else "",
    ]
    indent = " " * (IDENTIFIER_LENGTH + 2)
    head = padded(feature.identifier, IDENTIFIER_LENGTH + 2)
    yield from wrap(in_language(feature.name, lang), width=width, first=head, rest=indent)
    yield from wrap(" · ".join(filter(None, facts)), width=width, first=indent)


def describe(feature: Feature, *, lang: Language, width: int = 100) -> str:
    """Show one feature in full, with where it was read and how far it is known.

    Parameters
    ----------
    feature
        The feature.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal.

    Returns
    -------
    str
        Lines of text, without a final newline.
    """
    words = AIRSPACE_WORDS[lang]
    other: Language = "en" if lang == "zh" else "zh"
    head = f"{feature.identifier}  {in_language(feature.name, lang)}"
    lines = [head, *([in_language(feature.name, other)] if other in feature.name else []), ""]
    for label, text in _facts(feature, lang):
        first = padded(label, words.label_width)
        lines.extend(wrap(text, width=width, first=first, rest=" " * words.label_width))
    return "\n".join(lines)


def _facts(feature: Feature, lang: Language) -> Iterator[tuple[str, str]]:
    words = AIRSPACE_WORDS[lang]
    if feature.example:
        yield words.note, words.example_note
    yield words.kind, kind(feature, lang=lang)
    if isinstance(feature, Zone):
        yield words.restriction, words.asks[feature.restriction]
    for text in _places(feature, words):
        yield words.where, text
    if isinstance(feature, Corridor):
        yield from _corridor_facts(feature, lang)
    if isinstance(feature, Port):
        yield from _port_facts(feature, lang)
    else:
        yield words.when, _in_force(feature, lang)
    yield words.status, words.status_notes[feature.status]
    yield words.accuracy, words.accuracy_of.format(feature.accuracy_m)
    parts: Sequence[BoundaryPart] = feature.less_accurate if isinstance(feature, Zone) else ()
    for part in parts:
        yield words.accuracy, words.part_of.format(part.accuracy_m)
    yield words.basis, f"{feature.citation} {words.bases[feature.basis]}"
    if feature.authority:
        yield words.authority, in_language(feature.authority, lang)
    if feature.remarks:
        yield words.remarks, in_language(feature.remarks, lang)
    for source in feature.sources:
        yield words.source, source
    yield words.as_of, feature.as_of.isoformat()


def in_language(text: Mapping[str, str], lang: Language) -> str:
    """Give a text in a language, or in whichever there is."""
    return text.get(lang) or next(iter(text.values()), "")


def kind(feature: Feature, *, lang: Language) -> str:
    """Name what a feature is."""
    if isinstance(feature, Port):
        return AIRSPACE_WORDS[lang].port_of_entry
    if isinstance(feature, Zone | Corridor | Site | Line):
        return feature.kind.label(lang)
    return ""


def _layers(feature: Feature) -> Iterator[VerticalLayer]:
    if isinstance(feature, Zone | Corridor):
        yield from (volume.layer for volume in feature.volumes)


def _in_force(feature: Feature, lang: Language, most: int | None = None) -> str:
    """Write when a feature is in force; a route of which no hours were read is not one of H24."""
    if isinstance(feature, Corridor) and feature.schedule == ALWAYS:
        return AIRSPACE_WORDS[lang].no_hours
    return hours(feature.schedule, lang=lang, most=most)


def _when(feature: Feature, lang: Language) -> Iterator[str]:
    words = AIRSPACE_WORDS[lang]
    if not isinstance(feature, Port):
        yield _in_force(feature, lang, most=1)
        return
    if feature.opened_on is not None:
        yield words.opened_since.format(feature.opened_on)
    yield words.no_hours if feature.hours is None else hours(feature.hours, lang=lang, most=1)


def _of_its_sort(feature: Feature, lang: Language) -> Iterator[str]:
    """Say in short what only a corridor or a port states."""
    if isinstance(feature, Corridor):
        yield from (word.label(lang) for word in (feature.direction, feature.users) if word)
        yield " → ".join(feature.firs)
    if isinstance(feature, Port) and feature.helicopters is not True:
        words = AIRSPACE_WORDS[lang]
        yield f"{words.helicopters}{words.colon}{words.helicopter_answers[feature.helicopters]}"


# Corridors and ports


def _corridor_facts(corridor: Corridor, lang: Language) -> Iterator[tuple[str, str]]:
    words = AIRSPACE_WORDS[lang]
    for label, word in ((words.direction, corridor.direction), (words.users, corridor.users)):
        yield label, words.unpublished if word is None else word.label(lang)
    yield words.firs, " → ".join(corridor.firs) or words.unknown
    for passed in corridor.hand_overs:
        yield words.hand_over, _hand_over(passed, lang)
        if passed.remarks:
            yield words.hand_over, in_language(passed.remarks, lang)
    if len(corridor.hand_overs) < len(corridor.firs) - 1:
        yield words.hand_over, words.hand_over_unknown


def _hand_over(passed: HandOver, lang: Language) -> str:
    words = AIRSPACE_WORDS[lang]
    sides = (
        f"{fir} {in_language(unit, lang)}".rstrip()
        for fir, unit in ((passed.fir_from, passed.unit_from), (passed.fir_to, passed.unit_to))
    )
    return words.hand_over_at.format(
        *sides,
        degrees(lon_deg=passed.lon_deg, lat_deg=passed.lat_deg),
        passed.point or words.no_hand_over_point,
        words.statuses[passed.status],
    )


def _port_facts(port: Port, lang: Language) -> Iterator[tuple[str, str]]:
    words = AIRSPACE_WORDS[lang]
    yield words.port, port.port.label(lang)
    yield words.helicopters, words.helicopter_answers[port.helicopters]
    yield words.opened_on, words.unknown if port.opened_on is None else port.opened_on.isoformat()
    published = words.unpublished if port.hours is None else hours(port.hours, lang=lang)
    yield words.port_hours, published
    for check in port.checks:
        authority = in_language(check.authority, lang)
        yield words.check, f"{check.kind.label(lang)}{words.colon}{authority}"
        for text in (in_language(check.notice, lang), check.citation):
            if text:
                yield words.check, text


# Places


def _places(feature: Feature, words: AirspaceWords) -> Iterator[str]:
    if isinstance(feature, Zone):
        for volume in feature.volumes:
            yield f"{_shape(volume, words)}, {volume.layer}"
        for volume in feature.micro_volumes or ():
            yield f"{words.micro}{_shape(volume, words)}, {volume.layer}"
        if feature.micro_volumes == ():
            yield words.no_micro
    elif isinstance(feature, Corridor):
        yield words.corridor.format(feature.half_width_m)
        for number, point in enumerate(feature.points):
            after = f", {feature.layers[number]}" if number < len(feature.layers) else ""
            place = degrees(lon_deg=point.lon_deg, lat_deg=point.lat_deg)
            yield f"{point.name}  {place} ({words.statuses[point.status]}){after}"
    elif isinstance(feature, Port):
        place = degrees(lon_deg=feature.lon_deg, lat_deg=feature.lat_deg)
        yield words.port_circle.format(feature.radius_m, place) + _elevation(feature)
    elif isinstance(feature, Site):
        yield degrees(lon_deg=feature.lon_deg, lat_deg=feature.lat_deg) + _elevation(feature)
    elif isinstance(feature, Line):
        west, south, east, north = feature.line.bounds
        yield words.box.format(west, east, south, north)


def _elevation(site: Site) -> str:
    known = site.elevation_amsl_m
    return "" if known is None else f", {known:g} m AMSL"


def _shape(volume: Volume3D, words: AirspaceWords) -> str:
    shape = volume.shape
    if isinstance(shape, Circle):
        place = degrees(lon_deg=shape.lon_deg, lat_deg=shape.lat_deg)
        return words.circle.format(shape.radius_m, place)
    if isinstance(shape, Sector):
        place = degrees(lon_deg=shape.lon_deg, lat_deg=shape.lat_deg)
        ends = (shape.start_azimuth_deg % 360.0, shape.end_azimuth_deg % 360.0)
        return words.sector.format(shape.radius_m, place, *ends)
    if isinstance(shape, Outline):
        return words.outline.format(len(shape.corners), len(shape.arcs))
    if isinstance(shape, Strip):
        return words.strip.format(shape.half_width_m, len(shape.line))
    west, south, east, north = volume.geometry.bounds
    return words.polygon + words.box.format(west, east, south, north)


def degrees(*, lon_deg: float, lat_deg: float) -> str:
    """Write a place as people read it.

    Examples
    --------
    >>> degrees(lon_deg=113.924824, lat_deg=22.558993)
    '22.558993 N 113.924824 E'
    """
    north, east = "NS"[lat_deg < 0], "EW"[lon_deg < 0]
    return f"{abs(lat_deg):.6f} {north} {abs(lon_deg):.6f} {east}"


# Hours


def hours(schedule: Schedule, *, lang: Language, most: int | None = None) -> str:
    """Write when a schedule is active, in China's time unless it names another.

    Parameters
    ----------
    schedule
        The schedule.
    lang
        ``zh`` or ``en``.
    most
        How many windows and weekly hours to write before saying how many more there are.

    Examples
    --------
    >>> hours(Schedule(), lang="en")
    'H24'
    """
    words = AIRSPACE_WORDS[lang]
    if schedule.windows is None:
        return "H24"
    found = [_window(w.start, w.end) for w in schedule.windows]
    found += [_weekly(w, words) for w in schedule.weekly]
    if not found:
        return words.never
    if most is not None and len(found) > most:
        return words.join.join(found[:most]) + words.more.format(len(found) - most)
    return words.join.join(found)


def _window(start: datetime | None, end: datetime | None) -> str:
    first = "" if start is None or start.year < _FIRST_YEAR else _moment(start)
    last = "" if end is None or end.year > _LAST_YEAR else _moment(end)
    return f"{first or '…'} – {last or '…'}"


def _moment(at: datetime) -> str:
    return at.astimezone(_CHINA_TIME).strftime("%Y-%m-%d %H:%M")


def _weekly(weekly: WeeklyHours, words: AirspaceWords) -> str:
    days = (
        words.daily
        if weekly.days is None
        else " ".join(words.days[day] for day in Weekday if day in weekly.days)
    )
    opens, closes = (
        f"{end:%H:%M}" if isinstance(end, time) else words.events[end.value]
        for end in (weekly.opens, weekly.closes)
    )
    text = f"{days} {opens}–{closes}"
    if weekly.start is None and weekly.end is None:
        return text
    return f"{text} ({_window(weekly.start, weekly.end)})"
