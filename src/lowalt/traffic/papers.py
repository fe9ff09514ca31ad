"""Papers of made-up operators, aircraft and crews: whole, so that nothing but a fault is at fault.

Everybody and everything here is an example. Parts are validated once and shared by the plans of a
day, which is what makes a hundred thousand plans quick to build.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from lowalt.flights import (
    Aircraft,
    Airworthiness,
    ElectronicFence,
    Identification,
    Insurance,
    Licence,
    Operator,
    OperatorCertificate,
    Pilot,
    Registration,
)
from lowalt.terms import (
    AirworthinessDocument,
    Capacity,
    LicenceClass,
    OperatorKind,
    RegistrationState,
)


@dataclass(frozen=True, slots=True)
class Multicopter:
    """Figures of a type of unmanned aircraft; examples, of the size that such services fly."""

    model: str
    empty_mass_kg: float
    max_takeoff_mass_kg: float
    takeoff_mass_kg: float
    max_dimension_m: float
    max_level_speed_m_s: float


@dataclass(frozen=True, slots=True)
class Crew:
    """An aircraft with who flies it."""

    aircraft: Aircraft
    pilots: tuple[Pilot, ...]


CrewMaker = Callable[[date, int], Crew]
"""Makes the aircraft of a number, with papers that are current on a day."""


def drone_operator(
    name: str, kind: OperatorKind, *, number: int, on: date, for_profit: bool = True
) -> Operator:
    """Operator of unmanned aircraft who holds a certificate and flew yesterday."""
    return Operator(
        name=name,
        kind=kind,
        nationality="CHN",
        is_for_profit_legal_person=for_profit,
        certificate=OperatorCertificate(
            held=True,
            number=f"EXAMPLE-OC-{number:03d}",
            issued_on=_days_before(on, 200),
            valid_until=_days_after(on, 530),
            covers_operation=True,
        ),
        surveying_qualification=False,
        last_operation_of_kind_on=_days_before(on, 1),
        resumption_notice_given=False,
        operation_control_interval_s=1.0,
    )


def helicopter_operator(*, on: date) -> Operator:
    """Operator of helicopters."""
    return Operator(
        name="示例通用航空（深圳）有限公司 (Example General Aviation Shenzhen Ltd)",
        kind=OperatorKind.UNIT,
        nationality="CHN",
        is_for_profit_legal_person=True,
        certificate=OperatorCertificate(
            held=True,
            number="EXAMPLE-AOC-001",
            issued_on=_days_before(on, 700),
            valid_until=_days_after(on, 700),
            covers_operation=True,
        ),
    )


def drone_crew(kind: Multicopter, letter: str) -> CrewMaker:
    """Crews of a type of multicopter; the letter tells the service in the registration marks."""

    def crew(on: date, number: int) -> Crew:
        code = f"{letter}{number:07d}"
        aircraft = Aircraft(
            model=kind.model,
            serial_number=f"EXAMPLE{code}",
            product_code=f"EXAMPLE-{code}",
            count=1,
            is_unmanned=True,
            is_toy=False,
            is_agricultural=False,
            empty_mass_kg=kind.empty_mass_kg,
            max_takeoff_mass_kg=kind.max_takeoff_mass_kg,
            takeoff_mass_kg=kind.takeoff_mass_kg,
            max_dimension_m=kind.max_dimension_m,
            max_true_height_m=500.0,
            max_level_speed_m_s=kind.max_level_speed_m_s,
            max_radius_m=15_000.0,
            micro_power_radio=False,
            human_can_intervene=True,
            keeps_airspace=True,
            reliably_surveilled=True,
            altitude_hold=True,
            position_hold=True,
            modified=False,
            performance_updated=True,
            produced_on=_days_before(on, 220),
            sold_on=_days_before(on, 150),
            activated=True,
            registration=Registration(
                state=RegistrationState.NORMAL,
                mark=f"UAS{code}",
                registered_on=_days_before(on, 140),
                last_confirmed_on=_days_before(on, 140),
                country="CHN",
                nationality_registered=False,
                other_nationality=False,
            ),
            airworthiness=Airworthiness(document=AirworthinessDocument.NONE),
            insurance=_insurance(code, on),
            identification=Identification(
                broadcast=True,
                network=True,
                interval_s=1.0,
                uses_adsb=False,
                can_be_switched_off=False,
                reports_automatically=True,
                retrofitted=False,
                reports_to_uom=True,
                uom_interval_s=1.0,
                uom_delay_s=0.6,
            ),
            electronic_fence=ElectronicFence(fitted=True, in_use=True, data_current=True),
            lights_working=True,
            designated_frequency=True,
            radio_type_approved=True,
            radio_licence=False,
        )
        return Crew(aircraft, (_drone_pilot(code, on),))

    return crew


def _drone_pilot(code: str, on: date) -> Pilot:
    return Pilot(
        name=f"示例操控员 (Example pilot) {code}",
        nationality="CHN",
        capacity=Capacity.FULL,
        licence=Licence(
            largest_class=LicenceClass.SMALL,
            number=f"EXAMPLE-LIC-{code}",
            issued_on=_days_before(on, 600),
            last_check_on=_days_before(on, 240),
            last_proficiency_check_on=_days_before(on, 240),
            covers_aircraft=True,
            bvlos_rating=True,
            night_rating=True,
            specific_risk_rating=False,
            language_and_radio_qualification=True,
        ),
        theory_certificate=True,
        agricultural_certificate=False,
        competent_adult_on_site=True,
        hours_since_alcohol=240.0,
        blood_alcohol_percent=0.0,
        impaired=False,
    )


def helicopter_crew(model: str, letter: str) -> CrewMaker:
    """Crews of a type of helicopter."""

    def crew(on: date, number: int) -> Crew:
        code = f"{letter}{number:05d}"
        aircraft = Aircraft(
            model=model,
            serial_number=f"EXAMPLE{code}",
            count=1,
            is_unmanned=False,
            registration=Registration(
                state=RegistrationState.NORMAL,
                mark=f"B-EXAMPLE-{code}",
                country="CHN",
                nationality_registered=True,
                other_nationality=False,
            ),
            airworthiness=Airworthiness(
                document=AirworthinessDocument.CERTIFICATE,
                number=f"EXAMPLE-AC-{code}",
                issued_on=_days_before(on, 700),
                valid_until=_days_after(on, 700),
            ),
            insurance=_insurance(code, on),
            lights_working=True,
            radio_licence=True,
        )
        pilot = Pilot(
            name=f"示例机长 (Example commander) {code}",
            nationality="CHN",
            capacity=Capacity.FULL,
            hours_since_alcohol=240.0,
            blood_alcohol_percent=0.0,
            impaired=False,
        )
        return Crew(aircraft, (pilot,))

    return crew


@dataclass(slots=True)
class Crews:
    """The crews of a service on a day, each made when it is first sent out."""

    maker: CrewMaker
    on: date
    _whole: dict[int, Crew] = field(default_factory=dict)

    def __getitem__(self, number: int) -> Crew:
        if number not in self._whole:
            self._whole[number] = self.maker(self.on, number)
        return self._whole[number]


def _insurance(code: str, on: date) -> Insurance:
    return Insurance(
        held=True,
        insurer="示例财产保险 (Example Insurance)",
        policy_number=f"EXAMPLE-POL-{code}",
        valid_from=_days_before(on, 140),
        valid_until=_days_after(on, 224),
    )


def _days_before(on: date, days: int) -> date:
    return on - timedelta(days=days)


def _days_after(on: date, days: int) -> date:
    return on + timedelta(days=days)
