"""How many plans a second ``assess_many`` judges, how many rows the law alone, and what else does.

*A day*: ten thousand synthetic plans of one day over dataset ``shenzhen``: the routes of
``bench_encounters``, with the documents of the complete example plans in turn, masses, missions,
times of filing and much else drawn anew (seeded). One call, geometry included, one process.

*The law alone*: ``judge_many`` on a million rows of facts. They are flights of that day, each
column shuffled, so that rows differ and rules of all sorts apply.

*Side by side*, on the same rows, one at a time:

* ``judge``: all that ``judge_many`` does, and what decided each rule;
* *generated Python*: one compiled expression for each condition, and no more;
* *rule-engine* (skipped where it is not installed: ``pip install rule-engine``): the same.

The last two are spared much. They evaluate only conditions of the whole flight that ask for no leg
or zone, no legal span of days and no fact that is unknown in some row; they know true and false,
not unknown; and nobody infers, waives or writes a status. Where they evaluate the same condition of
the same row as ``lowalt.regulations.masks`` their answers are compared. Run it from the checkout::

    python benchmarks/bench_assess_many.py [plans] [rows] [rows one at a time]
"""

from __future__ import annotations

import platform
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from bench_encounters import DAY, SEED, synthetic_plans
from lowalt import AirspaceDataset, FlightPlan, assess_many, judge_many, load_airspace, read_plan
from lowalt.fact_table import BoolArray, FactTable
from lowalt.judgement import judge
from lowalt.regulations.conditions import (
    All,
    Always,
    AnyOf,
    Compare,
    Condition,
    Holds,
    Not,
    OneOf,
)
from lowalt.regulations.masks import Answers, KeptConditions
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.situation import values_of
from lowalt.situation.many import lay_many
from lowalt.terms import MissionKind, Term
from lowalt.vocabulary import VOCABULARY, Scope

EXAMPLES = Path(__file__).parent.parent / "examples" / "plans"
ROUNDS = 5


def synthetic_day(count: int, airspace: AirspaceDataset) -> list[FlightPlan]:
    """Make complete plans of one day."""
    random = np.random.default_rng(SEED + 1)
    complete = [read_plan(path) for path in sorted(EXAMPLES.glob("*.json"))]
    complete = [p for p in complete if p.waypoints and p.aircraft and p.submission and p.pilots]
    # The routes are those of drones: the papers of a helicopter, with a route of its own that they
    # would be measured against, belong to the services of bench_day_of_services.
    complete = [p for p in complete if p.aircraft and p.aircraft.is_unmanned]
    return [
        _complete(route, complete[number % len(complete)], random)
        for number, route in enumerate(synthetic_plans(count, airspace))
    ]


def _complete(route: FlightPlan, documents: FlightPlan, random: np.random.Generator) -> FlightPlan:
    aircraft, mission, pilots = documents.aircraft, documents.mission, documents.pilots
    assert aircraft is not None
    assert mission is not None
    assert pilots is not None
    empty_kg = float(np.exp(random.uniform(np.log(0.2), np.log(60.0))))
    filed = DAY + timedelta(hours=float(random.uniform(-48.0, 6.0)))
    submission = documents.submission
    assert submission is not None
    return documents.model_copy(
        update={
            "plan_id": route.plan_id,
            "waypoints": route.waypoints,
            "operating_area": None,
            "route_buffer_m": route.route_buffer_m,
            "vertical_buffer_m": route.vertical_buffer_m,
            "coordinates_checked": True,
            "aircraft": aircraft.model_copy(
                update={
                    "empty_mass_kg": round(empty_kg, 2),
                    "max_takeoff_mass_kg": round(empty_kg * float(random.uniform(1.1, 2.5)), 2),
                    "max_level_speed_m_s": round(float(random.uniform(8.0, 30.0)), 1),
                    "modified": bool(random.random() < 0.1),
                }
            ),
            "mission": mission.model_copy(
                update={
                    "kind": list(MissionKind)[random.integers(len(MissionKind))],
                    "over_dense_population": bool(random.random() < 0.2),
                    "indoor": bool(random.random() < 0.02),
                }
            ),
            "pilots": tuple(
                pilot.model_copy(
                    update={"hours_since_alcohol": round(float(random.uniform(2.0, 300.0)), 1)}
                )
                for pilot in pilots
            ),
            "submission": submission.model_copy(update={"submitted_at": filed}),
        }
    )


def shuffled(table: FactTable, count: int) -> FactTable:
    """Draw a table of so many flights from another, each column of flights for itself."""
    random = np.random.default_rng(SEED + 2)
    drawn = table.take(random.integers(len(table), size=count))
    columns = {
        name: column.take(random.integers(len(table), size=count))
        for name, column in table.flights.columns.items()
    }
    return replace(drawn, flights=replace(drawn.flights, columns=columns))


def plain(condition: Condition, book: Rulebook, known: set[str]) -> str | None:
    """Write a condition as an expression, in the words Python and rule-engine have in common.

    ``None`` if it asks for more than facts of the flight that are known in every row.
    """
    match condition:
        case Always():
            return "1 == 1"
        case All() | AnyOf():
            parts = [plain(part, book, known) for part in condition.parts]
            word = " and " if isinstance(condition, All) else " or "
            return None if None in parts else f"({word.join(map(str, parts))})"
        case Not():
            part = plain(condition.part, book, known)
            return None if part is None else f"(not {part})"
        case Holds() if condition.fact.defined:
            meaning = book.definitions.get(condition.fact.name)
            return None if meaning is None else plain(meaning, book, known)
        case Holds() if condition.fact.name in known:
            return condition.fact.name
        case OneOf() if condition.fact.name in known:
            words = ", ".join(f'"{word.value}"' for word in condition.words)
            return f"({condition.fact.name} in [{words}])"
        case Compare() if condition.fact.name in known and condition.limit.denominator == 1:
            return f"({condition.fact.name} {condition.comparison} {condition.limit.numerator})"
    return None


def expressions(book: Rulebook, known: set[str]) -> dict[Condition, str]:
    """Write out the conditions of the rulebook that can be."""
    conditions = [
        condition
        for rule in book.rules
        if rule.scope is Scope.FLIGHT
        for condition in (rule.applies, rule.satisfied)
        if condition is not None and not isinstance(condition, Always)
    ]
    texts = {condition: plain(condition, book, known) for condition in conditions}
    return {condition: text for condition, text in texts.items() if text is not None}


def rows_of(table: FactTable, names: set[str]) -> list[dict[str, Any]]:
    """Rows of the flights' facts as dictionaries, words as their spelling."""
    columns = {}
    for name in names:
        word, values = VOCABULARY[name], table.flights.columns[name].values
        if issubclass(word.kind, Term):
            values = np.array([term.value for term in word.kind])[values]
        columns[name] = values.tolist()
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def generated(texts: Sequence[str], names: set[str]) -> Callable[[Mapping[str, Any]], list[bool]]:
    """Compile one function that evaluates all the expressions for a row."""
    loads = "".join(f"    {name} = row[{name!r}]\n" for name in sorted(names))
    code = f"def function(row):\n{loads}    return [{', '.join(texts)}]\n"
    space: dict[str, Any] = {}
    exec(code, space)
    function: Callable[[Mapping[str, Any]], list[bool]] = space["function"]
    return function


def answers_of_masks(
    table: FactTable, book: Rulebook, conditions: Sequence[Condition]
) -> BoolArray:
    """Answer the same conditions by masks, ``(N, C)``."""
    kept = KeptConditions(book.definitions)
    numbers = [kept.keep(condition, Scope.FLIGHT) for condition in conditions]
    answers = Answers(kept, table)
    return np.stack([answers[number].true for number in numbers], axis=1)


def seconds(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Median wall time of some runs."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def say(what: str, count: int, taken_s: float, unit: str) -> None:
    """Print a line of the table."""
    print(f"{what:<44}{taken_s:>9.3f} s{count / taken_s:>12,.0f} {unit}/s")


def main(count: int = 10_000, rows: int = 1_000_000, one_by_one: int = 1_000) -> None:
    """Print the table."""
    airspace = load_airspace("shenzhen")
    book = load_rulebook("shenzhen", on=DAY.date())
    plans = synthetic_day(count, airspace)
    assess_many(plans[:100], airspace=airspace)
    print(f"{platform.python_implementation()} {platform.python_version()}, ", end="")
    print(f"numpy {np.__version__}; {len(book.rules)} rules in force; median of {ROUNDS}")
    verdicts = assess_many(plans, airspace=airspace)
    print(f"{len(plans)} plans:", {d.value: n for d, n in verdicts.counts().items()})
    say("assess_many", len(plans), seconds(lambda: assess_many(plans, airspace=airspace)), "plans")
    situations = lay_many(plans, airspace=airspace)
    values = [values_of(situation) for situation in situations]
    table = FactTable.of_values(*zip(*values, strict=True))
    say("  lay_many", len(plans), seconds(lambda: lay_many(plans, airspace=airspace)), "plans")
    say("  values_of", len(plans), seconds(lambda: list(map(values_of, situations))), "plans")
    of_values = seconds(lambda: FactTable.of_values(*zip(*values, strict=True)))
    say("  FactTable.of_values", len(plans), of_values, "plans")
    say("  judge_many", len(plans), seconds(lambda: judge_many(table, rulebook=book)), "plans")
    large = shuffled(table, rows)
    print(f"{rows} rows of {len(large.flights.columns)} facts of the flight, ", end="")
    print(f"{len(large.legs)} legs, {len(large.encounters)} encounters")
    say("judge_many", rows, seconds(lambda: judge_many(large, rulebook=book), 3), "rows")
    side_by_side(large.part(0, one_by_one), book)


def side_by_side(table: FactTable, book: Rulebook) -> None:
    """Print what it takes to go through the rows one at a time."""
    every = [table.facts(number) for number in range(len(table))]
    say(
        f"judge, {len(table)} rows",
        len(table),
        seconds(lambda: [judge(f, rulebook=book) for f in every], 3),
        "rows",
    )
    known = {name for name, column in table.flights.columns.items() if column.known.all()}
    found = expressions(book, known)
    names = {name for name in known if any(name in text for text in found.values())}
    rows, texts = rows_of(table, names), list(found.values())
    print(f"{len(found)} conditions that can be written as plain expressions")
    masks = answers_of_masks(table, book, list(found))
    say("  masks", len(table), seconds(lambda: answers_of_masks(table, book, list(found))), "rows")
    function = generated(texts, names)
    assert (np.array([function(row) for row in rows], dtype=bool) == masks).all()
    say("  generated Python", len(table), seconds(lambda: list(map(function, rows))), "rows")
    if find_spec("rule_engine") is None:
        print("  rule-engine: not installed; pip install rule-engine")
        return
    rule_engine = import_module("rule_engine")
    engine_rules = [rule_engine.Rule(text) for text in texts]

    def matched() -> list[list[bool]]:
        return [[rule.matches(row) for rule in engine_rules] for row in rows]

    assert (np.array(matched(), dtype=bool) == masks).all()
    say(f"  rule-engine {rule_engine.__version__}", len(table), seconds(matched, 1), "rows")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
