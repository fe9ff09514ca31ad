"""Plots for notebooks: what is drawn is what the numbers say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lowalt as la
from lowalt.errors import InvalidInputError, MissingExtraError
from lowalt.report.plots import plot_conflict, plot_map, plot_profile, plot_timeline
from lowalt.report.plots.deadlines import place
from lowalt.report.plots.meeting import meeting_of
from lowalt.report.plots.plot import Plot

PLANS = Path(__file__).parent.parent / "examples" / "plans"
PNG = b"\x89PNG\r\n\x1a\n"


@cache
def late() -> tuple[la.FlightPlan, la.Verdict, la.AirspaceDataset]:
    airspace = la.load_airspace("shenzhen")
    plan = la.read_plan(PLANS / "04_delivery_near_airport_filed_late.json")
    return plan, la.assess(plan, airspace=airspace), airspace


def crossing(**more: Any) -> la.ConflictTable:
    """Two flights that cross at right angles at 10 m/s, 50 s after the epoch."""
    return la.detect_conflicts(
        la.TrackArray.from_local(
            [0, 2, 4],
            x_m=[0, 1000, 500, 500],
            y_m=[0, 0, -500, 500],
            z_m=[100, 100, 104, 104],
            t_s=[0, 100, 0, 100],
            horizontal_radius_m=25.0,
            vertical_radius_m=7.5,
            **more,
        )
    )


def texts(plot: Plot) -> str:
    found = [text.get_text() for axes in plot.figure.axes for text in axes.texts]
    found += [text.get_text() for text in plot.figure.texts]
    for axes in plot.figure.axes:
        legend = axes.get_legend()
        found += [] if legend is None else [text.get_text() for text in legend.get_texts()]
    return "\n".join(found)


def test_a_map_names_the_zones_that_ask_something() -> None:
    plan, verdict, airspace = late()
    said = texts(plot_map(plan, airspace=airspace, verdict=verdict))
    assert "ZGSZ01" in said
    assert "SP05" in said.partition("nothing is asked there")[2]


def test_a_profile_is_as_high_as_the_plan() -> None:
    plan, verdict, airspace = late()
    (axes,) = plot_profile(plan, airspace=airspace, verdict=verdict).figure.axes
    highest = max(float(np.max(np.asarray(line.get_ydata()))) for line in axes.lines)
    assert highest == max(waypoint.level.value_m for waypoint in plan.waypoints or ())


def test_a_timeline_has_every_row_at_its_time_in_words_and_marks() -> None:
    _, verdict, _ = late()
    (axes,) = plot_timeline(verdict).figure.axes
    rows = la.timeline(verdict).rows
    marks = [line for line in axes.lines if line.get_marker() not in ("None", "")]
    assert [float(np.asarray(mark.get_ydata())[0]) for mark in marks] == list(range(len(rows)))
    for mark, row in zip(marks, rows, strict=True):
        at = 0.0 if row.time is None else place(row.time, verdict.departure)
        assert float(np.asarray(mark.get_xdata())[0]) == at
    said = texts(plot_timeline(verdict))
    assert said.count("LATE") == sum(row.state == "late" for row in rows) > 0
    # Noon of the day before, as Decree 761 art. 26 has it: 22 h before ten o'clock.
    assert place(datetime.fromisoformat("2026-06-09T12:00+08:00"), verdict.departure) == (
        pytest.approx(-np.arcsinh(22.0))
    )


def test_a_timeline_without_anything_to_do_says_so() -> None:
    _, verdict, _ = late()
    assert "Nothing has to be seen to" in texts(plot_timeline(replace(verdict, obligations=())))


def test_a_conflict_is_laid_out_as_geometry_has_it() -> None:
    meeting = meeting_of(crossing(), 0)
    # They near the crossing at 10 m/s each, so that they are 10 * sqrt(2) * |t - 50| m apart.
    assert meeting.apart_m[0] == pytest.approx(10.0 * np.sqrt(2.0) * np.abs(meeting.t_s - 50.0))
    assert meeting.apart_m[1] == pytest.approx(4.0)
    assert meeting.least_m == (50.0, 15.0)
    assert meeting.period_s == pytest.approx((50.0 - 5.0 / np.sqrt(2.0), 50.0 + 5.0 / np.sqrt(2.0)))
    closest = np.flatnonzero(meeting.t_s == meeting.closest_s)
    assert meeting.places_m[:, closest, :2] == pytest.approx(0.0, abs=1e-9)


def test_a_flight_is_nowhere_before_and_after_it() -> None:
    table = crossing(time_uncertainty_s=60.0)
    meeting = meeting_of(table, 0)
    outside = (meeting.t_s < 0.0) | (meeting.t_s > 100.0)
    assert outside.any()
    assert np.isnan(meeting.places_m[:, outside]).all()
    assert plot_conflict(table)._repr_png_()[:8] == PNG


def test_a_conflict_is_drawn_with_its_names_and_clock(tmp_path: Path) -> None:
    noon = datetime.fromisoformat("2026-06-09T12:00:00+08:00")
    plot = plot_conflict(crossing(ids=["ours", "theirs"], epoch=noon))
    assert "ours × theirs" in texts(plot)
    plot.figure.canvas.draw()
    clocks = [label.get_text() for label in plot.figure.axes[2].get_xticklabels()]
    assert any(clock.startswith("12:0") for clock in clocks)
    plot.save(tmp_path / "a.svg")
    assert b"<svg" in (tmp_path / "a.svg").read_bytes()


def test_equal_plots_have_equal_bytes() -> None:
    one, other = (plot_conflict(crossing())._repr_png_() for _ in range(2))
    assert one == other
    assert one[:8] == PNG


@pytest.mark.parametrize("number", [-1, 1])
def test_a_conflict_that_is_not_there_is_refused(number: int) -> None:
    with pytest.raises(InvalidInputError, match=rf"number: given {number}.* 0 to 0"):
        plot_conflict(crossing(), number)


def test_other_languages_and_files_are_refused(tmp_path: Path) -> None:
    _, verdict, _ = late()
    with pytest.raises(InvalidInputError, match="lowalt speaks"):
        plot_timeline(verdict, lang="fr")  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match=r"a\.pdf"):
        plot_conflict(crossing()).save(tmp_path / "a.pdf")


def test_without_matplotlib_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lowalt.report.plots.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"lowalt\[plot\]"):
        plot_conflict(crossing())
