"""What flies: the aircraft of a flight-plan document and its papers."""

from __future__ import annotations

from pydantic import Field

from lowalt.flights.documents import (
    Count,
    CountryCode,
    Day,
    Document,
    Joules,
    Kilograms,
    Metres,
    MetresPerSecond,
    PositiveMetres,
    Seconds,
    Text,
    fact,
)
from lowalt.flights.people import HeldDocument
from lowalt.terms import AirworthinessDocument, RegistrationState


class Registration(Document):
    """Real-name and nationality registration."""

    state: RegistrationState | None = fact(
        "State of the real-name registration; of a manned aircraft, of its nationality"
        " registration."
    )
    mark: Text | None = fact("Registration mark, such as UAS and eight characters.")
    registered_on: Day | None = fact("Day of registration.")
    last_confirmed_on: Day | None = fact("Day of the last yearly confirmation of the data.")
    country: CountryCode | None = fact("Country of registration, ISO 3166-1 alpha-3.")
    nationality_registered: bool | None = fact("Whether it has a nationality registration.")
    nationality_mark: Text | None = fact("Nationality mark, such as B- and eight characters.")
    other_nationality: bool | None = fact("Whether it is also registered in another country.")


class Airworthiness(Document):
    """The document that shows airworthiness; ``none`` says that there is none."""

    document: AirworthinessDocument = Field(description="Kind of document.")
    number: Text | None = fact("Number of the document.")
    issued_on: Day | None = fact("Day of issue.")
    valid_until: Day | None = fact("Last day of validity.")
    by_transition_assessment: bool | None = fact(
        "Whether a special certificate rests on the transition assessment for designs of before"
        " 2024."
    )
    type_certificate: bool | None = fact("Whether the design holds a type certificate.")


class Insurance(HeldDocument):
    """Liability insurance for the flight."""

    insurer: Text | None = fact("Name of the insurer.")
    policy_number: Text | None = fact("Number of the policy.")
    valid_from: Day | None = fact("First day of cover.")
    valid_until: Day | None = fact("Last day of cover.")


class Identification(Document):
    """Remote identification and reporting of the flight's dynamics."""

    broadcast: bool | None = fact("Whether it broadcasts its identification.")
    network: bool | None = fact("Whether it sends its identification over a network.")
    interval_s: Seconds | None = fact("Longest interval between identification messages, seconds.")
    uses_adsb: bool | None = fact("Whether ADS-B serves as identification.")
    can_be_switched_off: bool | None = fact("Whether it can be switched off in flight.")
    reports_automatically: bool | None = fact(
        "Whether the aircraft can report its identification automatically (art. 61)."
    )
    retrofitted: bool | None = fact("Whether the function was fitted after sale.")
    retrofitted_on: Day | None = fact("Day on which it was fitted.")
    reports_to_uom: bool | None = fact("Whether flight dynamics are reported to UOM.")
    uom_interval_s: Seconds | None = fact("Longest interval between reports to UOM, seconds.")
    uom_delay_s: Seconds | None = fact("Longest delay of a report to UOM, seconds.")


class ElectronicFence(Document):
    """The electronic fence (电子围栏)."""

    fitted: bool | None = fact("Whether the aircraft has one.")
    in_use: bool | None = fact("Whether it is switched on for this flight.")
    data_current: bool | None = fact("Whether its data were updated before this flight.")


class Aircraft(Document):
    """The aircraft; a capability is what maker or register states, not what the plan uses."""

    model: Text | None = fact("Maker and model.")
    serial_number: Text | None = fact("Serial number.")
    product_code: Text | None = fact("Unique product code (唯一产品识别码).")
    count: Count | None = fact("Number of aircraft that fly this plan together.")
    is_unmanned: bool | None = fact("False for a manned aircraft, such as a helicopter.")
    is_toy: bool | None = fact("Whether it is a flying toy outside the decree (art. 57).")
    is_agricultural: bool | None = fact(
        "Whether it is built for agriculture only (农用, art. 62(8))."
    )

    empty_mass_kg: Kilograms | None = fact("Empty mass as registered by the maker, kg.")
    max_takeoff_mass_kg: Kilograms | None = fact("Maximum take-off mass, kg.")
    takeoff_mass_kg: Kilograms | None = fact("Take-off mass of this flight, kg.")
    max_dimension_m: PositiveMetres | None = fact("Largest dimension, metres.")
    max_true_height_m: Metres | None = fact("Greatest true height it can reach, metres.")
    max_level_speed_m_s: MetresPerSecond | None = fact("Greatest level speed it can reach, m/s.")
    max_radius_m: Metres | None = fact("Greatest distance from its controller, metres.")
    max_kinetic_energy_j: Joules | None = fact("Greatest kinetic energy in flight, joules.")

    micro_power_radio: bool | None = fact(
        "Whether its radio meets the limits for micro-power short-range devices."
    )
    human_can_intervene: bool | None = fact("Whether a person can take over at any time.")
    keeps_airspace: bool | None = fact("Whether it can keep to an airspace (空域保持能力).")
    reliably_surveilled: bool | None = fact(
        "Whether it can be surveilled reliably (可靠被监视能力)."
    )
    altitude_hold: bool | None = fact("Whether it can hold its height by itself.")
    position_hold: bool | None = fact("Whether it can hold its position by itself.")
    modified: bool | None = fact("Whether it was modified so that its performance changed.")
    performance_updated: bool | None = fact("Whether the register holds its changed performance.")

    produced_on: Day | None = fact("Day of manufacture.")
    sold_on: Day | None = fact("Day of first sale.")
    activated: bool | None = fact("Whether it was activated as GB 46761 asks.")
    registration: Registration | None = fact("Registration.")
    airworthiness: Airworthiness | None = fact("Airworthiness document.")
    insurance: Insurance | None = fact("Liability insurance.")
    identification: Identification | None = fact("Remote identification.")
    electronic_fence: ElectronicFence | None = fact("Electronic fence.")
    lights_working: bool | None = fact("Whether its lights work and will be on when needed.")
    green_strobe: bool | None = fact("Whether it carries a green strobe light.")
    designated_frequency: bool | None = fact(
        "Whether its radio uses only the frequencies designated for unmanned aircraft."
    )
    radio_type_approved: bool | None = fact("Whether its radio is type-approved.")
    radio_licence: bool | None = fact("Whether a radio licence is held for it.")
