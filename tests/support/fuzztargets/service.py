"""The protocol core against a strict model of a server; see tests/fuzz/mtproto/test_machine.py."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

from hypothesis import Phase, settings
from hypothesis.stateful import get_state_machine_test

from .choices import load


@cache
def machine() -> Any:
    """A test that takes its decisions from bytes."""
    engine = load("fuzz/mtproto/test_machine.py").Engine
    test = get_state_machine_test(
        engine, settings=settings(deadline=None, database=None, phases=[Phase.generate], stateful_step_count=60)
    )
    fuzz = test.hypothesis.fuzz_one_input
    return fuzz


def run(data: bytes) -> None:
    """The bytes are the decisions; a run that they do not decide to its end is not one."""
    machine()(data)


def seeds() -> list[bytes]:
    """Runs of different lengths, by chance."""
    rand = random.Random(60)
    return [rand.randbytes(size) for size in (64, 256, 512, 1024, 2048, 4096)]
