"""YAML without its traps: a key stands once, numbers keep their digits, a day is a day.

The only module that reads YAML. What it refuses it refuses with the file, the line and what was
given, and never with an error of the YAML library.
"""

from __future__ import annotations

from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from lowalt.errors import RegulationFileError

_PLAIN = {
    "timestamp": "day or time",
    "int": "whole number",
    "float": "number",
    "bool": "truth value",
}
_LONGEST_SHOWN = 60


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # the C parser is optional in PyYAML
    """YAML in which a key stands once and every number keeps its digits."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """Build the value of a node; what looks like a day or a number and is none is refused."""
        try:
            return super().construct_object(node, deep=deep)
        except (ValueError, ArithmeticError, LookupError, AttributeError) as error:
            if not isinstance(node, yaml.ScalarNode):
                raise
            kind = node.tag.rpartition(":")[2]
            raise yaml.constructor.ConstructorError(
                None,
                None,
                f"given {node.value[:_LONGEST_SHOWN]!r}, and there is no such"
                f" {_PLAIN.get(kind, kind)}; correct it, or put it in quotes if it is a text",
                node.start_mark,
            ) from error


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(
                None, None, "a key must be a plain word", key_node.start_mark
            )
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"key {key!r} stands twice", key_node.start_mark
            )
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _decimal(loader: _StrictLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_StrictLoader.add_constructor("tag:yaml.org,2002:float", _decimal)


def read_yaml(file: Traversable) -> Any:
    """Read one YAML file strictly.

    Raises
    ------
    RegulationFileError
        If it is not YAML, or a key stands twice.
    """
    return parse_yaml(file.read_bytes(), name=file.name)


def parse_yaml(content: bytes, *, name: str) -> Any:
    """Read the content of a YAML file strictly.

    Raises
    ------
    RegulationFileError
        As :func:`read_yaml` does.
    """
    try:
        return yaml.load(content.decode("utf-8"), Loader=_StrictLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "the file"
        raise RegulationFileError(name, place, error.problem or "not YAML") from error
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise RegulationFileError(name, "the file", f"not YAML in UTF-8: {error}") from error
