"""Plans out of DJI's route files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lowalt.errors import InvalidInputError
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.exchange import Draft, Told
from lowalt.formats.plans.identifiers import PlanIdentifiers
from lowalt.formats.plans.wpml.archive import unpack
from lowalt.formats.plans.wpml.elements import Reader, document_of
from lowalt.formats.plans.wpml.flights import draft_of
from lowalt.formats.plans.wpml.mission import home_in, mission_in
from lowalt.formats.plans.wpml.template import waylines_of_template
from lowalt.formats.plans.wpml.waylines import Wayline, waylines_in


def read(content: bytes, *, name: str, told: Told) -> tuple[Draft, ...]:
    """Read the flights of a DJI route, a package or one of its documents.

    Each line is a flight of its own, from take-off to how the mission ends; where there are
    several, each departs when the one before has arrived.

    Parameters
    ----------
    content
        The file's bytes.
    name
        What messages call the file; plans are called by it too.
    told
        The departure, which the format has no place for; speeds of climb and descent, the buffer,
        and the return height where the file does not say it.

    Raises
    ------
    InvalidInputError
        If the file is none, cannot be read, or leaves open what is not told either.

    Examples
    --------
    >>> from datetime import datetime
    >>> from lowalt.formats.plans.profile import OperatorProfile, Performance, RouteRules
    >>> content = b'''<kml xmlns="http://www.opengis.net/kml/2.2"
    ...     xmlns:wpml="http://www.dji.com/wpmz/1.0.6"><Document><wpml:missionConfig>
    ...     <wpml:flyToWaylineMode>safely</wpml:flyToWaylineMode>
    ...     <wpml:finishAction>noAction</wpml:finishAction>
    ...     <wpml:takeOffSecurityHeight>20</wpml:takeOffSecurityHeight></wpml:missionConfig>
    ...     <Folder><wpml:executeHeightMode>relativeToStartPoint</wpml:executeHeightMode>
    ...     <wpml:autoFlightSpeed>5</wpml:autoFlightSpeed>''' + b"".join(
    ...     b'''<Placemark><Point><coordinates>113.95,22.54%d</coordinates></Point>
    ...     <wpml:index>%d</wpml:index><wpml:executeHeight>80</wpml:executeHeight>
    ...     <wpml:waypointTurnParam><wpml:waypointTurnMode>toPointAndStopWithDiscontinuityCurvature
    ...     </wpml:waypointTurnMode></wpml:waypointTurnParam></Placemark>''' % (i, i)
    ...     for i in (0, 1)
    ... ) + b"</Folder></Document></kml>"
    >>> told = Told(
    ...     departure=datetime.fromisoformat("2026-06-10T10:00:00+08:00"),
    ...     profile=OperatorProfile(
    ...         route=RouteRules(buffer_m=20.0),
    ...         performance=Performance(climb_m_s=4.0, descent_m_s=3.0),
    ...     ),
    ... )
    >>> (draft,) = read(content, name="survey.wpml", told=told)
    >>> [(str(at["level"]), f"{at['time']:%H:%M:%S}") for at in draft.document["waypoints"]]
    [('80 m ATO', '10:00:00'), ('80 m ATO', '10:00:22')]
    """
    package = unpack(content, name=name)
    template = document_of(package.template, name=f"{name}: template.kml")
    document = document_of(package.waylines, name=name) or template
    assert document is not None  # a package has one of them
    mission = mission_in(document)
    home = home_in(template or document)
    identifiers = PlanIdentifiers(name)
    drafts: list[Draft] = []
    for wayline in _waylines(document):
        drafts.append(draft_of(wayline, mission, home, plan_id=identifiers.take(), told=told))
        told = replace(told, departure=drafts[-1].document["waypoints"][-1]["time"])
    if not drafts:
        raise InvalidInputError(f"{name}: no lines in it; expected a Folder with waypoints")
    return tuple(_with_losses(drafts, document.newer_version))


def _waylines(document: Reader) -> Iterator[Wayline]:
    """Lines of either document, whichever it is."""
    is_template = document.inside("Folder/templateType") is not None
    return waylines_of_template(document) if is_template else waylines_in(document)


def _with_losses(drafts: list[Draft], newer_version: str) -> Iterator[Draft]:
    """Tell with each plan what concerns the file, and that there are several."""
    for draft in drafts:
        plan_id = draft.document["plan_id"]
        own = []
        if newer_version:
            own.append(Loss(plan_id, "version", newer_version))
        if len(drafts) > 1:
            own.append(
                Loss(
                    plan_id,
                    "departure",
                    f"one of {len(drafts)} lines, read as flights one after another, each from"
                    " take-off to its end",
                )
            )
        yield replace(draft, losses=(*own, *draft.losses))
