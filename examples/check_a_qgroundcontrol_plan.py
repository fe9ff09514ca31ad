"""Check a plan drawn in QGroundControl: what the file leaves open, and what the law says then.

    python examples/check_a_qgroundcontrol_plan.py
    python examples/check_a_qgroundcontrol_plan.py MY.plan --departure 2026-06-09T10:00:00+08:00

A ``.plan`` says where to fly, not when, by whom or what for. That is told: the departure here, the
rest by the ``operator.toml`` beside the plan. Its heights are above take-off; what is true height
is known only where the ground is. The ground here is level, which the solar park roughly is: bring
a model of yours (``--ground`` takes its elevation). The exit status is that of ``lowalt check``.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import lowalt as la
from lowalt.formats.plans.exchange import PlanReading, Told
from lowalt.formats.plans.files import read_plans
from lowalt.formats.plans.profile import OperatorProfile, profile_beside

PLAN = Path(__file__).parent / "qgroundcontrol" / "solar_park.plan"


def say_what_was_read(reading: PlanReading) -> None:
    """Print what of the plans does not stand in the file."""
    taken: defaultdict[str, list[str]] = defaultdict(list)
    for loss in reading.losses:
        taken[loss.how].append(loss.what)
    for how, what in taken.items():
        print(f"  {', '.join(what)}: {how}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plan", type=Path, nargs="?", default=PLAN)
    parser.add_argument("--departure", default="2026-06-09T10:00:00+08:00", metavar="TIME")
    parser.add_argument("--ground", type=float, default=46.0, help="elevation, metres AMSL")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    options = parser.parse_args()
    departure = datetime.fromisoformat(options.departure)

    print("Alone, the file is not enough:")
    try:
        read_plans(options.plan, told=Told())
    except la.InvalidInputError as error:
        print(*(f"  {problem}" for problem in error.problems), sep="\n")

    profile = profile_beside(options.plan) or OperatorProfile()
    try:
        reading = read_plans(options.plan, told=Told(departure=departure, profile=profile))
    except (la.LowaltError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    print("\nWith what the operator says of every flight:")
    say_what_was_read(reading)

    airspace = la.load_airspace("shenzhen")
    ground = la.UniformTerrain(ground_amsl_m=options.ground)
    decisions = []
    for plan in reading.plans:
        unknown = la.assess(plan, airspace=airspace)
        verdict = la.assess(plan, airspace=airspace, terrain=ground)
        print(f"\n{plan.plan_id}, {len(plan.waypoints or ())} waypoints:")
        print(f"  over ground that is not known: {unknown.decision.label(options.lang)}")
        print(f"  over ground at {options.ground:g} m: {verdict.decision.label(options.lang)}")
        print(f"\n{la.explain(verdict, lang=options.lang)}")
        decisions.append(verdict.decision)
    against = {la.Decision.PROHIBITED, la.Decision.INDETERMINATE}
    return 1 if against & set(decisions) else 0


if __name__ == "__main__":
    sys.exit(main())
