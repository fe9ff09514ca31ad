"""Facts of what was applied for, filed and approved, and when."""

from __future__ import annotations

from datetime import datetime

from lowalt.flights import (
    Aircraft,
    Communication,
    EmergencyPlan,
    FlightPlan,
    Mission,
    Operator,
    Registration,
    Submission,
)
from lowalt.situation.approvals import coverage, holds_for_period
from lowalt.situation.declared.values import Known, instant, part, settled, stated
from lowalt.situation.laying import Situation
from lowalt.temporal import epoch_ms
from lowalt.terms import ApprovalKind


def approval_facts(situation: Situation) -> dict[str, Known]:
    """Which approvals are held that cover the flight."""
    flight = coverage(situation, ApprovalKind.FLIGHT_ACTIVITY)
    long_term = coverage(situation, ApprovalKind.LONG_TERM)
    return {
        "holds_flight_approval": settled(flight.holds),
        "holds_long_term_approval": settled(long_term.holds),
        "flight_approval_class": flight.largest_class,
        "long_term_approval_class": long_term.largest_class,
        "holds_task_approval": settled(holds_for_period(situation, ApprovalKind.TASK)),
        "holds_fusion_approval": settled(holds_for_period(situation, ApprovalKind.FUSION)),
    }


def filing_facts(plan: FlightPlan, submitted_at: datetime | None) -> dict[str, Known]:
    """Say what was filed and reported, and when."""
    submission = part(plan.submission, Submission)
    return {
        "departure_at": epoch_ms(plan.departure),
        "departure_on": plan.departure.date().toordinal(),
        "submitted_at": instant(submitted_at or submission.submitted_at),
        "answered_at": instant(submission.answered_at),
        "readiness_reported_at": instant(submission.readiness_reported_at),
        "take_off_is_confirmed": submission.take_off_confirmed,
        "periodic_filing_is_made": submission.periodic_filing_made,
    }


def application_facts(plan: FlightPlan) -> dict[str, Known]:
    """Which of the thirteen items of art. 27 the plan states; what it leaves out is unknown."""
    aircraft, mission = part(plan.aircraft, Aircraft), part(plan.mission, Mission)
    operator, communication = part(plan.operator, Operator), part(plan.communication, Communication)
    return {
        "application_names_organiser": stated(operator.name, plan.pilots or None),
        "application_names_aircraft": stated(
            aircraft.model, aircraft.count, part(aircraft.registration, Registration).mark
        ),
        "application_names_task": stated(mission.kind, mission.control_mode),
        "application_names_sites": stated(
            plan.departure_site, plan.landing_site, plan.alternate_sites
        ),
        "application_names_communication": stated(communication.means),
        # Without its times a plan is none.
        "application_names_period": True,
        "application_names_entry_exit": stated(plan.entry_exit_method),
        "application_names_c2_link": stated(
            communication.c2_frequency_mhz, communication.c2_bandwidth_mhz
        ),
        "application_names_surveillance": stated(
            communication.navigation_means, communication.surveillance_means
        ),
        "application_names_transponder": stated(communication.surveillance_code_requested),
        "application_names_emergency": part(plan.emergency_plan, EmergencyPlan).has_procedures,
        "application_names_special_support": stated(plan.special_support),
        "application_names_other_data": stated(plan.other_data),
    }
