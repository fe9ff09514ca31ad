"""The promises of the layout: the door, the clock, and what is cheap."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import lowalt

SRC = Path(lowalt.__file__).parent
MODULES = sorted(p for p in SRC.rglob("*.py") if "airspace_data" not in p.relative_to(SRC).parts)
# Whoever lists the law without naming a day wants today's.
ASKS_THE_CLOCK = {SRC / "cli" / "rules.py"}


def test_every_public_name_is_there_and_documented() -> None:
    assert sorted(lowalt.__all__) == lowalt.__all__ or len(set(lowalt.__all__)) == len(
        lowalt.__all__
    )
    for name in lowalt.__all__:
        assert getattr(lowalt, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = lowalt.nonsense


def test_what_type_checkers_see_at_the_door_is_what_is_there_at_run_time() -> None:
    tree = ast.parse((SRC / "__init__.py").read_text("utf-8"))
    seen = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("lowalt.")
        for alias in node.names
    }
    assert seen == set(lowalt.__all__)


def test_importing_the_door_loads_no_heavy_room() -> None:
    code = (
        "import sys, lowalt; print(sorted({'numpy', 'shapely', 'pyproj', 'pydantic', 'yaml',"
        " 'typer'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(SRC)))
def test_nothing_asks_the_clock_or_the_network(module: Path) -> None:
    tree = ast.parse(module.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and module not in ASKS_THE_CLOCK:
            assert node.attr not in {"now", "utcnow", "today"}, f"line {node.lineno}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None) or "", *(a.name for a in node.names)]
            assert not {n.split(".")[0] for n in names} & {"socket", "urllib", "http", "requests"}


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(SRC)))
def test_every_module_and_public_function_says_what_it_is(module: Path) -> None:
    name = ".".join(("lowalt", *module.relative_to(SRC).with_suffix("").parts))
    try:
        loaded = importlib.import_module(name.removesuffix(".__init__"))
    except ImportError as error:
        pytest.skip(f"does not import here: {error}")
    assert loaded.__doc__
    for public in getattr(loaded, "__all__", []):
        value = getattr(loaded, public)
        # A constant says what it is in a string below it, which Python does not keep.
        assert value.__doc__ is not None or not callable(value)
