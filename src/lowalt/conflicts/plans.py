"""Flight plans as tracks: from degrees and mixed heights to metres in one plane, to a bound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike

from lowalt.conflicts.plane import MOST_ERROR_M, Plane, pair_error_m
from lowalt.conflicts.tracks import FloatArray, IntArray, T, TrackArray
from lowalt.errors import GeometryError, InvalidInputError, Problem
from lowalt.flights import FlightPlan
from lowalt.geodesy import BOUNDARY_TOLERANCE_M
from lowalt.levels import VerticalReference
from lowalt.paths import STEP_M, Paths, Routes, epoch_us, from_epoch_us

if TYPE_CHECKING:
    from lowalt.terrain import GeoidModel, TerrainModel

_AGL, _AMSL, _HAE, _ATO = (
    VerticalReference.AGL,
    VerticalReference.AMSL,
    VerticalReference.HAE,
    VerticalReference.ATO,
)
_NUMBER: Final = {reference: number for number, reference in enumerate(VerticalReference)}
