"""What programs override, assign to and read inside the library works, and in the same way with the real Telethon."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from telethon.testing import tiny_png

SCRIPT = Path(__file__).with_name("replaced.py")
MEGABYTE = 1024 * 1024

EXPECTED = {
    "log_in": ["_start", "send_code_request", "sign_in code", "sign_in password", "_on_login"],
    "request_only": {"got": ["hello"], "missing": []},
    "call_of_old": {"got": ["old"], "missing": []},
    "dispatch_in_a_class": {"False": [["keep"], ["drop", "keep"]], "True": [["keep"], ["drop", "keep"]]},
    "dispatch_of_one_client": [["one", "two"], ["everywhere", "safe"]],
    "saving": {"states": [0], "calls": ["close", "save", "set_update_state"]},
    "downloads": {
        "same": True,
        "chunks": [MEGABYTE // 4] * 4,
        "shapes": [["InputDocumentFileLocation", MEGABYTE]],
        "whole": [[part * MEGABYTE // 4, MEGABYTE // 4] for part in range(4)],
        "small": True,
    },
    "the_sender": {
        "names": ["GetUsersRequest", "SendMessageRequest"],
        "connected": [True, False, True],
        "salt": True,
        "offset": 0,
        "key": True,
        "self": [True, True],
        "queue": [0, True, False],
    },
    "shared_connections": {"same": True, "pairs": [[4, 2, True]], "left": [0], "answer": "NearestDc"},
    "message_box": {
        "empty": False,
        "pts": [True, "ACCOUNT", "SECRET"],
        "account": True,
        "rest": [{}, True, True, 0],
    },
    "a_sender_of_the_test": {"answer": "answer", "slept": [20], "sent": 2},
    "methods_of_the_parts": [["first", []], ["second", []], ["third", ["reply_to"]], ["fourth", []]],
    "until_disconnected": [["again"], ["begin", "end"]],
}


def check(played) -> None:
    assert not played.failed, "\n".join(f"{step}: {why}" for step, why in played.failed.items())
    assert played.finished, played.stderr
    assert played.details == EXPECTED


@pytest.mark.timeout(180)
async def test_I29_what_programs_replace_in_this_library(cast, play):
    server, info = cast
    check(await play(server, sys.executable, SCRIPT, {**info, "png": tiny_png().hex()}))


@pytest.mark.interop
@pytest.mark.timeout(180)
async def test_what_programs_replace_in_the_real_telethon(cast, play, anchor_python):
    server, info = cast
    check(await play(server, anchor_python, SCRIPT, {**info, "png": tiny_png().hex()}))
