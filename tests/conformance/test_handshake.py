"""The key exchange over real connections, with a server that breaks one rule at a time."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import rsakey
from fakeserver import FakeServer, Peer, key_id
from keyserver import KeyServer, P
from looplag import best_lag
from sendersetup import NEAREST, Setup
from slow import SLOW

from telethon._core.clock import Instant
from telethon._core.rand import system_random
from telethon.crypto import dh
from telethon.crypto.factorization import Factorization
from telethon.errors import SecurityError, SessionPasswordNeededError
from telethon.mtproto import plain
from telethon.mtproto.cipher import decrypt
from telethon.mtproto.keyexchange import Finished, KeyExchange
from telethon.mtproto.side import Side
from telethon.network import authenticator
from telethon.testing import TelegramTestServer
from telethon.tl import types

KEYS = {rsakey.KEY.fingerprint: rsakey.KEY}
LAG = 0.05
Edit = Callable[[Any], Any]
LOGGERS: Any = defaultdict(lambda: logging.getLogger("telethon.test"))


def flip(bit: int) -> Edit:
    return lambda value: value[: bit // 8] + bytes((value[bit // 8] ^ 1 << bit % 8,)) + value[bit // 8 + 1 :]


def always(value: Any) -> Edit:
    return lambda _: value


def padded(size: int) -> Edit:
    return lambda value: value + bytes(size)


NONCES = ("resPQ.nonce", "params.nonce", "params.server_nonce", "inner.nonce", "inner.server_nonce", "gen.nonce")
VALUES: dict[str, dict[str, Any]] = {
    "pq": {
        "zero": bytes(8),
        "one": b"\1",
        "two": b"\2",
        "even": (2 * 1000003).to_bytes(8, "big"),
        "prime": (2**61 - 1).to_bytes(8, "big"),
        "square": ((2**31 - 1) ** 2).to_bytes(8, "big"),
        "65 bits": (2**64 + 13).to_bytes(9, "big"),
        "256 bits": (2**255 + 1).to_bytes(32, "big"),
        "three primes": (1000003 * 1000033 * 10007).to_bytes(8, "big"),
    },
    "fingerprints": {"none": [], "unknown": [1, 2, 3]},
    "dh_prime": {
        "composite": P - 2,
        "even": P - 1,
        "2047 bits": P >> 1,
        "2049 bits": 2 * P + 1,
        "4096 bits": P * P,
        "smooth": 3**1292,
        "3^1291 * 5": 3**1291 * 5,
        "small": 23,
    },
    "g": {str(g): g for g in (-1, 0, 1, 2, 8, 12345)},
    "g_a": {
        "0": 0,
        "1": 1,
        "p - 1": P - 1,
        "p": P,
        "2^1984 - 1": 2**1984 - 1,
        "p - 2^1984 + 1": P - 2**1984 + 1,
    },
    "number": {"proof of another verdict": 2},
}
FAULTS: dict[str, tuple[str, Edit]] = {
    **{f"{name} bit {bit}": (name, flip(bit)) for name in (*NONCES, "gen.server_nonce") for bit in (0, 127)},
    **{f"{name} {case}": (name, always(value)) for name, cases in VALUES.items() for case, value in cases.items()},
    **{f"hash bit {bit}": ("inner.sha1", flip(bit)) for bit in (0, 159)},
    **{f"proof bit {bit}": ("gen.new_nonce_hash", flip(bit)) for bit in (0, 127)},
    **{f"padding {size}": ("padding", padded(size)) for size in (16, 32, 128, 256)},
    "answer of unfinished blocks": ("encrypted_answer", padded(1)),
}


def serve(server: FakeServer, make: Callable[[Peer], KeyServer]) -> None:
    """Let a strict server of key exchanges speak for another one, which then knows the keys."""
    exchanges: dict[Peer, KeyServer] = {}

    def on_plain(peer: Peer, packet: bytes) -> None:
        exchange = exchanges.get(peer) or exchanges.setdefault(peer, make(peer))
        answer = exchange.answer(plain.unpack(packet, Side.CLIENT)[1])
        server.new_keys[key_id(exchange.auth_key)] = exchange.auth_key
        server.send_plain(peer, answer)

    server.on_plain = on_plain


class Hostile:
    """Makes the key exchanges of a server wrong in one place. What comes after that answer is kept in `late`."""

    def __init__(self, server: FakeServer, name: str, change: Edit) -> None:
        self.spoiled: set[Peer] = set()
        self.late: list[bytes] = []

        def make(peer: Peer) -> KeyServer:
            def edit(where: str, value: Any) -> Any:
                if where != name:
                    return value
                self.spoiled.add(peer)
                return change(value)

            return KeyServer(edit=edit)

        serve(server, make)


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Hostile], None]]:
    """Tells which server to watch for bytes that come after the wrong answer."""
    watched: list[Hostile] = []
    data_received = Peer.data_received

    def watch(self: Peer, data: bytes) -> None:
        for hostile in watched:
            if self in hostile.spoiled:
                hostile.late.append(data)
        data_received(self, data)

    monkeypatch.setattr(Peer, "data_received", watch)
    yield watched.append
    watched.clear()


def test_R7_there_are_enough_faults() -> None:
    assert len(FAULTS) >= 50


@pytest.mark.parametrize(("name", "change"), FAULTS.values(), ids=list(FAULTS))
async def test_H1_H2_H3_H6_H7_H8_H9_H12_R7_after_a_wrong_answer_nothing_is_sent_and_no_key_kept(
    late: Callable[[Hostile], None], name: str, change: Edit
) -> None:
    kept: list[Any] = []
    async with Setup(LOGGERS, key=None, delay=0, retries=1, auth_key_callback=kept.append) as made:
        made.sender.rsa_keys = KEYS
        hostile = Hostile(made.server, name, change)
        late(hostile)
        before = time.perf_counter()
        with pytest.raises(SecurityError):
            await made.connect()
        assert time.perf_counter() - before < 5
        assert hostile.spoiled, "the fault did not happen"
        assert hostile.late == []
        assert not made.sender.auth_key
        assert kept == []
        assert not made.sender.is_connected()


async def test_H14_the_first_request_has_the_right_salt() -> None:
    async with Setup(LOGGERS, key=None) as made:
        made.sender.rsa_keys = KEYS
        exchange = KeyServer()
        serve(made.server, lambda peer: exchange)
        on_packet = made.server.on_packet
        salts: list[int] = []

        def look(peer: Peer, packet: bytes) -> None:
            if not plain.is_plain(packet):
                salts.append(decrypt(exchange.auth_key, packet, Side.CLIENT).salt)
            on_packet(peer, packet)

        made.server.on_packet = look  # type: ignore[method-assign]
        await made.connect()
        assert await made.ask() == NEAREST
        assert salts
        assert set(salts) == {exchange.salt}


async def test_H14_a_clean_log_in_is_never_refused_for_its_salt() -> None:
    async with TelegramTestServer(strict_handshake=True) as server:
        user = server.create_user("Ann", password="secret")
        client = server.client()
        await client.connect()
        await client.send_code_request(user.phone)
        with pytest.raises(SessionPasswordNeededError):
            await client.sign_in(user.phone, user.login_code())
        await client.sign_in(password="secret")
        assert (await client.get_me()).id == user.id
        await client.disconnect()
        assert server.stats.keys == 1
        assert server.stats.bad_messages == {}


# What a server sends that does not belong into a key exchange.
JUNK = {
    "encrypted": lambda: b"\1" * 56,
    "encrypted for nobody": lambda: system_random(24 + 64),
    "zeros": lambda: bytes(56),
}


@pytest.mark.parametrize("make", JUNK.values(), ids=list(JUNK))
async def test_H16_nothing_else_is_taken_for_an_update_during_the_exchange(make: Callable[[], bytes]) -> None:
    async with Setup(LOGGERS, key=None, delay=0, retries=1) as made:
        made.sender.rsa_keys = KEYS
        serve(made.server, lambda peer: KeyServer())
        send_plain = made.server.send_plain

        def with_junk(peer: Peer, body: bytes) -> None:
            peer.send_packet(make())
            send_plain(peer, body)

        made.server.send_plain = with_junk  # type: ignore[method-assign]
        try:
            await made.connect()
        except SecurityError:
            assert not made.sender.auth_key
        else:
            assert await made.ask() == NEAREST
        assert made.taken() == []


@pytest.mark.parametrize(
    "update",
    [types.UpdateShort(types.UpdateLoginToken(), None), types.Updates([types.UpdateConfig()], [], [], None, 0)],
)
async def test_H16_unencrypted_updates_reach_nobody(update: Any) -> None:
    async with Setup(LOGGERS, key=None, delay=0, retries=1) as made:
        made.sender.rsa_keys = KEYS
        made.server.on_plain = lambda peer, packet: made.server.send_plain(peer, bytes(update))
        with pytest.raises(SecurityError):
            await made.connect()
        assert made.taken() == []
        made.server.on_plain = None
        serve(made.server, lambda peer: KeyServer())
        await made.connect()
        # None comes later by the open way either: that ends the connection, and over the new one it is asked what
        # was missed.
        made.server.send_plain(made.server.peers[0], bytes(update))
        assert await asyncio.wait_for(made.ask(), 5) == NEAREST
        assert {type(one) for one in made.taken()} <= {types.UpdatesTooLong}


async def test_H11_I38_a_key_that_begins_with_zeros_works_over_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """One key in 256 begins with a zero byte; with it the first encrypted request has to be understood."""
    b = 3**1290
    base = pow(3, b, P)
    a, key = 1 << 2000, pow(base, 1 << 2000, P)
    while key >> 2040:
        a, key = a + 1, key * base % P
    rand: Callable[[int], bytes] = lambda count: b.to_bytes(256, "big") if count == 256 else system_random(count)  # noqa: E731
    monkeypatch.setattr(authenticator, "RANDOM", rand)
    async with Setup(LOGGERS, key=None) as made:
        made.sender.rsa_keys = KEYS
        exchange = KeyServer(edit=lambda name, value: a if name == "a" else value)
        serve(made.server, lambda peer: exchange)
        await made.connect()
        assert made.sender.auth_key.key == exchange.auth_key
        assert len(exchange.auth_key) == 256
        assert exchange.auth_key[0] == 0
        assert await asyncio.wait_for(made.ask(), 5) == NEAREST
        assert made.server.accepted == 1


# -- what it costs -----------------------------------------------------------------------------------------------------


class Answers:
    """Stands for a sender whose server is inside the process."""

    def __init__(self, server: KeyServer) -> None:
        self.server = server
        self.clock = self

    def now(self) -> Instant:
        return Instant(time.time(), time.monotonic())

    async def exchange(self, body: bytes) -> bytes:
        # The server of the tests is slow, which is not what is measured here.
        return await asyncio.get_running_loop().run_in_executor(None, self.server.answer, body)


def test_H2_honest_numbers_are_factored_within_100_ms() -> None:
    from telethon.testing.keyexchange import _random_prime

    times: list[float] = []
    for _ in range(200):
        p, q = _random_prime(system_random), _random_prime(system_random)
        before = time.thread_time()
        if p != q:
            assert Factorization.factorize(p * q) == tuple(sorted((p, q)))
        times.append(time.thread_time() - before)
    assert sorted(times)[int(len(times) * 0.99)] < 0.1


@pytest.mark.parametrize(
    "pq", [0, 1, 2, 2 * 1000003, 2**61 - 1, (2**31 - 1) ** 2, 2**64 + 13, 2**255 + 1], ids=lambda pq: f"{pq:x}"[:8]
)
def test_H2_bad_numbers_are_refused_within_50_ms(pq: int) -> None:
    before = time.thread_time()
    with pytest.raises(SecurityError):
        Factorization.factorize(pq)
    assert time.thread_time() - before < 0.05


async def exchanged(server: KeyServer) -> Finished:
    return await authenticator.exchange_keys(Answers(server), dc_id=2, keys=KEYS)  # type: ignore[arg-type]


async def test_H2_H7_R14_the_loop_goes_on_during_the_exchange() -> None:
    assert await best_lag(lambda: exchanged(KeyServer()), LAG) < LAG


# RFC 3526, group 14: a safe prime that is not the one of Telegram.
RFC3526 = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B"
    "302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6"
    "49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D"
    "670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AACAA68FFFFFFFFFFFFFFFF",
    16,
)


def test_H7_another_safe_prime_takes_less_than_a_second_and_a_half_once() -> None:
    dh.is_safe_prime.cache_clear()
    before = time.thread_time()
    assert dh.is_safe_prime(RFC3526)
    first = time.thread_time() - before
    assert first < 1.5
    before = time.thread_time()
    dh.check_group(RFC3526, 4)
    assert time.thread_time() - before < 0.001, "it was remembered"


async def test_H7_R14_the_loop_goes_on_while_another_prime_is_proven() -> None:
    async def prove() -> None:
        dh.is_safe_prime.cache_clear()
        server = KeyServer(edit=lambda name, value: {"dh_prime": RFC3526, "g": 2}.get(name, value))
        with pytest.raises((SecurityError, AssertionError)):
            # The server goes on with its own prime, so that it does not understand what comes then.
            await exchanged(server)
        assert dh.is_safe_prime.cache_info().currsize == 1

    assert await best_lag(prove, LAG) < LAG


@pytest.mark.timeout(900 if SLOW else 60)
def test_H10_every_exchange_has_a_g_b_of_its_own() -> None:
    server = KeyServer()
    rounds = 1000 if SLOW else 40
    for _ in range(rounds):
        client = KeyExchange(dc_id=2, rand=system_random, keys=KEYS)
        body: bytes | Finished = client.start()
        while not isinstance(body, Finished):
            body = client.feed(server.answer(body), Instant(0.0, 0.0))
    assert len(set(server.g_bs)) == rounds
