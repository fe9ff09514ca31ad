"""Changes to the law that somebody imagines: another number, another reading."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from types import MappingProxyType

from lowalt.errors import RegulationError, UnknownNameError
from lowalt.regulations.authoring import Definition, Reading
from lowalt.regulations.loader import parse_value
from lowalt.regulations.model import Instrument, Parameter, Parameters, ParameterValue, Provision
from lowalt.regulations.sources import Source

Sources = tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ParameterAmendment:
    """Another value for a number or date of law, on the day of a rulebook.

    Attributes
    ----------
    path
        Citation and name: ``cn/order_761_2023#art_19__para_2.ceiling``.
    written
        The new value, as it was given.
    value
        The same, as it was read.
    """

    path: str
    written: str
    value: ParameterValue

    @property
    def recorded(self) -> tuple[str, str | None]:
        """What stands for it in a record: enough to make it again."""
        return self.path, self.written

    def apply(self, sources: Sources, *, on: date) -> tuple[Sources, str]:
        """Return the sources with the value in its place, and what that is for a digest."""
        source, provision, name = _find(sources, self.path)
        parameter = provision.parameters[name]
        values = tuple(
            (days, self.value if on in days else value) for days, value in parameter.values
        )
        changed = {name: Parameter(name, values, parameter.citation)}
        provision = dataclasses.replace(
            provision, parameters=MappingProxyType({**provision.parameters, **changed})
        )
        instrument = dataclasses.replace(
            source.instrument,
            provisions=MappingProxyType({**source.instrument.provisions, provision.key: provision}),
        )
        amended = dataclasses.replace(source, instrument=instrument)
        return _with(sources, source, amended), f"{self.path} = {self.value!r}"


@dataclass(frozen=True, slots=True)
class ReadingAmendment:
    """Another reading of a provision, or another definition of a term by it.

    Attributes
    ----------
    mark
        The reading, its key a whole citation.
    """

    mark: Reading | Definition

    @property
    def citation(self) -> str:
        """Provision that it reads."""
        return self.mark.key

    @property
    def recorded(self) -> tuple[str, str | None]:
        """What stands for it in a record: where it is, since code cannot be recorded."""
        return self.citation, None

    def apply(self, sources: Sources, *, on: date) -> tuple[Sources, str]:
        """Return the sources with the reading in its place, and what that is for a digest."""
        source, provision = _provision(sources, self.citation)
        mark = dataclasses.replace(self.mark, key=provision.key)
        if isinstance(mark, Reading):
            readings = tuple(mark if r.key == mark.key else r for r in source.readings)
            replaces = any(r.key == mark.key for r in source.readings)
            amended = dataclasses.replace(source, readings=readings)
        else:
            same = {d for d in source.definitions if (d.key, d.term) == (mark.key, mark.term)}
            replaces = bool(same)
            definitions = tuple(mark if d in same else d for d in source.definitions)
            amended = dataclasses.replace(source, definitions=definitions)
        if not replaces:
            raise RegulationError(
                f"{self.citation} has no {_kind(mark)} to replace; what the law does not say yet"
                " is a rule of your own, loaded with own_rules (docs/own_rules.md)"
            )
        return _with(sources, source, amended), _as_data(mark, source.instrument, on)


Amendment = ParameterAmendment | ReadingAmendment


def amendments_of(
    sources: Sources,
    *,
    on: date,
    parameters: Mapping[str, str],
    readings: Iterable[Reading | Definition],
) -> tuple[Amendment, ...]:
    """Read amendments by the rules that the law itself is read by.

    Raises
    ------
    UnknownNameError
        If there is no such provision or parameter; the message lists near ones.
    NotInForceError
        If the parameter has no value on the day.
    RegulationFileError
        If a value is none that can stand there, or in a unit that does not fit.
    RegulationError
        If a value is the one that stands.
    """
    found: list[Amendment] = []
    for path, written in parameters.items():
        source, provision, name = _find(sources, path)
        stands = provision.parameters[name].on(on)
        zone = source.instrument.time_zone
        value = parse_value(written, like=stands, zone=zone, file="amendment", where=path)
        if value == stands:
            raise RegulationError(
                f"{path}: given {written!r}, which stands there already on {on.isoformat()}"
            )
        found.append(ParameterAmendment(path, str(written), value))
    for mark in readings:
        if not isinstance(mark, Reading | Definition):
            raise RegulationError(
                f"readings: given {mark!r}, expected functions marked with @reading or"
                " @definition, their key a whole citation"
            )
        _provision(sources, mark.key)
        found.append(ReadingAmendment(mark))
    return tuple(found)


def apply_amendments(
    sources: Sources, amendments: Iterable[Amendment], *, on: date
) -> tuple[Sources, str]:
    """Return the sources as amended one after another, and a SHA-256 of what was changed."""
    digest = sha256()
    for amendment in amendments:
        sources, said = amendment.apply(sources, on=on)
        digest.update(f"{said}\n".encode())
    return sources, digest.hexdigest()


def _with(sources: Sources, source: Source, amended: Source) -> Sources:
    return tuple(amended if s is source else s for s in sources)


def _provision(sources: Sources, citation: str) -> tuple[Source, Provision]:
    identifier, _, key = citation.partition("#")
    for source in sources:
        if source.instrument.identifier == identifier and key in source.instrument.provisions:
            return source, source.instrument.provisions[key]
    known = [p.citation for s in sources for p in s.instrument.provisions.values()]
    raise UnknownNameError(
        f"no provision is cited {citation!r}; near ones: {_near(citation, known)}"
    )


def _find(sources: Sources, path: str) -> tuple[Source, Provision, str]:
    citation, _, name = path.partition(".")
    source, provision = _provision(sources, citation)
    if name not in provision.parameters:
        raise UnknownNameError(
            f"{citation} has no parameter {name!r}; expected {citation}.<name>, and it has"
            f" {', '.join(provision.parameters) or 'none'}"
        )
    return source, provision, name


def _near(given: str, known: Iterable[str]) -> str:
    return ", ".join(difflib.get_close_matches(given, known, n=5, cutoff=0.5)) or "none"


def _kind(mark: Reading | Definition) -> str:
    return "reading" if isinstance(mark, Reading) else f"definition of {mark.term}"


def _as_data(mark: Reading | Definition, instrument: Instrument, on: date) -> str:
    """Write what a reading says on a day, whatever its code looks like."""
    said = {f.name: getattr(mark, f.name) for f in dataclasses.fields(mark)}
    said["write"] = mark.write(Parameters(instrument, on=on))
    return f"{instrument.identifier} {type(mark).__name__} {said!r}"
