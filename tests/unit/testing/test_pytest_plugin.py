"""The fixtures, in a pytest of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def inner(tmp_path):
    """A function that runs a test file with nothing but the named plugins."""

    def run(source: str, *arguments: str) -> str:
        (tmp_path / "test_inner.py").write_text(source)
        result = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-q",
                "-p",
                "no:cacheprovider",
                *arguments,
                "-p",
                "telethon.testing.pytest_plugin",
                str(tmp_path),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )
        return result.stdout + result.stderr

    return run


ASYNC = ("-p", "pytest_asyncio.plugin", "-o", "asyncio_mode=auto")

GOOD = """
from telethon.testing import Options

async def test_talk(telegram_server, telegram_bot, telegram_user):
    await telegram_user.chat(telegram_bot).send("hi")
    assert telegram_bot.chat(telegram_user).last().text == "hi"

class TestOther:
    import pytest

    @pytest.fixture
    def telegram_server_options(self):
        return {"dcs": (2,), "options": Options(short_updates=False)}

    async def test_options(self, telegram_server):
        assert telegram_server.dcs == (2,)
        assert not telegram_server.world.options.short_updates
"""

VIOLATION = """
import pytest

async def test_bad(telegram_server):
    telegram_server.complain("ack", "a made-up violation")

@pytest.mark.telegram_violations("ack")
async def test_tolerated(telegram_server):
    telegram_server.complain("ack", "a made-up violation")

@pytest.mark.telegram_violations
async def test_all_tolerated(telegram_server):
    telegram_server.complain("seq_no", "a made-up violation")
"""


def test_a_server_for_each_test_with_options(inner):
    assert "2 passed" in inner(GOOD, *ASYNC)


def test_violations_fail_the_test_unless_it_expects_them(inner):
    output = inner(VIOLATION, *ASYNC)
    assert "a made-up violation" in output
    assert "3 passed, 1 error" in output


def test_without_anything_that_runs_coroutines_it_says_what_to_install(inner, tmp_path):
    source = """
def test_it(telegram_server):
    pass
"""
    blocked = "import sys; sys.modules['pytest_asyncio'] = None\n"
    (tmp_path / "block_asyncio.py").write_text(blocked)
    output = inner(source, "-p", "block_asyncio")
    assert "pip install pytest-asyncio" in output
    assert "1 error" in output or "1 failed" in output


CHAOS = """
from telethon.testing import ChaosPipe

async def test_fine(telegram_client, telegram_chaos):
    assert telegram_chaos.connections       # however late the pipe is named
    telegram_chaos.disconnect()
    assert (await telegram_client.get_me()).first_name == "Test"
    assert telegram_chaos.counts["connections"] == 2

async def test_fails(telegram_chaos):
    assert telegram_chaos.seed == SEED, "the seed is another one"
    assert False

async def test_fails_by_itself(telegram_server):
    async with ChaosPipe(telegram_server, seed=4321):
        assert False

def test_fails_without():
    assert False
"""


def test_a_failed_test_shows_the_seed_and_a_run_can_repeat_it(inner):
    output = inner(CHAOS.replace("SEED", "-1"), *ASYNC)
    assert "3 failed, 1 passed" in output
    seed = re.search(r"with --telegram-chaos-seed=(\d+)", output)
    assert seed is not None
    assert output.count("seeds of chaos") == 2
    assert "ChaosPipe(seed=4321)" in output
    again = inner(CHAOS.replace("SEED", seed[1]), *ASYNC, f"--telegram-chaos-seed={seed[1]}")
    assert "the seed is another one" not in again.replace('"the seed is another one"', "")
    assert f"ChaosPipe(seed={seed[1]})" in again
