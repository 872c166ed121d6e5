"""Buttons that were pressed."""

from __future__ import annotations

import asyncio
import re
import struct
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon import utils
from telethon.events.common import EventBuilder, EventCommon, name_inner_event
from telethon.tl import functions, types
from telethon.tl.custom.sendergetter import SenderGetter

if TYPE_CHECKING:
    from collections.abc import Callable

    from telethon.events.common import Chats, Func

    Query: TypeAlias = "types.UpdateBotCallbackQuery | types.UpdateInlineBotCallbackQuery"

__all__ = ["CallbackQuery", "CallbackQueryEvent"]


class CallbackQueryEvent(EventCommon, SenderGetter):
    """A button that was pressed.

    Args:
        query: the update.
        peer: the chat of the message with the button.
        msg_id: the id of that message.

    Attributes:
        query: as above.
        data_match: what the data matched, when the builder had a pattern or a function for it.
        pattern_match: the same.
    """

    query: Query
    data_match: Any
    pattern_match: Any

    def __init__(self, query: Query, peer: types.TypePeer, msg_id: int) -> None:
        super().__init__(peer, msg_id=msg_id)
        SenderGetter.__init__(self, query.user_id)
        self.query = query
        self.data_match = None
        self.pattern_match = None
        self._message: types.Message | None = None
        self._answered = False

    def _set_client(self, client: Any) -> None:
        super()._set_client(client)
        self._sender = self._entities.get(self._sender_id or 0)

    @property
    def id(self) -> int:
        """The id of the query; each press of a button has another."""
        return self.query.query_id

    @property
    def message_id(self) -> int | None:
        """The id of the message with the button."""
        return self._message_id

    @property
    def data(self) -> bytes | None:
        """The data of the button; None for the button of a game."""
        return self.query.data

    @property
    def chat_instance(self) -> int:
        """A number that stands for the chat with the button, which is all that is told for inline messages."""
        return self.query.chat_instance

    @property
    def via_inline(self) -> bool:
        """Whether the message was sent through the bot by somebody (``@bot query``), and not by the bot."""
        return isinstance(self.query, types.UpdateInlineBotCallbackQuery)

    async def get_message(self) -> types.Message | None:
        """The message with the button; None when it cannot be read, as for most inline messages.

        Example:
            >>> message = await event.get_message()

        Network: one request the first time.
        """
        if self._message is not None:
            return self._message
        try:
            chat = await self.get_input_chat() if self.is_channel else None
            found: Any = await self.client.get_messages(cast("Any", chat), ids=cast("int", self._message_id))
        except ValueError:
            return None
        self._message = found
        return self._message

    async def _refetch_sender(self) -> None:
        sender = self._entities.get(self._sender_id or 0)
        peer: types.TypeInputPeer | None = None
        if sender is not None and not getattr(sender, "min", False):
            peer = utils.get_input_peer(sender)
        message = None if peer is not None else await self.get_message()
        if message is not None and message.sender_id == self._sender_id:
            peer = message.input_sender
        if peer is None and self._client is not None:
            try:
                peer = await self._client.get_input_entity(self._sender_id)
            except ValueError:
                # Nobody knows them; the caller sees it by the None.
                return
        self._input_sender = peer

    # -- answering -----------------------------------------------------------------------------------------------

    async def answer(
        self, message: str | None = None, cache_time: int = 0, *, url: str | None = None, alert: bool = False
    ) -> bool | None:
        """Answer the query, so that the button stops waiting. A second answer to a query is not sent.

        Args:
            message: what to show to the user, at most 200 characters; None for nothing.
            cache_time: seconds for which the application of the user may keep the answer.
            url: what to open instead: a game of the bot, or ``t.me/bot?start=...``.
            alert: whether the message is shown in a window that has to be closed.

        Example:
            >>> await event.answer("Saved.", alert=True)

        Network: one request.
        Source: https://core.telegram.org/method/messages.setBotCallbackAnswer
        """
        if self._answered:
            return None
        self._answered = True
        try:
            return await self.client(
                functions.messages.SetBotCallbackAnswerRequest(
                    query_id=self.query.query_id, cache_time=cache_time, alert=alert, message=message, url=url
                )
            )
        except BaseException:
            # What could not be sent is no answer.
            self._answered = False
            raise

    def _answer_soon(self) -> None:
        """Answer without letting the caller wait."""
        task = asyncio.get_running_loop().create_task(self._answer_quietly())
        tasks: set[asyncio.Task[Any]] = self.client._event_handler_tasks
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _answer_quietly(self) -> None:
        try:
            await self.answer()
        except Exception as error:  # noqa: BLE001 - nobody waits for it: a query that is too old, a lost connection
            cast("Any", self.client)._log[__name__].debug("Could not answer a query: %s", type(error).__name__)

    async def respond(self, *args: Any, **kwargs: Any) -> types.Message:
        """Answer, and send a message to the chat; takes the arguments of `client.send_message` after the chat.

        Example:
            >>> await event.respond("Somebody pressed it.")

        Network: that of `client.send_message`, and one request for the answer.
        """
        self._answer_soon()
        sent: types.Message = await self.client.send_message(cast("Any", await self.get_input_chat()), *args, **kwargs)
        return sent

    async def reply(self, *args: Any, **kwargs: Any) -> types.Message:
        """Answer, and reply to the message with the button; takes the arguments of `client.send_message`.

        Example:
            >>> await event.reply("You pressed it.")
        """
        kwargs["reply_to"] = self.query.msg_id
        return await self.respond(*args, **kwargs)

    async def edit(self, *args: Any, **kwargs: Any) -> Any:
        """Answer, and edit the message with the button; takes the arguments of `client.edit_message` after it.

        Example:
            >>> await event.edit("You chose this.")

        Network: that of `client.edit_message`, and one request for the answer.
        """
        self._answer_soon()
        inline = self.query.msg_id
        if isinstance(inline, (types.InputBotInlineMessageID, types.InputBotInlineMessageID64)):
            return await self.client.edit_message(inline, *args, **kwargs)
        return await self.client.edit_message(
            cast("Any", await self.get_input_chat()), cast("int", self._message_id), *args, **kwargs
        )

    async def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Answer, and delete the message with the button; takes the arguments of `client.delete_messages` after it.

        Raises:
            TypeError: it is an inline message, which bots cannot delete.

        Example:
            >>> await event.delete()

        Network: that of `client.delete_messages`, and one request for the answer.
        """
        self._answer_soon()
        if self.via_inline:
            raise TypeError("Inline messages cannot be deleted as there is no API request available to do so")
        return await self.client.delete_messages(
            await self.get_input_chat(), [cast("int", self._message_id)], *args, **kwargs
        )


@name_inner_event
class CallbackQuery(EventBuilder[CallbackQueryEvent]):
    """Happens when somebody presses a button of a bot that has data. Only bots get it.

    Args:
        chats: the chats whose events are wanted: also the `chat_instance` of inline messages. None for all.
        blacklist_chats: whether it is these chats whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.
        data: the data of the button: bytes or text that must be equal, a compiled pattern that is matched from its
            start, or a function of it.
        pattern: likewise, but text and bytes are patterns.

    Raises:
        TypeError: the data or pattern is of another kind.
        ValueError: there are both.

    Example:
        >>> @client.on(events.CallbackQuery(data=b"yes"))
        ... async def handler(event):
        ...     await event.answer("You said yes!")

    Source: https://core.telegram.org/constructor/updateBotCallbackQuery
    """

    Event: TypeAlias = CallbackQueryEvent

    match: Any

    def __init__(
        self,
        chats: Chats | None = None,
        *,
        blacklist_chats: bool = False,
        func: Func | None = None,
        data: str | bytes | re.Pattern[Any] | Callable[[bytes], Any] | None = None,
        pattern: str | bytes | re.Pattern[Any] | Callable[[bytes], Any] | None = None,
    ) -> None:
        super().__init__(chats, blacklist_chats=blacklist_chats, func=func)
        if data and pattern:
            raise ValueError("Only pass either data or pattern not both.")
        if isinstance(pattern, (str, bytes)):
            pattern = re.compile(_as_bytes(pattern))
        self.match = _data_matcher(data or pattern)
        self._no_check = all(one is None for one in (self.chats, self.func, self.match))

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> CallbackQueryEvent | None:
        """The event of a button that was pressed; None for other updates."""
        if isinstance(update, types.UpdateBotCallbackQuery):
            return cls.Event(update, update.peer, update.msg_id)
        if isinstance(update, types.UpdateInlineBotCallbackQuery):
            return cls.Event(update, *_where(update.msg_id))
        return None

    def filter(self, event: Any) -> Any:
        """Whether the event is wanted: something true, or what has to be awaited to know."""
        if self._no_check:
            return event
        if self.chats is not None:
            inside = event.query.chat_instance in self.chats or (
                event.chat_id in self.chats if event.chat_id else False
            )
            if inside == self.blacklist_chats:
                return None
        match: Any = self.match
        if match is not None:
            if callable(match):
                # The button of a game has no data, which only a function may want to know.
                found = match(event.query.data) if event.query.data is not None or not _is_pattern(match) else None
                if not found:
                    return None
                event.data_match = event.pattern_match = found
            elif event.query.data != match:
                return None
        return True if not self.func else self.func(event)


def _as_bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def _is_pattern(match: Any) -> bool:
    return isinstance(getattr(match, "__self__", None), re.Pattern)


def _data_matcher(data: Any) -> bytes | Callable[[bytes], Any] | None:
    if data is None or isinstance(data, bytes):
        return data
    if isinstance(data, str):
        return data.encode()
    if isinstance(data, re.Pattern):
        pattern: re.Pattern[Any] = data  # pyright: ignore[reportUnknownVariableType]
        if isinstance(pattern.pattern, str):
            # Data is bytes; the flag for text means nothing there.
            pattern = re.compile(pattern.pattern.encode(), pattern.flags & ~re.UNICODE)
        return cast("re.Pattern[bytes]", pattern).match
    if callable(data):
        return cast("Callable[[bytes], Any]", data)
    raise TypeError("Invalid data or pattern type given")


def _where(inline: Any) -> tuple[types.TypePeer, int]:
    """The chat and the id of an inline message, as far as its own id tells them.

    Source: https://core.telegram.org/type/InputBotInlineMessageID
    """
    if isinstance(inline, types.InputBotInlineMessageID64):
        msg_id, owner = inline.id, inline.owner_id
    else:
        # Two numbers of 32 bits are packed into one: the message, and whose it is.
        msg_id, owner = struct.unpack("<ii", struct.pack("<q", inline.id))
    if owner >= 0:
        return types.PeerUser(owner), msg_id
    bare_id, kind = utils.resolve_id(owner)
    return (types.PeerChannel(bare_id), msg_id) if kind is types.PeerChannel else (types.PeerChannel(-owner), msg_id)
