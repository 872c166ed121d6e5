"""The real Telethon 1.45.0 against the test server."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.interop, pytest.mark.timeout(240)]

STEPS = [
    "log_in",
    "log_in_elsewhere",
    "log_in_bot",
    "message_life",
    "hundred_messages",
    "history",
    "buttons",
    "inline",
    "files",
    "channels",
    "catching_up",
    "log_out",
]


async def test_a_whole_day_of_telethon_1_45(cast, play, anchor_python):
    server, info = cast
    played = await play(server, anchor_python, Path(__file__).with_name("scenario.py"), info)
    assert not played.failed, "\n".join(f"{step}: {why}" for step, why in played.failed.items())
    assert played.passed == ["version", *STEPS]
    assert played.details["version"] == "1.45.0"
    assert played.finished
    assert played.returncode == 0
    # It ran over the wire, and what had to move between data centres did.
    errors = {request.error for request in server.requests if request.error}
    assert {"PHONE_MIGRATE_4", "FILE_MIGRATE_2", "PHONE_CODE_INVALID", "PASSWORD_HASH_INVALID"} <= errors
    assert not any("METHOD_NOT_IMPLEMENTED" in str(error) for error in errors), errors
    assert not any(violation.rule == "handler" for violation in server.violations)


# Layers 216, 214, 181 and 155.
@pytest.mark.parametrize("version", ["1.42.0", "1.40.0", "1.36.0", "1.28.5"])
async def test_a_whole_day_of_an_older_telethon(cast, play, environment, version):
    server, info = cast
    python = environment(f"Telethon=={version}", "cryptg")
    played = await play(server, python, Path(__file__).with_name("scenario.py"), info)
    assert not played.failed, "\n".join(f"{step}: {why}" for step, why in played.failed.items())
    assert played.passed == ["version", *STEPS]
    assert played.details["version"] == version
    assert not any(violation.rule == "handler" for violation in server.violations)
