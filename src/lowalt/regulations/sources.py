"""An instrument with its readings, whatever the day: what a rulebook is compiled from."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from lowalt.errors import RegulationError, RegulationFileError, UnknownNameError
from lowalt.regulations.authoring import WHOLE_INSTRUMENT, Definition, Reading
from lowalt.regulations.loader import read_instrument
from lowalt.regulations.model import Effect, Instrument
from lowalt.regulations.strict_yaml import read_yaml
from lowalt.terms import Jurisdiction

FOLDERS: Mapping[str, Jurisdiction | None] = {
    "cn": Jurisdiction.MAINLAND,
    "sz": Jurisdiction.MAINLAND,
    "hk": Jurisdiction.HONG_KONG,
    "mo": Jurisdiction.MACAO,
    "std": None,
    "own": None,
}
"""Whose law a folder holds. A standard or a rule of one's own is nobody's and holds everywhere."""

PACKAGE = "lowalt.regulations"


def jurisdiction_of(instrument: Instrument) -> Jurisdiction | None:
    """Whose law an instrument is; ``None`` where it is nobody's and holds everywhere."""
    return FOLDERS.get(instrument.identifier.partition("/")[0])


@dataclass(frozen=True, slots=True)
class Source:
    """An instrument with its readings and definitions.

    Attributes
    ----------
    instrument
        The text.
    readings, definitions
        What we make of it, in the order in which they are written.
    """

    instrument: Instrument
    readings: tuple[Reading, ...]
    definitions: tuple[Definition, ...]

    @property
    def folder(self) -> str:
        """First part of the identifier, which says whose law it is."""
        return self.instrument.identifier.partition("/")[0]

    def citation(self, key: str) -> str:
        """Cite a provision: one of its own by its key, any other as it is written."""
        return key if "#" in key else f"{self.instrument.identifier}#{key}"

    def waived(self, reading: Reading) -> tuple[str, ...]:
        """Citations of the provisions whose duties a reading takes away."""
        if WHOLE_INSTRUMENT in reading.waives:
            # Who is addressed, or what a word means, is no duty and is not taken away.
            duties = (r for r in self.readings if r.effect is not Effect.NONE or r.waives)
            return tuple(self.citation(r.key) for r in duties if r is not reading)
        return tuple(map(self.citation, reading.waives))

    def accompanied(self, reading: Reading) -> tuple[str, ...]:
        """Citations of the duties that the one of a reading is met together with."""
        return tuple(map(self.citation, reading.accompanies))

    def addressed(self, reading: Reading) -> tuple[str, ...]:
        """Citations of the duties that are owed to the addressee of a reading."""
        return tuple(map(self.citation, reading.addresses))


def source_of(
    instrument: Instrument, marks: Iterable[object], *, identifier: str, file: str
) -> Source:
    """Put an instrument and the readings written beside it together.

    Parameters
    ----------
    instrument
        The text.
    marks
        What the module beside it holds; readings and definitions are taken out of it.
    identifier
        What the file is to call the instrument, by the folder and name it has.
    file
        Name of the file, for refusals.

    Raises
    ------
    RegulationFileError
        If the file calls itself something else, or a provision has neither a reading nor a reason
        why not, or both.
    UnknownNameError
        If a reading reads a provision that is not there.
    RegulationError
        If a provision has two readings.
    """
    if instrument.identifier != identifier:
        raise RegulationFileError(
            file, "instrument", f"given {instrument.identifier!r}, expected {identifier!r}"
        )
    marks = list(marks)
    source = Source(
        instrument,
        tuple(mark for mark in marks if isinstance(mark, Reading)),
        tuple(mark for mark in marks if isinstance(mark, Definition)),
    )
    read = {r.key for r in source.readings} | {d.key for d in source.definitions}
    for key in read:
        instrument.provision(key)
    for key, provision in instrument.provisions.items():
        if (key in read) == bool(provision.unread["en"]):
            raise RegulationFileError(
                file,
                f"provisions.{key}",
                "it has a reading and a reason why not"
                if provision.unread["en"]
                else "it has neither a reading nor 'unread', the reason why not",
            )
    if len({r.key for r in source.readings}) < len(source.readings):
        raise RegulationError(f"{identifier}: a provision has two readings; split its key")
    return source


@lru_cache
def held_sources(name: str) -> tuple[tuple[Source, ...], str]:
    """Read the instruments of a rulebook that comes with lowalt.

    Returns
    -------
    tuple
        The sources, and the SHA-256 of all their files.

    Raises
    ------
    UnknownNameError
        If there is no such rulebook.
    RegulationError
        If a file is at fault.
    """
    folder = files(PACKAGE)
    listings = {f.name[:-5]: f for f in folder.iterdir() if f.name.endswith(".yaml")}
    held = {known: listed for known, f in listings.items() if (listed := _listed(f))}
    if name not in held:
        known = ", ".join(sorted(held))
        raise UnknownNameError(f"no rulebook is called {name!r}; there are {known}")
    digest = hashlib.sha256(listings[name].read_bytes())
    sources = []
    for identifier in held[name]:
        file = folder.joinpath(f"{identifier}.yaml")
        module = importlib.import_module(f"{PACKAGE}.{identifier.replace('/', '.')}")
        marks = vars(module).values()
        sources.append(
            source_of(read_instrument(file), marks, identifier=identifier, file=file.name)
        )
        digest.update(file.read_bytes())
        digest.update(folder.joinpath(f"{identifier}.py").read_bytes())
    return tuple(sources), digest.hexdigest()


def _listed(file: Traversable) -> list[str]:
    """Instruments that a file lists; other files lie beside those that list any."""
    listed: list[str] = read_yaml(file).get("instruments", [])
    return listed


def check_references(sources: tuple[Source, ...]) -> None:
    """Refuse waivers of and needs for what no reading of any day supplies.

    Raises
    ------
    RegulationError
        Naming the provision and what it refers to.
    """
    names = {s.citation(r.key) for s in sources for r in s.readings}
    derived = {name for s in sources for r in s.readings for name in r.derives}
    for source in sources:
        for reading in source.readings:
            here = source.citation(reading.key)
            for does, lost in (
                ("waives", set(source.waived(reading)) - names),
                ("addresses", set(source.addressed(reading)) - names),
                ("accompanies", set(source.accompanied(reading)) - names),
            ):
                if lost:
                    raise RegulationError(
                        f"{here} {does} {', '.join(sorted(lost))}, which has no reading"
                    )
            if lost := set(reading.needs) - derived:
                raise RegulationError(
                    f"{here} needs {', '.join(sorted(lost))}, derived by no reading"
                )
