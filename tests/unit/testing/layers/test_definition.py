from __future__ import annotations

import re
from pathlib import Path
from zlib import crc32

import pytest

from telethon.testing.layers import schema
from telethon.testing.layers.buttons import ROW
from telethon.testing.layers.definition import Field, parse

FILES = sorted((Path(schema.__file__).parent / "tables").glob("*.tl"))
LINES = [ROW] + [line for path in FILES for line in path.read_text(encoding="utf-8").splitlines() if line[-1:] == ";"]


@pytest.mark.parametrize("line", sorted({line.rstrip(";") for line in LINES}), ids=lambda line: line.partition(" ")[0])
def test_every_number_is_the_checksum_of_its_line(line):
    # https://core.telegram.org/mtproto/TL-formal#constructor-number; the text is without number, and flags that carry
    # nothing are left out.
    name, _, rest = line.partition(" ")
    name, _, number = name.partition("#")
    text = re.sub(r" \w+:\w+\.\d+\?true", "", f"{name} {rest}")
    text = text.replace(":bytes", ":string").replace("?bytes", "?string").replace("<", " ").replace(">", "")
    assert crc32(text.encode()) == int(number, 16)


def test_what_a_line_says():
    (definition,) = parse("a.b#1f flags:# self:flags.3?true from:Peer\n  many:flags.4?Vector<int> = a.C;\n")
    assert definition.id == 0x1F
    assert definition.name == "a.b"
    assert definition.fields == (
        Field("flags", "#", "", 0),
        Field("is_self", "true", "flags", 3),
        Field("from_", "Peer", "", 0),
        Field("many", "Vector<int>", "flags", 4),
    )


def test_every_conditional_field_depends_on_flags_before_it():
    for line in LINES:
        (definition,) = parse(line)
        seen = set()
        for field in definition.fields:
            assert not field.flags or field.flags in seen
            if field.type == "#":
                seen.add(field.name)
