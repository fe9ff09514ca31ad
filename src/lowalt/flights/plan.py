"""The flight plan: everything an operator says about one flight."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationInfo,
    field_validator,
)

from lowalt.errors import Problem
from lowalt.flights.aircraft import Aircraft
from lowalt.flights.crossing import Crossing
from lowalt.flights.documents import Document, ElevationMetres, Metres, Text, fact, refuse
from lowalt.flights.hong_kong import HongKong
from lowalt.flights.macao import Macao
from lowalt.flights.manned import MannedFlight
from lowalt.flights.mission import (
    Approval,
    Communication,
    EmergencyPlan,
    Mission,
    Payload,
    SpecialOperations,
    Submission,
)
from lowalt.flights.people import Operator, Pilot
from lowalt.flights.places import (
    OperatingArea,
    Site,
    Waypoint,
    check_route,
    refuse_elsewhere,
)
from lowalt.flights.weather import Weather, refuse_unreadable
from lowalt.markup import Said, html_table

BEIJING = timezone(timedelta(hours=8))
"""The time of all three jurisdictions."""


class Datum(StrEnum):
    """Horizontal datum of every coordinate in a plan; the two differ by centimetres."""

    WGS84 = "WGS84"
    CGCS2000 = "CGCS2000"


Waypoints = Annotated[
    tuple[Waypoint, ...], Field(max_length=1_000_000, json_schema_extra={"minItems": 2})
]

_ONE_SHAPE: list[JsonValue] = [
    {
        "required": ["waypoints", "route_buffer_m"],
        "properties": {"waypoints": {"type": "array"}, "route_buffer_m": {"type": "number"}},
    },
    {
        "required": ["operating_area"],
        "properties": {"operating_area": {"not": {"type": "null"}}},
    },
]


class FlightPlan(Document):
    """One flight, as its operator states it.

    Required are an identifier, the datum, and either waypoints with a buffer or an operating area.
    Everything else is a fact that may be unknown: absent or ``null`` means unknown, and an empty
    list means none. :func:`parse_plan` and :func:`read_plan` report faults as
    :class:`~lowalt.errors.InvalidInputError`; building a plan from its parts raises pydantic's own
    ``ValidationError``, like theirs a ``ValueError``.

    Examples
    --------
    >>> from lowalt.flights import parse_plan
    >>> plan = parse_plan('''{
    ...     "plan_id": "blood-1", "datum": "WGS84",
    ...     "operating_area": {
    ...         "circle": {"lon_deg": 114.05, "lat_deg": 22.54, "radius_m": 200},
    ...         "floor": {"value_m": 0, "reference": "AGL"},
    ...         "ceiling": {"value_m": 100, "reference": "AGL"},
    ...         "start": "2026-03-01T09:00:00+08:00", "end": "2026-03-01T09:20:00+08:00"
    ...     }
    ... }''')
    >>> plan.departure.isoformat()
    '2026-03-01T09:00:00+08:00'
    >>> plan.aircraft is None  # not stated, therefore not known
    True
    """

    model_config = ConfigDict(
        json_schema_extra={
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "oneOf": _ONE_SHAPE,
        }
    )

    plan_id: Text = Field(description="Identifier of the plan, unique among those judged together.")
    datum: Datum = Field(
        description="Datum of all coordinates; GCJ02 and BD09 must be converted first."
    )
    coordinates_checked: bool = Field(
        default=False,
        description="The operator asserts that the coordinates are not GCJ02, however they look.",
    )

    waypoints: Annotated[Waypoints | None, AfterValidator(check_route)] = fact(
        "The route in 4D, times strictly increasing."
    )
    operating_area: OperatingArea | None = fact(
        "The volume and period instead of a route.", validate_default=True
    )
    route_buffer_m: Metres | None = fact(
        "Half-width of the airspace around the route, metres; required with waypoints.",
        validate_default=True,
    )
    vertical_buffer_m: Metres | None = fact(
        "Half-height of the airspace around the route, metres; only with waypoints."
    )
    take_off_elevation_amsl_m: ElevationMetres | None = fact(
        "Elevation of the take-off point above mean sea level, metres."
    )
    departure_site: Site | None = fact("Where it takes off.")
    landing_site: Site | None = fact("Where it lands.")
    alternate_sites: tuple[Site, ...] | None = fact(
        "Where it may land instead; an empty list means none are planned."
    )
    entry_exit_method: Text | None = fact("How it enters and leaves the airspace.")

    operator: Operator | None = fact("Who answers for the flight.")
    pilots: tuple[Pilot, ...] | None = fact("Who is at the controls.")
    aircraft: Aircraft | None = fact("What flies.")
    mission: Mission | None = fact("What the flight is for and how it is flown.")
    payload: Payload | None = fact("What is on board.")
    special_operations: SpecialOperations | None = fact(
        "The five ways of flying that take an exemption away."
    )
    approvals: tuple[Approval, ...] | None = fact(
        "Approvals already held; an empty list means none."
    )
    submission: Submission | None = fact("What was filed and reported, and when.")
    communication: Communication | None = fact("Links and surveillance.")
    emergency_plan: EmergencyPlan | None = fact("What happens when something fails.")
    special_support: Text | None = fact("Special support asked of the authorities.")
    other_data: Text | None = fact(
        "Other data that national rules ask for (art. 27(13)); say so where none are asked for."
    )
    weather: Weather | None = fact("The weather expected.")
    manned: MannedFlight | None = fact("What only a manned flight states.")
    crossing: Crossing | None = fact("Ports, notices and permits of a flight over the boundary.")
    hong_kong: HongKong | None = fact("What a flight in Hong Kong states.")
    macao: Macao | None = fact("What a flight in Macao states.")

    @field_validator("operating_area")
    @classmethod
    def _route_or_area(
        cls, area: OperatingArea | None, info: ValidationInfo
    ) -> OperatingArea | None:
        # A field that failed is not in info.data, which tells "faulty" from "absent".
        if "waypoints" in info.data and (area is None) == (info.data["waypoints"] is None):
            given = "neither waypoints nor" if area is None else "both waypoints and"
            expected = "a plan has exactly one of waypoints and operating_area"
            refuse([Problem("", f"{given} operating_area", expected)])
        return area

    @field_validator("route_buffer_m", "vertical_buffer_m")
    @classmethod
    def _buffer_of_a_route(cls, buffer_m: float | None, info: ValidationInfo) -> float | None:
        if "waypoints" not in info.data or "operating_area" not in info.data:
            return buffer_m
        has_route = info.data["waypoints"] is not None
        if has_route and buffer_m is None and info.field_name == "route_buffer_m":
            expected = "waypoints need the half-width of their airspace in metres, 0 or more"
            refuse([Problem("", "nothing", expected)])
        if not has_route and buffer_m is not None:
            expected = "a buffer belongs to waypoints: widen the area itself and remove the buffer"
            refuse([Problem("", f"{buffer_m:g} beside an operating area", expected)])
        return buffer_m

    @field_validator("special_operations")
    @classmethod
    def _agrees_with_payload(
        cls, special: SpecialOperations | None, info: ValidationInfo
    ) -> SpecialOperations | None:
        payload = info.data.get("payload")
        stated = None if special is None else special.dangerous_goods_or_dropping
        if payload is None or stated is None:
            return special
        carried = {name: getattr(payload, name) for name in ("dangerous_goods", "drops_objects")}
        if stated and set(carried.values()) == {False}:
            expected = "payload.dangerous_goods and drops_objects are false, so one is wrong"
            refuse([Problem("dangerous_goods_or_dropping", "true", expected)])
        for name, value in carried.items():
            if value and not stated:
                expected = f"payload.{name} is true, so one of the two is wrong"
                refuse([Problem("dangerous_goods_or_dropping", "false", expected)])
        return special

    @field_validator("departure_site", "landing_site")
    @classmethod
    def _is_where_the_route_is(cls, site: Site | None, info: ValidationInfo) -> Site | None:
        waypoints = info.data.get("waypoints")
        if site is not None and waypoints:
            departs = info.field_name == "departure_site"
            refuse_elsewhere(site, waypoints[0] if departs else waypoints[-1], departs=departs)
        return site

    @field_validator("weather")
    @classmethod
    def _reports_are_readable(cls, weather: Weather | None, info: ValidationInfo) -> Weather | None:
        waypoints, area = info.data.get("waypoints"), info.data.get("operating_area")
        departure = waypoints[0].time if waypoints else area.start if area else None
        if weather is not None and weather.reports and departure is not None:
            refuse_unreadable(weather.reports, departure=departure)
        return weather

    @property
    def departure(self) -> datetime:
        """First time of the plan, in UTC+8, so that its date is the date of the law."""
        if self.waypoints is not None:
            return self.waypoints[0].time.astimezone(BEIJING)
        assert self.operating_area is not None
        return self.operating_area.start.astimezone(BEIJING)

    @property
    def arrival(self) -> datetime:
        """Last time of the plan, in UTC+8."""
        if self.waypoints is not None:
            return self.waypoints[-1].time.astimezone(BEIJING)
        assert self.operating_area is not None
        return self.operating_area.end.astimezone(BEIJING)

    @property
    def digest(self) -> str:
        """SHA-256 of :func:`canonical_json`, in hexadecimal."""
        return hashlib.sha256(canonical_json(self)).hexdigest()

    def _repr_html_(self) -> str:
        """Show in a notebook when and where it flies, and what it leaves unknown."""
        aircraft, mission = self.aircraft, self.mission
        unknown = [
            name
            for name in type(self).model_fields
            if name not in {"waypoints", "operating_area"} and getattr(self, name) is None
        ]
        rows: list[tuple[Said, Said]] = [
            (
                {"zh": "起止", "en": "from, to"},
                f"{self.departure:%Y-%m-%d %H:%M:%S} – {self.arrival:%Y-%m-%d %H:%M:%S} UTC+8",
            ),
            ({"zh": "航迹", "en": "shape"}, self._shape()),
            (
                {"zh": "航空器", "en": "aircraft"},
                "" if aircraft is None or aircraft.model is None else aircraft.model,
            ),
            (
                {"zh": "任务", "en": "mission"},
                ""
                if mission is None or mission.kind is None
                else {"zh": mission.kind.zh, "en": mission.kind.en},
            ),
            ({"zh": "未说明", "en": "not stated"}, ", ".join(unknown)),
        ]
        return html_table(self.plan_id, (), [row for row in rows if row[1]])

    def _shape(self) -> Said:
        if self.waypoints is None:
            return {"zh": "占用一片区域", "en": "holds an area"}
        count, buffer = len(self.waypoints), f"{self.route_buffer_m:g} m"
        return {"zh": f"{count} 个航路点，±{buffer}", "en": f"{count} waypoints, ± {buffer}"}


def canonical_json(plan: FlightPlan) -> bytes:
    """Write a plan in the one form that equal plans share, for records and digests.

    Keys are sorted, nothing unknown is written, and times are in UTC+8; numbers take the shortest
    form that reads back as the same number.

    Parameters
    ----------
    plan
        Any plan.

    Returns
    -------
    bytes
        UTF-8 JSON without white space; :func:`parse_plan` reads an equal plan from it.
    """
    document = _canonical(plan.model_dump(exclude_none=True))
    text = json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode()


def _canonical(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_canonical(item) for item in value]
    if isinstance(value, float):
        return value + 0.0  # a negative zero equals zero, so it is written as zero
    if isinstance(value, datetime):
        return value.astimezone(BEIJING).isoformat()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value
