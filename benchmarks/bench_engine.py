"""Time of one inference, durable engine against reference engine, in one run.

Run ``python benchmarks/bench_engine.py``. The two take turns on the same hits, so that a busy
machine slows both; read the ratio rather than the microseconds.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from random import Random

from lowalt.engine import InferenceEngine, make_engine
from lowalt.engine.rules import InferenceRule
from lowalt.truth import Truth

SIZES = (10, 60, 200)
SHARES_UNKNOWN = (0.0, 0.1)
ROUNDS = 15
CASES = 60


def rule_table(count: int, random: Random) -> list[InferenceRule]:
    """Build a table in three storeys: duties, exemptions that need a fact, and what voids them."""
    duties = [InferenceRule(f"duty_{i}") for i in range(count // 2)]
    places = [InferenceRule(f"place_{i}", derives=(f"suitable_{i}",)) for i in range(count // 10)]
    exemptions = [
        InferenceRule(
            f"exemption_{i}",
            needs=random.choice(places).derives,
            waives=tuple(rule.name for rule in random.sample(duties, k=2)),
        )
        for i in range(count * 3 // 10)
    ]
    voids = [
        InferenceRule(f"void_{i}", waives=(random.choice(exemptions).name,))
        for i in range(count - len(duties) - len(places) - len(exemptions))
    ]
    return [*duties, *places, *exemptions, *voids]


def random_hits(rules: Sequence[InferenceRule], unknown: float, random: Random) -> dict[str, Truth]:
    """Draw hits: the share given is unknown, and half of the rest is true."""
    return {
        rule.name: Truth.UNKNOWN if random.random() < unknown else Truth.of(random.random() < 0.5)
        for rule in rules
    }


def mean_us(engine: InferenceEngine, cases: Sequence[dict[str, Truth]]) -> float:
    """Return the mean time of an inference over the cases, in microseconds."""
    start = time.perf_counter()
    for case in cases:
        engine.infer(case)
    return (time.perf_counter() - start) / len(cases) * 1e6


def main() -> None:
    """Print the table."""
    # An early large allocation lets the C library keep freed memory, as it does in any process
    # that has used numpy; without it, small tables pay for page faults at each inference.
    bytearray(30 << 20)
    print(f"{'rules':>5} {'unknown':>8} {'durable us':>11} {'reference us':>13} {'ratio':>6}")
    for size in SIZES:
        for unknown in SHARES_UNKNOWN:
            random = Random(size)
            rules = rule_table(size, random)
            cases = [random_hits(rules, unknown, random) for _ in range(CASES)]
            durable = make_engine(rules, prefer="durable")
            reference = make_engine(rules, prefer="reference")
            if any(durable.infer(case) != reference.infer(case) for case in cases):
                raise SystemExit("the engines differ: their times mean nothing")
            pairs = [(mean_us(durable, cases), mean_us(reference, cases)) for _ in range(ROUNDS)]
            times = [statistics.median(column) for column in zip(*pairs, strict=True)]
            ratio = statistics.median(mine / other for mine, other in pairs)
            print(f"{size:5} {unknown:8.0%} {times[0]:11.0f} {times[1]:13.0f} {ratio:6.1f}")


if __name__ == "__main__":
    main()
