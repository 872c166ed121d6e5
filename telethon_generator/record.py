"""The conformance record: one line for each class, so that a new layer shows what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from telethon_generator.naming import ClassSpec
from telethon_generator.schema import Schema

__all__ = ["record_lines"]


def record_lines(api: Schema, specs: Iterable[ClassSpec]) -> Iterator[str]:
    """The layer, then each class in order of its full name: kind and name, id, fields of the wire, result."""
    yield f"layer {api.layer}"
    rows = []
    for spec in specs:
        fields = " ".join(spec.definition.text.split(" = ")[0].split()[1:])
        result = spec.definition.text.split(" = ")[1].rstrip(";")
        full_name = f"{spec.module.removeprefix('telethon.tl.')}.{spec.name}"
        rows.append(f"{full_name} {spec.id:08x} ({fields}) {result}")
    yield from sorted(rows)
