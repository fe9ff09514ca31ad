"""What a page says of a zone: what it is, what it asks, between which levels and when."""

from __future__ import annotations

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from lowalt.airspace import Feature, Restriction, Zone
from lowalt.regulations.model import Bilingual
from lowalt.report.airspace import hours, kind
from lowalt.report.airspace_words import AIRSPACE_WORDS
from lowalt.report.page.words import each, same
from lowalt.wording import both


def _asks_css(restriction: Restriction) -> str:
    return f"asks-{restriction.value.lower().replace('_', '-')}"


KEY_OF_ZONES = tuple(
    (_asks_css(asks), both(AIRSPACE_WORDS["zh"].asks[asks], AIRSPACE_WORDS["en"].asks[asks]))
    for asks in Restriction
)
"""What zones ask, each with its style."""


def zone_css(zone: Zone) -> str:
    """Name the styles of a zone: what it asks, and how sure its limits are."""
    return f"{_asks_css(zone.restriction)} is-{zone.status.value}"


def zone_asks(zone: Zone) -> Bilingual:
    """Say what a zone is and what it asks."""
    return each(
        lambda lang: f"{kind(zone, lang=lang)} · {AIRSPACE_WORDS[lang].asks[zone.restriction]}"
    )


def zone_layers(zone: Zone) -> list[str]:
    """Write between which levels a zone is, each pair once."""
    return list(dict.fromkeys(str(volume.layer) for volume in zone.volumes))


def zone_rows(zone: Zone) -> list[Bilingual]:
    """Say what a zone is, what it asks, between which levels, and when."""
    return [
        zone_asks(zone),
        *map(same, zone_layers(zone)),
        each(lambda lang: hours(zone.schedule, lang=lang, most=2)),
        status_of(zone),
    ]


def labelled(zone: Zone, flight: BaseGeometry) -> dict[str, Any]:
    """Name a zone on its edge, where a map of the flight shows it: the inside is the flight's.

    Parameters
    ----------
    zone
        The zone.
    flight
        Box round the flight, degrees. A zone that is known only roughly may be met though it is
        drawn outside; its name then stands where it is nearest.
    """
    edge = shapely.get_parts(zone.geometry.boundary.intersection(flight))
    longest = max(edge, key=lambda part: part.length, default=None)
    if longest is not None and longest.length:
        place = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    elif zone.geometry.contains(flight):
        place = flight.centroid
    else:
        nearest = shapely.shortest_line(zone.geometry, flight)
        place = shapely.Point(shapely.get_coordinates(nearest)[0])
    return {"label": zone.identifier, "label_at": [round(place.y, 5), round(place.x, 5)]}


def status_of(feature: Feature) -> Bilingual:
    """Say how sure its limits are."""
    return each(lambda lang: AIRSPACE_WORDS[lang].statuses[feature.status])


def named(feature: Feature) -> Bilingual:
    """Name a feature, its identifier first."""
    name = feature.name
    return both(
        f"{feature.identifier} {name.get('zh') or name.get('en', '')}",
        f"{feature.identifier} {name.get('en') or name.get('zh', '')}",
    )
