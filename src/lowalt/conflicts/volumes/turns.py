"""On which side of a line a point lies: certain by floats, or exact.

The sign of ``(b - a) x (c - a)``. Floats compute it with an error that is bounded by a few units in
the last place of its two products; where it is no larger than that, the products are written as
sums of floats without error, and those are summed exactly.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray

Signs = NDArray[np.int8]

ROUNDING: Final = 2.0**-51
"""Bound of the error of a turn as a share of its two products' sizes: (3 + 16 u) u with u = 2**-53,
rounded up (J. R. Shewchuk, Adaptive precision floating-point arithmetic, 1997, A bound)."""


def turns(a: FloatArray, b: FloatArray, c: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Compute how far to the left of the lines from a to b points c lie, and the error's bound.

    Parameters
    ----------
    a, b, c
        Places ``(N, 2)`` each.

    Returns
    -------
    tuple of numpy.ndarray
        Area of the parallelogram, positive to the left, and bound of its error, ``(N,)`` each.

    Examples
    --------
    >>> area, error = turns(*np.array([[[0.0, 0.0]], [[2.0, 0.0]], [[1.0, 1.0]]]))
    >>> float(area[0]), float(error[0]) < 1e-14
    (2.0, True)
    """
    one = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1])
    other = (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return one - other, ROUNDING * (np.abs(one) + np.abs(other))


def exact_signs(a: FloatArray, b: FloatArray, c: FloatArray) -> Signs:
    """Tell whether points c lie to the left (1), to the right (-1) or on (0) lines from a to b.

    Examples
    --------
    >>> third = 1.0 / 3.0
    >>> places = np.array([[[0.0, 0.0]], [[3.0, 3.0]], [[third, third]]])
    >>> exact_signs(*places).tolist()
    [0]
    """
    area, error = turns(a, b, c)
    signs: Signs = np.sign(area).astype(np.int8)
    doubt = np.flatnonzero(np.abs(area) <= error)
    signs[doubt] = _summed_signs(a[doubt], b[doubt], c[doubt])
    return signs


def _summed_signs(a: FloatArray, b: FloatArray, c: FloatArray) -> Signs:
    ux, uy, vx, vy = (_difference(p[:, k], a[:, k]) for p, k in ((b, 0), (b, 1), (c, 0), (c, 1)))
    terms = [part for p in ux for q in vy for part in _product(p, q)]
    terms += [part for p in uy for q in vx for part in _product(-p, q)]
    # fsum rounds the true sum once: its sign is the true one.
    sums = [math.fsum(row) for row in np.column_stack(terms).tolist()]
    return np.asarray(np.sign(sums), dtype=np.int8)


def _difference(p: FloatArray, q: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Write p - q as two floats without error (Knuth's two-sum)."""
    main = p - q
    q_part = p - main
    return main, (p - (main + q_part)) + (q_part - q)


def _product(p: FloatArray, q: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Write p * q as two floats without error (Dekker's product)."""
    main = p * q
    p_high, p_low = _halves(p)
    q_high, q_low = _halves(q)
    return main, p_low * q_low - (((main - p_high * q_high) - p_low * q_high) - p_high * q_low)


def _halves(p: FloatArray) -> tuple[FloatArray, FloatArray]:
    scaled = (2.0**27 + 1.0) * p
    high = scaled - (scaled - p)
    return high, p - high
