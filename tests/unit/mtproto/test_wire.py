"""The primitives of the core, against hand-made bytes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.errors import RemoteProtocolError
from telethon.mtproto import wire


def test_constructor_ids_are_those_of_the_schema() -> None:
    """The CRC-32 of the line of the schema, for those whose line the official pages give in that form."""
    from zlib import crc32

    lines = {
        "PING": "ping ping_id:long = Pong",
        "PONG": "pong msg_id:long ping_id:long = Pong",
        "PING_DELAY_DISCONNECT": "ping_delay_disconnect ping_id:long disconnect_delay:int = Pong",
        "MSGS_ACK": "msgs_ack msg_ids:Vector long = MsgsAck",
        "BAD_MSG_NOTIFICATION": (
            "bad_msg_notification bad_msg_id:long bad_msg_seqno:int error_code:int = BadMsgNotification"
        ),
        "BAD_SERVER_SALT": (
            "bad_server_salt bad_msg_id:long bad_msg_seqno:int error_code:int new_server_salt:long = BadMsgNotification"
        ),
        "MSGS_STATE_REQ": "msgs_state_req msg_ids:Vector long = MsgsStateReq",
        "MSG_DETAILED_INFO": (
            "msg_detailed_info msg_id:long answer_msg_id:long bytes:int status:int = MsgDetailedInfo"
        ),
        "MSG_NEW_DETAILED_INFO": "msg_new_detailed_info answer_msg_id:long bytes:int status:int = MsgDetailedInfo",
        "MSG_RESEND_REQ": "msg_resend_req msg_ids:Vector long = MsgResendReq",
        "NEW_SESSION_CREATED": "new_session_created first_msg_id:long unique_id:long server_salt:long = NewSession",
        "DESTROY_SESSION": "destroy_session session_id:long = DestroySessionRes",
        "DESTROY_SESSION_OK": "destroy_session_ok session_id:long = DestroySessionRes",
        "DESTROY_SESSION_NONE": "destroy_session_none session_id:long = DestroySessionRes",
        "RPC_DROP_ANSWER": "rpc_drop_answer req_msg_id:long = RpcDropAnswer",
        "RPC_ANSWER_UNKNOWN": "rpc_answer_unknown = RpcDropAnswer",
        "RPC_ANSWER_DROPPED_RUNNING": "rpc_answer_dropped_running = RpcDropAnswer",
        "RPC_ANSWER_DROPPED": "rpc_answer_dropped msg_id:long seq_no:int bytes:int = RpcDropAnswer",
        "GET_FUTURE_SALTS": "get_future_salts num:int = FutureSalts",
        "FUTURE_SALTS": "future_salts req_msg_id:long now:int salts:vector future_salt = FutureSalts",
        "RPC_ERROR": "rpc_error error_code:int error_message:string = RpcError",
        "DESTROY_AUTH_KEY": "destroy_auth_key = DestroyAuthKeyRes",
        "DESTROY_AUTH_KEY_OK": "destroy_auth_key_ok = DestroyAuthKeyRes",
        "DESTROY_AUTH_KEY_NONE": "destroy_auth_key_none = DestroyAuthKeyRes",
        "DESTROY_AUTH_KEY_FAIL": "destroy_auth_key_fail = DestroyAuthKeyRes",
        "VECTOR": "vector t:Type # [ t ] = Vector t",
    }
    assert {name: getattr(wire, name) for name in lines} == {name: crc32(line.encode()) for name, line in lines.items()}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", b"\0\0\0\0"),
        (b"abc", b"\x03abc"),
        (b"abcd", b"\x04abcd\0\0\0"),
        (b"x" * 253, b"\xfd" + b"x" * 253 + b"\0\0"),
        (b"x" * 254, b"\xfe\xfe\0\0" + b"x" * 254 + b"\0\0"),
        (b"x" * 256, b"\xfe\0\1\0" + b"x" * 256),
    ],
)
def test_byte_strings_against_hand_made_ones(value: bytes, expected: bytes) -> None:
    assert wire.write_bytes(value) == expected
    assert wire.read_bytes(b"...." + expected, 4, 4 + len(expected)) == (value, 4 + len(expected))


@given(st.binary(max_size=600), st.binary(max_size=9).map(lambda data: data[: len(data) // 4 * 4]))
def test_byte_strings_come_back(value: bytes, rest: bytes) -> None:
    data = wire.write_bytes(value)
    assert len(data) % 4 == 0
    assert wire.read_bytes(data + rest, 0, len(data) + len(rest)) == (value, len(data))


@pytest.mark.parametrize(
    ("data", "end"),
    [
        (b"", 0),
        (b"\x04abc", 4),
        (b"\x04abcd\0\0\0", 4),
        (b"\x01a\0\0", 3),
        (b"\xfe\x05\0\0abcd", 8),
        (b"\xfe\xff\xff\xff", 4),
        (b"\xfe\x01", 2),
        (b"\xff\0\0\0", 4),
    ],
)
def test_M14_byte_strings_never_reach_behind_their_message(data: bytes, end: int) -> None:
    with pytest.raises(RemoteProtocolError, match="byte string"):
        wire.read_bytes(data, 0, end)


@pytest.mark.parametrize("size", range(250, 262))
def test_byte_strings_are_filled_up_to_the_next_multiple_of_four(size: int) -> None:
    head = 1 if size < 254 else 4
    assert len(wire.write_bytes(bytes(size))) == (head + size + 3) // 4 * 4


def test_M14_no_byte_string_begins_with_255() -> None:
    data = b"\xff" + bytes(2047)
    with pytest.raises(RemoteProtocolError, match="byte string"):
        wire.read_bytes(data, 0, len(data))


@pytest.mark.parametrize("size", range(8))
def test_M14_a_list_needs_eight_bytes_wherever_it_begins(size: int) -> None:
    with pytest.raises(RemoteProtocolError, match="list of numbers"):
        wire.read_long_vector(bytes(8 + size), 8, 8 + size)


def test_lists_of_long() -> None:
    data = wire.long_vector(wire.MSGS_ACK, (1, -2, 2**62))
    assert data == bytes.fromhex("59b4d662 15c4b51c 03000000") + struct.pack("<qqq", 1, -2, 2**62)
    assert wire.read_long_vector(data, 4, len(data)) == ((1, -2, 2**62), len(data))
    assert wire.read_long_vector(wire.long_vector(1, ()), 4, 12) == ((), 12)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes.fromhex("15c4b51c"),
        bytes.fromhex("15c4b51c 01000000"),
        bytes.fromhex("15c4b51c 01000000 00000000"),
        bytes.fromhex("15c4b51c ffffffff 0000000000000000"),
        bytes.fromhex("15c4b51c ffffff7f 0000000000000000"),
        bytes.fromhex("15c4b51d 00000000"),
    ],
)
def test_M14_lists_never_reach_behind_their_message(data: bytes) -> None:
    with pytest.raises(RemoteProtocolError, match="list of numbers"):
        wire.read_long_vector(data + bytes(64), 0, len(data))


def test_M14_the_errors_in_full() -> None:
    with pytest.raises(RemoteProtocolError) as text:
        wire.read_bytes(b"", 0, 0)
    assert str(text.value) == "a byte string does not end where its message ends"
    with pytest.raises(RemoteProtocolError) as numbers:
        wire.read_long_vector(b"", 0, 0)
    assert str(numbers.value) == "a list of numbers does not fit its message"
