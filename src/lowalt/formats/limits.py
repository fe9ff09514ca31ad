"""Limits as aeronautical publications state them: flight levels among them.

A flight level is a surface of equal pressure. Its altitude changes with the weather, so no number
of metres is right for it; but weather has its bounds, and between them it surely lies. A floor is
read at the lower bound and a ceiling at the upper one: the zone comes out too large, never too
small.

The standard atmosphere gives the pressure (ICAO Doc 7488); the hypsometric equation gives the
altitude of that pressure over any sea-level pressure and any mean temperature of the air between.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from lowalt.errors import InvalidInputError
from lowalt.formats.exchange import Loss
from lowalt.levels import Level, VerticalLayer, VerticalReference
from lowalt.units import METRES_PER_FOOT

METRES_PER_FLIGHT_LEVEL: Final = 100.0 * METRES_PER_FOOT

HIGHEST_LIMIT_M: Final = 100_000.0
"""No airspace is published above it; what claims to lie there is a slip of the pen."""

# Extremes on record (WMO Weather and Climate Extremes Archive): 870 hPa in typhoon Tip, October
# 1979; 1084.8 hPa at Tosontsengel, December 2001.
_LOWEST_SEA_LEVEL_HPA = 870.0
_HIGHEST_SEA_LEVEL_HPA = 1084.8

# No column of air from the sea up is on average colder or warmer: the coldest air ever measured at
# the ground had 184 K and warmer air above it, the hottest 330 K and colder air above it.
_COLDEST_K = 200.0
_WARMEST_K = 320.0

_METRES_PER_KELVIN = 287.05287 / 9.80665  # gas constant of dry air by gravity
_TROPOPAUSE_M = 11_000.0
_TROPOPAUSE_HPA = 226.3206
_STRATOSPHERE_SCALE_M = _METRES_PER_KELVIN * 216.65


@dataclass(frozen=True, slots=True)
class PressureAltitude:
    """A limit at a pressure: a flight level, or an altitude over 1013.25 hPa.

    Parameters
    ----------
    value_m
        Metres that an altimeter set to standard pressure shows there.
    """

    value_m: float

    def __str__(self) -> str:
        return f"FL{self.value_m / METRES_PER_FLIGHT_LEVEL:g}"

    @property
    def lowest_amsl_m(self) -> float:
        """The lowest altitude above mean sea level at which it can lie.

        Examples
        --------
        >>> round(PressureAltitude(3048.0).lowest_amsl_m)
        1299
        """
        ratio = math.log(_LOWEST_SEA_LEVEL_HPA / _standard_pressure_hpa(self.value_m))
        return _METRES_PER_KELVIN * (_COLDEST_K if ratio > 0.0 else _WARMEST_K) * ratio

    @property
    def highest_amsl_m(self) -> float:
        """The highest altitude above mean sea level at which it can lie.

        Examples
        --------
        >>> round(PressureAltitude(3048.0).highest_amsl_m)
        4146
        """
        ratio = math.log(_HIGHEST_SEA_LEVEL_HPA / _standard_pressure_hpa(self.value_m))
        return _METRES_PER_KELVIN * (_WARMEST_K if ratio > 0.0 else _COLDEST_K) * ratio


Limit = Level | PressureAltitude | None
"""A limit as published; ``None`` is the surface as a floor and no limit as a ceiling."""


def layer_between(
    floor: Limit, ceiling: Limit, *, feature: str
) -> tuple[VerticalLayer, tuple[Loss, ...]]:
    """Read two limits as a layer; limits of pressure make it larger.

    Parameters
    ----------
    floor, ceiling
        The limits.
    feature
        Identifier of the feature, for losses.

    Raises
    ------
    InvalidInputError
        If a limit is absurdly high or low, or the ceiling is below the floor.

    Examples
    --------
    >>> layer, losses = layer_between(None, PressureAltitude(3048.0), feature="TMA1")
    >>> print(layer)
    SFC - 4147 m AMSL
    >>> print(losses[0])
    TMA1: reference: ceiling FL100 moves with the air pressure: read as 4147 m AMSL, the highest ...
    """
    _require_sound(floor, ceiling)
    losses = []
    if isinstance(floor, PressureAltitude):
        # What can lie below the sea is no floor at all.
        lowest_m = math.floor(floor.lowest_amsl_m)
        lowest = Level(float(lowest_m), VerticalReference.AMSL) if lowest_m > 0 else None
        losses.append(_moved(f"floor {floor}", f"{lowest or 'the surface'}, the lowest", feature))
        floor = lowest
    if isinstance(ceiling, PressureAltitude):
        highest = Level(float(math.ceil(ceiling.highest_amsl_m)), VerticalReference.AMSL)
        losses.append(_moved(f"ceiling {ceiling}", f"{highest}, the highest", feature))
        ceiling = highest
    return VerticalLayer(floor, ceiling), tuple(losses)


def _require_sound(floor: Limit, ceiling: Limit) -> None:
    for end, limit in (("floor", floor), ("ceiling", ceiling)):
        if limit is not None and not abs(limit.value_m) <= HIGHEST_LIMIT_M:
            raise InvalidInputError(
                f"{end} at {limit.value_m:g} m: expected at most {HIGHEST_LIMIT_M:g} m; check its"
                " unit"
            )
    if (
        isinstance(floor, PressureAltitude)
        and isinstance(ceiling, PressureAltitude)
        and ceiling.value_m < floor.value_m
    ):
        raise InvalidInputError(f"from {floor} to {ceiling}: the ceiling lies below the floor")


def _moved(limit: str, bound: str, feature: str) -> Loss:
    return Loss(
        feature,
        "reference",
        f"{limit} moves with the air pressure: read as {bound} it can lie in any weather",
    )


def _standard_pressure_hpa(altitude_m: float) -> float:
    """Pressure of the standard atmosphere; above 20 km as if it grew no warmer there."""
    if altitude_m <= _TROPOPAUSE_M:
        return 1013.25 * float((1.0 - 0.0065 * altitude_m / 288.15) ** 5.255877)
    return _TROPOPAUSE_HPA * math.exp(-(altitude_m - _TROPOPAUSE_M) / _STRATOSPHERE_SCALE_M)
