"""What is in force on a day: the law of a place, and that law as somebody would change it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Literal

from lowalt.engine import make_engine
from lowalt.engine.rules import InferenceEngine
from lowalt.errors import InvalidInputError, RegulationError, UnknownNameError
from lowalt.regulations.amendments import Amendment, amendments_of, apply_amendments
from lowalt.regulations.authoring import Definition, Reading
from lowalt.regulations.compiling import Rule, compile_law
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Craft, Instrument, Provision
from lowalt.regulations.own_rules import (
    OwnInstrument,
    Paths,
    check_own_rules,
    read_own_rules,
    source_of_own,
)
from lowalt.regulations.sources import Source, check_references, held_sources, jurisdiction_of
from lowalt.terms import Jurisdiction

__all__ = [
    "Origin",
    "Rule",
    "Rulebook",
    "amend",
    "jurisdiction_of",
    "load_rulebook",
]

EnginePreference = Literal["auto", "durable", "reference"]


@dataclass(frozen=True, slots=True)
class Origin:
    """All that a rulebook is made from: enough to make it again, here or elsewhere.

    Attributes
    ----------
    name
        Name of the rulebook that comes with lowalt.
    on
        The day.
    engine
        Which engine was asked for.
    own_rules
        Instruments added, as they were read.
    amendments
        What was changed, in order.
    """

    name: str
    on: date
    engine: EnginePreference
    own_rules: tuple[OwnInstrument, ...] = ()
    amendments: tuple[Amendment, ...] = ()

    @property
    def title(self) -> str:
        """Name that says what was added, and that something was changed."""
        added = "".join(f" + {own.identifier}" for own in self.own_rules)
        return self.name + added + (" (amended)" if self.amendments else "")


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The law of a place on one day.

    Attributes
    ----------
    name
        Such as ``shenzhen``; says what was added to it, and that it was amended.
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
        SHA-256 of the regulation files and readings, and of what was added and changed.
    sources
        Instruments with their readings, in force or not; empty for rulebooks made of rules.
    origin
        What it was loaded from; ``None`` for rulebooks made of rules.
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
    sources: tuple[Source, ...] = field(repr=False, default=())
    origin: Origin | None = field(repr=False, default=None)

    @property
    def own_rules(self) -> tuple[OwnInstrument, ...]:
        """Instruments that were added to those of lowalt."""
        return self.origin.own_rules if self.origin is not None else ()

    @property
    def amendments(self) -> tuple[Amendment, ...]:
        """What was changed, in order."""
        return self.origin.amendments if self.origin is not None else ()

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

    def of_day(self, day: date) -> Rulebook:
        """Return the same rulebook, own rules and amendments included, as it stands on a day.

        An amended value stands in for the one in force on that day; where none is in force, the
        amendment changes nothing.

        Raises
        ------
        RegulationError
            If the rulebook was made of rules, so that only the law of its own day is known.
        NotInForceError
            If an amended reading asks for a value that the law does not have on that day.

        Examples
        --------
        >>> book = load_rulebook("shenzhen", on=date(2026, 6, 1))
        >>> book.of_day(date(2027, 1, 1)) is load_rulebook("shenzhen", on=date(2027, 1, 1))
        True
        """
        if day == self.on:
            return self
        if self.origin is None:
            raise RegulationError(
                f"rulebook {self.name} was made of rules of {self.on}; one that load_rulebook gave"
                f" can be had of {day} too"
            )
        return _load(dataclasses.replace(self.origin, on=day))

    def __reduce__(self) -> tuple[Callable[..., Rulebook], tuple[Any, ...]]:
        # Readings are functions and engines hold sessions: another process loads the same law.
        if self.origin is None:
            raise TypeError(
                f"rulebook {self.name} was made of rules, not loaded, and cannot be pickled"
            )
        return _restored, (self.origin, self.digest)


@lru_cache(maxsize=64)
def _load(origin: Origin) -> Rulebook:
    sources, digest = held_sources(origin.name)
    if origin.own_rules:
        own = tuple(map(source_of_own, origin.own_rules))
        check_own_rules(own, held=sources)
        sources = (*sources, *own)
        digest = _digest_of(digest, *(f"{o.identifier} {o.digest}" for o in origin.own_rules))
    if origin.amendments:
        sources, changed = apply_amendments(sources, origin.amendments, on=origin.on)
        digest = _digest_of(digest, changed)
    check_references(sources)
    law = compile_law(sources, on=origin.on)
    return Rulebook(
        name=origin.title,
        on=origin.on,
        instruments=tuple(source.instrument for source in sources),
        rules=law.rules,
        dormant=law.dormant,
        definitions=law.definitions,
        governed=law.governed,
        engine=make_engine(law.table, prefer=origin.engine),
        digest=digest,
        sources=sources,
        origin=origin,
    )


def _digest_of(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()


def _restored(origin: Origin, digest: str) -> Rulebook:
    book = _load(origin)
    if book.digest != digest:
        raise RegulationError(
            f"rulebook {book.name} is not the one that was pickled: its digest was {digest} and is"
            f" {book.digest} here; use one version of lowalt at both ends"
        )
    return book


def load_rulebook(
    name: str = "shenzhen",
    *,
    on: date,
    own_rules: Paths = (),
    engine: EnginePreference = "auto",
) -> Rulebook:
    """Load the law of a place as it stands on a day.

    Parameters
    ----------
    name
        Name of the rulebook.
    on
        Day of the flight, in local time. There is no default: law is dated.
    own_rules
        Folders or YAML files of instruments of your own, which are added to the law: rules that
        you set for yourself, or notices that lowalt does not hold yet. Their readings are code,
        which is run; see ``docs/own_rules.md``.
    engine
        ``auto`` infers with durable_rules where it imports, else with the reference engine; both
        give the same answers.

    Returns
    -------
    Rulebook
        Cached by what it is made of; rulebooks are immutable and may be used from several threads.

    Raises
    ------
    UnknownNameError
        If there is no such rulebook.
    InvalidInputError
        If ``on`` is no day: a text, or a time, which is of another day elsewhere.
    RegulationError
        If its files, or those of your own, are at fault or contradict each other.
    OSError
        If a file of your own cannot be read.

    Examples
    --------
    >>> book = load_rulebook("shenzhen", on=date(2026, 6, 1))
    >>> book.provision("cn/order_761_2023#art_26__para_1").label["en"]
    'art. 26(1)'
    """
    if type(on) is not date:  # a datetime is a date to Python
        raise InvalidInputError(
            f"on: given {on!r}, expected a day such as datetime.date(2026, 6, 9): the day of the"
            " flight, in local time"
        )
    return _load(Origin(name, on, engine, read_own_rules(own_rules)))


def amend(
    book: Rulebook,
    *,
    parameters: Mapping[str, str] = MappingProxyType({}),
    readings: Iterable[Reading | Definition] = (),
) -> Rulebook:
    """Make the rulebook that would stand on the same day if the law were changed.

    Parameters
    ----------
    book
        A rulebook that was loaded, or amended before.
    parameters
        New values by citation and name, written as in a regulation file: ``150 m``, ``-2 h``,
        ``day -1 18:00``, ``2027-01-01``. They stand in for those in force on the day.
    readings
        Readings or definitions that stand in for those of the provisions they name; their key is
        a whole citation.

    Returns
    -------
    Rulebook
        With a name and a digest of its own; the given one is as it was.

    Raises
    ------
    UnknownNameError
        If there is no such provision or parameter.
    RegulationError
        If a value does not fit, if nothing would change, or if the rulebook was made of rules.

    Examples
    --------
    >>> book = load_rulebook("shenzhen", on=date(2026, 6, 1))
    >>> higher = amend(book, parameters={"cn/order_761_2023#art_19__para_2.ceiling": "150 m"})
    >>> higher.name, higher.digest == book.digest
    ('shenzhen (amended)', False)
    """
    if book.origin is None:
        raise RegulationError(
            f"rulebook {book.name} was made of rules; amend one that load_rulebook gave"
        )
    found = amendments_of(book.sources, on=book.on, parameters=parameters, readings=readings)
    origin = dataclasses.replace(book.origin, amendments=(*book.origin.amendments, *found))
    amended = _load(origin)
    if _judges_alike(amended, book):
        said = "nothing is given to change" if not found else "no rule in force reads the change"
        raise RegulationError(f"{said}: the law of {book.on.isoformat()} would be as it is")
    return amended


def _judges_alike(book: Rulebook, other: Rulebook) -> bool:
    both = (
        ([rule.says for rule in b.rules], b.engine.rules, dict(b.definitions))
        for b in (book, other)
    )
    return next(both) == next(both)
