"""Sites, lines and obstacles; and what all features read here must state."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from airspace_data.shenzhen.recipes import hong_kong, obstacles, ports, routes, sites
from airspace_data.shenzhen.recipes.facts import read
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Proj
from shapely.geometry import Point, Polygon

from lowalt.airspace import Circle, Feature, FeatureStatus, Line, Restriction, Site, Zone
from lowalt.levels import Level, VerticalReference
from lowalt.terms import SiteKind

KARNEY = Geod(ellps="WGS84")
FEATURES = {feature.identifier: feature for feature in sites.features()}
SITES = {name: site for name, site in FEATURES.items() if isinstance(site, Site)}
LINES = {name: line for name, line in FEATURES.items() if isinstance(line, Line)}
HELIPADS = {name: site for name, site in SITES.items() if name.startswith("HP")}
OBSTACLES = {zone.identifier: zone for zone in obstacles.features() if isinstance(zone, Zone)}
ALL = [
    feature
    for subject in (hong_kong, routes, sites, ports, obstacles)
    for feature in subject.features()
]


def place(site: Site) -> tuple[float, float]:
    return site.lon_deg, site.lat_deg


# Landing sites


@pytest.mark.parametrize(
    ("identifier", "listed", "lat", "lon", "feet"),
    [
        ("HP01", "CN-0112", 22.594102, 114.537670, None),
        ("HP04", "CN-0168", 22.508690, 113.937600, None),
        ("HP10", "CN-0292", 22.692020, 114.236850, 194),
        ("HP11", "CN-0293", 22.613920, 114.377310, 33),
        ("HP15", "CN-0450", 22.565970, 114.531900, 49),
        ("HP23", "CN-0458", 22.539090, 114.056920, None),
        ("HP26", "CN-0461", 22.548950, 114.058560, None),
    ],
)
def test_helipads_are_where_the_list_has_them(
    identifier: str, listed: str, lat: float, lon: float, feet: int | None
) -> None:
    helipad = HELIPADS[identifier]
    assert place(helipad) == (lon, lat)
    assert listed in helipad.remarks["en"]
    assert listed in helipad.remarks["zh"]
    expected = None if feet is None else pytest.approx(feet * 0.3048)
    assert helipad.elevation_amsl_m == expected


def test_there_are_26_helipads_in_the_order_of_the_list() -> None:
    assert list(HELIPADS) == [f"HP{n:02}" for n in range(1, 27)]
    listed = [site["ident"] for site in read("sites")["helipads"]["sites"].values()]
    assert listed == sorted(set(listed))
    assert len({place(site) for site in HELIPADS.values()}) == 26
    assert all(site.kind is SiteKind.LANDING_SITE for site in HELIPADS.values())


@pytest.mark.parametrize("helipad", HELIPADS.values(), ids=HELIPADS)
def test_helipads_lie_within_the_outline_of_the_city_as_far_as_it_is_known(helipad: Site) -> None:
    (ring,) = read("areas")["areas"]["BDY10"]["rings"]
    proj = Proj(f"+proj=aeqd +lat_0={helipad.lat_deg} +lon_0={helipad.lon_deg} +ellps=WGS84")
    outline = Polygon(np.column_stack(proj(*np.array(ring).T)))
    assert outline.distance(Point(0.0, 0.0)) <= 1600.0


@pytest.mark.parametrize(
    ("identifier", "lat", "lon", "country"),
    [("ZJK01", 22.70, 114.08, "CHN")],
)
def test_heliports_are_where_they_were_read(
    identifier: str, lat: float, lon: float, country: str
) -> None:
    assert place(SITES[identifier]) == (lon, lat)
    assert SITES[identifier].country == country


def test_the_planned_heliport_is_drawn_to_2_km() -> None:
    planned = SITES["ZJK01"]
    assert planned.status is FeatureStatus.ILLUSTRATIVE
    assert planned.accuracy_m == 2000.0


# Reporting points


@pytest.mark.parametrize(
    ("identifier", "lat", "lon", "published"),
    [
        ("PTBEKOL", 22.543333, 114.133333, False),
        ("PTTAMOT", 22.358333, 113.866667, False),
        ("PTSIERA", 21.986667, 113.553333, False),
        ("PTLATOP", 22.281667, 113.643333, False),
        ("PTHENGA", 22.650000, 114.200000, True),
        ("PTPINGS", 22.691667, 114.350000, True),
        ("PTDAPEN", 22.450000, 114.500000, True),
        ("PTAOTOU", 22.716667, 114.531944, True),
        ("PTUNIFO", 22.150000, 113.678333, True),
        ("PTQUBEC", 22.100472, 113.679250, True),
        ("PTROMEO", 21.863333, 113.448333, True),
    ],
)
def test_reporting_points_are_where_they_are_printed(
    identifier: str, lat: float, lon: float, published: bool
) -> None:
    point = SITES[identifier]
    assert point.kind is SiteKind.REPORTING_POINT
    assert place(point) == pytest.approx((lon, lat), abs=5.1e-7)
    expected = FeatureStatus.AUTHORITATIVE if published else FeatureStatus.DERIVED
    assert point.status is expected


def test_there_are_eleven_reporting_points() -> None:
    kinds = [site.kind for site in SITES.values()]
    assert kinds.count(SiteKind.REPORTING_POINT) == 11


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (["113-40-45.3", "22-06-01.7"], (113.67925, 22.10047222)),  # QUBEC
        (["113-38.60", "22-16.90"], (113.64333333, 22.28166667)),  # LATOP
        ([113.55936, 22.196242], (113.55936, 22.196242)),
    ],
)
def test_places_are_read_as_they_were_printed(
    pair: list[str | float], expected: tuple[float, float]
) -> None:
    assert sites.place(pair) == pytest.approx(expected, abs=1e-8)


# Lines


def test_the_runway_of_nantou_is_655_m_long() -> None:
    lon, lat = shapely.get_coordinates(LINES["ZGNT02"].line).T
    azimuth_deg, _, length_m = KARNEY.inv(lon[0], lat[0], lon[-1], lat[-1])
    assert length_m == pytest.approx(655.0, abs=1.0)
    assert azimuth_deg == pytest.approx(108.0, abs=1.0)  # 11H


def test_the_transfer_line_is_an_example_along_three_points_of_the_boundary() -> None:
    line = LINES["XFER1"]
    assert line.example
    assert [name for name, feature in FEATURES.items() if feature.example] == ["XFER1"]
    corners = shapely.get_coordinates(line.line)
    for lat, lon in ((22.510064, 113.995056), (22.472358, 113.947806), (22.428806, 113.869111)):
        assert np.abs(corners - (lon, lat)).max(axis=1).min() < 5.1e-7
    # Geodesic between them: no step is longer than a kilometre.
    steps_m = KARNEY.inv(*corners[:-1].T, *corners[1:].T)[2]
    assert max(steps_m) <= 1000.0
    total_m = KARNEY.line_length(
        [113.995056, 113.947806, 113.869111], [22.510064, 22.472358, 22.428806]
    )
    assert sum(steps_m) == pytest.approx(total_m, abs=0.5)


# Obstacles


@pytest.mark.parametrize(
    ("identifier", "lat", "lon", "height_m", "reference"),
    [
        ("OBS01", 22.583, 114.214, 943.7, VerticalReference.AMSL),
        ("OBS02", 22.53, 114.55, 869.7, VerticalReference.AMSL),
        ("OBS03", 22.6559, 113.9551, 587.3, VerticalReference.AMSL),
        ("OBS04", 22.53667, 114.05028, 599.1, VerticalReference.AGL),
        ("OBS05", 22.545, 114.102, 441.8, VerticalReference.AGL),
        ("OBS06", 22.543, 114.106, 384.0, VerticalReference.AGL),
        ("OBS07", 22.516, 113.943, 392.5, VerticalReference.AGL),
        ("OBS08", 22.65, 113.90, 356.0, VerticalReference.AGL),
        ("OBS09", 22.41235, 114.12516, 957.0, VerticalReference.AMSL),
    ],
)
def test_obstacles_reach_from_the_ground_to_their_published_height(
    identifier: str, lat: float, lon: float, height_m: float, reference: VerticalReference
) -> None:
    (volume,) = OBSTACLES[identifier].volumes
    assert volume.shape == Circle(lon, lat, 300.0)
    assert volume.layer.floor is None
    assert volume.layer.ceiling == Level(height_m, reference)


@given(name=st.sampled_from(sorted(OBSTACLES)), azimuth_deg=st.floats(0.0, 360.0))
def test_the_circle_round_an_obstacle_is_covered_to_a_centimetre(
    name: str, azimuth_deg: float
) -> None:
    zone = OBSTACLES[name]
    for distance_m, inside in ((299.99, True), (300.01, False)):
        lon, lat, _ = KARNEY.fwd(*zone.middle, azimuth_deg, distance_m)
        assert zone.geometry.covers(Point(lon, lat)) == inside


def test_an_obstacle_known_less_well_than_its_circle_is_only_drawn() -> None:
    for zone in OBSTACLES.values():
        drawn = zone.status is FeatureStatus.ILLUSTRATIVE
        assert drawn == (zone.accuracy_m > 300.0), zone.identifier
    derived = {name for name, z in OBSTACLES.items() if z.status is FeatureStatus.DERIVED}
    assert derived == {"OBS04", "OBS09"}


def test_obstacles_are_information_only() -> None:
    assert {zone.restriction for zone in OBSTACLES.values()} == {Restriction.NO_RESTRICTION}


# Everything read here


@pytest.mark.parametrize("feature", ALL, ids=[feature.identifier for feature in ALL])
def test_every_feature_says_in_both_languages_what_it_is_and_where_that_was_read(
    feature: Feature,
) -> None:
    for texts in (feature.name, feature.authority, feature.remarks):
        assert set(texts) == {"zh", "en"}
        assert all(texts.values())
    assert any("\u4e00" <= letter <= "\u9fff" for letter in feature.name["zh"])
    assert feature.name["en"].isascii()
    assert feature.citation
    assert feature.sources
    assert all(feature.sources)
    assert feature.accuracy_m > 0.0


def test_identifiers_are_unique_and_short() -> None:
    identifiers = [feature.identifier for feature in ALL]
    assert len(set(identifiers)) == len(identifiers) == 89
    assert max(map(len, identifiers)) == 7


def test_only_what_stands_for_nothing_is_an_example() -> None:
    made_up = {feature.identifier for feature in ALL if feature.example}
    assert made_up == {"UAV01", "UAV02", "UAV03", "UAV04", "XFER1"}
    assert all(f.status is FeatureStatus.ILLUSTRATIVE for f in ALL if f.example)
