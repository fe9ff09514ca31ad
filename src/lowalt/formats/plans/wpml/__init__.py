"""DJI WPML: routes as DJI Pilot 2, FlightHub 2 and DJI Fly export them.

A package has what is flown and, beside it, what was edited. What is flown is read; what was edited
tells where the aircraft takes off, and is read where the other is missing.
"""

from lowalt.formats.plans.wpml.reading import read

__all__ = ["read"]
