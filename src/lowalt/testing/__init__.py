"""Hypothesis strategies for everything lowalt takes and gives: test your own system with them.

Install with ``pip install lowalt[testing]``. Every strategy takes keywords only, the same ones in
the same order: ``kind``, ``region``, ``period``, ``references``, then what is its own. They
shrink, and they visit the edges where mistakes live: limits of law and the values beside them,
touching windows, hovers, empty lists, facts left out.

Examples
--------
>>> from hypothesis import given, settings
>>> from lowalt import testing
>>> from lowalt.flights import canonical_json, parse_plan
>>> @settings(max_examples=5, database=None)
... @given(testing.plans())
... def test_a_plan_survives_being_written(plan):
...     assert parse_plan(canonical_json(plan)) == plan
>>> test_a_plan_survives_being_written()
"""

from importlib.util import find_spec

if find_spec("hypothesis") is None:
    raise ImportError("lowalt.testing needs Hypothesis: pip install lowalt[testing]")

from lowalt.testing.airspaces import datasets, zones
from lowalt.testing.laws import conditions, facts
from lowalt.testing.omissions import facts_stated, without
from lowalt.testing.plans import PlanCase, plan_cases, plans, suitable_places
from lowalt.testing.rulebooks import hits, rule_tables, rulebooks
from lowalt.testing.tracks import Polyline4D, tracks
from lowalt.testing.values import (
    REGION,
    YEAR,
    Region,
    intervals,
    levels,
    places,
    schedules,
    vertical_layers,
    weekly_hours,
)

__all__ = [
    "REGION",
    "YEAR",
    "PlanCase",
    "Polyline4D",
    "Region",
    "conditions",
    "datasets",
    "facts",
    "facts_stated",
    "hits",
    "intervals",
    "levels",
    "places",
    "plan_cases",
    "plans",
    "rule_tables",
    "rulebooks",
    "schedules",
    "suitable_places",
    "tracks",
    "vertical_layers",
    "weekly_hours",
    "without",
    "zones",
]
