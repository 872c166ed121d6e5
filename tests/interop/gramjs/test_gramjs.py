"""GramJS, a client of another code base and language, against the test server.

It speaks layer 198; the server answers it in that layer, as far as it has words for it (`telethon.testing.layers`), so
nothing of this scenario has to stop early. Out of its reach are polls, which have too little in common, stories, calls
and payments.

What it does in its own way, and the server lets pass when it is not strict: it acknowledges its own messages, does not
name the data centre in the key exchange, fills containers with parts of files, and begins the sessions that carry files
without initConnection. It calls port 80 whatever the session says, which the scenario puts right. Over the abridged
transport it misreads the length of packets of 128 KiB and more (the length in words has a byte of 128 or more), so
files are left out there.
"""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = [pytest.mark.interop, pytest.mark.timeout(400)]

STEPS = [
    "stranger",
    "log_in",
    "log_in_bot",
    "ten_messages",
    "history",
    "edit_and_delete",
    "button",
    "file",
    "elsewhere",
    "channel",
]


@pytest.mark.parametrize(
    ("transport", "without"),
    [
        ("ConnectionTCPFull", []),
        ("ConnectionTCPObfuscated", []),
        ("ConnectionTCPAbridged", ["file"]),
    ],
)
async def test_a_whole_day_of_gramjs(cast, play, gramjs, transport, without):
    server, info = cast
    node, modules = gramjs
    info = {
        **info,
        "modules": modules,
        "transport": transport,
        "without": without,
        # As a number it is too large for JavaScript.
        "fingerprint": str(server.connection_info().fingerprint),
    }
    played = await play(server, node, Path(__file__).with_name("scenario.cjs"), info)
    assert not played.failed, "\n".join(f"{step}: {why}" for step, why in played.failed.items()) + played.stderr
    assert played.passed == ["version", *(step for step in STEPS if step not in without)]
    assert played.finished, played.stderr
    assert played.returncode == 0
    assert not any("NOT_IMPLEMENTED" in str(request.error) for request in server.requests)
    assert not list(server.violations)
    rules = {violation.rule for violation in server.violations.tolerated}
    assert rules <= {"layer", "ack", "inner_data_dc", "container", "init"}
    assert {key.layer for key in server.auth_keys() if key.user_id} == {198}
