"""KMZ: a zip archive with a KML document in it, unpacked only as far as a document may be large."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Final

from lowalt.documents import LARGEST_BYTES, require_size
from lowalt.errors import InvalidInputError

_MAGIC: Final = b"PK\x03\x04"
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def is_archive(content: bytes) -> bool:
    """Whether a file is a zip archive."""
    return content.startswith(_MAGIC)


def kml_in(content: bytes, *, name: str) -> bytes:
    """Unpack the document of a KMZ archive: ``doc.kml``, or the first with that ending.

    Raises
    ------
    InvalidInputError
        If there is none, it is damaged, or it is larger than a document may be.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            documents = [
                info for info in archive.infolist() if info.filename.lower().endswith(".kml")
            ]
            if not documents:
                raise InvalidInputError(f"{name}: an archive without a .kml document in it")
            entry = min(documents, key=lambda info: info.filename.lower() != "doc.kml")
            # Other methods unpack whole blocks at once, however large.
            if entry.compress_type not in _METHODS:
                raise InvalidInputError(
                    f"{name}: {entry.filename!r} is packed by a method that KMZ does not have;"
                    " expected stored or deflated"
                )
            with archive.open(entry) as packed:
                document = packed.read(LARGEST_BYTES + 1)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        if isinstance(error, InvalidInputError):
            raise
        raise InvalidInputError(f"{name}: not a KMZ archive that can be read: {error}") from None
    require_size(document, name=f"{name}: {entry.filename!r}")
    return document
