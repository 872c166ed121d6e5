"""Pyrogram, a client of another code base, and its descendants, against the test server.

They speak layers 158 (Pyrogram), 220 (Pyrofork), 225 (PyroTGFork) and 229 (kurigram).
"""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.interop, pytest.mark.timeout(240)]

STEPS = ["log_in", "log_in_bot", "ten_messages", "history", "edit_and_delete", "button", "file"]


@pytest.mark.parametrize("package", ["kurigram==2.2.26", "pyrogram==2.0.106", "pyrofork==2.3.69", "pyrotgfork==2.2.24"])
async def test_a_whole_day_of_pyrogram(cast, play, environment, package):
    server, info = cast
    played = await play(server, environment(package, "tgcrypto"), Path(__file__).with_name("scenario.py"), info)
    assert not played.failed, "\n".join(f"{step}: {why}" for step, why in played.failed.items()) + played.stderr
    assert played.passed == ["version", *STEPS]
    assert played.finished
    assert played.returncode == 0
    assert not any("METHOD_NOT_IMPLEMENTED" in str(request.error) for request in server.requests)
    assert not any(violation.rule == "handler" for violation in server.violations)
