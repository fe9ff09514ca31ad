"""Check a day: plans of mixed formats in a folder, and what the dispatcher has to know of them.

    python examples/check_a_day.py
    python examples/check_a_day.py MY_PLANS/ --day 2026-06-12 --lang zh

Files that say no times, as those of QGroundControl, are read as flown at ``--at``. It prints what
could not be read (the rest is judged all the same), how many plans have which decision, which rules
stand against most, and what has to be seen to first; ``lowalt check MY_PLANS/`` does so on the
command line. The exit status is 0 if every file was read, 2 if not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path

import lowalt as la
from lowalt.flights import FlightPlan
from lowalt.flights.plan import BEIJING
from lowalt.formats.plans.exchange import Told
from lowalt.formats.plans.files import read_plans
from lowalt.formats.plans.profile import OperatorProfile, profile_beside
from lowalt.timelines import RowState

HERE = Path(__file__).parent
FOLDERS = [HERE / "plans", HERE / "qgroundcontrol"]
ENDINGS = {".json", ".geojson", ".csv", ".parquet", ".plan", ".waypoints", ".kmz", ".kml", ".gpx"}
MOST = 5
"""Rules and deadlines that are named; the others are left out."""


def read_all(paths: Sequence[Path], departure: datetime) -> tuple[list[FlightPlan], list[str]]:
    """Read every plan that can be read, and say what could not."""
    plans: dict[str, FlightPlan] = {}
    faults: list[str] = []
    for path in paths:
        told = Told(departure=departure, profile=profile_beside(path) or OperatorProfile())
        try:
            reading = read_plans(path, told=told)
        except (la.LowaltError, OSError) as error:
            faults.append(str(error))
            continue
        faults += map(str, reading.refused)
        plans |= {plan.plan_id: plan for plan in reading.plans}
    return list(plans.values()), faults


def summary(table: la.VerdictTable, lang: str) -> Iterator[str]:
    """Say how many plans have which decision, and which rules stand against most."""
    for decision, count in table.counts().items():
        yield f"{count:6,}  {decision.label(lang)}"
    for status in (la.Status.BREACHED, la.Status.REQUIRED):
        for citation, count in table.most_frequent(status)[:MOST]:
            yield f"{count:6,}  {status}: {citation}"


def first_deadlines(table: la.VerdictTable, lang: str) -> Iterator[str]:
    """Say what has to be seen to first; what is too late already stands first."""
    timelines = [
        la.timeline(table.verdict(number))
        for number, decision in enumerate(table.decisions)
        if decision is not la.Decision.PERMITTED
    ]
    found = [
        (row.state is not RowState.LATE, row.time, timeline.plan_id, row)
        for timeline in timelines
        for row in timeline.rows
        if row.time is not None and row.binding and row.state in {RowState.LATE, RowState.OPEN}
    ]
    for _, by, plan_id, row in sorted(found, key=lambda one: one[:3])[:MOST]:
        yield (
            f"  {by:%Y-%m-%d %H:%M} {row.state:5} {plan_id}: {row.addressee[lang]},"
            f" {row.label[lang]}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="*", default=FOLDERS)
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 6, 10))
    parser.add_argument("--at", type=time.fromisoformat, default=time(14), metavar="HH:MM")
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    options = parser.parse_args()

    paths = sorted(
        path for folder in options.folders for path in folder.iterdir() if path.suffix in ENDINGS
    )
    everything, faults = read_all(paths, datetime.combine(options.day, options.at, tzinfo=BEIJING))
    plans = [plan for plan in everything if plan.departure.date() == options.day]
    print(f"{options.day}: {len(plans)} plans of {len(everything)} in {len(paths)} files")
    for fault in faults:
        print(f"not read: {fault}")
    if plans:
        table = la.assess_many(plans, airspace=la.load_airspace("shenzhen"))
        print(*summary(table, options.lang), sep="\n")
        print("to see to first:")
        print(*first_deadlines(table, options.lang), sep="\n")
    return 2 if faults or not plans else 0


if __name__ == "__main__":
    sys.exit(main())
