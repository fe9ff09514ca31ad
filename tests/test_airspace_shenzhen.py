"""The Shenzhen dataset: rebuilt from its facts, and checked against published numbers."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
import yaml
from airspace_data.shenzhen import build
from airspace_data.shenzhen.build import build_features
from airspace_data.shenzhen.recipes.facts import honest_status, read
from pyproj import Geod, Transformer
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from lowalt.airspace import (
    BasisVerification,
    Circle,
    Containment,
    Corridor,
    Feature,
    FeatureStatus,
    Line,
    Volume3D,
    Zone,
    load_airspace,
)
from lowalt.geodesy import geodesic_distance_m
from lowalt.temporal import TimeInterval
from lowalt.terms import CorridorKind, LineKind, Notice, SiteKind, ZoneKind

CHINA = timezone(timedelta(hours=8))
SHENZHEN = load_airspace("shenzhen")


BUILT = {"volumes", "micro_volumes", "geometry", "middle", "less_accurate", "line", "points"}


def volumes_of(feature: Feature) -> tuple[Volume3D, ...]:
    if isinstance(feature, Zone):
        return (*feature.volumes, *(feature.micro_volumes or ()))
    return feature.volumes if isinstance(feature, Corridor) else ()


def shapes_of(feature: Feature) -> list[BaseGeometry]:
    """What was computed, to be compared with a tolerance."""
    lines = [feature.line] if isinstance(feature, Line) else []
    parts = feature.less_accurate if isinstance(feature, Zone) else ()
    return [*lines, *(v.geometry for v in volumes_of(feature)), *(part.line for part in parts)]


def numbers_of(feature: Feature) -> list[object]:
    """What was typed, beside the plain fields."""
    if isinstance(feature, Zone):
        spared = feature.micro_volumes is None, feature.micro_volumes == ()
        parts = [part.accuracy_m for part in feature.less_accurate]
        return [*spared, *(v.layer for v in volumes_of(feature)), *parts]
    return [*feature.points] if isinstance(feature, Corridor) else []


def are_same(mine: BaseGeometry, theirs: BaseGeometry) -> bool:
    if shapely.equals_exact(mine, theirs, tolerance=2e-8):
        return True
    mine_edge, theirs_edge = (s.boundary if s.area else s for s in (mine, theirs))
    apart = float(shapely.hausdorff_distance(mine_edge, theirs_edge))
    return apart < 2e-8 and abs(mine.area - theirs.area) < 1e-4 * mine.area


# The file and its facts


def test_the_file_is_what_its_facts_build() -> None:
    # Libraries may differ in the last decimal of a degree (1 mm) and in where a ring begins, so
    # shapes are compared to two decimals and as sets of points, and all else exactly.
    rebuilt = build_features()
    assert [f.identifier for f in rebuilt] == [f.identifier for f in SHENZHEN.features]
    for fresh, kept in zip(rebuilt, SHENZHEN.features, strict=True):
        assert type(fresh) is type(kept)
        for mine, theirs in zip(shapes_of(fresh), shapes_of(kept), strict=True):
            assert are_same(mine, theirs), fresh.identifier
        assert numbers_of(fresh) == numbers_of(kept)
        same = [f.name for f in fields(fresh) if f.name not in BUILT]
        assert [getattr(fresh, name) for name in same] == [getattr(kept, name) for name in same]


def test_the_check_notices_a_file_that_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "TARGET", tmp_path / "zones.geojson")
    monkeypatch.setattr(build, "PROVENANCE", tmp_path / "dataset.yaml")
    assert build.main(["--check"]) == 1
    assert build.main([]) == 0
    assert build.main(["--check"]) == 0
    (tmp_path / "zones.geojson").write_bytes(
        build.TARGET.read_bytes().replace(b"ZGNT01", b"ZGNT02")
    )
    assert build.main(["--check"]) == 1


def test_the_sheet_for_people_says_the_same_as_the_file_beside_it() -> None:
    sheet = yaml.safe_load(build.PROVENANCE.read_text("utf-8"))
    zones = build.TARGET.read_bytes()
    assert sheet["zones_geojson"]["sha256"] == hashlib.sha256(zones).hexdigest()
    assert sheet["zones_geojson"]["sha256"] == SHENZHEN.digest
    # All but that digest: libraries may differ in the last decimal of a degree.
    fresh = yaml.safe_load(build.build_provenance(build_features(), content=zones))
    assert fresh == sheet
    assert [row["identifier"] for row in sheet["features"]] == [
        feature.identifier for feature in SHENZHEN.features
    ]
    assert sum(sheet["zones_geojson"]["by_status"].values()) == len(SHENZHEN.features)
    assert set(sheet["left_out"]) == {"MIL01", "MIL02", "DET01"}


def test_every_feature_says_what_it_is_and_where_that_was_read() -> None:
    for feature in SHENZHEN.features:
        for texts in (feature.name, feature.authority, feature.remarks):
            assert texts["zh"].strip(), feature.identifier
            assert texts["en"].strip(), feature.identifier
        assert feature.citation, feature.identifier
        assert feature.sources, feature.identifier
        assert all(feature.sources), feature.identifier
        assert len(feature.identifier) <= 7
    assert len({f.identifier for f in SHENZHEN.features}) == len(SHENZHEN.features)


# The research this dataset rests on proposed these features. Some became two, A and B: the clear
# zone and the surroundings of the airport, because the third runway's part began with the runway;
# the boundary of Hong Kong, published at sea and approximate on land; the heliports of Macao.
PROPOSED = """
ZGSZ01 ZGSZ02 ZGSZ03 ZGSZ04 ZGSZ05 ZGSZ06 ZGSZ07 ZGNT01 ZGNT02 ZJK01 ZGSD01 ZGSD02 ZGUH01
VHHH01 VHSK01 VHST01 VMMC01 VMMH01 BDY01 BDY02 BDY03 BDY04 BDY05 BDY06 BDY07 BDY08 BDY09
BDY10 LP01 LP02 LP03 LP04 LP05 LP06 LP07 SP01 SP02 SP03 SP04 SP05 NPP01 NPP02 NPP03 PP01
PP02 PP03 PP04 NAV01 NAV02 NAV03 NAV04 WR01 WR02 GOV01 MIL01 MIL02 DET01 FUEL01 RES01
RAIL01 TMP01 TMP07 TMP08 TMP09 TMP10 SUIT01 SUIT02 TEST01 TEST02 TEST03 TEST04 GRID01 VHP8
VHR12 VHR13 VHD5 VHD11 HKTMA HKZ01 HKZ02 HKZ03 HKZ04 HELVH HELH HELVW HELHM HELSH1 HELSH2
HELSH3 HELSM1 HELSM2 HELZH1 HELZH2 HELPS1 HELPS2 HELLG1 PTBEKOL PTTAMOT PTSIERA PTLATOP
PTHENGA PTPINGS PTDAPEN PTAOTOU PTUNIFO PTQUBEC PTROMEO XFER1 UAV01 UAV02 UAV03 UAV04
OBS01 OBS02 OBS03 OBS04 OBS05 OBS06 OBS07 OBS08 OBS09
"""
HELIPADS = [f"HP{number:02}" for number in range(1, 27)]
PROPOSED_ROWS = 122  # the helipads are one of them


def test_everything_proposed_is_held_or_left_out_with_a_reason() -> None:
    proposed = [*PROPOSED.split(), *HELIPADS]
    assert len(proposed) == PROPOSED_ROWS - 1 + len(HELIPADS)
    held = {feature.identifier for feature in SHENZHEN.features}
    left_out = read("dataset")["left_out"]
    for identifier in proposed:
        ways = ({identifier}, {f"{identifier}A", f"{identifier}B"})
        assert any(way <= held for way in ways) != (identifier in left_out), identifier
    for reason in left_out.values():
        assert reason["zh"].strip()
        assert reason["en"].strip()
    assert set(left_out) == {"MIL01", "MIL02", "DET01"}


def test_nothing_military_police_or_custodial_is_made_up() -> None:
    # Hong Kong publishes danger areas and a fort in its AIP; they carry their published names.
    words = re.compile(
        r"军|警|监狱|看守|拘留|戒毒|监管|武器|弹药|军械|military|police|prison|detention|custod|barrack"
        r"|naval|army|air force",
        re.IGNORECASE,
    )
    for feature in SHENZHEN.features:
        for name in feature.name.values():
            assert not words.search(name), feature.identifier
    for kinds in (ZoneKind, SiteKind, LineKind, CorridorKind):
        for kind in kinds:
            assert not words.search(f"{kind.value} {kind.en} {kind.zh}"), kind


def test_what_the_dataset_does_not_hold_is_said_in_both_languages() -> None:
    for texts in (SHENZHEN.coverage, SHENZHEN.disclaimer, SHENZHEN.remarks, SHENZHEN.title):
        assert texts["zh"]
        assert texts["en"]
    assert "article 19" in SHENZHEN.coverage["en"]
    for held_by_nobody in ("military", "custodial", "defence", "substations", "motorways"):
        assert held_by_nobody in SHENZHEN.coverage["en"]


# Honesty


def test_a_derived_zone_smaller_than_its_point_error_is_demoted() -> None:
    derived, drawn = FeatureStatus.DERIVED, FeatureStatus.ILLUSTRATIVE
    assert honest_status(derived, point_error_m=500.0, radius_m=100.0) is drawn
    assert honest_status(derived, point_error_m=100.0, radius_m=100.0) is derived
    authoritative = FeatureStatus.AUTHORITATIVE
    assert honest_status(authoritative, point_error_m=500.0, radius_m=1.0) is authoritative


def test_no_derived_circle_is_smaller_than_its_accuracy() -> None:
    for zone in (f for f in SHENZHEN.features if isinstance(f, Zone)):
        circles = [
            volume.shape
            for volume in (*zone.volumes, *(zone.micro_volumes or ()))
            if isinstance(volume.shape, Circle)
        ]
        if zone.status is FeatureStatus.DERIVED:
            assert all(zone.accuracy_m <= c.radius_m for c in circles), zone.identifier


def test_what_is_called_authoritative_rests_on_a_publication_that_was_read() -> None:
    for feature in SHENZHEN.features:
        if feature.status is FeatureStatus.AUTHORITATIVE:
            assert feature.basis is BasisVerification.VERIFIED, feature.identifier
            assert not feature.example, feature.identifier


def test_examples_are_called_examples_and_judge_nothing() -> None:
    examples = {f.identifier for f in SHENZHEN.features if f.example}
    called = {f.identifier for f in SHENZHEN.features if "example" in f.name["en"].lower()}
    assert examples == called
    assert {"ZGSZ06", "ZGSZ07", "FUEL01", "RAIL01", "TMP08", "TMP09", "TMP10"} <= examples
    assert {"SUIT01", "SUIT02", "TEST01", "TEST02", "TEST03", "TEST04", "GRID01"} <= examples
    assert examples.isdisjoint(zone.identifier for zone in SHENZHEN.zones)
    for identifier in examples:
        remarks = SHENZHEN.feature(identifier).remarks
        assert re.search("示例|示意", remarks["zh"]), identifier
        assert "example" in remarks["en"].lower(), identifier


def test_what_was_made_up_says_so_and_nothing_real_does() -> None:
    made_up = read("dataset")["sources"]["none"]
    for feature in SHENZHEN.features:
        if made_up in feature.sources:
            assert feature.example, feature.identifier


def test_the_2019_distances_rest_on_a_basis_of_unclear_force() -> None:
    measures = read("dataset")["sources"]["measures_2019"]
    rests = [f for f in SHENZHEN.features if measures in f.sources]
    assert len(rests) > 25
    for feature in rests:
        assert feature.basis is not BasisVerification.VERIFIED, feature.identifier
        if feature.basis is BasisVerification.PARTLY and feature.identifier != "ZGNT01":
            assert "2019" in feature.remarks["en"], feature.identifier


# What we draw ourselves


NOT_TO_BE_ENTERED = {ZoneKind.PROHIBITED_AREA, ZoneKind.RESTRICTED_AREA, ZoneKind.DANGER_AREA}
PRESCRIBED = {
    path.stem: route
    for path in (Path(__file__).parent.parent / "examples" / "plans").glob("*.json")
    if (route := json.loads(path.read_bytes()).get("crossing", {}).get("prescribed_route"))
}
STRIPS = {
    **{
        c.identifier: ([(p.lon_deg, p.lat_deg) for p in c.points], c.half_width_m)
        for c in SHENZHEN.corridors
    },
    **{name: (route["points"], route["half_width_m"]) for name, route in PRESCRIBED.items()},
}


def room_m(way: Sequence[tuple[float, float]], area: BaseGeometry) -> float:
    """Distance of a way of geodesics from an area, in a plane that is true around the area."""
    geod = Geod(ellps="WGS84")
    places = [way[0]]
    for (lon, lat), end in pairwise(way):
        step_count = int(geod.inv(lon, lat, *end)[2] / 500.0)
        places += [*geod.npts(lon, lat, *end, step_count), end]
    middle = f"+proj=aeqd +lon_0={area.centroid.x} +lat_0={area.centroid.y} +ellps=WGS84"
    to_plane = Transformer.from_crs("EPSG:4326", middle, always_xy=True).transform
    track, outline = (
        shapely.transform(shape, lambda at: np.column_stack(to_plane(at[:, 0], at[:, 1])))
        for shape in (LineString(places), area)
    )
    return float(track.distance(outline))


@pytest.mark.parametrize("name", STRIPS)
def test_no_drawn_strip_touches_a_prohibited_restricted_or_danger_area(name: str) -> None:
    way, half_width_m = STRIPS[name]
    areas = [zone for zone in SHENZHEN.zones if zone.kind in NOT_TO_BE_ENTERED]
    assert {"VHP8", "VHR12", "VHR13", "VHD5", "VHD11"} <= {zone.identifier for zone in areas}
    for area in areas:
        spare_m = room_m(way, area.geometry) - half_width_m
        assert spare_m > area.accuracy_m, (area.identifier, spare_m)


def test_a_way_along_the_coast_of_castle_peak_would_be_found_to_cross_two_of_them() -> None:
    way = [(113.947806, 22.472358), (113.95, 22.37), (114.113, 22.285)]
    crossed = {
        zone.identifier
        for zone in SHENZHEN.zones
        if zone.kind in NOT_TO_BE_ENTERED and room_m(way, zone.geometry) == 0.0
    }
    assert crossed == {"VHD5", "VHR12"}


# Outlines and temporary control


@pytest.mark.parametrize(
    ("identifier", "place"),
    [
        ("BDY10", (114.10, 22.65)),
        ("BDY11", (113.94, 22.56)),
        ("BDY12", (114.05, 22.545)),
        ("BDY13", (113.83, 22.66)),
    ],
)
def test_outlines_hold_the_middle_of_their_area(
    identifier: str, place: tuple[float, float]
) -> None:
    lon, lat = place
    zone = SHENZHEN[identifier]
    assert zone.containment(lon_deg=lon, lat_deg=lat) is Containment.INSIDE
    assert zone.status is FeatureStatus.ILLUSTRATIVE
    assert zone.accuracy_m >= 1000.0


def windows(identifier: str) -> list[tuple[str, str]]:
    return [
        (window.start.strftime("%m-%d %H"), window.end.strftime("%m-%d %H"))
        for window in SHENZHEN[identifier].schedule.windows or ()
    ]


def test_temporary_control_has_the_windows_of_its_notices() -> None:
    assert windows("TMP01") == [("06-28 00", "07-04 00")]
    assert windows("TMP02") == [
        ("11-02 00", "11-03 00"),
        ("11-15 00", "11-22 00"),  # the 15th, and 16 to 21 November
        ("11-29 00", "11-30 00"),
        ("12-07 00", "12-08 00"),
        ("12-10 00", "12-16 00"),
    ]
    assert windows("TMP03") == [("11-02 00", "11-03 00"), ("12-07 00", "12-08 00")]
    assert windows("TMP04") == [
        ("11-16 00", "11-22 00"),
        ("12-07 00", "12-08 00"),
        ("12-10 00", "12-16 00"),
    ]
    closing = [("11-21 18", "11-22 00"), ("12-15 18", "12-16 00")]
    assert windows("TMP05") == closing
    assert windows("TMP06") == closing


def test_temporary_zones_name_their_notice_and_take_the_accuracy_of_the_outline() -> None:
    expected = {
        "TMP01": (Notice.HANDOVER_2022, "BDY10"),
        "TMP02": (Notice.NATIONAL_GAMES_2025, "BDY11"),
        "TMP03": (Notice.NATIONAL_GAMES_2025, "BDY12"),
        "TMP04": (Notice.NATIONAL_GAMES_2025, "BDY13"),
        "TMP05": (Notice.NATIONAL_GAMES_2025_CLOSING, "BDY11"),
        "TMP06": (Notice.NATIONAL_GAMES_2025_CLOSING, "BDY13"),
    }
    temporary = [
        zone
        for zone in SHENZHEN.zones
        if zone.kind is ZoneKind.TEMPORARY_CONTROL and zone.identifier != "TMP07"
    ]
    assert [zone.identifier for zone in temporary] == list(expected)
    for zone in temporary:
        notice, area = expected[zone.identifier]
        assert zone.notice is notice
        assert zone.accuracy_m == SHENZHEN[area].accuracy_m
        assert zone.geometry == SHENZHEN[area].geometry
        assert zone.basis is BasisVerification.VERIFIED
        assert zone.status is FeatureStatus.ILLUSTRATIVE


def test_the_notice_of_2026_is_second_hand_and_counts_only_as_such() -> None:
    zone = SHENZHEN["TMP07"]
    assert zone.basis is BasisVerification.UNVERIFIED
    assert zone.notice is Notice.OTHER
    last = datetime(2026, 11, 23, 23, 59, 59, tzinfo=CHINA)
    assert zone.is_active_at(datetime(2026, 7, 24, tzinfo=CHINA))
    assert zone.is_active_at(last)
    assert not zone.is_active_at(last + timedelta(seconds=1))
    assert zone.containment(lon_deg=114.03, lat_deg=22.548) is Containment.INSIDE
    # The Civic Centre is 70 m outside the corners, which are known to a kilometre.
    answer = zone.containment(lon_deg=114.0532, lat_deg=22.5463)
    assert answer is Containment.WITHIN_TOLERANCE


def hours_within(identifier: str, start: datetime, days: int) -> list[tuple[str, str]]:
    zone = SHENZHEN.feature(identifier)
    interval = TimeInterval(start, start + timedelta(days=days))
    return [
        (window.start.strftime("%a %d %H:%M"), window.end.strftime("%a %d %H:%M"))
        for window in zone.active_within(interval)
    ]


def test_a_weekly_zone_is_there_on_its_evenings_only() -> None:
    wednesday = datetime(2026, 9, 2, tzinfo=CHINA)
    assert hours_within("TMP08", wednesday, 7) == [
        ("Fri 04 16:00", "Fri 04 23:00"),
        ("Sat 05 16:00", "Sat 05 23:00"),
        ("Sun 06 16:00", "Sun 06 23:00"),
    ]


def test_the_hong_kong_zone_of_july_2025_has_its_windows() -> None:
    july = datetime(2025, 7, 1, tzinfo=CHINA)
    mornings = [(f"{day:02} 09:15", f"{day:02} 13:30") for day in (22, 23, 24, 25, 26)]
    noons = [(f"{day:02} 08:30", f"{day:02} 13:40") for day in (29, 30, 31)]
    expected = [*mornings[:2], ("23 16:00", "23 19:30"), *mornings[2:], *noons]
    found = [(a[4:], b[4:]) for a, b in hours_within("TMP09", july, 62)]
    assert found == expected
    zone = SHENZHEN.feature("TMP09")
    assert zone.country == "HKG"
    assert not zone.is_active_at(datetime(2025, 7, 22, 13, 30, tzinfo=CHINA))


def test_test_areas_follow_the_sun() -> None:
    # Sunrise and sunset in Shenzhen: 05:40 and 19:11 at midsummer, 06:59 and 17:43 at midwinter.
    for identifier in ("TEST01", "TEST02", "TEST03", "TEST04"):
        zone = SHENZHEN.feature(identifier)
        for month, day, rises, sets in ((6, 21, (5, 40), (19, 11)), (12, 21, (6, 59), (17, 43))):
            for (hour, minute), before in ((rises, False), (sets, True)):
                moment = datetime(2026, month, day, hour, minute, tzinfo=CHINA)
                assert zone.is_active_at(moment - timedelta(minutes=5)) is before, identifier
                assert zone.is_active_at(moment + timedelta(minutes=5)) is not before, identifier


# The document


def test_runways_stand_in_the_document_with_their_published_lengths() -> None:
    document = json.loads(build.TARGET.read_text(encoding="utf-8"))
    runways = document["metadata"]["extendedProperties"]["runways"]
    length_m = {
        (r["aerodrome"], r["name"]): float(geodesic_distance_m([r["low"]], [r["high"]])[0])
        for r in runways
    }
    assert len(length_m) == len(runways) == 8
    published_m = {  # declared; ends are from imagery
        ("ZGSZ", "15/33"): 3400,
        ("ZGSZ", "16L/34R"): 3800,
        ("ZGSZ", "16R/34L"): 3600,
        ("ZGSD", "05/23"): 4000,
        ("VHHH", "07C/25C"): 3800,
        ("VHHH", "07L/25R"): 3800,
        ("VHHH", "07R/25L"): 3800,
        ("VMMC", "16/34"): 3214,
    }
    for runway, declared_m in published_m.items():
        assert length_m[runway] == pytest.approx(declared_m, abs=30.0), runway
    elevation_m = {r["aerodrome"]: r["elevation_amsl_m"] for r in runways}
    assert elevation_m == pytest.approx(
        {"ZGSZ": 4.0, "ZGSD": 7.01, "VHHH": 8.53, "VMMC": 6.10}, abs=0.01
    )


def test_known_points_are_landing_sites_and_ports_of_the_mainland_known_well() -> None:
    ports = {"LP01", "LP06", "LP07", "PRTZGUH"}
    assert set(SHENZHEN.known_points) == {"ZGSZ", "ZGNT", *ports, *HELIPADS}
