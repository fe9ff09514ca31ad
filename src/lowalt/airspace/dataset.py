"""Datasets of features: what they hold, where and when they may be asked, and quick look-up.

A dataset is one GeoJSON file. Its metadata stand in the same file, so that loading parses one
document, and one digest names everything an answer rested on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

from lowalt.airspace.containment import BoundaryPart, Containment, place_in, project
from lowalt.airspace.corridors import Corridor
from lowalt.airspace.features import Feature
from lowalt.airspace.landmarks import Line, Site
from lowalt.airspace.obstacles import AerodromeSurfaces, SurfaceAbove
from lowalt.airspace.ports import Port
from lowalt.airspace.regions import Limits, limits_of
from lowalt.airspace.zones import Zone
from lowalt.errors import OutsideDatasetError, UnknownNameError
from lowalt.geodesy import BOUNDARY_TOLERANCE_M, LocalFrame
from lowalt.levels import Level, VerticalLayer
from lowalt.temporal import TimeInterval, require_aware
from lowalt.terms import ZoneKind
from lowalt.terrain import GeoidModel, Ground, TerrainModel
from lowalt.truth import Truth


@dataclass(frozen=True)  # no slots: the plane geometry is worked out once, on first use
class AirspaceDataset:
    """Features with the extent and the time for which they were gathered.

    Parameters
    ----------
    name
        Short name, such as ``shenzhen``.
    title, coverage, disclaimer, remarks
        Texts by language; ``coverage`` says which categories of the decree's article 19 the
        dataset does *not* hold.
    features
        Zones, corridors, sites and lines, in the order of the file.
    extent
        Where the dataset may be asked, degrees. Elsewhere it says nothing.
    valid
        When it may be asked.
    known_points
        Places people fly from, by identifier, longitude and latitude in degrees; they show when
        a coordinate was read off a GCJ-02 map (:func:`lowalt.datums.looks_like_gcj02`).
    frame
        The plane used for distances.
    digest
        SHA-256 of the file's bytes, in hexadecimal.
    aerodromes
        Obstacle limitation surfaces of aerodromes, by ICAO location indicator.
    """

    name: str
    title: Mapping[str, str]
    features: tuple[Feature, ...]
    extent: Polygon | MultiPolygon
    valid: TimeInterval
    coverage: Mapping[str, str]
    known_points: Mapping[str, tuple[float, float]]
    frame: LocalFrame
    digest: str
    disclaimer: Mapping[str, str]
    remarks: Mapping[str, str]
    aerodromes: Mapping[str, AerodromeSurfaces] = field(default_factory=dict)

    def __getitem__(self, identifier: str) -> Zone:
        """Return the zone of that identifier.

        Raises
        ------
        UnknownNameError
            If there is none.
        """
        found = self._by_identifier.get(identifier)
        if not isinstance(found, Zone):
            known = (f.identifier for f in self.features if isinstance(f, Zone))
            raise UnknownNameError(
                f"no zone {identifier!r} in {self.name}; there are {', '.join(known)}"
            )
        return found

    def feature(self, identifier: str) -> Feature:
        """Return the feature of that identifier, of whatever sort.

        Raises
        ------
        UnknownNameError
            If there is none.
        """
        if identifier not in self._by_identifier:
            raise UnknownNameError(
                f"no feature {identifier!r} in {self.name}; there are"
                f" {', '.join(self._by_identifier)}"
            )
        return self._by_identifier[identifier]

    @cached_property
    def _by_identifier(self) -> dict[str, Feature]:
        return {feature.identifier: feature for feature in self.features}

    @cached_property
    def zones(self) -> tuple[Zone, ...]:
        """Zones that flights are judged by; examples are not among them."""
        return tuple(f for f in self.features if isinstance(f, Zone) and not f.example)

    @cached_property
    def kinds(self) -> frozenset[ZoneKind]:
        """Kinds of zone that flights are judged by."""
        return frozenset(zone.kind for zone in self.zones)

    @cached_property
    def corridors(self) -> tuple[Corridor, ...]:
        """Corridors, examples included."""
        return tuple(f for f in self.features if isinstance(f, Corridor))

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """Landing sites, ports of entry among them, and reporting points."""
        return tuple(f for f in self.features if isinstance(f, Site))

    @cached_property
    def ports(self) -> tuple[Port, ...]:
        """Ports of entry, open or not."""
        return tuple(f for f in self.features if isinstance(f, Port))

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Boundaries and other lines."""
        return tuple(f for f in self.features if isinstance(f, Line))

    @cached_property
    def jurisdictions(self) -> tuple[Zone, ...]:
        """Zones in which another jurisdiction's law applies (Hong Kong, Macao)."""
        return tuple(zone for zone in self.zones if zone.kind is ZoneKind.JURISDICTION)

    @cached_property
    def _planar(self) -> dict[int, tuple[BaseGeometry, ...]]:
        return {}

    def planar(self, index: int) -> tuple[BaseGeometry, ...]:
        """Return covering polygons of a zone's volumes in the frame, metres; worked out once."""
        if index not in self._planar:
            self._planar[index] = tuple(
                project(volume.geometry, frame=self.frame) for volume in self.zones[index].volumes
            )
        return self._planar[index]

    @cached_property
    def _limits(self) -> dict[tuple[int, bool], tuple[Limits, ...]]:
        return {}

    def limits(self, index: int, *, micro: bool = False) -> tuple[Limits, ...]:
        """Return where a zone's volumes surely are and may be in the frame; worked out once.

        Parameters
        ----------
        index
            Number of the zone.
        micro
            Whether its own volumes for micro UAV are meant, if it has any.
        """
        if (index, micro) not in self._limits:
            zone = self.zones[index]
            volumes = zone.micro_volumes or () if micro else zone.volumes
            self._limits[index, micro] = tuple(
                limits_of(zone, volume, frame=self.frame) for volume in volumes
            )
        return self._limits[index, micro]

    @cached_property
    def planar_extent(self) -> BaseGeometry:
        """The extent in the frame, metres."""
        return project(self.extent, frame=self.frame)

    @cached_property
    def planar_edge(self) -> BaseGeometry:
        """The boundary of the extent in the frame, metres."""
        return shapely.boundary(self.planar_extent)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        # A zone may reach further than it is drawn. Lengths in the plane are up to 0.03 % too
        # long within 150 km of the meridian; 0.1 % is added for that.
        boxes = np.array(
            [shapely.total_bounds(self.planar(index)) for index in range(len(self.zones))]
        )
        reach = np.array([zone.reach_m for zone in self.zones]) * 1.001
        boxes += reach[:, None] * np.array([-1.0, -1.0, 1.0, 1.0])
        return shapely.STRtree(shapely.box(*boxes.T))

    def near(self, bounds: tuple[float, float, float, float]) -> list[int]:
        """List the indices of the zones that can touch a box of the plane, ascending.

        Parameters
        ----------
        bounds
            Least x, least y, greatest x, greatest y, metres in the frame. Zones count with the
            uncertainty of their limits, so that a zone left out is surely not touched.
        """
        if not self.zones:
            return []
        return sorted(int(index) for index in self._tree.query(shapely.box(*bounds)))

    def covers(self, *, lon_deg: float, lat_deg: float, when: datetime) -> bool:
        """Whether the dataset may be asked about a place at a time."""
        require_aware(when, field="when")
        return self.valid.start <= when < self.valid.end and bool(
            self.extent.covers(Point(lon_deg, lat_deg))
        )

    def zones_at(
        self,
        *,
        lon_deg: float,
        lat_deg: float,
        when: datetime,
        level: Level | None = None,
        terrain: TerrainModel | None = None,
        geoid: GeoidModel | None = None,
    ) -> list[tuple[Zone, Containment]]:
        """List the zones active at a time that a place is in, or may be in.

        Parameters
        ----------
        lon_deg, lat_deg
            The place, WGS 84 degrees.
        when
            The time, with its zone.
        level
            The height asked about; without it, zones count at any height.
        terrain, geoid
            Models to convert the level with. Where it cannot be brought to the reference of a
            zone's limit, the place may be in the zone.

        Returns
        -------
        list of (Zone, Containment)
            In the order of the dataset; zones the place is surely outside of are left out.

        Raises
        ------
        OutsideDatasetError
            If the dataset says nothing about that place or time.

        Examples
        --------
        >>> from datetime import datetime, timedelta, timezone
        >>> noon = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=8)))
        >>> from lowalt.airspace import load_airspace
        >>> for zone, answer in load_airspace().zones_at(
        ...     lon_deg=113.924824, lat_deg=22.558993, when=noon
        ... ):
        ...     print(zone.identifier, answer)
        ZGSZ04A inside
        ...
        ZGNT01 inside
        ...
        """
        self.require_covered(lon_deg=lon_deg, lat_deg=lat_deg, when=when)
        asked = _Asked(lon_deg, lat_deg, level, terrain=terrain, geoid=geoid)
        x_m, y_m = self.frame.to_plane([(lon_deg, lat_deg)])[0]
        near = [self.zones[index] for index in self.near((x_m, y_m, x_m, y_m))]
        answers = ((zone, asked.of(zone)) for zone in near if zone.is_active_at(when))
        return [(zone, found) for zone, found in answers if found is not Containment.OUTSIDE]

    def features_at(
        self,
        *,
        lon_deg: float,
        lat_deg: float,
        when: datetime | None = None,
        level: Level | None = None,
        terrain: TerrainModel | None = None,
        geoid: GeoidModel | None = None,
    ) -> list[tuple[Zone | Corridor, Containment]]:
        """List the zones and corridors that a place is in, or may be in, examples included.

        It shows what the dataset holds. What a flight is judged by is :meth:`zones_at`, which
        refuses to answer where the dataset says nothing.

        Parameters
        ----------
        lon_deg, lat_deg
            The place, WGS 84 degrees.
        when
            The time, with its zone; without it, features count at any time.
        level, terrain, geoid
            As for :meth:`zones_at`.

        Returns
        -------
        list of (Zone or Corridor, Containment)
            In the order of the dataset; those the place is surely outside of are left out.
        """
        asked = _Asked(lon_deg, lat_deg, level, terrain=terrain, geoid=geoid)
        return [
            (feature, found)
            for feature in self.features
            if isinstance(feature, Zone | Corridor)
            and (when is None or feature.is_active_at(when))
            and (found := asked.of(feature)) is not Containment.OUTSIDE
        ]

    def obstacle_surfaces_at(
        self, *, lon_deg: float, lat_deg: float
    ) -> list[tuple[str, SurfaceAbove]]:
        """List the obstacle limitation surfaces over a place, the lowest first.

        Returns
        -------
        list of (str, SurfaceAbove)
            With the aerodrome of each; none is no permission to fly.

        Examples
        --------
        >>> from lowalt.airspace import load_airspace
        >>> where = {"lon_deg": 113.8205, "lat_deg": 22.6655}
        >>> aerodrome, lowest = load_airspace().obstacle_surfaces_at(**where)[0]
        >>> aerodrome, lowest.surface.value, lowest.limit_amsl_m
        ('ZGSZ', 'inner_horizontal', 49.0)
        """
        above = [
            (aerodrome, surface)
            for aerodrome, surfaces in self.aerodromes.items()
            for surface in surfaces.explain(lon_deg=lon_deg, lat_deg=lat_deg)
        ]
        return sorted(above, key=lambda found: found[1].limit_amsl_m)

    def require_covered(self, *, lon_deg: float, lat_deg: float, when: datetime) -> None:
        """Refuse a place or time that the dataset says nothing about.

        Raises
        ------
        OutsideDatasetError
            The message says where and when it may be asked.
        """
        if not self.covers(lon_deg=lon_deg, lat_deg=lat_deg, when=when):
            raise OutsideDatasetError(
                f"longitude {lon_deg:g}, latitude {lat_deg:g} at {when.isoformat()}: outside the"
                f" dataset {self.name} ({self._where_and_when()}), which says nothing about it"
            )

    def _where_and_when(self) -> str:
        west, south, east, north = self.extent.bounds
        return (
            f"within {west:.2f} to {east:.2f} E, {south:.2f} to {north:.2f} N; from"
            f" {self.valid.start.date()} to {self.valid.end.date()}"
        )


class _Asked:
    """A place and perhaps a height, asked of one feature after another."""

    def __init__(
        self,
        lon_deg: float,
        lat_deg: float,
        level: Level | None,
        *,
        terrain: TerrainModel | None,
        geoid: GeoidModel | None,
    ) -> None:
        self._lon_deg, self._lat_deg, self._level = lon_deg, lat_deg, level
        self._ground = Ground.below(
            np.array([(lon_deg, lat_deg)]), terrain=terrain, geoid=geoid, take_off_amsl_m=None
        )

    def of(self, feature: Zone | Corridor) -> Containment:
        parts: Sequence[BoundaryPart] = feature.less_accurate if isinstance(feature, Zone) else ()
        return Containment.in_any(
            place_in(
                volume,
                lon_deg=self._lon_deg,
                lat_deg=self._lat_deg,
                uncertainty_m=feature.uncertainty_m,
                less_accurate=parts,
            ).at_height(self._is_within(volume.layer))
            for volume in feature.volumes
        )

    def _is_within(self, layer: VerticalLayer) -> Truth:
        """Whether the level is between floor and ceiling; touching either is being within."""
        return self._reaches(layer.floor, 1.0) & self._reaches(layer.ceiling, -1.0)

    def _reaches(self, limit: Level | None, sign: float) -> Truth:
        if self._level is None or limit is None:
            return Truth.TRUE
        value_m = self._ground.convert(
            np.array([self._level.value_m]), source=self._level.reference, target=limit.reference
        )[0]
        if np.isnan(value_m):
            return Truth.UNKNOWN
        return Truth.of(bool(sign * (value_m - limit.value_m) >= -BOUNDARY_TOLERANCE_M))
