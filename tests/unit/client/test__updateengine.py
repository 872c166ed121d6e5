"""Following updates: what is asked, what is handed out, what is stored, and that nothing stops it."""

from __future__ import annotations

import asyncio
import datetime
import logging
from typing import Any

import pytest
from following import BOB, SELF, Following, Telegram, virtual
from updates_model import ACCOUNT, DATE, SECRET, message

from telethon import errors, events
from telethon._updates import Hole, Wanted
from telethon.client import _dispatch, _updateengine, _updatequeue
from telethon.sessions import MemorySession
from telethon.testing.clock import run_virtual
from telethon.tl import functions, types

GROUP = types.Channel(7, "g", types.ChatPhotoEmpty(), DATE, access_hash=70, megagroup=True)


def new(pts: int, **fields: Any) -> types.UpdateNewMessage:
    return types.UpdateNewMessage(
        types.Message(id=pts, peer_id=types.PeerUser(50), date=DATE, message="x", **fields), pts, 1
    )


def now() -> float:
    return asyncio.get_running_loop().time()


# -- beginning ---------------------------------------------------------------------------------------------------------


@virtual
async def test_begins_at_the_state_there_is():
    telegram = Telegram()
    telegram.server.add(ACCOUNT)
    async with Following(telegram) as following:
        following.note()
        following.happen()
        await asyncio.sleep(1)
        assert telegram.names == ["updates.GetState"[8:]]
        assert following.names == [(ACCOUNT, 2)]


@virtual
async def test_asks_who_it_is_when_that_is_not_known():
    telegram = Telegram()
    async with Following(telegram, own=False) as following:
        assert telegram.names == ["GetUsers", "GetState"]
        cache = following.client._mb_entity_cache
        assert (cache.self_id, cache.self_bot) == (SELF, False)


@virtual
async def test_asks_for_the_state_when_it_cannot_learn_who_it_is():
    telegram = Telegram()
    telegram.failures = [ConnectionError()]
    async with Following(telegram, own=False):
        assert telegram.names == ["GetUsers", "GetState"]


@virtual
async def test_nobody_is_logged_in():
    telegram = Telegram()
    telegram.failures = [errors.AuthKeyUnregisteredError(None)]
    async with Following(telegram, own=False) as following:
        await asyncio.sleep(5000)
        assert telegram.names == ["GetUsers"]
        assert following.client._updates_error is None


@virtual
async def test_an_answer_that_names_nobody():
    telegram = Telegram()
    telegram._answer = lambda request: []  # type: ignore[method-assign]
    async with Following(telegram, own=False) as following:
        assert telegram.names == ["GetUsers"]
        assert following.engine._login is False


@virtual
async def test_U12_before_login_only_four_kinds_of_updates_pass():
    telegram = Telegram()
    telegram.failures = [errors.AuthKeyUnregisteredError(None)]
    async with Following(telegram, own=False) as following:
        following.note()
        allowed = [
            types.UpdateLoginToken(),
            types.UpdateDcOptions([]),
            types.UpdateConfig(),
            types.UpdateLangPackTooLong("en"),
            types.UpdateLangPack(types.LangPackDifference("en", 1, 2, [])),
        ]
        typing = types.UpdateUserTyping(50, types.SendMessageTypingAction())
        following.put(*allowed, typing, new(11))
        queue = following.client._updates_queue
        queue.put_nowait(types.UpdateShort(types.UpdateLoginToken(), DATE))
        queue.put_nowait(types.UpdateShort(typing, DATE))
        queue.put_nowait(types.UpdateShortMessage(1, 50, "hi", 11, 1, DATE))
        queue.put_nowait(types.UpdatesTooLong())
        await asyncio.sleep(1)
        assert following.got == [*allowed, types.UpdateLoginToken()]
        assert 50 not in following.client._mb_entity_cache.hash_map
        assert telegram.names == ["GetUsers"]


@virtual
async def test_logging_in_begins_anew():
    telegram = Telegram()
    telegram.failures = [errors.AuthKeyUnregisteredError(None)]
    async with Following(telegram, own=False) as following:
        following.note()
        await following.engine.on_login(types.User(SELF))
        await asyncio.sleep(1)
        assert telegram.names == ["GetUsers", "GetState"]
        following.happen()
        await asyncio.sleep(1)
        assert following.names == [(ACCOUNT, 1)]


@virtual
async def test_logging_in_while_it_asks_who_it_is():
    telegram = Telegram()
    telegram.failures = [errors.AuthKeyUnregisteredError(None)]
    telegram.delay = 1.0
    async with Following(telegram, own=False) as following:
        await following.engine.on_login(types.User(SELF))
        await asyncio.sleep(2)
        assert following.engine._login is True


@virtual
async def test_tells_what_it_heard_of_the_account():
    telegram = Telegram()
    telegram.delay = 1.0
    async with Following(telegram, own=False) as following:
        assert await following.engine.login_heard() is True
        assert await following.client.is_user_authorized() is True
        # The state is asked for by the engine, for the updates.
        assert telegram.names == ["GetUsers", "GetState"]
        following.engine._lose_login(errors.AuthKeyUnregisteredError(None))
        assert await following.engine.login_heard() is None


@virtual
async def test_tells_nothing_of_an_account_it_did_not_ask_about():
    async with Following(Telegram()) as following:
        assert await following.engine.login_heard() is None


@pytest.mark.parametrize(
    ("failure", "heard"),
    [
        (errors.AuthKeyUnregisteredError(None), False),
        (errors.SessionPasswordNeededError(None), False),
        (errors.FloodWaitError(None, capture=5), None),
        (ConnectionError("lost"), None),
    ],
)
def test_what_a_failure_says_of_the_account(failure, heard):
    @virtual
    async def test():
        telegram = Telegram()
        telegram.failures = [failure]
        async with Following(telegram, own=False) as following:
            assert await following.engine.login_heard() is heard
            await following.engine.on_login(types.User(SELF))
            assert await following.engine.login_heard() is None

    test()


@virtual
async def test_a_login_while_somebody_waits_to_hear_of_one():
    telegram = Telegram()
    telegram.delay = 1.0
    telegram.failures = [errors.AuthKeyUnregisteredError(None)]
    async with Following(telegram, own=False) as following:
        asking = asyncio.ensure_future(following.client.is_user_authorized())
        await asyncio.sleep(0)
        await following.client._on_login(types.User(SELF))
        assert await asking is True


@virtual
async def test_answers_for_another_account_are_not_taken():
    telegram = Telegram()
    telegram.delay = 2.0
    async with Following(telegram) as following:
        await following.engine.on_login(types.User(SELF))
        await asyncio.sleep(5)
        assert telegram.names == ["GetState", "GetState"]
        assert following.engine._box.pts == 10


@virtual
async def test_updates_are_not_wanted():
    telegram = Telegram()
    async with Following(telegram, receive_updates=False) as following:
        following.client._updates_queue.put_nowait(types.UpdatesTooLong())
        await asyncio.sleep(2000)
        assert telegram.names == []


@virtual
async def test_starting_twice_changes_nothing():
    telegram = Telegram()
    async with Following(telegram) as following:
        task = following.engine.task
        await following.engine.start()
        assert following.engine.task is task is following.client._updates_handle


@virtual
async def test_stopping_before_starting():
    await Following(Telegram()).engine.stop()


# -- what makes it ask -------------------------------------------------------------------------------------------------


async def gap(following: Following) -> None:
    following.server.add(ACCOUNT)
    following.happen()


async def too_long(following: Following) -> None:
    following.client._updates_queue.put_nowait(types.UpdatesTooLong())


async def session_lost(following: Following) -> None:
    # The connection says so of lost sessions and of updates that cannot be read.
    following.client._updates_queue.put_nowait(types.UpdatesTooLong())
    following.client._updates_queue.put_nowait(types.UpdatesTooLong())


async def reconnected(following: Following) -> None:
    await following.client._handle_auto_reconnect()


async def asked_to(following: Following) -> None:
    await following.client.catch_up()


async def stranger(following: Following) -> None:
    event = following.server.add(ACCOUNT)
    short = types.UpdateShortMessage(event.name, 60, "hi", event.end, 1, DATE)
    following.client._updates_queue.put_nowait(short)


async def silence(following: Following) -> None:
    await asyncio.sleep(901)


@pytest.mark.parametrize("trigger", [gap, too_long, session_lost, reconnected, asked_to, stranger, silence])
def test_U5_I9_each_trigger_asks_once(trigger):
    async def run() -> None:
        telegram = Telegram()
        async with Following(telegram) as following:
            following.note()
            missed = following.server.add(ACCOUNT)
            telegram.asked.clear()
            await trigger(following)
            await asyncio.sleep(2)
            assert telegram.names == ["GetDifference"]
            assert following.names[0] == (ACCOUNT, missed.name)
            assert len(following.names) == len(following.server.events[ACCOUNT])

    run_virtual(run())


@virtual
async def test_U5_triggers_at_the_same_time_ask_once():
    telegram = Telegram()
    async with Following(telegram) as following:
        telegram.asked.clear()
        for trigger in (too_long, reconnected, asked_to, session_lost, stranger):
            await trigger(following)
        await asyncio.sleep(0.01)
        await reconnected(following)
        await asyncio.sleep(2)
        assert telegram.names == ["GetDifference"]


@virtual
async def test_U5_a_user_whom_no_answer_tells_is_asked_for_once():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        telegram.asked.clear()
        for _ in range(3):
            await stranger(following)
            await asyncio.sleep(2)
        assert telegram.names == ["GetDifference"]
        assert len(following.got) == 3


@virtual
async def test_U5_known_users_need_no_question():
    telegram = Telegram()
    session = MemorySession()
    session.process_entities(types.contacts.ResolvedPeer(types.PeerUser(60), [], [types.User(60, access_hash=6)]))
    async with Following(telegram, session) as following:
        following.note()
        telegram.asked.clear()
        await stranger(following)
        queue = following.client._updates_queue
        queue.put_nowait(types.UpdateShortChatMessage(5, SELF, 22, "hi", 12, 1, DATE))
        await asyncio.sleep(2)
        assert telegram.names == []
        assert len(following.got) == 2


@virtual
async def test_I30_unknown_users_are_not_remembered_for_ever():
    telegram = Telegram()
    async with Following(telegram) as following:
        for number in range(_updateengine._HOPELESS + 5):
            update = types.UpdateShortMessage(1, 1000 + number, "hi", 11, 1, DATE)
            following.engine._is_from_stranger(update, 0.0)
        assert len(following.engine._hopeless) == _updateengine._HOPELESS
        assert 1004 not in following.engine._hopeless


@virtual
async def test_what_happened_during_a_long_question_is_asked_for_again():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        telegram.asked.clear()
        telegram.delay = 4.0
        await too_long(following)
        await asyncio.sleep(3)
        following.server.add(ACCOUNT)
        await too_long(following)
        await asyncio.sleep(10)
        assert telegram.names == ["GetDifference", "GetDifference"]
        assert following.names == [(ACCOUNT, 1)]


@virtual
async def test_channels_are_asked_about():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        first = following.server.add(7)
        following.put(first.as_update(), chats=[GROUP])
        await asyncio.sleep(1)
        following.server.add(7)
        following.happen(7)
        telegram.asked.clear()
        await asyncio.sleep(1)
        [(_, request)] = telegram.asked
        expected = functions.updates.GetChannelDifferenceRequest(
            channel=types.InputChannel(7, 70), filter=types.ChannelMessagesFilterEmpty(), pts=11, limit=100
        )
        assert request == expected
        assert following.names == [(7, 1), (7, 2), (7, 3)]


@virtual
async def test_bots_may_ask_for_more_of_a_channel():
    telegram = Telegram()
    session = MemorySession()
    session.process_entities(types.contacts.ResolvedPeer(types.PeerUser(1), [GROUP], []))
    async with Following(telegram, session) as following:
        following.client._mb_entity_cache.self_bot = True
        following.happen(7)
        following.server.add(7)
        following.happen(7)
        await asyncio.sleep(1)
        request = telegram.asked[-1][1]
        assert (request.limit, request.channel) == (100_000, types.InputChannel(7, 70))


@virtual
async def test_channels_that_cannot_be_named_are_not_asked_about():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        # A user with the same number is no channel.
        following.put(types.UpdateConfig(), users=[types.User(7, access_hash=3)])
        following.happen(7)
        following.server.add(7)
        following.happen(7)
        await asyncio.sleep(2)
        assert telegram.names == ["GetState"]
        # It begins anew with the next event.
        following.happen(7)
        await asyncio.sleep(1)
        assert following.names == [(7, 1), (7, 4)]


@virtual
async def test_something_is_asked_when_nothing_was_for_half_an_hour():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.client._clock = following.engine._clock = asyncio.get_running_loop().clock  # type: ignore[attr-defined]
        following.client._last_request = following.client._clock.now().wall
        for _ in range(8):
            # Not silent, so that this is no reason to ask.
            following.happen()
            await asyncio.sleep(600)
        assert [round((when - 1000) / 60) for when, _ in telegram.asked] == [0, 30, 60]
        assert telegram.names == ["GetState"] * 3


@virtual
async def test_a_failed_question_that_was_only_to_be_heard_of_is_no_matter():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.client._last_request = -1e9
        following.engine._asked = -1e9
        telegram.failures = [ConnectionError()]
        following.happen()
        await asyncio.sleep(300)
        assert telegram.names == ["GetState", "GetState"]


# -- handing out -------------------------------------------------------------------------------------------------------


@virtual
async def test_updates_carry_who_came_with_them():
    async with Following(Telegram()) as following:
        following.note()
        group = types.Chat(22, "t", types.ChatPhotoEmpty(), 3, DATE, 1)
        following.put(new(11), users=[BOB], chats=[group, GROUP])
        following.client._updates_queue.put_nowait(types.UpdateShort(types.UpdateConfig(), DATE))
        await asyncio.sleep(1)
        assert following.got[0]._entities == {50: BOB, -22: group, -1000000000007: GROUP}
        assert following.got[0]._client is following.client
        assert following.got[1]._entities == {}
        assert following.client._mb_entity_cache.get(7).hash == 70


@virtual
async def test_U10_a_sender_known_only_by_a_message_is_named_by_it():
    async with Following(Telegram()) as following:
        events_got = []

        @following.client.on(events.NewMessage)
        async def handler(event):
            events_got.append(event)

        header = types.MessageFwdHeader(DATE, from_id=types.PeerChannel(8))
        entities = [types.MessageEntityMentionName(0, 1, 62)]
        text = types.Message(
            id=3, peer_id=types.PeerChannel(7), from_id=types.PeerUser(61), date=DATE, message="x", fwd_from=header,
            via_bot_id=63, entities=entities,
        )  # fmt: skip
        users = [types.User(number, access_hash=1, min=True) for number in (61, 62, 63, 64)]
        other = types.Channel(8, "t", types.ChatPhotoEmpty(), DATE, access_hash=1, min=True, broadcast=True)
        following.put(types.UpdateNewChannelMessage(text, 11, 1), users=users, chats=[GROUP, other])
        await asyncio.sleep(1)
        where = types.InputPeerChannel(7, 70)
        assert events_got[0].input_sender == types.InputPeerUserFromMessage(where, 3, 61)
        cache = following.client._mb_entity_cache
        assert cache.get_min(62)._as_input_peer() == types.InputPeerUserFromMessage(where, 3, 62)
        assert cache.get_min(63).msg_id == 3
        assert cache.get_min(8)._as_input_peer() == types.InputPeerChannelFromMessage(where, 3, 8)
        # Nothing says where that one was seen.
        assert cache.get_min(64) is None


@virtual
async def test_U10_min_users_in_other_chats():
    async with Following(Telegram()) as following:
        user = types.User(61, access_hash=1, min=True)
        for msg_id, peer in ((3, types.PeerUser(50)), (4, types.PeerChannel(9)), (5, types.PeerChat(22))):
            sent = types.Message(id=msg_id, peer_id=peer, from_id=types.PeerUser(61), date=DATE, message="x")
            following.put(types.UpdateNewMessage(sent, 0, 0), users=[user])
        following.put(types.UpdateConfig(), users=[user])
        await asyncio.sleep(1)
        found = following.client._mb_entity_cache.get_min(61)
        assert found._as_input_peer() == types.InputPeerUserFromMessage(types.InputPeerChat(22), 5, 61)


@virtual
async def test_I11_ones_own_message_is_one_event_at_most():
    async with Following(Telegram()) as following:
        following.note()
        following.put(new(11), own=True)
        await asyncio.sleep(1)
        assert following.got == []
        following.put(new(11))
        following.put(new(11))
        following.put(new(12))
        following.put(new(12), own=True)
        await asyncio.sleep(1)
        assert following.got == [new(11), new(12)]


def send_on_way(following: Following) -> asyncio.Future[Any]:
    """A message that is being sent."""
    future: Any = asyncio.get_running_loop().create_future()
    query = functions.messages.SendMessageRequest(types.InputPeerSelf(), "x", random_id=5)
    future.request = functions.InvokeWithLayerRequest(1, query)
    following.engine._pending = lambda: [] if future.done() else [future]
    return future


@pytest.mark.parametrize("seconds", [0.5, 1000])
@virtual
async def test_I11_a_difference_waits_for_the_answer_to_a_message_that_is_being_sent(seconds):
    """Otherwise nobody could tell that the message in it is the client's own doing."""
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        future = send_on_way(following)
        own = types.Message(id=11, peer_id=types.PeerUser(50), date=DATE, message="x", out=True)
        other = types.Message(id=12, peer_id=types.PeerUser(50), date=DATE, message="y")
        state = types.updates.State(12, 10, DATE, 0, 0)
        telegram._answer = lambda request: types.updates.Difference([own, other], [], [], [], [], state)  # type: ignore[method-assign]
        following.engine.catch_up()
        await asyncio.sleep(seconds if seconds < 3 else 2)
        assert following.got == []
        if seconds < 3:
            following.put(types.UpdateNewMessage(own, 11, 1), own=True)
            future.set_result(None)
            await asyncio.sleep(1)
            assert [update.message.id for update in following.got] == [12]
        else:
            # It may be that the answer never comes.
            await asyncio.sleep(2)
            assert [update.message.id for update in following.got] == [11, 12]
        assert following.engine.box.pts == 12


@virtual
async def test_I11_a_difference_with_messages_of_others_waits_for_nothing():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        send_on_way(following)
        telegram.server.add(ACCOUNT)
        following.engine.catch_up()
        await asyncio.sleep(0.2)
        assert following.names == [(ACCOUNT, 1)]


@virtual
async def test_ending_while_a_difference_waits_asks_again_later():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        send_on_way(following)
        own = types.Message(id=11, peer_id=types.PeerUser(50), date=DATE, message="x", out=True)
        state = types.updates.State(11, 10, DATE, 0, 0)
        answer = telegram._answer
        telegram._answer = lambda request: types.updates.Difference([own], [], [], [], [], state)  # type: ignore[method-assign]
        following.engine.catch_up()
        await asyncio.sleep(0.5)
        telegram._answer = answer  # type: ignore[method-assign]
        await following.engine.stop()
        assert following.engine.box.pts == 10
        await following.engine.start()
        await asyncio.sleep(5)
        assert [type(request).__name__ for _, request in telegram.asked].count("GetDifferenceRequest") == 2


@virtual
async def test_U5_with_catch_up_every_channel_that_was_followed_is_asked_about():
    """Also those that the answer about the account does not name, the liveliest first and not all at once."""
    telegram = Telegram()
    telegram.server.hints = False
    session = MemorySession()
    session.set_update_state(0, types.updates.State(10, 10, DATE, 0, 0))
    day = datetime.timedelta(days=1)
    for channel_id in range(101, 111):
        session.set_update_state(channel_id, types.updates.State(10, 0, DATE + channel_id * day, 0, 0))
        group = types.Channel(channel_id, "g", types.ChatPhotoEmpty(), DATE, access_hash=70, megagroup=True)
        session.process_entities(types.contacts.ResolvedPeer(types.PeerUser(1), [group], []))
    telegram.server.add(103)
    most = 0

    async def ask(request: Any) -> Any:
        nonlocal most
        most = max(most, following.engine.box._channels_on_way)
        return await telegram.ask(request)

    following = Following(telegram, session, catch_up=True)
    following.engine._ask = ask
    async with following.note():
        await asyncio.sleep(5)
        asked = [request.channel.channel_id for _, request in telegram.asked if hasattr(request, "channel")]
        assert asked == list(range(110, 100, -1))
        assert following.names == [(103, 1)]
        assert most == 3


@virtual
async def test_U7_a_flood_wait_for_one_channel_counts_for_all():
    telegram = Telegram()
    session = MemorySession()
    session.set_update_state(0, types.updates.State(10, 10, DATE, 0, 0))
    for channel_id in range(101, 111):
        session.set_update_state(channel_id, types.updates.State(10, 0, DATE, 0, 0))
        group = types.Channel(channel_id, "g", types.ChatPhotoEmpty(), DATE, access_hash=70, megagroup=True)
        session.process_entities(types.contacts.ResolvedPeer(types.PeerUser(1), [group], []))
    wait = errors.FloodWaitError(None, capture=30)
    telegram.failures = [None, wait, wait, wait]
    async with Following(telegram, session, catch_up=True):
        await asyncio.sleep(20)
        assert telegram.names == ["GetDifference", *["GetChannelDifference"] * 3]
        await asyncio.sleep(20)
        assert telegram.names.count("GetChannelDifference") == 13


@virtual
async def test_U8_updates_start_in_order():
    async with Following(Telegram()) as following:
        started = []

        @following.client.on(events.NewMessage)
        async def handler(event):
            started.append(event.id)
            await asyncio.sleep(10 - event.id % 10)

        numbers = list(range(11, 111))
        # They arrive in the wrong order.
        for start in range(0, 100, 5):
            for number in reversed(numbers[start : start + 5]):
                following.put(new(number))
        await asyncio.sleep(1)
        assert started == numbers


@virtual
async def test_U8_sequential_updates_follow_each_other():
    async with Following(Telegram(), sequential_updates=True) as following:
        steps = []

        @following.client.on(events.NewMessage)
        async def handler(event):
            steps.append(("begin", event.id))
            await asyncio.sleep(1)
            steps.append(("end", event.id))

        for number in range(11, 21):
            following.put(new(number))
        await asyncio.sleep(15)
        assert steps == [(step, number) for number in range(11, 21) for step in ("begin", "end")]
        # And those that came later, when there was nothing to do in between.
        following.put(new(21))
        await asyncio.sleep(2)
        assert steps[-1] == ("end", 21)


@virtual
async def test_sequential_handlers_can_have_conversations():
    async with Following(Telegram(), sequential_updates=True) as following:
        client = following.client
        answers = []

        async def get_input_entity(peer):
            return types.InputPeerUser(50, 500)

        client.get_input_entity = get_input_entity  # type: ignore[method-assign]

        @client.on(events.NewMessage(pattern="start"))
        async def handler(event):
            async with client.conversation(50) as conversation:
                conversation._last_outgoing = 1
                answers.append((await conversation.get_response()).id)

        start = new(11)
        start.message.message = "start"
        following.put(start)
        await asyncio.sleep(1)
        following.put(new(12))
        await asyncio.sleep(1)
        assert answers == [12]


@virtual
async def test_U11_handlers_that_raise_or_sleep_disturb_nobody():
    async with Following(Telegram()) as following:
        handled = []

        @following.client.on(events.NewMessage)
        async def bad(event):
            number = event.id % 5
            if number == 0:
                raise ValueError("bad")
            if number == 1:
                raise asyncio.CancelledError
            if number == 2:
                raise GeneratorExit
            if number == 3:
                await asyncio.sleep(60)

        @following.client.on(events.Raw)
        async def good(update):
            handled.append(update)

        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda loop, context: None)
        for number in range(11, 31):
            following.put(new(number))
        following.put(types.UpdateConfig())
        await asyncio.sleep(1)
        assert types.UpdateConfig() in handled
        assert not following.engine.task.done()


# -- failures ----------------------------------------------------------------------------------------------------------


def asked_at(telegram: Telegram, start: float) -> list[float]:
    return [round(when - start, 1) for when, _ in telegram.asked]


@pytest.mark.parametrize(
    "error",
    [
        errors.ServerError(None, "INTERNAL", 500),
        errors.TimedOutError(None, "Timedout"),
        ValueError("Request was unsuccessful 6 time(s)"),
        ConnectionError("lost"),
        asyncio.TimeoutError(),
        OSError("network"),
        KeyError("bug"),
        asyncio.CancelledError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_U7_failures_are_tried_again(error):
    async def run() -> None:
        telegram = Telegram()
        async with Following(telegram) as following:
            following.note()
            telegram.asked.clear()
            telegram.failures = [error] * 4
            missed = following.server.add(ACCOUNT)
            start = now()
            await following.client.catch_up()
            await asyncio.sleep(60)
            assert asked_at(telegram, start) == [0, 1, 3, 7.1, 15.1]
            assert following.names == [(ACCOUNT, missed.name)]

    run_virtual(run())


def test_U7_flood_waits_are_kept():
    async def run() -> None:
        telegram = Telegram()
        async with Following(telegram) as following:
            telegram.asked.clear()
            telegram.failures = [errors.FloodWaitError(None, capture=7)]
            start = now()
            await following.client.catch_up()
            await asyncio.sleep(60)
            assert asked_at(telegram, start) == [0, 7]

    run_virtual(run())


@virtual
async def test_U7_an_answer_that_never_comes_is_asked_for_again():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        telegram.asked.clear()
        telegram.delay = 1e9
        start = now()
        await following.client.catch_up()
        await asyncio.sleep(60.5)
        telegram.delay = 0.05
        missed = following.server.add(ACCOUNT)
        await asyncio.sleep(5)
        assert asked_at(telegram, start) == [0, 61]
        assert following.names == [(ACCOUNT, missed.name)]


@virtual
async def test_U7_a_new_connection_ends_the_pause():
    telegram = Telegram()
    async with Following(telegram) as following:
        telegram.asked.clear()
        telegram.failures = [ConnectionError()] * 6
        start = now()
        await following.client.catch_up()
        await asyncio.sleep(35)
        await following.client._handle_auto_reconnect()
        await asyncio.sleep(1)
        assert asked_at(telegram, start)[-1] == 35


@pytest.mark.parametrize(
    "error", [errors.ChannelPrivateError(None), errors.ChannelInvalidError(None), errors.ChatForbiddenError(None)]
)
def test_U7_channels_that_refuse_are_forgotten(error):
    async def run() -> None:
        telegram = Telegram()
        async with Following(telegram) as following:
            following.put(following.server.add(7).as_update(), chats=[GROUP])
            await asyncio.sleep(1)
            telegram.asked.clear()
            telegram.failures = [error]
            following.server.add(7)
            following.happen(7)
            await asyncio.sleep(100)
            assert telegram.names == ["GetChannelDifference"]
            assert following.engine._box.channel_pts(7) is None

    run_virtual(run())


@virtual
async def test_U7_failures_of_channels_are_tried_again():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        following.put(following.server.add(7).as_update(), chats=[GROUP])
        await asyncio.sleep(1)
        telegram.failures = [errors.ServerError(None, "X", 500), errors.FloodWaitError(None, capture=9)]
        following.server.add(7)
        following.happen(7)
        await asyncio.sleep(30)
        assert following.names == [(7, 1), (7, 2), (7, 3)]


@pytest.mark.parametrize("error", [errors.PersistentTimestampEmptyError, errors.PersistentTimestampInvalidError])
def test_I35_a_state_that_telegram_does_not_know_is_asked_for_anew(error):
    async def run() -> None:
        telegram = Telegram()
        async with Following(telegram) as following:
            following.note()
            telegram.asked.clear()
            telegram.failures = [error(None)]
            following.server.add(ACCOUNT)
            await following.client.catch_up()
            await asyncio.sleep(1)
            assert telegram.names == ["GetDifference", "GetState"]
            following.happen()
            await asyncio.sleep(1)
            assert following.names == [(ACCOUNT, 2)]

    run_virtual(run())


@virtual
async def test_an_answer_that_cannot_be_understood_is_asked_for_again():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        answer = telegram._answer
        telegram._answer = lambda request: types.User(1)  # type: ignore[method-assign]
        missed = following.server.add(ACCOUNT)
        await following.client.catch_up()
        await asyncio.sleep(0.5)
        telegram._answer = answer  # type: ignore[method-assign]
        await asyncio.sleep(5)
        assert following.names == [(ACCOUNT, missed.name)]


@pytest.mark.parametrize(
    "error", [errors.AuthKeyUnregisteredError, errors.SessionRevokedError, errors.AuthKeyDuplicatedError]
)
def test_E4_E5_an_account_that_was_logged_out_ends_the_client(error):
    async def run() -> None:
        telegram = Telegram()
        async with Following(telegram) as following:
            ended = []
            following.client.disconnect = lambda: ended.append(1)  # type: ignore[method-assign,assignment,return-value]
            telegram.asked.clear()
            telegram.failures = [error(None)] * 9
            await following.client.catch_up()
            await asyncio.sleep(1000)
            # It is told once, and nothing more is asked.
            assert (telegram.names, ended) == (["GetDifference"], [1])
            assert isinstance(following.client._updates_error, error)

    run_virtual(run())


def test_E4_a_password_that_is_asked_for_is_no_log_out():
    async def run() -> None:
        telegram = Telegram()
        async with Following(telegram) as following:
            ended = []
            following.client.disconnect = lambda: ended.append(1)  # type: ignore[method-assign,assignment,return-value]
            telegram.asked.clear()
            telegram.failures = [errors.SessionPasswordNeededError(None)]
            await following.client.catch_up()
            await asyncio.sleep(100)
            # It is asked again, and nothing ends.
            assert telegram.names[:2] == ["GetDifference"] * 2
            assert ended == []
            assert following.client._updates_error is None

    run_virtual(run())


@virtual
async def test_a_stored_account_that_is_not_logged_in_any_more_may_log_in_again():
    telegram = Telegram()
    telegram.failures = [errors.AuthKeyUnregisteredError(None)]
    async with Following(telegram) as following:
        await asyncio.sleep(1000)
        assert telegram.names == ["GetState"]
        assert following.client._updates_error is None
        await following.engine.on_login(types.User(SELF))
        await asyncio.sleep(1)
        assert telegram.names == ["GetState", "GetState"]


def test_I37_failures_are_told_at_most_once_a_second(caplog):
    async def run() -> None:
        telegram = Telegram()
        telegram.delay = 0.0
        async with Following(telegram) as following:
            box = following.engine._box
            box.failed = lambda wanted, now, wait=None: 0.0  # type: ignore[method-assign]
            with caplog.at_level(logging.INFO):
                for _ in range(50):
                    following.engine._on_failure(Wanted(None, 1), ConnectionError("x"), now())
                    await asyncio.sleep(0.1)
            del box.failed

    run_virtual(run())
    assert len([text for text in caplog.messages if "Cannot ask" in text]) == 5


# -- holes -------------------------------------------------------------------------------------------------------------


def test_U4_what_cannot_be_had_any_more_is_told(caplog):
    async def run() -> None:
        telegram = Telegram()
        async with Following(telegram) as following:
            told = []

            @following.client.on_missed_updates
            def missed(chat_id, count):
                told.append((chat_id, count))

            @following.client.on_missed_updates
            async def missed_later(chat_id, count):
                raise ValueError("bad callback")

            following.put(following.server.add(7).as_update(), chats=[GROUP])
            await asyncio.sleep(1)
            answer = telegram._answer
            dialog = types.Dialog(types.PeerChannel(7), 1, 1, 1, 0, 0, 0, 0, types.PeerNotifySettings(), pts=40)

            def too_long(request: Any) -> Any:
                if isinstance(request, functions.updates.GetChannelDifferenceRequest):
                    return types.updates.ChannelDifferenceTooLong(dialog, [], [], [], final=True)
                if request.pts < 500:
                    following.server.events[ACCOUNT] = []
                    following.server.start = 500
                    return types.updates.DifferenceTooLong(500)
                return answer(request)

            telegram._answer = too_long  # type: ignore[method-assign]
            await following.client.catch_up()
            await asyncio.sleep(1)
            assert told == [(None, 490), (-1000000000007, 29)]
            assert following.engine._box.pts == 500

    with caplog.at_level(logging.WARNING):
        run_virtual(run())
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "490 events of the account happened too long ago, and cannot be had any more",
        "29 events of channel 7 happened too long ago, and cannot be had any more",
    ]
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR] == [
        "Unhandled exception on a callback for missed updates",
    ] * 2


# -- storing -----------------------------------------------------------------------------------------------------------


def state(session: Any, entity_id: int = 0) -> int | None:
    found = session.get_update_state(entity_id)
    return None if found is None else found.pts


@virtual
async def test_U6_the_state_is_stored_within_a_second():
    session = MemorySession()
    async with Following(Telegram(), session) as following:
        following.note()
        following.happen()
        following.put(following.server.add(7).as_update(), chats=[GROUP])
        following.happen(SECRET)
        await asyncio.sleep(0.9)
        stored = session.get_update_state(0)
        assert (stored.pts, stored.qts, stored.date, state(session, 7)) == (11, 11, DATE, 11)
        following.happen()
        await asyncio.sleep(0.9)
        assert state(session) == 12


@virtual
async def test_U6_the_state_is_stored_when_it_stops():
    session = MemorySession()
    async with Following(Telegram(), session) as following:
        following.happen()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert state(session) == 11


@virtual
async def test_U6_handlers_that_run_hold_the_state_back_for_a_while():
    session = MemorySession()
    async with Following(Telegram(), session) as following:
        await asyncio.sleep(1)

        @following.client.on(events.NewMessage)
        async def handler(event):
            await asyncio.sleep(0.3 if event.id == 11 else 60)

        following.put(new(11))
        await asyncio.sleep(0.2)
        assert state(session) == 10
        await asyncio.sleep(0.3)
        assert state(session) == 11
        following.put(new(12))
        await asyncio.sleep(1)
        assert state(session) == 12


@virtual
async def test_U6_in_sequential_mode_only_what_was_handled_is_stored():
    session = MemorySession()
    async with Following(Telegram(), session, sequential_updates=True) as following:
        await asyncio.sleep(1)

        @following.client.on(events.NewMessage)
        async def handler(event):
            await asyncio.sleep(10)

        following.put(new(11), new(12))
        await asyncio.sleep(5)
        assert state(session) == 10
    # The second one was not begun; it shall come again.
    assert state(session) == 10


@virtual
async def test_U6_the_end_of_the_line_is_stored():
    session = MemorySession()
    async with Following(Telegram(), session, sequential_updates=True) as following:

        @following.client.on(events.NewMessage)
        async def handler(event):
            await asyncio.sleep(0.4)

        for number in range(11, 16):
            following.put(new(number))
        await asyncio.sleep(4)
        assert state(session) == 15


@virtual
async def test_U6_I10_a_program_that_begins_again_gets_what_it_missed_and_nothing_twice():
    telegram, session = Telegram(), MemorySession()
    names: list[Any] = []
    for run in range(5):
        following = Following(telegram, session, catch_up=True).note()
        following.names = names
        async with following:
            for _ in range(10):
                following.happen()
                following.put(following.server.add(7).as_update(), chats=[GROUP])
            await asyncio.sleep(0.01 * run)
        for box in (ACCOUNT, 7):
            for _ in range(3):
                telegram.server.add(box)
    following = Following(telegram, session, catch_up=True).note()
    following.names = names
    async with following:
        await asyncio.sleep(5)
    for box in (ACCOUNT, 7):
        truth = [event.name for event in telegram.server.events[box]]
        assert [name for one, name in names if one == box] == truth


@virtual
async def test_without_catching_up_old_updates_do_not_come():
    telegram, session = Telegram(), MemorySession()
    async with Following(telegram, session) as following:
        following.happen()
        await asyncio.sleep(1)
    telegram.server.add(ACCOUNT)
    async with Following(telegram, session) as following:
        following.note()
        following.happen()
        await asyncio.sleep(1)
        assert following.names == [(ACCOUNT, 3)]


@virtual
async def test_the_same_client_goes_on_where_it_was():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
    telegram.server.add(ACCOUNT)
    async with following:
        await asyncio.sleep(1)
        assert following.names == [(ACCOUNT, 1)]


@virtual
async def test_a_question_that_was_given_up_is_asked_again():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        telegram.delay = 100.0
        await following.client.catch_up()
        await asyncio.sleep(1)
    telegram.delay = 0.05
    telegram.server.add(ACCOUNT)
    async with following:
        await asyncio.sleep(1)
        assert following.names == [(ACCOUNT, 1)]


@virtual
async def test_stopping_from_inside_of_a_question():
    """A question is answered with the advice to ask another data centre, for which the client begins anew."""
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        answers = []

        async def ask(request: Any) -> Any:
            if not answers:
                answers.append("moved")
                await following.engine.stop()
                await following.engine.start()
            return await telegram.ask(request)

        following.engine._ask = ask
        missed = following.server.add(ACCOUNT)
        await following.client.catch_up()
        await asyncio.sleep(5)
        assert following.names == [(ACCOUNT, missed.name)]


@virtual
async def test_entities_are_stored():
    session = MemorySession()
    async with Following(Telegram(), session) as following:
        following.put(types.UpdateConfig(), users=[types.User(60, access_hash=6, username="eve")], chats=[GROUP])
        await asyncio.sleep(1)
        assert session.get_input_entity("eve") == types.InputPeerUser(60, 6)
        assert session.get_input_entity(-1000000000007) == types.InputPeerChannel(7, 70)


@virtual
async def test_I30_memory_keeps_a_limited_number_of_entities():
    session = MemorySession()
    async with Following(Telegram(), session, entity_cache_limit=10) as following:
        following.put(following.server.add(7).as_update(), chats=[GROUP])
        following.put(types.UpdateConfig(), users=[types.User(number, access_hash=1) for number in range(100, 120)])
        await asyncio.sleep(2)
        # Oneself, and channels whose updates are followed.
        assert set(following.client._mb_entity_cache.hash_map) == {SELF, 7}
        assert session.get_input_entity(110) == types.InputPeerUser(110, 1)


class AsyncSession(MemorySession):
    """A back end whose methods have to be awaited."""

    async def get_update_states(self) -> Any:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().get_update_states()

    async def set_update_state(self, entity_id: int, state: Any) -> None:  # type: ignore[override]
        await asyncio.sleep(0)
        super().set_update_state(entity_id, state)

    async def get_input_entity(self, key: Any) -> Any:  # type: ignore[override]
        await asyncio.sleep(0)
        return super().get_input_entity(key)

    async def process_entities(self, tlo: Any) -> None:  # type: ignore[override]
        await asyncio.sleep(0)
        super().process_entities(tlo)

    async def save(self) -> None:  # type: ignore[override]
        await asyncio.sleep(0)


@virtual
async def test_sessions_may_be_asynchronous():
    telegram, session = Telegram(), AsyncSession()
    async with Following(telegram, session) as following:
        following.note()
        following.put(following.server.add(7).as_update(), chats=[GROUP])
        await stranger(following)
        await asyncio.sleep(1)
        # It cannot be asked at once whether it knows the user, so that it is taken to.
        assert telegram.names == ["GetState"]
    telegram.server.add(7)
    async with Following(telegram, session, catch_up=True).note() as following:
        await asyncio.sleep(1)
        assert following.names == [(7, 3)]


def test_a_session_that_fails_is_told_once_and_tried_again(caplog):
    class Failing(MemorySession):
        fails = True

        def set_update_state(self, entity_id: int, state: Any) -> None:
            if self.fails:
                raise OSError("disk full")
            super().set_update_state(entity_id, state)

    session = Failing()

    async def run() -> None:
        async with Following(Telegram(), session) as following:
            for _ in range(5):
                following.happen()
                following.put(following.server.add(7).as_update(), chats=[GROUP])
                await asyncio.sleep(1)
            session.fails = False
            following.happen()
            await asyncio.sleep(1)
            assert (state(session), state(session, 7)) == (16, 15)

    run_virtual(run())
    told = [text for text in caplog.messages if "cannot be written" in text]
    assert told == ["The state of updates cannot be written to the session: OSError('disk full')"]


@virtual
async def test_after_logging_out_there_is_no_session():
    async with Following(Telegram()) as following:
        following.client.session = None
        following.happen()
        await stranger(following)
        following.happen(7)
        following.server.add(7)
        following.happen(7)
        await asyncio.sleep(2)


# -- never stopping ----------------------------------------------------------------------------------------------------

CHAOS = [KeyError("a"), RuntimeError("b"), asyncio.CancelledError(), TypeError("c"), OSError("d"), EOFError("e")]


@pytest.mark.parametrize("error", CHAOS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "where", ["ask", "session", "entities", "handler", "filter", "resolve", "build", "hole", "box"]
)
def test_I13_no_error_anywhere_ends_it(error, where, monkeypatch):
    async def run() -> None:
        telegram, session = Telegram(), MemorySession()
        async with Following(telegram, session) as following:
            client, engine = following.client, following.engine

            def fail(*args: Any, **kwargs: Any) -> Any:
                raise error

            async def fail_later(*args: Any) -> Any:
                await asyncio.sleep(0)
                raise error

            if where == "ask":
                telegram.failures = [error] * 2
            elif where == "session":
                monkeypatch.setattr(session, "set_update_state", fail)
            elif where == "entities":
                monkeypatch.setattr(session, "process_entities", fail)
            elif where == "handler":
                client.add_event_handler(fail_later, events.NewMessage)
                client.add_event_handler(fail, events.NewMessage)
            elif where == "filter":
                client.add_event_handler(fail_later, events.NewMessage(func=fail))
                client.add_event_handler(fail_later, events.NewMessage(func=fail_later))
                client.add_event_handler(fail_later, events.NewMessage(pattern=fail))
            elif where == "resolve":
                builder = events.NewMessage(chats="somebody")
                monkeypatch.setattr(client, "get_input_entity", fail_later)
                client.add_event_handler(fail_later, builder)
            elif where == "build":

                class Broken(events.NewMessage):
                    build = classmethod(fail)  # type: ignore[assignment]

                client.add_event_handler(fail_later, Broken())
            elif where == "hole":
                client.on_missed_updates(fail)
                engine._box._holes.append(Hole(None, 3))
            elif where == "box" and isinstance(error, Exception):
                process = engine._box.process
                monkeypatch.setattr(engine._box, "process", lambda *args: (monkeypatch.undo(), fail())[1])
                assert process
            following.note()
            following.put(types.UpdateConfig())
            following.happen()
            await client.catch_up()
            await asyncio.sleep(5)
            if where in ("ask", "session", "entities"):
                monkeypatch.undo()
            following.happen()
            await asyncio.sleep(5)
            assert not engine.task.done()
            assert following.names[-1] == (ACCOUNT, 2)
            assert state(session) == 12 or where in ("session", "entities")
            following.happen()
            await asyncio.sleep(2)
            assert state(session) == 13

    run_virtual(run())


@virtual
async def test_I13_an_error_of_the_wheel_itself_is_survived():
    async with Following(Telegram()) as following:
        following.note()
        check = following.engine._box.check_deadlines
        calls = []

        def broken(now: float) -> None:
            calls.append(now)
            if len(calls) < 3:
                raise RuntimeError("bug")
            check(now)

        following.engine._box.check_deadlines = broken  # type: ignore[method-assign]
        following.happen()
        await asyncio.sleep(2)
        assert following.names == [(ACCOUNT, 1)]
        assert 0.1 <= calls[2] - calls[0] <= 0.3


@virtual
async def test_the_wheel_can_be_cancelled():
    following = Following(Telegram())
    await following.engine.start()
    await asyncio.sleep(0.1)
    task = following.engine.task
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    await following.engine.stop()


def test_storing_that_ends_unexpectedly_is_told(caplog):
    async def run() -> None:
        async with Following(Telegram()) as following:
            write = following.engine._store.write

            async def broken() -> None:
                raise RuntimeError("bug")

            following.engine._store.write = broken  # type: ignore[method-assign]
            following.happen()
            await asyncio.sleep(0.3)
            following.engine._store.write = write  # type: ignore[method-assign]
            await asyncio.sleep(1)
            assert state(following.client.session) == 11

    run_virtual(run())
    assert "Unexpected error while storing the state of updates: RuntimeError" in caplog.messages


# -- floods ------------------------------------------------------------------------------------------------------------


@virtual
async def test_U9_what_does_not_fit_into_the_queue_is_fetched_later():
    telegram = Telegram()
    telegram.server.slice_size = 1_000
    async with Following(telegram) as following:
        following.note()
        queue = following.client._updates_queue
        lost = 0
        for _ in range(20_000):
            event = following.server.add(ACCOUNT)
            try:
                queue.put_nowait(types.Updates([event.as_update()], [BOB], [], DATE, 0))
            except asyncio.QueueFull:
                lost += 1
        assert lost == 20_000 - _updatequeue.LIMIT
        await asyncio.sleep(30)
        assert following.names == [(ACCOUNT, event.name) for event in following.server.events[ACCOUNT]]


@virtual
async def test_U9_handlers_that_run_are_limited():
    telegram = Telegram()
    async with Following(telegram) as following:
        most, handled = 0, []

        @following.client.on(events.NewMessage)
        async def handler(event):
            nonlocal most
            most = max(most, len(following.client._event_handler_tasks))
            await asyncio.sleep(0.01)
            handled.append(event.id)

        for _ in range(4_000):
            following.happen()
        await asyncio.sleep(5)
        assert sorted(handled) == [event.name for event in following.server.events[ACCOUNT]]
        assert most <= _dispatch.LIMIT + _updateengine._BATCH


def test_U9_U11_handlers_that_wait_for_more_updates_get_them(caplog):
    async def run() -> None:
        async with Following(Telegram()) as following:
            release = asyncio.Event()
            done = []

            @following.client.on(events.NewMessage)
            async def handler(event):
                if event.id == 1_500:
                    release.set()
                await release.wait()
                done.append(event.id)

            for _ in range(1_500):
                following.happen()
            await asyncio.sleep(60)
            assert len(done) == 1_500

    with caplog.at_level(logging.WARNING):
        run_virtual(run())
    assert [text for text in caplog.messages if "none returns" in text] == [
        "1000 handlers are running and none returns; letting more of them run"
    ]


@virtual
async def test_U9_the_line_is_limited():
    async with Following(Telegram(), sequential_updates=True) as following:
        handled = []

        @following.client.on(events.NewMessage)
        async def handler(event):
            await asyncio.sleep(0.001)
            handled.append(event.id)

        most = 0
        for _ in range(3_000):
            following.happen()
        for _ in range(4_000):
            await asyncio.sleep(0.002)
            most = max(most, len(following.engine._line))
        await asyncio.sleep(30)
        assert handled == [event.name for event in following.server.events[ACCOUNT]]
        assert most <= _dispatch.LIMIT + _updateengine._BATCH


def test_settings_have_defaults():
    settings = _updateengine.Settings()
    assert (settings.catch_up, settings.sequential, settings.entity_limit) == (False, False, 5_000)
    assert datetime.timezone.utc
    assert message(1).id == 1


# -- servers that answer no such questions -----------------------------------------------------------------------------

UNKNOWN_METHOD = errors.BadRequestError(None, "INPUT_METHOD_INVALID_432207715", 400)


@virtual
async def test_a_server_that_knows_no_differences():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        await asyncio.sleep(1)
        telegram.failures = [UNKNOWN_METHOD] * 10
        following.happen()
        following.server.add(ACCOUNT)
        following.happen()
        await asyncio.sleep(5)
        following.happen()
        await asyncio.sleep(1)
        assert following.names == [(ACCOUNT, 1), (ACCOUNT, 3), (ACCOUNT, 4)]
        assert telegram.names == ["GetState", "GetDifference"]


@virtual
async def test_updates_while_a_difference_is_refused_are_handed_over():
    telegram = Telegram()
    async with Following(telegram) as following:
        following.note()
        await asyncio.sleep(1)
        telegram.failures = [errors.ServerError(None, "NO", 500)] * 3
        telegram.delay = 1.0
        following.engine.reconnected()
        await asyncio.sleep(0.2)
        following.happen()
        await asyncio.sleep(0.1)
        assert following.names == [], "the answer may tell of it"
        await asyncio.sleep(0.5)
        assert following.names == [(ACCOUNT, 1)]
        await asyncio.sleep(60)
        assert following.names == [(ACCOUNT, 1)]
