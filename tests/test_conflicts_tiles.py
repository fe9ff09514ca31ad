"""Tiles: the same bytes as in one piece, however traffic is cut and whoever searches."""

from __future__ import annotations

import importlib.util
import os
import runpy
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conflict_answers import ENGINES, as_bytes, tracks_of

from lowalt import InvalidInputError
from lowalt.conflicts import TooManyConflictsError, TrackArray, detect_conflicts
from lowalt.conflicts.scenarios import scenario
from lowalt.conflicts.scenarios.shipped import Kind
from lowalt.conflicts.tiling.portions import Tiling, portions, tiling_for
from lowalt.conflicts.tiling.tiles import WorkersLostError, detect_conflicts_tiled
from lowalt.errors import MissingExtraError, UnknownNameError

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="Dask, the extra [dask], not installed"
)

TRAFFIC: dict[Kind, TrackArray] = {
    "city": scenario("city", 1000, window_s=900.0),
    "hub": scenario("hub", 150, window_s=900.0),
    "corridor": scenario("corridor", 200, window_s=900.0),
    "hops": scenario("hops", 3000, window_s=900.0),
    "crossers": scenario("crossers", 1000, window_s=900.0),
    "lattice": scenario("lattice", 300, window_s=400.0),
    "swarm": scenario("swarm", 300, window_s=400.0),
}

TILINGS: tuple[Tiling, ...] = ((4, 1, 1), (1, 4, 3), (5, 2, 2))


def legs_of(tracks: TrackArray) -> int:
    return len(tracks.vertices) - len(tracks)


# ------------------------------------------------------------------------------- the same answers


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", TRAFFIC)
def test_tiles_give_the_same_bytes(kind: Kind, engine: Any) -> None:
    tracks = TRAFFIC[kind]
    expected = detect_conflicts(tracks)
    assert len(expected) > 0
    for tiling in TILINGS:
        given_ = detect_conflicts_tiled(tracks, tiles=tiling, engine=engine)
        assert as_bytes(given_) == as_bytes(expected), tiling


@pytest.mark.parametrize("inexact_m", [0.0, 0.1], ids=["exact radii", "one inexact radius"])
@pytest.mark.parametrize("kind", ["lattice", "city"])
def test_tiles_give_the_same_bytes_where_times_are_uncertain(kind: Kind, inexact_m: float) -> None:
    some = scenario(kind, {"lattice": 100, "city": 700}[kind], window_s=300.0)
    late_s = np.resize([0.0, 20.0, 5.0], len(some))
    radius_m = some.horizontal_radius_m.copy()
    radius_m[0] += inexact_m
    tracks = replace(some, time_uncertainty_s=late_s, horizontal_radius_m=radius_m)
    expected = detect_conflicts(tracks)
    assert len(expected) > 20
    for tiling in ((3, 1, 1), (2, 2, 2)):
        assert as_bytes(detect_conflicts_tiled(tracks, tiles=tiling)) == as_bytes(expected)


@st.composite
def relays(draw: st.DrawFn) -> TrackArray:
    """Flights on a coarse grid, which begin and end at common instants and come back."""
    flights = []
    for _ in range(draw(st.integers(2, 4))):
        steps = st.tuples(st.integers(1, 2), *[st.integers(-2, 2)] * 3)
        moves = draw(st.lists(steps, min_size=2, max_size=5))
        flights.append(np.cumsum(moves, axis=0) * [4.0, 20.0, 20.0, 10.0])
    return tracks_of(flights)


@given(relays(), st.tuples(*[st.integers(1, 3)] * 3))
def test_cuts_through_vertices_and_hovers_change_no_bit(tracks: TrackArray, tiling: Tiling) -> None:
    expected = as_bytes(detect_conflicts(tracks))
    assert as_bytes(detect_conflicts_tiled(tracks, tiles=tiling)) == expected


def test_a_relay_on_the_border_of_two_tiles_is_told_from_a_flight_that_goes_on() -> None:
    # Both have a vertex at 100 s, where time is cut; the third lands there as the fourth begins.
    through = [(0.0, -1000.0, 0.0, 50.0), (100.0, 0.0, 0.0, 50.0), (200.0, 1000.0, 0.0, 50.0)]
    along = [(0.0, -1000.0, 10.0, 50.0), (100.0, 0.0, 10.0, 50.0), (200.0, 1000.0, 10.0, 50.0)]
    lands = [(0.0, 5000.0, 0.0, 50.0), (100.0, 6000.0, 0.0, 50.0)]
    begins = [(100.0, 6010.0, 0.0, 50.0), (200.0, 7000.0, 0.0, 50.0)]
    tracks = tracks_of([through, along, lands, begins])
    expected = detect_conflicts(tracks)
    assert expected.pairs.tolist() == [[0, 1], [2, 3]]
    assert expected.t_in_s.tolist() == [0.0, 100.0]
    assert [p.core.low[0] for p in portions(tracks, (2, 1, 1))] == [-np.inf, 100.0]
    assert as_bytes(detect_conflicts_tiled(tracks, tiles=(2, 1, 1))) == as_bytes(expected)


@pytest.mark.parametrize("flights", [[], [[(0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 0.0, 0.0)]]])
def test_few_flights_have_no_conflicts(flights: Any) -> None:
    tracks = tracks_of(flights)
    assert len(detect_conflicts_tiled(tracks)) == 0
    assert len(detect_conflicts_tiled(tracks, tiles=(3, 2, 2))) == 0


# ------------------------------------------------------------------------------------- the cutting


@pytest.mark.parametrize("kind", TRAFFIC)
def test_cores_cover_every_place_and_time_once(kind: Kind) -> None:
    cores = [portion.core for portion in portions(TRAFFIC[kind], (4, 2, 2))]
    low, high = TRAFFIC[kind].vertices[:, :3].min(axis=0), TRAFFIC[kind].vertices[:, :3].max(axis=0)
    places = np.random.default_rng(1).uniform(low - 10.0, high + 10.0, (500, 3)).T
    borders = np.array([core.low for core in cores]).T
    places = np.column_stack((places, borders))
    held = np.sum([core.holds(places) for core in cores], axis=0)
    assert (held == 1).all()


@pytest.mark.parametrize("kind", ["city", "hub", "corridor", "hops"])
def test_no_tile_of_time_has_far_more_legs_than_its_share(kind: Kind) -> None:
    # All depart in the first tenth of the day that the last of them makes long.
    tracks = TRAFFIC[kind]
    vertices = tracks.vertices.copy()
    vertices[tracks.offsets[-2] :, 0] += 10_000.0
    skewed = replace(tracks, vertices=vertices)
    shares = [legs_of(p.tracks) / legs_of(tracks) for p in portions(skewed, (4, 1, 1))]
    assert len(shares) == 4
    assert max(shares) < 0.4


def test_a_portion_has_whole_legs_of_the_flights_it_names() -> None:
    tracks = TRAFFIC["city"]
    for portion in portions(tracks, (3, 3, 2)):
        part = portion.tracks
        for n in (0, len(part) // 2, len(part) - 1):
            begin = tracks.offsets[portion.flights[n]] + portion.skipped[n]
            own = part.vertices[part.offsets[n] : part.offsets[n + 1]]
            assert own.tobytes() == tracks.vertices[begin : begin + len(own)].tobytes()


def test_tiles_are_chosen_by_the_number_of_legs_and_in_time_as_far_as_that_goes() -> None:
    tracks = TRAFFIC["city"]  # 24,000 legs of 20 s in 35 minutes
    assert tiling_for(tracks) == (1, 1, 1)
    in_time, along_x, along_y = tiling_for(tracks, legs=3_000)
    assert in_time >= 8
    assert along_x == along_y == 1
    in_time, along_x, along_y = tiling_for(tracks, legs=300)
    assert along_x == along_y > 1
    assert in_time * along_x * along_y >= legs_of(tracks) / 300


# ---------------------------------------------------------------------------- progress and refusals


def test_progress_rises_to_one_and_what_it_raises_ends_the_search() -> None:
    shares: list[float] = []
    detect_conflicts_tiled(TRAFFIC["hub"], tiles=(4, 1, 1), progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) == 5
    assert shares[-1] == 1.0

    def stop(share: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        detect_conflicts_tiled(TRAFFIC["hub"], tiles=(4, 1, 1), progress=stop)


@pytest.mark.parametrize("tiles", [(0, 1, 1), (1, 2), (1, 1, -3), 3, (1.5, 1, 1), "abc"])
def test_a_tiling_that_is_none_is_refused(tiles: Any) -> None:
    with pytest.raises(InvalidInputError, match=r"tiles: given .* how many of time, x and y"):
        detect_conflicts_tiled(TRAFFIC["hub"], tiles=tiles)


def test_what_is_no_flights_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="expected a TrackArray, given list: build one"):
        detect_conflicts_tiled([TRAFFIC["hub"]])  # type: ignore[arg-type]


@pytest.mark.parametrize("script", [pytest.param("bench_tiles", marks=needs_dask), "bench_volumes"])
def test_a_benchmark_says_what_can_be_asked_of_it(
    script: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = Path(__file__).parent.parent / "benchmarks"
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "argv", [script, "--help"])
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(folder / f"{script}.py"), run_name="__main__")
    assert end.value.code == 0
    assert "[flights]" in capsys.readouterr().out


@pytest.mark.parametrize("engine", ENGINES)
def test_more_meetings_than_fit_are_refused(engine: Any) -> None:
    meetings = len(detect_conflicts(TRAFFIC["lattice"]))
    for most in (3, meetings - 1):  # in a tile, and only in all together
        with pytest.raises(TooManyConflictsError, match=f"more than {most} meetings"):
            detect_conflicts_tiled(TRAFFIC["lattice"], tiles=(6, 1, 1), engine=engine, most=most)


def test_an_engine_that_is_none_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="engine 'abacus'"):
        detect_conflicts_tiled(TRAFFIC["hub"], engine="abacus")  # type: ignore[arg-type]


def test_without_dask_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lowalt.conflicts.tiling.tiles.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"lowalt\[dask\]"):
        detect_conflicts_tiled(TRAFFIC["hub"], client="tcp://127.0.0.1:1")


# --------------------------------------------------------------------------- two processes of Dask


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    ) as made:
        yield made


def ends_with_the_next_tile() -> None:
    """Make a worker end, as if it had been killed, when a tile comes in."""
    from lowalt.conflicts.tiling import tiles

    tiles._search = lambda *_: os._exit(1)


@needs_dask
def test_two_workers_give_the_same_bytes_also_when_one_is_lost_on_the_way(cluster: Any) -> None:
    from distributed import Client

    tracks = TRAFFIC["city"]
    expected = as_bytes(detect_conflicts(tracks))
    with Client(cluster) as client:  # type: ignore[no-untyped-call]
        assert len(client.nthreads()) == 2
        shares: list[float] = []
        table = detect_conflicts_tiled(
            tracks, client=client, tiles=(4, 2, 1), progress=shares.append
        )
        assert as_bytes(table) == expected
        assert shares == sorted(shares)
        assert shares[-1] == 1.0
        with pytest.raises(TooManyConflictsError, match="more than 2 meetings"):
            detect_conflicts_tiled(tracks, client=client, tiles=(4, 1, 1), most=2)
        address, process = next(iter(client.run(os.getpid).items()))
        client.run(ends_with_the_next_tile, workers=[address])
        assert as_bytes(detect_conflicts_tiled(tracks, client=client, tiles=(4, 2, 1))) == expected
        assert process not in client.run(os.getpid).values()
        client.run(ends_with_the_next_tile)
    cluster.scheduler.allowed_failures = 0
    with pytest.raises(WorkersLostError, match="give them more memory or cut more tiles"):
        detect_conflicts_tiled(tracks, client=cluster.scheduler_address, tiles=(4, 2, 1))
