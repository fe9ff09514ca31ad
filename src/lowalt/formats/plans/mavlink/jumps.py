"""The order in which items are carried out, where some of them jump."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from lowalt.errors import InvalidInputError
from lowalt.formats.plans.mavlink.commands import Command
from lowalt.formats.plans.mavlink.items import Item

MOST_STEPS: Final = 100_000
"""Most items carried out: loops in loops multiply, and a short file would never end. No autopilot
holds more than 65,536 items, and no battery lasts for that many."""


def in_order(items: Sequence[Item]) -> Iterator[Item]:
    """Give items as they are carried out, each jump followed as often as it repeats.

    As on autopilots a jump counts for itself and never starts again: within a loop it is followed
    only while the outer one goes round for the first time.

    Parameters
    ----------
    items
        As the file has them.

    Raises
    ------
    InvalidInputError
        If a jump leads nowhere or repeats for ever, or more than :data:`MOST_STEPS` items are
        carried out.

    Examples
    --------
    >>> def item(number, command, *params):
    ...     params = (*params, *[0.0] * (7 - len(params)))
    ...     return Item(
    ...         command=command, frame=2, params=params, where=f"item {number}", jump_id=number
    ...     )
    >>> there, back, again = item(1, 16), item(2, 16), item(3, 177, 1.0, 2.0)
    >>> [step.where[-1] for step in in_order([there, back, again])]
    ['1', '2', '1', '2', '1', '2']
    """
    known = Counter(item.jump_id for item in items if item.jump_id is not None)
    places = {item.jump_id: place for place, item in enumerate(items)}
    followed: Counter[int] = Counter()
    at = 0
    for _ in range(MOST_STEPS):
        if at >= len(items):
            return
        item = items[at]
        if item.command != Command.DO_JUMP:
            yield item
        elif followed[at] < _repeats(item):
            followed[at] += 1
            target = _whole(item, 1, "the item to jump to")
            if known[target] != 1:
                lacks = "is the number of several items" if known[target] else "is no item's number"
                raise InvalidInputError(
                    f"{item.where}: jumps to {target}, which {lacks}; jumps lead to the doJumpId"
                    " of an item that is not part of a pattern"
                )
            at = places[target]
            continue
        at += 1
    if at < len(items):
        raise InvalidInputError(
            f"{items[at].where}: more than {MOST_STEPS:,} steps: split the flight, or repeat less"
        )


def _repeats(item: Item) -> int:
    repeats = _whole(item, 2, "how often it repeats")
    if repeats < 0:
        raise InvalidInputError(
            f"{item.where}: jumps for ever: say how often, or end the mission with a landing"
        )
    return repeats


def _whole(item: Item, number: int, what: str) -> int:
    value = item.param(number)
    if value is None or not value.is_integer():
        raise InvalidInputError(f"{item.where}: {what}: given {value}, expected a whole number")
    return int(value)
