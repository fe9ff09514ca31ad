"""What would narrow the decision: facts that the plan leaves out, and questions left open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import chain

from lowalt.assessment.findings import zone_name
from lowalt.assessment.unreported import why_unreported
from lowalt.judgement import CONSEQUENCE, Judgement, Violation, stricter
from lowalt.regulations.conditions import Leaf
from lowalt.regulations.model import Bilingual, Craft
from lowalt.regulations.rulebook import Rule
from lowalt.situation import Situation
from lowalt.truth import Truth
from lowalt.verdicts import Decision, Missing
from lowalt.vocabulary import VOCABULARY, Scope
from lowalt.wording import both, open_question

_CRAFT = {
    Craft.UNMANNED: ("无人驾驶航空器", "unmanned"),
    Craft.MANNED: ("有人驾驶航空器", "manned"),
}

_Key = tuple[str | None, str]
"""What is missing: the fact, if it is one, and in words, since legs may lack the same fact."""


def missing(judgement: Judgement, situation: Situation) -> list[Missing]:
    """List what would narrow the decision, the strictest and most often asked first."""
    found: dict[_Key, Missing] = {}
    asked = Counter[_Key]()

    def note(text: Bilingual, rule: str, worst: Decision, fact: str | None, field: str) -> _Key:
        key = fact, text["en"]
        known = found.get(key, Missing(fact, text, field, worst, ()))
        citations = tuple(dict.fromkeys((*known.citations, rule)))
        found[key] = Missing(fact, text, field, stricter(worst, known.worst), citations)
        return key

    for result in judgement.results:
        outcome, rule = CONSEQUENCE[result.rule.effect], result.rule.citation
        if outcome.rank <= judgement.best.rank:
            continue
        for leaf in judgement.grounds.open_leaves(result):
            fact, text, field = _question(leaf, situation)
            asked[note(text, rule, outcome, fact, field)] += 1
        for leaf in judgement.grounds.linked_leaves(result):
            fact, text, field = _question(leaf, situation)
            note(text, rule, outcome, fact, field)
        for violation in result.violations:
            doubt = _doubtful_place(result.rule, violation, situation)
            if doubt is not None:
                asked[note(doubt, rule, outcome, None, "")] += 1

    def most_decisive_first(item: tuple[_Key, Missing]) -> tuple[int, bool, int]:
        key, missing = item
        return (-missing.worst.rank, not asked[key], -len(missing.citations))

    gaps = () if judgement.best is Decision.PROHIBITED else _gaps(judgement)
    return [
        *(Missing(None, text, "", Decision.PROHIBITED, ()) for text in gaps),
        *(missing for _, missing in sorted(found.items(), key=most_decisive_first)),
    ]


def missing_fields(judgement: Judgement) -> tuple[str, ...]:
    """List the fields of the plan that would narrow the decision, the strictest first.

    They are those of :func:`missing`, for whoever does not ask for it in words.
    """
    rank: dict[str, int] = {}
    for result in judgement.results:
        outcome = CONSEQUENCE[result.rule.effect]
        if outcome.rank <= judgement.best.rank:
            continue
        grounds = judgement.grounds
        for leaf in chain(grounds.open_leaves(result), grounds.linked_leaves(result)):
            _, _, field = open_question(leaf)
            if field:
                rank[field] = max(outcome.rank, rank.get(field, 0))
    return tuple(sorted(rank, key=lambda field: -rank[field]))


def _question(leaf: Leaf, situation: Situation) -> tuple[str | None, Bilingual, str]:
    """Ask what a leaf leaves open; what only an authority knows is asked zone by zone."""
    fact, text, field = open_question(leaf)
    if fact is not None and VOCABULARY[fact].scope is Scope.LEG:
        return fact, _on_leg(fact, text, leaf.view.index, situation), field
    if fact is not None or leaf.view.scope is not Scope.ENCOUNTER:
        return fact, text, field
    name = zone_name(situation.encounters[leaf.view.index].zone)
    return None, both(f"{name['zh']}：{text['zh']}", f"{name['en']}: {text['en']}"), field


def _on_leg(fact: str, text: Bilingual, index: int, situation: Situation) -> Bilingual:
    """Ask something of one leg: name it where there are several, and say why it is not known."""
    leg = situation.legs[index]
    zh, en = text["zh"], text["en"]
    if len(situation.legs) > 1:
        zh, en = f"{leg.jurisdiction.zh}：{zh}", f"{leg.jurisdiction.en}: {en}"
    why = why_unreported(fact, situation, leg) if "reports" in VOCABULARY[fact].field else None
    return both(zh, en) if why is None else both(f"{zh}（{why['zh']}）", f"{en} ({why['en']})")


def _doubtful_place(rule: Rule, violation: Violation, situation: Situation) -> Bilingual | None:
    """Say that a zone or jurisdiction may or may not be met, its boundary being known so far."""
    if rule.scope is Scope.ENCOUNTER:
        encounter = situation.encounters[violation.index]
        name = zone_name(encounter.zone)
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


def _gaps(judgement: Judgement) -> Iterator[Bilingual]:
    if judgement.outside_dataset:
        yield both(
            "飞行超出空域数据集的范围或有效期，那里有什么空域限制未知",
            "the flight leaves the place or period that the airspace dataset covers; what holds"
            " there is not known",
        )
    for jurisdiction, craft in judgement.ungoverned:
        zh, en = _CRAFT[craft]
        yield both(
            f"飞行在或可能在{jurisdiction.zh}进行，而规则库没有当地该日有效的{zh}法规",
            f"the rulebook holds no law on {en} aircraft in force in {jurisdiction.en} that"
            " day, where the flight is or may be",
        )
