"""Temporary keys and their binding."""

from __future__ import annotations

import struct
from hashlib import sha1

import pytest
from mtproto_model import KEY, Link, Session, read_tl_bytes, seeded_random, u32

from telethon.crypto import AES
from telethon.errors import LocalProtocolError
from telethon.mtproto.events import ResultReceived
from telethon.mtproto.tempkey import Refusal, Step, TemporaryKey, bind_request

TEMPORARY = bytes((index * 11 + 5) & 255 for index in range(256))
TRUE = bytes.fromhex("b5757299")
FALSE = bytes.fromhex("379779bc")


def key_id(key: bytes) -> int:
    return int.from_bytes(sha1(key).digest()[-8:], "little", signed=True)


def opened(request: bytes, permanent: bytes = KEY) -> dict[str, int]:
    """What a binding says, read by the definition; every rule that it has to keep is checked."""
    constructor, permanent_id, nonce, expires_at = struct.unpack_from("<Iqqi", request)
    assert constructor == 0xCDD42A05
    message = read_tl_bytes(request, 24)
    assert len(request) == 24 + 108
    assert message[:8] == sha1(permanent).digest()[-8:]
    msg_key = message[8:24]
    # MTProto 1.0, x = 0.
    a = sha1(msg_key + permanent[:32]).digest()
    b = sha1(permanent[32:48] + msg_key + permanent[48:64]).digest()
    c = sha1(permanent[64:96] + msg_key).digest()
    d = sha1(msg_key + permanent[96:128]).digest()
    key = a[:8] + b[8:20] + c[4:16]
    iv = a[8:20] + b[:8] + c[16:20] + d[:8]
    plain = AES.decrypt_ige(message[24:], key, iv)
    assert len(plain) == 80
    assert sha1(plain[:72]).digest()[4:] == msg_key, "msg_key covers everything but the padding"
    msg_id, seq_no, length = struct.unpack_from("<qii", plain, 16)
    assert (seq_no, length) == (0, 40)
    inner, inner_nonce, temporary_id, inner_permanent_id, session_id, inner_expires_at = struct.unpack_from(
        "<Iqqqqi", plain, 32
    )
    assert inner == 0x75A3F765
    assert (inner_nonce, inner_permanent_id, inner_expires_at) == (nonce, permanent_id, expires_at)
    return {
        "permanent_id": permanent_id,
        "temporary_id": temporary_id,
        "session_id": session_id,
        "msg_id": msg_id,
        "expires_at": expires_at,
        "nonce": nonce,
    }


def fresh(**arguments: float) -> TemporaryKey:
    return TemporaryKey(KEY, rand=seeded_random(), **arguments)  # type: ignore[arg-type]


def bound(now: float = 1000.0) -> TemporaryKey:
    key = fresh()
    key.created(TEMPORARY, now)
    assert key.answered(TRUE)
    return key


def test_H17_the_request_proves_that_its_sender_has_both_keys() -> None:
    request = bind_request(
        KEY, TEMPORARY, session_id=-5, msg_id=0x6553F10000000004, expires_at=1_700_086_400, rand=seeded_random()
    )
    said = opened(request)
    assert said.pop("nonce") != 0
    assert said == {
        "permanent_id": key_id(KEY),
        "temporary_id": key_id(TEMPORARY),
        "session_id": -5,
        "msg_id": 0x6553F10000000004,
        "expires_at": 1_700_086_400,
    }


def test_H17_no_two_requests_are_the_same() -> None:
    rand = seeded_random()
    requests = [bind_request(KEY, TEMPORARY, session_id=1, msg_id=4, expires_at=5, rand=rand) for _ in range(100)]
    assert len(set(requests)) == len({opened(request)["nonce"] for request in requests}) == 100


def test_H17_every_random_number_of_a_request_has_its_size() -> None:
    asked: list[int] = []

    def rand(count: int) -> bytes:
        asked.append(count)
        return bytes(range(count))

    request = bind_request(KEY, TEMPORARY, session_id=1, msg_id=4, expires_at=5, rand=rand)
    # The nonce, what stands in front of the message, and the padding of its 72 bytes to whole blocks.
    assert asked == [8, 16, 8]
    assert opened(request)["nonce"] == int.from_bytes(bytes(range(8)), "little")


@pytest.mark.parametrize("signs", [(-1, 1), (1, -1)])
def test_H17_ids_of_keys_are_signed_numbers(signs: tuple[int, int]) -> None:
    permanent, temporary = (
        next(key for number in range(100) if key_id(key := bytes((number,)) * 256) * sign > 0) for sign in signs
    )
    request = bind_request(permanent, temporary, session_id=1, msg_id=4, expires_at=5, rand=seeded_random())
    said = opened(request, permanent)
    assert (said["permanent_id"], said["temporary_id"]) == (key_id(permanent), key_id(temporary))


def test_H17_life_of_a_key() -> None:
    key = fresh()
    assert key.step(1000.0) is Step.CREATE
    assert key.next_change() is None
    key.created(TEMPORARY, 1000.7)
    assert key.expires_at == 1000 + 86400
    assert key.step(1001.0) is Step.BIND
    assert key.answered(TRUE)
    assert key.step(1002.0) is Step.USE
    change = key.next_change()
    assert change == 1000 + 86400 - 3600
    assert key.step(change - 1) is Step.USE
    assert key.step(change) is Step.CREATE
    key.created(bytes(256), change)
    assert key.step(change + 1) is Step.BIND


def test_H17_a_short_life_has_a_short_margin() -> None:
    key = fresh(lifetime=400)
    key.created(TEMPORARY, 1000.0)
    assert key.next_change() == 1300.0


def test_H17_a_key_that_is_not_bound_in_time_is_replaced() -> None:
    key = fresh()
    key.created(TEMPORARY, 1000.0)
    assert key.step(1000.0 + 86400) is Step.CREATE


def test_H17_the_request_of_a_key() -> None:
    key = fresh()
    with pytest.raises(LocalProtocolError, match="no temporary key to bind"):
        key.request(7, 8)
    key.created(TEMPORARY, 1000.0)
    said = opened(key.request(7, 8))
    assert (said["session_id"], said["msg_id"], said["expires_at"]) == (7, 8, key.expires_at)


def test_H17_T7_a_key_that_the_server_forgot_costs_only_itself() -> None:
    key = bound()
    key.forget()
    assert key.step(1001.0) is Step.CREATE
    assert key.auth_key is None
    key.created(TEMPORARY, 1002.0)
    assert opened(key.request(1, 4))["permanent_id"] == key_id(KEY)


def test_E6_a_key_that_is_not_bound_any_more_is_bound_again() -> None:
    key = bound()
    key.unbound()
    assert key.is_good(1001.0) is False
    assert key.step(1001.0) is Step.BIND
    assert key.auth_key == TEMPORARY


@pytest.mark.parametrize("message", ["TEMP_AUTH_KEY_ALREADY_BOUND", "TEMP_AUTH_KEY_EMPTY", "EXPIRES_AT_INVALID"])
def test_H17_refusals_of_the_key(message: str) -> None:
    key = fresh()
    for _ in range(5):
        key.created(TEMPORARY, 1000.0)
        assert key.refused(message) is Refusal.NEW_KEY
        assert key.step(1001.0) is Step.CREATE


@pytest.mark.parametrize("message", ["FLOOD_WAIT_5", "INTERNAL", "ENCRYPTED_MESSAGE"])
def test_H17_refusals_that_are_not_about_the_key(message: str) -> None:
    key = fresh()
    key.created(TEMPORARY, 1000.0)
    assert key.refused(message) is Refusal.AGAIN
    assert key.step(1001.0) is Step.BIND


def test_H17_T7_the_permanent_key_is_doubted_after_several_refusals_only() -> None:
    key = fresh()
    found: list[Refusal] = []
    for _ in range(3):
        key.created(TEMPORARY, 1000.0)
        found.append(key.refused("ENCRYPTED_MESSAGE_INVALID"))
        assert key.step(1001.0) is Step.CREATE
    assert found == [Refusal.NEW_KEY, Refusal.NEW_KEY, Refusal.PERMANENT_KEY_UNKNOWN]


def test_H17_a_success_between_them_clears_the_doubt() -> None:
    key = fresh()
    for _ in range(4):
        key.created(TEMPORARY, 1000.0)
        assert key.refused("ENCRYPTED_MESSAGE_INVALID") is Refusal.NEW_KEY
        key.created(TEMPORARY, 1000.0)
        assert key.answered(TRUE)
    assert [key.refused("ENCRYPTED_MESSAGE_INVALID") for _ in range(3)] == [
        Refusal.NEW_KEY,
        Refusal.NEW_KEY,
        Refusal.PERMANENT_KEY_UNKNOWN,
    ]


def test_H17_an_answer_of_no_asks_for_another_key() -> None:
    key = fresh()
    key.created(TEMPORARY, 1000.0)
    assert not key.answered(FALSE)
    assert key.step(1001.0) is Step.CREATE


@pytest.mark.parametrize("size", [0, 255, 257])
def test_the_permanent_key_has_256_bytes(size: int) -> None:
    with pytest.raises(LocalProtocolError, match=f"this one has {size}"):
        TemporaryKey(bytes(size), rand=seeded_random())


def test_X5_repr_shows_no_keys() -> None:
    assert repr(bound()) == "TemporaryKey(expires_at=87400, is_bound=True)"


def test_H17_the_binding_names_the_msg_id_it_is_sent_under() -> None:
    """Through the engine, also when it has to be sent again in another session."""
    link = Link()
    key = fresh()
    key.created(TEMPORARY, 1000.0)
    engine = link.engine
    engine.submit(lambda msg_id: key.request(link.state.session_id, msg_id), token="bind")
    for code in (20, 32):
        link.server.refuse = [code]
        for packet in engine.packets_to_send(link.now):
            link.deliver(link.server.receive(packet, link.now.mono))
    assert engine.packets_to_send(link.now)
    (msg_id,) = engine._inflight.sent
    body = engine._inflight.sent[msg_id].make
    assert body is not None
    said = opened(body(msg_id))
    assert (said["msg_id"], said["session_id"]) == (msg_id, link.state.session_id)
    answer = struct.pack("<Iq", 0xF35C6D01, msg_id) + TRUE
    session = Session(link.state.session_id, 0, 0)
    assert link.deliver([link.server.push(session, answer, link.now.mono)]) == [ResultReceived("bind", TRUE)]
    assert u32(body(4)) == 0xCDD42A05


def test_H17_a_key_is_good_until_shortly_before_its_end() -> None:
    key = fresh()
    assert not key.is_good(0.0)
    key.created(TEMPORARY, 1000.0)
    assert not key.is_good(1001.0), "it is not bound"
    assert key.answered(TRUE)
    change = key.next_change()
    assert change is not None
    assert key.is_good(change + 1), "it is to be replaced, and can still be used"
    assert key.is_good(key.expires_at - 5.1)
    assert not key.is_good(key.expires_at - 5.0)
    key.forget()
    assert not key.is_good(1001.0)


def test_H17_the_errors_in_full() -> None:
    with pytest.raises(LocalProtocolError) as size:
        TemporaryKey(bytes(5), rand=seeded_random())
    assert str(size.value) == "an auth_key has 256 bytes, this one has 5"
    with pytest.raises(LocalProtocolError) as none:
        fresh().request(1, 4)
    assert str(none.value) == "there is no temporary key to bind; create one first"


def test_H17_a_new_key_is_neither_there_nor_bound_nor_ended() -> None:
    key = fresh()
    assert (key.auth_key, key.expires_at, key.lifetime) == (None, 0, 86400)
    assert key.is_good(-1e9) is False
    bound_key = bound()
    bound_key.forget()
    assert (bound_key.auth_key, bound_key.expires_at) == (None, 0)
    assert repr(bound_key) == "TemporaryKey(expires_at=0, is_bound=False)"


def test_H17_another_key_is_not_bound_because_the_one_before_was() -> None:
    key = bound()
    key.created(bytes(256), 1000.0)
    assert key.is_good(1001.0) is False
    assert key.step(1001.0) is Step.BIND


def test_H17_an_answer_of_no_clears_the_doubt_too() -> None:
    key = fresh()
    for _ in range(2):
        assert key.refused("ENCRYPTED_MESSAGE_INVALID") is Refusal.NEW_KEY
    key.created(TEMPORARY, 1000.0)
    assert not key.answered(FALSE)
    assert key.refused("ENCRYPTED_MESSAGE_INVALID") is Refusal.NEW_KEY
