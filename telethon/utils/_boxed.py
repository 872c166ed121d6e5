"""Telling TL objects apart by their boxed type, without loading the classes.

``SUBCLASS_OF_ID`` of a generated class is the CRC-32 of the name of the boxed type it belongs to, so it can be
computed from the name and compared without importing the module that defines the class.
"""

from __future__ import annotations

from typing import NoReturn
from zlib import crc32


def boxed_id(name: str) -> int:
    """The ``SUBCLASS_OF_ID`` of every constructor of the boxed type called *name* (``"InputPeer"``)."""
    return crc32(name.encode("ascii"))


def boxed_type(value: object) -> int | None:
    """The ``SUBCLASS_OF_ID`` of *value*, or `None` for what is not a TL object."""
    return getattr(value, "SUBCLASS_OF_ID", None)


def cannot_cast(value: object, target: str, needed: str = "") -> NoReturn:
    """Raise the `TypeError` that says *value* has no form of kind *target*, and what is *needed* instead."""
    end = f"; {needed}" if needed else ""
    raise TypeError(f"Cannot cast {type(value).__name__} to any kind of {target}{end}.")
