"""Operational intents, read as plans with an operating area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, Problem, shown
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.f3548.volumes import MOST_CORNERS, Volume, volume_of
from lowalt.geodesy import (
    BOUNDARY_TOLERANCE_M,
    FloatArray,
    LocalFrame,
    geodesic_azimuth_deg,
    geodesic_direct,
    geodesic_distance_m,
)

_OFF_NOMINAL: Final = ("Nonconforming", "Contingent")

_WIDEST_M = 500_000.0
"""Volumes farther apart are no one flight in a plane of its own."""

_STEP_M = 1000.0
_DECIMALS = 8  # a millimetre, of which the covering area has ten to spare
_CORNERS_OF_A_CIRCLE = 64
_RESERVE = 1.5
"""What the middle of an edge bows by is multiplied by, for the rest of the edge."""


def read(
    content: bytes,
    *,
    name: str,
    told: Told,  # noqa: ARG001 - volumes say all that an operating area must
) -> tuple[Draft | InvalidInputError, ...]:
    """Read operational intents: details, answers of a USS, what is put to a DSS, bare volumes.

    Parameters
    ----------
    content
        The file.
    name
        Its name.
    told
        Not asked.

    Returns
    -------
    tuple of Draft or InvalidInputError
        One an operational intent, in the order of the file; of one among several that cannot be
        read, why, with all that is wrong by volume and vertex. A single volume is the operating
        area just as it is; of several, it is an area that covers them, from the lowest floor to
        the highest ceiling, from the first start to the last end.

    Raises
    ------
    InvalidInputError
        If it holds no operational intent, or none that can be read.

    Examples
    --------
    >>> content = b'''[{
    ...     "volume": {
    ...         "outline_circle": {
    ...             "center": {"lng": 113.95, "lat": 22.54}, "radius": {"value": 300, "units": "M"}
    ...         },
    ...         "altitude_lower": {"value": 5, "reference": "W84", "units": "M"},
    ...         "altitude_upper": {"value": 100, "reference": "W84", "units": "M"}
    ...     },
    ...     "time_start": {"value": "2026-06-10T02:00:00Z", "format": "RFC3339"},
    ...     "time_end": {"value": "2026-06-10T02:20:00Z", "format": "RFC3339"}
    ... }]'''
    >>> (draft,) = read(content, name="hover.json", told=Told())
    >>> draft.document["plan_id"], draft.document["operating_area"]["circle"]["radius_m"]
    ('hover', 300.0)
    """
    intents = _intents(parse_json(content, name=name), name=name)
    stem = Path(name).stem or "intent"
    if len(intents) == 1:
        return (_draft(intents[0], otherwise=stem, name=name),)
    return tuple(
        _draft_or_why(intent, otherwise=f"{stem}#{number}", name=name)
        for number, intent in enumerate(intents, start=1)
    )


@dataclass(frozen=True, slots=True)
class _Intent:
    """An operational intent, whatever the file has it wrapped in."""

    where: str
    details: Mapping[str, Any]
    reference: Mapping[str, Any]
    plan_id: Any = None


def _intents(document: Any, *, name: str) -> list[_Intent]:
    if isinstance(document, Mapping) and "operational_intents" in document:
        document = document["operational_intents"]
    if not isinstance(document, list) or _are_volumes(document):
        return [_intent(document, where="", name=name)]
    if not document:
        raise InvalidInputError(f"{name}: an empty list; expected operational intents or volumes")
    return [_intent(each, where=f"[{n}].", name=name) for n, each in enumerate(document)]


def _are_volumes(document: Sequence[Any]) -> bool:
    return any(isinstance(each, Mapping) and "volume" in each for each in document)


def _intent(document: Any, *, where: str, name: str) -> _Intent:
    """Unwrap an operational intent."""
    if isinstance(document, list):
        return _Intent(where, {"volumes": document}, {})
    given = document if isinstance(document, Mapping) else {}
    plan_id = given.get("plan_id")
    wrapped = given.get("operational_intent")
    if isinstance(wrapped, Mapping):
        given, where = wrapped, f"{where}operational_intent."
    details, reference = given.get("details"), given.get("reference")
    if isinstance(details, Mapping):
        known = reference if isinstance(reference, Mapping) else {}
        return _Intent(f"{where}details.", details, known, plan_id)
    if "volumes" in given or "off_nominal_volumes" in given:
        return _Intent(where, given, {}, plan_id)
    if "extents" in given:
        return _Intent(where, {"volumes": given["extents"]}, {"state": given.get("state")}, plan_id)
    flight = given.get("intended_flight", given)
    information = flight.get("basic_information") if isinstance(flight, Mapping) else None
    if isinstance(information, Mapping):
        return _Intent(f"{where}basic_information.", {"volumes": information.get("area")}, {})
    if any(word.startswith("operational_intent_reference") for word in given):
        raise InvalidInputError(
            f"{name}: references of operational intents, without their volumes; ask the USS that"
            " manages each for its details"
        )
    raise InvalidInputError(
        f"{name}: {where or 'the document'}: given {shown(document)}, expected an operational"
        " intent with details, or a list of its volumes"
    )


def _draft_or_why(intent: _Intent, *, otherwise: str, name: str) -> Draft | InvalidInputError:
    try:
        return _draft(intent, otherwise=otherwise, name=name)
    except InvalidInputError as error:
        return error


def _draft(intent: _Intent, *, otherwise: str, name: str) -> Draft:
    identifier = intent.reference.get("id") or intent.plan_id or otherwise
    plan_id = identifier if isinstance(identifier, str) else otherwise
    volumes = _volumes(intent, name=name)
    area = _as_it_is(volumes[0]) if len(volumes) == 1 else _covering(volumes, name=name)
    area |= {
        "floor": {"value_m": min(volume.floor_m for volume in volumes), "reference": "HAE"},
        "ceiling": {"value_m": max(volume.ceiling_m for volume in volumes), "reference": "HAE"},
        "start": min(volume.start for volume in volumes),
        "end": max(volume.end for volume in volumes),
    }
    document = {"plan_id": plan_id, "datum": "WGS84", "operating_area": area}
    return Draft(document, tuple(_losses(intent, plan_id, len(volumes))))


def _volumes(intent: _Intent, *, name: str) -> list[Volume]:
    """Read all volumes of an intent, or refuse it for all that is wrong with them."""
    problems: list[Problem] = []
    found: list[Volume | None] = []
    for key in ("volumes", "off_nominal_volumes"):
        listed = intent.details.get(key) or []
        if not isinstance(listed, list):
            problems.append(Problem(f"{intent.where}{key}", shown(listed), "expected a list"))
            continue
        found += [
            volume_of(given, where=f"{intent.where}{key}[{number}]", problems=problems)
            for number, given in enumerate(listed)
        ]
    if not found and not problems:
        problems.append(Problem(f"{intent.where}volumes", "none", "expected 1 volume or more"))
    corners = sum(len(volume.corners) for volume in found if volume is not None)
    if corners > MOST_CORNERS:
        expected = f"an operational intent has at most {MOST_CORNERS:,} in all: split the flight"
        problems.append(Problem(f"{intent.where}volumes", f"{corners:,} vertices", expected))
    if problems:
        raise InvalidInputError(
            f"{name}: an operational intent that cannot be read", problems=problems
        )
    return [volume for volume in found if volume is not None]


def _losses(intent: _Intent, plan_id: str, count: int) -> Iterator[Loss]:
    if count > 1:
        yield Loss(
            plan_id,
            "volumes",
            f"{count} volumes, each for its own time, read as one area that covers them for all of"
            " it; lowalt.conflicts.volumes takes them one by one",
        )
    state = intent.reference.get("state")
    if state in _OFF_NOMINAL:
        yield Loss(plan_id, "state", f"{state}: volumes off nominal are in the area too")
    priority = intent.details.get("priority") or 0
    if priority != 0:
        how = f"{shown(priority)}: among operational intents only, and no urgency of law; left out"
        yield Loss(plan_id, "priority", how)
    if set(intent.reference) - {"id", "state"}:
        yield Loss(plan_id, "reference", "what only USS and DSS need of it; left out")


# Areas


def _as_it_is(volume: Volume) -> dict[str, Any]:
    if not volume.radius_m:
        return {"polygon": volume.corners}
    lon_deg, lat_deg = volume.corners[0]
    return {"circle": {"lon_deg": lon_deg, "lat_deg": lat_deg, "radius_m": volume.radius_m}}


def _covering(volumes: Sequence[Volume], *, name: str) -> dict[str, Any]:
    """Cover volumes with one convex polygon."""
    rings = [_ring(volume) for volume in volumes]
    places = np.concatenate(rings)
    onward = np.concatenate([np.roll(ring, -1, axis=0) for ring in rings])
    frame = LocalFrame(float(round(places[:, 0].mean())))
    xy, onward_xy = frame.to_plane(places), frame.to_plane(onward)
    if not np.ptp(xy, axis=0).max() <= _WIDEST_M:  # not finite beyond the plane
        raise InvalidInputError(
            f"{name}: volumes of one operational intent more than {_WIDEST_M / 1000.0:g} km apart;"
            " latitude is lat and longitude lng: are they the right way round?"
        )
    length_m = geodesic_distance_m(places, onward)
    azimuth_deg = geodesic_azimuth_deg(places, onward)
    middle = geodesic_direct(places, azimuth_deg=azimuth_deg, distance_m=length_m / 2.0)
    bow_m = np.hypot(*(frame.to_plane(middle) - (xy + onward_xy) / 2.0).T).max()
    hull = shapely.MultiPoint(xy).convex_hull
    wider = hull.buffer(_RESERVE * float(bow_m) + BOUNDARY_TOLERANCE_M, join_style="mitre")
    corners = shapely.get_coordinates(shapely.segmentize(wider, _STEP_M))[:-1]
    return {"polygon": frame.to_lonlat(corners).round(_DECIMALS).tolist()}


def _ring(volume: Volume) -> FloatArray:
    """Corners of a polygon that covers an outline, degrees, ``(N, 2)``."""
    corners = np.array(volume.corners)
    if not volume.radius_m:
        return corners
    step_deg = 360.0 / _CORNERS_OF_A_CIRCLE
    return geodesic_direct(
        corners,
        azimuth_deg=np.arange(0.0, 360.0, step_deg),
        distance_m=volume.radius_m / np.cos(np.radians(step_deg / 2.0)),
    )
