"""The framing objects."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from typing import Any

import pytest

from telethon.errors.common import TLDecodeError
from telethon.extensions import BinaryReader
from telethon.tl import core, types
from telethon.tl.core import gzippacked, messagecontainer

CONTAINER = 0x73F1F8DC
RESULT = 0xF35C6D01


def message(msg_id: int, seq_no: int, body: bytes) -> bytes:
    return struct.pack("<qii", msg_id, seq_no, len(body)) + body


def container(*messages: bytes) -> bytes:
    return struct.pack("<Ii", CONTAINER, len(messages)) + b"".join(messages)


def test_core_objects_are_known_by_id() -> None:
    assert core.core_objects == {0x3072CFA1: core.GzipPacked, CONTAINER: core.MessageContainer, RESULT: core.RpcResult}


def test_gzip_round_trip() -> None:
    packed = bytes(core.GzipPacked(b"abc" * 100))
    assert packed[:4] == struct.pack("<I", 0x3072CFA1)
    assert len(packed) % 4 == 0
    found = BinaryReader(packed).tgread_object()
    assert isinstance(found, core.GzipPacked)
    assert found.data == b"abc" * 100
    assert core.GzipPacked.read(BinaryReader(packed)) == b"abc" * 100
    assert found.to_dict() == {"_": "GzipPacked", "data": b"abc" * 100}
    assert found == core.GzipPacked(b"abc" * 100)
    assert str(core.GzipPacked(b"abc")) == "GzipPacked(data=b'abc')"


def test_gzip_only_when_it_helps() -> None:
    assert core.GzipPacked.gzip_if_smaller(True, b"a" * 512) == b"a" * 512
    assert len(core.GzipPacked.gzip_if_smaller(True, b"a" * 513)) < 60
    assert core.GzipPacked.gzip_if_smaller(False, b"a" * 1_000) == b"a" * 1_000
    noise = b"".join(zlib.crc32(bytes([number & 255, number >> 8])).to_bytes(4, "little") for number in range(200))
    assert core.GzipPacked.gzip_if_smaller(True, noise) is noise


def test_gzip_of_something_else_is_refused() -> None:
    with pytest.raises(TLDecodeError, match="compressed object was expected"):
        core.GzipPacked.read(BinaryReader(bytes(types.PeerUser(1))))


def test_damaged_gzip_is_refused() -> None:
    packed = bytes(core.GzipPacked(b"abc" * 100))
    with pytest.raises(TLDecodeError, match="damaged"):
        BinaryReader(packed[:20] + b"\xff\xff\xff\xff" + packed[24:]).tgread_object()


def test_cut_off_gzip_is_refused() -> None:
    whole = BinaryReader(bytes(core.GzipPacked(b"abc" * 100))[4:]).tgread_bytes()
    for end in range(len(whole)):
        wire = b"\xa1\xcf\x72\x30" + core.GzipPacked.serialize_bytes(whole[:end])
        with pytest.raises(TLDecodeError, match=r"cut off|damaged"):
            BinaryReader(wire).tgread_object()


def test_gzip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzippacked, "MAXIMUM_UNPACKED", 1_000)
    assert len(core.GzipPacked.read(BinaryReader(bytes(core.GzipPacked(bytes(1_000)))))) == 1_000
    with pytest.raises(TLDecodeError, match="more than 1000 bytes"):
        core.GzipPacked.read(BinaryReader(bytes(core.GzipPacked(bytes(1_001)))))


def test_M13_the_ratio_of_a_compressed_object_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gzippacked, "MAXIMUM_RATIO", 10)
    data = bytes(core.GzipPacked(bytes(10_000)))
    with pytest.raises(TLDecodeError, match=f"more than {data[4] * 10} bytes"):
        core.GzipPacked.read(BinaryReader(data))


def test_M13_unpacking_takes_the_size_once() -> None:
    data = bytes(core.GzipPacked(b"0123456789abcdef" * (1 << 20)))
    tracemalloc.start()
    assert len(core.GzipPacked.read(BinaryReader(data))) == 16 << 20
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 << 20


@pytest.mark.parametrize(
    "inside",
    [core.GzipPacked(bytes(600)), core.RpcResult(5, b"abcd", None), core.MessageContainer([])],
    ids=["gzip", "result", "container"],
)
def test_M13_R10_no_object_contains_what_messages_are_wrapped_in(inside: Any) -> None:
    """Each element of a vector could be unpacked to megabytes."""
    data = {
        "GzipPacked": bytes(core.GzipPacked(bytes(600))),
        "RpcResult": struct.pack("<Iq", RESULT, 5) + b"abcd",
        "MessageContainer": container(),
    }[type(inside).__name__]
    assert type(BinaryReader(data).tgread_object()) is type(inside)
    for before in (struct.pack("<Ii", 0x1CB5C415, 1), struct.pack("<IIi", 0x74AE4240, 0x1CB5C415, 1)):
        with pytest.raises(TLDecodeError, match=f"{type(inside).__name__} is nested"):
            BinaryReader(before + data).tgread_object()


def test_M13_what_a_container_holds_is_unpacked_to_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messagecontainer, "MAXIMUM_UNPACKED", 1_000)
    packed = bytes(core.GzipPacked(bytes(600)))
    assert len(BinaryReader(container(message(1, 1, packed))).tgread_object().messages) == 1
    with pytest.raises(TLDecodeError, match="more than 1000 bytes"):
        BinaryReader(container(message(1, 1, packed), message(5, 3, packed))).tgread_object()


def test_container() -> None:
    data = container(message(7, 3, bytes(types.PeerUser(5))), message(8, 4, bytes(types.PeerChat(6))))
    found = BinaryReader(data).tgread_object()
    assert [(item.msg_id, item.seq_no, item.obj) for item in found.messages] == [
        (7, 3, types.PeerUser(5)),
        (8, 4, types.PeerChat(6)),
    ]
    assert found.to_dict()["messages"][0] == {"_": "TLMessage", "msg_id": 7, "seq_no": 3, "obj": types.PeerUser(5)}
    assert str(found.messages[0]) == "TLMessage(msg_id=7, seq_no=3, obj=PeerUser(user_id=5))"
    with pytest.raises(NotImplementedError):
        bytes(found)


def test_result_in_a_container_does_not_eat_the_next_message() -> None:
    data = container(
        message(7, 3, struct.pack("<Iq", RESULT, 5) + b"abcd"),
        message(8, 3, bytes(types.PeerUser(6))),
    )
    first, second = BinaryReader(data).tgread_object().messages
    assert first.obj.req_msg_id == 5
    assert first.obj.body.startswith(b"abcd")
    assert second.obj == types.PeerUser(6)


@pytest.mark.parametrize("count", [-1, 2, 1_000, 2**31 - 1])
def test_container_with_an_impossible_count(count: int) -> None:
    data = struct.pack("<Ii", CONTAINER, count) + message(7, 3, bytes(types.PeerUser(5)))[:20]
    with pytest.raises(TLDecodeError, match=f"container of {count} messages"):
        BinaryReader(data).tgread_object()


@pytest.mark.parametrize("length", [-1, 13, 2**31 - 1])
def test_container_with_an_impossible_length(length: int) -> None:
    data = struct.pack("<Iiqii", CONTAINER, 1, 7, 3, length) + bytes(types.PeerUser(5))
    with pytest.raises(TLDecodeError, match=f"message of {length} bytes"):
        BinaryReader(data).tgread_object()


def test_containers_in_containers_are_not_followed_for_ever() -> None:
    data = bytes(types.PeerUser(1))
    for _ in range(100):
        data = container(message(1, 1, data))
    with pytest.raises(TLDecodeError, match="nested"):
        BinaryReader(data).tgread_object()


def test_results() -> None:
    head = struct.pack("<Iq", RESULT, 5)
    failed = BinaryReader(head + bytes(types.RpcError(400, "ABC"))).tgread_object()
    assert (failed.req_msg_id, failed.body, failed.error) == (5, None, types.RpcError(400, "ABC"))
    packed = BinaryReader(head + bytes(core.GzipPacked(b"abcd"))).tgread_object()
    assert (packed.req_msg_id, packed.body, packed.error) == (5, b"abcd", None)
    plain = BinaryReader(head + b"abcd1234").tgread_object()
    assert (plain.req_msg_id, plain.body, plain.error) == (5, b"abcd1234", None)
    assert plain.to_dict() == {"_": "RpcResult", "req_msg_id": 5, "body": b"abcd1234", "error": None}
    with pytest.raises(NotImplementedError):
        bytes(plain)


def test_message_overhead() -> None:
    assert core.TLMessage.SIZE_OVERHEAD == 12
    assert core.MessageContainer.MAXIMUM_SIZE == 1_044_448
    assert core.MessageContainer.MAXIMUM_LENGTH == 100
