"""Flights in local metres: what is refused, and that the message says which flight and vertex."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from lowalt.conflicts import TrackArray
from lowalt.conflicts.limits import (
    MAX_COORDINATE_M,
    MAX_HEIGHT_M,
    MAX_RADIUS_M,
    MAX_SPEED_M_S,
    MAX_TIME_S,
)
from lowalt.conflicts.tracks import require_tracks
from lowalt.errors import InvalidInputError, NaiveDatetimeError


def given(**change: Any) -> dict[str, Any]:
    """Two flights in order, of three and of two vertices, but for a change.

    A change of a column by ``{vertex: number}`` puts that number there.
    """
    arguments: dict[str, Any] = {
        "offsets": [0, 3, 5],
        "x_m": np.array([0.0, 100.0, 200.0, 0.0, 100.0]),
        "y_m": np.zeros(5),
        "z_m": np.full(5, 80.0),
        "t_s": np.array([0.0, 10.0, 20.0, 5.0, 15.0]),
        "horizontal_radius_m": np.full(2, 25.0),
        "vertical_radius_m": np.full(2, 10.0),
    }
    for name, value in change.items():
        if isinstance(value, dict):
            arguments[name] = arguments[name].copy()
            for place, number in value.items():
                arguments[name][place] = number
        else:
            arguments[name] = value
    return arguments


def test_flights_in_order_are_taken() -> None:
    tracks = TrackArray.from_local(**given())
    assert len(tracks) == 2
    assert tracks.vertices[1].tolist() == [10.0, 100.0, 0.0, 80.0]
    assert tracks.starts_s.tolist() == [0.0, 5.0]
    assert tracks.ends_s.tolist() == [20.0, 15.0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x_m": {1: np.nan}}, r"flight 0, vertex 1: given x_m nan"),
        ({"y_m": {4: np.inf}}, r"flight 1, vertex 1: given y_m inf"),
        ({"z_m": {3: -np.inf}}, r"flight 1, vertex 0: given z_m -inf"),
        ({"t_s": {2: np.nan}}, r"flight 0, vertex 2: given t_s nan"),
        ({"t_s": {2: 9.0}}, r"flight 0, vertex 2: given t_s 9.0 after 10.0; times that increase"),
        ({"t_s": {4: 5.0}}, r"flight 1, vertex 1: given t_s 5.0 after 5.0; times that increase"),
        ({"offsets": [0, 1, 5]}, r"flight 0: given 1 vertices; 2 or more"),
        ({"offsets": [0, 0, 5]}, r"flight 0: given 0 vertices; 2 or more"),
        ({"horizontal_radius_m": -1.0}, r"horizontal_radius_m of flight 0: given -1.0; 0 to"),
        ({"vertical_radius_m": [1, -1]}, r"vertical_radius_m of flight 1: given -1.0; 0 to"),
        ({"vertical_radius_m": np.nan}, r"vertical_radius_m of flight 0: given nan; 0 to"),
        ({"horizontal_radius_m": np.inf}, r"horizontal_radius_m of flight 0: given inf; 0 to"),
        ({"time_uncertainty_s": [0, -1]}, r"time_uncertainty_s of flight 1: given -1.0; 0 to"),
        ({"tolerance_m": -0.01}, r"tolerance_m: given -0.01; 0 to"),
        ({"tolerance_m": np.nan}, r"tolerance_m: given nan; 0 to"),
        ({"offsets": [0, 3, 6]}, r"offsets: given .* from 0 to 6; .* from 0 to 5"),
        ({"offsets": [1, 3, 5]}, r"offsets: given .* from 1 to 5; .* from 0 to 5"),
        ({"offsets": [0, 4, 3, 5]}, r"offsets: given .*whole numbers that do not decrease"),
        ({"offsets": [0.0, 3.0, 5.0]}, r"offsets: given float64 .*whole numbers"),
        ({"offsets": []}, r"offsets: given .*whole numbers"),
        ({"x_m": np.zeros(4)}, r"t_s, x_m, y_m, z_m: given shapes .*x_m \(4,\).*one number"),
        ({"x_m": np.zeros((5, 1))}, r"given shapes .*x_m \(5, 1\)"),
        ({"horizontal_radius_m": np.ones(3)}, r"horizontal_radius_m: given shape \(3,\); .*2 fl"),
        ({"ids": ["a", "a"]}, r"ids\[1\]: given 'a', as flight 0 has; one of its own"),
        ({"ids": "ab"}, r"ids: given 'ab'; a list with an identifier for each flight"),
        ({"x_m": ("a", 1)}, r"x_m: given \('a', 1\); numbers"),
        ({"horizontal_radius_m": "wide"}, r"horizontal_radius_m: given 'wide'; numbers"),
        ({"ids": ["a"]}, r"ids: given 1 identifiers; one for each of 2 flights"),
        # Web Mercator, and speeds of mixed-up units or coordinates.
        ({"x_m": {0: 12_700_000.0}}, r"flight 0, vertex 0: given x_m 12700000.0; a number between"),
        ({"x_m": {1: 4_000_000.0}}, r"flight 0, vertex 1: given a leg of 4000000 m over ground"),
        ({"z_m": {4: -125_000.0}}, r"flight 1, vertex 1: given .* 125080 m in height in 10 s"),
        ({"t_s": {1: 1e-6}}, r"flight 0, vertex 1: given a leg of 100 m .* in 1e-06 s.*mixed-up"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_flight_and_vertex(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInputError, match=f"(?s){message}"):
        TrackArray.from_local(**given(**change))


def test_a_flight_is_named_as_its_owner_names_it() -> None:
    with pytest.raises(InvalidInputError, match="flight 'B2', vertex 1: given x_m nan"):
        TrackArray.from_local(**given(ids=["A1", "B2"], x_m={4: np.nan}))


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidInputError) as refusal:
        TrackArray.from_local(**given(x_m={0: np.nan, 3: np.inf}, z_m={1: np.nan}))
    assert [problem.where for problem in refusal.value.problems] == [
        "flight 0, vertex 0", "flight 1, vertex 0", "flight 0, vertex 1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "most"),
    [("x_m", MAX_COORDINATE_M), ("y_m", MAX_COORDINATE_M), ("z_m", MAX_HEIGHT_M)],
)
def test_places_are_taken_up_to_the_greatest_and_not_beyond(name: str, most: float) -> None:
    slow = np.array([0.0, 5e3, 1e4, 0.0, 1e4])
    TrackArray.from_local(**given(t_s=slow, **{name: {4: most}}))
    TrackArray.from_local(**given(t_s=slow, **{name: {4: -most}}))
    with pytest.raises(InvalidInputError, match=f"flight 1, vertex 1: given {name}"):
        TrackArray.from_local(**given(t_s=slow, **{name: {4: np.nextafter(most, np.inf)}}))


def test_times_radii_and_speeds_are_taken_up_to_the_greatest_and_not_beyond() -> None:
    for change, beyond in (
        ({"t_s": {4: MAX_TIME_S}}, {"t_s": {4: np.nextafter(MAX_TIME_S, np.inf)}}),
        ({"tolerance_m": MAX_RADIUS_M}, {"tolerance_m": np.nextafter(MAX_RADIUS_M, np.inf)}),
        ({"horizontal_radius_m": {0: MAX_RADIUS_M}}, {"horizontal_radius_m": {0: 2e5}}),
        ({"x_m": {4: 10 * MAX_SPEED_M_S}}, {"x_m": {4: 10.01 * MAX_SPEED_M_S}}),
        ({"x_m": {4: 6e4}, "y_m": {4: -8e4}}, {"x_m": {4: 7.1e4}, "y_m": {4: -7.1e4}}),
    ):
        TrackArray.from_local(**given(**change))
        with pytest.raises(InvalidInputError):
            TrackArray.from_local(**given(**beyond))


def test_an_epoch_without_a_time_zone_is_refused() -> None:
    with pytest.raises(NaiveDatetimeError):
        TrackArray.from_local(**given(epoch=datetime(2026, 11, 24, 8, 0)))  # noqa: DTZ001
    tracks = TrackArray.from_local(**given(epoch=datetime(2026, 11, 24, 8, 0, tzinfo=UTC)))
    assert tracks.epoch == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_flights_cannot_be_changed_behind_the_back_of_whoever_holds_them() -> None:
    arguments = given()
    tracks = TrackArray.from_local(**arguments)
    arguments["x_m"][0] = 99.0
    arguments["horizontal_radius_m"][0] = 99.0
    assert (tracks.vertices[0, 1], tracks.horizontal_radius_m[0]) == (0.0, 25.0)
    for array in (tracks.vertices, tracks.offsets, tracks.horizontal_radius_m):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_some_flights_are_taken_in_the_order_asked_for() -> None:
    tracks = TrackArray.from_local(**given(ids=["A", "B"], vertical_radius_m=[10.0, 20.0]))
    taken = tracks.take([1, 0])
    assert taken.ids == ("B", "A")
    assert taken.offsets.tolist() == [0, 2, 5]
    assert taken.vertical_radius_m.tolist() == [20.0, 10.0]
    assert taken.vertices.tolist() == [*tracks.vertices[3:].tolist(), *tracks.vertices[:3].tolist()]
    assert len(tracks.take([])) == 0


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ([0, -1], r"numbers\[1\]: given -1; 0 to 1"),
        ([2, 0], r"numbers\[0\]: given 2; 0 to 1"),
        ([0.5], r"numbers: given \[0.5\]; whole numbers"),
        ([False, True], r"numbers: given \[False, True\]; whole numbers"),
        (1, r"numbers: given 1; whole numbers of flights, in a row"),
    ],
)
def test_flights_that_there_are_not_are_refused_by_number(numbers: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        TrackArray.from_local(**given()).take(numbers)


@pytest.mark.parametrize("value", [[], None, "tracks", np.zeros((2, 4))])
def test_what_is_no_array_of_tracks_is_refused_with_how_to_build_one(value: object) -> None:
    with pytest.raises(InvalidInputError, match=f"given {type(value).__name__}: build one with"):
        require_tracks(value)
    require_tracks(TrackArray.from_local(**given()))


def test_no_flights_at_all_are_taken() -> None:
    nothing = TrackArray.from_local(
        [0], [], [], [], [], horizontal_radius_m=1.0, vertical_radius_m=1.0
    )
    assert len(nothing) == 0
    assert nothing.vertices.shape == (0, 4)
