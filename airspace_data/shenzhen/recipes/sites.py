"""Landing sites, reporting points and lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from airspace_data.shenzhen.recipes.facts import Facts, degrees, described, places, read
from shapely.geometry import LineString

from lowalt.airspace.features import Feature
from lowalt.airspace.landmarks import Line, Site
from lowalt.airspace.shapes import Place
from lowalt.geodesy import densify_geodesic
from lowalt.units import METRES_PER_FOOT


def features() -> Iterator[Feature]:
    """Helipads and a heliport, reporting points, a runway and an example of a transfer line."""
    yield from sites()
    for identifier, facts in read("sites")["lines"].items():
        yield Line(
            line=LineString(densify_geodesic(_corners(facts))), **described(identifier, facts)
        )


def sites() -> Iterator[Site]:
    """Helipads and a heliport, reporting points; corridors lead through some of them."""
    facts = read("sites")
    helipads, heliports = facts["helipads"], facts["heliports"]
    for identifier, site in helipads["sites"].items():
        yield _site(identifier, helipads, site, {"remarks": _listed(site, helipads["remarks"])})
    for identifier, site in heliports["sites"].items():
        yield _site(identifier, heliports, site)
    for group in facts["reporting_points"]["groups"]:
        for identifier, point in group["points"].items():
            called = point["called"]
            name = {"zh": f"{called}报告点", "en": f"{called} reporting point"}
            yield _site(identifier, facts["reporting_points"], group, point, {"name": name})


def place(pair: Sequence[str | float]) -> Place:
    """Read a place, printed in degrees and minutes or given in degrees, longitude first."""
    lon_deg, lat_deg = (degrees(part) if isinstance(part, str) else part for part in pair)
    return lon_deg, lat_deg


def placed(identifier: str, *layers: Facts) -> Facts:
    """Collect what a feature at a place is, as :func:`described` does, and where it is."""
    facts = {key: value for layer in layers for key, value in layer.items()}
    lon_deg, lat_deg = place(facts["place"])
    elevation_ft = facts.get("elevation_ft")
    return {
        "lon_deg": lon_deg,
        "lat_deg": lat_deg,
        "elevation_amsl_m": None if elevation_ft is None else elevation_ft * METRES_PER_FOOT,
        **described(identifier, facts),
    }


def _site(identifier: str, *layers: Facts) -> Site:
    return Site(**placed(identifier, *layers))


def _listed(site: Facts, remarks: dict[str, str]) -> dict[str, str]:
    """Put what a list calls a site before what is to be said of all of them."""
    return {
        "zh": f"名录代码{site['ident']}。{remarks['zh']}",
        "en": f"{site['ident']} in the list. {remarks['en']}",
    }


def _corners(line: Facts) -> Sequence[Sequence[float]]:
    """Corners of a line: its own, or points of the Hong Kong boundary."""
    if "line" in line:
        own: Sequence[Sequence[float]] = line["line"]
        return own
    boundary = places(read("boundaries")["hong_kong"]["points"])
    return [boundary[number] for number in line["boundary_points"]]
