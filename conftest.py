"""Leave out what cannot be imported where durable_rules does not build (Python 3.13 and later)."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore = (
    [] if find_spec("durable_rules_engine") else ["src/lowalt/engine/durable_engine.py"]
)
