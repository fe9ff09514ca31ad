"""What a flight in Hong Kong states beside what every plan does."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from lowalt.flights.documents import (
    Day,
    Document,
    ElevationMetres,
    Metres,
    MetresPerSecond,
    Moment,
    fact,
)
from lowalt.flights.permissions import Permission
from lowalt.terms import AirspaceClass

HongKongDollars = Annotated[int, Field(ge=0, le=10**12, json_schema_extra={"unit": "HKD"})]


class LowFlying(Document):
    """How near a manned flight comes to what is below it, take-off and landing apart."""

    over_congested_area: bool | None = fact("Whether it passes over a congested area.")
    height_above_obstacles_m: Metres | None = fact(
        "Least height over a congested area above the highest fixed object within 600 m, metres."
    )
    clears_congested_area: bool | None = fact(
        "Whether it is high enough to come down clear of the congested area if an engine fails."
    )
    distance_to_people_or_structures_m: Metres | None = fact(
        "Least distance to any person, vessel, vehicle or structure, metres."
    )
    distance_to_crowd_m: Metres | None = fact(
        "Least distance to an open-air assembly of more than 1000 people, metres; 100000 where none"
        " is expected."
    )
    saves_life: bool | None = fact("Whether saving life makes it necessary to come nearer.")


class HongKong(Document):
    """Papers, permissions and clearances of Hong Kong."""

    a1_exemption: bool | None = fact(
        "Whether it flies under the exemption that lifts the height limit of category A1."
    )
    enclosed_area: bool | None = fact("Whether the whole flight is inside an enclosed area.")
    restricted_flying_zone: bool | None = fact(
        "Whether any part is inside a restricted flying zone of the department's drone map."
    )
    max_speed_m_s: MetresPerSecond | None = fact(
        "Greatest speed planned, m/s; what the waypoints ask for counts where it is more."
    )
    distance_to_uninvolved_m: Metres | None = fact(
        "Least lateral distance to people, structures, vehicles and vessels not involved, metres;"
        " 0 where it passes over any."
    )
    dimension_over_rotor_tips: bool | None = fact(
        "Whether the largest dimension of the aircraft is measured between rotor tips; asked of"
        " large ones."
    )
    cad_permission: Permission | None = fact(
        "Permission of the Civil Aviation Department for what is no standard operation."
    )
    registered: bool | None = fact("Whether the aircraft is registered with the department.")
    labelled: bool | None = fact("Whether the aircraft carries the department's label.")
    insurance_hkd: HongKongDollars | None = fact(
        "Sum of the third-party insurance, Hong Kong dollars; 0 where there is none."
    )
    flight_data_kept_until: Day | None = fact("Last day on which the data of the flight are kept.")
    flight_data_accessible: bool | None = fact(
        "Whether the data of the flight can be had in Hong Kong."
    )
    cap_448e_exception: bool | None = fact(
        "Whether an exception of the Flight Prohibition Order (Cap. 448E) covers the flight."
    )

    atc_clearance: bool | None = fact("Whether a manned flight holds its ATC clearance.")
    special_vfr_clearance: bool | None = fact(
        "Whether ATC has cleared it for special VFR in the control zone."
    )
    airspace_class: AirspaceClass | None = fact("Class of the airspace a manned flight uses.")
    max_altitude_amsl_m: ElevationMetres | None = fact(
        "Greatest altitude of a manned flight above mean sea level, metres."
    )
    cloud_distance_m: Metres | None = fact(
        "Least horizontal distance from cloud, metres; 100000 where no cloud is expected."
    )
    plan_filed_at: Moment | None = fact("When a manned flight filed its plan in Hong Kong.")
    low_flying: LowFlying | None = fact("How near a manned flight comes to what is below it.")
    macao_route: bool | None = fact(
        "Whether it uses a Hong Kong-Macao helicopter route; one that names such a corridor does."
    )
    macao_route_authorised: bool | None = fact(
        "Whether the Director-General has authorised its operator to use that route."
    )
