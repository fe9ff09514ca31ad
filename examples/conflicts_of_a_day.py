"""Find every conflict in a day of low-altitude services, and say who yields.

The day is made up (seeded, so that it is the same every time): blood, delivery, patrols, rescue and
helicopters over Shenzhen, as many as were published, each planned without knowing of the others.
Their heights are above ground, and two such heights compare only where the ground is known; the
ground used here is made up too, around the true heights of seven peaks: bring a model of your own
before you believe a single conflict among the hills. Run it::

    python examples/conflicts_of_a_day.py
    python examples/conflicts_of_a_day.py --scale 4 --late 30 --lang zh
    python examples/conflicts_of_a_day.py --draw conflict.png  # the longest, with matplotlib
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

import lowalt as la
from lowalt.conflicts import ConflictTable, TrackArray, detect_conflicts
from lowalt.conflicts.table import meeting_places
from lowalt.report.conflicts import conflicts_of_plans, explain_conflicts
from lowalt.report.plots import plot_conflict
from lowalt.report.text import Language

DAY = date(2026, 6, 9)
SEED = 7

WORDS = {
    "zh": {
        "day": "{day}：{flights} 架次，化为平面航迹 {legs} 段，平面误差不超过 {error:.1f} 毫米。",
        "ground": "地面模型：{name}。",
        "found": "{pairs} 对冲突，共 {count} 次；涉及 {share:.0%} 的架次；"
        "一半不超过 {half:.0f} 秒，最长 {most:.0f} 秒。",
        "none": "没有冲突。",
        "services": "按业务：",
        "places": "最拥挤之处（约 1 公里见方）：",
        "hours": "最拥挤的一小时：{hour:02d} 时，{count} 次。",
        "outcomes": "未问结论、只看次序：",
        "longest": "其中最长的三次：",
        "late": "若每架次可早晚 {late:.0f} 秒：{pairs} 对。",
    },
    "en": {
        "day": "{day}: {flights} flights, {legs} legs in a plane that is true to {error:.1f} mm.",
        "ground": "Ground: {name}.",
        "found": "{pairs} pairs conflict, {count} times; {share:.0%} of the flights are in one;"
        " half last no more than {half:.0f} s, the longest {most:.0f} s.",
        "none": "None conflict.",
        "services": "By service:",
        "places": "Where most meet (squares of about 1 km):",
        "hours": "The hour when most meet: {hour:02d}, {count} times.",
        "outcomes": "Who yields, no verdict asked:",
        "longest": "The three longest:",
        "late": "Were each up to {late:.0f} s early or late: {pairs} pairs.",
    },
}


def story(
    plans: Sequence[la.FlightPlan],
    tracks: TrackArray,
    table: ConflictTable,
    *,
    ground: str,
    lang: Language,
) -> Iterator[str]:
    """Tell of a day's conflicts, a line each."""
    words = WORDS[lang]
    error_mm = tracks.position_error_m * 1000.0
    legs = len(tracks.vertices) - len(tracks)
    yield words["day"].format(day=DAY, flights=len(plans), legs=legs, error=error_mm)
    yield words["ground"].format(name=ground)
    if len(table) == 0:
        yield words["none"]
        return
    pairs = np.unique(table.pairs, axis=0)
    lasts_s = table.t_out_s - table.t_in_s
    yield words["found"].format(
        pairs=len(pairs),
        count=len(table),
        share=len(np.unique(pairs)) / len(plans),
        half=np.median(lasts_s),
        most=lasts_s.max(),
    )
    services = [plan.plan_id.partition("-")[0] for plan in plans]
    yield words["services"]
    yield from _most(
        " × ".join(sorted((services[one], services[other]))) for one, other in pairs.tolist()
    )
    yield words["places"]
    places = np.round(meeting_places(table), 2).tolist()
    yield from _most("{:.2f}, {:.2f}".format(*place) for place in places)
    assert tracks.epoch is not None  # they are made of plans
    first_s = tracks.epoch.hour * 3600 + tracks.epoch.minute * 60 + tracks.epoch.second
    hours = Counter(((first_s + table.t_in_s) // 3600 % 24).astype(int).tolist())
    hour, count = hours.most_common(1)[0]
    yield words["hours"].format(hour=hour, count=count)
    yield words["outcomes"]
    yield from _most(found.outcome.label(lang) for found in la.settle(plans, pairs))
    yield words["longest"]
    longest = np.argsort(-lasts_s, kind="stable")[:3]
    found = conflicts_of_plans(table, plans)
    yield from explain_conflicts([found[row] for row in longest.tolist()], lang=lang)


def _most(names: Iterator[str]) -> Iterator[str]:
    for name, count in Counter(names).most_common(4):
        yield f"{count:6}  {name}"


def main() -> int:
    """Tell of the day of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scale", type=float, default=1.0, help="how many times the traffic")
    parser.add_argument("--late", type=float, help="how early or late each may be, seconds")
    parser.add_argument("--draw", metavar="FILE", help="draw the longest into a .png or .svg")
    parser.add_argument("--lang", choices=["zh", "en"], default="en")
    options = parser.parse_args()
    airspace = la.load_airspace("shenzhen")
    plans = la.day_of_services(DAY, seed=SEED, airspace=airspace, scale=options.scale)
    ground = la.SyntheticTerrain()
    tracks = TrackArray.from_plans(plans, terrain=ground)
    table = detect_conflicts(tracks)
    for line in story(plans, tracks, table, ground=ground.name, lang=options.lang):
        print(line)
    if options.draw is not None and len(table):
        longest = int(np.argmax(table.t_out_s - table.t_in_s))
        plot_conflict(table, longest, lang=options.lang).save(options.draw)
    if options.late is not None:
        drifting = TrackArray.from_plans(plans, terrain=ground, time_uncertainty_s=options.late)
        pairs = np.unique(detect_conflicts(drifting).pairs, axis=0)
        print(WORDS[options.lang]["late"].format(late=options.late, pairs=len(pairs)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
