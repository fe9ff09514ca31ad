"""ED-269: the JSON of EUROCAE for geographical zones, the form before ED-318.

Written after its fields as the open package uas-standards 4.4 (InterUSS) lists them and after
public files of national authorities; the standard's own text was not read. Longitude comes first
in the coordinates, as in all of those files, and radii are metres whatever the unit of the limits.
"""

from lowalt.formats.ed269.reading import read
from lowalt.formats.ed269.writing import write

__all__ = ["read", "write"]
