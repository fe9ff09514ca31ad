"""What the operator must obtain, confirm or file: with whom, by when, with what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta

from lowalt.errors import CalendarYearError
from lowalt.judgement import Judgement
from lowalt.regulations.conditions import Leaf
from lowalt.regulations.model import Bilingual, Deadline, Effect, Span
from lowalt.regulations.rulebook import Rule
from lowalt.temporal import epoch_ms, from_epoch_ms
from lowalt.truth import Truth
from lowalt.verdicts import Item, Obligation
from lowalt.wording import both, open_question

_KIND = {
    Effect.REQUIRES_APPROVAL: "approval",
    Effect.REQUIRES_CONFIRMATION: "confirmation",
    Effect.REQUIRES_FILING: "filing",
}
_KNOWN = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}


def obligations(
    judgement: Judgement, departure: datetime, submitted_at: datetime | None
) -> Iterator[Obligation]:
    """Yield obligations in order of their deadlines, those that say the same once."""
    found: dict[tuple[str, str], Obligation] = {}
    for result in judgement.results:
        rule = result.rule
        if rule.effect not in _KIND or result.fires is Truth.FALSE:
            continue
        try:
            due = _due(rule, judgement, departure)
        except CalendarYearError:
            if result.fires is Truth.TRUE:
                raise
            due = None  # what may not be owed at all can have a day that nobody can count yet
        obligation = Obligation(
            kind=_KIND[rule.effect],
            citation=rule.citation,
            label=rule.provision.label,
            addressee=_addressee(rule, judgement),
            action=rule.provision.action,
            items=tuple(_items(judgement.grounds.parts(result))),
            due=due,
            met=_KNOWN[result.satisfied],
            reachable=None if due is None or submitted_at is None else submitted_at <= due,
            certain=result.fires is Truth.TRUE,
        )
        if rule.provision.action["en"]:
            found.setdefault((obligation.kind, obligation.action["en"]), obligation)
    last = datetime.max.replace(tzinfo=UTC)
    yield from sorted(found.values(), key=lambda o: o.due or last)


def _addressee(rule: Rule, judgement: Judgement) -> Bilingual:
    """To whom a duty is owed: the level that the law names for this flight, where it does."""
    levels = [r for r in judgement.results if rule.citation in r.rule.addresses]
    for standing in (Truth.TRUE, Truth.UNKNOWN):
        named = [r.rule.provision.addressee for r in levels if r.fires is standing]
        if named:
            zh, en = ([name[lang] for name in named] for lang in ("zh", "en"))
            return both("或".join(zh), " or ".join(en))
    return rule.provision.addressee


def _items(parts: Iterable[Leaf]) -> Iterator[Item]:
    """List what a duty asks for part by part, each with whether it is there."""
    for leaf in parts:
        _, _, field = open_question(leaf)
        text = both(leaf.condition.sentence("zh"), leaf.condition.sentence("en"))
        yield Item(text=text, field=field, met=_KNOWN[leaf.truth])


def _due(rule: Rule, judgement: Judgement, departure: datetime) -> datetime | None:
    """Latest time for a duty: its own, else that of the time limits that stand for it.

    Which limit stands may hang on what is missing; then the earliest that may is the one to keep.
    """
    if rule.deadline is not None:
        return _shift(departure, rule.deadline, rule)
    for standing in (Truth.TRUE, Truth.UNKNOWN):
        limits = [
            _shift(departure, result.rule.deadline, result.rule)
            for result in judgement.results
            if result.rule.deadline is not None
            and result.rule.effect is Effect.PROHIBITS
            and result.fires is standing
            and set(result.rule.needs) & set(rule.derives)
        ]
        if limits:
            return min(limits)
    return None


def _shift(departure: datetime, offset: Span | Deadline, rule: Rule) -> datetime:
    zone = rule.instrument.time_zone
    if isinstance(offset, Span) and not offset.is_exact:
        # Counted in days of a calendar, it runs to the end of its last day.
        day = departure.astimezone(zone).date()
        last = day.fromordinal(offset.from_day(day.toordinal()))
        return datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    return from_epoch_ms(offset.from_instant(epoch_ms(departure))).astimezone(zone)
