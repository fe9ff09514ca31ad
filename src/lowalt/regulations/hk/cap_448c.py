"""Our reading of Cap. 448C, Hong Kong's order on aircraft in general."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.model import Effect, Parameters


@reading("above_small", effect=Effect.REQUIRES_APPROVAL)
def large_unmanned_aircraft_permitted(p: Parameters) -> Norm:
    """Unmanned aircraft above the small ones fly with a permission."""
    large = F.takeoff_mass_g > p.above_small.takeoff_mass
    return when(F.is_unmanned & large).must(F.holds_cad_permission)
