"""Our reading of GB 46761-2025, registration and activation of unmanned aircraft."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, reading, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters


def _covered() -> Condition:
    return ~F.is_model_aircraft & ~F.is_public_body


@reading(
    "toys",
    waives=(
        "sec_5_2",
        "sec_8",
        "cn/order_761_2023#art_10__para_1",
        "cn/ap_45_01r6_2026#sec_4_6",
    ),
)
def toys_spared(p: Parameters) -> Norm:
    """Toys, as the standard delimits them, are neither registered nor activated."""
    limits = p.toys
    return when(
        F.is_flying_toy
        & (F.max_takeoff_mass_g < limits.max_takeoff_mass)
        & (F.capable_height_mm <= limits.height)
        & (F.capable_radius_mm <= limits.distance)
        & (F.capable_speed_mm_h <= limits.speed)
    )


@reading("sec_5_2", effect=Effect.PROHIBITS)
def new_aircraft_activated(p: Parameters) -> Norm:
    """Aircraft made or sold since are activated."""
    commencement = p.sec_5_2.commencement
    new = (F.built_on >= commencement) | (F.sold_on >= commencement)
    return when(new & _covered()).must(F.is_activated)


@reading("sec_8", effect=Effect.PROHIBITS)
def old_aircraft_activated(p: Parameters) -> Norm:
    """Old aircraft are activated too, once their time of grace is over."""
    return when((F.sold_on < p.sec_5_2.commencement) & _covered()).must(F.is_activated)
