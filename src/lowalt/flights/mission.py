"""What the flight is for and how it is flown, as its operator states it."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from lowalt.errors import Problem
from lowalt.flights.documents import (
    Document,
    Kilograms,
    Megahertz,
    Metres,
    Moment,
    PerSquareKilometre,
    Text,
    fact,
    refuse,
)
from lowalt.flights.people import HeldDocument
from lowalt.flights.places import Area, LevelField, Site
from lowalt.flights.scenario import IsolatedArea, Scenario
from lowalt.terms import (
    AircraftClass,
    ApprovalKind,
    ControlArea,
    ControlMode,
    MissionKind,
    OrderingBody,
    Urgency,
)


class TaskOrder(HeldDocument):
    """The order that gives a task to the operator, such as a call of the 120 centre (任务指令)."""

    issued_by: OrderingBody | None = fact("Body that ordered the task.")
    issuer_name: Text | None = fact("Its name.")
    number: Text | None = fact("Number or reference of the order.")
    issued_at: Moment | None = fact("When it was given, with the offset.")
    valid_until: Moment | None = fact(
        "End of its validity, with the offset, for orders that stand for many flights; one that"
        " states none counts for 30 days."
    )
    mission: MissionKind | None = fact("What it orders.")

    @model_validator(mode="after")
    def _right_way_round(self) -> Self:
        if self.issued_at and self.valid_until and self.valid_until <= self.issued_at:
            given = f"{self.valid_until.isoformat()}, not after issued_at"
            refuse([Problem("valid_until", given, "an order is valid after it is given")])
        return self


class Mission(Document):
    """The task and the way of flying it."""

    kind: MissionKind | None = fact("What the flight is for.")
    urgency: Urgency | None = fact("How the task is filed (art. 29).")
    task_order: TaskOrder | None = fact(
        "The order that the task is flown on; asked of public tasks that are not the operator's own"
        " office, and of what is filed as urgent."
    )
    commercial: bool | None = fact("Whether it is flown for business (经营性).")
    is_public_welfare: bool | None = fact(
        "Whether it serves public welfare (公益); counts for public tasks that were given."
    )
    control_mode: ControlMode | None = fact("Whether the pilot keeps the aircraft in sight.")
    max_distance_from_pilot_m: Metres | None = fact(
        "Greatest distance between pilot and aircraft during the flight, metres."
    )
    control_area: ControlArea | None = fact(
        "How much of the map of flight-control zones it reaches over, which decides the approving"
        " unit (art. 28); asked of the operator where the airspace data hold no such map."
    )
    requests_fusion: bool | None = fact(
        "Whether it shares airspace with manned aircraft (融合飞行) instead of flying isolated."
    )
    with_own_manned_aircraft: bool | None = fact(
        "Whether the only manned aircraft it fuses with are those of the same police, customs or"
        " emergency-management body (art. 22)."
    )
    indoor: bool | None = fact("Whether the whole flight is indoors.")
    over_own_ground: bool | None = fact(
        "Whether police, customs or emergency management fly wholly over their own premises,"
        " training ground or range; where operator.own_grounds states these, their outlines"
        " decide."
    )
    over_farmland: bool | None = fact(
        "Whether it is wholly over farm, forest, pasture or fishery land."
    )
    over_dense_population: bool | None = fact(
        "Whether it passes over a densely populated area; CAAC guidance counts more than 300 people"
        " per square kilometre as dense."
    )
    population_density_per_km2: PerSquareKilometre | None = fact(
        "Greatest population density below, people per square kilometre."
    )
    airport_facility_work: bool | None = fact(
        "Whether it inspects, surveys or calibrates for a civil transport airport inside that"
        " airport's control zone (art. 31). Only a mission of such a kind does, and where the"
        " airspace data hold the control zone, its limits decide."
    )
    is_special_ga_task: bool | None = fact(
        "Whether the task is one of the general-aviation tasks that need a task approval document"
        " (通用航空特殊任务)."
    )
    international_ifr: bool | None = fact("Whether it is an international instrument flight.")
    low_visibility: bool | None = fact("Whether poor visibility is expected.")
    on_public_route: bool | None = fact("Whether it flies along a public route (公共航路).")
    shares_site: bool | None = fact("Whether operators share its take-off or landing site.")
    avoidance_measure: bool | None = fact(
        "Whether it has a measure to know other traffic and avoid it."
    )
    traffic_service: bool | None = fact("Whether a traffic-situation service is arranged.")
    separation_service: bool | None = fact("Whether a separation service is arranged.")
    flow_service: bool | None = fact("Whether flow management is accepted.")
    population_data_service: bool | None = fact(
        "Whether population-density information is obtained."
    )
    scenario: Scenario | None = fact("The standard scenario claimed; its kind none claims none.")
    isolated_area: IsolatedArea | None = fact("The isolated area used, if any.")


class Payload(Document):
    """What is on board."""

    description: Text | None = fact("What it is, in words.")
    mass_kg: Kilograms | None = fact("Mass of the payload, kg.")
    carries_people: bool | None = fact("Whether people are on board.")
    dangerous_goods: bool | None = fact("Whether dangerous goods are on board.")
    drops_objects: bool | None = fact("Whether anything is dropped or sprayed in flight.")
    carries_animals: bool | None = fact("Whether animals are on board.")
    biological_material: bool | None = fact(
        "Whether blood, tissue, organs, pathogens or biological products are on board."
    )


class SpecialOperations(Document):
    """The five ways of flying that take an exemption away (decree 761 art. 31)."""

    relay_by_base_station_or_internet: bool | None = fact(
        "Whether control or data are relayed by communication base stations or the internet"
        " (通过通信基站或者互联网进行无人驾驶航空器中继飞行)."
    )
    dangerous_goods_or_dropping: bool | None = fact(
        "Whether dangerous goods are carried or objects dropped (运载危险品或者投放物品);"
        " routine agricultural operation is excepted by the rule, not here."
    )
    over_assembled_crowd: bool | None = fact(
        "Whether the flight passes over an assembled crowd (飞越集会人群上空), which is not the"
        " same as a densely populated area."
    )
    from_moving_vehicle: bool | None = fact(
        "Whether the aircraft is controlled from a vehicle, vessel or other craft that moves"
        " (在移动的交通工具上操控)."
    )
    distributed_or_swarm: bool | None = fact(
        "Whether the operation is distributed or a swarm (分布式操作或者集群飞行)."
    )


class Approval(Document):
    """An approval that the operator holds; one that cannot be checked is refused."""

    kind: ApprovalKind = Field(description="What the approval is for.")
    number: Text = Field(description="Number under which the authority knows it.")
    authority: Text = Field(description="Who gave it.")
    valid_from: Moment = Field(description="First moment of validity, with the offset.")
    valid_until: Moment = Field(description="End of validity, with the offset.")
    area: Area | None = fact("Where it holds.")
    ceiling: LevelField | None = fact("Highest level that it allows.")
    largest_class: AircraftClass | None = fact(
        "Largest class of aircraft that it allows; asked of flight-activity approvals, single and"
        " long-term."
    )
    missions: tuple[MissionKind, ...] | None = fact(
        "Missions that it allows; an empty list allows none."
    )
    zones: tuple[Text, ...] | None = fact(
        "Identifiers of the zones that it names; an empty list names none."
    )

    @model_validator(mode="after")
    def _right_way_round(self) -> Self:
        if self.valid_until <= self.valid_from:
            given = (
                f"{self.valid_until.isoformat()}, not after valid_from"
                f" {self.valid_from.isoformat()}"
            )
            refuse([Problem("valid_until", given, "validity ends after it begins")])
        return self


class Submission(Document):
    """What was filed and reported, and when."""

    submitted_at: Moment | None = fact("When the application or filing was made.")
    answered_at: Moment | None = fact("When the authority answered.")
    readiness_reported_at: Moment | None = fact(
        "When take-off time and readiness were reported (art. 30)."
    )
    take_off_confirmed: bool | None = fact("Whether the authority confirmed the take-off.")
    periodic_filing_made: bool | None = fact(
        "Whether airport facility work was filed for the period (art. 31)."
    )


class Communication(Document):
    """Links with the aircraft and with air traffic management."""

    means: Text | None = fact("How the pilot and air traffic management reach each other.")
    phone: Text | None = fact("Telephone number during the flight.")
    c2_frequency_mhz: Megahertz | None = fact("Centre frequency of the control link, MHz.")
    c2_bandwidth_mhz: Megahertz | None = fact("Bandwidth of the control link, MHz.")
    navigation_means: Text | None = fact("Navigation capability.")
    surveillance_means: Text | None = fact("Surveillance capability.")
    surveillance_code_requested: bool | None = fact(
        "Whether a transponder or automatic-surveillance code is asked for."
    )


class EmergencyPlan(Document):
    """What happens when something fails."""

    landing_sites: tuple[Site, ...] | None = fact(
        "Emergency landing sites; an empty list means none are planned."
    )
    has_procedures: bool | None = fact("Whether emergency procedures are laid down.")
    procedures_reference: Text | None = fact("Where the procedures are written.")
