"""Decisions taken from bytes, so that whoever chooses the bytes chooses what happens."""

from __future__ import annotations

import random
from importlib import util
from pathlib import Path
from typing import Any

__all__ = ["Choices", "ChosenRandom", "load", "mutations"]


class Choices:
    """Bytes that are used up one after the other; when there are no more, zeros follow."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    @property
    def left(self) -> int:
        """How many are left."""
        return max(0, len(self.data) - self.place)

    def take(self, count: int) -> bytes:
        """The next bytes, exactly so many."""
        found = self.data[self.place : self.place + count]
        self.place += count
        return found.ljust(count, b"\0")

    def below(self, limit: int) -> int:
        """A number from 0 on."""
        size = (max(limit - 1, 1).bit_length() + 7) // 8
        return int.from_bytes(self.take(size), "little") % limit

    def rest(self) -> bytes:
        """All that is left."""
        found = self.data[self.place :]
        self.place = len(self.data)
        return found


class ChosenRandom(random.Random):
    """Random numbers made of given bytes; those that follow them come from a generator as usual."""

    def __new__(cls, data: bytes) -> ChosenRandom:
        return super().__new__(cls, 1)

    def __init__(self, data: bytes) -> None:
        self._choices = Choices(data)
        super().__init__(1)

    def random(self) -> float:
        if self._choices.left:
            return self._choices.below(256) / 256
        return super().random()

    def getrandbits(self, k: int) -> int:
        if self._choices.left:
            return int.from_bytes(self._choices.take((k + 7) // 8), "little") & ((1 << k) - 1)
        return super().getrandbits(k)


def mutations(rand: random.Random, data: bytes, other: bytes = b"") -> bytes:
    """The bytes with one to four changes of the kind that finds bugs; *other* may be mixed in."""
    changed = bytearray(data)
    for _ in range(rand.randint(1, 4)):
        place = rand.randrange(len(changed) + 1)
        match rand.randrange(8):
            case 0 if changed:
                changed[place % len(changed)] ^= 1 << rand.randrange(8)
            case 1:
                word = rand.choice((0, 1, 254, 255, 2**31 - 1, 2**32 - 1, 2**31, 0x1CB5C415, 2**16, 2**24 - 1))
                changed[place : place + 4] = word.to_bytes(4, "little")
            case 2:
                del changed[place:]
            case 3:
                del changed[place : place + rand.randint(1, 16)]
            case 4:
                changed[place:place] = rand.randbytes(rand.randint(1, 16))
            case 5:
                changed[place:place] = changed[: rand.randint(0, 64)]
            case 6 if other:
                start = rand.randrange(len(other))
                changed[place : place + 32] = other[start : start + 32]
            case _:
                changed[place : place + 8] = rand.randbytes(8)
    return bytes(changed)


def load(path: str) -> Any:
    """A module of the tests that cannot be imported by its name, by its path from the tests on."""
    file = Path(__file__).parents[2] / path
    spec = util.spec_from_file_location(f"loaded_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
