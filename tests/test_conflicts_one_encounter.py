"""Legs and their meetings looked at one by one are answered as in arrays, to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from lowalt.conflicts import TrackArray
from lowalt.conflicts.index.answers import conflict_rows, conflicts_of_few
from lowalt.conflicts.search.encounters import ENCOUNTER, ENDS_INSIDE, STARTS_INSIDE, meet
from lowalt.conflicts.search.joining import joined
from lowalt.conflicts.search.one_encounter import meet_one

NUMBER = 3000


def legs(rng: np.random.Generator, *, round_: bool) -> tuple[np.ndarray, np.ndarray]:
    """Make legs of which many touch, hover, climb or stay level, both ends ``(4, N)`` each."""
    begins = rng.integers(0, 20, NUMBER).astype(float)
    ends = begins + rng.integers(1, 30, NUMBER)
    low, high = (rng.integers(-4, 5, (2, 3, NUMBER)) * 5.0).astype(float)
    if not round_:
        low, high = rng.uniform(-30, 30, (2, 3, NUMBER))
    high = np.where(rng.random((3, NUMBER)) < 0.3, low, high)
    return np.array([begins, *low]), np.array([ends, *high])


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("round_", [True, False])
def test_a_pair_of_legs_meets_as_it_does_among_many(*, round_: bool, exact: bool) -> None:
    rng = np.random.default_rng(5)
    ends = np.stack((*legs(rng, round_=round_), *legs(rng, round_=round_)), axis=2)
    share = np.maximum(ends[0, :, 0], ends[0, :, 2]) <= np.minimum(ends[0, :, 1], ends[0, :, 3])
    columns = np.ascontiguousarray(ends[:, share].reshape(4, -1))
    begins = np.arange(0, columns.shape[1], 4)
    radius_m = rng.choice([5.0, 10.0, 20.0, 25.1], len(begins))
    height_m = rng.choice([5.0, 7.5, 10.0, 0.3], len(begins))
    many = meet(columns, begins, begins + 2, radius_m=radius_m, height_m=height_m, exact=exact)
    times = (many.t_in_s, many.t_out_s, many.t_cpa_s, many.d_cpa_m, many.inside)
    expected: dict[int, tuple[float, ...]] = dict(
        zip(many.rows.tolist(), zip(*(each.tolist() for each in times), strict=True), strict=True)
    )
    for row, t_s in zip(many.undecided.tolist(), many.undecided_s.tolist(), strict=True):
        expected[row] = (t_s, 0.0, 0.0, 0.0, -1)
    vertices = columns.T.tolist()
    met = {}
    for row, at in enumerate(begins.tolist()):
        a0, a1, b0, b1 = vertices[at : at + 4]
        one = meet_one(
            (a0, a1), (b0, b1),
            radius_m=radius_m.item(row), height_m=height_m.item(row), exact=exact,
        )  # fmt: skip
        if one is not None:
            met[row] = one
    assert len(many.rows) > 50
    assert repr(met) == repr(dict(sorted(expected.items())))


def test_few_meetings_are_joined_as_many_are() -> None:
    rng = np.random.default_rng(3)
    tracks = TrackArray.from_local(
        [0, 2], x_m=[0, 1], y_m=[0, 0], z_m=[0, 0], t_s=[0, 1],
        horizontal_radius_m=1.0, vertical_radius_m=1.0,
    )  # fmt: skip
    several = 0
    for _ in range(150):
        count = int(rng.integers(1, 9))
        rows = np.zeros(count, dtype=ENCOUNTER)
        rows["first"], rows["second"] = rng.integers(0, 2, (2, count))
        rows["first_leg"], rows["second_leg"] = rng.permuted(np.arange(2 * count)).reshape(2, -1)
        rows["t_in_s"] = rng.integers(0, 6, count)
        rows["t_out_s"] = rows["t_in_s"] + rng.integers(0, 4, count)
        rows["t_cpa_s"] = rng.integers(0, 6, count)
        rows["d_cpa_m"] = rng.integers(0, 3, count)
        rows["inside"] = rng.choice([0, STARTS_INSIDE, ENDS_INSIDE, 3], count)
        rows = rows.take(rng.integers(0, count, count + 1))  # some of them twice
        expected = conflict_rows(joined(tracks, [rows]))
        several += len(expected) > 1
        assert conflicts_of_few(rows).tobytes() == expected.tobytes()
    assert several > 50
