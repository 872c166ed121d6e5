from __future__ import annotations

import asyncio
import logging
import struct
from collections import defaultdict
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from telethon.extensions.messagepacker import MessagePacker
from telethon.mtproto.limits import Limits

LIMITS = Limits()


class _State:
    """Makes messages as `MTProtoState` does, with msg_ids that count up by four."""

    def __init__(self) -> None:
        self.last = 0
        self.after: list[int | None] = []

    def write_data_as_message(
        self, buffer: BytesIO, data: bytes, content_related: bool, *, after_id: int | None = None
    ) -> int:
        self.last += 4
        self.after.append(after_id)
        buffer.write(struct.pack("<qii", self.last, int(content_related), len(data)) + data)
        return self.last


def _request(data: bytes = b"data", after: Any = None) -> Any:
    return SimpleNamespace(
        data=data, msg_id=None, container_id=None, after=after, request=object(), future=asyncio.Future()
    )


@pytest.fixture
async def packer() -> Any:
    made = MessagePacker(_State(), defaultdict(lambda: logging.getLogger("test")))
    made.state = made._state
    return made


async def test_one_request_is_a_message(packer: Any) -> None:
    request = _request()
    packer.append(request)
    batch, data = await packer.get()
    assert batch == [request]
    assert data == struct.pack("<qii", 4, 1, 4) + b"data"
    assert request.msg_id == 4
    assert request.container_id is None


async def test_several_travel_in_a_container(packer: Any) -> None:
    requests = [_request(b"one1"), _request(b"two2")]
    packer.extend(requests)
    batch, data = await packer.get()
    assert batch == requests
    inner = (
        struct.pack("<Ii", 0x73F1F8DC, 2)
        + struct.pack("<qii", 4, 1, 4) + b"one1"
        + struct.pack("<qii", 8, 1, 4) + b"two2"
    )  # fmt: skip
    assert data == struct.pack("<qii", 12, 0, len(inner)) + inner
    assert [request.msg_id for request in requests] == [4, 8]
    assert {request.container_id for request in requests} == {12}


async def test_what_comes_after_another_names_it(packer: Any) -> None:
    first = _request()
    packer.extend([first, _request(after=first)])
    await packer.get()
    assert packer.state.after == [None, 4, None]


async def test_containers_have_limits(packer: Any) -> None:
    packer.extend([_request() for _ in range(LIMITS.container_messages + 3)])
    assert len((await packer.get())[0]) == LIMITS.container_messages
    assert len((await packer.get())[0]) == 3
    half = LIMITS.message_bytes // 2
    packer.extend([_request(b"x" * half), _request(b"y" * half), _request()])
    for expected in (1, 2):
        batch, data = await packer.get()
        assert len(batch) == expected
        assert len(data) <= LIMITS.message_bytes + 16


async def test_one_that_is_too_large_fails_alone(packer: Any) -> None:
    large, other = _request(b"x" * (LIMITS.message_bytes + 4)), _request()
    packer.extend([large, other])
    batch, _ = await packer.get()
    assert batch == [other]
    with pytest.raises(ValueError, match="at most"):
        await large.future
    packer.append(_request(b"x" * (LIMITS.message_bytes + 4)))
    batch, data = await packer.get()
    assert (batch, data) == ([], b"")


async def test_it_waits_for_requests(packer: Any) -> None:
    waiting = asyncio.ensure_future(packer.get())
    await asyncio.sleep(0)
    assert not waiting.done()
    request = _request()
    packer.append(request)
    assert (await waiting)[0] == [request]
    waiting = asyncio.ensure_future(packer.get())
    await asyncio.sleep(0)
    assert not waiting.done()
    packer.extend([request])
    await waiting
