"""Which engine works: numpy, or the C core where it is built. Both give the same bytes."""

from __future__ import annotations

from typing import Final, Literal, cast

from lowalt.errors import UnknownNameError

try:
    from lowalt.conflicts import _native as _core
except ImportError:  # installed where there was no compiler
    IS_BUILT: Final = False
else:
    IS_BUILT = _core is not None

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
