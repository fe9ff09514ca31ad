"""The functions that know the whole chain: from a plan and an airspace to a verdict."""

from lowalt.assessment.verdict import assess

__all__ = ["assess"]
