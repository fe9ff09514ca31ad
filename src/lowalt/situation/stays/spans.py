"""Many sets of spans at once: joining those that meet, and what lies between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lowalt.paths import BoolArray, IntArray
from lowalt.terrain import FloatArray


def join(
    group: IntArray, low: FloatArray, high: FloatArray, *, gap: float = 0.0
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the spans of each group that overlap, meet, or are no farther apart than a gap.

    Parameters
    ----------
    group
        Number of the group that each span belongs to, ``(N,)``.
    low, high
        Where spans begin and end, ``(N,)`` each.
    gap
        The gap.

    Returns
    -------
    order : (N,) intp
        The spans by group and beginning.
    begins : (K,) intp
        Where in that order a joined span begins, for use with ``reduceat``.

    Examples
    --------
    >>> group, low, high = np.array([[0, 1, 0, 0], [2, 0, 5, 1], [4, 9, 6, 3]])
    >>> order, begins = join(group, low, high)
    >>> np.minimum.reduceat(low[order], begins), np.maximum.reduceat(high[order], begins)
    (array([1, 5, 0]), array([4, 6, 9]))
    """
    order = np.lexsort((low, group))
    group, low, high = group[order], low[order], high[order]
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = group[1:] != group[:-1]
    # How far each group has reached so far: a running maximum of whole numbers, in which the
    # group counts more than the rank of the end.
    by_end = np.argsort(high, kind="stable")
    rank = np.empty_like(by_end)
    rank[by_end] = np.arange(len(order))
    furthest = np.maximum.accumulate(np.cumsum(begins) * len(order) + rank) % max(len(order), 1)
    begins[1:] |= low[1:] > high[by_end[furthest[:-1]]] + gap
    return order, np.flatnonzero(begins)


def between(
    group: IntArray, low: FloatArray, high: FloatArray, *, groups: IntArray, end: FloatArray
) -> tuple[IntArray, FloatArray, FloatArray]:
    """List what spans leave free, in each group from 0 to an end.

    Parameters
    ----------
    group, low, high
        Disjoint spans, ``(N,)`` each.
    groups, end
        Every group, and where it ends, ``(G,)`` each.

    Returns
    -------
    group, low, high
        The gaps that are longer than nothing, by group and place.

    Examples
    --------
    >>> between(np.array([7]), np.array([2.0]), np.array([3.0]),
    ...         groups=np.array([7, 8]), end=np.array([4.0, 1.0]))
    (array([7, 7, 8]), array([0., 3., 0.]), array([2., 4., 1.]))
    """
    owner = np.concatenate((groups, group))
    starts, ends = np.concatenate((np.zeros(len(groups)), high)), np.concatenate((end, low))
    # The first gap of a group begins at its first beginning and ends at its first end, and so on.
    by_start, by_end = np.lexsort((starts, owner)), np.lexsort((ends, owner))
    owner, starts, ends = owner[by_start], starts[by_start], ends[by_end]
    kept = starts < ends
    return owner[kept], starts[kept], ends[kept]


def overlap(
    group: IntArray,
    low: FloatArray,
    high: FloatArray,
    *,
    others: tuple[IntArray, FloatArray, FloatArray],
) -> BoolArray:
    """Tell which spans share a point with any of some others of their group.

    Parameters
    ----------
    group, low, high
        The spans, ``(N,)`` each.
    others
        The same of the others, ``(M,)`` each.

    Examples
    --------
    >>> group, low, high = np.array([[0, 0, 1], [1, 5, 1], [2, 6, 2]])
    >>> overlap(group, low, high, others=tuple(np.array([[0, 1], [2, 3], [4, 4]])))
    array([ True, False, False])
    """
    of, other_low, other_high = others
    begun = _count(group, high, of=of, values=other_low, at_the_latest=True)
    ended = _count(group, low, of=of, values=other_high, at_the_latest=False)
    return begun > ended


def _count(
    group: IntArray, at: FloatArray, *, of: IntArray, values: FloatArray, at_the_latest: bool
) -> IntArray:
    """Count the values of the same group that come before a place, or at the latest there."""
    asked = np.arange(len(of) + len(group)) >= len(of)
    owner, place = np.concatenate((of, group)), np.concatenate((values, at))
    order = np.lexsort((asked == at_the_latest, place, owner))
    count = np.empty(len(order), dtype=np.int64)
    count[order] = np.cumsum(~asked[order])
    return np.asarray(count[asked] - np.searchsorted(np.sort(of), group))


def expand(count: IntArray) -> tuple[IntArray, IntArray]:
    """Repeat the number of each row so many times, and number the repetitions from 0.

    Examples
    --------
    >>> expand(np.array([2, 0, 3]))
    (array([0, 0, 2, 2, 2]), array([0, 1, 0, 1, 2]))
    """
    owner = np.repeat(np.arange(len(count)), count)
    return owner, np.arange(len(owner)) - (np.cumsum(count) - count)[owner]
