"""Containers, both ways."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.errors import RemoteProtocolError
from telethon.mtproto.packer import is_container, pack_container, pack_message, unpack_container
from telethon.mtproto.side import Side

CONTAINER = 0x73F1F8DC
OUTER = 4001


def container(*messages: tuple[int, int, bytes], count: int | None = None) -> bytes:
    body = struct.pack("<Ii", CONTAINER, len(messages) if count is None else count)
    for msg_id, seq_no, content in messages:
        body += struct.pack("<qii", msg_id, seq_no, len(content)) + content
    return body


def test_a_container_against_a_hand_made_one() -> None:
    packed = pack_container([pack_message(5, 1, b"abcd"), pack_message(9, 3, b"efghijkl")])
    assert packed == bytes.fromhex(
        "dcf8f173 02000000"
        " 0500000000000000 01000000 04000000 61626364"
        " 0900000000000000 03000000 08000000 65666768696a6b6c"
    )
    assert is_container(packed, 0, len(packed))
    data = b"head" + packed + b"tail"
    assert unpack_container(data, 4, 4 + len(packed), OUTER) == [(5, 1, 28, 32), (9, 3, 48, 56)]


def test_what_is_no_container() -> None:
    assert not is_container(b"\xdc\xf8\xf1\x73", 0, 3)
    assert not is_container(bytes(8), 0, 8)


@given(st.lists(st.integers(1, 50).map(lambda words: words * b"wxyz"), max_size=20), st.sampled_from(Side))
def test_containers_come_back(bodies: list[bytes], side: Side) -> None:
    low = 1 if side is Side.SERVER else 0
    messages = [((index + 1) * 4 + low, index, body) for index, body in enumerate(bodies)]
    data = pack_container([pack_message(*message) for message in messages])
    found = unpack_container(data, 0, len(data), OUTER + 3, side)
    assert [(msg_id, seq_no, data[start:end]) for msg_id, seq_no, start, end in found] == messages


def test_an_empty_container_is_one() -> None:
    data = container()
    assert unpack_container(data, 0, len(data), OUTER) == []


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (struct.pack("<I", CONTAINER), "holds -1 messages"),
        (container(count=-1), "holds -1 messages"),
        (container(count=2**31 - 1), "holds 2147483647 messages"),
        (container((1, 1, b"abcd"), count=2), "holds 2 messages"),
        (container((1, 1, b"abcdefgh" * 4), (5, 1, b"abcd"), count=1), "behind its messages"),
        (container((1, 1, b"abcd" * 9), count=2), "do not fit it"),
        (container((1, 1, b"")) + bytes(4), "says it is 0 bytes"),
        (container((1, 1, b"abcde")) + bytes(3), "says it is 5 bytes"),
        (container((1, 1, b"abcd"))[:-8] + struct.pack("<i4s", -4, b"abcd"), "says it is -4 bytes"),
        (container((1, 1, b"abcd"))[:-8] + struct.pack("<i4s", 2**31 - 4, b"abcd"), "says it is 2147483644 bytes"),
        (container((1, 1, b"abcd"))[:-8] + struct.pack("<i4s", 8, b"abcd"), "says it is 8 bytes"),
        (container((2, 1, b"abcd")), "msg_id that it cannot have"),
        (container((4, 1, b"abcd")), "msg_id that it cannot have"),
        (container((OUTER, 1, b"abcd")), "msg_id that it cannot have"),
        (container((-1, 1, b"abcd")), "msg_id that it cannot have"),
        (container((1, 1, container((1, 1, b"abcd")))), "another container"),
    ],
)
def test_M12_containers_that_are_refused(data: bytes, match: str) -> None:
    with pytest.raises(RemoteProtocolError, match=match):
        unpack_container(data + bytes(40), 0, len(data), OUTER)


def test_M12_depth_ten_thousand_is_refused_at_once() -> None:
    data = b"abcd"
    for _ in range(10_000):
        data = container((1, 1, data))
    with pytest.raises(RemoteProtocolError, match="another container"):
        unpack_container(data, 0, len(data), OUTER)


@pytest.mark.parametrize(("msg_id", "fits"), [(4, True), (1, False), (2, False), (3, False), (0, False), (-4, False)])
def test_M6_ids_of_a_client(msg_id: int, fits: bool) -> None:
    data = container((msg_id, 1, b"abcd"))
    if fits:
        assert unpack_container(data, 0, len(data), 8, Side.CLIENT)[0].msg_id == msg_id
    else:
        with pytest.raises(RemoteProtocolError):
            unpack_container(data, 0, len(data), 8, Side.CLIENT)


def test_M12_the_constructor_alone_makes_a_container() -> None:
    name = b"\xdc\xf8\xf1\x73"
    assert is_container(name, 0, 4)
    assert is_container(b"...." + name + b"....", 4, 8)


def test_M12_the_errors_in_full() -> None:
    two = container((1, 1, b"abcd"), (5, 1, b"abcd"), count=3)
    cut = container((1, 1, b"abcd" * 3), (5, 1, b"abcd"))[:-4]
    beyond = container((1, 1, b"abcd" * 8), count=2)
    texts = {
        two: "a container says it holds 3 messages, which does not fit its 48 bytes",
        cut: "a message in a container says it is 4 bytes long, which does not fit it",
        beyond: "the messages of a container do not fit it",
        container((4, 1, b"abcd")): "a message in a container has a msg_id that it cannot have",
        container((1, 1, container())): "a container holds another container",
        container((1, 1, b"abcdefgh" * 4), (5, 1, b"abcd"), count=1): "a container has something behind its messages",
    }
    for data, text in texts.items():
        with pytest.raises(RemoteProtocolError) as caught:
            unpack_container(b"head" + data + bytes(40), 4, 4 + len(data), OUTER)
        assert str(caught.value) == text


def test_M14_three_bytes_far_into_a_buffer_are_no_container() -> None:
    data = b"...." + container((1, 1, b"abcd"))
    assert not is_container(data, 4, 7)
    with pytest.raises(RemoteProtocolError, match="holds -1 messages"):
        unpack_container(data, 4, 8, OUTER)
