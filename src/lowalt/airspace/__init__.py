"""Airspace as data: features, how well they are known, and datasets of them."""

from lowalt.airspace.containment import BoundaryPart, Containment
from lowalt.airspace.corridors import Corridor, HandOver, RoutePoint
from lowalt.airspace.dataset import AirspaceDataset
from lowalt.airspace.features import (
    IDENTIFIER_LENGTH,
    BasisVerification,
    Feature,
    FeatureStatus,
)
from lowalt.airspace.geojson import from_geojson, to_geojson
from lowalt.airspace.landmarks import Line, Site
from lowalt.airspace.loading import load_airspace, read_zones
from lowalt.airspace.ports import Port, PortCheck
from lowalt.airspace.shapes import Arc, Circle, Outline, Sector, Shape, Strip
from lowalt.airspace.volumes import EVERY_HEIGHT, Volume3D
from lowalt.airspace.zones import Restriction, Zone

__all__ = [
    "EVERY_HEIGHT",
    "IDENTIFIER_LENGTH",
    "AirspaceDataset",
    "Arc",
    "BasisVerification",
    "BoundaryPart",
    "Circle",
    "Containment",
    "Corridor",
    "Feature",
    "FeatureStatus",
    "HandOver",
    "Line",
    "Outline",
    "Port",
    "PortCheck",
    "Restriction",
    "RoutePoint",
    "Sector",
    "Shape",
    "Site",
    "Strip",
    "Volume3D",
    "Zone",
    "from_geojson",
    "load_airspace",
    "read_zones",
    "to_geojson",
]
