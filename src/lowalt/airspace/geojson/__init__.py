"""Features as GeoJSON with ED-318 properties, and back: the form of our own files.

What ED-318 has a word for stands under that word; our own facts (kind, status, accuracy,
citation and so on) stand in ``extendedProperties``. Its ``feature`` says whether it is a zone (if
left out), a corridor, a site, a port of entry or a line.
"""

from lowalt.airspace.geojson.features import from_geojson, states_our_facts, to_geojson

__all__ = ["from_geojson", "states_our_facts", "to_geojson"]
