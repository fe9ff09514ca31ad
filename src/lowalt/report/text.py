"""A verdict as text for a terminal, in Chinese or English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Literal

from lowalt.errors import InvalidInputError
from lowalt.regulations.model import Verification
from lowalt.report.clock import clock, latest, offset
from lowalt.report.lines import wrap
from lowalt.report.route import route_lines, route_title
from lowalt.report.words import EN, ZH
from lowalt.temporal import TimeInterval
from lowalt.truth import Truth
from lowalt.verdicts import (
    Decision,
    Finding,
    LegVerdict,
    Missing,
    Obligation,
    Status,
    Verdict,
)

Language = Literal["zh", "en"]

_RULES_OF_A_LEG = 4
"""What more decides a leg is only counted: the findings say all of it."""

_MISSING_IN_FULL = 16
"""What more is missing is only named: nobody reads sixty lines of questions."""


def explain(
    verdict: Verdict, *, lang: Language = "en", width: int = 100, notices: bool = True
) -> str:
    """Explain a verdict to its operator.

    Parameters
    ----------
    verdict
        The verdict.
    lang
        ``zh`` or ``en``.
    width
        Columns of the terminal, 40 or more; Chinese characters take two.
    notices
        Whether to end with the limits of the data, which are the same for every plan.

    Returns
    -------
    str
        Lines of text, without a final newline.

    Raises
    ------
    InvalidInputError
        If the language is not one of the two, or the width is too small.
    """
    if lang not in ("zh", "en"):
        raise InvalidInputError(f"lang={lang!r}: lowalt speaks 'zh' and 'en'")
    if width < 40:
        raise InvalidInputError(f"width={width}: a verdict needs 40 columns or more")
    page = _Page(verdict, lang, width)
    return "\n".join([*page.lines(), *(page.notices() if notices else ())])


def explain_notices(verdict: Verdict, *, lang: Language = "en", width: int = 100) -> str:
    """Say the limits of the data alone, once for all verdicts over one airspace."""
    return "\n".join(_Page(verdict, lang, width).notices()).lstrip("\n")


def headline(verdict: Verdict | LegVerdict, *, lang: Language = "en") -> str:
    """Name the decision in a few words, with both ends where it is indeterminate."""
    return outcome(verdict.decision, verdict.best, verdict.worst, lang=lang)


def outcome(decision: Decision, best: Decision, worst: Decision, *, lang: Language = "en") -> str:
    """Name a decision in a few words, with both ends where it is indeterminate.

    >>> outcome(Decision.PERMITTED, Decision.PERMITTED, Decision.PERMITTED)
    'PERMITTED'
    """
    name = decision.label(lang)
    if decision is not Decision.INDETERMINATE:
        return name
    ends = (end.label(lang) for end in (best, worst))
    return f"{name} ({' – '.join(ends)})"


class _Page:
    """Lays the parts of one verdict out in one language."""

    def __init__(self, verdict: Verdict, lang: Language, width: int) -> None:
        self.verdict, self.lang, self.width = verdict, lang, width
        self.words = ZH if lang == "zh" else EN
        self.labels = {f.citation: f.cited(lang) for f in verdict.findings}

    def lines(self) -> Iterator[str]:
        yield from self.head()
        if len(self.verdict.legs) > 1:
            yield from self.section(self.words.legs, self.legs())
        yield from self.section(route_title(self.lang), self.route())
        by_status = {
            status: [f for f in self.verdict.findings if f.status is status] for status in Status
        }
        binding = [f for f in by_status[Status.BREACHED] if f.consequence is not None]
        against = [*binding, *by_status[Status.REQUIRED]]
        yield from self.section(self.words.against, self.findings(against))
        advice = [f for f in by_status[Status.BREACHED] if f.consequence is None]
        yield from self.section(self.words.advice, self.findings(advice))
        lost = [f for f in by_status[Status.WAIVED] if f.consequence is None]
        yield from self.section(self.words.lost, self.waived(lost))
        yield from self.section(self.words.missing, self.missing(self.verdict.missing))
        doubtful = [f for f in by_status[Status.MISSING_INFO] if f.where and self.matters(f)]
        yield from self.section(self.words.open, self.findings(doubtful, brief=True))
        unsettled = [f for f in by_status[Status.MISSING_INFO] if f.consequence is None]
        yield from self.section(self.words.open_advice, self.duties(unsettled, sign="?"))
        gaps = (gap.said(self.lang) for gap in self.verdict.not_held)
        yield from self.section(self.words.not_held, map(self.bullet, gaps))
        duties = [o for o in self.verdict.obligations if o.certain]
        yield from self.section(self.words.do, self.obligations(duties))
        perhaps = [
            o
            for o in self.verdict.obligations
            # What may have to be told after the flight hangs on the flight, not on what is missing.
            if not o.certain and not o.met and o.kind != "report"
        ]
        yield from self.section(self.words.maybe, self.perhaps(perhaps))
        exempt = [f for f in by_status[Status.WAIVED] if f.consequence is not None]
        yield from self.section(self.words.waived, self.waived(exempt))
        met = [f for f in by_status[Status.MET] if f.consequence is not None]
        yield from self.section(self.words.met, self.duties(met))
        yield ""
        yield from self.wrap(self.counts(), "")

    def notices(self) -> Iterator[str]:
        """Yield what to know whatever the decision."""
        yield from self.section(
            self.words.notices, (self.bullet(n[self.lang]) for n in self.verdict.notices)
        )

    def matters(self, finding: Finding) -> bool:
        """Whether an open rule can still change the decision."""
        consequence = finding.consequence
        return consequence is not None and consequence.rank > self.verdict.best.rank

    def head(self) -> Iterator[str]:
        verdict, words = self.verdict, self.words
        text = words.flight.format(
            plan=verdict.plan_id, departure=_clock(verdict.departure), on=verdict.on
        )
        if verdict.submitted_at is not None:
            submitted = _clock(verdict.submitted_at.astimezone(verdict.departure.tzinfo))
            text += " · " + words.submitted.format(submitted=submitted)
        yield from self.wrap(text, "")
        name, meaning = verdict.decision.label(self.lang), words.meanings[verdict.decision]
        yield f"==> {name}"
        ends = {
            "best": verdict.best.label(self.lang),
            "worst": verdict.worst.label(self.lang),
        }
        yield from self.wrap(meaning.format(**ends), "    ")
        if verdict.decision is Decision.INDETERMINATE:
            yield from self.wrap(words.between, "    ")

    def section(self, title: str, blocks: Iterable[list[str]]) -> Iterator[str]:
        """Yield a title and its blocks, or nothing where there are none."""
        lines = [line for block in blocks for line in block]
        if lines:
            yield ""
            yield from self.wrap(title, "")
            yield from lines

    def legs(self) -> Iterator[list[str]]:
        """Yield the decision on each leg; legs of which the same is said are named together."""
        alike: dict[object, list[LegVerdict]] = {}
        for leg in self.verdict.legs:
            said = (leg.jurisdiction, leg.exists, leg.best, leg.worst)
            reasons = (leg.is_within_dataset, leg.has_law, leg.citations, leg.open_citations)
            alike.setdefault((*said, *reasons), []).append(leg)
        for group in alike.values():
            yield list(self.leg(group))

    def leg(self, group: list[LegVerdict]) -> Iterator[str]:
        words, leg = self.words, group[0]
        doubt = "" if leg.exists is Truth.TRUE else words.if_entered
        hours = words.join.join(self.hours(each.period) for each in group)
        where = f"{leg.jurisdiction.label(self.lang)}{doubt}{words.comma}{hours}"
        yield from self.wrap(f"{where}{words.colon}{headline(leg, lang=self.lang)}", "  - ", "    ")
        unknown = ((leg.is_within_dataset, words.leaves_dataset), (leg.has_law, words.no_law))
        for text in (text for known, text in unknown if not known):
            yield from self.wrap(text, "    ? ", "      ")
        rules = [self.labels[rule] for rule in (*leg.citations, *leg.open_citations)]
        if rules:
            more = len(rules) - _RULES_OF_A_LEG
            others = f" +{more}" if more > 0 else ""
            text = words.list.join(rules[:_RULES_OF_A_LEG]) + others
            yield from self.wrap(text, "    > ", "      ")

    def route(self) -> Iterator[list[str]]:
        """Yield how it keeps to the route that the plan states, if it states one."""
        route, zone = self.verdict.route, self.verdict.departure.tzinfo
        if route is not None:
            for sign, text in route_lines(route, lang=self.lang, zone=zone):
                indent = "  " if sign == "-" else "    "
                yield list(self.wrap(text, f"{indent}{sign} ", f"{indent}  "))

    def findings(self, findings: list[Finding], *, brief: bool = False) -> Iterator[list[str]]:
        """Yield findings; one rule that concerns several places is said once."""
        for _, group in groupby(findings, key=lambda f: (f.citation, f.status)):
            yield list(self.finding(list(group), brief=brief))

    def finding(self, group: list[Finding], *, brief: bool) -> Iterator[str]:
        words, lang, first = self.words, self.lang, group[0]
        mark = "" if first.verification is Verification.VERIFIED else words.unverified
        sign = {Status.BREACHED: "x", Status.REQUIRED: "!"}.get(first.status, "?")
        label = first.cited(lang) + mark
        yield from self.wrap(f"{label}{words.colon}{first.text[lang]}", f"  {sign} ", "    ")
        for because, same in groupby(group, key=lambda f: f.because[lang]):
            places = list(same)
            if because:
                yield from self.wrap(because + self.margin(places[0]), "    > ", "      ")
            for finding in places:
                if finding.where is not None:
                    yield from self.wrap(self.place(finding), "    @ ", "      ")
        if first.note[lang] and not brief:
            note = f"{words.note}{words.colon}{first.note[lang]}"
            yield from self.wrap(note, "    * ", "      ")
        if first.action[lang] and not brief:
            action = f"{words.action}{words.colon}{first.action[lang]}"
            yield from self.wrap(action, "    -> ", "       ")

    def margin(self, finding: Finding) -> str:
        if finding.margin is None:
            return ""
        return self.words.margin.format(margin=finding.margin)

    def place(self, finding: Finding) -> str:
        where, when = finding.where, finding.when
        assert where is not None
        text = f"{where.text[self.lang]}, {where.lat_deg:.5f} N {where.lon_deg:.5f} E"
        if when is not None:
            text += f", {self.hours(when)}"
        return text

    def hours(self, period: TimeInterval) -> str:
        zone = self.verdict.departure.tzinfo
        start, end = period.start.astimezone(zone), period.end.astimezone(zone)
        return f"{start:%H:%M:%S}–{end:%H:%M:%S}"

    def missing(self, missing: Iterable[Missing]) -> Iterator[list[str]]:
        """Yield what is missing, grouped by the strictest outcome that hangs on it."""
        items = list(missing)
        for worst, group in groupby(items[:_MISSING_IN_FULL], key=lambda m: m.worst):
            could = self.words.could.format(worst=worst.label(self.lang))
            yield list(self.wrap(could, "  "))
            for item in group:
                yield list(self.wrap(self.question(item), "  ? ", "    "))
        if rest := items[_MISSING_IN_FULL:]:
            fields = dict.fromkeys(item.field or item.text[self.lang] for item in rest)
            text = self.words.more.format(count=len(rest), fields=", ".join(fields))
            yield list(self.wrap(text, "  ? ", "    "))

    def question(self, item: Missing) -> str:
        text = item.text[self.lang]
        if item.field:
            text += f" -> {item.field}"
        elif item.citations:
            text += f" -> {self.words.ask}"
        if not item.citations:
            return text
        others = f" +{len(item.citations) - 1}" if len(item.citations) > 1 else ""
        return f"{text} ({self.labels[item.citations[0]]}{others})"

    def obligations(self, obligations: Iterable[Obligation]) -> Iterator[list[str]]:
        for duty in obligations:
            words, lang = self.words, self.lang
            due = words.any_time if duty.due is None else words.by.format(due=_latest(duty.due))
            to = words.to.format(addressee=duty.addressee[lang]) if duty.addressee[lang] else ""
            head = words.comma.join(filter(None, (words.kinds[duty.kind], due, to)))
            state = words.state[_state(duty)]
            text = f"[{state}] {head}{words.colon}{duty.action[lang]} ({duty.cited(lang)})"
            yield [*self.wrap(text, "  - ", "    "), *self.items(duty)]

    def items(self, duty: Obligation) -> Iterator[str]:
        """Yield what is still to be handed in, of several things asked for together."""
        left = [item for item in duty.items if not item.met]
        if not left:
            return
        given = len(duty.items) - len(left)
        yield from self.wrap(self.words.items.format(given=given, all=len(duty.items)), "    ")
        for item in left:
            field = f" -> {item.field}" if item.field else ""
            sign = "?" if item.met is None else "x"
            yield from self.wrap(item.text[self.lang] + field, f"      {sign} ", "        ")

    def perhaps(self, obligations: Iterable[Obligation]) -> Iterator[list[str]]:
        for duty in obligations:
            due = "" if duty.due is None else self.words.by.format(due=_latest(duty.due))
            head = self.words.comma.join(filter(None, (self.words.kinds[duty.kind], due)))
            text = f"{head} ({duty.cited(self.lang)})"
            yield list(self.wrap(text, "  - ", "    "))

    def waived(self, findings: Iterable[Finding]) -> Iterator[list[str]]:
        texts = {f.citation: f.text[self.lang] for f in self.verdict.findings}
        freed: dict[tuple[str, ...], list[str]] = {}
        for finding in findings:
            freed.setdefault(finding.waived_by, []).append(finding.cited(self.lang))
        for waivers, labels in freed.items():
            yield list(self.wrap(self.words.join.join(labels), "  - ", "    "))
            for by in waivers:
                text = f"{self.labels[by]}{self.words.colon}{texts[by]}"
                yield list(self.wrap(text, "    <- ", "       "))

    def duties(self, findings: list[Finding], *, sign: str = "+") -> Iterator[list[str]]:
        """Yield duties that are met, or advice: in full where they are all that is left to know."""
        if self.verdict.decision is not Decision.PERMITTED:
            for instrument, group in groupby(findings, key=lambda f: f.instrument[self.lang]):
                labels = self.words.join.join(f.label[self.lang] for f in group)
                text = f"{instrument}{self.words.colon}{labels}"
                yield list(self.wrap(text, f"  {sign} ", "    "))
            return
        for finding in findings:
            text = f"{finding.cited(self.lang)}{self.words.colon}{finding.text[self.lang]}"
            yield list(self.wrap(text, f"  {sign} ", "    "))

    def bullet(self, text: str) -> list[str]:
        return list(self.wrap(text, "  - ", "    "))

    def counts(self) -> str:
        """Count every rule once: findings have the worst of a rule first."""
        status: dict[str, Status] = {}
        for finding in self.verdict.findings:
            status.setdefault(finding.citation, finding.status)
        found = Counter(status.values())
        return self.words.counts.format(
            total=len(status),
            against=found[Status.BREACHED] + found[Status.REQUIRED],
            open=found[Status.MISSING_INFO],
            met=found[Status.MET],
            other=found[Status.NOT_APPLICABLE],
            waived=found[Status.WAIVED],
            dormant=found[Status.NOT_IN_FORCE],
        )

    def wrap(self, text: str, first: str, rest: str | None = None) -> Iterator[str]:
        return wrap(text, width=self.width, first=first, rest=rest)


def _state(duty: Obligation) -> str:
    if duty.met:
        return "met"
    if duty.reachable is False:
        return "late"
    return "unknown" if duty.met is None else "open"


def _clock(moment: datetime) -> str:
    return f"{clock(moment)} ({offset(moment)})"


def _latest(moment: datetime) -> str:
    return f"{latest(moment)} ({offset(moment)})"
