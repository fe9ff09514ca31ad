"""From what a file says to a plan: what it leaves open is the operator's to say, or unknown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

import shapely

from lowalt.errors import InvalidInputError, shown
from lowalt.flights import FlightPlan, parse_plan
from lowalt.flights.places import FARTHEST_SITE_M
from lowalt.formats.exchange import Loss
from lowalt.formats.plans.exchange import Draft, Need, refuse_missing
from lowalt.formats.plans.profile import OperatorProfile
from lowalt.geodesy import LocalFrame, geodesic_distance_m

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_SAME_PLACE_M = 100.0  # within an airfield, and farther than a receiver errs


def completed(
    draft: Draft, *, profile: OperatorProfile, name: str
) -> tuple[FlightPlan, tuple[Loss, ...]]:
    """Make a plan of a draft.

    What the draft says stands, key by key; what it leaves open is taken from the profile where
    that says it, lists as a whole. A site of the profile where the flight does not begin or end
    is left out.

    Parameters
    ----------
    draft
        What the file says.
    profile
        What the operator says of every flight.
    name
        The file, for messages.

    Returns
    -------
    plan : FlightPlan
        The plan.
    losses : tuple of Loss
        Those of the draft, and every key that was taken from the profile.

    Raises
    ------
    InvalidInputError
        If it is no plan; ``problems`` has every problem found.

    Examples
    --------
    >>> from lowalt.formats.plans.profile import parse_profile
    >>> area = {
    ...     "circle": {"lon_deg": 113.95, "lat_deg": 22.54, "radius_m": 200.0},
    ...     "floor": {"value_m": 0.0, "reference": "AGL"},
    ...     "ceiling": {"value_m": 100.0, "reference": "AGL"},
    ...     "start": "2026-06-10T10:00:00+08:00",
    ...     "end": "2026-06-10T10:20:00+08:00",
    ... }
    >>> draft = Draft({"plan_id": "p", "datum": "WGS84", "operating_area": area})
    >>> plan, losses = completed(
    ...     draft, profile=parse_profile(b"operator.kind = 'unit'"), name="area.json"
    ... )
    >>> print(plan.operator.kind, *losses)
    unit p: operator: taken from operator.toml
    """
    plan_id = draft.document.get("plan_id", name)
    plan_id = plan_id if isinstance(plan_id, str) else shown(plan_id)
    if _CONTROL.search(plan_id):  # printed, it could make a terminal show another decision
        raise InvalidInputError(
            f"{name}: plan_id: given {shown(plan_id)}, with a control character; expected a name"
            " that can be printed on a line"
        )
    where = name if plan_id == name else f"{name}: {plan_id}"
    source = profile.name or "the operator's profile"
    document = {key: value for key, value in draft.document.items() if value is not None}
    losses = list(draft.losses)
    taken = list(_take_rules(document, profile, where, height_is_open=draft.height_is_open))
    losses += _widen(document, draft.least_buffer_m, plan_id)
    sites, elsewhere = _sites(document, profile, plan_id)
    losses += elsewhere
    aircraft, others = _aircraft(draft, profile, plan_id)
    losses += others
    taken += _take(document, {**profile.document, "aircraft": aircraft, **sites})
    losses += [Loss(plan_id, key, f"taken from {source}") for key in taken]
    try:
        plan = parse_plan(document)
    except InvalidInputError as error:
        also = f", with what {source} says" if taken else ""
        count = len(error.problems)
        raise InvalidInputError(
            f"{where}: no plan{also}: {count} problem{'s' * (count != 1)}",
            problems=error.problems,
        ) from None
    return plan, tuple(losses)


def _take_rules(
    document: dict[str, Any], profile: OperatorProfile, where: str, *, height_is_open: bool
) -> Iterator[str]:
    """Take what a route file leaves out; refuse what then is still missing, all at once."""
    needs = []
    if "waypoints" in document:
        for key, value in (
            ("route_buffer_m", profile.route.buffer_m),
            ("vertical_buffer_m", None if height_is_open else profile.route.vertical_buffer_m),
        ):
            if key not in document and value is not None:
                document[key] = value
                yield key
        if "route_buffer_m" not in document:
            needs.append(Need.BUFFER)
    if "datum" not in document:
        if profile.reading.datum is None:
            needs.append(Need.DATUM)
        else:
            document["datum"] = profile.reading.datum
            yield "datum"
    refuse_missing(needs, name=where)


def _widen(document: dict[str, Any], least_m: float, plan_id: str) -> Iterator[Loss]:
    """Widen the airspace to what turns and curves need."""
    stated_m = document.get("route_buffer_m")
    if not isinstance(stated_m, (int, float)) or stated_m >= least_m:
        return
    document["route_buffer_m"] = wide_m = math.ceil(least_m * 10.0) / 10.0
    how = f"widened from {stated_m:g} m to {wide_m:g} m, which turns and curves need"
    yield Loss(plan_id, "route_buffer_m", how)


def _take(document: dict[str, Any], told: Mapping[str, Any], *, within: str = "") -> Iterator[str]:
    """Take what is not stated; tell the outermost keys taken."""
    for key, value in told.items():
        path = f"{within}.{key}" if within else key
        stated = document.get(key)
        if value is None:
            continue
        if stated is None:
            document[key] = value
            yield path
        elif isinstance(stated, Mapping) and isinstance(value, Mapping):
            document[key] = inner = dict(stated)
            yield from _take(inner, value, within=path)


# The aircraft

_NAMES = (
    *(("model",), ("serial_number",)),
    *(("registration", "mark"), ("registration", "nationality_mark")),
)
"""What tells an aircraft from others."""


def _aircraft(
    draft: Draft, profile: OperatorProfile, plan_id: str
) -> tuple[Mapping[str, Any] | None, list[Loss]]:
    """Give what the profile says of the aircraft that flies, and nothing of any other.

    Masses and papers of another aircraft would be taken for this one's.
    """
    usual, fleet = profile.document.get("aircraft"), profile.fleet
    whose = profile.name or "the operator's profile"
    if draft.aircraft_name is not None and draft.aircraft_name in fleet:
        return fleet[draft.aircraft_name], []
    names, usual_names = _names(draft.document.get("aircraft")), _names(usual)
    if draft.aircraft_name is None:
        if names.items() <= usual_names.items():
            return usual, []
        ours = [key for key, one in fleet.items() if names.items() <= _names(one).items()]
        if len(ours) == 1:
            how = f"{ours[0]!r} of the fleet in {whose}, the only one that is called so"
            return fleet[ours[0]], [Loss(plan_id, "aircraft", how)]
        if all(usual_names.get(path, name) == name for path, name in names.items()):
            return usual, []
    if usual is None:
        return None, []
    called = draft.aircraft_name or ", ".join(names.values())
    how = (
        f"the file is for {shown(called)}, which is not the usual one of {whose}: nothing is taken"
        " of that; add the one that flies under [fleet]"
    )
    return None, [Loss(plan_id, "aircraft", how)]


def _names(aircraft: Any) -> dict[tuple[str, ...], str]:
    """Read what an aircraft is called out of part of a document that nobody has judged yet."""
    found: dict[tuple[str, ...], str] = {}
    for path in _NAMES:
        value = aircraft
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, str) and value.strip():
            found[path] = " ".join(value.split()).casefold()
    return found


# Sites


def _sites(
    document: Mapping[str, Any], profile: OperatorProfile, plan_id: str
) -> tuple[dict[str, Any], list[Loss]]:
    """Give the profile's sites where this flight uses them, and tell of those where it does not."""
    sites: dict[str, Any] = {}
    losses = []
    for key, site, end in (
        ("departure_site", profile.departure_site, 0),
        ("landing_site", profile.landing_site, -1),
    ):
        if site is None:
            continue
        away_m = _away_m(site, document, key, end)
        farthest_m = _SAME_PLACE_M if _place(document.get(key)) else FARTHEST_SITE_M
        if away_m is not None and away_m > farthest_m:
            whose = profile.name or "the operator's profile"
            how = f"that of {whose} is {away_m / 1000.0:.1f} km away: left out"
            losses.append(Loss(plan_id, key, how))
            continue
        sites[key] = {name: value for name, value in site.items() if name != "elevation_amsl_m"}
        if key == "departure_site" and "elevation_amsl_m" in site:
            sites["take_off_elevation_amsl_m"] = site["elevation_amsl_m"]
    return sites, losses


def _place(at: Any) -> tuple[float, float] | None:
    """Read a place out of part of a document that nobody has judged yet."""
    if not isinstance(at, Mapping):
        return None
    lon_deg, lat_deg = at.get("lon_deg"), at.get("lat_deg")
    if not (_is_degrees(lon_deg, 180.0) and _is_degrees(lat_deg, 90.0)):
        return None
    return lon_deg, lat_deg


def _is_degrees(value: Any, most: float) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and abs(value) <= most


def _away_m(
    site: Mapping[str, Any], document: Mapping[str, Any], key: str, end: int
) -> float | None:
    """How far a site is from where the flight begins or ends; ``None`` if nobody says."""
    at = _place(site)
    if at is None:
        return None
    waypoints = document.get("waypoints")
    begins = waypoints[end] if isinstance(waypoints, (list, tuple)) and waypoints else None
    there = _place(document.get(key)) or _place(begins)
    if there is not None:
        return float(geodesic_distance_m([at], [there])[0])
    return _away_from_area_m(at, document.get("operating_area"))


def _away_from_area_m(at: tuple[float, float], area: Any) -> float | None:
    if not isinstance(area, Mapping):
        return None
    circle = area.get("circle") or {}
    centre = _place(circle)
    if centre is not None and isinstance(radius_m := circle.get("radius_m"), (int, float)):
        return max(0.0, float(geodesic_distance_m([at], [centre])[0]) - radius_m)
    try:
        frame = LocalFrame(at[0])
        ring = shapely.Polygon(frame.to_plane(area.get("polygon") or []))
        return float(shapely.distance(shapely.Point(frame.to_plane([at])[0]), ring))
    except (TypeError, ValueError, shapely.errors.ShapelyError):
        return None  # no polygon, which the plan's own rules will say
