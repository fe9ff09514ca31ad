"""Colours and dashes of a picture: what is asked, how sure it is, whose law it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from lowalt.airspace import FeatureStatus, Restriction
from lowalt.terms import Jurisdiction
from lowalt.verdicts import Decision

INK, GREY = "#222222", "#8a8f94"
CORRIDOR, DEPARTURE, GROUND = "#2e7d5b", "#d81b60", "#8d6e4f"

RESTRICTIONS: Mapping[Restriction, str] = MappingProxyType(
    {
        Restriction.PROHIBITED: "#c0392b",
        Restriction.REQ_AUTHORIZATION: "#d9822b",
        Restriction.CONDITIONAL: "#b8a012",
        Restriction.NO_RESTRICTION: "#5d8aa8",
    }
)
DASHES: Mapping[FeatureStatus, Literal["-", "--", ":"]] = MappingProxyType(
    {
        FeatureStatus.AUTHORITATIVE: "-",
        FeatureStatus.DERIVED: "--",
        FeatureStatus.ILLUSTRATIVE: ":",
    }
)
JURISDICTIONS: Mapping[Jurisdiction, str] = MappingProxyType(
    {
        Jurisdiction.MAINLAND: "#1f5fa8",
        Jurisdiction.HONG_KONG: "#a8324e",
        Jurisdiction.MACAO: "#2f8f83",
    }
)
FLIGHTS = ("#1f5fa8", "#a8324e", "#6a3d9a", "#2f8f83", "#8c5a00", "#444444")
FLIGHT_DASHES = ("-", (0, (6, 2)), (0, (2, 1.5)))
"""Of several flights on one picture; they are used again where there are more. Dashes let flights
be seen that follow one another."""

DECISIONS: Mapping[Decision, str] = MappingProxyType(
    {
        Decision.PERMITTED: "#2e7d32",
        Decision.FILING_REQUIRED: "#9a6a00",
        Decision.CONFIRMATION_REQUIRED: "#9a6a00",
        Decision.APPROVAL_REQUIRED: "#b3541e",
        Decision.PROHIBITED: "#b71c1c",
        Decision.INDETERMINATE: "#5d5d5d",
    }
)


MOST_NAMED = 6
"""Flights of one picture that are named; the rest are counted."""


def flight_style(number: int) -> dict[str, Any]:
    """Line of a flight among several, by its number."""
    return {
        "color": FLIGHTS[number % len(FLIGHTS)],
        "linestyle": FLIGHT_DASHES[number % len(FLIGHT_DASHES)],
        "linewidth": 1.8,
    }
