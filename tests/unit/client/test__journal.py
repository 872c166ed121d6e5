"""Updates that survive a crash: what is delivered again, what is not, and what the handlers are told of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from following import Following, Telegram
from updates_model import ACCOUNT, DATE, name_of

from telethon import TelegramClient, errors, events
from telethon.sessions import DurableSession, MemorySession, SQLiteSession, StoredUpdate, StringSession
from telethon.testing.clock import run_virtual
from telethon.tl import types


class World:
    """A model of Telegram, a session file, and clients that use it one after the other."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.telegram = Telegram()
        self.sessions: list[SQLiteSession] = []

    def session(self) -> SQLiteSession:
        self.sessions.append(SQLiteSession(str(self.path / "name")))
        return self.sessions[-1]

    def client(self, **options: Any) -> Following:
        return Following(self.telegram, self.session(), durable_updates=True, **options)

    def stored(self) -> list[StoredUpdate]:
        """What another program would find in the file."""
        session = SQLiteSession(str(self.path / "name"))
        try:
            return session.get_unfinished_updates()
        finally:
            session.close()


@pytest.fixture
def world(tmp_path: Path) -> Any:
    made = World(tmp_path)
    yield made
    for session in made.sessions:
        session.close()


async def crash(following: Following) -> None:
    """The program ends in the middle of everything: nothing is written any more."""
    following.engine._store._session = lambda: None
    following.client.session = None
    await following.engine.stop()
    running = list(following.client._event_handler_tasks)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


class Handler:
    """Notes what it gets, and takes its time."""

    def __init__(self, following: Following, seconds: float = 0.0) -> None:
        self.began: list[Any] = []
        self.ended: list[Any] = []
        self.events: list[Any] = []
        self._seconds = seconds
        following.client.add_event_handler(self, events.NewMessage)

    async def __call__(self, event: Any) -> None:
        self.began.append(event.id)
        self.events.append(event)
        await asyncio.sleep(self._seconds)
        self.ended.append(event.id)


def virtually(test: Callable[[World], Awaitable[None]]) -> Callable[[World], None]:
    def run(world: World) -> None:
        run_virtual(test(world))  # type: ignore[arg-type]

    run.__name__ = test.__name__
    run.__doc__ = test.__doc__
    return run


@virtually
async def test_U6_R4_what_handlers_had_not_finished_comes_again_and_says_so(world):
    following = world.client()
    async with following:
        handler = Handler(following, seconds=10)
        following.happen()
        following.happen()
        await asyncio.sleep(1)
        assert handler.began == [1, 2]
        assert [one.is_handed_out for one in world.stored()] == [True, True]
        numbers = [events.delivery_of(event).id for event in handler.events]
        await crash(following)
    assert numbers[0] < numbers[1]
    async with world.client() as again:
        # Handlers should be added before the client connects. Nothing is lost when they come too late for that.
        handler = Handler(again)
        again.happen()
        await asyncio.sleep(1)
        assert handler.began == [3]
        assert [one.id for one in world.stored()] == numbers
        assert events.delivery_of(handler.events[0]).id > numbers[1]
    again = world.client()
    handler = Handler(again)
    async with again:
        await asyncio.sleep(1)
        assert handler.began == [1, 2]
        assert all(event.is_redelivered for event in handler.events)
        assert not world.stored()


@virtually
async def test_nothing_is_delivered_again_before_it_is_certain_that_somebody_is_logged_in(world):
    following = world.client()
    async with following:
        Handler(following, seconds=10)
        following.happen()
        await asyncio.sleep(1)
        await crash(following)
    again = world.client()
    handler = Handler(again)
    world.telegram.failures = [errors.AuthKeyUnregisteredError(None)]
    async with again:
        # Something comes before the answer.
        again.happen()
        await asyncio.sleep(10)
        assert handler.began == []
        assert len(world.stored()) == 1
        await again.engine.on_login(types.User(99))
        await asyncio.sleep(1)
        assert handler.began[0] == 1
        assert handler.events[0].is_redelivered
    assert not world.stored()


@virtually
async def test_what_comes_before_is_handed_out_after(world):
    following = world.client()
    async with following:
        Handler(following, seconds=10)
        following.happen()
        await asyncio.sleep(1)
        await crash(following)
    world.telegram.delay = 1.0
    again = world.client()
    handler = Handler(again)
    async with again:
        again.happen()
        again.happen()
        await asyncio.sleep(5)
        assert handler.began == [1, 2, 3]


@virtually
async def test_a_session_that_cannot_be_read_is_told_and_updates_go_on(world):
    session = world.session()

    def fail() -> None:
        raise OSError("gone")

    session.get_unfinished_updates = fail
    following = Following(world.telegram, session, durable_updates=True)
    handler = Handler(following)
    async with following:
        following.happen()
        await asyncio.sleep(1)
        assert handler.ended == [1]


@virtually
async def test_what_no_handler_wants_any_more_is_finished(world):
    following = world.client()
    async with following:
        Handler(following, seconds=10)
        following.happen()
        await asyncio.sleep(1)
        await crash(following)
    assert len(world.stored()) == 1
    again = world.client()
    again.client.add_event_handler(lambda event: None, events.CallbackQuery)
    async with again:
        assert not world.stored()


@virtually
async def test_R4_redelivered_events_keep_their_number(world):
    following = world.client()
    async with following:
        handler = Handler(following, seconds=10)
        following.happen()
        await asyncio.sleep(1)
        number = events.delivery_of(handler.events[0]).id
        assert not handler.events[0].is_redelivered
        await crash(following)
    again = world.client()
    handler = Handler(again)
    async with again:
        await asyncio.sleep(1)
        (event,) = handler.events
        assert event.is_redelivered
        assert events.delivery_of(event).id == number
        assert event.sender.first_name == "Bob"
        assert again.engine.journal.redelivered == 1
        again.happen()
        await asyncio.sleep(1)
        assert not handler.events[1].is_redelivered
        assert events.delivery_of(handler.events[1]).id > number
        assert world.stored() == []


@virtually
async def test_R4_what_is_finished_does_not_come_again_however_the_program_ends(world):
    following = world.client()
    async with following:
        handler = Handler(following)
        for _ in range(5):
            following.happen()
        await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        assert handler.ended == [1, 2, 3, 4, 5]
        # Without any pause for writing.
        await crash(following)
    world.telegram.server.add(ACCOUNT)
    again = world.client()
    handler = Handler(again)
    async with again:
        await asyncio.sleep(1)
        assert handler.ended == [6]
        assert not handler.events[0].is_redelivered


@virtually
async def test_a_clean_end_leaves_what_was_cancelled(world):
    following = world.client()
    handler = Handler(following, seconds=100)
    async with following:
        following.happen()
        await asyncio.sleep(1)
    assert len(world.stored()) == 1
    # The same client connects again.
    async with following:
        await asyncio.sleep(1)
        assert handler.began == [1, 1]
        assert handler.events[1].is_redelivered
        await asyncio.sleep(100)
        assert handler.ended == [1]
        assert world.stored() == []


@virtually
async def test_a_handler_that_runs_on_is_not_called_again_by_the_next_connection(world):
    following = world.client()
    handler = Handler(following, seconds=10)
    async with following:
        following.happen()
        await asyncio.sleep(1)
        # As when the client moves to another data centre.
        await following.engine.stop()
        await following.engine.start()
        await asyncio.sleep(20)
        assert (handler.began, handler.ended) == ([1], [1])
        assert world.stored() == []


@virtually
async def test_a_handler_that_ends_after_the_client_is_finished(world):
    following = world.client()
    handler = Handler(following, seconds=10)
    async with following:
        following.happen()
        await asyncio.sleep(1)
        await following.engine.stop()
        following.client.session.close()
        await asyncio.sleep(10)
        assert handler.ended == [1]
        assert world.stored() == []
        # The file is not left open.
        assert following.client.session._conn is None


@virtually
async def test_updates_that_nobody_wants_are_not_stored(world):
    following = world.client()
    written = []
    session = following.client.session
    session.write_updates = lambda *args, **kwargs: written.append(kwargs)
    following.client.add_event_handler(lambda event: None, events.NewMessage(pattern="never"))
    async with following:
        # The first time it is not known yet what the pattern is.
        following.happen()
        await asyncio.sleep(1)
        assert sum(len(kwargs["new"]) for kwargs in written) == 1
        written.clear()
        following.happen()
        await asyncio.sleep(1)
        assert [len(kwargs["new"]) for kwargs in written] == [0]


@virtually
async def test_a_handler_that_raises_has_handled_it(world):
    following = world.client()

    @following.client.on(events.NewMessage)
    async def handler(event):
        raise ValueError("no")

    async with following:
        following.happen()
        await asyncio.sleep(1)
        assert world.stored() == []


@virtually
async def test_U8_in_line_only_the_first_is_handed_out(world):
    following = world.client(sequential_updates=True)
    handler = Handler(following, seconds=10)
    async with following:
        for _ in range(3):
            following.happen()
        await asyncio.sleep(11)
        assert (handler.began, handler.ended) == ([1, 2], [1])
        assert [one.is_handed_out for one in world.stored()] == [True, False]
        await crash(following)
    again = world.client(sequential_updates=True)
    handler = Handler(again, seconds=1)
    async with again:
        again.happen()
        await asyncio.sleep(5)
        assert handler.ended == [2, 3, 4]
        assert [event.is_redelivered for event in handler.events] == [True, False, False]
        assert world.stored() == []


@virtually
async def test_in_line_a_new_connection_goes_on_in_order(world):
    following = world.client(sequential_updates=True)
    handler = Handler(following, seconds=10)
    async with following:
        for _ in range(3):
            following.happen()
        await asyncio.sleep(1)
    async with following:
        await asyncio.sleep(31)
        assert handler.began == [1, 1, 2, 3]
        assert handler.ended == [1, 2, 3]


@virtually
async def test_effects_and_acknowledgement_are_committed_together(world):
    following = world.client()
    following.client.session._execute("create table seen (id integer)")
    following.client.session.save()
    results = []

    @following.client.on(events.NewMessage)
    async def handler(event):
        def effect(connection):
            return connection.execute("insert into seen values (?) returning id", (event.id,)).fetchone()

        results.append(await event.acknowledge(effect))
        # Once is enough; nothing can be committed with it any more.
        await event.acknowledge()
        with pytest.raises(RuntimeError, match="acknowledged before"):
            await event.acknowledge(effect)
        await asyncio.sleep(100)

    async with following:
        following.happen()
        await asyncio.sleep(1)
        assert results == [(1,)]
        assert world.stored() == []
        await crash(following)
    again = world.client()
    second = Handler(again)
    async with again:
        await asyncio.sleep(1)
        assert second.began == []
        assert again.client.session._execute("select count(*) from seen") == (1,)


@virtually
async def test_effects_that_fail_leave_the_update(world):
    following = world.client()
    following.client.session._execute("create table seen (id integer)")
    following.client.session.save()
    raised = []

    @following.client.on(events.NewMessage)
    async def handler(event):
        def effect(connection):
            connection.execute("insert into seen values (1)")
            raise ValueError("not now")

        async def asynchronous(connection):
            raise AssertionError

        for one in (effect, asynchronous, lambda connection: connection.commit()):
            try:
                await event.acknowledge(one)
            except (ValueError, TypeError, RuntimeError) as error:
                raised.append(type(error))
        await asyncio.sleep(100)

    async with following:
        following.happen()
        await asyncio.sleep(1)
        assert raised == [ValueError, TypeError, RuntimeError]
        assert len(world.stored()) == 1
        assert following.client.session._execute("select count(*) from seen") == (0,)


@virtually
async def test_raw_updates_are_delivered_again_as_well(world):
    following = world.client()
    got = []

    @following.client.on(events.Raw(types.UpdateUserTyping))
    async def handler(update):
        got.append(events.delivery_of(update))
        await asyncio.sleep(100)

    async with following:
        # It counts nowhere, so that nobody could tell it again but the session.
        following.put(types.UpdateUserTyping(50, types.SendMessageTypingAction()))
        await asyncio.sleep(1)
        await crash(following)
    again = world.client()
    again.client.add_event_handler(handler, events.Raw(types.UpdateUserTyping))
    async with again:
        await asyncio.sleep(1)
        assert [one.is_redelivered for one in got] == [False, True]
        assert "is_redelivered=True" in repr(got[1])


@virtually
async def test_an_album_is_finished_when_its_handler_is(world):
    following = world.client()
    got = []

    @following.client.on(events.Album)
    async def handler(event):
        got.append(event)
        await asyncio.sleep(100)

    def part(number: int) -> types.UpdateNewMessage:
        media = types.MessageMediaPhoto()
        text = types.Message(id=number, peer_id=types.PeerUser(50), date=DATE, message="", media=media, grouped_id=5)
        return types.UpdateNewMessage(text, number, 1)

    async with following:
        following.put(part(11), part(12))
        await asyncio.sleep(0.1)
        assert len(world.stored()) == 2
        await asyncio.sleep(10)
        assert len(got) == 1
        await crash(following)
    again = world.client()
    again.client.add_event_handler(handler, events.Album)
    async with again:
        await asyncio.sleep(10)
        assert [len(event) for event in got] == [2, 2]
        assert got[1].is_redelivered
        await asyncio.sleep(100)
        assert world.stored() == []


@virtually
async def test_U6_the_state_never_runs_ahead_of_what_is_stored(world):
    """Whenever the program ends, what the file knows and what is stored are the same moment."""
    following = world.client()
    Handler(following, seconds=100)
    async with following:
        for number in range(1, 30):
            following.happen()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            session = SQLiteSession(str(world.path / "name"))
            state = session.get_update_state(0)
            stored = session.get_unfinished_updates()
            session.close()
            assert (state.pts if state else 10) - 10 == len(stored) <= number
        assert len(stored) == 29


def test_sessions_that_cannot_are_named():
    for session in (MemorySession(), StringSession()):
        with pytest.raises(TypeError, match=f"{type(session).__name__} does not. Use an SQLiteSession"):
            TelegramClient(session, 1, "hash", durable_updates=True)
        TelegramClient(session, 1, "hash")
    assert isinstance(SQLiteSession(), DurableSession)


@virtually
async def test_without_it_acknowledging_does_nothing(world):
    following = Following(world.telegram)
    raised = []

    @following.client.on(events.NewMessage)
    async def handler(event):
        assert not event.is_redelivered
        assert events.delivery_of(event) is None
        await event.acknowledge()
        try:
            await event.acknowledge(lambda connection: None)
        except RuntimeError as error:
            raised.append(str(error))

    async with following:
        following.happen()
        await asyncio.sleep(1)
    assert "durable_updates=True" in raised[0]


# -- sessions of others ------------------------------------------------------------------------------------------------


class SlowSession(MemorySession):
    """A session somewhere else, to which everything takes a second."""

    def __init__(self) -> None:
        super().__init__()
        self.unfinished: dict[int, StoredUpdate] = {}
        self.failures = 0
        self.writes = 0

    async def get_unfinished_updates(self) -> list[StoredUpdate]:
        await asyncio.sleep(1)
        return list(self.unfinished.values())

    async def write_updates(self, states=(), *, new=(), handed_out=(), finished=()) -> None:
        self.writes += 1
        await asyncio.sleep(1)
        if self.failures:
            self.failures -= 1
            raise OSError("not now")
        for number, state in states:
            self.set_update_state(number, state)
        self.unfinished.update((one.id, one) for one in new)
        for number in handed_out:
            self.unfinished[number] = self.unfinished[number]._replace(is_handed_out=True)
        for number in finished:
            self.unfinished.pop(number, None)

    async def finish_update(self, update_id, effect=None):
        await asyncio.sleep(1)
        result = None if effect is None else await effect(self)
        self.unfinished.pop(update_id, None)
        return result


@virtually
async def test_handlers_wait_until_an_asynchronous_session_has_written(world):
    session = SlowSession()
    following = Following(world.telegram, session, durable_updates=True)
    handler = Handler(following, seconds=10)
    async with following:
        await asyncio.sleep(5)
        following.happen()
        await asyncio.sleep(0.5)
        assert handler.began == []
        await asyncio.sleep(1)
        assert handler.began == [1]
        following.happen()
        await asyncio.sleep(2)
        assert handler.began == [1, 2]
        assert len(session.unfinished) == 2
        await asyncio.sleep(20)
        assert session.unfinished == {}


@virtually
async def test_an_asynchronous_session_acknowledges(world):
    session = SlowSession()
    following = Following(world.telegram, session, durable_updates=True)
    results = []

    @following.client.on(events.NewMessage)
    async def handler(event):
        async def effect(transaction):
            return transaction

        results.append(await event.acknowledge(effect))
        assert session.unfinished == {}

    async with following:
        following.happen()
        await asyncio.sleep(10)
        assert results == [session]


@virtually
async def test_what_cannot_be_written_is_kept_and_told_once(world):
    session = SlowSession()
    following = Following(world.telegram, session, durable_updates=True)
    handler = Handler(following, seconds=100)
    records: list[logging.LogRecord] = []
    logger = logging.getLogger("telethon.client.updates")
    catcher = logging.Handler()
    catcher.emit = records.append  # type: ignore[method-assign]
    logger.addHandler(catcher)
    try:
        async with following:
            await asyncio.sleep(5)
            session.failures = 2
            following.happen()
            await asyncio.sleep(5)
            # Handlers go on meanwhile, as without durable updates.
            assert handler.began == [1]
            following.happen()
            await asyncio.sleep(5)
            following.happen()
            await asyncio.sleep(5)
            assert len(session.unfinished) == 3
            assert session.get_update_state(0).pts == 13
    finally:
        logger.removeHandler(catcher)
    assert [record.getMessage() for record in records if record.levelno >= logging.ERROR] == [
        "The state of updates cannot be written to the session: OSError('not now')"
    ]


@virtually
async def test_what_cannot_be_read_again_is_told_and_left_out(world):
    session = world.session()
    session.write_updates(new=[StoredUpdate(5, b"nonsense", True)])
    following = Following(world.telegram, session, durable_updates=True)
    handler = Handler(following)
    async with following:
        following.happen()
        await asyncio.sleep(1)
        assert handler.ended == [1]
        assert world.stored() == []
        assert name_of(handler.events[0].original_update) == (ACCOUNT, 1)
