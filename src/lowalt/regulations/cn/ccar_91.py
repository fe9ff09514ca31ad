"""Our reading of CCAR-91, the general operating rules, as far as they were read."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.model import Effect, Parameters


@reading("art_91_155__b__aeroplane", effect=Effect.PROHIBITS)
def aeroplane_has_visibility(p: Parameters) -> Norm:
    """Aeroplanes in visual flight have the least visibility."""
    least = p.art_91_155__b__aeroplane.visibility
    return when(F.is_visual_flight & ~F.is_helicopter).must(F.visibility_mm >= least)


@reading("art_91_155__b__clear_of_cloud", effect=Effect.PROHIBITS)
def clear_of_cloud(_: Parameters) -> Norm:
    """Visual flights stay out of cloud and see the surface."""
    return when(F.is_visual_flight).must(F.stays_clear_of_cloud)
