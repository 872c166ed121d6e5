"""Sending requests, and finding users, chats and channels."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from telethon import errors, utils
from telethon._core.oldnames import old_names
from telethon.client._deadline import check_timeout, within
from telethon.client._invoker import as_requests
from telethon.client._policies import is_unknown_method
from telethon.client._replaced import is_replaced
from telethon.tl import functions, types
from telethon.tl.tlobject import TLRequest

if TYPE_CHECKING:
    from telethon import hints
    from telethon.client._entities import Entity
    from telethon.client._invoker import RequestSender
    from telethon.client._policies import FloodWait
    from telethon.client.telegrambaseclient import TelegramBaseClient as _Base
else:
    # What holds some of the methods can be made on its own, as programs' tests do; only `TelegramClient` is whole.
    _Base = object
    __getattr__ = old_names(__name__)

__all__ = ["UserMethods"]

_C = TypeVar("_C")
_R = TypeVar("_R")


class UserMethods(_Base):
    """Requests, the own account, and entities."""

    @overload
    async def __call__(
        self,
        request: TLRequest[_R],
        ordered: bool = ...,
        flood_sleep_threshold: int | None = ...,
        *,
        timeout: float | None = ...,
    ) -> _R: ...

    @overload
    async def __call__(
        self,
        request: Iterable[TLRequest[_R]],
        ordered: bool = ...,
        flood_sleep_threshold: int | None = ...,
        *,
        timeout: float | None = ...,
    ) -> list[_R]: ...

    async def __call__(
        self,
        request: TLRequest[Any] | Iterable[TLRequest[Any]],
        ordered: bool = False,
        flood_sleep_threshold: int | None = None,
        *,
        timeout: float | None = None,
    ) -> Any:
        """The answer to a raw request, or the list of answers to several that are sent together.

        Usernames, ids and entities are accepted in the request wherever the schema wants an input peer.

        Args:
            request: a request, or an iterable of requests.
            ordered: whether the server must begin each request only when the one before it is done.
            flood_sleep_threshold: seconds; flood waits up to this long are slept through. None stands for the client's
                own `flood_sleep_threshold`.
            timeout: seconds that the call may take, with all flood waits and repetitions. Then the request is
                withdrawn, and the connection goes on. None stands for the client's own `request_timeout`,
                ``math.inf`` for no limit.

        Raises:
            TypeError: something is not a request.
            RPCError: Telegram refused the request; the class tells why.
            MultiError: at least one of several requests failed; it holds the results of the others.
            ValueError: the request failed inside Telegram more than `request_retries` times in a row.
            RequestTimeoutError: the time was over; it is an ``asyncio.TimeoutError`` and a ``TimeoutError``.
            ConnectionError: the client is not connected.

        Example:
            >>> full = await client(functions.channels.GetFullChannelRequest("telegram"))
            >>> full.full_chat.participants_count

        Network: the request itself, and those that are needed to find the entities named in it.
        Source: https://core.telegram.org/api/invoking
        """
        if is_replaced(self, "_call", _OWN_CALL):
            # A program has put something of its own in between, which may not know of what was not asked for.
            asked = {"flood_sleep_threshold": flood_sleep_threshold, "timeout": timeout}
            given: Any = {name: value for name, value in asked.items() if value is not None}
            return await self._call(self._sender, request, ordered=ordered, **given)
        # Otherwise without it, because each coroutine on the way costs every request something.
        return self._bind_answer(await self._begin(self._sender, request, ordered, flood_sleep_threshold, timeout))

    @overload
    async def _call(
        self,
        sender: RequestSender,
        request: TLRequest[_R],
        ordered: bool = ...,
        flood_sleep_threshold: int | None = ...,
        *,
        timeout: float | None = ...,
    ) -> _R: ...

    @overload
    async def _call(
        self,
        sender: RequestSender,
        request: Iterable[TLRequest[_R]],
        ordered: bool = ...,
        flood_sleep_threshold: int | None = ...,
        *,
        timeout: float | None = ...,
    ) -> list[_R]: ...

    async def _call(
        self,
        sender: RequestSender,
        request: TLRequest[Any] | Iterable[TLRequest[Any]],
        ordered: bool = False,
        flood_sleep_threshold: int | None = None,
        *,
        timeout: float | None = None,
    ) -> Any:
        """The same as calling the client, over a connection of one's choice."""
        return self._bind_answer(await self._begin(sender, request, ordered, flood_sleep_threshold, timeout))

    @property
    def _has_own_call(self) -> bool:
        """Whether requests go through something that a program has put in between."""
        return is_replaced(self, "_call", _OWN_CALL) or is_replaced(self, "__call__", _OWN_INVOKE)

    def _begin(
        self,
        sender: RequestSender,
        request: Any,
        ordered: bool,
        flood_sleep_threshold: int | None,
        timeout: float | None,
    ) -> Coroutine[Any, Any, Any]:
        self._check_loop()
        self._last_request = self._clock.now().wall
        threshold = self.flood_sleep_threshold if flood_sleep_threshold is None else flood_sleep_threshold
        limit = self._request_timeout if timeout is None else check_timeout(timeout)
        if limit is None:
            return self._invoker.invoke(sender, request, resolver=self, ordered=ordered, threshold=threshold)
        named: Any = request if isinstance(request, TLRequest) else as_requests(request)  # pyright: ignore[reportUnknownVariableType]
        work: Any = self._invoker.invoke(sender, named, resolver=self, ordered=ordered, threshold=threshold)
        return within(limit, work, named)

    def on_flood_wait(self, callback: Callable[[FloodWait], _C]) -> Callable[[FloodWait], _C]:
        """Call a function whenever Telegram asks to wait, be it that the client waits or that an error is raised.

        Args:
            callback: called with a `FloodWait <telethon.client.FloodWait>` before the wait begins. It may be a
                coroutine function; the wait then begins when it is done.

        Returns:
            The function, so that this serves as a decorator.

        Example:
            >>> @client.on_flood_wait
            ... def slow_down(wait):
            ...     print(type(wait.request).__name__, "has to wait for", wait.seconds, "s")

        Source: https://core.telegram.org/api/errors#420-flood
        """
        self._invoker.flood.listeners.append(callback)
        return callback

    def _bind_answer(self, answer: Any) -> Any:
        if answer.__class__ is list:
            for one in answer:
                self._bind_messages(one)
        else:
            self._bind_messages(answer)
        return answer

    def _bind_messages(self, answer: Any) -> None:
        """Let the messages in an answer know the client and the entities they came with."""
        messages: Any = getattr(answer, "messages", None)
        if messages.__class__ is not list:
            return
        entities: dict[int, Any] | None = None
        for message in messages:
            finish = getattr(message, "_finish_init", None)
            if finish is not None and message._client is None:
                if entities is None:
                    found = (*getattr(answer, "users", ()), *getattr(answer, "chats", ()))
                    entities = {utils.get_peer_id(entity): entity for entity in found}
                finish(self, entities, None)

    @overload
    async def get_me(self, input_peer: Literal[False] = ...) -> types.User | None: ...

    @overload
    async def get_me(self, input_peer: Literal[True]) -> types.InputPeerUser | None: ...

    async def get_me(self, input_peer: bool = False) -> types.User | types.InputPeerUser | None:
        """The account that is logged in, or None when there is none.

        Args:
            input_peer: whether the input peer is enough, which needs no request once it is known.

        Raises:
            ConnectionError: the client is not connected.

        Example:
            >>> me = await client.get_me()
            >>> print(me.username)

        Network: one cheap request, or none with ``input_peer=True`` and a known account.
        Source: https://core.telegram.org/method/users.getUsers
        """
        if input_peer and (known := self._entities.known_self()) is not None:
            return known
        me = await self._entities.me(self)
        if me is None or not input_peer:
            return me
        return types.InputPeerUser(me.id, me.access_hash or 0)

    @property
    def _self_id(self) -> int | None:
        """The id of the own account, when it is known."""
        return self._mb_entity_cache.self_id

    async def is_bot(self) -> bool:
        """Whether the account that is logged in is a bot.

        Raises:
            ConnectionError: the client is not connected.

        Example:
            >>> if await client.is_bot():
            ...     print("Beep")

        Network: one cheap request the first time.
        """
        if self._mb_entity_cache.self_bot is None:
            await self.get_me()
        return bool(self._mb_entity_cache.self_bot)

    async def is_user_authorized(self) -> bool:
        """Whether somebody is logged in.

        Raises:
            FloodWaitError: Telegram wants this to be asked later.

        Example:
            >>> if not await client.is_user_authorized():
            ...     await client.send_code_request(phone)

        Network: one cheap request the first time, unless it became known while connecting.
        """
        if self._authorized is None:
            # While the client connects it asks anyway.
            heard = await self._update_engine.login_heard()
            if self._authorized is None:
                self._authorized = heard
        if self._authorized is None:
            try:
                # Anything that only works when logged in would do.
                await self(functions.updates.GetStateRequest())
                self._authorized = True
            except errors.FloodError:
                # It says nothing about who is logged in.
                raise
            except errors.RPCError as error:
                # Nor does it when the server does not know that request.
                self._authorized = is_unknown_method(error) and await self.get_me() is not None
        return self._authorized

    @overload
    async def get_entity(self, entity: hints.EntityLike) -> Entity: ...  # type: ignore[overload-overlap]  # text is one

    @overload
    async def get_entity(self, entity: Sequence[hints.EntityLike]) -> list[Entity]: ...

    async def get_entity(self, entity: Any) -> Any:
        """The full user, chat or channel that *entity* stands for, fresh from Telegram.

        Args:
            entity: a username, phone number of a contact, t.me or invite link, marked id, ``"me"``, peer, input peer,
                entity or dialog; or a list of these.

        Returns:
            One `User`, `Chat` or `Channel`; a list of them, in the same order, when *entity* is a list.

        Raises:
            ValueError: it cannot be found; the text tells what was tried.
            TypeError: it is nothing that can stand for an entity.

        Example:
            >>> me, channel = await client.get_entity(["me", "https://t.me/telegram"])

        Network: one request for up to 200 known users, chats or channels each, and one for each username or link.
            Many usernames lead to long flood waits: prefer `get_input_entity`, which asks the session first. For ids
            that are not known, the newest dialogs are read.
        Source: https://core.telegram.org/api/peers
        """
        if not utils.is_list_like(entity):
            return (await self._entities.entities(self, [entity]))[0]
        return await self._entities.entities(self, list(entity))

    async def get_input_entity(self, peer: hints.EntityLike) -> types.TypeInputPeer:
        """The input peer of *peer*, which is what requests need.

        Args:
            peer: anything `get_entity` takes.

        Returns:
            An `InputPeerUser`, `InputPeerChat`, `InputPeerChannel` or `InputPeerSelf`.

        Raises:
            ValueError: it cannot be found; the text tells what was tried.
            TypeError: it is nothing that can stand for an entity.

        Example:
            >>> peer = await client.get_input_entity("telegram")

        Network: none when *peer* itself, the updates so far or the session know it; otherwise one request, and another
            one for the newest dialogs.
        Source: https://core.telegram.org/api/peers
        """
        return await self._entities.input_entity(self, peer)

    async def _get_peer(self, peer: hints.EntityLike) -> types.TypePeer:
        """The `Peer` of anything that stands for an entity."""
        return await self._entities.peer(self, peer)

    async def get_peer_id(self, peer: hints.EntityLike, add_mark: bool = True) -> int:
        """The id of anything that stands for an entity.

        Args:
            peer: anything `get_entity` takes.
            add_mark: whether chats and channels get the mark that tells them from users.

        Raises:
            ValueError: nobody knows *peer*.
            TypeError: it stands for nobody.

        Example:
            >>> await client.get_peer_id("me")

        Network: only for names and links that the session does not know, and for ``"me"`` before the account is known.
        """
        return await self._entities.peer_id(self, peer, add_mark)

    async def _get_entity_from_string(self, string: str) -> Any:
        """The full entity of a username, link, phone number or name."""
        return await self._entities.by_text(self, string)

    async def _get_input_dialog(self, dialog: Any) -> types.TypeInputDialogPeer:
        """The input dialog that a request needs."""
        return await self._entities.input_dialog(self, dialog)

    async def _get_input_notify(self, notify: Any) -> types.TypeInputNotifyPeer:
        """The input notify peer that a request needs."""
        return await self._entities.input_notify(self, notify)


_OWN_CALL: Any = UserMethods.__dict__["_call"]
_OWN_INVOKE: Any = UserMethods.__dict__["__call__"]
