"""Keeping the memory of large packets, instead of asking the system for it each time."""

from __future__ import annotations

__all__ = ["LARGE", "expect_large_blocks"]

LARGE = 64 * 1024
"""Bytes from which on a packet is large."""

_LARGEST = 4 * 1024 * 1024

_is_expected = False


def expect_large_blocks() -> None:
    """Let the allocator of the C library know that blocks of several hundred kilobytes come and go.

    Until it has seen one being freed, glibc gets every such block from the system and gives it back at once. A part of
    a file passes through half a dozen of them, and the system clears each one, page by page: that takes half as long as
    decrypting it. One block that is freed unused costs next to nothing, no memory either, and changes that for good.
    """
    global _is_expected
    if not _is_expected:
        _is_expected = True
        bytes(_LARGEST)
