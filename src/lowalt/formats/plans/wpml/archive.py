"""The package of a DJI route: a zip with what is flown, what was edited, and pictures."""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from lowalt.documents import LARGEST_BYTES, require_size
from lowalt.errors import InvalidInputError
from lowalt.formats.kml.archive import is_archive

_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_FOLDER: Final = "wpmz/"


@dataclass(frozen=True, slots=True)
class Package:
    """Documents of a route, as bytes; ``None`` where the package has none.

    Parameters
    ----------
    waylines
        What the aircraft flies: ``waylines.wpml``.
    template
        What the editor shows: ``template.kml``.
    """

    waylines: bytes | None
    template: bytes | None


def unpack(content: bytes, *, name: str) -> Package:
    """Take the documents out of a package, and leave its pictures and terrain alone.

    Parameters
    ----------
    content
        A zip archive, or one of the documents by itself.
    name
        What messages call the file.

    Raises
    ------
    InvalidInputError
        If it has neither document, has one twice, is damaged, or a document is larger than one
        may be.
    """
    if not is_archive(content):
        return Package(waylines=content, template=None)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            package = Package(
                waylines=_entry(archive, "waylines.wpml", name=name),
                template=_entry(archive, "template.kml", name=name),
            )
    # What zipfile raises at damage; also what a refusal of ours is, which goes through.
    except InvalidInputError:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
    ) as error:
        raise InvalidInputError(f"{name}: not an archive that can be read: {error}") from None
    if package.waylines is None and package.template is None:
        raise InvalidInputError(
            f"{name}: an archive with neither {_FOLDER}waylines.wpml nor {_FOLDER}template.kml;"
            " expected a route as DJI Pilot 2 or FlightHub 2 exports it"
        )
    return package


def _entry(archive: zipfile.ZipFile, document: str, *, name: str) -> bytes | None:
    """Unpack a document from the folder of the format, or from the top."""
    spellings = {_FOLDER + document, document}
    found = [info for info in archive.infolist() if info.filename.lower() in spellings]
    if not found:
        return None
    info, *others = found
    if others:
        raise InvalidInputError(
            f"{name}: {document} is in it {len(found)} times; which is flown cannot be known:"
            " export the route again"
        )
    if info.compress_type not in _METHODS:  # others unpack whole blocks at once, however large
        raise InvalidInputError(
            f"{name}: {document} is packed by a method that the format does not have; expected"
            " stored or deflated"
        )
    with archive.open(info) as packed:
        content = packed.read(LARGEST_BYTES + 1)
    require_size(content, name=f"{name}: {document}")
    return content
