"""A day of the sixteen blood-drone routes of Shenzhen: who may fly, and what is owed for a flight.

    python examples/blood_delivery_network.py
    python examples/blood_delivery_network.py --lang zh --out pictures

Shenzhen's blood drones flew 7,070 times over 16 routes in 2024. Here is a busy day, four times the
average, made up from a seed: hospitals with a helipad are real places, the other hospitals, the
blood stations and every paper are illustrative. Some flights are filed too late, lack a paper or
leave their route. All are judged at once; what is left open is explained, and one that may not fly
is looked at closely. With ``--out`` the network is drawn, which needs the extra ``plot``
(``pip install "lowalt[plot]"``).
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import shapely

import lowalt as la
from lowalt.geodesy import FloatArray, geodesic_distance_m
from lowalt.report.text import Language, headline
from lowalt.report.timeline import explain_timeline
from lowalt.traffic import Services
from lowalt.verdicts import Decision, Status

if TYPE_CHECKING:
    from matplotlib.axes import Axes

DAY = date(2026, 6, 9)
SEED = 26
BUSY = 4.0
BLOOD_ONLY = Services(
    uav_flights=0.0,
    patrol_flights=0.0,
    marine_patrols=0.0,
    forest_patrols=0.0,
    helicopter_flights=0.0,
    shuttle_flights=0.0,
    rescue_calls=0.0,
    fire_calls=0.0,
    # More than usual, so that a day has some of each.
    filed_late=0.10,
    paper_missing=0.04,
    strays=0.04,
)

IN_ORDER = replace(BLOOD_ONLY, filed_late=0.0, paper_missing=0.0, strays=0.0)

# From the best to the worst; what is open may turn out to be prohibited.
COLOURS = {
    Decision.PERMITTED: "#2e7d5b",
    Decision.FILING_REQUIRED: "#5d8aa8",
    Decision.CONFIRMATION_REQUIRED: "#b8a012",
    Decision.APPROVAL_REQUIRED: "#d9822b",
    Decision.INDETERMINATE: "#7f6aa8",
    Decision.PROHIBITED: "#c0392b",
}
IDLE = "#9aa0a6"
"""A route without a flight that day."""


@dataclass(frozen=True, slots=True)
class Route:
    """One of the sixteen, with what was decided of the day's flights along it, if any."""

    code: str
    ends: tuple[tuple[float, float], tuple[float, float]]
    hospital: str | None
    zones: tuple[str, ...]
    decisions: Counter[Decision]

    @property
    def length_m(self) -> float:
        """How far it is along the ground, metres."""
        return float(geodesic_distance_m([self.ends[0]], [self.ends[1]])[0])

    @property
    def flights(self) -> int:
        """How many flights the day sees."""
        return self.decisions.total()

    @property
    def strictest(self) -> Decision | None:
        """What the worst of its flights met; ``None`` of none."""
        return max(self.decisions, key=list(COLOURS).index, default=None)


def code_of(plan: la.FlightPlan) -> str:
    """Code of the route that a flight of the day is flown along."""
    return plan.plan_id.split("-")[1]


def network(airspace: la.AirspaceDataset) -> dict[str, la.FlightPlan]:
    """Give a flight out along each route, in order: the routes are the same every day."""
    busy = la.day_of_services(DAY, seed=0, airspace=airspace, scale=40.0, services=IN_ORDER)
    out = {code_of(plan): plan for plan in busy if carries_blood(plan)}
    return {code: out[code] for code in sorted(out)}


def carries_blood(plan: la.FlightPlan) -> bool:
    """Whether a flight goes out to the hospital, and not back without its load."""
    return bool(plan.payload and plan.payload.biological_material)


def route_of(plan: la.FlightPlan, decisions: Iterable[Decision]) -> Route:
    """Take a route from a flight out along it."""
    origin, hospital = plan.departure_site, plan.landing_site
    assert origin is not None
    assert hospital is not None
    a, b = ((site.lon_deg or 0.0, site.lat_deg or 0.0) for site in (origin, hospital))
    (held,) = plan.approvals or ()
    return Route(code_of(plan), (a, b), hospital.identifier, held.zones or (), Counter(decisions))


def whole(text: str) -> int:
    """Read a seed."""
    if not (text.isascii() and text.isdecimal()):
        raise argparse.ArgumentTypeError(f"{text!r}: a whole number, 0 or more")
    return int(text)


# What is said


def table(routes: Sequence[Route], lang: Language) -> Iterator[str]:
    """Count the decisions of each route."""
    zh = lang == "zh"
    lang = "zh" if zh else "en"
    yield "航线 医院  公里 架次 结论" if zh else "route pad    km  n  decisions"
    for route in routes:
        hospital = route.hospital or ("示意" if zh else "drawn").ljust(3 if zh else 5)
        counted = ", ".join(
            f"{d.label(lang)} {n}" for d in COLOURS if (n := route.decisions[d])
        ) or ("今日无航班" if zh else "no flight today")
        yield (
            f"{route.code}  {hospital:<5}{route.length_m / 1000:>5.1f}{route.flights:>3}  {counted}"
        )
        if route.zones:
            yield f"       {'经过' if zh else 'meets'} {', '.join(route.zones)}"


def reasons(verdicts: la.VerdictTable, labels: Mapping[str, str], lang: Language) -> Iterator[str]:
    """Name the provisions that stand against flights, and against how many."""
    for status, zh, en in (
        (Status.BREACHED, "被违反的规定", "Breached"),
        (Status.REQUIRED, "尚待满足的规定", "Still to be met"),
    ):
        found = verdicts.most_frequent(status)
        if found:
            yield zh if lang == "zh" else en
            yield from (f"  {n:>3}  {labels[citation]}" for citation, n in found)


def left_open(
    plans: Sequence[la.FlightPlan], verdicts: la.VerdictTable, lang: Language
) -> Iterator[str]:
    """Say of each flight that could not be decided what is not known of it."""
    zh = lang == "zh"
    for number, plan in enumerate(plans):
        if verdicts.decisions[number] is not Decision.INDETERMINATE:
            continue
        yield f"{plan.plan_id} {'尚不能定，未知' if zh else 'is left open; not known is'}:"
        yield from (f"  ? {missing.text[lang]}" for missing in verdicts.verdict(number).missing)


def closely(
    plans: Sequence[la.FlightPlan], verdicts: la.VerdictTable, lang: Language
) -> Iterator[str]:
    """Look at a flight that was filed too late and may not fly, at the time it was filed."""
    late = (
        number
        for number, plan in enumerate(plans)
        if not plan.approvals and verdicts.decisions[number] is Decision.PROHIBITED
    )
    number = next(late, None)
    if number is None:
        return
    plan, verdict = plans[number], verdicts.verdict(number)
    assert plan.submission is not None
    yield f"{plan.plan_id}: {headline(verdict, lang=lang)}"
    timeline = la.timeline(verdict, now=plan.submission.submitted_at)
    yield explain_timeline(timeline, lang=lang)


# What is drawn


def draw(routes: Sequence[Route], airspace: la.AirspaceDataset, file: Path, lang: Language) -> None:
    """Draw the network, each route in the colour of its strictest decision."""
    import matplotlib as mpl  # noqa: PLC0415 -- only the picture needs the extra

    mpl.use("Agg")  # a picture in a file needs no screen
    import matplotlib.pyplot as plt  # noqa: PLC0415

    from lowalt.report.picture.lettering import Lettering  # noqa: PLC0415

    lettering = Lettering.of(lang)  # English, with a note, where no font has Chinese
    zh = lettering.lang == "zh"
    lang = "zh" if zh else "en"
    with mpl.rc_context({"font.family": [lettering.font, "DejaVu Sans"]}):
        figure, axes = plt.subplots(figsize=(12.0, 8.0), dpi=110)
        _draw_zones(axes, airspace, {name for route in routes for name in route.zones})
        for route in routes:
            _draw_route(axes, route)
        for decision in (d for d in COLOURS if any(route.strictest is d for route in routes)):
            axes.plot([], [], color=COLOURS[decision], linewidth=3, label=decision.label(lang))
        if any(route.strictest is None for route in routes):
            none = "今日无航班" if zh else "no flight today"
            axes.plot([], [], color=IDLE, linewidth=1, linestyle=":", label=none)
        axes.legend(
            title="当日最严结论" if zh else "strictest decision of the day", loc="lower right"
        )
        west, east = (edge(x for r in routes for x, _ in r.ends) for edge in (min, max))
        south, north = (edge(y for r in routes for _, y in r.ends) for edge in (min, max))
        axes.set(
            xlim=(west - 0.03, east + 0.03),
            ylim=(south - 0.05, north + 0.03),
            aspect=1.08,  # a degree of latitude is so much longer here
            xlabel="经度（度）" if zh else "longitude, degrees",
            ylabel="纬度（度）" if zh else "latitude, degrees",
            title="虚构一日的血液运输航线（示意，不用于导航）"
            if zh
            else "Blood-drone routes of a made-up day (illustrative; not for navigation)",
        )
        figure.text(0.12, 0.01, lettering.note, fontsize=8, color="#666666")
        figure.savefig(file, metadata={"Software": "lowalt"}, bbox_inches="tight")
        plt.close(figure)


def _draw_zones(axes: Axes, airspace: la.AirspaceDataset, met: Collection[str]) -> None:
    """Draw the zones that routes meet, and the boundaries of jurisdictions."""
    for zone in (zone for zone in airspace.zones if zone.identifier in met):
        for x, y in _rings(zone):
            axes.fill(x, y, color="#d9822b", alpha=0.08, zorder=1)
            axes.plot(x, y, color="#d9822b", linewidth=0.6, alpha=0.6, zorder=1)
    for zone in airspace.jurisdictions:
        for x, y in _rings(zone):
            axes.plot(x, y, color="#333333", linewidth=1.2, zorder=1)


def _draw_route(axes: Axes, route: Route) -> None:
    """Draw a route as thick as it is busy."""
    (x0, y0), (x1, y1) = route.ends
    colour = IDLE if route.strictest is None else COLOURS[route.strictest]
    style = ":" if route.strictest is None else "-"
    width = 1.0 + 0.25 * route.flights
    axes.plot((x0, x1), (y0, y1), color=colour, linestyle=style, linewidth=width, zorder=2)
    axes.plot(x0, y0, "s", color="#333333", markersize=7, zorder=3)
    axes.plot(x1, y1, "o", color=colour, markersize=6, zorder=3)
    axes.annotate(route.code, (x1, y1), (5, 4), textcoords="offset points", fontsize=9)


def _rings(zone: la.Zone) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Outlines of a zone, longitudes and latitudes."""
    for volume in zone.volumes:
        for part in shapely.get_parts(volume.geometry):
            east, north = shapely.get_coordinates(part.exterior).T
            yield east, north


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lang", choices=("en", "zh"), default="en")
    parser.add_argument("--seed", type=whole, default=SEED, help="another day of the same routes")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="draw the network there")
    options = parser.parse_args()
    lang: Language = options.lang
    zh = lang == "zh"

    airspace = la.load_airspace("shenzhen")
    plans = la.day_of_services(
        DAY, seed=options.seed, airspace=airspace, scale=BUSY, services=BLOOD_ONLY
    )
    verdicts = la.assess_many(plans, airspace=airspace)
    decided: dict[str, list[Decision]] = defaultdict(list)
    for plan, decision in zip(plans, verdicts.decisions, strict=True):
        decided[code_of(plan)].append(decision)
    routes = [route_of(plan, decided[code]) for code, plan in network(airspace).items()]
    counts = verdicts.counts()
    lang = "zh" if zh else "en"
    said = ", ".join(f"{d.label(lang)} {counts[d]}" for d in COLOURS if counts.get(d))
    print(
        f"{DAY}: {len(plans)} 架次（虚构）: {said}"
        if zh
        else f"{DAY}: {len(plans)} flights (made up): {said}"
    )
    print("\n".join(table(routes, lang)), end="\n\n")
    labels = {f.citation: f.cited(lang) for f in verdicts.verdict(0).findings}
    print("\n".join(reasons(verdicts, labels, lang)), end="\n\n")
    if open_ones := list(left_open(plans, verdicts, lang)):
        print("\n".join(open_ones), end="\n\n")
    print("\n".join(closely(plans, verdicts, lang)))
    if options.out is not None:
        if find_spec("matplotlib") is None:
            print('pip install "lowalt[plot]"', file=sys.stderr)
            return 2
        options.out.mkdir(parents=True, exist_ok=True)
        file = options.out / "blood_delivery_network.png"
        draw(routes, airspace, file, lang)
        print(f"\n{file.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
