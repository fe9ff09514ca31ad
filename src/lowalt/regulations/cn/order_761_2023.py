"""Our reading of Decree 761, the interim regulations on unmanned flight, in article order."""

from __future__ import annotations

from lowalt.missions import PUBLIC_TASKS, with_parts
from lowalt.regulations.authoring import (
    WHOLE_INSTRUMENT,
    F,
    FactRef,
    Norm,
    definition,
    must,
    reading,
    some,
    unclear,
    when,
)
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import (
    AircraftClass,
    AirworthinessDocument,
    Capacity,
    ControlMode,
    Jurisdiction,
    LicenceClass,
    MissionKind,
    OperatorKind,
    RegistrationState,
    Urgency,
    ZoneKind,
)
from lowalt.vocabulary import Scope

_AERODROME_ZONES = (
    ZoneKind.AERODROME_PROTECTION,
    ZoneKind.CLEAR_ZONE,
    ZoneKind.AERODROME_SURROUNDINGS,
    ZoneKind.AIRPORT_CONTROL_ZONE,
)
_AREAS = (ZoneKind.PROHIBITED_AREA, ZoneKind.RESTRICTED_AREA)
_SURROUNDINGS = (
    ZoneKind.BOUNDARY_STRIP,
    ZoneKind.NUCLEAR_FACILITY,
    ZoneKind.HAZARDOUS_STORE,
    ZoneKind.POWER_STATION,
    ZoneKind.LAND_PORT,
    ZoneKind.SEA_PORT,
    ZoneKind.RAILWAY,
    ZoneKind.WATER_SOURCE,
    ZoneKind.NAVIGATION_STATION,
    ZoneKind.RADAR_STATION,
    ZoneKind.STATE_ORGAN,
)
"""Sites whose surroundings the decree or Shenzhen's measures of 2019 keep clear (art. 19(2) items
2 to 6). How far, the decree leaves to others, and whether the measures' distances still hold was
not established."""

_EXEMPTIONS = (
    "art_31__para_1__item_1",
    "art_31__para_1__item_2",
    "art_31__para_1__item_3",
    "art_31__para_1__item_4",
)

_APPLICATION = ("art_26__para_1",)
"""The application, in which the approvals of art. 19 to 22 are asked for too."""

# Derived facts: what one reading brings about and another needs.
_APPLICATION_REQUIRED = "application_required"
_OWN_GROUND_EXEMPTION = "exempt_over_own_ground"
_AIRPORT_WORK_EXEMPTION = "exempt_as_airport_work"


def _holds_approval() -> Condition:
    return F.is_flight_approved | F.is_long_term_approved


# Chapter 2: aircraft and pilots


@reading("art_8__para_1", effect=Effect.PROHIBITS)
def airworthy(_: Parameters) -> Norm:
    """Medium and large aircraft are airworthy on paper."""
    duty = ~F.is_at_most_small & ~F.is_public_body & ~F.is_model_aircraft
    return when(duty).must(_is_airworthy())


def _is_airworthy() -> Condition:
    held = F.airworthiness_document.in_(
        AirworthinessDocument.CERTIFICATE,
        AirworthinessDocument.SPECIAL_CERTIFICATE,
        AirworthinessDocument.SPECIAL_FLIGHT_PERMIT,
    )
    return held & F.airworthiness_is_current


@reading("art_10__para_1", effect=Effect.PROHIBITS)
def registered(_: Parameters) -> Norm:
    """Aircraft are registered, and in order."""
    duty = ~F.is_public_body & ~F.is_model_aircraft
    return when(duty).must(F.registration_state.in_(RegistrationState.NORMAL))


@reading("art_10__para_2", scope=Scope.LEG, effect=Effect.PROHIBITS)
def nationality_registered(_: Parameters) -> Norm:
    """Whoever leaves the Mainland has a nationality."""
    return when(_is_abroad()).must(F.has_nationality_registration)


@definition("art_10__para_2", term="leaves_mainland")
def leaves_mainland(_: Parameters) -> Condition:
    """Over Hong Kong or Macao it is no longer on the Mainland."""
    return some(Scope.LEG, _is_abroad())


def _is_abroad() -> Condition:
    return F.jurisdiction.in_(Jurisdiction.HONG_KONG, Jurisdiction.MACAO)


@reading("art_11__para_1", effect=Effect.PROHIBITS)
def operator_certified(_: Parameters) -> Norm:
    """Organisations hold the operator certificate."""
    return when(_needs_operator_certificate()).must(
        F.has_operator_certificate & F.certificate_covers_operation
    )


@reading("art_11__para_1__item_4", effect=Effect.PROHIBITS)
def commercial_operator_is_for_profit(_: Parameters) -> Norm:
    """Organisations that fly commercially are for-profit legal persons."""
    return when(_needs_operator_certificate() & F.is_commercial).must(F.operator_is_for_profit)


def _needs_operator_certificate() -> Condition:
    is_unit = F.operator_kind.in_(OperatorKind.UNIT)
    return is_unit & ~F.is_micro & ~F.is_routine_agriculture


@definition("art_11__para_3", term="is_routine_agriculture")
def is_routine_agriculture(p: Parameters) -> Condition:
    """Farm work by an agricultural aircraft over such land in suitable airspace."""
    return (
        F.is_agricultural_class
        & (F.max_takeoff_mass_g <= p.art_11__para_3.max_takeoff_mass)
        & F.mission_kind.in_(MissionKind.AGRICULTURE)
        & F.is_over_farmland
        & F.is_in_suitable_airspace
    )


@reading("art_12", effect=Effect.PROHIBITS)
def insured(_: Parameters) -> Norm:
    """Commercial flights, and all from small up, are insured."""
    return when(F.is_commercial | ~F.is_at_most_light).must(F.is_insured)


@reading("art_14__para_2", effect=Effect.REQUIRES_FILING)
def modification_recorded(_: Parameters) -> Norm:
    """Modifications are entered in the register."""
    return when(F.is_modified).must(F.performance_is_updated)


@reading("art_15", effect=Effect.PROHIBITS)
def radio_allowed(_: Parameters) -> Norm:
    """Radios use designated frequencies or are licensed."""
    return must(F.uses_designated_frequencies | F.has_radio_licence)


@reading("art_16__para_1", effect=Effect.PROHIBITS)
def pilot_licensed(_: Parameters) -> Norm:
    """From small up the pilot's licence covers the class."""
    duty = (
        ~F.is_at_most_light & ~F.is_routine_agriculture & ~F.is_public_body & ~F.is_model_aircraft
    )
    covers_small = F.licence_class.in_(LicenceClass.SMALL, LicenceClass.MEDIUM, LicenceClass.LARGE)
    covers_medium = F.licence_class.in_(LicenceClass.MEDIUM, LicenceClass.LARGE)
    covers_large = F.licence_class.in_(LicenceClass.LARGE)
    return when(duty).must(
        (F.is_at_most_small & covers_small) | (F.is_at_most_medium & covers_medium) | covers_large
    )


@reading("art_16__para_2", effect=Effect.PROHIBITS)
def agricultural_pilot_trained(_: Parameters) -> Norm:
    """Routine agriculture is flown with the maker's certificate."""
    return when(F.is_routine_agriculture).must(F.has_agricultural_certificate)


@reading("art_17__para_2", effect=Effect.PROHIBITS)
def pilot_has_capacity(_: Parameters) -> Norm:
    """Pilots without full capacity fly only what they may, supervised where they must be."""
    limited = F.pilot_capacity.in_(Capacity.LIMITED)
    micro = F.is_micro & (limited | F.adult_is_on_site)
    light = F.is_at_most_light & limited & F.adult_is_on_site
    return when(F.pilot_capacity.in_(Capacity.LIMITED, Capacity.NONE)).must(micro | light)


@reading("art_17__para_3", effect=Effect.PROHIBITS)
def light_pilot_trained_for_controlled_airspace(_: Parameters) -> Norm:
    """Light aircraft in controlled airspace are flown by trained adults."""
    duty = F.is_at_most_light & ~F.is_micro & ~F.is_in_suitable_airspace
    return when(duty).must(F.pilot_capacity.in_(Capacity.FULL) & F.has_theory_certificate)


# Chapter 3: airspace


@definition("art_19__para_2", term="is_above_ceiling")
def is_above_ceiling(p: Parameters) -> Condition:
    """From the ceiling up all airspace is controlled."""
    return F.max_true_height_mm >= p.art_19__para_2.ceiling


@definition("art_19__para_2", term="is_controlled_zone")
def is_controlled_zone(_: Parameters) -> Condition:
    """Zones are controlled by kind, as far as their limits are sure."""
    listed = F.zone_kind.in_(
        *_AERODROME_ZONES, *_AREAS, ZoneKind.DANGER_AREA, ZoneKind.TEMPORARY_CONTROL
    )
    verified = F.zone_is_verified | unclear(
        zh="该空域范围是否与空中交通管理机构核实一致",
        en="whether the ATM unit confirms the zone's limits",
    )
    # The measures of 2019 keep micro UAV at distances of their own.
    near = F.zone_kind.in_(*_SURROUNDINGS) & (~F.is_micro | F.zone_binds_micro)
    site = near & unclear(
        zh="该场所周边今日划设的管制空域是否及于此处",
        en="whether the airspace controlled round that site today reaches this far",
    )
    foreign_file = F.zone_kind.in_(ZoneKind.UAS_ZONE) & unclear(
        zh="该区域依据何种规定设限，今日是否有效",
        en="by what law that zone restricts flight, and whether it does so today",
    )
    here = F.zone_jurisdiction.in_(Jurisdiction.MAINLAND)
    return here & ((listed & verified) | site | foreign_file)


@reading("art_19__para_2__height", effect=Effect.REQUIRES_APPROVAL, accompanies=_APPLICATION)
def height_approved(p: Parameters) -> Norm:
    """High flight is approved."""
    return when(F.max_true_height_mm >= p.art_19__para_2.ceiling).must(_holds_approval())


@reading(
    "art_19__para_2__areas",
    scope=Scope.ENCOUNTER,
    effect=Effect.REQUIRES_APPROVAL,
    accompanies=_APPLICATION,
)
def areas_approved(_: Parameters) -> Norm:
    """Flight in prohibited and restricted areas is approved."""
    return when(F.zone_kind.in_(*_AREAS) & F.is_controlled_zone).must(F.holds_zone_approval)


@reading(
    "art_19__para_2__item_1",
    scope=Scope.ENCOUNTER,
    effect=Effect.REQUIRES_APPROVAL,
    accompanies=_APPLICATION,
)
def aerodromes_approved(_: Parameters) -> Norm:
    """Flight near aerodromes is approved."""
    near = F.zone_kind.in_(*_AERODROME_ZONES) & F.is_controlled_zone
    return when(near).must(F.holds_zone_approval | _holds_approval())


@definition("art_19__para_5", term="is_in_suitable_airspace")
def is_in_suitable_airspace(_: Parameters) -> Condition:
    """Nothing controlled is met, where the airspace is known at all."""
    return ~F.is_above_ceiling & _is_clear_of_controlled_zones()


def _is_clear_of_controlled_zones() -> Condition:
    known = F.is_within_dataset | unclear(
        zh="空域数据集范围以外是否有管制空域",
        en="whether there is controlled airspace beyond the dataset",
    )
    return known & ~some(Scope.ENCOUNTER, F.is_controlled_zone) & ~F.leaves_mainland


@reading(
    "art_20",
    scope=Scope.ENCOUNTER,
    effect=Effect.REQUIRES_APPROVAL,
    accompanies=_APPLICATION,
)
def temporary_airspace_approved(_: Parameters) -> Norm:
    """Flight in temporary controlled airspace has an approval for it."""
    temporary = F.zone_kind.in_(ZoneKind.TEMPORARY_CONTROL) & F.is_controlled_zone
    return when(temporary).must(F.holds_zone_approval)


@reading("art_20__notice", scope=Scope.ENCOUNTER, effect=Effect.ADVISES)
def temporary_airspace_announced(p: Parameters) -> Norm:
    """Temporary airspace was announced in time."""
    lead = p.art_20__notice
    for_urgent_task = unclear(
        zh="该空域是否为紧急任务划设", en="whether the airspace serves an urgent task"
    )
    in_time = F.zone_published_at <= F.zone_starts_at.shifted(lead.event_notice)
    in_urgent_time = F.zone_published_at <= F.zone_starts_at.shifted(lead.urgent_notice)
    temporary = F.zone_kind.in_(ZoneKind.TEMPORARY_CONTROL)
    here = F.zone_jurisdiction.in_(Jurisdiction.MAINLAND)
    return when(here & temporary).must(in_time | (in_urgent_time & for_urgent_task))


@reading("art_22__para_2", effect=Effect.REQUIRES_APPROVAL, accompanies=_APPLICATION)
def fusion_approved(_: Parameters) -> Norm:
    """Flight among manned aircraft is approved as such."""
    return when(F.requests_fusion).must(F.holds_fusion_approval)


@reading("art_22__para_2__cases", effect=Effect.PROHIBITS)
def fusion_open_to_the_aircraft(p: Parameters) -> Norm:
    """Fusion is asked for in one of the five cases."""
    own = F.is_public_body & F.fuses_with_own_aircraft_only
    large = ~F.is_at_most_medium & _is_airworthy()
    medium = F.is_at_most_medium & ~F.is_at_most_small & _is_airworthy()
    small = F.is_at_most_small & ~F.is_at_most_light
    light = F.is_at_most_light & ~F.is_micro & _is_clear_of_controlled_zones()
    low = F.max_true_height_mm <= p.art_22__para_2__cases.ceiling
    return when(F.requests_fusion).must(own | large | (low & (medium | small | light)))


@reading("art_22__para_3", waives=("art_22__para_2", "art_22__para_2__cases"))
def fusion_without_approval(_: Parameters) -> Norm:
    """Light aircraft in suitable airspace and routine agriculture share it freely."""
    light = F.is_at_most_light & F.is_in_suitable_airspace
    return when(F.requests_fusion & (light | F.is_routine_agriculture))


@reading("art_24__para_1", effect=Effect.PROHIBITS)
def reports_identification(_: Parameters) -> Norm:
    """Above micro, the aircraft reports who it is."""
    return when(~F.is_micro).must(F.has_network_identification)


@reading("art_24__para_2", effect=Effect.PROHIBITS)
def broadcasts_identification(_: Parameters) -> Norm:
    """Up to small, the aircraft broadcasts who it is."""
    return when(F.is_at_most_small).must(F.has_broadcast_identification)


# Chapter 3: applications


@definition("art_26__para_1", term="is_flight_approved")
def is_flight_approved(_: Parameters) -> Condition:
    """Single approvals count where they cover the flight and the class of the aircraft."""
    return F.holds_flight_approval & _allows_class(F.flight_approval_class)


def _allows_class(largest: FactRef) -> Condition:
    return (
        largest.in_(AircraftClass.LARGE)
        | (F.is_at_most_medium & largest.in_(AircraftClass.MEDIUM))
        | (F.is_at_most_small & largest.in_(AircraftClass.SMALL))
        | (F.is_at_most_light & largest.in_(AircraftClass.LIGHT))
        | (F.is_micro & largest.in_(AircraftClass.MICRO))
    )


@reading(
    "art_26__para_1",
    effect=Effect.REQUIRES_APPROVAL,
    derives=(_APPLICATION_REQUIRED,),
)
def flight_approved(_: Parameters) -> Norm:
    """Every flight is approved, unless something exempts it."""
    return must(_holds_approval())


@reading(
    "art_26__para_1__time",
    effect=Effect.PROHIBITS,
    deadline="art_26__para_1.application_deadline",
    answer="art_26__para_1.answer_deadline",
    needs=(_APPLICATION_REQUIRED,),
)
def applied_in_time(p: Parameters) -> Norm:
    """Flights not yet approved were applied for before the deadline."""
    deadline = p.art_26__para_1.application_deadline
    return when(~_holds_approval()).must(F.submitted_at < F.departure_at.shifted(deadline))


@definition("art_26__para_2", term="is_long_term_approved")
def is_long_term_approved(_: Parameters) -> Condition:
    """Long-term approvals count where they cover the flight and the class of the aircraft."""
    return F.holds_long_term_approval & _allows_class(F.long_term_approval_class)


@reading(
    "art_26__para_2",
    effect=Effect.REQUIRES_FILING,
    deadline="filing_deadline",
    needs=(_APPLICATION_REQUIRED,),
)
def filed_under_long_term_approval(p: Parameters) -> Norm:
    """Each flight under a long-term approval was filed in time."""
    deadline = p.art_26__para_2.filing_deadline
    duty = F.is_long_term_approved & ~F.is_flight_approved
    return when(duty).must(F.submitted_at < F.departure_at.shifted(deadline))


@reading(
    "art_27",
    effect=Effect.REQUIRES_APPROVAL,
    accompanies=_APPLICATION,
    needs=(_APPLICATION_REQUIRED,),
)
def application_complete(_: Parameters) -> Norm:
    """Applications still to be decided state all thirteen items."""
    contents = (
        F.application_names_organiser
        & F.application_names_aircraft
        & F.application_names_task
        & F.application_names_sites
        & F.application_names_communication
        & F.application_names_period
        & F.application_names_entry_exit
        & F.application_names_c2_link
        & F.application_names_surveillance
        & F.application_names_transponder
        & F.application_names_emergency
        & F.application_names_special_support
        & F.application_names_other_data
    )
    return when(~_holds_approval()).must(contents)


@reading("art_27__item_3", effect=Effect.REQUIRES_APPROVAL, accompanies=_APPLICATION)
def special_task_approved(_: Parameters) -> Norm:
    """Tasks of the special kind have an approval document of their own."""
    return when(F.is_special_ga_task).must(F.holds_task_approval)


@reading("art_28__item_1", addresses=("art_26__para_1",), needs=(_APPLICATION_REQUIRED,))
def approved_by_the_subzone(_: Parameters) -> Norm:
    """Inside one sub-zone its unit approves."""
    return when(F.is_within_one_control_subzone & ~F.leaves_mainland)


@reading("art_28__item_2", addresses=("art_26__para_1",), needs=(_APPLICATION_REQUIRED,))
def approved_by_the_zone(_: Parameters) -> Norm:
    """Across sub-zones, inside one zone, the unit of the zone approves."""
    return when(
        F.is_within_one_control_zone & ~F.is_within_one_control_subzone & ~F.leaves_mainland
    )


@reading("art_28__item_3", addresses=("art_26__para_1",), needs=(_APPLICATION_REQUIRED,))
def approved_at_national_level(_: Parameters) -> Norm:
    """Across zones a body authorised nationally approves."""
    return when(~F.is_within_one_control_zone | F.leaves_mainland)


@definition("art_29", term="is_urgent_task")
def is_urgent_task(_: Parameters) -> Condition:
    """Urgent is what the operator calls so, is of a kind that can be, and was given to it."""
    named = F.mission_kind.in_(
        MissionKind.COUNTER_TERROR,
        MissionKind.DISASTER_RELIEF,
        *with_parts(MissionKind.FIREFIGHTING),
        MissionKind.MEDICAL_RESCUE,
    )
    similar = F.mission_kind.in_(
        MissionKind.BLOOD_TRANSPORT, *with_parts(MissionKind.PATROL), MissionKind.OTHER
    ) & unclear(
        zh="空中交通管理机构是否认可该任务属于紧急任务",
        en="whether the ATM unit accepts the task as similarly urgent",
    )
    return _filed_as_urgent() & (named | similar) & F.task_is_assigned


def _filed_as_urgent() -> Condition:
    return F.urgency.in_(Urgency.URGENT, Urgency.SPECIALLY_URGENT)


@reading("art_29", waives=("art_26__para_1__time", "art_30"))
def urgent_task_freed_from_limits(_: Parameters) -> Norm:
    """Urgent tasks are freed from the day-before and the one-hour limit."""
    return when(F.is_urgent_task)


@reading(
    "art_29__time",
    effect=Effect.PROHIBITS,
    deadline="application_lead",
    answer="answer_lead",
    needs=(_APPLICATION_REQUIRED,),
)
def urgent_task_applied_in_time(p: Parameters) -> Norm:
    """Urgent tasks not yet approved were applied for in time."""
    lead = p.art_29__time.application_lead
    duty = F.is_urgent_task & F.urgency.in_(Urgency.URGENT) & ~_holds_approval()
    return when(duty).must(F.submitted_at <= F.departure_at.shifted(lead))


@reading("art_29__claim", effect=Effect.ADVISES)
def claimed_task_was_given(_: Parameters) -> Norm:
    """Public tasks, and all that is filed as urgent, were given: by an office or an order."""
    claimed = _filed_as_urgent() | F.mission_kind.in_(*PUBLIC_TASKS)
    return when(claimed).must(F.task_is_assigned)


@reading(
    "art_29__confirmation", effect=Effect.REQUIRES_CONFIRMATION, needs=(_APPLICATION_REQUIRED,)
)
def urgent_take_off_confirmed(_: Parameters) -> Norm:
    """Urgent flights too take off only once confirmed."""
    return when(F.is_urgent_task).must(F.take_off_is_confirmed)


@reading(
    "art_30",
    effect=Effect.REQUIRES_CONFIRMATION,
    deadline="report_lead",
    needs=(_APPLICATION_REQUIRED,),
)
def take_off_confirmed(p: Parameters) -> Norm:
    """Readiness was reported in time and take-off is confirmed.

    A late report does not prohibit the flight: it leaves the duty standing, as a report not yet
    made does.
    """
    in_time = F.readiness_reported_at <= F.departure_at.shifted(p.art_30.report_lead)
    return must(F.take_off_is_confirmed & in_time)


@reading("art_31__para_1__item_1", waives=("art_26__para_1",))
def small_aircraft_in_suitable_airspace(_: Parameters) -> Norm:
    """Micro, light and small aircraft in suitable airspace just fly."""
    return when(F.is_at_most_small & F.is_in_suitable_airspace)


@reading("art_31__para_1__item_2", waives=("art_26__para_1",))
def routine_agriculture(_: Parameters) -> Norm:
    """Routine agriculture just flies."""
    return when(F.is_routine_agriculture)


@reading(
    "art_31__para_1__item_3",
    waives=(
        "art_26__para_1",
        "art_19__para_2__height",
        "art_19__para_2__areas",
        "art_19__para_2__item_1",
    ),
    derives=(_OWN_GROUND_EXEMPTION,),
)
def public_body_over_own_ground(p: Parameters) -> Norm:
    """Public bodies fly low above their own grounds without applying."""
    low = F.max_true_height_mm <= p.art_31__para_1__item_3.ceiling
    return when(F.is_public_body & F.is_over_own_ground & low)


@reading("art_31__para_1__item_3__claim", effect=Effect.ADVISES)
def own_ground_is_where_it_is_drawn(_: Parameters) -> Norm:
    """Grounds that a public body claims to fly over are those whose outlines it gives."""
    return when(F.is_public_body & F.claims_own_ground).must(F.is_over_own_ground)


@reading(
    "art_31__para_1__item_3__confirmation",
    effect=Effect.REQUIRES_CONFIRMATION,
    deadline="confirmation_lead",
    needs=(_OWN_GROUND_EXEMPTION,),
)
def own_ground_take_off_confirmed(p: Parameters) -> Norm:
    """Exempt flights over own grounds take off only once confirmed."""
    lead = p.art_31__para_1__item_3__confirmation.confirmation_lead
    in_time = F.readiness_reported_at <= F.departure_at.shifted(lead)
    return must(F.take_off_is_confirmed & in_time)


@reading(
    "art_31__para_1__item_4",
    waives=("art_26__para_1", "art_19__para_2__height", "art_19__para_2__item_1"),
    derives=(_AIRPORT_WORK_EXEMPTION,),
)
def airport_work(_: Parameters) -> Norm:
    """Work for an airport inside its control zone needs no application."""
    return when(F.is_airport_work)


@definition("art_31__para_1__item_4", term="is_airport_work")
def is_airport_work(_: Parameters) -> Condition:
    """Work of a kind that serves the airport, inside its control zone."""
    serves = F.mission_kind.in_(MissionKind.INSPECTION, MissionKind.SURVEY, MissionKind.CALIBRATION)
    return serves & F.is_airport_work_in_control_zone


@reading("art_31__para_1__item_4__claim", effect=Effect.ADVISES)
def airport_work_is_what_it_says(_: Parameters) -> Norm:
    """Work claimed to be for an airport is of such a kind, and inside the control zone."""
    return when(F.claims_airport_work).must(F.is_airport_work)


@reading(
    "art_31__para_1__item_4__confirmation",
    effect=Effect.REQUIRES_CONFIRMATION,
    deadline="confirmation_lead",
    needs=(_AIRPORT_WORK_EXEMPTION,),
)
def airport_work_take_off_confirmed(p: Parameters) -> Norm:
    """Exempt airport work takes off only once confirmed."""
    lead = p.art_31__para_1__item_4__confirmation.confirmation_lead
    in_time = F.readiness_reported_at <= F.departure_at.shifted(lead)
    return must(F.take_off_is_confirmed & in_time)


@reading(
    "art_31__para_1__item_4__filing",
    effect=Effect.REQUIRES_FILING,
    needs=(_AIRPORT_WORK_EXEMPTION,),
)
def airport_work_filed(_: Parameters) -> Norm:
    """Exempt airport work is filed for the period."""
    return must(F.periodic_filing_is_made)


@reading("art_31__para_2__item_1", waives=_EXEMPTIONS)
def relay_flight(_: Parameters) -> Norm:
    """Relayed flights apply like any other."""
    return when(F.relays_by_network)


@reading("art_31__para_2__item_2", waives=_EXEMPTIONS)
def dangerous_goods_or_dropping(_: Parameters) -> Norm:
    """Dangerous goods and dropping apply, but not the spraying of routine agriculture."""
    return when(F.carries_dangerous_goods_or_drops & ~F.is_routine_agriculture)


@reading("art_31__para_2__item_3", waives=_EXEMPTIONS)
def over_assembled_crowd(_: Parameters) -> Norm:
    """Flights over assembled crowds apply."""
    return when(F.overflies_crowd)


@reading("art_31__para_2__item_4", waives=_EXEMPTIONS)
def from_moving_vehicle(_: Parameters) -> Norm:
    """Flights controlled from a moving vehicle apply."""
    return when(F.is_flown_from_moving_vehicle)


@reading("art_31__para_2__item_5", waives=_EXEMPTIONS)
def distributed_or_swarm(_: Parameters) -> Norm:
    """Distributed operations and swarms apply."""
    return when(F.is_distributed_or_swarm)


@reading("art_31__para_3", waives=("art_27__item_3",))
def no_task_document(_: Parameters) -> Norm:
    """Micro and light aircraft in suitable airspace need no task document."""
    return when(F.is_at_most_light & F.is_in_suitable_airspace)


# Chapter 3: conduct


@reading("art_32__item_5", effect=Effect.PROHIBITS)
def micro_in_sight(_: Parameters) -> Norm:
    """Micro aircraft stay in sight."""
    return when(F.is_micro).must(F.control_mode.in_(ControlMode.VLOS))


@reading("art_32__item_7", effect=Effect.PROHIBITS)
def lit_in_the_dark(_: Parameters) -> Norm:
    """At night and in poor visibility the lights work and are on."""
    return when(F.is_partly_at_night | F.is_in_low_visibility).must(F.has_lights)


@reading("art_32__item_8", effect=Effect.PROHIBITS)
def avoids_traffic_out_of_sight(_: Parameters) -> Norm:
    """Out of sight, the operator knows other traffic and avoids it."""
    return when(F.control_mode.in_(ControlMode.BVLOS)).must(F.has_avoidance_measure)


@reading("art_32__item_9", effect=Effect.PROHIBITS)
def pilot_unimpaired(_: Parameters) -> Norm:
    """No pilot is under the effect of a substance."""
    return must(~F.pilot_is_impaired)


@reading("art_35__para_1", effect=Effect.PROHIBITS)
def survey_qualified(_: Parameters) -> Norm:
    """Surveying organisations are qualified for it."""
    surveying = F.mission_kind.in_(MissionKind.SURVEY) & F.operator_kind.in_(OperatorKind.UNIT)
    return when(surveying).must(F.has_surveying_qualification)


@reading("art_35__para_2", effect=Effect.PROHIBITS)
def no_foreign_survey(_: Parameters) -> Norm:
    """No foreigner surveys or tests radio parameters."""
    sensitive = F.mission_kind.in_(MissionKind.SURVEY, MissionKind.RADIO_TEST)
    return when(sensitive).must(~F.is_foreign_aircraft & ~F.pilot_is_foreign)


@reading("art_36", effect=Effect.PROHIBITS)
def model_aircraft_in_camp(_: Parameters) -> Norm:
    """Model aircraft stay in the camps."""
    return when(F.is_model_aircraft).must(F.is_wholly_in_aviation_camp)


# Chapter 4: emergencies


@reading("art_39__para_4", effect=Effect.REQUIRES_APPROVAL, accompanies=_APPLICATION)
def emergencies_planned_for(_: Parameters) -> Norm:
    """Whoever flies more than a light aircraft in suitable airspace has an emergency plan."""
    spared = F.is_at_most_light & F.is_in_suitable_airspace
    return when(~F.is_micro & ~spared).must(F.has_emergency_plan)


# Chapter 6: scope, transition, definitions


@reading("art_57__para_2", waives=(WHOLE_INSTRUMENT,))
def indoors(_: Parameters) -> Norm:
    """Indoors the decree is silent."""
    return when(F.is_indoor)


@definition("art_59__para_2", term="is_public_body")
def is_public_body(_: Parameters) -> Condition:
    """Police, customs and emergency management."""
    return F.operator_kind.in_(
        OperatorKind.POLICE, OperatorKind.CUSTOMS, OperatorKind.EMERGENCY_MANAGEMENT
    )


@reading("art_61", waives=(*_EXEMPTIONS, "art_24__para_1"))
def old_aircraft_without_reporting(p: Parameters) -> Norm:
    """Old aircraft that cannot report apply for every flight instead."""
    old = F.built_on < p.art_61.built_before
    return when(old & ~F.reports_identification_automatically)


@definition("art_62__item_2", term="is_micro")
def is_micro(p: Parameters) -> Condition:
    """Every limit of micro holds."""
    limits = p.art_62__item_2
    return (
        (F.empty_mass_g < limits.empty_mass)
        & (F.capable_height_mm <= limits.height)
        & (F.capable_speed_mm_h <= limits.speed)
        & F.has_micro_power_radio
        & F.human_can_intervene
    )


@reading("art_62__item_2")
def classed_as_micro(_: Parameters) -> Norm:
    """Aircraft of this class are micro."""
    return when(F.is_micro)


@definition("art_62__item_3", term="is_at_most_light")
def is_at_most_light(p: Parameters) -> Condition:
    """Micro, or every limit of light holds."""
    limits = p.art_62__item_3
    light = (
        (F.empty_mass_g <= limits.empty_mass)
        & (F.max_takeoff_mass_g <= limits.max_takeoff_mass)
        & (F.capable_speed_mm_h <= limits.speed)
        & _keeps_surveilled_and_overridable()
    )
    return F.is_micro | light


@reading("art_62__item_3")
def classed_as_light(_: Parameters) -> Norm:
    """Aircraft of this class are light."""
    return when(F.is_at_most_light & ~F.is_micro)


@definition("art_62__item_4", term="is_at_most_small")
def is_at_most_small(p: Parameters) -> Condition:
    """Light at most, or every limit of small holds."""
    limits = p.art_62__item_4
    small = (
        (F.empty_mass_g <= limits.empty_mass)
        & (F.max_takeoff_mass_g <= limits.max_takeoff_mass)
        & _keeps_surveilled_and_overridable()
    )
    return F.is_at_most_light | small


@reading("art_62__item_4")
def classed_as_small(_: Parameters) -> Norm:
    """Aircraft of this class are small."""
    return when(F.is_at_most_small & ~F.is_at_most_light)


def _keeps_surveilled_and_overridable() -> Condition:
    return F.keeps_airspace & F.is_reliably_surveilled & F.human_can_intervene


@definition("art_62__item_5", term="is_at_most_medium")
def is_at_most_medium(p: Parameters) -> Condition:
    """Small at most, or whatever else is not large."""
    return F.is_at_most_small | (F.max_takeoff_mass_g <= p.art_62__item_5.max_takeoff_mass)


@reading("art_62__item_5")
def classed_as_medium(_: Parameters) -> Norm:
    """Aircraft of this class are medium."""
    return when(F.is_at_most_medium & ~F.is_at_most_small)


@reading("art_62__item_5__large")
def classed_as_large(_: Parameters) -> Norm:
    """Aircraft of this class are large."""
    return when(~F.is_at_most_medium)


@definition("art_62__item_8", term="is_agricultural_class")
def is_agricultural_class(p: Parameters) -> Condition:
    """Built for agriculture alone, within its limits."""
    limits = p.art_62__item_8
    return (
        F.is_agricultural_uav
        & (F.capable_height_mm <= limits.height)
        & (F.capable_speed_mm_h <= limits.speed)
        & (F.capable_radius_mm <= limits.radius)
        & _keeps_surveilled_and_overridable()
    )


@definition("art_62__item_13", term="is_model_aircraft")
def is_model_aircraft(_: Parameters) -> Condition:
    """Model aircraft hold neither height nor position by themselves."""
    return ~F.has_altitude_hold & ~F.has_position_hold & ~F.carries_people
