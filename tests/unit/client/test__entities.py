"""Everything that may stand for an entity, and which requests it takes to find out."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timezone
from typing import Any

import pytest

from telethon import errors
from telethon.client._entities import EntityResolver
from telethon.tl import functions, types

DATE = datetime(2020, 1, 1, tzinfo=timezone.utc)


def user(user_id: int, **fields: Any) -> types.User:
    return types.User(**{"id": user_id, "access_hash": user_id * 10, "first_name": f"U{user_id}", **fields})


def channel(channel_id: int, **fields: Any) -> types.Channel:
    known = {"id": channel_id, "access_hash": channel_id * 10, "title": f"C{channel_id}"}
    return types.Channel(**{**known, "photo": types.ChatPhotoEmpty(), "date": DATE, **fields})


def chat(chat_id: int) -> types.Chat:
    return types.Chat(chat_id, f"G{chat_id}", types.ChatPhotoEmpty(), 1, DATE, 1)


class Cached:
    def __init__(self, peer: types.TypeInputPeer) -> None:
        self.peer = peer

    def _as_input_peer(self) -> types.TypeInputPeer:
        return self.peer


class Cache:
    """As much of the entity cache as looking up needs."""

    def __init__(self) -> None:
        self.self_id: int | None = None
        self.self_bot: bool | None = None
        self.peers: dict[int, types.TypeInputPeer] = {}
        self.seen: dict[int, types.TypeInputPeer] = {}

    def get_min(self, bare_id: int) -> Cached | None:
        return Cached(self.seen[bare_id]) if bare_id in self.seen else None

    def get(self, bare_id: int) -> Cached | None:
        return Cached(self.peers[bare_id]) if bare_id in self.peers else None

    def set_self_user(self, user_id: int, bot: bool, access_hash: int) -> None:
        self.self_id, self.self_bot = user_id, bot
        self.peers[user_id] = types.InputPeerUser(user_id, access_hash)


class Session:
    def __init__(self) -> None:
        self.known: dict[object, types.TypeInputPeer] = {}

    def get_input_entity(self, key: Any) -> types.TypeInputPeer:
        if isinstance(key, (str, int)) and key in self.known:
            return self.known[key]
        raise ValueError("not here")


class World:
    """Telegram with a few inhabitants."""

    def __init__(self) -> None:
        self.cache, self.session = Cache(), Session()
        self.asked: list[Any] = []
        self.resolver = EntityResolver(lambda: self.cache, lambda: self.session)  # type: ignore[arg-type,return-value]
        self.hidden = {666}
        self.error: Exception | None = None
        self.dialogs: list[Any] = []

    async def __call__(self, request: Any) -> Any:
        self.asked.append(request)
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return getattr(self, type(request).__name__)(request)

    def GetUsersRequest(self, request: Any) -> Any:
        def one(wanted: Any) -> Any:
            if isinstance(wanted, types.InputUserSelf):
                return user(1, is_self=True)
            hidden = wanted.user_id in self.hidden and not getattr(wanted, "access_hash", 0)
            return types.UserEmpty(wanted.user_id) if hidden else user(wanted.user_id)

        return [one(wanted) for wanted in request.id]

    def GetChatsRequest(self, request: Any) -> Any:
        return types.messages.Chats([chat(chat_id) for chat_id in request.id])

    def GetChannelsRequest(self, request: Any) -> Any:
        return types.messages.Chats(
            [channel(one.channel_id) for one in request.id if one.access_hash or one.channel_id not in self.hidden]
        )

    def ResolveUsernameRequest(self, request: Any) -> Any:
        if request.username == "nobody":
            raise errors.UsernameNotOccupiedError(request)
        if request.username == "nameless":
            return types.contacts.ResolvedPeer(types.PeerUser(1), [], [])
        if request.username == "channel":
            return types.contacts.ResolvedPeer(types.PeerChannel(50), [chat(50), channel(50)], [])
        return types.contacts.ResolvedPeer(types.PeerUser(60), [], [user(61), user(60)])

    def GetDialogsRequest(self, request: Any) -> Any:
        users = [one for one in self.dialogs if isinstance(one, types.User)]
        chats = [one for one in self.dialogs if not isinstance(one, types.User)]
        return types.messages.Dialogs([], [], chats, users)

    def GetContactsRequest(self, request: Any) -> Any:
        return types.contacts.Contacts([], 0, [user(70, phone="123456")])

    def CheckChatInviteRequest(self, request: Any) -> Any:
        if request.hash == "joined":
            return types.ChatInviteAlready(channel(80))
        if request.hash == "peek":
            return types.ChatInvitePeek(channel(81), DATE)
        return types.ChatInvite(title="x", photo=types.PhotoEmpty(1), participants_count=3, color=1)


@pytest.fixture
def world() -> World:
    return World()


U = functions.users.GetUsersRequest
C = functions.channels.GetChannelsRequest
NAME = functions.contacts.ResolveUsernameRequest
INVITE = functions.messages.CheckChatInviteRequest


@pytest.mark.parametrize(
    ("value", "peer", "asked"),
    [
        ("me", types.InputPeerSelf(), []),
        ("SELF", types.InputPeerSelf(), []),
        (types.InputPeerSelf(), types.InputPeerSelf(), []),
        (types.InputUserSelf(), types.InputPeerSelf(), []),
        (user(9), types.InputPeerUser(9, 90), []),
        (channel(9), types.InputPeerChannel(9, 90), []),
        (chat(9), types.InputPeerChat(9), []),
        (-7, types.InputPeerChat(7), []),
        (types.PeerChat(7), types.InputPeerChat(7), []),
        (types.InputUser(4, 5), types.InputPeerUser(4, 5), []),
        (types.InputChannel(4, 5), types.InputPeerChannel(4, 5), []),
        (5, types.InputPeerUser(5, 50), [U([types.InputUser(5, 0)])]),
        (types.PeerUser(5), types.InputPeerUser(5, 50), [U([types.InputUser(5, 0)])]),
        (user(9, access_hash=None), types.InputPeerUser(9, 90), [U([types.InputUser(9, 0)])]),
        (user(9, min=True), types.InputPeerUser(9, 90), [U([types.InputUser(9, 0)])]),
        (-1000000000009, types.InputPeerChannel(9, 90), [C([types.InputChannel(9, 0)])]),
        (channel(9, min=True), types.InputPeerChannel(9, 90), [C([types.InputChannel(9, 0)])]),
        ("someone", types.InputPeerUser(60, 600), [NAME("someone")]),
        ("@someone", types.InputPeerUser(60, 600), [NAME("someone")]),
        ("https://t.me/someone", types.InputPeerUser(60, 600), [NAME("someone")]),
        ("channel", types.InputPeerChannel(50, 500), [NAME("channel")]),
        ("t.me/+joined", types.InputPeerChannel(80, 800), [INVITE("joined")]),
        ("https://t.me/joinchat/joined", types.InputPeerChannel(80, 800), [INVITE("joined")]),
        ("t.me/+peek", types.InputPeerChannel(81, 810), [INVITE("peek")]),
        ("+1 234-56", types.InputPeerUser(70, 700), [functions.contacts.GetContactsRequest(0)]),
    ],
)
async def test_input_entity(world, value, peer, asked):
    assert await world.resolver.input_entity(world, value) == peer
    assert world.asked == asked


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (666, r"Could not find the input entity for PeerUser\(user_id=666\).*read the dialogs"),
        (-1000000000666, r"Could not find the input entity for PeerChannel\(channel_id=666\)"),
        ("nobody", 'No user has "nobody" as username'),
        ("nameless", "did not say whose"),
        ("+99999", "no contact of this account"),
        ("no such name", 'Cannot find any entity corresponding to "no such name"'),
        ("", 'Cannot find any entity corresponding to ""'),
        ("t.me/+secret", "Join the group and retry"),
    ],
)
async def test_not_found_says_what_was_tried(world, value, text):
    for find in (world.resolver.input_entity, lambda invoke, value: world.resolver.entities(invoke, [value])):
        with pytest.raises(ValueError, match=text):
            await find(world, value)


@pytest.mark.parametrize("value", [None, b"x", 5.0, object()])
async def test_what_cannot_be_an_entity(world, value):
    for find in (world.resolver.input_entity, world.resolver.peer_id, world.resolver.peer):
        with pytest.raises(
            TypeError, match=r"Cannot cast .* to any kind of Peer\. Name a user or chat by username"
        ) as caught:
            await find(world, value)
        assert caught.value.__suppress_context__
    assert world.asked == []


@pytest.mark.parametrize("nobody", [0, types.PeerUser(0)])
async def test_the_row_of_a_session_for_id_0_is_nobody(world, nobody):
    world.session.known = {0: types.InputPeerUser(0, 5)}
    assert await world.resolver.input_entity(world, nobody) != types.InputPeerUser(0, 5)
    assert world.asked


async def test_session_and_cache_come_before_asking(world):
    world.session.known = {"someone": types.InputPeerUser(60, 1), 5: types.InputPeerUser(5, 2)}
    world.cache.peers[6] = types.InputPeerChannel(6, 3)
    assert await world.resolver.input_entity(world, "someone") == types.InputPeerUser(60, 1)
    assert await world.resolver.input_entity(world, 5) == types.InputPeerUser(5, 2)
    assert await world.resolver.input_entity(world, 6) == types.InputPeerChannel(6, 3)
    assert await world.resolver.input_entity(world, types.PeerChannel(6)) == types.InputPeerChannel(6, 3)
    assert world.asked == []
    assert await world.resolver.input_entity(world, types.PeerUser(6)) == types.InputPeerUser(6, 60)


async def test_U10_the_message_in_which_somebody_was_seen_comes_last_before_asking(world):
    where = types.InputPeerUserFromMessage(types.InputPeerChannel(7, 70), 3, 5)
    world.cache.seen[5] = where
    for peer in (5, types.PeerUser(5), types.User(5, access_hash=1, min=True)):
        assert await world.resolver.input_entity(world, peer) == where
    world.session.known[5] = types.InputPeerUser(5, 2)
    assert await world.resolver.input_entity(world, 5) == types.InputPeerUser(5, 2)
    assert world.asked == []


async def test_entity_known_to_the_session_by_name(world):
    world.session.known = {"Some Body": types.InputPeerUser(60, 600)}
    assert (await world.resolver.entities(world, ["Some Body"]))[0].id == 60
    assert world.asked == [U([types.InputUser(60, 600)])]


async def test_asynchronous_sessions_are_awaited(world):
    async def get_input_entity(key: Any) -> types.TypeInputPeer:
        return types.InputPeerUser(key, 2)

    world.session.get_input_entity = get_input_entity
    assert await world.resolver.input_entity(world, 5) == types.InputPeerUser(5, 2)


@pytest.mark.parametrize(
    ("value", "marked", "asked"),
    [
        (5, 5, 0),
        (-5, -5, 0),
        (types.PeerChannel(5), -1000000000005, 0),
        (user(9, access_hash=None), 9, 0),
        (types.InputChannel(4, 5), -1000000000004, 0),
        ("channel", -1000000000050, 1),
        ("me", 1, 1),
        (types.InputUserSelf(), 1, 1),
    ],
)
async def test_peer_id(world, value, marked, asked):
    assert await world.resolver.peer_id(world, value) == marked
    assert len(world.asked) == asked
    assert await world.resolver.peer_id(world, value, add_mark=False) == abs(marked) % 10**12


async def test_peer(world):
    assert await world.resolver.peer(world, "channel") == types.PeerChannel(50)
    assert await world.resolver.peer(world, -5) == types.PeerChat(5)


async def test_own_id_is_remembered(world):
    assert world.resolver.known_self() is None
    assert (await world.resolver.me(world)).id == 1
    assert world.resolver.known_self() == types.InputPeerUser(1, 10)
    assert await world.resolver.peer_id(world, "me") == 1
    assert len(world.asked) == 1


async def test_nobody_is_logged_in(world):
    world.error = errors.AuthKeyUnregisteredError(None)
    assert await world.resolver.me(world) is None
    with pytest.raises(ValueError, match="not logged in"):
        await world.resolver.peer_id(world, "me")


async def test_list_takes_one_request_for_each_kind(world):
    wanted = [1, "someone", types.PeerChannel(9), types.InputPeerChannel(8, 8), types.PeerChat(4), 5, "me", 5, -4]
    found = await world.resolver.entities(world, wanted)
    assert [entity.id for entity in found] == [1, 60, 9, 8, 4, 5, 1, 5, 4]
    assert found[6].is_self
    kinds = [type(request).__name__ for request in world.asked]
    assert sorted(kinds) == [
        "GetChannelsRequest",
        "GetChannelsRequest",
        "GetChatsRequest",
        "GetUsersRequest",
        "GetUsersRequest",
        "ResolveUsernameRequest",
    ]


async def test_long_lists_are_cut(world):
    found = await world.resolver.entities(world, [types.InputPeerUser(i, 1) for i in range(1, 451)])
    assert [entity.id for entity in found] == list(range(1, 451))
    assert [len(request.id) for request in world.asked] == [200, 200, 50]


async def test_entities_of_nobody(world):
    assert await world.resolver.entities(world, []) == []
    with pytest.raises(TypeError, match="stands for nobody"):
        await world.resolver.entities(world, [types.InputPeerEmpty()])
    assert world.asked == []


async def test_user_seen_in_a_message(world):
    seen = types.InputPeerUserFromMessage(types.InputPeerChannel(9, 8), 3, 4)
    assert (await world.resolver.entities(world, [seen]))[0].id == 4
    assert world.asked == [U([types.InputUserFromMessage(types.InputPeerChannel(9, 8), 3, 4)])]


async def test_same_username_is_asked_for_once(world):
    found = await asyncio.gather(
        *(world.resolver.input_entity(world, name) for name in ("someone", "@Someone", "SomeOne"))
    )
    assert found == [types.InputPeerUser(60, 600)] * 3
    assert len(world.asked) == 1
    # Nor is it a while later.
    assert await world.resolver.input_entity(world, "https://t.me/SomeOne") == types.InputPeerUser(60, 600)
    assert len(world.asked) == 1


class _Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 100.0
        monkeypatch.setattr("telethon.client._entities._now", lambda: self.seconds)


async def test_a_username_looked_up_lately_needs_no_look_up(world, monkeypatch):
    clock = _Clock(monkeypatch)
    (first,) = await world.resolver.entities(world, ["someone"])
    clock.seconds += 3599
    world.renamed = types.User(60, access_hash=600, usernames=[types.Username("SomeOne", active=True)])
    world.GetUsersRequest = lambda request: [world.renamed]
    # It is fresh all the same, by the request that costs nothing.
    (second,) = await world.resolver.entities(world, ["Someone"])
    assert (first.id, second) == (60, world.renamed)
    assert world.asked == [NAME("someone"), U([types.InputUser(60, 600)])]
    clock.seconds += 1
    await world.resolver.entities(world, ["someone"])
    assert world.asked[2:] == [NAME("someone")]


@pytest.mark.parametrize("answer", [types.UserEmpty(60), user(60, username="other"), errors.UserIdInvalidError(None)])
async def test_a_username_that_changed_hands_is_looked_up_again(world, answer):
    await world.resolver.entities(world, ["someone"])

    def get_users(request: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return [answer]

    world.GetUsersRequest = get_users
    assert (await world.resolver.entities(world, ["someone"]))[0].id == 60
    assert world.asked == [NAME("someone"), U([types.InputUser(60, 600)]), NAME("someone")]


async def test_two_who_ask_for_a_username_at_once_ask_once(world):
    found = await asyncio.gather(*(world.resolver.entities(world, [name]) for name in ("someone", "t.me/someone")))
    assert [one[0].id for one in found] == [60, 60]
    assert world.asked == [NAME("someone")]


def _names_asked(world: Any) -> list[str]:
    return [type(request).__name__.removesuffix("Request") for request in world.asked]


@pytest.mark.parametrize(
    ("value", "one", "peer"),
    [
        (666, user(666), types.InputPeerUser(666, 6660)),
        (types.PeerUser(666), user(666), types.InputPeerUser(666, 6660)),
        (-1000000000666, channel(666), types.InputPeerChannel(666, 6660)),
    ],
)
async def test_an_id_is_looked_for_in_the_newest_dialogs(world, value, one, peer):
    world.dialogs = [user(1), channel(2), one, user(667, min=True)]
    world.hidden.add(667)
    assert await world.resolver.input_entity(world, value) == peer
    # What they told is used for a while, whether the session keeps it or not.
    assert await world.resolver.entities(world, [value]) == [one]
    assert _names_asked(world).count("GetDialogs") == 1
    with pytest.raises(ValueError, match="newest dialogs"):
        await world.resolver.input_entity(world, 667)


async def test_dialogs_are_not_read_time_and_again(world, monkeypatch):
    clock = _Clock(monkeypatch)
    for text, seconds in (("newest dialogs (not in them)", 0), ("a short time ago", 299), ("dialogs (not in them)", 1)):
        clock.seconds += seconds
        with pytest.raises(ValueError, match=re.escape(text)):
            await world.resolver.input_entity(world, 666)
    assert _names_asked(world) == ["GetUsers", "GetDialogs", "GetUsers", "GetUsers", "GetDialogs"]


async def test_dialogs_that_a_lost_connection_kept_from_being_read_are_read_the_next_time(world):
    world.dialogs = [user(666)]
    answer = world.GetDialogsRequest

    def lose(request: Any) -> Any:
        world.GetDialogsRequest = answer
        raise ConnectionError("lost")

    world.GetDialogsRequest = lose
    with pytest.raises(ConnectionError):
        await world.resolver.input_entity(world, 666)
    assert await world.resolver.input_entity(world, 666) == types.InputPeerUser(666, 6660)


async def test_dialogs_that_came_after_the_caller_gave_up_are_known(world):
    world.dialogs = [user(666)]
    asking = asyncio.ensure_future(world.resolver.input_entity(world, 666))
    while "dialogs" not in world.resolver._asking:
        await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    while world.resolver._asking:
        await asyncio.sleep(0)
    assert await world.resolver.input_entity(world, 666) == types.InputPeerUser(666, 6660)
    assert _names_asked(world).count("GetDialogs") == 1


async def test_dialogs_are_read_once_by_those_who_ask_together(world):
    world.dialogs = [user(666), channel(666)]
    found = await asyncio.gather(*(world.resolver.input_entity(world, one) for one in (666, -1000000000666)))
    assert found == [types.InputPeerUser(666, 6660), types.InputPeerChannel(666, 6660)]
    assert _names_asked(world).count("GetDialogs") == 1


async def test_bots_have_no_dialogs(world):
    world.cache.self_bot = True
    with pytest.raises(ValueError, match="did not tell") as caught:
        await world.resolver.input_entity(world, 666)
    assert "dialogs (" not in str(caught.value)
    assert _names_asked(world) == ["GetUsers"]


async def test_dialogs_that_cannot_be_read_are_named_as_such(world):
    def refuse(request: Any) -> Any:
        raise errors.BotMethodInvalidError(request)

    world.GetDialogsRequest = refuse
    with pytest.raises(ValueError, match=r"newest dialogs \(BotMethodInvalidError\)"):
        await world.resolver.input_entity(world, 666)


async def test_every_step_is_named_in_the_order_it_was_tried(world):
    with pytest.raises(ValueError, match="Could not find the input entity") as caught:
        await world.resolver.input_entity(world, 666)
    steps = ["updates", "session", "messages", "by the ID alone", "newest dialogs", "Let the account meet it first"]
    places = [str(caught.value).index(step) for step in steps]
    assert places == sorted(places)


async def test_who_gives_up_does_not_take_the_answer_from_others(world):
    first = asyncio.ensure_future(world.resolver.input_entity(world, "someone"))
    second = asyncio.ensure_future(world.resolver.input_entity(world, "someone"))
    while not world.asked:
        await asyncio.sleep(0)
    first.cancel()
    assert await second == types.InputPeerUser(60, 600)
    assert first.cancelled()


async def test_bots_have_no_contacts(world):
    world.error = errors.BotMethodInvalidError(None)
    with pytest.raises(ValueError, match="as a bot"):
        await world.resolver.input_entity(world, "+12345")


async def test_errors_of_telegram_are_not_hidden(world):
    world.error = errors.ChannelPrivateError(None)
    with pytest.raises(errors.ChannelPrivateError):
        await world.resolver.input_entity(world, -1000000000005)
    world.error = errors.ChannelInvalidError(None)
    with pytest.raises(ValueError, match="Could not find"):
        await world.resolver.input_entity(world, -1000000000005)


@pytest.mark.parametrize(
    ("value", "dialog"),
    [
        ("someone", types.InputDialogPeer(types.InputPeerUser(60, 600))),
        (types.InputDialogPeer("someone"), types.InputDialogPeer(types.InputPeerUser(60, 600))),
        (types.DialogPeer(types.PeerChat(4)), types.InputDialogPeer(types.InputPeerChat(4))),
        (types.InputDialogPeerFolder(3), types.InputDialogPeerFolder(3)),
    ],
)
async def test_input_dialog(world, value, dialog):
    assert await world.resolver.input_dialog(world, value) == dialog


@pytest.mark.parametrize(
    ("value", "notify"),
    [
        ("someone", types.InputNotifyPeer(types.InputPeerUser(60, 600))),
        (types.InputNotifyPeer("someone"), types.InputNotifyPeer(types.InputPeerUser(60, 600))),
        (types.InputNotifyUsers(), types.InputNotifyUsers()),
        (
            types.InputNotifyForumTopic(types.InputPeerChat(5), 3),
            types.InputNotifyForumTopic(types.InputPeerChat(5), 3),
        ),
    ],
)
async def test_input_notify(world, value, notify):
    assert await world.resolver.input_notify(world, value) == notify
