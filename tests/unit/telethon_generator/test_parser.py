"""What a schema line can say, and what is told about one that says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from telethon_generator.build import DATA
from telethon_generator.crc import constructor_id
from telethon_generator.parser import SchemaError, parse_file, parse_text
from telethon_generator.schema import FlagBit, Parameter, TypeRef


def line(text: str) -> str:
    """The definition with the id that its text gives."""
    name, rest = text.split(" ", 1)
    return f"{name}#{constructor_id(text):08x} {rest}"


def test_a_definition() -> None:
    schema = parse_text(
        line("messages.thing flags:# silent:flags.1?true id:flags.3?Vector<long> peer:InputPeer = messages.Thing;")
    )
    (found,) = schema.definitions
    assert found.name == "messages.thing"
    assert found.namespace == "messages"
    assert found.result == TypeRef("messages.Thing")
    assert not found.is_function
    assert found.parameters == (
        Parameter("flags", None),
        Parameter("silent", TypeRef("true", None, True), FlagBit("flags", 1)),
        Parameter("id", TypeRef("long", "boxed", True), FlagBit("flags", 3)),
        Parameter("peer", TypeRef("InputPeer")),
    )
    assert found.parameters[0].is_flags
    assert found.parameters[1].is_true
    assert FlagBit("flags", 3).mask == 8


def test_sections_comments_and_layer() -> None:
    text = "\n".join(
        [
            "// hello",
            "",
            line("a = A;"),
            "---functions---",
            line("b = Vector<A>;"),
            "---types---",
            line("c = A;"),
            "// LAYER 12",
        ]
    )
    schema = parse_text(text)
    assert [(found.name, found.is_function) for found in schema.definitions] == [
        ("a", False),
        ("b", True),
        ("c", False),
    ]
    assert schema.definitions[1].result == TypeRef("A", "boxed")
    assert schema.layer == 12


def test_generics_and_bare_vectors() -> None:
    text = "---functions---\n" + line("wrap {X:Type} layer:int query:!X = X;")
    (wrap,) = parse_text(text).definitions
    assert wrap.parameters[-1].type == TypeRef("X", None, False, generic=True)
    assert wrap.result.generic
    (bare,) = parse_text(line("salts salts:vector<future_salt> = Salts;")).definitions
    assert bare.parameters[0].type == TypeRef("future_salt", "bare", True)
    (percent,) = parse_text(line("salts salts:vector<%Salt> = Salts;")).definitions
    assert percent.parameters[0].type == TypeRef("Salt", "bare", True)
    (spaced,) = parse_text(line("get = Vector t;")).definitions
    assert spaced.result == TypeRef("t", "boxed", True)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("what is this", "a definition looks like"),
        ("a = A;", "a definition looks like"),
        ("a#12345678 = A", "a definition looks like"),
        ("a#00000001 b:int = A;", "its text gives"),
        ("---things---", "unknown section"),
        (line("a b = A;"), "is not a parameter"),
        (line("a b:flags.1?int = A;"), "depends on 'flags'"),
        (line("a flags:# b:flags.32?int = A;"), "bits 0 to 31"),
        (line("a b:true = A;"), "behind a flag bit"),
        (line("a b:int b:int = A;"), "two parameters called b"),
        (line("a b:in-t = A;"), "is not a type"),
        (line("a b:!X = A;"), "without {X:Type}"),
        (line("a = A;") + "\n" + line("a = A;"), "same name"),
    ],
)
def test_malformed_lines_name_file_line_and_reason(text: str, reason: str) -> None:
    with pytest.raises(SchemaError, match=r"api\.tl:\d+: ") as caught:
        parse_text("// first line\n" + text, "api.tl")
    assert reason in caught.value.reason
    assert caught.value.source == "api.tl"
    assert caught.value.line == 2 + text.count("\n")


def test_two_names_for_one_id() -> None:
    with pytest.raises(SchemaError, match="same id 37982646"):
        parse_text("ipPortSecret#37982646 a:int = A;\nhelp.configSimple#37982646 = B;")


def test_the_schemas_of_this_layer() -> None:
    api = parse_file(DATA / "api.tl")
    service = parse_file(DATA / "mtproto.tl")
    assert api.layer == 229
    assert len(api.definitions) == 2_465
    assert len(service.definitions) == 60
    assert {found.name for found in service.definitions} >= {"resPQ", "rpc_error", "ping", "new_session_created"}


def test_missing_file_is_an_ordinary_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        parse_file(tmp_path / "api.tl")
