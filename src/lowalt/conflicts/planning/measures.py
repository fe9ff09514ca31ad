"""What places, heights and times of flights are measured from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lowalt.conflicts.planning.plane import Plane
from lowalt.conflicts.tracks import TrackArray, require_tracks
from lowalt.errors import InvalidInputError
from lowalt.levels import VerticalReference


@dataclass(frozen=True, slots=True)
class Measures:
    """What places, heights and times are measured from.

    Attributes
    ----------
    plane
        What x and y are in.
    surface
        What heights are above.
    epoch
        When second 0 is.
    """

    plane: Plane
    surface: VerticalReference
    epoch: datetime

    @classmethod
    def of(cls, tracks: TrackArray) -> Measures:
        """Tell those of some tracks.

        Raises
        ------
        InvalidInputError
            If the tracks do not say, or are none.
        """
        require_tracks(tracks)
        if tracks.frame is None or tracks.surface is None or tracks.epoch is None:
            raise InvalidInputError(
                "like: these tracks do not say in what plane they are, above what or from when:"
                " expected tracks that were made of plans"
            )
        return cls(Plane(tracks.frame, tracks.origin_m), tracks.surface, tracks.epoch)
