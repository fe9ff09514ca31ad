"""Strategies for rules and the books they stand in."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from lowalt.engine import InferenceRule, make_engine
from lowalt.regulations.conditions import ALWAYS, Condition
from lowalt.regulations.model import Craft, DateRange, Effect, Instrument, Provision, Verification
from lowalt.regulations.rulebook import EnginePreference, Rule, Rulebook, load_rulebook
from lowalt.temporal import TimeInterval
from lowalt.terms import Jurisdiction
from lowalt.testing.laws import conditions, facts_asked
from lowalt.testing.values import BEIJING, YEAR, moments, require_kind, require_range
from lowalt.truth import Truth
from lowalt.vocabulary import VOCABULARY, Scope

# Rule tables -------------------------------------------------------------------------------------


@st.composite
def _rule_tables(
    draw: st.DrawFn, min_rules: int, max_rules: int, max_strata: int
) -> list[InferenceRule]:
    count = draw(st.integers(min_rules, max_rules))
    heights = st.integers(0, max_strata - 1)
    rule_height = [draw(heights) for _ in range(count)]
    fact_height = [draw(heights) for _ in range(max(1, count // 2))]

    def some(candidates: Sequence[int], most: int) -> list[int]:
        if not candidates:
            return []
        return draw(st.lists(st.sampled_from(candidates), max_size=most, unique=True))

    def names(chosen: Iterable[int]) -> tuple[str, ...]:
        return tuple(f"fact_{i}" for i in chosen)

    derives = [
        some([f for f, height in enumerate(fact_height) if height >= own], 2) for own in rule_height
    ]
    derived = sorted({fact for made in derives for fact in made})
    rules = []
    for i, own in enumerate(rule_height):
        needs = some([f for f in derived if fact_height[f] <= own], 2)
        unless = some([f for f in derived if fact_height[f] < own and f not in needs], 2)
        waives = some([j for j, height in enumerate(rule_height) if height > own], 3)
        rules.append(
            InferenceRule(
                f"rule_{i}",
                needs=names(needs),
                unless=names(unless),
                derives=names(derives[i]),
                waives=tuple(f"rule_{j}" for j in waives),
            )
        )
    return rules


def rule_tables(
    *, min_rules: int = 1, max_rules: int = 16, max_strata: int = 4
) -> st.SearchStrategy[list[InferenceRule]]:
    """Rule tables that an engine accepts: chains of needs, bars, waivers of waivers.

    Rules and facts are given a height each. A rule makes facts of its own height or above, needs
    such of its own or below, and is barred by such strictly below: every table without a circle
    can be written so, and none with one.

    Parameters
    ----------
    min_rules, max_rules
        Number of rules.
    max_strata
        Number of heights.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(rule_tables(max_rules=2), lambda table: table[-1].waives)[-1].waives
    ('rule_0',)
    """
    require_range(min_rules, max_rules, names="min_rules and max_rules")
    if min_rules < 1 or max_strata < 1:
        raise InvalidArgument(
            f"min_rules={min_rules}, max_strata={max_strata}: a table has 1 of each at least"
        )
    return _rule_tables(min_rules, max_rules, max_strata)


def hits(
    table: Iterable[InferenceRule], *, max_unknown: int | None = None
) -> st.SearchStrategy[dict[str, Truth]]:
    """Hits for every rule of a table, true more often than not so that chains run far.

    Parameters
    ----------
    table
        The rules.
    max_unknown
        Greatest number of unknown hits.

    Examples
    --------
    >>> from hypothesis import find
    >>> find(hits([InferenceRule("duty")]), lambda hits: hits["duty"] is Truth.UNKNOWN)
    {'duty': <Truth.UNKNOWN: 'unknown'>}
    """
    names = [rule.name for rule in table]
    answer = st.sampled_from([Truth.TRUE, Truth.TRUE, Truth.UNKNOWN, Truth.FALSE])

    def build(drawn: list[Truth]) -> dict[str, Truth]:
        unknown = [i for i, hit in enumerate(drawn) if hit is Truth.UNKNOWN]
        for i in unknown[max_unknown:] if max_unknown is not None else []:
            drawn[i] = Truth.TRUE
        return dict(zip(names, drawn, strict=True))

    return st.lists(answer, min_size=len(names), max_size=len(names)).map(build)


# Rulebooks ---------------------------------------------------------------------------------------

_EFFECTS = tuple(Effect)
_SCOPES = (Scope.FLIGHT, Scope.FLIGHT, Scope.ENCOUNTER, Scope.LEG)


def _provision(name: str, verification: Verification) -> Provision:
    def both(text: str) -> Mapping[str, str]:
        return {"zh": text, "en": text}

    return Provision(
        key=name,
        citation=f"test/law#{name}",
        label=both(name),
        summary=both(f"summary of {name}"),
        action=both(f"do {name}"),
        addressee=both("nobody"),
        verification=verification,
        note=both(""),
        in_force=DateRange(date(2000, 1, 1)),
        parameters={},
        unread=both(""),
    )


def _instrument(provisions: Iterable[Provision]) -> Instrument:
    title = {"zh": "试验法", "en": "Test law"}
    return Instrument(
        identifier="test/law",
        title=title,
        short_title=title,
        issuer=title,
        adopted=date(2000, 1, 1),
        in_force=DateRange(date(2000, 1, 1)),
        time_zone=ZoneInfo("Asia/Shanghai"),
        source="made up for a test",
        governs_flight=True,
        provisions={provision.key: provision for provision in provisions},
    )


_SOME_TERMS = st.lists(
    st.sampled_from([fact.name for fact in VOCABULARY.values() if fact.defined]),
    max_size=4,
    unique=True,
)


@st.composite
def _definitions(draw: st.DrawFn) -> dict[str, Condition]:
    """Meanings for some legal terms, over plain facts and never over terms, so without circles."""
    plain = tuple(f.name for scope in Scope for f in facts_asked(scope))
    return {
        name: draw(conditions(scope=VOCABULARY[name].scope, names=plain, max_leaves=3))
        for name in draw(_SOME_TERMS)
    }


def synthetic_rule(
    name: str,
    *,
    effect: Effect = Effect.PROHIBITS,
    scope: Scope = Scope.FLIGHT,
    applies: Condition = ALWAYS,
    satisfied: Condition | None = None,
    verification: Verification = Verification.VERIFIED,
) -> Rule:
    """Make a rule of a made-up law, ``test/law``, for tests that need one of a known shape."""
    provision = _provision(name, verification)
    instrument = _instrument([provision])
    return Rule(provision.citation, instrument, provision, scope, effect, applies, satisfied, None)


@st.composite
def _synthetic(draw: st.DrawFn, period: TimeInterval, rules: tuple[int, int]) -> Rulebook:
    table = draw(rule_tables(min_rules=rules[0], max_rules=rules[1]))
    definitions = draw(_definitions())
    provisions = [_provision(rule.name, Verification.VERIFIED) for rule in table]
    instrument = _instrument(provisions)
    made = []
    for entry, provision in zip(table, provisions, strict=True):
        scope, effect = draw(st.sampled_from(_SCOPES)), draw(st.sampled_from(_EFFECTS))
        only_some = conditions(scope=scope, max_leaves=4)
        made.append(
            Rule(
                provision.citation,
                instrument,
                provision,
                scope,
                effect,
                draw(st.just(ALWAYS) | only_some),
                None if effect is Effect.NONE else draw(only_some),
                None,
                entry.needs,
                entry.derives,
            )
        )
    return rulebook_of(
        made,
        [_cited(entry) for entry in table],
        definitions=definitions,
        on=draw(moments(period=period)).astimezone(BEIJING).date(),
        governed=dict.fromkeys(
            draw(st.sets(st.sampled_from(Jurisdiction))) | {Jurisdiction.MAINLAND}, _UNMANNED
        ),
    )


def _cited(entry: InferenceRule) -> InferenceRule:
    return dataclasses.replace(
        entry,
        name=f"test/law#{entry.name}",
        waives=tuple(f"test/law#{name}" for name in entry.waives),
    )


_UNMANNED = frozenset({Craft.UNMANNED})
GOVERNED = MappingProxyType(dict.fromkeys(Jurisdiction, _UNMANNED))
"""Law on unmanned aircraft everywhere, and none on manned ones."""


def rulebook_of(
    rules: Sequence[Rule],
    table: Sequence[InferenceRule] | None = None,
    *,
    definitions: Mapping[str, Condition] = MappingProxyType({}),
    on: date = date(2026, 6, 1),
    governed: Mapping[Jurisdiction, frozenset[Craft]] = GOVERNED,
    prefer: EnginePreference = "reference",
) -> Rulebook:
    """Make a rulebook of rules at hand; without a table none of them touches another."""
    if table is None:
        table = [InferenceRule(rule.citation) for rule in rules]
    instruments = dict.fromkeys(rule.instrument.identifier for rule in rules)
    found = {rule.instrument.identifier: rule.instrument for rule in rules}
    return Rulebook(
        name="test",
        on=on,
        instruments=tuple(found[name] for name in instruments),
        rules=tuple(rules),
        dormant=(),
        definitions=definitions,
        governed=governed,
        engine=make_engine(table, prefer=prefer),
        digest=hashlib.sha256(repr((rules, table)).encode()).hexdigest(),
    )


def rulebooks(
    *,
    kind: str = "any",
    period: TimeInterval = YEAR,
    min_rules: int = 1,
    max_rules: int = 12,
) -> st.SearchStrategy[Rulebook]:
    """Rulebooks: the law of Shenzhen on some day, or rules with conditions at random.

    Parameters
    ----------
    kind
        ``shenzhen``, ``synthetic``, or ``any`` of the two.
    period
        Days to draw from.
    min_rules, max_rules
        Number of rules of a synthetic one.

    Examples
    --------
    >>> from hypothesis import given, settings
    >>> @settings(max_examples=5, database=None)
    ... @given(rulebooks())
    ... def test_a_rule_is_named_once(book):
    ...     assert len({rule.citation for rule in book.rules}) == len(book.rules)
    >>> test_a_rule_is_named_once()
    """
    require_kind(kind, ("any", "shenzhen", "synthetic"))
    require_range(min_rules, max_rules, names="min_rules and max_rules")
    first, last = period.start.astimezone(BEIJING).date(), period.end.astimezone(BEIJING).date()
    real = st.dates(first, last).map(lambda on: load_rulebook("shenzhen", on=on))
    synthetic = _synthetic(period, (min_rules, max_rules))
    return {"any": real | synthetic, "shenzhen": real, "synthetic": synthetic}[kind]
