"""The server's side of the key exchange for tests: strict, and written from the page alone.

It shares no code with the client's side but the TL ids, which are those of the schema. Tests change one answer through
`edit`, a function that gets the name of a value and the value before it is used.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from hashlib import sha1, sha256
from typing import Any

import rsakey
from ciphers import decrypt_ige, encrypt_ige

P = int(
    "c71caeb9c6b1c9048e6c522f70f13f73980d40238e3e21c14934d037563d930f48198a0aa7c14058229493d22530f4dbfa336f6e0ac92513"
    "9543aed44cce7c3720fd51f69458705ac68cd4fe6b6b13abdc9746512969328454f18faf8c595f642477fe96bb2a941d5bcd1d4ac8cc4988"
    "0708fa9b378e3c4f3a9060bee67cf9a4a4a695811051907e162753b56b0f6b410dba74d8a84b2a14b3144e0ef1284754fd17ed950d5965b4"
    "b9dd46582db1178d169c6bc465b0d6ff9ca3928fef5b9ae4e418fc15e83ebea0f87fa9ff5eed70050ded2849f47bf959d956850ce929851f"
    "0d8115f635b105ee2e4e15d04b2454bf6f4fadf034b10403119cd8e3b92fcc5b",
    16,
)
PRIMES = (1229739323, 1402015859)
TIME = 1_700_000_000

Edit = Callable[[str, Any], Any]


def tl(value: bytes) -> bytes:
    head = bytes((len(value),)) if len(value) < 254 else b"\xfe" + len(value).to_bytes(3, "little")
    return head + value + bytes(-(len(head) + len(value)) % 4)


class Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data

    def take(self, count: int) -> bytes:
        assert len(self.data) >= count
        taken, self.data = self.data[:count], self.data[count:]
        return taken

    def id(self) -> str:
        return self.take(4)[::-1].hex()

    def int(self) -> int:
        return int.from_bytes(self.take(4), "little", signed=True)

    def bytes(self) -> bytes:
        head = self.take(1)
        size = int.from_bytes(self.take(3), "little") if head == b"\xfe" else head[0]
        value = self.take(size)
        self.take(-(size + (4 if head == b"\xfe" else 1)) % 4)
        return value


def constructor(name: str) -> bytes:
    return bytes.fromhex(name)[::-1]


class KeyServer:
    """One exchange after another on one connection.

    Args:
        seed: of everything that is random.
        edit: changes values on their way out.
        verdicts: how the client's g_b are answered, the last one for all that follow: ok, retry or fail.

    Attributes:
        auth_key: the key of the last exchange.
        salt: the first salt.
        inner: what the client said of itself: constructor, dc, expires_in.
        exchanges: how many were begun.
        fingerprint: the name under which the key is offered.
        retry_ids: the retry_id of every g_b.
    """

    def __init__(self, seed: int = 1, *, edit: Edit | None = None, verdicts: tuple[str, ...] = ("ok",)) -> None:
        self.random = random.Random(seed)
        self.edit = edit or (lambda name, value: value)
        self.verdicts = list(verdicts)
        self.exchanges = 0
        self.fingerprint = rsakey.KEY.fingerprint
        self.retry_ids: list[int] = []
        self.inner: tuple[str, int, int | None] = ("", 0, None)
        self.auth_key = b""
        self.salt = 0
        self.g_bs: list[int] = []

    def answer(self, body: bytes) -> bytes:
        reader = Reader(body)
        name = {"be7e8ef1": self.res_pq, "d712e4be": self.dh_params, "f5045f1f": self.dh_gen}[reader.id()]
        reply = name(reader)
        assert not reader.data, "the client sent more than it should"
        return reply

    def fresh(self, count: int) -> bytes:
        return self.random.randbytes(count)

    def res_pq(self, reader: Reader) -> bytes:
        self.exchanges += 1
        self.nonce = reader.take(16)
        self.server_nonce = self.fresh(16)
        self.aux_hash = 0
        pq = self.edit("pq", (PRIMES[0] * PRIMES[1]).to_bytes(8, "big"))
        fingerprints = self.edit("fingerprints", [5, self.fingerprint])
        self.pq = pq
        return self.edit(
            "resPQ",
            constructor("05162463")
            + self.edit("resPQ.nonce", self.nonce)
            + self.edit("resPQ.server_nonce", self.server_nonce)
            + tl(pq)
            + constructor("1cb5c415")
            + struct.pack(f"<i{len(fingerprints)}q", len(fingerprints), *fingerprints),
        )

    def check_nonces(self, reader: Reader) -> None:
        assert reader.take(16) == self.nonce
        assert reader.take(16) == self.server_nonce

    def dh_params(self, reader: Reader) -> bytes:
        self.check_nonces(reader)
        p, q = reader.bytes(), reader.bytes()
        assert (int.from_bytes(p, "big"), int.from_bytes(q, "big")) == PRIMES
        assert int.from_bytes(reader.take(8), "little", signed=True) == self.fingerprint
        self.read_inner(reader.bytes(), p, q)
        if self.edit("params", "ok") == "fail":
            digest = sha1(self.new_nonce).digest()[4:20]
            return self.head("79cb045d") + self.edit("params.new_nonce_hash", digest)
        self.make_key()
        # A short secret: the powers of it are half of the time of these tests, and g_a is as large as with a long one.
        self.a = self.edit("a", self.random.getrandbits(256) | 1 << 255)
        g, p_value = self.edit("g", 3), self.edit("dh_prime", P)
        g_a = self.edit("g_a", pow(3, self.a, P))
        answer = self.edit(
            "inner",
            constructor("b5890dba")
            + self.edit("inner.nonce", self.nonce)
            + self.edit("inner.server_nonce", self.server_nonce)
            + struct.pack("<i", g)
            + tl(p_value.to_bytes((p_value.bit_length() + 7) // 8, "big"))
            + tl(g_a.to_bytes(max(256, (g_a.bit_length() + 7) // 8), "big"))
            + struct.pack("<i", TIME),
        )
        digest = self.edit("inner.sha1", sha1(answer).digest())
        padding = self.edit("padding", self.fresh(-(len(answer) + 20) % 16))
        encrypted = encrypt_ige(digest + answer + padding, self.key, self.iv)
        return self.edit("params", self.head("d0e8075c", "params") + tl(self.edit("encrypted_answer", encrypted)))

    def read_inner(self, encrypted: bytes, p: bytes, q: bytes) -> None:
        assert len(encrypted) == 256
        block = rsakey.decrypt(encrypted)
        temp_key = bytes(a ^ b for a, b in zip(block[:32], sha256(block[32:]).digest(), strict=True))
        opened = decrypt_ige(block[32:], temp_key, bytes(32))
        data = opened[:192][::-1]
        assert opened[192:] == sha256(temp_key + data).digest(), "the block was not made with RSA_PAD"
        reader = Reader(data)
        name = reader.id()
        assert (reader.bytes(), reader.bytes(), reader.bytes()) == (self.pq, p, q)
        self.check_nonces(reader)
        self.new_nonce = reader.take(32)
        dc = reader.int()
        self.inner = (name, dc, reader.int() if name == "56fddf88" else None)

    def make_key(self) -> None:
        new, server = self.new_nonce, self.server_nonce
        self.key = sha1(new + server).digest() + sha1(server + new).digest()[:12]
        self.iv = sha1(server + new).digest()[12:20] + sha1(new + new).digest() + new[:4]

    def head(self, name: str, step: str = "") -> bytes:
        return (
            constructor(name)
            + self.edit(f"{step}.nonce", self.nonce)
            + self.edit(f"{step}.server_nonce", self.server_nonce)
        )

    def dh_gen(self, reader: Reader) -> bytes:
        self.check_nonces(reader)
        opened = decrypt_ige(reader.bytes(), self.key, self.iv)
        inner = Reader(opened[20:])
        assert inner.id() == "6643b654"
        self.check_nonces(inner)
        retry_id = int.from_bytes(inner.take(8), "little")
        assert retry_id == self.aux_hash
        self.retry_ids.append(retry_id)
        g_b = int.from_bytes(inner.bytes(), "big")
        assert len(inner.data) < 16, "the padding is too long"
        assert sha1(opened[20 : len(opened) - len(inner.data)]).digest() == opened[:20]
        assert 2**1984 <= g_b <= P - 2**1984
        self.g_bs.append(g_b)
        self.auth_key = pow(g_b, self.a, P).to_bytes(256, "big")
        self.salt = int.from_bytes(
            bytes(a ^ b for a, b in zip(self.new_nonce[:8], self.server_nonce[:8], strict=True)), "little", signed=True
        )
        digest = sha1(self.auth_key).digest()
        verdict = self.verdicts.pop(0) if len(self.verdicts) > 1 else self.verdicts[0]
        name, number = {"ok": ("3bcbf734", 1), "retry": ("46dc1fb9", 2), "fail": ("a69dae02", 3)}[verdict]
        self.aux_hash = int.from_bytes(digest[:8], "little")
        proof = sha1(self.new_nonce + bytes((self.edit("number", number),)) + digest[:8]).digest()[4:20]
        return self.edit("gen", self.head(name, "gen") + self.edit("gen.new_nonce_hash", proof))
