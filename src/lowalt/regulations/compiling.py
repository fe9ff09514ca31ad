"""From instruments and readings to the table of rules that stand on one day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from lowalt.engine.rules import InferenceRule
from lowalt.errors import RegulationError
from lowalt.regulations.authoring import F, Reading
from lowalt.regulations.conditions import ALWAYS, Condition, FliesUnder
from lowalt.regulations.model import (
    Craft,
    Deadline,
    Effect,
    Instrument,
    Parameters,
    Provision,
    Span,
    TimeLimit,
    Verification,
)
from lowalt.regulations.sources import Source, jurisdiction_of
from lowalt.terms import Jurisdiction
from lowalt.vocabulary import Scope

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
    answer
        By when the authority answers, relative to take-off.
    accompanies
        Citations of the rules with whose duties its own is met together.
    """

    citation: str
    instrument: Instrument = field(repr=False)
    provision: Provision = field(repr=False)
    scope: Scope
    effect: Effect
    applies: Condition
    satisfied: Condition | None
    deadline: TimeLimit | None
    needs: tuple[str, ...] = ()
    derives: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    addressed: Condition = ALWAYS
    answer: TimeLimit | None = None
    accompanies: tuple[str, ...] = ()

    @property
    def says(self) -> tuple[object, ...]:
        """All that a judgement rests on, without the texts shown to people."""
        return (
            self.scope, self.effect, self.applies, self.satisfied, self.deadline, self.needs,
            self.derives, self.addresses, self.addressed, self.answer, self.accompanies,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Law:
    """What sources come to on one day.

    Attributes
    ----------
    rules
        Readings in force, in the order of instruments and articles.
    dormant
        Provisions with a reading that is not in force on the day.
    definitions
        Legal terms in force, by name.
    governed
        Jurisdictions with an instrument in force that says which craft may fly there.
    table
        What the rules have to do with one another.
    """

    rules: tuple[Rule, ...]
    dormant: tuple[Provision, ...]
    definitions: Mapping[str, Condition]
    governed: Mapping[Jurisdiction, frozenset[Craft]]
    table: tuple[InferenceRule, ...]


def compile_law(sources: tuple[Source, ...], *, on: date) -> Law:
    """Fill the readings in force on a day in with the numbers of that day.

    Raises
    ------
    RegulationError
        If the sources contradict each other.
    """
    entries = [(source, reading) for source in sources for reading in source.readings]
    in_force = [
        (source, reading)
        for source, reading in entries
        if on in source.instrument.provision(reading.key).in_force
    ]
    table = _inference_table(in_force)
    held = {rule.name for rule in table}
    return Law(
        rules=tuple(
            rule_of(source, reading, on=on)
            for source, reading in in_force
            if source.citation(reading.key) in held
        ),
        dormant=tuple(
            source.instrument.provision(reading.key)
            for source, reading in entries
            if source.citation(reading.key) not in held
        ),
        definitions=_definitions(sources, on),
        governed=_governed((source.instrument for source in sources), on),
        table=table,
    )


def rule_of(source: Source, reading: Reading, *, on: date) -> Rule:
    """Fill one reading in with the numbers of a day on which its provision is in force.

    Raises
    ------
    NotInForceError
        If a number that it asks for has no value on that day.
    RegulationError
        If it has an effect and asks for nothing, or its deadline or answer is not a time.
    """
    provision = source.instrument.provision(reading.key)
    parameters = Parameters(source.instrument, on=on)
    norm = reading.write(parameters)
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
        _time_limit(source, reading, parameters, reading.deadline),
        reading.needs,
        reading.derives,
        source.addressed(reading),
        _addressed(source.instrument),
        _time_limit(source, reading, parameters, reading.answer),
        source.accompanied(reading),
    )


def _time_limit(
    source: Source, reading: Reading, parameters: Parameters, named: str
) -> TimeLimit | None:
    """Look up the time that a reading names by ``name`` or ``key.name``."""
    if not named:
        return None
    owner, _, name = named.rpartition(".")
    found = getattr(getattr(parameters, owner or reading.key), name)
    if not isinstance(found.value, Span | Deadline):
        raise RegulationError(f"{source.citation(reading.key)}: {found.citation} is not a time")
    return TimeLimit(found.value, found.citation)


def _addressed(instrument: Instrument) -> Condition:
    """Flights of its craft that are, or may be, flown somewhere under its law."""
    craft = _CRAFT[instrument.craft]
    home = jurisdiction_of(instrument)
    if home is None:
        return craft
    within = FliesUnder(F.jurisdiction.in_(home), (home.zh, home.en))
    return craft & within if craft is not ALWAYS else within


def _governed(
    instruments: Iterable[Instrument], on: date
) -> Mapping[Jurisdiction, frozenset[Craft]]:
    found: dict[Jurisdiction, frozenset[Craft]] = {}
    for instrument in instruments:
        home = jurisdiction_of(instrument)
        if home is not None and instrument.governs_flight and on in instrument.in_force:
            both = frozenset({Craft.UNMANNED, Craft.MANNED})
            craft = both if instrument.craft is Craft.ALL else frozenset({instrument.craft})
            found[home] = found.get(home, frozenset()) | craft
    return MappingProxyType(found)


def _inference_table(entries: Iterable[tuple[Source, Reading]]) -> tuple[InferenceRule, ...]:
    """Table of the readings in force, without waivers of readings that are not."""
    entries = list(entries)
    names = {source.citation(reading.key) for source, reading in entries}
    derived = {name for _, reading in entries for name in reading.derives}
    return tuple(
        InferenceRule(
            name=source.citation(reading.key),
            needs=reading.needs,
            derives=reading.derives,
            waives=tuple(name for name in source.waived(reading) if name in names),
        )
        for source, reading in entries
        # A duty that another, repealed or future, provision must first bring about cannot stand.
        if derived.issuperset(reading.needs)
    )


def _definitions(sources: tuple[Source, ...], on: date) -> Mapping[str, Condition]:
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
