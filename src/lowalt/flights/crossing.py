"""What a flight across the boundary states: ports, notices, lists and permits."""

from __future__ import annotations

from lowalt.flights.documents import Document, Moment, fact
from lowalt.terms import CrossingPort


class Crossing(Document):
    """Ports of exit and entry, and what border inspection, customs and quarantine were told."""

    exit_port: CrossingPort | None = fact(
        "Port where it is checked out: the last Mainland place it takes off from."
    )
    entry_port: CrossingPort | None = fact(
        "Port where it is checked in: the first Mainland place it lands at."
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
        "Whether it keeps to the route prescribed for the crossing (规定的路线)."
    )
    regulated_as_drug_or_device: bool | None = fact(
        "Whether the biological material on board is regulated as a drug, veterinary drug or"
        " medical device instead."
    )
    quarantine_approval: bool | None = fact(
        "Whether customs has given its quarantine approval (卫生检疫审批) for the material."
    )
