"""What of following updates outlives the program."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from telethon._updates import ChannelState, MessageBox, SessionState
from telethon.client._updatestore import UpdateStore
from telethon.sessions import MemorySession
from telethon.tl import types

LOG = logging.getLogger("telethon.test")
GROUP = types.Channel(7, "g", types.ChatPhotoEmpty(), None, access_hash=70)


@pytest.fixture
def session() -> MemorySession:
    return MemorySession()


@pytest.fixture
def store(session: MemorySession) -> UpdateStore:
    return UpdateStore(lambda: session, LOG)


async def test_what_is_stored_can_be_loaded(session, store):
    store.put(SessionState(0, 0, False, 10, 5, 1_700_000_000, 7, None), [ChannelState(7, 20), ChannelState(8, 30)])
    store.put(None, [ChannelState(7, 21)])
    await store.write()
    box = MessageBox()
    assert await store.load(box, 0.0)
    assert (box.pts, box.qts, box.seq, box.date.timestamp()) == (10, 5, 7, 1_700_000_000)
    assert (box.channel_pts(7), box.channel_pts(8)) == (21, 30)


async def test_nothing_is_stored(session, store):
    box = MessageBox()
    assert not await store.load(box, 0.0)
    session.set_update_state(7, types.updates.State(20, 0, None, 0, 0))
    assert not await store.load(box, 0.0)


async def test_I35_states_without_a_count_are_none(session, store):
    session.set_update_state(0, types.updates.State(0, 5, None, 7, 0))
    assert not await store.load(MessageBox(), 0.0)
    session.set_update_state(0, types.updates.State(10, 5, None, 7, 0))
    session.set_update_state(7, types.updates.State(0, 0, None, 0, 0))
    box = MessageBox()
    assert await store.load(box, 0.0)
    assert box.channel_pts(7) is None


async def test_without_a_session_nothing_is_done():
    store = UpdateStore(lambda: None, LOG)
    assert not await store.load(MessageBox(), 0.0)
    assert await store.input_channel(7) is None
    assert not store.knows_user(5)
    await store.write()


async def test_channels(session, store):
    assert await store.input_channel(7) is None
    session.process_entities(types.contacts.ResolvedPeer(types.PeerUser(1), [GROUP], []))
    assert await store.input_channel(7) == types.InputChannel(7, 70)
    session.get_input_entity = lambda key: types.InputPeerUser(7, 1)
    assert await store.input_channel(7) is None


async def test_users(session, store):
    assert not store.knows_user(5)
    store.note_entities([types.User(5, access_hash=50)], [GROUP])
    assert store.knows_user(5)
    assert store.has_entities
    await store.write()
    assert not store.has_entities
    assert store.knows_user(5)
    assert session.get_input_entity(5) == types.InputPeerUser(5, 50)


async def test_the_own_account(session, store):
    store.note_self(types.User(5, access_hash=50, is_self=True))
    await store.write()
    own = session.get_input_entity(0)
    assert (own.user_id, own.access_hash) == (0, 5)
    assert session.get_input_entity(5) == types.InputPeerUser(5, 50)


async def test_what_cannot_be_written_is_kept_unless_it_is_newer(session, store, caplog):
    kept = session.set_update_state

    def fail(entity_id: int, state: Any) -> None:
        raise OSError("disk full")

    session.set_update_state = fail
    store.note_entities([types.User(5, access_hash=50)], [GROUP])
    store.put(SessionState(0, 0, False, 10, 5, 1, 7, None), [ChannelState(7, 20), ChannelState(8, 30)])
    await store.write()
    await store.write()
    assert caplog.messages == ["The state of updates cannot be written to the session: OSError('disk full')"]
    assert store.has_entities
    store.put(SessionState(0, 0, False, 11, 5, 1, 7, None), [ChannelState(7, 21)])
    session.set_update_state = kept
    await store.write()
    states = {key: state.pts for key, state in session.get_update_states()}
    assert states == {0: 11, 7: 21, 8: 30}
    # Should it fail once more, that is told once more.
    session.set_update_state = fail
    store.put(None, [ChannelState(7, 22)])
    await store.write()
    assert len(caplog.messages) == 2


async def test_writing_can_be_given_up(session, store):
    async def slow(entity_id: int, state: Any) -> None:
        await asyncio.sleep(1000)

    session.set_update_state = slow
    store.put(None, [ChannelState(7, 20)])
    task = asyncio.create_task(store.write())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    del session.set_update_state
    await store.write()
    assert session.get_update_state(7).pts == 20
