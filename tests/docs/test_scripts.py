"""The whole programs and tests of the documentation and of the README, run as a user would run them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest
from docblocks import ROOT, Block, all_blocks, blocks_of

from telethon.sessions import SQLiteSession
from telethon.testing import SeenMessage, SimulatedChat, SimulatedUser, TelegramTestServer

BLOCKS = {block.name: block for block in all_blocks()}
PLUGINS = ("-p", "no:cacheprovider", "-p", "no:randomly")


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def log_in(server: TelegramTestServer, user: SimulatedUser, path: Path) -> None:
    """Make the file of a session that is logged in at the test server."""
    session = SQLiteSession(str(path))
    session.set_dc(2, *server.address(2))
    session.auth_key = server.client_session(user).auth_key
    session.close()


async def start(folder: Path, *arguments: str) -> asyncio.subprocess.Process:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def output_of(folder: Path, *arguments: str) -> str:
    """What a Python program prints; it must end well."""
    process = await start(folder, *arguments)
    try:
        out, err = await asyncio.wait_for(process.communicate(), 45)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0, err.decode() + out.decode()
    return out.decode()


async def check_answering(server: TelegramTestServer, ann: SimulatedUser, folder: Path, code: str) -> None:
    """A program that answers "hello" with "Hey!" until Ctrl-C."""
    write(folder / "program.py", code)
    chat = server.create_user("Bob").chat(ann)
    process = await start(folder, "program.py")
    try:
        assert (await first_answer(chat, "Hello!")).text == "Hey!"
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), 30)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (process.returncode, out, err) == (0, b"", b"")


async def first_answer(chat: SimulatedChat, text: str) -> SeenMessage:
    """Say something until it is answered: a program that has just been started does not listen yet."""
    for _ in range(40):
        await chat.send(text)
        try:
            return await chat.expect_reply(1)
        except TimeoutError:
            continue
    raise TimeoutError("the program does not answer")


@pytest.fixture
def ann(telegram_server: TelegramTestServer, tmp_path: Path) -> SimulatedUser:
    """Who is logged in by `anon.session`."""
    user = telegram_server.create_user("Ann")
    log_in(telegram_server, user, tmp_path / "anon.session")
    return user


EXPECTED = {
    "script-async": "Logged in as Ann\nTrue Hello, **myself**!\n",
    "script-index": "Sent\n",
    "script-sync": "Hello, **myself**!\n",
    "script-without-pytest": "Tea or coffee?\n",
}


def test_every_script_is_run() -> None:
    assert {name for name in BLOCKS if name.startswith("script-")} == EXPECTED.keys()
    assert [name for name in BLOCKS if name.startswith("forever-")] == ["forever-answer"]


@pytest.mark.parametrize("name", sorted(EXPECTED))
async def test_script(name: str, telegram_server: TelegramTestServer, ann: SimulatedUser, tmp_path: Path) -> None:
    write(tmp_path / "my_bot.py", BLOCKS["module-my_bot"].code)
    write(tmp_path / "script.py", BLOCKS[name].code)
    assert await output_of(tmp_path, "script.py") == EXPECTED[name]


async def test_program_that_answers(telegram_server: TelegramTestServer, ann: SimulatedUser, tmp_path: Path) -> None:
    await check_answering(telegram_server, ann, tmp_path, BLOCKS["forever-answer"].code)


async def test_the_tests_of_the_testing_page(tmp_path: Path) -> None:
    write(tmp_path / "my_bot.py", BLOCKS["module-my_bot"].code)
    tests = [block for block in BLOCKS.values() if block.kind == "test"]
    write(tmp_path / "test_page.py", "\n\n".join(block.code for block in tests))
    write(tmp_path / "pytest.ini", "[pytest]\nasyncio_mode = auto\n")
    told = await output_of(tmp_path, "-m", "pytest", "-q", *PLUGINS, "test_page.py")
    assert len(tests) == 12
    assert "\n15 passed" in told


# -- README ---------------------------------------------------------------------------------------------------------


def readme() -> tuple[Block, Block, Block]:
    answering, without_async, test = blocks_of(ROOT / "README.rst")
    return answering, without_async, test


def with_keys(server: TelegramTestServer, code: str) -> str:
    """The code with the API ID and hash that its text tells to get."""
    return f"api_id, api_hash = {server.api_id}, {server.api_hash!r}\n{code}"


async def test_readme_program(telegram_server: TelegramTestServer, ann: SimulatedUser, tmp_path: Path) -> None:
    await check_answering(telegram_server, ann, tmp_path, with_keys(telegram_server, readme()[0].code))


async def test_readme_script(telegram_server: TelegramTestServer, ann: SimulatedUser, tmp_path: Path) -> None:
    write(tmp_path / "script.py", with_keys(telegram_server, readme()[1].code))
    assert await output_of(tmp_path, "script.py") == "1 Hello, **myself**!\n"


HANDLERS = """
from telethon import events

def install(client):
    client.add_event_handler(lambda event: event.respond("Welcome!"), events.NewMessage(pattern="/start"))
"""


async def test_readme_test(tmp_path: Path) -> None:
    write(tmp_path / "my_handlers.py", HANDLERS)
    write(tmp_path / "test_readme.py", f"import my_handlers\n\n{readme()[2].code}")
    write(tmp_path / "pytest.ini", "[pytest]\nasyncio_mode = auto\n")
    assert "1 passed" in await output_of(tmp_path, "-m", "pytest", "-q", *PLUGINS, "test_readme.py")


def test_readme_has_two_commands() -> None:
    text = (ROOT / "README.rst").read_text(encoding="utf-8")
    assert text.count(".. code-block:: sh\n") == 2
