"""Large blocks are kept: seen by how many fresh pages the process needs for them."""

from __future__ import annotations

import subprocess
import sys

import pytest

CODE = """
import resource
from telethon.network._allocator import expect_large_blocks

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(50):
        blocks = [b"x" * 524288 for _ in range(3)]
        del blocks
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

expect_large_blocks()
expect_large_blocks()
faults()
print(faults())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a matter of glibc")
def test_no_fresh_pages_are_needed():
    ran = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 1000, "without it, each of 150 blocks takes 128 pages"
