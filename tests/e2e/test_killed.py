"""R4: a program that is killed at any moment and begins again gets every update."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest
from killing import Program, restarts, store_session
from slow import SLOW


def check_run(number: int, said: list[str], heard: list[str], known: set[str]) -> None:
    """What one run was told: in each chat messages in a row, each once, beginning at the first new one or earlier."""
    for where in ("private", "group"):
        spoken = [text for text in said if text.startswith(where)]
        places = [spoken.index(text) for text in heard if text.startswith(where)]
        if places:
            assert places == list(range(places[0], places[-1] + 1)), f"run {number}, {where}: {places}"
            assert all(text in known for text in spoken[: places[0]]), f"run {number}, {where}: begins at {places[0]}"


@pytest.mark.timeout(180)
async def test_R4_U6_twenty_kills_lose_nothing(telegram_server, tmp_path, eventually):
    server = telegram_server
    ann, bob = server.create_user("Ann"), server.create_user("Bob")
    group = server.create_channel("Group", ann, [bob], megagroup=True)
    arguments = store_session(server, bob, tmp_path / "killed")
    rand = random.Random(11)
    said: list[str] = []
    lines: list[str] = []
    starts: list[int] = []

    def texts() -> list[str]:
        return [line for line in lines if line != "ready"]

    async def say() -> None:
        where = rand.choice(("private", "group"))
        said.append(f"{where} {len(said)}")
        await ann.chat(bob if where == "private" else group).send(said[-1])

    # Where it stands, and that there is a group, has to be known before anything can be missed.
    async with Program(arguments, lines):
        await eventually(lambda: any("GetState" in str(one) for one in server.requests), 20)
        await asyncio.sleep(0.2)
        for chat in (ann.chat(bob), ann.chat(group)):
            said.append(f"{'group' if chat.peer < 0 else 'private'} {len(said)}")
            await chat.send(said[-1])
        await eventually(lambda: len(texts()) == 2, 20)
        await asyncio.sleep(1)

    for run in range(20):
        starts.append(len(texts()))
        known = len(lines)
        async with Program(arguments, lines):
            if run % 4:
                # On a busy machine nearly every run would end while it begins, and one that does not would tell it all.
                await eventually(lambda known=known: len(lines) > known, 20)
            for _ in range(rand.randrange(1, 12)):
                await say()
                await asyncio.sleep(rand.random() * 0.1)
        for _ in range(rand.randrange(3)):
            await say()

    starts.append(len(texts()))
    async with Program(arguments, lines):
        await eventually(lambda: set(texts()) == set(said), 30)
        await asyncio.sleep(0.5)
    heard = texts()
    repeated = sum(count - 1 for count in Counter(heard).values())
    # How much is told again depends on how busy the machine is: all that was handled since the state was last written.
    assert repeated <= 20, f"{repeated} of {len(said)} came more than once"
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(heard)], strict=True)):
        check_run(number, said, heard[start:end], set(heard[:start]))
    # What was handled a second before the kill is always written by then.
    assert not set(said[:2]) & set(heard[2:])


@pytest.mark.timeout(180)
@pytest.mark.parametrize("mode", ["durable", "sequential"])
async def test_R4_U6_U8_durable_updates_come_once_over_restarts_and_a_bad_line(mode):
    counts = await restarts(20 if SLOW else 6, 5, mode)
    assert counts.lost == 0
    assert counts.kills >= counts.restarts // 2
    assert counts.messages > counts.restarts
    # Only what was interrupted comes again, and it says so.
    assert counts.repeated_unflagged == counts.repeated_done == 0
    assert counts.repeated - counts.repeated_returned <= counts.interrupted
    # Between the last line of a handler and the write that it has returned there is a moment.
    assert counts.repeated_returned <= 1
    assert counts.effects > 0
    assert counts.effects_repeated == 0
    assert counts.out_of_order == 0
    if mode == "sequential":
        assert counts.most_in_flight <= 1
