"""Our reading of the border inspection regulation, in article order."""

from __future__ import annotations

from lowalt.regulations.authoring import F, FactRef, Norm, definition, reading, some, unclear, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Cited, Effect, Parameters
from lowalt.terms import CrossingPort, Jurisdiction
from lowalt.vocabulary import Scope


@reading("art_16__exit", effect=Effect.PROHIBITS)
def leaves_through_open_port(p: Parameters) -> Norm:
    """Flights leave the Mainland through an open port."""
    port = _is_open(F.exit_port, p.art_16__exit.baoan_opened_on)
    return when(F.crosses_boundary & F.departs_from_mainland).must(
        port | F.has_special_port_approval
    )


@reading("art_16__entry", effect=Effect.PROHIBITS)
def enters_through_open_port(p: Parameters) -> Norm:
    """Flights enter the Mainland through an open port."""
    port = _is_open(F.entry_port, p.art_16__entry.baoan_opened_on)
    return when(F.crosses_boundary & F.lands_on_mainland).must(port | F.has_special_port_approval)


def _is_open(port: FactRef, baoan_opened_on: Cited) -> Condition:
    """Whether a port takes such flights; a port opened by a notice of its own is left to that."""
    for_unmanned = unclear(
        zh="宝安口岸是否办理无人驾驶航空器出入境",
        en="whether the port of Bao'an takes unmanned aircraft",
    )
    baoan = port.in_(CrossingPort.BAOAN_AIRPORT) & (F.departure_on >= baoan_opened_on)
    baoan &= ~F.is_unmanned | for_unmanned
    other = port.in_(CrossingPort.OTHER_PORT) & unclear(
        zh="该口岸是否具有直升机等航空器出入境功能",
        en="whether the port is open to flights of this kind",
    )
    return baoan | other


@reading("art_17", effect=Effect.REQUIRES_FILING)
def border_inspection_told(_: Parameters) -> Norm:
    """Border inspection is told beforehand."""
    return when(F.crosses_boundary).must(F.border_inspection_is_told)


@reading("art_17__lists", effect=Effect.REQUIRES_FILING)
def lists_declared(_: Parameters) -> Norm:
    """Whoever is on board is on a list."""
    return when(F.crosses_boundary & (~F.is_unmanned | F.carries_people)).must(F.lists_are_declared)


@reading("art_19__route", effect=Effect.PROHIBITS)
def keeps_prescribed_route(_: Parameters) -> Norm:
    """Crossing flights keep to the prescribed route."""
    return when(F.crosses_boundary).must(F.keeps_prescribed_route)


@definition("art_45", term="crosses_boundary")
def crosses_boundary(_: Parameters) -> Condition:
    """Whoever is over the Mainland and over Hong Kong or Macao crosses."""
    here = F.jurisdiction.in_(Jurisdiction.MAINLAND)
    return some(Scope.LEG, here) & some(Scope.LEG, ~here)
