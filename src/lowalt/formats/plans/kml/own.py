"""Plans that placemarks of ours carry in their ``ExtendedData``, beside what is drawn of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from lowalt.documents import parse_json
from lowalt.errors import InvalidInputError, naming
from lowalt.flights import FlightPlan, canonical_json, parse_plan
from lowalt.formats.plans.exchange import Draft
from lowalt.formats.plans.kml.drawing import is_drawn_in
from lowalt.formats.plans.kml.tracks import local

_NAMESPACE: Final = "urn:lowalt:plan:1"


def add_own(placemark: Element, plan: FlightPlan) -> None:
    """Let a placemark carry its plan."""
    data = SubElement(placemark, "ExtendedData")
    element = SubElement(data, "plan", {"xmlns": _NAMESPACE})
    # Escaped to ASCII, no text of a plan can upset the XML round it.
    element.text = json.dumps(json.loads(canonical_json(plan)))


def own_plan(placemark: Element, *, where: str) -> Draft | None:
    """Return the plan that a placemark carries, if it does.

    Raises
    ------
    InvalidInputError
        If it cannot be read, or the figure beside it is not that of the plan: somebody changed one
        of the two.
    """
    data = next((child for child in placemark if local(child) == "ExtendedData"), None)
    element = None if data is None else data.find(f"{{{_NAMESPACE}}}plan")
    if element is None:
        return None
    document = parse_json((element.text or "").encode(), name=where)
    if not isinstance(document, Mapping):
        raise InvalidInputError(f"{where}: its element 'plan' holds no plan")
    with naming(where):
        plan = parse_plan(document)
    if not is_drawn_in(placemark, plan, where=where):
        raise InvalidInputError(
            f"{where}: its figure is not that of the plan in its ExtendedData: one of the two was"
            " changed; change both, or remove the element 'plan'"
        )
    return Draft(document)
