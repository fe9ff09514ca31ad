"""Plans as KML files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from lowalt.flights import FlightPlan
from lowalt.formats.exchange import Loss, Written
from lowalt.formats.kml.figures import MODES, NAMESPACE, ON_GROUND
from lowalt.formats.plans.kml.drawing import GOOGLE, draw, mode_of_route, moment
from lowalt.formats.plans.kml.own import add_own
from lowalt.levels import VerticalReference

# XML has no way to spell these.
_UNSPEAKABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LINE_COLOUR: Final = "ffd08030"  # alpha, blue, green, red
_FILL_COLOUR: Final = "40d08030"


def write(plans: Sequence[FlightPlan]) -> Written:
    """Write plans as KML, each a placemark that carries the whole plan.

    Routes are tracks that Google Earth plays in time, areas are polygons.

    Parameters
    ----------
    plans
        The plans.

    Returns
    -------
    Written
        A KML document. Nothing is lost to who reads it with lowalt; other programs see where and
        when at best.

    Examples
    --------
    >>> from lowalt.flights import parse_plan
    >>> from lowalt.formats.plans.exchange import Told
    >>> from lowalt.formats.plans.kml import read
    >>> plan = parse_plan('''{
    ...     "plan_id": "p", "datum": "WGS84", "route_buffer_m": 20, "waypoints": [
    ...     {"lon_deg": 113.95, "lat_deg": 22.54, "level": {"value_m": 0, "reference": "AGL"},
    ...      "time": "2026-06-10T10:00:00+08:00"},
    ...     {"lon_deg": 113.96, "lat_deg": 22.54, "level": {"value_m": 90, "reference": "AGL"},
    ...      "time": "2026-06-10T10:02:00+08:00"}]}''')
    >>> written = write([plan])
    >>> (draft,) = read(written.content, name="p.kml", told=Told())
    >>> parse_plan(draft.document) == plan
    True
    """
    root = Element("kml", {"xmlns": NAMESPACE, "xmlns:gx": GOOGLE})
    document = SubElement(root, "Document")
    style = SubElement(document, "Style", {"id": "flight"})
    line = SubElement(style, "LineStyle")
    SubElement(line, "color").text = _LINE_COLOUR
    SubElement(line, "width").text = "2"
    SubElement(SubElement(style, "PolyStyle"), "color").text = _FILL_COLOUR
    losses: list[Loss] = []
    for plan in plans:
        _add_placemark(document, plan)
        losses.extend(_losses(plan))
    return Written(tostring(root, encoding="utf-8", xml_declaration=True), tuple(losses))


def _add_placemark(document: Element, plan: FlightPlan) -> None:
    placemark = SubElement(document, "Placemark")
    SubElement(placemark, "name").text = _UNSPEAKABLE.sub("\ufffd", plan.plan_id)
    span = SubElement(placemark, "TimeSpan")
    SubElement(span, "begin").text = moment(plan.departure)
    SubElement(span, "end").text = moment(plan.arrival)
    SubElement(placemark, "styleUrl").text = "#flight"
    add_own(placemark, plan)
    draw(placemark, plan)


def _losses(plan: FlightPlan) -> Iterator[Loss]:
    """Say what other programs do not see of a plan in its figure."""

    def lost(what: str, how: str) -> Loss:
        return Loss(plan.plan_id, what, how)

    yield lost("facts", "all but where and when stands in ExtendedData")
    if plan.waypoints is not None:
        yield lost("buffer", "the track is drawn without the airspace around it")
        if mode_of_route(plan.waypoints) == ON_GROUND:
            yield lost("reference", "KML cannot say what its heights are measured from: not drawn")
        return
    area = plan.operating_area
    assert area is not None
    if area.circle is not None:
        yield lost("circle", "drawn as a polygon around it")
    if area.ceiling.reference not in MODES:
        yield lost("reference", "KML cannot say what its ceiling is measured from: not drawn")
    elif area.floor.reference is not VerticalReference.AGL or area.floor.value_m:
        yield lost("floor", f"{area.floor}: only the ceiling is drawn")
