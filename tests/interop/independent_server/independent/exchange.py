"""The making of an auth_key, from the side of the server.

Source: https://core.telegram.org/mtproto/auth_key
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from independent.ciphers import ige_decrypt, ige_encrypt, sha1
from independent.envelope import AuthKey
from independent.quirks import ExchangeQuirks
from independent.rsakey import NotPadded, RsaKey
from independent.tl import Object, Reader, dump

PRIME = int(
    "C71CAEB9C6B1C9048E6C522F70F13F73980D40238E3E21C14934D037563D930F48198A0AA7C14058229493D22530F4DB"
    "FA336F6E0AC925139543AED44CCE7C3720FD51F69458705AC68CD4FE6B6B13ABDC9746512969328454F18FAF8C595F64"
    "2477FE96BB2A941D5BCD1D4AC8CC49880708FA9B378E3C4F3A9060BEE67CF9A4A4A695811051907E162753B56B0F6B41"
    "0DBA74D8A84B2A14B3144E0EF1284754FD17ED950D5965B4B9DD46582DB1178D169C6BC465B0D6FF9CA3928FEF5B9AE4"
    "E418FC15E83EBEA0F87FA9FF5EED70050DED2849F47BF959D956850CE929851F0D8115F635B105EE2E4E15D04B2454BF"
    "6F4FADF034B10403119CD8E3B92FCC5B",
    16,
)


class Refused(Exception):
    """The client asked for something wrong; real servers answer with -404."""


class Exchange:
    """One run of the protocol on one connection."""

    def __init__(self, keys: list[RsaKey], dc_id: int, quirks: ExchangeQuirks, now: Callable[[], float]) -> None:
        self.keys = {key.fingerprint: key for key in keys}
        self.dc_id = dc_id
        self.quirks = quirks
        self.now = now
        self.key: AuthKey | None = None
        self.salt = 0
        self.is_temporary = False
        self.expires_in = 0
        self.used_old_rsa = False
        self.nonces: Object = {}
        self.new_nonce = b""
        self.retry_id = 0
        self.secret = 0
        self.said_dc: int | None = None

    def answer(self, request: Object) -> Object:
        """What the server says to a request of the exchange."""
        name = request["_"]
        if name in ("req_pq", "req_pq_multi"):
            return self._res_pq(request)
        if not self.nonces or any(request.get(one) != value for one, value in self.nonces.items()):
            raise Refused("the nonces are not those of this run")
        if name == "req_DH_params":
            return self._params(request)
        if name == "set_client_DH_params" and self.secret:
            return self._done(request)
        raise Refused(f"{name} was not to come")

    def _res_pq(self, request: Object) -> Object:
        self.nonces = {"nonce": request["nonce"], "server_nonce": secrets.token_bytes(16)}
        p, q = self.quirks.pq
        product = p * q
        made = {
            "_": "resPQ",
            **self.nonces,
            "pq": product.to_bytes((product.bit_length() + 7) // 8 or 1, "big"),
            "server_public_key_fingerprints": self.quirks.fingerprints(list(self.keys)),
        }
        changed: Object = self.quirks.change("resPQ", made)
        return changed

    def _inner(self, request: Object) -> Object:
        key = self.keys.get(request["public_key_fingerprint"])
        if key is None:
            raise Refused("that key is not ours")
        try:
            reader = Reader(key.unpad(request["encrypted_data"]))
            inner: Object = reader.object()
        except NotPadded:
            if not self.quirks.accept_old_rsa:
                raise
            digest, data = key.unpad_old(request["encrypted_data"])
            reader = Reader(data)
            inner = reader.object()
            if sha1(data[: reader.at]) != digest:
                raise Refused("the hash of the inner data is wrong") from None
            self.used_old_rsa = True
        return inner

    def _params(self, request: Object) -> Object:
        inner = self._inner(request)
        p, q = sorted(self.quirks.pq)
        numbers = [int.from_bytes(one, "big") for one in (request["p"], request["q"], inner["p"], inner["q"])]
        if numbers != [p, q, p, q] or int.from_bytes(inner["pq"], "big") != p * q:
            raise Refused("the factors are wrong")
        if any(inner[one] != value for one, value in self.nonces.items()):
            raise Refused("the nonces of the inner data are wrong")
        if "dc" in inner:
            self.said_dc = inner["dc"]
            if abs(inner["dc"]) % 10000 != self.dc_id:
                raise Refused(f"the key is for data centre {inner['dc']}, this is {self.dc_id}")
        self.is_temporary = "expires_in" in inner
        self.expires_in = inner.get("expires_in", 0)
        self.new_nonce = inner["new_nonce"]
        if self.quirks.params_fail:
            self.quirks.params_fail -= 1
            right = sha1(self.new_nonce)[4:20]
            wrong = bytes(16)
            digest = right if self.quirks.params_fail_right else wrong
            return {"_": "server_DH_params_fail", **self.nonces, "new_nonce_hash": digest}
        self.secret = secrets.randbits(2048)
        answer = {
            "_": "server_DH_inner_data",
            **self.nonces,
            "g": self.quirks.g,
            "dh_prime": PRIME.to_bytes(256, "big"),
            "g_a": pow(self.quirks.g, self.secret, PRIME).to_bytes(256, "big"),
            "server_time": int(self.now()),
        }
        data = dump(self.quirks.change("inner", answer))
        digest = self.quirks.change("answer_hash", sha1(data))
        least = -(20 + len(data)) % 16
        count = least if self.quirks.answer_padding is None else self.quirks.answer_padding
        encrypted = ige_encrypt(digest + data + secrets.token_bytes(count), *self._temporary())
        made = {"_": "server_DH_params_ok", **self.nonces, "encrypted_answer": encrypted}
        changed: Object = self.quirks.change("params", made)
        return changed

    def _temporary(self) -> tuple[bytes, bytes]:
        new, server = self.new_nonce, self.nonces["server_nonce"]
        a, b, c = sha1(new, server), sha1(server, new), sha1(new, new)
        return a + b[:12], b[12:] + c + new[:4]

    def _done(self, request: Object) -> Object:
        plain = ige_decrypt(request["encrypted_data"], *self._temporary())
        reader = Reader(plain[20:])
        inner: Object = reader.object()
        if sha1(plain[20 : 20 + reader.at]) != plain[:20] or reader.left() > 15:
            raise Refused("the hash or the padding of client_DH_inner_data is wrong")
        if any(inner[one] != value for one, value in self.nonces.items()):
            raise Refused("the nonces of client_DH_inner_data are wrong")
        if inner["retry_id"] & (2**64 - 1) != self.retry_id:
            raise Refused(f"retry_id {inner['retry_id']} is not the auth_key_aux_hash of the last attempt")
        g_b = int.from_bytes(inner["g_b"], "big")
        if not 1 << 1984 <= g_b <= PRIME - (1 << 1984):
            raise Refused("g_b is out of range")
        value = pow(g_b, self.secret, PRIME).to_bytes(256, "big")
        aux = sha1(value)[:8]
        if self.quirks.fails:
            self.quirks.fails -= 1
            return self._end("dh_gen_fail", 3, aux)
        if self.quirks.retries:
            self.quirks.retries -= 1
            self.retry_id = int.from_bytes(aux, "little")
            return self._end("dh_gen_retry", 2, aux)
        self.key = AuthKey(value)
        first, second = self.new_nonce[:8], self.nonces["server_nonce"][:8]
        self.salt = int.from_bytes(bytes(a ^ b for a, b in zip(first, second, strict=True)), "little", signed=True)
        return self._end("dh_gen_ok", 1, aux)

    def _end(self, name: str, number: int, aux: bytes) -> Object:
        digest = sha1(self.new_nonce, bytes([number]), aux)[4:20]
        made: dict[str, Any] = {"_": name, **self.nonces, f"new_nonce_hash{number}": digest}
        changed: Object = self.quirks.change("done", made)
        return changed
