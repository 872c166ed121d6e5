"""The message box against a model of the truth, on a link that is as bad as the bytes say."""

from __future__ import annotations

import random

from updates_model import check_truth, run_lossy

from .choices import Choices, ChosenRandom


def run(data: bytes) -> None:
    """Five bytes say how bad the link is, the rest what happens when."""
    choices = Choices(data)
    drop, double, fail = (choices.below(256) / 256 for _ in range(3))
    late = choices.below(256) / 64
    slice_size = 1 + choices.below(32)
    count = min(10 + choices.left // 4, 120)
    rand = ChosenRandom(choices.rest())
    driver = run_lossy(
        rand, count, drop=drop, double=double / 2, late=late, fail=min(fail, 0.75), slice_size=slice_size
    )
    check_truth(driver, driver.server)
    assert len(driver.got) == count


def seeds() -> list[bytes]:
    """Good and bad links."""
    rand = random.Random(5)
    links = [bytes(5), bytes((0, 0, 0, 255, 31)), bytes((128, 0, 0, 64, 3)), bytes((255, 80, 200, 200, 0))]
    return [link + rand.randbytes(size) for link in links for size in (0, 60, 200)]
