"""From the leaves that decided a rule to words and numbers a person can check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from types import MappingProxyType

from lowalt.errors import CalendarYearError
from lowalt.regulations.case import View
from lowalt.regulations.conditions import (
    Always,
    Compare,
    CompareTimes,
    Condition,
    FliesUnder,
    Holds,
    Leaf,
    OneOf,
    Some,
    Unclear,
    value_text,
)
from lowalt.regulations.model import Bilingual
from lowalt.terms import Term
from lowalt.truth import Truth
from lowalt.units import shown
from lowalt.vocabulary import Fact, FactValue, Measure, fact

_COLON = {"zh": "：", "en": ": "}
_STOP = {"zh": "；", "en": "; "}


@dataclass(frozen=True, slots=True)
class Measured:
    """The value seen, the number of law and the room between them, as written for people."""

    observed: str | None = None
    limit: str | None = None
    margin: str | None = None


def both(zh: str, en: str) -> Bilingual:
    """Pair a text in both languages."""
    return MappingProxyType({"zh": zh, "en": en})


def measured(leaves: Iterable[Leaf], *, kept: bool) -> Measured:
    """Value, limit and margin of the first leaf that compares a number; else the first value.

    A value that a quantity measures is shown as that: its margin is the quantity itself.

    Parameters
    ----------
    leaves
        Leaves that decided the rule.
    kept
        Whether they decided it in favour of the flight, which makes the margin positive.
    """
    known = list(leaves)
    for leaf in known:
        if isinstance(leaf.condition, Compare | CompareTimes):
            return _compared(leaf, kept=kept)
    for leaf in known:
        if isinstance(leaf.condition, Holds | OneOf):
            value = leaf.view.value(leaf.condition.fact.name)
            return _by_its_measure(leaf) or Measured(observed=_neutral(value))
    return Measured()


def _by_its_measure(leaf: Leaf) -> Measured | None:
    """Show what is true or false by the quantity that measures it, if that is why it is so."""
    assert isinstance(leaf.condition, Holds | OneOf)
    name = leaf.condition.fact.measured_by
    value = leaf.view.value(name) if name else None
    if not isinstance(value, int):
        return None
    if (value >= 0) is not leaf.view.value(leaf.condition.fact.name):
        return None  # something else decided it
    measure, room = fact(name), Fraction(value)
    sign = "+" if room > 0 else "-"
    return Measured(
        observed=_shown(measure, value),
        limit=value_text(measure, 0, "en"),
        margin=f"{sign}{_length(measure, abs(room))}" if room else "0",
    )


def _neutral(value: FactValue | None) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.value if isinstance(value, Term) else None if value is None else str(value)


def _compared(leaf: Leaf, *, kept: bool) -> Measured:
    condition = leaf.condition
    assert isinstance(condition, Compare | CompareTimes)
    value = leaf.view.value(condition.fact.name)
    if isinstance(condition, Compare):
        limit: int | Fraction = condition.limit
        limit_text = condition.limit_text("en")
    else:
        shifted = _limit(condition, leaf.view)
        if shifted is None:
            return Measured(observed=_shown(condition.fact, value))
        limit, limit_text = shifted, value_text(condition.fact, shifted, "en")
    if value is None or isinstance(value, Term):
        return Measured(limit=limit_text)
    room = abs(Fraction(value) - limit)
    sign = "+" if kept else "-"
    return Measured(
        observed=_shown(condition.fact, value),
        limit=limit_text,
        margin=f"{sign}{_length(condition.fact, room)}" if room else "0",
    )


def _limit(condition: CompareTimes, view: View) -> int | None:
    try:
        return condition.limit(view)
    except CalendarYearError:
        # Nothing was compared with it, or judging would have failed; it only cannot be shown.
        return None


def _shown(known: Fact, value: FactValue | None) -> str | None:
    return None if value is None else value_text(known, value, "en")


def _length(known: Fact, room: Fraction) -> str:
    """Write a difference between two values of a fact."""
    amount = int(room)
    if known.measure is Measure.DAY:
        return f"{amount} d"
    if known.measure is Measure.INSTANT:
        minutes, rest_ms = divmod(amount, 60_000)
        return f"{minutes} min" if not rest_ms else f"{amount / 60_000:.2f} min"
    return shown(amount, known.unit) if known.unit is not None else str(amount)


def reasons(leaves: Iterable[Leaf], lang: str, *, most: int = 4) -> str:
    """Say what the deciding facts are, each once, at most so many."""
    said: list[str] = []
    for leaf in leaves:
        text = _statement(leaf.condition, leaf, lang)
        if text and text not in said:
            said.append(text)
    return _STOP[lang].join(said[:most])


def _statement(condition: Condition, leaf: Leaf, lang: str) -> str:
    colon = _COLON[lang]
    if isinstance(condition, Always):
        return ""
    if isinstance(condition, Unclear):
        return condition.sentence(lang)
    if isinstance(condition, Holds | OneOf):
        value = leaf.view.value(condition.fact.name)
        said = f"{condition.fact.label(lang)}{colon}{value_text(condition.fact, value, lang)}"
        return said + (_why(condition, leaf, lang) if isinstance(condition, Holds) else "")
    if isinstance(condition, Compare):
        value = leaf.view.value(condition.fact.name)
        limit = {"zh": "限值", "en": "limit"}[lang]
        return (
            f"{condition.fact.label(lang)}{colon}{value_text(condition.fact, value, lang)}"
            f" ({limit} {condition.limit_text(lang)})"
        )
    if isinstance(condition, CompareTimes):
        value, by = leaf.view.value(condition.fact.name), _limit(condition, leaf.view)
        if by is None:
            return f"{condition.base.label(lang)}{colon}{value_text(condition.base, None, lang)}"
        limit = {"zh": "时限", "en": "limit"}[lang]
        seen = value_text(condition.fact, value, lang)
        bound = value_text(condition.fact, by, lang)
        return f"{condition.fact.label(lang)}{colon}{seen} ({limit} {bound})"
    return condition.sentence(lang)


def _why(term: Holds, leaf: Leaf, lang: str) -> str:
    """Say which facts made a legal term true or false, in brackets; two are enough."""
    definition = leaf.view.definition(term.fact.name)
    if definition is None or leaf.truth is Truth.UNKNOWN:
        return ""
    said = dict.fromkeys(
        _statement(inner.condition, inner, lang)
        for inner in definition.deciding(leaf.view)
        if isinstance(inner.condition, Compare | OneOf)
        or (isinstance(inner.condition, Holds) and not inner.condition.fact.defined)
    )
    return f" [{_STOP[lang].join(islice(said, 2))}]" if said else ""


def open_question(leaf: Leaf) -> tuple[str | None, Bilingual, str]:
    """Name of the unknown fact of a leaf (or ``None``), what is not known, and its plan field."""
    condition = leaf.condition
    if isinstance(condition, CompareTimes):
        for known in (condition.fact, condition.base):
            if leaf.view.value(known.name) is None:
                return known.name, both(known.zh, known.en), known.field
    if isinstance(condition, Holds | OneOf | Compare):
        known = condition.fact
        return known.name, both(known.zh, known.en), known.field
    if isinstance(condition, FliesUnder | Some):
        return (
            None,
            both(f"是否{condition.sentence('zh')}", f"whether {condition.sentence('en')}"),
            "",
        )
    return None, both(condition.sentence("zh"), condition.sentence("en")), ""
