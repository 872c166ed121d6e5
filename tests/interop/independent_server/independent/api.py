"""The requests of the API: who answers them, and what is said of those nobody knows."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from independent import methods
from independent.session import Key, Session
from independent.tl import Object

if TYPE_CHECKING:
    from independent.server import Server


class RpcError(Exception):
    """What a request is answered with instead of a result."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(f"{code} {text}")
        self.code = code
        self.text = text


SILENCE = object()
"""What a method gives that answers later, or never."""

MINIMAL = {
    "help.getConfig",
    "users.getUsers",
    "messages.sendMessage",
    "updates.getState",
    "upload.saveFilePart",
    "upload.saveBigFilePart",
    "upload.getFile",
}


@dataclass
class Call:
    """One request."""

    server: Server
    session: Session
    msg_id: int
    request: Object
    wrappers: tuple[str, ...]

    @property
    def name(self) -> str:
        """The method."""
        return str(self.request["_"])

    @property
    def key(self) -> Key:
        """The permanent key it came with."""
        return self.session.key.main


Handler = Callable[[Call], Any]


class Api:
    """Answers requests."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.handlers: dict[str, Handler] = dict(methods.ALL)
        self.only: set[str] | None = None
        """The methods that are known, or None for all of them."""
        self.otherwise = "invalid"
        """What is answered for others: `invalid`, `500` or `silence`."""
        self.calls: list[Call] = []
        self.needs_init = True

    def on(self, name: str, handler: Handler) -> None:
        """Answer a method differently."""
        self.handlers[name] = handler

    def unreadable(self, session: Session, msg_id: int, body: bytes) -> None:
        """A request that is not in the schema."""
        number = int.from_bytes(body[:4], "little")
        self.server.violations.append(f"request {number:08x} is not in the schema")
        self._fail(session, msg_id, RpcError(400, f"INPUT_METHOD_INVALID_{number}"))

    def take(self, session: Session, msg_id: int, request: Object) -> None:
        """Answer a request, now or later."""
        wrappers: list[str] = []
        while "query" in request and isinstance(request["query"], dict) and request["_"].startswith(("invoke", "init")):
            wrappers.append(request["_"])
            if request["_"] == "initConnection":
                session.key.init = request
            if request["_"] == "invokeWithLayer":
                session.key.layer = request["layer"]
            if request["_"] == "invokeWithoutUpdates":
                session.wants_updates = False
            request = request["query"]
        call = Call(self.server, session, msg_id, request, tuple(wrappers))
        self.calls.append(call)
        self.server.world.calls.append((self.server.dc_id, call.name))
        # A temporary key is bound before the client introduces itself.
        if not session.key.layer and self.needs_init and call.name != "auth.bindTempAuthKey":
            self._fail(session, msg_id, RpcError(400, "CONNECTION_NOT_INITED"))
            return
        handler = self.handlers.get(call.name)
        if handler is None or (self.only is not None and call.name not in self.only):
            self._unknown(call)
            return
        try:
            result = handler(call)
        except RpcError as error:
            self._fail(session, msg_id, error)
            return
        if inspect.isawaitable(result):
            self.server.spawn(self._later(call, result))
        elif result is not SILENCE:
            session.answer(msg_id, result)

    async def _later(self, call: Call, work: Any) -> None:
        try:
            result = await work
        except RpcError as error:
            self._fail(call.session, call.msg_id, error)
        else:
            if result is not SILENCE:
                call.session.answer(call.msg_id, result)
        await call.session.flush()

    def _unknown(self, call: Call) -> None:
        if self.otherwise == "silence":
            return
        number = self.server.world.number(call.name)
        error = RpcError(400, f"INPUT_METHOD_INVALID_{number}")
        if self.otherwise == "500":
            error = RpcError(500, "NOT_IMPLEMENTED")
        self._fail(call.session, call.msg_id, error)

    def _fail(self, session: Session, msg_id: int, error: RpcError) -> None:
        made = {"_": "rpc_error", "error_code": error.code, "error_message": error.text}
        session.answer(msg_id, made)


def after(seconds: float, result: Any) -> Handler:
    """A handler that gives its result so many seconds later."""

    async def wait(_call: Call) -> Any:
        await asyncio.sleep(seconds)
        return result

    return wait
