"""Our reading of GB 46750-2025, identification of unmanned aircraft in operation."""

from __future__ import annotations

from lowalt.regulations.authoring import WHOLE_INSTRUMENT, F, Norm, reading, unclear, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters


def _covered() -> Condition:
    return F.is_at_most_medium | unclear(
        zh="该大型无人机是否仅在民航管制空域内飞行且通信导航监视完备",
        en="whether the large aircraft stays in civil controlled airspace with full CNS",
    )


@reading("sec_1", waives=(WHOLE_INSTRUMENT,))
def indoors(_: Parameters) -> Norm:
    """Indoors the standard is silent."""
    return when(F.is_indoor)


@reading("sec_5_1_1", effect=Effect.PROHIBITS)
def identifies_both_ways(_: Parameters) -> Norm:
    """Aircraft identify themselves by broadcast and over the network."""
    return when(_covered()).must(F.has_broadcast_identification & F.has_network_identification)


@reading("sec_5_1_2", effect=Effect.PROHIBITS)
def cannot_be_switched_off(_: Parameters) -> Norm:
    """Nobody can switch the identification off."""
    return when(_covered()).must(~F.identification_can_be_switched_off)


@reading("sec_5_1_3", effect=Effect.PROHIBITS)
def identifies_often(p: Parameters) -> Norm:
    """Identification is sent often enough."""
    often = F.identification_interval_ms <= p.sec_5_1_3.interval
    return when(_covered()).must(often)


@reading("sec_5_1_10", effect=Effect.PROHIBITS)
def not_by_adsb(_: Parameters) -> Norm:
    """ADS-B is for manned aviation."""
    return when(_covered()).must(~F.identifies_by_adsb)


@reading("sec_9", waives=("sec_5_1_2", "sec_5_1_3"))
def retrofitted_in_part(p: Parameters) -> Norm:
    """Retrofitted aircraft that were in use before conform in part for a while."""
    in_use = F.built_on < p.sec_9.in_use_before
    lasts = (F.departure_on < p.sec_9.surely_until) | unclear(
        zh="改装产品的36个月宽限期从何日起算",
        en="from which day the 36 months of relief for retrofitted aircraft run",
    )
    return when(F.identification_is_retrofitted & in_use & lasts)
