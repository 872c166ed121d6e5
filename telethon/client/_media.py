"""Files on their way up: where the bytes come from, and photos made small enough.

Source: https://core.telegram.org/api/files#uploading-files
"""

from __future__ import annotations

import io
import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from telethon import helpers

if TYPE_CHECKING:
    from types import TracebackType

#: Files above this size are sent with the request for big files, and without a checksum.
BIG_FILE: Final = 10 * 1024 * 1024
_MAX_PHOTO_BYTES: Final = 10_000_000
_MAX_PHOTO_SIDE: Final = 2560


class FileSource:
    """The bytes of a path, of a stream or of a bytes object, read once from front to back.

    Paths are opened when the ``async with`` block begins and closed when it ends. Streams stay open, and their
    methods may be coroutines.

    Args:
        file: a path, bytes, or an object with ``read``.
        size: how many bytes there are, when the stream cannot tell.

    Raises:
        TypeError: when *file* is of another kind.
    """

    def __init__(self, file: object, size: int | None = None) -> None:
        self._file = file
        self._stream: Any = None
        self._owns_stream = False
        self._ahead = b""
        #: The size in bytes; `None` when it cannot be told before everything is read.
        self.size = size
        #: The name of the file, without folders; `None` when there is none.
        self.name: str | None = None

    async def __aenter__(self) -> FileSource:
        file = self._file
        if isinstance(file, (str, os.PathLike)):
            self._open(os.fspath(cast("str", file)))
        elif isinstance(file, (bytes, bytearray, memoryview)):
            self._stream = io.BytesIO(bytes(cast("bytes", file)))
            self.size = len(self._stream.getbuffer())
        elif callable(getattr(file, "read", None)):
            self._stream = file
            name = getattr(file, "name", None)
            self.name = os.path.basename(name) if isinstance(name, str) and name else None
            if self.size is None:
                self.size = await _bytes_left(file)
        else:
            raise TypeError("file must be a path, bytes, or an object with read(), not " + type(file).__name__)
        return self

    def _open(self, path: str) -> None:
        path = os.path.abspath(os.path.expanduser(path))
        self.name = os.path.basename(path)
        self._stream = open(path, "rb")  # noqa: SIM115 (closed when the block ends)
        self._owns_stream = True
        if self.size is None:
            self.size = os.fstat(self._stream.fileno()).st_size

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._owns_stream:
            self._stream.close()

    async def read(self, count: int) -> bytes:
        """The next *count* bytes; fewer only at the end."""
        pieces = [self._ahead[:count]]
        self._ahead = self._ahead[count:]
        missing = count - len(pieces[0])
        while missing:
            piece = await helpers._maybe_await(self._stream.read(missing))
            if not isinstance(piece, bytes):
                raise TypeError(
                    f"file descriptor returned {type(piece)}, not bytes (you must open the file in bytes mode)"
                )
            if not piece:
                break
            pieces.append(piece)
            missing -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    async def skip(self, count: int) -> None:
        """Pass over the next *count* bytes; only for what can seek, and before anything was read."""
        await helpers._maybe_await(self._stream.seek(count, os.SEEK_CUR))

    async def learn_size(self, up_to: int) -> None:
        """Read ahead no more than *up_to* bytes to find the end of a stream that does not tell its size."""
        if self.size is None:
            self._ahead = await self.read(up_to)
            if len(self._ahead) < up_to:
                self.size = len(self._ahead)


async def position_of(file: Any) -> int | None:
    """Where in *file* the bytes that would be sent begin; `None` when they cannot be read a second time."""
    if isinstance(file, (str, bytes, os.PathLike)):
        return 0
    if await _bytes_left(file) is None:
        return None
    position: int = await helpers._maybe_await(file.tell())
    return position


async def go_to(file: Any, position: int) -> None:
    """Go back to where `position_of` said that a file begins."""
    if not isinstance(file, (str, bytes, os.PathLike)):
        await helpers._maybe_await(file.seek(position))


async def _bytes_left(stream: Any) -> int | None:
    """How many bytes there are from where *stream* is; `None` when it cannot seek."""
    if not (callable(getattr(stream, "seek", None)) and callable(getattr(stream, "tell", None))):
        return None
    seekable = getattr(stream, "seekable", None)
    if callable(seekable) and not await helpers._maybe_await(seekable()):
        return None
    position: int = await helpers._maybe_await(stream.tell())
    await helpers._maybe_await(stream.seek(0, os.SEEK_END))
    end: int = await helpers._maybe_await(stream.tell())
    await helpers._maybe_await(stream.seek(position))
    return end - position


async def small_photo(file: Any, as_image: bool) -> Any:
    """*file* made small enough for a photo, away from the event loop, when that takes work at all."""
    if not as_image:
        return file
    import asyncio

    return await asyncio.to_thread(resize_photo_if_needed, file, as_image)


def resize_photo_if_needed(file: Any, is_image: bool) -> Any:
    """*file*, or a JPEG made from it that servers take as a photo; *file* as well when Pillow is not installed.

    Servers refuse photos with a side over 2560 pixels or with more than ten megabytes.
    """
    if not is_image or (isinstance(file, io.IOBase) and not file.seekable()):
        return file
    try:
        pillow: Any = import_module("PIL.Image")
    except ImportError:
        return file

    position: int | None = None
    size: int | None = None
    if isinstance(file, bytes):
        size = len(file)
        source: Any = io.BytesIO(file)
    elif isinstance(file, io.IOBase):
        source = file
        position = file.tell()
        size = file.seek(0, os.SEEK_END)
    else:
        source = file
        if os.path.exists(file):
            size = os.path.getsize(file)
    try:
        # It closes what Pillow has opened, and leaves open what it was given.
        with pillow.open(source) as image:
            fits = image.width <= _MAX_PHOTO_SIDE and image.height <= _MAX_PHOTO_SIDE
            if image.mode == "RGB" and fits and size is not None and 0 < size <= _MAX_PHOTO_BYTES:
                return file
            return _as_small_jpeg(pillow, image)
    except Exception:  # noqa: BLE001 - not a picture after all, or one that Pillow cannot or will not read: servers may
        return file
    finally:
        if position is not None:
            source.seek(position)


def _as_small_jpeg(pillow: Any, image: Any) -> io.BytesIO:
    exif = image.info.get("exif")
    image.thumbnail((_MAX_PHOTO_SIDE, _MAX_PHOTO_SIDE), pillow.LANCZOS)
    result = image
    if image.mode != "RGB":
        # JPEG has no transparency: show what is behind as white.
        result = pillow.new("RGB", image.size, (255, 255, 255))
        transparent = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
        mask = image.convert("RGBA").getchannel("A") if transparent else None
        result.paste(image.convert("RGBA") if transparent else image, mask=mask)
    buffer = io.BytesIO()
    result.save(buffer, "JPEG", progressive=True, **({"exif": exif} if exif else {}))
    buffer.seek(0)
    buffer.name = "a.jpg"  # pyright: ignore[reportAttributeAccessIssue]
    return buffer
