"""Airspace as data: zones, how well they are known, and datasets of them."""

from lowalt.airspace.dataset import AirspaceDataset, load_airspace, read_zones
from lowalt.airspace.features import zone_from_feature, zone_to_feature
from lowalt.airspace.zones import (
    BasisVerification,
    BoundaryPart,
    Circle,
    Containment,
    FeatureStatus,
    Restriction,
    Zone,
)

__all__ = [
    "AirspaceDataset",
    "BasisVerification",
    "BoundaryPart",
    "Circle",
    "Containment",
    "FeatureStatus",
    "Restriction",
    "Zone",
    "load_airspace",
    "read_zones",
    "zone_from_feature",
    "zone_to_feature",
]
