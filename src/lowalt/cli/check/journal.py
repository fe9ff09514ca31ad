"""The rows of a day as they are found, kept so that a run that was stopped can go on."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from lowalt.cli.check.rows import Row
from lowalt.cli.check.tables import WRITERS, line, require_parquet
from lowalt.documents import write_document
from lowalt.errors import InvalidInputError

FORMAT: Final = "lowalt day"

PART: Final = ".part"
"""How the name of what a run has found so far ends."""


class Journal:
    """A file that grows by whole lines, beside the place of the result that it becomes.

    Its first line says what the rows rest on. Only a run that asks the same of the same law and
    airspace may go on with it; a last line that was torn off is forgotten.

    Parameters
    ----------
    target
        The result: its ending, ``.jsonl``, ``.csv`` or ``.parquet``, says its form.
    header
        What the rows rest on, as JSON values.

    Raises
    ------
    InvalidInputError
        If the ending is another.
    MissingExtraError
        If it is Parquet and the library for it is missing.
    """

    def __init__(self, target: Path, header: Mapping[str, Any]) -> None:
        if target.suffix.lower() not in WRITERS:
            raise InvalidInputError(
                f"given {str(target)!r}, expected a file in {', '.join(WRITERS)}"
            )
        if target.suffix.lower() == ".parquet":
            require_parquet()
        self.target = target
        self.part = target.with_name(target.name + PART)
        self._header = {"format": FORMAT, "version": 1, **header}
        self._file: BinaryIO | None = None

    def begin(self) -> None:
        """Begin anew.

        Raises
        ------
        InvalidInputError
            If a run that was stopped has left rows here.
        OSError
            If nothing can be written here.
        """
        if not self.target.parent.is_dir():
            raise InvalidInputError(f"{self.target.parent}: there is no such folder; make it first")
        try:
            self._file = self.part.open("xb")
        except FileExistsError:
            raise InvalidInputError(
                f"{self.part} holds what a run that did not end has found: go on with --resume, or"
                " delete it to begin anew"
            ) from None
        self._write([self._header])

    def resume(self, digests: Mapping[str, str]) -> list[Row]:
        """Go on where another run stopped, or from its result if it did not.

        Parameters
        ----------
        digests
            Digests of the files as they are now; rows of others, and of other files, are dropped.

        Returns
        -------
        list of dict
            Rows that stand; those of a file that was not done with are dropped too.

        Raises
        ------
        InvalidInputError
            If other things were asked then, or it is no such file.
        OSError
            If it cannot be read or written.
        """
        before = self._before()
        if before is None:
            self.begin()
            return []
        rows = self._rows(before)
        found = _whole([row for row in rows if digests.get(row["file"], "") == row["sha256"]])
        write_document(self.part, b"".join(map(line, (self._header, *found))))
        self._file = self.part.open("ab")
        return found

    def add(self, rows: Iterable[Row]) -> None:
        """Keep some rows more.

        Raises
        ------
        OSError
            If they cannot be written.
        """
        self._write(rows)

    def finish(self, order: Sequence[str]) -> None:
        """Write the result, whole, and forget how it came about.

        Parameters
        ----------
        order
            Files in their order; rows stand in that order whatever the order they were found in.

        Raises
        ------
        OSError
            If it cannot be written; what was found is still there then.
        """
        self.close()
        place = {file: number for number, file in enumerate(order)}
        rows = sorted(self._rows(self.part), key=lambda row: (place[row["file"]], row["item"]))
        write = WRITERS[self.target.suffix.lower()]
        write_document(self.target, write(self._header, rows))
        self.part.unlink()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, rows: Iterable[Mapping[str, Any]]) -> None:
        assert self._file is not None, "begun first"
        self._file.write(b"".join(map(line, rows)))
        self._file.flush()

    def _before(self) -> Path | None:
        """Find what to go on with."""
        if self.part.exists():
            return self.part
        # A table has not all that its rows had.
        whole = self.target.suffix.lower() == ".jsonl" and self.target.exists()
        return self.target if whole else None

    def _rows(self, file: Path) -> list[Row]:
        lines = file.read_bytes().split(b"\n")
        lines.pop()  # what follows the last line's end: nothing, or a line torn off
        rows: list[Row] = []
        for number, text in enumerate(lines, start=1):
            row = None
            with suppress(ValueError):
                row = json.loads(text)
            if not isinstance(row, dict) or (number > 1 and not _is_row(row)):
                raise InvalidInputError(
                    f"{file}: line {number} is none that lowalt wrote; delete the file to begin"
                    " anew"
                )
            rows.append(row)
        if not rows:
            return []
        self._compare(rows[0], file)
        return rows[1:]

    def _compare(self, header: Row, file: Path) -> None:
        if header.get("format") != FORMAT:
            raise InvalidInputError(
                f"{file} is no result of lowalt check; write to another file with --out"
            )
        theirs, ours = _paths(header), _paths(json.loads(line(self._header)))
        other = sorted(
            key for key in {*theirs, *ours} if theirs.get(key, None) != ours.get(key, None)
        )
        if other:
            raise InvalidInputError(
                f"{file} was made otherwise ({', '.join(other)} then and now differ), and rows of"
                " both would not go together: ask the same, or delete it to begin anew"
            )


def _is_row(row: Row) -> bool:
    return {"file", "sha256", "item", "items"} <= row.keys()


def _whole(rows: Collection[Row]) -> list[Row]:
    """Keep rows of files that were done with, each plan's once."""
    found: dict[str, dict[int, Row]] = {}
    for row in rows:
        found.setdefault(row["file"], {}).setdefault(row["item"], row)
    return [
        row
        for of_file in found.values()
        if len(of_file) == next(iter(of_file.values()))["items"]
        for row in of_file.values()
    ]


def _paths(value: Any, path: str = "") -> dict[str, Any]:
    """List what stands in an object by where it stands."""
    if not isinstance(value, dict):
        return {path: value}
    found: dict[str, Any] = {}
    for key, part in value.items():
        found |= _paths(part, f"{path}.{key}" if path else key)
    return found
