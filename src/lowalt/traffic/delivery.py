"""Delivery by drone: a few hubs, each with lanes of very different traffic.

Published is the number of commercial unmanned flights, 776,000 in 2024. Hubs and lanes are made
up: hubs stand at known pads; lanes lead straight over ground that is free of every zone, but for
one hub that lies within the clear zone of the airport; and the example corridors of the dataset
are flown too where they are short enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import count

from lowalt.terms import MissionKind, OperatorKind
from lowalt.traffic.chance import Chance, Hours
from lowalt.traffic.city import City, Place
from lowalt.traffic.dispatch import PACES, Fleet, Shuttle, Sortie, Weighted
from lowalt.traffic.papers import Multicopter, drone_crew, drone_operator
from lowalt.traffic.routes import RANGE_M, Trade, cargo, shuttle
from lowalt.traffic.tracks import lengths_m

SITES = ("HP07", "HP10")
CORRIDORS = ("UAV01", "UAV02", "UAV03", "UAV04")

CREW = drone_crew(
    Multicopter("示例物流 EX-D8 八旋翼 (delivery octocopter)", 7.4, 10.5, 9.6, 1.35, 22.0), "D"
)

# Meals make the two peaks; the shape is assumed, the hours are those of the example corridors.
_HOURS = Hours(7, (1, 2, 3, 5, 10, 9, 5, 3, 3, 5, 9, 10, 6, 3, 1))

_LANES_A_HUB = 16
_LANE_LEAST_M, _LANE_MOST_M = 800.0, 5_500.0
_SPEED_M_S = 14.0
_HEIGHTS_M = ((70.0, 80.0), (80.0, 90.0), (90.0, 100.0), (100.0, 110.0))
_UNLOAD_S, _TURNAROUND_S = 60, 180

# The second lane of a hub sees 57 % of the first one's traffic, the tenth 16 %; assumed, as such
# demand is usually found to fall off with rank.
_RANK_EXPONENT = 0.8

_LOADS = (cargo("餐食、包裹 (meals, parcels)", 2.2), cargo("空货箱 (empty box)", 0.4))


def sorties(
    city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
) -> Iterator[Sortie]:
    """Fly the lanes, the same every day, as the orders of the day come in."""
    lanes, chance = _lanes(city, of_city, on), of_day
    numbers = count(1)
    hubs = {lane.out.origin: Fleet(numbers) for lane in lanes.items}
    for call_s in chance.calls_s(flights / 2.0, _HOURS):
        lane = lanes.choose(chance)
        yield from lane.fly(
            call_s,
            hubs[lane.out.origin],
            stop_s=_UNLOAD_S,
            turnaround_s=_TURNAROUND_S,
            pace=chance.pick(PACES),
        )


def _lanes(city: City, chance: Chance, on: date) -> Weighted[Shuttle]:
    """Draw the lanes with how busy they are."""
    operator = drone_operator(
        "示例低空物流（深圳）有限公司 (Example Air Logistics Shenzhen Ltd)",
        OperatorKind.UNIT,
        number=102,
        on=on,
    )
    trade = Trade(
        "DELIVERY",
        operator,
        MissionKind.DELIVERY,
        commercial=True,
        public_welfare=False,
        over_people=True,
    )
    return Weighted(
        (
            shuttle(
                city,
                code,
                ends,
                trade,
                on=on,
                loads=_LOADS,
                heights_m=chance.pick(_HEIGHTS_M),
                speed_m_s=_SPEED_M_S,
            ),
            weight,
        )
        for code, ends, weight in _ends(city, chance)
    )


def _hubs(city: City) -> Sequence[tuple[Place, bool]]:
    """List the hubs, the busiest first, and whether all is free ground around them."""
    return (
        (city.pad("HP07"), True),
        # In the clear zone of the airport: every lane of this one asks for its zones.
        (city.end("UAV01", -1), False),
        (city.end("UAV04", 0), True),
        (city.pad("HP10"), True),
        (city.end("UAV04", -1), True),
        (city.end("UAV03", -1), True),
    )


def _ends(city: City, chance: Chance) -> Iterator[tuple[str, tuple[Place, Place], float]]:
    for identifier in CORRIDORS:
        ends = city.end(identifier, 0), city.end(identifier, -1)
        (length_m,) = lengths_m([end.position for end in ends])
        if len(city.corridor(identifier).points) == 2 and length_m <= RANGE_M:
            yield identifier, ends, 0.5
    ring = {"least_m": _LANE_LEAST_M, "most_m": _LANE_MOST_M}
    for number, (hub, is_free) in enumerate(_hubs(city), start=1):
        for rank in range(1, _LANES_A_HUB + 1):
            draw = city.draw_free if is_free else city.draw
            customer = draw("配送点 (delivery point)", hub, chance, **ring)
            if customer is not None:
                yield f"H{number}L{rank:02d}", (hub, customer), (number * rank) ** -_RANK_EXPONENT
