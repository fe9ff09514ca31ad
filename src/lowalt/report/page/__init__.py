"""The report of one plan: one page that holds all it shows and opens without any network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from lowalt.airspace import AirspaceDataset
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan
from lowalt.regulations.rulebook import Rulebook
from lowalt.remedy import Remedy
from lowalt.report.conflicts import PlanConflict
from lowalt.report.page.assets import assets, embedded, read
from lowalt.report.page.charting import chart, laws_of
from lowalt.report.page.findings import elsewhere_of, groups_of
from lowalt.report.page.profile import profile
from lowalt.report.page.sections import (
    actions_of,
    basis_of,
    head_of,
    legs_of,
    meetings_of,
    offers_of,
    questions_of,
    route_of,
    stays_of,
)
from lowalt.report.page.seeing_to import duties_of, first_deadline
from lowalt.report.page.words import WORDS, each
from lowalt.report.page.zones import KEY_OF_ZONES
from lowalt.report.scene import Scene, scenes_of
from lowalt.report.text import Language
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.timelines import Timeline, timeline
from lowalt.verdicts import Decision, Verdict

__all__ = ["report_page"]


def report_page(
    verdict: Verdict,
    plan: FlightPlan,
    *,
    airspace: AirspaceDataset,
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
    conflicts: Sequence[PlanConflict] | None = None,
    remedies: Sequence[Remedy] | None = None,
    rulebook: Rulebook | None = None,
    lang: Language = "zh",
    now: datetime | None = None,
) -> str:
    """Write what was decided of a plan as one HTML page.

    The page holds the decision in words, by shape and in colour; the first deadline, what is
    missing and what would make it pass; every finding, which unfolds to its facts, the provision
    and its source; the timeline of obligations; the missing facts as a checklist; an interactive
    map and a vertical profile. Both languages are in it, one is shown at a time. It asks for
    nothing from any network, and forbids itself to. The same input gives the same page.

    Parameters
    ----------
    verdict
        What :func:`lowalt.assess` said of the plan.
    plan
        The plan.
    airspace
        The dataset that it was judged over.
    terrain, geoid
        Models to convert levels with; terrain is drawn too.
    conflicts
        Its conflicts with other plans; ``None`` where none were looked for.
    remedies
        What :func:`lowalt.remedies` found; ``None`` where that was not asked, and the page lists
        what the rules tell the operator to do.
    rulebook
        Where the provisions are read from; by default the law that comes with lowalt. Give it
        where rules of one's own were added.
    lang
        Language shown first, ``zh`` or ``en``.
    now
        Moment for which to say what is open and what is late; by default the time at which the
        application is made.

    Returns
    -------
    str
        The page.

    Raises
    ------
    InvalidInputError
        If the verdict is of another plan, or the language is not one of the two.
    NaiveDatetimeError
        If `now` has no time zone.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.assessment import assess
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
    >>> airspace = load_airspace("shenzhen")
    >>> page = report_page(assess(plan, airspace=airspace), plan, airspace=airspace)
    >>> page.splitlines()[0], "可以飞行" in page, "PERMITTED" in page
    ('<!doctype html>', True, True)
    """
    if lang not in ("zh", "en"):
        raise InvalidInputError(f"lang={lang!r}: lowalt speaks 'zh' and 'en'")
    (scene,) = scenes_of((plan,), (verdict,), airspace=airspace, terrain=terrain, geoid=geoid)
    drawn = {
        "chart": chart(scene, conflicts or ()),
        "profile": profile(scene),
        "words": {name: dict(WORDS[name]) for name in _SAID_BY_THE_SCRIPT},
    }
    return _template().render(
        lang=lang,
        words=WORDS,
        plan_id=plan.plan_id,
        assets=assets(styles=(read("page.css"),), scripts=(read("page.js"),)),
        data=embedded(drawn),
        offers=None if remedies is None else offers_of(remedies),
        meetings=None if conflicts is None else meetings_of(conflicts),
        groups=groups_of(verdict, rulebook),
        **_of_verdict(verdict, timeline(verdict, now=now)),
        **_of_figures(scene, drawn["profile"]),
    )


def _of_verdict(verdict: Verdict, steps: Timeline) -> dict[str, Any]:
    """Gather what the page says of a verdict."""
    duties = duties_of(steps)
    return {
        "head": head_of(verdict, steps.as_of),
        "first": first_deadline(steps, duties),
        "duties": duties,
        "elsewhere": elsewhere_of(verdict),
        "missing": questions_of(verdict),
        "actions": actions_of(verdict),
        "passes": verdict.decision is Decision.PERMITTED,
        "legs": legs_of(verdict),
        "route": route_of(verdict),
        "not_held": [each(gap.said) for gap in verdict.not_held],
        "notices": verdict.notices,
        "basis": basis_of(verdict),
    }


def _of_figures(scene: Scene, heights: Mapping[str, Any]) -> dict[str, Any]:
    """Gather what stands beside map and profile."""
    return {
        "stays": stays_of(scene),
        "laws": laws_of(scene),
        "asks": KEY_OF_ZONES,
        "height_axis": heights["axis"],
        "remarks": heights["remarks"],
    }


_SAID_BY_THE_SCRIPT = ("clock", "distance")


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("lowalt.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")
