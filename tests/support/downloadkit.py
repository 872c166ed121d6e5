"""One file on a server, and the media that stand for it; for tests of downloading."""

from __future__ import annotations

import datetime
import pathlib
from typing import Any

from telethon.tl import types

DATE = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
DATA = bytes(range(256)) * 2000
HOME = 4
LOCATION = types.InputDocumentFileLocation(1, 2, b"ref", "")


def document(*attributes: Any, mime_type: str = "video/mp4", size: int = len(DATA), **fields: Any) -> types.Document:
    return types.Document(
        1, 2, fields.pop("reference", b"ref"), DATE, mime_type, size, HOME, list(attributes), **fields
    )


def photo(*sizes: Any, **fields: Any) -> types.Photo:
    found = list(sizes) or [types.PhotoSize("s", 1, 1, 500), types.PhotoSize("y", 9, 9, len(DATA))]
    return types.Photo(1, 2, b"ref", DATE, found, HOME, **fields)


def message(media: Any) -> types.Message:
    return types.Message(id=5, peer_id=types.PeerUser(2), date=DATE, message="", media=media)


def names_in(folder: pathlib.Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def content_of(path: str) -> bytes:
    return pathlib.Path(path).read_bytes()


class Files:
    """Serves one file, and checks what servers check."""

    def __init__(self, data: bytes = DATA) -> None:
        self.data = data
        self.asked: list[tuple[int, int]] = []
        self.references: list[bytes] = []
        self.faults: list[Any] = []

    def __call__(self, request: Any) -> Any:
        megabyte = 1 << 20
        assert request.offset % 4096 == 0
        assert request.limit % 4096 == 0
        assert megabyte % request.limit == 0
        assert request.offset // megabyte == (request.offset + request.limit - 1) // megabyte
        self.asked.append((request.offset, request.limit))
        self.references.append(getattr(request.location, "file_reference", b""))
        if self.faults:
            fault = self.faults.pop(0)
            if fault is not None:
                return fault
        part = self.data[request.offset : request.offset + request.limit]
        return types.upload.File(types.storage.FileJpeg(), 0, part)
