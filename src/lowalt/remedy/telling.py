"""What a remedy says: what to change, which weather it needs, and what no longer stands against."""

from __future__ import annotations

from collections.abc import Sequence

from lowalt.regulations.model import Bilingual
from lowalt.remedy.awaited import provided
from lowalt.remedy.hearing import Hearing
from lowalt.remedy.offers import Change
from lowalt.wording import both


def cured(before: Hearing, after: Hearing) -> tuple[str, ...]:
    """Rules that stood against the flight, or may have, and no longer do: the sure ones first."""
    sure = {
        result.rule.citation
        for result in before.deciding
        if any(violation.certain for violation in result.violations)
    }
    gone = [citation for citation in before.against if citation not in after.against]
    return tuple(sorted(gone, key=lambda citation: citation not in sure))


def told(
    changes: Sequence[Change], before: Hearing, after: Hearing, cures: Sequence[str]
) -> Bilingual:
    """Say what to change, and which provisions then no longer stand against the flight."""
    provisions = {
        r.rule.citation: (r.rule.instrument.short_title, r.rule.provision.label)
        for r in before.judgement.results
    }
    needed = provided(after.supposes)
    cited = [provisions[citation] for citation in cures[:3]]
    more = len(cures) - len(cited)
    zh = "；并".join(change.text["zh"] for change in changes)
    en = "; and ".join(change.text["en"] for change in changes)
    if needed is not None:
        zh, en = f"{zh}；{needed['zh']}", f"{en}; {needed['en']}"
    if not cited:
        return both(zh, en)
    named = (
        "、".join(f"{title['zh']}{label['zh']}" for title, label in cited),
        ", ".join(f"{title['en']} {label['en']}" for title, label in cited),
    )
    return both(
        f"{zh}（不再涉及{named[0]}{f'等 {len(cures)} 条' if more else ''}）",
        f"{en} (no longer concerned: {named[1]}{f' and {more} more' if more else ''})",
    )
