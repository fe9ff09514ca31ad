"""What is given to be settled: plans, verdicts, times and pairs, each refused where it is none."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import SupportsIndex, TypeGuard

from lowalt.errors import InvalidInputError, UnknownNameError, shown
from lowalt.flights import FlightPlan
from lowalt.temporal import require_aware
from lowalt.verdicts import Verdict


def plans_by_id(plans: Sequence[FlightPlan]) -> dict[str, FlightPlan]:
    """Find the plans by identifier; refuse what is no plan, and an identifier that comes twice.

    Raises
    ------
    InvalidInputError
        As said.
    """
    found: dict[str, FlightPlan] = {}
    for number, plan in enumerate(_each(plans, "plans", "a sequence of flight plans")):
        if not isinstance(plan, FlightPlan):
            raise InvalidInputError(
                f"plans[{number}]: given {shown(plan)}; expected a flight plan, as"
                " lowalt.parse_plan makes one of a document"
            )
        if plan.plan_id in found:
            raise InvalidInputError(
                f"two plans have the identifier {plan.plan_id!r}; plans that are settled together"
                " need one each, so that it is clear who yields"
            )
        found[plan.plan_id] = plan
    return found


def verdicts_by_id(verdicts: Iterable[Verdict], plan_ids: Sequence[str]) -> dict[str, Verdict]:
    """Find the verdicts by plan; refuse what is none, of no plan given, or a second of one plan.

    Raises
    ------
    InvalidInputError
        As said.
    """
    found: dict[str, Verdict] = {}
    for number, verdict in enumerate(_each(verdicts, "verdicts", "a list of verdicts")):
        where = f"verdicts[{number}]"
        if not isinstance(verdict, Verdict):
            raise InvalidInputError(
                f"{where}: given {shown(verdict)}; expected a verdict of lowalt.assess"
            )
        _require_plan(verdict.plan_id, plan_ids, where=where)
        if verdict.plan_id in found:
            raise InvalidInputError(
                f"{where}: a second verdict of plan {verdict.plan_id!r}; give the one that counts"
            )
        found[verdict.plan_id] = verdict
    return found


def require_times(accepted_at: Mapping[str, datetime], plan_ids: Sequence[str]) -> None:
    """Refuse what is no time of acceptance of one of the plans.

    Raises
    ------
    InvalidInputError
        If it is no mapping, or names no plan given, or a time is none.
    NaiveDatetimeError
        If a time has no time zone.
    """
    if not isinstance(accepted_at, Mapping):
        raise InvalidInputError(
            f"accepted_at: given {shown(accepted_at)}; expected times by the identifier of the plan"
        )
    for plan_id, time in accepted_at.items():
        where = f"accepted_at[{plan_id!r}]"
        _require_plan(plan_id, plan_ids, where=where)
        if not isinstance(time, datetime):
            raise InvalidInputError(
                f"{where}: given {shown(time)}; expected a datetime with its time zone"
            )
        require_aware(time, field=where)


def pairs_of_ids(
    pairs: Iterable[Sequence[SupportsIndex] | Sequence[str]], plan_ids: Sequence[str]
) -> Iterator[tuple[str, str]]:
    """Yield each pair as two identifiers, sorted, so that it does not matter how they came.

    Raises
    ------
    InvalidInputError
        If a pair is not two different plans.
    UnknownNameError
        If an identifier is that of no plan.
    """
    for pair in _each(pairs, "pairs", "pairs of two plans each, such as [(0, 1)]"):
        is_text = isinstance(pair, (str, bytes))
        ends = list(pair) if _is_iterable(pair) and not is_text else []
        chosen = sorted({_id(end, plan_ids) for end in ends})
        if len(ends) != 2 or len(chosen) != 2:
            raise InvalidInputError(
                f"pair {shown(pair)}: expected two different plans, by position or by identifier,"
                " such as (0, 1)"
            )
        yield chosen[0], chosen[1]


def _id(end: object, plan_ids: Sequence[str]) -> str:
    if isinstance(end, str):
        if end not in plan_ids:
            raise UnknownNameError(f"no plan {end!r} among those given; {_there_are(plan_ids)}")
        return end
    number = _position(end)
    if not 0 <= number < len(plan_ids):
        raise InvalidInputError(
            f"position {number} in a pair: expected 0 to {len(plan_ids) - 1}, as {len(plan_ids)}"
            " plans were given"
        )
    return plan_ids[number]


def _position(end: object) -> int:
    try:
        if isinstance(end, SupportsIndex) and not isinstance(end, bool):
            return operator.index(end)
    except TypeError:
        pass  # an array of several numbers
    raise InvalidInputError(
        f"{shown(end)} in a pair: expected the position of a plan or its identifier"
    )


def _require_plan(plan_id: object, plan_ids: Sequence[str], *, where: str) -> None:
    if plan_id not in plan_ids:
        raise InvalidInputError(
            f"{where}: of plan {shown(plan_id)}, which is not among those given;"
            f" {_there_are(plan_ids)}"
        )


def _there_are(plan_ids: Iterable[str]) -> str:
    return f"there are {', '.join(plan_ids) or 'none'}"


def _each(given: object, name: str, expected: str) -> Iterator[object]:
    if isinstance(given, (str, bytes, Mapping)) or not _is_iterable(given):
        raise InvalidInputError(f"{name}: given {shown(given)}; expected {expected}")
    return iter(given)


def _is_iterable(given: object) -> TypeGuard[Iterable[object]]:
    """Whether it can be gone through; an array of no dimension only claims to be iterable."""
    try:
        iter(given)  # type: ignore[call-overload]  # whether it can be is the question
    except TypeError:
        return False
    return True
