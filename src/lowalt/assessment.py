"""The whole chain in one function: plan and airspace in, verdict out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version

from lowalt.airspace import AirspaceDataset, Zone
from lowalt.flights import FlightPlan
from lowalt.judgement import CONSEQUENCE, Judgement, RuleResult, Violation, judge, stricter
from lowalt.regulations.conditions import Leaf
from lowalt.regulations.model import Bilingual, Deadline, Effect, Provision, Span
from lowalt.regulations.rulebook import Rule, Rulebook, load_rulebook
from lowalt.situation import Situation, facts_of, lay
from lowalt.temporal import TimeInterval, epoch_ms, from_epoch_ms, require_aware
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.truth import Truth
from lowalt.verdicts import (
    Decision,
    Finding,
    Missing,
    Obligation,
    Place,
    Record,
    Status,
    Verdict,
)
from lowalt.vocabulary import Scope
from lowalt.wording import Measured, both, measured, open_question, reasons

_KIND = {
    Effect.REQUIRES_APPROVAL: "approval",
    Effect.REQUIRES_CONFIRMATION: "confirmation",
    Effect.REQUIRES_FILING: "filing",
}
_NOTHING = both("", "")


def assess(
    plan: FlightPlan,
    *,
    airspace: AirspaceDataset,
    rulebook: Rulebook | None = None,
    submitted_at: datetime | None = None,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> Verdict:
    """Judge one plan.

    Parameters
    ----------
    plan
        The plan.
    airspace
        Zones and jurisdictions.
    rulebook
        The law; by default that of Shenzhen on the local day of departure.
    submitted_at
        When the application is made, with a time zone, where that is not what the plan states.
        Without either, it is not known whether deadlines are met.
    terrain, geoid
        Models to convert levels with. Without terrain, only levels above ground have a known
        true height.

    Returns
    -------
    Verdict
        Decision, a finding for every rule, obligations, and what is missing.

    Raises
    ------
    NaiveDatetimeError
        If ``submitted_at`` has no time zone.
    InvalidInputError
        If the plan's coordinates look like GCJ-02.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
    >>> assess(plan, airspace=load_airspace("shenzhen")).decision
    <Decision.PERMITTED: 'permitted'>
    """
    if submitted_at is not None:
        require_aware(submitted_at, field="submitted_at")
    elif plan.submission is not None:
        submitted_at = plan.submission.submitted_at
    if rulebook is None:
        rulebook = load_rulebook("shenzhen", on=plan.departure.date())
    situation = lay(plan, airspace=airspace, terrain=terrain, geoid=geoid)
    judgement = judge(facts_of(situation, submitted_at=submitted_at), rulebook=rulebook)
    return Verdict(
        plan_id=plan.plan_id,
        on=rulebook.on,
        departure=plan.departure,
        submitted_at=submitted_at,
        decision=judgement.decision,
        best=judgement.best,
        worst=judgement.worst,
        findings=tuple(sorted(_findings(judgement, situation), key=_worst_first)),
        obligations=tuple(_obligations(judgement, plan.departure, submitted_at)),
        missing=tuple(_missing(judgement, situation)),
        notices=tuple(_notices(situation)),
        record=Record(
            library=_library(),
            airspace=airspace.digest,
            rulebook=rulebook.digest,
            plan=plan.digest,
            engine=rulebook.engine.name,
        ),
    )


@cache
def _library() -> str:
    return f"lowalt {version('lowalt')}"


_STATUS_ORDER = list(Status)


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
            yield _unviolated(result)
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
    where, when = _where(rule.scope, violation.index, situation)
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


def _unviolated(result: RuleResult) -> Finding:
    return _finding(
        result.rule.provision,
        result.rule.instrument.short_title,
        result.status,
        consequence=_consequence(result.rule),
        numbers=measured(result.witnesses, kept=True),
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
    scope: Scope, index: int, situation: Situation
) -> tuple[Place | None, TimeInterval | None]:
    if scope is Scope.ENCOUNTER:
        encounter = situation.encounters[index]
        zone, place = encounter.zone, (encounter.lon_deg, encounter.lat_deg)
        return Place(_zone_name(zone), zone.identifier, *place), encounter.period
    if scope is Scope.LEG:
        leg = situation.legs[index]
        name = both(leg.jurisdiction.zh, leg.jurisdiction.en)
        return Place(name, None, leg.lon_deg, leg.lat_deg), leg.period
    return None, None


def _obligations(
    judgement: Judgement, departure: datetime, submitted_at: datetime | None
) -> Iterator[Obligation]:
    """Obligations in order of their deadlines, those that say the same once."""
    found: dict[tuple[str, str], Obligation] = {}
    for result in judgement.results:
        rule = result.rule
        if rule.effect not in _KIND or result.fires is Truth.FALSE:
            continue
        due = _due(rule, judgement, departure)
        met = {Truth.TRUE: True, Truth.FALSE: False, Truth.UNKNOWN: None}[result.satisfied]
        obligation = Obligation(
            kind=_KIND[rule.effect],
            citation=rule.citation,
            label=rule.provision.label,
            addressee=rule.provision.addressee,
            action=rule.provision.action,
            due=due,
            met=met,
            reachable=None if due is None or submitted_at is None else submitted_at <= due,
            certain=result.fires is Truth.TRUE,
        )
        if rule.provision.action["en"]:
            found.setdefault((obligation.kind, obligation.action["en"]), obligation)
    last = datetime.max.replace(tzinfo=UTC)
    yield from sorted(found.values(), key=lambda o: o.due or last)


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
    due = from_epoch_ms(offset.from_instant(epoch_ms(departure)))
    return due.astimezone(rule.instrument.time_zone)


def _missing(judgement: Judgement, situation: Situation) -> list[Missing]:
    """List what would narrow the decision, the strictest and most often asked first."""
    found: dict[str, Missing] = {}
    asked = Counter[str]()

    def note(text: Bilingual, rule: str, worst: Decision, fact: str | None, field: str) -> str:
        key = fact or text["en"]
        known = found.get(key, Missing(fact, text, field, worst, ()))
        citations = tuple(dict.fromkeys((*known.citations, rule)))
        found[key] = Missing(fact, text, field, stricter(worst, known.worst), citations)
        return key

    for result in judgement.results:
        outcome, rule = CONSEQUENCE[result.rule.effect], result.rule.citation
        if outcome.rank <= judgement.best.rank:
            continue
        for leaf in result.open_leaves:
            fact, text, field = _question(leaf, situation)
            asked[note(text, rule, outcome, fact, field)] += 1
        for leaf in result.linked_leaves:
            fact, text, field = _question(leaf, situation)
            note(text, rule, outcome, fact, field)
        for violation in result.violations:
            doubt = _doubtful_place(result.rule, violation, situation)
            if doubt is not None:
                asked[note(doubt, rule, outcome, None, "")] += 1

    def most_decisive_first(item: tuple[str, Missing]) -> tuple[int, bool, int]:
        key, missing = item
        return (-missing.worst.rank, not asked[key], -len(missing.citations))

    gaps = () if judgement.best is Decision.PROHIBITED else _gaps(judgement)
    return [
        *(Missing(None, text, "", Decision.PROHIBITED, ()) for text in gaps),
        *(missing for _, missing in sorted(found.items(), key=most_decisive_first)),
    ]


def _question(leaf: Leaf, situation: Situation) -> tuple[str | None, Bilingual, str]:
    """Ask what a leaf leaves open; what only an authority knows is asked zone by zone."""
    fact, text, field = open_question(leaf)
    if fact is not None or leaf.view.scope is not Scope.ENCOUNTER:
        return fact, text, field
    name = _zone_name(situation.encounters[leaf.view.index].zone)
    return None, both(f"{name['zh']}：{text['zh']}", f"{name['en']}: {text['en']}"), field


def _doubtful_place(rule: Rule, violation: Violation, situation: Situation) -> Bilingual | None:
    """Say that a zone or jurisdiction may or may not be met, its boundary being known so far."""
    if rule.scope is Scope.ENCOUNTER:
        encounter = situation.encounters[violation.index]
        name = _zone_name(encounter.zone)
        exists = encounter.exists
    elif rule.scope is Scope.LEG:
        leg = situation.legs[violation.index]
        name, exists = both(leg.jurisdiction.zh, leg.jurisdiction.en), leg.exists
    else:
        return None
    if exists is not Truth.UNKNOWN:
        return None
    return both(
        f"是否进入{name['zh']}：其边界或该处高度只知道到一定精度",
        f"whether it enters {name['en']}: its limits, or the heights there, are not known well"
        " enough",
    )


def _zone_name(zone: Zone) -> Bilingual:
    return both(f"{zone.name['zh']}（{zone.identifier}）", f"{zone.name['en']} ({zone.identifier})")


def _gaps(judgement: Judgement) -> Iterator[Bilingual]:
    if judgement.outside_dataset:
        yield both(
            "飞行超出空域数据集的范围或有效期，那里有什么空域限制未知",
            "the flight leaves the place or period that the airspace dataset covers; what holds"
            " there is not known",
        )
    if judgement.maybe_manned:
        yield both(
            "航空器是或可能是有人驾驶航空器，规则库没有相应法规；无人驾驶的请填写"
            " aircraft.is_unmanned",
            "the aircraft is, or may be, manned, for which the rulebook holds no law; if it is"
            " unmanned, say so in aircraft.is_unmanned",
        )
    for jurisdiction in judgement.ungoverned:
        yield both(
            f"飞行在或可能在{jurisdiction.zh}进行，而规则库没有当地该日有效的无人驾驶航空器法规",
            f"the rulebook holds no law on unmanned aircraft in force in {jurisdiction.en} that"
            " day, where the flight is or may be",
        )


def _notices(situation: Situation) -> Iterable[Bilingual]:
    airspace = situation.airspace
    for text in (airspace.coverage, airspace.disclaimer):
        if text:
            yield both(text["zh"], text["en"])
