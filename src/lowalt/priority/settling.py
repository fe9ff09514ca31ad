"""Which of two plans yields: what is asked, in order, until something decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import SupportsIndex

from lowalt.flights import FlightPlan
from lowalt.priority.given import pairs_of_ids, plans_by_id, require_times, verdicts_by_id
from lowalt.priority.outcomes import Outcome, Precedence
from lowalt.priority.standing import FLYING_TOGETHER, Standing
from lowalt.regulations.model import Bilingual
from lowalt.verdicts import Decision, Status, Verdict
from lowalt.wording import both

_DECREE = "cn/order_761_2023#"
_APART = f"{_DECREE}art_22__para_1"
_GIVING_WAY = f"{_DECREE}art_33"
_VISUAL_AVOIDANCE = "cn/order_288_2007#art_71"
_FIRST_COME = "std/astm_f3548_21#priority"

_SINCE = date(2024, 1, 1)
"""From when decree 761 holds, on which the order rests."""

_NO_LEAVE = {
    False: ("未见融合飞行获准", "no approval of flying together is shown"),
    True: (
        "未见其获准与他人的航空器融合飞行",
        "no approval of flying together with aircraft of others is shown",
    ),
}
"""Why they fly apart, by whether the unmanned is to fly among its operator's own aircraft only."""

_JOINS = {"zh": "；", "en": "; "}


def precedence(
    first: FlightPlan,
    second: FlightPlan,
    *,
    verdicts: Iterable[Verdict] = (),
    accepted_at: Mapping[str, datetime] = MappingProxyType({}),
) -> Precedence:
    """Say which of two plans that conflict yields.

    Parameters
    ----------
    first, second
        The plans; in which order makes no difference.
    verdicts
        What :func:`lowalt.assess` said of them, where it was asked. A prohibited plan keeps no
        place, and only a verdict shows where a plan is flown, that an approval is held for it,
        and that flying with manned aircraft is approved.
    accepted_at
        When each plan was accepted, by identifier, of those that were. Of equals an accepted plan
        keeps its place, and the one accepted first; of those not accepted the one filed first.

    Returns
    -------
    Precedence
        The same whichever plan is named first.

    Raises
    ------
    InvalidInputError
        If both plans have one identifier, or a verdict or a time is of neither plan, is none, or
        is of another version of a plan.
    NaiveDatetimeError
        If a time of acceptance has no time zone.

    Notes
    -----
    Asked in this order: whether either may be flown at all; whether the law of the Mainland since
    2024 speaks of both; whether one is unmanned and the other manned; the rank of the missions
    (:func:`lowalt.missions.rank_of`); who came first (ASTM F3548-21, from memory). A public task
    ranks only where the facts show that it was given, and a delivery or a passenger flight goes
    before other work only on an approved line: a public route, a corridor or a prescribed route
    that it states, or an approval that its verdict shows to be held.

    Examples
    --------
    >>> from lowalt.flights import parse_plan, read_plan
    >>> rescue = read_plan("examples/plans/10_urgent_antivenom_35_minutes.json")
    >>> delivery = read_plan("examples/plans/03_delivery_near_airport_filed_in_time.json")
    >>> found = precedence(delivery, rescue)
    >>> found.outcome, found.yields == delivery.plan_id, found.is_inference
    (<Outcome.ONE_YIELDS: 'one_yields'>, True, True)
    """
    (found,) = settle((first, second), [(0, 1)], verdicts=verdicts, accepted_at=accepted_at)
    return found


def settle(
    plans: Sequence[FlightPlan],
    pairs: Iterable[Sequence[SupportsIndex] | Sequence[str]],
    *,
    verdicts: Iterable[Verdict] = (),
    accepted_at: Mapping[str, datetime] = MappingProxyType({}),
) -> tuple[Precedence, ...]:
    """Say who yields in each of many conflicts.

    Parameters
    ----------
    plans
        The plans, each with an identifier of its own.
    pairs
        Two plans each, as positions in ``plans`` (an array ``(K, 2)`` will do) or as identifiers.
    verdicts, accepted_at
        As for :func:`precedence`.

    Returns
    -------
    tuple of Precedence
        One for each pair, in their order. Nobody yields, over any number of flights, to one that
        yields to it.

    Raises
    ------
    InvalidInputError
        If two plans share an identifier, a verdict or a time is of no plan given, is none, or is
        of another version of a plan, or a pair is not two different plans of the sequence.
    UnknownNameError
        If an identifier is that of no plan.
    NaiveDatetimeError
        If a time of acceptance has no time zone.
    """
    by_id = plans_by_id(plans)
    known = verdicts_by_id(verdicts, list(by_id))
    require_times(accepted_at, list(by_id))
    standings = {
        plan_id: Standing.of(plan, known.get(plan_id), accepted_at.get(plan_id))
        for plan_id, plan in by_id.items()
    }
    return tuple(
        _settled(standings[one], standings[other])
        for one, other in pairs_of_ids(pairs, list(by_id))
    )


# What decides, in the order in which it is asked


def _settled(one: Standing, other: Standing) -> Precedence:
    return _first(_OF_ANY_LAW, one, other) or _as_over_the_mainland(
        _first(_OF_THE_MAINLAND, one, other) or _by_turn(one, other), one, other
    )


def _first(questions: Iterable[_Question], one: Standing, other: Standing) -> Precedence | None:
    answers = (question(one, other) for question in questions)
    return next((answer for answer in answers if answer is not None), None)


def _as_over_the_mainland(found: Precedence, one: Standing, other: Standing) -> Precedence:
    """Say so where it is only taken for granted that a plan is flown over the Mainland."""
    unseen = [each.plan_id for each in (one, other) if each.is_over_mainland is None]
    if not unseen:
        return found
    taken = both(
        f"没有结论表明飞行地点，视为在内地：{'、'.join(unseen)}",
        f"taken to be over the Mainland, as no verdict shows where: {', '.join(unseen)}",
    )
    return dataclasses.replace(found, reason=_joined(found.reason, taken))


def _by_permission(one: Standing, other: Standing) -> Precedence | None:
    """Ask whether either may be flown at all: priority cures nothing."""
    stopped = [standing for standing in (one, other) if not standing.may_fly]
    if not stopped:
        return None
    citations = dict.fromkeys(c for standing in stopped for c in _breaches(standing))
    if len(stopped) == 2:
        reason = both("两份计划均不得飞行，优先次序无从谈起", "neither may be flown as it is")
        return _found(one, other, Outcome.NEITHER, reason, citations)
    (out,) = stopped
    reason = both(
        f"{out.plan_id} 本身不得飞行，优先次序不能弥补",
        f"{out.plan_id} may not be flown as it is, and priority does not cure that",
    )
    return _found(one, other, Outcome.ONE_YIELDS, reason, citations, yields=out)


def _breaches(standing: Standing) -> Iterator[str]:
    assert standing.verdict is not None  # it is known to be prohibited
    for finding in standing.verdict.findings:
        if finding.status is Status.BREACHED and finding.consequence is Decision.PROHIBITED:
            yield finding.citation


def _by_law(one: Standing, other: Standing) -> Precedence | None:
    """Ask whether the law that the order rests on speaks of both."""
    early = [each.plan_id for each in (one, other) if each.departs_on < _SINCE]
    if early:
        reason = both(
            f"次序所依据的无人机条例自{_SINCE}起施行，在此之前飞行：{'、'.join(early)}",
            f"the order rests on Decree 761, in force from {_SINCE}; before that fly:"
            f" {', '.join(early)}",
        )
        return _of_other_law(one, other, reason)
    abroad = [each.plan_id for each in (one, other) if each.is_over_mainland is False]
    if not abroad:
        return None
    reason = both(
        f"次序所依据的是内地法律，全程不在内地：{'、'.join(abroad)}",
        f"the order rests on the law of the Mainland; wholly outside it fly: {', '.join(abroad)}",
    )
    return _of_other_law(one, other, reason)


def _of_other_law(one: Standing, other: Standing, reason: Bilingual) -> Precedence:
    found = _found(one, other, Outcome.UNDECIDED, reason, ())
    return dataclasses.replace(found, in_the_air=())  # nor is it known by what law they avoid


def _by_craft(one: Standing, other: Standing) -> Precedence | None:
    """Ask whether one is unmanned and the other manned: they fly apart, or the former yields."""
    silent = [standing.plan_id for standing in (one, other) if standing.is_unmanned is None]
    if silent:
        reason = both(
            f"未知是否为无人驾驶航空器：{'、'.join(silent)}（aircraft.is_unmanned）",
            f"not known whether unmanned: {', '.join(silent)} (aircraft.is_unmanned)",
        )
        return _found(one, other, Outcome.UNDECIDED, reason, (_APART,))
    if one.is_unmanned is other.is_unmanned:
        return None
    unmanned, manned = (one, other) if one.is_unmanned else (other, one)
    if unmanned.may_fly_among(manned):
        reason = both(
            f"{unmanned.plan_id} 可以融合飞行，避让有人驾驶航空器 {manned.plan_id}",
            f"{unmanned.plan_id} may share the airspace, and gives way to the manned"
            f" {manned.plan_id}",
        )
        rests_on = (FLYING_TOGETHER, _GIVING_WAY)
        return _found(one, other, Outcome.ONE_YIELDS, reason, rests_on, yields=unmanned)
    zh, en = _NO_LEAVE[unmanned.shares_with_own_only]
    reason = both(
        f"不论任务性质，无人驾驶航空器 {unmanned.plan_id} 与有人驾驶航空器 {manned.plan_id}"
        f" 隔离飞行：{zh}",
        f"whatever their missions, the unmanned {unmanned.plan_id} flies apart from the manned"
        f" {manned.plan_id}: {en}",
    )
    rests_on = (_APART, FLYING_TOGETHER)
    return _found(one, other, Outcome.SEPARATE, reason, rests_on, isolates=unmanned)


def _by_rank(one: Standing, other: Standing) -> Precedence | None:
    """Ask whose mission ranks before the other's."""
    if one.rank == other.rank:
        return None
    first, last = sorted((one, other), key=lambda standing: standing.rank)
    reason = both(
        f"{first.plan_id}（{first.rank.zh}）先于 {last.plan_id}（{last.rank.zh}）",
        f"{first.plan_id} ({first.rank.en}) comes before {last.plan_id} ({last.rank.en})",
    )
    rests_on = dict.fromkeys((*first.rank.citations, *last.rank.citations))
    return _found(one, other, Outcome.ONE_YIELDS, reason, rests_on, yields=last, is_inference=True)


def _by_turn(one: Standing, other: Standing) -> Precedence:
    """Ask which of equals came first: what is accepted before what is not, and then by time."""
    accepted = [standing for standing in (one, other) if standing.is_accepted]
    silent = [standing for standing in (one, other) if standing.came_at is None]
    yields = None
    if len(accepted) == 1:
        yields = other if accepted == [one] else one
        keeps = accepted[0].plan_id
        how = both(f"{keeps} 已获准，另一方尚未", f"{keeps} is accepted and the other is not yet")
    elif silent:
        names = [standing.plan_id for standing in silent]
        how = both(
            f"未知何时提交：{'、'.join(names)}（submission.submitted_at）",
            f"not known when filed: {', '.join(names)} (submission.submitted_at)",
        )
    elif one.came_at == other.came_at:
        how = both("两者同时提出", "both came at the same time")
    else:
        assert one.came_at is not None  # neither is silent
        assert other.came_at is not None
        first, yields = (one, other) if one.came_at < other.came_at else (other, one)
        done = ("获准", "accepted") if accepted else ("提交", "filed")
        how = both(f"{first.plan_id} 先{done[0]}", f"{first.plan_id} was {done[1]} first")
    reason = both(
        f"位次相同（{one.rank.zh}），{how['zh']}",
        f"equal in rank ({one.rank.en}); {how['en']}",
    )
    outcome = Outcome.UNDECIDED if yields is None else Outcome.ONE_YIELDS
    return _found(one, other, outcome, reason, (_FIRST_COME,), yields=yields, is_inference=True)


_Question = Callable[[Standing, Standing], Precedence | None]

_OF_ANY_LAW: tuple[_Question, ...] = (_by_permission, _by_law)
_OF_THE_MAINLAND: tuple[_Question, ...] = (_by_craft, _by_rank)


def _found(
    one: Standing,
    other: Standing,
    outcome: Outcome,
    reason: Bilingual,
    citations: Iterable[str],
    *,
    yields: Standing | None = None,
    isolates: Standing | None = None,
    is_inference: bool = False,
) -> Precedence:
    doubts = [standing.doubt for standing in (one, other) if is_inference and standing.doubt]
    manned = one.is_unmanned is False and other.is_unmanned is False
    return Precedence(
        between=(one.plan_id, other.plan_id),
        outcome=outcome,
        reason=_joined(reason, *doubts),
        citations=tuple(citations),
        is_inference=is_inference,
        yields=None if yields is None else yields.plan_id,
        keeps=None if yields is None else (other if yields is one else one).plan_id,
        isolates=None if isolates is None else isolates.plan_id,
        in_the_air=(_VISUAL_AVOIDANCE if manned else _GIVING_WAY,),
    )


def _joined(*reasons: Bilingual) -> Bilingual:
    return both(*(join.join(each[lang] for each in reasons) for lang, join in _JOINS.items()))
