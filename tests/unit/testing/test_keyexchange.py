from __future__ import annotations

from collections.abc import Callable
from hashlib import sha1
from random import Random
from typing import Any

import pytest
from rawclient import RawClient

from telethon._core.clock import Instant
from telethon._core.rand import RandomBytes, system_random
from telethon.crypto.aes import AES
from telethon.crypto.dh import KNOWN_PRIME, check_group
from telethon.crypto.rsa import ServerKey
from telethon.errors.common import RemoteProtocolError
from telethon.mtproto.keyexchange import Finished, KeyExchange
from telethon.testing import keyexchange
from telethon.testing._rsakey import TEST_KEY
from telethon.testing.keyexchange import DH_PRIME, HandshakeError, ServerKeyExchange, UnfinishedExchanges
from telethon.tl import _registry, functions, types

NOW = Instant(1_700_000_000.0, 1_000.0)
KEYS = {TEST_KEY.fingerprint: ServerKey(TEST_KEY.n, TEST_KEY.e)}


class Exchange:
    """Both ends, with a place in between where a test changes what is said."""

    def __init__(
        self, *, expires_in: int | None = None, dc_id: int = 2, rand: RandomBytes = system_random, **kwargs: Any
    ) -> None:
        self.reports: list[str] = []
        self.server = ServerKeyExchange(
            TEST_KEY,
            2,
            rand=rand,
            now=lambda: int(NOW.wall),
            report=lambda rule, _: self.reports.append(rule),
            **kwargs,
        )
        self.client = KeyExchange(dc_id=dc_id, rand=rand, keys=KEYS, expires_in=expires_in)

    def run(self, change: Callable[[Any], Any] = lambda request: None) -> tuple[Finished, Any]:
        """Let them talk; `change` may change each request of the client."""
        made = None
        step: Any = self.client.start()
        for _ in range(40):
            request, _end = _registry.read(step)
            changed = change(request)
            answer, made = self.server.feed(step if changed is None else bytes(changed))
            assert answer is not None
            step = self.client.feed(answer, NOW)
            if isinstance(step, Finished):
                return step, made
        raise AssertionError("it does not end")


def test_both_ends_agree() -> None:
    exchange = Exchange(strict=True)
    finished, made = exchange.run()
    assert finished.auth_key == made.auth_key
    assert finished.salt == made.salt
    assert finished.time_offset == 0
    assert made.auth_key_id == sha1(made.auth_key).digest()[12:]
    assert made.expires_in is None
    assert made.auth_key.hex() not in repr(made)
    assert exchange.reports == []


def test_the_prime_is_the_one_of_telegram_and_the_generator_fits() -> None:
    assert DH_PRIME == KNOWN_PRIME
    check_group(DH_PRIME, keyexchange._G)


def test_several_exchanges_over_one_connection_give_several_keys() -> None:
    exchange = Exchange()
    _, first = exchange.run()
    exchange.client = KeyExchange(dc_id=2, rand=system_random, keys=KEYS)
    finished, second = exchange.run()
    assert finished.auth_key == second.auth_key != first.auth_key


@pytest.mark.parametrize("expires_in", [1, 86400])
def test_H17_temporary_keys_carry_their_time(expires_in: int) -> None:
    finished, made = Exchange(expires_in=expires_in, strict=True).run()
    assert made.expires_in == expires_in
    assert finished.auth_key == made.auth_key


@pytest.mark.parametrize("dc_id", [2, -2, 10002, -10002])
def test_H5_test_and_media_data_centres_are_known(dc_id: int) -> None:
    Exchange(dc_id=dc_id, strict=True).run()


@pytest.mark.parametrize("dc_id", [1, 10003, -4, 0])
def test_H5_inner_data_for_another_data_centre_are_refused(dc_id: int) -> None:
    with pytest.raises(HandshakeError, match="data centre") as caught:
        Exchange(dc_id=dc_id).run()
    assert caught.value.rule == "inner_data_dc"


@pytest.mark.parametrize("times", [1, 2, 4])
def test_H13_a_retry_wants_another_key(times: int) -> None:
    fates = ["retry"] * times + ["ok"]
    finished, made = Exchange(fate=lambda: fates.pop(0)).run()
    assert finished.auth_key == made.auth_key
    assert fates == []


def test_H13_a_failure_starts_again() -> None:
    fates = ["fail", "ok"]
    finished, made = Exchange(fate=lambda: fates.pop(0)).run()
    assert finished.auth_key == made.auth_key


def test_H13_retry_id_is_checked() -> None:
    exchange = Exchange(fate=lambda: "retry")
    client = exchange.client
    step: Any = client.start()
    while not client._retry_id:
        answer, _made = exchange.server.feed(step)
        assert answer is not None
        step = client.feed(answer, NOW)
    client._retry_id ^= 1
    with pytest.raises(HandshakeError, match="retry_id"):
        exchange.server.feed(client._client_dh_params())


def test_a_key_that_is_known_is_refused_with_a_retry() -> None:
    known = [True, False]
    finished, made = Exchange(is_known=lambda _: known.pop(0)).run()
    assert finished.auth_key == made.auth_key
    assert known == []


# -- what a client may do wrong --------------------------------------------------------------------------------------


def _flip(*names: str) -> Callable[[Any], Any]:
    def change(request: Any) -> Any:
        for name in names:
            if name in vars(request) and not isinstance(request, functions.ReqPqMultiRequest):
                value = getattr(request, name)
                setattr(request, name, value ^ 1 if isinstance(value, int) else bytes((value[0] ^ 1,)) + value[1:])
        return request

    return change


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("nonce", "nonces"),
        ("server_nonce", "nonces"),
        ("p", "factors"),
        ("q", "factors"),
        ("public_key_fingerprint", "RSA key"),
        ("encrypted_data", "hash|modulus"),
    ],
)
def test_H1_every_field_of_req_dh_params_is_checked(name: str, message: str) -> None:
    with pytest.raises(HandshakeError, match=message):
        # With other random bytes, one encrypted block of 256 decrypts to what looks like the old padding.
        Exchange(rand=Random(1).randbytes).run(_flip(name))


def _only(cls: type, change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda request: change(request) if isinstance(request, cls) else None


@pytest.mark.parametrize("name", ["nonce", "server_nonce", "encrypted_data"])
def test_H1_every_field_of_set_client_dh_params_is_checked(name: str) -> None:
    with pytest.raises(HandshakeError):
        Exchange().run(_only(functions.SetClientDHParamsRequest, _flip(name)))


@pytest.mark.parametrize("data", [b"", bytes(15), bytes(16), bytes(336)])
def test_the_encrypted_data_of_the_last_step_have_to_be_readable(data: bytes) -> None:
    def change(request: Any) -> Any:
        request.encrypted_data = data
        return request

    with pytest.raises(HandshakeError, match=r"client_DH_inner_data|blocks"):
        Exchange().run(_only(functions.SetClientDHParamsRequest, change))


@pytest.mark.parametrize("g_b", [0, 1, DH_PRIME - 1, (1 << 1984) - 1, DH_PRIME - (1 << 1984) + 1])
def test_H9_g_b_has_to_be_within_bounds(g_b: int) -> None:
    exchange = Exchange()

    def inner(state: Any) -> bytes:
        content = bytes(types.ClientDHInnerData(state.nonce, state.server_nonce, 0, g_b.to_bytes(256, "big")))
        hashed = sha1(content).digest() + content
        return AES.encrypt_ige(hashed + bytes(-len(hashed) % 16), *keyexchange._tmp_key(state))

    def change(request: Any) -> Any:
        request.encrypted_data = inner(exchange.server._exchange)
        return request

    with pytest.raises(HandshakeError, match="g_b"):
        exchange.run(_only(functions.SetClientDHParamsRequest, change))


def test_H6_too_much_padding_is_refused() -> None:
    exchange = Exchange()

    def change(request: Any) -> Any:
        key = keyexchange._tmp_key(exchange.server._exchange)  # type: ignore[arg-type]
        request.encrypted_data = AES.encrypt_ige(AES.decrypt_ige(request.encrypted_data, *key) + bytes(16), *key)
        return request

    with pytest.raises(HandshakeError, match="padding"):
        exchange.run(_only(functions.SetClientDHParamsRequest, change))


def _legacy(exchange: Exchange, cls: type, *more: int) -> Callable[[Any], Any]:
    """Encrypt inner data as clients did before 2021."""

    def change(request: Any) -> Any:
        state = exchange.server._exchange
        assert state is not None
        new_nonce = int.from_bytes(exchange.client._new_nonce, "little", signed=True)
        inner = bytes(cls(state.pq, state.p, state.q, state.nonce, state.server_nonce, new_nonce, *more))
        block = sha1(inner).digest() + inner
        block += system_random(255 - len(block))
        number = pow(int.from_bytes(block, "big"), TEST_KEY.e, TEST_KEY.n)
        request.encrypted_data = number.to_bytes(256, "big")
        return request

    return _only(functions.ReqDHParamsRequest, change)


@pytest.mark.parametrize(
    ("cls", "more", "reports"),
    [
        (types.PQInnerData, (), ["rsa_pad", "inner_data_dc"]),
        (types.PQInnerDataDc, (2,), ["rsa_pad"]),
        (types.PQInnerDataTemp, (60,), ["rsa_pad", "inner_data_dc"]),
        (types.PQInnerDataTempDc, (2, 60), ["rsa_pad"]),
    ],
)
def test_H4_the_old_padding_is_taken_and_reported(cls: type, more: tuple[int, ...], reports: list[str]) -> None:
    exchange = Exchange()
    finished, made = exchange.run(_legacy(exchange, cls, *more))
    assert finished.auth_key == made.auth_key
    assert exchange.reports == reports


def test_H4_a_strict_server_refuses_the_old_padding() -> None:
    exchange = Exchange(strict=True)
    with pytest.raises(HandshakeError, match="old way") as caught:
        exchange.run(_legacy(exchange, types.PQInnerDataDc, 2))
    assert caught.value.rule == "rsa_pad"


@pytest.mark.parametrize("field", ["nonce", "server_nonce"])
def test_H1_the_nonces_in_the_inner_data_are_checked(field: str) -> None:
    exchange = Exchange()

    def change(request: Any) -> Any:
        state = exchange.server._exchange
        assert state is not None
        values = {"nonce": state.nonce, "server_nonce": state.server_nonce}
        values[field] ^= 1
        inner = bytes(types.PQInnerDataDc(state.pq, state.p, state.q, **values, new_nonce=5, dc=2))
        request.encrypted_data = _encrypt_legacy(inner)
        return request

    with pytest.raises(HandshakeError, match="nonces in p_q_inner_data"):
        exchange.run(_only(functions.ReqDHParamsRequest, change))


def _encrypt_legacy(inner: bytes) -> bytes:
    block = sha1(inner).digest() + inner
    block += system_random(255 - len(block))
    return pow(int.from_bytes(block, "big"), TEST_KEY.e, TEST_KEY.n).to_bytes(256, "big")


@pytest.mark.parametrize(
    ("encrypted", "message"),
    [
        (bytes(255), "256 bytes"),
        (bytes(257), "256 bytes"),
        (b"\xff" * 256, "modulus"),
        (_encrypt_legacy(bytes(types.InputUserSelf())), "InputUserSelf came"),
        (_encrypt_legacy(b"1234"), "cannot be read"),
    ],
)
def test_H4_encrypted_data_have_to_be_readable(encrypted: bytes, message: str) -> None:
    def change(request: Any) -> Any:
        request.encrypted_data = encrypted
        return request

    with pytest.raises(HandshakeError, match=message):
        Exchange().run(_only(functions.ReqDHParamsRequest, change))


def test_H4_the_hash_in_the_old_padding_is_checked() -> None:
    exchange = Exchange()

    def change(request: Any) -> Any:
        state = exchange.server._exchange
        assert state is not None
        inner = bytes(types.PQInnerDataDc(state.pq, state.p, state.q, state.nonce, state.server_nonce, 5, 2))
        block = bytes(20) + inner + bytes(235 - len(inner))
        request.encrypted_data = pow(int.from_bytes(block, "big"), TEST_KEY.e, TEST_KEY.n).to_bytes(256, "big")
        return request

    with pytest.raises(HandshakeError, match="hash"):
        exchange.run(_only(functions.ReqDHParamsRequest, change))


@pytest.mark.parametrize("field", ["nonce", "server_nonce", ""])
def test_H1_the_content_of_the_last_step_is_checked(field: str) -> None:
    exchange = Exchange()

    def change(request: Any) -> Any:
        state = exchange.server._exchange
        assert state is not None
        inner: Any = types.ClientDHInnerData(state.nonce, state.server_nonce, 0, b"")
        if field:
            setattr(inner, field, 1)
        else:
            inner = types.InputUserSelf()
        hashed = sha1(bytes(inner)).digest() + bytes(inner)
        key = keyexchange._tmp_key(state)
        request.encrypted_data = AES.encrypt_ige(hashed + bytes(-len(hashed) % 16), *key)
        return request

    with pytest.raises(HandshakeError, match=r"nonces in client|InputUserSelf came"):
        exchange.run(_only(functions.SetClientDHParamsRequest, change))


@pytest.mark.parametrize("seconds", [0, -1])
def test_H17_temporary_keys_have_to_live(seconds: int) -> None:
    exchange = Exchange()
    with pytest.raises(HandshakeError, match="cannot live"):
        exchange.run(_legacy(exchange, types.PQInnerDataTempDc, 2, seconds))


def test_inner_data_of_another_exchange_are_refused() -> None:
    other = Exchange()
    exchange = Exchange()

    def steal(request: Any) -> Any:
        if isinstance(request, functions.ReqDHParamsRequest):
            other.client.start()
            nonce = other.client._nonce
            answer, _ = other.server.feed(
                bytes(functions.ReqPqMultiRequest(int.from_bytes(nonce, "little", signed=True)))
            )
            stolen, _ = _registry.read(other.client.feed(answer, NOW))  # type: ignore[arg-type]
            request.encrypted_data = stolen.encrypted_data
        return request

    with pytest.raises(HandshakeError, match="pq, p and q"):
        exchange.run(steal)


@pytest.mark.parametrize(
    "body",
    [
        bytes(functions.ReqDHParamsRequest(1, 2, b"", b"", 0, b"")),
        bytes(functions.SetClientDHParamsRequest(1, 2, b"")),
        bytes(types.InputUserSelf()),
        b"1234",
        b"",
    ],
)
def test_only_req_pq_can_come_first(body: bytes) -> None:
    with pytest.raises(HandshakeError):
        Exchange().server.feed(body)


def test_the_old_req_pq_is_answered_too() -> None:
    answer, _ = Exchange().server.feed(bytes(functions.ReqPqRequest(5)))
    res_pq, _ = _registry.read(answer)
    assert res_pq.nonce == 5
    pq = int.from_bytes(res_pq.pq, "big")
    assert pq.bit_length() <= 63


# -- changes for tests -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["res_pq", "server_dh_inner", "server_dh_answer", "server_dh_params", "dh_gen"])
def test_each_answer_can_be_changed(step: str) -> None:
    seen: list[str] = []

    def edit(name: str, answer: Any) -> Any:
        seen.append(name)
        if name == step:
            if isinstance(answer, bytes):
                return bytes(len(answer))
            answer.nonce ^= 1
        return answer

    with pytest.raises(RemoteProtocolError):
        Exchange(edit=edit).run()
    assert step in seen
    assert "dh_gen" not in seen[:-1]


def test_an_answer_can_be_silence() -> None:
    exchange = Exchange(edit=lambda name, answer: None if name == "res_pq" else answer)
    assert exchange.server.feed(exchange.client.start()) == (None, None)


# -- over a connection -----------------------------------------------------------------------------------------------


async def test_a_key_made_over_a_connection_works(serve: Any) -> None:
    server = await serve(strict_handshake=True)
    client = RawClient(server)
    client.connect()
    exchange = KeyExchange(dc_id=2, rand=system_random, keys=KEYS)
    step: Any = exchange.start()
    while not isinstance(step, Finished):
        client.send_plain(step)
        await client.turn()
        step = exchange.feed(client.plain.pop(), NOW)
    client.auth_key = step.auth_key
    client.salt = step.salt
    client.send(client.init())
    await client.turn()
    assert len(client.results()) == 1
    assert server.stats.bad_messages == {}
    assert server.stats.keys == 1
    assert not server.violations


@pytest.mark.parametrize("low", [1, 2, 3])
async def test_msg_id_of_an_unencrypted_message_is_divisible_by_4(serve: Any, low: int) -> None:
    server = await serve()
    client = RawClient(server)
    client.connect()
    client.send_plain(bytes(functions.ReqPqMultiRequest(5)), client.new_msg_id() + low)
    await client.turn()
    assert client.plain == []
    assert client.errors == [404]
    assert [violation.rule for violation in server.violations] == ["handshake"]


def test_primes() -> None:
    numbers = [n for n in range(2, 2000) if all(n % d for d in range(2, int(n**0.5) + 1))]
    assert [n for n in range(9, 2000) if keyexchange._is_prime(n)] == numbers[4:]
    for _ in range(20):
        prime = keyexchange._random_prime(system_random)
        assert prime.bit_length() == 31
        assert all(prime % d for d in range(2, int(prime**0.5) + 1))


# -- exchanges that change their connection ----------------------------------------------------------------------------


def ends(number: int, unfinished: UnfinishedExchanges | None) -> list[ServerKeyExchange]:
    return [
        ServerKeyExchange(TEST_KEY, 2, rand=system_random, now=lambda: int(NOW.wall), unfinished=unfinished)
        for _ in range(number)
    ]


def test_each_step_may_come_by_another_connection() -> None:
    first, second, third = ends(3, UnfinishedExchanges())
    client = KeyExchange(dc_id=2, rand=system_random, keys=KEYS, expires_in=60)
    other = KeyExchange(dc_id=2, rand=system_random, keys=KEYS, expires_in=None)
    step: Any = client.start()
    others: Any = other.start()
    # Another exchange goes on between each two steps.
    for server, meanwhile in ((first, first), (second, first), (third, second)):
        answer, made = server.feed(step)
        assert answer is not None
        step = client.feed(answer, NOW)
        answer, made_too = meanwhile.feed(others)
        assert answer is not None
        others = other.feed(answer, NOW)
    assert made is not None
    assert made_too is not None
    assert (step.auth_key, others.auth_key) == (made.auth_key, made_too.auth_key)
    assert (made.expires_in, made_too.expires_in) == (60, None)


def test_a_step_by_another_connection_is_refused_where_there_is_only_one() -> None:
    first, second = ends(2, None)
    client = KeyExchange(dc_id=2, rand=system_random, keys=KEYS, expires_in=None)
    answer, _ = first.feed(client.start())
    assert answer is not None
    with pytest.raises(HandshakeError, match="ReqDHParamsRequest came where ReqPqMultiRequest must come"):
        second.feed(client.feed(answer, NOW))  # type: ignore[arg-type]


def test_an_exchange_that_has_ended_cannot_be_taken_up_again() -> None:
    servers = ends(2, UnfinishedExchanges())
    client = KeyExchange(dc_id=2, rand=system_random, keys=KEYS, expires_in=None)
    step: Any = client.start()
    sent: list[bytes] = []
    while not isinstance(step, Finished):
        sent.append(step)
        answer, _ = servers[0].feed(step)
        assert answer is not None
        step = client.feed(answer, NOW)
    for server in servers:
        with pytest.raises(HandshakeError, match="SetClientDHParamsRequest came where ReqPqMultiRequest must come"):
            server.feed(sent[-1])


def test_exchanges_that_nobody_finishes_do_not_pile_up() -> None:
    (server,) = ends(1, unfinished := UnfinishedExchanges())
    for nonce in range(1, 1_000):
        server.feed(bytes(functions.ReqPqMultiRequest(nonce)))
    assert len(unfinished._found) == keyexchange._MOST_UNFINISHED
    assert {nonce for nonce, _ in unfinished._found} == set(range(936, 1_000))
