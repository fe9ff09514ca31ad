"""What only manned aircraft state: crew, fuel, and what general aviation files."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from lowalt.errors import Problem
from lowalt.flights.documents import (
    Count,
    Day,
    Document,
    ElevationMetres,
    Metres,
    Seconds,
    Text,
    fact,
    refuse,
)
from lowalt.flights.people import HeldDocument
from lowalt.terms import PerformanceClass


class _Period(HeldDocument):
    """Something used from a first day to a last one, both included."""

    first_day: Day | None = fact("First day of use.")
    last_day: Day | None = fact("Last day of use.")

    @model_validator(mode="after")
    def _right_way_round(self) -> Self:
        first, last = self.first_day, self.last_day
        if first is not None and last is not None and last < first:
            given = f"{last.isoformat()}, before the first day {first.isoformat()}"
            refuse([Problem("last_day", given, "exchange the two, or correct one")])
        return self


class TemporaryAirspace(_Period):
    """Temporary flight airspace (临时飞行空域) asked for, for this flight among others."""

    requested_on: Day | None = fact("Day on which it was asked for.")


class ShortTermPlan(_Period):
    """A short-term plan (短期飞行计划) asked for together with the temporary airspace."""


class OverWater(HeldDocument):
    """Flight over water, and what is on board for it; held false where there is none."""

    performance_class: PerformanceClass | None = fact(
        "Performance class in which the helicopter is flown."
    )
    max_time_from_land_s: Seconds | None = fact(
        "Greatest flight time from land at cruising speed, seconds."
    )
    within_autorotation_distance: bool | None = fact(
        "Whether it stays within autorotation distance of land."
    )
    life_jackets: bool | None = fact(
        "Whether there is a life jacket, or the like, within reach of everybody on board."
    )


class MannedFlight(Document):
    """What a manned flight (a helicopter) states beside what every plan does."""

    helicopter: bool | None = fact("Whether the aircraft is a helicopter or other rotorcraft.")
    visual_flight: bool | None = fact("Whether it is flown by visual flight rules throughout.")
    commander: Text | None = fact("Name of the commander.")
    call_sign: Text | None = fact("Call sign or code of the commander.")
    crew_count: Count | None = fact("Number of crew members, the commander included.")
    transponder_code: Text | None = fact("Code of the secondary-radar transponder.")

    public_air_transport: bool | None = fact(
        "Whether it is public air transport (公共航空运输), to which general-aviation rules do not"
        " speak; asked of commercial flights."
    )
    anti_smuggling: bool | None = fact(
        "Whether customs fly it against smuggling (海关缉私飞行); asked of customs."
    )
    business_flight: bool | None = fact(
        "Whether it is a business flight (公务飞行); asked of flights into or out of China."
    )
    crosses_national_airspace: bool | None = fact(
        "Whether it enters or leaves the airspace of China; Hong Kong and Macao lie inside."
    )
    beyond_coast_line: bool | None = fact(
        "Whether it goes beyond the line of the territorial sea or coast (领海（海岸）线)."
    )
    distance_to_land_border_m: Metres | None = fact(
        "Least distance to a national land border or line of actual control, metres; the boundary"
        " with Hong Kong or Macao is none."
    )
    task_requested_on: Day | None = fact("Day on which the task approval was asked for.")

    temporary_airspace: TemporaryAirspace | None = fact(
        "Temporary airspace it uses; held false where it uses none."
    )
    short_term_plan: ShortTermPlan | None = fact(
        "Short-term plan it is flown under; held false where there is none."
    )
    temporary_route: bool | None = fact(
        "Whether it is a transfer flight along a temporary route (临时航线转场飞行)."
    )

    overflies_city: bool | None = fact("Whether it passes over a city.")
    city_overflight_needed: bool | None = fact(
        "Whether take-off, landing or an assigned route require passing over the city."
    )
    clears_city_in_emergency: bool | None = fact(
        "Whether it is high enough to leave the city in an emergency without danger below."
    )
    city_overflight_approved: bool | None = fact(
        "Whether passing over the city is approved by the procedure the state lays down."
    )
    min_height_over_population_m: Metres | None = fact(
        "Least true height over densely populated areas, take-off and landing apart, metres."
    )
    dropping_for_safety: bool | None = fact(
        "Whether flight safety alone makes the dropping necessary."
    )

    max_altitude_amsl_m: ElevationMetres | None = fact(
        "Greatest altitude above mean sea level, metres; asked of visual flights above 300 m."
    )
    over_water: OverWater | None = fact("Flight over water; held false where there is none.")

    fuel_endurance_s: Seconds | None = fact(
        "How long the fuel lasts at cruise, wind and forecast considered, seconds."
    )
    route_time_s: Seconds | None = fact("Flight time to the first point of landing, seconds.")

    foreign_aircraft_approved: bool | None = fact(
        "Whether the foreign aircraft is approved to fly into, out of or within China."
    )
    carries_between_mainland_points: bool | None = fact(
        "Whether people or goods are carried for hire between two points of the Mainland; asked of"
        " foreign aircraft."
    )
