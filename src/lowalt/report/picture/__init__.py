"""A picture of flights: a map of where, and below it how high and when.

It needs matplotlib, which comes with the extra ``plot`` and is imported when a picture is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from lowalt.airspace import AirspaceDataset
from lowalt.documents import write_document
from lowalt.errors import InvalidInputError, MissingExtraError
from lowalt.flights import FlightPlan
from lowalt.report.scene import scenes_of
from lowalt.report.text import Language
from lowalt.terrain import GeoidModel, TerrainModel
from lowalt.verdicts import Verdict

__all__ = ["draw_flight"]

_FORMATS = {".png": "png", ".svg": "svg"}


def draw_flight(
    plans: FlightPlan | Sequence[FlightPlan],
    *,
    airspace: AirspaceDataset,
    file: str | Path,
    verdict: Verdict | Sequence[Verdict] = (),
    title: str | Mapping[str, str] = "",
    lang: Language = "en",
    terrain: TerrainModel | None = None,
    geoid: GeoidModel | None = None,
) -> None:
    """Draw one flight, or several on one map, into a PNG or SVG file.

    Above is a map: boundary lines, the zones met, the corridor with its width, ports and other
    sites, and the track, coloured by jurisdiction where it is one flight and by flight where there
    are several. Below is the height over time, with what is known of the corridor's limits, the
    zones met and the ground. Of more than six flights the first six are named, and the decisions
    are counted. The same input gives the same bytes, with one version of matplotlib.

    Parameters
    ----------
    plans
        One plan, or some that belong on one picture.
    airspace
        The zones, corridors, sites and boundaries.
    file
        Where to write; ``.png`` or ``.svg``. A file that is there is replaced.
    verdict
        What was decided of the plans, as far as it was; the decision stands in the title.
    title
        What to call the picture, or that by language; the identifiers of the plans, or their number
        where they are long, stand for what is not given or cannot be written.
    lang
        ``zh`` or ``en``. Without a Chinese font on the machine it is drawn in English, and says so.
    terrain, geoid
        Models to convert levels with; terrain is drawn too.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed.
    InvalidInputError
        If the file is neither or its folder is not there, the language is not one of the two, there
        is no plan, or a verdict is of none of the plans.
    OSError
        If the file cannot be written.
    """
    path = Path(file)
    if path.suffix.lower() not in _FORMATS:
        raise InvalidInputError(f"{path.name}: a picture is written as .png or .svg")
    if not path.resolve().parent.is_dir():
        raise InvalidInputError(f"{path}: there is no folder {path.parent}: make it first")
    if lang not in ("zh", "en"):
        raise InvalidInputError(f"lang={lang!r}: lowalt speaks 'zh' and 'en'")
    drawn = (plans,) if isinstance(plans, FlightPlan) else tuple(plans)
    decided = (verdict,) if isinstance(verdict, Verdict) else tuple(verdict)
    scenes = scenes_of(drawn, decided, airspace=airspace, terrain=terrain, geoid=geoid)
    if find_spec("matplotlib") is None:
        raise MissingExtraError(
            f"{path.name}: a picture needs matplotlib: pip install lowalt[plot]"
        )
    from lowalt.report.picture.page import render  # noqa: PLC0415 -- it imports the extra

    chosen = _FORMATS[path.suffix.lower()]
    write_document(path.resolve(), render(scenes, title=title, lang=lang, file_format=chosen))
