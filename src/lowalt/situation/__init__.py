"""The plan laid over the world, and the facts that law is asked about."""

from lowalt.situation.batch import encounter_table
from lowalt.situation.declared import facts_of, values_of
from lowalt.situation.encounters import Encounter, EncounterTable
from lowalt.situation.laying import Leg, Situation, lay
from lowalt.situation.path import HeldArea, Path

__all__ = [
    "Encounter",
    "EncounterTable",
    "HeldArea",
    "Leg",
    "Path",
    "Situation",
    "encounter_table",
    "facts_of",
    "lay",
    "values_of",
]
