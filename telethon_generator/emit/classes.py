"""The text of one shard: classes with their constructor, reader, writer and `resolve`."""

from __future__ import annotations

from telethon_generator.emit.index import HEAD
from telethon_generator.emit.readers import emit_reader, raw_name
from telethon_generator.emit.source import Names, Source
from telethon_generator.emit.writers import emit_bits, emit_writer
from telethon_generator.layout import Shard
from telethon_generator.naming import ClassSpec, FieldSpec

__all__ = ["RESOLVERS", "emit_shard"]

RESOLVERS = {
    "InputPeer": "utils.get_input_peer(await client.get_input_entity({}))",
    "InputUser": "utils.get_input_user(await client.get_input_entity({}))",
    "InputChannel": "utils.get_input_channel(await client.get_input_entity({}))",
    "InputDialogPeer": "await client._get_input_dialog({})",
    "InputNotifyPeer": "await client._get_input_notify({})",
    "InputMedia": "utils.get_input_media({})",
    "InputMessage": "utils.get_input_message({})",
    "InputPhoto": "utils.get_input_photo({})",
    "InputChatPhoto": "utils.get_input_chat_photo({})",
    "InputDocument": "utils.get_input_document({})",
    "InputGroupCall": "utils.get_input_group_call({})",
}
"""How `resolve` turns what a user gave into what the schema wants."""

_HINTS = {
    "int": "int",
    "uint": "int",
    "long": "int",
    "int128": "int",
    "int256": "int",
    "double": "float",
    "string": "str",
    "bytes": "bytes",
    "Bool": "bool",
    "true": "bool",
    "date": "datetime",
}
"""What a value of each kind is for programs."""

_MANY = 12
_EMPTY_LISTS = {"int": "ints", "long": "longs"}


def emit_shard(shard: Shard, bare_ids: dict[str, int], inline: dict[str, tuple[ClassSpec, str]]) -> str:
    """The module for one shard.

    Args:
        shard: what to write.
        bare_ids: signed constructor id by name, for values without one.
        inline: what `layout.inlined` gives.
    """
    names = Names()
    names.helper("maker")
    body = Source()
    for spec in shard.classes:
        body()
        body()
        _class(spec, body, names, bare_ids, [found for found, _ in inline.values()])
    types = {field.type_name for spec in shard.classes for field in spec.fields}
    used = [(spec, place) for spec, place in inline.values() if spec.definition.result.name in types]
    imports = [
        f"from telethon.tl._generated.{place} import {spec.name}, _new_{spec.name}"
        for spec, place in used
        if place != shard.name
    ]
    base = sorted({"TLRequest" if spec.is_function else "TLObject" for spec in shard.classes})
    lines = [
        f'"""{HEAD}"""',
        "",
        *names.lines(),
        *imports,
        *(["from telethon.tl._hints import Hints"] if any(spec.arguments for spec in shard.classes) else []),
        f"from telethon.tl._registry import READERS, {'inline_id, ' if used else ''}register",
        f"from telethon.tl.tlobject import {', '.join(base)}",
        "",
        *names.struct_lines(),
        *body.lines,
        "",
        "",
    ]
    bits = Source()
    for spec in shard.classes:
        emit_bits(spec, bits)
    lines += bits.lines
    lines += [f"_id_{spec.name} = inline_id({spec.name})" for spec, _ in used]
    lines += [f"_new_{spec.name} = maker({spec.name})" for spec in shard.classes]
    lines += [f"register({', '.join(spec.name for spec in shard.classes)})"]
    return "\n".join(lines) + "\n"


def _class(spec: ClassSpec, add: Source, names: Names, bare_ids: dict[str, int], inline: list[ClassSpec]) -> None:
    with add.block(f"class {spec.name}({'TLRequest' if spec.is_function else 'TLObject'}):"):
        add(f'__module__ = "{spec.module}"')
        add(f"CONSTRUCTOR_ID = 0x{spec.id:08x}")
        add(f"SUBCLASS_OF_ID = 0x{spec.result_id:08x}")
        add(f'_NAME = "{spec.name}"')
        add(f"_FIELDS = {_tuple(field.name for field in spec.arguments)}")
        lists = [field.name for field in spec.arguments if field.vector]
        if lists:
            add(f"_LISTS = {_tuple(lists)}")
        for field in spec.arguments:
            _default(field, add, names)
        if spec.arguments:
            add()
            _constructor(spec, add, names)
        add()
        emit_reader(spec, add, names, bare_ids, inline)
        add()
        emit_writer(spec, add, names, frozenset(bare_ids) & {"future_salt"})
        if spec.is_function:
            _read_result(spec, add, names)
            _resolve(spec, add)


def _tuple(words: object) -> str:
    listed = [f'"{word}"' for word in words]  # type: ignore[attr-defined]
    return f"({', '.join(listed)}{',' if len(listed) == 1 else ''})"


def _default(field: FieldSpec, add: Source, names: Names) -> None:
    if field.kind == "date" and not field.vector:
        add(f'{field.name} = {names.helper("LazyDate")}("{field.name}")')
        if field.optional:
            add(f"{raw_name(field)} = None")
    elif field.parameter.is_true:
        add(f"{field.name} = False")
    elif field.parameter.flag:
        add(f"{field.name} = None")


def _constructor(spec: ClassSpec, add: Source, names: Names) -> None:
    parameters = "".join(f", {field.name}{'=None' if field.optional else ''}" for field in spec.arguments)
    with add.block(f"def __init__(self{parameters}):"):
        sparing = len(spec.arguments) > _MANY
        for field in spec.arguments:
            if field.drawn:
                _draw(field, add, names)
            if sparing and field.parameter.flag and not field.parameter.is_true:
                add(f"if {field.name} is not None:")
                add(f"    self.{field.name} = {field.name}")
            else:
                add(f"self.{field.name} = {field.name}")
    hints = " ".join(f"{field.name}:{_hint(field)}" for field in spec.arguments)
    add(f'__init__.__annotations__ = Hints("{hints}")')


def _hint(field: FieldSpec) -> str:
    """The type of a parameter, as `Hints` reads it."""
    is_date = field.kind == "date" and not field.vector
    kind = _HINTS.get(field.kind) or f"Type{field.type_name.rpartition('.')[2]}"
    return f"{'?' if field.parameter.flag or is_date else ''}{'*' if field.vector else ''}{kind}"


def _draw(field: FieldSpec, add: Source, names: Names) -> None:
    draw = f"{names.helper('random_int' if field.kind == 'int' else 'random_long')}()"
    if field.vector:
        draw = f"[{draw} for _ in range(len(id))]"
    add(f"if {field.name} is None:")
    add(f"    {field.name} = {draw}")


def _read_result(spec: ClassSpec, add: Source, names: Names) -> None:
    result = spec.definition.result
    if result.vector and result.name in _EMPTY_LISTS:
        add()
        add("@staticmethod")
        with add.block("def read_result(reader):"):
            add(f"return reader._read_plain_vector({names.helper(_EMPTY_LISTS[result.name])})")


def _resolve(spec: ClassSpec, add: Source) -> None:
    fields = [field for field in spec.fields if field.type_name in RESOLVERS]
    if not fields:
        return
    add()
    with add.block("async def resolve(self, client, utils):"):
        for field in fields:
            expression = RESOLVERS[field.type_name]
            target = f"self.{field.name}"
            value = f"[{expression.format('x')} for x in {target}]" if field.vector else expression.format(target)
            if field.parameter.flag:
                add(f"if {target}:")
                add(f"    {target} = {value}")
            else:
                add(f"{target} = {value}")
