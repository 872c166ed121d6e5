"""The key exchange against a server that changes what it says. An oracle that shares no code says what must hold."""

from __future__ import annotations

import copy
import struct
from functools import cache
from math import gcd
from typing import Any

import rsakey
from keyserver import TIME, KeyServer, P, Reader
from mtproto_model import seeded_random

from telethon._core.clock import Instant
from telethon.errors import SecurityError
from telethon.mtproto.keyexchange import Finished, KeyExchange

from .choices import Choices

KEYS = {rsakey.KEY.fingerprint: rsakey.KEY}
NOW = Instant(TIME - 12.5, 50.0)
VERDICTS = (("ok",), ("retry", "ok"), ("fail", "ok"), ("retry", "retry", "ok"), ("ok",))
"""What the servers of the good exchanges do, one for each."""

MUST_STAY = (
    "resPQ.nonce",
    "resPQ.server_nonce",
    "pq",
    "dh_prime",
    "g",
    "inner.nonce",
    "inner.server_nonce",
    "inner.sha1",
    "encrypted_answer",
    "params.nonce",
    "params.server_nonce",
    "gen.nonce",
    "gen.server_nonce",
    "number",
    "gen.new_nonce_hash",
    "gen",
)
"""Values that decide; whatever else stands in their place, there is no key."""

MAY_CHANGE = ("resPQ", "a", "g_a", "fingerprints", "inner", "padding", "params")
"""Values whose change may be harmless, as `allowed` says."""

NAMES = MUST_STAY + MAY_CHANGE
LIMIT = 1 << 1984


def is_prime(n: int) -> bool:
    """Miller and Rabin's test, exact for 64 bits."""
    if n < 2:
        return False
    for small in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if n % small == 0:
            return n == small
    odd, halvings = n - 1, 0
    while odd % 2 == 0:
        odd, halvings = odd // 2, halvings + 1
    for base in (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        x = pow(base, odd, n)
        if x in (1, n - 1):
            continue
        if all((x := x * x % n) != n - 1 for _ in range(halvings - 1)):
            return False
    return True


def is_product_of_two_primes(n: int) -> bool:
    """Whether n is the product of two different odd primes."""
    if n < 15 or n % 2 == 0 or is_prime(n):
        return False
    for start in range(1, 30):
        x = y = 2
        factor = 1
        while factor == 1:
            x = (x * x + start) % n
            y = (y * y + start) % n
            y = (y * y + start) % n
            factor = gcd(abs(x - y), n)
        if factor != n:
            other = n // factor
            return factor != other and is_prime(factor) and is_prime(other)
    return False


def is_good_res_pq(body: bytes, nonce: bytes) -> bool:
    """The oracle for the first answer, of which nothing is signed."""
    try:
        reader = Reader(body)
        if reader.id() != "05162463" or reader.take(16) != nonce:
            return False
        reader.take(16)
        pq = reader.bytes()
        if reader.id() != "1cb5c415":
            return False
        fingerprints = [int.from_bytes(reader.take(8), "little", signed=True) for _ in range(reader.int())]
    except (AssertionError, IndexError):
        return False
    signed = (rsakey.KEY.fingerprint & (1 << 64) - 1).to_bytes(8, "little")
    if reader.data or int.from_bytes(signed, "little", signed=True) not in fingerprints:
        return False
    number = int.from_bytes(pq, "big")
    return len(pq) <= 8 and number < 1 << 63 and is_product_of_two_primes(number)


@cache
def recorded(number: int) -> tuple[tuple[KeyExchange, bytes], ...]:
    """A good exchange: the client before each answer, and the answer."""
    server = KeyServer(number + 1, verdicts=VERDICTS[number])
    client = KeyExchange(dc_id=2, rand=seeded_random(number), keys=KEYS)
    body: bytes | Finished = client.start()
    steps: list[tuple[KeyExchange, bytes]] = []
    while not isinstance(body, Finished):
        answer = server.answer(body)
        steps.append((copy.deepcopy(client), answer))
        body = client.feed(answer, NOW)
    assert body.auth_key == server.auth_key
    return tuple(steps)


def try_answer(choices: Choices) -> None:
    """One answer of a good exchange is replaced."""
    steps = recorded(choices.below(len(VERDICTS)))
    place = choices.below(len(steps))
    client, good = steps[place]
    answer = choices.rest()
    client = copy.deepcopy(client)
    nonce = client._nonce
    # A bound method that was copied belongs to the copy.
    assert client._expected is not None
    first = client._expected.__name__ == "_on_res_pq"
    expected = is_good_res_pq(answer, nonce) if first else answer == good
    try:
        found = client.feed(answer, NOW)
    except SecurityError:
        assert not expected, "a good answer was refused"
        return
    assert expected, "an answer was taken that must be refused"
    assert isinstance(found, (bytes, Finished))


def changed(value: Any, choices: Choices) -> Any:
    """Another value of the same kind."""
    if isinstance(value, list):
        change = [choices.below(1 << 32), *value]
        return [change, value[:1], [], value[::-1], [one ^ 1 for one in value]][choices.below(5)]
    if isinstance(value, int):
        number = int.from_bytes(choices.take(8), "little", signed=True)
        changes = [value ^ (1 << choices.below(2048)), number, value + number, -value, P - value, value << 1, value % P]
        # What is written as a number of 32 bits must stay one.
        small = value.bit_length() <= 32
        found = changes[choices.below(len(changes))]
        return found % (1 << 31) if small else abs(found)
    data = bytearray(value)
    match choices.below(5):
        case 0 if data:
            data[choices.below(len(data))] ^= 1 << choices.below(8)
        case 1:
            del data[choices.below(len(data) + 1) :]
        case 2:
            data += choices.take(choices.below(40))
        case 3:
            place = choices.below(len(data) + 1)
            data[place : place + 8] = choices.take(8)
        case _:
            place = choices.below(len(data) + 1)
            data[place:place] = choices.take(4)
    return bytes(data)


def allowed(name: str, before: Any, after: Any) -> bool:
    """The oracle for values that are signed: whether there may be a key although this was changed."""
    if after == before:
        return True
    if name in MUST_STAY or name == "params":
        return False
    if name == "resPQ":
        # Other fingerprints beside the one that is used, and what fills up the last word of pq, change nothing.
        return after[:45] == before[:45] and is_good_res_pq(after, before[4:20])
    if name in ("a", "g_a"):
        # With -g_a the key is the same whenever b is even; the caller sees to it that it is.
        g_a = pow(3, after, P) if name == "a" else after
        return LIMIT <= g_a <= P - LIMIT
    if name == "fingerprints":
        return rsakey.KEY.fingerprint in after
    if name == "padding":
        return len(after) < 16 and len(after) % 16 == len(before) % 16
    assert name == "inner"
    try:
        one, other = (read_inner(data) for data in (before, after))
    except (AssertionError, IndexError, struct.error):
        return False
    # Only the time may be another one.
    return one == other


def read_inner(data: bytes) -> tuple[Any, ...]:
    reader = Reader(data)
    found = (reader.id(), reader.take(32), reader.int(), *(int.from_bytes(reader.bytes(), "big") for _ in range(2)))
    reader.take(4)
    assert not reader.data
    return found


def try_exchange(choices: Choices) -> None:
    """A whole exchange in which up to three values are changed on their way out."""
    wanted = {NAMES[choices.below(len(NAMES))] for _ in range(1 + choices.below(3))}
    verdicts = VERDICTS[choices.below(len(VERDICTS))]
    changes: list[tuple[str, Any, Any]] = []

    def edit(name: str, value: Any) -> Any:
        if name not in wanted or isinstance(value, str):
            return value
        found = changed(value, choices)
        changes.append((name, value, found))
        return found

    server = KeyServer(7, edit=edit, verdicts=verdicts)
    client = KeyExchange(dc_id=2, rand=seeded_random(8), keys=KEYS)
    body: bytes | Finished = client.start()
    while not isinstance(body, Finished):
        try:
            answer = server.answer(body)
        except (AssertionError, ValueError, OverflowError, struct.error):
            # It notices itself, or cannot write down what it is to say.
            assert changes, "the client did something wrong in a good exchange"
            return
        try:
            body = client.feed(answer, NOW)
        except SecurityError:
            assert changes, "a good exchange was refused"
            return
    # What an attempt that was given up said does not matter; but then the server would have noticed as well.
    broken = [name for name, before, after in changes if not allowed(name, before, after)]
    assert not broken or server.exchanges > 1, f"there is a key although {broken} were changed"
    assert body.auth_key == server.auth_key
    assert len(body.auth_key) == 256


def run(data: bytes) -> None:
    """The first byte chooses between one answer and whole exchanges."""
    choices = Choices(data)
    if choices.below(256) & 1:
        try_exchange(choices)
    else:
        try_answer(choices)


def seeds() -> list[bytes]:
    """Every answer of five good exchanges, and an exchange for every value that can be changed."""
    found = [
        bytes((0, number, place)) + answer
        for number in range(len(VERDICTS))
        for place, (_, answer) in enumerate(recorded(number))
    ]
    found += [bytes((1, number, 0, 0, number % 5)) + bytes((1, 1, 1, 1)) for number in range(len(NAMES))]
    return found
