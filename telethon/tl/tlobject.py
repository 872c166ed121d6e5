"""What all objects and requests of the schema share.

Generated classes only carry what differs: their ids, names, constructor, reader and writer.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TextIO, TypeVar

from telethon._core.oldnames import old_names, star_names
from telethon.tl import _codec

if TYPE_CHECKING:
    from telethon.extensions.binaryreader import BinaryReader

__all__ = ["TLObject", "TLRequest"]

R_co = TypeVar("R_co", covariant=True)


def _json_default(value: object) -> object:
    """What JSON has no form for: Base64 for bytes, ISO 8601 for dates, `repr` for the rest."""
    if isinstance(value, bytes):
        from base64 import b64encode

        return b64encode(value).decode("ascii")
    if isinstance(value, datetime):
        return value.isoformat()
    return repr(value)


class _DictForm(NamedTuple):
    """What `to_dict` knows about a class before it looks at an object.

    Attributes:
        owner: the class.
        defaults: all fields, in order, with what an object has that does not set them.
        lists: fields that hold a list.
        raw: the attribute that keeps the undecoded form of a date, to the name of the date.
        computed: fields that a subclass made a property.
    """

    owner: type[object]
    defaults: dict[str, Any]
    lists: tuple[str, ...]
    raw: dict[str, str]
    computed: tuple[str, ...]


def _dict_form(cls: type[TLObject]) -> _DictForm:
    try:
        fields = cls._FIELDS
    except AttributeError:
        raise NotImplementedError(f"{cls.__name__} does not say how it becomes a dictionary") from None
    defaults: dict[str, Any] = {"_": cls._NAME}
    raw: dict[str, str] = {}
    computed: list[str] = []
    for name in fields:
        default: Any = getattr(cls, name, None)
        if isinstance(default, _codec.LazyDate):
            raw[default.raw] = name
            default = None
        elif hasattr(default, "__get__"):
            computed.append(name)
            default = None
        defaults[name] = default
    form = _DictForm(cls, defaults, cls._LISTS, raw, tuple(computed))
    cls._DICT_FORM = form
    return form


_PLAIN = frozenset({bool, int, float, str, bytes, datetime})
"""What `to_dict` need not look into."""


class TLObject:
    """One value of the schema.

    Objects are plain: attributes can be read and changed, two objects are equal when they are of one class and equal in
    content, and they cannot be hashed because they can change.

    Source: https://core.telegram.org/mtproto/TL
    """

    CONSTRUCTOR_ID: ClassVar[int] = None  # type: ignore[assignment]
    SUBCLASS_OF_ID: ClassVar[int] = None  # type: ignore[assignment]
    _NAME: ClassVar[str]
    _FIELDS: ClassVar[tuple[str, ...]]
    _LISTS: ClassVar[tuple[str, ...]] = ()
    _DICT_FORM: ClassVar[_DictForm] = _DictForm(object, {}, (), {}, ())
    _read: ClassVar[Callable[[bytes, memoryview[int], int, int], tuple[Any, int]]]

    def __init_subclass__(cls) -> None:
        # Whoever overrides only `_bytes` means it to count for nested objects, too.
        if "_bytes" in cls.__dict__ and "_write" not in cls.__dict__:
            cls._write = TLObject._write  # type: ignore[method-assign]

    @staticmethod
    def pretty_format(obj: object, indent: int | None = None) -> str:
        """The object as text that looks like the call that makes it.

        Args:
            obj: an object, or what `to_dict` gives, or any other value.
            indent: None for one line, else the number of tabs to start with.
        """
        from telethon.tl._format import pretty_format

        return pretty_format(obj, indent)

    @staticmethod
    def serialize_bytes(data: str | bytes) -> bytes:
        """A string or byte string in its form on the wire.

        Raises:
            TypeError: the value is neither `str` nor `bytes`.
        """
        return _codec.text(data)

    @staticmethod
    def serialize_datetime(dt: datetime | date | timedelta | float | None) -> bytes:
        """A date in its form on the wire: moments without time zone are UTC, a span counts from now, None is 0.

        Raises:
            TypeError: the value cannot be understood as a date.
        """
        return struct.pack("<i", _codec.unix_time(dt))

    def __eq__(self, o: object) -> bool:
        if not isinstance(o, type(self)):
            return False
        # Most equal objects hold the very same attributes; looking field by field is for the others.
        if type(self) is type(o) and self.__dict__ == o.__dict__:
            return True
        fields: tuple[str, ...] | None = getattr(self, "_FIELDS", None)
        if fields is None:
            return self.to_dict() == o.to_dict()
        for name in fields:
            mine, other = getattr(self, name), getattr(o, name)
            if mine is other or mine == other:
                continue
            # A missing list and an empty one show the same content.
            if name not in self._LISTS or list(mine or ()) != list(other or ()):
                return False
        return True

    def __ne__(self, o: object) -> bool:
        return not self == o

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return TLObject.pretty_format(self)

    def stringify(self) -> str:
        """The object as indented text, one attribute a line."""
        return TLObject.pretty_format(self, indent=0)

    def to_dict(self) -> dict[str, Any]:
        """The object as a dictionary: the name of its class under `_`, then its attributes, nested ones as well.

        Missing lists become empty ones; bytes and dates stay what they are.
        """
        cls = type(self)
        form = cls._DICT_FORM
        if form.owner is not cls:
            form = _dict_form(cls)
        _, defaults, lists, raw, computed = form
        result = defaults.copy()
        for name in lists:
            result[name] = []
        for name, value in self.__dict__.items():
            if name not in result:
                if name in raw and raw[name] not in self.__dict__:
                    result[raw[name]] = _codec.from_unix_time(value)
            elif value.__class__ in _PLAIN and value is not None:
                result[name] = value
            elif name in lists:
                if value is not None:
                    result[name] = [item.to_dict() if isinstance(item, TLObject) else item for item in value]
            else:
                result[name] = value.to_dict() if isinstance(value, TLObject) else value
        for name in computed:
            value = getattr(self, name)
            result[name] = value.to_dict() if isinstance(value, TLObject) else value
        return result

    def to_json(
        self, fp: TextIO | None = None, default: Callable[[Any], Any] = _json_default, **kwargs: Any
    ) -> str | None:
        """The object as JSON: bytes in Base64, dates in ISO form.

        Args:
            fp: a file to write to; without it the text is returned.
            default: what to do with other values; see `json.dumps`.
            kwargs: passed on to `json.dumps`.
        """
        import json

        content = self.to_dict()
        if fp is None:
            return json.dumps(content, default=default, **kwargs)
        json.dump(content, fp, default=default, **kwargs)
        return None

    def __bytes__(self) -> bytes:
        return self._bytes()

    def _bytes(self) -> bytes:
        if type(self)._write is TLObject._write:
            raise NotImplementedError(f"{type(self).__name__} does not say how it becomes bytes")
        parts: list[bytes] = []
        try:
            self._write(parts.append)
        except (AttributeError, TypeError, OverflowError, struct.error) as error:
            from telethon.tl._format import serialization_error

            raise serialization_error(self, error) from error
        return b"".join(parts)

    def _write(self, out: Callable[[bytes], object]) -> None:
        out(self._bytes())

    @classmethod
    def from_reader(cls, reader: BinaryReader) -> TLObject:
        """Read the object's fields at the reader's position (behind the constructor id)."""
        read = getattr(cls, "_read", None)
        if read is None:
            raise NotImplementedError(f"{cls.__name__} does not say how it is read")
        found: TLObject = reader._read_fields(read)
        if type(found) is not cls and issubclass(cls, type(found)):
            found.__class__ = cls
        return found

    def __getstate__(self) -> dict[str, Any]:
        state = dict(self.__dict__)
        for name in [name for name in state if name.startswith("_raw_")]:
            del state[name]
            state[name[5:]] = getattr(self, name[5:])
        return state


if TYPE_CHECKING:

    class _RequestBase(TLObject, Generic[R_co]): ...

else:

    class _RequestBase(TLObject):
        # Real generics cost several microseconds a class, and there are hundreds of requests.
        def __class_getitem__(cls, item: object) -> type:
            return cls

    __getattr__ = old_names(__name__)
    __all__ = star_names(__name__, __all__)


class TLRequest(_RequestBase[R_co]):
    """A request; `await client(request)` gives an `R_co`."""

    @staticmethod
    def read_result(reader: BinaryReader) -> R_co:
        """The answer to the request, read from the reader's position."""
        answer: R_co = reader.tgread_object()
        return answer

    async def resolve(self, client: Any, utils: Any) -> None:
        """Replace what stands for an entity (name, number, entity) by what the schema wants."""
