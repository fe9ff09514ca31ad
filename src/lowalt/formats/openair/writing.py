"""Features as OpenAir files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.polygon import orient

from lowalt.airspace import (
    Arc,
    Circle,
    Corridor,
    Feature,
    Outline,
    Restriction,
    Sector,
    Strip,
    Volume3D,
    Zone,
)
from lowalt.formats.airspace_types import OPENAIR_CLASSES
from lowalt.formats.exchange import Loss, Written
from lowalt.formats.rings import Place
from lowalt.geodesy import geodesic_direct
from lowalt.levels import Level, VerticalReference
from lowalt.temporal import OPEN_END, OPEN_START, Schedule
from lowalt.terms import ZoneKind
from lowalt.units import METRES_PER_FOOT, METRES_PER_NAUTICAL_MILE

# An edge that is straight in longitude and latitude is read as a geodesic: at 500 m the two differ
# by 2 mm.
_EDGE_STEP_DEG: Final = 0.005

# Parts of a polygon with holes overlap by 10 cm, so that no seam runs between them.
_OVERLAP_DEG: Final = 1e-6

_CLASSES: Final = {
    ZoneKind.PROHIBITED_AREA: "P",
    ZoneKind.RESTRICTED_AREA: "R",
    ZoneKind.DANGER_AREA: "Q",
    ZoneKind.AIRPORT_CONTROL_ZONE: "CTR",
}
_CLASSES_BY_RESTRICTION: Final = {
    Restriction.PROHIBITED: "P",
    Restriction.REQ_AUTHORIZATION: "R",
    Restriction.CONDITIONAL: "Q",
    Restriction.NO_RESTRICTION: "G",
}
_REFERENCES: Final = {VerticalReference.AGL: "AGL", VerticalReference.AMSL: "AMSL"}


def write(features: Sequence[Feature], *, title: Mapping[str, str]) -> Written:
    """Write features as OpenAir, one block of records for each volume.

    Circles and arcs are written exactly, other exact shapes and polygons by their corners. A zone
    with holes is written in several parts that leave the holes out.

    Parameters
    ----------
    features
        Zones and corridors; sites, lines and examples have no place in the format.
    title
        What the file is called, by language; it stands in a comment.

    Returns
    -------
    Written
        UTF-8 text with CRLF line ends. Facts that the format has no record for stand in comments,
        for people.

    Examples
    --------
    >>> print(write([], title={"en": "nothing"}).content.decode())
    *VERSION: 2.1
    *WRITTEN_BY: lowalt
    * nothing
    <BLANKLINE>
    """
    lines = ["*VERSION: 2.1", "*WRITTEN_BY: lowalt"]
    lines += [f"* {_clean(text)}" for text in title.values()]
    losses: list[Loss] = []
    for feature in features:
        if feature.example or not isinstance(feature, Zone | Corridor):
            what = "an example" if feature.example else f"a {type(feature).__name__.lower()}"
            how = f"{what} is no airspace: left out"
            losses.append(Loss(feature.identifier, "feature", how))
            continue
        for volume in feature.volumes:
            for drawing in _drawings(volume):
                lines += ["", *_head(feature, volume), *drawing]
        losses += _losses(feature)
    return Written("\r\n".join([*lines, ""]).encode(), tuple(losses))


def _clean(text: str) -> str:
    """Text that stays in its line and begins no comment."""
    return " ".join(text.replace("*", " ").encode(errors="replace").decode().split())


def _head(feature: Zone | Corridor, volume: Volume3D) -> Iterator[str]:
    yield f"* {feature.kind.zh} / {feature.kind.en}"
    yield f"* {feature.status}, {feature.basis}, {feature.as_of}: {_clean(feature.citation)}"
    yield f"AC {_class(feature)}"
    yield f"AI {_clean(feature.identifier)}"
    yield f"AN {_name(feature)}"
    yield f"AL {_limit(volume.layer.floor, unstated='GND')}"
    yield f"AH {_limit(volume.layer.ceiling, unstated='UNL')}"
    yield from _times(feature.schedule)


def _class(feature: Zone | Corridor) -> str:
    if isinstance(feature, Corridor):
        return "G"
    return _CLASSES.get(feature.kind) or _CLASSES_BY_RESTRICTION[feature.restriction]


def _name(feature: Feature) -> str:
    # Instruments show Latin letters at best.
    names = (feature.name.get("en"), feature.name.get("zh"), *feature.name.values())
    found = (_clean(name) for name in names if name)
    return next(filter(None, found), _clean(feature.identifier))


def _limit(level: Level | None, *, unstated: str) -> str:
    if level is None or level.reference not in _REFERENCES:
        return unstated
    feet = round(level.value_m / METRES_PER_FOOT)
    # Feet are what pilots expect; where they are not whole they would not come back exactly.
    in_feet = feet * METRES_PER_FOOT == level.value_m
    amount = f"{feet}ft" if in_feet else f"{_number(level.value_m)}m"
    return f"{amount} {_REFERENCES[level.reference]}"


def _number(value: float) -> str:
    return np.format_float_positional(value, trim="-")


def _times(schedule: Schedule) -> Iterator[str]:
    if schedule.windows is None or schedule.weekly:
        return
    for window in schedule.windows:
        yield f"AA {_time(window.start, OPEN_START)}/{_time(window.end, OPEN_END)}"
    if not schedule.windows:
        yield "AA NONE"


def _time(moment: datetime, unstated: datetime) -> str:
    moment = moment.astimezone(UTC)
    return "NONE" if moment == unstated else moment.isoformat().replace("+00:00", "Z")


# Shapes


def _drawings(volume: Volume3D) -> Iterator[Iterator[str]]:
    """Draw a volume in one part or several, each for a block of its own."""
    shape = volume.shape
    if isinstance(shape, Circle):
        yield _circle(shape)
    elif isinstance(shape, Outline):
        yield _outline(shape)
    elif isinstance(shape, Sector):
        yield _outline(_outline_of(shape))
    else:
        for polygon in _without_holes(volume.geometry):
            yield _polygon(polygon)


def _circle(circle: Circle) -> Iterator[str]:
    yield f"V X={_point((circle.lon_deg, circle.lat_deg))}"
    yield f"DC {_number(circle.radius_m / METRES_PER_NAUTICAL_MILE)}"


def _outline(outline: Outline) -> Iterator[str]:
    corners, arcs = outline.corners, outline.arcs
    for number, corner in enumerate(corners):
        if number in arcs:
            arc, end = arcs[number], corners[(number + 1) % len(corners)]
            yield f"V D={'+' if arc.clockwise else '-'}"
            yield f"V X={_point((arc.lon_deg, arc.lat_deg))}"
            yield f"DB {_point(corner)}, {_point(end)}"
        elif number == 0 or number - 1 not in arcs:
            yield f"DP {_point(corner)}"
    if len(corners) - 1 not in arcs:
        yield f"DP {_point(corners[0])}"


def _outline_of(sector: Sector) -> Outline:
    centre = (sector.lon_deg, sector.lat_deg)
    there_and_back = (sector.start_azimuth_deg, sector.end_azimuth_deg)

    def ends(radius_m: float) -> list[Place]:
        points = geodesic_direct([centre], azimuth_deg=there_and_back, distance_m=radius_m)
        return [(float(lon), float(lat)) for lon, lat in points]

    start, end = ends(sector.radius_m)
    if sector.inner_radius_m == 0.0:
        return Outline((start, end, centre), {0: Arc(*centre, clockwise=True)})
    inner_start, inner_end = ends(sector.inner_radius_m)
    return Outline(
        (start, end, inner_end, inner_start),
        {0: Arc(*centre, clockwise=True), 2: Arc(*centre, clockwise=False)},
    )


def _polygon(polygon: Polygon) -> Iterator[str]:
    ring = orient(shapely.segmentize(polygon, _EDGE_STEP_DEG), sign=-1.0).exterior
    for place in ring.coords:
        yield f"DP {_point(place)}"


def _without_holes(geometry: Polygon | MultiPolygon) -> Iterator[Polygon]:
    """Cut polygons through their holes until none is left; the parts overlap a little."""
    left = list(shapely.get_parts(geometry))
    while left:
        part = left.pop()
        if part.geom_type != "Polygon":
            continue  # where a cut only touched the outline
        if not part.interiors:
            yield part
            continue
        hole_west, _, hole_east, _ = part.interiors[0].bounds
        west, south, east, north = part.bounds
        middle = (hole_west + hole_east) / 2.0
        overlap = min(_OVERLAP_DEG, (hole_east - hole_west) / 4.0)
        left.extend(shapely.get_parts(part & box(west, south, middle + overlap, north)))
        left.extend(shapely.get_parts(part & box(middle - overlap, south, east, north)))


def _point(place: Sequence[float]) -> str:
    lon_deg, lat_deg = place[0], place[1]
    return f"{_angle(lat_deg, 'NS', digits=2)} {_angle(lon_deg, 'EW', digits=3)}"


def _angle(value_deg: float, hemispheres: str, *, digits: int) -> str:
    """Write an angle to a millionth of a second, which is 0.03 mm, without trailing zeros."""
    seconds, micro = divmod(round(abs(value_deg) * 3600e6), 1_000_000)
    minutes, second = divmod(seconds, 60)
    degree, minute = divmod(minutes, 60)
    fraction = f".{micro:06d}".rstrip("0") if micro else ""
    hemisphere = hemispheres[value_deg < 0.0]
    return f"{degree:0{digits}d}:{minute:02d}:{second:02d}{fraction} {hemisphere}"


# Losses


def _losses(feature: Zone | Corridor) -> Iterator[Loss]:
    """Say what of a feature has no place in the records."""

    def lost(what: str, how: str) -> Loss:
        return Loss(feature.identifier, what, how)

    if _clean(feature.identifier) != feature.identifier:
        yield lost("identifier", f"written as {_clean(feature.identifier)!r}")
    names = {name for name in feature.name.values() if name}
    if names - {_name(feature)}:
        yield lost("name", f"only {_name(feature)!r} is written")
    yield from (lost("kind", how) for how in _changed(feature))
    for end, level in _limits(feature):
        if level.reference not in _REFERENCES:
            how = "the ground" if end == "floor" else "no limit"
            yield lost("reference", f"{end} {level}: no such reference; written as {how}")
    if feature.schedule.weekly:
        yield lost("hours", "weekly hours: written as always active")
    elif feature.schedule.windows == ():
        yield lost("hours", "never active: written as activated by notice")
    if isinstance(feature, Zone):
        yield from (lost(what, "left out") for what in _facts_without_record(feature))
    yield lost("provenance", "status, citation and the like stand in comments only")


def _changed(feature: Zone | Corridor) -> Iterator[str]:
    if isinstance(feature, Corridor):
        yield f"{feature.kind.en}: written as airspace of class G, one block for each segment"
        return
    word = _class(feature)
    meaning = OPENAIR_CLASSES[word]
    if meaning.kind is not feature.kind:
        yield f"{feature.kind.en}: written as AC {word}"
    if meaning.restriction is not feature.restriction:
        yield f"{feature.restriction}: AC {word} stands for {meaning.restriction}"


def _limits(feature: Zone | Corridor) -> Iterator[tuple[str, Level]]:
    for volume in feature.volumes:
        for end, level in (("floor", volume.layer.floor), ("ceiling", volume.layer.ceiling)):
            if level is not None:
                yield end, level


def _facts_without_record(zone: Zone) -> Iterator[str]:
    if any(isinstance(volume.shape, Strip) for volume in zone.volumes):
        yield "shape"
    if zone.micro_volumes is not None:
        yield "micro"
    if zone.less_accurate:
        yield "less_accurate"
    if zone.notice is not None or zone.published_at is not None:
        yield "notice"
