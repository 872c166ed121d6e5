"""Finding users, groups and channels: from what was seen, from Telegram, and what is said when they are not found."""

from __future__ import annotations

import asyncio

import pytest

from telethon import events, functions, types, utils


@pytest.fixture
async def ann(telegram_server, telegram_clients):
    """A client that asks nothing but what a test makes it ask."""
    return await telegram_clients(telegram_server.create_user("Ann", username="ann_1"), receive_updates=False)


def _asked(server, method):
    return sum(entry.method == method for entry in server.requests)


async def test_a_username_is_looked_up_once_by_several_at_once_and_not_again(telegram_server, ann):
    bob = telegram_server.create_user("Bob", username="bob_1")
    found = await asyncio.gather(*(ann.get_entity(name) for name in ("bob_1", "@BOB_1", "https://t.me/bob_1")))
    assert {one.id for one in found} == {bob.id}
    assert (await ann.get_entity("bob_1")).id == bob.id
    assert utils.get_peer_id(await ann.get_input_entity("bob_1")) == bob.id
    assert _asked(telegram_server, "contacts.resolveUsername") == 1


async def test_a_new_session_finds_ids_in_the_dialogs(telegram_server, ann):
    bob, eve = (telegram_server.create_user(name) for name in ("Bob", "Eve"))
    me = telegram_server.actor((await ann.get_me()).id)
    await bob.chat(me).send("hello")
    assert (await ann.get_entity(bob.id)).first_name == "Bob"
    assert await ann.get_input_entity(bob.id) == ann.session.get_input_entity(bob.id)
    with pytest.raises(ValueError, match="Could not find the input entity for PeerUser") as caught:
        await ann.get_input_entity(eve.id)
    for step in (
        "updates",
        "session",
        "messages",
        "by the ID alone",
        "newest dialogs",
        "Let the account meet it first",
    ):
        assert step in str(caught.value)
    assert _asked(telegram_server, "messages.getDialogs") == 1


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nobody_has_it", 'No user has "nobody_has_it" as username'),
        ("+99912345", "contacts.ResolvePhoneRequest"),
        ("Some Body", "read the dialogs first"),
    ],
)
async def test_names_that_are_not_found_say_what_to_do(ann, name, text):
    with pytest.raises(ValueError, match=text):
        await ann.get_entity(name)


async def test_a_new_session_knows_all_that_dialogs_and_messages_showed(telegram_server, telegram_clients):
    owner = telegram_server.create_user("Olga", username="olga_1")
    ann = telegram_server.create_user("Ann")
    group = telegram_server.create_channel("Group", owner, [ann], megagroup=True, username="group_1")
    telegram_server.create_channel("Channel", owner, [ann], username="channel_1")
    await owner.chat(ann).send("hi")
    await owner.chat(group).send("hi all")
    client = await telegram_clients(ann, receive_updates=False)
    await client.get_dialogs()
    session = client.session
    wanted = {
        "olga_1": types.InputPeerUser,
        "group_1": types.InputPeerChannel,
        "channel_1": types.InputPeerChannel,
        "Group": types.InputPeerChannel,
        "Channel": types.InputPeerChannel,
        "Olga": types.InputPeerUser,
        owner.id: types.InputPeerUser,
    }
    before = len(telegram_server.requests)
    for key, kind in wanted.items():
        assert isinstance(await client.get_input_entity(key), kind), key
        assert isinstance(session.get_input_entity(key), kind), key
    assert len(telegram_server.requests) == before
    assert (await client.get_messages("group_1"))[0].sender.username == "olga_1"


async def test_U10_who_was_only_seen_in_a_message_can_be_named_by_it(telegram_server, telegram_clients):
    """A part of what Telegram knows of a user comes with messages of large groups."""
    ann = telegram_server.create_user("Ann")
    client = await telegram_clients(ann, receive_updates=False)
    bob = telegram_server.create_user("Bob")
    group = telegram_server.create_channel("Group", bob, [ann], megagroup=True)
    sent = await bob.chat(group).send("hello")
    (channel,) = await client.get_dialogs(limit=1)
    # The session has forgotten Bob, and the history tells only a part of him.
    client.session._entities = ()
    client._mb_entity_cache.retain(lambda bare_id: bare_id == channel.entity.id)
    partial = types.User(bob.id, access_hash=1, min=True, first_name="Bob")
    answer = types.messages.Messages([channel.message], [], [channel.entity], [partial])
    client._learn_entities(answer)
    peer = await client.get_input_entity(bob.id)
    assert peer == types.InputPeerUserFromMessage(utils.get_input_peer(channel.entity), sent.id, bob.id)
    assert client.session.get_entity_rows_by_id(bob.id) is None
    # That is enough to ask for him, and then he is known.
    assert (await client.get_entity(bob.id)).id == bob.id
    assert await client.get_input_entity(bob.id) == client.session.get_input_entity(bob.id)


async def test_events_make_their_senders_known(telegram_server, telegram_clients, eventually, settled):
    ann, bob = telegram_server.create_user("Ann"), telegram_server.create_user("Bob", username="bob_1")
    client = await telegram_clients(ann)
    await settled(telegram_server, client)
    heard = []

    async def handler(event):
        heard.append(await event.get_input_sender())

    client.add_event_handler(handler, events.NewMessage(incoming=True))
    await bob.chat(ann).send("hello")
    await eventually(lambda: heard)
    assert heard[0].user_id == bob.id
    known = client.session.get_input_entity("bob_1")
    assert known == heard[0]
    assert (await client(functions.users.GetUsersRequest([known])))[0].username == "bob_1"
