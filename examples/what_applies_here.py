"""Ask what applies at a place, a height and a time, before a plan is even drawn.

    python examples/what_applies_here.py 113.8205,22.6655 "60 m AGL" 2026-06-11T10:00:00+08:00
    python examples/what_applies_here.py 114.05028,22.53667 "150 m AGL" 2026-09-01T10:00+08:00

It prints the zones met there, those that may be met, corridors of other traffic, the lowest
obstacle limitation surface, and the ground if you bring SRTM tiles with ``--terrain FOLDER``. It
judges nothing: that is what ``lowalt check`` does with a plan. The exit status is 2 where the
dataset says nothing about the place or time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime

import numpy as np

import lowalt as la
from lowalt.airspace import Containment, Corridor, Restriction
from lowalt.report.airspace import Language, hours, in_language, kind


def what_applies(
    airspace: la.AirspaceDataset,
    *,
    lon_deg: float,
    lat_deg: float,
    level: la.Level,
    when: datetime,
    terrain: la.TerrainModel | None,
    lang: Language = "en",
) -> Iterator[str]:
    """Say what applies, a line each."""
    airspace.require_covered(lon_deg=lon_deg, lat_deg=lat_deg, when=when)
    yield f"{lat_deg:.6f} N, {lon_deg:.6f} E, {level}, {when.isoformat()}"
    if terrain is not None:
        (ground_m,) = terrain.elevation_amsl_m(np.array([(lon_deg, lat_deg)]))
        yield f"ground {ground_m:.0f} m AMSL ({terrain.name})"
    found = airspace.features_at(
        lon_deg=lon_deg,
        lat_deg=lat_deg,
        when=when,
        level=level,
        terrain=terrain,
        geoid=la.load_geoid(),
    )
    real = [(feature, answer) for feature, answer in found if not feature.example]
    titles = {Containment.INSIDE: "Here:", Containment.WITHIN_TOLERANCE: "Perhaps here:"}
    for answer, title in titles.items():
        here = [feature for feature, its_answer in real if its_answer is answer]
        if here:
            yield title
        for feature in here:
            asks = "corridor" if isinstance(feature, Corridor) else feature.restriction.value
            yield (
                f"  {feature.identifier:8}{asks:18}{in_language(feature.name, lang)}"
                f" ({kind(feature, lang=lang)}; {hours(feature.schedule, lang=lang, most=1)};"
                f" {feature.status}, {feature.accuracy_m:g} m)"
            )
    if not any(
        isinstance(feature, la.Zone) and feature.restriction is not Restriction.NO_RESTRICTION
        for feature, _ in real
    ):
        yield "No zone of the dataset asks anything here; that is no permission."
    surfaces = airspace.obstacle_surfaces_at(lon_deg=lon_deg, lat_deg=lat_deg)
    if surfaces:
        aerodrome, lowest = surfaces[0]
        yield (
            f"Lowest obstacle limitation surface: {lowest.limit_amsl_m:.1f} m AMSL"
            f" ({lowest.surface.value.replace('_', ' ')}, {aerodrome} {lowest.runway})"
        )
    yield airspace.coverage.get(lang, "")


def read_level(text: str) -> la.Level:
    """Read a level such as ``100 m AGL``."""
    try:
        return la.Level.parse(text)
    except la.InvalidInputError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def main() -> int:
    """Answer for the place, height and time of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("place", metavar="LON,LAT")
    parser.add_argument("level", type=read_level, metavar="LEVEL")
    parser.add_argument("when", type=datetime.fromisoformat, metavar="TIME")
    parser.add_argument("--terrain", metavar="FOLDER", help="SRTM tiles (.hgt)")
    parser.add_argument("--lang", choices=["zh", "en"], default="en")
    parser.add_argument("--airspace", default="shenzhen")
    options = parser.parse_args()
    lon_deg, lat_deg = (float(part) for part in options.place.split(","))
    try:
        for line in what_applies(
            la.load_airspace(options.airspace),
            lon_deg=lon_deg,
            lat_deg=lat_deg,
            level=options.level,
            when=options.when,
            terrain=None if options.terrain is None else la.HgtTerrain(options.terrain),
            lang=options.lang,
        ):
            print(line)
    except la.LowaltError as error:
        print(f"{error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
