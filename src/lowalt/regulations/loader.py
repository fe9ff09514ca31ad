"""From a regulation file to an :class:`~lowalt.regulations.model.Instrument`, strictly.

A file with an unknown key, an undated value or a unit that means nothing is refused with the file,
the place and what would be right; nothing is loaded by halves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lowalt.errors import RegulationFileError
from lowalt.regulations.model import (
    Bilingual,
    Craft,
    DateRange,
    Deadline,
    Instrument,
    Parameter,
    ParameterValue,
    Provision,
    Quantity,
    Span,
    SpanUnit,
    Verification,
)
from lowalt.regulations.strict_yaml import parse_yaml
from lowalt.units import measures_the_same

_INSTRUMENT_KEYS = {
    "instrument", "title", "short_title", "issuer", "adopted", "in_force", "time_zone", "source",
    "provisions",
}  # fmt: skip
_PROVISION_KEYS = {"label", "summary", "verification"}
_PROVISION_OPTIONS = {
    "action", "addressee", "note", "in_force", "parameters", "unread", "catalogue",
    "afterwards",
}  # fmt: skip
_DEADLINE = re.compile(r"day (?P<days>[+-]?\d+) (?P<hour>\d{2}):(?P<minute>\d{2})")
_SPAN = re.compile(rf"(?P<amount>[+-]?\d+) (?P<unit>{'|'.join(u.value for u in SpanUnit)})")
_DAYS = {
    SpanUnit.MINUTE: 1 / 1440, SpanUnit.HOUR: 1 / 24, SpanUnit.DAY: 1, SpanUnit.WORKDAY: 1,
    SpanUnit.MONTH: 31, SpanUnit.YEAR: 366,
}  # fmt: skip
_MOST_DAYS = 36_600
_LONGEST_AMOUNT = 15
_QUANTITY = re.compile(
    r"(?P<number>[+-]?[0-9]{1,15}(\.[0-9]{1,15})?) (?P<unit>\S+)( (?P<reference>\S+))?"
)
_QUANTITY_UNITS = {
    "m", "km", "ft", "km/h", "m/s", "kg", "g", "s", "min", "h", "ms", "%", "count",
    "J", "kJ", "/km2", "/h", "HKD",
}  # fmt: skip
_CATALOGUE_ROW = re.compile(r"[A-Z]{2}-[A-Z]{2,3}-\d{2}|CF-\d{2}")
_CHINESE = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef‘’“”…—"
_BETWEEN_CHINESE = re.compile(f"(?<=[{_CHINESE}]) (?=[{_CHINESE}])")
_EMPTY: Bilingual = MappingProxyType({"zh": "", "en": ""})


class _Reader:
    """Reads the parts of one file, naming file and place in every refusal."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.identifier = ""
        self.zone = ZoneInfo("UTC")

    def fail(self, where: str, problem: str) -> RegulationFileError:
        return RegulationFileError(self.file, where, problem)

    def keys(
        self, data: Any, where: str, *, required: set[str], optional: set[str] | None = None
    ) -> Mapping[str, Any]:
        if not isinstance(data, dict):
            raise self.fail(where, f"given {data!r}, expected keys {', '.join(sorted(required))}")
        optional = optional or set()
        if strange := set(map(str, data)) - required - optional:
            raise self.fail(
                where,
                f"unknown key {', '.join(sorted(strange))}; known ones are"
                f" {', '.join(sorted(required | optional))}",
            )
        if absent := required - set(data):
            raise self.fail(where, f"missing key {', '.join(sorted(absent))}")
        return data

    def bilingual(self, data: Any, where: str) -> Bilingual:
        if not isinstance(data, dict):
            raise self.fail(where, f"given {data!r}, expected both languages: {{zh: ..., en: ...}}")
        both = self.keys(data, where, required={"zh", "en"})
        zh, en = (self.text(both[lang], f"{where}.{lang}") for lang in ("zh", "en"))
        # Lines that YAML folds are joined with a space, and Chinese has none between its signs.
        return MappingProxyType({"zh": _BETWEEN_CHINESE.sub("", zh), "en": en})

    def day(self, data: Any, where: str) -> date:
        if type(data) is not date:
            raise self.fail(where, f"given {data!r}, expected a day such as 2024-01-01")
        return data

    def days(self, data: Any, where: str) -> DateRange:
        ends = self.keys(data, where, required={"from"}, optional={"to"})
        start = self.day(ends["from"], f"{where}.from")
        end = self.day(ends["to"], f"{where}.to") if "to" in ends else None
        if end is not None and end <= start:
            raise self.fail(where, f"given {start} to {end}: it ends before it begins")
        return DateRange(start, end)

    def flag(self, body: Mapping[str, Any], key: str) -> bool:
        given = body.get(key, False)
        if not isinstance(given, bool):
            raise self.fail(key, f"given {given!r}, expected true or false")
        return given

    def craft(self, body: Mapping[str, Any]) -> Craft:
        given = body.get("craft", Craft.ALL.value)
        try:
            return Craft(given)
        except ValueError:
            known = ", ".join(c.value for c in Craft)
            raise self.fail("craft", f"given {given!r}, expected one of {known}") from None

    def text(self, data: Any, where: str) -> str:
        if not isinstance(data, str) or not data.strip():
            raise self.fail(where, f"given {data!r}, expected a text")
        return " ".join(data.split())

    def amount(self, digits: str, days: float, data: Any, where: str) -> int:
        """Read how many of something that lasts some days, and no more than calendars hold."""
        amount = int(digits[:_LONGEST_AMOUNT])
        if len(digits) > _LONGEST_AMOUNT or abs(amount) * days > _MOST_DAYS:
            raise self.fail(where, f"given {data!r}, expected no more than a century")
        return amount

    def value(self, data: Any, unit: str, reference: str | None, where: str) -> ParameterValue:
        if unit == "date":
            return self.day(data, where)
        if unit == "deadline":
            match = _DEADLINE.fullmatch(str(data))
            if match is None:
                raise self.fail(where, f"given {data!r}, expected a time such as 'day -1 12:00'")
            try:
                at = time(int(match["hour"]), int(match["minute"]))
            except ValueError:
                raise self.fail(where, f"given {data!r}, which is no time of day") from None
            return Deadline(self.amount(match["days"], 1, data, where), at, self.zone)
        if unit == "span":
            match = _SPAN.fullmatch(str(data))
            if match is None:
                raise self.fail(
                    where,
                    f"given {data!r}, expected a span such as '-30 min' or '24 month'; units are"
                    f" {', '.join(u.value for u in SpanUnit)}",
                )
            length = SpanUnit(match["unit"])
            return Span(self.amount(match["amount"], _DAYS[length], data, where), length)
        if unit not in _QUANTITY_UNITS:
            raise self.fail(
                where,
                f"unit {unit!r} is not known; use date, deadline, span or one of"
                f" {', '.join(sorted(_QUANTITY_UNITS))}",
            )
        is_number = isinstance(data, int | Decimal) and not isinstance(data, bool)
        if not is_number or (isinstance(data, Decimal) and not data.is_finite()):
            raise self.fail(where, f"given {data!r}, expected a number of {unit}")
        return Quantity(Fraction(data), unit, reference)

    def parameter(self, name: str, data: Any, citation: str, where: str) -> Parameter:
        body = self.keys(data, where, required={"unit", "values"}, optional={"reference"})
        if not isinstance(body["values"], list) or not body["values"]:
            raise self.fail(f"{where}.values", "expected a list of dated values")
        reference = (
            self.text(body["reference"], f"{where}.reference") if "reference" in body else None
        )
        values: list[tuple[DateRange, ParameterValue]] = []
        for i, entry in enumerate(body["values"]):
            place = f"{where}.values[{i}]"
            dated = self.keys(entry, place, required={"from", "value"}, optional={"to"})
            days = self.days({k: dated[k] for k in ("from", "to") if k in dated}, place)
            if values and (values[-1][0].end is None or values[-1][0].end > days.start):
                raise self.fail(place, "values overlap; close the earlier one with 'to'")
            value = self.value(dated["value"], str(body["unit"]), reference, f"{place}.value")
            values.append((days, value))
        return Parameter(name, tuple(values), citation)

    def rows(self, data: Any, where: str) -> tuple[str, ...]:
        if not isinstance(data, list):
            raise self.fail(where, f"given {data!r}, expected a list such as [CN-APP-01]")
        for row in data:
            if not isinstance(row, str) or not _CATALOGUE_ROW.fullmatch(row):
                raise self.fail(where, f"given {row!r}, expected a row such as CN-APP-01")
        return tuple(data)

    def provision(self, key: str, data: Any, in_force: DateRange) -> Provision:
        where = f"provisions.{key}"
        body = self.keys(data, where, required=_PROVISION_KEYS, optional=_PROVISION_OPTIONS)
        citation = f"{self.identifier}#{key}"
        try:
            verification = Verification(body["verification"])
        except ValueError:
            raise self.fail(
                f"{where}.verification",
                f"given {body['verification']!r}, expected one of"
                f" {', '.join(v.value for v in Verification)}",
            ) from None
        texts = {
            name: self.bilingual(body[name], f"{where}.{name}") if name in body else _EMPTY
            for name in ("label", "summary", "action", "addressee", "note", "unread")
        }
        parameters = body.get("parameters", {})
        if not isinstance(parameters, dict) or not all(isinstance(k, str) for k in parameters):
            raise self.fail(f"{where}.parameters", "expected parameters by name, or no such key")
        provision = Provision(
            key=key,
            citation=citation,
            verification=verification,
            in_force=self.days(body["in_force"], f"{where}.in_force")
            if "in_force" in body
            else in_force,
            parameters=MappingProxyType(
                {
                    name: self.parameter(name, value, citation, f"{where}.parameters.{name}")
                    for name, value in parameters.items()
                }
            ),
            catalogue=self.rows(body.get("catalogue", []), f"{where}.catalogue"),
            afterwards=self.text(body["afterwards"], f"{where}.afterwards")
            if "afterwards" in body
            else "",
            **texts,
        )
        if provision.afterwards:
            self.check_afterwards(provision, f"{where}.afterwards")
        return provision

    def check_afterwards(self, provision: Provision, where: str) -> None:
        """Refuse a report after the flight that says not how long after, or what."""
        parameter = provision.parameters.get(provision.afterwards)
        spans = [value for _, value in parameter.values] if parameter is not None else []
        if not spans or not all(isinstance(s, Span) and s.amount > 0 for s in spans):
            raise self.fail(
                where,
                f"given {provision.afterwards!r}, expected a parameter of the provision that is a"
                " span after landing, such as '24 h'",
            )
        if not provision.action["en"]:
            raise self.fail(where, "a report needs an 'action' that says what to tell")

    def instrument(self, data: Any) -> Instrument:
        body = self.keys(
            data,
            "the file",
            required=_INSTRUMENT_KEYS,
            optional={"governs_flight", "craft", "not_held"},
        )
        self.identifier = self.text(body["instrument"], "instrument")
        try:
            self.zone = ZoneInfo(str(body["time_zone"]))
        except (ZoneInfoNotFoundError, ValueError):
            raise self.fail(
                "time_zone", f"given {body['time_zone']!r}, expected one such as Asia/Shanghai"
            ) from None
        in_force = self.days(body["in_force"], "in_force")
        if not isinstance(body["provisions"], dict) or not body["provisions"]:
            raise self.fail("provisions", "expected provisions by key, such as art_8__para_1")
        return Instrument(
            identifier=self.identifier,
            title=self.bilingual(body["title"], "title"),
            short_title=self.bilingual(body["short_title"], "short_title"),
            issuer=self.bilingual(body["issuer"], "issuer"),
            adopted=self.day(body["adopted"], "adopted"),
            in_force=in_force,
            time_zone=self.zone,
            source=self.text(body["source"], "source"),
            governs_flight=self.flag(body, "governs_flight"),
            craft=self.craft(body),
            not_held=self.bilingual(body["not_held"], "not_held") if "not_held" in body else _EMPTY,
            provisions=MappingProxyType(
                {
                    str(key): self.provision(str(key), value, in_force)
                    for key, value in body["provisions"].items()
                }
            ),
        )


def read_instrument(file: Traversable) -> Instrument:
    """Read one instrument from its file.

    Parameters
    ----------
    file
        A path or package resource.

    Raises
    ------
    RegulationFileError
        If the file breaks the rules of its form.
    """
    return parse_instrument(file.read_bytes(), name=file.name)


def parse_instrument(content: bytes, *, name: str) -> Instrument:
    """Read one instrument from the content of its file.

    Raises
    ------
    RegulationFileError
        As :func:`read_instrument` does.
    """
    return _Reader(name).instrument(parse_yaml(content, name=name))


def parse_value(
    written: str, *, like: ParameterValue, zone: ZoneInfo, file: str, where: str
) -> ParameterValue:
    """Read another value for a parameter, by the rules that its file is read by.

    Parameters
    ----------
    written
        Such as ``150 m``, ``-2 h``, ``day -1 18:00`` or ``2027-01-01``.
    like
        The value it is to stand in for: of the same kind, in a unit that measures the same.
    zone
        Time zone of the instrument.
    file, where
        What is read, for refusals.

    Raises
    ------
    RegulationFileError
        If it is no such value.

    Examples
    --------
    >>> limit = Quantity(Fraction(120), "m", "AGL")
    >>> where = {"zone": ZoneInfo("Asia/Shanghai"), "file": "amendment", "where": "ceiling"}
    >>> parse_value("150 m", like=limit, **where).text("en")
    '150 m AGL'
    """
    reader = _Reader(file)
    reader.zone = zone
    if isinstance(like, Quantity):
        return _quantity(reader, written, like, where)
    if isinstance(like, Span | Deadline):
        kind = "span" if isinstance(like, Span) else "deadline"
        value = reader.value(written, kind, None, where)
        if _amount(value) * _amount(like) < 0:
            raise reader.fail(
                where,
                f"given {written!r}, on the other side of what it is counted from; it stands with"
                f" {_amount(like):+d}, and before is not after",
            )
        return value
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        raise reader.fail(where, f"given {written!r}, expected a day such as 2024-01-01") from None


def _amount(value: ParameterValue) -> int:
    """How far a span or deadline lies after what it is counted from; negative before it."""
    if isinstance(value, Span):
        return value.amount
    return value.days if isinstance(value, Deadline) else 0


def _quantity(reader: _Reader, written: str, like: Quantity, where: str) -> ParameterValue:
    match = _QUANTITY.fullmatch(str(written))
    example = like.text("en")
    if match is None:
        raise reader.fail(where, f"given {written!r}, expected a number with its unit: '{example}'")
    if match["reference"] not in (None, like.reference):
        raise reader.fail(
            where,
            f"given {written!r}, counted from {match['reference']}; it stands as {example}, and"
            " another reference would be another reading",
        )
    if not measures_the_same(match["unit"], like.unit):
        raise reader.fail(
            where, f"given {written!r}, a unit that does not measure what {example} measures"
        )
    if match["number"].startswith("-") and like.value >= 0:
        raise reader.fail(where, f"given {written!r}, below zero; expected such as '{example}'")
    return reader.value(Decimal(match["number"]), match["unit"], like.reference, where)
