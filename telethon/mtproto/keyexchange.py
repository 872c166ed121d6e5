"""How client and server agree on an auth_key, step by step, without a socket.

    client                                        server
    req_pq_multi(nonce)                     ->
                                            <-    resPQ(server_nonce, pq, fingerprints)
    req_DH_params(p, q, RSA(new_nonce ...)) ->
                                            <-    server_DH_params_ok(AES(g, dh_prime, g_a, server_time))
    set_client_DH_params(AES(g_b))          ->
                                            <-    dh_gen_ok, or dh_gen_retry: again with another b, or dh_gen_fail

Everybody on the way can change these messages, so each answer is checked completely before the next step: all nonces,
all hashes, the group and the public values. The first check that fails ends the exchange.

Source: https://core.telegram.org/mtproto/auth_key
Source: https://core.telegram.org/mtproto/security_guidelines
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from hashlib import sha1
from hmac import compare_digest
from struct import Struct, pack, unpack_from
from struct import error as StructError
from typing import NamedTuple

from telethon._core.clock import Instant
from telethon._core.rand import RandomBytes
from telethon.crypto.aes import AES
from telethon.crypto.dh import check_group, check_public
from telethon.crypto.factorization import Factorization
from telethon.crypto.kdf import tmp_aes_key_iv
from telethon.crypto.powers import power
from telethon.crypto.rsa import ServerKey, current_keys, get_byte_array, rsa_pad
from telethon.errors.common import LocalProtocolError, RemoteProtocolError, SecurityError
from telethon.mtproto.wire import LONG, UINT, read_bytes, read_long_vector, write_bytes

__all__ = ["Finished", "KeyExchange"]

REQ_PQ_MULTI = 0xBE7E8EF1
RES_PQ = 0x05162463
P_Q_INNER_DATA_DC = 0xA9F55F95
P_Q_INNER_DATA_TEMP_DC = 0x56FDDF88
REQ_DH_PARAMS = 0xD712E4BE
SERVER_DH_PARAMS_OK = 0xD0E8075C
SERVER_DH_PARAMS_FAIL = 0x79CB045D
SERVER_DH_INNER_DATA = 0xB5890DBA
CLIENT_DH_INNER_DATA = 0x6643B654
SET_CLIENT_DH_PARAMS = 0xF5045F1F
DH_GEN_OK = 0x3BCBF734
DH_GEN_RETRY = 0x46DC1FB9
DH_GEN_FAIL = 0xA69DAE02

MAX_TRIES = 5
"""So many b are tried with one g_a before everything starts again."""
MAX_RESTARTS = 5

_HEAD = Struct("<I16s16s")
_UNSIGNED = (1 << 64) - 1


class Finished(NamedTuple):
    """What both sides agreed on.

    Attributes:
        auth_key: the 256 bytes of the key.
        salt: the first server salt, as a signed number.
        time_offset: seconds to add to the wall clock to get the server's time.
    """

    auth_key: bytes
    salt: int
    time_offset: float

    def __repr__(self) -> str:
        return f"Finished(auth_key=<{len(self.auth_key)} bytes>, time_offset={self.time_offset})"


class _Group(NamedTuple):
    """What the server chose for this exchange, checked."""

    g: int
    p: int
    g_a: int


class KeyExchange:
    """One exchange, from the client's side.

    Bodies are what stands inside the unencrypted messages (see `telethon.mtproto.plain`). After an error the object is
    of no use: close the connection and begin with a new one.

    Args:
        dc_id: number of the data centre; 10000 more for a test one, negative for a media one.
        rand: where all nonces, secrets and paddings come from. It has to be the generator of the system.
        keys: the server keys that are trusted, by signed or unsigned fingerprint; by default all current ones that
            `telethon.crypto.rsa` knows.
        expires_in: seconds after which the key ends, for a temporary one; None for a permanent key.

    Example:
        >>> exchange = KeyExchange(dc_id=2, rand=system_random)
        >>> body = exchange.start()
        >>> while not isinstance(body, Finished):
        ...     body = exchange.feed(await ask(body), clock.now())
    """

    def __init__(
        self,
        *,
        dc_id: int,
        rand: RandomBytes,
        keys: Mapping[int, ServerKey] | None = None,
        expires_in: int | None = None,
    ) -> None:
        trusted = current_keys() if keys is None else keys
        self._keys = {fingerprint & _UNSIGNED: key for fingerprint, key in trusted.items()}
        self._dc_id = dc_id
        self._expires_in = expires_in
        self._rand = rand
        self._restarts = 0
        self._tries = 0
        self._expected: Callable[[bytes, Instant], bytes | Finished] | None = None
        self._nonce = self._server_nonce = self._new_nonce = b""
        self._group = _Group(0, 0, 0)
        self._auth_key = b""
        self._retry_id = 0
        self._time_offset = 0.0

    def start(self) -> bytes:
        """The body of the first message."""
        self._nonce = self._rand(16)
        self._retry_id = 0
        self._tries = 0
        self._expected = self._on_res_pq
        return UINT.pack(REQ_PQ_MULTI) + self._nonce

    def feed(self, body: bytes, now: Instant) -> bytes | Finished:
        """Take the answer to the last body.

        It computes for some tens of milliseconds, and for a second when the server uses another prime than usual, so
        run it in a thread.

        Args:
            body: what the server answered.
            now: the time at which it came.

        Returns:
            The next body to send, or what was agreed on.

        Raises:
            SecurityError: the answer fails a check, or is none to the last body (then a `RemoteProtocolError`).
            LocalProtocolError: the exchange was not started, has failed or is finished.
        """
        handler, self._expected = self._expected, None
        if handler is None:
            raise LocalProtocolError("This key exchange waits for no answer: it was not started, has failed or is over")
        try:
            return handler(body, now)
        except StructError as error:
            raise RemoteProtocolError("a message of the key exchange ends too early") from error

    def _on_res_pq(self, body: bytes, now: Instant) -> bytes:
        constructor, nonce, server_nonce = _HEAD.unpack_from(body)
        if constructor != RES_PQ:
            raise _unexpected(constructor)
        _check_equal(nonce, self._nonce, "nonce")
        pq, offset = read_bytes(body, _HEAD.size, len(body))
        fingerprints, offset = read_long_vector(body, offset, len(body))
        _check_end(body, offset)
        fingerprint, key = self._choose_key(fingerprints)
        if len(pq) > 8:
            raise RemoteProtocolError(f"pq has {len(pq)} bytes, which is more than the 8 it may have")
        p, q = (get_byte_array(prime) for prime in Factorization.factorize(int.from_bytes(pq, "big")))
        self._server_nonce = server_nonce
        self._new_nonce = self._rand(32)
        inner = write_bytes(pq) + write_bytes(p) + write_bytes(q) + nonce + server_nonce + self._new_nonce
        if self._expires_in is None:
            inner = pack("<I", P_Q_INNER_DATA_DC) + inner + pack("<i", self._dc_id)
        else:
            inner = pack("<I", P_Q_INNER_DATA_TEMP_DC) + inner + pack("<ii", self._dc_id, self._expires_in)
        self._expected = self._on_server_dh_params
        return b"".join(
            (
                _HEAD.pack(REQ_DH_PARAMS, nonce, server_nonce),
                write_bytes(p),
                write_bytes(q),
                LONG.pack(fingerprint),
                write_bytes(rsa_pad(inner, key, self._rand)),
            )
        )

    def _choose_key(self, fingerprints: tuple[int, ...]) -> tuple[int, ServerKey]:
        for fingerprint in fingerprints:
            key = self._keys.get(fingerprint & _UNSIGNED)
            if key is not None:
                return fingerprint, key
        raise SecurityError(
            "the server offers no key that this library trusts: it is not one of Telegram's, or its keys are newer "
            "than this version of the library"
        )

    def _on_server_dh_params(self, body: bytes, now: Instant) -> bytes:
        constructor = self._check_head(body)
        if constructor == SERVER_DH_PARAMS_FAIL:
            # The one hash that has no number and no part of the key in it.
            _check_equal(body[_HEAD.size :], sha1(self._new_nonce).digest()[4:20], "new_nonce_hash")
            return self._restart()
        if constructor != SERVER_DH_PARAMS_OK:
            raise _unexpected(constructor)
        encrypted, offset = read_bytes(body, _HEAD.size, len(body))
        _check_end(body, offset)
        answer = _open_answer(encrypted, *tmp_aes_key_iv(self._new_nonce, self._server_nonce))
        if self._check_head(answer) != SERVER_DH_INNER_DATA:
            raise RemoteProtocolError("the encrypted part of server_DH_params_ok is not server_DH_inner_data")
        (g,) = unpack_from("<i", answer, _HEAD.size)
        dh_prime, offset = read_bytes(answer, _HEAD.size + 4, len(answer))
        g_a, offset = read_bytes(answer, offset, len(answer))
        (server_time,) = unpack_from("<i", answer, offset)
        _check_end(answer, offset + 4)
        self._group = _Group(g, int.from_bytes(dh_prime, "big"), int.from_bytes(g_a, "big"))
        check_group(self._group.p, self._group.g)
        check_public(self._group.g_a, self._group.p, "g_a")
        self._time_offset = server_time - now.wall
        return self._client_dh_params()

    def _client_dh_params(self) -> bytes:
        g, p, g_a = self._group
        b = int.from_bytes(self._rand(256), "big")
        g_b = power(g, b, p)
        # Chance never gives a g_b outside of this range; a broken random source does.
        check_public(g_b, p, "g_b")
        self._tries += 1
        self._auth_key = power(g_a, b, p).to_bytes(256, "big")
        inner = b"".join(
            (
                _HEAD.pack(CLIENT_DH_INNER_DATA, self._nonce, self._server_nonce),
                LONG.pack(self._retry_id),
                write_bytes(get_byte_array(g_b)),
            )
        )
        hashed = sha1(inner).digest() + inner
        key, iv = tmp_aes_key_iv(self._new_nonce, self._server_nonce)
        encrypted = AES.encrypt_ige(hashed + self._rand(-len(hashed) % 16), key, iv)
        self._expected = self._on_dh_gen
        return _HEAD.pack(SET_CLIENT_DH_PARAMS, self._nonce, self._server_nonce) + write_bytes(encrypted)

    def _on_dh_gen(self, body: bytes, now: Instant) -> bytes | Finished:
        constructor = self._check_head(body)
        number = {DH_GEN_OK: 1, DH_GEN_RETRY: 2, DH_GEN_FAIL: 3}.get(constructor)
        if number is None:
            raise _unexpected(constructor)
        aux_hash = sha1(self._auth_key).digest()[:8]
        proof = sha1(self._new_nonce + bytes((number,)) + aux_hash).digest()[4:20]
        _check_equal(body[_HEAD.size :], proof, f"new_nonce_hash{number}")
        if constructor == DH_GEN_OK:
            return Finished(self._auth_key, self._first_salt(), self._time_offset)
        if constructor == DH_GEN_FAIL or self._tries >= MAX_TRIES:
            return self._restart()
        (self._retry_id,) = LONG.unpack(aux_hash)
        return self._client_dh_params()

    def _first_salt(self) -> int:
        (mine,) = LONG.unpack_from(self._new_nonce)
        (theirs,) = LONG.unpack_from(self._server_nonce)
        return int(mine ^ theirs)

    def _restart(self) -> bytes:
        self._restarts += 1
        if self._restarts > MAX_RESTARTS:
            raise RemoteProtocolError(f"the server refused to agree on a key {self._restarts} times")
        return self.start()

    def _check_head(self, data: bytes) -> int:
        """The constructor of a message whose nonces are right."""
        constructor, nonce, server_nonce = _HEAD.unpack_from(data)
        _check_equal(nonce, self._nonce, "nonce")
        _check_equal(server_nonce, self._server_nonce, "server_nonce")
        return int(constructor)


def _open_answer(encrypted: bytes, key: bytes, iv: bytes) -> bytes:
    """What stands between hash and padding in an encrypted answer.

    The padding has 0 to 15 bytes, and the hash says how many. So it is checked before anything is read.
    """
    if len(encrypted) % 16:
        raise RemoteProtocolError("the encrypted part of server_DH_params_ok does not consist of whole blocks")
    plain = AES.decrypt_ige(encrypted, key, iv)
    for padding in range(16):
        answer = plain[20 : len(plain) - padding]
        if answer and compare_digest(sha1(answer).digest(), plain[:20]):
            return answer
    raise RemoteProtocolError("the encrypted part of server_DH_params_ok does not have the hash that stands in it")


def _check_equal(got: bytes, wanted: bytes, name: str) -> None:
    if not compare_digest(got, wanted):
        raise RemoteProtocolError(f"{name} in the key exchange is not the right one; somebody may be in the middle")


def _check_end(data: bytes, offset: int) -> None:
    if offset != len(data):
        raise RemoteProtocolError("a message of the key exchange is longer than its content")


def _unexpected(constructor: int) -> RemoteProtocolError:
    return RemoteProtocolError(f"{constructor:08x} is not what has to follow in the key exchange")
