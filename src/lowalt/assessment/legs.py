"""The decision on each leg: what the law of each jurisdiction says of its part of the flight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lowalt.judgement import CONSEQUENCE, Judgement, Violation, stricter
from lowalt.regulations.rulebook import Rule, jurisdiction_of
from lowalt.situation import Leg, Situation
from lowalt.verdicts import Decision, LegVerdict
from lowalt.vocabulary import Scope


class _Asked(NamedTuple):
    """What a rule that is not met, or may not be, asks of a leg."""

    outcome: Decision
    certain: bool
    citation: str


def leg_verdicts(judgement: Judgement, situation: Situation) -> Iterator[LegVerdict]:
    """Yield the decision on each leg, in order of time; the strictest of them is the whole.

    Parameters
    ----------
    judgement
        What the law says of the flight.
    situation
        The flight that it was asked about.
    """
    asked: list[list[_Asked]] = [[] for _ in situation.legs]
    for result in judgement.results:
        outcome = CONSEQUENCE[result.rule.effect]
        if outcome is Decision.PERMITTED:
            continue
        for violation in result.violations:
            item = _Asked(outcome, violation.certain, result.rule.citation)
            for number in _concerned(result.rule, violation, situation):
                asked[number].append(item)
    lawless = {jurisdiction for jurisdiction, _ in judgement.ungoverned}
    for leg, items in zip(situation.legs, asked, strict=True):
        yield _verdict(leg, items, has_law=leg.jurisdiction not in lawless)


def _concerned(rule: Rule, violation: Violation, situation: Situation) -> Sequence[int]:
    """Numbers of the legs that a violation concerns, one at least.

    They are the legs under the law of the rule, and of these, if any, those on which it happens:
    what the Mainland asks before its boundary is crossed it asks on its own side. A rule of
    nobody's law holds on all legs.
    """
    home, legs = jurisdiction_of(rule.instrument), situation.legs
    numbers = range(len(legs))
    under = [n for n in numbers if legs[n].jurisdiction is home] or numbers
    if rule.scope is Scope.FLIGHT:
        return under
    if rule.scope is Scope.LEG:
        there = {violation.index}
    else:
        met = situation.encounters[violation.index].period
        there = {n for n in numbers if legs[n].period.overlaps(met)}
    return [n for n in under if n in there] or under


def _verdict(leg: Leg, asked: Iterable[_Asked], *, has_law: bool) -> LegVerdict:
    items = list(asked)
    best = worst = Decision.PERMITTED
    for item in items:
        worst = stricter(worst, item.outcome)
        if item.certain:
            best = stricter(best, item.outcome)
    surely = (i.citation for i in items if i.certain and i.outcome is best)
    perhaps = [i for i in items if i.outcome.rank > best.rank]
    perhaps.sort(key=lambda i: -i.outcome.rank)
    return LegVerdict(
        jurisdiction=leg.jurisdiction,
        exists=leg.exists,
        period=leg.period,
        lon_deg=leg.lon_deg,
        lat_deg=leg.lat_deg,
        best=best,
        # Where no law or no map is known, nothing is known to be allowed.
        worst=worst if has_law and leg.is_within_dataset else Decision.PROHIBITED,
        is_within_dataset=leg.is_within_dataset,
        has_law=has_law,
        citations=tuple(dict.fromkeys(surely)),
        open_citations=tuple(dict.fromkeys(i.citation for i in perhaps)),
    )
