"""How a request becomes an answer: resolve, wrap, send, and try again where that helps.

The path of a request: `UserMethods.__call__` → `RequestInvoker.invoke` → `MTProtoSender.send`.
"""

from __future__ import annotations

import asyncio
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

__all__ = ["InputResolver", "RequestInvoker", "RequestSender", "as_requests"]

_R = TypeVar("_R")
_RESOLVES_NOTHING: Any = TLRequest.__dict__["resolve"]


class _GivenUpError(Exception):
    """Trying again might help, but it was done often enough."""

    def __init__(self, error: RPCError, attempts: int) -> None:
        super().__init__(error, attempts)
        self.error = error
        self.attempts = attempts


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
        threshold: float = ...,
    ) -> Coroutine[Any, Any, _R]: ...

    @overload
    def invoke(
        self,
        sender: RequestSender,
        request: Iterable[TLRequest[_R]],
        *,
        resolver: InputResolver,
        ordered: bool = ...,
        threshold: float = ...,
    ) -> Coroutine[Any, Any, list[_R]]: ...

    def invoke(
        self,
        sender: RequestSender,
        request: TLRequest[Any] | Iterable[TLRequest[Any]],
        *,
        resolver: InputResolver,
        ordered: bool = False,
        threshold: float = 60,
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
        self, sender: RequestSender, several: object, resolver: InputResolver, ordered: bool, threshold: float
    ) -> list[Any]:
        requests = as_requests(several)
        if len(requests) == 1:
            # One request in a list is retried like one without, because its error is raised the same way.
            return [await self._invoke_one(sender, requests[0], resolver, ordered, threshold)]
        return await self._invoke_many(sender, requests, resolver, ordered, threshold)

    async def _invoke_one(
        self, sender: RequestSender, request: TLRequest[Any], resolver: InputResolver, ordered: bool, threshold: float
    ) -> Any:
        cls: Any = type(request)
        if cls.resolve is _RESOLVES_NOTHING and self._receive_updates and not self.flood.known:
            prepared = request
        else:
            prepared = await self._prepare(request, resolver, threshold)
        outgoing = self._introduced(sender, prepared) if getattr(sender, "needs_introduction", False) else prepared
        try:
            result = await sender.send(outgoing, ordered=ordered)
        except RPCError as error:
            refused = error
        else:
            learning = self._learn(result)
            if learning is not None:
                await learning
            return result
        try:
            return await self._answer_after(refused, sender, request, prepared, threshold, outgoing is not prepared)
        except _GivenUpError as given_up:
            last, attempts = given_up.error, given_up.attempts
        if self._raise_last_error:
            raise last
        raise ValueError(
            f"Request was unsuccessful {attempts} time(s), last because of {type(last).__name__}"
        ) from last

    async def _answer_after(
        self,
        refused: RPCError,
        sender: RequestSender,
        request: TLRequest[Any],
        prepared: TLRequest[Any],
        threshold: float,
        is_introduced: bool,
    ) -> Any:
        """The answer to a request that was refused, after whatever helps against that.

        Args:
            refused: the first refusal.
            sender: the connection to use.
            request: the request as the caller made it.
            prepared: as it was sent.
            threshold: the longest flood wait that is waited out.
            is_introduced: whether it introduced the client to the server as well.

        Raises:
            RPCError: nothing helps against it.
            _GivenUpError: it was tried often enough.
        """
        error = refused
        outgoing = prepared
        attempt = 1
        while True:
            is_last = attempt > self._retries >= 0
            if _is_not_introduced(error) and not is_introduced:
                is_introduced = True
                outgoing = self._introduce(sender, prepared)
            elif not await self._may_try_again(error, request, threshold, is_last):
                raise error
            if is_last:
                raise _GivenUpError(error, attempt)
            if self.flood.known:
                await self.flood.before(request, threshold)
            attempt += 1
            try:
                result = await sender.send(outgoing)
            except RPCError as again:
                error = again
                continue
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

    async def _may_try_again(self, error: RPCError, request: TLRequest[Any], threshold: float, is_last: bool) -> bool:
        return (
            await self._server_errors.handle(error, request, is_last=is_last)
            or await self.flood.handle(error, request, threshold, is_last=is_last)
            or await self._migrate.handle(error, is_last=is_last)
        )

    # -- several -----------------------------------------------------------------------------------------------------

    async def _invoke_many(
        self,
        sender: RequestSender,
        requests: Sequence[TLRequest[Any]],
        resolver: InputResolver,
        ordered: bool,
        threshold: float,
    ) -> list[Any]:
        if not requests:
            return []
        if ordered:
            outcome = await self._in_order(sender, requests, resolver, threshold)
        else:
            outcome = await self._each(sender, requests, resolver, threshold)
        failures = [one if isinstance(one, RPCError) else None for one in outcome]
        if any(failures):
            results = [None if isinstance(one, RPCError) else one for one in outcome]
            raise MultiError(failures, results, requests)
        return outcome

    async def _each(
        self, sender: RequestSender, requests: Sequence[TLRequest[Any]], resolver: InputResolver, threshold: float
    ) -> list[Any]:
        """The answer, or the error, of each request; what was refused is tried again as one alone would be."""
        outcome: list[Any] = [None] * len(requests)
        tries: dict[int, asyncio.Task[Any]] = {}
        moves: list[tuple[int, Coroutine[Any, Any, Any]]] = []
        # All of them before any task begins: when one cannot be prepared, none is sent.
        prepared = [await self._prepare(request, resolver, None) for request in requests]
        at_once: list[int] = []
        for index, request in enumerate(requests):
            if self.flood.known and self.flood.refusal(request) is not None:
                # The others need not wait for it.
                tries[index] = asyncio.create_task(self._later(sender, request, prepared[index], threshold))
            else:
                at_once.append(index)
        outgoing = [prepared[index] for index in at_once]
        if outgoing:
            outgoing[0] = self._introduced(sender, outgoing[0])
        futures: list[Future[Any]] = sender.send(outgoing) if outgoing else []
        try:
            for place, (index, future) in enumerate(zip(at_once, futures, strict=True)):
                try:
                    outcome[index] = result = await future
                except RPCError as error:
                    introduced = outgoing[place] is not prepared[index]
                    work = self._answer_after(error, sender, requests[index], prepared[index], threshold, introduced)
                    if self._migrate.is_for(error):
                        # Moving ends the connection over which the others are still to be answered.
                        moves.append((index, work))
                    else:
                        tries[index] = asyncio.create_task(work)
                else:
                    learning = self._learn(result)
                    if learning is not None:
                        await learning
            while moves:
                index, work = moves.pop()
                tries[index] = asyncio.create_task(work)
            for index, task in tries.items():
                try:
                    outcome[index] = await task
                except RPCError as error:
                    outcome[index] = error
                except _GivenUpError as given_up:
                    outcome[index] = given_up.error
        finally:
            # Reached early only when the caller gives up or the connection is gone: nobody waits for the rest.
            _let_go(futures)
            for _, work in moves:
                work.close()
            await _stop(tries.values())
        return outcome

    async def _later(
        self, sender: RequestSender, request: TLRequest[Any], prepared: TLRequest[Any], threshold: float
    ) -> Any:
        """The answer to a request that has to wait first."""
        await self.flood.before(request, threshold)
        try:
            result = await sender.send(self._introduced(sender, prepared))
        except RPCError as error:
            refused = error
        else:
            learning = self._learn(result)
            if learning is not None:
                await learning
            return result
        return await self._answer_after(refused, sender, request, prepared, threshold, False)

    async def _in_order(
        self, sender: RequestSender, requests: Sequence[TLRequest[Any]], resolver: InputResolver, threshold: float
    ) -> list[Any]:
        """The answer, or the error, of each of several requests that Telegram shall do one after another.

        When one is refused, Telegram does not do those after it (MSG_WAIT_FAILED). If it helps to try that one again,
        they are sent again behind it; if not, they stay undone, and their errors say so.
        """
        prepared = [await self._prepare(request, resolver, threshold) for request in requests]
        outcome: list[Any] = [None] * len(requests)
        left = list(range(len(requests)))
        attempt = 0
        must_introduce = False
        was_introduced = False
        while left:
            attempt += 1
            outgoing = [prepared[index] for index in left]
            if must_introduce:
                outgoing[0] = self._introduce(sender, outgoing[0])
            else:
                outgoing[0] = self._introduced(sender, outgoing[0])
            await self._send_in_order(sender, left, outgoing, outcome)
            undone = [index for index in left if isinstance(outcome[index], RPCError)]
            left = []
            if not undone:
                break
            first: RPCError = outcome[undone[0]]
            is_last = attempt > self._retries >= 0
            must_introduce = _is_not_introduced(first) and not was_introduced
            was_introduced = was_introduced or must_introduce
            if not must_introduce and not await self._may_try_again(first, requests[undone[0]], threshold, is_last):
                break
            if not is_last:
                left = undone
        return outcome

    async def _send_in_order(
        self, sender: RequestSender, places: list[int], outgoing: list[TLRequest[Any]], outcome: list[Any]
    ) -> None:
        futures: list[Future[Any]] = sender.send(outgoing, ordered=True)
        try:
            for index, future in zip(places, futures, strict=True):
                try:
                    outcome[index] = result = await future
                except RPCError as error:
                    outcome[index] = error
                else:
                    learning = self._learn(result)
                    if learning is not None:
                        await learning
        finally:
            _let_go(futures)

    async def _prepare(
        self, request: TLRequest[Any], resolver: InputResolver, threshold: float | None
    ) -> TLRequest[Any]:
        """The request as it goes out: peers resolved, wrapped, and known waits over, unless there is no threshold."""
        cls: Any = type(request)
        if cls.resolve is not _RESOLVES_NOTHING:
            from telethon import utils

            await request.resolve(resolver, utils)
        if threshold is not None and self.flood.known:
            await self.flood.before(request, threshold)
        if self._receive_updates:
            return request
        from telethon.tl.functions import InvokeWithoutUpdatesRequest

        return InvokeWithoutUpdatesRequest(request)


def as_requests(requests: object) -> list[TLRequest[Any]]:
    """The requests in an iterable.

    Raises:
        TypeError: it is none, or something in it is no request.
    """
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


def _let_go(futures: Iterable[Future[Any]]) -> None:
    for future in futures:
        if not future.done():
            future.cancel()
        elif not future.cancelled():
            # Whatever it is, it was reported already, or nobody asks any more.
            future.exception()


async def _stop(tasks: Iterable[asyncio.Task[Any]]) -> None:
    running = [task for task in tasks if not task.done()]
    for task in running:
        task.cancel()
    if running:
        await asyncio.wait(running)
    for task in tasks:
        if not task.cancelled():
            task.exception()
