"""The server's steps of the key exchange.

    client                                   server
    req_pq_multi(nonce)                  ->
                                         <-  resPQ(nonce, server_nonce, pq, fingerprints)
    req_DH_params(.., RSA(inner data))   ->
                                         <-  server_DH_params_ok(.., AES(server_DH_inner_data))
    set_client_DH_params(.., AES(g_b))   ->
                                         <-  dh_gen_ok | dh_gen_retry | dh_gen_fail

Key derivation and RSA padding are written down here once more, on purpose: what both ends shared could be wrong at both
ends without anybody noticing.

Source: https://core.telegram.org/mtproto/auth_key
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha1, sha256
from typing import Any, Literal, NamedTuple, TypeAlias

from telethon._core.rand import RandomBytes
from telethon.crypto.aes import AES
from telethon.testing._rsakey import ServerRsaKey
from telethon.tl import _registry, functions, types
from telethon.tl.tlobject import TLObject

__all__ = ["DH_PRIME", "HandshakeError", "NewKey", "ServerKeyExchange", "UnfinishedExchanges"]

_MOST_UNFINISHED = 64
"""Most exchanges that are kept for other connections."""

DH_PRIME = int(
    "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F48198A0AA7C14058229493D22530F4DBFA336F6E0AC925139543"
    "AED44CCE7C3720FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F642477FE96BB2A941D5BCD1D4AC8CC49880708FA9B"
    "378E3C4F3A9060BEE67CF9A4A4A695811051907E162753B56B0F6B410DBA74D8A84B2A14B3144E0EF1284754FD17ED950D5965B4B9DD46582DB1"
    "178D169C6BC465B0D6FF9CA3928FEF5B9AE4E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F0D8115F635B105EE"
    "2E4E15D04B2454BF6F4FADF034B10403119CD8E3B92FCC5B",
    16,
)
"""The prime that Telegram uses."""

_G = 3
_OUR_BITS = 256
"""A short exponent is enough for a test server, and several times faster."""

_SMALLEST = 1 << 1984
_TEST_DC = 10000

_Edit: TypeAlias = Callable[[str, Any], Any]
Fate: TypeAlias = Literal["ok", "retry", "fail"]


class HandshakeError(Exception):
    """A step that cannot be answered.

    Args:
        rule: the rule that was broken; see `telethon.testing._strict.RULES`.
        detail: how.
    """

    def __init__(self, rule: str, detail: str) -> None:
        super().__init__(detail)
        self.rule = rule
        self.detail = detail


class NewKey(NamedTuple):
    """What a key exchange has made.

    Attributes:
        auth_key: the 256 bytes of the key.
        auth_key_id: its 8 bytes.
        salt: the first server salt.
        expires_in: seconds a temporary key lives, None for a permanent one.
    """

    auth_key: bytes
    auth_key_id: bytes
    salt: int
    expires_in: int | None

    def __repr__(self) -> str:
        return f"NewKey(auth_key_id={self.auth_key_id.hex()})"


class _Exchange:
    """The numbers of one exchange."""

    def __init__(self, nonce: int) -> None:
        self.awaits = "ReqPqMultiRequest"
        self.nonce = nonce
        self.server_nonce = 0
        self.new_nonce = b""
        self.pq = b""
        self.p = b""
        self.q = b""
        self.a = 0
        self.retry_id = 0
        self.expires_in: int | None = None

    @property
    def server_nonce_bytes(self) -> bytes:
        return self.server_nonce.to_bytes(16, "little", signed=True)


class UnfinishedExchanges:
    """The exchanges that go on over whichever connection their next step comes by, as they do over HTTP.

    Both nonces together tell which one it is. Only the latest are kept, since nobody says that he gave up.

    Source: https://core.telegram.org/mtproto/auth_key
    """

    def __init__(self) -> None:
        self._found: dict[tuple[int, int], _Exchange] = {}

    def add(self, exchange: _Exchange) -> None:
        """Know an exchange that has begun."""
        self._found[exchange.nonce, exchange.server_nonce] = exchange
        while len(self._found) > _MOST_UNFINISHED:
            del self._found[next(iter(self._found))]

    def get(self, nonce: int, server_nonce: int) -> _Exchange | None:
        """The exchange with these nonces."""
        return self._found.get((nonce, server_nonce))

    def discard(self, exchange: _Exchange) -> None:
        """Forget an exchange that has ended."""
        self._found.pop((exchange.nonce, exchange.server_nonce), None)


def _no_edit(_: str, value: Any) -> Any:
    return value


class ServerKeyExchange:
    """The key exchanges of one connection, one after another.

    Args:
        key: RSA key of the server.
        dc_id: data centre it is.
        rand: where random bytes come from.
        now: the time of the server.
        strict: only take RSA_PAD and inner data that name the data centre.
        is_known: whether there is a key of that id already.
        report: told of a rule that was broken without harm: name of the rule, and detail.
        edit: may change each answer, for tests; given the name of the step and the answer.
        fate: what becomes of the next key, for tests: `"ok"`, `"retry"` or `"fail"`.
        unfinished: where exchanges of other connections are found, and those of this one are left for them.
    """

    def __init__(
        self,
        key: ServerRsaKey,
        dc_id: int,
        *,
        rand: RandomBytes,
        now: Callable[[], int],
        strict: bool = False,
        is_known: Callable[[bytes], bool] = lambda _: False,
        report: Callable[[str, str], None] = lambda rule, detail: None,
        edit: _Edit = _no_edit,
        fate: Callable[[], Fate] = lambda: "ok",
        unfinished: UnfinishedExchanges | None = None,
    ) -> None:
        self._key = key
        self._dc_id = dc_id
        self._rand = rand
        self._now = now
        self._strict = strict
        self._is_known = is_known
        self._report = report
        self._edit = edit
        self._fate = fate
        self._unfinished = unfinished
        self._exchange: _Exchange | None = None

    def feed(self, body: bytes) -> tuple[bytes | None, NewKey | None]:
        """Take one step.

        Args:
            body: what the client says, without its envelope.

        Returns:
            The answer, None for silence; and the key, when this was the last step.

        Raises:
            HandshakeError: this is not what has to come now.
        """
        try:
            request, _ = _registry.read(body)
        except Exception as error:
            raise HandshakeError("handshake", f"an unencrypted message cannot be read: {error}") from error
        if isinstance(request, (functions.ReqPqMultiRequest, functions.ReqPqRequest)):
            return self._on_req_pq(request.nonce), None
        step = type(request).__name__
        exchange = self._exchange_of(request)
        expected = "ReqPqMultiRequest" if exchange is None else exchange.awaits
        if exchange is None or expected != step:
            raise HandshakeError("handshake", f"{step} came where {expected} must come")
        if request.nonce != exchange.nonce or request.server_nonce != exchange.server_nonce:
            raise HandshakeError("handshake", f"the nonces in {step} are not those of this exchange")
        if isinstance(request, functions.ReqDHParamsRequest):
            return self._on_req_dh_params(request, exchange), None
        return self._on_set_client_dh_params(request, exchange)

    def _exchange_of(self, request: Any) -> _Exchange | None:
        """The exchange that a step belongs to."""
        found: _Exchange | None = None
        if self._unfinished is not None and isinstance(
            request, (functions.ReqDHParamsRequest, functions.SetClientDHParamsRequest)
        ):
            found = self._unfinished.get(request.nonce, request.server_nonce)
        return found or self._exchange

    def _over(self, exchange: _Exchange) -> None:
        """An exchange has ended."""
        exchange.awaits = "ReqPqMultiRequest"
        self._exchange = None
        if self._unfinished is not None:
            self._unfinished.discard(exchange)

    def _finish(self, step: str, answer: TLObject) -> bytes | None:
        edited = self._edit(step, answer)
        return edited if edited is None or isinstance(edited, bytes) else bytes(edited)

    # -- first step --------------------------------------------------------------------------------------------------

    def _on_req_pq(self, nonce: int) -> bytes | None:
        exchange = self._exchange = _Exchange(nonce)
        exchange.server_nonce = int.from_bytes(self._rand(16), "little", signed=True)
        p = q = _random_prime(self._rand)
        while q == p:
            q = _random_prime(self._rand)
        exchange.p, exchange.q = (number.to_bytes(4, "big") for number in sorted((p, q)))
        exchange.pq = (p * q).to_bytes(8, "big")
        exchange.awaits = "ReqDHParamsRequest"
        if self._unfinished is not None:
            self._unfinished.add(exchange)
        answer = types.ResPQ(nonce, exchange.server_nonce, exchange.pq, [self._key.fingerprint])
        return self._finish("res_pq", answer)

    # -- second step -------------------------------------------------------------------------------------------------

    def _on_req_dh_params(self, request: functions.ReqDHParamsRequest, exchange: _Exchange) -> bytes | None:
        if request.public_key_fingerprint != self._key.fingerprint:
            raise HandshakeError("handshake", "req_DH_params names an RSA key that this server does not have")
        if (request.p, request.q) != (exchange.p, exchange.q):
            raise HandshakeError("handshake", "p and q in req_DH_params are not the factors of pq")
        inner = self._read_inner(request.encrypted_data)
        if inner.pq != exchange.pq or (inner.p, inner.q) != (exchange.p, exchange.q):
            raise HandshakeError("handshake", "pq, p and q in p_q_inner_data are not those of this exchange")
        if inner.nonce != exchange.nonce or inner.server_nonce != exchange.server_nonce:
            raise HandshakeError("handshake", "the nonces in p_q_inner_data are not those of this exchange")
        self._check_dc(inner)
        expires_in: int | None = getattr(inner, "expires_in", None)
        if expires_in is not None and expires_in <= 0:
            raise HandshakeError("handshake", f"a temporary key cannot live {expires_in} seconds")
        exchange.expires_in = expires_in
        exchange.new_nonce = inner.new_nonce.to_bytes(32, "little", signed=True)
        exchange.a = int.from_bytes(self._rand(_OUR_BITS // 8), "big") | 1 << (_OUR_BITS - 1)
        content = types.ServerDHInnerData(
            nonce=exchange.nonce,
            server_nonce=exchange.server_nonce,
            g=_G,
            dh_prime=DH_PRIME.to_bytes(256, "big"),
            g_a=pow(_G, exchange.a, DH_PRIME).to_bytes(256, "big"),
            server_time=self._now(),
        )
        serialized = self._finish("server_dh_inner", content) or b""
        answer: bytes = self._edit("server_dh_answer", self._with_hash(serialized))
        encrypted = AES.encrypt_ige(answer, *_tmp_key(exchange))
        exchange.awaits = "SetClientDHParamsRequest"
        return self._finish(
            "server_dh_params", types.ServerDHParamsOk(exchange.nonce, exchange.server_nonce, encrypted)
        )

    def _with_hash(self, data: bytes) -> bytes:
        hashed = sha1(data).digest() + data
        return hashed + self._rand(-len(hashed) % 16)

    def _read_inner(self, encrypted: bytes) -> Any:
        """The inner data, whichever way they were padded."""
        if len(encrypted) != 256:
            raise HandshakeError("rsa_pad", f"encrypted_data has 256 bytes, not {len(encrypted)}")
        if int.from_bytes(encrypted, "big") >= self._key.n:
            raise HandshakeError("rsa_pad", "encrypted_data is not less than the modulus of the RSA key")
        block = self._key.decrypt(encrypted)
        data = _rsa_unpad(block)
        if data is None:
            data = self._read_legacy(block)
        inner, _ = self._read_object(data)
        return inner

    def _read_legacy(self, block: bytes) -> bytes:
        """The inner data in the padding that was used before 2021: SHA1, data, random bytes."""
        if block[0] == 0:
            _, end = self._read_object(block[21:])
            if sha1(block[21 : 21 + end]).digest() == block[1:21]:
                self._complain("rsa_pad", "the inner data are padded the old way, and not by RSA_PAD")
                return block[21 : 21 + end]
        raise HandshakeError("rsa_pad", "the decrypted inner data do not fit their hash")

    def _read_object(self, data: bytes) -> tuple[Any, int]:
        try:
            inner, end = _registry.read(data)
        except Exception as error:
            raise HandshakeError("handshake", f"p_q_inner_data cannot be read: {error}") from error
        if not isinstance(
            inner, (types.PQInnerData, types.PQInnerDataDc, types.PQInnerDataTemp, types.PQInnerDataTempDc)
        ):
            raise HandshakeError("handshake", f"{type(inner).__name__} came where p_q_inner_data must come")
        return inner, end

    def _check_dc(self, inner: Any) -> None:
        dc: int | None = getattr(inner, "dc", None)
        if dc is None:
            self._complain("inner_data_dc", f"{type(inner).__name__} does not name the data centre")
        elif abs(dc) % _TEST_DC != self._dc_id:
            raise HandshakeError("inner_data_dc", f"the inner data are for data centre {dc}, this one is {self._dc_id}")

    def _complain(self, rule: str, detail: str) -> None:
        if self._strict:
            raise HandshakeError(rule, detail)
        self._report(rule, detail)

    # -- third step --------------------------------------------------------------------------------------------------

    def _on_set_client_dh_params(
        self, request: functions.SetClientDHParamsRequest, exchange: _Exchange
    ) -> tuple[bytes | None, NewKey | None]:
        encrypted = request.encrypted_data
        if not encrypted or len(encrypted) % 16:
            raise HandshakeError("handshake", f"encrypted_data of {len(encrypted)} bytes is no whole number of blocks")
        plain = AES.decrypt_ige(encrypted, *_tmp_key(exchange))
        try:
            inner, end = _registry.read(plain, 20)
        except Exception as error:
            raise HandshakeError("handshake", f"client_DH_inner_data cannot be read: {error}") from error
        if not isinstance(inner, types.ClientDHInnerData):
            raise HandshakeError("handshake", f"{type(inner).__name__} came where client_DH_inner_data must come")
        if sha1(plain[20:end]).digest() != plain[:20] or len(plain) - end > 15:
            raise HandshakeError("handshake", "client_DH_inner_data do not fit their hash, or have too much padding")
        if inner.nonce != exchange.nonce or inner.server_nonce != exchange.server_nonce:
            raise HandshakeError("handshake", "the nonces in client_DH_inner_data are not those of this exchange")
        if inner.retry_id != exchange.retry_id:
            raise HandshakeError("handshake", "retry_id is not the hash of the key that was refused")
        g_b = int.from_bytes(inner.g_b, "big")
        if not _SMALLEST <= g_b <= DH_PRIME - _SMALLEST:
            raise HandshakeError("handshake", "g_b is too near to 0 or to the prime")
        auth_key = pow(g_b, exchange.a, DH_PRIME).to_bytes(256, "big")
        return self._answer_key(auth_key, exchange)

    def _answer_key(self, auth_key: bytes, exchange: _Exchange) -> tuple[bytes | None, NewKey | None]:
        digest = sha1(auth_key).digest()
        both = exchange.nonce, exchange.server_nonce
        fate = self._fate()
        if fate == "fail":
            self._over(exchange)
            return self._finish("dh_gen", types.DhGenFail(*both, _nonce_hash(exchange, 3, digest))), None
        if fate == "retry" or self._is_known(digest[12:]):
            exchange.retry_id = int.from_bytes(digest[:8], "little", signed=True)
            return self._finish("dh_gen", types.DhGenRetry(*both, _nonce_hash(exchange, 2, digest))), None
        first = int.from_bytes(exchange.new_nonce[:8], "little")
        second = int.from_bytes(exchange.server_nonce_bytes[:8], "little")
        salt = int.from_bytes((first ^ second).to_bytes(8, "little"), "little", signed=True)
        self._over(exchange)
        made = NewKey(auth_key, digest[12:], salt, exchange.expires_in)
        return self._finish("dh_gen", types.DhGenOk(*both, _nonce_hash(exchange, 1, digest))), made


def _nonce_hash(exchange: _Exchange, number: int, key_digest: bytes) -> int:
    digest = sha1(exchange.new_nonce + bytes((number,)) + key_digest[:8]).digest()
    return int.from_bytes(digest[4:], "little", signed=True)


def _tmp_key(exchange: _Exchange) -> tuple[bytes, bytes]:
    """AES key and iv for both encrypted answers."""
    new, server = exchange.new_nonce, exchange.server_nonce_bytes
    middle = sha1(server + new).digest()
    key = sha1(new + server).digest() + middle[:12]
    return key, middle[12:] + sha1(new + new).digest() + new[:4]


def _rsa_unpad(block: bytes) -> bytes | None:
    """What RSA_PAD has packed, or None when the block was not made by it.

    Source: https://core.telegram.org/mtproto/auth_key#presenting-proof-of-work-server-authentication
    """
    encrypted = block[32:]
    mask = sha256(encrypted).digest()
    temp_key = bytes(a ^ b for a, b in zip(block[:32], mask))  # noqa: B905 - both have 32 bytes
    plain = AES.decrypt_ige(encrypted, temp_key, bytes(32))
    data = plain[:192][::-1]
    return data if sha256(temp_key + data).digest() == plain[192:] else None


def _random_prime(rand: RandomBytes) -> int:
    """A prime of 31 bits."""
    while True:
        number = int.from_bytes(rand(4), "big") & 0x3FFFFFFF | 0x40000001
        if _is_prime(number):
            return number


def _is_prime(number: int) -> bool:
    """Miller and Rabin's test; with these bases it is exact below 3 * 10^9."""
    odd = number - 1
    halvings = (odd & -odd).bit_length() - 1
    odd >>= halvings
    for base in (2, 3, 5, 7):
        x = pow(base, odd, number)
        if x in (1, number - 1):
            continue
        for _ in range(halvings - 1):
            x = x * x % number
            if x == number - 1:
                break
        else:
            return False
    return True
