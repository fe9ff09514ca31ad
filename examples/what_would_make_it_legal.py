"""Ask for the smallest changes that make a plan pass, or lead nearer, and write the changed plan.

    python examples/what_would_make_it_legal.py examples/plans/07_one_centimetre_above_120_m.json
    python examples/what_would_make_it_legal.py PLAN.json --lang zh --take 1 --to changed.json

It prints what passes, and apart from it what is only a next step, each with the decision that it
leads to; then, line by line, what differs in the changed plan. Every changed plan was judged again
before it was offered. The exit status is 0 where something was found or nothing is needed, 1 where
nothing was found, 2 for bad input.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lowalt as la
from lowalt.flights import canonical_json
from lowalt.report.remedies import explain_remedies


def differences(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """Say what differs between two plans as documents, a line each."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys([*before, *after]):
            yield from differences(before.get(key), after.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from differences(old, new, f"{path}[{number}]")
    elif before != after:
        yield f"{path}: {_short(before)} -> {_short(after)}"


def _short(value: Any) -> str:
    if isinstance(value, list) and value:
        return f"a list of {len(value)}"
    return "nothing" if value in (None, []) else str(value)


def document_of(plan: la.FlightPlan) -> dict[str, Any]:
    return plan.model_dump(mode="json", exclude_none=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plan", type=Path)
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--take", type=int, metavar="N", help="the remedy to write, 1 the first")
    parser.add_argument("--to", type=Path, metavar="FILE", help="where to write the changed plan")
    options = parser.parse_args()

    try:
        plan = la.read_plan(options.plan)
        airspace = la.load_airspace("shenzhen")
        verdict = la.assess(plan, airspace=airspace)
        found = la.remedies(plan, airspace=airspace)
    except (la.LowaltError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{plan.plan_id}: {verdict.decision.value}")
    if verdict.decision is la.Decision.PERMITTED:
        return 0

    print(explain_remedies(found, lang=options.lang))
    for number, remedy in enumerate(found, start=1):
        print(f"\n{number}.")
        for line in differences(document_of(plan), document_of(remedy.plan)):
            print(f"  {line}")
    if options.take is not None and options.to is not None:
        if not 1 <= options.take <= len(found):
            print(f"--take {options.take}: {len(found)} were found", file=sys.stderr)
            return 2
        options.to.write_bytes(canonical_json(found[options.take - 1].plan))
        print(f"\n{options.take}. -> {options.to}")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
