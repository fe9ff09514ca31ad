"""The law as JSON: provisions in short, or one in full; the keys do not change with the language.

Days in force are ``{"from": first day, "before": first day no longer, or null}``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from lowalt.regulations.cases import LawCase
from lowalt.regulations.catalogue import catalogue
from lowalt.regulations.contents import Entry
from lowalt.regulations.model import Bilingual, DateRange, Parameter, ParameterValue
from lowalt.report.law_words import value_text
from lowalt.report.outline import outline


def summary(entry: Entry) -> dict[str, Any]:
    """Sum a provision up.

    Examples
    --------
    >>> from lowalt.regulations.contents import contents
    >>> from lowalt.regulations.rulebook import load_rulebook
    >>> found = summary(contents(load_rulebook(on=date(2026, 6, 1)))[0])
    >>> found["citation"], found["effect"], found["in_force"]
    ('cn/order_761_2023#art_8__para_1', 'prohibits', {'from': '2024-01-01', 'before': None})
    """
    provision = entry.provision
    return {
        "citation": provision.citation,
        "instrument": entry.instrument.identifier,
        "label": dict(provision.label),
        "summary": dict(provision.summary),
        "effect": None if entry.effect is None else entry.effect.value,
        "defines": [definition.term for definition in entry.definitions],
        "in_force": _days(provision.in_force),
        "verification": provision.verification.value,
        "catalogue": list(provision.catalogue),
    }


def in_full(entry: Entry, *, cases: Iterable[LawCase], on: date) -> dict[str, Any]:
    """Write a provision with everything that hangs on it.

    Parameters
    ----------
    entry
        The provision.
    cases
        Golden cases that ask for it, or for a term that it defines.
    on
        Day whose numbers its reading is written with; where it is not in force then, the nearest
        day on which it is.
    """
    instrument, provision, reading = entry.instrument, entry.provision, entry.reading
    return {
        **summary(entry),
        "title": dict(instrument.title),
        "issuer": dict(instrument.issuer),
        "craft": instrument.craft.value,
        "source": instrument.source,
        "not_held": _text(instrument.not_held),
        "action": _text(provision.action),
        "addressee": _text(provision.addressee),
        "note": _text(provision.note),
        "unread": _text(provision.unread),
        "parameters": [_parameter(p) for p in provision.parameters.values()],
        "reading": _reading(entry, entry.nearest_day(on)),
        "definitions": {
            term: outline(condition).to_dict()
            for term, condition in entry.meanings(entry.nearest_day(on)).items()
        },
        "waives": list(entry.waives),
        "waived_by": list(entry.waived_by),
        "addresses": list(entry.addresses),
        "addressed_by": list(entry.addressed_by),
        "needs": list(reading.needs) if reading else [],
        "derives": list(reading.derives) if reading else [],
        "rows": [_row(name) for name in provision.catalogue],
        "cases": [_case(case) for case in cases],
    }


def _text(text: Bilingual) -> dict[str, str] | None:
    return dict(text) if text["en"] else None


def _days(days: DateRange) -> dict[str, str | None]:
    end = None if days.end is None else days.end.isoformat()
    return {"from": days.start.isoformat(), "before": end}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "values": [{**_value(value), "in_force": _days(days)} for days, value in parameter.values],
    }


def _reading(entry: Entry, day: date) -> dict[str, Any] | None:
    rule = entry.rule(day)
    if rule is None:
        return None
    return {
        "on": day.isoformat(),
        "scope": rule.scope.value,
        "applies": outline(rule.applies).to_dict(),
        "must": None if rule.satisfied is None else outline(rule.satisfied).to_dict(),
        "deadline": None if rule.deadline is None else _value(rule.deadline.offset),
        "answer": None if rule.answer is None else _value(rule.answer.offset),
    }


def _value(value: ParameterValue) -> dict[str, str]:
    return {"zh": value_text(value, lang="zh"), "en": value_text(value, lang="en")}


def _row(name: str) -> dict[str, Any]:
    row = catalogue()[name]
    return {
        "id": name,
        "checks": dict(row.checks),
        "verdict": [outcome.value for outcome in row.outcomes],
        "confidence": row.confidence.value,
        "doubtful": _text(row.doubtful),
    }


def _case(case: LawCase) -> dict[str, str]:
    return {"name": case.name, "day": case.day.isoformat(), "expected": case.expected}
