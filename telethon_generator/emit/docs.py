"""Writes `telethon/tl/_generated_docs.py`: what `help` tells of a generated class beside its parameters.

It is a table of its own, which is loaded when somebody reads a docstring: thousands of texts would double what the
classes take in memory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from telethon_generator.emit.index import HEAD
from telethon_generator.methods import Method
from telethon_generator.naming import ClassSpec

__all__ = ["emit_docs"]

_PLAIN = {"Bool": "bool", "int": "int", "long": "int", "string": "str", "bytes": "bytes", "double": "float"}


def emit_docs(specs: list[ClassSpec], methods: Mapping[str, Method]) -> dict[str, str]:
    """The table: path below the project's root and text."""
    lines = [
        f'"""What the schema says of each class beside its parameters. {HEAD}"""',
        "",
        "CLASSES: dict[str, tuple[str, str, str, str]] = {",
        *_rows(specs, methods),
        "}",
        '"""Place of the class: name and type in the schema, who may call it, texts of errors."""',
    ]
    return {"telethon/tl/_generated_docs.py": "\n".join(lines)}


def _rows(specs: list[ClassSpec], methods: Mapping[str, Method]) -> Iterator[str]:
    for spec in specs:
        place = f"{spec.module.removeprefix('telethon.tl.')}.{spec.name}"
        method = methods.get(spec.definition.name, Method()) if spec.is_function else Method()
        if spec.service:
            # There are no pages about single ones.
            usability = "service"
        else:
            usability = method.usability
        row = (spec.definition.name, _result(spec), usability, " ".join(method.errors))
        yield f"    {place!r}: {row!r},"


def _result(spec: ClassSpec) -> str:
    result = spec.definition.result
    if result.generic or result.name == "X":
        return ""
    kind = _PLAIN.get(result.name, result.name)
    return f"list[{kind}]" if result.vector else kind
