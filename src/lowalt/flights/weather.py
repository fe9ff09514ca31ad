"""The weather expected along a flight: as plain values, and as the reports of aerodromes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from pydantic import Field, model_validator

from lowalt.errors import InvalidInputError, Problem
from lowalt.flights.documents import (
    Document,
    ElevationMetres,
    Metres,
    Moment,
    Text,
    fact,
    refuse,
)
from lowalt.weather import AerodromeReport, read_report


class WeatherReport(Document):
    """A METAR, SPECI or TAF, and the part of the flight for which it stands.

    It stands for what is flown under the jurisdiction in which its aerodrome lies, no farther than
    50 km from there. Of an aerodrome that the airspace dataset does not know it stands for nothing.
    """

    text: Text = Field(
        description="The report as it was issued; days of the month are those nearest to the"
        " departure."
    )
    start: Moment | None = fact(
        "When the part of the flight begins for which it stands; the departure if left out."
    )
    end: Moment | None = fact("When that part ends; the arrival if left out.")
    aerodrome_elevation_amsl_m: ElevationMetres | None = fact(
        "Elevation of the aerodrome above mean sea level, metres: the report counts cloud from"
        " there. Sea level stands for it if left out."
    )

    @model_validator(mode="after")
    def _right_way_round(self) -> Self:
        if self.start is not None and self.end is not None and self.end <= self.start:
            given = f"{self.end.isoformat()}, not after the start {self.start.isoformat()}"
            refuse([Problem("end", given, "exchange the two, or correct one")])
        return self

    def read(self, *, departure: datetime) -> AerodromeReport:
        """Read the text; it was read before, when the plan was."""
        return read_report(self.text, near=departure)


class Weather(Document):
    """The weather expected along the flight; plain values count on every leg."""

    visibility_m: Metres | None = fact("Least flight visibility expected, metres.")
    cloud_base_agl_m: Metres | None = fact(
        "Height of the lowest cloud base above ground, metres; 20000 where no cloud is expected."
    )
    cloud_distance_m: Metres | None = fact(
        "Least horizontal distance from cloud, metres; 100000 where no cloud is expected."
    )
    reports: tuple[WeatherReport, ...] | None = fact(
        "Reports of aerodromes, each of which stands for what is flown under the jurisdiction in"
        " which its aerodrome lies and within 50 km of it. On each leg the worst that its reports"
        " and the plain values say counts, and what its reports leave open is unknown.",
        max_length=100,
    )
    highest_ground_amsl_m: ElevationMetres | None = fact(
        "Elevation of the highest ground below the flight above mean sea level, metres; asked with"
        " reports, which count cloud from their aerodromes and not from the ground below the"
        " flight."
    )
    meets_commander_minima: bool | None = fact(
        "Whether it is expected to stay at or above the minima of the aircraft's commander."
    )
    surface_stays_in_sight: bool | None = fact(
        "Whether the whole flight can stay clear of cloud with the surface in sight."
    )


def refuse_unreadable(reports: Sequence[WeatherReport], *, departure: datetime) -> None:
    """Fail the validation of a plan's weather if a report cannot be read, naming every fault."""
    problems = []
    for number, report in enumerate(reports):
        try:
            report.read(departure=departure)
        except InvalidInputError as error:
            where = f"reports[{number}].text"
            problems += [Problem(where, p.given, p.expected) for p in error.problems]
    if problems:
        refuse(problems)
