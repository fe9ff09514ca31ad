"""How fast a day of services is made up and judged.

Run it from the checkout::

    python benchmarks/bench_day_of_services.py [scale ...]

Without scales it takes 1, an ordinary day of some 2,400 flights, and 41, some 100,000.
"""

from __future__ import annotations

import argparse
import math
import platform
import resource
import time
from collections import Counter
from datetime import date

import numpy as np

from lowalt import assess_many, day_of_services, load_airspace

DAY = date(2026, 6, 9)
SEED = 20260609
JUDGED = 5_000
"""At most so many plans of a day are judged."""


def main(*scales: float) -> None:
    """Print the table."""
    airspace = load_airspace("shenzhen")
    # What is worked out on first use is no part of a day.
    few = day_of_services(DAY, seed=SEED, airspace=airspace, scale=0.01)
    assess_many(few, airspace=airspace)
    print(
        f"{platform.python_implementation()} {platform.python_version()}, numpy {np.__version__};"
        " one run each"
    )
    for scale in scales or (1.0, 41.0):
        start = time.perf_counter()
        plans = day_of_services(DAY, seed=SEED, airspace=airspace, scale=scale)
        made_s = time.perf_counter() - start
        each = Counter(plan.plan_id.partition("-")[0] for plan in plans)
        print(f"scale {scale:g}:", ", ".join(f"{n} {name}" for name, n in each.most_common()))
        _say("day_of_services", len(plans), made_s)
        judged = plans[:: max(1, len(plans) // JUDGED)]
        start = time.perf_counter()
        verdicts = assess_many(judged, airspace=airspace)
        _say("assess_many", len(judged), time.perf_counter() - start)
        print(" ", {decision.value: n for decision, n in verdicts.counts().items()})
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak_mib:,.0f} MiB")


def _say(what: str, count: int, taken_s: float) -> None:
    print(f"  {what:<20}{count:>9,} plans{taken_s:>9.2f} s{count / taken_s:>10,.0f} plans/s")


def _scale(text: str) -> float:
    """Read a scale from the command line."""
    try:
        scale = float(text)
    except ValueError:
        scale = math.nan
    if not 0.0 < scale < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r}: a number above 0, such as 0.5")
    return scale


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scales", nargs="*", type=_scale, metavar="scale")
    main(*parser.parse_args().scales)
