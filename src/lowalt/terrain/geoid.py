"""The geoid of the region: from heights above the ellipsoid to heights above mean sea level."""

from __future__ import annotations

from importlib import resources

import numpy as np
from numpy.typing import ArrayLike

from lowalt.terrain.grids import LonLatGrid
from lowalt.terrain.ground import FloatArray

_TABLE = "egm2008_pearl_river_delta.csv"


class RegionalGeoid:
    """Undulation of a geoid from a table of a region, bilinear between its nodes.

    Parameters
    ----------
    undulation_m
        Metres of the geoid above the ellipsoid at the nodes, ``(R, C)``.
    lon_deg, lat_deg
        Axes in WGS 84 degrees, ascending, ``(C,)`` and ``(R,)``.
    name
        Which geoid it is, for records.

    Raises
    ------
    InvalidInputError
        If an axis is not two or more ascending degrees, or the shapes do not fit.
    """

    def __init__(
        self, undulation_m: ArrayLike, *, lon_deg: ArrayLike, lat_deg: ArrayLike, name: str
    ) -> None:
        self._grid = LonLatGrid(undulation_m, lon_deg=lon_deg, lat_deg=lat_deg, name=name)
        self.name = name

    def undulation_m(self, lon_lat: FloatArray) -> FloatArray:
        """Undulation at places ``(N, 2)`` in degrees: ``(N,)``, NaN outside the table."""
        return self._grid.at(lon_lat)


def load_geoid() -> RegionalGeoid:
    """Load the EGM2008 geoid of the Pearl River delta, which comes with lowalt.

    It covers 113.0 to 115.0 E and 21.7 to 23.2 N in steps of 0.1 degree, and was found within 0.1 m
    of the full model at ten places from Zhuhai to Daya Bay. No function uses it unless it is given;
    where it is, heights above the ellipsoid become known above mean sea level. Heights of maps and
    charts stand on national levels (1985 national datum, Hong Kong Principal Datum), which differ
    from the geoid by up to some 1.5 m; that difference is not in the table.

    Returns
    -------
    RegionalGeoid
        Source: EGM2008, US National Geospatial-Intelligence Agency, public domain.

    Examples
    --------
    >>> import numpy as np
    >>> load_geoid().undulation_m(np.array([[113.81167, 22.63833], [120.0, 22.6]])).round(1)
    array([-4.3,  nan])
    """
    text = (resources.files("lowalt") / "airspace_data" / "geoid" / _TABLE).read_text("utf-8")
    lon_deg, lat_deg, undulation_m = np.loadtxt(text.splitlines(), delimiter=",").T
    lon_axis, lat_axis = np.unique(lon_deg), np.unique(lat_deg)
    return RegionalGeoid(
        undulation_m.reshape(len(lat_axis), len(lon_axis)),
        lon_deg=lon_axis,
        lat_deg=lat_axis,
        name="EGM2008, 0.1 degree",
    )
