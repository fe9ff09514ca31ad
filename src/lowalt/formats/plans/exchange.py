"""What readers of plan formats give and take.

No format of routes says all that a plan must say. A reader hands over what its file says, as a
:class:`Draft` in the shape of a plan document; what the file leaves open it is told, as
:class:`Told`, or takes from the operator's profile, and what stays open stays unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from lowalt.errors import InvalidInputError, NaiveDatetimeError, Problem
from lowalt.flights import FlightPlan
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.profile import OperatorProfile
from lowalt.levels import Level, VerticalReference


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a file does not say, by whoever reads it; nothing has a default that could be wrong.

    Parameters
    ----------
    departure
        When the flight begins, for files without times.
    level
        Level of the whole route, for files without heights.
    elevation_reference
        What bare elevations are measured from, as GPX has them.
    profile
        What the operator says of every flight, and of how its files are to be read.
    """

    departure: datetime | None = None
    level: Level | None = None
    elevation_reference: VerticalReference | None = None
    profile: OperatorProfile = field(default_factory=OperatorProfile)

    def __post_init__(self) -> None:
        if self.departure is not None and self.departure.tzinfo is None:
            raise NaiveDatetimeError(
                f"departure {self.departure.isoformat()}: a time needs its offset, such as +08:00"
            )


class Need(Enum):
    """What a plan cannot do without, by what is called for, and how to give it."""

    DEPARTURE = ("departure", "say when it begins: --departure TIME")
    LEVEL = ("height", 'say how high it flies, and above what: --height "120 m AGL"')
    DATUM = ("datum", "say the datum of its coordinates: datum under [reading] in --operator FILE")
    BUFFER = (
        "route_buffer_m",
        (
            "say the half-width of its airspace: --buffer M, or buffer_m under [route] in"
            " --operator FILE"
        ),
    )
    ELEVATION_REFERENCE = (
        "elevation",
        (
            "say what its elevations are measured from: gpx_elevation under [reading] in"
            " --operator FILE, AMSL or HAE"
        ),
    )
    RETURN_HEIGHT = (
        "return height",
        "an autopilot's setting: return_height_ato_m under [route] in --operator FILE",
    )
    UNLIMITED_LOITER = (
        "end of a loiter",
        "say how long it stays: unlimited_loiter_s under [route] in --operator FILE",
    )
    CRUISE = ("speed", "say it: cruise_m_s under [performance] in --operator FILE")
    CLIMB = ("rate of climb", "say it: climb_m_s under [performance] in --operator FILE")
    DESCENT = ("rate of descent", "say it: descent_m_s under [performance] in --operator FILE")
    LOITER_RADIUS = (
        "radius of a loiter",
        "an autopilot's setting: loiter_radius_m under [performance] in --operator FILE",
    )

    @property
    def problem(self) -> Problem:
        """How a refusal tells it."""
        what, remedy = self.value
        return Problem(what, "nothing", remedy)


def refuse_missing(needs: Iterable[Need], *, name: str) -> None:
    """Refuse a file for all that it leaves open at once; do nothing if that is nothing.

    Parameters
    ----------
    needs
        What is neither in the file nor told.
    name
        The file or the plan, for the message.

    Raises
    ------
    InvalidInputError
        If there is any; ``problems`` has each once.

    Examples
    --------
    >>> refuse_missing([Need.DEPARTURE, Need.BUFFER], name="survey.plan")
    Traceback (most recent call last):
    ...
    lowalt.errors.InvalidInputError: survey.plan: it leaves open what a plan must say
      departure: given nothing; say when it begins: --departure TIME
      route_buffer_m: given nothing; say the half-width of its airspace: --buffer M, or buffer_m ...
    """
    missing = set(needs)
    if missing:
        raise InvalidInputError(
            f"{name}: it leaves open what a plan must say",
            problems=[need.problem for need in Need if need in missing],
        )


def kept(error: InvalidInputError) -> InvalidInputError:
    """Make a refusal one that can be kept: it forgets where in the code it was raised.

    Otherwise it would keep all alive that was being read there.

    Examples
    --------
    >>> try:
    ...     refuse_missing([Need.BUFFER], name="survey.plan")
    ... except InvalidInputError as error:
    ...     print(kept(error).__traceback__)
    None
    """
    error.__traceback__ = error.__context__ = None
    return error


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan as far as its file says it.

    Parameters
    ----------
    document
        A part of a plan document: keys as in the published schema, values as
        :func:`~lowalt.flights.parse_plan` takes them. It always has ``plan_id``.
    losses
        What of the file is not in it, or was read in a way that the reader should know of.
    least_buffer_m
        Half-width of airspace that its turns and curves need: a narrower buffer, whoever states
        it, is widened to this when the draft is completed.
    height_is_open
        Whether nobody knows how far from its levels the flight may be in height: then no
        half-height of its airspace is taken from the profile, and its true height stays unknown.
    aircraft_name
        Which aircraft of the operator's fleet flies, where the file says so by other than its
        model. Of one that the fleet has not, nothing is known.
    """

    document: Mapping[str, Any]
    losses: tuple[Loss, ...] = ()
    least_buffer_m: float = 0.0
    height_is_open: bool = False
    aircraft_name: str | None = None


@dataclass(frozen=True, slots=True)
class PlanReading:
    """Plans read from a file, and what of the file is not in them.

    Parameters
    ----------
    plans
        In the order of the file.
    losses
        What of the file is not in them, and what was taken from the profile.
    refused
        Why other plans of the file could not be read.
    """

    plans: tuple[FlightPlan, ...]
    losses: tuple[Loss, ...] = ()
    refused: tuple[InvalidInputError, ...] = ()
