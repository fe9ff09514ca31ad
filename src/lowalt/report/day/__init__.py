"""A whole day on one page: a table that leads to each plan, a map, and how crowded it gets."""

from lowalt.report.day.page import day_page

__all__ = ["day_page"]
