"""Our reading of the border inspection regulation, in article order."""

from __future__ import annotations

from lowalt.regulations.authoring import F, FactRef, Norm, definition, reading, some, unclear, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Cited, Effect, Parameters
from lowalt.terms import CrossingPort, Jurisdiction
from lowalt.vocabulary import Scope

_PORTS_TO_ASK = (CrossingPort.JIUZHOU, CrossingPort.JINWAN, CrossingPort.OTHER_PORT)
"""Ports of the Mainland of which it is not known whether they take helicopters today."""


@reading("art_16__exit", effect=Effect.PROHIBITS)
def leaves_through_open_port(p: Parameters) -> Norm:
    """Flights leave the Mainland through an open port."""
    port = _is_open(F.exit_port, p.art_16__exit.baoan_opened_on) & ~F.exit_port_is_closed
    return when(F.crosses_boundary & F.departs_from_mainland).must(
        port | F.has_special_port_approval
    )


@reading("art_16__entry", effect=Effect.PROHIBITS)
def enters_through_open_port(p: Parameters) -> Norm:
    """Flights enter the Mainland through an open port."""
    port = _is_open(F.entry_port, p.art_16__entry.baoan_opened_on) & ~F.entry_port_is_closed
    return when(F.crosses_boundary & F.lands_on_mainland).must(port | F.has_special_port_approval)


def _is_open(port: FactRef, baoan_opened_on: Cited) -> Condition:
    """Whether a port takes such flights; a port opened by a notice of its own is left to that."""
    for_unmanned = unclear(
        zh="宝安口岸是否办理无人驾驶航空器出入境",
        en="whether the port of Bao'an takes unmanned aircraft",
    )
    baoan = port.in_(CrossingPort.BAOAN_AIRPORT) & (F.departure_on >= baoan_opened_on)
    baoan &= ~F.is_unmanned | for_unmanned
    other = port.in_(*_PORTS_TO_ASK) & unclear(
        zh="该口岸是否具有直升机等航空器出入境功能",
        en="whether the port is open to flights of this kind",
    )
    return baoan | other


@reading("art_16__hours", effect=Effect.ADVISES)
def hours_of_the_port_are_known(_: Parameters) -> Norm:
    """Whoever uses a port whose hours are not published asks for them."""
    no_port = CrossingPort.NO_PORT
    leaves = F.departs_from_mainland & ~F.exit_port.in_(no_port)
    enters = F.lands_on_mainland & ~F.entry_port.in_(no_port)
    return when(F.crosses_boundary & (leaves | enters)).must(
        (~leaves | F.exit_port_hours_are_known) & (~enters | F.entry_port_hours_are_known)
    )


@reading("art_17", effect=Effect.REQUIRES_FILING)
def border_inspection_told(_: Parameters) -> Norm:
    """Border inspection is told beforehand."""
    return when(_leaves_or_enters()).must(F.border_inspection_is_told)


def _leaves_or_enters() -> Condition:
    """Whether it crosses from or to a place of the Mainland; passing over is neither."""
    return F.crosses_boundary & (F.departs_from_mainland | F.lands_on_mainland)


@reading("art_17__lists", effect=Effect.REQUIRES_FILING)
def lists_declared(_: Parameters) -> Norm:
    """Whoever is on board is on a list."""
    on_board = ~F.is_unmanned | F.carries_people
    return when(_leaves_or_enters() & on_board).must(F.lists_are_declared)


@reading("art_19__route", effect=Effect.PROHIBITS)
def keeps_prescribed_route(_: Parameters) -> Norm:
    """Crossing flights keep to the prescribed route."""
    return when(_leaves_or_enters()).must(F.keeps_prescribed_route)


@reading("art_19__named_corridor", effect=Effect.ADVISES)
def follows_the_corridor_named(_: Parameters) -> Norm:
    """Flights that are stated to keep to the route agree with the map."""
    return when(_leaves_or_enters() & F.keeps_prescribed_route).must(~F.is_off_named_corridor)


@reading("art_19__standing_route", effect=Effect.ADVISES)
def follows_a_standing_route(_: Parameters) -> Norm:
    """Unmanned aircraft that cross without a standing route have one prescribed each time."""
    return when(_leaves_or_enters() & F.is_unmanned).must(F.names_standing_route)


@definition("art_45", term="crosses_boundary")
def crosses_boundary(_: Parameters) -> Condition:
    """Whoever is over the Mainland and over Hong Kong or Macao crosses."""
    here = F.jurisdiction.in_(Jurisdiction.MAINLAND)
    return some(Scope.LEG, here) & some(Scope.LEG, ~here)
