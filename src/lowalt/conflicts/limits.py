"""How far, high, fast and late flights may be, and the bound of rounding that follows."""

from __future__ import annotations

from typing import Final

MAX_COORDINATE_M: Final = 2.0**22
"""Greatest distance of a vertex from the origin along x or y: 4194 km.

With the other greatest values it makes :data:`ERROR_M` a constant, so that what is decided exactly
does not depend on which other flights there are.
"""

MAX_HEIGHT_M: Final = 2.0**17
"""Greatest distance of a vertex from height zero: 131 km."""

MAX_RADIUS_M: Final = 2.0**17
"""Greatest radius of a protection cylinder, and greatest tolerance."""

MAX_TIME_S: Final = 2.0**33
"""Greatest distance of a time from the epoch: 272 years."""

MAX_SPEED_M_S: Final = 10_000.0
"""Greatest speed of a leg over ground, and in height. What is faster is a fault in the data."""

ERROR_M: Final = 2.0**-24
"""Bound of what rounding can do to a computed distance of two flights: 6e-8 m.

Positions of a pair at a common instant come from ten roundings or so of numbers no greater than
:data:`MAX_COORDINATE_M`, each of which moves them by 2**-53 of that: together less than 2**-27 m.
The rest is reserve for the roots of the closed form, which are those of a radius that is off by a
few times 2**-53 of the distances involved.
"""
