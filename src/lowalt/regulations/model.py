"""What an instrument of law is, as data: provisions, dated parameters, deadlines, citations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum, StrEnum
from fractions import Fraction
from types import MappingProxyType
from zoneinfo import ZoneInfo

from lowalt.errors import NotInForceError, UnknownNameError
from lowalt.temporal import epoch_ms, from_epoch_ms
from lowalt.working_days import shift_working_days

Bilingual = Mapping[str, str]
"""A text in Chinese and English: keys ``zh`` and ``en``."""


class Verification(Enum):
    """How far the official text of a provision was read."""

    VERIFIED = "verified"
    PARTLY = "partly"
    MEMORY = "memory"


class Craft(Enum):
    """Which aircraft an instrument speaks of."""

    UNMANNED = "unmanned"
    MANNED = "manned"
    ALL = "all"


class Effect(Enum):
    """What follows where a duty stands and is not met; the strictest first.

    A provision known only from memory advises, whatever its reading says.
    """

    PROHIBITS = "prohibits"
    REQUIRES_APPROVAL = "requires_approval"
    REQUIRES_CONFIRMATION = "requires_confirmation"
    REQUIRES_FILING = "requires_filing"
    ADVISES = "advises"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days ``[start, end)``; an open end is ``None``."""

    start: date
    end: date | None = None

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def __str__(self) -> str:
        return f"[{self.start.isoformat()}, {self.end.isoformat() if self.end else '...'})"


class SpanUnit(StrEnum):
    """Unit of a legal span of time."""

    MINUTE = "min"
    HOUR = "h"
    DAY = "d"
    WORKDAY = "workday"
    MONTH = "month"
    YEAR = "year"


_SPAN_WORDS = {
    SpanUnit.MINUTE: ("分钟", "min"),
    SpanUnit.HOUR: ("小时", "h"),
    SpanUnit.DAY: ("日", "days"),
    SpanUnit.WORKDAY: ("个工作日", "working days"),
    SpanUnit.MONTH: ("个月", "months"),
    SpanUnit.YEAR: ("年", "years"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time after (or, negative, before) another time.

    Months and years are calendar months and years; a day that the month does not have becomes its
    last day. Working days are those of the Chinese calendar.

    Examples
    --------
    >>> date.fromordinal(Span(24, SpanUnit.MONTH).from_day(date(2024, 2, 29).toordinal()))
    datetime.date(2026, 2, 28)
    """

    amount: int
    unit: SpanUnit

    @property
    def is_exact(self) -> bool:
        """Whether it has one length, whatever the calendar says."""
        return self.unit in (SpanUnit.MINUTE, SpanUnit.HOUR, SpanUnit.DAY)

    @property
    def in_days(self) -> bool:
        """Whether it is counted in days or longer."""
        return self.unit not in (SpanUnit.MINUTE, SpanUnit.HOUR)

    def from_instant(self, instant_ms: int) -> int:
        """Shift an instant in epoch milliseconds; only exact units."""
        length = {SpanUnit.MINUTE: 60_000, SpanUnit.HOUR: 3_600_000, SpanUnit.DAY: 86_400_000}
        return instant_ms + self.amount * length[self.unit]

    def from_day(self, ordinal: int) -> int:
        """Shift a calendar day, a proleptic ordinal."""
        if self.unit is SpanUnit.DAY:
            return ordinal + self.amount
        if self.unit is SpanUnit.WORKDAY:
            return shift_working_days(date.fromordinal(ordinal), by=self.amount).toordinal()
        day = date.fromordinal(ordinal)
        months = self.amount * (12 if self.unit is SpanUnit.YEAR else 1)
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        for last in (day.day, 30, 29, 28):
            try:
                return date(year, month + 1, min(day.day, last)).toordinal()
            except ValueError:
                continue
        raise AssertionError("every month has 28 days")

    def text(self, lang: str) -> str:
        """Write the span for people."""
        zh, en = _SPAN_WORDS[self.unit]
        size = abs(self.amount)
        return f"{size}{zh}" if lang == "zh" else f"{size} {en}"

    def lead(self, lang: str) -> str:
        """Write how long before take-off it ends or, where it is positive, after landing.

        Examples
        --------
        >>> Span(-13, SpanUnit.WORKDAY).lead("en"), Span(24, SpanUnit.HOUR).lead("zh")
        ('13 working days before', '降落后24小时')
        """
        if lang == "zh":
            return f"{'降落后' if self.amount > 0 else '起飞前'}{self.text(lang)}"
        if self.amount > 0:
            return f"{self.text(lang)} after landing"
        return f"{self.text(lang)} before" + ("" if self.in_days else " take-off")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time of day some days from another time's local day, such as noon of the day before."""

    days: int
    at: time
    zone: ZoneInfo

    def from_instant(self, instant_ms: int) -> int:
        """Return the deadline that belongs to an instant, both in epoch milliseconds."""
        local = from_epoch_ms(instant_ms).astimezone(self.zone)
        day = local.date() + timedelta(days=self.days)
        return epoch_ms(datetime.combine(day, self.at, tzinfo=self.zone))

    def from_day(self, ordinal: int) -> int:
        """Shift a calendar day; the time of day is dropped."""
        return ordinal + self.days

    def text(self, lang: str) -> str:
        """Write the deadline for people, relative to take-off."""
        clock = self.at.strftime("%H:%M")
        if lang == "zh":
            return f"飞行前{-self.days}日{clock}"
        return f"{clock} local time, {-self.days} day(s) before the flight"

    def lead(self, lang: str) -> str:
        """Write when it is, seen from the day of the flight.

        Examples
        --------
        >>> Deadline(-1, time(15), ZoneInfo("Asia/Shanghai")).lead("en")
        '15:00 on the day before'
        """
        clock = self.at.strftime("%H:%M")
        if self.days in (0, -1):
            zh, en = ("当日", "on the day") if self.days == 0 else ("前1日", "on the day before")
        else:
            zh, en = f"前{-self.days}日", f"{-self.days} days before"
        return f"{zh}{clock}" if lang == "zh" else f"{clock} {en}"


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """A time of law that something is to be done by, with the parameter it stands in."""

    offset: Span | Deadline
    citation: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of law with its unit, exact."""

    value: Fraction
    unit: str
    reference: str | None = None

    def text(self, lang: str) -> str:
        """Write the quantity for people."""
        del lang  # digits and unit symbols are the same in both
        number = f"{float(self.value):.15g}"
        return f"{number} {self.unit}" + (f" {self.reference}" if self.reference else "")


ParameterValue = Quantity | Span | Deadline | date
"""A value of law as a reading uses it."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or date of law over time.

    Attributes
    ----------
    name
        Its name within the provision.
    values
        Each value with the days it is in force, in order, not overlapping.
    citation
        Provision it stands in.
    """

    name: str
    values: tuple[tuple[DateRange, ParameterValue], ...]
    citation: str

    def on(self, day: date) -> ParameterValue:
        """Value in force on a day.

        Raises
        ------
        NotInForceError
            If the parameter has no value on that day; the message lists the days it has.
        """
        for days, value in self.values:
            if day in days:
                return value
        raise NotInForceError(
            f"{self.citation}: parameter {self.name} has no value on {day.isoformat()};"
            f" it has values for {', '.join(str(days) for days, _ in self.values)}"
        )


@dataclass(frozen=True, slots=True)
class Provision:
    """An article, paragraph or item, in our own words, with its parameters.

    Attributes
    ----------
    key
        Path within the instrument, such as ``art_31__para_1__item_1``.
    citation
        The same, anywhere: ``cn/order_761_2023#art_31__para_1__item_1``.
    label
        How lawyers write it.
    summary
        What it says, in our own words.
    action
        What an operator does to meet it; empty where there is nothing to do.
    addressee
        To whom a duty is owed; empty where to nobody in particular.
    verification
        How far its text was read.
    note
        A choice of reading that a finding must mention, such as an edge the texts leave open.
    in_force
        Days on which it binds.
    parameters
        By name.
    unread
        Why it has no reading; empty where it has one.
    catalogue
        Rows of the rule catalogue that it answers.
    afterwards
        Where it asks that something that went wrong in flight is reported: name of the parameter
        that says how long after landing. Nothing of it can be judged from a plan.
    """

    key: str
    citation: str
    label: Bilingual
    summary: Bilingual
    action: Bilingual
    addressee: Bilingual
    verification: Verification
    note: Bilingual
    in_force: DateRange
    parameters: Mapping[str, Parameter]
    unread: Bilingual
    catalogue: tuple[str, ...] = ()
    afterwards: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument of law.

    Attributes
    ----------
    identifier
        Jurisdiction and file name, such as ``cn/order_761_2023``.
    governs_flight
        Whether, while in force, it is the law that lets or does not let its craft fly; on a day
        without such an instrument nothing can be permitted.
    craft
        Which aircraft it speaks of.
    not_held
        What else binds its craft in its jurisdiction and is in no instrument held, with whom to
        ask; empty where nothing is known to lack.
    """

    identifier: str
    title: Bilingual
    short_title: Bilingual
    issuer: Bilingual
    adopted: date
    in_force: DateRange
    time_zone: ZoneInfo
    source: str
    governs_flight: bool
    provisions: Mapping[str, Provision]
    craft: Craft = Craft.ALL
    not_held: Bilingual = field(default_factory=lambda: MappingProxyType({"zh": "", "en": ""}))

    def provision(self, key: str) -> Provision:
        """Look a provision up by its key.

        Raises
        ------
        UnknownNameError
            If the instrument has no such provision.
        """
        try:
            return self.provisions[key]
        except KeyError:
            raise UnknownNameError(
                f"{self.identifier} has no provision {key!r}; it has {', '.join(self.provisions)}"
            ) from None


class Parameters:
    """The parameters of an instrument on one day, as a reading asks for them.

    ``p.art_26__para_1.application_deadline`` is the value in force on the day of the rulebook.
    """

    def __init__(self, instrument: Instrument, *, on: date) -> None:
        self._instrument, self._on = instrument, on

    def __getattr__(self, key: str) -> ProvisionParameters:
        if key.startswith("_"):
            raise AttributeError(key)
        return ProvisionParameters(self._instrument.provision(key), on=self._on)


class ProvisionParameters:
    """The parameters of one provision on one day."""

    def __init__(self, provision: Provision, *, on: date) -> None:
        self._provision, self._on = provision, on

    def __getattr__(self, name: str) -> Cited:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._provision.parameters:
            raise UnknownNameError(
                f"{self._provision.citation} has no parameter {name!r}; it has"
                f" {', '.join(self._provision.parameters) or 'none'}"
            )
        parameter = self._provision.parameters[name]
        return Cited(parameter.on(self._on), f"{self._provision.citation}.{name}")


@dataclass(frozen=True, slots=True)
class Cited:
    """A value of law with the place it stands in."""

    value: ParameterValue
    citation: str
