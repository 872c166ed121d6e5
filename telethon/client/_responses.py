"""Finding, in what servers answer to a request, the messages that the request made.

A request that sends carries one ``random_id`` for each message. Servers answer with updates, in any order: some tell
which message id each ``random_id`` got, others bring the messages themselves. Joining the two gives the messages in
the order in which they were sent.

Source: https://core.telegram.org/constructor/updateMessageID
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final, cast

from telethon import utils
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telethon.tl.patched import Message

_NEW: Final = frozenset(
    ("UpdateNewMessage", "UpdateNewChannelMessage", "UpdateNewScheduledMessage", "UpdateBotNewBusinessMessage")
)
_EDITED: Final = frozenset(("UpdateEditMessage", "UpdateEditChannelMessage", "UpdateBotEditBusinessMessage"))


class SentMessages:
    """The messages in an answer, by message id, and the message id of each ``random_id``.

    Args:
        bind: what gives each message found its client and chat.
        request: the request answered, to tell its own edits from others.
    """

    def __init__(self, bind: Callable[[Message], None], request: object) -> None:
        self._bind = bind
        self._request = request
        self._ids: dict[int, int] = {}
        self._messages: dict[int, Message] = {}
        #: Messages that a bot sent for a user, in order: no answer tells their ``random_id``.
        self._for_user: list[Message] = []
        #: The message of a request that names it by its id and not by a ``random_id``.
        self.direct: Message | None = None

    def feed(self, update: Any) -> None:
        """Take in one update."""
        kind = type(update).__name__
        if kind == "UpdateMessageID":
            self._ids[update.random_id] = update.id
        elif kind in _NEW:
            self._take_new(update.message)
            if kind == "UpdateBotNewBusinessMessage":
                self._for_user.append(update.message)
        elif kind in _EDITED:
            self._take_edited(update.message)
        elif kind == "UpdateMessagePoll":
            self._take_poll(update)

    def _take_new(self, message: Message) -> None:
        self._bind(message)
        self._messages[message.id] = message
        if self.direct is None and self._has_no_random_id():
            self.direct = message

    def _take_edited(self, message: Message) -> None:
        request = self._request
        if self._has_no_random_id():
            if getattr(request, "id", None) != message.id or not _same_chat(request, message):
                return
            self.direct = message
        # A live location is sent, yet answered as an edit of the message that has it.
        self._bind(message)
        self._messages[message.id] = message

    def _take_poll(self, update: types.UpdateMessagePoll) -> None:
        request = self._request
        media = getattr(request, "media", None)
        poll = getattr(media, "poll", None)
        if poll is None or poll.id != update.poll_id or not isinstance(getattr(request, "id", None), int):
            return
        message = types.Message(
            id=cast("int", getattr(request, "id", 0)),
            peer_id=utils.get_peer(getattr(request, "peer", None)),
            date=None,
            message="",
            media=types.MessageMediaPoll(poll=update.poll or poll, results=update.results),
        )
        self._bind(message)
        self.direct = message

    def _has_no_random_id(self) -> bool:
        return not isinstance(self._request, (int, list)) and not hasattr(self._request, "random_id")

    @property
    def by_id(self) -> dict[int, Message]:
        """Every message found, by its id."""
        return self._messages

    def of(self, random_id: int) -> Message | None:
        """The message sent with this ``random_id``, or `None` when the answer does not hold it."""
        return self.of_all([random_id])[0]

    def of_all(self, random_ids: Sequence[int]) -> list[Message | None]:
        """The messages sent with these, `None` for each one the answer does not hold."""
        if not self._ids and len(self._for_user) == len(random_ids):
            return [*self._for_user]
        return [self._messages.get(self._ids.get(random_id, 0)) for random_id in random_ids]


def _same_chat(request: object, message: Message) -> bool:
    """Whether an edited message is in the chat of the request: ids of channel messages start again in each channel."""
    peer = getattr(request, "peer", None)
    if not isinstance(message.peer_id, types.PeerChannel) or peer is None:
        return True
    try:
        return utils.get_peer_id(peer) == utils.get_peer_id(message.peer_id)
    except TypeError:
        return True


def updates_of(result: object) -> tuple[Sequence[object], dict[int, Any]] | None:
    """The updates of an answer and the entities they come with by marked id; `None` when it is of another kind."""
    if isinstance(result, types.UpdateShort):
        return [result.update], {}
    if isinstance(result, (types.Updates, types.UpdatesCombined)):
        return result.updates, entities_of(result)
    return None


def entities_of(result: Any) -> dict[int, Any]:
    """The users and chats of an answer, by marked id."""
    return {utils.get_peer_id(entity): entity for entity in chain(result.users, result.chats)}
