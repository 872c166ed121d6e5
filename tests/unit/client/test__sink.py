"""Where bytes go."""

from __future__ import annotations

import io
import os
import pathlib

import pytest

from telethon.client import _sink
from telethon.client._sink import Sink


@pytest.mark.parametrize("file", [None, bytes])
async def test_memory(file: object) -> None:
    async with Sink(file) as sink:
        await sink.write(b"ab")
        await sink.write(memoryview(b"c"))
    assert sink.value == b"abc"
    assert sink.written == 3


async def test_a_path_appears_when_it_is_complete(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "folder" / "file.bin"
    async with Sink(path) as sink:
        await sink.write(b"abc")
        assert not path.exists()
        assert [item.name for item in path.parent.iterdir()] == ["file.bin.part"]
    assert path.read_bytes() == b"abc"
    assert [item.name for item in path.parent.iterdir()] == ["file.bin"]
    assert sink.value is None


async def test_a_path_is_not_touched_by_a_failure(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "file.bin"
    path.write_bytes(b"before")

    async def fail() -> None:
        async with Sink(str(path)) as sink:
            await sink.write(b"half")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await fail()
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["file.bin"]


async def test_two_downloads_to_one_path_do_not_mix(tmp_path: pathlib.Path) -> None:
    path = str(tmp_path / "file.bin")
    async with Sink(path) as first, Sink(path) as second:
        await first.write(b"1")
        await second.write(b"2")
    assert sorted(os.listdir(tmp_path)) == ["file.bin"]


async def test_devices_are_written_directly() -> None:
    async with Sink(os.devnull) as sink:
        await sink.write(b"abc")
    assert sink.value is None
    assert sink.written == 3


class Full(io.BytesIO):
    """A file on a disk that turns out to be full when it is flushed, or only when it is closed."""

    def __init__(self, fails: str) -> None:
        super().__init__()
        self.fails = fails

    def flush(self) -> None:
        if self.fails == "flush":
            raise OSError(28, "No space left on device")

    def close(self) -> None:
        fails, self.fails = self.fails, ""
        super().close()
        if fails == "close":
            raise OSError(28, "No space left on device")


@pytest.mark.parametrize("fails", ["flush", "close"])
async def test_F8_a_disk_that_is_full_at_the_end_leaves_nothing_half(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    path = tmp_path / "file.bin"
    made: list[Full] = []

    def open_beside(where: str) -> tuple[str, io.BytesIO]:
        temporary = where + ".part"
        pathlib.Path(temporary).touch()
        made.append(Full(fails))
        return temporary, made[0]

    monkeypatch.setattr(_sink, "_open_beside", open_beside)

    async def save() -> None:
        async with Sink(path) as sink:
            await sink.write(b"abc")

    with pytest.raises(OSError, match="No space"):
        await save()
    assert os.listdir(tmp_path) == []
    assert made[0].closed


async def test_F8_a_folder_that_took_the_place_meanwhile_leaves_nothing_half(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "file.bin"

    async def save() -> None:
        async with Sink(path) as sink:
            await sink.write(b"abc")
            path.mkdir()

    with pytest.raises(OSError, match="directory"):
        await save()
    assert os.listdir(tmp_path) == ["file.bin"]


async def test_streams_stay_open() -> None:
    stream = io.BytesIO()
    async with Sink(stream) as sink:
        await sink.write(b"abc")
    assert stream.getvalue() == b"abc"
    assert not stream.closed


async def test_other_things_cannot_be_written_to() -> None:
    with pytest.raises(TypeError, match="file must be a path, bytes, or an object with write"):
        await Sink(5).__aenter__()


@pytest.mark.parametrize("name", ["x" * 255, "\u00e9" * 127])
async def test_F8_the_longest_name_can_be_saved(tmp_path: pathlib.Path, name: str) -> None:
    async with Sink(str(tmp_path / name)) as sink:
        await sink.write(b"content")
        assert len(os.listdir(tmp_path)) == 1
    assert os.listdir(tmp_path) == [name]
    assert (tmp_path / name).read_bytes() == b"content"
