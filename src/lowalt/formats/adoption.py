"""Zones of files that say less than a zone must know.

What a file leaves out its :class:`~lowalt.formats.exchange.Origin` says for it. A zone of a foreign
file is of a kind of Chinese law only where the file's own word is that kind's; any other is a *UAS
zone*, which leaves a verdict open, for what nobody classed is not therefore allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lowalt.airspace import Restriction, Shape, Volume3D, Zone
from lowalt.airspace.capacity import (
    MOST_CROSSINGS,
    points_of_polygon,
    points_of_shape,
    require_few_crossings,
    require_few_points,
)
from lowalt.airspace.features import IDENTIFIER_LENGTH
from lowalt.errors import naming
from lowalt.formats.exchange import Origin, everywhere
from lowalt.levels import VerticalLayer
from lowalt.temporal import ALWAYS, Schedule
from lowalt.terms import ZoneKind


class Identifiers:
    """Gives each feature of a file an identifier of its own, the same at each reading.

    Examples
    --------
    >>> identifiers = Identifiers()
    >>> identifiers.take("EDR10B", name="ED-R 10B Todendorf")
    'EDR10B'
    >>> identifiers.take("", name="ED-R 10B")
    'EDR10B2'
    >>> identifiers.take("", name="禁区")
    'Z'
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}

    def take(self, stated: str, *, name: str) -> str:
        """Return the identifier that is stated, if it will do, or one made of the name."""
        will_do = 0 < len(stated) <= IDENTIFIER_LENGTH and stated.isprintable()
        if will_do and stated not in self._taken:
            self._taken.add(stated)
            return stated
        stem = _stem(name) or _stem(stated) or "Z"
        made = stem
        while made in self._taken:
            self._counts[stem] = self._counts.get(stem, 1) + 1
            number = str(self._counts[stem])
            made = stem[: IDENTIFIER_LENGTH - len(number)] + number
        self._taken.add(made)
        return made


def _stem(text: str) -> str:
    return "".join(re.findall("[A-Z0-9]", text.upper()))[:IDENTIFIER_LENGTH]


def volume_of(shape: Shape, layer: VerticalLayer, *, where: str) -> Volume3D:
    """Make a volume of an exact shape, unless that would have too many points.

    Raises
    ------
    GeometryError
        If it would, or the shape is not sound; the message begins with ``where``.
    """
    require_few_points(points_of_shape(shape), where=where)
    with naming(where):
        return Volume3D.of(shape, layer=layer)


def adopt(
    origin: Origin,
    *,
    identifier: str,
    name: str,
    kind: ZoneKind,
    restriction: Restriction,
    volumes: Iterable[Volume3D],
    where: str,
    schedule: Schedule = ALWAYS,
    remarks: Mapping[str, str] | None = None,
) -> Zone:
    """Make a zone of what a file says, and of what its origin says for it.

    Parameters
    ----------
    origin
        What the file does not say.
    identifier, kind, restriction, schedule, remarks
        As in a :class:`~lowalt.airspace.Zone`.
    name
        Its name, in whatever language it has one.
    volumes
        Its volumes; an iterator is stopped as soon as they are too many.
    where
        What messages call it.

    Raises
    ------
    InvalidInputError
        If these make no zone; the message begins with ``where``.
    GeometryError
        If its volumes are not sound or too large (:mod:`lowalt.airspace.capacity`).
    """
    points, gathered = 0, []
    for volume in volumes:
        points += points_of_polygon(volume.geometry)
        require_few_points(points, where=where)
        gathered.append(volume)
    require_few_crossings(gathered, most=MOST_CROSSINGS, where=where)
    with naming(where):
        return Zone(
            **origin.facts,
            identifier=identifier,
            name=everywhere(name),
            kind=kind,
            restriction=restriction,
            volumes=tuple(gathered),
            schedule=schedule,
            remarks=remarks or {},
        )
