"""What a change costs the operator, so that the least of several can come first.

Costs are minutes: of work, of waiting, or of flight given up. They are rough, and the law knows
nothing of them; only their order matters. Each has its reason beside it.
"""

from __future__ import annotations

DAY = 24 * 60.0

STATE = 1.0
"""A line of a form."""

REPORT = 10.0
"""A call, or a message through the platform."""

SUBMIT = 15.0
"""An application that is ready, handed in through the platform."""

LOWER = 2.0
LOWER_PER_M = 0.2
"""A route is soon redrawn; every metre takes something of view, clearance and radio range."""

SLOWER = 5.0
"""Beside the minutes that the flight takes longer."""

DISTANCE = 30.0
"""The pilot stands elsewhere, people are kept away, or the task is done in parts."""

SHIFT = 5.0
SHIFT_PER_MIN = 0.5
"""People and customers wait, though most of the waiting is put to other use."""

WEATHER = SHIFT_PER_MIN * DAY / 4.0
"""Bad weather lasts for hours; how many nobody knows."""

OTHER_HOURS = SHIFT_PER_MIN * DAY
"""At another time of day, crew, customers and light are not there: as bad as a day's waiting, so
that the same hour of the next possible day always comes first."""

DETOUR = 10.0
DETOUR_PER_M = 0.02
"""Drawing the route, and a metre more at some ten metres a second, there and in the battery."""

CUT_PER_PERCENT = 2.0
"""Each hundredth of an area that is not flown."""

MOVE_PER_M = 1.0
"""A flight elsewhere serves another place: beyond a few hundred metres it is another task."""

WAY_OF_FLYING = 60.0
"""Another way of flying the same task: by direct radio, from the ground, round the crowd."""

IN_SIGHT = 180.0
"""In sight of a pilot: more pilots, or the task in parts."""

PURPOSE = 2 * DAY
"""Without its load, or with one aircraft for many, much of what the flight is for is lost."""

ARRANGE = 90.0
"""A service that is to be had: a contract, a setting, an observer, a person on the spot."""

INSURANCE = 4 * 60.0
"""A policy is had within a working day."""

REGISTER = 30.0
"""Real-name registration is done online."""

FIT = 2 * DAY
"""A module, a light or a radio is bought and fitted."""

FLIGHT_APPROVAL = DAY
"""Applied for by noon of the day before, answered by that evening."""

FUSION_APPROVAL = 3 * DAY
ZONE_APPROVAL = 7 * DAY
"""They concern more authorities than one."""

PERMISSION = 28 * DAY
"""The authorities of Hong Kong and Macao, and of ports, read manuals first: weeks."""

TASK_APPROVAL = 20 * DAY
ROUTE_APPROVAL = 7 * DAY
"""Flight control, border inspection and customs hold a flight to the same route."""

INSTRUMENTS = 3 * DAY
"""A crew and an aircraft that may fly by instruments, and a plan for it."""

ORDER = 2 * 60.0
"""A body that really wants the task writes down that it does."""

OWN_PLACE = 30.0
"""Another place that is the operator's own, and as good."""

OTHER_PORT = 4 * 60.0
"""Crew and passengers go to the other port."""

QUALIFY = 30 * DAY
"""Training, an examination, and the certificate."""

OPERATOR_CERTIFICATE = 28 * DAY
"""Twenty working days from a complete application."""

NATIONALITY = 30 * DAY
AIRWORTHINESS = 180 * DAY
"""Proving a design takes months at the least."""
