"""The primitives of TL that generated readers and writers share: bytes in, values out, and back.

A reader works on the bytes `b` and on the same bytes as 32-bit integers `m`; offsets `o` count those integers, because
everything in TL is aligned to four bytes:

    string   | length < 254 (1) | data | zero padding to 4 |
             | 254 (1) | length (3) | data | zero padding to 4 |
    vector   | 0x1cb5c415 (4) | count (4) | items ... |

Source: https://core.telegram.org/mtproto/serialize
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from functools import partial
from struct import pack
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, overload

from telethon._core.clock import wall_time
from telethon._core.rand import random_long, system_random
from telethon.errors.common import TLDecodeError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = [
    "BOOLS",
    "MAX_DEPTH",
    "VECTOR_ID",
    "FlagGroupError",
    "LazyDate",
    "bad_count",
    "big_int",
    "byte_strings",
    "doubles",
    "from_unix_time",
    "half_set",
    "int_view",
    "ints",
    "long_bytes",
    "longs",
    "maker",
    "not_a_vector",
    "pack",
    "random_int",
    "random_long",
    "stored_date",
    "strings",
    "text",
    "too_deep",
    "unix_time",
]

T = TypeVar("T")

VECTOR_ID = 0x1CB5C415
MAX_DEPTH = 64
"""How deep objects may be nested; deeper ones only come from somebody who wants to exhaust the stack."""

_fromtimestamp = datetime.fromtimestamp
_utc = timezone.utc
_EPOCH = datetime(1970, 1, 1, tzinfo=_utc)
_LITTLE_ENDIAN = sys.byteorder == "little"
_PREFIXES = tuple(bytes([length]) for length in range(254))
_PADDING = (b"\0\0\0", b"\0\0", b"\0", b"")


class FlagGroupError(AssertionError, ValueError):
    """Parameters that share one flag bit must be given together or not at all."""


class _Bools(dict[int, bool]):
    def __missing__(self, identifier: int) -> NoReturn:
        raise TLDecodeError(f"A boolean was expected, but the bytes name constructor {identifier & 0xFFFFFFFF:08x}")


BOOLS = _Bools({0x997275B5 - (1 << 32): True, 0xBC799737 - (1 << 32): False})
"""Constructor id, as a signed integer, to the boolean it stands for."""


def maker(cls: type[T]) -> Callable[[], T]:
    """A function that makes an object of the class without running its `__init__`."""
    return partial(object.__new__, cls)


def int_view(data: bytes) -> memoryview[int]:
    """The bytes as signed little-endian 32-bit integers; up to three bytes at the end are left out."""
    view = memoryview(data)
    if len(data) & 3:
        view = view[: len(data) & ~3]
    if _LITTLE_ENDIAN:
        return view.cast("i")
    words = array("i")
    words.frombytes(view)
    words.byteswap()
    return memoryview(words)


def too_deep() -> NoReturn:
    """Refuse objects that are nested too deeply."""
    raise TLDecodeError(f"Objects are nested more than {MAX_DEPTH} levels deep")


def not_a_vector(identifier: int) -> NoReturn:
    """Refuse another constructor where a vector must stand."""
    raise TLDecodeError(f"A vector was expected, but the bytes name constructor {identifier & 0xFFFFFFFF:08x}")


def bad_count(count: int) -> NoReturn:
    """Refuse a vector that claims more items than bytes are left, or fewer than none."""
    raise TLDecodeError(f"A vector of {count} items cannot fit the bytes that are left")


def big_int(data: bytes) -> int:
    """A 128-bit or 256-bit integer."""
    return int.from_bytes(data, "little", signed=True)


def long_bytes(b: bytes, m: memoryview[int], o: int) -> tuple[bytes, int]:
    """A byte string of 254 bytes or more (its first byte was already seen to be at least 254)."""
    head = m[o]
    if head & 255 == 255:
        raise TLDecodeError("A string starts with the byte 255, which no length starts with")
    length = (head >> 8) & 0xFFFFFF
    start = (o + 1) << 2
    return b[start : start + length], o + 1 + ((length + 3) >> 2)


def _byte_string(b: bytes, m: memoryview[int], o: int) -> tuple[bytes, int]:
    length = m[o] & 255
    if length >= 254:
        return long_bytes(b, m, o)
    start = (o << 2) + 1
    return b[start : start + length], o + (length >> 2) + 1


def _count(m: memoryview[int], o: int, words: int) -> int:
    count = m[o]
    if count < 0 or count * words > len(m) - o - 1:
        bad_count(count)
    return count


def ints(b: bytes, m: memoryview[int], o: int) -> tuple[list[int], int]:
    """The items of a vector of `int`; `o` is where the count stands, as for the functions below."""
    count = _count(m, o, 1)
    o += 1
    return m[o : o + count].tolist(), o + count


def longs(b: bytes, m: memoryview[int], o: int) -> tuple[list[int], int]:
    """The items of a vector of `long`."""
    count = _count(m, o, 2)
    o += 1
    return list(struct.unpack_from(f"<{count}q", b, o << 2)), o + 2 * count


def doubles(b: bytes, m: memoryview[int], o: int) -> tuple[list[float], int]:
    """The items of a vector of `double`."""
    count = _count(m, o, 2)
    o += 1
    return list(struct.unpack_from(f"<{count}d", b, o << 2)), o + 2 * count


def byte_strings(b: bytes, m: memoryview[int], o: int) -> tuple[list[bytes], int]:
    """The items of a vector of `bytes`."""
    items: list[bytes] = []
    count = _count(m, o, 1)
    o += 1
    for _ in range(count):
        item, o = _byte_string(b, m, o)
        items.append(item)
    return items, o


def strings(b: bytes, m: memoryview[int], o: int) -> tuple[list[str], int]:
    """The items of a vector of `string`; what is not UTF-8 is replaced."""
    items, o = byte_strings(b, m, o)
    return [item.decode("utf-8", "replace") for item in items], o


def text(value: str | bytes) -> bytes:
    """A string or byte string in its form on the wire.

    Raises:
        TypeError: the value is neither `str` nor `bytes`.
    """
    if type(value) is str:
        data = value.encode()
    elif isinstance(value, bytes):
        data = value
    else:
        data = _encoded(value)
    length = len(data)
    if length < 254:
        return _PREFIXES[length] + data + _PADDING[length & 3]
    return b"\xfe" + (length & 0xFFFFFF).to_bytes(3, "little") + data + _PADDING[(length + 3) & 3]


def _encoded(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode()
    raise TypeError(f"bytes or str expected, not {type(value)}")


def half_set(obj: object, names: str) -> None:
    """Refuse a group of parameters of which only some are given."""
    if any(getattr(obj, name) is None for name in names.split(", ")):
        raise FlagGroupError(
            f"{names} parameters of {type(obj).__name__} must all be False-y (like None) or all be True-y"
        )


def random_int() -> int:
    """A random signed 32-bit integer."""
    return int.from_bytes(system_random(4), "little", signed=True)


def from_unix_time(seconds: int) -> datetime:
    """The moment that lies so many seconds after 1970, in UTC."""
    try:
        return _fromtimestamp(seconds, _utc)
    except (OSError, OverflowError, ValueError):  # platforms whose C library knows no time before 1970
        return _EPOCH + timedelta(seconds=seconds)


def unix_time(value: datetime | date | timedelta | float | None) -> int:
    """Seconds since 1970, as the wire wants a date.

    Args:
        value: a moment (in UTC when it has no time zone), a day, a span from now, seconds, or None for 0.

    Raises:
        TypeError: the value is none of these.
    """
    if isinstance(value, datetime):
        moment = value if value.tzinfo is not None else value.replace(tzinfo=_utc)
        return _wrapped(int((moment - _EPOCH).total_seconds()))
    if value is None:
        return 0
    if isinstance(value, (int, float)):
        return int(value)
    if isinstance(value, date):
        return _wrapped(int((datetime(value.year, value.month, value.day, tzinfo=_utc) - _EPOCH).total_seconds()))
    if isinstance(value, timedelta):
        return _wrapped(int(wall_time() + value.total_seconds()))
    raise TypeError(f'Cannot interpret "{value}" as a date.')


def stored_date(fields: dict[str, Any], name: str, raw: str) -> int:
    """The date among an instance's attributes, for the wire: what was assigned, else what was read."""
    if name in fields:
        return unix_time(fields[name])
    if raw in fields:
        number: int = fields[raw]
        return number
    raise AttributeError(f"there is no attribute {name!r}")


def _wrapped(seconds: int) -> int:
    """The wire has 32 bits for a date: later ones wrap around, as all clients of Telegram do."""
    return ((seconds + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)


class LazyDate:
    """A date attribute that stays a number until somebody looks at it.

    Decoding sets `_raw_<name>`; the first look puts a `datetime` into the instance, which from then on hides this
    descriptor, as any assignment does.
    """

    __slots__ = ("name", "raw")

    def __init__(self, name: str) -> None:
        self.name = name
        self.raw = "_raw_" + name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> datetime | None: ...

    def __get__(self, instance: object, owner: type) -> Self | datetime | None:
        """The date, or None when the object carries none."""
        if instance is None:
            return self
        try:
            seconds = getattr(instance, self.raw)
        except AttributeError:
            raise AttributeError(f"{owner.__name__!r} object has no attribute {self.name!r}") from None
        if seconds is None:
            return None
        value = from_unix_time(seconds)
        setattr(instance, self.name, value)
        return value
