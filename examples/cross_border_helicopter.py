"""Two helicopter services from Shenzhen to Shun Tak in Hong Kong, and what each detail decides.

    python examples/cross_border_helicopter.py
    python examples/cross_border_helicopter.py --lang zh --out pictures

It tells the story of Bao'an airport to Shun Tak and of Shekou to Shun Tak: the decision, as one and
under each jurisdiction, the room to the edge of the prescribed route, and who has to be told what
by when. Then one thing at a time is changed. With ``--out`` it draws the flights, which needs the
extra ``plot`` (``pip install "lowalt[plot]"``). Operator, crew and approvals are made up; so is the
track between the ends, of which no lateral limits are published.
"""

from __future__ import annotations

import argparse
import copy
import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import lowalt as la
from lowalt.geodesy import geodesic_azimuth_deg, geodesic_direct, geodesic_distance_m
from lowalt.report.picture import draw_flight
from lowalt.report.text import Language, headline
from lowalt.report.timeline import explain_timeline
from lowalt.report.words import EN, ZH

PLANS = Path(__file__).parent / "plans"
BAOAN, SHEKOU = "25_helicopter_baoan_to_shun_tak", "26_helicopter_shekou_to_shun_tak"

Document = dict[str, Any]
Change = Callable[[Document], None]


def document(name: str) -> Document:
    loaded: Document = json.loads((PLANS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


# What is changed


def moved(by: timedelta) -> Change:
    """Put everything off: the flight with its papers, notices and weather reports."""

    def later(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: later(item) for key, item in value.items()}
        if isinstance(value, list):
            return [later(item) for item in value]
        if not isinstance(value, str):
            return value
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return (date.fromisoformat(value) + timedelta(days=by.days)).isoformat()
        if re.fullmatch(r"\d{4}-\d\d-\d\dT\S+", value):
            return (datetime.fromisoformat(value) + by).isoformat()
        return value

    def change(plan: Document) -> None:
        plan.update(later(plan))
        take_off = datetime.fromisoformat(plan["waypoints"][0]["time"])
        issued = (take_off - timedelta(minutes=30)).astimezone(UTC)
        for report in plan["weather"]["reports"]:
            report["text"] = re.sub(r"\d{6}Z", f"{issued:%d%H%MZ}", report["text"])

    return change


def at_night(plan: Document) -> None:
    """Take off at 20:00, filed as before."""
    filed = plan["submission"]
    moved(timedelta(hours=10))(plan)
    plan["submission"] = filed


def on(day: str) -> Change:
    """Fly on another day, at the same time."""

    def change(plan: Document) -> None:
        take_off = datetime.fromisoformat(plan["waypoints"][0]["time"])
        moved(timedelta(days=(date.fromisoformat(day) - take_off.date()).days))(plan)

    return change


def filed_on_the_day_before_at(clock: str) -> Change:
    """File the plan at a time of the day before; no unit has answered yet."""

    def change(plan: Document) -> None:
        take_off = datetime.fromisoformat(plan["waypoints"][0]["time"])
        day = take_off.date() - timedelta(days=1)
        plan["submission"] = {"submitted_at": f"{day.isoformat()}T{clock}:00+08:00"}
        plan["approvals"] = [a for a in plan["approvals"] if a["kind"] != "flight_activity"]

    return change


def visibility(metres: int) -> Change:
    """Let Hong Kong report so much visibility, and no other number say more."""

    def change(plan: Document) -> None:
        for report in plan["weather"]["reports"]:
            if "VHHH" in report["text"]:
                report["text"] = report["text"].replace("9999", str(metres))

    return change


def beside_the_route(plan: Document) -> None:
    """Drift to the right on the first leg until the airspace is 50 m out, for 20 s in all."""
    first, last = plan["waypoints"][1:3]
    a, b = ((point["lon_deg"], point["lat_deg"]) for point in (first, last))
    start, end = (datetime.fromisoformat(point["time"]) for point in (first, last))
    length_m, ahead_deg = geodesic_distance_m([a], [b])[0], geodesic_azimuth_deg([a], [b])[0]
    room_m = plan["crossing"]["prescribed_route"]["half_width_m"] - plan["route_buffer_m"]
    # At 5 m/s to the side and back it is beyond the edge for 10 s each way.
    aside_m, there = room_m + 50.0, timedelta(seconds=(room_m + 50.0) / 5.0)
    drift = []
    for after, off_m in ((-there, 0.0), (timedelta(0), aside_m), (there, 0.0)):
        time = start + (end - start) / 2 + after
        along_m = length_m * ((time - start) / (end - start))
        on_line = geodesic_direct([a], azimuth_deg=ahead_deg, distance_m=along_m)
        # A geodesic turns on its way: to the right is taken anew, looking on to its end.
        right_deg = geodesic_azimuth_deg(on_line, [b]) + 90.0
        place = geodesic_direct(on_line, azimuth_deg=right_deg, distance_m=off_m)
        lon_deg, lat_deg = place[0].tolist()
        drift.append(
            {
                "lon_deg": lon_deg,
                "lat_deg": lat_deg,
                "level": first["level"],
                "time": time.isoformat(),
            }
        )
    plan["waypoints"][2:2] = drift


def with_a_liver(*, approved: bool) -> Change:
    """Carry an organ, with the quarantine approval of customs or without it."""

    def change(plan: Document) -> None:
        plan["payload"]["biological_material"] = True
        plan["crossing"] |= {"regulated_as_drug_or_device": False, "quarantine_approval": approved}

    return change


def as_planned(plan: Document) -> None:
    """Change nothing."""


VARIATIONS: tuple[tuple[str, Change, str, str], ...] = (
    (BAOAN, as_planned, "宝安，如计划", "Bao'an, as planned"),
    (
        BAOAN,
        filed_on_the_day_before_at("14:59"),
        "前一日14:59提交",
        "filed at 14:59 the day before",
    ),
    (
        BAOAN,
        filed_on_the_day_before_at("15:01"),
        "前一日15:01提交",
        "filed at 15:01 the day before",
    ),
    (BAOAN, at_night, "20:00起飞", "take-off at 20:00"),
    (BAOAN, visibility(5000), "香港能见度5000米", "visibility 5,000 m in Hong Kong"),
    (BAOAN, visibility(4900), "香港能见度4900米", "visibility 4,900 m in Hong Kong"),
    (BAOAN, beside_the_route, "偏出航线50米20秒", "50 m out of the route for 20 s"),
    (
        BAOAN,
        with_a_liver(approved=False),
        "载运肝脏，无检疫审批",
        "a liver, no quarantine approval",
    ),
    (BAOAN, with_a_liver(approved=True), "载运肝脏，有检疫审批", "a liver, quarantine approved"),
    (SHEKOU, on("2025-11-05"), "蛇口，开放前一日", "Shekou, the day before it opened"),
    (SHEKOU, on("2025-11-06"), "蛇口，开放当日", "Shekou, the day it opened"),
)


def varied(name: str, change: Change) -> la.FlightPlan:
    plan = copy.deepcopy(document(name))
    change(plan)
    return la.parse_plan(plan)


# What is said


def story(verdict: la.Verdict, title: str, lang: Language) -> Iterator[str]:
    """Tell the decision, as one and by jurisdiction, and how the prescribed route is kept."""
    yield f"{title}: {headline(verdict, lang=lang)}"
    for leg in verdict.legs:
        yield (
            f"  {leg.period.start:%H:%M:%S}-{leg.period.end:%H:%M:%S}"
            f"  {leg.jurisdiction.label(lang)}: {leg.decision.label(lang)}"
        )
    yield from keeping(verdict, lang)


def keeping(verdict: la.Verdict, lang: Language) -> Iterator[str]:
    """Tell the room to the edge of the route, and every departure from it."""
    route = verdict.route
    if route is None:
        return
    for margin, zh, en in (
        (route.lateral, "距航线侧边最小余量", "least room to the side of the route"),
        (route.vertical, "距航线上下限最小余量", "least room to its floor and ceiling"),
    ):
        if margin is not None:
            place = f"{margin.lat_deg:.4f} N {margin.lon_deg:.4f} E"
            said = zh if lang == "zh" else en
            yield f"  {said}: {margin.value_m:+.0f} m, {margin.time:%H:%M:%S}, {place}"
    for departure in route.departures:
        period, place = departure.period, f"{departure.lat_deg:.4f} N {departure.lon_deg:.4f} E"
        lasts_s = (period.end - period.start).total_seconds()
        excursion = "" if departure.excursion_m is None else f" {departure.excursion_m:.0f} m"
        yield (
            f"  {departure.kind.label(lang)}{excursion},"
            f" {period.start:%H:%M:%S}-{period.end:%H:%M:%S} ({lasts_s:.0f} s), {place}"
        )


def against(verdict: la.Verdict, lang: Language) -> str:
    """Name what decides, the strictest first."""
    statuses = (la.Status.BREACHED, la.Status.REQUIRED)
    found = [f for f in verdict.findings if f.status in statuses and f.consequence is not None]
    worst = [f for f in found if f.consequence is verdict.decision]
    return "; ".join(dict.fromkeys(finding.cited(lang) for finding in worst))


def compare(airspace: la.AirspaceDataset, lang: Language) -> Iterator[str]:
    """Judge every variation and put the decisions side by side."""
    for name, change, zh, en in VARIATIONS:
        verdict = la.assess(varied(name, change), airspace=airspace)
        reason = against(verdict, lang)
        yield f"- {zh if lang == 'zh' else en}"
        yield f"    {headline(verdict, lang=lang)}{f'  [{reason}]' if reason else ''}"
        for duty in verdict.obligations:
            if duty.certain and not duty.met and duty.reachable is False:
                state = (ZH if lang == "zh" else EN).state["late"]
                yield f"    {state}: {duty.cited(lang)}, {duty.due:%m-%d %H:%M}"
        if verdict.route is not None and verdict.route.departures:
            yield from (f"  {line}" for line in keeping(verdict, lang))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="draw the flights there")
    options = parser.parse_args()
    lang: Language = options.lang
    zh = lang == "zh"

    airspace = la.load_airspace("shenzhen")
    titles = {
        BAOAN: {"zh": "宝安机场－信德", "en": "Bao'an airport - Shun Tak"},
        SHEKOU: {"zh": "蛇口－信德", "en": "Shekou - Shun Tak"},
    }
    for name, title in titles.items():
        plan = varied(name, as_planned)
        verdict = la.assess(plan, airspace=airspace)
        print("\n".join(story(verdict, title[lang], lang)), end="\n\n")
        if name == BAOAN:
            print(explain_timeline(la.timeline(verdict), lang=lang), end="\n\n")
        if options.out is not None:
            options.out.mkdir(parents=True, exist_ok=True)
            file = options.out / f"{plan.plan_id}.png"
            draw_flight(plan, airspace=airspace, verdict=verdict, file=file, title=title, lang=lang)
            print(file.name, end="\n\n")
    print("只改一处，结论如何" if zh else "One thing changed at a time")
    print("\n".join(compare(airspace, lang)))
    if options.out is not None:
        strayed = varied(BAOAN, beside_the_route)
        verdict, file = la.assess(strayed, airspace=airspace), options.out / "out-of-the-route.png"
        title = {"zh": "偏出航线50米20秒", "en": "50 m out of the route for 20 s"}
        draw_flight(strayed, airspace=airspace, verdict=verdict, file=file, title=title, lang=lang)
        print(f"\n{file.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
