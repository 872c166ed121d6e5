from __future__ import annotations

from struct import pack
from typing import Any

import pytest
from rawclient import NEAREST, SESSION

from telethon.errors.common import RemoteProtocolError
from telethon.tl.functions.help import GetNearestDcRequest

UNKNOWN = pack("<Iq", 0x12345678, 5)


async def test_M15_anything_can_be_said(client: Any, server: Any) -> None:
    assert server.faults.forge(UNKNOWN) == 1
    await client.turn()
    assert [message.body for message in client.messages] == [UNKNOWN]
    assert client.messages[0].seq_no == 0
    assert client.messages[0].msg_id & 3 == 3
    assert server.faults.forge(UNKNOWN, msg_id=7, seq_no=9, dc_id=2) == 1
    assert server.faults.forge(UNKNOWN, dc_id=3) == 0
    await client.turn()
    assert (client.messages[1].msg_id, client.messages[1].seq_no) == (7, 9)
    client.close()
    await client.turn()
    assert server.faults.forge(UNKNOWN) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"length": 11},
        {"length": -4},
        {"length": 400},
        {"padding": 4},
        {"padding": 1028},
        {"auth_key_id": bytes(7) + b"x"},
    ],
    ids=str,
)
async def test_M2_M4_packets_of_a_wrong_form(client: Any, server: Any, wrong: Any) -> None:
    with pytest.raises(RemoteProtocolError):
        await forged(client, server, **wrong)


async def forged(client: Any, server: Any, **wrong: Any) -> None:
    errors: list[Exception] = []
    take = client.on_data

    def on_data(data: bytes) -> None:
        try:
            take(data)
        except RemoteProtocolError as error:
            errors.append(error)

    client.on_data = on_data
    assert server.faults.forge(UNKNOWN, **wrong) == 1
    await client.turn()
    if errors:
        raise errors[0]


async def test_M5_a_message_of_another_session(client: Any, server: Any) -> None:
    server.faults.forge(UNKNOWN, session_id=SESSION + 1)
    client.session_id = SESSION + 1
    await client.turn()
    assert len(client.messages) == 1


@pytest.mark.parametrize("padding", [12, 5, -12])
async def test_what_cannot_be_encrypted_is_told(client: Any, server: Any, padding: int) -> None:
    with pytest.raises(ValueError, match="needs a padding of 4 bytes, or 16 more"):
        server.faults.forge(bytes(28), padding=padding)
    assert server.faults.forge(bytes(28), padding=20) == 1


async def test_a_client_is_not_blamed_for_its_answer(client: Any, server: Any) -> None:
    server.faults.forge(UNKNOWN, seq_no=1)
    await client.turn()
    client.ack(2)
    await client.turn()
    assert list(server.violations) == []
    assert [violation.rule for violation in server.violations.tolerated] == ["ack"]


async def test_M7_what_was_sent_can_be_sent_again(client: Any, server: Any) -> None:
    recording = server.faults.record()
    for _ in range(5):
        client.send(GetNearestDcRequest())
        await client.turn()
    recording.stop()
    client.send(GetNearestDcRequest())
    await client.turn()
    assert len(recording.packets) == 5
    before = list(client.packets)
    assert recording.replay() == 5
    await client.turn()
    assert client.packets[len(before) :] == before[-6:-1]
    assert recording.replay(seed=1) == 5
    await client.turn()
    mixed = client.packets[len(before) + 5 :]
    assert sorted(mixed) == sorted(before[-6:-1])
    assert mixed != before[-6:-1]
    client.close()
    await client.turn()
    assert recording.replay() == 0


async def test_E7_a_method_can_be_answered_with_anything(client: Any, server: Any) -> None:
    executed = server.stats.requests
    fault = server.faults.answer("help.GetNearestDc", UNKNOWN)
    first = client.send(GetNearestDcRequest())
    second = client.send(GetNearestDcRequest())
    await client.turn()
    assert client.results() == {first: UNKNOWN, second: bytes(NEAREST)}
    assert fault.hits == 1
    assert server.stats.requests == executed + 2
    with pytest.raises(ValueError, match="no method"):
        server.faults.answer("help.getNothing", b"")
