"""Every conflict among many flights, as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import FloatArray, IntArray, T, X, Z
from lowalt.conflicts.tracks import TrackArray
from lowalt.data_frames import data_frame, geo_data_frame
from lowalt.errors import InvalidInputError
from lowalt.markup import MOST_ROWS, html_table


@dataclass(frozen=True, slots=True, eq=False)
class ConflictTable:
    """Conflicts, one row a pair of flights and longest interval without a break.

    Attributes
    ----------
    tracks
        The flights.
    pairs
        Numbers of the two flights, ``(K, 2)`` intp, the lower first; rows are sorted by them and
        then by time.
    t_in_s, t_out_s
        When the interval begins and ends, seconds of the tracks' epoch, ``(K,)`` float64.
    t_cpa_s, d_cpa_m
        When within it the flights are closest, and their horizontal distance then, ``(K,)``.
    legs_in, legs_cpa, legs_out
        Which legs the two fly at these times, counted from 0 within each flight, ``(K, 2)`` int32.
    """

    tracks: TrackArray
    pairs: IntArray
    t_in_s: FloatArray
    t_out_s: FloatArray
    t_cpa_s: FloatArray
    d_cpa_m: FloatArray
    legs_in: NDArray[np.int32]
    legs_cpa: NDArray[np.int32]
    legs_out: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.pairs)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Give conflicts one by one, as ``lowalt conflicts --format json`` prints them.

        Flights are named by identifier where they have one, and times are those of the epoch where
        it is known, else seconds.
        """
        ids, epoch = self.tracks.ids, self.tracks.epoch
        columns = (self.t_in_s, self.t_out_s, self.t_cpa_s, self.d_cpa_m)
        for (first, second), *numbers in zip(
            self.pairs.tolist(), *(column.tolist() for column in columns), strict=True
        ):
            *times_s, distance_m = numbers
            t_in, t_out, t_cpa = (time_of(t_s, epoch) for t_s in times_s)
            yield {
                "first": first if ids is None else ids[first],
                "second": second if ids is None else ids[second],
                "t_in": t_in,
                "t_out": t_out,
                "t_cpa": t_cpa,
                "d_cpa_m": distance_m,
            }

    def columns(self) -> dict[str, Sequence[Any]]:
        """Give the columns of :meth:`rows`, for a data frame or a file.

        Times are ``datetime64[us]`` in UTC where the epoch is known, else seconds.
        """
        ids, epoch = self.tracks.ids, self.tracks.epoch
        names = range(len(self.tracks)) if ids is None else ids
        first, second = ([names[n] for n in side] for side in self.pairs.T.tolist())
        times: dict[str, Any] = {"t_in": self.t_in_s, "t_out": self.t_out_s, "t_cpa": self.t_cpa_s}
        if epoch is not None:
            since = np.datetime64(epoch.astimezone(UTC).replace(tzinfo=None), "us")
            times = {name: since + _microseconds(t_s) for name, t_s in times.items()}
        return {"first": first, "second": second, **times, "d_cpa_m": self.d_cpa_m}

    def to_pandas(self) -> Any:
        """Give the conflicts as a data frame, one row each.

        Returns
        -------
        pandas.DataFrame
            The columns of :meth:`columns`; times have the zone UTC where the epoch is known.

        Raises
        ------
        MissingExtraError
            If pandas is not installed.
        """
        return data_frame(self.columns())

    def to_geopandas(self) -> Any:
        """Give the conflicts as a data frame with the place where each pair is closest.

        Returns
        -------
        geopandas.GeoDataFrame
            As :meth:`to_pandas`, with a point midway between the two flights, WGS 84.

        Raises
        ------
        MissingExtraError
            If geopandas is not installed.
        InvalidInputError
            If the tracks do not say in what plane they are.
        """
        lon_deg, lat_deg = meeting_places(self).T
        return geo_data_frame(self.columns(), lon_deg=lon_deg, lat_deg=lat_deg)

    def _repr_html_(self) -> str:
        """Show the first conflicts in a notebook, as :meth:`rows` gives them."""
        heads = (
            {"zh": "甲", "en": "first"},
            {"zh": "乙", "en": "second"},
            {"zh": "开始", "en": "from"},
            {"zh": "结束", "en": "to"},
            {"zh": "最近时刻", "en": "closest at"},
            {"zh": "最近距离", "en": "closest"},
        )
        rows = [
            (*map(str, row[:-1]), f"{row[-1]:.1f} m")
            for row in (tuple(row.values()) for row in islice(self.rows(), MOST_ROWS))
        ]
        count, flights = len(self), len(self.tracks)
        title = {
            "zh": f"{flights} 架次之间的冲突：{count}",
            "en": f"conflicts among {flights} flights: {count}",
        }
        return html_table(title, heads if rows else (), rows, more=count - len(rows))


def _microseconds(t_s: FloatArray) -> NDArray[np.timedelta64]:
    return np.rint(t_s * 1e6).astype("timedelta64[us]")


def meeting_places(table: ConflictTable) -> FloatArray:
    """Where the flights of each conflict are closest: midway between the two.

    Returns
    -------
    numpy.ndarray
        Longitude and latitude in degrees, ``(K, 2)``.

    Raises
    ------
    InvalidInputError
        If the tracks do not say in what plane they are.
    """
    tracks = table.tracks
    if tracks.frame is None:
        raise InvalidInputError("these tracks do not say in what plane they are")
    begins = tracks.offsets[table.pairs] + table.legs_cpa
    start, end = tracks.vertices[begins], tracks.vertices[begins + 1]
    share = (table.t_cpa_s[:, None] - start[..., T]) / (end[..., T] - start[..., T])
    # One that is early or late may be on its leg at another time than was planned.
    share = np.clip(share, 0.0, 1.0)[..., None]
    xy = (start + share * (end - start))[..., X:Z].mean(axis=1)
    return tracks.frame.to_lonlat(xy + tracks.origin_m)


def time_of(t_s: float, epoch: datetime | None) -> str | float:
    """Give a time as RFC 3339 has it where the epoch is known, else in seconds."""
    return t_s if epoch is None else (epoch + timedelta(seconds=t_s)).isoformat()
