"""Where the bytes of a download go: memory, a stream, or a path that only exists once it is complete."""

from __future__ import annotations

import contextlib
import io
import os
from typing import TYPE_CHECKING, Any, Final, cast

from telethon import helpers

if TYPE_CHECKING:
    from types import TracebackType


_MAX_NAME_BYTES: Final = 240


class Sink:
    """Takes the bytes of one download.

    A path is written under a temporary name beside it, and gets its own name when the ``async with`` block ends well.
    When it does not, the temporary file is removed and nothing is left under the name.

    Args:
        file: a path, a stream (whose ``write`` may be a coroutine), or `None` or ``bytes`` for memory.
    """

    def __init__(self, file: Any) -> None:
        if isinstance(file, os.PathLike):
            file = os.path.abspath(os.fspath(cast("os.PathLike[str]", file)))
        self._file = file
        self._in_memory = file is None or file is bytes
        self._path: str | None = None
        self._temporary: str | None = None
        self._stream: Any = None
        self.written = 0

    async def __aenter__(self) -> Sink:
        file = self._file
        if self._in_memory:
            self._stream = io.BytesIO()
        elif isinstance(file, str):
            self._open(file)
        elif callable(getattr(file, "write", None)):
            self._stream = file
        else:
            raise TypeError("file must be a path, bytes, or an object with write(), not " + type(file).__name__)
        return self

    def _open(self, path: str) -> None:
        directory = os.path.dirname(path)
        if directory:
            os.makedirs(directory, exist_ok=True)
        self._path = os.path.realpath(path)
        if os.path.exists(self._path) and not os.path.isfile(self._path):
            # A device or a pipe cannot be put in place afterwards.
            self._stream = open(self._path, "wb")  # noqa: SIM115 (closed when the block ends)
        else:
            self._temporary, self._stream = _open_beside(self._path)

    async def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes."""
        await helpers._maybe_await(self._stream.write(data))
        self.written += len(data)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        is_whole = False
        try:
            if kind is None:
                flush = getattr(self._stream, "flush", None)
                if callable(flush):
                    await helpers._maybe_await(flush())
            if self._path is not None:
                self._stream.close()
            if self._temporary is not None and kind is None:
                os.replace(self._temporary, cast("str", self._path))
            is_whole = kind is None
        finally:
            # Also when the disk is full, which may show only now, or when somebody else has put a folder there.
            if not is_whole:
                self._throw_away()

    def _throw_away(self) -> None:
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
        if self._temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)

    @property
    def value(self) -> bytes | None:
        """The bytes, when they were kept in memory."""
        return cast("io.BytesIO", self._stream).getvalue() if self._in_memory else None


def _open_beside(path: str) -> tuple[str, Any]:
    """A new file in the folder of *path* that nothing else uses."""
    directory, name = os.path.split(path)
    # File systems take 255 bytes, and the name itself may have as many.
    start = os.path.join(directory, os.fsdecode(os.fsencode(name)[:_MAX_NAME_BYTES]))
    number = 0
    while True:
        temporary = f"{start}.{number}.part" if number else f"{start}.part"
        try:
            return temporary, open(temporary, "xb")
        except FileExistsError:
            number += 1
