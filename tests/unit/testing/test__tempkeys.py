from __future__ import annotations

import hashlib
from struct import pack
from typing import Any

import pytest
from rawclient import AUTH_KEY, NEAREST, SALT, RawClient

from telethon._core.rand import system_random
from telethon.crypto.aes import AES
from telethon.crypto.kdf import aes_key_iv_v1, msg_key_v1
from telethon.testing.keyexchange import NewKey
from telethon.tl import types
from telethon.tl.functions.auth import BindTempAuthKeyRequest
from telethon.tl.functions.help import GetNearestDcRequest
from telethon.tl.functions.users import GetUsersRequest

TEMP_KEY = bytes(reversed(range(256)))


def key_id(key: bytes) -> int:
    return int.from_bytes(hashlib.sha1(key).digest()[12:], "little", signed=True)


class PfsClient(RawClient):
    """A client with a permanent and a temporary key."""

    def __init__(self, server: Any) -> None:
        super().__init__(server, auth_key=TEMP_KEY)
        self.know_key(expires_in=3600)
        server.add_key(2, NewKey(AUTH_KEY, hashlib.sha1(AUTH_KEY).digest()[12:], SALT, None))
        self.connect()

    def bind(self, **changes: Any) -> int:
        """Send the request; `changes` spoil the proof."""
        msg_id = self.new_msg_id()
        expires_at = int(self.server.now()) + changes.pop("lives", 1800)
        values = {
            "nonce": 5,
            "temp": key_id(TEMP_KEY),
            "perm": key_id(AUTH_KEY),
            "session": self.session_id,
            "expires_at": expires_at,
            "msg_id": msg_id,
            "seq_no": 0,
            "key": AUTH_KEY,
            "request_perm": key_id(AUTH_KEY),
            **changes,
        }
        inner = bytes(
            types.BindAuthKeyInner(
                values["nonce"], values["temp"], values["perm"], values["session"], values["expires_at"]
            )
        )
        plain = system_random(16) + pack("<qii", values["msg_id"], values["seq_no"], len(inner)) + inner
        msg_key = msg_key_v1(plain)
        encrypted = AES.encrypt_ige(plain + bytes(-len(plain) % 16), *aes_key_iv_v1(values["key"], msg_key, 0))
        message = pack("<q", key_id(AUTH_KEY)) + msg_key + encrypted
        return self.send(
            BindTempAuthKeyRequest(values["request_perm"], 5, expires_at, values.get("message", message)),
            msg_id=msg_id,
        )


async def test_H17_a_bound_key_acts_for_the_permanent_one(serve: Any) -> None:
    seen: list[Any] = []

    def handler(request: Any, context: Any) -> Any:
        seen.append(context.auth)
        return NEAREST

    server = await serve(handler)
    client = PfsClient(server)
    bound = client.bind()
    request = client.send(client.init())
    await client.turn()
    assert client.results() == {bound: pack("<I", 0x997275B5), request: bytes(NEAREST)}
    permanent = next(auth for auth in server.auth_keys() if not auth.is_temporary)
    temporary = next(auth for auth in server.auth_keys() if auth.is_temporary)
    assert seen == [permanent]
    assert temporary.permanent is permanent
    assert temporary.expires_at == int(server.now()) + 1800
    assert permanent.api_id == 1
    permanent.user_id = 17
    assert [session.session_id for session in server.sessions_of(17)] == [client.session_id]
    assert not server.violations


async def test_H17_binding_twice_is_allowed(serve: Any) -> None:
    server = await serve()
    client = PfsClient(server)
    ids = [client.bind(), client.bind()]
    await client.turn()
    assert client.results() == dict.fromkeys(ids, pack("<I", 0x997275B5))


@pytest.mark.parametrize(
    "changes",
    [
        {"nonce": 6},
        {"temp": 1},
        {"perm": 1},
        {"session": 1},
        {"expires_at": 1},
        {"msg_id": 4},
        {"seq_no": 1},
        {"key": bytes(256)},
        {"message": b""},
        {"message": bytes(120)},
        {"request_perm": 1},
        {"request_perm": key_id(TEMP_KEY)},
        {"lives": -1},
    ],
    ids=str,
)
async def test_H17_a_wrong_proof_is_refused(serve: Any, changes: dict[str, Any]) -> None:
    server = await serve()
    client = PfsClient(server)
    msg_id = client.bind(**changes)
    await client.turn()
    assert client.error(msg_id) == (400, "ENCRYPTED_MESSAGE_INVALID")
    assert [violation.rule for violation in server.violations] == ["bind"]
    assert all(auth.permanent is None for auth in server.auth_keys())


async def test_H17_only_temporary_keys_can_be_bound(client: Any) -> None:
    msg_id = client.send(BindTempAuthKeyRequest(1, 2, 3, b""))
    await client.turn()
    assert client.error(msg_id) == (400, "TEMP_AUTH_KEY_EMPTY")


async def test_H17_a_key_cannot_be_bound_to_two(serve: Any) -> None:
    server = await serve()
    other = bytes(256)
    server.add_key(2, NewKey(other, hashlib.sha1(other).digest()[12:], SALT, None))
    client = PfsClient(server)
    client.bind()
    msg_id = client.bind(request_perm=key_id(other))
    await client.turn()
    assert client.error(msg_id) == (400, "TEMP_AUTH_KEY_ALREADY_BOUND")


async def test_H17_little_is_answered_before_binding(serve: Any) -> None:
    server = await serve()
    client = PfsClient(server)
    allowed = client.send(client.init(GetNearestDcRequest()))
    refused = client.send(client.init(GetUsersRequest([])))
    await client.turn()
    assert client.error(allowed) is None
    assert client.error(refused) == (401, "AUTH_KEY_PERM_EMPTY")


async def test_H17_a_temporary_key_ends(serve: Any) -> None:
    server = await serve()
    client = PfsClient(server)
    client.bind()
    client.send(client.init())
    await client.turn()
    server.clock.advance(1799)
    client.ack_all()
    await client.turn()
    assert client.errors == []
    server.clock.advance(2)
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.errors == [404]
    assert [auth.is_temporary for auth in server.auth_keys()] == [False]


async def test_H17_forgetting_the_permanent_key_ends_the_temporary_ones(serve: Any) -> None:
    server = await serve()
    client = PfsClient(server)
    client.bind()
    await client.turn()
    server.forget_key(next(auth for auth in server.auth_keys() if not auth.is_temporary))
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.errors == [404]
    assert server.auth_keys() == []


async def test_H17_init_connection_is_wanted_again_after_binding(serve: Any) -> None:
    server = await serve()
    client = PfsClient(server)
    client.send(client.init())
    client.bind()
    msg_id = client.send(GetNearestDcRequest())
    await client.turn()
    assert client.error(msg_id) == (400, "CONNECTION_NOT_INITED")


async def test_H17_temporary_keys_can_be_forgotten_and_untied_by_themselves(serve: Any) -> None:
    server = await serve()
    client = PfsClient(server)
    client.bind()
    client.send(client.init())
    await client.turn()
    assert server.faults.unbind_temporary_keys(user_id=17) == 0
    assert server.faults.unbind_temporary_keys() == 1
    refused = client.send(client.init(GetUsersRequest([])))
    await client.turn()
    assert client.error(refused) == (401, "AUTH_KEY_PERM_EMPTY")
    client.bind()
    await client.turn()
    next(auth for auth in server.auth_keys() if not auth.is_temporary).user_id = 17
    assert server.faults.forget_temporary_keys(user_id=18) == 0
    assert server.faults.forget_temporary_keys(user_id=17) == 1
    client.send(GetNearestDcRequest())
    await client.turn()
    assert client.errors == [404]
    assert [auth.is_temporary for auth in server.auth_keys()] == [False]
