"""Our reading of AP-45-01R6, the registration procedure."""

from __future__ import annotations

from lowalt.regulations.authoring import WHOLE_INSTRUMENT, F, Norm, must, reading, when
from lowalt.regulations.model import Effect, Parameters


@reading("sec_1_4_3", waives=(WHOLE_INSTRUMENT,))
def indoors(_: Parameters) -> Norm:
    """Indoors nothing is registered."""
    return when(F.is_indoor)


@reading("sec_1_5", effect=Effect.ADVISES)
def mark_well_formed(_: Parameters) -> Norm:
    """Registration marks are well formed."""
    return must(F.registration_mark_is_well_formed)


@reading("sec_4_6", effect=Effect.REQUIRES_FILING)
def registration_confirmed(p: Parameters) -> Norm:
    """Registration data are not older than a year, after a first time of grace."""
    rule = p.sec_4_6
    in_grace = (F.registered_on < rule.registered_before) & (
        F.departure_on < rule.first_confirmation_before
    )
    confirmed = F.departure_on <= F.registration_confirmed_on.shifted(rule.interval)
    newly_registered = F.departure_on <= F.registered_on.shifted(rule.interval)
    duty = ~F.is_public_body & ~F.is_model_aircraft
    return when(duty).must(in_grace | confirmed | newly_registered)
