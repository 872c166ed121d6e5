"""Albums: several messages that were sent as one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from telethon.events.common import EventBuilder, EventCommon, name_inner_event
from telethon.tl import types
from telethon.tl.custom.sendergetter import SenderGetter

if TYPE_CHECKING:
    from telethon.tl.custom.forward import Forward

__all__ = ["Album", "AlbumEvent", "AlbumHack"]

#: Seconds to wait for more messages of an album; they come one by one, and nothing tells how many there are.
_DELAY: Final = 0.5


class AlbumHack:
    """Gathers the messages of one album, and hands them over when no more come.

    Args:
        client: the client; gathered albums are in its ``_albums``.
        event: the event of the first message.
    """

    def __init__(self, client: Any, event: AlbumEvent) -> None:
        self._client = client
        self._event = event
        loop = asyncio.get_running_loop()
        self._due = loop.time() + _DELAY
        self._task = loop.create_task(self.deliver_event())
        # The tasks of handlers are cancelled when the client disconnects, and so is this one.
        client._event_handler_tasks.add(self._task)
        self._task.add_done_callback(client._event_handler_tasks.discard)

    def extend(self, messages: list[types.Message]) -> None:
        """Take in more messages, and wait for others from now on."""
        known = {message.id for message in self._event.messages}
        self._event.messages.extend(message for message in messages if message.id not in known)
        self._due = asyncio.get_running_loop().time() + _DELAY

    async def deliver_event(self) -> None:
        """Wait until no more messages come, and call the handlers."""
        try:
            loop = asyncio.get_running_loop()
            while (missing := self._due - loop.time()) > 0:  # noqa: ASYNC110 - each message puts the end off
                await asyncio.sleep(missing)
        finally:
            self._client._albums.pop(self._event.grouped_id, None)
        self._event._is_partial = False
        self._event.messages.sort(key=lambda message: message.id)
        await self._client._dispatch_event(self._event)


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
            if gathering is None:
                client._albums[key] = AlbumHack(client, self)
            else:
                gathering.extend(self.messages)

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

        Network: one request the first time.
        """
        return await self.messages[0].get_reply_message()

    async def respond(self, *args: Any, **kwargs: Any) -> types.Message | None:
        """Send a message to the chat; takes the arguments of `client.send_message` after the chat."""
        return await self.messages[0].respond(*args, **kwargs)

    async def reply(self, *args: Any, **kwargs: Any) -> types.Message | None:
        """Reply to the first message; takes the arguments of `client.send_message` after the chat."""
        return await self.messages[0].reply(*args, **kwargs)

    async def forward_to(self, *args: Any, **kwargs: Any) -> Any:
        """Forward the whole album; takes the arguments of `client.forward_messages` without the messages.

        Network: that of `client.forward_messages`.
        """
        kwargs["messages"] = self.messages
        kwargs["from_peer"] = await self.get_input_chat()
        return await cast("Any", self.client).forward_messages(*args, **kwargs)

    async def edit(self, *args: Any, **kwargs: Any) -> Any:
        """Edit the first message that has text, or the first one; takes the arguments of `client.edit_message`."""
        message = next((message for message in self.messages if message.raw_text), self.messages[0])
        return await message.edit(*args, **kwargs)

    async def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Delete the whole album; takes the arguments of `client.delete_messages` after the messages.

        Network: that of `client.delete_messages`.
        """
        return await self.client.delete_messages(await self.get_input_chat(), self.messages, *args, **kwargs)

    async def mark_read(self) -> Any:
        """Mark the whole album as read.

        Network: one request.
        """
        return await self.client.send_read_acknowledge(
            cast("Any", await self.get_input_chat()), max_id=max(message.id for message in self.messages)
        )

    async def pin(self, *, notify: bool = False) -> Any:
        """Pin the first message.

        Args:
            notify: whether the members are told.

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

    The messages come one by one, so that the event happens half a second after the last one. `NewMessage` happens for
    each of them as well.

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
