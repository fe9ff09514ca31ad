"""The answer for one plan, and what it rests on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from lowalt.markup import MOST_ROWS, html_table
from lowalt.regulations.model import Bilingual
from lowalt.route_keeping import RouteKeeping
from lowalt.temporal import rfc3339
from lowalt.verdicts import json_values
from lowalt.verdicts.decisions import Decision, Status
from lowalt.verdicts.findings import Finding, Missing
from lowalt.verdicts.legs import LegVerdict
from lowalt.verdicts.not_held import NotHeld
from lowalt.verdicts.obligations import Obligation

_DECISIVE = {Status.BREACHED: "✕", Status.REQUIRED: "!", Status.MISSING_INFO: "?"}


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
    not_held
        Law that the flight is under, or may be, and that was not asked since it is not held.
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
    not_held: tuple[NotHeld, ...]
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
            "legs": [json_values.of_leg(leg) for leg in self.legs],
            "route": None if self.route is None else json_values.of_route(self.route),
            "findings": [json_values.of_finding(finding) for finding in self.findings],
            "obligations": [json_values.of_obligation(duty) for duty in self.obligations],
            "missing": [json_values.of_missing(unknown) for unknown in self.missing],
            "not_held": [json_values.of_not_held(gap) for gap in self.not_held],
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

    def _repr_html_(self) -> str:
        """Show the decision in a notebook, and the rules that it may hang on."""
        outcomes = (
            (self.decision,)
            if self.decision is not Decision.INDETERMINATE
            else (self.decision, self.best, self.worst)
        )
        title = {
            lang: f"{self.plan_id}: " + " / ".join(outcome.label(lang) for outcome in outcomes)
            for lang in ("zh", "en")
        }
        rows = [
            (
                f"{_DECISIVE[finding.status]} {finding.status}",
                {lang: finding.cited(lang) for lang in ("zh", "en")},
                finding.because,
                finding.action,
            )
            for finding in self.findings
            if finding.status in _DECISIVE and finding.consequence is not None
        ]
        heads = (
            {"zh": "状态", "en": "status"},
            {"zh": "条款", "en": "provision"},
            {"zh": "缘由", "en": "because"},
            {"zh": "办法", "en": "to do"},
        )
        return html_table(
            title, heads if rows else (), rows[:MOST_ROWS], more=max(len(rows) - MOST_ROWS, 0)
        )
