"""Our reading of CCAR-92, the operational rules for civil unmanned aircraft."""

from __future__ import annotations

from lowalt.regulations.authoring import F, Norm, definition, must, reading, some, unclear, when
from lowalt.regulations.conditions import Condition
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import AirworthinessDocument, ControlMode, LicenceClass, OperatorKind
from lowalt.vocabulary import Scope


def _out_of_sight() -> Condition:
    return F.control_mode.in_(ControlMode.BVLOS)


def _in_sight() -> Condition:
    return F.control_mode.in_(ControlMode.VLOS)


def _under_pilot_rules() -> Condition:
    return ~F.is_public_body & ~F.is_routine_agriculture & ~F.is_model_aircraft


def _licence_for_bvlos() -> Condition:
    rated = F.licence_class.in_(LicenceClass.SMALL, LicenceClass.MEDIUM) & F.has_bvlos_rating
    return rated | F.licence_class.in_(LicenceClass.LARGE)


def _flies_on_licence() -> Condition:
    needs_one = (~F.is_at_most_light | _out_of_sight()) & _under_pilot_rules()
    # That there is none at all is for the readings that ask for one.
    return needs_one & ~F.licence_class.in_(LicenceClass.NONE)


@reading(
    "art_92_3__c",
    # The chapters named: air traffic (92.5xx) and operation (92.6xx), with the paper on the latter.
    waives=(
        "art_92_521",
        "art_92_531",
        "art_92_531__b",
        "art_92_533",
        "art_92_543__b",
        "art_92_545__c",
        "art_92_601__c",
        "art_92_611__a__time",
        "art_92_611__a__blood",
        "art_92_613",
        "art_92_631__b",
        "art_92_631__e",
        "art_92_631__e__unlicensed",
        "art_92_633",
        "art_92_655",
        "art_92_655__b",
        "cn/ac_92_fs_002_2026#sec_7_1_2__dense",
        "cn/ac_92_fs_002_2026#sec_7_1_2__elsewhere",
        "cn/ac_92_fs_002_2026#sec_7_1_2__light",
    ),
)
def indoors(_: Parameters) -> Norm:
    """Indoors two chapters are silent."""
    return when(F.is_indoor)


@definition("art_92_7", term="is_open_category")
def is_open_category(_: Parameters) -> Condition:
    """Micro, light in suitable airspace, and routine agriculture."""
    return F.is_micro | (F.is_at_most_light & F.is_in_suitable_airspace) | F.is_routine_agriculture


@reading("art_92_51__c", effect=Effect.PROHIBITS)
def pilot_rated_for_bvlos(_: Parameters) -> Norm:
    """Pilots of small and larger aircraft out of sight are rated for it."""
    duty = _out_of_sight() & ~F.is_at_most_light & _under_pilot_rules()
    return when(duty).must(_licence_for_bvlos())


@reading("art_92_51__c__light", effect=Effect.PROHIBITS)
def light_pilot_rated_for_bvlos(_: Parameters) -> Norm:
    """Pilots of light aircraft out of sight are rated for it too."""
    duty = _out_of_sight() & F.is_at_most_light & ~F.is_micro & _under_pilot_rules()
    return when(duty).must(_licence_for_bvlos())


@reading("art_92_61", effect=Effect.PROHIBITS)
def licence_valid(p: Parameters) -> Norm:
    """Licences have not run out."""
    valid_until = F.licence_issued_on.shifted(p.art_92_61.validity)
    return when(_flies_on_licence()).must(F.departure_on <= valid_until)


@reading("art_92_81", effect=Effect.PROHIBITS)
def pilot_checked(p: Parameters) -> Norm:
    """Pilots were checked, or licensed, not too long ago."""
    interval = p.art_92_81.interval
    checked = F.departure_on <= F.licence_checked_on.shifted(interval)
    newly_licensed = F.departure_on <= F.licence_issued_on.shifted(interval)
    return when(_flies_on_licence()).must(checked | newly_licensed)


@reading("art_92_83", effect=Effect.PROHIBITS)
def pilot_proficient(p: Parameters) -> Norm:
    """Pilots of large aircraft and international instrument flights showed proficiency."""
    duty = (~F.is_at_most_medium | F.is_international_ifr) & _flies_on_licence()
    valid_until = F.licence_proficiency_checked_on.shifted(p.art_92_83.interval)
    return when(duty).must(F.departure_on <= valid_until)


@reading("art_92_87", effect=Effect.PROHIBITS)
def pilot_speaks_on_radio(_: Parameters) -> Norm:
    """Among manned aircraft the pilot can speak with everyone."""
    return when(F.requests_fusion & ~F.is_public_body).must(F.has_radio_qualification)


@reading("art_92_201__d", effect=Effect.PROHIBITS)
def one_nationality(_: Parameters) -> Norm:
    """No aircraft has two nationalities."""
    return when(F.has_nationality_registration).must(~F.has_other_nationality)


@reading("art_92_461", effect=Effect.PROHIBITS)
def special_certificate_respected(_: Parameters) -> Norm:
    """Flights under a special certificate keep to its limits."""
    special = F.airworthiness_document.in_(AirworthinessDocument.SPECIAL_CERTIFICATE)
    limits = (
        ~F.carries_people & ~F.requests_fusion & ~F.is_over_dense_population & ~F.leaves_mainland
    )
    return when(special).must(limits)


@reading("art_92_473", effect=Effect.PROHIBITS)
def special_permit_respected(_: Parameters) -> Norm:
    """Flights under a special permit keep to its limits."""
    permit = F.airworthiness_document.in_(AirworthinessDocument.SPECIAL_FLIGHT_PERMIT)
    away_from_traffic = F.is_in_suitable_airspace | ~unclear(
        zh="该空域是否属于繁忙空域", en="whether that airspace is busy"
    )
    return when(permit).must(~F.is_commercial & ~F.is_over_dense_population & away_from_traffic)


@reading("art_92_521", effect=Effect.PROHIBITS)
def reports_dynamics(p: Parameters) -> Norm:
    """Above micro, flight dynamics reach the platform often and soon."""
    often = F.uom_interval_ms <= p.art_92_521.interval
    soon = F.uom_delay_ms <= p.art_92_521.delay
    return when(~F.is_micro).must(F.reports_to_uom & often & soon)


@reading("art_92_531", effect=Effect.REQUIRES_APPROVAL)
def separated_by_a_service(_: Parameters) -> Norm:
    """Where operators meet by design, a service separates them."""
    return when(F.is_on_public_route | F.shares_site).must(F.has_separation_service)


@reading("art_92_531__b", effect=Effect.ADVISES)
def open_category_separates_itself(_: Parameters) -> Norm:
    """Aircraft of the open category are seen, or have another way to avoid others."""
    return when(F.is_open_category).must(_in_sight() | F.has_avoidance_measure)


@reading("art_92_533", effect=Effect.REQUIRES_APPROVAL)
def flow_managed_on_public_routes(_: Parameters) -> Norm:
    """On a public route the flow is managed for all."""
    return when(F.is_on_public_route).must(F.has_flow_service)


@reading("art_92_543__b", effect=Effect.PROHIBITS)
def receives_traffic(_: Parameters) -> Norm:
    """Out of sight, a traffic-situation service is received."""
    return when(_out_of_sight()).must(F.has_traffic_service)


@reading("art_92_545__c", effect=Effect.REQUIRES_FILING)
def knows_population_below(_: Parameters) -> Norm:
    """Over a dense population, how dense it is is known."""
    return when(F.is_over_dense_population).must(F.has_population_data_service)


@reading("art_92_601__c", effect=Effect.PROHIBITS)
def certified_operations_certified(_: Parameters) -> Norm:
    """People, dangerous goods, instrument flight abroad, large aircraft over many: if certified."""
    large_over_people = ~F.is_at_most_medium & F.is_over_dense_population
    # Only who leaves the Mainland needs to say whether it is by international instrument rules.
    abroad_by_instruments = F.leaves_mainland & F.is_international_ifr
    certified_category = (
        F.carries_people | F.carries_dangerous_goods | abroad_by_instruments | large_over_people
    )
    return when(certified_category).must(
        F.has_operator_certificate & F.certificate_covers_operation
    )


@reading("art_92_611__a__time", effect=Effect.PROHIBITS)
def sober_for_long_enough(p: Parameters) -> Norm:
    """Pilots have not drunk for long enough."""
    return must(F.time_since_alcohol_ms > p.art_92_611__a__time.abstinence)


@reading("art_92_611__a__blood", effect=Effect.PROHIBITS)
def sober_in_blood(p: Parameters) -> Norm:
    """Pilots have less alcohol in the blood than the limit."""
    return must(F.blood_alcohol_ppm < p.art_92_611__a__blood.blood_alcohol)


@reading("art_92_613", effect=Effect.PROHIBITS)
def fenced(_: Parameters) -> Norm:
    """From small up everywhere, and light ones in key areas, the electronic fence works."""
    in_key_area = ~F.is_micro & some(Scope.ENCOUNTER, F.is_controlled_zone)
    return when(~F.is_at_most_light | in_key_area).must(F.has_working_e_fence)


@reading("art_92_631__b", effect=Effect.PROHIBITS)
def keeps_off_crowds_in_sight(_: Parameters) -> Norm:
    """Civil flight in sight keeps off assembled crowds."""
    return when(_in_sight() & ~F.is_public_body).must(~F.overflies_crowd)


def _by_night_in_sight() -> Condition:
    return _in_sight() & F.is_partly_at_night & ~F.is_public_body


@reading("art_92_631__e", effect=Effect.PROHIBITS)
def night_rated_in_sight(_: Parameters) -> Norm:
    """In sight by night, the licence that is needed covers the night."""
    takes_licence = ~F.is_at_most_light & ~F.is_routine_agriculture
    return when(_by_night_in_sight() & takes_licence).must(F.has_night_rating)


@reading("art_92_631__e__unlicensed", effect=Effect.PROHIBITS)
def night_without_licence(_: Parameters) -> Norm:
    """In sight by night, whoever needs no licence may still have to be rated."""
    takes_none = F.is_at_most_light | F.is_routine_agriculture
    reached = unclear(
        zh="该款是否及于无需执照的操控员",
        en="whether the paragraph reaches pilots who need no licence",
    )
    return when(_by_night_in_sight() & takes_none & reached).must(F.has_night_rating)


@reading("art_92_633", effect=Effect.PROHIBITS)
def pilot_can_take_over_out_of_sight(_: Parameters) -> Norm:
    """Out of sight, a pilot can take over at any time."""
    return when(_out_of_sight()).must(F.human_can_intervene)


@reading("art_92_655", effect=Effect.PROHIBITS)
def certificate_valid(p: Parameters) -> Norm:
    """Operator certificates that are needed have not run out."""
    needed = (
        F.operator_kind.in_(OperatorKind.UNIT)
        & ~F.is_micro
        & ~F.is_routine_agriculture
        & F.has_operator_certificate
    )
    valid_until = F.operator_certificate_issued_on.shifted(p.art_92_655.validity)
    return when(needed).must(F.departure_on <= valid_until)


@reading("art_92_655__b", effect=Effect.REQUIRES_FILING, deadline="notice_lead")
def resumption_announced(p: Parameters) -> Norm:
    """Operations resumed after a gap were announced."""
    gaps, last = p.art_92_655__b, F.last_operation_of_kind_on
    with_people = F.carries_people & (F.departure_on >= last.shifted(gaps.gap_with_people))
    any_kind = F.departure_on >= last.shifted(gaps.gap_without_people)
    in_time = F.resumption_notice_on <= F.departure_on.shifted(gaps.notice_lead)
    return when(F.has_operator_certificate & (with_people | any_kind)).must(
        F.resumption_notice_given & in_time
    )
