"""Small helpers that other packages import from here: text and entities, loops, files, lists with a total."""

from __future__ import annotations

import asyncio
import enum
import inspect
import io
import logging
import os
import warnings
from collections.abc import Iterator
from hashlib import sha1
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zlib import crc32

from telethon._core.oldnames import old_names, star_names
from telethon._core.rand import system_random
from telethon._core.surrogates import add_surrogate, del_surrogate, within_surrogate

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import BinaryIO

    from typing_extensions import Self

__all__ = [
    "TotalList",
    "_EntityType",
    "_FileStream",
    "_cancel",
    "_entity_type",
    "_maybe_await",
    "_sync_enter",
    "_sync_exit",
    "add_surrogate",
    "del_surrogate",
    "ensure_parent_dir_exists",
    "generate_key_data_from_nonce",
    "generate_random_long",
    "get_running_loop",
    "retry_range",
    "strip_text",
    "within_surrogate",
]

if not TYPE_CHECKING:
    __getattr__ = old_names(__name__)
    __all__ = star_names(__name__, __all__)

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class _EntityType(enum.Enum):
    """The three kinds of things one can talk to."""

    USER = 0
    CHAT = 1
    CHANNEL = 2


# Names of boxed types and of the constructors of those that mix kinds. `SUBCLASS_OF_ID` is the CRC-32 of the name of
# the boxed type, so the kinds can be told apart here without loading a class.
_BY_BOXED_TYPE = {
    crc32(b"User"): _EntityType.USER,
    crc32(b"InputUser"): _EntityType.USER,
    crc32(b"UserFull"): _EntityType.USER,
    crc32(b"InputChannel"): _EntityType.CHANNEL,
}
_BY_CLASS_NAME = {
    "PeerUser": _EntityType.USER,
    "InputPeerSelf": _EntityType.USER,
    "InputPeerUser": _EntityType.USER,
    "InputPeerUserFromMessage": _EntityType.USER,
    "PeerChat": _EntityType.CHAT,
    "InputPeerChat": _EntityType.CHAT,
    "Chat": _EntityType.CHAT,
    "ChatEmpty": _EntityType.CHAT,
    "ChatForbidden": _EntityType.CHAT,
    "ChatFull": _EntityType.CHAT,
    "PeerChannel": _EntityType.CHANNEL,
    "InputPeerChannel": _EntityType.CHANNEL,
    "InputPeerChannelFromMessage": _EntityType.CHANNEL,
    "Channel": _EntityType.CHANNEL,
    "ChannelForbidden": _EntityType.CHANNEL,
    "ChannelFull": _EntityType.CHANNEL,
}
_ENTITY_TYPES = frozenset(map(crc32, (b"Peer", b"InputPeer", b"Chat", b"ChatFull")))


def _entity_type(entity: object) -> _EntityType:
    """The kind of a user, group or channel, of a peer or of the full form of one.

    Raises:
        TypeError: when *entity* is none of these. Community and messages.ChatFull count as none.
    """
    boxed_type = getattr(entity, "SUBCLASS_OF_ID", None)
    cls = type(entity)
    if boxed_type is None:
        raise TypeError(f"{cls.__name__} is not a TLObject, cannot determine entity type")
    kind = _BY_BOXED_TYPE.get(boxed_type)
    if kind is None and boxed_type in _ENTITY_TYPES:
        kind = next((_BY_CLASS_NAME[base.__name__] for base in cls.__mro__ if base.__name__ in _BY_CLASS_NAME), None)
    if kind is None or cls is type:
        raise TypeError(f"{cls.__name__} does not have any entity type")
    return kind


def generate_random_long(signed: bool = True) -> int:
    """A random 64-bit integer from the operating system; without a sign when *signed* is false.

    Args:
        signed: whether it may be negative, as the schema has it.

    Example:
        >>> -(2**63) <= generate_random_long() < 2**63
        True
    """
    return int.from_bytes(system_random(8), "little", signed=signed)


def ensure_parent_dir_exists(file_path: str | os.PathLike[str]) -> None:
    """Make the folder that *file_path* is in, and those above it, unless they exist.

    Args:
        file_path: the path of the file.

    Raises:
        OSError: it cannot be made.

    Example:
        >>> ensure_parent_dir_exists("photos/of/cats/1.jpg")
    """
    parent = os.path.dirname(file_path)
    if parent:
        os.makedirs(parent, exist_ok=True)


class _Entity(Protocol):
    """What this module needs of a message entity."""

    offset: int
    length: int


def strip_text(text: str, entities: list[Any]) -> str:
    """*text* without white space at both ends, with *entities* moved to match.

    The list is changed in place: offsets and lengths are corrected, entities that have nothing left are removed.

    Args:
        text: text in which offsets count, that is, with surrogates when there are characters outside the basic plane.
        entities: message entities within it.

    Example:
        >>> strip_text("  word ", [])
        'word'
    """
    if not entities:
        return text.strip()
    stripped = text.lstrip()
    cut = len(text) - len(stripped)
    stripped = stripped.rstrip()
    size = len(stripped)
    kept: list[_Entity] = []
    for entity in entities:
        # Every formatted text comes through here, mostly with nothing to change.
        start = entity.offset - cut
        end = start + entity.length
        if start < 0 or end > size or cut:
            start, end = max(start, 0), min(end, size)
            entity.offset, entity.length = start, end - start
        if start < end:
            kept.append(entity)
    entities[:] = kept
    return stripped


def retry_range(retries: int | None, force_retry: bool = True) -> Iterator[int]:
    """Numbers of attempts, from 1 on.

    Args:
        retries: how many attempts there may be after the first; `None` or a negative number for no limit.
        force_retry: false when *retries* counts the first attempt, too.

    Example:
        >>> list(retry_range(2))
        [1, 2, 3]
    """
    last = None if retries is None or retries < 0 else retries + (1 if force_retry else 0)
    attempt = 0
    while attempt != last:
        attempt += 1
        yield attempt


async def _maybe_await(value: Awaitable[_T] | _T) -> _T:
    """*value*, or what it gives when it is awaitable."""
    if inspect.isawaitable(value):
        awaited: _T = await value
        return awaited
    return value


async def _cancel(log: logging.Logger, **tasks: asyncio.Future[Any] | None) -> None:
    """Cancel *tasks* and wait until they have ended; what they raise at that is logged under their names."""
    for name, task in tasks.items():
        if not task:
            continue
        task.cancel()
        if task is asyncio.current_task():
            # It cannot wait for its own end.
            continue
        # Not by awaiting the task: then its cancellation could not be told from one of the task that waits.
        await asyncio.wait((task,))
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("Task %s failed while it was being cancelled", name, exc_info=error)


def _sync_enter(self: Any) -> Any:
    """`__enter__` of classes with `__aenter__`, for use where no loop runs."""
    loop = _loop_of(self)
    if loop.is_running():
        raise RuntimeError(
            'You must use "async with" if the event loop is running (i.e. you are inside an "async def")'
        )
    return loop.run_until_complete(self.__aenter__())


def _sync_exit(self: Any, *args: Any) -> Any:
    """`__exit__` of classes with `__aexit__`, for use where no loop runs."""
    return _loop_of(self).run_until_complete(self.__aexit__(*args))


def _loop_of(value: Any) -> asyncio.AbstractEventLoop:
    loop: asyncio.AbstractEventLoop
    loop = value.loop if hasattr(value, "loop") else value._client.loop
    return loop


def generate_key_data_from_nonce(server_nonce: int, new_nonce: int) -> tuple[bytes, bytes]:
    """The temporary AES key and initialisation vector of the key exchange.

    Args:
        server_nonce: 128 bits, as a signed little-endian number.
        new_nonce: 256 bits, as a signed little-endian number.

    Source: https://core.telegram.org/mtproto/auth_key#presenting-proof-of-work-server-authentication
    """
    server = server_nonce.to_bytes(16, "little", signed=True)
    new = new_nonce.to_bytes(32, "little", signed=True)
    first = sha1(new + server).digest()
    second = sha1(server + new).digest()
    third = sha1(new + new).digest()
    return first + second[:12], second[12:] + third + new[:4]


class TotalList(list[_T]):
    """A list that also knows how many items there are in all, of which it may hold only some.

    Attributes:
        total: how many items exist on the servers, or `None` when that is not known.

    Example:
        >>> messages = await client.get_messages(chat, limit=5)
        >>> print(len(messages), "of", messages.total)
    """

    total: int | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.total = 0

    def __str__(self) -> str:
        items = ", ".join(str(item) for item in self)
        return f"[{items}, total={self.total}]"

    def __repr__(self) -> str:
        items = ", ".join(repr(item) for item in self)
        return f"[{items}, total={self.total}]"


def _stream_method(name: str) -> Any:
    """A method of `_FileStream` that calls the method *name* of the stream below."""

    def method(self: _FileStream, *args: Any, **kwargs: Any) -> Any:
        return getattr(self._stream, name)(*args, **kwargs)

    method.__name__ = name
    method.__doc__ = f"`{name}` of the stream; awaitable when that one is asynchronous."
    return method


class _FileStream(io.IOBase):
    """A path, bytes or a stream, as a stream whose size is known: what uploads read from.

    Reading is asynchronous, since the stream given may be. A file opened here is closed at the end of ``async with``,
    a stream that was handed in is left open.

    Args:
        file: the path, the bytes or a stream with a ``read`` method, which may be asynchronous.
        file_size: in bytes, when the caller knows it. Without it, a stream that cannot seek is read into memory.
    """

    def __init__(self, file: str | os.PathLike[str] | bytes | BinaryIO | Any, *, file_size: int | None = None) -> None:
        self._given = file
        self._size = file_size
        self._name: str | None = None
        self._stream: Any = None
        self._must_close = False

    async def __aenter__(self) -> Self:
        given = self._given
        if isinstance(given, (str, os.PathLike)):
            path: str = os.fspath(given)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            self._stream = open(path, "rb")  # noqa: ASYNC230, SIM115 - closed in __aexit__; opening is quick
            self._must_close = True
            self._name = os.path.basename(path)
            self._size = os.fstat(self._stream.fileno()).st_size
        elif isinstance(given, bytes):
            self._stream = io.BytesIO(given)
            self._must_close = True
            self._size = len(given)
        elif not callable(getattr(given, "read", None)):
            raise TypeError("file description should have a `read` method")
        else:
            await self._use(given)
        return self

    async def _use(self, stream: Any) -> None:
        """Read from a stream that is not ours, and find out its size."""
        self._stream = stream
        self._name = getattr(stream, "name", None)
        if self._size is not None:
            return
        seekable = getattr(stream, "seekable", None)
        if callable(seekable) and await _maybe_await(seekable()):
            position = await _maybe_await(stream.tell())
            await _maybe_await(stream.seek(0, os.SEEK_END))
            self._size = await _maybe_await(stream.tell())
            await _maybe_await(stream.seek(position, os.SEEK_SET))
            return
        _log.warning("A stream does not tell its size beforehand, so all of it is read into memory")
        data = await _maybe_await(stream.read())
        self._size = len(data)
        self._stream = io.BytesIO(data)
        self._must_close = True

    async def __aexit__(self, *args: object) -> None:
        if self._must_close and self._stream is not None:
            await _maybe_await(self._stream.close())

    @property
    def file_size(self) -> int | None:
        """In bytes; `None` before ``async with`` when it was not given."""
        return self._size

    @property
    def name(self) -> str | None:
        """Of the file, when it has one; for a path the last part of it."""
        return self._name

    read = _stream_method("read")
    readinto = _stream_method("readinto")
    write = _stream_method("write")
    fileno = _stream_method("fileno")
    flush = _stream_method("flush")
    isatty = _stream_method("isatty")
    readable = _stream_method("readable")
    readline = _stream_method("readline")
    readlines = _stream_method("readlines")
    seek = _stream_method("seek")
    seekable = _stream_method("seekable")
    tell = _stream_method("tell")
    truncate = _stream_method("truncate")
    writable = _stream_method("writable")
    writelines = _stream_method("writelines")

    def close(self) -> None:
        """Nothing: the end of ``async with`` closes what has to be closed."""


def get_running_loop() -> asyncio.AbstractEventLoop:
    """The loop that runs; where none does, the loop that blocking calls of this thread use.

    That is the thread's current loop, or a new one, made current, when there is none or it is closed.

    Example:
        >>> get_running_loop().is_closed()
        False
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        pass
    try:
        with warnings.catch_warnings():
            # Python 3.12 and later warn when this has to make a loop, which is just what is asked for.
            warnings.simplefilter("ignore", DeprecationWarning)
            loop = asyncio.get_event_loop_policy().get_event_loop()  # pyright: ignore[reportDeprecated]
        if not loop.is_closed():
            return loop
    except RuntimeError:
        # None was set, in another thread than the main one or after `asyncio.run`.
        pass
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    return loop
