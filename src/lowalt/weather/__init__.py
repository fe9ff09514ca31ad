"""Weather of aerodromes, from the coded reports in which it is exchanged: METAR, SPECI and TAF."""

from lowalt.weather.reading import read_report
from lowalt.weather.reports import (
    CLEAR_M,
    AerodromeReport,
    Change,
    ReportKind,
    Sky,
    Spell,
    Worst,
    worst_during,
)

__all__ = [
    "CLEAR_M",
    "AerodromeReport",
    "Change",
    "ReportKind",
    "Sky",
    "Spell",
    "Worst",
    "read_report",
    "worst_during",
]
