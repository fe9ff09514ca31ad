"""What a notebook shows of a value, and values as data frames."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lowalt as la
from lowalt.data_frames import data_frame
from lowalt.errors import InvalidInputError, MissingExtraError
from lowalt.geodesy import LocalFrame
from lowalt.markup import MOST_ROWS, html_table

PLANS = Path(__file__).parent.parent / "examples" / "plans"
NOON = datetime.fromisoformat("2026-06-09T12:00:00+08:00")


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


def plan(start: str) -> la.FlightPlan:
    (file,) = PLANS.glob(f"{start}*.json")
    return la.read_plan(file)


class Read(HTMLParser):
    """Gathers the elements and the text of a document."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.text = ""
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 -- the base's
        self.elements.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def crossings(count: int, **more: Any) -> la.ConflictTable:
    """So many pairs that cross in their middle, each pair an hour after the one before."""
    one = np.array([[0.0, 0.0, 0.0, 100.0], [100.0, 1000.0, 0.0, 100.0]])
    other = np.array([[0.0, 500.0, -500.0, 100.0], [100.0, 500.0, 500.0, 100.0]])
    later = np.array([3600.0, 0.0, 0.0, 0.0])
    pairs = [track + n * later for n in range(count) for track in (one, other)]
    t_s, x_m, y_m, z_m = np.array(pairs).reshape(-1, 4).T
    return la.detect_conflicts(
        la.TrackArray.from_local(
            np.arange(2 * count + 1) * 2,
            x_m=x_m,
            y_m=y_m,
            z_m=z_m,
            t_s=t_s,
            horizontal_radius_m=25.0,
            vertical_radius_m=7.5,
            **more,
        )
    )


# Pages of a notebook


def test_a_verdict_shows_its_decision_and_what_stands_against_it_in_both_languages() -> None:
    verdict = la.assess(plan("04_delivery"), airspace=airspace())
    said = Read(verdict._repr_html_()).text
    for text in ("不得飞行", "PROHIBITED", "✕ breached", "Decree 761 art. 26(1), time limit"):
        assert text in said
    # What only advises is not among it.
    assert "UTMISS" not in said


def test_an_open_verdict_shows_both_its_ends() -> None:
    verdict = la.assess(plan("14_half"), airspace=airspace())
    said = Read(verdict._repr_html_())
    assert "INDETERMINATE / PERMITTED / PROHIBITED" in said.text
    assert said.elements.count("tr") <= 1 + MOST_ROWS


def test_a_permitted_plan_shows_its_decision_alone() -> None:
    said = Read(la.assess(plan("01_light"), airspace=airspace())._repr_html_())
    assert "PERMITTED" in said.text
    assert "tr" not in said.elements


def test_a_plan_shows_when_and_what_and_what_it_leaves_unknown() -> None:
    said = Read(plan("14_half")._repr_html_()).text
    for text in ("pingshan-half-a-plan", "2026-06-09 10:00:00", "7 waypoints, ± 20 m", "approvals"):
        assert text in said
    assert "holds an area" in Read(plan("19_survey")._repr_html_()).text


def test_a_table_of_verdicts_counts_the_decisions() -> None:
    table = la.assess_many([plan("01_light"), plan("04_delivery")], airspace=airspace())
    said = Read(table._repr_html_()).text
    for text in ("decisions on 2 plans", "PERMITTED1", "PROHIBITED1", "art_26__para_1__time1"):
        assert text in said


def test_conflicts_show_the_first_and_count_the_rest() -> None:
    shown = Read(crossings(MOST_ROWS + 3, epoch=NOON)._repr_html_())
    assert shown.elements.count("tr") == 1 + MOST_ROWS
    assert "and 3 more" in shown.text
    # They meet within 25 + 25 m, so 5 / sqrt(2) s before the 50th second.
    assert "2026-06-09T12:00:46.464466+08:00" in shown.text
    none = Read(crossings(0)._repr_html_())
    assert "tr" not in none.elements
    assert "conflicts among 0 flights: 0" in none.text


@given(st.text())
def test_no_text_becomes_an_element(text: str) -> None:
    bare = Read(html_table("", [""], [[""]]))
    given = Read(html_table(text, [{"zh": text, "en": text}], [[text]]))
    assert set(given.elements) <= {*bare.elements, "span", "br"}
    for hostile in ("<script>", "<img src=x onerror=alert(1)>"):
        assert hostile not in html_table(text + hostile, [hostile], [[hostile]])


def test_a_hostile_name_of_a_plan_is_a_text() -> None:
    hostile = plan("01_light").model_copy(update={"plan_id": "<script>alert(1)</script>"})
    assert "script" not in Read(hostile._repr_html_()).elements
    assert "script" not in Read(la.assess(hostile, airspace=airspace())._repr_html_()).elements


# Data frames


def test_conflicts_are_a_data_frame_with_times_in_utc() -> None:
    pytest.importorskip("pandas")
    frame = crossings(2, ids=["a", "b", "c", "d"], epoch=NOON).to_pandas()
    assert list(frame.columns) == ["first", "second", "t_in", "t_out", "t_cpa", "d_cpa_m"]
    assert frame[["first", "second"]].to_numpy().tolist() == [["a", "b"], ["c", "d"]]
    closest = [moment.to_pydatetime() for moment in frame["t_cpa"]]
    # 04:00:50 in UTC is fifty seconds after noon in UTC+8.
    assert closest == [
        datetime(2026, 6, 9, 4, 0, 50, tzinfo=UTC),
        datetime(2026, 6, 9, 5, 0, 50, tzinfo=UTC),
    ]
    plain = crossings(1).to_pandas()
    assert plain["t_cpa"].tolist() == pytest.approx([50.0])
    assert plain["first"].tolist() == [0]


def test_conflicts_are_points_where_the_pair_is_closest() -> None:
    pytest.importorskip("geopandas")
    frame = LocalFrame(114.0)
    origin = frame.to_plane(np.array([[114.05, 22.54]]))[0]
    table = crossings(1, frame=frame, origin_m=tuple(origin.tolist()))
    (point,) = table.to_geopandas().geometry
    ((lon_deg, lat_deg),) = frame.to_lonlat(np.array([origin + np.array([500.0, 0.0])]))
    assert (point.x, point.y) == pytest.approx((lon_deg, lat_deg), abs=1e-9)
    assert table.to_geopandas().crs.to_epsg() == 4326
    with pytest.raises(InvalidInputError, match="in what plane"):
        crossings(1).to_geopandas()


def test_verdicts_are_a_data_frame_of_words() -> None:
    pytest.importorskip("pandas")
    frame = la.assess_many([plan("04_delivery")], airspace=airspace()).to_pandas()
    assert frame.loc[0, "decision"] == "prohibited"
    assert frame.loc[0, "cn/order_761_2023#art_26__para_1__time"] == "breached"


def test_encounters_are_a_data_frame_with_the_places_of_entry() -> None:
    pytest.importorskip("geopandas")
    table = la.encounter_table([plan("04_delivery")], airspace=airspace())
    frame = table.to_geopandas()
    assert sorted(frame["zone"]) == sorted(zone.identifier for zone in table.zone)
    first = next(iter(table))
    assert frame["entered"][0].to_pydatetime() == first.period.start
    assert (frame.geometry[0].x, frame.geometry[0].y) == (first.lon_deg, first.lat_deg)
    assert frame.drop(columns="geometry").equals(table.to_pandas())


def test_without_pandas_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lowalt.data_frames.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"needs pandas.*lowalt\[tables\]"):
        data_frame({"a": [1]})
    with pytest.raises(MissingExtraError, match=r"needs geopandas.*lowalt\[gis\]"):
        crossings(0, frame=LocalFrame(114.0)).to_geopandas()
