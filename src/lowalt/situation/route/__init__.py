"""The route that a plan states, and how the flight keeps to it."""

from lowalt.situation.route.keeping import route_keeping
from lowalt.situation.route.line import RouteLine

__all__ = ["RouteLine", "route_keeping"]
