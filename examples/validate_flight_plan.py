"""Ask whether flight plans may be flown, before anybody hands them in.

Run it with your own plans, or without any to judge those in ``examples/plans``::

    python examples/validate_flight_plan.py my_plan.json
    python examples/validate_flight_plan.py --lang zh

It prints one line a plan, then explains the first that may not simply be flown. The exit status is
1 if a plan is prohibited or cannot be decided, as that of ``lowalt check``.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Literal

import lowalt as la

PLANS = Path(__file__).parent / "plans"


def judge(plan: la.FlightPlan, airspace: la.AirspaceDataset) -> la.Verdict:
    """Judge a plan by the law of the day on which it departs."""
    book = la.load_rulebook("shenzhen", on=plan.departure.date())
    # When the application was made stands in the plan; submitted_at=... would overrule it.
    return la.assess(plan, airspace=airspace, rulebook=book)


def reason(verdict: la.Verdict, lang: Literal["zh", "en"]) -> str:
    """Say in a few words what the decision hangs on: a question, an article, or nothing."""
    if verdict.decision is la.Decision.INDETERMINATE:
        first, *others = verdict.missing
        return first.text[lang] + (f" (+{len(others)})" if others else "")
    # Findings come worst first, so the first one is what decided.
    return "" if verdict.decision is la.Decision.PERMITTED else verdict.findings[0].citation


def main() -> int:
    parser = argparse.ArgumentParser(description="Judge flight plans for Shenzhen.")
    parser.add_argument("plans", nargs="*", type=Path, help="JSON files; default: the examples")
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    options = parser.parse_args()

    airspace = la.load_airspace("shenzhen")
    verdicts = []
    for path in options.plans or sorted(PLANS.glob("*.json")):
        try:
            verdict = judge(la.read_plan(path), airspace)
        except la.InvalidInputError as error:  # the message names every fault with its field
            print(error, file=sys.stderr)
            return 2
        verdicts.append(verdict)
        line = f"{path.stem:<40} {verdict.decision.value:<22} {reason(verdict, options.lang)}"
        print(line.rstrip())

    not_permitted = [v for v in verdicts if v.decision is not la.Decision.PERMITTED]
    if not_permitted:
        print()
        print(la.explain(not_permitted[0], lang=options.lang, notices=False))
    barred = (la.Decision.PROHIBITED, la.Decision.INDETERMINATE)
    return 1 if any(v.decision in barred for v in verdicts) else 0


if __name__ == "__main__":
    raise SystemExit(main())
