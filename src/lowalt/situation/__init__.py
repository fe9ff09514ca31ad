"""The plan laid over the world, and the facts that law is asked about."""

from lowalt.situation.declared import facts_of
from lowalt.situation.laying import Encounter, Leg, Situation, lay
from lowalt.situation.path import HeldArea, Path

__all__ = ["Encounter", "HeldArea", "Leg", "Path", "Situation", "facts_of", "lay"]
