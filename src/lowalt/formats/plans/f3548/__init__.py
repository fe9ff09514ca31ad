"""Operational intents of ASTM F3548-21: volumes that a flight stays in, each for a time.

An operational intent says where a flight may be, never by which way it goes. Read, it is a plan
with an operating area; written, a plan is covered with volumes and everything else of it stays
here: nobody is told through it who flies, with what, or why.
"""

from lowalt.formats.plans.f3548.reading import read
from lowalt.formats.plans.f3548.writing import write

__all__ = ["read", "write"]
