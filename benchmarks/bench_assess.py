"""How many plans a second ``assess`` judges, and where its time goes.

Judges the plans of examples/plans over dataset ``shenzhen`` in one process, one thread, and splits
the time into the steps of the chain: geometry (laying the plan over the airspace), facts,
conditions (hits, satisfaction and deciding leaves), inference (the engine), and the verdict's
texts. Also times ``lowalt check`` as a whole process, imports included. Run it from the checkout::

    python benchmarks/bench_assess.py
"""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from lowalt import FlightPlan, assess, load_airspace, load_rulebook, read_plan
from lowalt.engine.rules import Inference
from lowalt.judgement import judge
from lowalt.regulations.rulebook import Rulebook
from lowalt.situation import facts_of, lay
from lowalt.truth import Truth

PLANS = Path(__file__).parent.parent / "examples" / "plans"
ROUNDS = 30


def median_ms(work: Callable[[], object]) -> float:
    """Median of some runs, milliseconds, after one to warm up."""
    work()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


class Replay:
    """An engine that already knows the answer, to time everything but the inference."""

    name = "replay"
    rules = ()

    def __init__(self, answer: Inference) -> None:
        self.answer = answer

    def infer(self, hits: Mapping[str, Truth]) -> Inference:
        """Give the answer."""
        del hits
        return self.answer


def shares(plan: FlightPlan, book: Rulebook) -> dict[str, float]:
    """Milliseconds of each step for one plan."""
    airspace = load_airspace("shenzhen")
    airspace.near((0, 0, 0, 0))  # the index is built on first use
    situation = lay(plan, airspace=airspace)
    facts = facts_of(situation)
    hits: dict[str, Truth] = {}

    class Listen:
        name = "listen"
        rules = book.engine.rules

        def infer(self, asked: Mapping[str, Truth]) -> Inference:
            hits.update(asked)
            return book.engine.infer(asked)

    judge(facts, rulebook=with_engine(book, Listen()))
    replay = with_engine(book, Replay(book.engine.infer(hits)))
    whole = median_ms(lambda: assess(plan, airspace=airspace, rulebook=book))
    parts = {
        "geometry": median_ms(lambda: lay(plan, airspace=airspace)),
        "facts": median_ms(lambda: facts_of(situation)),
        "conditions": median_ms(lambda: judge(facts, rulebook=replay)),
        "inference": median_ms(lambda: book.engine.infer(hits)),
    }
    return {"whole": whole, **parts, "verdict": max(0.0, whole - sum(parts.values()))}


def with_engine(book: Rulebook, engine: object) -> Rulebook:
    """Return the rulebook with another engine."""
    fields = {name: getattr(book, name) for name in Rulebook.__slots__}
    return Rulebook(**{**fields, "engine": engine})


def check_command_s() -> float:
    """Wall time of ``lowalt check`` on one plan, imports included: the best of seven."""
    command = [
        sys.executable,
        "-m",
        "lowalt.cli",
        "check",
        str(next(iter(sorted(PLANS.glob("*.json"))))),
    ]
    times = []
    for _ in range(7):
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Print the table."""
    plans = [read_plan(path) for path in sorted(PLANS.glob("*.json"))]
    rows = [shares(p, load_rulebook("shenzhen", on=p.departure.date())) for p in plans]
    total = {step: sum(row[step] for row in rows) for step in rows[0]}
    engine = load_rulebook("shenzhen", on=plans[0].departure.date()).engine.name
    print(f"{platform.python_implementation()} {platform.python_version()}, engine {engine}")
    print(f"{len(plans)} plans: {total['whole'] / len(plans):.1f} ms a plan in the median,")
    print(f"{len(plans) / total['whole'] * 1e3:.0f} plans a second on one thread")
    for step in ("geometry", "facts", "conditions", "inference", "verdict"):
        print(f"  {step:<11}{total[step] / total['whole']:6.0%}")
    print(f"lowalt check, one plan, whole process: {check_command_s():.2f} s")


if __name__ == "__main__":
    main()
