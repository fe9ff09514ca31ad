"""The classes of missions: who may claim one, what it changes, and who goes first.

A mission changes deadlines, what some notices except, and priority. It never changes airspace,
airworthiness, ports or quarantine (`NEVER_CHANGES`). What it changes is a benefit, and a benefit
is for tasks that really are given: by the operator's own office, or by the order of a body that
can give it. No text that was read says in so many words who orders which task; where the table
does, `MissionClass.known_from` says how that is known.

Sources: decree 761 arts 18, 20 and 29; decree 371 arts 16 and 21; the flight rules (decree 288)
art. 91; Shenzhen's notices of 2022 and 2025.
"""

from lowalt.missions.classes import (
    MISSIONS,
    ORDER_HOLDS_FOR,
    PUBLIC_TASKS,
    KnownFrom,
    MissionClass,
    Reach,
    can_order,
    is_order_for,
    is_own_office,
    rank_of,
    with_parts,
)
from lowalt.missions.ranks import LEISURE, RANKS, Rank
from lowalt.missions.unchanged import NEVER_CHANGES, Unchanged

__all__ = [
    "LEISURE",
    "MISSIONS",
    "NEVER_CHANGES",
    "ORDER_HOLDS_FOR",
    "PUBLIC_TASKS",
    "RANKS",
    "KnownFrom",
    "MissionClass",
    "Rank",
    "Reach",
    "Unchanged",
    "can_order",
    "is_order_for",
    "is_own_office",
    "rank_of",
    "with_parts",
]
