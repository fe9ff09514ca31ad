"""Calls for a helicopter: air-120 for a patient, and a crew of firefighters to a forest fire.

Published is that air-120 runs since 2019 with eight hospitals, dispatched by the emergency centre,
and one call: on 2026-01-18 at Meishajian a helicopter took off at 12:51 and was on the scene in 4
minutes. Bases, scenes, fires and the number of calls are made up; hospitals with a pad are those of
the dataset.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from lowalt.errors import InvalidInputError
from lowalt.flights import Mission, Payload
from lowalt.flights.plan import BEIJING
from lowalt.terms import ControlArea, MissionKind, OrderingBody, Urgency
from lowalt.traffic.chance import Chance, Hours
from lowalt.traffic.city import City, Place
from lowalt.traffic.dispatch import Fleet, Sortie, Task
from lowalt.traffic.helicopters import BUFFER_M, STRAY_M, manned_flight, manned_parts
from lowalt.traffic.orders import order
from lowalt.traffic.papers import helicopter_crew, helicopter_operator
from lowalt.traffic.routes import approval
from lowalt.traffic.tracks import Fix, Position, Track, above_ground, lengths_m

SITES = ("HP02", "HP08", "HP10", "HP11", "HP12", "HP15")
CORRIDORS = ("HELSH1", "UAV02", "UAV03", "UAV04")

CREW = helicopter_crew("AW139", "R")
FIRE_CREW = helicopter_crew("H125", "Q")

_HOURS = Hours(7, (3, 4, 5, 5, 5, 5, 5, 5, 5, 4))  # by daylight; assumed

_HEIGHT_M = 200.0
_SPEED_M_S = 62.0  # 223 km/h, between take-off and landing
_LIFT_S = 32  # up to the height, or down from it: 6 m/s
_AT_SCENE_S, _AT_HOSPITAL_S, _TURNAROUND_S = 480, 600, 1_800

# How long before take-off the order comes, and so before the flight is filed; assumed.
_CALLED_BEFORE_S = 600

_TRIES = 200

_MEISHAJIAN_ON = date(2026, 1, 18)
_MEISHAJIAN_AT_S = (12 * 60 + 51) * 60
_MEISHAJIAN_THERE_S = 4 * 60


@dataclass(frozen=True, slots=True)
class _Call:
    """What a helicopter is called for, and by whom."""

    name: str
    mission: MissionKind
    by: OrderingBody
    issuer: str
    on_board: str
    scene: str
    reach_m: float
    to_hospital: bool

    def mission_at(self, code: str, at: datetime) -> Mission:
        """State the task, ordered so long before the helicopter takes off at a time."""
        return Mission(
            kind=self.mission,
            urgency=Urgency.SPECIALLY_URGENT,
            task_order=order(
                self.by,
                self.issuer,
                self.mission,
                number=f"{self.name}-{at:%Y%m%d}-{code}",
                at=at - timedelta(seconds=_CALLED_BEFORE_S),
            ),
            commercial=False,  # free to those who are helped
            is_public_welfare=True,
            over_dense_population=True,
            control_area=ControlArea.ONE_SUBZONE,
        )

    @property
    def payload(self) -> Payload:
        """Who is on board."""
        return Payload(
            description=self.on_board,
            carries_people=True,
            dangerous_goods=False,
            drops_objects=False,
            carries_animals=False,
            biological_material=False,
        )


_PATIENT = _Call(
    "RESCUE",
    MissionKind.MEDICAL_RESCUE,
    OrderingBody.EMERGENCY_CENTRE,
    "示例急救中心 (Example Emergency Centre)",
    "医护人员与患者 (medical crew and patient)",
    "现场 (scene)",
    4_000.0,
    to_hospital=True,
)
_FIRE = _Call(
    "FIRE",
    MissionKind.FOREST_FIREFIGHTING,
    OrderingBody.EMERGENCY_MANAGEMENT,
    "示例森林防火指挥部 (Example Forest Fire Command)",
    "森林消防员 (forest firefighters)",
    "森林火场 (forest fire)",
    7_000.0,
    to_hospital=False,
)


def sorties(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Answer the calls of a day, each with one flight: scene, hospital, and back to the base."""
    del of_city  # nobody knows before where help will be needed
    fleets = _fleets(city)
    known = [
        *(city.pad(identifier) for identifier in SITES),
        *(city.end(identifier, n) for identifier in ("UAV02", "UAV03", "UAV04") for n in (0, -1)),
    ]
    if on == _MEISHAJIAN_ON:
        yield _meishajian(city, fleets[city.pad("HP11")], on)
    yield from _answered(_PATIENT, city, fleets, known, of_day=of_day, on=on, flights=flights)


def fires(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Bring firefighters to each forest fire of a day, stay by them, and come back."""
    del of_city  # as above
    fleets = _fleets(city)
    hills = [city.pad("HP10"), city.pad("HP11")]
    yield from _answered(_FIRE, city, fleets, hills, of_day=of_day, on=on, flights=flights)


def _fleets(city: City) -> Mapping[Place, Fleet]:
    numbers = count(1)
    bases = city.pad("HP10"), city.pad("HP11"), city.end("HELSH1", 0)
    return {base: Fleet(numbers) for base in bases}


def _answered(
    call: _Call,
    city: City,
    fleets: Mapping[Place, Fleet],
    known: Sequence[Place],
    *,
    of_day: Chance,
    on: date,
    flights: float,
) -> Iterator[Sortie]:
    """Answer each call from the nearest base."""
    for number, call_s in enumerate(of_day.calls_s(flights, _HOURS), start=1):
        way = _drawn_way(call, city, list(fleets), known, of_day)
        fleet, code = fleets[way[0]], f"C{number:04d}"
        sortie = Sortie(
            call_s, _task(call, city, code, way, on=on, departure_s=call_s), fleet.take(call_s)
        )
        fleet.give_back(sortie.crew, sortie.arrival_s + _TURNAROUND_S)
        yield sortie


def _drawn_way(
    call: _Call, city: City, bases: Sequence[Place], known: Sequence[Place], chance: Chance
) -> tuple[Place, ...]:
    """Draw a scene, and go there from the nearest base, all of the way on the Mainland."""
    for _ in range(_TRIES):  # most scenes will do: only from the far east is Hong Kong in the way
        near = chance.pick(known)
        scene = city.draw(call.scene, near, chance, least_m=500.0, most_m=call.reach_m)
        base = min(bases, key=lambda place: _apart_m(place, scene))
        way = _way(call, city, base, scene)
        if city.is_home([place.position for place in way], room_m=BUFFER_M):
            return way
    raise InvalidInputError(
        f"airspace: given {city.airspace.name}, in which no call was found that is answered without"
        " leaving the Mainland; a day of services needs one"
    )


def _way(call: _Call, city: City, base: Place, scene: Place) -> tuple[Place, ...]:
    """List where it lands: the scene, the nearest hospital if it is for a patient, and home."""
    if not call.to_hospital:
        return base, scene, base
    hospitals = [city.pad(identifier) for identifier in ("HP02", "HP08", "HP12")]
    return base, scene, min(hospitals, key=lambda place: _apart_m(place, scene)), base


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
    way = _way(_PATIENT, city, city.pad("HP11"), scene)
    task = _task(
        _PATIENT,
        city,
        "MEISHAJIAN",
        way,
        on=on,
        departure_s=_MEISHAJIAN_AT_S,
        there_s=_MEISHAJIAN_THERE_S,
    )
    return Sortie(_MEISHAJIAN_AT_S, task, fleet.take(_MEISHAJIAN_AT_S))


def _task(
    call: _Call,
    city: City,
    code: str,
    way: Sequence[Place],
    *,
    on: date,
    departure_s: int,
    there_s: int | None = None,
) -> Task:
    places = [place.position for place in way]
    held = approval(
        city,
        places,
        number=f"{call.name}-{code}",
        mission=call.mission,
        on=on,
        largest_class=None,
        ceiling=above_ground(300.0),
        room_m=500.0,
    )
    track = _track(places, there_s)
    departure = datetime.combine(on, time(), BEIJING) + timedelta(seconds=departure_s)
    parts = manned_parts(
        helicopter_operator(on=on),
        call.mission_at(code, departure),
        call.payload,
        (held,),
        manned_flight(track, on=on, crosses=False),
    )
    return Task(code, way[0], way[-1], track, parts, STRAY_M)


def _track(way: list[Position], there_s: int | None) -> Track:
    """Land at each place, and stay at the scene and at the hospital."""
    ground, cruise = above_ground(0.0), above_ground(_HEIGHT_M)
    at_s, fixes = 0, [Fix(*way[0], ground, 0)]
    stays_s = (_AT_SCENE_S, _AT_HOSPITAL_S)[: len(way) - 2]
    for a, b, length_m, stay_s in zip(way, way[1:], lengths_m(way), (*stays_s, 0), strict=False):
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
