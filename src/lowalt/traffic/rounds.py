"""Patrols and inspections: flights that come back to where they took off, and hover on the way.

Published is that Shenzhen had 178 governance sites at the end of 2024 (its landing-site plan of
2025-10-30). Where they are was not, nor what is inspected, nor how the coast and the hills are
patrolled: all places here are drawn on ground that is free of every zone, near known ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import count

from lowalt.terms import MissionKind, OperatorKind, OrderingBody
from lowalt.traffic.chance import Chance, Hours
from lowalt.traffic.city import City, Place
from lowalt.traffic.dispatch import PACES, Fleet, Sortie, Task
from lowalt.traffic.orders import order_of_the_day
from lowalt.traffic.papers import Multicopter, drone_crew, drone_operator
from lowalt.traffic.routes import Trade, approval, cargo
from lowalt.traffic.tracks import multicopter, stepped

SITES = ("HP02", "HP07", "HP10", "HP11")
CORRIDORS = ("UAV03", "UAV04")
COAST = "UAV02"
"""Corridor along the coast, by which marine patrols start."""

# A light aircraft below 120 m in suitable airspace needs no application (decree 761, art. 31).
_QUADCOPTER = Multicopter("示例巡逻 EX-Q4 四旋翼 (patrol quadcopter)", 1.35, 1.6, 1.5, 0.48, 20.0)
PATROL_CREW = drone_crew(_QUADCOPTER, "P")
MARINE_CREW, FOREST_CREW = drone_crew(_QUADCOPTER, "M"), drone_crew(_QUADCOPTER, "F")
INSPECTION_CREW = drone_crew(
    Multicopter("示例巡检 EX-M6 六旋翼 (inspection hexacopter)", 6.3, 9.0, 8.6, 1.1, 23.0), "N"
)

_PATROL_SITES, _INSPECTION_SITES = 178, 30
_COAST_SITES, _FOREST_SITES = 6, 8  # assumed
_NEAR_M = 7_000.0
_LOOP_ROOM_M = 800.0
_CAMERA = cargo("云台相机 (gimbal camera)", 0.15)
_TURNAROUND_S = 900

# By daylight mostly; assumed.
_PATROL_HOURS = Hours(7, (2, 4, 5, 5, 4, 2, 3, 5, 5, 4, 3, 2, 2, 1))
_INSPECTION_HOURS = Hours(8, (3, 5, 5, 4, 1, 3, 5, 5, 3))


def patrols(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Send out patrols of subdistricts, each from its own pad, on the order of the government."""
    operator = drone_operator(
        "示例街道办事处 (Example Subdistrict Office)",
        OperatorKind.UNIT,
        number=103,
        on=on,
        for_profit=False,
    )
    order = order_of_the_day(
        OrderingBody.GOVERNMENT,
        "示例区人民政府 (Example District Government)",
        MissionKind.PATROL,
        number="PATROL",
        on=on,
    )
    trade = Trade(
        "PATROL", operator, MissionKind.PATROL, commercial=False, public_welfare=True, order=order
    )
    stands = _stands(
        city, of_city, "治理起降点 (governance pad)", _known(city), number=_PATROL_SITES
    )
    return _patrols("S", stands, trade, of_city=of_city, of_day=of_day, flights=flights)


def marine_patrols(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Send out patrols of the coast by customs, whose own office they are."""
    operator = drone_operator(
        "示例海关 (Example Customs)", OperatorKind.CUSTOMS, number=105, on=on, for_profit=False
    )
    trade = Trade(
        "MARINE", operator, MissionKind.MARINE_PATROL, commercial=False, public_welfare=True
    )
    coast = [city.pad("HP11"), city.end(COAST, 0), city.end(COAST, -1)]
    stands = _stands(
        city, of_city, "岸边起降点 (pad on the coast)", coast, number=_COAST_SITES, near_m=2_500.0
    )
    return _patrols("M", stands, trade, of_city=of_city, of_day=of_day, flights=flights)


def forest_patrols(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Send out patrols of the hills by emergency management, whose own office they are."""
    operator = drone_operator(
        "示例应急管理局 (Example Emergency Management)",
        OperatorKind.EMERGENCY_MANAGEMENT,
        number=106,
        on=on,
        for_profit=False,
    )
    trade = Trade(
        "FOREST", operator, MissionKind.FOREST_PATROL, commercial=False, public_welfare=True
    )
    hills = [city.pad("HP10"), city.pad("HP11"), city.end("UAV03", -1)]
    stands = _stands(city, of_city, "林区起降点 (pad in the woods)", hills, number=_FOREST_SITES)
    return _patrols("F", stands, trade, of_city=of_city, of_day=of_day, flights=flights)


def _patrols(
    letter: str,
    stands: Iterable[Place],
    trade: Trade,
    *,
    of_city: Chance,
    of_day: Chance,
    flights: float,
) -> Iterator[Sortie]:
    """Send out loops of five to eight corners round each stand, with a look around at each."""
    tasks = [
        _patrol(f"{letter}{number:03d}", stand, trade, of_city)
        for number, stand in enumerate(stands, start=1)
    ]
    return _sorties(tasks, of_day, flights, _PATROL_HOURS)


def inspections(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Send out inspections: from one structure of a line to the next, and straight back."""
    operator = drone_operator(
        "示例巡检（深圳）有限公司 (Example Inspection Shenzhen Ltd)",
        OperatorKind.UNIT,
        number=104,
        on=on,
    )
    trade = Trade(
        "INSPECTION", operator, MissionKind.INSPECTION, commercial=True, public_welfare=False
    )
    stands = _stands(
        city,
        of_city,
        "巡检起降点 (inspection pad)",
        _known(city),
        number=_INSPECTION_SITES,
        room_m=1_700.0,
    )
    tasks = [
        _inspection(city, f"L{number:02d}", stand, trade, of_city, on=on)
        for number, stand in enumerate(stands, start=1)
    ]
    return _sorties(tasks, of_day, flights, _INSPECTION_HOURS)


def _sorties(
    tasks: Sequence[Task], chance: Chance, flights: float, hours: Hours
) -> Iterator[Sortie]:
    numbers = count(1)
    stands = {task.code: Fleet(numbers) for task in tasks}
    for call_s in chance.calls_s(flights, hours):
        task = chance.pick(tasks)
        fleet = stands[task.code]
        sortie = Sortie(call_s, task, fleet.take(call_s), chance.pick(PACES))
        fleet.give_back(sortie.crew, sortie.arrival_s + _TURNAROUND_S)
        yield sortie


def _known(city: City) -> list[Place]:
    return [
        *(city.pad(identifier) for identifier in SITES),
        *(city.end(identifier, number) for identifier in CORRIDORS for number in (0, -1)),
    ]


def _stands(
    city: City,
    chance: Chance,
    what: str,
    known: Sequence[Place],
    *,
    number: int,
    room_m: float = _LOOP_ROOM_M,
    near_m: float = _NEAR_M,
) -> Iterator[Place]:
    """Draw places with free ground around them, each near one that is known."""
    for _ in range(number):
        stand = city.draw_open(what, chance.pick(known), chance, most_m=near_m, room_m=room_m)
        if stand is not None:
            yield stand


def _patrol(code: str, site: Place, trade: Trade, chance: Chance) -> Task:
    corners = chance.whole(5, 9)
    turn, reach_m = chance.uniform(0.0, 2.0 * math.pi), chance.uniform(250.0, 600.0)
    loop = [
        stepped(site.position, turn + 2.0 * math.pi * n / corners, reach_m) for n in range(corners)
    ]
    track = multicopter(
        [site.position, *loop, loop[0], site.position],
        height_m=10.0 * chance.whole(6, 12),
        speed_m_s=10.0,
        hover_s=chance.whole(10, 61),
    )
    parts = trade.parts(payload=_CAMERA, reach_m=reach_m, approvals=())
    return Task(code, site, site, track, parts)


def _inspection(
    city: City, code: str, stand: Place, trade: Trade, chance: Chance, *, on: date
) -> Task:
    bearing, spans = chance.uniform(0.0, 2.0 * math.pi), chance.whole(4, 8)
    line = [stepped(stand.position, bearing, 200.0 * n) for n in range(1, spans + 1)]
    track = multicopter(
        [stand.position, *line, stand.position],
        height_m=10.0 * chance.whole(4, 8),
        speed_m_s=12.0,
        hover_s=chance.whole(40, 121),
    )
    held = approval(
        city,
        [stand.position, line[-1]],
        number=f"{trade.name}-{code}",
        mission=trade.mission,
        on=on,
    )
    parts = trade.parts(payload=_CAMERA, reach_m=200.0 * spans, approvals=(held,))
    return Task(code, stand, stand, track, parts)
