"""What lowalt answers: a decision, a status for every rule, obligations, and what is missing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from typing import Any

from lowalt.keeping import RouteKeeping, RouteMargin
from lowalt.regulations.model import Bilingual, Verification
from lowalt.temporal import TimeInterval
from lowalt.terms import Jurisdiction
from lowalt.truth import Truth


class Decision(Enum):
    """What the operator may do, from the most lenient to the strictest.

    ``INDETERMINATE`` stands outside the order: the unknowns allow more than one outcome, and the
    verdict names both ends.
    """

    PERMITTED = "permitted"
    FILING_REQUIRED = "filing_required"
    CONFIRMATION_REQUIRED = "confirmation_required"
    APPROVAL_REQUIRED = "approval_required"
    PROHIBITED = "prohibited"
    INDETERMINATE = "indeterminate"

    @property
    def rank(self) -> int:
        """Place in the order of strictness.

        Raises
        ------
        ValueError
            For ``INDETERMINATE``, which has none.

        Examples
        --------
        >>> Decision.PROHIBITED.rank > Decision.APPROVAL_REQUIRED.rank
        True
        """
        return _ORDER.index(self)


_ORDER = (
    Decision.PERMITTED,
    Decision.FILING_REQUIRED,
    Decision.CONFIRMATION_REQUIRED,
    Decision.APPROVAL_REQUIRED,
    Decision.PROHIBITED,
)


class Status(StrEnum):
    """What became of a rule, the worst first."""

    BREACHED = "breached"
    REQUIRED = "required"
    MISSING_INFO = "missing_info"
    WAIVED = "waived"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a finding arises.

    Attributes
    ----------
    text
        The zone or leg, for people.
    zone
        Identifier of the zone, if it is one.
    lon_deg, lat_deg
        Where it is first met.
    """

    text: Bilingual
    zone: str | None
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says of the flight.

    Attributes
    ----------
    citation
        Such as ``cn/order_761_2023#art_19__para_2``.
    instrument, label
        Short title of the instrument, and how lawyers write the place in it.
    status
        What became of the rule.
    consequence
        Outcome that the rule asks for where it is breached, required or open; ``None`` where it
        can only advise.
    text
        The provision in our own words.
    because
        The facts that decided it; empty where it does not concern the flight.
    action
        What to do; empty where nothing is to be done.
    observed, limit, margin
        Value seen, the number of law, and the room left (negative: exceeded), where there is one.
    where, when
        Place and time concerned, where it is not the whole flight.
    waived_by
        Citations of the rules that took the duty away.
    verification
        How far the provision's text was read.
    note
        A choice of reading to know of.
    """

    citation: str
    instrument: Bilingual
    label: Bilingual
    status: Status
    consequence: Decision | None
    text: Bilingual
    because: Bilingual
    action: Bilingual
    observed: str | None
    limit: str | None
    margin: str | None
    where: Place | None
    when: TimeInterval | None
    waived_by: tuple[str, ...]
    verification: Verification
    note: Bilingual

    def cited(self, lang: str) -> str:
        """Write the citation for people: instrument and place in it."""
        return f"{self.instrument[lang]}{'' if lang == 'zh' else ' '}{self.label[lang]}"


@dataclass(frozen=True, slots=True)
class Item:
    """One of several things that an obligation asks for together.

    Attributes
    ----------
    text
        What it is.
    field
        Path in the plan that states it; empty where it follows from several facts.
    met
        Whether it is there; ``None`` where that is not known.
    """

    text: Bilingual
    field: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something the operator must obtain, tell or confirm.

    Attributes
    ----------
    kind
        ``approval``, ``confirmation`` or ``filing``; ``advice`` for a time limit known only from
        memory, which binds nobody; ``report`` for what is told after the flight if something went
        wrong in it.
    citation, instrument, label
        Provision it rests on, and the same for people.
    addressee
        To whom it is owed.
    items
        What to hand in, where several things are asked for together.
    due
        Latest time, in the time zone of the law; ``None`` where the law sets none, and where it
        counts in working days of a year whose holidays are not announced.
    met
        Whether it is met already; ``None`` where that is not known.
    reachable
        Whether there was still time for it at ``submitted_at``; ``None`` where either is unknown.
    certain
        Whether it is owed whatever the unknowns turn out to be.
    jurisdiction
        Whose law asks for it; ``None`` for a standard or a rule of one's own.
    lead
        The same time as the law counts it, such as "13 working days before"; empty where it sets
        none.
    ends_before_due
        Whether it is to be done *before* the due time, so that the due time itself is too late.
    asked
        Whether the operator's own part was done in time, whatever the answer; ``None`` where that
        is not known, or the law sets no time.
    answered
        Whether the authority has said yes; ``None`` where that is not known, or no answer is due.
    answer_by, answer_lead
        By when it answers, where the law says so: as a time, and as the law counts it.
    verification
        How far the text was read.
    """

    kind: str
    citation: str
    instrument: Bilingual
    label: Bilingual
    addressee: Bilingual
    action: Bilingual
    items: tuple[Item, ...]
    due: datetime | None
    met: bool | None
    reachable: bool | None
    certain: bool
    jurisdiction: Jurisdiction | None
    lead: Bilingual
    ends_before_due: bool
    asked: bool | None
    answered: bool | None
    answer_by: datetime | None
    answer_lead: Bilingual
    verification: Verification

    def cited(self, lang: str) -> str:
        """Write the citation for people: instrument and place in it."""
        return f"{self.instrument[lang]}{'' if lang == 'zh' else ' '}{self.label[lang]}"

    def in_time(self, moment: datetime) -> bool | None:
        """Whether a moment is early enough for it; ``None`` where the due time is not known."""
        if self.due is None:
            return None
        return moment < self.due if self.ends_before_due else moment <= self.due


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact, or a question of law, that would narrow the decision.

    Attributes
    ----------
    fact
        Name of the fact; ``None`` for a question that only an authority can settle.
    text
        What is not known.
    field
        Path in the plan to fill in; empty where it is derived from place and time.
    worst
        Strictest outcome that hangs on it.
    citations
        Rules that wait for it.
    """

    fact: str | None
    text: Bilingual
    field: str
    worst: Decision
    citations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegVerdict:
    """What the law of one jurisdiction says of the flight, for a leg under it.

    A standard, or a rule of one's own, is nobody's law and counts on every leg. The strictest of
    all legs is the decision on the flight.

    Attributes
    ----------
    jurisdiction
        Under whose law it is flown.
    exists
        Unknown where the flight runs nearer to the boundary than the boundary is known.
    period
        When it is flown.
    lon_deg, lat_deg
        Where it begins.
    best, worst
        Most lenient and strictest outcome that the unknowns allow.
    citations
        Rules that surely ask for ``best``; empty where that is ``PERMITTED``.
    open_citations
        Rules that may ask for more; empty where the ends agree, and where what is not known is
        the law, or the map, itself.
    """

    jurisdiction: Jurisdiction
    exists: Truth
    period: TimeInterval
    lon_deg: float
    lat_deg: float
    best: Decision
    worst: Decision
    citations: tuple[str, ...]
    open_citations: tuple[str, ...]

    @property
    def decision(self) -> Decision:
        """The decision on the leg, indeterminate where the ends differ."""
        return self.best if self.best is self.worst else Decision.INDETERMINATE


@dataclass(frozen=True, slots=True)
class Record:
    """What a verdict rests on.

    Attributes
    ----------
    library
        Name and version.
    airspace, rulebook, plan
        SHA-256 digests.
    airspace_name
        Name of the dataset.
    rulebook_name
        Name of the rulebook, which says what was added to it and that it was amended.
    law
        Name of the rulebook of lowalt's that it was made from; empty where it was made of rules.
    own_rules
        Instruments that were added, each with its SHA-256.
    amendments
        What was changed, in order: a parameter with its value, or a provision with ``None`` for
        another reading.
    terrain, geoid
        Names of the models, where there were any.
    engine
        Which engine inferred; all give the same answers.
    """

    library: str
    airspace: str
    airspace_name: str
    rulebook: str
    rulebook_name: str
    law: str
    own_rules: tuple[tuple[str, str], ...]
    amendments: tuple[tuple[str, str | None], ...]
    terrain: str | None
    geoid: str | None
    plan: str
    engine: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one plan.

    Attributes
    ----------
    decision
        ``best`` where both ends agree, else ``INDETERMINATE``.
    best, worst
        Most lenient and strictest outcome that the unknowns allow.
    legs
        The same of each stretch under one jurisdiction, in order of time.
    route
        How it keeps to the route that the plan states; ``None`` where it states none.
    findings
        Every rule with its status, worst first.
    obligations
        In order of their deadlines.
    missing
        What would narrow the decision, most decisive first.
    notices
        What to know whatever the decision: limits of the data, advice.
    """

    plan_id: str
    on: date
    departure: datetime
    submitted_at: datetime | None
    decision: Decision
    best: Decision
    worst: Decision
    legs: tuple[LegVerdict, ...]
    route: RouteKeeping | None
    findings: tuple[Finding, ...]
    obligations: tuple[Obligation, ...]
    missing: tuple[Missing, ...]
    notices: tuple[Bilingual, ...]
    record: Record

    def to_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON values, as ``lowalt check --format json`` prints it."""
        return {
            "plan_id": self.plan_id,
            "decision": self.decision.value,
            "best": self.best.value,
            "worst": self.worst.value,
            "on": self.on.isoformat(),
            "departure": rfc3339(self.departure),
            "submitted_at": rfc3339(self.submitted_at) if self.submitted_at else None,
            "legs": [_leg_dict(leg) for leg in self.legs],
            "route": None if self.route is None else _route_dict(self.route),
            "findings": [_finding_dict(f) for f in self.findings],
            "obligations": [
                {
                    "kind": o.kind,
                    "citation": o.citation,
                    "addressee": dict(o.addressee),
                    "jurisdiction": o.jurisdiction.value if o.jurisdiction else None,
                    "due": rfc3339(o.due) if o.due else None,
                    "lead": dict(o.lead) if o.lead["en"] else None,
                    "met": o.met,
                    "reachable": o.reachable,
                    "certain": o.certain,
                    "asked": o.asked,
                    "answered": o.answered,
                    "answer_by": rfc3339(o.answer_by) if o.answer_by else None,
                    "answer_lead": dict(o.answer_lead) if o.answer_lead["en"] else None,
                    "verification": o.verification.value,
                    "text": dict(o.action),
                    "items": [
                        {"text": dict(i.text), "field": i.field or None, "met": i.met}
                        for i in o.items
                    ],
                }
                for o in self.obligations
            ],
            "missing": [
                {
                    "fact": m.fact,
                    "field": m.field or None,
                    "worst": m.worst.value,
                    "citations": list(m.citations),
                    "text": dict(m.text),
                }
                for m in self.missing
            ],
            "notices": [dict(notice) for notice in self.notices],
            "record": {
                **asdict(self.record),
                "own_rules": dict(self.record.own_rules),
                "amendments": [list(pair) for pair in self.record.amendments],
            },
        }

    def to_json(self) -> str:
        """Return the verdict as canonical JSON: sorted keys, no spaces, one line."""
        return json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _leg_dict(leg: LegVerdict) -> dict[str, Any]:
    return {
        "jurisdiction": leg.jurisdiction.value,
        "exists": True if leg.exists is Truth.TRUE else None,
        "when": [rfc3339(leg.period.start), rfc3339(leg.period.end)],
        "lon_deg": round(leg.lon_deg, 7),
        "lat_deg": round(leg.lat_deg, 7),
        "decision": leg.decision.value,
        "best": leg.best.value,
        "worst": leg.worst.value,
        "citations": list(leg.citations),
        "open_citations": list(leg.open_citations),
    }


def _route_dict(route: RouteKeeping) -> dict[str, Any]:
    def margin(least: RouteMargin | None) -> dict[str, Any] | None:
        if least is None:
            return None
        return {
            "margin_m": round(least.value_m, 3),
            "time": rfc3339(least.time),
            "lon_deg": round(least.lon_deg, 7),
            "lat_deg": round(least.lat_deg, 7),
        }

    return {
        "source": route.source.value,
        "identifier": route.identifier,
        "name": dict(route.name),
        "is_certain": route.is_certain,
        "keeps": {Truth.TRUE: True, Truth.FALSE: False}.get(route.keeps),
        "lateral": margin(route.lateral),
        "vertical": margin(route.vertical),
        "is_height_known": route.is_height_known,
        "departures": [
            {
                "kind": left.kind.value,
                "when": [rfc3339(left.period.start), rfc3339(left.period.end)],
                "lon_deg": round(left.lon_deg, 7),
                "lat_deg": round(left.lat_deg, 7),
                "excursion_m": None if left.excursion_m is None else round(left.excursion_m, 3),
            }
            for left in route.departures
        ],
    }


def _finding_dict(finding: Finding) -> dict[str, Any]:
    where, when = finding.where, finding.when
    return {
        "citation": finding.citation,
        "status": finding.status.value,
        "consequence": finding.consequence.value if finding.consequence else None,
        "observed": finding.observed,
        "limit": finding.limit,
        "margin": finding.margin,
        "where": None
        if where is None
        else {
            "zone": where.zone,
            "lon_deg": round(where.lon_deg, 7),
            "lat_deg": round(where.lat_deg, 7),
            "text": dict(where.text),
        },
        "when": None if when is None else [rfc3339(when.start), rfc3339(when.end)],
        "waived_by": list(finding.waived_by),
        "verification": finding.verification.value,
        "text": dict(finding.text),
        "because": dict(finding.because) if finding.because["en"] else None,
        "action": dict(finding.action) if finding.action["en"] else None,
        "note": dict(finding.note) if finding.note["en"] else None,
    }


def rfc3339(moment: datetime) -> str:
    """Write a time as RFC 3339, to the millisecond where it has any.

    Examples
    --------
    >>> from datetime import UTC
    >>> rfc3339(datetime(2026, 6, 1, 9, 30, tzinfo=UTC))
    '2026-06-01T09:30:00Z'
    """
    text = moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
    return text.replace("+00:00", "Z") if moment.utcoffset() == timedelta(0) else text
