"""A server that knows only a handful of methods, and what the client asks it for."""

from __future__ import annotations

import pytest
from independent.api import MINIMAL
from steps import LISTEN, event

pytestmark = [pytest.mark.interop, pytest.mark.timeout(120)]

DAY = {
    "connect": "c = make(**{options})\nawait c.connect()\nawait asyncio.sleep(0.5)",
    "log in": """
        if not await c.is_user_authorized():
            await c.send_code_request("+4915100000")
            await c.sign_in("+4915100000", "12345")
            await asyncio.sleep(0.5)
    """,
    "who": "assert (await c.get_me()).id == 100\nassert await c.is_user_authorized()",
    "first message": "assert (await c.send_message('me', 'hello')).id",
    "to a name": "assert (await c.send_message('Bob', 'hello')).message == 'hello'",
    "upload": "f = await c.upload_file(b'x' * 700_000, file_name='a.bin')",
    "large upload": "f = await c.upload_file(bytes(11_000_000), file_name='a.bin')",
    "send": "m = await c.send_file('me', b'y' * 700_000, force_document=True)\nassert m.media",
    "download": "assert await c.download_media(m, bytes) == b'y' * 700_000",
    "parts": "assert b''.join([bytes(one) async for one in c.iter_download(m.media)]) == b'y' * 700_000",
    "again": "await c.disconnect()\nawait c.connect()\nassert (await c.get_me()).id == 100",
    "end": "await c.disconnect()",
}
EXTRA = {"auth.sendCode", "auth.signIn", "messages.sendMedia", "contacts.resolveUsername"}

# The most each may ask for: what Telethon 1.45.0 asks for.
BUDGET = {
    "connect": ["help.getConfig", "users.getUsers", "updates.getState", "updates.getDifference"],
    "who": ["users.getUsers"],
    "first message": ["messages.sendMessage"],
    "to a name": ["contacts.resolveUsername", "messages.sendMessage"],
    "upload": ["upload.saveFilePart"] * 6,
    "large upload": ["upload.saveBigFilePart"] * 84,
    "send": ["upload.saveFilePart"] * 6 + ["messages.sendMedia"],
    "download": ["upload.getFile"] * 6,
    "parts": ["upload.getFile"] * 6,
    # Ours asks for what was missed meanwhile.
    "again": ["help.getConfig", "users.getUsers", "users.getUsers", "updates.getDifference"],
    "end": [],
}


async def day(server, player, options=None):
    """Run all steps; gives what was asked for in each."""
    asked = {}
    for name, code in DAY.items():
        before = len(server.world.calls)
        await player.run(code.replace("{options}", repr(options or {})), 12)
        asked[name] = server.world.named()[before:]
    return asked


@pytest.fixture(params=["invalid", "500", "silence"])
def minimal(server, request):
    """The server, which answers unknown methods so."""
    server.api.only = MINIMAL | EXTRA
    server.api.otherwise = request.param
    return server


async def test_a_day(server, player):
    asked = await day(server, player)
    for name, most in BUDGET.items():
        extra = list(asked[name])
        for one in most:
            if one in extra:
                extra.remove(one)
        assert not extra, f"{name}: {extra} beside {most}"


async def test_a_day_that_begins_with_a_log_in(server, world, player):
    world.everyone_is = 0
    asked = await day(server, player)
    assert asked["log in"].count("auth.signIn") == 1
    assert set(asked["log in"]) <= {
        "auth.sendCode",
        "auth.signIn",
        "updates.getState",
        "updates.getDifference",
        "users.getUsers",
    }


@pytest.mark.anchor_fails("1.45 asks for a difference when it connects, and raises or goes on asking")
async def test_a_day_with_few_methods(minimal, player):
    await day(minimal, player)


async def test_a_day_with_few_methods_and_no_updates(minimal, ours):
    await day(minimal, ours, {"receive_updates": False})


@pytest.mark.parametrize("missing", ["updates.getState", "help.getConfig"])
async def test_a_day_without(minimal, ours, missing):
    if missing == "help.getConfig" and minimal.api.otherwise != "invalid":
        pytest.skip("whether the server knows the client is unknown then")
    minimal.api.only -= {missing}
    await day(minimal, ours)


async def test_a_log_in_with_few_methods(minimal, world, ours):
    world.everyone_is = 0
    await day(minimal, ours)


@pytest.mark.parametrize("missing", ["", "updates.getState"])
async def test_updates_with_few_methods(minimal, ours, missing):
    """Updates come, whatever cannot be asked for."""
    if missing and minimal.api.otherwise == "silence":
        pytest.skip("what comes while the state is asked for waits for it, and 1.45 does not connect")
    minimal.api.only -= {missing}
    await ours.run("c = make()\nawait c.connect()")
    await ours.run(LISTEN)
    for at in range(3):
        await minimal.push(100, event(minimal, str(at)))
    # A request that the server answers with 500 is tried for ten seconds.
    assert await ours.run("await until(lambda: len(got) >= 3, 14)\nreturn got") == ["0", "1", "2"]


async def test_a_gap_where_no_difference_can_be_had(server, ours):
    """What was missed is lost; what comes afterwards is still handed over."""
    server.api.only = MINIMAL | EXTRA
    await ours.run("c = make()\nawait c.connect()")
    await ours.run(LISTEN)
    await server.push(100, event(server, "first"))
    await ours.run("await until(lambda: got)")
    event(server, "lost")
    await server.push(100, event(server, "behind the gap"))
    await server.push(100, event(server, "further behind"))
    got = await ours.run("await until(lambda: len(got) >= 3, 20)\nreturn got", 25)
    assert got == ["first", "behind the gap", "further behind"]
