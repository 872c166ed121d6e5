"""From constructor ids and names to classes: loads generated modules when something in them is first needed.

Overlay: a few classes have a friendlier subclass in `telethon.tl.patched` (`Message`, `MessageService` and
`MessageEmpty`). `OVERLAY` names them as text; the first look-up, or the first object read from bytes, imports that
module. So everybody who reads bytes or says `types.Message` gets the friendly class, and nothing is assigned at import.
That module gets at the plain generated classes by

    from telethon.tl._generated import overlaid

    class Message(custom.Message, overlaid.Message): ...

An object made by the reader never runs `__init__`: attributes that the bytes do not carry are class attributes, and so
must be those that the friendly class adds. The writer takes the fields of the schema from the instance's dictionary, so
a friendly class must not turn one of them into a property. When it has a method `_on_read(self)`, the reader calls that
last.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from sys import byteorder, modules
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, Union

from telethon._core.oldnames import old_names, star_names
from telethon.errors.common import TLDecodeError, TypeNotFoundError
from telethon.tl._codec import BOOLS, MAX_DEPTH, VECTOR_ID, bad_count, int_view, maker, too_deep
from telethon.tl._docs import LazyDocstring

try:
    from telethon.tl import _generated_index as index
except ImportError as error:
    raise ImportError(
        "The TL classes have not been generated in this checkout; "
        "run `python -m telethon_generator gen` in its root folder"
    ) from error

if TYPE_CHECKING:
    from typing_extensions import Self

    from telethon.tl.tlobject import TLObject

__all__ = ["OVERLAY", "READERS", "inline_id", "lazy_namespace", "load_all", "read", "register", "tlobjects"]

Reader: TypeAlias = Callable[[bytes, "memoryview[int]", int, int], "tuple[Any, int]"]

OVERLAY = {
    "Message": "telethon.tl.patched",
    "MessageService": "telethon.tl.patched",
    "MessageEmpty": "telethon.tl.patched",
}
"""Name in `telethon.tl.types` to the module that has the class to use instead of the generated one."""

_CORE = {
    0x3072CFA1: "GzipPacked",
    0x73F1F8DC: "MessageContainer",
    0xF35C6D01: "RpcResult",
}


def _packed(code: str, data: bytes) -> array[int]:
    values = array(code, data)
    if byteorder == "big":
        values.byteswap()
    return values


_DOCSTRING = LazyDocstring()
_IDS = _packed("I", index.IDS)
_SHARD_OF_ID = _packed("H", index.SHARD_OF_ID)
_loaded: set[int] = set()


def _shard_of(identifier: object) -> int | None:
    if not isinstance(identifier, int):
        return None
    place = bisect_left(_IDS, identifier)
    if place < len(_IDS) and _IDS[place] == identifier:
        return _SHARD_OF_ID[place]
    return None


def _signed(unsigned: int) -> int:
    """A constructor id as the reader sees it."""
    return unsigned - (1 << 32) if unsigned >> 31 else unsigned


def _load_shard(number: int) -> Any:
    return import_module("telethon.tl._generated." + index.SHARDS[number])


def register(*classes: type[TLObject]) -> None:
    """Take the classes of a shard; generated modules call it when they are loaded."""
    for cls in classes:
        cls.__doc__ = _DOCSTRING  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
        unsigned = cls.CONSTRUCTOR_ID
        signed = _signed(unsigned)
        if cls.__name__ in OVERLAY and cls.__module__ == "telethon.tl.types":
            READERS.setdefault(signed, _overlay_reader(cls, signed))
        else:
            READERS.setdefault(signed, cls._read)
            if unsigned not in _removed:
                tlobjects._put(unsigned, cls)


def inline_id(cls: type[TLObject]) -> int | None:
    """The signed id of a class that other readers read by themselves, or None when another class stands in its place.

    Generated modules keep the answer as `_id_<name>`.
    """
    return None if cls.CONSTRUCTOR_ID in _replaced else _signed(cls.CONSTRUCTOR_ID)


def _replace(unsigned: int, reader: Reader) -> None:
    """Let another function read what has that id, from now on and everywhere."""
    name = index.INLINED.get(unsigned)
    if name is not None:
        for shard in index.SHARDS:
            module = modules.get("telethon.tl._generated." + shard)
            if module is not None and hasattr(module, name):
                setattr(module, name, None)
    _replaced.add(unsigned)
    READERS[_signed(unsigned)] = reader


def _overlay_reader(cls: type[TLObject], signed: int) -> Reader:
    """The first reader of an overlaid class: it looks for the friendly class and then steps aside."""

    def first(b: bytes, m: memoryview[int], o: int, d: int) -> tuple[Any, int]:
        reader = _install_overlay(cls)
        if READERS.get(signed) is first:
            READERS[signed] = reader
        return reader(b, m, o, d)

    return first


def _install_overlay(cls: type[TLObject]) -> Reader:
    friendly = _overlay_class(cls)
    shard = modules["telethon.tl._generated." + index.SHARDS[_shard_of(cls.CONSTRUCTOR_ID) or 0]]
    setattr(shard, "_new_" + cls.__name__, maker(friendly))
    raw: Reader = cls._read
    finish: Callable[[Any], object] | None = getattr(friendly, "_on_read", None)
    if finish is None:
        return raw

    def reader(b: bytes, m: memoryview[int], o: int, d: int) -> tuple[Any, int]:
        value, o = raw(b, m, o, d)
        finish(value)
        return value, o

    return reader


def _overlay_class(cls: type[TLObject]) -> type[TLObject]:
    """The friendly class, or the generated one where the module with the friendly ones does not exist."""
    name = OVERLAY[cls.__name__]
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return cls
    found: type[TLObject] = getattr(module, cls.__name__)
    return found


def _unknown(b: bytes, m: memoryview[int], o: int, d: int) -> NoReturn:
    start = o - 1
    raise TypeNotFoundError(m[start] & 0xFFFFFFFF, bytes(b[start << 2 :]))


def _read_true(b: bytes, m: memoryview[int], o: int, d: int) -> tuple[bool, int]:
    return True, o


def _read_false(b: bytes, m: memoryview[int], o: int, d: int) -> tuple[bool, int]:
    return False, o


def _read_vector(b: bytes, m: memoryview[int], o: int, d: int) -> tuple[list[Any], int]:
    if not d:
        too_deep()
    count = m[o]
    o += 1
    if count < 0 or count > len(m) - o:
        bad_count(count)
    items: list[Any] = []
    for _ in range(count):
        item, o = READERS[m[o]](b, m, o + 1, d - 1)
        items.append(item)
    return items, o


def _adapted(cls: Any) -> Reader:
    """A reader over the `from_reader` of a class that was not generated, or that was put in another's place."""

    def reader(b: bytes, m: memoryview[int], o: int, d: int) -> tuple[Any, int]:
        if not d:
            too_deep()
        inner = import_module("telethon.extensions.binaryreader").BinaryReader(b, depth=d - 1)
        inner.set_position(o << 2)
        value = cls.from_reader(inner)
        return value, (inner.tell_position() + 3) >> 2

    return reader


def _wrapper(cls: Any) -> Reader:
    """A reader for what messages are wrapped in, which no object of the schema may contain.

    A few bytes in every element of a vector could otherwise be unpacked to more than there is memory.
    """

    def reader(b: bytes, m: memoryview[int], o: int, d: int) -> tuple[Any, int]:
        if d != MAX_DEPTH:
            raise TLDecodeError(f"{cls.__name__} is nested within an object; only a message can be one")
        inner = import_module("telethon.extensions.binaryreader").BinaryReader(b)
        inner.set_position(o << 2)
        value = cls.from_reader(inner)
        return value, (inner.tell_position() + 3) >> 2

    return reader


class _Readers(dict[int, Reader]):
    """Constructor id, as a signed integer, to the function that reads what follows it."""

    def __missing__(self, signed: int) -> Reader:
        unsigned = signed & 0xFFFFFFFF
        number = _shard_of(unsigned)
        if number is not None:
            _load_shard(number)
            found = self.get(signed)
            if found is not None:
                return found
        if unsigned in _CORE:
            core = import_module("telethon.tl.core")
            return self.setdefault(signed, _wrapper(getattr(core, _CORE[unsigned])))
        return _unknown


READERS = _Readers({VECTOR_ID: _read_vector})
READERS.update((identifier, _read_true if value else _read_false) for identifier, value in BOOLS.items())


class _Objects(dict[int, "type[TLObject]"]):
    """Constructor id to class, for the whole schema; classes load when they are first asked for.

    It can be changed as any dictionary: the reader uses the classes that are put in (by their `from_reader`).
    """

    def __missing__(self, unsigned: int) -> type[TLObject]:
        number = None if unsigned in _removed else _shard_of(unsigned)
        if number is None:
            raise KeyError(unsigned)
        module = _load_shard(number)
        if not super().__contains__(unsigned):
            plain = [getattr(module, name) for name in OVERLAY if hasattr(module, name)]
            found = {cls.CONSTRUCTOR_ID: cls for cls in plain}[unsigned]
            super().__setitem__(unsigned, _overlay_class(found))
        return super().__getitem__(unsigned)

    def _put(self, unsigned: int, cls: type[TLObject]) -> None:
        """Take a generated class, unless another one was put in its place."""
        if not super().__contains__(unsigned):
            super().__setitem__(unsigned, cls)

    def __contains__(self, unsigned: object) -> bool:
        if super().__contains__(unsigned):
            return True
        return isinstance(unsigned, int) and unsigned not in _removed and _shard_of(unsigned) is not None

    def get(self, unsigned: int, default: Any = None) -> Any:
        """The class with that id, or the default."""
        try:
            return self[unsigned]
        except KeyError:
            return default

    def __setitem__(self, unsigned: int, cls: type[TLObject]) -> None:
        super().__setitem__(unsigned, cls)
        _removed.discard(unsigned)
        _replace(unsigned, _adapted(cls))

    def __delitem__(self, unsigned: int) -> None:
        if unsigned not in self:
            raise KeyError(unsigned)
        super().pop(unsigned, None)
        _removed.add(unsigned)
        _replace(unsigned, _unknown)

    def __iter__(self) -> Iterator[int]:
        load_all()
        return super().__iter__()

    def __len__(self) -> int:
        load_all()
        return super().__len__()

    def __bool__(self) -> bool:
        return True

    def __reversed__(self) -> Iterator[int]:
        load_all()
        return super().__reversed__()

    def __repr__(self) -> str:
        load_all()
        return super().__repr__()

    def __eq__(self, other: object) -> bool:
        load_all()
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def keys(self) -> Any:
        """All ids."""
        load_all()
        return super().keys()

    def values(self) -> Any:
        """All classes."""
        load_all()
        return super().values()

    def items(self) -> Any:
        """All ids with their classes."""
        load_all()
        return super().items()

    def copy(self) -> dict[int, type[TLObject]]:
        """All of it in an ordinary dictionary."""
        return dict(self.items())

    def __or__(self, other: Any) -> Any:
        return self.copy() | other

    def __ror__(self, other: Any) -> Any:
        return other | self.copy()

    def __ior__(self, other: Any) -> Self:  # type: ignore[override]
        self.update(other)
        return self

    def setdefault(self, unsigned: int, default: Any = None) -> Any:
        """The class with that id; the default is put in when there is none."""
        if unsigned not in self:
            self[unsigned] = default
        return self[unsigned]

    def update(self, *others: Any, **named: Any) -> None:
        """Put in the classes of another mapping."""
        new: dict[Any, Any] = dict(*others, **named)
        for key, cls in new.items():
            self[key] = cls

    def pop(self, unsigned: int, *default: Any) -> Any:
        """Take a class out; its objects can no longer be read."""
        if unsigned not in self and default:
            return default[0]
        cls = self[unsigned]
        del self[unsigned]
        return cls

    def popitem(self) -> tuple[int, type[TLObject]]:
        """Take the last class out."""
        unsigned = next(reversed(self))
        return unsigned, self.pop(unsigned)

    def clear(self) -> None:
        """Take all classes out."""
        for unsigned in list(self):
            del self[unsigned]


_removed: set[int] = set()
_replaced: set[int] = set()
tlobjects = _Objects()


def load_all() -> None:
    """Load every generated class."""
    if len(_loaded) == len(index.SHARDS):
        return
    for number in range(len(index.SHARDS)):
        _load_shard(number)
        _loaded.add(number)
    for identifier in _IDS:
        tlobjects.get(identifier)


def read(buffer: bytes, offset: int = 0, depth: int = MAX_DEPTH) -> tuple[Any, int]:
    """Read one boxed value: an object, a boolean or a vector.

    Args:
        buffer: where it stands.
        offset: of its constructor id, in bytes.
        depth: how many levels of nesting are allowed.

    Returns:
        The value and the offset behind it.

    Raises:
        TypeNotFoundError: a constructor id is not known.
        TLDecodeError: the bytes end too early or hold what no object can have.
    """
    if buffer.__class__ is not bytes or offset & 3:
        value, end = read(bytes(buffer[offset:]), 0, depth)
        return value, end + offset
    return decode(buffer, int_view(buffer), offset, None, depth)


def decode(b: bytes, m: memoryview[int], offset: int, reader: Reader | None, depth: int) -> tuple[Any, int]:
    """As `read`, for bytes that already have an integer view; `reader` reads a value without its constructor id."""
    o = offset >> 2
    try:
        if reader is None:
            value, o = READERS[m[o]](b, m, o + 1, depth)
        else:
            value, o = reader(b, m, o, depth)
    except (IndexError, struct.error):
        raise TLDecodeError("The bytes end in the middle of an object") from None
    except RecursionError:
        raise TLDecodeError("The object is nested too deeply for the stack that is left") from None
    if o > len(m):
        raise TLDecodeError("The bytes end in the middle of an object")
    return value, o << 2


def lazy_namespace(module_name: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a module of generated classes."""
    namespace = modules[module_name].__dict__
    words = index.NAMES[module_name].split()
    children = frozenset(index.NAMESPACES.get(module_name, "").split())
    places: dict[str, int] = {}
    number = 0
    for word in words:
        if word.isdigit():
            number = int(word)
        else:
            places[word] = number
    aliases = module_name == "telethon.tl.types"

    def find(name: str) -> Any:
        if name in places:
            found = getattr(_load_shard(places[name]), name)
            if aliases and name in OVERLAY:
                found = _overlay_class(found)
        elif name in children:
            return import_module(f"{module_name}.{name}")
        elif aliases and name.startswith("Type") and name in _aliases():
            found = Union[tuple(_class_at(path) for path in _aliases()[name])]
        elif name.startswith(_OLD_NAMES) and name in (old := _old_names(module_name)):
            found = old[name]
        elif name == "__all__":
            own = sorted({*places, *children, *(_aliases() if aliases else ())})
            return star_names(".".join(module_name.split(".")[:3]), own)
        else:
            # Programs take the base classes from here, too.
            return by_accident(name)
        namespace[name] = found
        return found

    def unknown(name: str) -> NoReturn:
        raise AttributeError(f"module {module_name!r} has no attribute {name!r}{_meant(module_name, name, places)}")

    by_accident = old_names(".".join(module_name.split(".")[:3]), unknown)

    def names() -> list[str]:
        return sorted({*namespace, *places, *children, *(_aliases() if aliases else ())})

    return find, names


def _meant(module_name: str, name: str, places: Mapping[str, int]) -> str:
    """What somebody who mistook requests for types, or their names for those of the schema, was looking for."""
    if f"{name}Request" in places:
        return f"; requests have names that end in Request: {name}Request"
    if name.endswith("Request") and module_name.startswith("telethon.tl.types"):
        return "; requests are in telethon.functions"
    return ""


_OLD_NAMES = ("KeyboardButton", "InputKeyboardButton", "EditCreatorRequest")
"""How names begin that a former schema may have had; others are not looked for."""


def _old_names(module_name: str) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = import_module("telethon.tl._oldnames").OLD_NAMES
    return found.get(module_name, {})


_alias_members: dict[str, list[str]] = {}


def _aliases() -> dict[str, list[str]]:
    if not _alias_members:
        members: list[str] = []
        for word in index.TYPES.split():
            if word.endswith(":"):
                members = _alias_members[word[:-1]] = []
            else:
                members.append(word)
    return _alias_members


def _class_at(path: str) -> Any:
    namespace, _, name = path.rpartition(".")
    return getattr(import_module("telethon.tl.types" + (f".{namespace}" if namespace else "")), name)
