"""Volumes of AIXM airspace: put together from its own surfaces and from other airspace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import Element

from lowalt.airspace import Volume3D
from lowalt.airspace.capacity import points_of_polygon, require_few_points
from lowalt.errors import GeometryError, InvalidInputError, naming
from lowalt.formats.aixm.curves import number_in
from lowalt.formats.aixm.elements import child, children, text_of
from lowalt.formats.aixm.surfaces import volume_of_corridor, volumes_of_surface
from lowalt.formats.limits import METRES_PER_FLIGHT_LEVEL, Limit, PressureAltitude, layer_between
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.units import METRES_PER_FOOT

_HREF: Final = "{http://www.w3.org/1999/xlink}href"

_MOST_STEPS: Final = 20
"""How long a chain of airspace may be in which each is made of the next."""

_MOST_VOLUMES: Final = 500
"""Volumes of one airspace, those of others that it is made of included."""

_REFERENCES: Final = {
    "SFC": VerticalReference.AGL,
    "MSL": VerticalReference.AMSL,
    "W84": VerticalReference.HAE,
}
_METRES: Final = {"M": 1.0, "FT": METRES_PER_FOOT}
# Flight levels count hundreds of feet, or tens of metres.
_METRES_PER_LEVEL: Final = {"FL": METRES_PER_FLIGHT_LEVEL, "SM": 10.0}


@dataclass(frozen=True, slots=True, eq=False)
class Baseline:
    """A time slice that states an airspace whole.

    Parameters
    ----------
    time_slice
        The element.
    where
        What messages call it.
    """

    time_slice: Element
    where: str


@dataclass(frozen=True, slots=True)
class Assembled:
    """The volumes of an airspace, and what of it they are not: which part, and how."""

    volumes: tuple[Volume3D, ...]
    lost: tuple[tuple[str, str], ...]


class Assembly:
    """Makes the volumes of the airspace of one file, each once.

    Parameters
    ----------
    airspaces
        Baselines of each airspace, by what references call it.
    """

    def __init__(self, airspaces: Mapping[str, Sequence[Baseline]]) -> None:
        self._airspaces = airspaces
        self._made: dict[Baseline, Assembled] = {}

    def of(self, baseline: Baseline, *, steps: int = 0) -> Assembled:
        """Return the volumes of a baseline.

        Parameters
        ----------
        baseline
            The baseline.
        steps
            How many others are made of it that are being made.

        Raises
        ------
        InvalidInputError
            If a part of it cannot be read, or is airspace that is not there.
        GeometryError
            If a shape is not sound.
        """
        if baseline not in self._made:
            lost: dict[tuple[str, str], None] = {}
            volumes: list[Volume3D] = []
            points = 0
            for volume in self._volumes(baseline, lost, steps=steps):
                volumes.append(volume)
                points += points_of_polygon(volume.geometry)
                require_few_points(points, where=baseline.where)
                if len(volumes) > _MOST_VOLUMES:
                    raise GeometryError(
                        f"{baseline.where}: more than {_MOST_VOLUMES} volumes; split it"
                    )
            if lost and not volumes:
                raise InvalidInputError(f"{baseline.where}: takes airspace away from none")
            self._made[baseline] = Assembled(tuple(volumes), tuple(lost))
        return self._made[baseline]

    def _volumes(
        self, baseline: Baseline, lost: dict[tuple[str, str], None], *, steps: int
    ) -> Iterator[Volume3D]:
        path = ("geometryComponent", "AirspaceGeometryComponent")
        for component in children(baseline.time_slice, *path):
            operation = text_of(component, "operation") or "BASE"
            if operation in ("SUBTR", "INTERS"):
                # Left out, what is taken away stays: the zone is too large, never too small.
                lost["shape", f"{operation} is not applied: read larger than it is"] = None
                continue
            volume = child(component, "theAirspaceVolume", "AirspaceVolume")
            if volume is None or operation not in ("BASE", "UNION"):
                raise InvalidInputError(
                    f"{baseline.where}: a component of operation {operation[:20]!r}: expected an"
                    " AirspaceVolume and BASE, UNION, SUBTR or INTERS"
                )
            yield from self._parts(volume, baseline, lost, steps=steps)

    def _parts(
        self,
        volume: Element,
        baseline: Baseline,
        lost: dict[tuple[str, str], None],
        *,
        steps: int,
    ) -> Iterator[Volume3D]:
        where = baseline.where
        projection = child(volume, "horizontalProjection")
        centreline, width = child(volume, "centreline"), child(volume, "width")
        dependency = child(volume, "contributorAirspace", "AirspaceVolumeDependency")
        if dependency is not None and text_of(dependency, "dependency") == "FULL_GEOMETRY":
            yield from self._contributed(dependency, baseline, lost, steps=steps)
            if projection is None and centreline is None:
                return
        with naming(where):
            layer = _layer(volume, lost)
        if projection is not None and len(projection):
            for part, how in volumes_of_surface(projection[0], layer, where=where):
                if how:
                    lost["shape", how] = None
                yield part
        elif centreline is not None and width is not None:
            yield volume_of_corridor(centreline, width, layer, where=where)
        elif dependency is not None:
            for part in self._contributed(dependency, baseline, lost, steps=steps):
                yield replace(part, layer=layer)
        else:
            raise InvalidInputError(
                f"{where}: a volume without shape; expected a horizontalProjection, a centreline"
                " with width, or a contributorAirspace"
            )

    def _contributed(
        self,
        dependency: Element,
        baseline: Baseline,
        lost: dict[tuple[str, str], None],
        *,
        steps: int,
    ) -> Iterator[Volume3D]:
        """Give the volumes of the airspace that another is made of."""
        kind = text_of(dependency, "dependency")
        airspace = child(dependency, "theAirspace")
        reference = "" if airspace is None else airspace.get(_HREF, "")
        key = reference.removeprefix("urn:uuid:").removeprefix("#")
        if kind not in ("FULL_GEOMETRY", "HORZ_PROJECTION") or key not in self._airspaces:
            raise InvalidInputError(
                f"{baseline.where}: made by {kind[:20]!r} of airspace {reference[:60]!r}: expected"
                " FULL_GEOMETRY or HORZ_PROJECTION of one that is in the file"
            )
        if steps >= _MOST_STEPS:
            raise InvalidInputError(
                f"{baseline.where}: made of airspace that is made of airspace, {steps} times over;"
                " does it run in a circle?"
            )
        parts = [self.of(other, steps=steps + 1) for other in self._airspaces[key]]
        if not any(part.volumes for part in parts):
            raise InvalidInputError(
                f"{baseline.where}: made of airspace {reference[:60]!r}, which has no baseline with"
                " geometry"
            )
        for part in parts:
            lost.update(dict.fromkeys(part.lost))
            yield from part.volumes


# Limits


def _layer(volume: Element, lost: dict[tuple[str, str], None]) -> VerticalLayer:
    floor = _limit(volume, "lower", lost)
    ceiling = _limit(volume, "upper", lost)
    layer, moved = layer_between(floor, ceiling, feature="")
    lost.update(((loss.what, loss.how), None) for loss in moved)
    return layer


def _limit(volume: Element, end: str, lost: dict[tuple[str, str], None]) -> Limit:
    """Read a limit; where it is not known it is none, and that is told."""
    unlimited = "the surface" if end == "lower" else "no limit"
    element = child(volume, f"{end}Limit")
    reference = text_of(volume, f"{end}LimitReference")
    word = "" if element is None else (element.text or "").strip()
    if word == ("GND" if end == "lower" else "UNL"):
        return None
    other = "minimumLimit" if end == "lower" else "maximumLimit"
    why = ""
    if element is None or word in ("", "FLOOR", "CEILING"):
        why = f"{end} limit {word or 'is not stated'}"
    elif child(volume, other) is not None:
        why = f"{end} limit {word} beside a {other}"
    elif reference not in (*_REFERENCES, "STD") and element.get("uom") not in _METRES_PER_LEVEL:
        why = f"{end} limit {word} above {reference or 'nothing stated'}"
    if element is None or why:
        lost["limits", f"{why}: read as {unlimited}"] = None
        return None
    return _stated(element, reference)


def _stated(element: Element, reference: str) -> Level | PressureAltitude:
    unit = element.get("uom", "")
    if unit in _METRES_PER_LEVEL:
        return PressureAltitude(number_in(element) * _METRES_PER_LEVEL[unit])
    if unit not in _METRES:
        raise InvalidInputError(
            f"a limit in {unit[:20]!r}: expected a unit of"
            f" {', '.join((*_METRES, *_METRES_PER_LEVEL))}"
        )
    value_m = number_in(element) * _METRES[unit]
    if reference == "STD":
        return PressureAltitude(value_m)
    return Level(value_m, _REFERENCES[reference])
