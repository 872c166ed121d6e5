"""The `.pyi` files: what editors and type checkers know about the generated classes.

Attributes have the type of the schema. Parameters are wider where the library converts: dates take more than
`datetime`, lists any sequence, and what `resolve` turns into an input peer takes whatever stands for an entity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from telethon_generator.emit.index import HEAD, OVERLAID
from telethon_generator.methods import Method
from telethon_generator.naming import ClassSpec, FieldSpec
from telethon_generator.schema import TypeRef

__all__ = ["emit_stubs"]

PRIMITIVES = {
    "int": "int",
    "uint": "int",
    "long": "int",
    "int128": "int",
    "int256": "int",
    "double": "float",
    "string": "str",
    "bytes": "_bytes",
    "Bool": "bool",
    "true": "bool",
    "date": "_datetime",
}
LIKE = {
    "InputPeer": "PeerLike",
    "InputUser": "UserLike",
    "InputChannel": "ChannelLike",
    "InputDialogPeer": "DialogLike",
    "InputNotifyPeer": "NotifyLike",
    "InputMedia": "MediaLike",
    "InputMessage": "MessageLike",
    "InputPhoto": "PhotoLike",
    "InputChatPhoto": "ChatPhotoLike",
    "InputDocument": "DocumentLike",
    "InputGroupCall": "GroupCallLike",
}

_ARGUMENTS = f'''"""What the constructors of requests take for parameters that `resolve` converts. {HEAD}"""

from typing import TypeAlias

from telethon.hints import EntityLike
from telethon.tl import types

PeerLike: TypeAlias = EntityLike | types.TypeInputPeer
UserLike: TypeAlias = EntityLike | types.TypeInputUser
ChannelLike: TypeAlias = EntityLike | types.TypeInputChannel
DialogLike: TypeAlias = EntityLike | types.TypeInputDialogPeer | types.TypeDialogPeer
NotifyLike: TypeAlias = EntityLike | types.TypeInputNotifyPeer
MediaLike: TypeAlias = (
    types.TypeInputMedia
    | types.TypeMessageMedia
    | types.TypePhoto
    | types.TypeDocument
    | types.TypeInputPhoto
    | types.TypeInputDocument
    | types.TypeInputFile
    | types.TypeChatPhoto
    | types.TypeUserProfilePhoto
    | types.TypeGame
    | types.TypeWebPage
    | types.TypeMessage
)
MessageLike: TypeAlias = int | types.TypeMessage | types.TypeInputMessage
PhotoLike: TypeAlias = (
    types.TypeInputPhoto | types.TypePhoto | types.TypeMessageMedia | types.TypeMessage | types.TypeWebPage
)
ChatPhotoLike: TypeAlias = types.TypeInputChatPhoto | types.TypeInputPhoto | types.TypePhoto | types.TypeInputFile
DocumentLike: TypeAlias = (
    types.TypeInputDocument | types.TypeDocument | types.TypeMessageMedia | types.TypeMessage | types.TypeWebPage
)
GroupCallLike: TypeAlias = types.TypeInputGroupCall | types.TypeGroupCall
'''

_ALL = f'''"""Every constructor by id, and the layer. {HEAD}"""

from telethon.tl import functions as functions
from telethon.tl import types as types
from telethon.tl.tlobject import TLObject

LAYER: int
tlobjects: dict[int, type[TLObject]]
'''


def emit_stubs(specs: list[ClassSpec], methods: Mapping[str, Method]) -> dict[str, str]:
    """Stubs for all namespaces, the overlaid classes and the list of all objects."""
    members: dict[str, list[ClassSpec]] = {}
    by_module: dict[str, list[ClassSpec]] = {"telethon.tl.types": [], "telethon.tl.functions": []}
    for spec in specs:
        by_module.setdefault(spec.module, []).append(spec)
        if not spec.is_function:
            members.setdefault(spec.definition.result.name, []).append(spec)
    stubs = _Stubs(methods, {spec.definition.name: spec for spec in specs if not spec.is_function})
    overlaid = [spec for spec in specs if spec.name in OVERLAID and not spec.namespace and not spec.is_function]
    files = {
        "telethon/tl/alltlobjects.pyi": _ALL,
        "telethon/tl/_generated/arguments.pyi": _ARGUMENTS,
        "telethon/tl/_generated/overlaid.pyi": stubs.module("telethon.tl._generated.overlaid", overlaid, {}, ()),
    }
    for module, classes in by_module.items():
        children = sorted(name.rpartition(".")[2] for name in by_module if name.startswith(module + "."))
        path = module.replace(".", "/") + ("/__init__.pyi" if module in _PACKAGES else ".pyi")
        aliases = {name: found for name, found in members.items() if _type_module(name) == module}
        files[path] = stubs.module(module, classes, aliases, children)
    return files


_PACKAGES = ("telethon.tl.types", "telethon.tl.functions")


def _type_module(type_name: str) -> str:
    namespace = type_name.rpartition(".")[0]
    return "telethon.tl.types" + (f".{namespace}" if namespace else "")


class _Stubs:
    def __init__(self, methods: Mapping[str, Method], constructors: Mapping[str, ClassSpec]) -> None:
        self.methods = methods
        self.constructors = constructors
        self.here = ""

    def module(
        self, module: str, classes: list[ClassSpec], aliases: Mapping[str, list[ClassSpec]], children: Iterable[str]
    ) -> str:
        """The stub of one module."""
        self.here = module
        body: list[str] = []
        for spec in classes:
            if not (module == "telethon.tl.types" and spec.name in OVERLAID):
                body += self._class(spec)
        for name, found in sorted(aliases.items()):
            body += [
                "",
                f"{self._alias_name(name)}: TypeAlias = {' | '.join(self._class_path(spec) for spec in found)}",
            ]
        return "\n".join([*self._head(module, children, "\n".join(body)), *body, ""])

    def _head(self, module: str, children: Iterable[str], text: str) -> list[str]:
        lines = [f'"""{HEAD}"""', ""]
        # Some attributes are called `bytes` and `list`.
        lines += [f"from builtins import {name} as _{name}" for name in ("bytes", "list") if f"_{name}" in text]
        if "_Sequence[" in text:
            lines.append("from collections.abc import Sequence as _Sequence")
        dates = [name for name in ("date", "datetime", "timedelta") if re.search(rf"\b_{name}\b", text)]
        lines += [f"from datetime import {name} as _{name}" for name in dates]
        typing = {"Any": r"\bAny\b", "TypeAlias": r"\bTypeAlias\b", "TypeVar": r"\b_R\b"}
        lines += [f"from typing import {name}" for name, pattern in typing.items() if re.search(pattern, text)]
        if "_types." in text:
            lines.append("from telethon.tl import types as _types")
        lines += [
            f"from telethon.tl._generated.arguments import {name}"
            for name in LIKE.values()
            if re.search(rf"\b{name}\b", text)
        ]
        if module == "telethon.tl.types":
            lines += [f"from telethon.tl.patched import {name} as {name}" for name in OVERLAID]
        lines += [
            f"from telethon.tl.tlobject import {name}" for name in ("TLObject", "TLRequest") if f"({name}" in text
        ]
        lines += [f"from {module} import {name} as {name}" for name in children]
        if re.search(r"\b_R\b", text):
            lines += ["", '_R = TypeVar("_R")']
        return [*lines, ""]

    def _class(self, spec: ClassSpec) -> list[str]:
        base = f"TLRequest[{self._value(spec.definition.result)}]" if spec.is_function else "TLObject"
        lines = [f"class {spec.name}({base}):", f'    """{self._docstring(spec)}"""']
        lines += [f"    {field.name}: {self._attribute(field)}" for field in spec.arguments]
        parameters = [f"{field.name}: {self._parameter(field)}" for field in spec.arguments]
        lines.append(f"    def __init__({', '.join(['self', *parameters])}) -> None: ...")
        return [*lines, ""]

    def _docstring(self, spec: ClassSpec) -> str:
        name = spec.definition.name
        if spec.service:
            return f"`{name}` of the MTProto service schema. Source: https://core.telegram.org/mtproto"
        if not spec.is_function:
            return (
                f"Constructor of `{spec.definition.result.name}`. Source: https://core.telegram.org/constructor/{name}"
            )
        method = self.methods.get(name, Method())
        parts = [f"Method {method.usability}".rstrip() + ".", f"Source: https://core.telegram.org/method/{name}"]
        if method.errors:
            parts.insert(1, f"Errors: {', '.join(method.errors)}.")
        return " ".join(parts)

    def _attribute(self, field: FieldSpec) -> str:
        kind = self._field_value(field)
        if field.vector:
            kind = f"_list[{kind}]"
        return f"{kind} | None" if field.parameter.flag else kind

    def _parameter(self, field: FieldSpec) -> str:
        if field.kind == "date" and not field.vector:
            kind = "_datetime | _date | _timedelta | float | None"
            return f"{kind} = ..." if field.optional else kind
        like = LIKE.get(field.type_name) if self.here.startswith("telethon.tl.functions") else None
        kind = like or self._field_value(field)
        if field.vector:
            kind = f"_Sequence[{kind}]"
        return f"{kind} | None = ..." if field.optional else kind

    def _field_value(self, field: FieldSpec) -> str:
        if field.kind in PRIMITIVES:
            return PRIMITIVES[field.kind]
        reference = field.parameter.type
        if reference is None or reference.name == "Object":
            return "Any"
        if reference.generic:
            return "TLRequest[_R]"
        if field.kind == "bare_object":
            return self._class_path(self.constructors[reference.name])
        return self._type_path(reference.name)

    def _value(self, reference: TypeRef) -> str:
        if reference.generic:
            return "_R"
        kind = PRIMITIVES.get(reference.name) or self._type_path(reference.name)
        return f"_list[{kind}]" if reference.vector else kind

    def _alias_name(self, type_name: str) -> str:
        namespace, _, name = type_name.rpartition(".")
        return ("_Type" if namespace else "Type") + name

    def _type_path(self, type_name: str) -> str:
        return self._prefix(_type_module(type_name)) + self._alias_name(type_name)

    def _class_path(self, spec: ClassSpec) -> str:
        return self._prefix(spec.module) + spec.name

    def _prefix(self, module: str) -> str:
        if module == self.here:
            return ""
        return module.replace("telethon.tl.types", "_types") + "."
