"""Albums: several messages that were sent as one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from copy import copy
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from telethon.events.common import EventBuilder, EventCommon, name_inner_event
from telethon.tl import types
from telethon.tl.custom.sendergetter import SenderGetter

if TYPE_CHECKING:
    from telethon.tl.custom.forward import Forward

__all__ = ["Album", "AlbumEvent", "AlbumHack"]

#: The most messages an album has.
_LIMIT: Final = 10
#: Seconds of silence after which no more messages of an album are expected. They come one by one, nothing tells how
#: many there are, and on a slow connection there is nearly a second between them.
_DELAY: Final = 1.0
#: When they come more slowly than that, the silence must be as many times longer than the longest pause between two.
_FACTOR: Final = 2
_MAX_DELAY: Final = 5.0
#: Seconds to wait for the second message of an album: there is no album of one.
_LONELY: Final = 15.0
#: Seconds that asking for missing messages may take.
_ASKING: Final = 10.0
#: How many ids further on, either way, the others can be, with messages of other people between them.
_AROUND: Final = 2 * _LIMIT
#: How many messages one request asks for.
_MOST_AT_ONCE: Final = 100
#: Seconds for which, and how many, albums are remembered that were handed over, to know messages that come too late.
_REMEMBERED: Final = 120.0
_REMEMBERED_LIMIT: Final = 1_000


class AlbumHack:
    """Gathers the messages of one album, and hands them over when no more come.

    When none has come for a while, Telegram is asked for those around the ones that came: whatever became of the
    updates, the album is whole then.

    Args:
        client: the client; albums that are gathered are in its ``_albums``, by the number that their messages share.
        event: the event of the first message.
    """

    def __init__(self, client: Any, event: AlbumEvent) -> None:
        self._client = client
        self._event = event
        loop = asyncio.get_running_loop()
        self._begun = self._last = loop.time()
        self._delay = _DELAY
        self._more: asyncio.Future[None] | None = None
        self._task = loop.create_task(self.deliver_event())
        # The tasks of handlers are cancelled when the client disconnects, and so is this one.
        client._event_handler_tasks.add(self._task)
        self._task.add_done_callback(self._on_done)

    def extend(self, messages: Iterable[types.Message]) -> None:
        """Take in more messages, and wait for others from now on."""
        now = asyncio.get_running_loop().time()
        self._delay = min(max(self._delay, (now - self._last) * _FACTOR), _MAX_DELAY)
        self._last = now
        self._add(messages)
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    def _add(self, messages: Iterable[types.Message]) -> None:
        known = {message.id for message in self._event.messages}
        self._event.messages.extend(message for message in messages if message.id not in known)

    async def deliver_event(self) -> None:
        """Wait until the album is whole, and call the handlers."""
        event = self._event
        await self._gather()
        self._client._albums.pop(event.grouped_id, None)
        _remember(self._client, event.grouped_id)
        event.messages.sort(key=lambda message: message.id)
        # The event of the first message stays one of a part: those who wait for their chats to be known look at it
        # later, and must not get the album a second time.
        whole = copy(event)
        whole._is_partial = False
        await self._client._dispatch_event(whole)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        client, key = self._client, self._event.grouped_id
        client._event_handler_tasks.discard(task)
        # A task may be cancelled before it has begun.
        if client._albums.get(key) is self:
            del client._albums[key]
        if task.cancelled():
            # By the client that disconnects. What it stored comes again when it connects, and is not too late then.
            client._albums_delivered.pop(key, None)

    async def _gather(self) -> None:
        messages, loop = self._event.messages, asyncio.get_running_loop()
        while len(messages) < _LIMIT:
            missing = self._last + self._delay - loop.time()
            if missing > 0:
                await self._wait(missing)
                continue
            asked = self._last
            if self._is_wanted():
                await self._fetch()
            if self._last != asked:
                # Another one has come meanwhile.
                continue
            if len(messages) > 1 or loop.time() - self._begun > _LONELY:
                return
            # The others have not been sent yet, or were deleted.
            self._delay = min(self._delay * _FACTOR, _MAX_DELAY)
            self._last = loop.time()

    async def _wait(self, seconds: float) -> None:
        """Wait so long, or until another message comes."""
        self._more = asyncio.get_running_loop().create_future()
        try:
            await asyncio.wait([self._more], timeout=seconds)
        finally:
            self._more = None

    def _is_wanted(self) -> bool:
        """Whether any handler wants albums of this chat; for nobody nothing is asked."""
        chat_id = self._event.chat_id
        builders = (builder for builder, _ in self._client._event_builders if isinstance(builder, Album))
        return any(
            not builder.resolved or builder.chats is None or (chat_id in builder.chats) != builder.blacklist_chats
            for builder in builders
        )

    async def _fetch(self) -> None:
        """Ask for the messages around those that came: what belongs to the album and did not come is among them."""
        event = self._event
        known = {message.id for message in event.messages}
        around = range(max(1, min(known) - _AROUND), max(known) + _AROUND + 1)
        missing = [msg_id for msg_id in around if msg_id not in known][:_MOST_AT_ONCE]
        try:
            # The messages of private chats and small groups are counted together.
            chat = await event.get_input_chat() if event.is_channel else None
            found = await asyncio.wait_for(self._client.get_messages(chat, ids=missing), _ASKING)
        except Exception as error:  # noqa: BLE001 - no connection, no right to read: what came is all there is
            self._client._log[__name__].debug("Could not ask for more of an album: %s", type(error).__name__)
            return
        self._add(
            message
            for message in cast("list[types.Message | None]", found)
            if message is not None and message.grouped_id == event.grouped_id and message.chat_id == event.chat_id
        )


def _remember(client: Any, grouped_id: int | None) -> None:
    delivered: dict[int | None, float] = client._albums_delivered
    delivered.pop(grouped_id, None)
    delivered[grouped_id] = asyncio.get_running_loop().time()
    if len(delivered) > _REMEMBERED_LIMIT:
        del delivered[next(iter(delivered))]


def _was_delivered(client: Any, grouped_id: int | None) -> bool:
    when: float | None = client._albums_delivered.get(grouped_id)
    return when is not None and asyncio.get_running_loop().time() - when < _REMEMBERED


class AlbumEvent(EventCommon, SenderGetter):
    """An album, which is like a list of its messages.

    Args:
        messages: the messages.

    Attributes:
        messages: as above.
    """

    _SHOWN = ("original_update", "messages")

    #: Whether more messages are waited for.
    _is_partial = False

    messages: list[types.Message]

    def __init__(self, messages: list[types.Message]) -> None:
        first = messages[0]
        super().__init__(chat_peer=first.peer_id, msg_id=first.id, broadcast=bool(first.post))
        SenderGetter.__init__(self, first.sender_id)
        self.messages = messages

    def _set_client(self, client: Any) -> None:
        super()._set_client(client)
        self._sender = self._entities.get(self._sender_id or 0)
        for message in cast("list[Any]", self.messages):
            message._finish_init(client, self._entities, None)
        if len(self.messages) == 1:
            # One message more of an album that is being gathered, or the first one.
            self._is_partial = True
            key = self.grouped_id
            gathering: AlbumHack | None = client._albums.get(key)
            if gathering is not None:
                gathering.extend(self.messages)
            elif not _was_delivered(client, key):
                client._albums[key] = AlbumHack(client, self)

    @property
    def grouped_id(self) -> int | None:
        """The number that the messages of the album share."""
        return self.messages[0].grouped_id

    @property
    def text(self) -> str:
        """The text of the first message that has any, formatted in the parse mode of the client."""
        return next((message.text for message in self.messages if message.text), "")

    @property
    def raw_text(self) -> str:
        """The text of the first message that has any, without formatting."""
        return next((message.raw_text for message in self.messages if message.raw_text), "")

    @property
    def is_reply(self) -> bool:
        """Whether the album is a reply to another message."""
        return bool(self.messages[0].is_reply)

    @property
    def forward(self) -> Forward | None:
        """Where the album was forwarded from, if it was."""
        return self.messages[0].forward

    async def get_reply_message(self) -> types.Message | None:
        """The message that the album is a reply to.

        Example:
            >>> answered = await event.get_reply_message()

        Network: one request the first time.
        """
        return await self.messages[0].get_reply_message()

    async def respond(self, *args: Any, **kwargs: Any) -> types.Message | None:
        """Send a message to the chat; takes the arguments of `client.send_message` after the chat.

        Example:
            >>> await event.respond("What a nice album!")
        """
        return await self.messages[0].respond(*args, **kwargs)

    async def reply(self, *args: Any, **kwargs: Any) -> types.Message | None:
        """Reply to the first message; takes the arguments of `client.send_message` after the chat.

        Example:
            >>> await event.reply("What a nice album!")
        """
        return await self.messages[0].reply(*args, **kwargs)

    async def forward_to(self, *args: Any, **kwargs: Any) -> Any:
        """Forward the whole album; takes the arguments of `client.forward_messages` without the messages.

        Example:
            >>> await event.forward_to("me")

        Network: that of `client.forward_messages`.
        """
        kwargs["messages"] = self.messages
        kwargs["from_peer"] = await self.get_input_chat()
        return await cast("Any", self.client).forward_messages(*args, **kwargs)

    async def edit(self, *args: Any, **kwargs: Any) -> Any:
        """Edit the first message that has text, or the first one; takes the arguments of `client.edit_message`.

        Example:
            >>> await event.edit("Another caption")
        """
        message = next((message for message in self.messages if message.raw_text), self.messages[0])
        return await message.edit(*args, **kwargs)

    async def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete the whole album; takes the arguments of `client.delete_messages` after the messages.

        Example:
            >>> await event.delete()

        Network: that of `client.delete_messages`.
        """
        return await self.client.delete_messages(await self.get_input_chat(), self.messages, *args, **kwargs)

    async def mark_read(self) -> Any:
        """Mark the whole album as read.

        Example:
            >>> await event.mark_read()

        Network: one request.
        """
        return await self.client.send_read_acknowledge(
            cast("Any", await self.get_input_chat()), max_id=max(message.id for message in self.messages)
        )

    async def pin(self, *, notify: bool = False) -> Any:
        """Pin the first message.

        Args:
            notify: whether the members are told.

        Example:
            >>> await event.pin()

        Network: one request.
        """
        return await self.messages[0].pin(notify=notify)

    def __len__(self) -> int:
        return len(self.messages)

    def __iter__(self) -> Iterator[types.Message]:
        return iter(self.messages)

    def __getitem__(self, n: Any) -> Any:
        return cast("Any", self.messages)[n]


@name_inner_event
class Album(EventBuilder[AlbumEvent]):
    """Happens when an album arrives: several photos or files that were sent as one.

    The messages come one by one, so that the event happens a second after the last one, or later when they come
    slowly; of ten messages, which is the most there is, at once. Those that did not come are asked for. `NewMessage`
    happens for each of them as well.

    Args:
        chats: the chats whose albums are wanted; None for all.
        blacklist_chats: whether it is these chats whose albums are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.Album)
        ... async def handler(event):
        ...     await event.forward_to("me")

    Source: https://core.telegram.org/api/files#albums-grouped-media
    """

    Event: TypeAlias = AlbumEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> AlbumEvent | None:
        """The event of one message of an album, to be joined with the others; None for other updates."""
        if isinstance(update, (types.UpdateNewMessage, types.UpdateNewChannelMessage)):
            message = update.message
            if isinstance(message, types.Message) and message.grouped_id is not None:
                return cls.Event([message])
        return None

    def filter(self, event: Any) -> Any:
        """Whether the album is wanted: something true, or what has to be awaited to know."""
        is_whole = len(event.messages) > 1 and not event._is_partial
        return super().filter(event) if is_whole else None
