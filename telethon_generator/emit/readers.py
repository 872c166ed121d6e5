"""The body of `_read`: bytes to object, with as few Python operations as the layout allows.

A reader gets the bytes `b`, the same bytes as 32-bit integers `m`, the offset `o` in such integers, and how many levels
of nesting `d` are still allowed; it gives the object and the offset behind it. Everything in TL is aligned to four
bytes, which is why plain integers can be indexed. Neighbouring values of fixed size are read by one precompiled
`struct`.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from telethon_generator.emit.source import Names, Source
from telethon_generator.naming import ClassSpec, FieldSpec

__all__ = ["emit_reader", "raw_name"]

WORDS = {"int": 1, "uint": 1, "date": 1, "flags": 1, "long": 2, "double": 2}
FORMATS = {"int": "i", "uint": "I", "date": "i", "flags": "i", "long": "q", "double": "d"}
NESTED = {"object", "bare_object"}
VECTOR_ID = 0x1CB5C415
#: Optional fields, by class, that count as missing when they hold the constructor with that id, which means "nothing".
NOTHING = {("Message", "media"): 0x3DED6320}
_CHUNK = 4


def raw_name(field: FieldSpec) -> str:
    """The attribute that keeps the undecoded form of a date."""
    return f"_raw_{field.name}"


def emit_reader(
    spec: ClassSpec, source: Source, names: Names, bare_ids: dict[str, int], inline: list[ClassSpec]
) -> None:
    """Add the reader of a class.

    It expects a global `_new_NAME` that makes an empty object, also for the classes in `inline` that occur in it, and
    for those `_id_NAME` as well: their constructor id, or None when somebody put another class in their place.
    """
    _Reader(spec, source, names, bare_ids, inline).emit()


class _Reader:
    def __init__(
        self, spec: ClassSpec, source: Source, names: Names, bare_ids: dict[str, int], inline: list[ClassSpec]
    ) -> None:
        self.spec = spec
        self.source = source
        self.names = names
        self.bare_ids = bare_ids
        self.inline = inline
        self.skip = 0
        self.run: list[FieldSpec] = []
        self.pending_trues: list[tuple[str, list[FieldSpec]]] = []

    def emit(self) -> None:
        add = self.source
        add("@staticmethod")
        with add.block("def _read(b, m, o, d):"):
            if any(field.kind in NESTED for field in self.spec.fields):
                add("if not d:")
                add(f"    {self.names.helper('too_deep')}()")
                add("d -= 1")
            add(f"self = _new_{self.spec.name}()")
            self._fields([field for field in self.spec.fields if field.kind != "true"])
            self._flush()
            add(f"return self, {self._at()}")

    def _fields(self, fields: list[FieldSpec]) -> None:
        for word, run in groupby(fields, key=lambda field: field.parameter.flag and field.parameter.flag.word):
            group = list(run)
            if word is None:
                for field in group:
                    self._value(field)
            else:
                self._settle()
                bits = [list(same) for _, same in groupby(group, key=_mask)]
                self._tests(word, bits, self._optional)

    def _optional(self, fields: list[FieldSpec]) -> None:
        for field in fields:
            self._value(field)
        self._settle()

    def _tests(self, word: str, bits: list[list[FieldSpec]], body: Callable[[list[FieldSpec]], None]) -> None:
        """One `if` for each bit; many bits are put under common tests, because most of them are not set."""
        add = self.source
        if len(bits) > _CHUNK:
            for chunk in _chunks(bits):
                with add.block(f"if {word} & {sum({_mask(fields[0]) for fields in chunk})}:"):
                    self._tests(word, chunk, body)
            return
        for fields in bits:
            with add.block(f"if {word} & {_mask(fields[0])}:"):
                body(fields)

    def _value(self, field: FieldSpec) -> None:
        if field.kind in WORDS and not field.vector:
            self.run.append(field)
            if field.is_flags:
                self._after_flags(field)
            return
        self._flush()
        if field.vector:
            self._vector(field)
        else:
            self._single(field)

    def _after_flags(self, word: FieldSpec) -> None:
        """The values that are nothing but bits come first: they need no bytes."""
        trues = [
            field
            for field in self.spec.fields
            if field.kind == "true" and field.parameter.flag and field.parameter.flag.word == word.name
        ]
        if trues:
            self.pending_trues.append((word.name, trues))

    def _emit_trues(self) -> None:
        pending, self.pending_trues = self.pending_trues, []
        for word, trues in pending:
            bits = [list(same) for _, same in groupby(trues, key=_mask)]

            def assign(fields: list[FieldSpec]) -> None:
                for field in fields:
                    self.source(f"self.{field.name} = True")

            if len(bits) > 1:
                with self.source.block(f"if {word} & {sum({_mask(fields[0]) for fields in bits})}:"):
                    self._tests(word, bits, assign)
            else:
                self._tests(word, bits, assign)

    def _target(self, field: FieldSpec) -> str:
        if field.is_flags:
            return field.name
        return "self." + (raw_name(field) if field.kind == "date" else field.name)

    def _flush(self) -> None:
        """Read the neighbouring values of fixed size that were collected."""
        run, self.run = self.run, []
        if not run:
            return
        formats = "".join(FORMATS[field.kind] for field in run)
        if set(formats) == {"i"} and len(run) <= 4:
            for field in run:
                self.source(f"{self._target(field)} = m[{self._at()}]")
                self.skip += 1
        else:
            targets = ", ".join(self._target(field) for field in run)
            unpack = self.names.unpack(formats)
            end = "[0]" if len(run) == 1 else ""
            at = self._at()
            self.source(f"{targets} = {unpack}(b, {f'({at})' if self.skip else at} << 2){end}")
            self.skip += sum(WORDS[field.kind] for field in run)
        self._emit_trues()

    def _at(self, more: int = 0) -> str:
        return f"o + {self.skip + more}" if self.skip + more else "o"

    def _settle(self) -> None:
        self._flush()
        if self.skip:
            self.source(f"o += {self.skip}")
            self.skip = 0

    def _single(self, field: FieldSpec) -> None:
        add, target = self.source, self._target(field)
        if field.kind in {"string", "bytes"}:
            self._settle()
            self._text(target, field.kind)
        elif field.kind == "Bool":
            add(f"{target} = {self.names.helper('BOOLS')}[m[{self._at()}]]")
            self.skip += 1
        elif field.kind in {"int128", "int256"}:
            words = 4 if field.kind == "int128" else 8
            start, end = self._at(), self._at(words)
            add(f"{target} = {self.names.helper('big_int')}(b[({start}) << 2:({end}) << 2])")
            self.skip += words
        else:
            self._object(field, target)
            self.skip = 0

    def _object(self, field: FieldSpec, target: str) -> None:
        nothing = NOTHING.get((self.spec.name, field.name))
        if nothing is None:
            self._some_object(field, target)
            return
        self._settle()
        with self.source.block(f"if m[o] == {nothing}:"):
            self.source("o += 1")
        with self.source.block("else:"):
            self._some_object(field, target)

    def _some_object(self, field: FieldSpec, target: str) -> None:
        inline = [spec for spec in self.inline if spec.definition.result.name == field.type_name]
        if inline:
            self._inline(inline, target)
        elif field.kind == "bare_object":
            self.source(f"{target}, o = READERS[{self.bare_ids[field.type_name]}](b, m, {self._at()}, d)")
        else:
            self.source(f"{target}, o = READERS[m[{self._at()}]](b, m, {self._at(1)}, d)")

    def _inline(self, inline: list[ClassSpec], target: str) -> None:
        """Read objects of one fixed-size field without calling their reader."""
        self._settle()
        self.source("c = m[o]")
        for number, spec in enumerate(inline):
            (field,) = spec.fields
            with self.source.block(f"{'elif' if number else 'if'} c == _id_{spec.name}:"):
                self.source(f"{target} = x = _new_{spec.name}()")
                self.source(f"x.{field.name} = {self.names.unpack(FORMATS[field.kind])}(b, (o + 1) << 2)[0]")
                self.source(f"o += {1 + WORDS[field.kind]}")
        with self.source.block("else:"):
            self.source(f"{target}, o = READERS[c](b, m, o + 1, d)")

    def _text(self, target: str, kind: str) -> None:
        add = self.source
        add("i = o << 2")
        add("n = b[i]")
        with add.block("if n < 254:"):
            add("i += 1")
            add(f"{target if kind == 'bytes' else 'x'} = b[i:i + n]")
            add("o += (n >> 2) + 1")
        with add.block("else:"):
            add(f"{target if kind == 'bytes' else 'x'}, o = {self.names.helper('long_bytes')}(b, m, o)")
        if kind == "string":
            with add.block("try:"):
                add(f"{target} = x.decode()")
            with add.block("except UnicodeDecodeError:"):
                add(f'{target} = x.decode("utf-8", "replace")')

    def _vector(self, field: FieldSpec) -> None:
        add, target = self.source, self._target(field)
        self._settle()
        if field.vector == "boxed":
            add(f"if m[o] != {VECTOR_ID}:")
            add(f"    {self.names.helper('not_a_vector')}(m[o])")
            add("o += 1")
        plain = {"int": "ints", "long": "longs", "double": "doubles", "string": "strings", "bytes": "byte_strings"}
        if field.kind in plain:
            add(f"{target}, o = {self.names.helper(plain[field.kind])}(b, m, o)")
            return
        if field.kind not in NESTED:
            raise NotImplementedError(f"no reader for a vector of {field.type_name}")
        add("n = m[o]")
        add("o += 1")
        add("if n < 0 or n > len(m) - o:")
        add(f"    {self.names.helper('bad_count')}(n)")
        add("items = []")
        with add.block("for _ in range(n):"):
            self._object(field, "x")
            add("items.append(x)")
        add(f"{target} = items")


def _mask(field: FieldSpec) -> int:
    return field.parameter.flag.mask if field.parameter.flag else 0


def _chunks(bits: list[list[FieldSpec]]) -> list[list[list[FieldSpec]]]:
    """Split evenly, into at most `_CHUNK` parts of at least two."""
    parts = min(_CHUNK, -(-len(bits) // _CHUNK)) if len(bits) <= _CHUNK * _CHUNK else _CHUNK
    size = -(-len(bits) // parts)
    return [bits[start : start + size] for start in range(0, len(bits), size)]
