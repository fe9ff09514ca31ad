"""Loading datasets: those that come with lowalt, by name, and a user's own, by path."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, shape

from lowalt.airspace.aerodromes import Runway
from lowalt.airspace.capacity import gather, joined
from lowalt.airspace.dataset import AirspaceDataset
from lowalt.airspace.geojson import from_geojson
from lowalt.airspace.geojson.geometry import refusing
from lowalt.airspace.geojson.members import get
from lowalt.airspace.geojson.texts import by_language
from lowalt.airspace.obstacles import AerodromeSurfaces, Edition, RunwayClass, RunwayData
from lowalt.airspace.zones import Zone
from lowalt.documents import parse_json, read_document
from lowalt.errors import GeometryError, InvalidInputError, UnknownNameError, naming, shown
from lowalt.geodesy import LocalFrame
from lowalt.temporal import OPEN_END, OPEN_START, TimeInterval, read_time

_ZONES_FILE = "zones.geojson"


def load_airspace(name_or_path: str | Path = "shenzhen") -> AirspaceDataset:
    """Load a dataset that comes with lowalt, by name, or one of your own, by path.

    Parameters
    ----------
    name_or_path
        A name such as ``"shenzhen"``, or a path (see :func:`read_zones`). A text that ends in
        ``.geojson`` or ``.json`` is taken as a path.

    Returns
    -------
    AirspaceDataset
        Of one name the same object each time, as long as its file is the same.

    Raises
    ------
    UnknownNameError
        If no dataset has that name; the message lists those that exist.

    Examples
    --------
    >>> load_airspace("shenzhen")["ZGNT01"].name["en"]
    'Nantou heliport and 3 km around it'
    >>> load_airspace("atlantis")
    Traceback (most recent call last):
    ...
    lowalt.errors.UnknownNameError: no airspace dataset 'atlantis'; there are: shenzhen
    """
    if isinstance(name_or_path, Path) or name_or_path.endswith((".geojson", ".json")):
        return read_zones(name_or_path)
    folder = resources.files("lowalt") / "airspace_data"
    names = sorted(entry.name for entry in folder.iterdir() if (entry / _ZONES_FILE).is_file())
    if name_or_path not in names:
        raise UnknownNameError(
            f"no airspace dataset {name_or_path!r}; there are: {', '.join(names)}"
        )
    return _parsed((folder / name_or_path / _ZONES_FILE).read_bytes(), name_or_path)


@lru_cache(maxsize=2)
def _parsed(content: bytes, name: str) -> AirspaceDataset:
    """Parse a dataset of ours once a process: it never changes, and it takes half a second."""
    return parse_zones(content, name=name)


def read_zones(path: str | Path) -> AirspaceDataset:
    """Read a GeoJSON file of zones, in lowalt's form, as a dataset.

    The file may state its extent, validity and texts in ``metadata.extendedProperties``. Without
    an extent it speaks for its own zones only, and without a validity for all time.

    Raises
    ------
    InvalidInputError
        If the file is not JSON or a feature cannot be read; the message names the feature.
    """
    path = Path(path)
    return parse_zones(read_document(path), name=path.stem)


def parse_zones(content: bytes, *, name: str) -> AirspaceDataset:
    """Make a dataset of the content of a file, as :func:`read_zones` does of the file.

    Raises
    ------
    InvalidInputError
        If it is not JSON or a feature cannot be read; the message names the feature.
    """
    document = parse_json(content, name=name)
    if not isinstance(document, dict) or not isinstance(document.get("features"), list):
        raise InvalidInputError(f"{name}: expected a GeoJSON FeatureCollection with features")
    features = gather(
        (
            from_geojson(feature, where=f"{name}: features[{index}]")
            for index, feature in enumerate(document["features"])
        ),
        name=name,
    )
    metadata = _object(document, "metadata", where=name)
    own = _object(metadata, "extendedProperties", where=f"{name}: metadata")
    zones = [feature for feature in features if isinstance(feature, Zone)]
    extent = _extent(own.get("extent"), zones=zones, name=name)
    meridian_deg = own.get("central_meridian_deg", round(extent.centroid.x))
    if not isinstance(meridian_deg, float | int) or not abs(meridian_deg) <= 180.0:
        raise InvalidInputError(
            f"{name}: central_meridian_deg: given {shown(meridian_deg)}, expected a longitude"
        )
    with naming(f"{name}: metadata"):
        valid = TimeInterval(
            _limit(metadata, "validFrom", otherwise=OPEN_START, name=name),
            _limit(metadata, "validTo", otherwise=OPEN_END, name=name),
        )
    return AirspaceDataset(
        name=get(own, "name", str, where=name) if "name" in own else name,
        title=by_language(metadata.get("description", []), where=f"{name}: description"),
        features=features,
        extent=extent,
        valid=valid,
        coverage=_texts(own, "coverage", where=name),
        known_points=_known_points(_object(own, "known_points", where=name), name=name),
        frame=LocalFrame(float(meridian_deg)),
        digest=hashlib.sha256(content).hexdigest(),
        disclaimer=_texts(own, "disclaimer", where=name),
        remarks=_texts(own, "remarks", where=name),
        aerodromes=_aerodromes(own.get("runways", []), name=name),
    )


def _object(record: Mapping[str, Any], key: str, *, where: str) -> Mapping[str, Any]:
    """Return a member that is an object, or left out."""
    found: Mapping[str, Any] = get(record, key, dict, where=where) if record.get(key) else {}
    return found


def _texts(record: Mapping[str, Any], key: str, *, where: str) -> Mapping[str, str]:
    texts = _object(record, key, where=where)
    if not all(isinstance(text, str) for text in texts.values()):
        raise InvalidInputError(f"{where}: {key}: given {shown(texts)}, expected texts")
    return texts


def _limit(metadata: Mapping[str, Any], key: str, *, otherwise: datetime, name: str) -> datetime:
    value = metadata.get(key)
    return otherwise if value is None else read_time(value, where=f"{name}: metadata.{key}")


def _known_points(record: Any, *, name: str) -> dict[str, tuple[float, float]]:
    with refusing(f"{name}: known_points", "expected a longitude and a latitude by identifier"):
        return {key: (float(lon), float(lat)) for key, (lon, lat) in record.items()}


def _aerodromes(records: Any, *, name: str) -> dict[str, AerodromeSurfaces]:
    """Build the obstacle limitation surfaces of every aerodrome whose runways the file states.

    The earlier edition of Annex 14 is taken: none of its limits lies higher.
    """
    where = f"{name}: runways"
    runways: dict[str, list[RunwayData]] = {}
    elevations: dict[str, float] = {}
    with refusing(where, "expected runways with their ends, elevation and classification"):
        for record in records:
            elevation = elevations[record["aerodrome"]] = float(record["elevation_amsl_m"])
            data = RunwayData(
                designation=record["name"],
                runway=Runway(tuple(record["low"]), tuple(record["high"])),
                elevations_amsl_m=(elevation, elevation),
                code_number=record["code_number"],
                classification=RunwayClass(record["classification"]),
            )
            runways.setdefault(record["aerodrome"], []).append(data)
        return {
            aerodrome: AerodromeSurfaces.of(
                of_aerodrome,
                aerodrome_elevation_amsl_m=elevations[aerodrome],
                edition=Edition.SEVENTH_2016,
            )
            for aerodrome, of_aerodrome in runways.items()
        }


def _extent(record: Any, *, zones: Sequence[Zone], name: str) -> Polygon | MultiPolygon:
    if record is None:
        volumes = [volume for zone in zones for volume in zone.volumes]
        return joined(volumes, where=f"{name}: the extent")
    with refusing(f"{name}: extent", "expected a GeoJSON polygon"):
        if not isinstance(record, Mapping) or record.get("type") == "GeometryCollection":
            raise GeometryError(f"given {shown(record)}")
        extent = shape(dict(record))
    if not isinstance(extent, Polygon | MultiPolygon) or extent.is_empty or not extent.is_valid:
        raise GeometryError(
            f"{name}: the extent is a {extent.geom_type}; expected a valid polygon, or a zone at"
            " least to take it from"
        )
    return extent
