"""Operating areas of flight plans as volumes, in the plane of tracks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lowalt.conflicts.plane import Plane
from lowalt.conflicts.plans import LACKING, measures_of
from lowalt.conflicts.tracks import TrackArray
from lowalt.conflicts.volumes import VolumeArray
from lowalt.errors import InvalidInputError, Problem
from lowalt.flights import FlightPlan
from lowalt.held_areas import HeldArea, area_outline
from lowalt.levels import Level, VerticalReference

if TYPE_CHECKING:
    from lowalt.terrain import GeoidModel, TerrainModel
