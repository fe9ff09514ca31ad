"""Our reading of the frontier health and quarantine law, in article order."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.model import Effect, Parameters


@reading("art_22", effect=Effect.REQUIRES_APPROVAL)
def biological_material_approved(_: Parameters) -> Norm:
    """Blood and its like cross with the approval of customs, medicines apart."""
    material = F.carries_biological_material & ~F.biological_material_is_medicine
    return when(F.crosses_boundary & material).must(F.has_quarantine_approval)
