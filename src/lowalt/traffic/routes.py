"""Routes of unmanned aircraft: the approval that covers them, and the plan along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from lowalt.flights import (
    Approval,
    Area,
    Communication,
    EmergencyPlan,
    Mission,
    Operator,
    Payload,
    Scenario,
    SpecialOperations,
    TaskOrder,
)
from lowalt.flights.plan import BEIJING
from lowalt.levels import Level
from lowalt.terms import (
    AircraftClass,
    ApprovalKind,
    ControlMode,
    MissionKind,
    StandardScenario,
    Urgency,
)
from lowalt.traffic.city import City, Place
from lowalt.traffic.dispatch import Shuttle, Task
from lowalt.traffic.tracks import Position, above_ground, lengths_m, multicopter

RANGE_M = 15_000.0
"""How far a loaded multicopter is sent at most; assumed, within what makers state."""

BUFFER_M = 30.0
"""Half-width of the airspace around a route of an unmanned aircraft."""

_APPROVED_ROOM_M = 150.0  # to either side of a route; assumed
_CEILING = above_ground(118.0)  # blood and parcels are flown below 120 m

NONE_NEEDED = "无 (none)"

SPECIAL = SpecialOperations(
    relay_by_base_station_or_internet=False,
    dangerous_goods_or_dropping=False,
    over_assembled_crowd=False,
    from_moving_vehicle=False,
    distributed_or_swarm=False,
)

_LINKS = Communication(
    means="对讲机、电话 (radio and telephone)",
    phone="+86 755 0000 0000",
    c2_frequency_mhz=1438.0,
    c2_bandwidth_mhz=10.0,
    navigation_means="GNSS (BeiDou, GPS), RTK",
    surveillance_means="network and broadcast identification, UOM",
    surveillance_code_requested=False,
)

_EMERGENCY = EmergencyPlan(
    landing_sites=(),
    has_procedures=True,
    procedures_reference="运行手册第7章 (operations manual, chapter 7)",
)


@dataclass(frozen=True, slots=True)
class Trade:
    """What an operator of unmanned aircraft flies for.

    Parameters
    ----------
    name
        Short name, part of the numbers of its approvals.
    operator
        Who answers for the flights.
    mission
        What they are for.
    commercial, public_welfare
        Whether they are flown for business, and whether for public welfare.
    over_people
        Whether they pass over densely populated areas.
    order
        Who ordered them; ``None`` where nobody needs to, or the operator's own office does.
    """

    name: str
    operator: Operator
    mission: MissionKind
    commercial: bool
    public_welfare: bool
    over_people: bool = False
    order: TaskOrder | None = None

    def parts(
        self, *, payload: Payload, reach_m: float, approvals: tuple[Approval, ...]
    ) -> dict[str, Any]:
        """Parts of a plan that are the same for all flights of a task.

        Parameters
        ----------
        reach_m
            Greatest distance from the pilot, metres.
        """
        return {
            "route_buffer_m": BUFFER_M,
            "vertical_buffer_m": 5.0,
            "alternate_sites": (),
            "entry_exit_method": "自起降点垂直进出 (vertical at both ends)",
            "operator": self.operator,
            "mission": self._mission(reach_m),
            "payload": payload,
            "special_operations": SPECIAL,
            "approvals": approvals,
            "communication": _LINKS,
            "emergency_plan": _EMERGENCY,
            "special_support": NONE_NEEDED,
            "other_data": NONE_NEEDED,
        }

    def _mission(self, reach_m: float) -> Mission:
        return Mission(
            kind=self.mission,
            urgency=Urgency.NORMAL,
            task_order=self.order,
            commercial=self.commercial,
            is_public_welfare=self.public_welfare,
            control_mode=ControlMode.BVLOS,
            max_distance_from_pilot_m=float(round(reach_m)),
            requests_fusion=False,
            with_own_manned_aircraft=False,
            indoor=False,
            over_own_ground=False,
            over_farmland=False,
            over_dense_population=self.over_people,
            airport_facility_work=False,
            is_special_ga_task=False,
            international_ifr=False,
            low_visibility=False,
            on_public_route=False,
            shares_site=False,
            avoidance_measure=True,
            traffic_service=True,
            separation_service=True,
            flow_service=True,
            population_data_service=True,
            scenario=Scenario(kind=StandardScenario.NONE),
        )


def cargo(description: str, mass_kg: float, *, biological: bool = False) -> Payload:
    """Harmless things on board, and nobody."""
    return Payload(
        description=description,
        mass_kg=mass_kg,
        carries_people=False,
        dangerous_goods=False,
        drops_objects=False,
        carries_animals=False,
        biological_material=biological,
    )


def approval(
    city: City,
    places: Sequence[Position],
    *,
    number: str,
    mission: MissionKind,
    on: date,
    largest_class: AircraftClass | None = AircraftClass.SMALL,
    ceiling: Level = _CEILING,
    room_m: float = _APPROVED_ROOM_M,
) -> Approval:
    """Approve flights of a day in the strip along places, through the zones that it meets."""
    midnight = datetime.combine(on, time(), BEIJING)
    return Approval(
        kind=ApprovalKind.FLIGHT_ACTIVITY,
        number=f"EXAMPLE-FA-{number}",
        authority="示例空中交通管理机构 (example ATM unit)",
        valid_from=midnight,
        valid_until=midnight + timedelta(days=1),
        area=Area(polygon=city.outline(places, room_m=room_m)),
        ceiling=ceiling,
        largest_class=largest_class,
        missions=(mission,),
        zones=city.zones_met(places, room_m=BUFFER_M),
    )


def shuttle(
    city: City,
    code: str,
    ends: tuple[Place, Place],
    trade: Trade,
    *,
    on: date,
    loads: tuple[Payload, Payload],
    heights_m: tuple[float, float],
    speed_m_s: float,
) -> Shuttle:
    """Make a straight route with both ways of flying it.

    Parameters
    ----------
    loads, heights_m
        What is carried, and how high above ground: out, and back.
    """
    places = [end.position for end in ends]
    number = f"{trade.name}-{code}"
    held = approval(city, places, number=number, mission=trade.mission, on=on)
    reach_m = sum(lengths_m(places))
    out, back = (
        Task(
            code,
            *way,
            multicopter([p.position for p in way], height_m=height_m, speed_m_s=speed_m_s),
            trade.parts(payload=load, reach_m=reach_m, approvals=(held,)),
        )
        for way, load, height_m in zip((ends, ends[::-1]), loads, heights_m, strict=True)
    )
    return Shuttle(out, back)
