"""The smallest changes that make a plan pass, each judged again before it is offered."""

from lowalt.remedy.offers import Kind, Remedy
from lowalt.remedy.search import remedies

__all__ = ["Kind", "Remedy", "remedies"]
