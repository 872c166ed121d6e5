"""Talking with somebody as with a program: send something, wait for the answer, go on."""

from __future__ import annotations

import asyncio
import inspect
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from telethon import helpers, utils
from telethon.errors.common import AlreadyInConversationError
from telethon.tl.custom.chatgetter import ChatGetter

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from telethon.tl import types

__all__ = ["Conversation"]

_NO_LIMIT: Final = float("inf")


class _Waiting:
    """Those who wait for something, by the message after which they want it; each gets another one.

    Args:
        fits: whether something that came is what is wanted after the message with that id.
    """

    def __init__(self, fits: Callable[[Any, int], bool]) -> None:
        self.fits = fits
        self._futures: dict[int, list[asyncio.Future[Any]]] = {}

    def add(self, target: int, future: asyncio.Future[Any]) -> None:
        self._futures.setdefault(target, []).append(future)

    def discard(self, target: int, future: asyncio.Future[Any]) -> None:
        futures = self._futures.get(target, [])
        if future in futures:
            futures.remove(future)
        if not futures:
            self._futures.pop(target, None)

    def give(self, value: Any, result: Any = None) -> list[int]:
        """Give *value* to who waited longest after each message; the messages after which somebody did.

        Args:
            value: what has come.
            result: what to give instead.
        """
        served: list[int] = []
        for target, futures in list(self._futures.items()):
            future = next((waiting for waiting in futures if not waiting.done()), None)
            if future is not None and self.fits(value, target):
                future.set_result(value if result is None else result)
                self.discard(target, future)
                served.append(target)
        return served

    def take_all(self) -> list[asyncio.Future[Any]]:
        """Everybody who waits; nobody does afterwards."""
        futures = list(chain.from_iterable(self._futures.values()))
        self._futures.clear()
        return futures


class Conversation(ChatGetter):
    """A conversation with a user or group.

    Waiting is counted from a message, by default the last one sent: `get_response` gives the first message that came
    after it, and when called again the next one. What comes between two calls is not lost.

    Every method that waits takes *timeout*, the seconds to wait for that one thing instead of the time given when the
    conversation was made, and raises ``asyncio.TimeoutError`` when it is over. After `cancel` all of them raise
    ``asyncio.CancelledError``, and when there were too many messages `ValueError`.

    Example:
        >>> async with client.conversation(bot) as conversation:
        ...     await conversation.send_message("What is your name?")
        ...     name = (await conversation.get_response()).raw_text
    """

    def __init__(
        self,
        client: Any,
        input_chat: Any,
        *,
        timeout: float | None,
        total_timeout: float | None,
        max_messages: int,
        exclusive: bool,
        replies_are_responses: bool,
    ) -> None:
        super().__init__(input_chat=input_chat)
        self._client: Any = client
        self._timeout = timeout
        self._total_timeout = total_timeout
        self._max_incoming = max_messages
        self._exclusive = exclusive
        self._shared_indices = replies_are_responses
        self._cancelled = False
        self._forget()

    def _forget(self) -> None:
        """Begin anew."""
        self._total_due = _NO_LIMIT
        self._last_outgoing = 0
        self._last_read: int | None = None
        self._incoming: list[types.Message] = []
        self._edits: list[types.Message] = []
        self._responses = _Waiting(lambda message, target: True)
        self._replies = _Waiting(_is_reply)
        self._edited = _Waiting(lambda message, target: message.id > target)
        self._reads = _Waiting(lambda max_id, target: target <= max_id)
        #: Kinds of event waited for, with who waits.
        self._custom: dict[int, tuple[Any, asyncio.Future[Any]]] = {}
        self._custom_counter = 0
        # By message: the number of the incoming message to give next. When replies count as responses, too, what one
        # method gave is not given again by the other.
        self._response_indices: dict[int, int] = {}
        self._reply_indices: dict[int, int] = self._response_indices if self._shared_indices else {}
        self._edit_indices: dict[int, int] = {}

    # ---- sending

    async def send_message(self, *args: Any, **kwargs: Any) -> types.Message:
        """Send a message to the chat of the conversation.

        Args:
            args: as of `send_message` of the client after the chat.
            kwargs: likewise.

        Example:
            >>> await conversation.send_message("Hello!")

        Network: as `send_message` of the client.
        """
        self._check_cancelled()
        sent: Any = await self._client.send_message(self._input_chat, *args, **kwargs)
        # Long text that was split is several messages, and answers come after the last one.
        last: types.Message = sent[-1] if utils.is_list_like(sent) else sent
        self._last_outgoing = last.id
        return sent  # type: ignore[no-any-return]

    async def send_file(self, *args: Any, **kwargs: Any) -> Any:
        """Send a file to the chat of the conversation, or several.

        Args:
            args: as of `send_file` of the client after the chat.
            kwargs: likewise.

        Example:
            >>> await conversation.send_file("photo.jpg")

        Network: as `send_file` of the client.
        """
        self._check_cancelled()
        sent: Any = await self._client.send_file(self._input_chat, *args, **kwargs)
        # An album is several messages, and answers come after the last one.
        last: types.Message = sent[-1] if utils.is_list_like(sent) else sent
        self._last_outgoing = last.id
        return sent

    def mark_read(self, message: int | types.Message | None = None) -> Awaitable[bool]:
        """Mark the chat as read.

        Args:
            message: up to this message or message id; the last one that came when left out.

        Example:
            >>> await conversation.mark_read()

        Network: one request.
        """
        self._check_cancelled()
        if message is None:
            max_id = self._incoming[-1].id if self._incoming else 0
        else:
            max_id = message if isinstance(message, int) else message.id
        marked: Awaitable[bool] = self._client.send_read_acknowledge(self._input_chat, max_id=max_id)
        return marked

    # ---- waiting

    def get_response(
        self, message: int | types.Message | None = None, *, timeout: float | None = None
    ) -> Coroutine[Any, Any, types.Message]:
        """The next message of the other side.

        Args:
            message: after this message or message id; the last one sent when left out.
            timeout: see the class.

        Raises:
            ValueError: nothing was sent before, and there is no *message*.

        Example:
            >>> await conversation.send_message("How are you?")
            >>> print((await conversation.get_response()).text)
        """
        return self._next_message(message, self._response_indices, self._responses, timeout)

    def get_reply(
        self, message: int | types.Message | None = None, *, timeout: float | None = None
    ) -> Coroutine[Any, Any, types.Message]:
        """The next message of the other side that replies to a message.

        Args:
            message: to this message or message id; the last one sent when left out.
            timeout: see the class.

        Raises:
            ValueError: nothing was sent before, and there is no *message*.

        Example:
            >>> await conversation.send_message("Please reply to this")
            >>> reply = await conversation.get_reply()
        """
        return self._next_message(message, self._reply_indices, self._replies, timeout)

    def get_edit(
        self, message: int | types.Message | None = None, *, timeout: float | None = None
    ) -> Coroutine[Any, Any, types.Message]:
        """The next message of the other side that it changes.

        Args:
            message: only messages after this message or message id; the last one sent when left out.
            timeout: see the class.

        Raises:
            ValueError: nothing was sent before, and there is no *message*.

        Example:
            >>> await (await conversation.get_response()).click(0)
            >>> changed = await conversation.get_edit()
        """
        self._check_cancelled()
        target = self._target(message)
        for number in range(self._edit_indices.get(target, 0), len(self._edits)):
            if self._edits[number].id > target:
                self._edit_indices[target] = number + 1
                return self._at_once(self._edits[number])
        return self._wait_in(self._edited, target, timeout)

    def wait_read(
        self, message: int | types.Message | None = None, *, timeout: float | None = None
    ) -> Coroutine[Any, Any, Any]:
        """Wait until the other side has read a message.

        Args:
            message: this message or message id; the last one sent when left out.
            timeout: see the class.

        Raises:
            ValueError: nothing was sent before, and there is no *message*.

        Example:
            >>> await conversation.send_message("Tell me when you have read this")
            >>> await conversation.wait_read()
        """
        self._check_cancelled()
        target = self._target(message)
        if self._last_read is not None and self._last_read >= target:
            return self._at_once(None)
        return self._wait_in(self._reads, target, timeout)

    async def wait_event(self, event: Any, *, timeout: float | None = None) -> Any:
        """Wait for an event of any kind, in whatever chat.

        Args:
            event: the builder, like ``events.CallbackQuery(data=b"yes")``, or its class.
            timeout: see the class.

        Returns:
            the event.

        Example:
            >>> event = await conversation.wait_event(events.UserUpdate(user))
        """
        self._check_cancelled()
        start = self._client.loop.time()
        if isinstance(event, type):
            event = event()
        await event.resolve(self._client)
        self._custom_counter += 1
        number = self._custom_counter
        future: asyncio.Future[Any] = self._client.loop.create_future()
        self._custom[number] = (event, future)
        try:
            return await self._result(future, start, timeout)
        finally:
            self._custom.pop(number, None)

    def _next_message(
        self, message: Any, indices: dict[int, int], waiting: _Waiting, timeout: float | None
    ) -> Coroutine[Any, Any, types.Message]:
        self._check_cancelled()
        target = self._target(message)
        if target not in indices:
            later = (number for number, incoming in enumerate(self._incoming) if incoming.id > target)
            indices[target] = next(later, len(self._incoming))
        for number in range(indices[target], len(self._incoming)):
            if waiting.fits(self._incoming[number], target):
                indices[target] = number + 1
                return self._at_once(self._incoming[number])
        return self._wait_in(waiting, target, timeout)

    def _target(self, message: int | types.Message | None) -> int:
        if message is not None:
            return message if isinstance(message, int) else message.id
        if not self._last_outgoing:
            raise ValueError(
                "No message was sent previously; send one first, or say with message= which one it is about"
            )
        return self._last_outgoing

    def _wait_in(self, waiting: _Waiting, target: int, timeout: float | None) -> Coroutine[Any, Any, Any]:
        # Who waits is noted now and not when the result is awaited: something may come in between.
        future: asyncio.Future[Any] = self._client.loop.create_future()
        waiting.add(target, future)
        return self._wait(future, self._client.loop.time(), timeout, waiting, target)

    async def _wait(
        self, future: asyncio.Future[Any], start: float, timeout: float | None, waiting: _Waiting, target: int
    ) -> Any:
        try:
            return await self._result(future, start, timeout)
        finally:
            waiting.discard(target, future)

    async def _result(self, future: asyncio.Future[Any], start: float, timeout: float | None) -> Any:
        if timeout is None:
            timeout = self._timeout
        due = self._total_due if timeout is None else min(self._total_due, start + timeout)
        left = None if due == _NO_LIMIT else due - self._client.loop.time()
        try:
            return await asyncio.wait_for(future, timeout=left)
        except asyncio.TimeoutError:
            what = "timeout" if due != self._total_due else "total_timeout"
            limit = timeout if due != self._total_due else self._total_timeout
            raise asyncio.TimeoutError(
                f"What the conversation waits for did not come within {limit} s ({what}=)"
            ) from None

    @staticmethod
    async def _at_once(value: Any) -> Any:
        return value

    # ---- what the client tells

    def _on_new_message(self, event: Any) -> None:
        """A message has come, in any chat; *event* is a `NewMessage.Event`."""
        message = event.message
        if message.chat_id != self.chat_id or message.out:
            return
        if len(self._incoming) >= self._max_incoming:
            self._cancel_all(ValueError("Too many incoming messages"))
            return
        self._incoming.append(message)
        for target in self._responses.give(message):
            self._response_indices[target] = len(self._incoming)
        for target in self._replies.give(message):
            self._reply_indices[target] = len(self._incoming)

    def _on_edit(self, event: Any) -> None:
        """A message was changed, in any chat; *event* is a `MessageEdited.Event`."""
        message = event.message
        if message.chat_id != self.chat_id or message.out:
            return
        for number, known in enumerate(self._incoming):
            if known.id == message.id:
                self._incoming[number] = message
        self._edits.append(message)
        for target in self._edited.give(message):
            self._edit_indices[target] = len(self._edits)

    def _on_read(self, event: Any) -> None:
        """Somebody has read messages, in any chat; *event* is a `MessageRead.Event`."""
        if event.chat_id != self.chat_id or event.inbox:
            return
        self._last_read = max(self._last_read or 0, event.max_id)
        # One event serves all who wait, and not only the first for each message.
        while self._reads.give(self._last_read, True):
            pass

    async def _check_custom(self, built: Any) -> None:
        """Something has happened; *built* gives the event of it, or None, by the class of its builder."""
        for number, (builder, future) in list(self._custom.items()):
            event = built[type(builder)]
            if not event or future.done():
                continue
            wanted = builder.filter(event)
            if inspect.isawaitable(wanted):
                wanted = await wanted
            # While the filter was awaited, the time may have run out.
            if wanted and not future.done():
                future.set_result(event)
                self._custom.pop(number, None)

    # ---- lifetime

    def cancel(self) -> None:
        """End the conversation: whatever waits in it raises ``asyncio.CancelledError``.

        Example:
            >>> conversation.cancel()
        """
        self._cancel_all()

    async def cancel_all(self) -> None:
        """End all conversations in the same chat, this one among them.

        Example:
            >>> await conversation.cancel_all()
        """
        chat_id = await self._client.get_peer_id(self._input_chat)
        for conversation in list(self._client._conversations[chat_id]):
            conversation.cancel()

    def _cancel_all(self, error: Exception | None = None) -> None:
        self._cancelled = True
        waiting = [*self._responses.take_all(), *self._replies.take_all()]
        waiting += [*self._edited.take_all(), *self._reads.take_all()]
        waiting += [future for _, future in self._custom.values()]
        for future in waiting:
            if future.done():
                continue
            if error is None:
                future.cancel()
            else:
                future.set_exception(error)

    def _check_cancelled(self) -> None:
        if self._cancelled:
            raise asyncio.CancelledError("The conversation was cancelled before")

    async def __aenter__(self) -> Conversation:
        self._input_chat = await self._client.get_input_entity(self._input_chat)
        chat_id = await self._client.get_peer_id(self._input_chat)
        bare_id, kind = utils.resolve_id(chat_id)
        self._chat_peer = kind(bare_id)
        conversations = self._client._conversations[chat_id]
        if self._exclusive and conversations:
            raise AlreadyInConversationError()
        self._forget()
        self._cancelled = False
        if self._total_timeout:
            self._total_due = self._client.loop.time() + self._total_timeout
        conversations.add(self)
        return self

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        chat_id = self.chat_id
        conversations = self._client._conversations[chat_id]
        conversations.discard(self)
        if not conversations:
            del self._client._conversations[chat_id]
        self._cancel_all()

    __enter__ = helpers._sync_enter
    __exit__ = helpers._sync_exit


def _is_reply(message: types.Message, target: int) -> bool:
    return message.reply_to_msg_id == target
