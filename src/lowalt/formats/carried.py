"""Our own record of a feature, carried along in a format that cannot hold all of it.

It stands in ``extendedProperties.lowalt``. Whoever edits the file with another tool changes only
what that tool knows, so both are compared when it is read; where they differ the file is refused,
for nobody could say which of the two is meant.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lowalt.airspace import Feature, Volume3D, from_geojson, to_geojson
from lowalt.airspace.geojson.geometry import require_same
from lowalt.errors import InvalidInputError, shown

KEY: Final = "lowalt"


def carry(feature: Feature) -> dict[str, Any]:
    """Make the ``extendedProperties`` that carry a feature."""
    return {KEY: to_geojson(feature)}


def is_carried(properties: Mapping[str, Any]) -> bool:
    """Whether the properties of a feature carry our own record of it."""
    extended = properties.get("extendedProperties")
    return isinstance(extended, Mapping) and KEY in extended


def carried(properties: Mapping[str, Any], *, where: str) -> Feature:
    """Read the feature that is carried.

    Raises
    ------
    InvalidInputError
        If it cannot be read.
    """
    return from_geojson(properties["extendedProperties"][KEY], where=where)


def require_unedited(
    given: Mapping[str, Any], made: Mapping[str, Any], *, but: Sequence[str] = (), where: str
) -> None:
    """Refuse a record that is not the one made of the feature it carries.

    Parameters
    ----------
    given, made
        The record as it was read, and as it is written.
    but
        Members that are compared otherwise.
    where
        What messages call it.

    Raises
    ------
    InvalidInputError
        The message begins with ``where`` and names the member.
    """
    for key in {**given, **made}:
        if key not in but and given.get(key) != made.get(key):
            raise _edited(key, given.get(key), made.get(key), where=where)


def is_written_so(given: Any, made: Any) -> bool:
    """Whether a value that was read is the one that is written, digit by digit."""
    return bool(given == json.loads(json.dumps(made)))


def require_same_volumes(
    given: Sequence[Volume3D], made: Sequence[Volume3D], *, where: str
) -> None:
    """Refuse volumes that are not those made of the feature carried, but for rounding.

    Raises
    ------
    InvalidInputError
        The message begins with ``where``.
    """
    if len(given) != len(made):
        raise _edited("geometry", len(given), len(made), where=where)
    for one, other in zip(given, made, strict=True):
        if (one.layer, one.shape) != (other.layer, other.shape):
            raise _edited(
                "geometry", one.shape or one.layer, other.shape or other.layer, where=where
            )
        if one.shape is None:
            require_same(other.geometry, one.geometry, where=where)


def _edited(key: str, given: object, made: object, *, where: str) -> InvalidInputError:
    return InvalidInputError(
        f"{where}: {key}: given {shown(given)}, but extendedProperties.{KEY} says {shown(made)}: it"
        f" was edited in one place only; drop the member {KEY!r} to have the rest read"
    )
