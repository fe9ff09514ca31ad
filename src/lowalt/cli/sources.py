"""Where plans come from: files, folders of them, and standard input."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from lowalt.cli.options import RECORD, fail

STANDARD_INPUT: Final = Path("-")

_SHARED_ENDINGS = (".txt", ".xml")
"""Endings that much else has too: such files are taken where they are named, not out of folders."""

Recursive = Annotated[
    bool, typer.Option("--recursive", "-r", help="Look in folders of folders too.")
]


@dataclass(frozen=True, slots=True)
class Source:
    """A file of plans, or what came by standard input.

    Attributes
    ----------
    path
        The file, as it was named.
    given
        What it holds, where it can be read only once.
    """

    path: Path
    given: bytes | None = None

    @property
    def label(self) -> str:
        """What it is called where it stands among others."""
        return str(self.path) if self.given is None else "standard input"

    @property
    def name(self) -> str:
        """What readers call it."""
        return self.path.name if self.given is None else "standard input"

    def content(self) -> bytes:
        """Read it.

        Raises
        ------
        InvalidInputError
            If it is too large.
        OSError
            If it cannot be read.
        """
        from lowalt.documents import read_document, require_size
        from lowalt.formats.plans.files import LARGEST_PLAN_BYTES

        if self.given is None:
            return read_document(self.path, largest_bytes=LARGEST_PLAN_BYTES)
        require_size(self.given, name=self.name, largest_bytes=LARGEST_PLAN_BYTES)
        return self.given


def sources_of(
    paths: Iterable[Path], *, recursive: bool = False, leave_out: Collection[Path] = ()
) -> list[Source]:
    """List the files named and those of plans in the folders named, in order, each once.

    Parameters
    ----------
    paths
        Files, folders, and ``-`` for standard input.
    recursive
        Whether to look in folders of folders too.
    leave_out
        Resolved paths of files that are no plans though their names look like it.
    """
    from lowalt.formats.plans.files import LARGEST_PLAN_BYTES

    found: dict[Path, Source] = {}
    for path in paths:
        if path == STANDARD_INPUT:
            given = sys.stdin.buffer.read(LARGEST_PLAN_BYTES + 1)
            found.setdefault(path, Source(path, given))
        elif path.is_dir():
            for file in _of_folder(path, recursive=recursive, leave_out=leave_out):
                found.setdefault(file, Source(file))
        else:
            found.setdefault(path, Source(path))
    return list(found.values())


def _of_folder(folder: Path, *, recursive: bool, leave_out: Collection[Path]) -> Iterator[Path]:
    from lowalt.formats.plans.files import PLAN_FORMATS

    listed = {ending for known in PLAN_FORMATS.values() for ending in known.extensions}
    endings = tuple(sorted(listed.difference(_SHARED_ENDINGS)))
    hidden = len(folder.parts)
    try:
        files = sorted(folder.rglob("*") if recursive else folder.iterdir())
    except OSError as error:
        fail(f"{folder}: {error.strerror or error}; name a folder that can be read")
    there = False
    for file in files:
        if (
            file.suffix.lower() in endings
            and not file.name.endswith(RECORD)
            and not any(part.startswith(".") for part in file.parts[hidden:])
            and file.resolve() not in leave_out
            and file.is_file()
        ):
            there = True
            yield file
    if not there:
        fail(
            f"{folder}: the folder holds no plans in .json or another format"
            f" ({', '.join(endings)}); name plans or a folder of them, or look in its folders too"
            " with --recursive"
        )
