"""Zones out of OpenAir files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from lowalt.airspace import Restriction, Volume3D, Zone
from lowalt.airspace.capacity import gather
from lowalt.errors import InvalidInputError, naming
from lowalt.formats.adoption import Identifiers, adopt, volume_of
from lowalt.formats.airspace_types import (
    OPENAIR_CLASSES,
    OPENAIR_TYPES,
    UNCLASSIFIED,
    UNKNOWN,
    Meaning,
)
from lowalt.formats.exchange import Loss, Origin, Reading
from lowalt.formats.limits import layer_between
from lowalt.formats.openair.drawing import Drawing
from lowalt.formats.openair.records import Record, read_limit, read_times, records_of
from lowalt.temporal import ALWAYS, Schedule
from lowalt.terms import ZoneKind

_DRAWN: Final = {"DP", "DA", "DB", "DC", "DY", "V X", "V D", "V W", "V Z"}
_ONCE: Final = {"AC", "AY", "AN", "AI", "AL", "AH"}
_LEFT_OUT: Final = {
    **dict.fromkeys(("AF", "AG", "AX"), "frequencies, station names and transponder codes"),
    **dict.fromkeys(("AT", "SP", "SB", "TP"), "labels, pens and brushes"),
    **dict.fromkeys(("TO", "TC"), "terrain"),
}


def read(content: bytes, *, name: str, origin: Origin) -> Reading:
    r"""Read the zones of an OpenAir file.

    Parameters
    ----------
    content
        The file's bytes, UTF-8 or Latin-1.
    name
        What messages call the file.
    origin
        What the file does not say.

    Returns
    -------
    Reading
        Zones in the order of the file; blocks that share an ``AI`` are one zone. P, R, Q and CTR
        become prohibited, restricted and danger areas and control zones, every other class or type
        a UAS zone. Zones have exact circles and outlines with arcs.

    Raises
    ------
    InvalidInputError
        If the file is not OpenAir or a record cannot be read; the message names file, line and
        airspace.
    GeometryError
        If a shape is not sound.

    Examples
    --------
    >>> from datetime import date
    >>> content = b"AC P\nAN Reactor\nAL GND\nAH 500m AGL\nV X=22:36:00 N 114:32:30 E\nDC 1.5"
    >>> origin = Origin(citation="a made-up file", as_of=date(2026, 1, 1))
    >>> (zone,) = read(content, name="zones.txt", origin=origin).features
    >>> zone.identifier, zone.kind.value, zone.volumes[0].shape.radius_m
    ('REACTOR', 'prohibited_area', 2778.0)
    """
    text, losses = _text_of(content, name=name)
    records = _without_terrain(records_of(text, name=name), losses)
    features = gather(_zones(_blocks(records, name=name), losses, origin=origin), name=name)
    if not features:
        raise InvalidInputError(
            f"{name}: no airspace in it; expected blocks of records that begin with AC"
        )
    return Reading(features, tuple(losses))


# Loss by loss in order, each once: a dict serves as an ordered set.
_Losses = dict[Loss, None]


def _text_of(content: bytes, *, name: str) -> tuple[str, _Losses]:
    if b"\0" in content:
        raise InvalidInputError(
            f"{name}: has null bytes: expected text in UTF-8 or Latin-1; save it as UTF-8"
        )
    try:
        return content.decode("utf-8-sig"), {}
    except UnicodeDecodeError:
        how = "it is not UTF-8: read as Latin-1; look whether the names are right"
        return content.decode("latin-1"), {Loss("", "encoding", how): None}


def _without_terrain(records: Iterable[Record], losses: _Losses) -> Iterator[Record]:
    """Leave out what is no airspace, and say so once."""
    in_terrain = False
    for record in records:
        if record.key in _LEFT_OUT:
            losses[Loss("", "records", f"{_LEFT_OUT[record.key]} are left out")] = None
            in_terrain = in_terrain or record.key in ("TO", "TC")
            continue
        in_terrain = in_terrain and record.key in _DRAWN
        if not in_terrain:
            yield record


@dataclass(slots=True)
class _Block:
    """The records of one airspace."""

    name: str
    line: int
    stated: dict[str, Record] = field(default_factory=dict)
    times: list[Record] = field(default_factory=list)
    drawn: list[Record] = field(default_factory=list)

    @property
    def where(self) -> str:
        title = self.text("AN")
        return f"{self.name}: line {self.line}, airspace {title!r}"

    def at(self, record: Record) -> str:
        """Name a record of it in messages."""
        return f"{self.name}: line {record.line}, airspace {self.text('AN')!r}: {record.key}"

    def text(self, key: str) -> str:
        """Value of a record that stands at most once."""
        return self.stated[key].value if key in self.stated else ""

    @property
    def identity(self) -> tuple[object, ...]:
        """What blocks have in common that are parts of one airspace."""
        if not self.text("AI"):
            return (self.line,)
        return (*map(self.text, ("AI", "AC", "AY", "AN")), *(time.value for time in self.times))


def _blocks(records: Iterable[Record], *, name: str) -> Iterator[_Block]:
    """Gather records: those before the first drawn one are the head of the airspace."""
    block: _Block | None = None
    for record in records:
        if record.key in _DRAWN:
            if block is None:
                raise InvalidInputError(
                    f"{name}: line {record.line}: {record.key} stands before any AC; expected"
                    " an airspace to begin with AC"
                )
            block.drawn.append(record)
            continue
        if record.key not in _ONCE and record.key != "AA":
            raise InvalidInputError(
                f"{name}: line {record.line}: record {record.key} is not known; known are"
                f" {', '.join(sorted({*_DRAWN, *_ONCE, *_LEFT_OUT, 'AA'}))}"
            )
        if block is None or block.drawn:
            if block is not None:
                yield block
            block = _Block(name, record.line)
        if record.key in block.stated:
            raise InvalidInputError(f"{block.at(record)} stands twice in one airspace; keep one")
        if record.key == "AA":
            block.times.append(record)
        else:
            block.stated[record.key] = record
    if block is not None:
        yield block


def _zones(blocks: Iterable[_Block], losses: _Losses, *, origin: Origin) -> Iterator[Zone]:
    """Make zones of blocks; neighbours of one identity are parts of one airspace."""
    identifiers = Identifiers()
    for _, parts in groupby(blocks, key=lambda block: block.identity):
        first, *others = parts
        title = first.text("AN") or first.text("AI") or "?"
        identifier = identifiers.take(first.text("AI"), name=title)
        meaning = _meaning(first, losses, identifier=identifier)
        yield adopt(
            origin,
            identifier=identifier,
            name=title,
            kind=meaning.kind,
            restriction=meaning.restriction,
            volumes=(_volume(block, losses, identifier=identifier) for block in (first, *others)),
            schedule=_schedule(first, losses, identifier=identifier),
            where=first.where,
        )


_STRICTEST_FIRST = tuple(Restriction)


def _meaning(block: _Block, losses: _Losses, *, identifier: str) -> Meaning:
    """Take what class and type mean; where they differ, the kind that law has a word for."""
    if "AC" not in block.stated:
        raise InvalidInputError(f"{block.where}: has no AC; say its class, or UNC if it has none")
    meanings: list[Meaning] = []
    for key, known in (("AY", OPENAIR_TYPES), ("AC", OPENAIR_CLASSES)):
        word = block.text(key).upper()
        if key not in block.stated or (key == "AC" and meanings and word in UNCLASSIFIED):
            continue
        meanings.append(known.get(word, UNKNOWN))
        if word not in known:
            how = f"{key} {word} is not known: read as a UAS zone that asks for authorization"
            losses[Loss(identifier, "class", how)] = None
    kinds = [m.kind for m in meanings if m.kind is not ZoneKind.UAS_ZONE]
    restriction = min((m.restriction for m in meanings), key=_STRICTEST_FIRST.index)
    return Meaning(kinds[0] if kinds else ZoneKind.UAS_ZONE, restriction)


def _volume(block: _Block, losses: _Losses, *, identifier: str) -> Volume3D:
    limits = {}
    for key, unstated in (("AL", "the surface"), ("AH", "no upper limit")):
        record = block.stated.get(key)
        if record is None:
            how = f"{key} is not stated: read as {unstated}"
            losses[Loss(identifier, "limits", how)] = None
            continue
        with naming(block.at(record)):
            limits[key] = read_limit(record.value, is_floor=key == "AL")
    with naming(block.where):
        layer, moved = layer_between(limits.get("AL"), limits.get("AH"), feature=identifier)
    losses.update(dict.fromkeys(moved))
    drawing = Drawing()
    for record in block.drawn:
        with naming(block.at(record)):
            drawing.add(record)
    with naming(block.where):
        shape = drawing.shape()
    return volume_of(shape, layer, where=block.where)


def _schedule(block: _Block, losses: _Losses, *, identifier: str) -> Schedule:
    windows = []
    for record in block.times:
        with naming(block.at(record)):
            window = read_times(record.value)
        if window is None:
            how = "activated by notice only: read as always active"
            losses[Loss(identifier, "hours", how)] = None
            return ALWAYS
        windows.append(window)
    return Schedule.of(windows) if windows else ALWAYS
