"""Made-up traffic for benchmarks and exact counts: the same flights on every machine.

What depends on the last digit of a sine or an exponential is rounded to whole metres; from there
on only operations are used whose result IEEE 754 prescribes. Each quantity is drawn from a stream
of its own, so a scenario begins with the flights of a smaller one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray, IntArray, runs
from lowalt.conflicts.limits import MAX_TIME_S
from lowalt.conflicts.scenarios.draws import Draws
from lowalt.conflicts.tracks import TrackArray
from lowalt.errors import InvalidInputError, Problem

Kind = Literal["city", "hub", "corridor", "hops", "crossers", "lattice", "swarm"]

WIDTH_M: Final = 80_000.0
"""Extent of the region along x."""

DEPTH_M: Final = 50_000.0
"""Extent of the region along y."""

_BATCH: Final = 1 << 14
"""Flights made at once: their vertices fit a processor's cache."""


def scenario(kind: Kind, flights: int, *, window_s: float, seed: int = 1) -> TrackArray:
    """Make up traffic over a region of 80 by 50 km.

    Of ``city`` 97 of 100 flights are drones (10 to 25 m/s, 5 km in the middle) and the others
    helicopters (50 to 70 m/s, 15 to 50 km), of 10 to 40 waypoints and cruising at 60 to 300 m in
    steps of 10, between 200 vertiports, some busier than others, and anywhere. The others skew it:

    ``hub``
        all flights of a city pass one point half-way;
    ``corridor``
        all flights of a city follow one corridor, 200 m wide, in both directions;
    ``hops``
        flights of four vertices, straight up, 200 to 1000 m across, and down;
    ``crossers``
        a city where one flight of a thousand crosses the whole region in a single leg;
    ``lattice``
        whole metres and seconds, lanes and levels just as far apart as two flights' radii, lanes
        that cross so that flights exactly touch: all that rounding could get wrong;
    ``swarm``
        drones that hover at the points of a grid and go to the next one now and then, where
        neighbours exactly touch.

    Parameters
    ----------
    kind
        One of the above.
    flights
        How many, 1 or more. A million of a city take 762 MiB.
    window_s
        They depart within so many seconds of the epoch; every 5 or 10 seconds in ``lattice`` and
        ``swarm``.
    seed
        Names the stream of chance, 0 or more.

    Raises
    ------
    InvalidInputError
        If there is no such kind, or a number is out of range.

    Examples
    --------
    >>> tracks = scenario("city", 1000, window_s=3600.0)
    >>> tracks.vertices.shape, tracks.vertices[0].tolist()
    ((24506, 4), [3013.397, 8918.0, 8903.0, 0.0])
    """
    _check(kind, flights, window_s, seed)
    make, draw = _MAKERS[kind], Draws(seed)
    batches = [
        make(draw, np.arange(first, min(first + _BATCH, flights)), window_s)
        for first in range(0, flights, _BATCH)
    ]
    offsets = np.zeros(flights + 1, dtype=np.intp)
    np.cumsum(np.concatenate([batch.counts for batch in batches]), out=offsets[1:])
    arrays = (
        np.concatenate([batch.vertices for batch in batches]),
        offsets,
        np.concatenate([batch.horizontal_radius_m for batch in batches]),
        np.concatenate([batch.vertical_radius_m for batch in batches]),
        np.zeros(flights),
    )
    for array in arrays:
        array.flags.writeable = False
    return TrackArray(
        *arrays,
        tolerance_m=0.0,
        ids=None,
        epoch=None,
        frame=None,
        origin_m=(0.0, 0.0),
        position_error_m=0.0,
    )


def _check(kind: str, flights: int, window_s: float, seed: int) -> None:
    problems = []
    if kind not in _MAKERS:
        problems.append(Problem("kind", repr(kind), f"one of {', '.join(get_args(Kind))}"))
    if flights < 1:
        problems.append(Problem("flights", str(flights), "1 or more"))
    if not 1.0 <= window_s <= MAX_TIME_S / 2.0:
        problems.append(Problem("window_s", str(window_s), f"1 to {MAX_TIME_S / 2.0:.0f} seconds"))
    if seed < 0:
        problems.append(Problem("seed", str(seed), "0 or more"))
    if problems:
        raise InvalidInputError("there is no such scenario:", problems=problems)


class _Flights(NamedTuple):
    """Some flights: how many vertices each has, these one after another, and the cylinders."""

    counts: IntArray
    vertices: FloatArray
    horizontal_radius_m: FloatArray
    vertical_radius_m: FloatArray


class _Craft(NamedTuple):
    """What flies: a number for each flight."""

    is_helicopter: NDArray[np.bool_]
    speed_m_s: FloatArray
    horizontal_radius_m: FloatArray
    vertical_radius_m: FloatArray

    @classmethod
    def drawn(cls, draw: Draws, count: int) -> _Craft:
        """Draw helicopters for 3 flights of 100, else drones."""
        rare = draw.share("craft", count) < 0.03
        drone_m_s = draw.uniform("drone speed", 10.0, 25.0, count)
        across_m = draw.pick("radius", (15.0, 25.0, 40.0), count)
        above_m = draw.pick("half height", (8.0, 10.0, 15.0), count)
        return cls(
            is_helicopter=rare,
            speed_m_s=np.where(rare, draw.uniform("speed", 50.0, 70.0, count), drone_m_s),
            horizontal_radius_m=np.where(rare, 150.0, across_m),
            vertical_radius_m=np.where(rare, 45.0, above_m),
        )


class _Routes(NamedTuple):
    """Where flights go: the straight way, and how far waypoints may lie beside it."""

    origin_m: FloatArray
    """``(n, 2)``."""
    destination_m: FloatArray
    """``(n, 2)``."""
    sway_m: FloatArray
    """Standard deviation, ``(n,)``."""


def _way_m(draw: Draws, craft: _Craft) -> tuple[FloatArray, FloatArray]:
    """Draw how far flights go and their direction, as a step east and north, ``(n, 2)``."""
    count = len(craft.speed_m_s)
    drone_m = 5_000.0 * np.exp(0.6 * draw.bell("drone distance", count))
    helicopter_m = draw.uniform("distance", 15_000.0, 50_000.0, count)
    distance_m = np.where(craft.is_helicopter, helicopter_m, np.clip(drone_m, 1_000.0, 25_000.0))
    angle = draw.uniform("angle", 0.0, 2.0 * np.pi, count)
    return distance_m, distance_m[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))


def _between_vertiports(draw: Draws, craft: _Craft) -> _Routes:
    """From 200 vertiports, the k-th as busy as the square root of k has it, or from anywhere."""
    count = len(craft.speed_m_s)
    ports = Draws(0)  # the same in every scenario
    port_m = np.column_stack(
        (
            ports.uniform("port x", 2_000.0, WIDTH_M - 2_000.0, 200),
            ports.uniform("port y", 2_000.0, DEPTH_M - 2_000.0, 200),
        )
    )
    busy = np.cumsum(1.0 / np.sqrt(np.arange(1.0, 201.0)))
    chosen = np.searchsorted(busy, busy[-1] * draw.share("port", count), side="right")
    beside_m = 300.0 * np.column_stack((draw.bell("beside x", count), draw.bell("beside y", count)))
    anywhere_m = np.column_stack(
        (
            draw.uniform("anywhere x", 0.0, WIDTH_M, count),
            draw.uniform("anywhere y", 0.0, DEPTH_M, count),
        )
    )
    free = draw.share("free", count) < 0.3
    origin_m = np.where(free[:, None], anywhere_m, port_m[chosen] + beside_m)
    distance_m, way_m = _way_m(draw, craft)
    extent_m = np.array([WIDTH_M, DEPTH_M])
    destination_m = np.abs(origin_m + way_m)  # what leaves the region is thrown back
    destination_m = np.where(
        destination_m > extent_m, 2.0 * extent_m - destination_m, destination_m
    )
    return _Routes(origin_m, destination_m, np.minimum(0.02 * distance_m, 150.0))


def _through_a_hub(draw: Draws, craft: _Craft) -> _Routes:
    distance_m, way_m = _way_m(draw, craft)
    hub_m = np.array([WIDTH_M, DEPTH_M]) / 2.0
    sway_m = np.minimum(0.02 * distance_m, 20.0)
    return _Routes(hub_m + way_m / 2.0, hub_m - way_m / 2.0, sway_m)


def _along_a_corridor(draw: Draws, craft: _Craft) -> _Routes:
    count = len(craft.speed_m_s)
    distance_m, _ = _way_m(draw, craft)
    along_m = distance_m * draw.pick("direction", (-0.5, 0.5), count)
    middle_m = WIDTH_M / 2.0 + draw.uniform("middle", -20_000.0, 20_000.0, count)
    axis_m = DEPTH_M / 2.0
    origin_y_m = axis_m + draw.uniform("origin beside", -100.0, 100.0, count)
    destination_y_m = axis_m + draw.uniform("destination beside", -100.0, 100.0, count)
    return _Routes(
        np.column_stack((middle_m - along_m, origin_y_m)),
        np.column_stack((middle_m + along_m, destination_y_m)),
        np.minimum(0.02 * distance_m, 20.0),
    )


def _flown(draw: Draws, window_s: float, routes: _Routes, craft: _Craft) -> _Flights:
    """Fly routes by 10 to 40 waypoints, more or less beside the straight way."""
    count = len(craft.speed_m_s)
    counts = draw.whole("waypoints", 10, 41, count)
    flight = np.repeat(np.arange(count), counts)
    _, begins = runs(counts, counts)
    first, last = begins[:-1], begins[1:] - 1
    along = _sorted_shares(draw, flight, first, last)
    inner = np.ones(len(flight), dtype=bool)
    inner[first] = inner[last] = False
    origin_m, destination_m = np.rint(routes.origin_m), np.rint(routes.destination_m)
    way_m = destination_m - origin_m
    length_m = np.maximum(np.sqrt(way_m[:, 0] ** 2 + way_m[:, 1] ** 2), 1.0)
    left_m = way_m[:, ::-1] * np.array([-1.0, 1.0]) * (np.rint(routes.sway_m) / length_m)[:, None]
    sway = np.where(inner, draw.bell("sway", len(flight)), 0.0)
    vertices = np.empty((len(flight), 4))
    for axis in (0, 1):
        straight_m = origin_m[:, axis][flight] + way_m[:, axis][flight] * along
        vertices[:, 1 + axis] = _to_mm(straight_m + left_m[:, axis][flight] * sway)
    cruise_m = 10.0 * np.rint(draw.uniform("cruise", 6.0, 30.0, count))
    vertices[:, 3] = np.where(inner, cruise_m[flight], 0.0)
    speed_m_s = craft.speed_m_s[flight] * draw.uniform("haste", 0.9, 1.1, len(flight))
    step_m = np.diff(vertices[:, 1:], axis=0, prepend=vertices[:1, 1:])
    far_m = np.sqrt(step_m[:, 0] ** 2 + step_m[:, 1] ** 2 + step_m[:, 2] ** 2)
    taken_ms = np.maximum(np.rint(1000.0 * far_m / speed_m_s), 1.0)
    taken_ms[first] = np.rint(1000.0 * window_s * draw.share("departure", count))
    vertices[:, 0] = _summed(taken_ms, first, flight) / 1000.0
    return _Flights(counts, vertices, craft.horizontal_radius_m, craft.vertical_radius_m)


def _sorted_shares(draw: Draws, flight: IntArray, first: IntArray, last: IntArray) -> FloatArray:
    """Draw places along each flight in order, from 0 at its first vertex to 1 at its last."""
    place = (flight << 32) + draw.whole("along", 0, 1 << 32, len(flight))
    place.sort()  # each flight's places have its number in front
    begin, end = place[first], place[last]
    return np.asarray((place - begin[flight]) / (end - begin)[flight])


def _summed(steps: FloatArray, first: IntArray, flight: IntArray) -> FloatArray:
    """Add up whole numbers along each flight; those are exact."""
    total = np.cumsum(steps)
    before = total[first] - steps[first]
    return total - before[flight]


def _to_mm(metres: FloatArray) -> FloatArray:
    return np.rint(metres * 1000.0) / 1000.0


_Maker = Callable[[Draws, IntArray, float], _Flights]
"""Makes the flights of some numbers, which depart within a window."""


def _routed(routes_of: Callable[[Draws, _Craft], _Routes]) -> _Maker:
    def make(draw: Draws, numbers: IntArray, window_s: float) -> _Flights:
        craft = _Craft.drawn(draw, len(numbers))
        return _flown(draw, window_s, routes_of(draw, craft), craft)

    return make


_city = _routed(_between_vertiports)


def _crossers(draw: Draws, numbers: IntArray, window_s: float) -> _Flights:
    """Let one flight of a thousand of a city cross the region, west to east."""
    city = _city(draw, numbers, window_s)
    flight = np.repeat(np.arange(len(numbers)), city.counts)
    _, begins = runs(city.counts, city.counts)
    first, last = begins[:-1], begins[1:] - 1
    crosses = numbers % 1000 == 0
    height_m = 10.0 * draw.whole("crosser height", 10, 31, len(numbers))
    south_m = np.rint(draw.uniform("crosser south", 0.0, DEPTH_M, len(numbers)))
    north_m = np.rint(draw.uniform("crosser north", 0.0, DEPTH_M, len(numbers)))
    departure_s = city.vertices[first, 0]
    for row, x_m, y_m, taken_s in ((first, 0.0, south_m, 0.0), (last, WIDTH_M, north_m, 1_250.0)):
        columns = np.broadcast_arrays(departure_s + taken_s, x_m, y_m, height_m)
        city.vertices[row[crosses]] = np.column_stack(columns)[crosses]
    kept = ~crosses[flight]
    kept[first] = kept[last] = True
    return _Flights(
        counts=np.where(crosses, 2, city.counts),
        vertices=city.vertices[kept],
        horizontal_radius_m=np.where(crosses, 150.0, city.horizontal_radius_m),
        vertical_radius_m=np.where(crosses, 45.0, city.vertical_radius_m),
    )


def _hops(draw: Draws, numbers: IntArray, window_s: float) -> _Flights:
    """Up at 3 m/s, across, and down."""
    count = len(numbers)
    at_m = np.column_stack(
        (draw.uniform("x", 0.0, WIDTH_M, count), draw.uniform("y", 0.0, DEPTH_M, count))
    )
    far_m = draw.uniform("distance", 200.0, 1_000.0, count)
    angle = draw.uniform("angle", 0.0, 2.0 * np.pi, count)
    way_m = far_m[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
    height_m = 10.0 * draw.whole("height", 3, 13, count)
    rise_ms = np.rint(1000.0 * height_m / 3.0)
    across_ms = np.rint(1000.0 * far_m / draw.uniform("speed", 8.0, 15.0, count))
    vertices = np.zeros((count, 4, 4))
    taken_ms = (np.rint(1000.0 * window_s * draw.share("departure", count)), rise_ms, across_ms)
    vertices[:, :, 0] = np.cumsum(np.column_stack((*taken_ms, rise_ms)), axis=1) / 1000.0
    vertices[:, :2, 1:3] = np.rint(at_m)[:, None]
    vertices[:, 2:, 1:3] = np.rint(at_m + way_m)[:, None]
    vertices[:, 1:3, 3] = height_m[:, None]
    return _alike(vertices, horizontal_radius_m=15.0, vertical_radius_m=8.0)


def _lattice(draw: Draws, numbers: IntArray, window_s: float) -> _Flights:
    """Along 40 lanes each way, 50 m apart, at 20 m/s along x and 15 along y.

    Where such lanes cross, the relative speed is 25 m/s, so that flights may touch in passing at
    a time and distance that are whole numbers. The middle third of the way climbs or sinks.
    """
    count = len(numbers)
    along_x = draw.share("axis", count) < 0.5
    forward = draw.share("direction", count) < 0.5
    lane_m = 50.0 * draw.whole("lane", 0, 40, count)
    level_m = 10.0 * draw.whole("level", 6, 12, count)
    change_m = draw.pick("change", (-10.0, 0.0, 10.0), count)
    departure_s = 5.0 * draw.whole("departure", 0, int(window_s) // 5, count)
    thirds = np.arange(4.0)
    along_m = 600.0 * np.where(forward[:, None], thirds, 3.0 - thirds)
    vertices = np.empty((count, 4, 4))
    vertices[:, :, 0] = departure_s[:, None] + np.where(along_x, 30.0, 40.0)[:, None] * thirds
    vertices[:, :, 1] = np.where(along_x[:, None], along_m, lane_m[:, None])
    vertices[:, :, 2] = np.where(along_x[:, None], lane_m[:, None], along_m)
    vertices[:, :2, 3] = level_m[:, None]
    vertices[:, 2:, 3] = (level_m + change_m)[:, None]
    return _alike(vertices, horizontal_radius_m=25.0, vertical_radius_m=5.0)


def _swarm(draw: Draws, numbers: IntArray, window_s: float) -> _Flights:
    """Hover four times, going from one point of a grid to one beside, above or below in between.

    The grid is 30 m wide, 8 levels of 16 m high and 64 points deep, and grows along x.
    """
    count = len(numbers)
    beside = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]])
    at = [np.column_stack((numbers // 512, numbers // 8 % 64, numbers % 8))]
    taken_s = [10.0 * draw.whole("departure", 0, int(window_s) // 10, count)]
    hover_s = draw.pick("hover", (20.0, 40.0, 60.0), 4 * count).reshape(count, 4)
    step = beside[draw.whole("step", 0, len(beside), 4 * count)].reshape(count, 4, 3)
    for n in range(4):
        taken_s += [hover_s[:, n], np.full(count, 10.0)]
        at += [at[-1], at[-1] + step[:, n]]
    vertices = np.empty((count, 8, 4))
    vertices[:, :, 0] = np.cumsum(np.column_stack(taken_s[:8]), axis=1)
    vertices[:, :, 1:] = np.stack(at[:8], axis=1) * np.array([30.0, 30.0, 16.0])
    vertices[:, :, 3] += 40.0
    return _alike(vertices, horizontal_radius_m=15.0, vertical_radius_m=8.0)


def _alike(
    vertices: FloatArray, *, horizontal_radius_m: float, vertical_radius_m: float
) -> _Flights:
    """Give flights of as many vertices, ``(n, k, 4)``, one cylinder."""
    count, each, _ = vertices.shape
    return _Flights(
        counts=np.full(count, each),
        vertices=vertices.reshape(-1, 4),
        horizontal_radius_m=np.full(count, horizontal_radius_m),
        vertical_radius_m=np.full(count, vertical_radius_m),
    )


_MAKERS: Final[dict[Kind, _Maker]] = {
    "city": _city,
    "hub": _routed(_through_a_hub),
    "corridor": _routed(_along_a_corridor),
    "hops": _hops,
    "crossers": _crossers,
    "lattice": _lattice,
    "swarm": _swarm,
}
