"""Golden cases: one flight each, and what one provision, or one legal term, says of it.

They lie beside the instrument that they try, as ``<instrument>.cases.yaml``, in words that a
lawyer can read; the tests judge every one, and ``lowalt rules`` shows those of a provision.

A file holds the ``instrument``, the ``day`` the cases are set on, a ``base`` of facts that every
case starts from, named ``sets`` of facts and ``encounters``, and the ``cases``. A case names what
it asks (``provision`` or ``term``), adds sets (``with``) and ``facts`` of its own, says which
``legs`` and ``encounters`` there are, and what is expected (``status`` or ``truth``). Without
``legs`` the flight has one leg, in the jurisdiction of the file's folder. A fact of a leg that is
stated of the flight holds on every leg that does not state its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from lowalt.errors import LowaltError, RegulationFileError
from lowalt.facts import Facts, Instance
from lowalt.regulations.strict_yaml import read_yaml
from lowalt.temporal import epoch_ms
from lowalt.terms import Jurisdiction, Term
from lowalt.truth import Truth
from lowalt.vocabulary import FactValue, Measure, Scope, fact

FILE_KEYS = {"instrument", "day", "base", "sets", "encounters", "cases"}
CASE_KEYS = {
    "name", "day", "provision", "term", "with", "facts", "legs", "encounters", "status", "truth",
}  # fmt: skip

_HOME = {"hk": Jurisdiction.HONG_KONG, "mo": Jurisdiction.MACAO}


@dataclass(frozen=True, slots=True)
class LawCase:
    """One flight and what one provision, or one legal term, says of it.

    Attributes
    ----------
    name
        What the case is about, for a lawyer to read.
    instrument
        Identifier of the instrument it stands beside.
    day
        Day on which it is judged.
    asked
        Citation of the provision, or name of the legal term.
    is_term
        Whether a term is asked for.
    facts
        What is known.
    expected
        Status of the provision, or truth of the term: ``true``, ``false`` or ``unknown``.
    """

    name: str
    instrument: str
    day: date
    asked: str
    is_term: bool
    facts: Facts
    expected: str


def cases_of(identifier: str) -> tuple[LawCase, ...]:
    """Golden cases of an instrument that lowalt holds; none where it has no file of them.

    Examples
    --------
    >>> cases_of("cn/order_761_2023")[0].asked
    'cn/order_761_2023#art_8__para_1'
    """
    file = files("lowalt.regulations").joinpath(f"{identifier}.cases.yaml")
    return read_cases(file) if file.is_file() else ()


def read_cases(file: Traversable) -> tuple[LawCase, ...]:
    """Read a file of cases.

    Raises
    ------
    RegulationFileError
        If a case breaks the rules of its form.
    """
    data = read_yaml(file)
    _check_keys(file, "the file", data, FILE_KEYS)
    return tuple(_read(file, data))


def _read(file: Traversable, data: Mapping[str, Any]) -> Iterator[LawCase]:
    zones, instrument = data.get("encounters", {}), data["instrument"]
    home = {"jurisdiction": _HOME.get(instrument.partition("/")[0], Jurisdiction.MAINLAND)}
    for entry in data["cases"]:
        where = f"case {entry.get('name', '?')!r}"
        _check_keys(file, where, entry, CASE_KEYS)
        flight = dict(data["base"])
        for name in entry.get("with", []):
            flight |= data["sets"][name]
        flight |= entry.get("facts", {})
        is_term = "term" in entry
        try:
            on_legs = {n: flight.pop(n) for n in list(flight) if fact(n).scope is Scope.LEG}
            facts = Facts(
                _values(flight),
                _instances([{**on_legs, **leg} for leg in entry.get("legs", [home])], {}),
                _instances(entry.get("encounters", []), zones),
            )
        except (LowaltError, ValueError) as error:
            raise RegulationFileError(file.name, where, str(error)) from error
        yield LawCase(
            name=entry["name"],
            instrument=instrument,
            day=entry.get("day", data["day"]),
            asked=entry["term"] if is_term else f"{instrument}#{entry['provision']}",
            is_term=is_term,
            facts=facts,
            expected=entry["truth"] if is_term else entry["status"],
        )


def _check_keys(file: Traversable, where: str, data: Mapping[str, Any], known: set[str]) -> None:
    if strange := set(data) - known:
        raise RegulationFileError(
            file.name,
            where,
            f"unknown key {', '.join(sorted(strange))}; known ones are {', '.join(sorted(known))}",
        )


def _values(written: Mapping[str, Any]) -> dict[str, FactValue]:
    return {name: _value(name, v) for name, v in written.items() if v is not None}


def _value(name: str, written: Any) -> FactValue:
    """Read a fact as the case files write it."""
    known = fact(name)
    if known.measure is Measure.INSTANT:
        moment = written if isinstance(written, datetime) else datetime.fromisoformat(written)
        if moment.tzinfo is None:
            raise ValueError(f"{name}: {written} has no offset")
        return epoch_ms(moment)
    if known.measure is Measure.DAY:
        if type(written) is not date:
            raise ValueError(f"{name}: given {written!r}, expected a day such as 2026-06-01")
        return written.toordinal()
    if issubclass(known.kind, Term):
        return next(word for word in known.kind if word.value == written)
    known.check(written)
    assert isinstance(written, bool | int)
    return written


def _instances(written: list[Any], named: Mapping[str, Any]) -> tuple[Instance, ...]:
    found = []
    for entry in written:
        given = dict(named[entry]) if isinstance(entry, str) else dict(entry)
        if "like" in given:
            given = {**named[given.pop("like")], **given}
        exists = Truth(given.pop("exists", "true"))
        found.append(Instance(exists, _values(given)))
    return tuple(found)
