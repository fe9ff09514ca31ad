"""Elements of WPML: KML with a namespace of the maker's, of which there are many versions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from lowalt.documents import parse_xml
from lowalt.errors import InvalidInputError
from lowalt.formats.plans.numbers import count_of, number_of

_MAKERS: Final = re.compile(
    r"\{http://www\.(?:dji|uav)\.com/wpmz/(\d+\.\d+)\.(\d{1,4})\}", re.ASCII
)
_KMLS: Final = re.compile(r"\{http://(?:www\.opengis\.net|earth\.google\.com)/kml/2\.\d\}kml")
_NEWEST_PATCH: Final = 6


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads children of an element by their names, in the namespaces of one document.

    Parameters
    ----------
    element
        The element.
    kml, maker
        The two namespaces, in braces.
    where
        What messages call the element.
    """

    element: Element
    kml: str
    maker: str
    where: str

    @property
    def newer_version(self) -> str:
        """What is to be told of a version newer than those known; empty of others."""
        version = _MAKERS.fullmatch(self.maker)
        if version is None or int(version[2]) <= _NEWEST_PATCH:
            return ""
        return f"1.0.{version[2]} is newer than those known: read as 1.0.{_NEWEST_PATCH}"

    def inside(self, path: str) -> Reader | None:
        """Give a reader of a descendant; ``None`` if there is none."""
        found = self.element.find(self._spelled(path))
        if found is None:
            return None
        return Reader(found, self.kml, self.maker, f"{self.where}: {path}")

    def each(self, path: str, *, called: str) -> Iterator[Reader]:
        """Give a reader of each descendant, called by its number."""
        for number, found in enumerate(self.element.iterfind(self._spelled(path)), start=1):
            yield Reader(found, self.kml, self.maker, f"{self.where}: {called} {number}")

    def word(self, path: str) -> str:
        """Text of a descendant; empty if there is none."""
        return (self.element.findtext(self._spelled(path)) or "").strip()

    def number(self, path: str) -> float | None:
        """Return a number; ``None`` if it is not stated.

        Raises
        ------
        InvalidInputError
            If something else stands there.
        """
        text = self.word(path)
        return number_of(text, where=f"{self.where}: {path}") if text else None

    def number_that_must_be(self, path: str) -> float:
        """Return a number.

        Raises
        ------
        InvalidInputError
            If there is none.
        """
        return number_of(self.word(path), where=f"{self.where}: {path}")

    def count(self, path: str) -> int | None:
        """Return a whole number; ``None`` if it is not stated.

        Raises
        ------
        InvalidInputError
            If something else stands there.
        """
        text = self.word(path)
        return count_of(text, where=f"{self.where}: {path}") if text else None

    def is_set(self, path: str) -> bool:
        """Whether a switch is on; one that is not there is off."""
        return self.count(path) == 1

    def _spelled(self, path: str) -> str:
        return "/".join(
            (self.kml if step[0].isupper() or step == "coordinates" else self.maker) + step
            for step in path.split("/")
        )


def document_of(content: bytes | None, *, name: str) -> Reader | None:
    """Parse a document of a route.

    Parameters
    ----------
    content
        ``waylines.wpml`` or ``template.kml``; of ``None``, there is nothing to read.
    name
        What messages call it.

    Returns
    -------
    Reader
        Of its element ``Document``.

    Raises
    ------
    InvalidInputError
        If it is no XML, or no document of a version of the format that is known.
    """
    if content is None:
        return None
    root = parse_xml(content, name=name)
    makers = (_MAKERS.match(element.tag) for element in root.iter())
    version = next((match for match in makers if match), None)
    if not _KMLS.fullmatch(root.tag) or version is None:
        raise InvalidInputError(
            f"{name}: begins with {root.tag[:60]!r}; expected kml with elements of"
            " http://www.dji.com/wpmz/1.0.x"
        )
    if version[1] != "1.0":
        raise InvalidInputError(
            f"{name}: version {version[0][1:-1][:60]} of the format is not known; expected"
            f" http://www.dji.com/wpmz/1.0.0 to 1.0.{_NEWEST_PATCH}"
        )
    kml = root.tag.removesuffix("kml")
    document = root.find(f"{kml}Document")
    if document is None:
        raise InvalidInputError(f"{name}: a kml without a Document in it")
    return Reader(document, kml, version[0], name)
