"""Our reading of CCAR-91, the general operating rules, as far as they were read."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import Jurisdiction
from lowalt.vocabulary import Scope


def _visual_here() -> Condition:
    """Whether a leg is flown by sight under this law."""
    return F.jurisdiction.in_(Jurisdiction.MAINLAND) & F.is_visual_flight


@reading("art_91_155__b__aeroplane", scope=Scope.LEG, effect=Effect.PROHIBITS)
def aeroplane_has_visibility(p: Parameters) -> Norm:
    """Aeroplanes in visual flight have the least visibility."""
    least = p.art_91_155__b__aeroplane.visibility
    return when(_visual_here() & ~F.is_helicopter).must(F.visibility_mm >= least)


@reading("art_91_155__b__clear_of_cloud", effect=Effect.PROHIBITS)
def clear_of_cloud(_: Parameters) -> Norm:
    """Visual flights stay out of cloud and see the surface."""
    return when(F.is_visual_flight).must(F.stays_clear_of_cloud)


@reading("art_91_155__higher", scope=Scope.LEG, effect=Effect.PROHIBITS)
def visibility_and_cloud_higher_up(p: Parameters) -> Norm:
    """Above the low levels visual flights see far and keep off the clouds."""
    limits = p.art_91_155__higher
    above = (F.max_true_height_mm > limits.low_height) & (
        F.highest_altitude_mm > limits.low_altitude
    )
    minima = (
        (F.visibility_mm >= limits.visibility)
        & (F.cloud_distance_mm >= limits.cloud_distance)
        & (F.cloud_clearance_mm >= limits.cloud_clearance)
    )
    return when(_visual_here() & above).must(minima)


@reading("art_91_155__highest", scope=Scope.LEG, effect=Effect.PROHIBITS)
def visibility_at_the_top(p: Parameters) -> Norm:
    """High visual flights see farther still."""
    limits = p.art_91_155__highest
    above = (F.max_true_height_mm > p.art_91_155__higher.low_height) & (
        F.highest_altitude_mm >= limits.altitude
    )
    return when(_visual_here() & above).must(F.visibility_mm >= limits.visibility)
