"""What the operator must obtain, confirm or file: with whom, by when, with what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

from lowalt.assessment.deadlines import due_of, lead_of, time_of
from lowalt.judgement import Judgement, RuleResult
from lowalt.regulations.conditions import CompareTimes, Leaf
from lowalt.regulations.model import Bilingual, Effect, Span
from lowalt.regulations.rulebook import Rule, jurisdiction_of
from lowalt.temporal import TimeInterval
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
    judgement: Judgement, flight: TimeInterval, submitted_at: datetime | None
) -> Iterator[Obligation]:
    """Yield obligations in order of their deadlines, those that say the same once."""
    found: dict[tuple[str, str], Obligation] = {}
    for result in judgement.results:
        rule = result.rule
        if result.fires is Truth.FALSE or not rule.provision.action["en"]:
            continue
        kind = _KIND.get(rule.effect, "")
        if rule.effect is Effect.ADVISES and rule.deadline is not None:
            kind = "advice"
        if kind:
            obligation = _obligation(kind, result, judgement, flight, submitted_at)
            found.setdefault((kind, obligation.action["en"]), obligation)
    for report in _reports(judgement, flight):
        found.setdefault((report.kind, report.action["en"]), report)
    last = datetime.max.replace(tzinfo=UTC)
    yield from sorted(found.values(), key=lambda o: o.due or last)


def _obligation(
    kind: str,
    result: RuleResult,
    judgement: Judgement,
    flight: TimeInterval,
    submitted_at: datetime | None,
) -> Obligation:
    rule, met = result.rule, _KNOWN[result.satisfied]
    due = due_of(result, judgement, flight)
    obligation = Obligation(
        kind=kind,
        citation=rule.citation,
        instrument=rule.instrument.short_title,
        label=rule.provision.label,
        addressee=_addressee(rule, judgement),
        action=rule.provision.action,
        items=tuple(_items(judgement.grounds.parts(result))),
        due=due.at,
        met=met,
        reachable=None,
        certain=result.fires is Truth.TRUE,
        jurisdiction=jurisdiction_of(rule.instrument),
        lead=due.lead,
        ends_before_due=due.ends_before,
        asked=due.asked,
        done_at=due.done_at,
        answered=_answered(kind, result),
        answered_at=due.answered_at,
        answer_by=due.answer_at,
        answer_lead=due.answer_lead,
        verification=rule.provision.verification,
    )
    if submitted_at is None:
        return obligation
    return replace(obligation, reachable=obligation.in_time(submitted_at))


def _reports(judgement: Judgement, flight: TimeInterval) -> Iterator[Obligation]:
    """Yield what is to be reported after the flight under the laws that it is flown under."""
    rules = {rule.instrument.identifier: rule for rule in judgement.rulebook.rules}
    for rule in rules.values():
        if judgement.grounds.addressed(rule) is Truth.FALSE:
            continue
        for provision in rule.instrument.provisions.values():
            on = judgement.rulebook.on
            if not provision.afterwards or on not in provision.in_force:
                continue
            within = provision.parameters[provision.afterwards].on(on)
            assert isinstance(within, Span)
            yield Obligation(
                kind="report",
                citation=provision.citation,
                instrument=rule.instrument.short_title,
                label=provision.label,
                addressee=provision.addressee,
                action=provision.action,
                items=(),
                due=time_of(within, flight, rule.instrument.time_zone),
                met=None,
                reachable=None,
                certain=False,
                jurisdiction=jurisdiction_of(rule.instrument),
                lead=lead_of(within),
                ends_before_due=False,
                asked=None,
                done_at=None,
                answered=None,
                answered_at=None,
                answer_by=None,
                answer_lead=both("", ""),
                verification=provision.verification,
            )


def _answered(kind: str, result: RuleResult) -> bool | None:
    """Whether the authority said yes; a rule about asking alone stands only until it has."""
    if kind not in ("approval", "confirmation"):
        return None
    if isinstance(result.rule.satisfied, CompareTimes):
        return False if result.fires is Truth.TRUE else None
    return _KNOWN[result.satisfied]


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
