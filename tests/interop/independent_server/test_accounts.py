"""Several data centres, log-ins that have to move, files elsewhere, and what ends a log-in."""

from __future__ import annotations

import pytest
from independent.api import RpcError
from independent.server import Server
from steps import ASK, CONNECT, MANY, NEAREST, nearest, settle

pytestmark = [pytest.mark.interop, pytest.mark.timeout(90)]


@pytest.fixture
async def other(world, server):
    """Data centre 4."""
    made = Server(world, 4)
    world.servers[4] = made
    await made.start()
    return made


LOG_IN = """
    c = make()
    await c.connect()
    await c.send_code_request("+4915100000")
    await c.sign_in("+4915100000", "12345")
    return (await c.get_me()).id, c.session.dc_id
"""


async def test_phone_migrate(server, other, world, player):
    world.everyone_is = 0
    world.users[100].dc_id = 4
    assert await player.run(LOG_IN, 12) == [100, 4]
    assert [dc_id for dc_id, name in world.calls if name == "auth.signIn"] == [4]
    assert await player.run(MANY, 8) == [100] * 30


async def test_user_migrate(server, other, world, player):
    world.everyone_is = 0
    world.user(300, token="300:abc", first_name="Robo", dc_id=4)
    code = "c = make()\nawait c.start(bot_token='300:abc')\nreturn (await c.get_me()).id, c.session.dc_id"
    assert await player.run(code, 12) == [300, 4]


async def test_network_migrate(server, other, world, player):
    world.everyone_is = 0

    def elsewhere(_call):
        raise RpcError(303, "NETWORK_MIGRATE_4")

    server.api.on("auth.sendCode", elsewhere)
    world.users[100].dc_id = 4
    assert await player.run(LOG_IN, 12) == [100, 4]


async def test_auth_restart(server, world, player):
    world.everyone_is = 0
    send, left = server.api.handlers["auth.sendCode"], [1]

    def restart(call):
        if left:
            left.pop()
            raise RpcError(500, "AUTH_RESTART")
        return send(call)

    server.api.on("auth.sendCode", restart)
    assert await player.run(LOG_IN, 12) == [100, 2]


FILE = "types.Document(5, 6, b'r', None, 'text/plain', {size}, {dc}, [])"


async def test_a_file_elsewhere(server, other, world, player):
    """The authorization is exported and imported, once."""
    world.files[5] = bytes(range(256)) * 4000
    await player.run(CONNECT)
    # Keys of the other data centre are nobody's until something is imported.
    world.everyone_is = 0
    code = f"return len(await c.download_media({FILE.format(size=1_024_000, dc=4)}, bytes))"
    for _ in range(2):
        assert await player.run(code, 15) == 1_024_000
    if not player.is_ours:
        # It asks its own data centre, which has the file as well here.
        return
    names = world.named()
    assert names.count("auth.exportAuthorization") == 1
    assert names.count("auth.importAuthorization") == 1
    assert {dc_id for dc_id, name in world.calls if name == "upload.getFile"} == {4}


async def test_file_migrate(server, other, world, player):
    """The document names one data centre, and the server another."""
    world.files[5] = bytes(range(256)) * 4000
    await player.run(CONNECT)
    world.everyone_is = 0

    def elsewhere(_call):
        raise RpcError(303, "FILE_MIGRATE_4")

    server.api.on("upload.getFile", elsewhere)
    code = f"return len(await c.download_media({FILE.format(size=1_024_000, dc=2)}, bytes))"
    assert await player.run(code, 15) == 1_024_000


async def test_a_file_elsewhere_while_that_data_centre_is_flaky(server, other, world, ours):
    world.files[5] = bytes(range(256)) * 4000
    await ours.run(CONNECT)
    world.everyone_is = 0
    left = [2]

    async def cut(connection):
        left[0] -= 1
        return left[0] < 0

    other.on_connect = cut
    code = f"return len(await c.download_media({FILE.format(size=1_024_000, dc=4)}, bytes))"
    assert await ours.run(code, 20) == 1_024_000


async def test_a_ticket_that_is_refused(server, other, world, ours):
    """AUTH_BYTES_INVALID: the caller hears of it, and the log-in is not touched."""
    await ours.run(CONNECT)
    world.everyone_is = 0
    world.files[5] = bytes(4096)

    def refuse(_call):
        raise RpcError(400, "AUTH_BYTES_INVALID")

    other.api.on("auth.importAuthorization", refuse)
    with pytest.raises(AssertionError, match="AuthBytesInvalid"):
        await ours.run(f"return len(await c.download_media({FILE.format(size=4096, dc=4)}, bytes))", 15)
    assert await ours.run(ASK, 5) == 100


ENDS = {
    "AUTH_KEY_UNREGISTERED": 401,
    "SESSION_REVOKED": 401,
    "USER_DEACTIVATED": 401,
    "AUTH_KEY_DUPLICATED": 406,
}


@pytest.mark.parametrize("text", ENDS)
async def test_what_ends_a_login(server, player, text):
    await player.run(CONNECT)

    def end(_call):
        raise RpcError(ENDS[text], text)

    server.api.on("help.getNearestDc", end)
    name = "".join(word.capitalize() for word in text.split("_")) + "Error"
    with pytest.raises(AssertionError, match=name):
        await player.run(NEAREST, 8)
    server.api.on("help.getNearestDc", nearest)
    if text != "AUTH_KEY_DUPLICATED":
        assert await player.run(NEAREST, 8) == 2


async def test_logging_out(server, player):
    await player.run(CONNECT)
    assert await player.run("return await c.log_out()", 8) is True
    await settle(lambda: not server.connections)
    assert server.world.named().count("auth.logOut") == 1
