"""A CDN that damages files at random, and what becomes of the downloads.

    counts = await tampering(100, seed=1)
    assert counts.wrong_bytes_on_disk == 0

Each round sends one request for a file to the CDN, which has it damaged in one random way. Nobody checks here what the
client checks: the bytes that arrive on the disk are compared with those of the file.
"""

from __future__ import annotations

import io
import os
import random
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from telethon import errors
from telethon.testing import TelegramTestServer
from telethon.testing.world.cdn import HostedFile

CDN = 203
WINDOW = 16 * 1024


@dataclass
class Tampering:
    """What became of the downloads.

    Attributes:
        corruptions: how many downloads there were, each with one corruption.
        wrong_bytes_on_disk: downloads that left bytes on the disk which are not those of the file. There may be none.
        refused: downloads that ended in `CdnFileTamperedError`, with nothing on the disk.
        identical: downloads that were completed from the data centre of the file, byte for byte.
        left_behind: failed downloads that left a file under any name.
        failed_otherwise: downloads that ended in another error, by its name.
        missed: corruptions that the client never met, so that they prove nothing. There may be none.
        kinds: how often each kind of corruption was made.
        borrowed: connections that were borrowed and not given back.
        seed: what the random numbers began with.
    """

    seed: int
    corruptions: int = 0
    wrong_bytes_on_disk: int = 0
    refused: int = 0
    identical: int = 0
    left_behind: int = 0
    missed: int = 0
    borrowed: int = 0
    failed_otherwise: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def is_good(self) -> bool:
        """Whether no corruption did any harm."""
        harm = self.wrong_bytes_on_disk + self.left_behind + self.missed + self.borrowed
        return not harm and not self.failed_otherwise and self.refused + self.identical == self.corruptions


def _flip(file: HostedFile, chance: random.Random) -> None:
    file.flip(chance.randrange(len(file.stored)), chance.randrange(8))


def _flip_each_window(file: HostedFile, chance: random.Random) -> None:
    for start in range(0, len(file.stored), file.window):
        file.flip(start + chance.randrange(min(file.window, len(file.stored) - start)), chance.randrange(8))


def _overwrite(file: HostedFile, chance: random.Random) -> None:
    size = chance.randint(1, 4 * file.window)
    start = chance.randrange(len(file.stored))
    piece = file.stored[start : start + size]
    file.stored[start : start + size] = bytes(byte ^ chance.randint(1, 255) for byte in piece)


def _truncate(file: HostedFile, chance: random.Random) -> None:
    file.truncate(chance.randrange(len(file.stored)))


def _swap(file: HostedFile, chance: random.Random) -> None:
    whole = len(file.stored) // file.window
    file.swap(*chance.sample(range(whole), 2))


def _insert(file: HostedFile, chance: random.Random) -> None:
    at = chance.randrange(len(file.stored))
    file.stored[at:at] = chance.randbytes(chance.randint(1, 64))


def _remove(file: HostedFile, chance: random.Random) -> None:
    at = chance.randrange(len(file.stored))
    del file.stored[at : at + chance.randint(1, 64)]


def _other_file(file: HostedFile, chance: random.Random) -> None:
    file.stored[:] = chance.randbytes(len(file.stored))


def _not_encrypted(file: HostedFile, chance: random.Random) -> None:
    file.stored[:] = file.content


CORRUPTIONS = (
    _flip,
    _flip_each_window,
    _overwrite,
    _truncate,
    _swap,
    _insert,
    _remove,
    _other_file,
    _not_encrypted,
)


async def tampering(corruptions: int, seed: int) -> Tampering:
    """Download damaged files, over real connections to a test server.

    Args:
        corruptions: how many downloads, each with one corruption.
        seed: where the random numbers begin; the same seed makes the same corruptions.

    Returns:
        What became of them.
    """
    chance = random.Random(seed)
    counts = Tampering(seed, corruptions)
    with tempfile.TemporaryDirectory() as folder:
        async with TelegramTestServer(cdn_dcs=(CDN,)) as server:
            client = server.client(server.create_user("Ann"))
            await client.connect()
            try:
                for number in range(corruptions):
                    await _round(server, client, chance, Path(folder) / f"{number}.bin", counts)
                pool: Any = client._pool
                counts.borrowed = sum(lease.borrowed for lease in pool._leases.values())
            finally:
                await client.disconnect()  # type: ignore[misc]
    return counts


async def _round(server: TelegramTestServer, client: Any, chance: random.Random, path: Path, counts: Tampering) -> None:
    content = chance.randbytes(chance.randint(2, 12) * WINDOW + chance.choice((0, 1, chance.randrange(WINDOW))))
    source = io.BytesIO(content)
    source.name = "data.bin"
    message = await client.send_file("me", source)
    # With a number, the data centre gives the file itself in the end; without one only the CDN has it.
    file = server.cdn.put(message, window=WINDOW, redirects=chance.choice((None, 1, 2)))
    corrupt = chance.choice(CORRUPTIONS)
    honest = bytes(file.stored)
    corrupt(file, chance)
    counts.kinds[corrupt.__name__.strip("_").replace("_", " ")] += 1
    if bytes(file.stored) == honest:
        counts.missed += 1
    try:
        await client.download_media(message, str(path))
    except errors.CdnFileTamperedError:
        counts.refused += 1
        counts.left_behind += len(os.listdir(path.parent))
    except Exception as error:
        counts.failed_otherwise[type(error).__name__] += 1
    else:
        if file.redirects is None:
            # Nobody but the CDN had the file, so that it cannot have been complete.
            counts.missed += 1
        counts.identical += _has(path, content)
    # A wrong file counts here, complete or not.
    counts.wrong_bytes_on_disk += _sweep(path.parent, content)


def _has(path: Path, content: bytes) -> bool:
    return path.read_bytes() == content


def _sweep(folder: Path, content: bytes) -> int:
    """Remove what is left in the folder; how many files of it begin with other bytes than the content does."""
    wrong = 0
    for left in folder.iterdir():
        wrong += not content.startswith(left.read_bytes())
        left.unlink()
    return wrong
