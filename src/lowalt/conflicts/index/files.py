"""Indexes as files: a head that says what there is, and arrays that are mapped into memory.

A file begins with ``lowalt index`` and a byte of zero, 13 bytes, then three bytes of version; the
length of the head and its checksum follow, four bytes each. The head is JSON; arrays stand behind
it, each at a multiple of 64 bytes, little-endian. When a file is opened the head is checked whole,
and of the arrays only those are read that say where others begin, so that nothing beyond these is
ever looked at; the others are known by their sizes.
"""

from __future__ import annotations

import json
import mmap
import os
import struct
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final, NoReturn
from uuid import uuid4
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.index.basis import Basis
from lowalt.conflicts.index.flights import Accepted
from lowalt.conflicts.index.layout import Layout
from lowalt.conflicts.index.levels import Level
from lowalt.conflicts.index.names import Names
from lowalt.errors import InvalidInputError

Arrays = Mapping[str, NDArray[Any]]

VERSION: Final = 1
"""Version of the format."""

_MAGIC = b"lowalt index\0"
_HEAD = struct.Struct("<13s3sII")
_ALIGNED = 64
_LONGEST_HEAD = 1 << 16

_KINDS: Mapping[str, tuple[str, int]] = {
    "vertices": ("<f8", 4),
    "offsets": ("<i8", 1),
    "horizontal_radius_m": ("<f8", 1),
    "vertical_radius_m": ("<f8", 1),
    "time_uncertainty_s": ("<f8", 1),
    "numbers": ("<i8", 1),
    "directory": ("<u8", 1),
    "starts": ("<u4", 1),
    "entries": ("<u4", 1),
    "boxes": ("<f4", 6),
    "links": ("<u4", 3),
    "text": ("|u1", 1),
    "ends": ("<i8", 1),
}
"""Type of each array, and how many numbers a row has."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What an index is, apart from its flights."""

    basis: Basis
    is_named: bool
    is_exact: bool
    next_number: int


def save_level(path: Path, level: Level | None, saved: Saved) -> None:
    """Write an index of one level, or of no flights: beside its place, and into it at once."""
    arrays = {} if level is None else _arrays_of(level)
    begins, size = _places(len(array.data.cast("B")) for array in arrays.values())
    described = {
        name: [begin, len(array), crc32(array.data)]
        for (name, array), begin in zip(arrays.items(), begins, strict=True)
    }
    head = json.dumps(
        {
            "basis": saved.basis.to_dict(),
            "is_named": saved.is_named,
            "is_exact": saved.is_exact,
            "next_number": saved.next_number,
            "layout": None if level is None else list(astuple(level.layout)),
            "arrays": described,
            "bytes": size,
        }
    ).encode()
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with beside.open("xb") as file:
            file.write(_HEAD.pack(_MAGIC, VERSION.to_bytes(3, "little"), len(head), crc32(head)))
            file.write(head)
            first = _aligned(file.tell())
            for array, begin in zip(arrays.values(), begins, strict=True):
                file.seek(first + begin)
                file.write(array.data)
            file.truncate(first + size)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException as error:
        with suppress(OSError):
            beside.unlink()
        if isinstance(error, OSError) and error.errno is not None:
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


def load_level(path: Path, *, native: bool, verify: bool) -> tuple[Saved, Level | None]:
    """Open a file that :func:`save_level` wrote.

    Raises
    ------
    InvalidInputError
        If it is no such file, of another version, cut short or damaged.
    """
    with path.open("rb") as file:
        head = _head(path, file.read(_HEAD.size + _LONGEST_HEAD))
        first = _aligned(_HEAD.size + head[0])
        size = os.fstat(file.fileno()).st_size
        written = head[1]
        expected = first + int(written["bytes"])
        if size != expected:
            _refuse(path, f"it has {size} bytes where {expected} were written", "copy it again")
        mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    try:
        saved = Saved(
            Basis.from_dict(written["basis"]),
            bool(written["is_named"]),
            bool(written["is_exact"]),
            int(written["next_number"]),
        )
        if written["layout"] is None:
            return saved, None
        arrays = {
            name: _array(name, mapped, first + begin, rows)
            for name, (begin, rows, _) in written["arrays"].items()
        }
        layout = Layout(*written["layout"])
        _check(path, arrays, layout, saved)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InvalidInputError):
            raise
        _refuse(path, f"its head is not that of an index ({error!r})", "save the index again")
    if verify:
        for name, array in arrays.items():
            if crc32(array.data) != written["arrays"][name][2]:
                _refuse(path, f"its {name} are damaged", "copy it again, or save the index again")
    return saved, _level_of(arrays, layout, native=native)


def _head(path: Path, content: bytes) -> tuple[int, dict[str, Any]]:
    """Read the head and its length."""
    if len(content) < _HEAD.size or not content.startswith(_MAGIC):
        _refuse(path, "it is no index", "give a file that ConflictIndex.save() wrote")
    _, version, length, checksum = _HEAD.unpack_from(content)
    if int.from_bytes(version, "little") != VERSION:
        _refuse(
            path,
            f"it has version {int.from_bytes(version, 'little')} of the format, not {VERSION}",
            "make the index anew with this release, or use the release that wrote it",
        )
    text = content[_HEAD.size : _HEAD.size + length]
    if len(text) != length or crc32(text) != checksum:
        _refuse(path, "its head is damaged or cut short", "copy it again, or save the index again")
    return length, json.loads(text)


def _refuse(path: Path, fault: str, remedy: str) -> NoReturn:
    raise InvalidInputError(f"{path}: {fault}; {remedy}")


def _arrays_of(level: Level) -> dict[str, NDArray[Any]]:
    flights, names = level.flights, level.flights.names
    held: dict[str, NDArray[Any]] = {
        name: getattr(flights if hasattr(flights, name) else level, name)
        for name in _KINDS
        if name not in {"text", "ends"}
    }
    if names is not None:
        held |= {"text": names.text, "ends": names.ends}
    return {
        name: np.ascontiguousarray(array, dtype=_KINDS[name][0]) for name, array in held.items()
    }


def _places(sizes: Iterator[int]) -> tuple[list[int], int]:
    """Give where arrays begin behind the head, and where the last one ends."""
    begins, end = [], 0
    for size in sizes:
        begins.append(_aligned(end))
        end = begins[-1] + size
    return begins, end


def _aligned(place: int) -> int:
    return -(-place // _ALIGNED) * _ALIGNED


def _array(name: str, mapped: memoryview, begin: int, rows: int) -> NDArray[Any]:
    kind, width = _KINDS[name]
    array = np.frombuffer(mapped, dtype=kind, count=rows * width, offset=begin)
    if sys.byteorder != "little" or (name == "offsets" and np.intp().itemsize != array.itemsize):
        array = array.astype(np.intp if name == "offsets" else array.dtype.newbyteorder("="))
    return array if width == 1 else array.reshape(rows, width)


def _check(path: Path, arrays: Arrays, layout: Layout, saved: Saved) -> None:
    """Compare the sizes of arrays that belong together, and where parts of one begin."""
    flights, passages = len(arrays["numbers"]), len(arrays["boxes"])
    lengths = {name: len(array) for name, array in arrays.items()}
    expected = {
        "offsets": flights + 1,
        "starts": layout.places + 1,
        "links": passages,
        **dict.fromkeys(
            ("horizontal_radius_m", "vertical_radius_m", "time_uncertainty_s", "directory"), flights
        ),
        **({"ends": flights + 1} if saved.is_named else {}),
    }
    ends: Sequence[tuple[str, str]] = [("offsets", "vertices"), ("starts", "entries")]
    if saved.is_named:
        ends = [*ends, ("ends", "text")]
    for name, length in expected.items():
        if lengths[name] != length:
            _refuse(path, f"{lengths[name]} {name} where {length} belong", "save the index again")
    for name, other in ends:
        if arrays[name][0] != 0 or arrays[name][-1] != lengths[other]:
            _refuse(path, f"its {name} do not fit its {other}", "save the index again")
    for name, least in (("offsets", 2), *((name, 0) for name, _ in ends[1:])):
        begins, upto = arrays[name][:-1], arrays[name][1:]
        if (upto < begins).any() or (upto - begins < least).any():
            _refuse(path, f"its {name} are damaged", "copy it again, or save the index again")


def _level_of(arrays: Arrays, layout: Layout, *, native: bool) -> Level:
    names = Names(arrays["text"], arrays["ends"]) if "text" in arrays else None
    flights = Accepted(
        vertices=arrays["vertices"],
        offsets=arrays["offsets"],
        horizontal_radius_m=arrays["horizontal_radius_m"],
        vertical_radius_m=arrays["vertical_radius_m"],
        time_uncertainty_s=arrays["time_uncertainty_s"],
        numbers=arrays["numbers"],
        gone=np.zeros(len(arrays["numbers"]), dtype=np.int64),
        names=names,
        directory=arrays["directory"],
    )
    return Level.over(
        flights,
        layout,
        starts=arrays["starts"],
        entries=arrays["entries"],
        boxes=arrays["boxes"],
        links=arrays["links"],
        native=native,
    )
