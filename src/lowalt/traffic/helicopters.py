"""Helicopter services along the corridors of the dataset, in Shenzhen and over its boundary.

Published are ends, first days and times of the services: Pingshan - Bao'an 20 minutes and
Pingshan - Great China Square 13 since 2023-03-02, Pingdi - Bao'an 18 since 2023-08-15; Bao'an -
Shun Tak some 15 since 2019-06-28; Shekou - Shun Tak less than 20 and Shekou - Macau airport some
15 since 2025-11-06, at a height of about 300 m. The corridors of the dataset cite the news. Their
tracks are illustrative; those of HELLG1 and HELSM1 leave the extent of the dataset on their way.
Routes as an approval prescribes them are not published: those here follow the corridors, at the
height above the water that was reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

from lowalt.airspace import Corridor
from lowalt.flights import (
    Approval,
    Communication,
    Crossing,
    HongKong,
    MannedFlight,
    Mission,
    Operator,
    OverWater,
    Payload,
    PrescribedRoute,
    ShortTermPlan,
    TemporaryAirspace,
    Weather,
)
from lowalt.flights.hong_kong import LowFlying
from lowalt.flights.plan import BEIJING
from lowalt.terms import (
    AirspaceClass,
    ApprovalKind,
    ControlArea,
    CrossingPort,
    MissionKind,
    PerformanceClass,
    Urgency,
)
from lowalt.traffic.chance import Chance, Hours
from lowalt.traffic.city import City
from lowalt.traffic.dispatch import Fleet, Shuttle, Sortie, Task
from lowalt.traffic.papers import Crew, helicopter_crew, helicopter_operator
from lowalt.traffic.routes import NONE_NEEDED, approval
from lowalt.traffic.tracks import Position, Track, above_ground, helicopter

# Published times, one way, minutes.
_SCHEDULED_MIN = {"HELPS1": 20, "HELPS2": 13, "HELLG1": 18}
# Of Bao'an - Shun Tak 15 minutes were reported; along the drawn track that would be 275 km/h.
_CROSSING_MIN = {"HELSH1": 17, "HELSH3": 19, "HELSM1": 15}
_PORTS = {
    "HELSH1": CrossingPort.BAOAN_AIRPORT,
    "HELSH3": CrossingPort.SHEKOU,
    "HELSM1": CrossingPort.SHEKOU,
}

CORRIDORS = (*_SCHEDULED_MIN, *_CROSSING_MIN)

CREW = helicopter_crew("AW139", "H")
CROSSING_CREW = helicopter_crew("EC135", "X")

# As high as was reported of the crossings; in the middle of the heights of the other corridors.
_HEIGHT_M = 300.0
_PRESCRIBED_M = (250.0, 350.0)
_CEILING = above_ground(400.0)

# Daylight all year round: on the shortest day the sun is up from about 7:00 to 17:45. The last
# departures leave time for the flight back.
_HOURS = Hours(8, (3, 4, 4, 3, 2, 3, 4, 4))

_STOP_S, _TURNAROUND_S = 900, 1_800

BUFFER_M = 200.0
"""Half-width of the airspace around a helicopter's route; assumed."""

# How far an approval reaches beyond the corridor: the airspace around the route, and some more.
_ROOM_BEYOND_M = 250.0

STRAY_M = 1_500.0
"""How far a helicopter that strays leaves its track: out of every corridor's approval."""

LINKS = Communication(
    means="甚高频 (VHF)",
    navigation_means="GNSS, VOR",
    surveillance_means="SSR mode S, ADS-B",
    surveillance_code_requested=True,
)

FAIR_WEATHER = Weather(
    visibility_m=10_000.0,
    cloud_base_agl_m=1_500.0,
    cloud_distance_m=5_000.0,
    meets_commander_minima=True,
    surface_stays_in_sight=True,
)

PASSENGERS = Payload(
    description="旅客 (passengers)",
    carries_people=True,
    dangerous_goods=False,
    drops_objects=False,
    carries_animals=False,
    biological_material=False,
)


def scheduled(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Fly the services within Shenzhen that run on the day, from its west to the east and back."""
    del of_city  # their corridors are the dataset's
    services = _running(city, _SCHEDULED_MIN, on, first_back=True)
    return _sorties(services, of_day, flights)


def crossings(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Fly the services over the boundary that run on the day, from Shenzhen and back."""
    del of_city  # as above
    return _sorties(_running(city, _CROSSING_MIN, on), of_day, flights)


def _running(
    city: City, minutes: Mapping[str, int], on: date, *, first_back: bool = False
) -> Sequence[Shuttle]:
    """Make the services that have begun by the day; the corridors of the dataset know since when.

    Parameters
    ----------
    minutes
        How long each takes one way, by corridor.
    first_back
        Whether helicopters stand at the last point of the corridors instead of the first.
    """
    operator = helicopter_operator(on=on)
    noon = datetime.combine(on, time(12), BEIJING)
    return [
        _shuttle(
            city,
            city.corridor(identifier),
            60 * lasts_min,
            operator,
            on=on,
            first_back=first_back,
        )
        for identifier, lasts_min in minutes.items()
        if city.corridor(identifier).is_active_at(noon)
    ]


def _sorties(services: Sequence[Shuttle], chance: Chance, flights: float) -> Iterator[Sortie]:
    """Fly services, as often each, out and back."""
    numbers = count(1)
    bases = {service.out.code: Fleet(numbers) for service in services}
    for call_s in chance.calls_s(flights / 2.0, _HOURS) if services else ():
        service = chance.pick(services)
        yield from service.fly(
            call_s,
            bases[service.out.code],
            stop_s=_STOP_S,
            turnaround_s=_TURNAROUND_S,
            pace=1.0,
        )


def _shuttle(
    city: City,
    corridor: Corridor,
    duration_s: int,
    operator: Operator,
    *,
    on: date,
    first_back: bool,
) -> Shuttle:
    ways = tuple(
        _task(city, corridor, duration_s, operator, on, back=back) for back in (False, True)
    )
    return Shuttle(*(ways[::-1] if first_back else ways))


def _task(
    city: City, corridor: Corridor, duration_s: int, operator: Operator, on: date, *, back: bool
) -> Task:
    ends = city.end(corridor.identifier, 0), city.end(corridor.identifier, -1)
    course = city.course(corridor.identifier)[:: -1 if back else 1]
    track = helicopter(course, height_m=_HEIGHT_M, duration_s=duration_s)
    crosses = corridor.identifier in _PORTS
    parts = manned_parts(
        operator,
        _mission(crosses=crosses),
        PASSENGERS,
        _approvals(city, corridor, crosses=crosses, on=on),
        manned_flight(track, on=on, crosses=crosses),
    )
    if crosses:
        parts |= _over_the_boundary(corridor, course, on, back=back)
    origin, destination = ends[::-1] if back else ends
    return Task(
        corridor.identifier + ("B" if back else "A"), origin, destination, track, parts, STRAY_M
    )


def manned_parts(
    operator: Operator,
    mission: Mission,
    payload: Payload,
    approvals: tuple[Approval, ...],
    manned: MannedFlight,
) -> dict[str, Any]:
    """Parts of a helicopter's plan that are the same for all flights of a task."""
    return {
        "route_buffer_m": BUFFER_M,
        "vertical_buffer_m": 30.0,
        "alternate_sites": (),
        "operator": operator,
        "mission": mission,
        "payload": payload,
        "approvals": approvals,
        "communication": LINKS,
        "weather": FAIR_WEATHER,
        "manned": manned,
        "special_support": NONE_NEEDED,
        "other_data": NONE_NEEDED,
    }


def _mission(*, crosses: bool) -> Mission:
    return Mission(
        kind=MissionKind.PASSENGER,
        urgency=Urgency.NORMAL,
        commercial=True,
        is_public_welfare=False,
        over_dense_population=True,
        is_special_ga_task=crosses,
        control_area=ControlArea.SEVERAL if crosses else ControlArea.ONE_SUBZONE,
    )


def _approvals(city: City, corridor: Corridor, *, crosses: bool, on: date) -> tuple[Approval, ...]:
    activity = approval(
        city,
        city.course(corridor.identifier),
        number=f"HELICOPTER-{corridor.identifier}",
        mission=MissionKind.PASSENGER,
        on=on,
        largest_class=None,
        ceiling=_CEILING,
        room_m=corridor.half_width_m + _ROOM_BEYOND_M,
    )
    if not crosses:
        return (activity,)
    number = f"EXAMPLE-TASK-{corridor.identifier}"
    return activity, activity.model_copy(update={"kind": ApprovalKind.TASK, "number": number})


def _over_the_boundary(
    corridor: Corridor, course: tuple[Position, ...], on: date, *, back: bool
) -> dict[str, Any]:
    """State the route, and what border inspection, customs and Hong Kong are told before."""
    told_at = datetime.combine(on, time(10), BEIJING) - timedelta(days=1)
    port = _PORTS[corridor.identifier]
    floor, ceiling = map(above_ground, _PRESCRIBED_M)
    crossing = Crossing(
        exit_port=None if back else port,
        entry_port=port if back else None,
        special_port_approval=False,
        border_inspection_told_at=told_at,
        customs_told_at=told_at,
        lists_declared=True,
        prescribed_route=PrescribedRoute(
            number=f"EXAMPLE-FA-HELICOPTER-{corridor.identifier}",
            points=course,
            half_width_m=corridor.half_width_m,
            floor=floor,
            ceiling=ceiling,
        ),
    )
    if corridor.identifier == "HELSM1":
        return {"crossing": crossing}
    hong_kong = HongKong(
        restricted_flying_zone=False,
        cap_448e_exception=False,  # the drawn tracks lead round Penny's Bay
        atc_clearance=True,
        special_vfr_clearance=False,
        airspace_class=AirspaceClass.C,
        max_altitude_amsl_m=350.0,
        cloud_distance_m=5_000.0,
        plan_filed_at=told_at,
        macao_route=False,
        low_flying=LowFlying(
            over_congested_area=False,
            height_above_obstacles_m=200.0,
            distance_to_people_or_structures_m=250.0,
            distance_to_crowd_m=3_000.0,
            saves_life=False,
        ),
    )
    return {"crossing": crossing, "hong_kong": hong_kong}


def manned_flight(track: Track, *, on: date, crosses: bool) -> MannedFlight:
    """State what only a manned flight does, but for who is in command."""
    over_water = OverWater(held=False)
    if crosses:
        over_water = OverWater(
            held=True,
            performance_class=PerformanceClass.CLASS_1,
            max_time_from_land_s=180.0,
            within_autorotation_distance=False,
            life_jackets=True,
        )
    return MannedFlight(
        helicopter=True,
        visual_flight=True,
        crew_count=2,
        transponder_code="2000",
        public_air_transport=False,
        business_flight=False,
        crosses_national_airspace=False,
        beyond_coast_line=crosses,
        distance_to_land_border_m=300_000.0,  # the boundary with Hong Kong or Macao is none
        task_requested_on=on - timedelta(days=40) if crosses else None,
        temporary_airspace=TemporaryAirspace(held=False),
        short_term_plan=ShortTermPlan(held=False),
        temporary_route=False,
        overflies_city=not crosses,
        city_overflight_needed=None if crosses else True,
        clears_city_in_emergency=None if crosses else True,
        city_overflight_approved=None if crosses else True,
        min_height_over_population_m=200.0,
        fuel_endurance_s=9_000.0,
        route_time_s=float(track.duration_s),
        max_altitude_amsl_m=350.0 if crosses else None,
        over_water=over_water,
    )


def commanded(flight: MannedFlight, crew: Crew) -> MannedFlight:
    """State who is in command of a flight."""
    names = {"commander": crew.pilots[0].name, "call_sign": crew.aircraft.serial_number}
    return flight.model_copy(update=names)
