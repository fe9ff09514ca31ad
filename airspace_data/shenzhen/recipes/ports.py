"""Ports of entry of the Mainland, Hong Kong and Macao that helicopters use, or may use."""

from __future__ import annotations

from collections.abc import Iterator

from airspace_data.shenzhen.recipes.facts import Facts, local_time, read
from airspace_data.shenzhen.recipes.sites import placed

from lowalt.airspace.geojson.members import read_word
from lowalt.airspace.ports import Port, PortCheck
from lowalt.temporal import ALWAYS, OPEN_END, Schedule, TimeInterval
from lowalt.terms import CrossingPort, PortCheckKind


def features() -> Iterator[Port]:
    """Ports, each with the checks that were read of its place."""
    facts = read("ports")
    for group in facts["groups"]:
        checks = tuple(_check(check) for check in facts["checks"].get(group.get("checks"), ()))
        for identifier, port in group["ports"].items():
            yield _port(identifier, {**facts["shared"], **group, **port}, checks)


def _port(identifier: str, facts: Facts, checks: tuple[PortCheck, ...]) -> Port:
    opened_on = facts.get("opened_on")
    described = placed(identifier, facts)
    if opened_on is not None:  # a port counts as one from that day
        window = TimeInterval(local_time(opened_on), OPEN_END)
        described["schedule"] = Schedule.of([window])
    return Port(
        port=read_word(CrossingPort, facts, "port", where=identifier),
        radius_m=facts["radius_m"],
        opened_on=opened_on,
        hours=ALWAYS if facts.get("round_the_clock") else None,
        helicopters=facts.get("helicopters"),
        checks=checks,
        **described,
    )


def _check(facts: Facts) -> PortCheck:
    return PortCheck(
        kind=read_word(PortCheckKind, facts, "kind", where="checks"),
        authority=facts["authority"],
        notice=facts["notice"],
        citation=facts["citation"],
    )
