"""What accepted flights are called, kept so that a million of them load without being read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from lowalt.conflicts.arrays import IntArray, runs

_ROW = 0xFFFFFFFF

Name = str | int
"""An identifier, or the number of a flight of an index without identifiers."""


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """Identifiers of flights, one after another.

    Attributes
    ----------
    text
        All of them in UTF-8.
    ends
        Where each begins in the text, and where the last one ends, ``(N + 1,)`` int64.
    """

    text: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, ids: Sequence[str]) -> Names:
        """Keep some identifiers."""
        encoded = [name.encode() for name in ids]
        ends = np.zeros(len(encoded) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=ends[1:])
        return cls(np.frombuffer(b"".join(encoded), np.uint8), ends)

    def __getitem__(self, row: int) -> str:
        return self.text[self.ends[row] : self.ends[row + 1]].tobytes().decode()

    def take(self, rows: IntArray) -> Names:
        """Give some of them."""
        begins = self.ends[:-1].take(rows)
        letters, ends = runs(begins.astype(np.intp), (self.ends[1:].take(rows) - begins))
        return Names(self.text.take(letters), ends.astype(np.int64))

    @classmethod
    def joined(cls, parts: Sequence[Names]) -> Names:
        """Put some after others."""
        begins = np.cumsum([0, *(len(part.text) for part in parts)])
        ends = [part.ends[1:] + begin for part, begin in zip(parts, begins, strict=False)]
        return cls(np.concatenate([part.text for part in parts]), np.concatenate(([0], *ends)))


def key_of(name: Name) -> int:
    """Give the 32 bits that a flight is looked up by; several may share them."""
    return crc32(name.encode()) if isinstance(name, str) else name


def directory(keys: Iterable[int], count: int) -> NDArray[np.uint64]:
    """Sort the keys of flights, each with its row in the lower half."""
    packed = np.fromiter(keys, np.uint64, count) << np.uint64(32)
    packed |= np.arange(count, dtype=np.uint64)
    packed.sort()
    return packed


def rows_with(packed: NDArray[np.uint64], key: int) -> list[int]:
    """Give the rows of a directory that have some key."""
    if not 0 <= key <= _ROW:  # no flight has such a number
        return []
    begin = np.searchsorted(packed, np.uint64(key << 32))
    end = np.searchsorted(packed, np.uint64(key << 32 | _ROW), side="right")
    return [int(row) & _ROW for row in packed[begin:end]]
