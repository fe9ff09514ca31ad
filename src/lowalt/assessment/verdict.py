"""The whole chain in one function: plan and airspace in, verdict out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.metadata import version

from lowalt.airspace import AirspaceDataset
from lowalt.assessment.findings import findings
from lowalt.assessment.legs import leg_verdicts
from lowalt.assessment.missing import missing
from lowalt.assessment.not_held import not_held
from lowalt.assessment.obligations import obligations
from lowalt.flights import FlightPlan
from lowalt.judgement import judge
from lowalt.regulations.model import Bilingual
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.situation import Situation, facts_of, lay
from lowalt.temporal import TimeInterval, require_aware
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.verdicts import Record, Verdict
from lowalt.wording import both


def assess(
    plan: FlightPlan,
    *,
    airspace: AirspaceDataset,
    rulebook: Rulebook | None = None,
    submitted_at: datetime | None = None,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> Verdict:
    """Judge one plan.

    Parameters
    ----------
    plan
        The plan.
    airspace
        Zones and jurisdictions.
    rulebook
        The law; by default that of Shenzhen on the local day of departure.
    submitted_at
        When the application is made, with a time zone, where that is not what the plan states.
        Without either, it is not known whether deadlines are met.
    terrain, geoid
        Models to convert levels with. Without terrain, only levels above ground have a known
        true height.

    Returns
    -------
    Verdict
        Decision, a finding for every rule, obligations, and what is missing.

    Raises
    ------
    NaiveDatetimeError
        If ``submitted_at`` has no time zone.
    InvalidInputError
        If the plan's coordinates look like GCJ-02.
    CalendarYearError
        If a rule that does more than advise hangs on working days of a year whose holidays are
        not known.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
    >>> assess(plan, airspace=load_airspace("shenzhen")).decision
    <Decision.PERMITTED: 'permitted'>
    """
    if submitted_at is not None:
        require_aware(submitted_at, field="submitted_at")
    elif plan.submission is not None:
        submitted_at = plan.submission.submitted_at
    if rulebook is None:
        rulebook = load_rulebook("shenzhen", on=plan.departure.date())
    situation = lay(plan, airspace=airspace, terrain=terrain, geoid=geoid)
    judgement = judge(facts_of(situation, submitted_at=submitted_at), rulebook=rulebook)
    flight = TimeInterval(plan.departure, plan.arrival)
    return Verdict(
        plan_id=plan.plan_id,
        on=rulebook.on,
        departure=plan.departure,
        submitted_at=submitted_at,
        decision=judgement.decision,
        best=judgement.best,
        worst=judgement.worst,
        legs=tuple(leg_verdicts(judgement, situation)),
        route=situation.route,
        findings=tuple(findings(judgement, situation)),
        obligations=tuple(obligations(judgement, flight, submitted_at)),
        missing=tuple(missing(judgement, situation)),
        not_held=tuple(not_held(judgement, situation)),
        notices=tuple(_notices(situation)),
        record=Record(
            library=_library(),
            airspace=airspace.digest,
            airspace_name=airspace.name,
            rulebook=rulebook.digest,
            rulebook_name=rulebook.name,
            law=rulebook.origin.name if rulebook.origin is not None else "",
            own_rules=tuple((own.identifier, own.digest) for own in rulebook.own_rules),
            amendments=tuple(amendment.recorded for amendment in rulebook.amendments),
            terrain=None if terrain is None else terrain.name,
            # A geoid has a name where it is one of ours.
            geoid=None if geoid is None else getattr(geoid, "name", type(geoid).__name__),
            plan=plan.digest,
            engine=rulebook.engine.name,
        ),
    )


@cache
def _library() -> str:
    return f"lowalt {version('lowalt')}"


def _notices(situation: Situation) -> Iterable[Bilingual]:
    airspace = situation.airspace
    for text in (airspace.coverage, airspace.disclaimer):
        if text:
            yield both(text["zh"], text["en"])
