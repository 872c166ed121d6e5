"""Classes that programs make of the library's work, and in the same way with the real Telethon."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("extended.py")

EXPECTED = {
    "begin": True,
    "builders": {
        "got": [
            ["Event", ["1", "2"], "."],
            [True, True, ".SUM 1 2"],
            ["else", True, True, "Anything.Event"],
        ],
        "kinds": ["NewMessage", "Command", "Anything", "Raw"],
        "left": [1, 1],
        "peers": [True],
    },
    "hung_on": {"answer": "on!", "number": True, "made": ["made"]},
    "requests": {
        "answers": ["NearestDc", "InputUserSelf", "NearestDc", ["read", "NearestDc"]],
        "written": "4c3d2e1f0100000004736c7567000000c97ea07d",
        "read": ["slug", "InputPeerSelf", True, True, 0x1F2E3D4C],
        "inner": True,
    },
    "objects": {
        "shown": True,
        "marked": ["Marked", "marked", "bold", False],
        # Only here the messages in the answers to raw requests know their client, and so their formatted text.
        "names": ["Marked", "marked", "**bold**"],
    },
    "formatting": ["it is done", "<__it is__ done>", ["MessageEntityItalic"]],
    "sessions": {"bot": True, "key": 256, "dc": True},
    "written": {"dict": ["Message", "PeerUser", "written"], "json": True, "text": [True, True]},
}


def check(played) -> dict[str, object]:
    assert not played.failed, "\n".join(f"{step}: {why}" for step, why in played.failed.items())
    assert played.finished, played.stderr
    return played.details


@pytest.mark.timeout(180)
async def test_I29_classes_of_programs_with_this_library(cast, play):
    server, info = cast
    assert check(await play(server, sys.executable, SCRIPT, info)) == EXPECTED


@pytest.mark.interop
@pytest.mark.timeout(180)
async def test_classes_of_programs_with_the_real_telethon(cast, play, anchor_python):
    server, info = cast
    details = check(await play(server, anchor_python, SCRIPT, info))
    assert details["objects"].pop("names") == ["Marked", "marked", None]
    expected = {**EXPECTED, "objects": {**EXPECTED["objects"]}}
    del expected["objects"]["names"]
    assert details == expected
