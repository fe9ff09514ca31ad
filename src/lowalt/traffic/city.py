"""What the services of a day find in an airspace dataset: pads, corridors and free ground."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from lowalt.airspace import AirspaceDataset, Corridor, Zone
from lowalt.airspace.containment import project
from lowalt.errors import InvalidInputError
from lowalt.flights import Site as PlannedSite
from lowalt.terms import ZoneKind
from lowalt.traffic.chance import Chance
from lowalt.traffic.tracks import Position, stepped

# No airspace that a route is drawn round: a district, control for a time, other law.
_NO_OBJECTION = frozenset(
    {
        ZoneKind.JURISDICTION,
        ZoneKind.TEMPORARY_CONTROL,
        ZoneKind.ADMINISTRATIVE_AREA,
        ZoneKind.CONTROL_SUBZONE,
        ZoneKind.CONTROL_ZONE,
    }
)

# Drawn routes of the Mainland keep so far away from the boundary of another jurisdiction: more
# than the 500 m of the 2019 measures of Shenzhen.
_BOUNDARY_ROOM_M = 700.0

_TRIES = 200

# Kept free to either side of a drawn way: its own airspace and as much again.
_ROOM_M = 60.0


@dataclass(frozen=True)  # no slots: the plan's form is worked out once
class Place:
    """A place that services fly from or to.

    Parameters
    ----------
    name
        Name for people, Chinese with the English behind it.
    identifier
        In the dataset; ``None`` for a place that was drawn and stands for nothing that exists.
    """

    name: str
    lon_deg: float
    lat_deg: float
    identifier: str | None = None

    @property
    def position(self) -> Position:
        """Longitude and latitude, degrees."""
        return self.lon_deg, self.lat_deg

    @cached_property
    def site(self) -> PlannedSite:
        """The place as a plan names it."""
        return PlannedSite(
            name=self.name,
            identifier=self.identifier,
            lon_deg=self.lon_deg,
            lat_deg=self.lat_deg,
        )


class City:
    """The places and the free ground of a dataset.

    Parameters
    ----------
    airspace
        The dataset.
    sites, corridors
        Identifiers of what the services need.

    Raises
    ------
    InvalidInputError
        If the dataset lacks some of it; the message names all that is lacking.
    """

    def __init__(
        self, airspace: AirspaceDataset, *, sites: Collection[str], corridors: Collection[str]
    ) -> None:
        self.airspace = airspace
        self._sites = {s.identifier: s for s in airspace.sites}
        self._corridors = {c.identifier: c for c in airspace.corridors}
        lacking = sorted({*sites} - {*self._sites}) + sorted({*corridors} - {*self._corridors})
        if lacking:
            raise InvalidInputError(
                f"airspace: given {airspace.name}, which lacks {', '.join(lacking)}: a day of"
                " services flies between known sites and along known corridors; give a dataset"
                ' that holds them, such as load_airspace("shenzhen")'
            )

    def corridor(self, identifier: str) -> Corridor:
        """Corridor of that identifier."""
        return self._corridors[identifier]

    def course(self, corridor: str) -> tuple[Position, ...]:
        """Points of a corridor, in its order, degrees to six decimals."""
        points = self._corridors[corridor].points
        return tuple((round(p.lon_deg, 6), round(p.lat_deg, 6)) for p in points)

    def pad(self, identifier: str) -> Place:
        """Landing site of that identifier."""
        site = self._sites[identifier]
        return Place(_both(site.name), site.lon_deg, site.lat_deg, identifier)

    def end(self, corridor: str, number: int) -> Place:
        """Place where a corridor begins (0) or ends (-1)."""
        point = self._corridors[corridor].points[number]
        return Place(f"{point.name} ({corridor})", *self.course(corridor)[number])

    @cached_property
    def _kept_out(self) -> tuple[tuple[Zone, BaseGeometry], ...]:
        """Zones of the Mainland that a flight would have to ask for, as far as they may reach."""
        frame = self.airspace.frame
        return tuple(
            (
                zone,
                shapely.union_all([project(v.geometry, frame=frame) for v in zone.volumes]).buffer(
                    zone.reach_m
                ),
            )
            for zone in self.airspace.zones
            if zone.country == "CHN" and zone.kind not in _NO_OBJECTION
        )

    @cached_property
    def _home(self) -> BaseGeometry:
        """Where the dataset holds the Mainland, away from its boundaries."""
        foreign = [
            project(volume.geometry, frame=self.airspace.frame).buffer(_BOUNDARY_ROOM_M)
            for zone in self.airspace.jurisdictions
            for volume in zone.volumes
        ]
        return _prepared(self.airspace.planar_extent.difference(shapely.union_all(foreign)))

    @cached_property
    def _free(self) -> BaseGeometry:
        kept_out = shapely.union_all([shape for _, shape in self._kept_out])
        return _prepared(self._home.difference(kept_out))

    def _plane(self, places: Sequence[Position]) -> BaseGeometry:
        points = self.airspace.frame.to_plane(places)
        return LineString(points) if len(points) > 1 else Point(points[0])

    def is_free(self, places: Sequence[Position], *, room_m: float) -> bool:
        """Whether the straight way over places stays off every zone, with room to each side."""
        return bool(self._free.covers(self._plane(places).buffer(room_m)))

    def is_home(self, places: Sequence[Position], *, room_m: float) -> bool:
        """Whether the straight way over places stays on the Mainland, away from its boundaries."""
        return bool(self._home.covers(self._plane(places).buffer(room_m)))

    def zones_met(self, places: Sequence[Position], *, room_m: float) -> tuple[str, ...]:
        """Name the zones that the way over places meets or may meet."""
        strip = self._plane(places).buffer(room_m)
        return tuple(zone.identifier for zone, shape in self._kept_out if shape.intersects(strip))

    def outline(self, places: Sequence[Position], *, room_m: float) -> tuple[Position, ...]:
        """Corners of the strip along the way over places, degrees to six decimals.

        Of a way that ends where it began, all that it goes round is in the outline too.
        """
        way = self._plane(places)
        if places[0] == places[-1]:
            way = way.convex_hull
        strip = way.buffer(room_m, cap_style="square", join_style="mitre")
        # Versions of GEOS begin a ring at different corners.
        corners = shapely.get_coordinates(shapely.get_exterior_ring(shapely.normalize(strip)))
        ring = self.airspace.frame.to_lonlat(corners)
        return tuple((round(float(lon), 6), round(float(lat), 6)) for lon, lat in ring)

    def draw(
        self, what: str, near: Place, chance: Chance, *, least_m: float, most_m: float
    ) -> Place:
        """Draw a place in a ring round another, on the Mainland and within the dataset.

        The dataset has no coast line, so that a place near the coast may lie in the water.

        Parameters
        ----------
        what
            What is there, in both languages; the name says that it is made up.
        """
        for _ in range(_TRIES):
            found = _step(near, chance, least_m, most_m)
            if self._home.covers(self._plane([found])):
                return _made_up(what, near, found)
        raise InvalidInputError(
            f"airspace: given {self.airspace.name}, in which no place was found between"
            f" {least_m:g} m and {most_m:g} m of {near.name}; a day of services needs one there"
        )

    def draw_free(
        self, what: str, near: Place, chance: Chance, *, least_m: float, most_m: float
    ) -> Place | None:
        """Draw a place to which the straight way stays off every zone; ``None``: none found."""
        for _ in range(_TRIES):
            found = _step(near, chance, least_m, most_m)
            if self.is_free([near.position, found], room_m=_ROOM_M):
                return _made_up(what, near, found)
        return None

    def draw_open(
        self, what: str, near: Place, chance: Chance, *, most_m: float, room_m: float
    ) -> Place | None:
        """Draw a place that has free ground around it; ``None``: none found."""
        for _ in range(_TRIES):
            found = _step(near, chance, 0.0, most_m)
            if self.is_free([found], room_m=room_m):
                return _made_up(what, near, found)
        return None


def _step(near: Place, chance: Chance, least_m: float, most_m: float) -> Position:
    bearing = chance.uniform(0.0, 2.0 * math.pi)
    return stepped(near.position, bearing, chance.uniform(least_m, most_m))


def _prepared(shape: BaseGeometry) -> BaseGeometry:
    shapely.prepare(shape)
    return shape


def _made_up(what: str, near: Place, position: Position) -> Place:
    return Place(f"示意{what}, 近 (illustrative, near) {near.name}", *position)


def _both(name: Mapping[str, str]) -> str:
    return f"{name['zh']} ({name['en']})"
