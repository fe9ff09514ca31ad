"""Inference: which rules stand once exemptions, waivers and their exceptions are settled.

Two engines give the same answers: one on durable_rules, one in plain Python.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterable
from typing import Literal

from lowalt.engine.reference_engine import ReferenceEngine
from lowalt.engine.rules import Inference, InferenceEngine, InferenceRule
from lowalt.errors import InvalidInputError, RuleEvaluationError

__all__ = [
    "Inference",
    "InferenceEngine",
    "InferenceRule",
    "ReferenceEngineWarning",
    "make_engine",
]

_CURE = (
    "pip install durable_rules==2.0.28 (it needs a C compiler); on Python 3.13 and later:"
    ' CPPFLAGS="-DPyEval_CallObject=PyObject_CallObject" pip install --no-binary :all:'
    " durable_rules==2.0.28"
)

_said_lock = threading.Lock()
_said: list[str] = []


class ReferenceEngineWarning(UserWarning):
    """durable_rules does not import here, so the reference engine answers."""


def make_engine(
    rules: Iterable[InferenceRule], *, prefer: Literal["auto", "durable", "reference"] = "auto"
) -> InferenceEngine:
    """Build the engine that settles a rule table.

    Parameters
    ----------
    rules
        The table.
    prefer
        ``auto`` takes durable_rules where it imports and else the reference engine, saying so
        once in the life of the process; the other two insist.

    Raises
    ------
    RuleTableError, CircularWaiverError
        If the table is at fault, or larger than the durable engine holds.
    RuleEvaluationError
        If ``durable`` is insisted on where durable_rules does not import.

    Warns
    -----
    ReferenceEngineWarning
        At most once a process.

    Examples
    --------
    >>> make_engine([InferenceRule("duty")], prefer="reference").name
    'reference'
    """
    if prefer not in ("auto", "durable", "reference"):
        raise InvalidInputError(
            f"prefer={prefer!r}: the engines are 'auto', 'durable' and 'reference'"
        )
    if prefer == "reference":
        return ReferenceEngine(rules)
    try:
        from lowalt.engine.durable_engine import DurableEngine  # noqa: PLC0415 - may not import
    except ImportError as error:
        if prefer == "durable":
            raise RuleEvaluationError(
                f"durable_rules does not import here ({error}): {_CURE}"
            ) from error
        _say_once(
            f"durable_rules does not import here ({error}), so lowalt infers with its reference"
            f" engine. The answers are the same. To have the durable engine: {_CURE}"
        )
        return ReferenceEngine(rules)
    return DurableEngine(rules)


def _say_once(message: str) -> None:
    # Filters may show a warning each time or raise it; that it is said once is settled here.
    with _said_lock:
        if _said:
            return
        _said.append(message)
    warnings.warn(message, ReferenceEngineWarning, stacklevel=3)
