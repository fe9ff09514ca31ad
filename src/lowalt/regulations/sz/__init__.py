"""Readings of Shenzhen instruments."""
