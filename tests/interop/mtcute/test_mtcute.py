"""mtcute, a client of another code base and language, against the test server.

It speaks layer 227; the server answers it in that layer. What it does in its own way, and the server lets pass when it
is not strict: it numbers msgs_ack as if they were content-related, and packs requests with zlib instead of gzip. A key
whose first byte is 0 it takes for a wrong one, and begins again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.interop, pytest.mark.timeout(400)]

STEPS = [
    "log_in",
    "log_in_bot",
    "twenty_messages",
    "history",
    "edit_and_delete",
    "button",
    "file",
    "elsewhere",
    "channel",
    "log_out",
]


async def _run(cast, play, mtcute, **more):
    server, info = cast
    node, modules = mtcute
    script = Path(__file__).with_name("scenario.mjs")
    played = await play(server, node, script, {**info, "modules": modules, **more})
    assert not played.failed, "\n".join(f"{step}: {why}" for step, why in played.failed.items()) + played.stderr
    assert played.finished, played.stderr
    assert played.returncode == 0
    assert not any("NOT_IMPLEMENTED" in str(request.error) for request in server.requests)
    assert not list(server.violations)
    rules = {violation.rule for violation in server.violations.tolerated}
    assert rules <= {"layer", "seq_no", "gzip"}
    return server, played


async def test_a_whole_day_of_mtcute(cast, play, mtcute):
    server, played = await _run(cast, play, mtcute)
    assert played.passed == ["version", *STEPS]
    assert {key.layer for key in server.auth_keys() if key.user_id} == {227}


async def test_a_day_of_mtcute_with_temporary_keys(cast, play, mtcute):
    # Logged out, it goes on making temporary keys while it is told to end.
    server, played = await _run(cast, play, mtcute, pfs=True, without=["log_out"])
    assert played.passed == ["version", *STEPS[:-1]]
    assert sum(1 for key in server.auth_keys() if key.is_temporary and key.permanent is not None) >= 4
