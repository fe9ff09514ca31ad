"""Plans as lowalt writes them: JSON in the shape of the published schema, nothing left out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, shown
from lowalt.flights import FlightPlan, canonical_json
from lowalt.formats.exchange import Written
from lowalt.formats.plans.exchange import Draft, Told


def read(content: bytes, *, name: str, told: Told) -> tuple[Draft | InvalidInputError, ...]:  # noqa: ARG001 - it says it all
    """Read plans: one, a list of them, or an object whose ``plans`` are a list of them.

    Parameters
    ----------
    content
        The file.
    name
        What messages call it.
    told
        Not needed: such a file says everything itself.

    Returns
    -------
    tuple
        Drafts, which the plan's own rules are still to judge.

    Raises
    ------
    InvalidInputError
        If it is no JSON, or has no plans.

    Examples
    --------
    >>> drafts = read(b'[{"plan_id": "a"}, {"plan_id": "b"}]', name="day.json", told=Told())
    >>> [draft.document["plan_id"] for draft in drafts]
    ['a', 'b']
    """
    document = parse_json(content, name=name)
    plans = document
    if isinstance(document, Mapping):
        plans = document.get("plans", [document])
    if not isinstance(plans, list):
        raise InvalidInputError(f"{name}: given {shown(plans)}, expected a plan or a list of plans")
    return tuple(_draft(plan, name=name, number=i) for i, plan in enumerate(plans))


def _draft(plan: Any, *, name: str, number: int) -> Draft | InvalidInputError:
    if not isinstance(plan, Mapping):
        return InvalidInputError(f"{name}: plans[{number}]: given {shown(plan)}, expected a plan")
    return Draft(plan)


def write(plans: Sequence[FlightPlan]) -> Written:
    r"""Write plans whole: one as an object that people can read and edit, more one to a line.

    Parameters
    ----------
    plans
        At least one.

    Examples
    --------
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/06_exactly_120_m.json")
    >>> write([plan]).content[:37]
    b'{\n  "plan_id": "pingshan-roof-120m",\n'
    """
    if len(plans) == 1:
        return Written(_readable(plans[0]))
    lines = b",\n".join(map(canonical_json, plans))
    return Written(b'{"plans": [\n' + lines + b"\n]}\n")


def _readable(plan: FlightPlan) -> bytes:
    """Write one key to a line, in the order of the schema, and one waypoint to a line."""
    stated = json.loads(canonical_json(plan))
    keys = (key for key in FlightPlan.model_fields if key in stated)
    lines = (f"  {json.dumps(key)}: {_lines(stated[key])}" for key in keys)
    return ("{\n" + ",\n".join(lines) + "\n}\n").encode()


def _lines(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n" + ",\n".join(f"    {_line(item)}" for item in value) + "\n  ]"
    return _line(value)


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
