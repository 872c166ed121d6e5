"""Objects of the schema read from arbitrary bytes, and written again."""

from __future__ import annotations

import struct
from functools import cache
from typing import Any

from telethon.errors import TLDecodeError, TypeNotFoundError
from telethon.extensions.binaryreader import BinaryReader
from telethon.tl._registry import read, tlobjects
from telethon.tl.tlobject import TLObject

from .choices import load

TYPED = (TLDecodeError, TypeNotFoundError)


def written(value: Any) -> bytes:
    """The bytes of a value; a list is a vector of boxed values."""
    if isinstance(value, bool):
        return struct.pack("<I", 0x997275B5 if value else 0xBC799737)
    if isinstance(value, list):
        return struct.pack("<Ii", 0x1CB5C415, len(value)) + b"".join(map(written, value))
    return bytes(value)


def run(data: bytes) -> None:
    """All of it is an object."""
    try:
        value, end = read(data)
    except TYPED:
        with_reader(data, None)
        return
    assert 0 < end <= (len(data) + 3) // 4 * 4
    assert end <= len(data), "it read past the end"
    with_reader(data, end)
    try:
        again = written(value)
    except TypeError:
        # The reader does not ask whether a boxed value is of the class that the schema wants there, so that new layers
        # can be read; the writer does.
        return
    other, length = read(again)
    assert length == len(again), "not all that was written was read"
    assert written(other) == again
    # Printing works, whatever stands in it.
    if isinstance(value, TLObject):
        str(value)


def with_reader(data: bytes, end: int | None) -> None:
    """The public reader agrees."""
    reader = BinaryReader(data)
    try:
        reader.tgread_object()
    except TYPED:
        assert end is None
    else:
        assert reader.tell_position() == end


@cache
def samples() -> dict[str, list[bytes]]:
    """For each constructor and method of the layer its name and a few filled ones."""
    tl_samples = load("conformance/tl_samples.py")
    return {
        name: [bytes(tl_samples.build(recipe, tlobjects)) for recipe in fills] for name, fills in tl_samples.samples()
    }


def seeds() -> list[bytes]:
    """One of each constructor."""
    return [fills[1] for fills in samples().values()]
