"""What the form holds: the same classes judge what is read and what is written."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from lowalt.flights import Circle, Datum
from lowalt.flights.documents import Count, Document, ElevationMetres, Metres, Moment, Text, fact
from lowalt.flights.places import Position
from lowalt.terms import LicenceClass, MissionKind, Term, Urgency

FORMAT: Final = "lowalt/uom-uss-application"

BASIS: Final = {
    "zh": "民航行业标准 UOM-USS 接口（2026年征求意见稿）第9节；字段名称为 lowalt 自拟",
    "en": "MH/T draft for comment 2026, UOM-USS interface, section 9; field names are lowalt's own",
}


class PlanType(Term):
    """Type of an application, by the codes of the draft."""

    NORMAL = "11", "一般计划", "normal plan"
    URGENT = "12", "紧急计划", "urgent plan"
    SPECIALLY_URGENT = "13", "特别紧急计划", "specially urgent plan"
    LONG_TERM = "21", "长期计划", "long-term plan"
    ON_SITE = "31", "现场计划", "on-site plan"


TYPE_OF_URGENCY: Final = {
    Urgency.NORMAL: PlanType.NORMAL,
    Urgency.URGENT: PlanType.URGENT,
    Urgency.SPECIALLY_URGENT: PlanType.SPECIALLY_URGENT,
}

TASK_CODES: Final[dict[MissionKind, tuple[str, ...]]] = {
    MissionKind.MEDICAL_RESCUE: ("113",),
    MissionKind.FOREST_FIREFIGHTING: ("121",),
    MissionKind.FOREST_PATROL: ("121",),
    MissionKind.CITY_FIREFIGHTING: ("122",),
    MissionKind.MARINE_PATROL: ("127", "129"),
    MissionKind.PATROL: ("129",),
    MissionKind.DELIVERY: ("140",),
    MissionKind.BLOOD_TRANSPORT: ("113", "140"),
}
"""Codes that the draft may mean a mission by: 113 aeromedical, 121 forest protection, 122 city
fire, 127 marine monitoring, 129 patrol, 140 cargo. Its list is longer than what is known of it."""


class Task(Document):
    """What the flight is for."""

    code: Text | None = fact("Code of the draft, where it is known.")
    kind: MissionKind | None = fact("The mission in the words of plans.")
    name: dict[str, Text] | None = fact("Its name, by language.")


class Applicant(Document):
    """Who applies."""

    name: Text | None = fact("Name of the organisation or person.")
    certificate_number: Text | None = fact("Number of the operator certificate.")


class FormLicence(Document):
    """The licence of a pilot."""

    largest_class: LicenceClass = Field(description="Largest class it covers, or none.")
    number: Text | None = fact("Its number.")


class FormPilot(Document):
    """A person at the controls."""

    name: Text | None = fact("Name.")
    licence: FormLicence | None = fact("The licence.")


class FormAircraft(Document):
    """What flies."""

    registration_mark: Text | None = fact("Registration mark.")
    model: Text | None = fact("Maker and model.")
    serial_number: Text | None = fact("Serial number.")
    count: Count | None = fact("How many fly together.")


class _Volume(Document):
    bottom_true_height_m: ElevationMetres = Field(description="Lowest true height, metres.")
    top_true_height_m: Metres = Field(description="Greatest true height, metres.")


class PolygonVolume(_Volume):
    """Everything above a polygon, between two true heights."""

    shape: Literal["polygon"] = "polygon"
    polygon: tuple[Position, ...] = Field(description="Corners, once round.", max_length=100_000)


class CircleVolume(_Volume):
    """Everything above a circle, between two true heights."""

    shape: Literal["circle"] = "circle"
    circle: Circle = Field(description="Centre and radius.")


class LineVolume(_Volume):
    """Everything near a line, between two true heights."""

    shape: Literal["line_buffer"] = "line_buffer"
    line: tuple[Position, ...] = Field(description="The line.", min_length=2, max_length=1_000_000)
    width_m: Metres = Field(description="Width of the airspace, metres.")
    width_is: Literal["full"] = Field(
        description="From edge to edge; whether the draft means that or half of it is not known."
    )


FormVolume = Annotated[PolygonVolume | CircleVolume | LineVolume, Field(discriminator="shape")]


class Application(Document):
    """One application."""

    plan_id: Text = Field(description="Identifier of the plan.")
    plan_type: PlanType = Field(description="Type of the application.")
    task: Task = Field(description="What the flight is for.")
    special_flags: Annotated[str, Field(pattern=r"^[01]{5}$")] = Field(
        description="The five of article 31, in its order: relay by base station or internet,"
        " dangerous goods or dropping, over an assembled crowd, from a moving vehicle, distributed"
        " or swarm."
    )
    applicant: Applicant = Field(description="Who applies.")
    pilots: tuple[FormPilot, ...] | None = fact("Who is at the controls.")
    aircraft: FormAircraft = Field(description="What flies.")
    datum: Datum = Field(description="Datum of the coordinates.")
    start: Moment = Field(description="First moment, with the offset.")
    end: Moment = Field(description="End, with the offset.")
    volumes: tuple[FormVolume, ...] = Field(
        description="Where it flies; several are for long-term plans.", min_length=1
    )
    attachments_needed: tuple[Text, ...] = Field(description="What has to go with it.")
    unknown: tuple[Text, ...] = Field(description="Parts of the plan that nobody has stated.")


class Form(Document):
    """The file."""

    format: Literal["lowalt/uom-uss-application"] = Field(description="What it is.")
    status: Literal["draft"] = Field(description="That the interface is a draft.")
    basis: dict[str, Text] = Field(description="What it rests on, by language.")
    applications: tuple[Application, ...] = Field(description="One or more.", min_length=1)
