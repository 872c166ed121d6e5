"""Files on a CDN that were changed there: not one wrong byte may reach the disk."""

from __future__ import annotations

import asyncio

from .figure import Row, Size, exactly
from .loads import call

TITLE = "files that were changed on a CDN"
CORRUPTIONS = {"gate": 100, "nightly": 1_000}


def measure(size: Size) -> list[Row]:
    """See the head of this module."""
    counts = asyncio.run(call("cdn_load", "tampering", CORRUPTIONS[size], 1))
    return [
        exactly("corruptions", counts.corruptions, CORRUPTIONS[size]),
        exactly("wrong bytes on disk", counts.wrong_bytes_on_disk, 0),
        exactly("files left behind", counts.left_behind, 0),
        exactly("corruptions that were never met", counts.missed, 0),
        exactly("refused, or completed from the master", counts.refused + counts.identical, CORRUPTIONS[size]),
    ]
