"""Helpers around the protocol: the byte reader and the two text formats."""

from __future__ import annotations

from telethon.extensions.binaryreader import BinaryReader

__all__ = ["BinaryReader"]
