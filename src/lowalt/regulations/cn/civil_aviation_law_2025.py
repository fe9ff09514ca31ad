"""Our reading of the Civil Aviation Law as revised in 2025, for manned aircraft."""

from __future__ import annotations

from lowalt.missions import PUBLIC_TASKS, with_parts
from lowalt.regulations.authoring import F, Norm, must, reading, unclear, when
from lowalt.regulations.model import Effect, Parameters
from lowalt.terms import AirworthinessDocument, MissionKind, RegistrationState


@reading("art_78__registration", effect=Effect.PROHIBITS)
def registered(_: Parameters) -> Norm:
    """Manned aircraft are registered, and the registration stands."""
    in_order = F.registration_state.in_(RegistrationState.NORMAL)
    return must(F.has_nationality_registration & in_order)


@reading("art_78__airworthiness", effect=Effect.PROHIBITS)
def airworthy(_: Parameters) -> Norm:
    """Manned aircraft are airworthy on paper."""
    held = F.airworthiness_document.in_(
        AirworthinessDocument.CERTIFICATE,
        AirworthinessDocument.SPECIAL_CERTIFICATE,
        AirworthinessDocument.SPECIAL_FLIGHT_PERMIT,
    )
    return must(held & F.airworthiness_is_current)


@reading("art_83", effect=Effect.PROHIBITS)
def no_needless_flight_over_cities(_: Parameters) -> Norm:
    """Cities are overflown for a reason, at a safe height or with approval."""
    return when(F.overflies_city).must(
        F.city_overflight_is_needed | F.clears_city_in_emergency | F.has_city_overflight_approval
    )


@reading("art_84", effect=Effect.PROHIBITS)
def nothing_dropped_needlessly(_: Parameters) -> Norm:
    """Things are dropped for safety, rescue or the public interest only."""
    rescue = F.mission_kind.in_(
        MissionKind.MEDICAL_RESCUE,
        MissionKind.DISASTER_RELIEF,
        *with_parts(MissionKind.FIREFIGHTING),
    )
    public = F.mission_kind.in_(*PUBLIC_TASKS) & F.is_public_welfare
    perhaps_public = (
        F.mission_kind.in_(MissionKind.AGRICULTURE, MissionKind.OTHER)
        & F.is_public_welfare
        & unclear(
            zh="该任务是否符合社会公共利益",
            en="whether the task is in the public interest",
        )
    )
    return when(F.drops_objects).must(
        F.dropping_serves_safety | ((rescue | public) & F.task_is_assigned) | perhaps_public
    )


@reading("art_161", effect=Effect.PROHIBITS)
def insured(_: Parameters) -> Norm:
    """General aviation is insured against harm to others."""
    return must(F.is_insured)


@reading("art_206", effect=Effect.PROHIBITS)
def no_cabotage(_: Parameters) -> Norm:
    """Foreign aircraft do not carry for hire within the Mainland."""
    return when(F.is_foreign_aircraft).must(~F.carries_between_mainland_points)
