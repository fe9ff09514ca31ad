"""Conflicts among plans as text for a terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from lowalt.conflicts import ConflictTable
from lowalt.conflicts.plans import meeting_places, plan_legs
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan
from lowalt.priority import Precedence
from lowalt.report.lines import wrap
from lowalt.report.precedence import headline
from lowalt.report.text import Language
from datetime import timedelta

