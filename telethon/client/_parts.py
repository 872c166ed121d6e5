"""Files on their way up, part by part: how large parts are, sending them, and sending one again that was lost.

Source: https://core.telegram.org/api/files#uploading-files
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from telethon import helpers, utils
from telethon.client import _media
from telethon.client._transfer import InOrder
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telethon import hints

_MAX_PART_KB: Final = 512
_UNKNOWN: Final = -1


def part_size_for(size: int | None, part_size_kb: float | None) -> int:
    """How many bytes each part has.

    Args:
        size: bytes of the file; `None` when that is not known yet.
        part_size_kb: kibibytes that the user asked for.

    Raises:
        ValueError: when servers do not take parts of that size.
    """
    if not part_size_kb:
        part_size_kb = _MAX_PART_KB if size is None else utils.get_appropriated_part_size(size)
    if part_size_kb > _MAX_PART_KB:
        raise ValueError("The part size must be less or equal to 512KB")
    part_size = int(part_size_kb * 1024)
    if part_size <= 0 or part_size % 1024 != 0:
        raise ValueError("The part size must be evenly divisible by 1024")
    if _MAX_PART_KB * 1024 % part_size and (size is None or size > part_size):
        raise ValueError(
            f"Files of several parts need a part size that divides 512KB, such as 64, 128 or 256, not {part_size_kb:g}"
        )
    return part_size


async def save(call: Callable[[Any], Awaitable[Any]], request: Any, index: int) -> None:
    """Make a request that saves a part.

    Raises:
        RuntimeError: when the server says that it did not.
    """
    if not await call(request):
        raise RuntimeError(f"Failed to upload file part {index}.")


class PartSender:
    """Sends all parts of one file, a few at once.

    Args:
        call: makes requests.
        source: the bytes.
        file_id: the number that stands for the file.
        part_size: bytes in each part.
        is_big: whether the parts are those of a big file, which has no checksum.
        key: encrypts the parts with this key, for secret chats.
        iv: the initialisation vector that goes with *key*.

    Attributes:
        md5: checksum of what was sent; `None` for big files.
    """

    def __init__(
        self,
        call: Callable[[Any], Awaitable[Any]],
        source: _media.FileSource,
        file_id: int,
        part_size: int,
        *,
        is_big: bool,
        key: bytes | None = None,
        iv: bytes | None = None,
    ) -> None:
        self._call = call
        self._source = source
        self._file_id = file_id
        self._part_size = part_size
        self._is_big = is_big
        self._key = key
        self._iv = iv
        self._position = 0
        self._count = _UNKNOWN if source.size is None else -(-source.size // part_size)
        self.md5: Any = None if is_big else _new_md5()

    async def run(self, report: hints.ProgressCallback | None) -> int:
        """Send all of them; how many there were.

        Raises:
            ValueError: when the file ends before its size.
        """
        index = 0
        async with InOrder[int]() as sending:
            while self._count == _UNKNOWN or index < self._count:
                part = await self._next_part(index)
                if index == self._count:
                    break
                if sending.is_full:
                    await self._tell(report, await sending.take())
                sending.start(self._save(self._request(index, part), index, self._position))
                index += 1
            while len(sending):
                await self._tell(report, await sending.take())
        return index

    async def _next_part(self, index: int) -> bytes:
        source = self._source
        part = await source.read(self._part_size)
        self._position += len(part)
        if len(part) < self._part_size:
            if self._count == _UNKNOWN:
                # Only the last part tells how many there are.
                self._count = index + 1 if part or not index else index
                source.size = self._position
                if index == self._count:
                    return part
            elif index < self._count - 1 or self._position < (source.size or 0):
                raise ValueError(
                    f"read less than {self._part_size} before reaching the end; either `file_size` or `read` are wrong"
                )
        if self._key and self._iv:
            part = _encrypt(part, self._key, self._iv)
        if self.md5 is not None:
            self.md5.update(part)
        return part

    def _request(self, index: int, part: bytes) -> Any:
        if self._is_big:
            return functions.upload.SaveBigFilePartRequest(self._file_id, index, self._count, part)
        return functions.upload.SaveFilePartRequest(self._file_id, index, part)

    async def _save(self, request: Any, index: int, position: int) -> int:
        await save(self._call, request, index)
        return position

    async def _tell(self, report: hints.ProgressCallback | None, done: int) -> None:
        if report:
            await helpers._maybe_await(report(done, cast("int", self._source.size)))


class Again(NamedTuple):
    """What is needed to send a part of a file once more."""

    file: Any
    start: int | None
    """Where in a stream the file begins; None when it cannot be read again."""
    as_image: bool

    async def part(self, index: int) -> bytes:
        """The bytes of a part."""
        await _media.go_to(self.file, self.start or 0)
        # A picture that was made smaller is made smaller in the same way again.
        file = await _media.small_photo(self.file, self.as_image)
        async with _media.FileSource(file) as source:
            part_size = part_size_for(source.size or 0, None)
            await source.skip(index * part_size)
            return await source.read(part_size)

    @staticmethod
    def request(handle: types.TypeInputFile, index: int, part: bytes) -> Any:
        """What saves a part of the uploaded file *handle*."""
        if isinstance(handle, types.InputFileBig):
            return functions.upload.SaveBigFilePartRequest(handle.id, index, handle.parts, part)
        return functions.upload.SaveFilePartRequest(cast("types.InputFile", handle).id, index, part)


def _new_md5() -> Any:
    import hashlib

    return hashlib.md5(usedforsecurity=False)


def _encrypt(part: bytes, key: bytes, iv: bytes) -> bytes:
    from telethon.crypto import AES

    return AES.encrypt_ige(part, key, iv)
