from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from rawclient import NEAREST, RawClient

from telethon.testing import TelegramTestServer
from telethon.testing._rpc import RpcFault
from telethon.testing.transcript import Entry, Transcript
from telethon.tl import types
from telethon.tl.functions.help import GetNearestDcRequest
from telethon.tl.functions.messages import ForwardMessagesRequest, SendMessageRequest
from telethon.tl.functions.users import GetUsersRequest

CONTEXT: Any = None


def ask(handler: Any, request: Any) -> Any:
    try:
        return handler(request, CONTEXT)
    except RpcFault as fault:
        return (fault.code, fault.message)


def counting() -> Any:
    count = 0

    def handler(request: Any, context: Any) -> Any:
        nonlocal count
        count += 1
        if isinstance(request, GetUsersRequest):
            raise RpcFault(400, "NO")
        return types.NearestDc("NL", count, count)

    return handler


def test_answers_come_again_in_their_order() -> None:
    transcript = Transcript()
    handler = transcript.record(counting())
    first = ask(handler, GetNearestDcRequest())
    assert ask(handler, GetUsersRequest([])) == (400, "NO")
    second = ask(handler, GetNearestDcRequest())
    assert [entry.method for entry in transcript.entries] == [
        "help.GetNearestDc",
        "users.GetUsers",
        "help.GetNearestDc",
    ]
    assert len(transcript) == 3
    replay = transcript.replay()
    assert ask(replay, GetNearestDcRequest()) == bytes(first)
    assert ask(replay, GetNearestDcRequest()) == bytes(second)
    assert ask(replay, GetNearestDcRequest()) == bytes(second)
    assert ask(replay, GetUsersRequest([])) == (400, "NO")
    # Each handler begins at the beginning.
    assert ask(transcript.replay(), GetNearestDcRequest()) == bytes(first)


def test_what_was_not_recorded_is_said() -> None:
    replay = Transcript().replay()
    assert ask(replay, GetUsersRequest([])) == (400, "NOT_RECORDED_users.GetUsers")


def test_random_numbers_make_no_other_request() -> None:
    transcript = Transcript()
    handler = transcript.record(lambda request, context: types.UpdatesTooLong())
    ask(handler, SendMessageRequest(types.InputPeerSelf(), "hello", random_id=1))
    forward = ForwardMessagesRequest(types.InputPeerSelf(), [1, 2], types.InputPeerSelf(), random_id=[5, 6])
    ask(handler, forward)
    assert forward.random_id == [5, 6]
    replay = transcript.replay()
    expected = bytes(types.UpdatesTooLong())
    assert ask(replay, SendMessageRequest(types.InputPeerSelf(), "hello", random_id=2)) == expected
    assert (
        ask(replay, ForwardMessagesRequest(types.InputPeerSelf(), [1, 2], types.InputPeerSelf(), random_id=[7, 8]))
        == expected
    )
    assert ask(replay, SendMessageRequest(types.InputPeerSelf(), "other", random_id=1))[0] == 400


async def test_coroutines_are_recorded_too() -> None:
    async def handler(request: Any, context: Any) -> Any:
        if isinstance(request, GetUsersRequest):
            raise RpcFault(400, "NO")
        return NEAREST

    transcript = Transcript()
    recording = transcript.record(handler)
    assert await recording(GetNearestDcRequest(), CONTEXT) == NEAREST
    with pytest.raises(RpcFault):
        await recording(GetUsersRequest([]), CONTEXT)
    assert [entry.error for entry in transcript.entries] == [None, (400, "NO")]


def test_files_keep_everything(tmp_path: Path) -> None:
    transcript = Transcript([Entry("a.B", b"1", b"2"), Entry("c", b"3", None, (420, "FLOOD_WAIT_5"))])
    transcript.save(tmp_path / "t")
    assert (tmp_path / "t").stat().st_mode & 0o077 == 0 or os.name == "nt"
    assert Transcript.load(tmp_path / "t").entries == transcript.entries
    assert Transcript.load(tmp_path / "t").entries[1].error == (420, "FLOOD_WAIT_5")


@pytest.mark.parametrize(
    "line", ["", "{", "[]", "{}", '{"request": "A", "method": "x", "answer": ""}', '{"request": "", "method": "x"}']
)
def test_other_files_are_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "t").write_text('{"request": "", "method": "x", "answer": ""}\n' + line + "\n")
    with pytest.raises(ValueError, match="line 2"):
        Transcript.load(tmp_path / "t")


async def test_a_replay_answers_a_client(serve: Any) -> None:
    transcript = Transcript()
    server = await serve(transcript.record(lambda request, context: NEAREST))
    client = RawClient(server)
    await client.begin()
    other = await serve(transcript.replay())
    client = RawClient(other)
    client.know_key()
    client.connect()
    msg_id = client.send(client.init())
    await client.turn()
    assert client.results() == {msg_id: bytes(NEAREST)}


async def test_a_whole_test_server_can_be_recorded() -> None:
    transcript = Transcript()
    async with TelegramTestServer() as server:
        server.handler = transcript.record(server.handler)
        client = server.client(server.create_user("Ann"))
        async with client:
            me = await client.get_me()
    assert me.first_name == "Ann"
    assert "users.GetUsers" in {entry.method for entry in transcript.entries}
