"""The body of `_write`: object to a list of byte strings that is joined once.

Neighbouring values of fixed size, the constructor id included, become one precompiled `struct`.
A flagged value is absent when it is None or False; a flagged `Bool` only when it is None.

Classes with many flagged values are written from the instance's dictionary: only what is set there can be present, so
one pass over it replaces dozens of look-ups of defaults in the class.
"""

from __future__ import annotations

from itertools import groupby
from struct import pack

from telethon_generator.emit.readers import VECTOR_ID, raw_name
from telethon_generator.emit.source import Names, Source
from telethon_generator.naming import ClassSpec, FieldSpec

__all__ = ["emit_bits", "emit_writer"]

FORMATS = {"int": "i", "uint": "I", "date": "i", "flags": "I", "long": "q", "double": "d", "Bool": "I"}
TRUE_ID, FALSE_ID = 0x997275B5, 0xBC799737
_MANY = 4


def emit_writer(spec: ClassSpec, source: Source, names: Names, bare_names: frozenset[str]) -> None:
    """Add the writer of a class, and the body writer that bare vectors of it need."""
    writer = _Writer(spec, source, names)
    writer.emit()
    if spec.definition.name in bare_names:
        writer.emit_bare()


def emit_bits(spec: ClassSpec, source: Source) -> None:
    """Add the table from attribute to flag bit, where the writer goes through the instance's dictionary."""
    writer = _Writer(spec, source, Names())
    if writer.by_dict:
        words = writer.words
        bits = [f'"{field.name}": {_bit(field, words)}' for field in writer.by_dict]
        source(f"_{spec.name}_bits = {{{', '.join(bits)}}}.get")


def _bit(field: FieldSpec, words: list[str]) -> int:
    flag = field.parameter.flag
    return flag.mask << (32 * words.index(flag.word)) if flag else 0


class _Writer:
    def __init__(self, spec: ClassSpec, source: Source, names: Names) -> None:
        self.spec = spec
        self.source = source
        self.names = names
        self.formats = ""
        self.values: list[str] = []
        self.words = [field.name for field in spec.fields if field.is_flags]
        by_dict = [
            field
            for field in spec.fields
            if field.parameter.flag and (field.vector or field.kind not in {"Bool", "date"})
        ]
        self.by_dict = by_dict if len(by_dict) >= _MANY else []

    def emit(self) -> None:
        with self.source.block("def _write(self, out):"):
            self.formats, self.values = "I", [f"0x{self.spec.id:08x}"]
            self._body()

    def emit_bare(self) -> None:
        with self.source.block("def _write_bare(self, out):"):
            self._body()

    def _body(self) -> None:
        self._flags()
        for flag, run in groupby(self.spec.fields, key=lambda field: field.parameter.flag):
            fields = [field for field in run if field.kind != "true"]
            if flag is None:
                for field in fields:
                    self._value(field, f"self.{field.name}")
            elif fields:
                self._flush()
                with self.source.block(f"if {flag.word} & {flag.mask}:"):
                    for field in fields:
                        self._value(field, self._local(field))
                    self._flush()
        self._flush()

    def _local(self, field: FieldSpec) -> str:
        return f'g["{field.name}"]' if field in self.by_dict else f"v_{field.name}"

    def _flags(self) -> None:
        add = self.source
        if self.by_dict or any(field.kind == "date" and not field.vector for field in self.spec.fields):
            add("g = self.__dict__")
        if self.by_dict:
            first = self.words[0]
            add(f"{first} = 0")
            with add.block("for k, v in g.items():"):
                add("if v is not None and v is not False:")
                add(f"    {first} |= _{self.spec.name}_bits(k, 0)")
            for word in self.words[1:]:
                add(f"{word} = {first} >> 32")
                add(f"{first} &= 0xffffffff")
        else:
            for word in self.words:
                add(f"{word} = 0")
        groups: dict[tuple[str, int], list[FieldSpec]] = {}
        for field in self.spec.fields:
            flag = field.parameter.flag
            if flag is None:
                continue
            groups.setdefault((flag.word, flag.mask), []).append(field)
            if field in self.by_dict:
                continue
            local = self._local(field)
            if field.kind == "date" and not field.vector:
                add(f'{local} = g["{field.name}"] if "{field.name}" in g else g.get("{raw_name(field)}")')
            else:
                add(f"{local} = self.{field.name}")
            false_counts = field.kind == "Bool" and not field.vector
            add(f"if {local} is not None" + ("" if false_counts else f" and {local} is not False") + ":")
            add(f"    {flag.word} |= {flag.mask}")
        for (word, mask), fields in groups.items():
            if len(fields) > 1:
                tests = [
                    f'g.get("{field.name}") is None' if field in self.by_dict else f"{self._local(field)} is None"
                    for field in fields
                ]
                # A value that was read as absent is a default of the class; it is not half a group.
                add(f"if {word} & {mask} and ({' or '.join(tests)}):")
                listed = ", ".join(field.name for field in fields)
                add(f'    {self.names.helper("half_set")}(self, "{listed}")')

    def _value(self, field: FieldSpec, expression: str) -> None:
        if field.is_flags:
            expression = field.name
        if field.vector:
            self._vector(field, expression)
        elif field.kind in FORMATS:
            if field.kind == "date":
                expression = self._date(field, expression)
            elif field.kind == "Bool":
                expression = f"0x{TRUE_ID:08x} if {expression} else 0x{FALSE_ID:08x}"
            self.formats += FORMATS[field.kind]
            self.values.append(expression)
        else:
            self._flush()
            self._single(field, expression)

    def _date(self, field: FieldSpec, expression: str) -> str:
        if field.parameter.flag:
            return f"{expression} if {expression}.__class__ is int else {self.names.helper('unix_time')}({expression})"
        return f'{self.names.helper("stored_date")}(g, "{field.name}", "{raw_name(field)}")'

    def _single(self, field: FieldSpec, expression: str) -> None:
        if field.kind in {"string", "bytes"}:
            self.source(f"out({self.names.helper('text')}({expression}))")
        elif field.kind in {"int128", "int256"}:
            size = 16 if field.kind == "int128" else 32
            self.source(f'out(({expression}).to_bytes({size}, "little", signed=True))')
        elif field.kind == "bare_object":
            self.source(f"{expression}._write_bare(out)")
        else:
            self.source(f"{expression}._write(out)")

    def _vector(self, field: FieldSpec, expression: str) -> None:
        add = self.source
        if len(self.values) > 6:
            self._flush()
        add(f"v = {expression}")
        formats, values = self.formats, self.values
        self.formats, self.values = "", []
        if field.vector == "boxed":
            formats += "I"
            values = [*values, f"0x{VECTOR_ID:08x}"]
        add(f"out({self.names.pack(formats + 'I')}({', '.join([*values, 'len(v)'])}))")
        plain = {"int": "i", "long": "q", "double": "d"}
        if field.kind in plain:
            add(f'out({self.names.helper("pack")}(f"<{{len(v)}}{plain[field.kind]}", *v))')
            return
        with add.block("for x in v:"):
            self._single(field, "x")

    def _flush(self) -> None:
        formats, values = self.formats, self.values
        self.formats, self.values = "", []
        if not formats:
            return
        if formats == "I" and values[0].startswith("0x") and " " not in values[0]:
            self.source(f"out({pack('<I', int(values[0], 16))!r})")
            return
        self.source(f"out({self.names.pack(formats)}({', '.join(values)}))")
