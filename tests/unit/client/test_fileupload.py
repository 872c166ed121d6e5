"""Putting files on the servers, against scripted answers."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import pathlib
from collections.abc import Callable
from typing import Any

import pytest

from telethon.tl import functions, types

MEGABYTE = 1 << 20


@pytest.fixture
def client(scripted: Callable[..., Any]) -> Any:
    return scripted({"SaveFilePart": True, "SaveBigFilePart": True})


def sent(client: Any, name: str | None = None) -> list[Any]:
    return [
        request for request in client._sender.sent if name in (None, type(request).__name__.removesuffix("Request"))
    ]


class Reader:
    """A stream that can only be read, a few bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._stream = io.BytesIO(data)
        self._step = step

    async def read(self, count: int) -> bytes:
        return self._stream.read(min(count, self._step))


async def test_small_files_have_a_checksum(client: Any) -> None:
    data = os.urandom(300_000)
    progress: list[tuple[int, int]] = []
    handle = await client.upload_file(data, progress_callback=lambda done, total: progress.append((done, total)))
    parts = sent(client, "SaveFilePart")
    assert [(part.file_part, len(part.bytes)) for part in parts] == [(0, 131072), (1, 131072), (2, 37856)]
    assert b"".join(part.bytes for part in parts) == data
    assert isinstance(handle, types.InputFile)
    assert (handle.parts, handle.md5_checksum) == (3, hashlib.md5(data).hexdigest())
    assert {part.file_id for part in parts} == {handle.id}
    assert progress == [(131072, 300_000), (262144, 300_000), (300_000, 300_000)]


@pytest.mark.parametrize(("size", "big", "parts"), [(10 * MEGABYTE, False, 80), (10 * MEGABYTE + 1, True, 81)])
async def test_files_over_ten_megabytes_are_big(client: Any, size: int, big: bool, parts: int) -> None:
    handle = await client.upload_file(bytes(size), file_name="x.bin")
    assert isinstance(handle, types.InputFileBig) is big
    assert (handle.parts, handle.name) == (parts, "x.bin")
    requests = sent(client)
    assert len(requests) == parts
    if big:
        assert {request.file_total_parts for request in requests} == {parts}


@pytest.mark.parametrize("size", [0, 1, 1023, 1024, 1025])
async def test_sizes_around_a_part(client: Any, size: int) -> None:
    handle = await client.upload_file(bytes(size), part_size_kb=1)
    assert handle.parts == len(sent(client)) == -(-size // 1024)


async def test_streams_are_read_from_where_they_are(client: Any) -> None:
    stream = io.BytesIO(b"abcdef")
    stream.seek(2)
    await client.upload_file(stream)
    assert sent(client)[0].bytes == b"cdef"


async def test_short_reads_are_joined_and_the_size_is_found(client: Any) -> None:
    handle = await client.upload_file(Reader(b"x" * 5000, 700), part_size_kb=2)
    assert [len(part.bytes) for part in sent(client)] == [2048, 2048, 904]
    assert (handle.parts, handle.md5_checksum) == (3, hashlib.md5(b"x" * 5000).hexdigest())


@pytest.mark.parametrize("extra", [0, 1, 1000])
async def test_big_streams_of_unknown_size_are_sent_as_they_come(client: Any, extra: int) -> None:
    data = os.urandom(10 * MEGABYTE + 512 * 1024 + extra)
    handle = await client.upload_file(Reader(data, 1 << 18))
    requests = sent(client)
    assert isinstance(handle, types.InputFileBig)
    assert b"".join(request.bytes for request in requests) == data
    assert handle.parts == len(requests)
    assert requests[0].file_total_parts == -1
    assert all(len(request.bytes) == 512 * 1024 for request in requests[:-1])


async def test_several_parts_are_on_the_way_at_once(client: Any) -> None:
    waiting: list[asyncio.Future[bool]] = []

    def send(request: Any, ordered: bool = False) -> Any:
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        waiting.append(future)
        return future

    client._sender.send = send
    task = asyncio.ensure_future(client.upload_file(bytes(8192), part_size_kb=1))
    for _ in range(30):
        await asyncio.sleep(0)
    assert len(waiting) == 4
    while not task.done():
        for future in waiting:
            if not future.done():
                future.set_result(True)
        await asyncio.sleep(0)
    assert (await task).parts == 8


async def test_a_refused_part_ends_the_upload(client: Any) -> None:
    client._sender.answers["SaveFilePart"] = [True, False]
    with pytest.raises(RuntimeError, match="Failed to upload file part 1"):
        await client.upload_file(bytes(4096), part_size_kb=1)


@pytest.mark.parametrize(
    ("file", "options", "error", "text"),
    [
        (b"x", {"part_size_kb": 513}, ValueError, "less or equal to 512KB"),
        (b"x", {"part_size_kb": 1.5}, ValueError, "divisible by 1024"),
        (io.StringIO("x"), {}, TypeError, "open the file in bytes mode"),
        (io.BytesIO(b"abc"), {"file_size": 200_000}, ValueError, "before reaching the end"),
        (5, {}, TypeError, "file must be a path, bytes, or an object with read"),
        ("/no/such/file", {}, FileNotFoundError, "No such file"),
    ],
)
async def test_what_cannot_be_uploaded(
    client: Any, file: Any, options: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        await client.upload_file(file, **options)


async def test_names(client: Any, tmp_path: pathlib.Path) -> None:
    path = tmp_path / "archive.tar.gz"
    path.write_bytes(b"data")
    stream = io.BytesIO(b"data")
    stream.name = "dir/photo.jpg"  # type: ignore[attr-defined]
    assert (await client.upload_file(path)).name == "archive.tar.gz"
    assert (await client.upload_file(str(path), file_name="other")).name == "other.gz"
    assert (await client.upload_file(stream)).name == "photo.jpg"
    assert (await client.upload_file(b"x", file_name="n")).name == "n"


async def test_an_uploaded_file_is_not_uploaded_again(client: Any) -> None:
    handle = types.InputFile(1, 2, "a", "b")
    assert await client.upload_file(handle) is handle
    assert sent(client) == []


async def test_parts_may_be_encrypted(client: Any) -> None:
    await client.upload_file(b"x" * 64, key=b"k" * 32, iv=b"i" * 32)
    assert sent(client)[0].bytes.hex().startswith("31f5c6eddb3e219924855c4ef3d1160efe2c3d23fe659ab0")


# ---- F1: the rules of parts


@pytest.mark.parametrize("part_size_kb", [3, 24, 100, 500])
async def test_F1_part_sizes_that_servers_refuse_are_refused_before_anything_is_sent(
    client: Any, part_size_kb: int
) -> None:
    with pytest.raises(ValueError, match="divides 512KB"):
        await client.upload_file(bytes(part_size_kb * 1024 + 1), part_size_kb=part_size_kb)
    assert client._sender.sent == []
    # A single part may have any size.
    handle = await client.upload_file(bytes(part_size_kb * 1024), part_size_kb=part_size_kb)
    assert handle.parts == 1


class Counter:
    """Checks the parts of a file as they come, and keeps none of them."""

    auth_key = None

    def __init__(self, total: int, part_size: int) -> None:
        self.total = total
        self.part_size = part_size
        self.bytes = 0
        self.next = 0

    def is_connected(self) -> bool:
        return True

    async def send(self, request: Any, ordered: bool = False) -> bool:
        assert isinstance(request, functions.upload.SaveBigFilePartRequest)
        assert request.file_total_parts == -(-self.total // self.part_size) <= 8000
        assert request.file_part == self.next
        is_last = self.next == request.file_total_parts - 1
        expected = self.total - self.next * self.part_size if is_last else self.part_size
        assert len(request.bytes) == expected
        self.next += 1
        self.bytes += len(request.bytes)
        return True


class Sparse:
    """A file with nothing in it, as large as needed, that takes no memory."""

    name = "sparse.bin"

    def __init__(self, size: int) -> None:
        self.size = size
        self.at = 0
        self.block = bytes(512 * 1024)

    def seek(self, position: int, whence: int = 0) -> int:
        self.at = (0, self.at, self.size)[whence] + position
        return self.at

    def tell(self) -> int:
        return self.at

    def read(self, count: int) -> bytes:
        piece = self.block[: min(count, self.size - self.at)]
        self.at += len(piece)
        return piece


@pytest.mark.parametrize("size", [4000 * MEGABYTE, 4000 * MEGABYTE - 1])
async def test_F1_four_gigabytes_go_up_in_parts_that_servers_take(client: Any, size: int) -> None:
    client._sender = Counter(size, 512 * 1024)
    progress: list[int] = []
    handle = await client.upload_file(Sparse(size), progress_callback=lambda done, total: progress.append(done))
    assert isinstance(handle, types.InputFileBig)
    assert (handle.parts, client._sender.bytes) == (8000, size)
    assert progress == sorted(progress)
    assert progress[-1] == size
