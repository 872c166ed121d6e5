"""New messages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeAlias, TypeVar

from telethon._core.oldnames import old_names
from telethon.events.common import EventBuilder, EventCommon, _into_id_set, name_inner_event, pattern_matcher
from telethon.tl import types

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from telethon.events.common import Chats, Func
else:
    __getattr__ = old_names(__name__)

__all__ = ["MessageBuilder", "NewMessage", "NewMessageEvent"]

_M = TypeVar("_M")

#: What a short form and its message both hold, by the names under which reading keeps it.
_TAKEN_OVER: Final = frozenset(
    (
        "id",
        "date",
        "_raw_date",
        "message",
        "out",
        "mentioned",
        "media_unread",
        "silent",
        "fwd_from",
        "via_bot_id",
        "reply_to",
        "entities",
        "ttl_period",
    )
)


class NewMessageEvent(EventCommon):
    """A new message. Everything that its message has, the event has as well; writing goes there, too.

    Args:
        message: the message.

    Attributes:
        message: the `Message` itself.
        pattern_match: what the pattern of the builder gave, a match object as a rule.
    """

    _SHOWN: tuple[str, ...] = ("original_update", "pattern_match", "message")
    #: What belongs to the event and not to its message.
    _OWN: ClassVar[frozenset[str]] = frozenset({"_entities", "message", "original_update", "pattern_match"})

    message: types.Message
    pattern_match: Any = None

    def __init__(self, message: types.Message) -> None:
        # Events are made for every message: nothing is kept here that the message has already.
        vars(self)["message"] = message

    def _set_client(self, client: Any) -> None:
        message: Any = vars(self)["message"]
        finish = getattr(message, "_finish_init", None)
        # An empty message has nothing to finish.
        if finish is not None:
            finish(client, self._entities, None)

    if not TYPE_CHECKING:
        # Chat and client are those of the message, also when they become known later.

        @property
        def _client(self):
            return self.message._client

        @property
        def _chat_peer(self):
            return self.message._chat_peer

        @property
        def _chat(self):
            return self.message._chat

        @property
        def _input_chat(self):
            return self.message._input_chat

        @property
        def _broadcast(self):
            return self.message._broadcast

        @property
        def _message_id(self):
            return self.message.id

        def __setattr__(self, name, value):
            if name in self._OWN or name in self.__dict__:
                self.__dict__[name] = value
            else:
                setattr(self.message, name, value)

    def __getattr__(self, item: str) -> Any:
        if item == "message" or item.startswith("__"):
            # Without one, as while being copied, there is nobody to ask; and what Python itself looks for, such as how
            # to copy, is not the message's.
            raise AttributeError(item)
        return getattr(self.message, item)


class MessageBuilder(EventBuilder[_M]):
    """What builders of events with a message have in common; see `NewMessage` for the arguments."""

    incoming: bool | None
    outgoing: bool | None
    from_users: Any
    forwards: bool | None
    pattern: Callable[[str], Any] | None

    def __init__(
        self,
        chats: Chats | None = None,
        *,
        blacklist_chats: bool = False,
        func: Func | None = None,
        incoming: bool | None = None,
        outgoing: bool | None = None,
        from_users: Chats | None = None,
        forwards: bool | None = None,
        pattern: str | re.Pattern[str] | Callable[[str], Any] | None = None,
    ) -> None:
        if incoming and outgoing:
            # All there is.
            incoming = outgoing = None
        elif incoming is not None and outgoing is None:
            outgoing = not incoming
        elif outgoing is not None and incoming is None:
            incoming = not outgoing
        elif incoming is False and outgoing is False:
            raise ValueError("Don't create an event handler if you don't want neither incoming nor outgoing!")
        super().__init__(chats, blacklist_chats=blacklist_chats, func=func)
        self.incoming = incoming
        self.outgoing = outgoing
        self.from_users = from_users
        self.forwards = forwards
        self.pattern = pattern_matcher(pattern)
        self._no_check = all(
            one is None for one in (self.chats, incoming, outgoing, from_users, forwards, self.pattern, func)
        )

    async def _resolve(self, client: Any) -> None:
        await super()._resolve(client)
        self.from_users = await _into_id_set(client, self.from_users)

    def filter(self, event: Any) -> Any:
        """Whether the message is wanted: something true, or what has to be awaited to know."""
        if self._no_check:
            return event
        message = event.message
        if (self.incoming and message.out) or (self.outgoing and not message.out):
            return None
        if self.forwards is not None and self.forwards != bool(message.fwd_from):
            return None
        if self.from_users is not None and message.sender_id not in self.from_users:
            return None
        if self.pattern is not None:
            match = self.pattern(message.message or "")
            if not match:
                return None
            event.pattern_match = match
        return super().filter(event)


@name_inner_event
class NewMessage(MessageBuilder[NewMessageEvent]):
    """Happens when a message arrives, or is sent with another application of the same account.

    Args:
        chats: the chats whose messages are wanted; None for all.
        blacklist_chats: whether it is these chats whose messages are *not* wanted.
        func: only messages for which it gives something true are wanted. It may be asynchronous.
        incoming: whether only messages that others sent are wanted.
        outgoing: whether only messages of one's own are wanted.
        from_users: only messages that these users sent are wanted.
        forwards: True for forwarded messages only, False for all but these.
        pattern: text or compiled pattern that is matched from the start of the message; or a function of its text.

    Raises:
        ValueError: neither incoming nor outgoing messages are wanted.
        TypeError: the pattern is of another kind.

    Example:
        >>> @client.on(events.NewMessage(pattern="(?i)hello.+"))
        ... async def handler(event):
        ...     await event.reply("Hey!")

    Source: https://core.telegram.org/constructor/updateNewMessage
    """

    Event: TypeAlias = NewMessageEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> NewMessageEvent | None:
        """The event of a new message; None for other updates and for service messages."""
        if isinstance(update, (types.UpdateNewMessage, types.UpdateNewChannelMessage)):
            message = update.message
            if not isinstance(message, types.Message):
                return None
        elif isinstance(update, types.UpdateShortMessage):
            peer = types.PeerUser(update.user_id)
            message = _from_short(update, peer, types.PeerUser(self_id or 0) if update.out else peer)
        elif isinstance(update, types.UpdateShortChatMessage):
            sender = types.PeerUser(self_id or 0) if update.out else types.PeerUser(update.from_id)
            message = _from_short(update, types.PeerChat(update.chat_id), sender)
        else:
            return None
        return cls.Event(message)


def _from_short(update: Any, peer: types.TypePeer, sender: types.TypePeer) -> types.Message:
    """The message of an update that leaves out what is plain text's default.

    It is made as reading makes one, of what is there. Most private messages come in this form, and to name all that a
    message may have takes as long as half of what else is done for one.

    Source: https://core.telegram.org/constructor/updateShortMessage
    """
    message = object.__new__(types.Message)
    told: dict[str, Any] = update.__dict__
    own = vars(message)
    own.update(_not_told())
    for name, value in told.items():
        if name in _TAKEN_OVER:
            own[name] = value
    own["peer_id"] = peer
    own["from_id"] = sender
    # Of one that a program has made, it may be None.
    own["out"] = bool(update.out)
    return message


@cache
def _not_told() -> dict[str, None]:
    """The flags of which a short form says nothing, not even that they are not set."""
    flags = [name for name in types.Message._FIELDS if getattr(types.Message, name, None) is False]
    return dict.fromkeys(name for name in flags if name not in _TAKEN_OVER)
