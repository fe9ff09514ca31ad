"""How many plans a second ``encounter_table`` lays over a dataset, and what plain loops take.

Ten thousand synthetic plans (seeded: 2 to 12 waypoints, 0.5 to 25 km, 60 to 300 m above ground or
sea, a few buffers, one day) over dataset ``shenzhen``, in one process, one thread. Three plain
loops over some of them are timed in the same run, in turn with the table, so that a machine which
is busy is busy for all:

* *asking*: for every plan and zone, whether the prepared shape of the zone, grown by the half-width
  of the plan, intersects the line of the plan, and no more;
* *cutting*: the same, and for every hit the times of entry and exit, by intersecting every piece of
  the path with the shape;
* *cutting few*: the same, where prepared predicates decide most pieces and few are intersected.

They ask what *stays of paths* asks, about the same zones: all of the dataset. They are spared much
of it: making lines and growing shapes, hours (zones without any that day are left out), heights.
Where nothing of that matters their answers are compared. Run it from the checkout::

    python benchmarks/bench_encounters.py [plans] [plans for the loops]
"""

from __future__ import annotations

import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from lowalt import AirspaceDataset, FlightPlan, InvalidInputError, TimeInterval, load_airspace
from lowalt.airspace.regions import Limits
from lowalt.flights import Datum, Waypoint
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, LocalFrame, geodesic_direct
from lowalt.levels import Level, VerticalReference
from lowalt.paths import Paths, Routes
from lowalt.situation import encounter_table, lay
from lowalt.situation.batch import PIECES_AT_ONCE, has_rule
from lowalt.situation.datum import refuse_gcj02
from lowalt.situation.stays import Survey, periods_of

CHINA = timezone(timedelta(hours=8))
DAY = datetime(2026, 6, 1, tzinfo=CHINA)
ROUNDS = 5
SEED = 20260601


def synthetic_plans(count: int, airspace: AirspaceDataset) -> list[FlightPlan]:
    """Make routes over Shenzhen, all in one day."""
    random = np.random.default_rng(SEED)
    waypoints = random.integers(2, 13, count)
    length_m = np.exp(random.uniform(np.log(500.0), np.log(25_000.0), count))
    speed_m_s = random.uniform(8.0, 20.0, count)
    place = np.column_stack(
        (random.uniform(113.78, 114.60, count), random.uniform(22.42, 22.82, count))
    )
    azimuth_deg = random.uniform(0.0, 360.0, count)
    at_s = random.uniform(6.0, 21.0, count) * 3600.0
    places, times = [place], [at_s]
    for _ in range(11):
        leg_m = length_m / (waypoints - 1) * random.uniform(0.5, 1.5, count)
        azimuth_deg = azimuth_deg + random.normal(0.0, 35.0, count)
        place = geodesic_direct(place, azimuth_deg=azimuth_deg, distance_m=leg_m)
        at_s = at_s + leg_m / speed_m_s
        places.append(place)
        times.append(at_s)
    lon_lat, seconds = np.stack(places, axis=1).round(7), np.stack(times, axis=1).round(3)
    above_ground = random.random(count) < 0.7
    height_m = random.integers(6, 31, count) * 10.0
    width_m = random.choice([0.0, 15.0, 30.0, 50.0, 100.0], count)
    plans = (
        FlightPlan(
            plan_id=f"synthetic-{i}",
            datum=Datum.WGS84,
            waypoints=tuple(
                Waypoint(
                    lon_deg=float(lon_lat[i, k, 0]),
                    lat_deg=float(lon_lat[i, k, 1]),
                    level=Level(
                        float(height_m[i]),
                        VerticalReference.AGL if above_ground[i] else VerticalReference.AMSL,
                    ),
                    time=DAY + timedelta(seconds=float(seconds[i, k])),
                )
                for k in range(waypoints[i])
            ),
            route_buffer_m=float(width_m[i]),
            vertical_buffer_m=10.0,
        )
        for i in range(count)
    )
    return [plan for plan in plans if is_taken_for_wgs84(plan, airspace)]


def is_taken_for_wgs84(plan: FlightPlan, airspace: AirspaceDataset) -> bool:
    """Whether a plan does not by chance begin or end where a GCJ-02 map draws a known place."""
    try:
        refuse_gcj02([plan], airspace)
    except InvalidInputError:
        return False
    return True


@dataclass(frozen=True)
class Piece:
    """A piece of a path as a loop wants it."""

    line: LineString | Point
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Flight:
    """A path as a loop wants it."""

    width_m: float
    line: BaseGeometry
    pieces: Sequence[Piece]


def flights_of(plans: Sequence[FlightPlan], frame: LocalFrame) -> list[Flight]:
    """Make lines of plans."""
    paths = Paths.of(Routes.of(plans), frame=frame)
    flights = []
    for first, beyond, width_m in zip(
        paths.first[:-1], paths.first[1:], paths.horizontal_m, strict=True
    ):
        xy, t_s = paths.xy[first:beyond], paths.t_s[first:beyond].tolist()
        lines = np.asarray(shapely.linestrings(np.stack((xy[:-1], xy[1:]), axis=1))).tolist()
        pieces = [Piece(*piece) for piece in zip(lines, t_s[:-1], t_s[1:], strict=True)]
        flights.append(Flight(float(width_m), LineString(xy), pieces))
    return flights


Shapes = dict[float, list[tuple[int, BaseGeometry]]]
"""Numbers of zones, complemented for volumes that bind micro UAV, and their grown and prepared
shapes, by half-width."""


def shapes_of(airspace: AirspaceDataset, flights: Sequence[Flight], day: TimeInterval) -> Shapes:
    """Grow the shapes of all zones that have hours on the day."""
    shapes: Shapes = {flight.width_m: [] for flight in flights}
    for width_m, found in shapes.items():
        for number, zone in enumerate(airspace.zones):
            if not zone.active_within(day):
                continue
            for limits in airspace.limits(number):
                found.extend((number, shape) for shape in grown(limits, width_m))
            for limits in airspace.limits(number, micro=True):
                found.extend((~number, shape) for shape in grown(limits, width_m))
    return shapes


def grown(limits: Limits, width_m: float) -> Iterator[BaseGeometry]:
    """Grow the shapes of a volume and prepare them."""
    for region, _ in limits.regions:
        shape = region.drawn(grown_by_m=width_m + BOUNDARY_TOLERANCE_M)
        shapely.prepare(shape)
        yield shape


def asking(flights: Sequence[Flight], shapes: Shapes) -> int:
    """Count the shapes that flights meet."""
    return sum(
        shape.intersects(flight.line) for flight in flights for _, shape in shapes[flight.width_m]
    )


Spans = list[tuple[float, float]]


def cutting(
    flights: Sequence[Flight], shapes: Shapes, *, few: bool
) -> dict[tuple[int, int], Spans]:
    """Find when flights are in shapes, by flight and zone."""
    found: dict[tuple[int, int], Spans] = {}
    for number, flight in enumerate(flights):
        for zone, shape in shapes[flight.width_m]:
            if shape.intersects(flight.line):
                spans = [s for piece in flight.pieces for s in spans_of(piece, shape, few=few)]
                found.setdefault((number, zone), []).extend(joined(spans))
    return found


def spans_of(piece: Piece, shape: BaseGeometry, *, few: bool) -> Spans:
    """Find when a piece is in a shape."""
    if few and not shape.intersects(piece.line):
        return []
    if few and shape.covers(piece.line):
        return [(piece.start_s, piece.end_s)]
    parts = piece.line.intersection(shape)
    rate = (piece.end_s - piece.start_s) / piece.line.length
    spans = []
    for part in () if parts.is_empty else getattr(parts, "geoms", [parts]):
        first, last = (piece.line.project(Point(part.coords[i])) for i in (0, -1))
        spans.append((piece.start_s + rate * first, piece.start_s + rate * last))
    return spans


def joined(spans: Spans) -> Spans:
    """Join spans that meet."""
    result: Spans = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1] + 1e-6:
            result[-1] = (result[-1][0], max(result[-1][1], end))
        else:
            result.append((start, end))
    return result


def compare(
    found: dict[tuple[int, int], Spans], plans: Sequence[FlightPlan], airspace: AirspaceDataset
) -> tuple[int, float]:
    """Compare stays with the table's, for zones of one volume with limits of no other sort.

    Returns
    -------
    int, float
        How many flights in a zone were compared, and by how many seconds an entry or exit differed
        at most.
    """
    plain = {
        number
        for number, zone in enumerate(airspace.zones)
        if has_rule(zone)
        and zone.schedule.windows is None
        and len(zone.volumes) == 1
        and str(zone.volumes[0].layer) == "SFC - UNL"
        and airspace.limits(number)[0].surely is airspace.limits(number)[0].possibly
    }
    numbers = {zone.identifier: number for number, zone in enumerate(airspace.zones)}
    ours: dict[tuple[int, int], Spans] = {}
    table = encounter_table(plans, airspace=airspace)
    for row, encounter in enumerate(table):
        plan, zone = int(table.plan[row]), numbers[encounter.zone.identifier]
        if zone in plain:
            times = (encounter.period.start, encounter.period.end)
            start, end = ((t - plans[plan].departure).total_seconds() for t in times)
            ours.setdefault((plan, zone), []).append((start, end))
    theirs = {key: spans for key, spans in found.items() if key[1] in plain}
    assert theirs.keys() == ours.keys()
    differences = []
    for key, spans in theirs.items():
        assert len(spans) == len(ours[key]), key
        differences.append(np.abs(np.array(spans) - np.array(ours[key])).max())
    return len(differences), max(differences, default=0.0)


def seconds(work: Callable[[], Any]) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main(count: int = 10_000, count_of_loops: int = 300) -> None:
    """Print the table."""
    airspace = load_airspace("shenzhen")
    plans = synthetic_plans(count, airspace)
    few = plans[:count_of_loops]
    flights = flights_of(few, airspace.frame)
    shapes = shapes_of(airspace, flights, TimeInterval(DAY, DAY + timedelta(days=1)))
    routes = Routes.of(plans)
    batches = list(routes.batches(most_pieces=PIECES_AT_ONCE))
    paths = [Paths.of(routes, batch, frame=airspace.frame) for batch in batches]
    table = encounter_table(plans, airspace=airspace)
    for plan in few:
        lay(plan, airspace=airspace)

    def survey() -> None:
        survey = Survey(
            airspace,
            lambda _: True,
            bounds=routes.bounds(airspace.frame),
            periods_us=periods_of(routes.epoch_us, routes.end_us),
        )
        for some in paths:
            survey.stays(some)

    def cut() -> None:
        routes = Routes.of(plans)
        for batch in routes.batches(most_pieces=PIECES_AT_ONCE):
            Paths.of(routes, batch, frame=airspace.frame)

    works: dict[str, tuple[int, Callable[[], Any]]] = {
        "table": (len(plans), lambda: encounter_table(plans, airspace=airspace)),
        "  paths from plans": (len(plans), cut),
        "  stays of paths": (len(plans), survey),
        "lay, one by one": (len(few), lambda: [lay(plan, airspace=airspace) for plan in few]),
        "loop: asking": (len(few), lambda: asking(flights, shapes)),
        "loop: cutting": (len(few), lambda: cutting(flights, shapes, few=False)),
        "loop: cutting few": (len(few), lambda: cutting(flights, shapes, few=True)),
    }
    times = {name: [seconds(w) / n * 1e6 for _ in range(1)] for name, (n, w) in works.items()}
    for _ in range(ROUNDS - 1):
        for name, (n, work) in works.items():
            times[name].append(seconds(work) / n * 1e6)

    def ratio(name: str, to: str) -> float:
        return statistics.median(a / b for a, b in zip(times[name], times[to], strict=True))

    zones = airspace.zones
    pieces = sum(len(some.begins_piece) for some in paths)
    print(f"{platform.python_implementation()} {platform.python_version()}, ", end="")
    print(f"shapely {shapely.__version__}, numpy {np.__version__}; {ROUNDS} rounds in turn")
    print(f"{len(plans)} plans, {pieces} pieces; loops over {len(few)} of the plans")
    volumes = sum(len(zone.volumes) + len(zone.micro_volumes or ()) for zone in zones)
    print(f"{len(zones)} zones with {volumes} volumes, ", end="")
    print(f"{sum(map(has_rule, zones))} zones with a rule; {len(table)} encounters")
    print(f"{'':<20}{'us a plan':>10}{'plans/s':>10}{'to table':>10}{'to stays':>10}")
    for name, values in times.items():
        value = statistics.median(values)
        print(
            f"{name:<20}{value:>10.1f}{1e6 / value:>10.0f}"
            f"{ratio(name, 'table'):>10.1f}{ratio(name, '  stays of paths'):>10.1f}"
        )
    compared, apart_s = compare(cutting(flights, shapes, few=True), few, airspace)
    print(f"loop and table agree on {compared} flights in a zone, to {apart_s * 1e3:.1f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
