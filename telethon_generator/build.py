"""From the data folder to the tree of generated files."""

from __future__ import annotations

from pathlib import Path

from telethon_generator.emit import errors as emit_errors
from telethon_generator.emit.classes import emit_shard
from telethon_generator.emit.docs import emit_docs
from telethon_generator.emit.index import emit_index
from telethon_generator.emit.stubs import emit_stubs
from telethon_generator.layout import inlined, shards_of
from telethon_generator.methods import read_methods
from telethon_generator.naming import OMITTED, ClassSpec, class_spec
from telethon_generator.parser import parse_file
from telethon_generator.schema import Schema
from telethon_generator.writer import OutputTree

__all__ = ["DATA", "build_tree", "load_specs"]

DATA = Path(__file__).with_name("data")


def load_specs(data: Path = DATA) -> tuple[Schema, list[ClassSpec]]:
    """The API schema, and the classes of both schemas in order."""
    api, service = parse_file(data / "api.tl"), parse_file(data / "mtproto.tl")
    specs = [class_spec(item, True) for item in service.definitions if item.name not in OMITTED]
    specs += [class_spec(item, False) for item in api.definitions]
    return api, specs


def build_tree(data: Path = DATA) -> OutputTree:
    """All generated files, in memory.

    Raises:
        SchemaError: a schema file is malformed.
        MethodTableError: the table of methods is malformed.
        ErrorTableError: the table of errors is malformed.
    """
    api, specs = load_specs(data)
    methods = read_methods(data / "methods.csv")
    shards = shards_of(specs)
    bare_ids = {spec.definition.name: spec.signed_id for spec in specs if not spec.is_function}
    tree = OutputTree()
    for shard in shards:
        tree.add(f"telethon/tl/_generated/{shard.name}.py", emit_shard(shard, bare_ids, inlined(shards)))
    for emitted in (
        emit_index(api, shards),
        emit_stubs(specs, methods),
        emit_docs(specs, methods),
        emit_errors.render(),
    ):
        for path, text in emitted.items():
            tree.add(path, text)
    return tree
