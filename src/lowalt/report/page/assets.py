"""What a page carries within itself: two kept libraries, styles, scripts, and its own policy.

A page opens from a disk without any network, so everything is in it. Its policy names the digest
of each script and forbids all else: a plan whose name is a script stays a name.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

_HOME = "lowalt.report.page"


@dataclass(frozen=True, slots=True)
class Assets:
    """Styles and scripts of a page, in order, with what it allows.

    Attributes
    ----------
    styles, scripts
        Contents of ``<style>`` and ``<script>`` elements.
    policy
        Content security policy: no request at all, and no script but these.
    """

    styles: tuple[Markup, ...]
    scripts: tuple[Markup, ...]
    policy: str


def assets(*, styles: Sequence[str], scripts: Sequence[str]) -> Assets:
    """Put Leaflet and uPlot before the styles and scripts of a page.

    Parameters
    ----------
    styles, scripts
        Own CSS and JavaScript of the page.

    Examples
    --------
    >>> page = assets(styles=["h1 { margin: 0 }"], scripts=["let a = 1;"])
    >>> page.policy.count("sha256-"), page.policy.startswith("default-src 'none';")
    (3, True)
    """
    all_scripts = (_leaflet_script(), _uplot_script(), *scripts)
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in all_scripts)
    return Assets(
        tuple(map(Markup, (_leaflet_style(), _uplot_style(), *styles))),
        tuple(map(Markup, all_scripts)),
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none';"
        f" form-action 'none'; script-src {allowed}",
    )


def embedded(value: Any) -> Markup:
    r"""Write JSON that may stand in a ``<script type="application/json">``: nothing ends it.

    Examples
    --------
    >>> print(embedded({"name": "</script><b>"}))
    {"name":"\u003c/script>\u003cb>"}
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))


@cache
def read(name: str, *, home: str = _HOME) -> str:
    """Read a file of a package as text."""
    return files(home).joinpath(name).read_text("utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _licensed(library: str, text: str) -> str:
    """Put the licence of a library before it, as both licences ask."""
    return f"/*!\n{read(f'vendor/{library}/LICENSE').strip()}\n*/\n{text}\n"


@cache
def _leaflet_script() -> str:
    # A browser would ask for the map of the sources.
    code, _, _ = read("vendor/leaflet/leaflet.js").partition("//# sourceMappingURL=")
    return _licensed("leaflet", code)


@cache
def _leaflet_style() -> str:
    """Put the one picture that is used into the style, and let the others go."""
    layers = files(_HOME).joinpath("vendor/leaflet/layers.png").read_bytes()
    data = "data:image/png;base64," + base64.b64encode(layers).decode()
    style = read("vendor/leaflet/leaflet.css").replace("images/layers.png", data)
    for unused in (
        "behavior: url(#default#VML);",
        "background-image: url(images/layers-2x.png);",
        "background-image: url(images/marker-icon.png);",
    ):
        style = style.replace(unused, "")
    return _licensed("leaflet", style)


@cache
def _uplot_script() -> str:
    return _licensed("uplot", read("vendor/uplot/uPlot.iife.min.js"))


@cache
def _uplot_style() -> str:
    return read("vendor/uplot/uPlot.min.css")
