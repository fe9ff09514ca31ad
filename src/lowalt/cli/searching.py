"""Looking for conflicts among plans: routes with routes, areas with areas, and both together."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lowalt.conflicts import TrackArray
    from lowalt.conflicts.volumes import VolumeArray
    from lowalt.flights import FlightPlan
    from lowalt.levels import VerticalReference
    from lowalt.report.conflicts import Margin, PlanConflict
    from lowalt.terrain import GeoidModel, TerrainModel

Kind = Literal["routes", "areas", "routes_with_areas"]


@dataclass(frozen=True, slots=True)
class Search:
    """What is to be compared with what, and how."""

    plans: Sequence[FlightPlan]
    terrain: TerrainModel | None = None
    geoid: GeoidModel | None = None
    vertical_radius_m: float | None = None
    tolerance_m: float = 0.01
    time_uncertainty_s: float = 0.0
    engine: Literal["auto", "numpy", "native"] = "auto"

    @property
    def routes(self) -> list[FlightPlan]:
        """Plans that fly along a route."""
        return [plan for plan in self.plans if plan.waypoints is not None]

    @property
    def areas(self) -> list[FlightPlan]:
        """Plans that hold an area."""
        return [plan for plan in self.plans if plan.waypoints is None]

    def answer(self) -> Answer:
        """Search, in order of time."""
        tracks = self._tracks()
        volumes = self._volumes(tracks)
        margins = self._margins(tracks, volumes)
        found = sorted(
            self._conflicts(tracks, volumes, margins), key=lambda each: (each.start, each.between)
        )
        either = volumes if tracks is None else tracks
        return Answer(found, margins, None if either is None else either.surface)

    def _tracks(self) -> TrackArray | None:
        """Take the plans that have a route."""
        from lowalt.conflicts import TrackArray

        if not self.routes:
            return None
        return TrackArray.from_plans(
            self.routes,
            terrain=self.terrain,
            geoid=self.geoid,
            tolerance_m=self.tolerance_m,
            time_uncertainty_s=self.time_uncertainty_s,
            vertical_radius_m=self.vertical_radius_m,
        )

    def _volumes(self, tracks: TrackArray | None) -> VolumeArray | None:
        """Take the plans that hold an area."""
        from lowalt.conflicts.planning.areas import volumes_of

        if not self.areas:
            return None
        return volumes_of(
            self.areas,
            terrain=self.terrain,
            geoid=self.geoid,
            time_uncertainty_s=self.time_uncertainty_s,
            like=tracks,
        )

    def _margins(
        self, tracks: TrackArray | None, volumes: VolumeArray | None
    ) -> dict[Kind, Margin]:
        """Say what is added to the buffers of what is compared with what."""
        from lowalt.report.conflicts import Margin

        margins: dict[Kind, Margin] = {}
        if tracks is not None:
            margins["routes"] = Margin(tracks.tolerance_m, tracks.position_error_m)
        if volumes is not None:
            error_m = 2.0 * volumes.position_error_m
            margins["areas"] = Margin(self.tolerance_m + error_m, error_m)
        if tracks is not None and volumes is not None:
            error_m = volumes.position_error_m
            margins["routes_with_areas"] = Margin(
                tracks.tolerance_m + error_m, tracks.position_error_m + error_m
            )
        return margins

    def _conflicts(
        self,
        tracks: TrackArray | None,
        volumes: VolumeArray | None,
        margins: Mapping[Kind, Margin],
    ) -> Iterator[PlanConflict]:
        """Compare routes with routes, areas with areas, and the ones with the others."""
        from lowalt.conflicts import detect_conflicts
        from lowalt.conflicts.volumes import detect_intrusions, volume_conflicts
        from lowalt.report.conflicts import (
            conflicts_of_areas,
            conflicts_of_plans,
            conflicts_with_areas,
        )

        if tracks is not None:
            with progress("conflicts") as told:
                table = detect_conflicts(tracks, engine=self.engine, progress=told)
            yield from conflicts_of_plans(table, self.routes)
        if volumes is not None:
            tolerance_m = margins["areas"].tolerance_m
            overlaps = volume_conflicts(volumes, tolerance_m=tolerance_m, engine=self.engine)
            yield from conflicts_of_areas(overlaps, self.areas)
        if tracks is not None and volumes is not None:
            stays = detect_intrusions(
                tracks,
                volumes,
                protection="cylinder",
                tolerance_m=margins["routes_with_areas"].tolerance_m,
                engine=self.engine,
            )
            yield from conflicts_with_areas(stays, self.routes, self.areas)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, and how it was looked for."""

    found: list[PlanConflict]
    margins: dict[Kind, Margin]
    surface: VerticalReference | None


@contextmanager
def progress(title: str) -> Iterator[Callable[[float], None]]:
    """Show a bar for what takes long, where somebody looks on."""
    from rich.console import Console
    from rich.progress import Progress

    watched = sys.stderr.isatty()
    with Progress(console=Console(stderr=True), transient=True, disable=not watched) as bars:
        bar = bars.add_task(title, total=1.0)
        yield lambda share: bars.update(bar, completed=share)
