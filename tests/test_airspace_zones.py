"""Zones: inside, outside, or too near to say, against an independent oracle."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod, Proj
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from lowalt.airspace import (
    BasisVerification,
    BoundaryPart,
    Circle,
    Containment,
    FeatureStatus,
    Restriction,
    Volume3D,
    Zone,
)
from lowalt.errors import GeometryError, InvalidInputError, NaiveDatetimeError
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.temporal import Schedule, TimeInterval
from lowalt.terms import ZoneKind

KARNEY = Geod(ellps="WGS84")
MANY = settings(deadline=None, max_examples=200)

# An edge along a parallel, one of 10 km undivided, a re-entrant corner, a hole.
FIELD = Polygon(
    [(113.90, 22.50), (114.00, 22.50), (114.02, 22.58), (113.96, 22.54), (113.91, 22.59)],
    [[(113.93, 22.515), (113.95, 22.515), (113.94, 22.525)]],
)
ISLAND = box(114.05, 22.50, 114.06, 22.51)


def zone(**changes: Any) -> Zone:
    facts: dict[str, Any] = {
        "identifier": "FIELD",
        "name": {"zh": "场地", "en": "field"},
        "kind": ZoneKind.LAND_PORT,
        "restriction": Restriction.REQ_AUTHORIZATION,
        "country": "CHN",
        "volumes": (Volume3D(FIELD),),
        "status": FeatureStatus.AUTHORITATIVE,
        "basis": BasisVerification.VERIFIED,
        "accuracy_m": 90.0,
        "citation": "test",
        "sources": ("test",),
        "as_of": date(2026, 1, 1),
    }
    if "geometry" in changes:
        changes["volumes"] = (Volume3D(changes.pop("geometry")),)
    return Zone(**{**facts, **changes})


def circular(circle: Circle, **changes: Any) -> Zone:
    return zone(volumes=(Volume3D.of(circle),), **changes)


def distance_to_line_m(line: Any, lon: float, lat: float) -> float:
    """Exact near the place: in this projection distances from it are geodesics."""
    proj = Proj(f"+proj=aeqd +lat_0={lat!r} +lon_0={lon!r} +ellps=WGS84")
    fine = shapely.segmentize(line, 0.0005)
    plane = shapely.transform(
        fine, lambda points: np.column_stack(proj(points[:, 0], points[:, 1]))
    )
    return float(plane.distance(Point(0.0, 0.0)))


near_the_boundary = st.tuples(
    st.sampled_from([FIELD.exterior, FIELD.interiors[0], ISLAND.exterior]),
    st.floats(0.0, 1.0),
    st.sampled_from([0.0, 0.004, 0.007, 0.013, 0.1, 3.0, 80.0, 99.9, 100.1, 500.0]),
    st.floats(0.0, 360.0),
)


@MANY
@given(near_the_boundary, st.sampled_from([0.0, 100.0]))
def test_a_polygon_answers_as_the_oracle_and_is_undecided_exactly_within_tolerance(
    near: tuple[Any, float, float, float], accuracy: float
) -> None:
    ring, along, offset, azimuth = near
    foot = ring.interpolate(along, normalized=True)
    lon, lat, _ = KARNEY.fwd(foot.x, foot.y, azimuth, offset)
    area = MultiPolygon([FIELD, ISLAND])
    status = FeatureStatus.DERIVED if accuracy else FeatureStatus.AUTHORITATIVE
    answer = zone(geometry=area, status=status, accuracy_m=accuracy).containment(
        lon_deg=lon, lat_deg=lat
    )

    tolerance = max(BOUNDARY_TOLERANCE_M, accuracy)
    distance = distance_to_line_m(area.boundary, lon, lat)
    truth = Containment.INSIDE if area.contains(Point(lon, lat)) else Containment.OUTSIDE
    # Half a millimetre is allowed for cutting long edges before they are projected.
    if distance < tolerance - 5e-4:
        assert answer is Containment.WITHIN_TOLERANCE
    elif distance > tolerance + 5e-4:
        assert answer is truth


@MANY
@given(
    st.builds(Circle, st.floats(113.0, 115.0), st.floats(21.7, 23.2), st.floats(10.0, 20_000.0)),
    st.floats(0.0, 360.0),
    st.sampled_from([-400.0, -30.1, -29.9, -0.0101, -0.0099, 0.0, 0.0099, 0.0101, 29.9, 30.1, 1e4]),
    st.sampled_from([FeatureStatus.AUTHORITATIVE, FeatureStatus.DERIVED]),
)
def test_a_circle_answers_by_geodesic_distance(
    circle: Circle, azimuth: float, offset: float, status: FeatureStatus
) -> None:
    radius = circle.radius_m
    distance = max(0.0, radius + offset)
    lon, lat, _ = KARNEY.fwd(circle.lon_deg, circle.lat_deg, azimuth, distance)
    answer = circular(circle, status=status, accuracy_m=30.0).containment(lon_deg=lon, lat_deg=lat)
    tolerance = 30.0 if status is FeatureStatus.DERIVED else 0.01
    if abs(distance - radius) <= tolerance:
        assert answer is Containment.WITHIN_TOLERANCE
    else:
        assert answer is (Containment.INSIDE if distance < radius else Containment.OUTSIDE)


def test_the_uncertainty_of_published_points_is_none_whatever_they_were_rounded_to() -> None:
    assert zone(status=FeatureStatus.AUTHORITATIVE, accuracy_m=90.0).uncertainty_m == 0.0
    assert zone(status=FeatureStatus.DERIVED, accuracy_m=90.0).uncertainty_m == 90.0


def test_only_the_less_accurate_stretch_of_a_boundary_leaves_more_open() -> None:
    west = BoundaryPart(LineString([(113.90, 22.50), (113.91, 22.59)]), 450.0)
    area = zone(less_accurate=(west,))
    # 300 m outside the western edge, and 300 m outside the southern one.
    assert area.containment(lon_deg=113.8995, lat_deg=22.53) is Containment.WITHIN_TOLERANCE
    assert area.containment(lon_deg=113.97, lat_deg=22.4973) is Containment.OUTSIDE
    assert area.reach_m == 450.0


def test_a_long_edge_is_straight_in_longitude_and_latitude() -> None:
    # A geodesic between the ends would pass 0.8 m north of this place, at the middle of the edge.
    middle = zone(geometry=box(113.90, 22.45, 114.00, 22.50))
    assert middle.containment(lon_deg=113.95, lat_deg=22.5) is Containment.WITHIN_TOLERANCE
    assert middle.containment(lon_deg=113.95, lat_deg=22.5 + 2e-7) is Containment.OUTSIDE


def test_a_place_in_a_hole_is_outside() -> None:
    assert zone().containment(lon_deg=113.94, lat_deg=22.518) is Containment.OUTSIDE


def test_a_place_on_another_continent_is_outside() -> None:
    assert zone().containment(lon_deg=-70.0, lat_deg=-30.0) is Containment.OUTSIDE


@pytest.mark.parametrize(("lon", "lat"), [(22.5, 113.9), (float("nan"), 22.5), (181.0, 0.0)])
def test_what_is_no_place_is_refused(lon: float, lat: float) -> None:
    with pytest.raises(InvalidInputError, match="expected degrees"):
        zone().containment(lon_deg=lon, lat_deg=lat)


def test_a_zone_is_active_from_its_start_until_just_before_its_end() -> None:
    start, end = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    area = zone(schedule=Schedule.of([TimeInterval(start, end)]))
    assert area.is_active_at(start)
    assert not area.is_active_at(end)
    assert zone().is_active_at(end)
    with pytest.raises(NaiveDatetimeError):
        area.is_active_at(datetime(2026, 1, 1))  # noqa: DTZ001  # naive is what is tested


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"identifier": "TOO_LONG"}, "'TOO_LONG', expected 1 to 7"),
        ({"accuracy_m": float("nan")}, "FIELD.*accuracy nan"),
        ({"accuracy_m": -1.0}, "FIELD.*accuracy -1"),
    ],
)
def test_wrong_facts_are_refused_naming_the_zone(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        zone(**changes)


@pytest.mark.parametrize(
    ("geometry", "message"),
    [
        (Point(113.9, 22.5), "FIELD: a Point"),
        (Polygon(), "FIELD: a Polygon without points"),
        (Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), "FIELD: Self-intersection"),
        (Polygon([(22.5, 113.9), (22.6, 113.9), (22.6, 114.0)]), "FIELD: .*look swapped"),
    ],
)
def test_a_shape_that_is_no_area_is_refused(geometry: Any, message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        zone(geometry=geometry)


@pytest.mark.parametrize(
    "circle", [(113.9, 22.5, 0.0), (22.5, 113.9, 100.0), (113.9, 22.5, float("nan"))]
)
def test_a_circle_without_size_or_place_is_refused(circle: tuple[float, float, float]) -> None:
    with pytest.raises(GeometryError, match="circle of"):
        Circle(*circle)


def test_zones_with_the_same_facts_are_equal() -> None:
    assert zone() == zone()
    assert zone() != replace(zone(), accuracy_m=91.0)
