"""kurigram, a client of another code base, against the test server."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.interop, pytest.mark.timeout(240)]

STEPS = ["log_in", "log_in_bot", "ten_messages", "history", "edit_and_delete", "button", "file"]


async def test_a_whole_day_of_kurigram(cast, play, kurigram_python):
    server, info = cast
    played = await play(server, kurigram_python, Path(__file__).with_name("scenario.py"), info)
    assert not played.failed, "\n".join(f"{step}: {why}" for step, why in played.failed.items()) + played.stderr
    assert played.passed == ["version", *STEPS]
    assert played.finished
    assert played.returncode == 0
    assert not any("METHOD_NOT_IMPLEMENTED" in str(request.error) for request in server.requests)
    assert not any(violation.rule == "handler" for violation in server.violations)
