"""The first questions of a session, before its connection is in use."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from mtproto_model import Link, request, result_of

from telethon import errors
from telethon.mtproto import wire
from telethon.mtproto.events import SessionCreated
from telethon.network._talk import Refused, ask


class Port:
    """Packets go to the model server; what comes back may be replaced."""

    def __init__(self, link: Link, *instead: bytes) -> None:
        self.link = link
        self.instead = list(instead)
        self.waiting: list[bytes] = []

    async def send(self, data: bytes) -> None:
        self.waiting += self.link.server.receive(data, self.link.now.mono)

    async def recv(self) -> bytes:
        if self.instead:
            return self.instead.pop(0)
        return self.waiting.pop(0)


async def talk(link: Link, port: Port, body: Any, others: list[Any] | None = None) -> bytes:
    return await ask(port, link.engine, body, clock=link.clock, others=[] if others is None else others)


async def test_the_answer_and_what_came_beside_it() -> None:
    link = Link()
    others: list[Any] = []
    assert await talk(link, Port(link), request(5), others) == result_of(5)
    assert SessionCreated(link.session.first_msg_id, link.session.unique_id) in others
    assert link.engine.pending() == []


async def test_H17_a_request_that_names_its_msg_id_is_made_again_when_it_is_refused() -> None:
    link = Link()
    made: list[int] = []

    def make(msg_id: int) -> bytes:
        made.append(msg_id)
        return request(7)

    link.server.refuse = [20]
    assert await talk(link, Port(link), make) == result_of(7)
    assert len(set(made)) == 2


@pytest.mark.parametrize(
    ("packet", "error"),
    [
        (struct.pack("<i", -404), errors.AuthKeyNotFound),
        (struct.pack("<i", -429), errors.InvalidBufferError),
        (bytes(64), errors.SecurityError),
    ],
)
async def test_what_ends_the_talk(packet: bytes, error: type[Exception]) -> None:
    link = Link()
    with pytest.raises(error):
        await talk(link, Port(link, packet), request(5))


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (struct.pack("<Ii", wire.RPC_ERROR, 400) + wire.write_bytes(b"TEMP_AUTH_KEY_EMPTY"), Refused),
        (struct.pack("<I", wire.RPC_ERROR), ConnectionError),
    ],
)
async def test_answers_that_are_none(body: bytes, error: type[Exception]) -> None:
    link = Link()
    port = Port(link)

    async def recv() -> bytes:
        (msg_id,) = link.engine._inflight.sent
        answer = struct.pack("<Iq", wire.RPC_RESULT, msg_id) + body
        session = next(iter(link.server.sessions.values()))
        return link.server.seal(session, link.server.msg_id(link.now.mono, 1), 1, answer)

    port.recv = recv  # type: ignore[method-assign]
    with pytest.raises(error) as caught:
        await talk(link, port, request(5))
    if error is Refused:
        assert caught.value.message == "TEMP_AUTH_KEY_EMPTY"  # type: ignore[attr-defined]
        assert str(caught.value) == "TEMP_AUTH_KEY_EMPTY (400)"
