"""Our reading of ASTM F3548-21, the standard of UTM service suppliers."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, must, reading
from lowalt.regulations.model import Effect, Parameters


@reading("max_plan_horizon", effect=Effect.ADVISES)
def not_too_early(p: Parameters) -> Norm:
    """Nobody plans a season ahead."""
    return must(F.departure_at <= F.submitted_at.shifted(p.max_plan_horizon.horizon))


@reading("max_vertices", effect=Effect.ADVISES)
def not_too_detailed(p: Parameters) -> Norm:
    """Plans are drawn with a bounded number of corners."""
    return must(F.vertex_count <= p.max_vertices.vertices)
