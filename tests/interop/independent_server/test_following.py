"""Updates with holes, differences in parts, and too many of them."""

from __future__ import annotations

import asyncio
import time

import pytest
from independent.methods import state
from steps import CONNECT, LISTEN, event, settle

pytestmark = [pytest.mark.interop, pytest.mark.timeout(90)]

GOT = "await until(lambda: len(got) >= {}, 12)\nawait asyncio.sleep(0.3)\nreturn got"


def got(count):
    return GOT.format(count)


async def test_a_hole_is_filled(server, player):
    await player.run(CONNECT)
    await player.run(LISTEN)
    await server.push(100, event(server, "1"))
    event(server, "2")
    event(server, "3")
    await server.push(100, event(server, "4"))
    assert await player.run(got(4), 15) == ["1", "2", "3", "4"]


async def test_updates_in_the_wrong_order(server, player):
    await player.run(CONNECT)
    await player.run(LISTEN)
    several = [event(server, str(at)) for at in range(6)]
    for one in (several[1], several[0], several[3], several[2], several[5], several[4]):
        await server.push(100, one)
    assert await player.run(got(6), 15) == [str(at) for at in range(6)]


async def test_updates_that_come_twice(server, player):
    await player.run(CONNECT)
    await player.run(LISTEN)
    for at in range(4):
        one = event(server, str(at))
        await server.push(100, one)
        await server.push(100, one)
    assert await player.run(got(4), 15) == [str(at) for at in range(4)]


async def test_updates_too_long(server, player):
    await player.run(CONNECT)
    await player.run(LISTEN)
    for at in range(3):
        event(server, str(at))
    await server.push(100, {"_": "updatesTooLong"})
    assert await player.run(got(3), 15) == ["0", "1", "2"]


async def test_slices(server, player):
    """Three messages at a time."""
    world, user = server.world, server.world.users[100]

    def part(call):
        missed = user.box.since(call.request["pts"])
        if not missed:
            return {"_": "updates.differenceEmpty", "date": int(time.time()), "seq": 0}
        some = missed[:3]
        last = len(some) == len(missed)
        name = "difference" if last else "differenceSlice"
        around = world.around()
        return {
            "_": f"updates.{name}",
            "new_messages": [one["message"] for _, one in some],
            "new_encrypted_messages": [],
            "other_updates": [],
            "chats": around["chats"],
            "users": around["users"],
            "state" if last else "intermediate_state": {**state(user), "pts": some[-1][0]},
        }

    server.api.on("updates.getDifference", part)
    await player.run(CONNECT)
    await player.run(LISTEN)
    for at in range(10):
        event(server, str(at))
    await server.push(100, {"_": "updatesTooLong"})
    assert await player.run(got(10), 15) == [str(at) for at in range(10)]


async def test_difference_too_long(server, player):
    user = server.world.users[100]
    await player.run(CONNECT)
    await player.run(LISTEN)

    def too_long(call):
        if call.request["pts"] < user.box.pts:
            return {"_": "updates.differenceTooLong", "pts": user.box.pts}
        return {"_": "updates.differenceEmpty", "date": int(time.time()), "seq": 0}

    server.api.on("updates.getDifference", too_long)
    for at in range(10):
        event(server, str(at))
    await server.push(100, {"_": "updatesTooLong"})
    await settle(lambda: server.world.named().count("updates.getDifference") >= (1 if player.is_ours else 2))
    await asyncio.sleep(0.5)
    await server.push(100, event(server, "afterwards"))
    assert await player.run(got(1), 15) == ["afterwards"]


async def test_secret_updates(server, player):
    """qts counts by itself."""
    await player.run("c = make()\nawait c.connect()\nawait asyncio.sleep(0.3)")
    await player.run("got = []\nc.add_event_handler(lambda update: got.append(type(update).__name__), events.Raw)")
    user = server.world.users[100]
    for _ in range(2):
        user.qts += 1
        bot = {"_": "updateBotStopped", "user_id": 200, "date": 5, "stopped": True, "qts": user.qts}
        await server.push(100, server.world.around(bot))
    assert (await player.run(got(2), 15))[:2] == ["UpdateBotStopped"] * 2


async def test_numbered_containers(server, player):
    """seq orders what has no number of its own."""
    await player.run("c = make()\nawait c.connect()\nawait asyncio.sleep(0.3)")
    await player.run(
        "got = []\nc.add_event_handler(lambda update: got.append(update.user_id), events.Raw(types.UpdateUserStatus))"
    )
    user = server.world.users[100]
    user.seq = 0
    for at in (1, 2, 3):
        user.seq += 1
        status = {"_": "updateUserStatus", "user_id": 200 + at, "status": {"_": "userStatusRecently"}}
        await server.push(100, server.world.around(status, seq=user.seq))
    assert await player.run(got(3), 15) == [201, 202, 203]


@pytest.mark.parametrize("final", [True, False])
async def test_a_hole_in_a_channel(server, player, final):
    channel = server.world.channel(77)
    world = server.world
    await player.run(CONNECT)
    await player.run(LISTEN)
    if not final:
        whole = server.api.handlers["updates.getChannelDifference"]

        def part(call):
            answer = whole(call)
            missed = channel.box.since(call.request["pts"])
            if len(missed) > 2:
                answer |= {"final": False, "pts": missed[1][0]}
                answer["new_messages"] = answer["new_messages"][:2]
            return answer

        server.api.on("updates.getChannelDifference", part)
    await server.push(100, world.around(world.channel_event(channel, "1")))
    await player.run(got(1), 15)
    for at in range(2, 8):
        world.channel_event(channel, str(at))
    await server.push(100, world.around(world.channel_event(channel, "8")))
    assert await player.run(got(8), 15) == [str(at) for at in range(1, 9)]


@pytest.mark.anchor_fails("1.45 loses the next update of a channel that was too far behind")
async def test_a_channel_too_far_behind(server, player):
    channel = server.world.channel(77)
    world = server.world
    await player.run(CONNECT)
    await player.run(LISTEN)
    await server.push(100, world.around(world.channel_event(channel, "1")))
    await player.run(got(1), 15)

    def too_long(_call):
        around = world.around()
        dialog = {
            "_": "dialog",
            "peer": {"_": "peerChannel", "channel_id": 77},
            "top_message": channel.box.pts,
            "read_inbox_max_id": 0,
            "read_outbox_max_id": 0,
            "unread_count": 0,
            "unread_mentions_count": 0,
            "unread_reactions_count": 0,
            "unread_poll_votes_count": 0,
            "notify_settings": {"_": "peerNotifySettings"},
            "pts": channel.box.pts,
        }
        return {
            "_": "updates.channelDifferenceTooLong",
            "final": True,
            "timeout": 30,
            "dialog": dialog,
            "messages": [],
            "chats": around["chats"],
            "users": around["users"],
        }

    server.api.on("updates.getChannelDifference", too_long)
    for at in range(2, 8):
        world.channel_event(channel, str(at))
    too = {"_": "updateChannelTooLong", "channel_id": 77, "pts": channel.box.pts}
    await server.push(100, world.around(too))
    await settle(lambda: "updates.getChannelDifference" in world.named())
    await asyncio.sleep(0.3)
    await server.push(100, world.around(world.channel_event(channel, "afterwards")))
    assert await player.run(got(2), 15) == ["1", "afterwards"]


async def test_a_session_that_was_forgotten_with_updates_in_it(server, ours):
    """What happened meanwhile is fetched, once."""
    await ours.run(CONNECT)
    await ours.run(LISTEN)
    server.sessions.clear()
    for at in range(3):
        event(server, str(at))
    await ours.run("await c(me)")
    assert await ours.run(got(3), 15) == ["0", "1", "2"]


async def test_a_reconnection_with_updates_in_it(server, ours):
    await ours.run(CONNECT)
    await ours.run(LISTEN)
    for connection in list(server.connections):
        connection.reset()
    for at in range(3):
        event(server, str(at))
    assert await ours.run(got(3), 15) == ["0", "1", "2"]


async def test_catching_up_between_runs(server, ours):
    await ours.run("c = make()\nawait c.connect()\nawait c(me)\nawait asyncio.sleep(0.3)")
    await server.push(100, event(server, "seen"))
    await ours.run("await asyncio.sleep(0.3)\ns = c.session\nawait c.disconnect()")
    for at in range(3):
        event(server, str(at))
    await ours.run("""
        c = make(s, catch_up=True)
        got = []
        c.add_event_handler(lambda event: got.append(event.raw_text), events.NewMessage)
        await c.connect()
    """)
    assert await ours.run(got(3), 15) == ["0", "1", "2"]
