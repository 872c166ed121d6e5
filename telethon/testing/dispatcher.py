"""From a request to the function that answers it.

A method that nobody answers gives an error that names it, never silence. Programs put functions of their own in the
place of those the server has, or add what is missing, with `Dispatcher.on`.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from telethon.testing._call import Call
from telethon.testing._rpc import RpcFault
from telethon.testing.services import load
from telethon.testing.services._scheduled import send_due
from telethon.testing.services._service import Served
from telethon.tl import functions, types
from telethon.tl.functions.upload import GetCdnFileRequest
from telethon.tl.tlobject import TLRequest

if TYPE_CHECKING:
    from telethon.testing._rpc import Answer, RpcContext
    from telethon.testing.world.world import World

__all__ = ["Dispatcher", "LoggedRequest", "method_name"]

_H = TypeVar("_H", bound="Callable[..., Any]")


@dataclass(frozen=True)
class LoggedRequest:
    """One request that reached the server.

    Attributes:
        request: the request, without the wrappers around it.
        user_id: who was logged in.
        dc_id: the data centre that was asked.
        error: the text of the error it was answered with, or None.
    """

    request: TLRequest[Any]
    user_id: int | None
    dc_id: int
    error: str | None = None

    @property
    def method(self) -> str:
        """The name of the method, as the documentation writes it."""
        return method_name(type(self.request))


def method_name(request: type[TLRequest[Any]]) -> str:
    """The name of a method, like `messages.sendMessage`."""
    namespace = request.__module__.rpartition(".functions")[2].strip(".")
    name = request.__name__.removesuffix("Request")
    name = name[:1].lower() + name[1:]
    return f"{namespace}.{name}" if namespace else name


_UPDATES = (types.Updates, types.UpdateShortSentMessage)
#: What bots may do for users, and the right that it takes.
_BUSINESS_RIGHTS: dict[type[Any], str] = {
    functions.messages.SendMessageRequest: "reply",
    functions.messages.SendMediaRequest: "reply",
    functions.messages.SendMultiMediaRequest: "reply",
    functions.messages.EditMessageRequest: "reply",
    functions.messages.SetTypingRequest: "reply",
    functions.messages.UpdatePinnedMessageRequest: "reply",
    functions.messages.ReadHistoryRequest: "read_messages",
    functions.messages.DeleteMessagesRequest: "delete_sent_messages",
}


class Dispatcher:
    """Answers requests from a world.

    Args:
        world: the data.
        log_limit: how many requests to remember.
    """

    def __init__(self, world: World, log_limit: int = 10_000) -> None:
        self.world = world
        self.requests: deque[LoggedRequest] = deque(maxlen=log_limit)
        self._served: dict[type[TLRequest[Any]], Served] = dict(load())
        self._own: dict[type[TLRequest[Any]], Callable[..., Any]] = {}

    def on(self, request: type[TLRequest[Any]]) -> Callable[[_H], _H]:
        """Let a function answer a request, whatever the server would do with it.

        The function gets the request and a `Call`; it may be a coroutine function. It returns the answer, or raises
        `RpcFault`. Returning `NotImplemented` leaves the request to the server.

        Raises:
            TypeError: *request* is no class of requests.
        """
        if not (isinstance(request, type) and issubclass(request, TLRequest)):
            kind = request.__name__ if isinstance(request, type) else type(request).__name__
            raise TypeError(f"what to answer is a class, such as functions.help.GetConfigRequest, and not {kind}")

        def take(handler: _H) -> _H:
            self._own[request] = handler
            return handler

        return take

    def forget(self, request: type[TLRequest[Any]]) -> None:
        """Undo `on`."""
        self._own.pop(request, None)

    def __call__(self, request: TLRequest[Any], context: RpcContext) -> Answer | Awaitable[Answer]:
        """The answer to a request; the protocol half calls this.

        Raises:
            RpcFault: the answer is an error.
        """
        if self.world.due:
            send_due(self.world)
        call = Call(self.world, context)
        try:
            if context.business_connection_id is not None:
                self._act_for_user(request, call, context.business_connection_id)
            answer = self.answer(request, call)
        except RpcFault as fault:
            self._log(request, call, fault)
            raise
        if inspect.isawaitable(answer):
            return self._wait(request, call, answer)
        done: Answer = self._done(request, call, answer)
        return done

    def answer(self, request: TLRequest[Any], call: Call) -> Any:
        """The answer to a request, which may have to be awaited; updates are not sent yet.

        Raises:
            RpcFault: the answer is an error.
        """
        if call.dc_id in self.world.cdn.dc_ids and type(request) is not GetCdnFileRequest:
            raise RpcFault(400, "CDN_METHOD_INVALID")
        own = self._own.get(type(request))
        if own is None:
            return self.by_server(request, call)
        answer = own(request, call)
        if inspect.isawaitable(answer):
            return self._own_wait(request, call, answer)
        return self.by_server(request, call) if answer is NotImplemented else answer

    async def _own_wait(self, request: TLRequest[Any], call: Call, answer: Awaitable[Any]) -> Any:
        value = await answer
        if value is NotImplemented:
            value = self.by_server(request, call)
            if inspect.isawaitable(value):
                value = await value
        return value

    def by_server(self, request: TLRequest[Any], call: Call) -> Any:
        """The answer of the server itself, whatever `on` put in its place.

        Raises:
            RpcFault: the answer is an error.
        """
        served = self._served.get(type(request))
        if served is None:
            # Where nobody is logged in that comes first, as it does at Telegram.
            if call.context.user_id is None and not method_name(type(request)).startswith(("auth.", "help.")):
                call.me  # noqa: B018 - raises
            raise RpcFault(400, f"METHOD_NOT_IMPLEMENTED ({method_name(type(request))})")
        if served.login:
            me = call.me
            if served.who == "user" and me.bot is not None:
                raise RpcFault(400, "BOT_METHOD_INVALID")
            if served.who == "bot" and me.bot is None:
                raise RpcFault(400, "USER_BOT_REQUIRED")
            if not served.anywhere and call.dc_id != me.dc_id:
                raise RpcFault(303, f"USER_MIGRATE_{me.dc_id}")
        return served.handler(request, call)

    async def _wait(self, request: TLRequest[Any], call: Call, answer: Awaitable[Any]) -> Any:
        try:
            value = await answer
        except RpcFault as fault:
            self._log(request, call, fault)
            raise
        return self._done(request, call, value)

    def _done(self, request: TLRequest[Any], call: Call, answer: Any) -> Any:
        if call.connection is not None and isinstance(answer, _UPDATES):
            # The bot is told what it did as it is told what the user does.
            call.delivery.relay()
            answer = call.delivery.answer(call.connection.bot)
        call.delivery.flush()
        self._log(request, call, None)
        return answer

    def _act_for_user(self, request: TLRequest[Any], call: Call, connection_id: str) -> None:
        """Let a bot do something for the user who has connected it.

        Raises:
            RpcFault: it may not, or is not connected.
        """
        connection = self.world.business.get(connection_id)
        if connection is None or connection.bot != call.my_id:
            raise RpcFault(400, "BUSINESS_CONNECTION_INVALID")
        right = _BUSINESS_RIGHTS.get(type(request))
        if right is None or not getattr(connection.rights, right):
            raise RpcFault(403, "BOT_ACCESS_FORBIDDEN")
        call.connection = connection
        call.forget_me()

    def _log(self, request: TLRequest[Any], call: Call, fault: RpcFault | None) -> None:
        self.requests.append(
            LoggedRequest(request, call.context.user_id, call.dc_id, f"{fault.message}" if fault is not None else None)
        )
