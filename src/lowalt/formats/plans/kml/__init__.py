"""KML: tracks and lines that flights follow, and areas that they stay in.

What we write is drawn for people, and each placemark also carries its plan, from which it is read
again without loss. Files of others are read for their tracks, lines and, where there are none,
their areas.
"""

from lowalt.formats.plans.kml.reading import read
from lowalt.formats.plans.kml.writing import write

__all__ = ["read", "write"]
