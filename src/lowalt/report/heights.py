"""Heights along a flight as drawings need them: its own, the ground's, and limits above it."""

from __future__ import annotations

import numpy as np

from lowalt.levels import Level, VerticalReference
from lowalt.report.scene import Scene
from lowalt.terrain import FloatArray


def own_levels(scene: Scene, reference: VerticalReference | None) -> tuple[FloatArray, FloatArray]:
    """Lowest and highest level at the vertices of a flight, ``(V,)`` each.

    Parameters
    ----------
    scene
        The flight.
    reference
        What they are measured from; ``None`` for the numbers of the plan, each above its own.
    """
    if reference is not None:
        return scene.heights(reference)
    plan = scene.plan
    if plan.waypoints is not None:
        # Vertices lie between waypoints: what is drawn are the waypoints' own numbers.
        start = plan.waypoints[0].time
        at = np.array([(w.time - start).total_seconds() for w in plan.waypoints])
        level = np.interp(scene.seconds, at, [w.level.value_m for w in plan.waypoints])
        return level, level
    assert plan.operating_area is not None  # a plan has exactly one of the two
    area = plan.operating_area
    return np.full(2, area.floor.value_m), np.full(2, area.ceiling.value_m)


def ground_m(scene: Scene, seconds: FloatArray, reference: VerticalReference | None) -> FloatArray:
    """Height of the ground below a flight at some moments, ``(N,)``; NaN where not known."""
    if reference is VerticalReference.AGL:
        return np.zeros(len(seconds))
    if scene.terrain is None or scene.path is None or reference is not VerticalReference.AMSL:
        return np.full(len(seconds), np.nan)
    return scene.terrain.elevation_amsl_m(scene.places(seconds))


def limit_m(
    level: Level | None, reference: VerticalReference, ground: FloatArray, *, open_m: float
) -> FloatArray:
    """Height of a limit above the places that a ground is of, ``(N,)``.

    Parameters
    ----------
    level
        The limit; ``None`` where there is none.
    reference
        What the heights are measured from.
    ground
        Height of the ground in that reference, ``(N,)``; NaN where not known.
    open_m
        Height that stands for none.

    Returns
    -------
    ndarray
        NaN where it is measured from something else and the ground does not tell.

    Examples
    --------
    >>> low_flight = Level(120.0, VerticalReference.AGL)
    >>> limit_m(low_flight, VerticalReference.AMSL, np.array([30.0, np.nan]), open_m=500.0)
    array([150.,  nan])
    """
    if level is None:
        return np.full(len(ground), open_m)
    if level.reference is reference:
        return np.full(len(ground), level.value_m)
    if level.reference is VerticalReference.AGL and reference is VerticalReference.AMSL:
        return ground + level.value_m
    return np.full(len(ground), np.nan)
