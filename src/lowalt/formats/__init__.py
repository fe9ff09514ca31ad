"""Airspace in the formats that others use: one module a format, one pair of functions for all."""

from lowalt.formats.exchange import Loss, Origin, Reading, Written
from lowalt.formats.files import (
    FORMATS,
    Format,
    format_of,
    read_airspace,
    read_features,
    write_features,
)

__all__ = [
    "FORMATS",
    "Format",
    "Loss",
    "Origin",
    "Reading",
    "Written",
    "format_of",
    "read_airspace",
    "read_features",
    "write_features",
]
