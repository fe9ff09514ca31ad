"""The least whole number that does it."""

from __future__ import annotations

from collections.abc import Callable


def least(reached: Callable[[int], bool], *, most: int, guess: int = 1) -> int | None:
    """Find the least number from 1 up that reaches a goal, where every greater one does too.

    Parameters
    ----------
    reached
        Whether a number reaches it.
    most
        The greatest number to try.
    guess
        Where to look first: with a good guess, two questions are enough.

    Returns
    -------
    int or None
        The number; ``None`` where not even ``most`` reaches the goal.

    Examples
    --------
    >>> least(lambda n: n >= 37, most=1000)
    37
    >>> least(lambda n: n >= 37, most=10) is None
    True
    """
    low, high, step = 0, min(max(guess, 1), most), 1
    while high > low and not reached(high):
        if high == most:
            return None
        low, high, step = high, min(high + step, most), step * 2
    if high <= low:
        return None
    if high == guess > 1 and not reached(high - 1):
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if reached(middle):
            high = middle
        else:
            low = middle
    return high
