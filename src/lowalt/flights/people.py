"""Who flies: the operator and the pilots of a flight-plan document."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from lowalt.errors import Problem
from lowalt.flights.documents import (
    CountryCode,
    Day,
    Document,
    Hours,
    Percent,
    Seconds,
    Text,
    fact,
    refuse,
)
from lowalt.flights.places import Area
from lowalt.terms import Capacity, LicenceClass, OperatorKind


class HeldDocument(Document):
    """Something a party holds or does not; ``null`` in its place means that this is not known."""

    held: bool = Field(description="Whether there is one at all.")

    @model_validator(mode="after")
    def _no_details_of_nothing(self) -> Self:
        details = sorted(
            name for name, value in self if name != "held" and value not in (None, False)
        )
        if not self.held and details:
            given = f"false, and yet {', '.join(details)}"
            refuse([Problem("held", given, "what is not held has no details; say which is right")])
        return self


class OperatorCertificate(HeldDocument):
    """The operator certificate (运营合格证) of decree 761 art. 11 and CCAR-92.603."""

    number: Text | None = fact("Number of the certificate.")
    issued_on: Day | None = fact("Day of issue.")
    valid_until: Day | None = fact("Last day of validity.")
    covers_operation: bool | None = fact(
        "Whether its operation specification covers this kind of operation."
    )


class Operator(Document):
    """The organisation or person who answers for the flight."""

    name: Text | None = fact("Name of the organisation or person.")
    kind: OperatorKind | None = fact("Who flies, as the decree tells operators apart.")
    nationality: CountryCode | None = fact("ISO 3166-1 alpha-3 code, such as CHN.")
    is_for_profit_legal_person: bool | None = fact(
        "Whether the operator is a for-profit legal person (营利法人)."
    )
    certificate: OperatorCertificate | None = fact("The operator certificate.")
    own_grounds: tuple[Area, ...] | None = fact(
        "Outlines of its own premises, training grounds and ranges; an empty list says that it has"
        " none."
    )
    surveying_qualification: bool | None = fact(
        "Whether the operator holds a surveying and mapping qualification (测绘资质)."
    )
    operation_control_interval_s: Seconds | None = fact(
        "Longest interval between the records that its operation control system (运行控制系统)"
        " receives of this flight, seconds."
    )
    last_operation_of_kind_on: Day | None = fact(
        "Day on which the operator last flew this kind of operation."
    )
    resumption_notice_given: bool | None = fact(
        "Whether the authority was told that the operation resumes."
    )
    resumption_notice_on: Day | None = fact("Day on which it was told.")


class Licence(Document):
    """A pilot's licence (操控员执照); the class ``none`` says that the pilot has none."""

    largest_class: LicenceClass = Field(description="Largest class it covers, or none.")
    number: Text | None = fact("Number of the licence.")
    issued_on: Day | None = fact("Day of issue.")
    last_check_on: Day | None = fact("Day of the last periodic check.")
    last_proficiency_check_on: Day | None = fact(
        "Day of the last proficiency check (large aircraft, international instrument flight)."
    )
    covers_aircraft: bool | None = fact(
        "Whether its category and class ratings cover this aircraft."
    )
    bvlos_rating: bool | None = fact("Whether it holds the beyond-visual-line-of-sight rating.")
    night_rating: bool | None = fact("Whether it covers night flight.")
    specific_risk_rating: bool | None = fact(
        "Whether it holds the rating for the special high-risk operation planned."
    )
    language_and_radio_qualification: bool | None = fact(
        "Whether it shows language proficiency and radio qualification."
    )

    @model_validator(mode="after")
    def _no_number_of_nothing(self) -> Self:
        if self.largest_class is LicenceClass.NONE and self.number is not None:
            given = "none, and yet a number"
            refuse([Problem("largest_class", given, "give the class that the licence covers")])
        return self


class Pilot(Document):
    """A person at the controls."""

    name: Text | None = fact("Name.")
    nationality: CountryCode | None = fact("ISO 3166-1 alpha-3 code, such as CHN.")
    capacity: Capacity | None = fact("Capacity for civil conduct.")
    licence: Licence | None = fact(
        "The licence; null is unknown, largest_class none is no licence."
    )
    theory_certificate: bool | None = fact(
        "Whether the pilot holds the training and theory certificate for light aircraft."
    )
    agricultural_certificate: bool | None = fact(
        "Whether the pilot holds the maker's certificate for routine agricultural operation."
    )
    competent_adult_on_site: bool | None = fact(
        "Whether a person of full capacity supervises on the spot."
    )
    hours_since_alcohol: Hours | None = fact(
        "Hours between the last alcoholic drink and take-off; 1000 if there was none for weeks."
    )
    blood_alcohol_percent: Percent | None = fact(
        "Blood alcohol by weight, per cent: 0.04 means 0.04 %."
    )
    impaired: bool | None = fact(
        "Whether the pilot is under the effect of alcohol, an anaesthetic or a drug."
    )
