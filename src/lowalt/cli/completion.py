"""``lowalt completion``: what a shell needs to complete commands, options and their values."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import PurePath
from typing import Annotated

import typer

from lowalt.cli.options import fail

_VARIABLE = "_LOWALT_COMPLETE"


class Shell(StrEnum):
    """A shell that can complete."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"
    POWERSHELL = "powershell"


def completion(
    context: typer.Context,
    shell: Annotated[
        Shell | None, typer.Argument(help="By default the one that the variable SHELL names.")
    ] = None,
) -> None:
    """Print the script with which a shell completes what is typed after lowalt.

    It is run at the start of each shell; nothing is installed.
    """
    wanted = shell or _own_shell()
    before = os.environ.get(_VARIABLE)
    os.environ[_VARIABLE] = f"source_{wanted.value}"
    try:
        # Asked in this way, the command line prints the script instead of running.
        context.find_root().command.main([], prog_name="lowalt", complete_var=_VARIABLE)
    finally:
        del os.environ[_VARIABLE]
        if before is not None:
            os.environ[_VARIABLE] = before


def _own_shell() -> Shell:
    name = PurePath(os.environ.get("SHELL", "")).name
    if name not in list(Shell):
        shells = " | ".join(Shell)
        fail(f"given no shell, and $SHELL names none that is known: lowalt completion {shells}")
    return Shell(name)
