"""Which engine works: numpy, or the C core where it is built. Both give the same bytes."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final, Literal, cast

from lowalt.errors import UnknownNameError

IS_BUILT: Final = find_spec("lowalt.conflicts._native") is not None
"""Whether there was a C compiler where lowalt was installed."""

Engine = Literal["auto", "numpy", "native"]


def chosen(name: str) -> Literal["numpy", "native"]:
    """Give the engine that a name stands for here.

    Raises
    ------
    UnknownNameError
        If there is no such engine, or it is not built.
    """
    if name not in {"auto", "numpy", "native"}:
        raise UnknownNameError(f"engine {name!r}: expected 'auto', 'numpy' or 'native'")
    if name == "native" and not IS_BUILT:
        raise UnknownNameError(
            "engine 'native': the C core was not built when lowalt was installed; install a C"
            " compiler and lowalt again, or use engine='numpy', which gives the same answers"
        )
    if name == "auto":
        return "native" if IS_BUILT else "numpy"
    return cast(Literal["numpy", "native"], name)
