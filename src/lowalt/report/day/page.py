"""Plans and verdicts in, the page of a day out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from string import ascii_letters, digits
from types import MappingProxyType
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, Template

from lowalt.airspace import AirspaceDataset
from lowalt.assessment.many import VerdictTable
from lowalt.density import DensityTable
from lowalt.errors import InvalidInputError
from lowalt.flights import FlightPlan
from lowalt.flights.plan import BEIJING
from lowalt.regulations.rulebook import Rulebook, load_rulebook
from lowalt.report.conflicts import PlanConflict
from lowalt.report.day import crowding, drawing, rows
from lowalt.report.day.words import DAY_WORDS, DECISION_WORDS, STATUS_WORDS, STRICTEST_FIRST
from lowalt.report.page.assets import assets, embedded, read
from lowalt.report.text import Language
from lowalt.verdicts import Decision, Verdict

_MOST_DUE: Final = 8
_MOST_FREQUENT: Final = 6
_MOST_CROWDED: Final = 60


def day_page(
    plans: Sequence[FlightPlan],
    verdict_table: VerdictTable,
    *,
    verdicts: Iterable[Verdict] = (),
    density: DensityTable | None = None,
    capacity: int | None = None,
    conflicts: Sequence[PlanConflict] | None = None,
    pages: Mapping[str, str] = MappingProxyType({}),
    airspace: AirspaceDataset | None = None,
    rulebook: Rulebook | None = None,
    lang: Language = "zh",
    now: datetime | None = None,
) -> str:
    """Write what was decided of the plans of a day as one HTML page.

    The page holds how many plans were decided how, what most often stands against them and the
    earliest deadlines; a table that can be searched and sorted and leads to each plan; a map of
    all routes by decision; and the density by cell, height band and time slot with the hours above
    a capacity. Both languages are in it. It asks for nothing from any network, and forbids itself
    to. The same input gives the same page.

    Parameters
    ----------
    plans
        The plans.
    verdict_table
        What :func:`lowalt.assess_many` said of them.
    verdicts
        Full verdicts of some of them, which deadlines and main findings are taken from; of the
        others the table names the rules and their status, and no deadlines.
    density
        What :func:`lowalt.density.density` counted.
    capacity
        So many flights in a cell, band and slot are still accepted; ``None`` where none is chosen.
    conflicts
        Conflicts among the plans; ``None`` where none were looked for.
    pages
        Where the page of a plan's own is, by its identifier: a path from where this page will be.
    airspace
        The dataset whose zones and boundaries are drawn on the maps.
    rulebook
        Where the names of provisions are read from; by default the law of the first departure.
    lang
        Language shown first, ``zh`` or ``en``.
    now
        Moment for which to say what is late; by default the time at which each application is
        made.

    Returns
    -------
    str
        The page. Of more than 5,000 plans the most lenient are counted but not listed, and the
        page says so.

    Raises
    ------
    InvalidInputError
        If there are no plans, the table or a verdict is of others, or the language is not one of
        the two.

    Examples
    --------
    >>> from lowalt.airspace import load_airspace
    >>> from lowalt.assessment.many import assess_many
    >>> from lowalt.density import density_table
    >>> from lowalt.flights import read_plan
    >>> plan = read_plan("examples/plans/01_light_uav_suitable_airspace.json")
    >>> table = assess_many([plan], airspace=load_airspace("shenzhen"))
    >>> page = day_page([plan], table, density=density_table([plan]), capacity=5)
    >>> page.splitlines()[0], plan.plan_id in page
    ('<!doctype html>', True)
    """
    known = _checked(plans, verdict_table, verdicts, lang)
    order = rows.strictest_first(verdict_table)
    numbers = order[: rows.MOST_LISTED]
    days = sorted({plan.departure.astimezone(BEIJING).date() for plan in plans})
    book = load_rulebook("shenzhen", on=days[0]) if rulebook is None else rulebook
    labels = rows.Labels(known, book)
    dues = {
        name: due
        for name, verdict in known.items()
        if (due := rows.first_due(verdict, now=now)) is not None
    }
    data = {
        **rows.listed_rows(
            verdict_table,
            numbers,
            verdicts=known,
            dues=dues,
            conflicts=conflicts,
            pages={name: _link(path) for name, path in pages.items()},
            labels=labels,
        ),
        **_drawn([plans[number] for number in numbers], airspace),
        "density": None if density is None else crowding.drawn(density, capacity),
        "statuses": [[text["zh"], text["en"]] for text in STATUS_WORDS.values()],
        "words": {name: [DAY_WORDS[name]["zh"], DAY_WORDS[name]["en"]] for name in _SAID_BY_SCRIPT},
    }
    return _template().render(
        assets=assets(
            styles=(read("page.css"), read("day.css", home=_HOME)),
            scripts=(read("day.js", home=_HOME),),
        ),
        data=embedded(data),
        lang=lang,
        words=DAY_WORDS,
        days=[day.isoformat() for day in days],
        total=len(plans),
        left_out=len(order) - len(numbers),
        decisions=_shares(verdict_table),
        assessed=len(known),
        frequent=rows.frequent(verdict_table, labels, most=_MOST_FREQUENT),
        conflicts=None if conflicts is None else len(conflicts),
        basis=_basis(known.values(), airspace, book),
        **_deadlines(dues.values()),
        **_crowded(density, capacity),
    )


def _drawn(plans: Sequence[FlightPlan], airspace: AirspaceDataset | None) -> dict[str, Any]:
    """Draw routes, and the airspace around them."""
    shapes, of_plan = drawing.routes_of(plans)
    bounds = drawing.bounds_of(shapes)
    around = drawing.surroundings(airspace, bounds) if airspace and bounds else {}
    return {"shapes": shapes, "shape_of": of_plan, "bounds": bounds, "airspace": around}


def _shares(table: VerdictTable) -> list[dict[str, Any]]:
    """Count the plans of each decision, the strictest first."""
    counts = table.counts()
    return [
        {
            "css": css_of(decision),
            "name": DECISION_WORDS[decision],
            "count": counts.get(decision, 0),
            "number": number,
        }
        for number, decision in enumerate(STRICTEST_FIRST)
    ]


def _deadlines(dues: Iterable[rows.Due]) -> dict[str, Any]:
    """List the earliest deadlines, late ones first."""
    urgent = sorted(dues, key=lambda due: (not due.is_late, due.time, due.plan_id))
    return {
        "dues": [_said(due) for due in urgent[:_MOST_DUE]],
        "more_dues": max(len(urgent) - _MOST_DUE, 0),
    }


def _crowded(density: DensityTable | None, capacity: int | None) -> dict[str, Any]:
    """List where there are more flights than the capacity."""
    crowded = () if density is None or capacity is None else density.above(capacity)
    return {
        "density": density,
        "least": 0 if density is None else crowding.least_drawn(density),
        "capacity": capacity,
        "crowded": [crowding.row_of(c, density) for c in crowded[:_MOST_CROWDED] if density],
        "all_crowded": len(crowded),
    }


_HOME = "lowalt.report.day"

_SAID_BY_SCRIPT = (
    "zones",
    "lines",
    "routes",
    "from_to",
    "play",
    "pause",
    "all_bands",
    "under_way",
    "busiest",
    "capacity",
    "flights_here",
    "late",
    "departure",
)


def css_of(decision: Decision) -> str:
    """Name the class of a decision.

    Examples
    --------
    >>> css_of(Decision.FILING_REQUIRED)
    'is-filing-required'
    """
    return "is-" + decision.value.replace("_", "-")


def _checked(
    plans: Sequence[FlightPlan], table: VerdictTable, verdicts: Iterable[Verdict], lang: str
) -> dict[str, Verdict]:
    """Refuse verdicts of other plans; give those in full by plan."""
    if lang not in ("zh", "en"):
        raise InvalidInputError(f"lang={lang!r}: lowalt speaks 'zh' and 'en'")
    if not plans:
        raise InvalidInputError("no plan for the page of a day; give one or more")
    if tuple(plan.plan_id for plan in plans) != table.plan_ids:
        raise InvalidInputError(
            "verdict_table: it is of other plans, or in another order; give the table that"
            " assess_many makes of these plans"
        )
    known = {verdict.plan_id: verdict for verdict in verdicts}
    if strange := sorted(known.keys() - set(table.plan_ids)):
        raise InvalidInputError(f"verdicts: one is of {strange[0]!r}, which is none of the plans")
    return known


def _link(path: str) -> str:
    """Write the path of a file as a relative link: what is no plain character is escaped.

    So nothing in it can be a scheme, a query or a host.

    Examples
    --------
    >>> _link("plans/P 1.html"), _link("javascript:x")
    ('plans/P%201.html', 'javascript%3Ax')
    """
    if path.startswith(("/", "\\")):
        raise InvalidInputError(
            f"pages: given {path!r}, expected a path from the page, such as 'plans/P1.html'"
        )
    plain = frozenset(ascii_letters + digits + "-._~/")
    return "".join(
        letter if letter in plain else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in path
    )


def _said(due: rows.Due) -> dict[str, Any]:
    row = due.row
    return {
        "is_late": due.is_late,
        "time": rows.clock(due.time),
        "plan": rows.shortened(due.plan_id),
        "addressee": row.addressee,
        "label": row.label,
    }


def _basis(
    verdicts: Iterable[Verdict], airspace: AirspaceDataset | None, book: Rulebook
) -> list[dict[str, Any]]:
    """Say what the page rests on: digests, as far as they are known."""
    found = [{"what": DAY_WORDS["rules"], "name": book.name, "digest": book.digest}]
    if airspace is not None:
        found.append(
            {"what": DAY_WORDS["airspace"], "name": airspace.name, "digest": airspace.digest}
        )
    library = next((verdict.record.library for verdict in verdicts), None)
    if library is not None:
        found.append({"what": DAY_WORDS["library"], "name": library, "digest": ""})
    return found


@cache
def _template() -> Template:
    environment = Environment(
        # The marks of decisions are those of the page of one plan.
        loader=ChoiceLoader([PackageLoader(_HOME), PackageLoader("lowalt.report.page")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("day.html.j2")
