"""The parts of a verdict as JSON values: times as RFC 3339, what is not known as null."""

from __future__ import annotations

from typing import Any

from lowalt.route_keeping import RouteKeeping, RouteMargin
from lowalt.temporal import rfc3339
from lowalt.truth import Truth
from lowalt.verdicts.findings import Finding, Missing
from lowalt.verdicts.legs import LegVerdict
from lowalt.verdicts.not_held import NotHeld
from lowalt.verdicts.obligations import Obligation


def of_leg(leg: LegVerdict) -> dict[str, Any]:
    """Return the decision under one jurisdiction."""
    return {
        "jurisdiction": leg.jurisdiction.value,
        "exists": True if leg.exists is Truth.TRUE else None,
        "when": [rfc3339(leg.period.start), rfc3339(leg.period.end)],
        "lon_deg": round(leg.lon_deg, 7),
        "lat_deg": round(leg.lat_deg, 7),
        "decision": leg.decision.value,
        "best": leg.best.value,
        "worst": leg.worst.value,
        "is_within_dataset": leg.is_within_dataset,
        "has_law": leg.has_law,
        "citations": list(leg.citations),
        "open_citations": list(leg.open_citations),
    }


def of_route(route: RouteKeeping) -> dict[str, Any]:
    """Return how the flight keeps to its route."""

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


def of_finding(finding: Finding) -> dict[str, Any]:
    """Return what one rule says."""
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


def of_obligation(duty: Obligation) -> dict[str, Any]:
    """Return what is owed."""
    return {
        "kind": duty.kind,
        "citation": duty.citation,
        "addressee": dict(duty.addressee),
        "jurisdiction": duty.jurisdiction.value if duty.jurisdiction else None,
        "due": rfc3339(duty.due) if duty.due else None,
        "lead": dict(duty.lead) if duty.lead["en"] else None,
        "met": duty.met,
        "reachable": duty.reachable,
        "certain": duty.certain,
        "asked": duty.asked,
        "done_at": rfc3339(duty.done_at) if duty.done_at else None,
        "answered": duty.answered,
        "answered_at": rfc3339(duty.answered_at) if duty.answered_at else None,
        "answer_by": rfc3339(duty.answer_by) if duty.answer_by else None,
        "answer_lead": dict(duty.answer_lead) if duty.answer_lead["en"] else None,
        "verification": duty.verification.value,
        "text": dict(duty.action),
        "items": [
            {"text": dict(i.text), "field": i.field or None, "met": i.met} for i in duty.items
        ],
    }


def of_missing(unknown: Missing) -> dict[str, Any]:
    """Return what is not known."""
    return {
        "fact": unknown.fact,
        "field": unknown.field or None,
        "worst": unknown.worst.value,
        "citations": list(unknown.citations),
        "text": dict(unknown.text),
    }


def of_not_held(gap: NotHeld) -> dict[str, Any]:
    """Return what binds and was not asked."""
    return {
        "jurisdiction": gap.jurisdiction.value if gap.jurisdiction else None,
        "craft": gap.craft.value,
        "text": dict(gap.text),
    }
