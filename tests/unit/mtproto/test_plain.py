"""Unencrypted messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.errors.common import RemoteProtocolError
from telethon.mtproto import plain
from telethon.mtproto.side import Side

BODY = bytes.fromhex("78974660") + bytes(16)
CLIENT_ID = 0x51E57AC91E83C800
SERVER_ID = 0x51E57AC91E83C801


def test_the_bytes_of_the_official_sample() -> None:
    # https://core.telegram.org/mtproto/samples-auth_key: req_pq, of its time.
    packet = bytes.fromhex("000000000000000000C8831EC97AE55114000000789746603E0549828CCA27E966B301A48FECE2FC")
    body = bytes.fromhex("789746603E0549828CCA27E966B301A48FECE2FC")
    assert plain.pack(body, CLIENT_ID) == packet
    assert plain.unpack(packet, Side.CLIENT) == (CLIENT_ID, body)
    assert plain.is_plain(packet)


@given(st.binary(min_size=1, max_size=100).map(lambda data: data * 4), st.integers(1, 2**61 - 1).map(lambda n: n * 4))
def test_there_and_back(body: bytes, msg_id: int) -> None:
    assert plain.unpack(plain.pack(body, msg_id), Side.CLIENT) == (msg_id, body)
    assert plain.unpack(plain.pack(body, msg_id + 1), Side.SERVER) == (msg_id + 1, body)
    assert plain.unpack(plain.pack(body, msg_id + 3)) == (msg_id + 3, body)


@pytest.mark.parametrize("size", range(20))
def test_M1_packets_that_are_too_short(size: int) -> None:
    with pytest.raises(RemoteProtocolError, match="encrypted or broken"):
        plain.unpack(plain.pack(BODY, SERVER_ID)[:size])


def test_H16_encrypted_packets_are_not_read() -> None:
    packet = b"\1" + plain.pack(BODY, SERVER_ID)[1:]
    assert not plain.is_plain(packet)
    with pytest.raises(RemoteProtocolError, match="encrypted or broken"):
        plain.unpack(packet)


@pytest.mark.parametrize("length", [-4, -1, 0, 1, 3, 16, 19, 21, 24, 2**31 - 1, -(2**31)])
def test_M4_the_length_is_that_of_the_body(length: int) -> None:
    packet = plain.pack(BODY, SERVER_ID)
    with pytest.raises(RemoteProtocolError, match=f"{length} bytes long"):
        plain.unpack(packet[:16] + length.to_bytes(4, "little", signed=True) + packet[20:])


@pytest.mark.parametrize("extra", [1, 2, 3, 5])
def test_M4_bodies_are_multiples_of_four(extra: int) -> None:
    with pytest.raises(RemoteProtocolError, match="bytes long"):
        plain.unpack(plain.pack(bytes(16 + extra), SERVER_ID))


@pytest.mark.parametrize("size", range(1, 30))
def test_M4_nothing_follows_the_body(size: int) -> None:
    with pytest.raises(RemoteProtocolError, match="bytes long"):
        plain.unpack(plain.pack(BODY, SERVER_ID) + bytes(size))


def test_M4_an_empty_body_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="0 bytes long"):
        plain.unpack(plain.pack(b"", SERVER_ID))


@pytest.mark.parametrize("low", range(4))
def test_M6_each_side_has_its_own_msg_ids(low: int) -> None:
    packet = plain.pack(BODY, CLIENT_ID + low)
    for side, allowed in ((Side.SERVER, (1, 3)), (Side.CLIENT, (0,))):
        if low in allowed:
            assert plain.unpack(packet, side)[0] == CLIENT_ID + low
        else:
            with pytest.raises(RemoteProtocolError, match="not one that its sender may use"):
                plain.unpack(packet, side)


def test_M6_the_least_msg_id_of_a_server_is_1() -> None:
    assert plain.unpack(plain.pack(BODY, 1)) == (1, BODY)


@pytest.mark.parametrize("msg_id", [0, -4, -3, -1, -(2**63)])
def test_M6_msg_ids_are_positive(msg_id: int) -> None:
    for side in Side:
        with pytest.raises(RemoteProtocolError, match="not one that its sender may use"):
            plain.unpack(plain.pack(BODY, msg_id), side)


@given(st.binary(max_size=60), st.sampled_from(list(Side)))
def test_M14_no_bytes_give_another_error(data: bytes, side: Side) -> None:
    for packet in (data, bytes(8) + data):
        try:
            msg_id, body = plain.unpack(packet, side)
        except RemoteProtocolError:
            continue
        assert plain.pack(body, msg_id) == packet


def test_M1_M4_M6_the_errors_in_full() -> None:
    packets = {
        b"\1" + plain.pack(BODY, SERVER_ID)[1:]: (
            "an encrypted or broken packet came where an unencrypted one must be; it is not used"
        ),
        plain.pack(BODY, SERVER_ID) + bytes(4): (
            "an unencrypted message says it is 20 bytes long, which is not what came"
        ),
        plain.pack(BODY, CLIENT_ID): "the msg_id of an unencrypted message is not one that its sender may use",
    }
    for packet, text in packets.items():
        with pytest.raises(RemoteProtocolError) as caught:
            plain.unpack(packet)
        assert str(caught.value) == text
