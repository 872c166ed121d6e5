"""Reads `.tl` text into a `Schema`; a malformed line stops it with file, line and reason."""

from __future__ import annotations

import re
from pathlib import Path

from telethon_generator.crc import FIXED_IDS, constructor_id
from telethon_generator.schema import BARE, Definition, FlagBit, Parameter, Schema, TypeRef

__all__ = ["SchemaError", "parse_file", "parse_text"]

_DEFINITION = re.compile(r"([A-Za-z]\w*(?:\.\w+)?)#([0-9a-fA-F]{1,8})((?:\s+\S+)*?)\s*=\s*([^=;]+?)\s*;")
_GENERIC = re.compile(r"\{(\w+):Type\}")
_PARAMETER = re.compile(r"(\w+):(?:(\w+)\.(\d+)\?)?(\S+)")
_VECTOR = re.compile(r"([Vv]ector)<(%?)([\w.]+)>|([Vv])ector ([\w.]+)")
_TYPE = re.compile(r"(!|%)?([A-Za-z][\w.]*)")
_LAYER = re.compile(r"//\s*LAYER\s+(\d+)\s*")
_SECTIONS = {"---types---": False, "---functions---": True}


class SchemaError(ValueError):
    """A schema file is malformed; the text names file, line and reason."""

    def __init__(self, source: str, line: int, reason: str) -> None:
        super().__init__(f"{source}:{line}: {reason}")
        self.source = source
        self.line = line
        self.reason = reason


def parse_file(path: Path) -> Schema:
    """Read one schema file.

    Raises:
        SchemaError: a line cannot be read, two definitions share an id or a name, or an id is not its line's CRC32.
    """
    return parse_text(path.read_text(encoding="utf-8"), path.name)


def parse_text(text: str, source: str = "schema") -> Schema:
    """Read schema text; `source` is the name that errors carry."""
    definitions: list[Definition] = []
    seen_ids: dict[int, str] = {}
    seen_names: set[tuple[bool, str]] = set()
    is_function = False
    layer: int | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("//"):
            found = _LAYER.fullmatch(line)
            layer = int(found[1]) if found else layer
            continue
        if line.startswith("---"):
            if line not in _SECTIONS:
                raise SchemaError(
                    source, number, f"unknown section {line!r}; only ---types--- and ---functions--- exist"
                )
            is_function = _SECTIONS[line]
            continue
        try:
            definition = _definition(line, is_function)
        except ValueError as error:
            raise SchemaError(source, number, str(error)) from None
        other = seen_ids.setdefault(definition.constructor_id, definition.name)
        if other != definition.name or (is_function, definition.name) in seen_names:
            what = f"id {definition.constructor_id:08x}" if other != definition.name else "name"
            raise SchemaError(
                source, number, f"{definition.name} has the same {what} as an earlier definition ({other})"
            )
        seen_names.add((is_function, definition.name))
        definitions.append(definition)
    return Schema(tuple(definitions), layer, source)


def _definition(line: str, is_function: bool) -> Definition:
    found = _DEFINITION.fullmatch(line)
    if found is None:
        raise ValueError("a definition looks like `name#1234abcd field:Type = Result;`")
    name, given_id, body, result = found.groups()
    identifier = int(given_id, 16)
    expected = constructor_id(line)
    if identifier != expected and name not in FIXED_IDS:
        raise ValueError(
            f"the id of {name} is {identifier:08x}, but its text gives {expected:08x}; one of them is mistyped"
        )
    generics: set[str] = set()
    parameters: list[Parameter] = []
    words: set[str] = set()
    for item in body.split():
        generic = _GENERIC.fullmatch(item)
        if generic:
            generics.add(generic[1])
            continue
        parameter = _parameter(item, words, generics)
        if any(known.name == parameter.name for known in parameters):
            raise ValueError(f"{name} has two parameters called {parameter.name}")
        if parameter.is_flags:
            words.add(parameter.name)
        parameters.append(parameter)
    return Definition(name, identifier, tuple(parameters), _type(result, generics), is_function, line)


def _parameter(item: str, words: set[str], generics: set[str]) -> Parameter:
    found = _PARAMETER.fullmatch(item)
    if found is None:
        raise ValueError(f"{item!r} is not a parameter; it looks like `name:Type` or `name:flags.3?Type`")
    name, word, index, type_text = found.groups()
    if type_text == "#":
        return Parameter(name, None)
    flag = None
    if word is not None:
        if word not in words:
            raise ValueError(f"{name} depends on {word!r}, which no earlier `{word}:#` defines")
        if int(index) > 31:
            raise ValueError(f"{name} depends on bit {index}, but a word of flags has bits 0 to 31")
        flag = FlagBit(word, int(index))
    parameter = Parameter(name, _type(type_text, generics), flag)
    if parameter.is_true and flag is None:
        raise ValueError(f"{name} is of type true, which only makes sense behind a flag bit")
    return parameter


def _type(text: str, generics: set[str]) -> TypeRef:
    found = _VECTOR.fullmatch(text)
    if found:
        kind = found[1] or f"{found[4]}ector"
        inner = _type((found[2] or "") + (found[3] or found[5]), generics)
        return TypeRef(inner.name, "boxed" if kind == "Vector" else "bare", inner.bare)
    found = _TYPE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a type")
    mark, name = found.groups()
    if mark == "!" and name not in generics:
        raise ValueError(f"!{name} is used without {{{name}:Type}} in front")
    last = name.rpartition(".")[2]
    bare = name in BARE or mark == "%" or last[0].islower()
    return TypeRef(name, None, bare, generic=mark == "!" or name in generics)
