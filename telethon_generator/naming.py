"""From words of the schema to names of Python: classes, attributes, order and meaning of parameters."""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

from telethon_generator.crc import result_id
from telethon_generator.schema import Definition, Parameter, TypeRef

__all__ = ["OMITTED", "ClassSpec", "FieldSpec", "class_spec"]

OMITTED = frozenset({"rpc_result", "msg_resend_ans_req"})
"""Definitions without a generated class: one is hand-written in `tl.core`, one is not used by Telegram."""

_DATE = re.compile(r"(?:^|_)date(?:$|_)|(?:^|_)(?:until|since)$|^expires(?:_at)?$|^was_online$")
_RENAMED = {"self": "is_self", "from": "from_"}


@dataclass(frozen=True)
class FieldSpec:
    """One attribute of a generated class.

    Attributes:
        name: the attribute and keyword.
        kind: how one value is written: int, uint, date, long, double, int128, int256, string, bytes, Bool, true,
            object, bare_object or flags.
        parameter: what the schema says.
        optional: whether the constructor can be called without it.
    """

    name: str
    kind: str
    parameter: Parameter
    optional: bool

    @property
    def vector(self) -> str | None:
        """None, "boxed" or "bare"."""
        return self.parameter.type.vector if self.parameter.type else None

    @property
    def type_name(self) -> str:
        """The type of one value, as the schema writes it."""
        return self.parameter.type.name if self.parameter.type else "#"

    @property
    def is_flags(self) -> bool:
        """Whether it is a word of flags, which is no attribute."""
        return self.kind == "flags"

    @property
    def drawn(self) -> bool:
        """Whether a random value is drawn when none is given."""
        return self.name == "random_id" and not self.is_flags


@dataclass(frozen=True)
class ClassSpec:
    """One class to generate.

    Attributes:
        definition: the line of the schema it comes from.
        name: name of the class.
        namespace: the part before the dot, or an empty text.
        fields: in wire order, words of flags included.
        arguments: in the order of the constructor, words of flags left out.
        service: whether it belongs to MTProto itself and not to the API.
    """

    definition: Definition
    name: str
    namespace: str
    fields: tuple[FieldSpec, ...]
    arguments: tuple[FieldSpec, ...]
    service: bool

    @property
    def is_function(self) -> bool:
        """Whether it is a request."""
        return self.definition.is_function

    @property
    def id(self) -> int:
        """The constructor id, unsigned."""
        return self.definition.constructor_id

    @property
    def signed_id(self) -> int:
        """The constructor id as a signed 32-bit integer, which is how the reader sees it."""
        return self.id - (1 << 32) if self.id >> 31 else self.id

    @property
    def result_id(self) -> int:
        """The id of the result type."""
        result = self.definition.result
        return result_id(f"Vector<{result.name}>" if result.vector else result.name)

    @property
    def module(self) -> str:
        """The public module that holds it."""
        base = "telethon.tl.functions" if self.is_function else "telethon.tl.types"
        return f"{base}.{self.namespace}" if self.namespace else base


def class_spec(definition: Definition, service: bool) -> ClassSpec:
    """The class that stands for a definition."""
    last = definition.name.rpartition(".")[2]
    camel = re.sub(r"_(\w)", lambda found: found[1].upper(), last)
    name = camel[0].upper() + camel[1:] + ("Request" if definition.is_function else "")
    fields = tuple(_field(parameter, definition) for parameter in definition.parameters)
    values = [field for field in fields if not field.is_flags]
    arguments = [field for field in values if not field.optional] + [field for field in values if field.optional]
    return ClassSpec(definition, name, definition.namespace, fields, tuple(arguments), service)


def _field(parameter: Parameter, definition: Definition) -> FieldSpec:
    if parameter.type is None:
        return FieldSpec(parameter.name, "flags", parameter, False)
    name = _RENAMED.get(parameter.name, parameter.name)
    if keyword.iskeyword(name):
        name += "_"
    optional = parameter.flag is not None or name == "random_id"
    return FieldSpec(name, _kind(name, parameter.type, definition), parameter, optional)


def _kind(name: str, type_ref: TypeRef, definition: Definition) -> str:
    kind = type_ref.name
    if kind == "int" and not type_ref.vector:
        if _DATE.search(name):
            return "date"
        if name == "user_id" or (name == "id" and definition.is_function and definition.result.name == "User"):
            return "uint"
    if kind in {"int", "long", "double", "int128", "int256", "string", "bytes", "Bool", "true"}:
        return kind
    return "bare_object" if type_ref.bare else "object"
