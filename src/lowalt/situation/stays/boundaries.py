"""The edges of many regions, laid out to be searched together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from lowalt.airspace.regions import Region
from lowalt.paths import BoolArray, Bounds, ComplexArray, IntArray
from lowalt.situation.stays.cells import Cells
from lowalt.terrain import FloatArray


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The edges of many regions, in runs of neighbours with a box round each.

    Attributes
    ----------
    regions, bounds, has_interior
        The regions, their boxes, ``(R, 4)``, and whether they hold more than what is near an edge,
        ``(R,)``.
    edges
        Both ends of each edge, ``(E, 2)``, as x + iy.
    places, by_m
        A place on some edge of each region, and how far the region reaches beyond its edges,
        ``(R,)`` each.
    first, count, owner
        Number of each run's first edge, of its edges, and of its region, ``(K,)`` each.
    boxes, cells, tree
        West, south, east and north of each run, ``(K, 4)``, and a coarse and an exact index.
    """

    regions: tuple[Region, ...]
    bounds: FloatArray
    has_interior: BoolArray
    edges: ComplexArray
    places: ComplexArray
    by_m: FloatArray
    first: IntArray
    count: IntArray
    owner: IntArray
    boxes: FloatArray
    cells: Cells
    tree: shapely.STRtree

    @classmethod
    def of(cls, regions: Sequence[Region], *, within: Bounds) -> Boundaries:
        """Put the boundaries of some regions together, as far as they reach into a box.

        None of the regions may be empty.
        """
        edges = [np.empty((0, 2), np.complex128), *(region.edges for region in regions)]
        before = np.cumsum([len(own) for own in edges])
        runs = [np.append(r.runs, len(r.edges)) + n for r, n in zip(regions, before, strict=False)]
        owner = np.repeat(np.arange(len(regions)), [len(run) - 1 for run in runs])
        boxes = np.vstack([np.empty((0, 4)), *(region.boxes for region in regions)])
        west, south, east, north = within
        near = (boxes[:, 0] <= east) & (boxes[:, 1] <= north)
        near &= (boxes[:, 2] >= west) & (boxes[:, 3] >= south)
        drawn = np.concatenate([np.empty(0, np.object_), *(r.drawn_boxes for r in regions)])
        return cls(
            regions=tuple(regions),
            bounds=np.array([region.bounds for region in regions]).reshape(-1, 4),
            has_interior=np.array([region.has_interior for region in regions], dtype=np.bool_),
            edges=np.vstack(edges),
            places=np.array([region.edges[0, 0] for region in regions], dtype=np.complex128),
            by_m=np.array([region.by_m for region in regions]),
            first=_column([run[:-1] for run in runs])[near],
            count=_column([np.diff(run) for run in runs])[near],
            owner=owner[near],
            boxes=boxes[near],
            cells=Cells(np.clip(boxes[near], (west, south) * 2, (east, north) * 2)),
            tree=shapely.STRtree(drawn[near]),
        )


def _column(parts: Sequence[IntArray]) -> IntArray:
    return np.concatenate((np.empty(0, dtype=np.int64), *parts))
