"""A day of services: every service's sorties of a day, with their papers, in order of departure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

import numpy as np

from lowalt.airspace import AirspaceDataset
from lowalt.errors import InvalidInputError, OutsideDatasetError, shown
from lowalt.flights import Datum, FlightPlan
from lowalt.flights.plan import BEIJING
from lowalt.temporal import TimeInterval
from lowalt.traffic import blood, delivery, helicopters, rescue, rounds
from lowalt.traffic.chance import Chance
from lowalt.traffic.city import City
from lowalt.traffic.dispatch import Sortie
from lowalt.traffic.faults import Fault, without_a_paper
from lowalt.traffic.filing import Filing, drone_filing, helicopter_filing, rescue_filing
from lowalt.traffic.papers import CrewMaker, Crews
from lowalt.traffic.services import ORDINARY, Services

MOST_FLIGHTS = 1_000_000
"""More flights than a day can be asked for."""

# The streams of chance: what lies in the city is drawn from this one, and never changes; a day's
# traffic is drawn from the caller's seed. Each service has its own, so that a change of one leaves
# the others as they are.
_OF_THE_CITY = 20_241_231

# A drone that strays is above the 120 m of suitable airspace too, from 60 m on.
_STRAY_UP_M = 60.0

_SITES = frozenset({*blood.SITES, *delivery.SITES, *rounds.SITES, *rescue.SITES})
_CORRIDORS = frozenset(
    {*blood.CORRIDORS, *delivery.CORRIDORS, *rounds.CORRIDORS, rounds.COAST, *rescue.CORRIDORS}
    | {*helicopters.CORRIDORS}
)


def day_of_services(
    on: date,
    *,
    seed: int,
    airspace: AirspaceDataset,
    scale: float = 1.0,
    services: Services = ORDINARY,
) -> tuple[FlightPlan, ...]:
    """Make up a day of low-altitude services over Shenzhen, for examples, benchmarks and tests.

    Blood drones, delivery, patrols, inspection, air-120, forest fires, helicopters in the city and
    over the boundary, as many as were published (:class:`Services` has the figures and where they
    come from), on routes between known places and along the corridors of the dataset. All of it is
    synthetic: nobody flies these plans, and every operator, paper and approval is an example.

    Most are judged well. Left open are helicopters whose illustrative track leaves the extent of
    the dataset: those from Pingdi, and those to Macao.

    Parameters
    ----------
    on
        The day, within the time of the dataset.
    seed
        Number of the day's chance, 0 or more: the same seed gives the same plans, to the byte.
        The places and routes of the city are the same for every seed.
    airspace
        The dataset; it must hold the sites and corridors of Shenzhen.
    scale
        How many times as much traffic, above 0; 10 is a busy day of the future.
    services
        How much of each service, and how often something is wrong.

    Returns
    -------
    tuple of FlightPlan
        In order of departure. Identifiers begin with the service and the route:
        ``blood-R07-20260609-00012``.

    Raises
    ------
    InvalidInputError
        If an argument is wrong, or the dataset lacks a site or corridor; all lacking are named.
    OutsideDatasetError
        If the dataset says nothing about that day.

    Examples
    --------
    >>> from datetime import date
    >>> import lowalt as la
    >>> shenzhen = la.load_airspace("shenzhen")
    >>> plans = la.day_of_services(date(2026, 6, 9), seed=7, airspace=shenzhen, scale=0.05)
    >>> print(plans[0].plan_id, plans[0].departure.time())
    delivery-H3L12-20260609-00001 07:28:30
    """
    _check(on, seed=seed, airspace=airspace, scale=scale, services=services)
    city = City(airspace, sites=_SITES, corridors=_CORRIDORS)
    plans: list[FlightPlan] = []
    for number, service in enumerate(_SERVICES, start=1):
        flights = scale * service.flights(services)
        if flights > 0.0:
            sorties = service.sorties(
                city,
                of_city=Chance(_OF_THE_CITY, number),
                of_day=Chance(int(seed), number),
                on=on,
                flights=flights,
            )
            plans += _plans(service, sorties, on, Chance(int(seed), 100 + number), services)
    return tuple(sorted(plans, key=lambda plan: (plan.departure, plan.plan_id)))


def _check(on: object, *, seed: object, airspace: object, scale: float, services: object) -> None:
    if not isinstance(on, date) or isinstance(on, datetime):
        raise InvalidInputError(
            f"on: given {on!r}: expected the day as a date, such as date(2026, 6, 9)"
        )
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise InvalidInputError(f"seed: given {seed!r}: expected a whole number, 0 or more")
    is_number = isinstance(scale, int | float | np.integer | np.floating)
    if isinstance(scale, bool) or not is_number or not 0.0 < scale < math.inf:
        raise InvalidInputError(f"scale: given {scale!r}: expected a finite number above 0")
    if not isinstance(airspace, AirspaceDataset):
        raise InvalidInputError(
            f"airspace: given {shown(airspace)}: expected a dataset, such as"
            ' load_airspace("shenzhen")'
        )
    if not isinstance(services, Services):
        raise InvalidInputError(
            f"services: given {shown(services)}: expected Services; leave it out for an ordinary"
            " day"
        )
    if services.flights * scale > MOST_FLIGHTS:
        raise InvalidInputError(
            f"scale: given {scale:g}, which means some {services.flights * scale:,.0f} flights:"
            f" expected {MOST_FLIGHTS:,} at most"
        )
    midnight = datetime.combine(on, time(), BEIJING)
    if not airspace.valid.covers(TimeInterval(midnight, midnight + timedelta(days=1))):
        raise OutsideDatasetError(
            f"on: given {on}: the dataset {airspace.name} says nothing about that day; it holds"
            f" from {airspace.valid.start.date()} until before {airspace.valid.end.date()}"
        )


class _Sorties(Protocol):
    def __call__(
        self, city: City, *, of_city: Chance, of_day: Chance, on: date, flights: float
    ) -> Iterator[Sortie]: ...


@dataclass(frozen=True, slots=True)
class _Service:
    name: str
    flights: Callable[[Services], float]
    sorties: _Sorties
    crew: CrewMaker
    filing: Filing


_SERVICES = (
    _Service("blood", lambda much: much.blood_flights, blood.sorties, blood.CREW, drone_filing),
    _Service(
        "delivery",
        lambda much: much.delivery_flights,
        delivery.sorties,
        delivery.CREW,
        drone_filing,
    ),
    _Service(
        "patrol", lambda much: much.patrol_flights, rounds.patrols, rounds.PATROL_CREW, drone_filing
    ),
    _Service(
        "inspection",
        lambda much: much.inspection_flights,
        rounds.inspections,
        rounds.INSPECTION_CREW,
        drone_filing,
    ),
    _Service(
        "helicopter",
        lambda much: much.city_helicopter_flights,
        helicopters.scheduled,
        helicopters.CREW,
        helicopter_filing,
    ),
    _Service(
        "crossing",
        lambda much: much.shuttle_flights,
        helicopters.crossings,
        helicopters.CROSSING_CREW,
        helicopter_filing,
    ),
    _Service(
        "rescue",
        lambda much: much.rescue_calls,
        rescue.sorties,
        rescue.CREW,
        rescue_filing,
    ),
    _Service(
        "marine",
        lambda much: much.marine_patrols,
        rounds.marine_patrols,
        rounds.MARINE_CREW,
        drone_filing,
    ),
    _Service(
        "forest",
        lambda much: much.forest_patrols,
        rounds.forest_patrols,
        rounds.FOREST_CREW,
        drone_filing,
    ),
    _Service("fire", lambda much: much.fire_calls, rescue.fires, rescue.FIRE_CREW, rescue_filing),
)


def _plans(
    service: _Service, sorties: Iterable[Sortie], on: date, chance: Chance, much: Services
) -> Iterator[FlightPlan]:
    """Write the plans of a service, numbered in order of departure."""
    crews = Crews(service.crew, on)
    midnight = datetime.combine(on, time(), BEIJING)
    in_order = sorted(sorties, key=lambda s: (s.departure_s, s.task.code, s.crew))
    for number, sortie in enumerate(in_order, start=1):
        task, fault = sortie.task, _fault(chance, much)
        crew, track = crews[sortie.crew], task.paced(sortie.pace)
        if fault is Fault.PAPER_MISSING:
            crew = without_a_paper(crew, chance)
        if fault is Fault.STRAYS:
            track = track.astray(away_m=task.stray_m, above_m=_STRAY_UP_M)
        departure = midnight + timedelta(seconds=sortie.departure_s)
        parts = dict(task.parts)
        if fault is Fault.FILED_LATE:  # and so nothing is approved yet
            parts["approvals"] = ()
        if "manned" in parts:
            parts["manned"] = helicopters.commanded(parts["manned"], crew)
        yield FlightPlan(
            plan_id=f"{service.name}-{task.code}-{on:%Y%m%d}-{number:05d}",
            datum=Datum.WGS84,
            coordinates_checked=True,
            waypoints=track.waypoints(departure),
            departure_site=task.origin.site,
            landing_site=task.destination.site,
            pilots=crew.pilots,
            aircraft=crew.aircraft,
            submission=service.filing(departure, fault is Fault.FILED_LATE, chance),
            **parts,
        )


def _fault(chance: Chance, much: Services) -> Fault | None:
    drawn = chance.share()
    for fault, share in (
        (Fault.FILED_LATE, much.filed_late),
        (Fault.PAPER_MISSING, much.paper_missing),
        (Fault.STRAYS, much.strays),
    ):
        if drawn < share:
            return fault
        drawn -= share
    return None
