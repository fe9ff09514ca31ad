"""Patrols and inspections: flights that come back to where they took off, and hover on the way.

Published is that Shenzhen had 178 governance sites at the end of 2024 (its landing-site plan of
2025-10-30). Where they are was not, nor what is inspected: all places here are drawn on ground
that is free of every zone, near known ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count

from lowalt.terms import MissionKind, OperatorKind
from lowalt.traffic.chance import Chance, Hours
from lowalt.traffic.city import City, Place
from lowalt.traffic.dispatch import PACES, Fleet, Sortie, Task
from lowalt.traffic.papers import Multicopter, drone_crew, drone_operator
from lowalt.traffic.routes import Trade, approval, cargo
from lowalt.traffic.tracks import multicopter, stepped

SITES = ("HP02", "HP07", "HP10", "HP11")
CORRIDORS = ("UAV03", "UAV04")

# A light aircraft below 120 m in suitable airspace needs no application (decree 761, art. 31).
PATROL_CREW = drone_crew(
    Multicopter("示例巡逻 EX-Q4 四旋翼 (patrol quadcopter)", 1.35, 1.6, 1.5, 0.48, 20.0), "P"
)
INSPECTION_CREW = drone_crew(
    Multicopter("示例巡检 EX-M6 六旋翼 (inspection hexacopter)", 6.3, 9.0, 8.6, 1.1, 23.0), "N"
)

_PATROL_SITES, _INSPECTION_SITES = 178, 30
_NEAR_M = 7_000.0
_CAMERA = cargo("云台相机 (gimbal camera)", 0.15)
_TURNAROUND_S = 900

# By daylight mostly; assumed.
_PATROL_HOURS = Hours(7, (2, 4, 5, 5, 4, 2, 3, 5, 5, 4, 3, 2, 2, 1))
_INSPECTION_HOURS = Hours(8, (3, 5, 5, 4, 1, 3, 5, 5, 3))


def patrols(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Send out patrols: loops of five to eight corners round a stand, a look around at each."""
    operator = drone_operator(
        "示例街道办事处 (Example Subdistrict Office)",
        OperatorKind.UNIT,
        number=103,
        on=on,
        for_profit=False,
    )
    trade = Trade("PATROL", operator, MissionKind.PATROL, commercial=False, public_welfare=True)
    stands = _stands(
        city, of_city, "治理起降点 (governance pad)", number=_PATROL_SITES, room_m=800.0
    )
    tasks = [
        _patrol(f"S{number:03d}", stand, trade, of_city)
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
        city, of_city, "巡检起降点 (inspection pad)", number=_INSPECTION_SITES, room_m=1_700.0
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


def _stands(
    city: City, chance: Chance, what: str, *, number: int, room_m: float
) -> Iterator[Place]:
    known = [
        *(city.pad(identifier) for identifier in SITES),
        *(city.end(identifier, number) for identifier in CORRIDORS for number in (0, -1)),
    ]
    for _ in range(number):
        stand = city.draw_open(what, chance.pick(known), chance, most_m=_NEAR_M, room_m=room_m)
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
