"""The body of `_write`: object to a list of byte strings that is joined once.

Neighbouring values of fixed size, the constructor id included, become one precompiled `struct`.
A flagged value is absent when it is None or False; a flagged `Bool` only when it is None.
"""

from __future__ import annotations

from itertools import groupby
from struct import pack

from telethon_generator.emit.readers import VECTOR_ID
from telethon_generator.emit.source import Names, Source
from telethon_generator.naming import ClassSpec, FieldSpec

__all__ = ["emit_writer"]

FORMATS = {"int": "i", "uint": "I", "date": "i", "flags": "I", "long": "q", "double": "d", "Bool": "I"}
TRUE_ID, FALSE_ID = 0x997275B5, 0xBC799737


def emit_writer(spec: ClassSpec, source: Source, names: Names, bare_names: frozenset[str]) -> None:
    """Add the writer of a class, and the body writer that bare vectors of it need."""
    writer = _Writer(spec, source, names)
    writer.emit()
    if spec.definition.name in bare_names:
        writer.emit_bare()


class _Writer:
    def __init__(self, spec: ClassSpec, source: Source, names: Names) -> None:
        self.spec = spec
        self.source = source
        self.names = names
        self.formats = ""
        self.values: list[str] = []

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
                        self._value(field, _local(field))
                    self._flush()
        self._flush()

    def _flags(self) -> None:
        add = self.source
        words = [field.name for field in self.spec.fields if field.is_flags]
        for word in words:
            add(f"{word} = 0")
        groups: dict[tuple[str, int], list[FieldSpec]] = {}
        for field in self.spec.fields:
            flag = field.parameter.flag
            if flag is None:
                continue
            local = _local(field)
            add(f"{local} = self.{field.name}")
            test = f"{local} is not None" + ("" if field.kind == "Bool" and not field.vector else f" and {local} is not False")
            add(f"if {test}:")
            add(f"    {flag.word} |= {flag.mask}")
            groups.setdefault((flag.word, flag.mask), []).append(field)
        for (word, mask), fields in groups.items():
            if len(fields) > 1:
                missing = " or ".join(f"{_local(field)} is None" for field in fields)
                add(f"if {word} & {mask} and ({missing}):")
                listed = ", ".join(field.name for field in fields)
                add(f'    {self.names.helper("half_set")}("{self.spec.name}", "{listed}")')

    def _value(self, field: FieldSpec, expression: str) -> None:
        if field.is_flags:
            expression = field.name
        if field.vector:
            self._vector(field, expression)
        elif field.kind in FORMATS:
            if field.kind == "date":
                expression = f"{self.names.helper('unix_time')}({expression})"
            elif field.kind == "Bool":
                expression = f"0x{TRUE_ID:08x} if {expression} else 0x{FALSE_ID:08x}"
            self.formats += FORMATS[field.kind]
            self.values.append(expression)
        else:
            self._flush()
            self._single(field, expression)

    def _single(self, field: FieldSpec, expression: str) -> None:
        if field.kind in {"string", "bytes"}:
            self.source(f"out({self.names.helper('text')}({expression}))")
        elif field.kind in {"int128", "int256"}:
            self.source(f"out(({expression}).to_bytes({16 if field.kind == 'int128' else 32}, \"little\", signed=True))")
        elif field.kind == "bare_object":
            self.source(f"{expression}._write_bare(out)")
        else:
            self.source(f"{expression}._write(out)")

    def _vector(self, field: FieldSpec, expression: str) -> None:
        add = self.source
        self._flush_before_vector()
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

    def _flush_before_vector(self) -> None:
        if len(self.values) > 6:
            self._flush()

    def _flush(self) -> None:
        formats, values = self.formats, self.values
        self.formats, self.values = "", []
        if not formats:
            return
        if formats == "I" and values[0].startswith("0x") and " " not in values[0]:
            self.source(f"out({pack('<I', int(values[0], 16))!r})")
            return
        self.source(f"out({self.names.pack(formats)}({', '.join(values)}))")


def _local(field: FieldSpec) -> str:
    return f"v_{field.name}"
