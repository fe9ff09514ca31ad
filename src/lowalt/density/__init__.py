"""How crowded the sky is: flights present by cell, height band and time slot.

A geometry room beside :mod:`lowalt.situation` and :mod:`lowalt.conflicts`: it knows plans and
ground, and no law.
"""

from lowalt.density.counting import density_table
from lowalt.density.grid import Cell, Grid
from lowalt.density.table import Crowding, DensityTable

__all__ = ["Cell", "Crowding", "DensityTable", "Grid", "density_table"]
