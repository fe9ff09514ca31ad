"""Findings as a page unfolds them: what the rule says, what decided it, where, and its source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from lowalt.regulations.model import Bilingual, Instrument, Provision, Verification
from lowalt.regulations.rulebook import Rulebook
from lowalt.regulations.sources import Source, held_sources
from lowalt.report.law_words import ANSWERS, VERIFICATIONS, days_text
from lowalt.report.page.words import NOTHING, WORDS, filled
from lowalt.verdicts import Decision, Finding, Status, Verdict
from lowalt.wording import both


@dataclass(frozen=True, slots=True)
class Shown:
    """Place and time of a finding, for people and for the map."""

    text: Bilingual
    zone: str | None
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, slots=True)
class Reason:
    """The facts that decided a rule, with what was measured and where that is so."""

    because: Bilingual
    observed: str | None
    limit: str | None
    margin: str | None
    places: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Unfolded:
    """One rule with everything to know of it.

    Attributes
    ----------
    css, status
        Style and name of what became of it.
    cited, citation
        For people, and as data.
    consequence
        What it makes of the flight, or may; empty where it only advises.
    says, action, note
        As the finding has them.
    reasons
        One for each way in which it was decided.
    waived_by
        Labels of the rules that took the duty away, with what they say.
    title, source, in_force, read
        Instrument, where its text was read, days in force, and how far it was read; empty where
        the rule is not in the rulebook at hand.
    """

    css: str
    status: Bilingual
    cited: Bilingual
    citation: str
    consequence: Bilingual
    says: Bilingual
    action: Bilingual
    note: Bilingual
    reasons: tuple[Reason, ...]
    waived_by: tuple[Bilingual, ...]
    title: Bilingual
    source: str
    in_force: Bilingual
    read: Bilingual
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that mean the same for the flight; those to see first stand open."""

    css: str
    title: Bilingual
    is_open: bool
    findings: tuple[Unfolded, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Rules that were checked and do not concern the flight, by instrument."""

    status: Bilingual
    count: int
    instruments: tuple[tuple[Bilingual, Bilingual], ...]


_IN_SHORT = (Status.NOT_APPLICABLE, Status.NOT_IN_FORCE)
_OPEN = (Status.BREACHED, Status.REQUIRED, Status.MISSING_INFO)
_SETTLED = (Status.WAIVED, Status.MET)

_MOST_OPEN = 12
"""A longer list is folded: nobody reads on past it."""


def groups_of(verdict: Verdict, rulebook: Rulebook | None) -> tuple[Group, ...]:
    """Gather the findings that concern a flight, the worst first; advice stands apart."""
    known = _provisions(held_sources("shenzhen")[0] if rulebook is None else rulebook.sources)
    texts = {f.citation: f for f in verdict.findings}
    gathered: dict[str, list[Finding]] = {}
    for finding in sorted(verdict.findings, key=_is_advice):
        name = "is-advice" if _is_advice(finding) else css_of(finding.status)
        gathered.setdefault(name, []).append(finding)
    titles = {css_of(status): ANSWERS[status] for status in (*_OPEN, *_SETTLED)}
    order = {
        **{css_of(status): True for status in _OPEN},
        "is-advice": False,
        **{css_of(status): False for status in _SETTLED},
    }
    return tuple(
        Group(
            css,
            titles.get(css, WORDS["advice"]),
            is_open and len(gathered[css]) <= _MOST_OPEN,
            tuple(_unfolded(gathered[css], verdict, known, texts)),
        )
        for css, is_open in order.items()
        if css in gathered
    )


def _is_advice(finding: Finding) -> bool:
    """Whether a rule asks for something, or may, that does not change the decision."""
    return finding.status in _OPEN and finding.consequence is None


def elsewhere_of(verdict: Verdict) -> tuple[Elsewhere, ...]:
    """Gather the rules that do not concern it, only by name."""
    return tuple(
        Elsewhere(ANSWERS[status], len({f.citation for f in of}), tuple(_by_instrument(of)))
        for status in _IN_SHORT
        if (of := [f for f in verdict.findings if f.status is status])
    )


def css_of(word: Status | Decision) -> str:
    """Name the style of a status or a decision."""
    return f"is-{word.value.replace('_', '-')}"


def named(decision: Decision) -> Bilingual:
    """Name a decision."""
    return both(decision.label("zh"), decision.label("en"))


def _by_instrument(findings: Iterable[Finding]) -> Iterator[tuple[Bilingual, Bilingual]]:
    for _, group in groupby(findings, key=lambda f: f.instrument["en"]):
        of = list({f.citation: f for f in group}.values())
        labels = both("、".join(f.label["zh"] for f in of), ", ".join(f.label["en"] for f in of))
        yield of[0].instrument, labels


def _unfolded(
    findings: Sequence[Finding],
    verdict: Verdict,
    known: Mapping[str, tuple[Instrument, Provision]],
    texts: Mapping[str, Finding],
) -> Iterator[Unfolded]:
    """Unfold findings; one rule that concerns several places is one."""
    for citation, group in groupby(findings, key=lambda f: f.citation):
        of = list(group)
        first = of[0]
        instrument, provision = known.get(citation, (None, None))
        yield Unfolded(
            css=css_of(first.status),
            status=ANSWERS[first.status],
            cited=both(first.cited("zh"), first.cited("en")),
            citation=citation,
            consequence=_consequence(first),
            says=first.text,
            action=first.action,
            note=first.note,
            reasons=tuple(_reasons(of, verdict)),
            waived_by=tuple(_waiver(texts[by]) for by in first.waived_by if by in texts),
            title=NOTHING if instrument is None else instrument.title,
            source="" if instrument is None else instrument.source,
            in_force=NOTHING if provision is None else _days(provision),
            read=VERIFICATIONS[first.verification],
            is_verified=first.verification is Verification.VERIFIED,
        )


def _consequence(finding: Finding) -> Bilingual:
    if finding.consequence is None:
        return WORDS["advice_only"]
    name = named(finding.consequence)
    if finding.status is Status.MISSING_INFO:
        return filled(both("可能{}", "may be {}"), name)
    return name if finding.status in (Status.BREACHED, Status.REQUIRED) else NOTHING


def _reasons(findings: Sequence[Finding], verdict: Verdict) -> Iterator[Reason]:
    def decided(finding: Finding) -> tuple[str | None, ...]:
        return finding.because["zh"], finding.observed, finding.limit, finding.margin

    for (_, observed, limit, margin), group in groupby(findings, key=decided):
        of = list(group)
        places = tuple(_shown(f, verdict) for f in of if f.where is not None)
        if of[0].because["en"] or places:
            yield Reason(of[0].because, observed, limit, margin, places)


def _shown(finding: Finding, verdict: Verdict) -> Shown:
    where, when = finding.where, finding.when
    assert where is not None  # only those are shown
    at = f"{where.lat_deg:.5f} N {where.lon_deg:.5f} E"
    if when is not None:
        zone = verdict.departure.tzinfo
        start, end = when.start.astimezone(zone), when.end.astimezone(zone)
        at += f", {start:%H:%M:%S}–{end:%H:%M:%S}"
    text = both(f"{where.text['zh']}，{at}", f"{where.text['en']}, {at}")
    return Shown(text, where.zone, round(where.lon_deg, 6), round(where.lat_deg, 6))


def _waiver(finding: Finding) -> Bilingual:
    return both(
        f"{finding.cited('zh')}：{finding.text['zh']}",
        f"{finding.cited('en')}: {finding.text['en']}",
    )


def _days(provision: Provision) -> Bilingual:
    return both(days_text(provision.in_force, lang="zh"), days_text(provision.in_force, lang="en"))


def _provisions(sources: Iterable[Source]) -> Mapping[str, tuple[Instrument, Provision]]:
    return {
        provision.citation: (source.instrument, provision)
        for source in sources
        for provision in source.instrument.provisions.values()
    }
