"""Files with their size. What is expected was seen on Telethon 1.45."""

from __future__ import annotations

import hashlib

from telethon.tl import types
from telethon.tl.custom.inputsizedfile import InputSizedFile


def test_it_is_an_input_file_with_more() -> None:
    md5 = hashlib.md5(b"x")
    found = InputSizedFile(1, 2, "n", md5=md5, size=5)
    plain = types.InputFile(1, 2, "n", "9dd4e461268c8034f5c8564e155c67a6")
    assert isinstance(found, types.InputFile)
    assert bytes(found) == bytes(plain)
    assert found.to_dict() == plain.to_dict()
    assert str(found) == str(plain)
    assert (found.id, found.parts, found.name, found.md5_checksum) == (1, 2, "n", plain.md5_checksum)
    assert (found.md5, found.size) == (md5, 5)
