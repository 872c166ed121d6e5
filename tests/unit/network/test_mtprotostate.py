"""The session's numbers under their old names."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from fakeserver import KEY, auth_key

from telethon import errors
from telethon.crypto import AuthKey
from telethon.mtproto.cipher import HEADER, decrypt, encrypt
from telethon.mtproto.side import Side
from telethon.network import mtprotostate
from telethon.network.mtprotostate import MTProtoState
from telethon.network.system import CLOCK, RANDOM
from telethon.tl import types


@pytest.fixture
def state(loggers) -> MTProtoState:
    return MTProtoState(auth_key(), loggers)


def from_server(state: MTProtoState, body: bytes, *, msg_id: int = 0, session: int = 0, key: bytes = KEY) -> bytes:
    msg_id = msg_id or int(CLOCK.now().wall * 2**32) & -4 | 1
    inner = HEADER.pack(5, session or state.id, msg_id, 1, len(body)) + body
    return encrypt(key, inner, Side.SERVER, RANDOM)


def test_known_key():
    """Values made by Telethon 1.45."""
    assert MTProtoState._calc_key(KEY, b"a" * 16, True) == (
        b"\xe22\x8ayQ\xc3g\x03\x99Gj\xb2G\x10\xba\x0b\x04\x0c;\x88X:\xf25\xec\xce\xaeA\xf8=\xbbZ",
        b"\xb3k\xae\xd6\x11\xc2^SrG\xa6\x84uXW\xb1\x9e\xae\xe1\xd6\xb1\xd9b\xed\\\x17E0\xdf5\xff\xa9",
    )
    assert MTProtoState._calc_key(KEY, b"a" * 16, False) != MTProtoState._calc_key(KEY, b"a" * 16, True)


def test_constants():
    assert (
        mtprotostate.MAX_RECENT_MSG_IDS,
        mtprotostate.MSG_TOO_NEW_DELTA,
        mtprotostate.MSG_TOO_OLD_DELTA,
        mtprotostate.MAX_CONSECUTIVE_IGNORED,
    ) == (500, 30, 300, 10)


def test_messages_are_written(state):
    buffer = io.BytesIO()
    first = state.write_data_as_message(buffer, b"abcd", True)
    assert buffer.getvalue() == struct.pack("<qii", first, 1, 4) + b"abcd"
    buffer = io.BytesIO()
    second = state.write_data_as_message(buffer, b"abcd", True, after_id=5)
    assert second > first
    assert buffer.getvalue() == struct.pack("<qiiIq", second, 3, 16, 0xCB9F372D, 5) + b"abcd"
    buffer = io.BytesIO()
    state.write_data_as_message(buffer, b"abcd" * 400, False)
    assert struct.unpack_from("<ii", buffer.getvalue(), 8) == (4, 1600)
    buffer = io.BytesIO()
    state.write_data_as_message(buffer, b"abcd" * 400, True)
    assert len(buffer.getvalue()) < 100, "what the server has to acknowledge may be compressed"


def test_packets_are_made_for_the_server(state):
    state.salt = 77
    buffer = io.BytesIO()
    msg_id = state.write_data_as_message(buffer, b"abcd", True)
    opened = decrypt(KEY, state.encrypt_message_data(buffer.getvalue()), Side.CLIENT)
    assert (opened.salt, opened.session_id, opened.msg_id, opened.body) == (77, state.id, msg_id, b"abcd")


def test_packets_of_the_server_are_opened(state):
    message: Any = state.decrypt_message_data(from_server(state, bytes(types.UpdateConfig())))
    assert isinstance(message.obj, types.UpdateConfig)
    assert message.seq_no == 1


def test_repeated_and_untimely_packets_are_ignored(state):
    packet = from_server(state, bytes(types.UpdateConfig()))
    assert state.decrypt_message_data(packet) is not None
    for _ in range(9):
        assert state.decrypt_message_data(packet) is None
    with pytest.raises(errors.SecurityError, match="Too many messages had to be ignored"):
        state.decrypt_message_data(packet)
    assert state.decrypt_message_data(from_server(state, bytes(types.UpdateConfig()))) is not None
    state.update_time_offset(int(CLOCK.now().wall * 2**32))
    old = (int(CLOCK.now().wall) - 400) << 32 | 1
    assert state.decrypt_message_data(from_server(state, bytes(types.UpdateConfig()), msg_id=old)) is None


@pytest.mark.parametrize("packet", [b"", b"abc", struct.pack("<i", -404)])
def test_short_packets(state, packet):
    with pytest.raises(errors.InvalidBufferError) as caught:
        state.decrypt_message_data(packet)
    assert caught.value.code == (404 if len(packet) == 4 else None)


def test_wrong_packets(state):
    body = bytes(types.UpdateConfig())
    even = int(CLOCK.now().wall * 2**32) & -4
    for packet in (
        from_server(state, body, key=bytes(256)),
        from_server(state, body, session=state.id ^ 1),
        from_server(state, body, msg_id=even),
        state.encrypt_message_data(struct.pack("<qii", even, 1, 4) + body),
        from_server(state, body)[:-1],
    ):
        with pytest.raises(errors.SecurityError):
            state.decrypt_message_data(packet)


def test_message_ids_grow(state):
    class Message:
        msg_id = 0

    message = Message()
    last = 0
    for _ in range(100):
        state.update_message_id(message)
        assert message.msg_id > last
        last = message.msg_id
    assert last % 4 == 0
    assert abs((last >> 32) - CLOCK.now().wall) < 5


def test_clock(state):
    ahead = int((CLOCK.now().wall + 100) * 2**32)
    assert state.update_time_offset(ahead) == pytest.approx(100, abs=2)
    state.core()
    assert state.update_time_offset(ahead + (50 << 32)) == pytest.approx(150, abs=2)
    assert state.time_offset == pytest.approx(150, abs=2)
    state.time_offset = 0
    assert state.core().time_offset == 0


def test_attributes_and_core_are_the_same_thing(state):
    state.id, state.salt = 5, 6
    core = state.core()
    assert (core.session_id, core.salt) == (5, 6)
    state.id, state.salt = 7, 8
    assert (core.session_id, core.salt) == (7, 8)
    core.salt = 9
    assert state.salt == 9
    assert state.core() is core
    state.reset()
    assert state.id not in (0, 5, 7)
    assert state.salt == 9, "the salt belongs to the key"
    assert state.core() is not core


def test_another_key_begins_anew(state):
    state.salt = 5
    core = state.core()
    state.auth_key = AuthKey(bytes(256))
    assert state.core() is not core
    assert state.salt == 0


def test_key_is_needed(loggers):
    state = MTProtoState(AuthKey(None), loggers)
    with pytest.raises(ValueError, match="connect first"):
        state.encrypt_message_data(b"")
