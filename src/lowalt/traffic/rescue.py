"""Air-120: a helicopter is sent to a patient and brings them to a hospital.

Published is that the service runs since 2019 with eight hospitals, dispatched by the emergency
centre, and one call: on 2026-01-18 at Meishajian a helicopter took off at 12:51 and was on the
scene in 4 minutes. Bases, scenes and the number of calls are made up; hospitals with a pad are
those of the dataset.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

from lowalt.flights import Mission, Payload
from lowalt.terms import ControlArea, MissionKind, Urgency
from lowalt.traffic.chance import Chance, Hours
from lowalt.traffic.city import City, Place
from lowalt.traffic.dispatch import Fleet, Sortie, Task
from lowalt.traffic.helicopters import STRAY_M, manned_flight, manned_parts
from lowalt.traffic.papers import helicopter_crew, helicopter_operator
from lowalt.traffic.routes import approval
from lowalt.traffic.tracks import Fix, Position, Track, above_ground, lengths_m

SITES = ("HP02", "HP08", "HP10", "HP11", "HP12", "HP15")
CORRIDORS = ("HELSH1", "UAV02", "UAV03", "UAV04")

CREW = helicopter_crew("AW139", "R")

_HOURS = Hours(7, (3, 4, 5, 5, 5, 5, 5, 5, 5, 4))  # by daylight; assumed

_HEIGHT_M = 200.0
_SPEED_M_S = 62.0  # 223 km/h, between take-off and landing
_LIFT_S = 32  # up to the height, or down from it: 6 m/s
_AT_SCENE_S, _AT_HOSPITAL_S, _TURNAROUND_S = 480, 600, 1_800

_MEISHAJIAN_ON = date(2026, 1, 18)
_MEISHAJIAN_AT_S = (12 * 60 + 51) * 60
_MEISHAJIAN_THERE_S = 4 * 60

_PATIENT = Payload(
    description="医护人员与患者 (medical crew and patient)",
    carries_people=True,
    dangerous_goods=False,
    drops_objects=False,
    carries_animals=False,
    biological_material=False,
)


def sorties(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Answer the calls of a day, each with one flight: scene, hospital, and back to the base."""
    del of_city  # nobody knows before where help will be needed
    chance = of_day
    numbers = count(1)
    bases = [city.pad("HP10"), city.pad("HP11"), city.end("HELSH1", 0)]
    fleets = {base: Fleet(numbers) for base in bases}
    known = [
        *(city.pad(identifier) for identifier in SITES),
        *(city.end(identifier, n) for identifier in ("UAV02", "UAV03", "UAV04") for n in (0, -1)),
    ]
    if on == _MEISHAJIAN_ON:
        yield _meishajian(city, fleets[bases[1]], on)
    for number, call_s in enumerate(chance.calls_s(flights, _HOURS), start=1):
        near = chance.pick(known)
        scene = city.draw("现场 (scene)", near, chance, least_m=500.0, most_m=4_000.0)
        base = min(bases, key=lambda place: _apart_m(place, scene))
        task = _task(city, f"C{number:04d}", base, scene, on)
        sortie = Sortie(call_s, task, fleets[base].take(call_s))
        fleets[base].give_back(sortie.crew, sortie.arrival_s + _TURNAROUND_S)
        yield sortie


def _meishajian(city: City, fleet: Fleet, on: date) -> Sortie:
    """Fly the call of Meishajian; the scene stands near the example pad in Yantian, illustrative.

    Nobody else of the day takes this aircraft.
    """
    scene = city.draw(
        "梅沙尖救援现场 (scene at Meishajian)",
        city.end("UAV02", 0),
        Chance(20260118),
        least_m=500.0,
        most_m=1_500.0,
    )
    task = _task(city, "MEISHAJIAN", city.pad("HP11"), scene, on, there_s=_MEISHAJIAN_THERE_S)
    return Sortie(_MEISHAJIAN_AT_S, task, fleet.take(_MEISHAJIAN_AT_S))


def _task(
    city: City, code: str, base: Place, scene: Place, on: date, *, there_s: int | None = None
) -> Task:
    hospitals = [city.pad(identifier) for identifier in ("HP02", "HP08", "HP12")]
    hospital = min(hospitals, key=lambda place: _apart_m(place, scene))
    way = [base.position, scene.position, hospital.position, base.position]
    held = approval(
        city,
        way,
        number=f"RESCUE-{code}",
        mission=MissionKind.MEDICAL_RESCUE,
        on=on,
        largest_class=None,
        ceiling=above_ground(300.0),
        room_m=500.0,
    )
    track = _track(way, there_s)
    manned = manned_flight(track, on=on, crosses=False)
    parts = manned_parts(helicopter_operator(on=on), _MISSION, _PATIENT, (held,), manned)
    return Task(code, base, base, track, parts, STRAY_M)


_MISSION = Mission(
    kind=MissionKind.MEDICAL_RESCUE,
    urgency=Urgency.SPECIALLY_URGENT,
    commercial=False,  # free to the patient
    is_public_welfare=True,
    over_dense_population=True,
    control_area=ControlArea.ONE_SUBZONE,
)


def _track(way: list[Position], there_s: int | None) -> Track:
    """Land at each place, and stay at the scene and at the hospital."""
    ground, cruise = above_ground(0.0), above_ground(_HEIGHT_M)
    at_s, fixes = 0, [Fix(*way[0], ground, 0)]
    stays_s = (_AT_SCENE_S, _AT_HOSPITAL_S, 0)
    for a, b, length_m, stay_s in zip(way, way[1:], lengths_m(way), stays_s, strict=False):
        leg_s = there_s if there_s and at_s == 0 else 2 * _LIFT_S + round(length_m / _SPEED_M_S)
        fixes += [
            Fix(*a, cruise, at_s + _LIFT_S),
            Fix(*b, cruise, at_s + leg_s - _LIFT_S),
            Fix(*b, ground, at_s + leg_s),
        ]
        at_s += leg_s + stay_s
        if stay_s:
            fixes.append(Fix(*b, ground, at_s))
    return Track(tuple(fixes))


def _apart_m(a: Place, b: Place) -> float:
    return lengths_m([a.position, b.position])[0]
