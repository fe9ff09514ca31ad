"""Ports of entry: landing sites at which a flight may be checked in or out across the boundary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lowalt.airspace.containment import Containment, place_in
from lowalt.airspace.landmarks import Site
from lowalt.airspace.shapes import Circle
from lowalt.airspace.volumes import Volume3D
from lowalt.errors import InvalidInputError
from lowalt.temporal import Schedule
from lowalt.terms import CrossingPort, PortCheckKind

_GREATEST_RADIUS_M = 10_000.0
"""The largest airports are some 5 km from their middle to their ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortCheck:
    """A check that a port holds, and what its authority is told beforehand.

    It is for reference. What a flight must do is said by the provisions of the law.

    Parameters
    ----------
    kind
        What is checked.
    authority
        Who checks, by language.
    notice
        What it is told, and when, by language; empty where that was not read.
    citation
        Where that is laid down.
    """

    kind: PortCheckKind
    authority: Mapping[str, str]
    notice: Mapping[str, str] = field(default_factory=dict)
    citation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Port(Site):
    """A landing site that is a port of entry.

    Parameters
    ----------
    port
        Which port it is, in the words of a flight plan.
    radius_m
        How far round its point counts as the port.
    opened_on
        Day from which helicopters may use it as a port; ``None`` if that is not known.
    hours
        When it is open; ``None`` where no hours are published.
    helicopters
        Whether it has the function of a helicopter port; ``None`` if that is not known.
    checks
        The checks it holds.

    Raises
    ------
    GeometryError
        If it is no place on earth.
    InvalidInputError
        If its radius is none that a port has.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> shekou = next(p for p in load_airspace().ports if p.port is CrossingPort.SHEKOU)
    >>> shekou.opened_on.isoformat(), shekou.hours
    ('2025-11-06', None)
    """

    port: CrossingPort
    radius_m: float
    opened_on: date | None = None
    hours: Schedule | None = None
    helicopters: bool | None = None
    checks: tuple[PortCheck, ...] = ()

    def __post_init__(self) -> None:
        Site.__post_init__(self)
        if not 0.0 < self.radius_m <= _GREATEST_RADIUS_M:
            raise InvalidInputError(
                f"{self.label}: radius {self.radius_m} m: expected metres, more than 0 and at most"
                f" {_GREATEST_RADIUS_M:.0f}"
            )

    def containment(self, *, lon_deg: float, lat_deg: float) -> Containment:
        """Tell whether a place belongs to the port, as far as its point is known.

        Raises
        ------
        InvalidInputError
            If that is no place on earth.
        """
        return place_in(
            Volume3D.of(Circle(self.lon_deg, self.lat_deg, self.radius_m)),
            lon_deg=lon_deg,
            lat_deg=lat_deg,
            uncertainty_m=self.uncertainty_m,
        )
