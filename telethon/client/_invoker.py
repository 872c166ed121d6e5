"""How a request becomes an answer: resolve, wrap, send, and try again where that helps.

The path of a request: `UserMethods.__call__` → `RequestInvoker.invoke` → `MTProtoSender.send`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload

from telethon.errors.common import MultiError
from telethon.errors.rpcbaseerrors import RPCError
from telethon.tl.tlobject import TLRequest

if TYPE_CHECKING:
    import logging
    from asyncio import Future

    from telethon.client._policies import FloodWaitPolicy, MigratePolicy, ServerErrorPolicy
    from telethon.tl import types

__all__ = ["InputResolver", "RequestInvoker", "RequestSender"]

_R = TypeVar("_R")
_RESOLVES_NOTHING: Any = TLRequest.__dict__["resolve"]


class InputResolver(Protocol):
    """What a request needs to turn names and ids into what the schema asks for."""

    async def get_input_entity(self, peer: Any) -> types.TypeInputPeer:
        """The input peer of anything that stands for a user, chat or channel."""
        ...

    async def _get_input_dialog(self, dialog: Any) -> Any: ...

    async def _get_input_notify(self, notify: Any) -> Any: ...


class RequestSender(Protocol):
    """The connection a request goes out on."""

    def send(self, request: Any, ordered: bool = False) -> Any:
        """A future of the answer, or a list of futures when *request* is a list."""
        ...


class RequestInvoker:
    """Sends requests and applies the policies around them.

    Args:
        flood: waits that Telegram asked for.
        server_errors: errors inside Telegram.
        migrate: data centres.
        learn: told every answer, so that the session knows the entities in it; it may give something to await.
        init_connection: the request wrapped so that it also introduces the client to the server.
        retries: how often a request is sent again; -1 for no limit.
        raise_last_error: whether, after the last try, the error itself is raised and not a `ValueError`.
        receive_updates: whether the server should send updates because of the requests made.
        log: where tries are reported.
    """

    def __init__(
        self,
        *,
        flood: FloodWaitPolicy,
        server_errors: ServerErrorPolicy,
        migrate: MigratePolicy,
        learn: Callable[[object], Awaitable[None] | None],
        init_connection: Callable[[TLRequest[Any]], TLRequest[Any]],
        retries: int,
        raise_last_error: bool,
        receive_updates: bool,
        log: logging.Logger,
    ) -> None:
        self.flood = flood
        self._server_errors = server_errors
        self._migrate = migrate
        self._learn = learn
        self._init_connection = init_connection
        self._retries = retries
        self._raise_last_error = raise_last_error
        self._receive_updates = receive_updates
        self._log = log

    @overload
    def invoke(
        self,
        sender: RequestSender,
        request: TLRequest[_R],
        *,
        resolver: InputResolver,
        ordered: bool = ...,
        threshold: int = ...,
    ) -> Coroutine[Any, Any, _R]: ...

    @overload
    def invoke(
        self,
        sender: RequestSender,
        request: Iterable[TLRequest[_R]],
        *,
        resolver: InputResolver,
        ordered: bool = ...,
        threshold: int = ...,
    ) -> Coroutine[Any, Any, list[_R]]: ...

    def invoke(
        self,
        sender: RequestSender,
        request: TLRequest[Any] | Iterable[TLRequest[Any]],
        *,
        resolver: InputResolver,
        ordered: bool = False,
        threshold: int = 60,
    ) -> Coroutine[Any, Any, Any]:
        """The answer to a request, or the list of the answers to several that are sent together.

        Args:
            sender: the connection to use.
            request: one request, or an iterable of them.
            resolver: turns names and ids in the request into input peers.
            ordered: whether the server must start each of the requests only after the one before it.
            threshold: the longest flood wait, in seconds, that is waited out instead of raised.

        Raises:
            TypeError: something is not a request.
            RPCError: Telegram refused the request.
            MultiError: at least one of several requests failed.
            ValueError: the last try failed as well.
            ConnectionError: the client is not connected.
        """
        # Not a coroutine itself: each of those on the way costs every request something.
        one_or_more: Any = request
        if isinstance(request, TLRequest):
            return self._invoke_one(sender, one_or_more, resolver, ordered, threshold)
        return self._invoke_each(sender, one_or_more, resolver, ordered, threshold)

    async def _invoke_each(
        self, sender: RequestSender, several: object, resolver: InputResolver, ordered: bool, threshold: int
    ) -> list[Any]:
        requests = _as_requests(several)
        if len(requests) == 1:
            # One request in a list is retried like one without, because its error is raised the same way.
            return [await self._invoke_one(sender, requests[0], resolver, ordered, threshold)]
        return await self._invoke_many(sender, requests, resolver, ordered, threshold)

    async def _invoke_one(
        self, sender: RequestSender, request: TLRequest[Any], resolver: InputResolver, ordered: bool, threshold: int
    ) -> Any:
        cls: Any = type(request)
        if cls.resolve is _RESOLVES_NOTHING and self._receive_updates and not self.flood.known:
            prepared = request
        else:
            prepared = await self._prepare(request, resolver, threshold)
        outgoing = self._introduced(sender, prepared) if getattr(sender, "needs_introduction", False) else prepared
        attempt = 0
        while True:
            attempt += 1
            try:
                result = await sender.send(outgoing, ordered=ordered)
            except RPCError as error:
                if _is_not_introduced(error) and outgoing is prepared:
                    outgoing = self._introduce(sender, prepared)
                elif not await self._may_try_again(error, request, threshold):
                    raise
                if attempt > self._retries >= 0:
                    if self._raise_last_error:
                        raise
                    raise ValueError(
                        f"Request was unsuccessful {attempt} time(s), last because of {type(error).__name__}"
                    ) from error
            else:
                learning = self._learn(result)
                if learning is not None:
                    await learning
                return result

    def _introduced(self, sender: RequestSender, request: TLRequest[Any]) -> TLRequest[Any]:
        """*request*, wrapped when the server may not know any more who is asking."""
        if not getattr(sender, "needs_introduction", False):
            return request
        sender.needs_introduction = False  # type: ignore[attr-defined]  # not every sender has it
        return self._introduce(sender, request)

    def _introduce(self, sender: RequestSender, request: TLRequest[Any]) -> TLRequest[Any]:
        wrapped: TLRequest[Any] = (getattr(sender, "introduce", None) or self._init_connection)(request)
        return wrapped

    async def _may_try_again(self, error: RPCError, request: TLRequest[Any], threshold: int) -> bool:
        return (
            await self._server_errors.handle(error)
            or await self.flood.handle(error, request, threshold)
            or await self._migrate.handle(error)
        )

    async def _invoke_many(
        self,
        sender: RequestSender,
        requests: Sequence[TLRequest[Any]],
        resolver: InputResolver,
        ordered: bool,
        threshold: int,
    ) -> list[Any]:
        outgoing = [await self._prepare(request, resolver, threshold) for request in requests]
        if not outgoing:
            return []
        outgoing[0] = self._introduced(sender, outgoing[0])
        futures: list[Future[Any]] = sender.send(outgoing, ordered=ordered)
        results: list[Any] = []
        exceptions: list[BaseException | None] = []
        try:
            for request, future in zip(requests, futures, strict=True):
                try:
                    result = await self._answer(sender, request, future, resolver, threshold)
                except RPCError as error:
                    self.flood.remember(error, request)
                    results.append(None)
                    exceptions.append(error)
                else:
                    learning = self._learn(result)
                    if learning is not None:
                        await learning
                    results.append(result)
                    exceptions.append(None)
        finally:
            # Reached early only when the caller gives up or the connection is gone: nobody waits for the rest.
            for future in futures:
                if not future.done():
                    future.cancel()
                elif not future.cancelled():
                    future.exception()
        if any(exceptions):
            raise MultiError(exceptions, results, requests)
        return results

    async def _answer(
        self,
        sender: RequestSender,
        request: TLRequest[Any],
        future: Future[Any],
        resolver: InputResolver,
        threshold: int,
    ) -> Any:
        """The answer to one of several requests; one that came before the server knew us is sent again."""
        try:
            return await future
        except RPCError as error:
            if not _is_not_introduced(error):
                raise
        again = await self._prepare(request, resolver, threshold)
        return await sender.send(self._introduce(sender, again))

    async def _prepare(self, request: TLRequest[Any], resolver: InputResolver, threshold: int) -> TLRequest[Any]:
        """The request as it goes out: peers resolved, known waits over, wrapped."""
        cls: Any = type(request)
        if cls.resolve is not _RESOLVES_NOTHING:
            from telethon import utils

            await request.resolve(resolver, utils)
        if self.flood.known:
            await self.flood.before(request, threshold)
        if self._receive_updates:
            return request
        from telethon.tl.functions import InvokeWithoutUpdatesRequest

        return InvokeWithoutUpdatesRequest(request)


def _as_requests(requests: object) -> list[TLRequest[Any]]:
    several: Any = requests
    if not isinstance(requests, Iterable) or isinstance(requests, (str, bytes)):
        raise _not_a_request(requests)
    found: list[TLRequest[Any]] = []
    for request in several:
        if not issubclass(type(request), TLRequest):
            raise _not_a_request(request)
        found.append(request)
    return found


def _not_a_request(value: object) -> TypeError:
    kind = type(value).__name__
    if isinstance(value, type) and issubclass(value, TLRequest):
        return TypeError(f"You can only invoke requests, not types! Write {value.__name__}(...) to make one")
    return TypeError(
        f"You can only invoke requests, not types! {kind} is not one; "
        "requests are in telethon.functions and their names end in Request"
    )


def _is_not_introduced(error: RPCError) -> bool:
    return type(error).__name__ in ("ConnectionNotInitedError", "ConnectionLayerInvalidError")
