"""Helpers around the protocol: the byte reader and the two text formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon._core.oldnames import old_names, star_names
from telethon.extensions.binaryreader import BinaryReader

__all__ = ["BinaryReader"]

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)
    __all__ = star_names(__name__, __all__)
