"""The table of mission classes, and what is asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from lowalt.missions.ranks import (
    BLOOD,
    COMMERCIAL,
    DISASTER,
    LEISURE,
    MEDICAL,
    POLICE,
    PUBLIC_SERVICE,
    SCHEDULED,
    Rank,
)
from lowalt.terms import MissionKind, Notice, OperatorKind, OrderingBody, Term


class Reach(Term):
    """Whether a benefit of the law reaches a class of missions."""

    NAMED = "named", "明文列入", "named"
    UNSETTLED = "unsettled", "由主管机关认定", "for the authority to settle"
    NONE = "none", "不适用", "does not reach it"


class KnownFrom(Term):
    """How it is known who orders a task."""

    PRACTICE = "practice", "公开报道的做法", "published practice"
    INFERENCE = "inference", "我们的推论", "our inference"


@dataclass(frozen=True, slots=True)
class MissionClass:
    """What the law and practice tie to one kind of mission.

    Attributes
    ----------
    kind
        The kind.
    offices
        Operators that fly it by their own office, without an order.
    ordered_by
        Bodies that order it of everybody else; empty where anybody may fly it unordered.
    practised_by
        Those of `ordered_by` that publicly do; that the others, and `offices`, can is our
        inference.
    urgent_unmanned, urgent_manned
        Whether the urgent procedure is open to it: decree 761 art. 29, decree 371 art. 16(2). The
        specially urgent one of decree 761 is open to the same.
    excepted_by
        Notices of temporary zones that except it; those left out do not.
    rank
        Its place where missions conflict, for any operator.
    part_of
        The wider kind that it is a part of, if any.
    """

    kind: MissionKind
    rank: Rank
    ordered_by: frozenset[OrderingBody] = frozenset()
    offices: frozenset[OperatorKind] = frozenset()
    practised_by: frozenset[OrderingBody] = frozenset()
    urgent_unmanned: Reach = Reach.NONE
    urgent_manned: Reach = Reach.NONE
    excepted_by: Mapping[Notice, Reach] = field(default_factory=dict)
    part_of: MissionKind | None = None

    @property
    def needs_order(self) -> bool:
        """Whether only an order, or the operator's own office, makes it the task it claims."""
        return bool(self.ordered_by)

    @property
    def may_be_urgent(self) -> bool:
        """Whether the urgent procedure of either decree reaches it, or may."""
        return {self.urgent_unmanned, self.urgent_manned} != {Reach.NONE}

    def known_from(self, body: OrderingBody) -> KnownFrom:
        """How it is known that a body of `ordered_by` orders it."""
        return KnownFrom.PRACTICE if body in self.practised_by else KnownFrom.INFERENCE


_POLICE, _CUSTOMS = OperatorKind.POLICE, OperatorKind.CUSTOMS
_EMERGENCY = OperatorKind.EMERGENCY_MANAGEMENT
_GAMES = (Notice.NATIONAL_GAMES_2025, Notice.NATIONAL_GAMES_2025_CLOSING)
_EXCEPTED = dict.fromkeys((Notice.HANDOVER_2022, *_GAMES), Reach.NAMED)
_PERHAPS_EXCEPTED = dict.fromkeys(_EXCEPTED, Reach.UNSETTLED)

_RELIEF = frozenset(
    {
        OrderingBody.EMERGENCY_MANAGEMENT,
        OrderingBody.FIRE_AND_RESCUE,
        OrderingBody.GOVERNMENT,
    }
)


def _fire(
    kind: MissionKind,
    *also_ordered_by: OrderingBody,
    part_of: MissionKind | None = MissionKind.FIREFIGHTING,
) -> MissionClass:
    return MissionClass(
        kind,
        DISASTER,
        _RELIEF.union(also_ordered_by),
        frozenset({_EMERGENCY}),
        urgent_unmanned=Reach.NAMED,
        urgent_manned=Reach.NAMED,
        excepted_by=_EXCEPTED,
        part_of=part_of,
    )


def _patrol(
    kind: MissionKind,
    ordered_by: frozenset[OrderingBody],
    offices: frozenset[OperatorKind],
    *,
    part_of: MissionKind | None = MissionKind.PATROL,
) -> MissionClass:
    return MissionClass(
        kind,
        PUBLIC_SERVICE,
        ordered_by,
        offices,
        urgent_unmanned=Reach.UNSETTLED,
        urgent_manned=Reach.UNSETTLED,
        part_of=part_of,
    )


_CLASSES = (
    MissionClass(
        MissionKind.COUNTER_TERROR,
        POLICE,
        frozenset({OrderingBody.POLICE, OrderingBody.GOVERNMENT}),
        frozenset({_POLICE}),
        urgent_unmanned=Reach.NAMED,
        urgent_manned=Reach.UNSETTLED,
    ),
    MissionClass(
        MissionKind.DISASTER_RELIEF,
        DISASTER,
        _RELIEF | {OrderingBody.MARITIME},
        frozenset({_EMERGENCY, _POLICE}),
        urgent_unmanned=Reach.NAMED,
        urgent_manned=Reach.NAMED,
        excepted_by=_EXCEPTED,
    ),
    _fire(MissionKind.FIREFIGHTING, OrderingBody.FORESTRY, part_of=None),
    _fire(MissionKind.FOREST_FIREFIGHTING, OrderingBody.FORESTRY),
    _fire(MissionKind.CITY_FIREFIGHTING),
    MissionClass(
        MissionKind.MEDICAL_RESCUE,
        MEDICAL,
        _RELIEF | {OrderingBody.EMERGENCY_CENTRE, OrderingBody.HEALTH, OrderingBody.MARITIME},
        frozenset({_EMERGENCY}),
        practised_by=frozenset({OrderingBody.EMERGENCY_CENTRE}),  # air-120 is called out by it
        urgent_unmanned=Reach.NAMED,
        urgent_manned=Reach.NAMED,
        excepted_by=_EXCEPTED,
    ),
    MissionClass(
        MissionKind.BLOOD_TRANSPORT,
        BLOOD,
        frozenset(
            {
                OrderingBody.BLOOD_CENTRE,
                OrderingBody.HOSPITAL,
                OrderingBody.HEALTH,
                OrderingBody.EMERGENCY_CENTRE,
            }
        ),
        practised_by=frozenset({OrderingBody.BLOOD_CENTRE}),  # the city's blood emergency plan
        urgent_unmanned=Reach.UNSETTLED,
        urgent_manned=Reach.UNSETTLED,
        excepted_by=_PERHAPS_EXCEPTED,
    ),
    MissionClass(
        MissionKind.EVENT_SUPPORT,
        PUBLIC_SERVICE,
        frozenset({OrderingBody.EVENT_ORGANISER, OrderingBody.GOVERNMENT, OrderingBody.POLICE}),
        frozenset({_POLICE}),
        excepted_by=_EXCEPTED,
    ),
    _patrol(
        MissionKind.PATROL,
        frozenset(
            {
                OrderingBody.POLICE,
                OrderingBody.CUSTOMS,
                OrderingBody.EMERGENCY_MANAGEMENT,
                OrderingBody.MARITIME,
                OrderingBody.FORESTRY,
                OrderingBody.GOVERNMENT,
            }
        ),
        frozenset({_POLICE, _CUSTOMS, _EMERGENCY}),
        part_of=None,
    ),
    _patrol(
        MissionKind.MARINE_PATROL,
        frozenset(
            {
                OrderingBody.MARITIME,
                OrderingBody.POLICE,
                OrderingBody.CUSTOMS,
                OrderingBody.GOVERNMENT,
            }
        ),
        frozenset({_POLICE, _CUSTOMS}),
    ),
    _patrol(
        MissionKind.FOREST_PATROL,
        frozenset(
            {
                OrderingBody.FORESTRY,
                OrderingBody.EMERGENCY_MANAGEMENT,
                OrderingBody.POLICE,
                OrderingBody.GOVERNMENT,
            }
        ),
        frozenset({_POLICE, _EMERGENCY}),
    ),
    MissionClass(
        MissionKind.DELIVERY,
        SCHEDULED,
        excepted_by={Notice.NATIONAL_GAMES_2025: Reach.NAMED},
    ),
    MissionClass(MissionKind.PASSENGER, SCHEDULED),
    MissionClass(MissionKind.TRAINING, LEISURE),
    MissionClass(MissionKind.INSPECTION, COMMERCIAL),
    MissionClass(MissionKind.SURVEY, COMMERCIAL),
    MissionClass(MissionKind.CALIBRATION, COMMERCIAL),
    MissionClass(MissionKind.RADIO_TEST, COMMERCIAL),
    MissionClass(MissionKind.AERIAL_PHOTOGRAPHY, COMMERCIAL),
    MissionClass(MissionKind.AGRICULTURE, COMMERCIAL),
    MissionClass(MissionKind.RECREATION, LEISURE),
    MissionClass(
        MissionKind.OTHER,
        COMMERCIAL,
        urgent_unmanned=Reach.UNSETTLED,
        urgent_manned=Reach.UNSETTLED,
    ),
)

MISSIONS: Mapping[MissionKind, MissionClass] = {each.kind: each for each in _CLASSES}
"""One entry a kind of mission."""

PUBLIC_TASKS = tuple(kind for kind, mission in MISSIONS.items() if mission.needs_order)
"""Kinds that only an office or an order makes what they claim to be."""

ORDER_HOLDS_FOR = timedelta(days=30)
"""How long an order that states no end of its validity is taken to be one for the flight; no text
that was read says, and the figure is ours."""


def with_parts(kind: MissionKind) -> tuple[MissionKind, ...]:
    """List a kind of mission and those that are parts of it.

    Examples
    --------
    >>> [kind.value for kind in with_parts(MissionKind.PATROL)]
    ['patrol', 'marine_patrol', 'forest_patrol']
    """
    return tuple(each for each in MissionKind if kind in (each, MISSIONS[each].part_of))


def is_own_office(kind: MissionKind, operator_kind: OperatorKind) -> bool:
    """Whether an operator flies missions of a kind by its own office.

    Examples
    --------
    >>> is_own_office(MissionKind.COUNTER_TERROR, OperatorKind.POLICE)
    True
    >>> is_own_office(MissionKind.MEDICAL_RESCUE, OperatorKind.UNIT)
    False
    """
    return operator_kind in MISSIONS[kind].offices


def can_order(body: OrderingBody, kind: MissionKind) -> bool | None:
    """Whether a body can order missions of a kind; ``None`` where it is not said which body can.

    Nobody orders what anybody may fly unordered, so that none of it is urgent; of the kind that
    names no task it is not said who does.

    Examples
    --------
    >>> can_order(OrderingBody.EMERGENCY_CENTRE, MissionKind.MEDICAL_RESCUE)
    True
    >>> can_order(OrderingBody.EVENT_ORGANISER, MissionKind.MEDICAL_RESCUE)
    False
    >>> can_order(OrderingBody.GOVERNMENT, MissionKind.RECREATION)
    False
    """
    mission = MISSIONS[kind]
    if not mission.needs_order:
        return None if mission.may_be_urgent else False
    return None if body is OrderingBody.OTHER else body in mission.ordered_by


def is_order_for(ordered: MissionKind, kind: MissionKind) -> bool | None:
    """Whether an order for one kind is an order for another.

    An order for a part is one for the whole; an order for the whole leaves open which part.

    Examples
    --------
    >>> is_order_for(MissionKind.FOREST_FIREFIGHTING, MissionKind.FIREFIGHTING)
    True
    >>> is_order_for(MissionKind.FIREFIGHTING, MissionKind.FOREST_FIREFIGHTING) is None
    True
    >>> is_order_for(MissionKind.TRAINING, MissionKind.FIREFIGHTING)
    False
    """
    if ordered is kind or MISSIONS[ordered].part_of is kind:
        return True
    return None if MISSIONS[kind].part_of is ordered else False


_RANK_OF_OFFICE = {_POLICE: POLICE, _CUSTOMS: PUBLIC_SERVICE, _EMERGENCY: PUBLIC_SERVICE}


def rank_of(
    kind: MissionKind,
    operator_kind: OperatorKind | None = None,
    *,
    is_assigned: bool = True,
    is_on_approved_line: bool = True,
) -> Rank:
    """Place of a mission where missions conflict.

    Parameters
    ----------
    kind
        What the flight is for.
    operator_kind
        Who flies; unknown adds no priority. Police, customs and emergency management have the
        place of their body for all that they fly, but for training and recreation.
    is_assigned
        Whether the task is given to the operator (the fact ``task_is_assigned``); a task that
        needs an order and has none has the last place, whoever flies it.
    is_on_approved_line
        Whether goods or passengers are carried on a schedule or an approved route; those that are
        not, sightseers among them, have the place of any other work.

    Returns
    -------
    Rank
        The lesser goes first.

    Examples
    --------
    >>> rank_of(MissionKind.MEDICAL_RESCUE).en
    'medical rescue'
    >>> rank_of(MissionKind.PATROL, OperatorKind.POLICE).en
    'counter-terrorism and police'
    >>> rank_of(MissionKind.MEDICAL_RESCUE, is_assigned=False) is LEISURE
    True
    >>> rank_of(MissionKind.DELIVERY, is_on_approved_line=False).en
    'other work'
    """
    mission = MISSIONS[kind]
    is_false = mission.needs_order and not is_assigned
    if is_false or mission.rank is LEISURE:
        return LEISURE
    own = COMMERCIAL if mission.rank is SCHEDULED and not is_on_approved_line else mission.rank
    office = None if operator_kind is None else _RANK_OF_OFFICE.get(operator_kind)
    return own if office is None else min(own, office)
