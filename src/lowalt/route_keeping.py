"""How a flight keeps to a route: margins to its edge, and when and where it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lowalt.temporal import TimeInterval
from lowalt.terms import Term
from lowalt.truth import Truth


class RouteSource(Term):
    """Where the route comes from that a flight is held to."""

    PRESCRIBED_ROUTE = (
        "prescribed_route",
        "计划所载规定航线",
        "the route prescribed, as the plan states it",
    )
    CORRIDOR = "corridor", "空域数据集中的航线", "a corridor of the airspace dataset"


class DepartureKind(Term):
    """In what way a flight leaves a route."""

    LATERAL = "lateral", "侧向偏出", "to the side"
    VERTICAL = "vertical", "高度超出", "in height"
    DIRECTION = "direction", "逆向飞行", "against its direction"
    HOURS = "hours", "不在开放时段", "outside its hours"


@dataclass(frozen=True, slots=True)
class FactPlace:
    """Where and when a fact of a flight is decided.

    Attributes
    ----------
    name
        What is there, by language, ``zh`` and ``en``.
    lon_deg, lat_deg
        Where it is.
    period
        When the flight is there; it may be a moment.
    """

    name: Mapping[str, str]
    lon_deg: float
    lat_deg: float
    period: TimeInterval


@dataclass(frozen=True, slots=True)
class RouteMargin:
    """The least room to an edge of a route along the whole flight.

    Attributes
    ----------
    value_m
        Metres between the airspace around the flight and the edge; negative: beyond it.
    time
        When the flight is there, for the first time.
    lon_deg, lat_deg
        Where it is then.
    """

    value_m: float
    time: datetime
    lon_deg: float
    lat_deg: float


@dataclass(frozen=True, slots=True)
class Departure:
    """A longest stretch of the flight in which it does not keep to the route in one way.

    Attributes
    ----------
    kind
        In what way.
    period
        From leaving the route to being back.
    lon_deg, lat_deg
        Where it leaves.
    excursion_m
        How far beyond the edge it comes at most; ``None`` of hours and direction, which have none.
    """

    kind: DepartureKind
    period: TimeInterval
    lon_deg: float
    lat_deg: float
    excursion_m: float | None


@dataclass(frozen=True, slots=True)
class RouteKeeping:
    """How a flight keeps to the route that it states, the airspace around it included.

    Attributes
    ----------
    source
        Where the route comes from.
    identifier
        Of the corridor, or the number that the plan gives its route; ``None`` where it has none.
    name
        Name of the route by language, ``zh`` and ``en``.
    is_certain
        Whether the route is the one prescribed: the plan states it, or the corridor was typed from
        a publication. Any other corridor only shows where one flies, and decides nothing.
    keeps
        Whether the whole flight keeps to the route; unknown where its height there is not known,
        and of an area that is not wholly in it.
    lateral
        Least margin to the sides; ``None`` of an area.
    vertical
        Least margin to floor and ceiling where it is on the route; ``None`` where the route has
        neither, the heights are not known, or the flight is nowhere on the route.
    is_height_known
        Whether its height is known wherever it is on the route and the route has a limit.
    departures
        In order of time.

    Examples
    --------
    >>> from datetime import UTC
    >>> at = datetime(2026, 6, 1, 2, tzinfo=UTC)
    >>> keeping = RouteKeeping(
    ...     RouteSource.CORRIDOR, "HELVH", {"zh": "VH航线", "en": "Track VH"}, False, Truth.TRUE,
    ...     RouteMargin(120.0, at, 114.2, 22.6), RouteMargin(35.0, at, 114.3, 22.6), True, ())
    >>> keeping.least_margin_m
    35.0
    """

    source: RouteSource
    identifier: str | None
    name: Mapping[str, str]
    is_certain: bool
    keeps: Truth
    lateral: RouteMargin | None
    vertical: RouteMargin | None
    is_height_known: bool
    departures: tuple[Departure, ...]

    @property
    def least(self) -> RouteMargin | None:
        """The least margin of all; ``None`` where what is not known could be less and decide."""
        known = [margin for margin in (self.lateral, self.vertical) if margin is not None]
        least = min(known, key=lambda margin: margin.value_m, default=None)
        settled = least is not None and (self.is_height_known or least.value_m < 0.0)
        return least if settled else None

    @property
    def least_margin_m(self) -> float | None:
        """Metres of the least margin, negative where the flight leaves the route."""
        return None if self.least is None else self.least.value_m

    @property
    def deciding_place(self) -> FactPlace | None:
        """Where it goes farthest off the route, or, keeping to it, comes nearest to an edge.

        A departure without a distance counts where there is no other.
        """
        worst = max(self.departures, key=lambda d: d.excursion_m or 0.0, default=None)
        if worst is not None:
            return FactPlace(self.name, worst.lon_deg, worst.lat_deg, worst.period)
        if self.least is None:
            return None
        moment = TimeInterval(self.least.time, self.least.time)
        return FactPlace(self.name, self.least.lon_deg, self.least.lat_deg, moment)
