"""Blood drones: sixteen routes from blood stations to hospitals.

Published are their number, 7,070 flights in 2024, and that the temperature is tracked in flight
(Shenzhen Daily, 2025-01-09); they are flown below 120 m. Which hospitals they serve was not found:
hospital pads of the dataset serve where it has them, and the rest are drawn near known places.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

from lowalt.terms import MissionKind, OperatorKind, OrderingBody
from lowalt.traffic.chance import Chance, Hours
from lowalt.traffic.city import City, Place
from lowalt.traffic.dispatch import PACES, Fleet, Shuttle, Sortie
from lowalt.traffic.orders import order_of_the_day
from lowalt.traffic.papers import Multicopter, drone_crew, drone_operator
from lowalt.traffic.routes import Trade, cargo, shuttle

SITES = ("HP02", "HP03", "HP07", "HP08", "HP09", "HP10", "HP11", "HP12", "HP16")
CORRIDORS = ("UAV01", "UAV02", "UAV03", "UAV04")

CREW = drone_crew(
    Multicopter("示例血运 EX-B6 六旋翼 (blood hexacopter)", 7.2, 11.5, 10.4, 1.4, 20.0), "B"
)

_CENTRE = "示例血液中心 (Example Blood Centre)"

# Hospitals ask at all hours from six to nine, by day more often; assumed.
_HOURS = Hours(6, (1, 2, 4, 5, 5, 4, 3, 4, 5, 5, 4, 3, 2, 1, 1))

# Assumed; the two ways are 10 m apart, below 120 m.
_SPEED_M_S = 15.0
_HEIGHTS_M = (100.0, 110.0)
_UNLOAD_S, _TURNAROUND_S = 240, 300

_LOADS = (
    cargo("血液，温度全程记录 (blood, its temperature logged in flight)", 2.5, biological=True),
    cargo("空血液运输箱 (empty blood box)", 1.5),
)


def sorties(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Fly the routes as often as a day asks for, out with blood and back without.

    Parameters
    ----------
    of_city
        Chance of what is the same every day: the sixteen routes.
    of_day
        Chance of the day's traffic.
    """
    routes, chance = _routes(city, of_city, on), of_day
    numbers = count(1)
    bases = {route.out.origin: Fleet(numbers) for route in routes}
    for call_s in chance.calls_s(flights / 2.0, _HOURS):
        route = chance.pick(routes)
        yield from route.fly(
            call_s,
            bases[route.out.origin],
            stop_s=_UNLOAD_S,
            turnaround_s=_TURNAROUND_S,
            pace=chance.pick(PACES),
        )


def _routes(city: City, chance: Chance, on: date) -> tuple[Shuttle, ...]:
    operator = drone_operator(
        _CENTRE,
        OperatorKind.UNIT,
        number=101,
        on=on,
        for_profit=False,
    )
    mission = MissionKind.BLOOD_TRANSPORT
    trade = Trade(
        "BLOOD",
        operator,
        mission,
        commercial=False,
        public_welfare=True,
        order=order_of_the_day(OrderingBody.BLOOD_CENTRE, _CENTRE, mission, number="BLOOD", on=on),
    )
    return tuple(
        shuttle(
            city,
            f"R{number:02d}",
            ends,
            trade,
            on=on,
            loads=_LOADS,
            heights_m=_HEIGHTS_M,
            speed_m_s=_SPEED_M_S,
        )
        for number, ends in enumerate(_ends(city, chance), start=1)
    )


def _ends(city: City, chance: Chance) -> Iterator[tuple[Place, Place]]:
    """Give each station with the hospitals that it serves: 7, 5, 3 and 1."""
    central = _station(city, chance, city.pad("HP07"))
    for pad in ("HP02", "HP08", "HP12"):  # hospital pads of the dataset
        yield central, city.pad(pad)
    for near in (city.pad("HP03"), city.pad("HP09"), city.pad("HP16"), city.end("UAV01", -1)):
        yield central, _hospital_beside(city, chance, near)
    eastern = _station(city, chance, city.pad("HP10"))
    yield eastern, _hospital_beside(city, chance, city.end("UAV03", -1))
    for _ in range(4):
        yield eastern, _hospital_of_district(city, chance, city.pad("HP10"))
    northern = _station(city, chance, city.end("UAV04", 0))
    yield northern, _hospital_beside(city, chance, city.end("UAV04", -1))
    for _ in range(2):
        yield northern, _hospital_of_district(city, chance, city.end("UAV04", 0))
    coast = _station(city, chance, city.pad("HP11"))
    yield coast, _hospital_beside(city, chance, city.end("UAV02", 0))


def _station(city: City, chance: Chance, near: Place) -> Place:
    return city.draw("血站 (blood station)", near, chance, least_m=200.0, most_m=600.0)


def _hospital_beside(city: City, chance: Chance, near: Place) -> Place:
    return city.draw("医院 (hospital)", near, chance, least_m=300.0, most_m=1_200.0)


def _hospital_of_district(city: City, chance: Chance, near: Place) -> Place:
    return city.draw("医院 (hospital)", near, chance, least_m=2_000.0, most_m=6_000.0)
