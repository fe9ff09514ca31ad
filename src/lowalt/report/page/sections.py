"""What else a page says: the decision, missing facts, changes, legs, conflicts, and its basis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby
from typing import Any

from lowalt.regulations.model import Bilingual
from lowalt.remedy import Remedy
from lowalt.report.clock import clock, offset
from lowalt.report.conflicts import PlanConflict
from lowalt.report.page.charting import encounter_when
from lowalt.report.page.findings import css_of, named
from lowalt.report.page.words import LANGUAGES, NOTHING, WORDS, each, filled, same
from lowalt.report.page.zones import zone_asks, zone_css, zone_layers
from lowalt.report.precedence import headline as who_yields
from lowalt.report.remedies import KINDS
from lowalt.report.route import route_lines, route_title
from lowalt.report.scene import Scene
from lowalt.report.text import headline
from lowalt.report.words import EN, ZH
from lowalt.truth import Truth
from lowalt.verdicts import Decision, LegVerdict, Missing, Status, Verdict
from lowalt.wording import both

# Missing facts


@dataclass(frozen=True, slots=True)
class Question:
    """A fact to fill in.

    Attributes
    ----------
    text
        What is not known.
    field, how
        Path in the plan, and how it is written there; empty where nothing can be filled in.
    rules
        Labels of the rules that wait for it.
    """

    text: Bilingual
    field: str
    how: str
    rules: tuple[Bilingual, ...]


@dataclass(frozen=True, slots=True)
class Questions:
    """Facts on which the same outcome hangs."""

    css: str
    could: Bilingual
    questions: tuple[Question, ...]


def questions_of(verdict: Verdict) -> tuple[Questions, ...]:
    """Gather what is missing by the strictest outcome that hangs on it."""
    labels = {f.citation: both(f.cited("zh"), f.cited("en")) for f in verdict.findings}
    return tuple(
        Questions(css_of(worst), named(worst), tuple(_question(m, labels) for m in group))
        for worst, group in groupby(verdict.missing, key=lambda m: m.worst)
    )


def _question(missing: Missing, labels: dict[str, Bilingual]) -> Question:
    return Question(
        missing.text,
        missing.field,
        _snippet(missing.field),
        tuple(labels[citation] for citation in missing.citations if citation in labels),
    )


def _snippet(field: str) -> str:
    """Show where a field stands in a plan.

    Examples
    --------
    >>> _snippet("pilots[].licence.issued_on")
    '"pilots": [{"licence": {"issued_on": …}}]'
    >>> _snippet("departure_site, landing_site")
    '"departure_site": …, "landing_site": …'
    """
    return ", ".join(_nested(path) for path in field.split(", ") if path)


def _nested(path: str) -> str:
    first, _, rest = path.partition(".")
    inner = f"{{{_nested(rest)}}}" if rest else "…"
    if first.endswith("[]"):
        return f'"{first[:-2]}": [{inner}]'
    return f'"{first}": {inner}'


# What would make it pass


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that passes, or a step nearer to it."""

    kind: Bilingual
    text: Bilingual
    decision: Bilingual
    css: str
    passes: bool


def offers_of(remedies: Sequence[Remedy]) -> tuple[Offer, ...]:
    """Put remedies into words, those that pass first."""
    ordered = sorted(remedies, key=lambda remedy: not remedy.passes)
    return tuple(
        Offer(
            both(*KINDS[remedy.kind]),
            remedy.text,
            both(*(headline(remedy.verdict, lang=lang) for lang in LANGUAGES)),
            css_of(remedy.verdict.decision),
            remedy.passes,
        )
        for remedy in ordered
    )


def actions_of(verdict: Verdict) -> tuple[Bilingual, ...]:
    """List what the rules that stand against a flight tell its operator to do."""
    against = (
        f
        for f in verdict.findings
        if f.status in (Status.BREACHED, Status.REQUIRED) and f.consequence is not None
    )
    worst_first = sorted(against, key=lambda f: -(f.consequence or Decision.PERMITTED).rank)
    return tuple({f.action["en"]: f.action for f in worst_first if f.action["en"]}.values())


# Legs, route and zones


@dataclass(frozen=True, slots=True)
class LegShown:
    """The decision on a leg."""

    css: str
    name: Bilingual
    hours: str
    decision: Bilingual
    doubts: tuple[Bilingual, ...]


def legs_of(verdict: Verdict) -> tuple[LegShown, ...]:
    """Put the decisions on legs into words."""
    return tuple(_leg(leg, verdict) for leg in verdict.legs)


def _leg(leg: LegVerdict, verdict: Verdict) -> LegShown:
    zone = verdict.departure.tzinfo
    start, end = leg.period.start.astimezone(zone), leg.period.end.astimezone(zone)
    doubts = (
        (leg.exists is Truth.TRUE, both(ZH.if_entered, EN.if_entered)),
        (leg.is_within_dataset, WORDS["leaves_dataset"]),
        (leg.has_law, WORDS["no_law"]),
    )
    return LegShown(
        css_of(leg.decision),
        both(leg.jurisdiction.zh, leg.jurisdiction.en),
        f"{start:%H:%M:%S}–{end:%H:%M:%S}",
        each(lambda lang: headline(leg, lang=lang)),
        tuple(text for known, text in doubts if not known),
    )


def route_of(verdict: Verdict) -> tuple[Bilingual, tuple[Bilingual, ...]] | None:
    """Say how a flight keeps to the route that its plan states, if it states one."""
    if verdict.route is None:
        return None
    zh, en = (
        [text for _, text in route_lines(verdict.route, lang=lang, zone=verdict.departure.tzinfo)]
        for lang in ("zh", "en")
    )
    return both(route_title("zh"), route_title("en")), tuple(map(both, zh, en))


@dataclass(frozen=True, slots=True)
class Stay:
    """A zone met, for the table below the profile."""

    number: int
    zone: str
    css: str
    name: Bilingual
    asks: Bilingual
    layers: tuple[str, ...]
    when: Bilingual
    is_asking: bool


def stays_of(scene: Scene) -> tuple[Stay, ...]:
    """List the zones met in order of time."""
    asking = {zone.identifier for zone in scene.asking_zones}
    return tuple(
        Stay(
            number,
            encounter.zone.identifier,
            zone_css(encounter.zone),
            both(encounter.zone.name.get("zh", ""), encounter.zone.name.get("en", "")),
            zone_asks(encounter.zone),
            tuple(zone_layers(encounter.zone)),
            encounter_when(encounter),
            encounter.zone.identifier in asking,
        )
        for number, encounter in enumerate(scene.situation.encounters)
    )


# Conflicts


@dataclass(frozen=True, slots=True)
class Meeting:
    """A conflict with another plan."""

    number: int
    between: str
    when: str
    closest: Bilingual
    on_map: bool
    outcome: Bilingual
    reason: Bilingual


def meetings_of(conflicts: Sequence[PlanConflict]) -> tuple[Meeting, ...]:
    """Put conflicts into words."""
    return tuple(_meeting(number, conflict) for number, conflict in enumerate(conflicts))


def _meeting(number: int, conflict: PlanConflict) -> Meeting:
    near, settled = conflict.closest, conflict.precedence
    closest = WORDS["in_area"]
    if near is not None:
        closest = filled(WORDS["closest"], f"{near.distance_m:.1f}", f"{near.at:%H:%M:%S}")
    inference = WORDS["our_inference"] if settled.is_inference else NOTHING
    return Meeting(
        number,
        " × ".join(conflict.between),
        f"{conflict.start:%Y-%m-%d %H:%M:%S}–{conflict.end:%H:%M:%S} {offset(conflict.start)}",
        closest,
        near is not None,
        each(lambda lang: who_yields(settled, lang)),
        filled(same("{}{}"), settled.reason, inference),
    )


# What it rests on


def basis_of(verdict: Verdict) -> tuple[tuple[Bilingual, str], ...]:
    """Name what a verdict rests on, with digests."""
    record = verdict.record
    rows: dict[str, str | None] = {
        "library": record.library,
        "airspace": f"{record.airspace_name} · {record.airspace}",
        "rulebook": f"{record.rulebook_name} · {record.rulebook}",
        "plan_digest": record.plan,
        "terrain": record.terrain,
        "geoid": record.geoid,
    }
    return tuple((WORDS[name], value or "—") for name, value in rows.items())


def head_of(verdict: Verdict, as_of: datetime | None) -> dict[str, Any]:
    """Gather what stands above everything: the decision, and when it is about."""
    zone = verdict.departure.tzinfo
    meaning = both(ZH.meanings[verdict.decision], EN.meanings[verdict.decision])
    ends = {
        lang: {"best": named(verdict.best)[lang], "worst": named(verdict.worst)[lang]}
        for lang in ("zh", "en")
    }
    return {
        "css": css_of(verdict.decision),
        "name": named(verdict.decision),
        "meaning": each(lambda lang: meaning[lang].format(**ends[lang])),
        "between": both(ZH.between, EN.between)
        if verdict.decision is Decision.INDETERMINATE
        else NOTHING,
        "departure": f"{clock(verdict.departure)} {offset(verdict.departure)}",
        "on": verdict.on.isoformat(),
        "submitted": _moment(verdict.submitted_at, zone),
        "as_of": _moment(as_of, zone),
    }


def _moment(moment: datetime | None, zone: tzinfo | None) -> str:
    return "" if moment is None else clock(moment.astimezone(zone))
