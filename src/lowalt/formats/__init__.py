"""Airspace in the formats that others use: one module a format, one pair of functions for all."""

from lowalt.formats.exchange import Loss, Origin, Reading, Written

__all__ = ["Loss", "Origin", "Reading", "Written"]
