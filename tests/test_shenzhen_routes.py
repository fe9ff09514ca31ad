"""Corridors: their points, widths, heights and hours."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise

import pytest
from airspace_data.shenzhen.recipes import routes
from airspace_data.shenzhen.recipes.aerodromes import aerodrome_zones
from airspace_data.shenzhen.recipes.boundaries import jurisdiction_zones
from airspace_data.shenzhen.recipes.facts import degrees, read
from pyproj import Geod
from shapely.geometry import LineString, Point, Polygon

from lowalt.airspace import Corridor, FeatureStatus
from lowalt.geodesy import densify_geodesic
from lowalt.levels import Level, VerticalReference
from lowalt.temporal import ALWAYS
from lowalt.terms import CorridorDirection, CorridorKind, CorridorUsers

KARNEY = Geod(ellps="WGS84")
CHINA = timezone(timedelta(hours=8))
CORRIDORS = {c.identifier: c for c in routes.features() if isinstance(c, Corridor)}
RANK = [FeatureStatus.AUTHORITATIVE, FeatureStatus.DERIVED, FeatureStatus.ILLUSTRATIVE]

HENGA, PINGSHAN, DAPENG = (114.2, 22.65), (114.35, 22.691667), (114.5, 22.45)
BAOAN, SHEKOU, SHUN_TAK = (113.805, 22.635), (113.905, 22.471), (114.152369, 22.288868)
OUTER_HARBOUR, UNIFORM, LATOP = (113.55936, 22.196242), (113.678333, 22.15), (113.643333, 22.281667)
SHEKOU_VOR, GREEN_ISLAND = (113.9020, 22.4983), (114.113, 22.285)
# Drawn round the range of Tsing Shan and the circle of Penny's Bay.
ROUND_BOTH = [(113.893, 22.415), (113.908, 22.36), (114.07, 22.347), (114.088, 22.322)]
FAN_LAU, QUBEC, GLN = (113.847, 22.198), (113.67925, 22.100472), (114.0333, 22.7083)
P8 = (113.869111, 22.428806)

# Every place that the routes were found to lead through; of HELVH, the coast leg is left out.
LEAD_THROUGH = {
    "HELVH": [(113.924824, 22.558993), HENGA, PINGSHAN, DAPENG],
    "HELH": [(113.924824, 22.558993), (114.840278, 22.513889), (114.908333, 22.383333)],
    "HELVW": [UNIFORM, QUBEC, (113.916667, 21.833333)],
    "HELHM": [
        *(SHUN_TAK, GREEN_ISLAND, (114.018, 22.257), (114.021, 22.212)),
        *(FAN_LAU, UNIFORM, OUTER_HARBOUR),
    ],
    "HELSH1": [BAOAN, SHEKOU_VOR, *ROUND_BOTH, GREEN_ISLAND, SHUN_TAK],
    "HELSH2": [BAOAN, (113.83, 22.50), P8, (113.88375, 22.378922), (113.935, 22.315)],
    "HELSH3": [SHEKOU, *ROUND_BOTH, GREEN_ISLAND, SHUN_TAK],
    "HELSM1": [SHEKOU, (113.79, 22.40), LATOP, (113.5920, 22.1496)],
    "HELSM2": [BAOAN, (113.75, 22.45), LATOP, OUTER_HARBOUR],
    "HELZH1": [SHUN_TAK, FAN_LAU, UNIFORM, QUBEC, (113.3760, 22.0064)],
    "HELZH2": [SHEKOU, (113.75, 22.40), (113.59634, 22.25068)],
    "HELPS1": [PINGSHAN, HENGA, GLN, BAOAN],
    "HELPS2": [PINGSHAN, HENGA, (114.05692, 22.53909)],
    "HELLG1": [(114.30, 22.77), GLN, BAOAN],
    "UAV01": [(114.0569, 22.5391), (113.96, 22.53)],
    "UAV02": [(114.27, 22.6), (114.377, 22.614), (114.532, 22.566)],
    "UAV03": [(114.237, 22.692), (114.35, 22.69)],
    "UAV04": [(113.93, 22.7), (113.93, 22.77)],
}


def places(corridor: Corridor) -> list[tuple[float, float]]:
    return [(point.lon_deg, point.lat_deg) for point in corridor.points]


# Points


@pytest.mark.parametrize("identifier", LEAD_THROUGH)
def test_corridors_lead_through_the_places_that_were_found(identifier: str) -> None:
    drawn_between = {"HELVH": slice(3, -1)}.get(identifier, slice(0, 0))
    found = places(CORRIDORS[identifier])
    del found[drawn_between]
    for place, expected in zip(found, LEAD_THROUGH[identifier], strict=True):
        assert place == pytest.approx(expected, abs=5.1e-7)  # printed to six decimals


def test_there_is_one_more_corridor_whose_ends_are_known_by_name_only() -> None:
    assert set(CORRIDORS) - set(LEAD_THROUGH) == {"HKZ04"}
    assert [p.name for p in CORRIDORS["HKZ04"].points] == ["Pearl Island", "Brothers Point"]


def test_a_corridor_says_which_of_its_points_are_published() -> None:
    assert {p.name: p.status.value for p in CORRIDORS["HELVH"].points} == {
        "Nantou heliport": "derived",
        "HENGA": "authoritative",
        "PINGSHAN": "authoritative",
        "Coast of Kuichong": "illustrative",
        "Coast of Dapeng Cove": "illustrative",
        "Coast of Nan'ao": "illustrative",
        "Coast of Heiyan Point": "illustrative",
        "DAPENG": "authoritative",
    }
    assert {p.status.value for p in CORRIDORS["HELVW"].points} == {"authoritative"}
    assert [p.status.value for p in CORRIDORS["HELSH2"].points][2] == "authoritative"  # of the line


@pytest.mark.parametrize("corridor", CORRIDORS.values(), ids=CORRIDORS)
def test_a_corridor_is_known_no_better_than_its_points(corridor: Corridor) -> None:
    assert RANK.index(corridor.status) >= max(RANK.index(p.status) for p in corridor.points)
    # Nobody publishes a width; where a copy gives one, the ends are not known.
    assert corridor.status is FeatureStatus.ILLUSTRATIVE


def test_the_coast_leg_of_track_vh_keeps_out_of_hong_kong() -> None:
    line = LineString(densify_geodesic(places(CORRIDORS["HELVH"])))
    hong_kong, _ = (zone.geometry for zone in jurisdiction_zones(read("boundaries")))
    assert not line.intersects(hong_kong)


def test_the_uav_route_that_claims_it_keeps_off_the_protection_ranges() -> None:
    ranges = {zone.identifier: zone for zone in aerodrome_zones(read("aerodromes"))}
    for identifier in ("ZGSZ01", "ZGSZ02", "ZGSZ03"):
        for volume in CORRIDORS["UAV04"].volumes:
            assert not volume.geometry.intersects(ranges[identifier].geometry)


# Width


HALF_WIDTHS_M = {
    "HELVH": 1000.0,
    "HELH": 1000.0,
    "HELVW": 1000.0,
    "HKZ04": 463.0,  # 0.5 NM wide
    **dict.fromkeys(("HELHM", "HELSH1", "HELSH2", "HELSH3", "HELSM1", "HELSM2"), 500.0),
    **dict.fromkeys(("HELZH1", "HELZH2", "HELPS1", "HELPS2", "HELLG1"), 500.0),
    **dict.fromkeys(("UAV01", "UAV02", "UAV03", "UAV04"), 50.0),
}


def test_every_corridor_has_its_width() -> None:
    assert {name: c.half_width_m for name, c in CORRIDORS.items()} == HALF_WIDTHS_M
    assert 2 * 463.0 == 0.5 * 1852.0


SEGMENTS = [
    pytest.param(corridor, number, id=f"{name}-{number}")
    for name, corridor in CORRIDORS.items()
    for number in range(len(corridor.points) - 1)
]


@pytest.mark.parametrize(("corridor", "number"), SEGMENTS)
def test_a_segment_is_as_wide_as_geodesics_say(corridor: Corridor, number: int) -> None:
    start, end = places(corridor)[number : number + 2]
    azimuth_deg, back_deg, length_m = KARNEY.inv(*start, *end)
    middle_lon, middle_lat, back_half_deg = KARNEY.fwd(*start, azimuth_deg, length_m / 2)
    covering = corridor.volumes[number].geometry
    # The covering polygon of a long strip takes one scale for all of it, on the safe side.
    span_km = abs(end[0] - start[0]) * 103.0
    spare_m = 0.01 + 3e-5 * corridor.half_width_m * span_km / 50.0
    for (from_lon, from_lat), direction_deg in (
        ((middle_lon, middle_lat), back_half_deg - 90.0),
        ((middle_lon, middle_lat), back_half_deg + 90.0),
        (start, azimuth_deg + 180.0),
        (end, back_deg + 180.0),
    ):
        for distance_m, inside in (
            (corridor.half_width_m - 0.01, True),
            (corridor.half_width_m + spare_m, False),
        ):
            lon, lat, _ = KARNEY.fwd(from_lon, from_lat, direction_deg, distance_m)
            assert covering.covers(Point(lon, lat)) == inside, (direction_deg, distance_m)


def test_neighbouring_segments_overlap_round_the_point_they_share() -> None:
    for corridor in CORRIDORS.values():
        for (before, after), point in zip(
            pairwise(corridor.volumes), corridor.points[1:-1], strict=True
        ):
            place = Point(point.lon_deg, point.lat_deg)
            assert before.geometry.contains(place)
            assert after.geometry.contains(place)


# Heights


def bands(identifier: str) -> list[tuple[float | None, float | None, set[VerticalReference]]]:
    def value_m(level: Level | None) -> float | None:
        return None if level is None else round(level.value_m, 6)

    return [
        (
            value_m(v.layer.floor),
            value_m(v.layer.ceiling),
            {end.reference for end in (v.layer.floor, v.layer.ceiling) if end is not None},
        )
        for v in CORRIDORS[identifier].volumes
    ]


AMSL, AGL = {VerticalReference.AMSL}, {VerticalReference.AGL}


def test_heights_change_from_segment_to_segment() -> None:
    # From Green Island to Silvermine Bay special VFR is at 800 ft.
    low, high = (150.0, 243.84, AMSL), (150.0, 300.0, AMSL)
    assert bands("HELHM") == [high, low, high, high, high, high]


@pytest.mark.parametrize(
    ("identifiers", "band"),
    [
        (("HELVH", "HELH"), (None, 609.6, AMSL)),  # 2 000 ft
        (("HELVW", "HKZ04"), (None, 152.4, AMSL)),  # 500 ft
        (("HELSH1", "HELSH2", "HELSH3", "HELSM1", "HELSM2"), (250.0, 350.0, AMSL)),
        (("HELZH1", "HELZH2"), (150.0, 300.0, AMSL)),
        (("HELPS1", "HELPS2", "HELLG1"), (200.0, 400.0, AGL)),
        (("UAV01", "UAV02", "UAV03", "UAV04"), (80.0, 120.0, AGL)),
    ],
)
def test_the_other_corridors_keep_one_band(
    identifiers: tuple[str, ...], band: tuple[float | None, float, set[VerticalReference]]
) -> None:
    for identifier in identifiers:
        segments = len(CORRIDORS[identifier].points) - 1
        assert bands(identifier) == [band] * segments


# Direction, users and regions


OVER_THE_BOUNDARY = {"HELVH", "HELH", "HELSH1", "HELSH2", "HELSH3", "HELSM1", "HELSM2"}
WITHIN_HONG_KONG_FIR = {"HELVW", "HELHM", "HKZ04"}
# Where the track meets a boundary.
HANDED_OVER = {
    "HELSH1": (113.896105, 22.443753),
    "HELSH2": P8,
    "HELSH3": (113.899571, 22.445671),
    "HELSM1": (113.610045, 22.196056),
    "HELSM2": (113.569817, 22.206888),
    "HELZH1": (113.602303, 22.076667),
}


def test_directions_are_given_where_they_are_published() -> None:
    directions = {name: c.direction for name, c in CORRIDORS.items() if c.direction is not None}
    made_up = dict.fromkeys(("UAV01", "UAV02", "UAV03", "UAV04"), CorridorDirection.BOTH_WAYS)
    assert directions == {
        "HELVH": CorridorDirection.BOTH_WAYS,
        "HKZ04": CorridorDirection.ONE_AT_A_TIME,
        **made_up,
    }


def test_tracks_of_the_aip_are_for_those_whom_hong_kong_authorises() -> None:
    users = CorridorUsers
    for corridor in CORRIDORS.values():
        expected = {
            "HELVH": users.AUTHORISED_HELICOPTERS,
            "HELH": users.AUTHORISED_HELICOPTERS,
            "HELVW": users.AUTHORISED_HELICOPTERS,
            "HELHM": users.AUTHORISED_HELICOPTERS,
            "HKZ04": users.HELICOPTERS,
        }.get(corridor.identifier, users.UNMANNED if corridor.example else None)
        assert corridor.users is (expected or users.OPERATORS_OF_THE_SERVICE)


def test_every_corridor_says_which_regions_it_leads_through() -> None:
    for name, corridor in CORRIDORS.items():
        expected = ("ZGZU", "VHHK") if name in OVER_THE_BOUNDARY else ("ZGZU",)
        if name in WITHIN_HONG_KONG_FIR:
            expected = ("VHHK",)
        assert corridor.firs == (("VHHK", "ZGZU") if name == "HELZH1" else expected), name


def sar(of: str) -> Polygon:
    """Territory by the typed points of its order, with geodesics between them."""
    facts = read("boundaries")[of]
    ring = []
    for number, (lon, lat) in facts["points"].items():
        ring += [(degrees(lon), degrees(lat)), *facts.get(f"after_point_{number}", ())]
    drawn = []
    for start, end in pairwise([*ring, ring[0]]):
        drawn += [start, *KARNEY.npts(start[0], start[1], end[0], end[1], 50)]
    return Polygon(drawn)


SARS = [sar("hong_kong"), sar("macao")]


def is_in_a_sar(place: tuple[float, float]) -> bool:
    return any(area.contains(Point(place)) for area in SARS)


# The leg on which the boundary is met, from the Mainland: into Hong Kong, the last one to Macao, or
# back along the one that leaves for Jinwan.
MET_BETWEEN = {
    "HELSH1": (1, 2),
    "HELSH3": (0, 1),
    "HELSM1": (-2, -1),
    "HELSM2": (-2, -1),
    "HELZH1": (-1, -2),
}


@pytest.mark.parametrize("identifier", MET_BETWEEN)
def test_control_passes_where_walking_the_geodesic_meets_the_boundary(identifier: str) -> None:
    corridor = CORRIDORS[identifier]
    (passed,) = corridor.hand_overs
    start, towards = (places(corridor)[number] for number in MET_BETWEEN[identifier])
    azimuth_deg, _, length_m = KARNEY.inv(*start, *towards)
    inside_m = step_m = 20.0
    while not is_in_a_sar(KARNEY.fwd(*start, azimuth_deg, inside_m)[:2]):
        inside_m += step_m
        assert inside_m < length_m
    outside_m = inside_m - step_m
    for _ in range(30):
        middle_m = (outside_m + inside_m) / 2
        if is_in_a_sar(KARNEY.fwd(*start, azimuth_deg, middle_m)[:2]):
            inside_m = middle_m
        else:
            outside_m = middle_m
    met = KARNEY.fwd(*start, azimuth_deg, inside_m)[:2]
    _, _, apart_m = KARNEY.inv(*met, passed.lon_deg, passed.lat_deg)
    assert apart_m < 0.15  # it is rounded to six decimals


def test_control_passes_at_the_points_found_and_that_is_no_published_point() -> None:
    found = {name: c.hand_overs for name, c in CORRIDORS.items() if c.hand_overs}
    assert set(found) == {*HANDED_OVER, "HELVH"}
    for name, (passed,) in found.items():
        expected = HANDED_OVER.get(name, DAPENG)
        assert (passed.lon_deg, passed.lat_deg) == pytest.approx(expected, abs=5.1e-7)
        assert (passed.fir_from, passed.fir_to) == CORRIDORS[name].firs
        assert passed.point is None
        assert passed.status is FeatureStatus.ILLUSTRATIVE
        assert "No hand-over point of helicopters is published" in passed.remarks["en"]
        assert "移交点未公布" in passed.remarks["zh"]


def test_only_what_hong_kong_publishes_is_said_of_who_controls() -> None:
    for name, corridor in CORRIDORS.items():
        for passed in corridor.hand_overs:
            assert not passed.unit_from
            expected = "Hong Kong Information, 122.4 MHz" if name == "HELVH" else None
            assert passed.unit_to.get("en") == expected


@pytest.mark.parametrize("name", ["HELZH2", "HELPS1", "HELPS2", "HELLG1", "UAV01", "UAV02"])
def test_what_keeps_to_the_mainlands_region_meets_neither_sar(name: str) -> None:
    assert CORRIDORS[name].firs == ("ZGZU",)
    line = LineString(densify_geodesic(places(CORRIDORS[name])))
    assert not any(line.intersects(area) for area in SARS)


# Hours


@pytest.mark.parametrize(
    ("identifier", "opens", "closes"),
    [(f"UAV0{n}", 7, 22) for n in range(1, 5)],
)
def test_daily_hours_are_half_open(identifier: str, opens: int, closes: int) -> None:
    corridor, second = CORRIDORS[identifier], timedelta(seconds=1)
    first, last = (datetime(2026, 5, 4, hour, tzinfo=CHINA) for hour in (opens, closes))
    assert not corridor.is_active_at(first - second)
    assert corridor.is_active_at(first)
    assert corridor.is_active_at(last - second)
    assert not corridor.is_active_at(last)


@pytest.mark.parametrize(
    ("first", "identifiers"),
    [
        (datetime(2023, 3, 2, tzinfo=CHINA), ("HELPS1", "HELPS2")),
        (datetime(2023, 8, 15, tzinfo=CHINA), ("HELLG1",)),
        (datetime(2025, 11, 6, tzinfo=CHINA), ("HELSH3", "HELSM1")),
    ],
)
def test_services_begin_on_their_first_day(first: datetime, identifiers: tuple[str, ...]) -> None:
    for identifier in identifiers:
        assert CORRIDORS[identifier].takes_effect_at == first
        assert not CORRIDORS[identifier].is_active_at(first - timedelta(seconds=1))


def test_what_has_no_published_first_day_or_hours_is_always_there() -> None:
    for identifier in ("HELVH", "HELH", "HELVW", "HELSH2", "HELSM2", "HELZH1", "HELZH2"):
        assert CORRIDORS[identifier].schedule == ALWAYS


def test_no_hours_are_made_up_for_a_service_whose_hours_were_not_found() -> None:
    for identifier in ("HELSH1", "HELPS1", "HELLG1"):
        corridor = CORRIDORS[identifier]
        assert not corridor.schedule.weekly
        assert "hours were not found" in corridor.remarks["en"]
        assert "开放时间未见公布" in corridor.remarks["zh"]


# Honesty


def test_uav_routes_are_examples_and_nothing_else_is() -> None:
    examples = {name for name, corridor in CORRIDORS.items() if corridor.example}
    assert examples == {"UAV01", "UAV02", "UAV03", "UAV04"}
    assert examples == {n for n, c in CORRIDORS.items() if c.kind is CorridorKind.UAV_ROUTE}


def test_services_across_a_boundary_are_told_from_those_within_the_mainland() -> None:
    crossing = {n for n, c in CORRIDORS.items() if c.kind is CorridorKind.CROSS_BORDER_ROUTE}
    assert crossing == {"HELSH1", "HELSH2", "HELSH3", "HELSM1", "HELSM2", "HELZH1"}
