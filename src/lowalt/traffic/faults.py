"""What goes wrong with a few of a day's flights, and only with the paper or the plan."""

from __future__ import annotations

from enum import Enum, auto

from lowalt.flights import Insurance, Licence
from lowalt.terms import LicenceClass, RegistrationState
from lowalt.traffic.chance import Chance
from lowalt.traffic.papers import Crew


class Fault(Enum):
    """What is wrong with a flight."""

    FILED_LATE = auto()
    PAPER_MISSING = auto()
    STRAYS = auto()


def without_a_paper(crew: Crew, chance: Chance) -> Crew:
    """Take one paper from a crew: the insurance, the registration, or the pilot's certificates.

    Of a helicopter it is the insurance.
    """
    choice = chance.whole(0, 3) if crew.aircraft.is_unmanned else 0
    if choice == 0:
        uninsured = crew.aircraft.model_copy(update={"insurance": Insurance(held=False)})
        return Crew(uninsured, crew.pilots)
    if choice == 1:
        registration = crew.aircraft.registration
        assert registration is not None
        cancelled = registration.model_copy(update={"state": RegistrationState.CANCELLED})
        return Crew(crew.aircraft.model_copy(update={"registration": cancelled}), crew.pilots)
    without = {"licence": Licence(largest_class=LicenceClass.NONE), "theory_certificate": False}
    return Crew(crew.aircraft, tuple(pilot.model_copy(update=without) for pilot in crew.pilots))
