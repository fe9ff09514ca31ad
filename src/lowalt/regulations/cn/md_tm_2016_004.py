"""Our reading of MD-TM-2016-004, on air traffic management for unmanned aircraft."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import ControlMode


@reading("arts_11_12", effect=Effect.ADVISES)
def isolated_area_has_room(p: Parameters) -> Norm:
    """Isolated areas lie well apart, and the aircraft well inside."""
    room = p.arts_11_12
    # Suitable airspace is not managed by civil ATM, so no area is set apart in it.
    set_apart = ~F.is_in_suitable_airspace & F.is_in_isolated_area
    return when(set_apart).must(
        (F.isolated_area_gap_mm >= room.horizontal_gap)
        & (F.isolated_area_vertical_gap_mm >= room.vertical_gap)
        & (F.isolated_area_margin_mm >= room.inner_margin)
    )


@reading("art_20", effect=Effect.ADVISES)
def sight_reaches_so_far(p: Parameters) -> Norm:
    """Nobody sees an aircraft well that is farther or higher."""
    near = F.max_distance_from_pilot_mm <= p.art_20.radius
    low = F.max_true_height_mm < p.art_20.height
    return when(F.control_mode.in_(ControlMode.VLOS)).must(near & low)
