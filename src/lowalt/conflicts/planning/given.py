"""The plans that are given: read once, and nothing else among them."""

from __future__ import annotations

from collections.abc import Iterable

from lowalt.errors import InvalidInputError, Problem, shown
from lowalt.flights import FlightPlan


def given_plans(plans: object) -> list[FlightPlan]:
    """Take plans in their order.

    Raises
    ------
    InvalidInputError
        If they are one plan, not several, or something is none.
    """
    # A plan is iterable too, and gives its fields.
    if isinstance(plans, FlightPlan) or not isinstance(plans, Iterable):
        problem = Problem("plans", shown(plans), "several, such as [plan]")
        raise InvalidInputError("these are no plans:", problems=[problem])
    things = list(plans)
    expected = "a FlightPlan, as read_plan and parse_plan give it"
    problems = [
        Problem(f"plans[{number}]", shown(thing), expected)
        for number, thing in enumerate(things)
        if not isinstance(thing, FlightPlan)
    ]
    if problems:
        raise InvalidInputError("these are no plans:", problems=problems)
    return things
