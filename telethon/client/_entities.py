"""Anything a user may write for a user, chat or channel, turned into what requests need.

The order is always the same, cheapest first: what the value itself says, what updates taught (`EntityCache`), what the
session knows, a message in which it was seen, and only then Telegram: by the bare id, and by the newest dialogs.
Requests that several callers need at the same time are sent once. `telethon.client._notfound` says what was in vain.

Source: https://core.telegram.org/api/peers
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from telethon import errors, utils
from telethon.client._await import maybe_await
from telethon.client._notfound import input_entity_not_found, text_not_found, username_not_found
from telethon.client._usernames import Usernames, has_username, usable_peer
from telethon.tl import functions, types

if TYPE_CHECKING:
    from typing import TypeAlias

    from telethon._updates import Entity as UpdateEntity
    from telethon._updates import EntityCache
    from telethon.tl.tlobject import TLRequest

    Entity: TypeAlias = (
        types.User
        | types.UserEmpty
        | types.Chat
        | types.ChatEmpty
        | types.ChatForbidden
        | types.Channel
        | types.ChannelForbidden
    )

__all__ = ["EntityResolver", "Invoke"]

_R = TypeVar("_R")

#: How many users or channels one request may name.
_BATCH: Final = 200

_PEER: Final = 0x2D45687
_INPUT_PEER: Final = 0xC91C90B6
_SELF_NAMES: Final = ("me", "self")

#: How many dialogs are looked through for an id, and how many seconds pass until they are again.
_DIALOGS: Final = 100
_DIALOGS_PAUSE: Final = 300.0


class Invoke(Protocol):
    """Sends a request and gives its answer; a client is one."""

    def __call__(self, request: TLRequest[_R], /) -> Coroutine[Any, Any, _R]:
        """The answer to *request*."""
        ...


class EntityResolver:
    """Finds input peers and full entities.

    The methods take who shall send requests, because the same knowledge serves a client and its takeout.

    Args:
        cache: what updates taught about peers; holds the own account, too.
        session: gives the session, which knows the entities seen before.
    """

    def __init__(self, cache: Callable[[], EntityCache], session: Callable[[], Any]) -> None:
        self._cache = cache
        self._session = session
        self._asking: dict[str, asyncio.Task[Any]] = {}
        self._usernames = Usernames()
        self._dialogs_read: float | None = None
        self._in_dialogs: dict[int, Any] = {}

    # -- who am I ------------------------------------------------------------------------------------------------

    async def me(self, invoke: Invoke) -> types.User | None:
        """The own user, or None when the session is not logged in."""
        try:
            found = await invoke(functions.users.GetUsersRequest([types.InputUserSelf()]))
        except errors.UnauthorizedError:
            return None
        user = found[0] if found else None
        if not isinstance(user, types.User):
            return None
        cache = self._cache()
        if not cache.self_id:
            cache.set_self_user(user.id, bool(user.bot), user.access_hash or 0)
        return user

    def known_self(self) -> types.InputPeerUser | None:
        """The own input peer, when the account is known."""
        cache = self._cache()
        if not cache.self_id:
            return None
        entity = cache.get(cache.self_id)
        if entity is None:
            return None
        peer = entity._as_input_peer()
        return peer if isinstance(peer, types.InputPeerUser) else None

    # -- ids -----------------------------------------------------------------------------------------------------

    async def peer_id(self, invoke: Invoke, peer: object, add_mark: bool = True) -> int:
        """The id of *peer*, marked or not. See `UserMethods.get_peer_id`."""
        try:
            return utils.get_peer_id(peer, add_mark)
        except TypeError:
            found = await self.input_entity(invoke, peer)
        if isinstance(found, types.InputPeerSelf):
            user = self.known_self() or await self.me(invoke)
            if user is None:
                raise ValueError('"me" has no ID while the session is not logged in; sign in first')
            return utils.get_peer_id(user, add_mark)
        return utils.get_peer_id(found, add_mark)

    async def peer(self, invoke: Invoke, peer: object) -> types.TypePeer:
        """The `Peer` of *peer*."""
        bare_id, cls = utils.resolve_id(await self.peer_id(invoke, peer))
        return cls(bare_id)

    # -- input peers ---------------------------------------------------------------------------------------------

    async def input_entity(self, invoke: Invoke, peer: object) -> types.TypeInputPeer:
        """The input peer of *peer*. See `UserMethods.get_input_entity`."""
        known = await self._known_input_entity(peer)
        if known is not None:
            return known
        if isinstance(peer, str):
            return self._resolved_before(peer) or utils.get_input_peer(await self.by_text(invoke, peer))
        named = _peer_of(peer)
        if isinstance(named, types.PeerChat):
            return types.InputPeerChat(named.chat_id)
        tried: list[str] = []
        found = (await self._ask_for_unknown(invoke, [named], tried)).get(utils.get_peer_id(named))
        if found is None:
            raise input_entity_not_found(named, tried)
        return utils.get_input_peer(found)

    def _resolved_before(self, text: str) -> types.TypeInputPeer | None:
        """Whose username that is, when Telegram was asked for it lately."""
        if utils.parse_phone(text):
            return None
        username, is_invite = utils.parse_username(text)
        return self._usernames.get(username, _now()) if username and not is_invite else None

    async def _known_input_entity(self, peer: object) -> types.TypeInputPeer | None:
        """The input peer as far as nobody needs to be asked."""
        try:
            return utils.get_input_peer(peer)
        except TypeError:
            pass
        if isinstance(peer, str):
            if peer.lower() in _SELF_NAMES:
                return types.InputPeerSelf()
        elif (cached := self._cached(peer, self._cache().get)) is not None:
            return cached
        elif peer == 0 or peer == types.PeerUser(0):
            # Nobody has this id. Sessions may keep a row with it all the same, to remember the own account.
            return None
        try:
            found: types.TypeInputPeer = await maybe_await(self._session().get_input_entity(peer))
        except ValueError:
            # Of some only the message is known in which they were seen, which names them as well.
            return None if isinstance(peer, str) else self._cached(peer, self._cache().get_min)
        return found

    def _cached(self, peer: object, look_up: Callable[[int], UpdateEntity | None]) -> types.TypeInputPeer | None:
        try:
            marked_id = utils.get_peer_id(peer)
        except TypeError:
            return None
        # A number without a mark may also be the bare id of a channel, which the cache finds as well.
        bare_id = utils.resolve_id(marked_id)[0]
        entity = look_up(bare_id)
        if entity is None:
            return None
        found = entity._as_input_peer()
        exact = isinstance(peer, int) and peer > 0
        return found if exact or utils.get_peer_id(found) == marked_id else None

    async def _ask_for_unknown(
        self, invoke: Invoke, peers: Sequence[types.TypePeer], tried: list[str]
    ) -> dict[int, Any]:
        """Users and channels by marked id, asked for without their hash, and looked for in the newest dialogs.

        Telegram tells them to bots that met them, and contacts to their owner; others it leaves out.

        Args:
            invoke: sends the requests.
            peers: who is wanted.
            tried: takes what was tried, for those that are not found.

        Source: https://core.telegram.org/api/peers#access-hash
        """
        users = [types.InputUser(p.user_id, 0) for p in peers if isinstance(p, types.PeerUser)]
        channels = [types.InputChannel(p.channel_id, 0) for p in peers if isinstance(p, types.PeerChannel)]
        found: dict[int, Any] = {}
        for some_users in _batches(users):
            for user in await invoke(functions.users.GetUsersRequest(some_users)):
                if isinstance(user, types.User):
                    found[user.id] = user
        for some_channels in _batches(channels):
            try:
                answer = await invoke(functions.channels.GetChannelsRequest(some_channels))
            except errors.ChannelInvalidError:
                continue
            for chat in answer.chats:
                found[utils.get_peer_id(chat)] = chat
        tried.append("Telegram by the ID alone (it did not tell)")
        wanted = {utils.get_peer_id(peer) for peer in peers if not isinstance(peer, types.PeerChat)}
        if wanted - found.keys():
            known = await self._read_dialogs(invoke, tried)
            found.update((marked_id, known[marked_id]) for marked_id in wanted - found.keys() if marked_id in known)
        return found

    async def _read_dialogs(self, invoke: Invoke, tried: list[str]) -> dict[int, Any]:
        """The users and channels in the newest dialogs by marked id, as they were a short time ago at the oldest.

        Source: https://core.telegram.org/method/messages.getDialogs
        """
        if self._cache().self_bot:
            # Telegram does not tell bots their dialogs.
            return {}
        task = self._asking.get("dialogs")
        if task is None and self._dialogs_read is not None and _now() - self._dialogs_read < _DIALOGS_PAUSE:
            tried.append(f"the {_DIALOGS} newest dialogs (not in them a short time ago)")
            return self._in_dialogs
        try:
            await self._once("dialogs", lambda: self._ask_dialogs(invoke))
        except errors.RPCError as error:
            # It would say the same again.
            self._dialogs_read = _now()
            tried.append(f"the {_DIALOGS} newest dialogs ({type(error).__name__})")
            return {}
        tried.append(f"the {_DIALOGS} newest dialogs (not in them)")
        return self._in_dialogs

    async def _ask_dialogs(self, invoke: Invoke) -> None:
        answer = await invoke(functions.messages.GetDialogsRequest(None, 0, types.InputPeerEmpty(), _DIALOGS, 0))
        entities = (*getattr(answer, "users", ()), *getattr(answer, "chats", ()))
        self._in_dialogs = {utils.get_peer_id(one): one for one in entities if usable_peer(one) is not None}
        # Only now: those who were not told have not been read.
        self._dialogs_read = _now()

    async def _once(self, key: str, ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """What somebody is asking for already under this key, or else the answer to a question of one's own."""
        task = self._asking.get(key)
        if task is None:
            task = asyncio.ensure_future(ask())
            self._asking[key] = task
            task.add_done_callback(lambda done: self._asked(key, done))
        # Shielded, because one caller that gives up must not take the answer away from the others.
        return await asyncio.shield(task)

    def _asked(self, key: str, task: asyncio.Task[Any]) -> None:
        self._asking.pop(key, None)
        if not task.cancelled():
            # Looked at here, so that an error nobody waits for any more is not reported as forgotten.
            task.exception()

    async def input_dialog(self, invoke: Invoke, dialog: Any) -> types.TypeInputDialogPeer:
        """The input dialog of a dialog or of anything that stands for an entity."""
        if isinstance(dialog, types.InputDialogPeerFolder):
            return dialog
        if isinstance(dialog, types.InputDialogPeer):
            dialog.peer = await self.input_entity(invoke, dialog.peer)
            return dialog
        if isinstance(dialog, types.DialogPeer):
            return types.InputDialogPeer(await self.input_entity(invoke, dialog.peer))
        return types.InputDialogPeer(await self.input_entity(invoke, dialog))

    async def input_notify(self, invoke: Invoke, notify: Any) -> types.TypeInputNotifyPeer:
        """The input notify peer of one, or of anything that stands for an entity."""
        if isinstance(notify, (types.InputNotifyPeer, types.InputNotifyForumTopic)):
            notify.peer = await self.input_entity(invoke, notify.peer)
            return notify
        if isinstance(notify, (types.InputNotifyUsers, types.InputNotifyChats, types.InputNotifyBroadcasts)):
            return notify
        return types.InputNotifyPeer(await self.input_entity(invoke, notify))

    # -- full entities -------------------------------------------------------------------------------------------

    async def entities(self, invoke: Invoke, wanted: Sequence[object]) -> list[Entity]:
        """The full entity of each of *wanted*, with as few requests as possible."""
        inputs = [await self._known_input_entity(peer) if not isinstance(peer, str) else None for peer in wanted]
        unknown = [utils.get_peer(w) for w, i in zip(wanted, inputs, strict=True) if i is None and not _is_text(w)]
        tried: list[str] = []
        found = await self._ask_for_unknown(invoke, unknown, tried) if unknown else {}
        by_id = await self._ask_for_known(invoke, [*(i for i in inputs if i is not None), *_chats(unknown)])
        by_id.update(found)
        result: list[Entity] = []
        for peer, known in zip(wanted, inputs, strict=True):
            if isinstance(peer, str):
                result.append(await self.by_text(invoke, peer))
            elif isinstance(known, types.InputPeerSelf):
                result.append(by_id[0])
            else:
                named = utils.get_peer(peer if known is None else known)
                entity = by_id.get(utils.get_peer_id(named))
                if entity is None:
                    raise input_entity_not_found(named, tried)
                result.append(entity)
        return result

    async def _ask_for_known(self, invoke: Invoke, peers: Sequence[Any]) -> dict[int, Any]:
        """The entities of input peers by marked id; the own user also under 0."""
        users: list[types.TypeInputUser] = []
        chats: list[int] = []
        channels: list[types.TypeInputChannel] = []
        for peer in peers:
            if isinstance(peer, (types.InputPeerChat, types.PeerChat)):
                chats.append(peer.chat_id)
            elif isinstance(peer, (types.InputPeerChannel, types.InputPeerChannelFromMessage)):
                channels.append(utils.get_input_channel(peer))
            elif not isinstance(peer, types.InputPeerEmpty):
                users.append(utils.get_input_user(peer))
            else:
                raise TypeError("Cannot cast InputPeerEmpty to any kind of entity: it stands for nobody")
        found: dict[int, Any] = {}
        for some_users in _batches(users):
            for user in await invoke(functions.users.GetUsersRequest(some_users)):
                found[user.id] = user
                if isinstance(user, types.User) and user.is_self:
                    found[0] = user
        for some_chats in _batches(chats):
            for chat in (await invoke(functions.messages.GetChatsRequest(some_chats))).chats:
                found[utils.get_peer_id(chat)] = chat
        for some_channels in _batches(channels):
            for chat in (await invoke(functions.channels.GetChannelsRequest(some_channels))).chats:
                found[utils.get_peer_id(chat)] = chat
        return found

    # -- text ----------------------------------------------------------------------------------------------------

    async def by_text(self, invoke: Invoke, text: str) -> Any:
        """The full entity of a phone number, username, invite link, or name that the session knows.

        Raises:
            ValueError: nothing is found; the text tells what was tried.
        """
        if phone := utils.parse_phone(text):
            user = await self._by_phone(invoke, phone)
            if user is not None:
                return user
            raise text_not_found(
                text,
                "no contact of this account has that phone number",
                ("the contacts of the account (not there)",),
                "Only contacts can be found by it: add the number to the contacts first, ask with "
                "contacts.ResolvePhoneRequest, or use the username",
            )
        if text.lower() in _SELF_NAMES:
            own = await self.me(invoke)
            if own is not None:
                return own
            raise text_not_found(
                text, "the session is not logged in", ("Telegram (nobody is logged in)",), "Sign in first"
            )
        username, is_invite = utils.parse_username(text)
        if is_invite and username:
            return await self._by_invite(invoke, username, text)
        if username:
            return await self._by_username(invoke, username, text)
        try:
            known = await maybe_await(self._session().get_input_entity(text))
        except ValueError:
            raise text_not_found(
                text,
                "it is no username, t.me link, invite link, phone number or name the session has seen",
                ("the names in the session (not there)",),
                "Names that are shown can only be found of those the account has met: read the dialogs first, or use "
                "the username or the ID",
            ) from None
        return (await self.entities(invoke, [known]))[0]

    async def _by_phone(self, invoke: Invoke, phone: str) -> types.User | None:
        try:
            contacts = await invoke(functions.contacts.GetContactsRequest(0))
        except errors.BotMethodInvalidError:
            raise ValueError(
                "Cannot get entity by phone number as a bot (try using integer IDs, not strings)"
            ) from None
        for user in getattr(contacts, "users", ()):
            if isinstance(user, types.User) and user.phone == phone:
                return user
        return None

    async def _by_invite(self, invoke: Invoke, invite_hash: str, text: str) -> Any:
        """The chat of an invite link.

        Source: https://core.telegram.org/api/links#chat-invite-links
        """
        invite = await invoke(functions.messages.CheckChatInviteRequest(invite_hash))
        if isinstance(invite, types.ChatInvite):
            raise ValueError(
                "Cannot get entity from a channel (or group) that you are not part of. Join the group and retry"
            )
        chat = getattr(invite, "chat", None)
        if chat is None:
            raise ValueError(f'Cannot find any entity corresponding to "{text}": the invite link names no chat')
        return chat

    async def _by_username(self, invoke: Invoke, username: str, text: str) -> Any:
        """The user or channel of a username.

        Source: https://core.telegram.org/method/contacts.resolveUsername
        """
        key = username.lower()
        if (known := self._usernames.get(key, _now())) is not None:
            entity = await self._still_with_username(invoke, known, key)
            if entity is not None:
                return entity
            self._usernames.drop(key)
        request = functions.contacts.ResolveUsernameRequest(username)
        try:
            answer = await self._once(f"@{key}", lambda: invoke(request))
        except errors.UsernameNotOccupiedError as error:
            raise username_not_found(username) from error
        entity = _entity_of(answer)
        if entity is None:
            raise text_not_found(
                text,
                "Telegram did not say whose username it is",
                ("Telegram (no user or channel in its answer)",),
                "Try again",
            )
        self._usernames.put(key, entity, _now())
        return entity

    async def _still_with_username(self, invoke: Invoke, peer: types.TypeInputPeer, username: str) -> Any:
        """The full entity of *peer*, if it has that username yet."""
        try:
            found = await self._ask_for_known(invoke, [peer])
        except (errors.BadRequestError, errors.ForbiddenError):
            return None
        entity = found.get(utils.get_peer_id(peer))
        return entity if entity is not None and has_username(entity, username) else None


def _entity_of(answer: types.contacts.ResolvedPeer) -> Any:
    wanted = utils.get_peer_id(answer.peer)
    for entity in (*answer.users, *answer.chats):
        if utils.get_peer_id(entity) == wanted:
            return entity
    return None


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _chats(peers: Iterable[types.TypePeer]) -> list[types.PeerChat]:
    return [peer for peer in peers if isinstance(peer, types.PeerChat)]


_T = TypeVar("_T")


def _batches(items: Sequence[_T]) -> Iterable[list[_T]]:
    for start in range(0, len(items), _BATCH):
        yield list(items[start : start + _BATCH])


def _now() -> float:
    return asyncio.get_running_loop().time()


def _peer_of(value: object) -> types.TypePeer:
    """The peer that something stands for which is no text.

    Raises:
        TypeError: it stands for nobody.
    """
    try:
        return utils.get_peer(value)
    except TypeError as error:
        raise TypeError(
            f"{error} Name a user or chat by username, link, phone number or ID, or give an object that stands for "
            "one, such as event.chat_id; None often is the sender of a message in a channel, who is not told"
        ) from None
