"""What the groups of a report mean, by metar-taf-parser, which is met in this file only.

It is handed only groups whose form was checked, and only those that tell of visibility, cloud,
weather and change; whether it understood each of them is counted afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from lowalt.errors import InvalidInputError, Problem
from lowalt.units import METRES_PER_FOOT, METRES_PER_STATUTE_MILE
from lowalt.weather.groups import Group, Named
from lowalt.weather.reports import CLEAR_M, Change, Sky

if TYPE_CHECKING:
    from metar_taf_parser.model.model import AbstractWeatherContainer, Cloud, WeatherCondition

_GOOD_M = 10_000.0
"""What 9999 and CAVOK stand for, or more."""

_INSIGNIFICANT_M = 1500.0
"""NSC and CAVOK speak of no cloud below 1500 m, or below the highest minimum sector altitude where
that is higher (ICAO Annex 3); above it there may be some."""

_AUTOMATIC_FT = 12_000.0
"""CLR is what an automatic station of North America says that sees no cloud below."""

_MEANT = frozenset({Group.VISIBILITY, Group.CLOUD, Group.WEATHER, Group.PERIOD, Group.TREND_TIME})

DayTime = tuple[int | None, int, int]
"""Day of the month, where it is given, hour up to 24, and minute; UTC."""


class Part(NamedTuple):
    """What a report begins with, or one change, group by group.

    Attributes
    ----------
    heading
        Groups that make it a change, such as ``PROB30 TEMPO``; empty for the beginning.
    groups
        What follows them.
    """

    heading: tuple[str, ...]
    groups: tuple[Named, ...]

    def texts(self, *kinds: Group) -> list[str]:
        """Return the groups of some kinds."""
        return [named.text for named in self.groups if named.group in kinds]

    def visibilities(self) -> tuple[list[str], list[str]]:
        """Return those that prevail, and those of a direction, such as ``2000SW``."""
        given = self.texts(Group.VISIBILITY)
        directed = [text for text in given if text[-1] in "NESW"]
        return [text for text in given if text not in directed], directed


class Decoded(NamedTuple):
    """What one part means.

    Attributes
    ----------
    begins, ends
        As written; ``None`` where it does not say.
    mentions_visibility
        Whether it speaks of visibility at all, be it to say that it is not known.
    visibility_m, sky, probability
        As in a spell.
    weather
        As in a spell; ``None`` where it does not speak of it.
    """

    change: Change
    begins: DayTime | None
    ends: DayTime | None
    probability: int | None
    mentions_visibility: bool
    visibility_m: float | None
    sky: Sky | None
    weather: tuple[str, ...] | None


def decode(head: str, parts: Sequence[Part], *, is_forecast: bool) -> list[Decoded]:
    """Decode a report whose groups are of good form.

    Parameters
    ----------
    head
        Station, time and, of a TAF, period.
    parts
        What it begins with, and each change.
    is_forecast
        Whether it is a TAF.

    Raises
    ------
    InvalidInputError
        If the parser makes nothing of a group.
    """
    # Loaded only when asked: most plans give no report.
    from metar_taf_parser.parser.parser import MetarParser, TAFParser  # noqa: PLC0415

    text = " ".join([head, *(text for part in parts for text in _told(part))])
    try:
        found = TAFParser().parse(f"TAF {text}") if is_forecast else MetarParser().parse(text)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        raise _unread(text, f"its parser says: {error}") from None
    containers = [found, *found.trends]
    if len(containers) != len(parts):
        raise _unread(text, f"its parser finds {len(containers)} parts in it, not {len(parts)}")
    return [_decoded(part, told) for part, told in zip(parts, containers, strict=True)]


def _told(part: Part) -> list[str]:
    """Text of a part as the parser is to read it; what it cannot know is left out."""
    kept = [n.text for n in part.groups if n.group in _MEANT and not _says_nothing(n.text)]
    # At the end of a day a trend says 2400, which is no time of the clock to the parser.
    return [*part.heading, *("TL0000" if text == "TL2400" else text for text in kept)]


def _says_nothing(text: str) -> bool:
    """Whether a group says that something is not known, or is over."""
    return "//" in text[:6] or text == "NCD" or text.startswith("RE")


def _decoded(part: Part, told: AbstractWeatherContainer) -> Decoded:
    visibilities = part.texts(Group.VISIBILITY)
    begins, ends = _times(part, told)
    return Decoded(
        change=Change(told.type.value) if part.heading else Change.FIRST,
        begins=begins,
        ends=ends,
        probability=getattr(told, "probability", None),
        mentions_visibility=bool(visibilities),
        visibility_m=None if "////" in visibilities else _visibility_m(part, told),
        sky=_sky(part, told),
        weather=_weather(part, told),
    )


def _weather(part: Part, told: AbstractWeatherContainer) -> tuple[str, ...] | None:
    if not (part.texts(Group.WEATHER) or told.cavok or "NSW" in part.texts(Group.WORD)):
        return None
    return tuple(map(_code, told.weather_conditions))


def _code(condition: WeatherCondition) -> str:
    """Write a condition as it is written in a report."""
    qualifiers = (condition.intensity, condition.descriptive)
    parts = [q for q in qualifiers if q is not None] + condition.phenomenons
    return "".join(part.value for part in parts)


def _visibility_m(part: Part, told: AbstractWeatherContainer) -> float | None:
    prevailing, directed = part.visibilities()
    # The parser keeps the last direction only; the least of them counts.
    found_m = [float(text[:4]) for text in directed]
    if prevailing:
        if told.visibility is None or told.visibility.distance is None:
            raise _unread(prevailing[0], "its parser takes no visibility from it")
        found_m.append(_distance_m(told.visibility.distance, in_miles=prevailing[0][-2:] == "SM"))
    return min(found_m, default=None)


def _distance_m(written: str, *, in_miles: bool) -> float:
    if written.startswith(">"):
        return _GOOD_M
    return _miles(written) * METRES_PER_STATUTE_MILE if in_miles else float(written)


def _miles(written: str) -> float:
    """Statute miles, such as ``1 1/2``; more than P6 says is not known, less than M1/4 is 0."""
    if written.startswith("M"):
        return 0.0
    return float(sum(Fraction(term) for term in written.removeprefix("P").split()))


def _sky(part: Part, told: AbstractWeatherContainer) -> Sky | None:
    groups = part.texts(Group.CLOUD)
    if told.cavok:
        return Sky(_INSIGNIFICANT_M, _INSIGNIFICANT_M)
    if not groups:
        return None
    if any(_says_nothing(text) for text in groups):
        return Sky(None, None)  # what is not known may be the lowest
    upward_ft = told.vertical_visibility
    if len(told.clouds) + (upward_ft is not None) != len(groups):
        raise _unread(" ".join(groups), "its parser takes fewer clouds from it")
    if upward_ft is not None:
        return Sky(_metres(upward_ft), _metres(upward_ft))
    covering = [cloud for cloud in told.clouds if cloud.quantity.value not in {"FEW", "SCT"}]
    return Sky(
        min(_height_m(cloud) for cloud in told.clouds),
        min((_height_m(cloud) for cloud in covering), default=CLEAR_M),
    )


def _height_m(cloud: Cloud) -> float:
    if cloud.height is not None:
        return _metres(cloud.height)
    none_below_m = {"NSC": _INSIGNIFICANT_M, "CLR": _metres(_AUTOMATIC_FT)}
    return none_below_m.get(cloud.quantity.value, CLEAR_M)


def _metres(feet: float) -> float:
    return round(feet * METRES_PER_FOOT, 4)  # a foot is four decimals of a metre exactly


def _times(part: Part, told: AbstractWeatherContainer) -> tuple[DayTime | None, DayTime | None]:
    """Return when a change begins and ends, as far as it says so."""
    validity = getattr(told, "validity", None)
    if part.heading and validity is not None:
        begins = (validity.start_day, validity.start_hour, getattr(validity, "start_minutes", 0))
        if part.heading[0].startswith("FM"):
            return begins, None
        return begins, (validity.end_day, validity.end_hour, 0)
    times = {t.type.value: (None, t.time.hour, t.time.minute) for t in getattr(told, "times", ())}
    at = times.get("AT")
    changes_at_once = told.type.value == Change.BECMG if times else False
    return times.get("FM", at), times.get("TL", at if changes_at_once else None)


def _unread(text: str, why: str) -> InvalidInputError:
    problem = Problem(
        "report", f'"{text[:60]}"', f"{why}; compare it with the report as it was issued"
    )
    return InvalidInputError("a report of weather cannot be read", problems=[problem])
