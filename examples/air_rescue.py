"""An air ambulance that is called to a mountain: urgency, the order, and who makes way for it.

    python examples/air_rescue.py
    python examples/air_rescue.py --lang zh --out pictures

On 18 January 2026 Shenzhen's air-120 took off at 12:51 and was over the casualty near Meishajian
four minutes later, as was reported. Everything else here is made up: the base, the track, the order
of the emergency centre, the papers, and two drones whose lanes lead over the scene while the
helicopter comes down to it. The same flight stands beside it with a claim of rescue that nobody
ordered. With ``--out`` it draws the flights,
which needs the extra ``plot`` (``pip install "lowalt[plot]"``).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

import lowalt as la
from lowalt.geodesy import FloatArray, geodesic_distance_m
from lowalt.report.picture import draw_flight
from lowalt.report.precedence import explain_precedence
from lowalt.report.text import Language, headline
from lowalt.report.timeline import explain_timeline
from lowalt.report.words import EN, ZH

PLANS = Path(__file__).parent / "plans"
RESCUE, DRONE = "27_air_rescue_meishajian", "10_urgent_antivenom_35_minutes"
EASTWARDS = (114.256, 22.617), (114.308, 22.637)
SOUTHWARDS = (114.300, 22.648), (114.264, 22.606)
"""Ends of the drones' lanes, which lead over the scene half way."""

BOUGHT = "2025-12-15"
"""When the drone was bought, registered and insured."""

Document = dict[str, Any]
Place = tuple[float, float]

TITLES = {
    "order": {"zh": "一、120下达任务", "en": "1. Called out by the 120 centre"},
    "filing": {"zh": "二、何时提交，结论如何", "en": "2. When it is filed, and what follows"},
    "claim": {"zh": "三、无人下达的“救护”", "en": "3. A rescue that nobody ordered"},
    "conflicts": {"zh": "四、航路冲突时谁让行", "en": "4. Who yields where paths cross"},
}


def document(name: str) -> Document:
    loaded: Document = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def waiting(clock: str) -> la.FlightPlan:
    """Build the rescue as filed at a time of the day, before any answer."""
    plan = document(RESCUE)
    plan["approvals"], plan["submission"] = [], {"submitted_at": f"2026-01-18T{clock}:00+08:00"}
    return la.parse_plan(plan)


def unordered() -> la.FlightPlan:
    """Build the same flight without anybody's order, filed as the rescue was and not answered."""
    plan = document(RESCUE)
    plan["plan_id"] = "self-styled-rescue"
    plan["mission"]["task_order"] = {"held": False}
    plan["approvals"], plan["submission"] = [], {"submitted_at": plan["submission"]["submitted_at"]}
    return la.parse_plan(plan)


def sightseeing() -> la.FlightPlan:
    """Build a sightseeing helicopter on the same path, filed and approved the day before."""
    plan = document(RESCUE)
    plan["plan_id"] = "sightseeing"
    plan["mission"] |= {"kind": "passenger", "urgency": "normal", "commercial": True}
    del plan["mission"]["task_order"]
    plan["submission"] = {"submitted_at": "2026-01-17T10:00:00+08:00"}
    plan["approvals"][0]["missions"] = ["passenger"]
    return la.parse_plan(plan)


def drone(plan_id: str, lane: tuple[Place, Place], **mission: Any) -> la.FlightPlan:
    """Build a drone that flies a lane at midday, filed the day before."""
    plan, (start, end) = document(DRONE), lane
    stops = [(start, 0.0, "12:51:30"), (start, 110.0, "12:52:10")]
    stops += [(end, 110.0, "12:58:30"), (end, 0.0, "12:59:10")]
    plan["plan_id"] = plan_id
    plan["waypoints"] = [
        {
            "lon_deg": place[0],
            "lat_deg": place[1],
            "level": {"value_m": height_m, "reference": "AGL"},
            "time": f"2026-01-18T{clock}+08:00",
        }
        for place, height_m, clock in stops
    ]
    for site, place in (("departure_site", start), ("landing_site", end)):
        plan[site] = {"lon_deg": place[0], "lat_deg": place[1]}
    plan["mission"] |= {"urgency": "normal", **mission}
    plan["submission"] |= {"submitted_at": "2026-01-17T09:00:00+08:00"}
    plan["aircraft"]["registration"] |= dict.fromkeys(
        ("registered_on", "last_confirmed_on"), BOUGHT
    )
    plan["aircraft"] |= {"sold_on": BOUGHT}
    plan["aircraft"]["insurance"]["valid_from"] = BOUGHT
    return la.parse_plan(plan)


BLOOD_ORDER = {
    "held": True,
    "issued_by": "blood_centre",
    "issuer_name": "示例血液中心 (Example Blood Centre)",
    "number": "EXAMPLE-BLOOD-0117",
    "issued_at": "2026-01-17T08:30:00+08:00",
    "mission": "blood_transport",
}


def outcome(verdict: la.Verdict, lang: Language) -> Iterator[str]:
    """Tell the decision, what it rests on, and what it is too late for."""
    statuses = (la.Status.BREACHED, la.Status.REQUIRED)
    found = [finding.cited(lang) for finding in verdict.findings if finding.status in statuses]
    yield headline(verdict, lang=lang)
    yield from (f"  x {cited}" for cited in dict.fromkeys(found))
    for duty in verdict.obligations:
        if duty.certain and not duty.met and duty.reachable is False:
            state = (ZH if lang == "zh" else EN).state["late"]
            yield f"  {state}: {duty.cited(lang)}, {duty.due:%m-%d %H:%M}"


# Where paths cross


@dataclass(frozen=True, slots=True)
class Meeting:
    """A moment at which the airspace around two flights overlaps, and how near they are then."""

    time: datetime
    apart_m: float
    height_apart_m: float

    def told(self, first: la.FlightPlan, second: la.FlightPlan, lang: Language) -> str:
        """Say it in one line."""
        who = f"{first.plan_id} × {second.plan_id}"
        at, apart_m, height_m = f"{self.time:%H:%M:%S}", self.apart_m, self.height_apart_m
        if lang == "zh":
            return f"{who}：{at} 最近，水平相距{apart_m:.0f}米，高度相差{height_m:.0f}米"
        return f"{who}: nearest at {at}, {apart_m:.0f} m apart and {height_m:.0f} m in height"


def meeting(first: la.FlightPlan, second: la.FlightPlan) -> Meeting | None:
    """Look at every second whether two flights are within their protection of each other.

    Protection is the airspace around the track that each plan states, to the side and up and down.
    """
    start = max(first.departure, second.departure)
    lasts_s = (min(first.arrival, second.arrival) - start).total_seconds()
    seconds = np.arange(0.0, lasts_s + 1.0)  # empty where one has landed before the other departs
    (here, height_m), (there, other_m) = (track(plan, start, seconds) for plan in (first, second))
    apart_m, height_apart_m = geodesic_distance_m(here, there), np.abs(height_m - other_m)
    room_m, height_room_m = (
        sum(getattr(plan, name) for plan in (first, second))
        for name in ("route_buffer_m", "vertical_buffer_m")
    )
    within = (apart_m < room_m) & (height_apart_m < height_room_m)
    if not within.any():
        return None
    nearest = int(np.where(within, np.hypot(apart_m, height_apart_m), np.inf).argmin())
    time = start + timedelta(seconds=float(seconds[nearest]))
    return Meeting(time, float(apart_m[nearest]), float(height_apart_m[nearest]))


def track(
    plan: la.FlightPlan, start: datetime, seconds: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Places (longitude, latitude) and heights above ground so many seconds after a start."""
    waypoints = plan.waypoints or ()
    at_s = [(waypoint.time - start).total_seconds() for waypoint in waypoints]
    lon_deg, lat_deg, height_m = (
        np.interp(seconds, at_s, values)
        for values in zip(
            *((w.lon_deg, w.lat_deg, w.level.value_m) for w in waypoints), strict=True
        )
    )
    return np.column_stack((lon_deg, lat_deg)), height_m


def indented(lines: Iterable[str]) -> str:
    return "\n".join(f"  {line}" for line in lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="draw the flights there")
    options = parser.parse_args()
    lang: Language = options.lang

    airspace = la.load_airspace("shenzhen")

    def judge(plan: la.FlightPlan) -> la.Verdict:
        return la.assess(plan, airspace=airspace)

    called, claimed = la.parse_plan(document(RESCUE)), unordered()
    verdicts = {plan.plan_id: judge(plan) for plan in (called, claimed)}
    print(TITLES["order"][lang])
    print(f"  {headline(verdicts[called.plan_id], lang=lang)}\n")
    print(explain_timeline(la.timeline(verdicts[called.plan_id]), lang=lang), end="\n\n")

    print(TITLES["filing"][lang])
    for clock in ("11:50", "11:52", "12:41"):
        decision, *rest = outcome(judge(waiting(clock)), lang)
        print(indented([f"{clock}  {decision}", *rest]))

    print(f"\n{TITLES['claim'][lang]}")
    print(indented(outcome(verdicts[claimed.plan_id], lang)))

    print(f"\n{TITLES['conflicts'][lang]}")
    delivery = drone("delivery-drone", EASTWARDS, kind="delivery", task_order=None)
    blood = drone("blood-drone", SOUTHWARDS, kind="blood_transport", task_order=BLOOD_ORDER)
    tour = sightseeing()
    plans = (called, claimed, delivery, blood, tour)
    pairs = []
    for pair in ((0, 2), (0, 3), (2, 3), (0, 4), (1, 4)):
        first, second = (plans[number] for number in pair)
        if met := meeting(first, second):
            print(f"  {met.told(first, second, lang)}")
            pairs.append(pair)
    verdicts |= {plan.plan_id: judge(plan) for plan in (delivery, blood, tour)}
    found = la.settle(plans, pairs, verdicts=verdicts.values())
    print(f"\n{explain_precedence(found, lang=lang)}")

    if options.out is not None:
        options.out.mkdir(parents=True, exist_ok=True)
        file = options.out / "air-rescue.png"
        shown = (called, blood, delivery)
        draw_flight(
            shown,
            airspace=airspace,
            verdict=[verdicts[plan.plan_id] for plan in shown],
            file=file,
            title={"zh": "梅沙尖空中救护", "en": "Air rescue near Meishajian"},
            lang=lang,
        )
        print(f"\n{file.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
