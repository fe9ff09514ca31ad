"""What else finds the conflicts among many flights: spatial indexes and databases.

All look for pairs of boxes that touch, and all pairs found go through one test, :func:`met`. It is
spared what ``detect_conflicts`` does beyond: it tells only whether two legs meet, not when and how
close, and where rounding could make it wrong it takes both radii to be a micrometre less. Peers
that are given *passages* get those of lowalt itself, flights cut by slabs of time, and their boxes.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from lowalt.conflicts import TrackArray
from lowalt.conflicts.arrays import BoolArray, FloatArray, IntArray, T, X, Y, Z, runs
from lowalt.conflicts.search.grid import Grid
from lowalt.conflicts.search.passages import Passages, passages
from lowalt.conflicts.search.stretches import Stretch

Numbers = NDArray[np.signedinteger]

SLAB_S = 60.0
"""Least length of the slabs of :func:`tree_of_passages`, to which building trees is dear."""

AT_ONCE = 1 << 16
"""Pairs tested together: their columns stay in the cache of a core."""

SHRUNK_M = 1e-6
"""What rounding is feared for: exact touches that it turns into conflicts are farther off."""


@dataclass(frozen=True)
class Peer:
    """Another way to find conflicts.

    Attributes
    ----------
    name
        What the table calls it.
    find
        Gives the pairs of flights, ``(K, 2)``, sorted.
    most_flights
        Of how many flights it is asked unless all is asked for: beyond, it takes minutes.
    missing
        Says what it lacks here, and how to get it; nothing where it can be asked.
    """

    name: str
    find: Callable[[TrackArray], IntArray]
    most_flights: int
    missing: Callable[[], str]


# The test of pairs of legs


@dataclass(frozen=True)
class Legs:
    """All legs of all flights: where they begin among the vertices, and whose they are."""

    begin: IntArray
    flight: IntArray

    @classmethod
    def of(cls, tracks: TrackArray) -> Legs:
        """Take them flight by flight."""
        counts = np.diff(tracks.offsets) - 1
        begin, _ = runs(tracks.offsets[:-1], counts)
        return cls(begin, np.repeat(np.arange(len(tracks)), counts))

    def boxes(self, tracks: TrackArray) -> tuple[FloatArray, FloatArray]:
        """Low and high corners, grown by the flights' radii, ``(L, 4)`` each: t, x, y, z."""
        start, end = tracks.vertices[self.begin], tracks.vertices[self.begin + 1]
        radii = (tracks.horizontal_radius_m, tracks.horizontal_radius_m, tracks.vertical_radius_m)
        grown = np.column_stack((np.zeros(len(tracks)), *radii))[self.flight]
        return np.minimum(start, end) - grown, np.maximum(start, end) + grown


def met(tracks: TrackArray, one: IntArray, other: IntArray, a: IntArray, b: IntArray) -> BoolArray:
    """Tell which flights meet on legs that begin at some vertices, ``(N,)`` each."""
    v, result = tracks.vertices, np.zeros(len(a), dtype=bool)
    start = np.maximum(v[a, T], v[b, T])
    end = np.minimum(v[a + 1, T], v[b + 1, T])
    kept = np.flatnonzero(start <= end)
    one, other, a, b = one[kept], other[kept], a[kept], b[kept]
    start, duration = start[kept], end[kept] - start[kept]
    radius, height = (
        size[one] + size[other] - SHRUNK_M
        for size in (tracks.horizontal_radius_m, tracks.vertical_radius_m)
    )
    place, velocity = [], []
    for axis in (X, Y, Z):
        at, rate = [], []
        for leg in (a, b):
            rate.append((v[leg + 1, axis] - v[leg, axis]) / (v[leg + 1, T] - v[leg, T]))
            at.append(v[leg, axis] + rate[-1] * (start - v[leg, T]))
        place.append(at[0] - at[1])
        velocity.append(rate[0] - rate[1])
    (x, y, z), (u, w, climb) = place, velocity
    with np.errstate(divide="ignore", invalid="ignore"):
        bounds = (-height - z) / climb, (height - z) / climb
        level = climb == 0.0
        since = np.where(level, 0.0, np.maximum(np.minimum(*bounds), 0.0))
        until = np.where(level, duration, np.minimum(np.maximum(*bounds), duration))
        nearest = -(x * u + y * w) / (u * u + w * w)
    nearest = np.clip(np.where(np.isnan(nearest), since, nearest), since, until)
    x, y = x + u * nearest, y + w * nearest
    passes = (since <= until) & (np.abs(z + climb * (0.5 * (since + until))) < height)
    result[kept] = passes & (x * x + y * y < radius * radius)
    return result


class Found:
    """Collects the pairs of flights that meet, whatever the order in which legs are looked at."""

    def __init__(self, tracks: TrackArray) -> None:
        self._tracks = tracks
        self._keys = [np.zeros(0, dtype=np.int64)]

    def test(self, one: Numbers, other: Numbers, a: IntArray, b: IntArray) -> None:
        """Test legs of flights; those of one flight are passed over."""
        for start in range(0, len(a), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            apart = one[part] != other[part]
            low = np.minimum(one[part], other[part])[apart]
            high = np.maximum(one[part], other[part])[apart]
            swapped = (one[part] > other[part])[apart]
            first = np.where(swapped, b[part][apart], a[part][apart])
            second = np.where(swapped, a[part][apart], b[part][apart])
            hit = met(self._tracks, low, high, first, second)
            self._keys.append(np.unique((low[hit].astype(np.int64) << 32) | high[hit]))

    def pairs(self) -> IntArray:
        """Give them, ``(K, 2)``, sorted."""
        keys = np.unique(np.concatenate(self._keys))
        return np.column_stack((keys >> 32, keys & 0xFFFFFFFF)).astype(np.intp)


# Peers that are given all legs


def tree_of_legs(tracks: TrackArray) -> IntArray:
    """Ask one STRtree of all legs in the plane, then compare times and heights."""
    legs, found = Legs.of(tracks), Found(tracks)
    low, high = legs.boxes(tracks)
    shapes = shapely.box(low[:, X], low[:, Y], high[:, X], high[:, Y])
    tree = shapely.STRtree(shapes)
    for start in range(0, len(shapes), 20_000):
        p, q = tree.query(shapes[start : start + 20_000])
        p += start
        kept = p < q
        for axis in (T, Z):
            p, q = p[kept], q[kept]
            kept = (low[p, axis] <= high[q, axis]) & (low[q, axis] <= high[p, axis])
        _test(found, legs, p[kept], q[kept])
    return found.pairs()


def rtree_of_legs(tracks: TrackArray) -> IntArray:
    """Ask one R*-tree of the boxes of all legs, in four dimensions."""
    index = importlib.import_module("rtree.index")
    legs, found = Legs.of(tracks), Found(tracks)
    low, high = (corner.tolist() for corner in legs.boxes(tracks))
    boxes = [(*a, *b) for a, b in zip(low, high, strict=True)]
    properties = index.Property(dimension=4)
    tree = index.Index(((n, box, None) for n, box in enumerate(boxes)), properties=properties)
    near = [[other for other in tree.intersection(box) if other > n] for n, box in enumerate(boxes)]
    q = np.array([other for others in near for other in others], dtype=np.intp)
    _test(found, legs, np.repeat(np.arange(len(near)), [len(others) for others in near]), q)
    return found.pairs()


def duckdb_of_legs(tracks: TrackArray) -> IntArray:
    """Join the table of all legs with itself where ranges overlap, as plain SQL says it."""
    legs, found = Legs.of(tracks), Found(tracks)
    low, high = legs.boxes(tracks)
    columns: dict[str, NDArray[Any]] = {"id": np.arange(len(low)), "flight": legs.flight}
    for axis in (T, X, Y, Z):
        columns[f"low{axis}"], columns[f"high{axis}"] = low[:, axis].copy(), high[:, axis].copy()
    overlap = " and ".join(
        f"a.low{axis} <= b.high{axis} and b.low{axis} <= a.high{axis}" for axis in (T, X, Y, Z)
    )
    rows = _in_duckdb(
        columns, f"select a.id, b.id from given a join given b on a.flight < b.flight and {overlap}"
    )
    _test(found, legs, *rows)
    return found.pairs()


def _test(found: Found, legs: Legs, p: IntArray, q: IntArray) -> None:
    found.test(legs.flight[p], legs.flight[q], legs.begin[p], legs.begin[q])


def _in_duckdb(columns: dict[str, NDArray[Any]], query: str) -> tuple[IntArray, IntArray]:
    """Ask one thread of DuckDB for pairs of numbers out of a table called ``given``."""
    duckdb = importlib.import_module("duckdb")
    with duckdb.connect(config={"threads": 1}) as database:
        database.register("given", columns)
        one, other = database.execute(query).fetchnumpy().values()
    return np.asarray(one, dtype=np.intp), np.asarray(other, dtype=np.intp)


def postgis_of_legs(tracks: TrackArray) -> IntArray:
    """Join boxes of all legs by an index over the plane and time: loaded, indexed, forgotten.

    With PostGIS 3.3 that index is five times as fast as one of boxes in four dimensions.
    """
    psycopg = importlib.import_module("psycopg")
    legs, found = Legs.of(tracks), Found(tracks)
    low, high = legs.boxes(tracks)
    names = [f"{side}{axis}" for side in ("low", "high") for axis in (T, X, Y, Z)]
    with psycopg.connect() as database:
        database.execute(
            "create temporary table given (id int4, flight int4,"
            f" {', '.join(f'{name} float8' for name in names)}) on commit drop"
        )
        with database.cursor().copy("copy given from stdin (format binary)") as copy:
            copy.write(_copied([np.arange(len(low)), legs.flight], [*low.T, *high.T]))
        database.execute(
            "create temporary table boxes on commit drop as select id, flight,"
            f" low{Z} as bottom, high{Z} as top,"
            f" ST_MakeEnvelope(low{X}, low{Y}, high{X}, high{Y}) as box, int8range("
            f"floor(low{T} * 1000)::int8, ceil(high{T} * 1000)::int8, '[]') as period from given"
        )
        database.execute("create index on boxes using gist (box, period)")
        database.execute("analyze boxes")
        rows = database.execute(
            "select a.id, b.id from boxes a join boxes b on a.box && b.box and a.period && b.period"
            " and a.bottom <= b.top and b.bottom <= a.top and a.flight < b.flight"
        ).fetchall()
    p, q = np.array(rows, dtype=np.intp).reshape(-1, 2).T
    _test(found, legs, p, q)
    return found.pairs()


def _copied(whole: Sequence[NDArray[Any]], real: Sequence[FloatArray]) -> bytes:
    """Write columns as PostgreSQL's binary copy: each field has its size before it."""
    fields = [("fields", ">i2")]
    for n, form in enumerate([">i4"] * len(whole) + [">f8"] * len(real)):
        fields += [(f"size{n}", ">i4"), (f"value{n}", form)]
    rows = np.zeros(len(whole[0]), dtype=np.dtype(fields))
    rows["fields"] = len(whole) + len(real)
    for n, column in enumerate([*whole, *real]):
        rows[f"size{n}"] = rows.dtype[f"value{n}"].itemsize
        rows[f"value{n}"] = column
    return b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff"


# Peers that are given passages


def tree_of_passages(tracks: TrackArray) -> IntArray:
    """Ask one STRtree a slab of time, then compare heights: the usual pipeline at its best."""
    slab_s = max(Grid.over(tracks).slab_s, SLAB_S)
    p, found = _passages(tracks, slab_s=slab_s), Found(tracks)
    order = np.argsort(p.slab, kind="stable")
    cuts = np.searchsorted(p.slab[order], np.arange(int(p.slab.max()) + 2))
    west, south, east, north = (edge.astype(float) for edge in (p.west, p.south, p.east, p.north))
    bottom, top = p.bottom, p.top
    shapes = shapely.box(west, south, east, north)
    for start, stop in itertools.pairwise(cuts.tolist()):
        members = order[start:stop]
        if len(members) < 2:
            continue
        here = shapes[members]
        one, other = shapely.STRtree(here).query(here)
        kept = one < other
        one, other = members[one[kept]], members[other[kept]]
        kept = (bottom[one] <= top[other]) & (bottom[other] <= top[one])
        _test_passages(found, p, one[kept], other[kept])
    return found.pairs()


def duckdb_of_passages(tracks: TrackArray) -> IntArray:
    """Join the table of passages with itself by slab and cell, a kilometre wide."""
    p, found = _passages(tracks, slab_s=30.0), Found(tracks)
    west, south, east, north = (
        (edge / np.float32(1000.0)).astype(np.int32) for edge in (p.west, p.south, p.east, p.north)
    )
    wide, deep = east - west + 1, north - south + 1
    cell, begins = runs(np.zeros(len(p), dtype=np.intp), (wide * deep).astype(np.intp))
    n = np.repeat(np.arange(len(p)), np.diff(begins))
    columns: dict[str, NDArray[Any]] = {
        "id": n, "slab": p.slab[n], "flight": p.flight[n],
        "x": west[n] + cell % wide[n], "y": south[n] + cell // wide[n],
        "first_x": west[n], "first_y": south[n],
    }  # fmt: skip
    for name in ("west", "south", "bottom", "east", "north", "top"):
        columns[name] = getattr(p, name)[n]
    overlap = " and ".join(
        f"a.{low} <= b.{high} and b.{low} <= a.{high}"
        for low, high in (("west", "east"), ("south", "north"), ("bottom", "top"))
    )
    rows = _in_duckdb(
        columns,
        "select a.id, b.id from given a join given b"
        " on a.slab = b.slab and a.x = b.x and a.y = b.y and a.flight < b.flight"
        " and greatest(a.first_x, b.first_x) = a.x and greatest(a.first_y, b.first_y) = a.y"
        f" and {overlap}",
    )
    _test_passages(found, p, *rows)
    return found.pairs()


def _passages(tracks: TrackArray, *, slab_s: float) -> Passages:
    grid = Grid.over(tracks, slab_s=slab_s, strip_m=1_000.0)
    slabs = int(grid.slab(tracks.ends_s).max()) + 1
    every, none = np.arange(len(tracks)), np.zeros(len(tracks), dtype=bool)
    return passages(
        Stretch.of(tracks, grid, every, (0, slabs), across=none, exact=tracks.exact_radii), grid
    )


def _test_passages(found: Found, p: Passages, one: IntArray, other: IntArray) -> None:
    for part_one, part_other in _parts(one, other):
        one_legs, other_legs = (p.end[n] - p.begin[n] + 1 for n in (part_one, part_other))
        within, begins = runs(np.zeros(len(part_one), dtype=np.intp), one_legs * other_legs)
        pair = np.repeat(np.arange(len(part_one)), np.diff(begins))
        a_step, b_step = np.divmod(within, other_legs[pair])
        found.test(
            p.flight[part_one[pair]], p.flight[part_other[pair]],
            p.begin[part_one[pair]] + a_step, p.begin[part_other[pair]] + b_step,
        )  # fmt: skip


def _parts(one: IntArray, other: IntArray) -> Iterator[tuple[IntArray, IntArray]]:
    for start in range(0, len(one), AT_ONCE // 4):
        yield one[start : start + AT_ONCE // 4], other[start : start + AT_ONCE // 4]


# Which there are


def _module(name: str) -> Callable[[], str]:
    """Say how to get a module where it is missing."""
    return lambda: "" if importlib.util.find_spec(name) else f"not installed: pip install {name}"


def _postgis() -> str:
    if importlib.util.find_spec("psycopg") is None:
        return "not installed: pip install 'psycopg[binary]', and a PostGIS server"
    psycopg = importlib.import_module("psycopg")
    try:
        with psycopg.connect(connect_timeout=2) as database:
            found = database.execute(
                "select from pg_extension where extname = 'postgis'"
            ).fetchone()
    except psycopg.OperationalError:
        return "no server answers: name one by PGHOST, PGUSER and PGDATABASE"
    return "" if found is not None else "the database lacks the extension: create extension postgis"


PEERS = (
    Peer("STRtree a slab", tree_of_passages, 100_000, _module("shapely")),
    Peer("DuckDB, slab and cell", duckdb_of_passages, 100_000, _module("duckdb")),
    Peer("STRtree of legs", tree_of_legs, 10_000, _module("shapely")),
    Peer("PostGIS, plane and time", postgis_of_legs, 1_000, _postgis),
    Peer("rtree, 4D", rtree_of_legs, 10_000, _module("rtree")),
    Peer("DuckDB, ranges", duckdb_of_legs, 1_000, _module("duckdb")),
)
