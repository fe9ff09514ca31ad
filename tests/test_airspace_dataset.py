"""Datasets: loading, refusing, and looking zones up."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import box

from lowalt.airspace import Containment, load_airspace, read_zones
from lowalt.datums import looks_like_gcj02
from lowalt.errors import (
    GeometryError,
    InvalidInputError,
    NaiveDatetimeError,
    OutsideDatasetError,
    UnknownNameError,
)
from lowalt.geodesy import geodesic_direct

CHINA = timezone(timedelta(hours=8))
NOON = datetime(2026, 3, 2, 12, tzinfo=CHINA)
SHENZHEN = load_airspace("shenzhen")


def feature(identifier: str = "A1", **extended: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "identifier": identifier,
            "country": "CHN",
            "name": [{"lang": "en", "text": "a zone"}],
            "type": "PROHIBITED",
            "variant": "COMMON",
            "zoneAuthority": [{"purpose": "AUTHORIZATION"}],
            "extendedProperties": {
                "kind": "danger_area",
                "status": "authoritative",
                "basis": "verified",
                "accuracy_m": 0.0,
                "citation": "a notice",
                "sources": ["a page"],
                "as_of": "2026-01-01",
                **extended,
            },
        },
        "geometry": {"type": "Polygon", "coordinates": [[[7, 50], [8, 50], [8, 51], [7, 50]]]},
    }


def written(folder: Path, document: Any) -> Path:
    path = folder / "mine.geojson"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def collection(*features: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [*features], "metadata": metadata}


# Loading


def test_a_file_of_ones_own_is_a_dataset_that_speaks_for_its_zones_only(tmp_path: Path) -> None:
    path = written(tmp_path, collection(feature()))
    dataset = read_zones(path)
    assert dataset.name == "mine"
    assert dataset.frame.central_meridian_deg == 8.0
    assert dataset.digest == sha256(path.read_bytes()).hexdigest()
    assert dataset.covers(lon_deg=7.9, lat_deg=50.1, when=NOON)
    assert not dataset.covers(lon_deg=7.1, lat_deg=50.9, when=NOON)
    (found,) = dataset.zones_at(lon_deg=7.9, lat_deg=50.1, when=NOON)
    assert found == (dataset["A1"], Containment.INSIDE)
    assert load_airspace(path).digest == load_airspace(str(path)).digest == dataset.digest


def test_a_file_states_its_extent_and_validity(tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[6, 49], [9, 49], [9, 52], [6, 52], [6, 49]]]}
    document = collection(
        feature(),
        validFrom="2026-01-01T00:00:00Z",
        validTo="2027-01-01T00:00:00Z",
        extendedProperties={"extent": square},
    )
    dataset = read_zones(written(tmp_path, document))
    assert dataset.zones_at(lon_deg=7.1, lat_deg=50.9, when=NOON) == []
    new_year = datetime(2027, 1, 1, tzinfo=UTC)
    assert dataset.covers(lon_deg=7.1, lat_deg=50.9, when=new_year - timedelta(seconds=1))
    with pytest.raises(OutsideDatasetError, match=r"2027-01-01.*outside the dataset mine"):
        dataset.zones_at(lon_deg=7.1, lat_deg=50.9, when=new_year)


def test_an_unknown_name_lists_those_that_exist() -> None:
    with pytest.raises(UnknownNameError, match=r"'guangzhou'; there are: .*shenzhen"):
        load_airspace("guangzhou")
    with pytest.raises(UnknownNameError, match=r"no zone 'XYZ' in shenzhen; there are ZGSZ01"):
        SHENZHEN["XYZ"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "mine: expected a GeoJSON FeatureCollection"),
        (collection(feature(), feature()), "mine: two features are called A1"),
        (collection(feature("B2", kind="?")), "zone B2: kind"),
        (collection(feature(), {"type": "Feature"}), r"mine: features\[1\]: properties"),
        (collection(feature(), validFrom="2026"), "mine: metadata.validFrom"),
        (
            collection(feature(), extendedProperties={"known_points": {"A": [1]}}),
            "mine: known_points",
        ),
    ],
)
def test_a_wrong_file_is_refused_saying_where(tmp_path: Path, document: Any, message: str) -> None:
    with pytest.raises(InvalidInputError, match=f"^{message}"):
        read_zones(written(tmp_path, document))


@pytest.mark.parametrize("extent", [{"type": "Point", "coordinates": [1, 2]}, {"type": "?"}, 7])
def test_an_extent_that_is_no_area_is_refused(tmp_path: Path, extent: Any) -> None:
    document = collection(feature(), extendedProperties={"extent": extent})
    with pytest.raises(GeometryError, match=r"^mine: .*extent"):
        read_zones(written(tmp_path, document))


def test_a_file_without_zones_or_extent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GeometryError, match="mine: the extent"):
        read_zones(written(tmp_path, collection()))


def test_what_is_not_json_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "broken.geojson"
    path.write_text("{")
    with pytest.raises(InvalidInputError, match="broken: not a JSON document"):
        read_zones(path)


# Looking up


@settings(deadline=None, max_examples=150)
@given(st.floats(113.5, 114.7), st.floats(22.1, 22.9), st.floats(0.0, 360.0), st.floats(0, 3000.0))
def test_no_zone_that_a_box_can_touch_is_left_out(
    lon: float, lat: float, azimuth: float, distance: float
) -> None:
    there = geodesic_direct([(lon, lat)], azimuth_deg=azimuth, distance_m=distance)[0]
    corners = SHENZHEN.frame.to_plane([(lon, lat), there])
    bounds = (*corners.min(axis=0), *corners.max(axis=0))
    near = SHENZHEN.near(bounds)
    assert near == sorted(near)
    for index, zone in enumerate(SHENZHEN.zones):
        answers = {
            zone.containment(lon_deg=x, lat_deg=y) for x, y in ((lon, lat), (there[0], there[1]))
        }
        assert index in near or answers == {Containment.OUTSIDE}


def test_a_zone_is_near_as_far_as_its_limits_are_uncertain() -> None:
    # East of the easternmost corner of the city's outline, which is known to 1 600 m.
    corner, city = [(114.62, 22.51)], SHENZHEN["BDY10"]
    lon, lat = geodesic_direct(corner, azimuth_deg=90.0, distance_m=1590.0)[0]
    found = SHENZHEN.zones_at(lon_deg=lon, lat_deg=lat, when=NOON)
    assert (city, Containment.WITHIN_TOLERANCE) in found
    lon, lat = geodesic_direct(corner, azimuth_deg=90.0, distance_m=1610.0)[0]
    assert city.containment(lon_deg=lon, lat_deg=lat) is Containment.OUTSIDE


def test_a_box_far_out_at_sea_is_near_hong_kong_and_what_surrounds_it_only() -> None:
    (x, y), *_ = SHENZHEN.frame.to_plane([(114.3, 22.16)])
    names = {SHENZHEN.zones[index].identifier for index in SHENZHEN.near((x, y, x, y))}
    assert names == {"BDY03", "BDY04", "BDY06", "HKTMA"}


def test_the_plane_geometry_of_a_zone_has_its_area() -> None:
    area_m2 = Geod(ellps="WGS84").geometry_area_perimeter(SHENZHEN["ZGSZ01"].geometry)[0]
    assert SHENZHEN.planar(0)[0].area == pytest.approx(area_m2, rel=2e-4)
    assert SHENZHEN.planar(0) is SHENZHEN.planar(0)


def test_zones_not_in_force_at_the_time_are_left_out() -> None:
    def in_nanshan(when: datetime) -> list[str]:
        found = SHENZHEN.zones_at(lon_deg=113.94, lat_deg=22.55, when=when)
        return [zone.identifier for zone, _ in found if zone.identifier.startswith("TMP")]

    assert in_nanshan(datetime(2025, 11, 14, 23, 59, tzinfo=CHINA)) == []
    assert in_nanshan(datetime(2025, 11, 15, tzinfo=CHINA)) == ["TMP02"]
    assert in_nanshan(datetime(2025, 11, 21, 18, tzinfo=CHINA)) == ["TMP02", "TMP05"]
    assert in_nanshan(datetime(2025, 11, 22, tzinfo=CHINA)) == []


@pytest.mark.parametrize(
    ("place", "lon", "lat"),
    [
        ("Dongguan", 113.75, 23.02),
        ("Huizhou", 114.60, 23.05),
        ("Zhuhai", 113.55, 22.27),
        ("Zhongshan", 113.47, 22.66),
        ("between Hong Kong and Macao", 113.73, 22.17),
    ],
)
def test_neighbouring_cities_are_outside_the_dataset_and_not_free(
    place: str, lon: float, lat: float
) -> None:
    with pytest.raises(OutsideDatasetError, match="which says nothing about it"):
        SHENZHEN.zones_at(lon_deg=lon, lat_deg=lat, when=NOON)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (114.057, 22.543),  # Futian
        (114.53, 22.566),  # Dapeng
        (113.80, 22.415),  # Neilingding island
        (113.80, 22.55),  # the sea off the airport
        (114.70, 22.40),  # the sea off Dapeng
        (114.17, 22.28),  # Hong Kong
        (113.55, 22.19),  # Macao
    ],
)
def test_the_city_its_sea_and_the_two_regions_are_in_the_dataset(lon: float, lat: float) -> None:
    assert SHENZHEN.covers(lon_deg=lon, lat_deg=lat, when=NOON)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveDatetimeError):
        SHENZHEN.zones_at(lon_deg=114.0, lat_deg=22.6, when=datetime(2026, 1, 1))  # noqa: DTZ001  # naive is what is tested


def test_the_two_other_jurisdictions_are_known() -> None:
    assert [zone.country for zone in SHENZHEN.jurisdictions] == ["HKG", "MAC"]


def test_known_points_serve_the_gcj02_guard() -> None:
    # Nantou heliport as a map of the Mainland shows it.
    names, points = list(SHENZHEN.known_points), list(SHENZHEN.known_points.values())
    found = looks_like_gcj02(lon_deg=113.929908, lat_deg=22.556124, known_points=points)
    assert found is not None
    assert names[found] == "ZGNT"
    inside = box(*SHENZHEN.extent.bounds)
    assert all(inside.contains(box(x, y, x, y)) for x, y in points)


# Hostile heads: what a file says of itself is read as strictly as its features


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ([1], r"metadata: given \[1\]"),
        ({"extendedProperties": [1]}, "metadata: extendedProperties: given"),
        ({"extendedProperties": {"known_points": [1]}}, "known_points: given"),
        ({"extendedProperties": {"central_meridian_deg": "x"}}, "central_meridian_deg: given 'x'"),
        ({"extendedProperties": {"central_meridian_deg": 1e308}}, "central_meridian_deg: given"),
        ({"extendedProperties": {"name": [1]}}, "name: given"),
        ({"extendedProperties": {"coverage": 3}}, "coverage: given 3"),
        ({"extendedProperties": {"remarks": {"en": 3}}}, "remarks: given"),
        (
            {"extendedProperties": {"extent": {"type": "GeometryCollection", "geometries": []}}},
            "extent: given",
        ),
        ({"validFrom": "2027-01-01T00:00Z", "validTo": "2026-01-01T00:00Z"}, "metadata: interval"),
    ],
)
def test_a_wrong_head_is_refused_saying_where(tmp_path: Path, metadata: Any, message: str) -> None:
    document = {**collection(feature()), "metadata": metadata}
    with pytest.raises(InvalidInputError, match=f"^mine: {message}"):
        read_zones(written(tmp_path, document))


def test_a_dataset_of_ours_is_parsed_once_a_process() -> None:
    assert load_airspace("shenzhen") is load_airspace()
