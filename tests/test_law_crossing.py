"""Flights over the boundary and on its other side, from the plan to the decision."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import lowalt as la
from lowalt import Decision, Status, Verdict
from lowalt.situation import facts_of, lay

PLANS = Path(__file__).parent.parent / "examples" / "plans"
Document = dict[str, Any]

SAI_KUNG = (114.2700, 22.3600)  # in Hong Kong, far from every zone of the dataset
COLOANE = (113.5600, 22.1250)
PENNYS_BAY = (114.0456, 22.3154)
XIAOMEISHA = (114.3262, 22.6015)
MIRS_BAY = (114.3600, 22.5450)  # Hong Kong's side of it
SHEKOU_PORT = (113.9050, 22.4710)
SHUN_TAK = (114.1524, 22.2889)


@cache
def airspace() -> la.AirspaceDataset:
    return la.load_airspace("shenzhen")


def assess(document: Document) -> Verdict:
    return la.assess(la.parse_plan(document), airspace=airspace())


def status(verdict: Verdict, citation: str) -> Status:
    return next(f.status for f in verdict.findings if f.citation == citation)


def example(name: str) -> Document:
    document: Document = json.loads((PLANS / f"{name}.json").read_text("utf-8"))
    return document


def route(day: str, *stops: tuple[tuple[float, float], float, str]) -> list[Document]:
    return [
        {
            "lon_deg": place[0],
            "lat_deg": place[1],
            "level": {"value_m": height_m, "reference": "AGL"},
            "time": f"{day}T{clock}+08:00",
        }
        for place, height_m, clock in stops
    ]


def at(place: tuple[float, float]) -> Document:
    return {"name": "example", "lon_deg": place[0], "lat_deg": place[1]}


def round_of(place: tuple[float, float], *, hour: int = 10, height_m: float = 80.0) -> Document:
    """Rise, go thirty metres east and come back, with nothing but a camera on board."""
    east = (place[0] + 0.0003, place[1])
    document = example("01_light_uav_suitable_airspace")
    document["waypoints"] = route(
        "2026-06-09",
        (place, 0.0, f"{hour}:00:00"),
        (place, height_m, f"{hour}:00:30"),
        (east, height_m, f"{hour}:00:45"),
        (place, height_m, f"{hour}:01:00"),
        (place, 0.0, f"{hour}:01:30"),
    )
    document["departure_site"] = document["landing_site"] = at(place)
    document["payload"]["carries_animals"] = False
    return document


def in_hong_kong(**changes: Any) -> Document:
    """Everything that a standard operation of category A2 states."""
    document = round_of(SAI_KUNG, **changes)
    document["hong_kong"] = {
        "a1_exemption": False,
        "enclosed_area": False,
        "restricted_flying_zone": False,
        "distance_to_uninvolved_m": 40.0,
        "cad_permission": {"held": False},
        "registered": True,
        "labelled": True,
    }
    return document


def permit(document: Document, **details: Any) -> None:
    document["hong_kong"] |= {
        "cad_permission": {"held": True, "valid_until": "2026-12-31", **details},
        "insurance_hkd": 10_000_000,
        "flight_data_kept_until": "2026-12-31",
        "flight_data_accessible": True,
    }


# Hong Kong


def test_an_ordinary_small_flight_in_hong_kong_by_day_is_permitted() -> None:
    assert assess(in_hong_kong()).decision is Decision.PERMITTED


def test_a_flight_in_hong_kong_is_put_to_no_mainland_law() -> None:
    verdict = assess(in_hong_kong())
    mainland = [f for f in verdict.findings if f.citation.startswith(("cn/", "sz/", "mo/"))]
    assert mainland
    assert {f.status for f in mainland} == {Status.NOT_APPLICABLE, Status.NOT_IN_FORCE}


def test_the_same_flight_at_night_takes_a_permission_and_is_permitted_with_one() -> None:
    document = in_hong_kong(hour=21)
    verdict = assess(document)
    assert verdict.decision is Decision.APPROVAL_REQUIRED
    assert status(verdict, "hk/cap_448g#operating__daylight") is Status.REQUIRED
    permit(document, covers_operation=True)
    assert assess(document).decision is Decision.PERMITTED


def test_a_permission_that_has_run_out_permits_nothing() -> None:
    document = in_hong_kong(hour=21)
    permit(document, covers_operation=True)
    document["hong_kong"]["cad_permission"]["valid_until"] = "2026-06-08"
    assert assess(document).decision is Decision.APPROVAL_REQUIRED


@pytest.mark.parametrize(
    ("height_m", "decision"),
    [(91.44, Decision.PERMITTED), (91.45, Decision.APPROVAL_REQUIRED)],
)
def test_three_hundred_feet_are_the_limit(height_m: float, decision: Decision) -> None:
    assert assess(in_hong_kong(height_m=height_m)).decision is decision


def test_a_route_that_asks_for_more_than_50_km_h_is_too_fast() -> None:
    document = in_hong_kong()
    document["waypoints"][2]["lon_deg"] = SAI_KUNG[0] + 0.0022  # 226 m in 15 s
    assert status(assess(document), "hk/cap_448g#operating__speed_a2") is Status.REQUIRED


STATED = [
    "restricted_flying_zone",
    "distance_to_uninvolved_m",
    "registered",
    "labelled",
    "cad_permission",
]


@pytest.mark.parametrize("field", STATED)
def test_what_is_not_stated_is_never_taken_to_be_in_order(field: str) -> None:
    document = in_hong_kong()
    del document["hong_kong"][field]
    assert assess(document).decision is Decision.INDETERMINATE


def test_without_anything_stated_for_hong_kong_the_answer_is_open() -> None:
    document = in_hong_kong()
    del document["hong_kong"]
    verdict = assess(document)
    assert verdict.decision is Decision.INDETERMINATE
    assert any("hong_kong.registered" in m.field for m in verdict.missing)


def test_nobody_flies_over_pennys_bay() -> None:
    document = in_hong_kong() | {"waypoints": round_of(PENNYS_BAY)["waypoints"]}
    document["departure_site"] = document["landing_site"] = at(PENNYS_BAY)
    for waypoint in document["waypoints"]:
        waypoint["level"]["reference"] = "AMSL"  # as the upper limit of the zone
    document["hong_kong"]["cap_448e_exception"] = False
    permit(document, covers_operation=True)
    verdict = assess(document)
    assert verdict.decision is Decision.PROHIBITED
    assert status(verdict, "hk/cap_448e#art_3") is Status.BREACHED


# Macao


def in_macao(distance_to_aerodrome_m: float) -> Document:
    document = round_of(COLOANE)
    document["macao"] = {
        "distance_to_aerodrome_m": distance_to_aerodrome_m,
        "in_flight_path_polygon": False,
        "distance_to_listed_building_m": 400.0,
        "within_published_limits": True,
        "authorisation": {"held": False},
        "registered": True,
        "labelled": True,
        "flight_notified": True,
        "temporary_ban": False,
    }
    return document


@pytest.mark.parametrize(
    ("distance_m", "decision"),
    [(1000.0, Decision.APPROVAL_REQUIRED), (1000.001, Decision.PERMITTED)],
)
def test_in_macao_a_kilometre_from_an_aerodrome_is_too_near(
    distance_m: float, decision: Decision
) -> None:
    assert assess(in_macao(distance_m)).decision is decision


def test_in_macao_every_flight_is_notified() -> None:
    document = in_macao(2000.0)
    document["macao"]["flight_notified"] = False
    assert assess(document).decision is Decision.FILING_REQUIRED


# Over the boundary


def crossing() -> Document:
    """Fly from Xiaomeisha to Hong Kong's side of Mirs Bay with every paper of both sides."""
    document = example("15_strays_into_hong_kong_waters")
    on_the_way = (114.3450, 22.5625)
    document["waypoints"] = route(
        "2026-06-18",
        (XIAOMEISHA, 0.0, "08:30:00"),
        (XIAOMEISHA, 80.0, "08:30:27"),
        (on_the_way, 80.0, "08:40:00"),
        (MIRS_BAY, 80.0, "08:45:00"),
        (MIRS_BAY, 0.0, "08:45:27"),
    )
    document["landing_site"] = at(MIRS_BAY)
    document["aircraft"]["registration"]["nationality_registered"] = True
    document["payload"]["carries_animals"] = False
    document["mission"]["control_area"] = "several"
    document["other_data"] = "none"
    document["approvals"] = [
        {
            "kind": "flight_activity",
            "number": "EXAMPLE",
            "authority": "example",
            "valid_from": "2026-06-18T08:00:00+08:00",
            "valid_until": "2026-06-18T10:00:00+08:00",
            "area": {"polygon": [[114.3, 22.53], [114.38, 22.53], [114.38, 22.62], [114.3, 22.62]]},
            "ceiling": {"value_m": 100.0, "reference": "AGL"},
            "largest_class": "small",
            "missions": ["patrol"],
            "zones": [],
        }
    ]
    document["submission"] |= {
        "readiness_reported_at": "2026-06-18T07:00:00+08:00",
        "take_off_confirmed": True,
    }
    document["crossing"] = {
        "exit_port": "no_port",
        "special_port_approval": True,
        "border_inspection_told_at": "2026-06-17T10:00:00+08:00",
        "customs_told_at": "2026-06-17T10:00:00+08:00",
        "keeps_prescribed_route": True,
    }
    document["hong_kong"] = in_hong_kong()["hong_kong"] | {"distance_to_uninvolved_m": 400.0}
    permit(document, covers_operation=True, covers_crossing=True)
    return document


def test_an_unmanned_aircraft_crosses_with_everything() -> None:
    assert assess(crossing()).decision is Decision.PERMITTED


def no_nationality(document: Document) -> None:
    document["aircraft"]["registration"]["nationality_registered"] = False


def no_approval(document: Document) -> None:
    document["approvals"] = []


def no_permission_to_cross(document: Document) -> None:
    document["hong_kong"]["cad_permission"]["covers_crossing"] = False


def no_port(document: Document) -> None:
    document["crossing"]["special_port_approval"] = False


def off_the_route(document: Document) -> None:
    document["crossing"]["keeps_prescribed_route"] = False


def border_not_told(document: Document) -> None:
    document["crossing"]["border_inspection_told_at"] = "2026-06-18T08:31:00+08:00"


def customs_told_late(document: Document) -> None:
    document["crossing"]["customs_told_at"] = "2026-06-18T06:30:01+08:00"


def nothing_at_all(document: Document) -> None:
    del document["crossing"], document["hong_kong"]
    document["approvals"] = None


REGULATION = "cn/border_inspection_regulation_1995"


@pytest.mark.parametrize(
    ("take_away", "citation", "decision"),
    [
        (no_nationality, "cn/order_761_2023#art_10__para_2", Decision.PROHIBITED),
        (no_approval, "cn/public_security_law_2025#art_46", Decision.APPROVAL_REQUIRED),
        (no_permission_to_cross, "hk/cap_448g#crossing", Decision.APPROVAL_REQUIRED),
        (no_port, f"{REGULATION}#art_16__exit", Decision.PROHIBITED),
        (off_the_route, f"{REGULATION}#art_19__route", Decision.PROHIBITED),
        (border_not_told, f"{REGULATION}#art_17", Decision.FILING_REQUIRED),
        (customs_told_late, "cn/customs_law_2021#art_16__departure", Decision.FILING_REQUIRED),
        (nothing_at_all, "hk/cap_448g#crossing", Decision.INDETERMINATE),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_an_unmanned_aircraft_does_not_cross_without_each_of_them(
    take_away: Callable[[Document], None], citation: str, decision: Decision
) -> None:
    document = crossing()
    take_away(document)
    verdict = assess(document)
    assert verdict.decision is decision
    expected = {Status.BREACHED, Status.REQUIRED}
    if decision is Decision.INDETERMINATE:
        expected = {Status.MISSING_INFO}
    assert status(verdict, citation) in expected


def test_before_the_amendment_of_2025_hong_kong_asked_for_no_permission_to_cross() -> None:
    before = la.load_rulebook("shenzhen", on=date(2025, 7, 17))
    verdict = la.assess(la.parse_plan(crossing()), airspace=airspace(), rulebook=before)
    assert status(verdict, "hk/cap_448g#crossing") is Status.NOT_IN_FORCE


def test_straying_into_hong_kong_waters_is_never_permitted() -> None:
    verdict = assess(example("15_strays_into_hong_kong_waters"))
    assert verdict.best is Decision.PROHIBITED
    assert status(verdict, "cn/public_security_law_2025#art_46") is Status.BREACHED


@pytest.mark.parametrize(
    ("quarantine", "decision"),
    [({}, Decision.INDETERMINATE), ({"quarantine_approval": False}, Decision.APPROVAL_REQUIRED),
     ({"quarantine_approval": True}, Decision.PERMITTED)],
)  # fmt: skip
def test_blood_crosses_with_the_approval_of_customs_only(
    quarantine: Document, decision: Decision
) -> None:
    document = crossing()
    document["mission"]["urgency"] = "urgent"
    document["payload"]["biological_material"] = True
    document["crossing"] |= {"regulated_as_drug_or_device": False, **quarantine}
    verdict = assess(document)
    assert verdict.decision is decision


def helicopter(day: str) -> Document:
    return {
        "plan_id": "shekou-shun-tak",
        "datum": "WGS84",
        "waypoints": route(
            day,
            (SHEKOU_PORT, 0.0, "10:00:00"),
            ((113.9478, 22.4724), 300.0, "10:03:00"),
            (SHUN_TAK, 300.0, "10:18:00"),
        ),
        "route_buffer_m": 200.0,
        "aircraft": {"is_unmanned": False},
        "crossing": {"exit_port": "shekou", "special_port_approval": False},
    }


@pytest.mark.parametrize(
    ("day", "expected"), [("2025-11-05", Status.BREACHED), ("2025-11-06", Status.WAIVED)]
)
def test_helicopters_leave_through_shekou_from_the_day_it_opened(
    day: str, expected: Status
) -> None:
    verdict = assess(helicopter(day))
    assert status(verdict, f"{REGULATION}#art_16__exit") is expected
    assert (verdict.best is Decision.PROHIBITED) is (expected is Status.BREACHED)


def test_where_a_flight_begins_and_ends_is_read_from_its_legs() -> None:
    facts = facts_of(lay(la.parse_plan(helicopter("2026-06-18")), airspace=airspace())).flight
    assert (facts["departs_from_mainland"], facts["lands_on_mainland"]) == (True, False)
    facts = facts_of(lay(la.parse_plan(in_hong_kong()), airspace=airspace())).flight
    assert (facts["departs_from_mainland"], facts["lands_on_mainland"]) == (False, False)
    beside = la.parse_plan(example("22_beside_the_hong_kong_boundary"))
    unknown = facts_of(lay(beside, airspace=airspace())).flight
    assert "departs_from_mainland" not in unknown
    assert "lands_on_mainland" not in unknown


def test_the_speed_planned_is_the_greater_of_route_and_statement() -> None:
    document = in_hong_kong()

    def speed_mm_h() -> object:
        laid = lay(la.parse_plan(document), airspace=airspace())
        return facts_of(laid).flight["planned_speed_mm_h"]

    east_m = 30.9  # 0.0003 degrees of longitude at 22.36 degrees north, flown in 15 s
    assert speed_mm_h() == pytest.approx(east_m / 15.0 * 3_600_000, rel=2e-3)
    document["hong_kong"]["max_speed_m_s"] = 12.5
    assert speed_mm_h() == 45_000_000


def test_the_vertices_of_a_plan_are_those_drawn() -> None:
    def vertices(document: Document) -> object:
        return facts_of(lay(la.parse_plan(document), airspace=airspace())).flight["vertex_count"]

    document = in_hong_kong()
    assert vertices(document) == len(document["waypoints"]) == 5
    area = {
        "floor": {"value_m": 0.0, "reference": "AGL"},
        "ceiling": {"value_m": 80.0, "reference": "AGL"},
        "start": "2026-06-09T10:00:00+08:00",
        "end": "2026-06-09T10:20:00+08:00",
    }
    corners = [[114.26, 22.36], [114.27, 22.36], [114.27, 22.37]]
    for key in ("waypoints", "route_buffer_m", "vertical_buffer_m"):
        del document[key]
    assert vertices(document | {"operating_area": area | {"polygon": corners}}) == 3
    circle = {"lon_deg": SAI_KUNG[0], "lat_deg": SAI_KUNG[1], "radius_m": 100.0}
    assert vertices(document | {"operating_area": area | {"circle": circle}}) == 1


@pytest.mark.parametrize(
    ("part", "wrong", "where"),
    [
        ("crossing", {"exit_port": "lo_wu"}, "crossing.exit_port"),
        ("crossing", {"customs_told_at": "2026-06-17T10:00:00"}, "crossing.customs_told_at"),
        ("hong_kong", {"insurance_hkd": -1}, "hong_kong.insurance_hkd"),
        ("hong_kong", {"cad_permission": {"held": False, "covers_crossing": True}},
         "hong_kong.cad_permission"),
        ("hong_kong", {"airspace_class": "C"}, "hong_kong.airspace_class"),
        ("macao", {"distance_to_aerodrome_m": "near"}, "macao.distance_to_aerodrome_m"),
        ("macao", {"authorization": {"held": False}}, "macao.authorization"),
    ],
)  # fmt: skip
def test_a_wrong_statement_is_refused_where_it_stands(
    part: str, wrong: Document, where: str
) -> None:
    with pytest.raises(la.InvalidInputError) as refused:
        la.parse_plan(in_hong_kong() | {part: wrong})
    assert where in str(refused.value)
