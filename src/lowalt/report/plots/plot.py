"""A drawing that a notebook shows and that is saved like one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from lowalt.documents import write_document
from lowalt.errors import InvalidInputError
from lowalt.report.picture.figures import content_of, written_in
from lowalt.report.picture.lettering import Lettering

_FORMATS = {".png": "png", ".svg": "svg"}


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing; a notebook shows it where it is the last value of a cell.

    Attributes
    ----------
    figure
        The figure of matplotlib, to draw more into or to change.
    lettering
        Language and font that it is written in.
    """

    figure: Figure
    lettering: Lettering

    def save(self, file: str | Path) -> None:
        """Write it to a PNG or SVG file; one that is there is replaced.

        Raises
        ------
        InvalidInputError
            If the file is neither.
        OSError
            If it cannot be written.
        """
        path = Path(file)
        if path.suffix.lower() not in _FORMATS:
            raise InvalidInputError(f"{path.name}: a plot is written as .png or .svg")
        write_document(path.resolve(), self._content(_FORMATS[path.suffix.lower()]))

    def _repr_png_(self) -> bytes:
        return self._content("png")

    def _content(self, file_format: str) -> bytes:
        # Marks of an axis are made when it is drawn, and take their font then.
        with written_in(self.lettering):
            return content_of(self.figure, file_format)
