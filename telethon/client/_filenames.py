"""Where a download is saved: inside the folder the user named, under a name that is free.

Names of files come from whoever sent them, so nothing in a name may lead out of the folder.
"""

from __future__ import annotations

import datetime
import os
import re
from typing import TYPE_CHECKING, Any, Final, cast

from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Sequence

# Patterns as text: they are compiled when the first file is saved and not whenever a program begins.
_CONTROL: Final = r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]"
_WINDOWS_FORBIDDEN: Final = r'[<>:"|?*]'
_WINDOWS_RESERVED: Final = r"(?i)^(?:con|prn|aux|nul|com[0-9\u00b9\u00b2\u00b3]|lpt[0-9\u00b9\u00b2\u00b3])(?:\.|$)"
#: Most file systems take 255 bytes; some are left for the number of a copy and the ending of a partial file.
_MAX_NAME_BYTES: Final = 200


def safe_file_name(name: str, *, windows: bool = os.name == "nt") -> str:
    """The last part of *name*, without what a file name must not have; empty when nothing is left.

    Args:
        name: a name that somebody else chose.
        windows: whether the rules of Windows apply too.
    """
    name = re.sub(_CONTROL, "", re.split(r"[/\\]", name)[-1])
    if windows:
        name = re.sub(_WINDOWS_FORBIDDEN, "_", name)
        if re.match(_WINDOWS_RESERVED, name):
            name = "_" + name
    # Spaces and dots at the end vanish on Windows; a name of dots alone names a folder everywhere.
    name = name.strip().rstrip(". ") if windows or not name.strip(". ") else name.strip()
    stem, extension = os.path.splitext(name)
    room = _MAX_NAME_BYTES - len(extension.encode())
    if room <= 0:
        stem, extension, room = name, "", _MAX_NAME_BYTES
    return stem.encode()[:room].decode(errors="ignore") + extension


def file_name_for(
    file: Any,
    kind: str,
    extension: str,
    date: datetime.datetime | None = None,
    possible_names: Sequence[str | None] | None = None,
) -> Any:
    """The path to save at, made from what the user gave; streams and ``bytes`` are given back.

    Args:
        file: `None` for the current folder, a folder, a path, or something that is no path.
        kind: what the file is, for a name made up.
        extension: what a path without an extension gets.
        date: the moment in a made-up name; now when left out.
        possible_names: names the file could have, the first one that is not empty counts.
    """
    if isinstance(file, os.PathLike):
        file = os.fspath(cast("os.PathLike[str]", file))
        file = os.path.abspath(file) + (os.sep if file.endswith(os.sep) else "")
    if file is not None and not isinstance(file, str):
        return file
    path: str = file or ""
    if os.path.isfile(path):
        # An existing file was named on purpose.
        return path
    if not path or path.endswith(("/", os.sep)) or os.path.isdir(path):
        found = next(filter(None, (safe_file_name(name) for name in possible_names or () if name)), None)
        path = os.path.join(path, found or _dated_name(kind, date))

    directory, name = os.path.split(path)
    name, own_extension = os.path.splitext(name)
    return _first_free(directory, name, own_extension or extension)


def _dated_name(kind: str, date: datetime.datetime | None) -> str:
    moment = date or datetime.datetime.now()
    return f"{kind}_{moment:%Y-%m-%d_%H-%M-%S}"


def _first_free(directory: str, name: str, extension: str) -> str:
    path = os.path.join(directory, name + extension)
    number = 1
    while os.path.isfile(path):
        path = os.path.join(directory, f"{name} ({number}){extension}")
        number += 1
    return path


def kind_and_names(attributes: Sequence[types.TypeDocumentAttribute]) -> tuple[str, list[str]]:
    """What kind of file a document is, and the names it could have, best first."""
    kind = "document"
    names: list[str] = []
    for attribute in attributes:
        if isinstance(attribute, types.DocumentAttributeFilename):
            names.insert(0, attribute.file_name)
        elif isinstance(attribute, types.DocumentAttributeAudio):
            kind = "voice" if attribute.voice else "audio"
            name = " - ".join(part for part in (attribute.performer, attribute.title) if part)
            if name:
                names.append(name)
    return kind, names
