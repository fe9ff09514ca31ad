"""Facts of the weather that is expected on each leg."""

from __future__ import annotations

from lowalt.units import FactUnit
from lowalt.vocabulary.words import Fact, Scope, quantity

WEATHER: tuple[Fact, ...] = (
    quantity(
        "visibility_mm",
        FactUnit.MILLIMETRE,
        "能见度",
        "visibility",
        "weather.visibility_m, weather.reports",
        scope=Scope.LEG,
    ),
    quantity(
        "cloud_base_mm",
        FactUnit.MILLIMETRE,
        "云底高",
        "height of the cloud base above ground",
        "weather.cloud_base_agl_m, weather.reports, weather.highest_ground_amsl_m",
        reference="AGL",
        scope=Scope.LEG,
    ),
    quantity(
        "cloud_clearance_mm",
        FactUnit.MILLIMETRE,
        "最高处与云底的垂直距离",
        "vertical distance from the highest point to the cloud base",
        "weather.cloud_base_agl_m, weather.reports, weather.highest_ground_amsl_m",
        scope=Scope.LEG,
    ),
    quantity(
        "cloud_distance_mm",
        FactUnit.MILLIMETRE,
        "与云的最小水平距离",
        "least horizontal distance from cloud",
        "weather.cloud_distance_m, hong_kong.cloud_distance_m",
        scope=Scope.LEG,
    ),
)
