from __future__ import annotations

import re
from zlib import crc32

import pytest

from telethon.testing.layers import layer198, layer227
from telethon.testing.layers.buttons import ROW
from telethon.testing.layers.definition import Field, parse

TEXTS = [layer198.TYPES, layer198.METHODS, layer227.TYPES, layer227.METHODS, ROW]


def lines():
    for text in TEXTS:
        yield from (" ".join(part.split()) for part in text.split(";") if part.strip())


@pytest.mark.parametrize("line", sorted(set(lines())), ids=lambda line: line.partition(" ")[0])
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
    for text in TEXTS:
        for definition in parse(text):
            seen = set()
            for field in definition.fields:
                assert not field.flags or field.flags in seen
                if field.type == "#":
                    seen.add(field.name)


def test_no_layer_says_a_name_twice():
    for module in (layer198, layer227):
        for text in (module.TYPES, module.METHODS):
            names = [definition.name for definition in parse(text)]
            assert len(set(names)) == len(names) > 0
