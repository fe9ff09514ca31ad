"""What a flight across the boundary states: ports, notices, lists and permits."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from lowalt.errors import Problem
from lowalt.flights.documents import Document, Moment, PositiveMetres, Text, fact, refuse
from lowalt.flights.places import LevelField, Position
from lowalt.terms import CrossingPort


def _check_line(points: tuple[Position, ...]) -> tuple[Position, ...]:
    """Refuse points that make no line; the order of two that are one would mean nothing."""
    if len(points) < 2:
        given = f"{len(points)} point{'s' * (len(points) != 1)}"
        refuse([Problem("", given, "a route has at least 2 points")])
    repeated = [i for i, (before, at) in enumerate(pairwise(points), start=1) if before == at]
    if repeated:
        expected = "each point lies elsewhere than the one before: remove the repeated one"
        refuse([Problem(f"[{i}]", f"the same place as [{i - 1}]", expected) for i in repeated])
    return points


# As with rings, the least number of items is checked with the whole list.
RouteLine = Annotated[
    tuple[Position, ...],
    Field(max_length=100_000, json_schema_extra={"minItems": 2}),
    AfterValidator(_check_line),
]


class PrescribedRoute(Document):
    """A route as an approval prescribes it: what it does not prescribe is left out."""

    number: Text | None = fact("Number of the approval, or name of the route in it.")
    points: RouteLine = Field(
        description="Points of the centre line as [longitude, latitude] in degrees, joined by"
        " geodesics, in the order in which they are flown."
    )
    half_width_m: PositiveMetres = Field(
        description="How far the route reaches to either side of the line, and beyond both ends,"
        " metres."
    )
    floor: LevelField | None = fact(
        "Lowest level on the route; absent where none is prescribed. It does not bind the climb"
        " after take-off and the descent to land."
    )
    ceiling: LevelField | None = fact("Highest level on the route; absent where none is.")

    @model_validator(mode="after")
    def _right_way_up(self) -> Self:
        floor, ceiling = self.floor, self.ceiling
        if floor and ceiling and floor.reference is ceiling.reference and ceiling < floor:
            given = f"{ceiling}, below the floor at {floor}"
            refuse([Problem("ceiling", given, "exchange the two")])
        return self


class Crossing(Document):
    """Ports of exit and entry, and what border inspection, customs and quarantine were told."""

    exit_port: CrossingPort | None = fact(
        "Port where it is checked out: the last Mainland place it takes off from. Where it is left"
        " out, the port where the flight begins; one where it does not begin counts as no_port."
    )
    entry_port: CrossingPort | None = fact(
        "Port where it is checked in: the first Mainland place it lands at. Where it is left out,"
        " the port where the flight ends; one where it does not end counts as no_port."
    )
    special_port_approval: bool | None = fact(
        "Whether leaving or entering elsewhere than at an open port is specially approved"
        " (经特别批准)."
    )
    border_inspection_told_at: Moment | None = fact(
        "When border inspection was told times, stop, people and cargo."
    )
    customs_told_at: Moment | None = fact("When customs was told times, stop, people and cargo.")
    lists_declared: bool | None = fact("Whether the lists of crew and passengers are declared.")
    keeps_prescribed_route: bool | None = fact(
        "Whether it keeps to the route prescribed for the crossing (规定的路线), as the operator"
        " states it. A prescribed_route, or a corridor of published limits, goes before it."
    )
    prescribed_route: PrescribedRoute | None = fact(
        "The route that the approval prescribes; what is flown is measured against it."
    )
    corridor: Text | None = fact(
        "Identifier of the corridor in the airspace dataset that it is to keep to; a"
        " prescribed_route goes before it."
    )
    regulated_as_drug_or_device: bool | None = fact(
        "Whether the biological material on board is regulated as a drug, veterinary drug or"
        " medical device instead."
    )
    quarantine_approval: bool | None = fact(
        "Whether customs has given its quarantine approval (卫生检疫审批) for the material."
    )
