"""A file put on the servers, with its size."""

from __future__ import annotations

from typing import Any

from telethon.tl.types import InputFile

__all__ = ["InputSizedFile"]


class InputSizedFile(InputFile):
    """An ``InputFile`` that also knows its size in bytes and its MD5; on the wire it is an ``InputFile``.

    Attributes:
        md5: the MD5, as `hashlib.md5` gives it.
        size: in bytes.

    Source: https://core.telegram.org/constructor/inputFile
    """

    id: int
    parts: int
    name: str
    md5_checksum: str

    def __init__(self, id_: int, parts: int, name: str, md5: Any, size: int) -> None:
        super().__init__(id_, parts, name, md5.hexdigest())
        self.md5 = md5
        self.size = size
