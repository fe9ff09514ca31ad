"""What every question about volumes checks before any work is done."""

from __future__ import annotations

from lowalt.conflicts.limits import MAX_RADIUS_M
from lowalt.conflicts.tracks import TrackArray
from lowalt.conflicts.volumes.array import VolumeArray
from lowalt.errors import InvalidInputError, Problem, shown


def require_comparable(tracks: TrackArray | VolumeArray, volumes: VolumeArray) -> None:
    """Refuse arrays of different planes, surfaces of height, or epochs.

    What neither states is for the caller to know. What only one states cannot be compared: heights
    above an ellipsoid are no heights above ground because nobody says so.

    Raises
    ------
    InvalidInputError
        If they do not state the same.
    """
    problems = [
        Problem(name, f"{shown(one)} and {shown(other)}", _same(one, other))
        for name, one, other in (
            ("frame", tracks.frame, volumes.frame),
            ("epoch", tracks.epoch, volumes.epoch),
            ("surface", tracks.surface, volumes.surface),
        )
        if one != other
    ]
    if tracks.origin_m != volumes.origin_m:
        given = f"{tracks.origin_m} and {volumes.origin_m}"
        problems.append(Problem("origin_m", given, "the same for both: convert one of them"))
    if problems:
        raise InvalidInputError("these cannot be put against one another:", problems=problems)


def _same(one: object, other: object) -> str:
    if one is None or other is None:
        return "the same for both: state it where it is not stated, or for neither"
    return "the same for both: convert one of them"


def require_tolerance(tolerance_m: float) -> None:
    """Refuse a tolerance that is none.

    Raises
    ------
    InvalidInputError
        If it is not between 0 and the greatest radius.
    """
    if not 0.0 <= tolerance_m <= MAX_RADIUS_M:
        problem = Problem("tolerance_m", str(tolerance_m), f"0 to {MAX_RADIUS_M:.0f} metres")
        raise InvalidInputError("this tolerance cannot be used:", problems=[problem])
