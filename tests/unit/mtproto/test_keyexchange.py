"""The key exchange against a server that follows the page to the letter, and against servers that do not."""

from __future__ import annotations

import random
import struct
import traceback
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import rsakey
from hypothesis import given, settings
from hypothesis import strategies as st
from keyserver import PRIMES, TIME, KeyServer, P

from telethon._core.clock import Instant
from telethon._core.rand import system_random
from telethon.crypto import dh, rsa
from telethon.errors import SecurityError
from telethon.errors.common import LocalProtocolError, RemoteProtocolError
from telethon.mtproto import keyexchange
from telethon.mtproto.keyexchange import Finished, KeyExchange

KEYS = {rsakey.KEY.fingerprint: rsakey.KEY}
NOW = Instant(TIME - 12.5, 50.0)


def short_b(count: int) -> bytes:
    """Random bytes that make b a short number: the powers of a long one are most of the time of these tests."""
    return bytes(224) + system_random(32) if count == 256 else system_random(count)


def exchange(**options: Any) -> KeyExchange:
    return KeyExchange(**{"dc_id": 2, "rand": short_b, "keys": KEYS, **options})


def run(server: KeyServer, client: KeyExchange | None = None, now: Instant = NOW) -> Finished:
    client = client or exchange()
    body: bytes | Finished = client.start()
    while not isinstance(body, Finished):
        body = client.feed(server.answer(body), now)
    return body


def editing(wanted: str, change: Callable[[Any], Any]) -> Callable[[str, Any], Any]:
    """Changes the value of that name the first time it passes."""
    seen = [0]

    def edit(name: str, value: Any) -> Any:
        seen[0] += name == wanted
        return change(value) if name == wanted and seen[0] == 1 else value

    return edit


def flip(value: bytes, bit: int = 0) -> bytes:
    return value[: bit // 8] + bytes((value[bit // 8] ^ 1 << bit % 8,)) + value[bit // 8 + 1 :]


def refused(server: KeyServer, match: str | None, error: type[Exception] = RemoteProtocolError, **options: Any) -> None:
    """The exchange ends with that error, and nothing can be done with it any more."""
    client = exchange(**options)
    with pytest.raises(error, match=match):
        run(server, client)
    with pytest.raises(LocalProtocolError):
        client.feed(b"", NOW)


@pytest.mark.parametrize("seed", range(10))
def test_both_sides_have_the_same_key(seed: int) -> None:
    server = KeyServer(seed)
    result = run(server, exchange(rand=system_random))
    assert result.auth_key == server.auth_key
    assert len(result.auth_key) == 256
    assert server.exchanges == 1
    assert server.retry_ids == [0]


def test_H14_salt_and_time_are_kept() -> None:
    server = KeyServer()
    result = run(server)
    assert result.salt == server.salt
    assert result.time_offset == 12.5


def test_H14_the_time_is_that_of_the_answer_with_the_time() -> None:
    server = KeyServer()
    client = exchange()
    second = client.feed(server.answer(client.start()), Instant(TIME - 1000.0, 0.0))
    assert isinstance(second, bytes)
    third = client.feed(server.answer(second), Instant(TIME - 7.25, 1.0))
    assert isinstance(third, bytes)
    result = client.feed(server.answer(third), Instant(TIME + 500.0, 2.0))
    assert isinstance(result, Finished)
    assert result.time_offset == 7.25


@pytest.mark.parametrize("time", [-(2**31), -1, 0, 1, 2**31 - 1])
def test_H14_the_time_of_the_server_is_a_signed_number(time: int) -> None:
    server = KeyServer(edit=editing("inner", lambda value: value[:-4] + struct.pack("<i", time)))
    assert run(server, now=Instant(10.5, 0.0)).time_offset == time - 10.5


@pytest.mark.parametrize("dc_id", [1, 2, 3, 4, 5, 10001, 10003, -2, -10002, 203])
def test_H5_the_data_centre_is_named(dc_id: int) -> None:
    server = KeyServer()
    run(server, exchange(dc_id=dc_id))
    assert server.inner == ("a9f55f95", dc_id, None)


def test_H17_a_temporary_key_says_how_long_it_lives() -> None:
    server = KeyServer()
    result = run(server, exchange(dc_id=-4, expires_in=86400))
    assert server.inner == ("56fddf88", -4, 86400)
    assert result.auth_key == server.auth_key


NONCES = ["resPQ.nonce", "params.nonce", "params.server_nonce", "inner.nonce", "inner.server_nonce", "gen.nonce",
          "gen.server_nonce"]  # fmt: skip


@pytest.mark.parametrize("name", NONCES)
@pytest.mark.parametrize("bit", [0, 63, 127])
def test_H1_every_nonce_is_compared(name: str, bit: int) -> None:
    refused(KeyServer(edit=editing(name, lambda value: flip(value, bit))), "nonce in the key exchange is not the right")


def test_H1_the_nonce_of_the_server_holds_from_its_first_answer_on() -> None:
    # Changed on its way, so that the server sees another one than it sent.
    server = KeyServer(edit=editing("resPQ.server_nonce", flip))
    client = exchange()
    second = client.feed(server.answer(client.start()), NOW)
    assert isinstance(second, bytes)
    with pytest.raises(AssertionError):
        server.answer(second)


PQ = {
    "nothing": b"",
    "zero": bytes(8),
    "one": b"\1",
    "even": (2 * 1000003).to_bytes(8, "big"),
    "prime": (2**61 - 1).to_bytes(8, "big"),
    "square": ((2**31 - 1) ** 2).to_bytes(8, "big"),
    "64 bits": b"\xff" * 8,
    "65 bits": b"\1" + bytes(7) + b"\x0d",
    "256 bits": b"\xff" * 32,
    "many zeros": bytes(100) + (PRIMES[0] * PRIMES[1]).to_bytes(8, "big"),
}


@pytest.mark.parametrize("pq", PQ.values(), ids=list(PQ))
def test_H2_bad_pq_are_refused(pq: bytes) -> None:
    refused(KeyServer(edit=editing("pq", lambda value: pq)), "pq", SecurityError)


@pytest.mark.parametrize("fingerprints", [[], [1, 2, 3], [847625836280919973, 1562291298945373506, 0]])
def test_H3_without_a_trusted_key_nothing_is_sent(fingerprints: list[int]) -> None:
    server = KeyServer(edit=editing("fingerprints", lambda value: fingerprints))
    refused(server, "no key that this library trusts", SecurityError)


def test_H3_the_trusted_key_is_picked_from_the_list() -> None:
    mine = rsakey.KEY.fingerprint
    for fingerprints in ([mine], [1, mine, 3], [mine, 1], [1, 2, 3, mine]):
        run(KeyServer(edit=editing("fingerprints", lambda value, given=fingerprints: given)))


@pytest.mark.parametrize("offered", [-7, 7, rsakey.KEY.fingerprint])
def test_H3_keys_go_by_signed_and_unsigned_fingerprints(offered: int) -> None:
    for name in {offered, offered & (1 << 64) - 1}:
        server = KeyServer()
        server.fingerprint = offered
        assert run(server, exchange(keys={name: rsakey.KEY})).auth_key == server.auth_key


def test_H3_by_default_the_known_keys_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    refused(KeyServer(), "no key that this library trusts", SecurityError, keys=None)
    monkeypatch.setitem(rsa._server_keys, rsakey.KEY.fingerprint, (rsakey.KEY, True))
    refused(KeyServer(), "no key that this library trusts", SecurityError, keys=None)
    monkeypatch.setitem(rsa._server_keys, rsakey.KEY.fingerprint, (rsakey.KEY, False))
    assert run(KeyServer(), exchange(keys=None)).auth_key


def test_H3_no_keys_are_no_keys() -> None:
    refused(KeyServer(), "no key that this library trusts", SecurityError, keys={})


@pytest.mark.parametrize("extra", range(1, 16))
def test_H6_the_answer_consists_of_whole_blocks(extra: int) -> None:
    refused(KeyServer(edit=editing("encrypted_answer", lambda value: value + bytes(extra))), "whole blocks")


@pytest.mark.parametrize("size", [0, 16, 32])
def test_H6_an_answer_without_content_is_refused(size: int) -> None:
    refused(KeyServer(edit=editing("encrypted_answer", lambda value: bytes(size))), "does not have the hash")


@pytest.mark.parametrize("bit", [0, 80, 159])
def test_H6_the_hash_is_compared(bit: int) -> None:
    refused(KeyServer(edit=editing("inner.sha1", lambda value: flip(value, bit))), "does not have the hash")


@pytest.mark.parametrize("blocks", range(1, 17))
def test_H6_no_more_than_15_bytes_follow(blocks: int) -> None:
    server = KeyServer(edit=editing("padding", lambda value: value + bytes(16 * blocks)))
    refused(server, "does not have the hash")


@pytest.mark.parametrize(("zeros", "padding"), [(0, 8), (4, 4), (8, 0), (12, 12)])
def test_H6_every_padding_up_to_15_bytes_is_taken(zeros: int, padding: int) -> None:
    # Zeros in front of g_a change the length of the answer and nothing else.
    paddings: list[int] = []

    def edit(name: str, value: Any) -> Any:
        if name == "inner":
            g_a = value[-260:-4]
            return value[:-264] + b"\xfe" + (256 + zeros).to_bytes(3, "little") + bytes(zeros) + g_a + value[-4:]
        if name == "padding":
            paddings.append(len(value))
        return value

    server = KeyServer(edit=edit)
    assert run(server).auth_key == server.auth_key
    assert paddings == [padding]


def test_H6_sixteen_bytes_of_padding_are_one_too_many() -> None:
    # With 8 zeros in front of g_a the answer needs no padding.
    def edit(name: str, value: Any) -> Any:
        if name == "inner":
            return value[:-264] + b"\xfe" + (256 + 8).to_bytes(3, "little") + bytes(8) + value[-260:]
        if name == "padding":
            assert value == b""
            return bytes(16)
        return value

    refused(KeyServer(edit=edit), "does not have the hash")


@pytest.mark.parametrize("extra", [4, 16, 400])
def test_H6_nothing_may_follow_inside_the_hash(extra: int) -> None:
    refused(KeyServer(edit=editing("inner", lambda value: value + bytes(extra))), "longer than its content")


BAD_PRIMES = [P - 2, P >> 1, 3**1292, 2**2047 + 2, P * P, 23, 1]


@pytest.mark.parametrize("p", BAD_PRIMES)
def test_H7_bad_primes_are_refused(p: int) -> None:
    refused(KeyServer(edit=editing("dh_prime", lambda value: p)), "it is not used", SecurityError)


def test_H7_the_prime_is_checked_before_it_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(keyexchange, "check_group", lambda p, g: asked.append((p, g)))
    run(KeyServer())
    assert asked == [(P, 3)]


@pytest.mark.parametrize("g", [-1, 0, 1, 2, 5, 6, 8, 12345, 2**31 - 1])
def test_H8_bad_generators_are_refused(g: int) -> None:
    refused(KeyServer(edit=editing("g", lambda value: g)), "does not create the right group", SecurityError)


@pytest.mark.parametrize("g_a", [0, 1, 2, 2**1984 - 1, P - 2**1984 + 1, P - 1, P, P + 5, 2**2050])
def test_H9_bad_g_a_are_refused(g_a: int) -> None:
    refused(KeyServer(edit=editing("g_a", lambda value: g_a)), "g_a is too small or too large", SecurityError)


@pytest.mark.parametrize("g_a", [2**1984, P - 2**1984])
def test_H9_g_a_at_its_bounds_is_taken(g_a: int) -> None:
    server = KeyServer(edit=editing("g_a", lambda value: g_a))
    client = exchange()
    second = client.feed(server.answer(client.start()), NOW)
    assert isinstance(second, bytes)
    assert client.feed(server.answer(second), NOW)


def test_H9_H10_a_broken_random_source_is_noticed() -> None:
    # Zero for b makes g_b = 1.
    source = random.Random(1)
    rand: Callable[[int], bytes] = lambda count: bytes(256) if count == 256 else source.randbytes(count)  # noqa: E731
    refused(KeyServer(), "g_b is too small or too large", SecurityError, rand=rand)


def test_H10_b_has_2048_bits_of_its_own_each_time() -> None:
    server = KeyServer(verdicts=("retry", "retry", "ok"))
    counts: list[int] = []

    def rand(count: int) -> bytes:
        counts.append(count)
        return system_random(count)

    run(server, exchange(rand=rand))
    assert counts.count(256) == 3
    other = KeyServer()
    run(other, exchange(rand=system_random))
    assert len({*server.g_bs, *other.g_bs}) == 4


@pytest.mark.parametrize("zeros", [1, 2])
def test_H11_keys_that_begin_with_zeros_keep_their_length(zeros: int) -> None:
    # g_a = g^a has an a that the test may choose: with g_b = g^b the key is g^(ab), so look for a fitting a.
    b = 3**1290
    base = pow(3, b, P)
    a, key = 1 << 2000, pow(base, 1 << 2000, P)
    while key >> (2048 - 8 * zeros):
        a, key = a + 1, key * base % P
    rand: Callable[[int], bytes] = lambda count: b.to_bytes(256, "big") if count == 256 else system_random(count)  # noqa: E731
    server = KeyServer(edit=editing("a", lambda value: a))
    result = run(server, exchange(rand=rand))
    assert result.auth_key == server.auth_key
    assert len(result.auth_key) == 256
    assert result.auth_key.startswith(bytes(zeros))


@pytest.mark.parametrize("verdict", ["ok", "retry", "fail"])
@pytest.mark.parametrize("bit", [0, 64, 127])
def test_H12_the_hash_of_every_verdict_is_compared(verdict: str, bit: int) -> None:
    server = KeyServer(verdicts=(verdict,), edit=editing("gen.new_nonce_hash", lambda value: flip(value, bit)))
    refused(server, r"new_nonce_hash[123] in the key exchange")


@pytest.mark.parametrize(("verdict", "number"), [("ok", 2), ("ok", 3), ("retry", 1), ("retry", 3), ("fail", 1)])
def test_H12_the_hash_of_another_verdict_is_refused(verdict: str, number: int) -> None:
    refused(KeyServer(verdicts=(verdict,), edit=editing("number", lambda value: number)), "new_nonce_hash")


@pytest.mark.parametrize("extra", [b"\0\0\0\0", bytes(16)])
def test_H12_nothing_may_follow_the_hash(extra: bytes) -> None:
    refused(KeyServer(edit=editing("gen.new_nonce_hash", lambda value: value + extra)), "new_nonce_hash1")


@pytest.mark.parametrize("times", range(1, 5))
def test_H13_another_b_is_tried(times: int) -> None:
    server = KeyServer(verdicts=("retry",) * times + ("ok",))
    result = run(server)
    assert result.auth_key == server.auth_key
    assert server.exchanges == 1
    # The server itself checks that each retry_id is the hash of the key before.
    assert server.retry_ids[0] == 0
    assert len(set(server.retry_ids)) == times + 1
    assert len(set(server.g_bs)) == times + 1


def test_H13_the_fifth_refusal_starts_again() -> None:
    server = KeyServer(verdicts=("retry",) * 5 + ("ok",))
    result = run(server)
    assert result.auth_key == server.auth_key
    assert server.exchanges == 2
    assert server.retry_ids[5] == 0


def test_H13_a_failure_starts_again() -> None:
    server = KeyServer(verdicts=("retry", "fail", "fail", "retry", "ok"))
    result = run(server)
    assert result.auth_key == server.auth_key
    assert server.exchanges == 3


@pytest.mark.parametrize("verdict", ["retry", "fail"])
def test_H13_not_more_than_five_times(verdict: str) -> None:
    server = KeyServer(verdicts=(verdict,))
    refused(server, "refused to agree on a key 6 times")
    assert server.exchanges == 6


def test_H13_every_start_has_a_nonce_of_its_own() -> None:
    client = exchange()
    assert client.start() != client.start()


def test_H13_a_failure_of_the_parameters_starts_again() -> None:
    server = KeyServer(edit=editing("params", lambda value: "fail"))
    assert run(server).auth_key == server.auth_key
    assert server.exchanges == 2


def test_H12_the_hash_of_a_failure_of_the_parameters_is_compared() -> None:
    def edit(name: str, value: Any) -> Any:
        return {"params": "fail", "params.new_nonce_hash": bytes(16)}.get(name, value)

    refused(KeyServer(edit=edit), "new_nonce_hash in the key exchange")


@pytest.mark.parametrize("step", ["resPQ", "params", "gen"])
@pytest.mark.parametrize("name", ["e317af7e", "a7eff811", "05162463", "d0e8075c", "3bcbf734", "b5890dba"])
def test_H16_something_else_ends_the_exchange(step: str, name: str) -> None:
    own = {"resPQ": "05162463", "params": "d0e8075c", "gen": "3bcbf734"}[step]
    if name == own:
        run(KeyServer())
        return

    def edit(where: str, value: Any) -> Any:
        return bytes.fromhex(name)[::-1] + value[4:] if where == step and value != "ok" else value

    refused(KeyServer(edit=edit), f"{name} is not what has to follow")


def test_H16_the_encrypted_part_is_of_one_kind() -> None:
    server = KeyServer(edit=editing("inner", lambda value: bytes.fromhex("54b64366") + value[4:]))
    refused(server, "is not server_DH_inner_data")


@cache
def prepared(step: int) -> tuple[KeyExchange, bytes, Any]:
    """An exchange that waits for one of its three answers, that answer, and what takes it."""
    server = KeyServer()
    client = exchange()
    body = client.start()
    for _ in range(step):
        answer = client.feed(server.answer(body), NOW)
        assert isinstance(answer, bytes)
        body = answer
    return client, server.answer(body), client._expected


def fed(step: int, data: bytes) -> bytes | Finished:
    client, _, client._expected = prepared(step)
    return client.feed(data, NOW)


@pytest.mark.parametrize("step", range(3))
def test_M14_messages_that_end_too_early(step: int) -> None:
    good = prepared(step)[1]
    for size in range(len(good)):
        with pytest.raises(SecurityError):
            fed(step, good[:size])


@pytest.mark.parametrize("step", [1, 2])
def test_H1_H6_H12_no_bit_of_an_answer_may_change(step: int) -> None:
    good = prepared(step)[1]
    for bit in range(0, 8 * len(good), 5):
        with pytest.raises(SecurityError):
            fed(step, flip(good, bit))


@pytest.mark.parametrize("size", [0, 4, 20, 36, 40, 100, 300, 560])
def test_M14_an_encrypted_part_that_ends_too_early(size: int) -> None:
    refused(KeyServer(edit=editing("inner", lambda value: value[:size])), None, SecurityError)


def test_M14_nothing_may_follow_an_answer() -> None:
    refused(KeyServer(edit=editing("resPQ", lambda value: value + bytes(4))), "longer than its content")

    def longer(where: str, value: Any) -> Any:
        return value + bytes(4) if where == "params" and value != "ok" else value

    refused(KeyServer(edit=longer), "longer than its content")


@given(st.binary(max_size=200), st.integers(0, 2))
@settings(max_examples=300, deadline=None)
def test_M14_no_bytes_give_another_error(junk: bytes, step: int) -> None:
    good = prepared(step)[1]
    for data in (junk, good[: len(junk)] + junk, good[:36] + junk):
        if data != good:
            with pytest.raises(SecurityError):
                fed(step, data)


def test_feeding_out_of_turn_is_an_error_of_ours() -> None:
    client = exchange()
    with pytest.raises(LocalProtocolError, match="waits for no answer"):
        client.feed(b"", NOW)
    server = KeyServer()
    run(server, client)
    with pytest.raises(LocalProtocolError, match="waits for no answer"):
        client.feed(b"", NOW)


def test_the_first_message_asks_for_pq() -> None:
    body = exchange(rand=lambda count: bytes(range(count))).start()
    assert body == struct.pack("<I", 0xBE7E8EF1) + bytes(range(16))


def test_X5_nothing_secret_is_printed() -> None:
    server = KeyServer()
    result = run(server)
    for text in (repr(result), str(result), f"{result}"):
        assert repr(result.auth_key)[2:30] not in text
        assert str(result.salt) not in text
        assert "256 bytes" in text
    client = exchange()
    body = client.start()
    answer = client.feed(KeyServer().answer(body), NOW)
    assert isinstance(answer, bytes)
    try:
        client.feed(bytes(100), NOW)
    except SecurityError:
        text = traceback.format_exc()
        assert client._new_nonce.hex() not in text
        assert repr(client._new_nonce) not in text


def test_the_known_prime_of_this_test_is_that_of_the_library() -> None:
    assert dh.KNOWN_PRIME == P


def encoded(hex_id: str) -> bytes:
    return bytes.fromhex(hex_id)[::-1]


WRONG = "{} in the key exchange is not the right one; somebody may be in the middle"
TEXTS: list[tuple[str, str, Callable[[Any], Any], str]] = [
    ("H1", "resPQ.nonce", flip, WRONG.format("nonce")),
    ("H1", "params.nonce", flip, WRONG.format("nonce")),
    ("H1", "params.server_nonce", flip, WRONG.format("server_nonce")),
    ("H1", "gen.server_nonce", flip, WRONG.format("server_nonce")),
    ("H12", "gen.new_nonce_hash", flip, WRONG.format("new_nonce_hash1")),
    ("H2", "pq", lambda pq: b"\0" + pq, "pq has 9 bytes, which is more than the 8 it may have"),
    (
        "H3",
        "fingerprints",
        lambda fingerprints: [1],
        "the server offers no key that this library trusts: it is not one of Telegram's, or its keys are newer than "
        "this version of the library",
    ),
    (
        "H6",
        "encrypted_answer",
        lambda answer: answer[:-1],
        "the encrypted part of server_DH_params_ok does not consist of whole blocks",
    ),
    (
        "H6",
        "inner.sha1",
        flip,
        "the encrypted part of server_DH_params_ok does not have the hash that stands in it",
    ),
    (
        "H16",
        "inner",
        lambda inner: encoded("6643b654") + inner[4:],
        "the encrypted part of server_DH_params_ok is not server_DH_inner_data",
    ),
    (
        "H16",
        "resPQ",
        lambda body: encoded("05162464") + body[4:],
        "05162464 is not what has to follow in the key exchange",
    ),
    ("H6", "inner", lambda inner: inner + bytes(4), "a message of the key exchange is longer than its content"),
    ("M14", "resPQ", lambda body: body[:30], "a message of the key exchange ends too early"),
    ("H9", "g_a", lambda g_a: 1, "g_a is too small or too large; it is not used"),
]


@pytest.mark.parametrize(
    ("name", "change", "text"), [case[1:] for case in TEXTS], ids=["-".join(case[:2]) for case in TEXTS]
)
def test_H16_each_error_says_in_full_what_was_wrong(name: str, change: Callable[[Any], Any], text: str) -> None:
    with pytest.raises(SecurityError) as caught:
        run(KeyServer(edit=editing(name, change)))
    assert str(caught.value) == text


@pytest.mark.parametrize("step", [1, 2])
def test_H16_an_answer_of_another_kind_is_named(step: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        fed(step, encoded("05162463") + prepared(step)[1][4:])
    assert str(caught.value) == "05162463 is not what has to follow in the key exchange"


def test_H16_the_errors_of_a_failure_and_of_a_wrong_order_in_full() -> None:
    def edit(name: str, value: Any) -> Any:
        return {"params": "fail", "params.new_nonce_hash": bytes(16)}.get(name, value)

    with pytest.raises(RemoteProtocolError) as failed:
        run(KeyServer(edit=edit))
    assert str(failed.value) == WRONG.format("new_nonce_hash")
    with pytest.raises(RemoteProtocolError) as refusals:
        run(KeyServer(edit=lambda name, value: "fail" if name == "params" else value))
    assert str(refusals.value) == "the server refused to agree on a key 6 times"
    with pytest.raises(LocalProtocolError) as local:
        exchange().feed(b"", NOW)
    assert str(local.value) == "This key exchange waits for no answer: it was not started, has failed or is over"


def test_H9_H10_a_g_b_out_of_range_is_named() -> None:
    source = random.Random(1)
    client = exchange(rand=lambda count: bytes(256) if count == 256 else source.randbytes(count))
    with pytest.raises(SecurityError) as caught:
        run(KeyServer(), client)
    assert str(caught.value) == "g_b is too small or too large; it is not used"


def test_H10_H15_every_random_number_has_its_size() -> None:
    asked: list[int] = []

    def rand(count: int) -> bytes:
        asked.append(count)
        return system_random(count)

    run(KeyServer(), exchange(rand=rand))
    # nonce, new_nonce, RSA_PAD (padding, and a temp_key for each try), b, padding of client_DH_inner_data.
    assert asked[:2] == [16, 32]
    assert set(asked[3:-2]) == {32}
    assert asked[-2] == 256
    assert asked[-1] == -(20 + 4 + 16 + 16 + 8 + 260) % 16
