"""From the status of every rule to a finding that a person can check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lowalt.airspace import Zone
from lowalt.judgement import CONSEQUENCE, Judgement, RuleResult, Violation
from lowalt.regulations.conditions import Leaf
from lowalt.regulations.model import Bilingual, Effect, Provision
from lowalt.regulations.rulebook import Rule, Rulebook
from lowalt.situation import Situation
from lowalt.temporal import TimeInterval
from lowalt.verdicts import Decision, Finding, Place, Status
from lowalt.vocabulary import Scope
from lowalt.wording import Measured, both, measured, reasons

_NOTHING = both("", "")
_STATUS_ORDER = list(Status)


def findings(judgement: Judgement, situation: Situation) -> list[Finding]:
    """Write a finding for every rule, in force or not, the worst first."""
    return sorted(_findings(judgement, situation), key=_worst_first)


def _worst_first(finding: Finding) -> tuple[int, int]:
    rank = finding.consequence.rank if finding.consequence is not None else -1
    open_or_worse = finding.status in (Status.BREACHED, Status.REQUIRED, Status.MISSING_INFO)
    advice = finding.consequence is None
    order = _STATUS_ORDER.index(finding.status)
    return (order + (len(_STATUS_ORDER) if advice else 0), -rank if open_or_worse else 0)


def _findings(judgement: Judgement, situation: Situation) -> Iterator[Finding]:
    for result in judgement.results:
        if result.violations:
            for violation in result.violations:
                yield _violated(result, violation, situation)
        else:
            yield _unviolated(result, judgement.grounds.witnesses(result), situation)
    for provision in judgement.rulebook.dormant:
        yield _finding(provision, _short_title(judgement.rulebook, provision), Status.NOT_IN_FORCE)


def _short_title(rulebook: Rulebook, provision: Provision) -> Bilingual:
    identifier = provision.citation.partition("#")[0]
    return next(i.short_title for i in rulebook.instruments if i.identifier == identifier)


def _violated(result: RuleResult, violation: Violation, situation: Situation) -> Finding:
    rule, leaves = result.rule, (*violation.asked, *violation.triggers)
    if rule.scope is not Scope.FLIGHT:
        # What is met there says more than the approvals that are not held for it.
        leaves = (*violation.triggers, *violation.asked)
    status = result.status if violation.certain else Status.MISSING_INFO
    where, when = _where(rule.scope, violation.index, leaves, situation)
    return _finding(
        rule.provision,
        rule.instrument.short_title,
        status,
        consequence=_consequence(rule),
        because=both(reasons(leaves, "zh"), reasons(leaves, "en")),
        numbers=measured(leaves, kept=False),
        where=where,
        when=when,
    )


def _unviolated(result: RuleResult, witnesses: tuple[Leaf, ...], situation: Situation) -> Finding:
    where, when = _where_decided(witnesses, situation)
    return _finding(
        result.rule.provision,
        result.rule.instrument.short_title,
        result.status,
        consequence=_consequence(result.rule),
        numbers=measured(witnesses, kept=True),
        where=where,
        when=when,
        waived_by=result.waived_by,
    )


def _consequence(rule: Rule) -> Decision | None:
    return None if rule.effect in (Effect.ADVISES, Effect.NONE) else CONSEQUENCE[rule.effect]


def _finding(
    provision: Provision,
    short_title: Bilingual,
    status: Status,
    *,
    consequence: Decision | None = None,
    because: Bilingual = _NOTHING,
    numbers: Measured | None = None,
    where: Place | None = None,
    when: TimeInterval | None = None,
    waived_by: tuple[str, ...] = (),
) -> Finding:
    numbers = numbers or Measured()
    acts = status in (Status.BREACHED, Status.REQUIRED, Status.MISSING_INFO)
    return Finding(
        citation=provision.citation,
        instrument=short_title,
        label=provision.label,
        status=status,
        consequence=consequence,
        text=provision.summary,
        because=because,
        action=provision.action if acts else _NOTHING,
        observed=numbers.observed,
        limit=numbers.limit,
        margin=numbers.margin,
        where=where,
        when=when,
        waived_by=waived_by,
        verification=provision.verification,
        note=provision.note,
    )


def _where(
    scope: Scope, index: int, leaves: Iterable[Leaf], situation: Situation
) -> tuple[Place | None, TimeInterval | None]:
    if scope is Scope.ENCOUNTER:
        encounter = situation.encounters[index]
        zone, place = encounter.zone, (encounter.lon_deg, encounter.lat_deg)
        return Place(zone_name(zone), zone.identifier, *place), encounter.period
    if scope is Scope.LEG:
        leg = situation.legs[index]
        name = both(leg.jurisdiction.zh, leg.jurisdiction.en)
        return Place(name, None, leg.lon_deg, leg.lat_deg), leg.period
    return _where_decided(leaves, situation)


def _where_decided(
    leaves: Iterable[Leaf], situation: Situation
) -> tuple[Place | None, TimeInterval | None]:
    """Find the place and time of the first fact of the whole flight that has them."""
    facts = (fact for leaf in leaves for fact in leaf.condition.facts())
    found = next(filter(None, map(situation.place_of, facts)), None)
    if found is None:
        return None, None
    name = both(found.name["zh"], found.name["en"])
    return Place(name, None, found.lon_deg, found.lat_deg), found.period


def zone_name(zone: Zone) -> Bilingual:
    """Name a zone for people, with its identifier."""
    return both(f"{zone.name['zh']}（{zone.identifier}）", f"{zone.name['en']} ({zone.identifier})")
