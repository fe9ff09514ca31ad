"""Readings of Mainland instruments."""
