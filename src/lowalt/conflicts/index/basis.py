"""What flights must have in common to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from lowalt.conflicts.tracks import TrackArray
from lowalt.errors import InvalidInputError, Problem
from lowalt.geodesy import LocalFrame
from lowalt.levels import VerticalReference


class Basis(NamedTuple):
    """What their numbers mean, as :class:`~lowalt.conflicts.tracks.TrackArray` describes it."""

    tolerance_m: float
    epoch: datetime | None
    frame: LocalFrame | None
    origin_m: tuple[float, float]
    surface: VerticalReference | None

    @classmethod
    def of(cls, tracks: TrackArray) -> Basis:
        """Give that of some flights."""
        return cls(tracks.tolerance_m, tracks.epoch, tracks.frame, tracks.origin_m, tracks.surface)

    def require(self, tracks: TrackArray) -> None:
        """Refuse flights of another basis.

        Raises
        ------
        InvalidInputError
            It names what is different.
        """
        given = Basis.of(tracks)
        if given != self:
            raise InvalidInputError(
                "these flights cannot be compared with the accepted ones:",
                problems=[
                    Problem(name, str(mine), f"{theirs}, as the accepted flights have")
                    for name, mine, theirs in zip(self._fields, given, self, strict=True)
                    if mine != theirs
                ],
            )

    def to_dict(self) -> dict[str, Any]:
        """Write it as JSON has it."""
        frame = self.frame
        return {
            "tolerance_m": self.tolerance_m,
            "epoch": None if self.epoch is None else self.epoch.isoformat(),
            "frame": None
            if frame is None
            else [frame.central_meridian_deg, frame.scale_on_meridian],
            "origin_m": list(self.origin_m),
            "surface": None if self.surface is None else self.surface.value,
        }

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Basis:
        """Read what :meth:`to_dict` wrote."""
        epoch, frame, surface = written["epoch"], written["frame"], written["surface"]
        east_m, north_m = written["origin_m"]
        return cls(
            tolerance_m=float(written["tolerance_m"]),
            epoch=None if epoch is None else datetime.fromisoformat(epoch),
            frame=None if frame is None else LocalFrame(*frame),
            origin_m=(float(east_m), float(north_m)),
            surface=None if surface is None else VerticalReference(surface),
        )
