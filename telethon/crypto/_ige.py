"""AES-IGE without the AES: what may be handed to it, and the chain for ciphers that only know single blocks.

With m the blocks of the plaintext, c those of the ciphertext and E the block cipher:

    c[i] = E(m[i] ^ c[i-1]) ^ m[i-1]        c[-1] = iv[0:16], m[-1] = iv[16:32]

Native code checks no lengths: given half a block it aborts the process. So every back end calls `check` first.

Source: https://core.telegram.org/mtproto/description#mtproto-encrypted-message
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["BLOCK", "MAX_BYTES", "chain", "check", "check_size"]

BLOCK = 16
MAX_BYTES = 2**31 - BLOCK
"""Most bytes in one call: some native functions count them in an `int`."""


def check(data: bytes, key: bytes, iv: bytes) -> None:
    """Refuse what a native function must not see.

    Raises:
        TypeError: one of the three is not of type bytes.
        ValueError: *data* is not whole blocks or too long, or *key* or *iv* does not have 32 bytes.
    """
    # One condition for what is right, because every packet passes here.
    size = len(data)
    if (
        size % BLOCK
        or size > MAX_BYTES
        or len(key) != 32
        or len(iv) != 32
        or not (isinstance(data, bytes) and isinstance(key, bytes) and isinstance(iv, bytes))
    ):
        raise _refusal(data, key, iv)


def _refusal(data: bytes, key: bytes, iv: bytes) -> Exception:
    if not (isinstance(data, bytes) and isinstance(key, bytes) and isinstance(iv, bytes)):
        return TypeError("AES-IGE works on bytes")
    if len(key) != 32 or len(iv) != 32:
        return ValueError(
            f"AES-IGE needs a key and an iv of 32 bytes each; these have len(key) = {len(key)}, len(iv) = {len(iv)}"
        )
    if len(data) % BLOCK:
        return ValueError(f"AES-IGE works on whole blocks of {BLOCK} bytes, and {len(data)} bytes are not")
    return _too_many(len(data))


def check_size(data: bytes) -> None:
    """Refuse more bytes than a native function can count.

    Raises:
        ValueError: *data* is longer than `MAX_BYTES`.
    """
    if len(data) > MAX_BYTES:
        raise _too_many(len(data))


def _too_many(size: int) -> ValueError:
    return ValueError(f"{size} bytes are too many for one call, the most is {MAX_BYTES}; use smaller pieces")


def chain(block: Callable[[bytes], bytes], data: bytes, before_out: bytes, before_in: bytes) -> bytes:
    """Run the chain, in either direction, over a function that knows one block.

    Args:
        block: encrypts (or decrypts) 16 bytes.
        data: whole blocks of what goes in.
        before_out: what stands before the first block of the result.
        before_in: what stands before the first block of *data*.
    """
    last_out = int.from_bytes(before_out, "big")
    last_in = int.from_bytes(before_in, "big")
    result = bytearray()
    for start in range(0, len(data), BLOCK):
        this_in = int.from_bytes(data[start : start + BLOCK], "big")
        turned = block((this_in ^ last_out).to_bytes(BLOCK, "big"))
        last_out = int.from_bytes(turned, "big") ^ last_in
        last_in = this_in
        result += last_out.to_bytes(BLOCK, "big")
    return bytes(result)
