"""Our reading of the opening of the Shekou port to helicopters."""

from __future__ import annotations

from lowalt.regulations.authoring import F, FactRef, Norm, reading, unclear, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Parameters
from lowalt.terms import CrossingPort

_REGULATION = "cn/border_inspection_regulation_1995"


@reading("opening__exit", waives=(f"{_REGULATION}#art_16__exit",))
def leaves_through_shekou(_: Parameters) -> Norm:
    """Helicopters may leave through Shekou."""
    return when(F.departs_from_mainland & _takes(F.exit_port) & ~F.exit_port_is_closed)


@reading("opening__entry", waives=(f"{_REGULATION}#art_16__entry",))
def enters_through_shekou(_: Parameters) -> Norm:
    """Helicopters may enter through Shekou."""
    return when(F.lands_on_mainland & _takes(F.entry_port) & ~F.entry_port_is_closed)


def _takes(port: FactRef) -> Condition:
    unmanned = F.is_unmanned & unclear(
        zh="蛇口口岸是否接受无人驾驶航空器出入境",
        en="whether the port of Shekou takes unmanned aircraft",
    )
    return F.crosses_boundary & port.in_(CrossingPort.SHEKOU) & (~F.is_unmanned | unmanned)
