"""Moving files side by side with the real Telethon: the same calls give the same bytes, paths, reports and errors."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from telethon.testing import TelegramTestServer, tiny_png
from telethon.tl import types

pytestmark = [pytest.mark.interop, pytest.mark.timeout(300)]

SCRIPT = Path(__file__).with_name("transfers.py")
CONTENT = random.Random(3).randbytes(700_001)
PICTURE = tiny_png(600, 400)

# What this library does instead, by the beginning or the end of the name of a case.
DIFFERENT = {
    # Telethon finds out with the first part, and says AttributeError.
    " to a number": "TypeError: file must be a path, bytes, or an object with write(), not int",
    "upload a number": "TypeError: file must be a path, bytes, or an object with read(), not int",
    # Telethon asks for a range that goes over a border between megabytes, which servers refuse.
    "iter_download {'offset': 4096}": ["524288:", "171617:"],
    # Telethon divides by zero.
    "iter_download {'limit': 0}": [],
    # Telethon finds no photo.
    "profile photo of a full user": "bytes ",
    # Telethon counts the bytes before the place where the stream is.
    "upload from its middle": ["InputSizedFile", 4, "a.bin"],
}


def is_meant(name: str, found: object) -> bool:
    """Whether a result that differs is one that shall differ."""
    for part, expected in DIFFERENT.items():
        if name.startswith(part) or name.endswith(part):
            value: object = found["value"]  # type: ignore[index]
            if isinstance(value, list) and isinstance(expected, list):
                return bool(value) == bool(expected) and all(
                    str(one).startswith(str(other)) for one, other in zip(value, expected, strict=False)
                )
            return isinstance(expected, str) and str(value).startswith(expected)
    return False


async def results(play, python: str, tmp_path: Path) -> dict[str, object]:
    picture = tmp_path / "picture.png"
    picture.write_bytes(PICTURE)
    async with TelegramTestServer(strict=False) as server:
        reader = server.create_user("Rita", username="rita_reads")
        sender = server.create_user("Sam", username="sam_sends")
        chat = sender.chat(reader)
        clip = [types.DocumentAttributeVideo(3.0, 64, 48)]
        await chat.send_file(CONTENT, "document", name="clip.mp4", mime_type="video/mp4", attributes=clip)
        stored = list(server.world.files.documents.values())[-1]
        stored.thumb = (90, 80, tiny_png(90, 80))
        await chat.send_file(PICTURE, "photo")
        await chat.send_file(CONTENT[:5000], "plain", name="plain.txt", mime_type="text/plain")
        await chat.send_file(CONTENT[:5000], "nameless", name="no extension", mime_type="application/zip")
        song = [types.DocumentAttributeAudio(5, title="Song", performer="Band")]
        await chat.send_file(CONTENT[:4096], "song", name="", mime_type="audio/mpeg", attributes=song)
        info = {"reader": reader.phone, "sender": "sam_sends", "picture": str(picture)}
        played = await play(server, python, SCRIPT, info)
    assert played.finished, played.stderr[-3000:] or played.failed
    return played.details


async def test_files_move_as_with_telethon_1_45(play, anchor_python, tmp_path):
    ours = await results(play, sys.executable, tmp_path)
    theirs = await results(play, anchor_python, tmp_path)
    assert theirs["version"] == "1.45.0"
    assert list(ours) == list(theirs)
    different = {name: (ours[name], theirs[name]) for name in theirs if ours[name] != theirs[name]}
    unmeant = {name: pair for name, pair in different.items() if not is_meant(name, pair[0])}
    assert unmeant == {}
    assert len(different) == 14
    assert len(ours) > 190
