"""A bar for what takes long, where somebody looks on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(title: str, *, total: int) -> Iterator[Callable[[int], None]]:
    """Show on standard error how much is done, if that is a terminal; gone when it is over.

    Parameters
    ----------
    title
        What is counted.
    total
        How many there are.

    Yields
    ------
    callable
        Told how many more are done.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
        # What is printed meanwhile goes above the bar, but into a file or pipe as ever.
        redirect_stdout=sys.stdout.isatty(),
    ) as bars:
        bar = bars.add_task(title, total=total)
        yield lambda more: bars.advance(bar, more)
