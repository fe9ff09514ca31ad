"""Elements of AIXM and GML, found by their local names: 5.1 and 5.1.1 differ in namespaces only."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element


def local(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def children(element: Element, *path: str) -> Iterator[Element]:
    """Find the elements at the end of a path of names.

    Examples
    --------
    >>> from xml.etree.ElementTree import fromstring
    >>> root = fromstring("<a><b><c>1</c></b><b><c>2</c><d/></b></a>")
    >>> [found.text for found in children(root, "b", "c")]
    ['1', '2']
    """
    name, *others = path
    for found in element:
        if local(found) == name:
            yield from children(found, *others) if others else (found,)


def child(element: Element, *path: str) -> Element | None:
    """Find the first element at the end of a path of names."""
    return next(children(element, *path), None)


def text_of(element: Element, *path: str) -> str:
    """Return the text at the end of a path of names, empty if there is none."""
    found = child(element, *path)
    return "" if found is None else (found.text or "").strip()
