"""What is in force on a day: instruments and readings compiled into one table of rules."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType, ModuleType
from typing import Literal

from lowalt.engine import make_engine
from lowalt.engine.rules import InferenceEngine, InferenceRule
from lowalt.errors import RegulationError, RegulationFileError, UnknownNameError
from lowalt.regulations.authoring import WHOLE_INSTRUMENT, Definition, F, Reading, some
from lowalt.regulations.conditions import ALWAYS, Condition
from lowalt.regulations.loader import read_instrument, read_yaml
from lowalt.regulations.model import (
    Craft,
    Deadline,
    Effect,
    Instrument,
    Parameters,
    Provision,
    Span,
    Verification,
)
from lowalt.terms import Jurisdiction
from lowalt.vocabulary import Scope

EnginePreference = Literal["auto", "durable", "reference"]

_JURISDICTION_OF_FOLDER = {
    "cn": Jurisdiction.MAINLAND,
    "sz": Jurisdiction.MAINLAND,
    "hk": Jurisdiction.HONG_KONG,
    "mo": Jurisdiction.MACAO,
}
"""Whose law a folder holds; a standard (``std``) is nobody's and holds everywhere."""

_CRAFT = {
    Craft.UNMANNED: F.is_unmanned.as_condition(),
    Craft.MANNED: ~F.is_unmanned,
    Craft.ALL: ALWAYS,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One reading in force, with its number filled in.

    Attributes
    ----------
    citation
        Provision it reads; also its name in the inference.
    applies, satisfied
        When its duty stands, and what must then hold; see
        :class:`~lowalt.regulations.authoring.Norm`.
    effect
        What follows where the duty is not met. A provision known only from memory advises.
    deadline
        By when the duty is to be met, relative to take-off.
    needs, derives
        Facts between rules, as in :class:`~lowalt.regulations.authoring.Reading`.
    addresses
        Citations of the rules whose duties are, where it applies, owed to its addressee.
    addressed
        Which flights its instrument speaks of at all.
    """

    citation: str
    instrument: Instrument = field(repr=False)
    provision: Provision = field(repr=False)
    scope: Scope
    effect: Effect
    applies: Condition
    satisfied: Condition | None
    deadline: Span | Deadline | None
    needs: tuple[str, ...] = ()
    derives: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    addressed: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The law of a place on one day.

    Attributes
    ----------
    name
        Such as ``shenzhen``.
    on
        The day.
    instruments
        All that the rulebook holds, in force or not.
    rules
        Readings in force, in the order of instruments and articles.
    dormant
        Provisions with a reading that is not in force on the day.
    definitions
        Legal terms in force, by name.
    governed
        Jurisdictions that have, on the day, an instrument saying which craft may fly there.
    engine
        Inference over the rules.
    digest
        SHA-256 of the regulation files and readings.
    """

    name: str
    on: date
    # Left out of the repr, which would otherwise run to megabytes.
    instruments: tuple[Instrument, ...] = field(repr=False)
    rules: tuple[Rule, ...] = field(repr=False)
    dormant: tuple[Provision, ...] = field(repr=False)
    definitions: Mapping[str, Condition] = field(repr=False)
    governed: Mapping[Jurisdiction, frozenset[Craft]]
    engine: InferenceEngine
    digest: str

    def provision(self, citation: str) -> Provision:
        """Look a provision up by its citation, in force or not.

        Raises
        ------
        UnknownNameError
            If no instrument of the rulebook has it.
        """
        identifier, _, key = citation.partition("#")
        for instrument in self.instruments:
            if instrument.identifier == identifier:
                return instrument.provision(key)
        held = ", ".join(i.identifier for i in self.instruments)
        raise UnknownNameError(
            f"no instrument {identifier!r} in rulebook {self.name}; it has {held}"
        )


@dataclass(frozen=True, slots=True)
class _Source:
    """An instrument with its readings and definitions, whatever the day."""

    instrument: Instrument
    readings: tuple[Reading, ...]
    definitions: tuple[Definition, ...]

    def citation(self, key: str) -> str:
        return key if "#" in key else f"{self.instrument.identifier}#{key}"


def _read_source(file: Traversable, identifier: str, module: ModuleType) -> _Source:
    instrument = read_instrument(file)
    if instrument.identifier != identifier:
        raise RegulationFileError(
            file.name, "instrument", f"given {instrument.identifier!r}, expected {identifier!r}"
        )
    found = vars(module).values()
    source = _Source(
        instrument,
        tuple(v for v in found if isinstance(v, Reading)),
        tuple(v for v in found if isinstance(v, Definition)),
    )
    read = {r.key for r in source.readings} | {d.key for d in source.definitions}
    for key in read:
        instrument.provision(key)
    for key, provision in instrument.provisions.items():
        if (key in read) == bool(provision.unread):
            raise RegulationFileError(
                file.name,
                f"provisions.{key}",
                "it has a reading and a reason why not"
                if provision.unread
                else "it has neither a reading nor 'unread', the reason why not",
            )
    if len({r.key for r in source.readings}) < len(source.readings):
        raise RegulationError(f"{identifier}: a provision has two readings; split its key")
    return source


@lru_cache
def _sources(name: str) -> tuple[tuple[_Source, ...], str]:
    folder = files("lowalt.regulations")
    listing = folder / f"{name}.yaml"
    if not listing.is_file():
        known = sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".yaml"))
        raise UnknownNameError(f"no rulebook is called {name!r}; there are {', '.join(known)}")
    digest = hashlib.sha256(listing.read_bytes())
    sources = []
    for identifier in read_yaml(listing)["instruments"]:
        file = folder.joinpath(f"{identifier}.yaml")
        module = importlib.import_module("lowalt.regulations." + identifier.replace("/", "."))
        sources.append(_read_source(file, identifier, module))
        digest.update(file.read_bytes())
        digest.update(folder.joinpath(f"{identifier}.py").read_bytes())
    return tuple(sources), digest.hexdigest()


def _rule(source: _Source, reading: Reading, on: date) -> Rule:
    provision = source.instrument.provision(reading.key)
    norm = reading.write(Parameters(source.instrument, on=on))
    deadline = None
    if reading.deadline:
        owner, _, name = reading.deadline.rpartition(".")
        stands_in = source.instrument.provision(owner) if owner else provision
        value = stands_in.parameters[name].on(on)
        if not isinstance(value, Span | Deadline):
            raise RegulationError(f"{provision.citation}.{reading.deadline} is not a time")
        deadline = value
    effect = reading.effect
    if effect is not Effect.NONE and norm.satisfied is None:
        raise RegulationError(f"{provision.citation}: its reading has an effect but no 'must'")
    if provision.verification is Verification.MEMORY and effect is not Effect.NONE:
        effect = Effect.ADVISES
    return Rule(
        provision.citation,
        source.instrument,
        provision,
        reading.scope,
        effect,
        norm.applies,
        norm.satisfied,
        deadline,
        reading.needs,
        reading.derives,
        tuple(source.citation(key) for key in reading.addresses),
        _addressed(source.instrument),
    )


def _addressed(instrument: Instrument) -> Condition:
    """Flights of its craft that are, or may be, flown somewhere under its law."""
    craft = _CRAFT[instrument.craft]
    home = _jurisdiction(instrument)
    if home is None:
        return craft
    here = F.jurisdiction.in_(home)
    # A flight of which no leg is known is not known to be elsewhere.
    elsewhere = some(Scope.LEG, ~here) & ~some(Scope.LEG, here)
    return craft & ~elsewhere if craft is not ALWAYS else ~elsewhere


def _jurisdiction(instrument: Instrument) -> Jurisdiction | None:
    return _JURISDICTION_OF_FOLDER.get(instrument.identifier.partition("/")[0])


def _governed(
    instruments: Iterable[Instrument], on: date
) -> Mapping[Jurisdiction, frozenset[Craft]]:
    found: dict[Jurisdiction, frozenset[Craft]] = {}
    for instrument in instruments:
        home = _jurisdiction(instrument)
        if home is not None and instrument.governs_flight and on in instrument.in_force:
            both = frozenset({Craft.UNMANNED, Craft.MANNED})
            craft = both if instrument.craft is Craft.ALL else frozenset({instrument.craft})
            found[home] = found.get(home, frozenset()) | craft
    return MappingProxyType(found)


def _waived(source: _Source, reading: Reading) -> list[str]:
    if WHOLE_INSTRUMENT in reading.waives:
        return [source.citation(r.key) for r in source.readings if r is not reading]
    return [source.citation(key) for key in reading.waives]


def _inference_table(entries: Iterable[tuple[_Source, Reading]]) -> tuple[InferenceRule, ...]:
    """Table of the readings in force, without waivers of readings that are not."""
    entries = list(entries)
    names = {source.citation(reading.key) for source, reading in entries}
    derived = {name for _, reading in entries for name in reading.derives}
    return tuple(
        InferenceRule(
            name=source.citation(reading.key),
            needs=reading.needs,
            derives=reading.derives,
            waives=tuple(name for name in _waived(source, reading) if name in names),
        )
        for source, reading in entries
        # A duty that another, repealed or future, provision must first bring about cannot stand.
        if derived.issuperset(reading.needs)
    )


def _check_references(sources: tuple[_Source, ...]) -> None:
    """Refuse waivers of and needs for what no reading of any day supplies."""
    names = {s.citation(r.key) for s in sources for r in s.readings}
    derived = {name for s in sources for r in s.readings for name in r.derives}
    for source in sources:
        for reading in source.readings:
            here = source.citation(reading.key)
            if lost := set(_waived(source, reading)) - names:
                raise RegulationError(
                    f"{here} waives {', '.join(sorted(lost))}, which has no reading"
                )
            if lost := {source.citation(key) for key in reading.addresses} - names:
                raise RegulationError(
                    f"{here} addresses {', '.join(sorted(lost))}, which has no reading"
                )
            if lost := set(reading.needs) - derived:
                raise RegulationError(
                    f"{here} needs {', '.join(sorted(lost))}, derived by no reading"
                )


def _definitions(sources: tuple[_Source, ...], on: date) -> Mapping[str, Condition]:
    found: dict[str, Condition] = {}
    for source in sources:
        parameters = Parameters(source.instrument, on=on)
        for entry in source.definitions:
            if on not in source.instrument.provision(entry.key).in_force:
                continue
            if entry.term in found:
                raise RegulationError(
                    f"{source.citation(entry.key)} defines {entry.term} on {on.isoformat()},"
                    " which another provision in force defines too"
                )
            found[entry.term] = entry.write(parameters).as_condition()
    return MappingProxyType(found)


@lru_cache(maxsize=64)
def load_rulebook(
    name: str = "shenzhen", *, on: date, engine: EnginePreference = "auto"
) -> Rulebook:
    """Load the law of a place as it stands on a day.

    Parameters
    ----------
    name
        Name of the rulebook.
    on
        Day of the flight, in local time. There is no default: law is dated.
    engine
        ``auto`` infers with durable_rules where it imports, else with the reference engine; both
        give the same answers.

    Returns
    -------
    Rulebook
        Cached; rulebooks are immutable and may be used from several threads.

    Raises
    ------
    UnknownNameError
        If there is no such rulebook.
    RegulationError
        If its files contradict each other.

    Examples
    --------
    >>> book = load_rulebook("shenzhen", on=date(2026, 6, 1))
    >>> book.provision("cn/order_761_2023#art_26__para_1").label["en"]
    'art. 26(1)'
    """
    sources, digest = _sources(name)
    _check_references(sources)
    entries = [(source, reading) for source in sources for reading in source.readings]
    in_force = [
        (source, reading)
        for source, reading in entries
        if on in source.instrument.provision(reading.key).in_force
    ]
    table = _inference_table(in_force)
    held = {rule.name for rule in table}
    dormant = [
        source.instrument.provision(reading.key)
        for source, reading in entries
        if source.citation(reading.key) not in held
        or on not in source.instrument.provision(reading.key).in_force
    ]
    return Rulebook(
        name=name,
        on=on,
        instruments=tuple(source.instrument for source in sources),
        rules=tuple(
            _rule(source, reading, on)
            for source, reading in in_force
            if source.citation(reading.key) in held
        ),
        dormant=tuple(dormant),
        definitions=_definitions(sources, on),
        governed=_governed((source.instrument for source in sources), on),
        engine=make_engine(table, prefer=engine),
        digest=digest,
    )
