"""High ground and tall structures."""

from __future__ import annotations

from collections.abc import Iterator

from airspace_data.shenzhen.recipes.facts import described, honest_status, read, vertical_layer
from airspace_data.shenzhen.recipes.sites import place

from lowalt.airspace.features import Feature
from lowalt.airspace.shapes import Circle
from lowalt.airspace.volumes import Volume3D
from lowalt.airspace.zones import Zone


def features() -> Iterator[Feature]:
    """Yield a circle round each, from the ground to its top."""
    shared = read("obstacles")
    for identifier, obstacle in shared["obstacles"].items():
        radius_m, error_m = shared["radius_m"], obstacle["point_error_m"]
        description = described(identifier, shared, obstacle, {"accuracy_m": error_m})
        status = honest_status(description["status"], point_error_m=error_m, radius_m=radius_m)
        circle = Circle(*place(obstacle["place"]), radius_m)
        yield Zone(
            volumes=(Volume3D.of(circle, layer=vertical_layer(obstacle["layer"])),),
            **{**description, "status": status},
        )
