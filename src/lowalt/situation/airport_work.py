"""Whether a flight keeps to the control zone of a civil transport airport."""

from __future__ import annotations

from lowalt.situation.laying import Situation, lies_in_zone
from lowalt.terms import Jurisdiction, ZoneKind
from lowalt.truth import Truth


def is_in_airport_control_zone(situation: Situation) -> Truth:
    """Whether all the airspace of a flight lies in one control zone of the Mainland.

    Returns
    -------
    Truth
        Unknown where the dataset holds no such zone, or does not know its limits there.
    """
    airspace = situation.airspace
    if ZoneKind.AIRPORT_CONTROL_ZONE not in airspace.kinds:
        return Truth.UNKNOWN
    zones = [
        number
        for number, zone in enumerate(airspace.zones)
        if zone.kind is ZoneKind.AIRPORT_CONTROL_ZONE and zone.jurisdiction is Jurisdiction.MAINLAND
    ]
    if not zones:
        return Truth.UNKNOWN
    return Truth.any_of(lies_in_zone(situation.path, airspace, number) for number in zones)
