"""Rules of one's own: instruments from a folder of the user's, held to more than those we hold.

A folder holds what :mod:`lowalt.regulations` holds: ``own/acme_manual.yaml``, the text, beside
``own/acme_manual.py``, its readings. An instrument in ``own`` is a rule that an operator sets for
itself. It may forbid what the law allows, and never the reverse: nothing in it can take a duty of
law away, settle to whom one is owed, say what a term of law means or make flying lawful. A notice
of an authority stands in the folder of whose law it is (``cn``, ``sz``, ``hk``, ``mo``, ``std``)
and may do all that law may.

A reading is code, which runs when it is loaded.
"""

from __future__ import annotations

import dataclasses
import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from os import PathLike, fspath
from pathlib import Path
from types import ModuleType
from typing import Any

from lowalt.documents import read_document
from lowalt.errors import LowaltError, RegulationFileError
from lowalt.regulations.authoring import Definition, Norm, Reading
from lowalt.regulations.conditions import Condition
from lowalt.regulations.loader import parse_instrument
from lowalt.regulations.sources import FOLDERS, Source, source_of

OWN = "own"
"""Folder, and first part of the identifier, of what an operator sets for itself."""

Paths = str | PathLike[str] | Iterable[str | PathLike[str]]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SUFFIXES = {".yaml", ".yml", ".py"}
_MOST_NAMED = 3
_LARGEST_BYTES = 4 * 2**20
_LAYOUT = f"expected <folder>/<name>.yaml with <folder> one of {', '.join(FOLDERS)}"


@dataclass(frozen=True, slots=True)
class OwnInstrument:
    """The two files of an instrument of the user's, as they were read.

    Attributes
    ----------
    identifier
        Folder and name, such as ``own/acme_manual``.
    text, code
        Contents of the YAML file and of the Python file.
    """

    identifier: str
    text: bytes
    code: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of both files, each by its own."""
        both = sha256(self.text).digest() + sha256(self.code).digest()
        return sha256(both).hexdigest()


def read_own_rules(paths: Paths) -> tuple[OwnInstrument, ...]:
    """Read the files of instruments of the user's, and run none of them.

    Parameters
    ----------
    paths
        A folder of instruments, one instrument's YAML file, or several of either.

    Raises
    ------
    RegulationFileError
        If a file lies where none is looked for, has no other beside it, or has a name that is
        taken; the message says where it should be.
    OSError
        If a file cannot be read.
    """
    several = [paths] if isinstance(paths, str | PathLike) else list(paths)
    found: dict[str, OwnInstrument] = {}
    for path in several:
        for file in _files(Path(fspath(path))):
            read = _read(file)
            if read.identifier in found:
                raise RegulationFileError(
                    file.name,
                    "the file",
                    f"in {file.parent}: a second instrument is called {read.identifier!r}",
                )
            found[read.identifier] = read
    return tuple(found.values())


def _files(path: Path) -> list[Path]:
    if path.suffix == ".yaml":
        return [path]
    if not path.is_dir():
        said = "it is no .yaml file" if path.exists() else "there is none"
        raise RegulationFileError(
            str(path), "the folder", f"{said}; name a folder of rules or a .yaml file"
        )
    if stray := sorted(file for file in path.iterdir() if file.suffix in _SUFFIXES):
        raise RegulationFileError(
            stray[0].name, "the file", f"it lies at the top of {path}; {_LAYOUT}"
        )
    for folder in sorted(f.name for f in path.iterdir() if f.is_dir() and f.name in FOLDERS):
        _refuse_strays(path / folder)
    files = sorted(f for f in path.glob("*/*.yaml") if not f.name.endswith(".cases.yaml"))
    if not files:
        strays = sorted(f.relative_to(path) for f in path.glob("*/*") if f.suffix in _SUFFIXES)
        only = f", only {', '.join(map(str, strays[:_MOST_NAMED]))}" if strays else ""
        raise RegulationFileError(
            str(path), "the folder", f"it holds no instrument{only}; {_LAYOUT}"
        )
    return files


def _refuse_strays(folder: Path) -> None:
    """Refuse files that would be passed over in silence: half an instrument, or a misnamed one."""
    for file in sorted(folder.iterdir()):
        text = file.with_suffix(".yaml")
        if file.suffix == ".yml":
            raise RegulationFileError(
                file.name, "the file", f"it lies in {folder} and is not read; call it {text.name}"
            )
        if file.suffix == ".py" and file.name != "__init__.py" and not text.is_file():
            raise RegulationFileError(
                file.name,
                "the file",
                f"readings of no text in {folder}; expected {text.name} beside it",
            )


def _read(file: Path) -> OwnInstrument:
    folder = file.absolute().parent.name
    if folder not in FOLDERS:
        raise RegulationFileError(
            file.name, "the file", f"it lies in {file.absolute().parent}; {_LAYOUT}"
        )
    if not _NAME.fullmatch(file.stem):
        raise RegulationFileError(
            file.name,
            "the file",
            f"in {file.parent}: expected a name of a to z, 0 to 9 and _, from a letter on",
        )
    code = file.with_suffix(".py")
    if not file.is_file() or not code.is_file():
        lacking = file if not file.is_file() else code
        raise RegulationFileError(
            lacking.name,
            "the file",
            f"there is none in {lacking.parent}; an instrument is a .yaml file with its text and"
            " a .py file of that name with its readings",
        )
    return OwnInstrument(
        f"{folder}/{file.stem}",
        read_document(file, largest_bytes=_LARGEST_BYTES),
        read_document(code, largest_bytes=_LARGEST_BYTES),
    )


@lru_cache(maxsize=256)
def source_of_own(own: OwnInstrument) -> Source:
    """Run the readings of an instrument of the user's and put them to its text.

    Raises
    ------
    RegulationFileError
        If either file is at fault, with the line; no traceback of other code is let through.
    RegulationError
        If text and readings do not fit.
    """
    name = own.identifier.partition("/")[2]
    instrument = parse_instrument(own.text, name=f"{name}.yaml")
    marks = _marks(own, file=f"{name}.py")
    return source_of(instrument, marks, identifier=own.identifier, file=f"{name}.yaml")


def _marks(own: OwnInstrument, *, file: str) -> Iterator[Reading | Definition]:
    module = ModuleType(f"lowalt_{own.identifier.replace('/', '_')}_{own.digest[:16]}")
    with _Teaching(file):
        exec(compile(own.code, file, "exec", dont_inherit=True), vars(module))
    for mark in vars(module).values():
        if isinstance(mark, Reading):
            yield dataclasses.replace(mark, write=_taught(mark.write, Norm, file=file))
        elif isinstance(mark, Definition):
            yield dataclasses.replace(mark, write=_taught(mark.write, Condition, file=file))


def _taught(write: Callable[..., Any], kind: type, *, file: str) -> Callable[..., Any]:
    """Let a reading fail only in words of ours."""

    def written(parameters: object) -> object:
        with _Teaching(file):
            result = write(parameters)
            if kind is Condition and hasattr(result, "as_condition"):
                result = result.as_condition()
            if not isinstance(result, kind):
                raise LowaltError(
                    f"{write.__name__} returns {result!r}; expected"
                    + (
                        " when(...), must(...) or when(...).must(...)"
                        if kind is Norm
                        else " a condition over facts"
                    )
                )
            return result

    return written


class _Teaching:
    """Turns whatever fails inside into a refusal that names the file and the line."""

    def __init__(self, file: str) -> None:
        self.file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, Exception) or isinstance(error, RegulationFileError):
            return
        if isinstance(error, SyntaxError):
            lines, problem = [error.lineno], f"not Python: {error.msg}"
        else:
            frames = traceback.extract_tb(error.__traceback__)
            lines = [frame.lineno for frame in frames if frame.filename == self.file]
            problem = str(error)
            if not isinstance(error, LowaltError):
                problem = f"{type(error).__name__}: {error}; {_advice(error)}"
        where = f"line {lines[-1]}" if lines and lines[-1] else "the file"
        raise RegulationFileError(self.file, where, problem) from error


def _advice(error: Exception) -> str:
    if isinstance(error, ImportError):
        return (
            "readings import from lowalt.regulations.authoring (F, must, when, reading, ...),"
            " lowalt.regulations.model (Effect, Parameters) and lowalt.terms; a file beside this"
            " one cannot be imported"
        )
    return (
        "a reading joins facts (F.<name>) and parameters (p.<provision>.<name>) with & | ~ and"
        " < <= > >="
    )


def check_own_rules(own: Iterable[Source], *, held: Iterable[Source]) -> None:
    """Refuse instruments whose name is taken, and rules of one's own that reach into the law.

    Raises
    ------
    RegulationFileError
        Saying what the instrument tried, and what it may do instead.
    """
    held, own = tuple(held), tuple(own)
    taken = {source.instrument.identifier for source in held}
    of_law = (*held, *(source for source in own if source.folder != OWN))
    needed = {name for s in of_law for reading in s.readings for name in reading.needs}
    for source in own:
        identifier = source.instrument.identifier
        file = f"{identifier.partition('/')[2]}.yaml"
        if identifier in taken:
            raise RegulationFileError(
                file,
                "instrument",
                f"{identifier!r} is held by lowalt already; give yours another name, or change the"
                " law that is held with lowalt.amend",
            )
        if source.folder == OWN:
            for where, problem in _reaches(source, needed):
                raise RegulationFileError(file, where, problem)


def _reaches(source: Source, needed: set[str]) -> Iterator[tuple[str, str]]:
    """Yield each way in which a rule of one's own would loosen or steer the law."""
    stricter = (
        "a rule of your own can only ask for more than the law; if this is a notice of an"
        " authority, put it in the folder of that law (cn, sz, hk, mo, std)"
    )
    if source.instrument.governs_flight:
        yield "governs_flight", f"it would make flying lawful; {stricter}"
    for definition in source.definitions:
        yield f"provisions.{definition.key}", f"it defines {definition.term}; {stricter}"
    for reading in source.readings:
        where = f"provisions.{reading.key}"
        for does, citations in (
            ("waives", source.waived(reading)),
            ("addresses", source.addressed(reading)),
        ):
            for citation in citations:
                if not citation.startswith(f"{OWN}/"):
                    yield where, f"its reading {does} {citation}; {stricter}"
        for name in sorted(needed.intersection(reading.derives)):
            yield where, f"its reading derives {name}, which a provision of law needs; {stricter}"
