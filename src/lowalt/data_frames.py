"""Columns as data frames of pandas and geopandas, where they are installed."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from lowalt.errors import MissingExtraError

_EXTRAS = {"pandas": "tables", "geopandas": "gis"}


def data_frame(columns: Mapping[str, Sequence[Any]]) -> Any:
    """Put columns into a data frame.

    Parameters
    ----------
    columns
        Values by name, of one length; ``datetime64`` ones are in UTC.

    Returns
    -------
    pandas.DataFrame
        A column for each, in their order.

    Raises
    ------
    MissingExtraError
        If pandas is not installed.
    """
    return _in_utc(_library("pandas").DataFrame(columns), columns)


def geo_data_frame(
    columns: Mapping[str, Sequence[Any]],
    *,
    lon_deg: ArrayLike,
    lat_deg: ArrayLike,
) -> Any:
    """Put columns into a data frame with a point for each row, WGS 84.

    Parameters
    ----------
    columns
        Values by name, of one length.
    lon_deg, lat_deg
        Where each row is, of the same length.

    Returns
    -------
    geopandas.GeoDataFrame
        A column for each, in their order, and the points as its geometry.

    Raises
    ------
    MissingExtraError
        If geopandas is not installed.
    """
    library = _library("geopandas")
    points = library.points_from_xy(lon_deg, lat_deg, crs="EPSG:4326")
    return _in_utc(library.GeoDataFrame(columns, geometry=points), columns)


def _in_utc(frame: Any, columns: Mapping[str, Sequence[Any]]) -> Any:
    """Give times their zone, which numpy's have not."""
    for name, values in columns.items():
        if np.asarray(values).dtype.kind == "M":
            frame[name] = frame[name].dt.tz_localize("UTC")
    return frame


def _library(name: str) -> Any:
    if find_spec(name) is None:
        remedy = f"pip install lowalt[{_EXTRAS[name]}]"
        raise MissingExtraError(f"this data frame needs {name}, which is not installed: {remedy}")
    return importlib.import_module(name)
