"""Programs that move files over many connections, with the private pieces they take: the same bytes with either."""

from __future__ import annotations

import hashlib
import random
import sys
from pathlib import Path

import pytest

from telethon.testing import TelegramTestServer

SCRIPT = Path(__file__).with_name("parallel.py")
STEPS = ["version", "down_directly", "down_by_the_client", "down_with_borrowed", "down_with_a_copied_key", "up"]
NEAR = random.Random(1).randbytes(1_500_001)
FAR = random.Random(2).randbytes(3 * 1024 * 1024 + 7)
UPLOADS = [100_000, 3 * 1024 * 1024 + 1, 10 * 1024 * 1024 + 1]


@pytest.fixture
async def server():
    async with TelegramTestServer(strict=False) as server:
        yield server


async def info_for(server: TelegramTestServer) -> dict[str, object]:
    reader = server.create_user("Rita")
    near = server.create_user("Ned", username="ned_near")
    far = server.create_user("Fay", username="fay_far", dc_id=4)
    await near.chat(reader).send_file(NEAR, name="near.bin")
    await far.chat(reader).send_file(FAR, name="far.bin")
    return {"reader": reader.phone, "near": "ned_near", "far": "fay_far", "upload_sizes": UPLOADS}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def check(played, server) -> None:
    assert not played.failed, "\n".join(f"{step}: {why}" for step, why in played.failed.items())
    assert played.passed == STEPS, played.stderr
    assert played.finished
    details = played.details
    assert details["down_directly"] == [digest(NEAR), digest(FAR)]
    assert details["down_by_the_client"] == details["down_with_borrowed"] == digest(FAR)
    assert details["down_with_a_copied_key"] == digest(NEAR[: 512 * 1024])
    assert [(name, size) for name, size, _ in details["up"]] == [(f"{size}.bin", size) for size in UPLOADS]
    # What is far was fetched there and not through the data centre of the account.
    assert {one.dc_id for one in server.requests if one.method == "upload.getFile" and not one.error} == {2, 4}


@pytest.mark.timeout(120)
async def test_I29_parallel_transfers_with_this_library(server, play):
    played = await play(server, sys.executable, SCRIPT, await info_for(server))
    check(played, server)
    assert not server.violations


@pytest.mark.interop
@pytest.mark.timeout(180)
async def test_parallel_transfers_with_telethon_1_45(server, play, anchor_python):
    played = await play(server, anchor_python, SCRIPT, await info_for(server))
    check(played, server)
    assert played.details["version"] == "1.45.0"
