"""A day of plans: a row for each as it is found, and a summary of them all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from importlib.metadata import version
from math import ceil
from pathlib import Path
from typing import Any

import typer

from lowalt.cli.check.asked import Asked
from lowalt.cli.check.full import exit_code, in_brief
from lowalt.cli.check.journal import Journal
from lowalt.cli.check.progress import progress
from lowalt.cli.check.rows import Part, Row, RowWorker, row_worker, world_of_rows
from lowalt.cli.check.summary import Summary
from lowalt.cli.check.work import in_processes, jobs_for
from lowalt.cli.options import (
    EXIT_BAD_INPUT,
    EXIT_CLEAR,
    EXIT_STOPPED,
    Format,
    Lang,
    fail,
    terminal,
)
from lowalt.errors import LowaltError
from lowalt.verdicts import Decision

_WORTH_A_PROCESS = 250  # files, for the seconds that it takes to open the world once more
_TOGETHER = 100  # files: many enough for columns, few enough to stop within a second
_LARGE_BYTES = 1_000_000  # a file of so many has hundreds of plans
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What is asked of a day of plans, and where the answer goes."""

    asked: Asked
    lang: Lang
    form: Format
    brief: bool
    summary: bool
    out: Path | None
    resume: bool
    jobs: int | None
    telling: dict[str, Any] = field(default_factory=dict)

    def check(self, parts: Sequence[Part]) -> int:
        """Judge the plans of files, each given as one part; return the exit code."""
        return _Run(self, parts).check()


class _Run:
    """One run over a day."""

    def __init__(self, day: Day, parts: Sequence[Part]) -> None:
        self._day, self._parts = day, parts
        self._world = world_of_rows(day.asked)
        self._summary = Summary()

    def check(self) -> int:
        """Judge, keep and tell."""
        journal = None if self._day.out is None else self._journal(self._day.out)
        is_stopped = self._go(journal)
        if journal is not None:
            self._close(journal, is_stopped=is_stopped)
        if self._day.summary or not self._day.brief:
            self._tell_summary()
        self._tell_failures()
        self._tell_notes()
        if is_stopped:
            self._tell_stop()
            return EXIT_STOPPED
        return self._code()

    def _journal(self, out: Path) -> Journal:
        """Open what keeps the rows, and take up what is in it already."""
        try:
            journal = Journal(out, self._header())
            if self._day.resume:
                self._keep(journal.resume(self._digests()))
            else:
                journal.begin()
        except (LowaltError, OSError) as error:
            fail(f"--out: {error}")
        return journal

    def _header(self) -> Row:
        """Say what the rows rest on."""
        airspace, law = self._world.airspace, self._world.any_law
        return {
            "library": f"lowalt {version('lowalt')}",
            "airspace": airspace.digest,
            "airspace_name": airspace.name,
            "rulebook": law.digest,
            "rulebook_name": law.name,
            "options": {**self._day.asked.options(), **self._day.telling},
        }

    def _digests(self) -> dict[str, str]:
        digests = {}
        for part in self._parts:
            with suppress(LowaltError, OSError):
                digests[part.source.label] = sha256(part.source.content()).hexdigest()
        return digests

    def _go(self, journal: Journal | None) -> bool:
        """Judge what is not judged yet; return whether Ctrl-C ended it early."""
        left = [part for part in self._parts if part.source.label not in self._summary.files]
        jobs = jobs_for(len(left), given=self._day.jobs, worth_a_process=_WORTH_A_PROCESS)
        with progress("plans", total=len(self._parts)) as advance:
            advance(len(self._parts) - len(left))
            try:
                for batch, rows in self._results(left, jobs):
                    if journal is not None:
                        with _telling_what_is_kept():
                            journal.add(rows)
                    self._keep(rows)
                    advance(sum(part.number == 0 for part in batch))
            except KeyboardInterrupt:
                return len(self._summary.files) < len(self._parts)
        return False

    def _results(
        self, parts: Sequence[Part], jobs: int
    ) -> Iterator[tuple[Sequence[Part], list[Row]]]:
        batches = _batches(parts, jobs)
        if jobs == 1:
            return zip(batches, map(RowWorker(self._world), batches), strict=True)
        results = in_processes(row_worker, self._day.asked, batches, jobs=jobs)
        return zip(batches, results, strict=True)

    def _keep(self, rows: Sequence[Row]) -> None:
        self._summary.add(rows)
        if self._day.brief and self._day.form is Format.TEXT:
            console, _ = terminal()
            for row in rows:
                if "error" in row:
                    typer.echo(f"lowalt: {row['file']}: {row['error']}", err=True)
                    continue
                ends = (Decision(row[end]) for end in ("decision", "best", "worst"))
                name = f"{row['file']}: {row['plan_id']}" if row["items"] > 1 else row["file"]
                console.print(in_brief(name, *ends, lang=self._day.lang))

    def _close(self, journal: Journal, *, is_stopped: bool) -> None:
        if is_stopped:
            journal.close()
            return
        with _telling_what_is_kept():
            journal.finish([part.source.label for part in self._parts])
        count = self._summary.plans + len(self._summary.failed)
        typer.echo(f"lowalt: {journal.target}: {count:,} rows", err=True)

    def _tell_summary(self) -> None:
        if self._day.form is Format.JSON:
            typer.echo(json.dumps(self._summary.to_dict(), ensure_ascii=False))
            return
        console, width = terminal()
        out = None if self._day.out is None else str(self._day.out)
        lines = self._summary.lines(
            lang=self._day.lang.value, width=width, cited=self._world.cited, out=out
        )
        for line in lines:
            console.print(line, markup=False)

    def _tell_failures(self) -> None:
        """Say which files failed where a terminal shows it, and how to learn more."""
        failed = list(dict.fromkeys(row["file"] for row in self._summary.failed))
        if failed and not self._day.brief:
            named = ", ".join(failed[:_MOST_NAMED])
            more = f" and {len(failed) - _MOST_NAMED:,} more" if len(failed) > _MOST_NAMED else ""
            typer.echo(
                f"lowalt: {named}{more}: not read or not judged; lowalt check FILE says all that is"
                " wrong with one",
                err=True,
            )

    def _tell_notes(self) -> None:
        """Say that there is more to know of how files were read, where that was not said."""
        count = self._summary.notes
        if count and self._day.out is None:
            typer.echo(
                f"lowalt: {count:,} notes on what was left out of files or taken from a profile:"
                " the rows of --out FILE have them",
                err=True,
            )

    def _tell_stop(self) -> None:
        done, every = len(self._summary.files), len(self._parts)
        ending = (
            "with --out FILE and --resume it could go on from here"
            if self._day.out is None
            else "the same command with --resume goes on from here"
        )
        typer.echo(f"lowalt: stopped: {done:,} of {every:,} files are done; {ending}", err=True)

    def _code(self) -> int:
        if self._summary.failed:
            return EXIT_BAD_INPUT
        return max(map(exit_code, self._summary.decisions), default=EXIT_CLEAR)


@contextmanager
def _telling_what_is_kept() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        fail(f"--out: {error}; what was found before is kept: --resume goes on with it")


def _batches(parts: Sequence[Part], jobs: int) -> list[list[Part]]:
    """Put files together for one process at a time, and share large ones among processes."""
    small = [part for part in parts if jobs == 1 or _size(part) < _LARGE_BYTES]
    large = [part for part in parts if jobs > 1 and _size(part) >= _LARGE_BYTES]
    together = min(_TOGETHER, max(1, ceil(len(small) / jobs)))
    batches = [list(small[at : at + together]) for at in range(0, len(small), together)]
    for part in large:
        batches += [[replace(part, number=number, of=jobs)] for number in range(jobs)]
    return batches


def _size(part: Part) -> int:
    """Measure a file; one that cannot be seen will not be read either."""
    if part.source.given is not None:
        return len(part.source.given)
    with suppress(OSError):
        return part.source.path.stat().st_size
    return 0
