"""What only corridors state, as members of a JSON object, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowalt.airspace.capacity import points_of_shape, require_few_points
from lowalt.airspace.corridors import Corridor, HandOver, RoutePoint
from lowalt.airspace.features import FeatureStatus
from lowalt.airspace.geojson.geometry import layer_from_json, layer_to_json
from lowalt.airspace.geojson.members import get, read_texts, read_word, require_keys
from lowalt.airspace.shapes import Place, Strip
from lowalt.errors import InvalidInputError, naming
from lowalt.terms import CorridorDirection, CorridorKind, CorridorUsers

CORRIDOR_KEYS = frozenset(
    ("points", "half_width_m", "layers", "direction", "users", "firs", "hand_overs")
)

_HAND_OVER_KEYS = {
    *("point", "lon_deg", "lat_deg", "fir_from", "fir_to", "status"),
    *("unit_from", "unit_to", "remarks"),
}


# Writing


def corridor_to_json(corridor: Corridor, *, where: str) -> dict[str, Any]:
    """Write what only a corridor states; what is not known is left out.

    Raises
    ------
    InvalidInputError
        If a limit is above the take-off point, which no file of zones can say.
    """
    facts: dict[str, Any] = {
        "kind": corridor.kind.value,
        "points": [{"name": p.name, "status": p.status.value} for p in corridor.points],
        "half_width_m": corridor.half_width_m,
        "layers": [layer_to_json(layer, where=where) for layer in corridor.layers],
    }
    if corridor.direction is not None:
        facts["direction"] = corridor.direction.value
    if corridor.users is not None:
        facts["users"] = corridor.users.value
    if corridor.firs:
        facts["firs"] = list(corridor.firs)
    if corridor.hand_overs:
        facts["hand_overs"] = [_hand_over_to_json(passed) for passed in corridor.hand_overs]
    return facts


def _hand_over_to_json(passed: HandOver) -> dict[str, Any]:
    facts: dict[str, Any] = {} if passed.point is None else {"point": passed.point}
    facts |= {
        "lon_deg": passed.lon_deg,
        "lat_deg": passed.lat_deg,
        "fir_from": passed.fir_from,
        "fir_to": passed.fir_to,
        "status": passed.status.value,
    }
    texts = {
        "unit_from": passed.unit_from,
        "unit_to": passed.unit_to,
        "remarks": passed.remarks,
    }
    return facts | {key: dict(text) for key, text in texts.items() if text}


# Reading


def corridor_from_json(
    shared: Mapping[str, Any], places: tuple[Place, ...], facts: Mapping[str, Any], *, where: str
) -> Corridor:
    """Read a corridor.

    Parameters
    ----------
    shared
        What it states as any feature does, read.
    places
        Longitude and latitude of its points.
    facts
        The object that holds what only corridors state.
    where
        What to call it in messages.

    Raises
    ------
    InvalidInputError
        The message begins with ``where`` and names the member.
    """
    points = get(facts, "points", list, where=where)
    layers = get(facts, "layers", list, where=where)
    half_width_m = get(facts, "half_width_m", float, where=where)
    if len(points) != len(places):
        raise InvalidInputError(
            f"{where}: {len(points)} points for a line of {len(places)}: expected a name and a"
            " status for each"
        )
    require_few_points(points_of_shape(Strip(places, half_width_m)), where=where)
    return Corridor(
        **shared,
        kind=read_word(CorridorKind, facts, "kind", where=where),
        points=tuple(
            RoutePoint(
                get(point, "name", str, where=f"{where}: points"),
                *place,
                read_word(FeatureStatus, point, "status", where=f"{where}: points"),
            )
            for point, place in zip(points, places, strict=True)
        ),
        half_width_m=half_width_m,
        layers=tuple(layer_from_json(layer, where=where) for layer in layers),
        direction=read_word(CorridorDirection, facts, "direction", where=where)
        if "direction" in facts
        else None,
        users=read_word(CorridorUsers, facts, "users", where=where) if "users" in facts else None,
        firs=_firs(facts, where=where),
        hand_overs=_hand_overs(facts, where=where),
    )


def _firs(facts: Mapping[str, Any], *, where: str) -> tuple[str, ...]:
    firs = get(facts, "firs", list, where=where) if "firs" in facts else []
    if not all(isinstance(fir, str) for fir in firs):
        raise InvalidInputError(f"{where}: firs: expected a list of texts such as ZGZU")
    return tuple(firs)


def _hand_overs(facts: Mapping[str, Any], *, where: str) -> tuple[HandOver, ...]:
    records = get(facts, "hand_overs", list, where=where) if "hand_overs" in facts else []
    return tuple(
        _hand_over(record, where=f"{where}: hand_overs[{number}]")
        for number, record in enumerate(records)
    )


def _hand_over(record: Any, *, where: str) -> HandOver:
    require_keys(record, _HAND_OVER_KEYS, where=where)
    with naming(where):
        return HandOver(
            point=get(record, "point", str, where=where) if "point" in record else None,
            lon_deg=get(record, "lon_deg", float, where=where),
            lat_deg=get(record, "lat_deg", float, where=where),
            fir_from=get(record, "fir_from", str, where=where),
            fir_to=get(record, "fir_to", str, where=where),
            status=read_word(FeatureStatus, record, "status", where=where),
            unit_from=read_texts(record, "unit_from", where=where),
            unit_to=read_texts(record, "unit_to", where=where),
            remarks=read_texts(record, "remarks", where=where),
        )
