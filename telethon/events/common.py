"""What all events have in common: the builder that says what is wanted, and the event that a handler gets."""

from __future__ import annotations

import abc
import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, cast, overload

from telethon import utils
from telethon._core.oldnames import old_names
from telethon.events.delivery import delivery_of
from telethon.tl import types
from telethon.tl.custom.chatgetter import ChatGetter
from telethon.tl.tlobject import TLObject

if TYPE_CHECKING:
    import sqlite3

    from telethon.client.telegramclient import TelegramClient
    from telethon.hints import EntityLike

__all__ = ["EventBuilder", "EventCommon", "name_inner_event"]

E = TypeVar("E")
_Cls = TypeVar("_Cls", bound="type[Any]")
_T = TypeVar("_T")

if TYPE_CHECKING:
    #: Chats or users, as the arguments of builders take them.
    Chats: TypeAlias = EntityLike | list[EntityLike] | tuple[EntityLike, ...] | set[int] | range
    #: What decides whether an event is wanted; it may be asynchronous.
    Func: TypeAlias = Callable[[Any], Any | Awaitable[Any]]
else:
    __getattr__ = old_names(__name__)

_NO_ENTITIES: Mapping[int, Any] = {}


async def _into_id_set(client: Any, chats: Any) -> set[int] | None:
    """The marked ids of chats or users; None stays None.

    Args:
        client: what is asked for names and links.
        chats: one chat or user, or several, each in any form; a positive number may be any kind of chat.
    """
    if chats is None:
        return None
    found: set[int] = set()
    for chat in chats if utils.is_list_like(chats) else (chats,):
        if isinstance(chat, int):
            if chat < 0:
                found.add(chat)
            else:
                # A number without mark is a user's as a rule, but many leave the mark of their chats away.
                found.update((chat, -chat, utils.get_peer_id(types.PeerChannel(chat))))
        elif isinstance(chat, (types.PeerUser, types.PeerChat, types.PeerChannel)):
            found.add(utils.get_peer_id(chat))
        else:
            peer = await client.get_input_entity(chat)
            if isinstance(peer, types.InputPeerSelf):
                peer = await client.get_me(input_peer=True)
            found.add(utils.get_peer_id(peer))
    return found


def pattern_matcher(pattern: Any) -> Callable[[str], Any] | None:
    """What to call with a text to learn whether it matches.

    Args:
        pattern: text or a compiled pattern, which are matched from the start of the text; a function; or None.

    Raises:
        TypeError: it is something else.
    """
    if pattern is None:
        return None
    if isinstance(pattern, str):
        return re.compile(pattern).match
    if callable(pattern):
        return cast("Callable[[str], Any]", pattern)
    match: Callable[[str], Any] | None = getattr(pattern, "match", None)
    if callable(match):
        return match
    raise TypeError(
        "Invalid pattern type given: a pattern is text, a compiled pattern or a function of the text, "
        f"not {type(pattern).__name__}"
    )


class EventBuilder(abc.ABC, Generic[E]):
    """Says which events are wanted, and makes them of updates.

    Args:
        chats: the chats whose events are wanted: ids, usernames, entities, mixed at will; None for all.
        blacklist_chats: whether it is these chats whose events are *not* wanted.
        func: called with each event; only those for which it gives something true are wanted. It may be asynchronous.

    Attributes:
        chats: as above; marked ids once they are resolved.
        blacklist_chats: as above.
        func: as above.
        resolved: whether the chats are known by their ids, which happens before the first event.
    """

    chats: Any
    blacklist_chats: bool
    func: Func | None
    resolved: bool

    def __init__(self, chats: Chats | None = None, *, blacklist_chats: bool = False, func: Func | None = None) -> None:
        self.chats = chats
        self.blacklist_chats = bool(blacklist_chats)
        if func is not None and not callable(func):
            raise TypeError(f"func is a function of the event, not {type(func).__name__}")
        self.func = func
        self.resolved = False
        self._resolve_lock: asyncio.Lock | None = None
        self._resolving_in: asyncio.AbstractEventLoop | None = None

    @classmethod
    @abc.abstractmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> E | None:
        """The event that an update is, or None when it is of another kind.

        Args:
            update: the update.
            others: the updates it came with, itself among them.
            self_id: the id of the own account.
        """

    async def resolve(self, client: Any) -> None:
        """Learn the ids of the chats, once; several events may wait for it.

        Args:
            client: what is asked for names and links.

        Network: for usernames and links that the session does not know.
        """
        if self.resolved:
            return
        loop = asyncio.get_running_loop()
        if self._resolve_lock is None or self._resolving_in is not loop:
            # A lock belongs to the loop in which somebody waits for it, and builders outlive loops.
            self._resolving_in = loop
            self._resolve_lock = asyncio.Lock()
        async with self._resolve_lock:
            if not self.resolved:
                await self._resolve(client)
                self.resolved = True

    async def _resolve(self, client: Any) -> None:
        self.chats = await _into_id_set(client, self.chats)

    def filter(self, event: Any) -> Any:
        """Whether the event is wanted: something true, or what has to be awaited to know.

        Args:
            event: an event that `build` made.
        """
        if not self.resolved:
            return None
        if self.chats is not None and (event.chat_id in self.chats) == self.blacklist_chats:
            return None
        # What the function gives is passed on: it may be something to await.
        return True if not self.func else self.func(event)


class EventCommon(ChatGetter, abc.ABC):
    """What every event offers: the client, and the chat where it happened.

    Args:
        chat_peer: the chat.
        msg_id: the message it is about.
        broadcast: whether the chat is a channel in which few write.

    Attributes:
        original_update: the update that the event was made of.
    """

    _event_name = "Event"
    _entities: Mapping[int, Any] = _NO_ENTITIES
    _message_id: int | None = None
    #: The attributes that are shown although they are not set on the instance yet.
    _SHOWN: tuple[str, ...] = ("original_update",)

    original_update: Any = None

    def __init__(
        self,
        chat_peer: types.TypePeer | None = None,
        msg_id: int | None = None,
        broadcast: bool | None = None,
    ) -> None:
        super().__init__(chat_peer, broadcast=broadcast)
        self._entities = {}
        self._client = None
        self._message_id = msg_id
        self.original_update = None

    def _set_client(self, client: Any) -> None:
        """Bind the event to a client and to the entities that came with it."""
        self._client = client
        if self._chat_peer is not None:
            self._chat = self._entities.get(utils.get_peer_id(self._chat_peer))

    @property
    def client(self) -> TelegramClient:
        """The client that got this event."""
        return cast("TelegramClient", self._client)

    @property
    def is_redelivered(self) -> bool:
        """Whether handlers may have begun with this event before, in a run of the program that ended too early.

        Only a client with ``durable_updates=True`` delivers anything again.
        """
        delivery = delivery_of(self)
        return delivery is not None and delivery.is_redelivered

    @overload
    async def acknowledge(self) -> None: ...

    @overload
    async def acknowledge(self, effect: Callable[[sqlite3.Connection], _T]) -> _T: ...

    async def acknowledge(self, effect: Callable[[Any], Any] | None = None) -> Any:
        """Finish the update of this event now, and not when all its handlers have returned.

        See `Delivery.acknowledge`, also for what *effect* is good for. Without ``durable_updates=True`` this does
        nothing.

        Raises:
            RuntimeError: there is an *effect*, and the client was made without ``durable_updates=True``.

        Example:
            >>> @client.on(events.NewMessage)
            ... async def handler(event):
            ...     await event.acknowledge(lambda connection: connection.execute("update counters set value = 1"))
        """
        delivery = delivery_of(self)
        if delivery is not None:
            return await cast("Any", delivery).acknowledge(effect)
        if effect is not None:
            raise RuntimeError(
                "Effects and the acknowledgement of an update are only committed together by a client that was made "
                "with durable_updates=True"
            )
        return None

    def __str__(self) -> str:
        return TLObject.pretty_format(self.to_dict())

    def stringify(self) -> str:
        """The event as indented text, one attribute a line.

        Example:
            >>> print(event.stringify())
        """
        return TLObject.pretty_format(self.to_dict(), indent=0)

    def to_dict(self) -> dict[str, Any]:
        """The attributes of the event by name, with the name of the event under ``_``."""
        shown = {name: getattr(self, name) for name in self._SHOWN}
        shown.update((name, value) for name, value in self.__dict__.items() if not name.startswith("_"))
        shown["_"] = self._event_name
        return shown


def name_inner_event(cls: _Cls) -> _Cls:
    """Decorator for builders: let the class of their events be known by the builder's name."""
    event: type[Any] | None = cls.__dict__.get("Event")
    if event is not None:
        event._event_name = f"{cls.__name__}.Event"
        # The classes stand at the level of the module so that type checkers follow them; their name is the old one.
        event.__name__ = "Event"
        event.__qualname__ = f"{cls.__qualname__}.Event"
    return cls
