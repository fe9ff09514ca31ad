"""One row a plan: what a day's table holds of it, judged many at a time.

Their statuses are found together, as :func:`lowalt.assess_many` does. Plan by plan it is then asked
what each owes and leaves open; no verdict is written out, since nobody reads thousands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from lowalt.cli.check.asked import Asked, World
from lowalt.cli.sources import Source
from lowalt.errors import LowaltError
from lowalt.verdicts import Decision, Status

if TYPE_CHECKING:
    from lowalt.assessment.many import TabulatedPlans, VerdictTable
    from lowalt.flights import FlightPlan
    from lowalt.formats.plans.exchange import Told
    from lowalt.regulations.rulebook import Rulebook

# By their keys in a row; of the rules' other statuses nobody has to think.
_KEYS = {"breached": Status.BREACHED, "required": Status.REQUIRED, "open": Status.MISSING_INFO}

Row = dict[str, Any]
"""JSON values; the keys are those of :data:`lowalt.cli.check.tables.COLUMNS`, and ``deadlines``."""


@dataclass(frozen=True, slots=True)
class Part:
    """Every so manieth plan of a file, so that several processes can share a large one."""

    source: Source
    told: Told
    number: int = 0
    of: int = 1


@dataclass(frozen=True, slots=True)
class _Item:
    """A plan, with where it stands; or why it could not be read."""

    row: Row
    plan: FlightPlan | None = None


def world_of_rows(asked: Asked) -> World:
    """Open the world for rows.

    Both engines answer alike; the one in Python settles a single flight three times as fast.
    """
    return World(asked, engine="reference")


def row_worker(asked: Asked) -> RowWorker:
    """Make what turns parts of files into rows, in another process."""
    return RowWorker(world_of_rows(asked))


class RowWorker:
    """Turns parts of files into rows."""

    def __init__(self, world: World) -> None:
        self._world = world

    def __call__(self, parts: Sequence[Part]) -> list[Row]:
        """Read some parts of files and judge their plans, in their order."""
        items = [item for part in parts for item in _items(part)]
        judged: dict[int, Row] = {}
        for day, numbers in _groups(items):
            self._judge(items, numbers, day, judged)
        return [judged.get(number, item.row) for number, item in enumerate(items)]

    def _judge(
        self, items: Sequence[_Item], numbers: list[int], day: date, judged: dict[int, Row]
    ) -> None:
        """Judge plans together; where that is refused, find whose fault it is by halving."""
        try:
            found = self._rows([items[number] for number in numbers], self._world.law(day))
        except (LowaltError, OSError) as error:
            if len(numbers) > 1:
                middle = len(numbers) // 2
                self._judge(items, numbers[:middle], day, judged)
                self._judge(items, numbers[middle:], day, judged)
                return
            found = [{**items[numbers[0]].row, "error": said(error)}]
        judged.update(zip(numbers, found, strict=True))

    def _rows(self, items: Sequence[_Item], law: Rulebook) -> list[Row]:
        from lowalt.assessment.many import tabulate

        world = self._world
        tabulated = tabulate(
            [item.plan for item in items if item.plan is not None],
            airspace=world.airspace,
            submitted_at=world.asked.submitted_at,
            terrain=world.terrain,
            geoid=world.geoid,
        )
        table = tabulated.judge(law)
        return [
            {**item.row, **statuses, **self._owed(tabulated, number, law)}
            for number, (item, statuses) in enumerate(
                zip(items, _statuses(table, law), strict=True)
            )
        ]

    def _owed(self, tabulated: TabulatedPlans, number: int, law: Rulebook) -> Row:
        """Say by when somebody has to be asked or told what, and what the plan leaves open."""
        from lowalt.assessment.missing import missing_fields
        from lowalt.assessment.obligations import obligations
        from lowalt.temporal import TimeInterval
        from lowalt.timelines import rows_of

        plan, asked = tabulated.plans[number], self._world.asked
        submitted_at = asked.submitted_at
        if submitted_at is None and plan.submission is not None:
            submitted_at = plan.submission.submitted_at
        judgement = tabulated.judgement(number, rulebook=law)
        flight = TimeInterval(plan.departure, plan.arrival)
        steps = rows_of(
            obligations(judgement, flight, submitted_at),
            departure=plan.departure,
            as_of=asked.as_of or submitted_at,
        )
        return {
            "missing": list(missing_fields(judgement)),
            "deadlines": [
                {
                    "due": step["time"],
                    **{key: step[key] for key in ("kind", "state", "certain", "citation")},
                    "addressee": step["addressee"],
                }
                for step in (row.to_dict() for row in steps if _is_to_do(row))
            ],
        }


def _is_to_do(row: Any) -> bool:
    """Whether it is the operator who has to do something by then, and may not have."""
    from lowalt.timelines import RowState, Step

    return (
        row.time is not None
        and row.binding
        and row.kind in (Step.ASK, Step.FILE, Step.CONFIRM)
        and row.state in (RowState.LATE, RowState.OPEN, RowState.UNKNOWN)
    )


def _items(part: Part) -> list[_Item]:
    """Read the plans of a part of a file, and in the place of those that cannot be read, why."""
    from lowalt.formats.plans.files import read_plans_bytes

    source = part.source
    row: Row = {"file": source.label, "sha256": None, "item": 0, "items": 1, "plan_id": None}
    try:
        content = source.content()
        row["sha256"] = sha256(content).hexdigest()
        reading = read_plans_bytes(content, name=source.name, told=part.told)
    except (LowaltError, OSError) as error:
        return [_Item({**row, "error": said(error)})] if part.number == 0 else []
    row["items"] = len(reading.plans) + len(reading.refused)
    notes: dict[str, list[str]] = {}
    for loss in reading.losses:
        notes.setdefault(loss.feature, []).append(str(loss))
    items = [
        _Item(
            {
                **row,
                "plan_id": plan.plan_id,
                "departure": plan.departure.isoformat(),
                "notes": notes.pop(plan.plan_id, []) + notes.pop("", []),
            },
            plan,
        )
        for plan in reading.plans
    ]
    items += [_Item({**row, "error": said(refusal)}) for refusal in reading.refused]
    for number, item in enumerate(items):
        item.row["item"] = number
    return items[part.number :: part.of]


def _groups(items: Iterable[_Item]) -> Iterator[tuple[date, list[int]]]:
    """Group plans by the day whose law they are under, no two of one name in a group."""
    seen: Counter[tuple[date, str]] = Counter()
    groups: dict[tuple[date, int], list[int]] = {}
    for number, item in enumerate(items):
        if item.plan is None:
            continue
        day = item.plan.departure.date()
        before = seen[day, item.plan.plan_id]
        seen[day, item.plan.plan_id] += 1
        groups.setdefault((day, before), []).append(number)
    return ((day, numbers) for (day, _), numbers in groups.items())


def _statuses(table: VerdictTable, law: Rulebook) -> Iterator[Row]:
    """Write the decisions, and which rules stand against a plan or are open, the strictest first.

    Advice is left out: it decides nothing.
    """
    from lowalt.judgement import CONSEQUENCE
    from lowalt.judgement_table import DECISIONS, STATUSES

    telling = sorted(
        (rule for rule in law.rules if CONSEQUENCE[rule.effect] is not Decision.PERMITTED),
        key=lambda rule: -CONSEQUENCE[rule.effect].rank,
    )
    columns = {citation: column for column, citation in enumerate(table.citations)}
    status = table.status[:, [columns[rule.citation] for rule in telling]]
    for number, decision in enumerate(table.decision.tolist()):
        yield {
            "decision": DECISIONS[decision].value,
            "best": DECISIONS[table.best[number]].value,
            "worst": DECISIONS[table.worst[number]].value,
            **{
                key: [
                    telling[column].citation
                    for column in (status[number] == STATUSES.index(wanted)).nonzero()[0]
                ]
                for key, wanted in _KEYS.items()
            },
        }


def said(error: LowaltError | OSError) -> str:
    """Say what is wrong without the file's name, which stands beside it."""
    return str(getattr(error, "strerror", None) or error)
