"""KML 2.2: what Google Earth shows.

A KML figure has one height and no restriction. What we write is drawn for people, and each
placemark also carries its feature as lowalt's GeoJSON, in ``ExtendedData``, from which it is read
again without loss. Files of others are read as UAS zones, KMZ archives included.
"""

from lowalt.formats.kml.reading import read
from lowalt.formats.kml.writing import write

__all__ = ["read", "write"]
