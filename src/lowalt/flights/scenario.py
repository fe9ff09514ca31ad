"""The standard scenario an operator claims, and what it states to show that it keeps to it.

CAAC publishes scenarios (标准场景) for operations of the specific category. Whoever claims one
keeps to its limits; whoever claims none says so with the kind ``none``.
"""

from __future__ import annotations

from lowalt.flights.documents import Document, Metres, PerHour, Seconds, fact
from lowalt.terms import AirRisk, StandardScenario


class InspectedObstacle(Document):
    """The structure that an inspection stays close to."""

    distance_m: Metres | None = fact("Greatest horizontal distance to it, metres.")
    height_m: Metres | None = fact("Its height above the ground, metres.")
    height_above_m: Metres | None = fact("Greatest height flown above its top, metres.")


class Scenario(Document):
    """A standard scenario and the figures it asks for."""

    kind: StandardScenario | None = fact("The scenario claimed, or none.")
    fixed_isolated_route: bool | None = fact(
        "Whether the route is fixed and isolated from other airspace users."
    )
    exit_probability_per_h: PerHour | None = fact(
        "Probability of leaving the operational volume, per flight hour."
    )
    ground_buffer_m: Metres | None = fact(
        "Width of the ground kept free beside the operational volume, metres."
    )
    beside_residential_area: bool | None = fact("Whether it is flown beside a residential area.")
    controlled_ground_area: bool | None = fact(
        "Whether only people of the operation are on the ground below."
    )
    adjacent_air_risk: AirRisk | None = fact("Air-risk class of the adjacent airspace.")
    air_buffer_m: Metres | None = fact(
        "Horizontal distance kept from the adjacent airspace, metres."
    )
    descent_to_safe_height_s: Seconds | None = fact(
        "Time to reach a safe height once a conflict is known, seconds."
    )
    pilot_flies_several: bool | None = fact("Whether one pilot flies several aircraft at a time.")
    hands_over_control: bool | None = fact("Whether control passes to another pilot in flight.")
    obstacle: InspectedObstacle | None = fact("The structure inspected, if it stays close to one.")


class IsolatedArea(Document):
    """An isolated area (隔离空域) in civil ATM airspace, and the room around it."""

    used: bool | None = fact("Whether the flight is kept in such an area.")
    horizontal_gap_m: Metres | None = fact(
        "Least horizontal distance between the area and the airspace of other users, metres."
    )
    vertical_gap_m: Metres | None = fact(
        "Least vertical distance between the area and the airspace of other users, metres."
    )
    inner_margin_m: Metres | None = fact(
        "Least distance that the aircraft keeps inside the boundary of the area, metres."
    )
