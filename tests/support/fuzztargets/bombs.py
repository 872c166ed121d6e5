"""What is small and wants to become large: compressed, within each other, or with counts that promise much."""

from __future__ import annotations

import gzip
import struct
import time
import tracemalloc
import zlib
from functools import cache

from hostile_frames import opened, receive
from mtproto_model import CONTAINER, GZIP, RPC_RESULT, VECTOR, tl_bytes

from telethon.errors import RemoteProtocolError, TLDecodeError, TypeNotFoundError
from telethon.extensions.binaryreader import BinaryReader

from .choices import Choices

SECONDS = 1.0
"""A message may take so much time of the processor, and a tenth of that when it says nothing that is compressed."""
MEMORY = 40 << 20
"""What is refused may take so much memory."""
CEILING = 32
"""Megabytes that a compressed object may become; then it is in memory in pieces, whole, and in who reads it."""


@cache
def zeros(megabytes: int) -> bytes:
    """So much, compressed: a megabyte takes a thousand bytes."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = compressor.compress(bytes(1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH)
    block = compressor.compress(bytes(1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH)
    return piece + block * (megabytes - 1)


def layer(kind: int, choices: Choices, inside: bytes) -> bytes:
    """One more thing around what there is."""
    if kind == 0:
        return struct.pack("<I", GZIP) + tl_bytes(gzip.compress(inside, 1))
    if kind == 1:
        base = (int(time.time()) << 32) & -4
        count = [1, 2, -1, 2**31 - 1, 1021][choices.below(5)]
        size = [len(inside), -1, 2**31 - 1, len(inside) - 4][choices.below(8) % 4] if choices.below(2) else len(inside)
        return struct.pack("<Iiqii", CONTAINER, count, base + 1, 1, size) + inside
    if kind == 2:
        count = [1, 2**31 - 1, -1, len(inside) // 4][choices.below(4)]
        return struct.pack("<Ii", VECTOR, count) + inside
    if kind == 3:
        return struct.pack("<Iq", RPC_RESULT, choices.below(1 << 32)) + inside
    return struct.pack("<Ii", VECTOR, 1) * (1 << choices.below(12)) + inside


def build(choices: Choices) -> tuple[bytes, int]:
    """Layers from the inside to the outside, as the bytes say, and how many megabytes of zeros are within."""
    body = choices.take(8)
    megabytes = 0
    for _ in range(min(choices.below(24), 24)):
        if len(body) > 1 << 17:
            break
        kind = choices.below(6)
        if kind == 4:
            # One megabyte for each kilobyte; what there was is no more.
            megabytes = 1 + choices.below(48)
            body = struct.pack("<I", GZIP) + tl_bytes(zeros(megabytes))
        else:
            body = layer(kind, choices, body)
        body += bytes(-len(body) % 4)
    return body, megabytes


def run(data: bytes) -> None:
    """A message of many layers is received, and read as an object."""
    body, megabytes = build(Choices(data))
    link = opened()
    started = not tracemalloc.is_tracing() and bool(data) and data[0] & 1
    if started:
        tracemalloc.start()
    before = time.process_time()
    try:
        receive(link, body)
        try:
            BinaryReader(body).tgread_object()
        except (TLDecodeError, TypeNotFoundError, RemoteProtocolError):
            pass
        peak = tracemalloc.get_traced_memory()[1] if started else 0
    finally:
        if started:
            tracemalloc.stop()
    took = time.process_time() - before
    most = MEMORY + (4 * megabytes << 20 if megabytes <= CEILING else 0)
    assert peak < most, f"{peak >> 20} MiB for {len(body)} bytes"
    # Tracing of memory makes it many times slower.
    assert started or took < SECONDS, f"{took:.2f} s for {len(body)} bytes"


def seeds() -> list[bytes]:
    """Each layer alone, and deep ones of one kind."""
    found: list[bytes] = []
    for kind in range(6):
        for depth in (1, 2, 20):
            found.append(bytes(8) + bytes((depth,)) + bytes((kind, 0, 0, 0)) * depth)
            found.append(b"\1" + bytes(7) + bytes((depth,)) + bytes((kind,)) * depth)
    found += [bytes(8) + bytes((2, 4, size, kind)) for size in (1, 31, 47) for kind in range(4)]
    return found
