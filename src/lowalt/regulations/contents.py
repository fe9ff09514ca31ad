"""What a rulebook contains, provision by provision: the text, how we read it, and its links.

A :class:`~lowalt.regulations.rulebook.Rulebook` is the law of one day; its contents are all that
its instruments hold, in force or not, read or not. ``lowalt rules`` and the law-coverage page are
made from them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lowalt.regulations.authoring import Definition, Reading
from lowalt.regulations.compiling import Rule, rule_of
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Instrument, Parameters, Provision
from lowalt.regulations.rulebook import Rulebook
from lowalt.regulations.sources import Source


@dataclass(frozen=True, slots=True)
class Entry:
    """One provision with all that hangs on it.

    Attributes
    ----------
    source, provision
        The instrument with its readings, and the text of the provision.
    reading
        How we read its duty; ``None`` where it only defines a term, or is not read.
    definitions
        Legal terms that it defines.
    waives, waived_by
        Citations of the provisions whose duties it takes away, and that take away its own.
    addresses, addressed_by
        Citations of the provisions whose duties are owed to its addressee, and the reverse.
    """

    source: Source
    provision: Provision
    reading: Reading | None
    definitions: tuple[Definition, ...]
    waives: tuple[str, ...]
    waived_by: tuple[str, ...]
    addresses: tuple[str, ...]
    addressed_by: tuple[str, ...]

    @property
    def citation(self) -> str:
        """Citation of the provision."""
        return self.provision.citation

    @property
    def instrument(self) -> Instrument:
        """Instrument that it stands in."""
        return self.source.instrument

    @property
    def effect(self) -> Effect | None:
        """What follows from a breach, as it is judged; ``None`` where nothing is."""
        rule = self.rule(self.provision.in_force.start)
        return None if rule is None else rule.effect

    def nearest_day(self, day: date) -> date:
        """Return the day, or the day in force that is nearest to it."""
        days = self.provision.in_force
        if days.end is not None and day >= days.end:
            return days.end - timedelta(days=1)
        return max(day, days.start)

    def rule(self, day: date) -> Rule | None:
        """Fill its reading in with the numbers of a day in force."""
        return None if self.reading is None else rule_of(self.source, self.reading, on=day)

    def meanings(self, day: date) -> Mapping[str, Condition]:
        """Fill the terms it defines in with the numbers of a day in force."""
        parameters = Parameters(self.instrument, on=day)
        return {d.term: d.write(parameters).as_condition() for d in self.definitions}


def contents(rulebook: Rulebook) -> tuple[Entry, ...]:
    """List what a rulebook contains, in the order of its instruments and articles.

    Examples
    --------
    >>> from lowalt.regulations.rulebook import load_rulebook
    >>> entry = contents(load_rulebook(on=date(2026, 6, 1)))[0]
    >>> entry.citation, entry.effect.value
    ('cn/order_761_2023#art_8__para_1', 'prohibits')
    """
    readings = {s.citation(r.key): (s, r) for s in rulebook.sources for r in s.readings}
    waives = {name: source.waived(reading) for name, (source, reading) in readings.items()}
    addresses = {name: source.addressed(reading) for name, (source, reading) in readings.items()}
    waived_by, addressed_by = _reversed(waives), _reversed(addresses)
    return tuple(
        Entry(
            source=source,
            provision=provision,
            reading=readings[name][1] if name in readings else None,
            definitions=tuple(d for d in source.definitions if d.key == provision.key),
            waives=waives.get(name, ()),
            waived_by=waived_by.get(name, ()),
            addresses=addresses.get(name, ()),
            addressed_by=addressed_by.get(name, ()),
        )
        for source in rulebook.sources
        for provision in source.instrument.provisions.values()
        for name in [provision.citation]
    )


def _reversed(links: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, others in links.items():
        for other in others:
            found[other].append(name)
    return {name: tuple(others) for name, others in found.items()}
