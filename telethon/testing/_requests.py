"""Requests: taking off what they are wrapped in, asking the handler, and sending the answer.

Source: https://core.telegram.org/api/invoking
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from inspect import isawaitable
from struct import Struct
from typing import TYPE_CHECKING, Any, NoReturn, cast

from telethon.errors.common import TLDecodeError, TypeNotFoundError
from telethon.mtproto import wire
from telethon.mtproto.packed import pack_body
from telethon.testing._methods import encode_answer, method_name
from telethon.testing._rpc import AuthKeyRecord, RpcContext, RpcFault
from telethon.testing._service import ANSWERED, PENDING, Received, SessionService
from telethon.testing._tempkeys import bind_temp_key
from telethon.tl import _registry, functions
from telethon.tl.functions.auth import BindTempAuthKeyRequest
from telethon.tl.functions.help import GetConfigRequest, GetNearestDcRequest
from telethon.tl.tlobject import TLRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from telethon.testing._fault import RequestPlan
    from telethon.testing._keys import KnownKey
    from telethon.testing._rpc import ClientSession
    from telethon.testing.layers.dialect import Dialect
    from telethon.testing.server import TelegramServerCore

__all__ = ["SessionRequests"]

_RESULT = Struct("<Iq")
_LAYER = Struct("<Ii")
_SOME_REQUEST = GetConfigRequest.CONSTRUCTOR_ID.to_bytes(4, "little")
_WITHOUT_BINDING = (BindTempAuthKeyRequest, GetConfigRequest, GetNearestDcRequest)
"""What may be asked with a temporary key that is not bound."""


class _Wrapped:
    """What the wrappers of a request say."""

    __slots__ = ("after", "business_connection_id", "initialised", "layer", "request", "takeout_id", "without_updates")

    def __init__(self) -> None:
        self.request: Any = None
        self.layer = 0
        self.initialised: functions.InitConnectionRequest[Any] | None = None
        self.after: tuple[int, ...] = ()
        self.without_updates = False
        self.takeout_id: int | None = None
        self.business_connection_id: str | None = None


class SessionRequests(SessionService):
    """The part of a session that answers requests; arguments as `SessionOutput`."""

    def __init__(self, server: TelegramServerCore, key: KnownKey, session_id: int, dc_id: int) -> None:
        super().__init__(server, key, session_id, dc_id)
        self.receives_updates = False
        self.layer = 0
        """Layer of the schema that was named in this session, 0 before."""
        self._initialised = False

    @property
    def auth(self) -> AuthKeyRecord:
        """The key the session belongs to: the permanent one when its own is a temporary one that is bound."""
        record = self.key.record
        return record.permanent or record

    # -- reading -----------------------------------------------------------------------------------------------------

    def _on_request(self, msg_id: int, received: Received, data: bytes, start: int, end: int) -> None:
        received.is_request = True
        wrapped = _Wrapped()
        try:
            self._read(data[start:end], wrapped)
            self._introduce(wrapped)
        except RpcFault as fault:
            self._answer_error(msg_id, received, fault)
            return
        if wrapped.after and not self._wait(wrapped.after, msg_id, received, wrapped):
            return
        self._execute(msg_id, received, wrapped)

    def _read(self, body: bytes, wrapped: _Wrapped) -> None:
        try:
            request, end = _registry.read(body)
            left = len(body) - end
        except TypeNotFoundError as error:
            request, left = self._read_older(body, error, wrapped)
        except TLDecodeError as error:
            self._complain("request", f"a request cannot be read: {error}")
            raise RpcFault(400, "INPUT_FETCH_ERROR") from None
        if left:
            self._complain("request", f"{left} bytes stand behind a request")
            raise RpcFault(400, "INPUT_REQUEST_TOO_LONG")
        _unwrap(request, wrapped)
        if not isinstance(wrapped.request, TLRequest):
            self._complain("request", f"a {type(wrapped.request).__name__} came where a request must be")
            raise RpcFault(400, "INPUT_METHOD_INVALID")

    def _read_older(self, body: bytes, error: TypeNotFoundError, wrapped: _Wrapped) -> tuple[Any, int]:
        """Read what may be in the words of an older layer, which the request itself or one before it has named."""
        layer = _named_layer(body) or self.auth.layer
        dialect = None if layer == self.server.layer else _dialect(layer)
        if dialect is not None:
            try:
                return dialect.read(body)
            except TypeNotFoundError as other:
                error = other
            except TLDecodeError as other:
                self._complain("request", f"a request of layer {layer} cannot be read: {other}")
                raise RpcFault(400, "INPUT_FETCH_ERROR") from None
        self._refuse_unknown(body, error, wrapped)

    def _refuse_unknown(self, body: bytes, error: TypeNotFoundError, wrapped: _Wrapped) -> NoReturn:
        """Find out whether it is the method that is unknown, or something it is given."""
        number = error.invalid_constructor_id
        known = body[: len(body) - len(error.remaining)]
        try:
            request, _ = _registry.read(known + _SOME_REQUEST)
        except (TypeNotFoundError, TLDecodeError):
            raise RpcFault(400, f"INPUT_CONSTRUCTOR_INVALID_{number}") from None
        _unwrap(request, wrapped)
        if type(wrapped.request) is not GetConfigRequest:
            raise RpcFault(400, f"INPUT_CONSTRUCTOR_INVALID_{number}") from None
        # The wrappers count although the method in them does not exist.
        self._introduce(wrapped)
        raise RpcFault(400, f"INPUT_METHOD_INVALID_{number}") from None

    # -- who is asking -----------------------------------------------------------------------------------------------

    def _introduce(self, wrapped: _Wrapped) -> None:
        """Learn what the client says of itself; refuse who never did."""
        if self._initialised and not wrapped.layer and wrapped.initialised is None:
            if not wrapped.without_updates:
                self.receives_updates = True
            return
        auth = self.auth
        server = self.server
        if wrapped.layer:
            auth.layer = self.layer = wrapped.layer
            if wrapped.layer != server.layer and not _has_words(wrapped.layer):
                self._complain("layer", f"the client speaks layer {wrapped.layer}, the server {server.layer}")
        init = wrapped.initialised
        if init is not None:
            _record(auth, init)
        if type(wrapped.request) is BindTempAuthKeyRequest:
            return
        if init is None and not (auth.api_id and wrapped.layer):
            self._complain("init", f"{method_name(wrapped.request)} came before initConnection in a new session")
            if server.strict and (not auth.api_id or server.init_per_session):
                raise RpcFault(400, "CONNECTION_NOT_INITED")
        elif not auth.layer:
            self._complain("init", "initConnection came without invokeWithLayer")
            raise RpcFault(400, "CONNECTION_LAYER_INVALID")
        self._initialised = True
        if not wrapped.without_updates:
            self.receives_updates = True

    # -- invokeAfterMsg ----------------------------------------------------------------------------------------------

    def _wait(self, after: Iterable[int], msg_id: int, received: Received, wrapped: _Wrapped) -> bool:
        """Whether all these requests are finished; sees to it that this one is executed then."""
        for earlier_id in after:
            earlier = self._received.get(earlier_id)
            if earlier is None or earlier.failed:
                self._answer_error(msg_id, received, RpcFault(400, "MSG_WAIT_FAILED"))
                return False
            if earlier.is_request and earlier.state == PENDING:
                if earlier.waiters is None:
                    earlier.waiters = []
                earlier.waiters.append(lambda: self._waited(msg_id, received, wrapped))
                self._acks.append(msg_id)
                self._wake()
                return False
        return True

    def _waited(self, msg_id: int, received: Received, wrapped: _Wrapped) -> None:
        if self._wait(wrapped.after, msg_id, received, wrapped):
            self._execute(msg_id, received, wrapped)

    # -- executing ---------------------------------------------------------------------------------------------------

    def _execute(self, msg_id: int, received: Received, wrapped: _Wrapped) -> None:
        request = wrapped.request
        server = self.server
        plan: RequestPlan | None = None
        if server.faults.requests:
            plan = server.faults.plan(self, request)
            if plan.cut == "received":
                del self._received[msg_id]
                self.drop_connection()
                return
        server.stats.requests += 1
        if plan is not None and plan.delay:
            self._acks.append(msg_id)
            self._wake()
            server.call_later(plan.delay, lambda: self._ask(msg_id, received, wrapped, plan))
            return
        self._ask(msg_id, received, wrapped, plan)

    def _ask(self, msg_id: int, received: Received, wrapped: _Wrapped, plan: RequestPlan | None) -> None:
        """Ask the handler, and answer at once or when it is ready."""
        request = wrapped.request
        try:
            if plan is not None and plan.error is not None:
                raise plan.error
            if plan is not None and plan.result is not None:
                self._answer(msg_id, received, plan.result, plan)
                return
            answer = self._call(request, msg_id, wrapped)
            if isawaitable(answer):
                task = self.server.start_task(self._await(answer, msg_id, received, request, plan))
                if not task.done():
                    self._acks.append(msg_id)
                    self._wake()
            else:
                self._answer(msg_id, received, self._encode(request, answer), plan)
        except RpcFault as fault:
            self._answer_error(msg_id, received, fault, plan)
        except Exception as error:  # noqa: BLE001 - the handler is foreign code; the client must get an answer
            self._answer_crash(msg_id, received, request, error)

    def _call(self, request: Any, msg_id: int, wrapped: _Wrapped) -> Any:
        record = self.key.record
        if record.expires_at is not None and record.permanent is None and not isinstance(request, _WITHOUT_BINDING):
            raise RpcFault(401, "AUTH_KEY_PERM_EMPTY")
        if type(request) is BindTempAuthKeyRequest:
            bind_temp_key(self.server, self.key, self.session_id, msg_id, request, self._complain)
            self._initialised = False
            return True
        # It has everything that `ClientSession` asks for, by the classes around this one.
        session = cast("ClientSession", self)
        context = RpcContext(
            session,
            self.server,
            msg_id,
            without_updates=wrapped.without_updates,
            takeout_id=wrapped.takeout_id,
            business_connection_id=wrapped.business_connection_id,
        )
        return self.server.handler(request, context)

    async def _await(
        self, answer: Awaitable[Any], msg_id: int, received: Received, request: Any, plan: RequestPlan | None
    ) -> None:
        try:
            body = self._encode(request, await answer)
        except RpcFault as fault:
            self._answer_error(msg_id, received, fault, plan)
        except Exception as error:  # noqa: BLE001 - the handler is foreign code; the client must get an answer
            self._answer_crash(msg_id, received, request, error)
        else:
            self._answer(msg_id, received, body, plan)

    @property
    def dialect(self) -> Dialect | None:
        """How the client speaks, when it is not as the server does."""
        layer = self.auth.layer
        return _dialect(layer) if layer and layer != self.server.layer else None

    def _encode(self, request: Any, answer: Any) -> bytes:
        body = encode_answer(request, answer)
        dialect = self.dialect
        return body if dialect is None else dialect.encode(answer, body)

    # -- answering ---------------------------------------------------------------------------------------------------

    def _answer(
        self, msg_id: int, received: Received, result: bytes, plan: RequestPlan | None = None, *, failed: bool = False
    ) -> None:
        received.failed = failed
        if received.state == PENDING and not self.is_closed:
            received.state = ANSWERED
            if plan is not None and plan.cut:
                self._cut(plan.cut)
            if not failed:
                result = pack_body(result, self.server.limits)
            body = _RESULT.pack(wire.RPC_RESULT, msg_id) + result
            keep_back = plan is not None and plan.keep_back
            received.answer = self._send_content(body, req_msg_id=msg_id, keep_back=keep_back)
        waiters, received.waiters = received.waiters, None
        for waiter in waiters or ():
            waiter()

    def _answer_error(self, msg_id: int, received: Received, fault: RpcFault, plan: RequestPlan | None = None) -> None:
        message = wire.write_bytes(fault.message.encode())
        body = wire.UINT.pack(wire.RPC_ERROR) + wire.INT.pack(fault.code) + message
        self._answer(msg_id, received, body, plan, failed=True)

    def _answer_crash(self, msg_id: int, received: Received, request: Any, error: Exception) -> None:
        name = method_name(request)
        self.server.complain(
            "handler",
            f"{type(error).__name__} while {name} was answered: {error}",
            self.who,
            traceback="".join(traceback.format_exception(type(error), error, error.__traceback__)),
        )
        self._answer_error(msg_id, received, RpcFault(500, f"INTERNAL_SERVER_ERROR_{name}"))

    # -- faults ------------------------------------------------------------------------------------------------------

    def drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.abort()

    def _cut(self, where: str) -> None:
        connection = self._connection
        if connection is None:
            return
        if where == "executed":
            connection.abort()
        elif where == "answering":
            connection.break_next = True
        else:
            connection.close_next = True


def _dialect(layer: int) -> Dialect | None:
    from telethon.testing.layers.dialect import dialect_of

    return dialect_of(layer)


def _has_words(layer: int) -> bool:
    from telethon.testing.layers.schema import tables

    known = tables()
    return known[0].layer <= layer <= known[-1].layer


def _named_layer(body: bytes) -> int:
    """The layer that a request begins with, or 0."""
    if len(body) < _LAYER.size:
        return 0
    number, layer = _LAYER.unpack_from(body)
    if number == functions.InvokeWithoutUpdatesRequest.CONSTRUCTOR_ID:
        return _named_layer(body[4:])
    return layer if number == functions.InvokeWithLayerRequest.CONSTRUCTOR_ID else 0


def _unwrap(request: Any, wrapped: _Wrapped) -> None:
    """Take off all wrappers."""
    while True:
        cls = request.__class__
        if cls not in _WRAPPERS:
            wrapped.request = request
            return
        if cls is functions.InvokeWithLayerRequest:
            wrapped.layer = request.layer
        elif cls is functions.InitConnectionRequest:
            wrapped.initialised = request
        elif cls is functions.InvokeAfterMsgRequest:
            wrapped.after += (request.msg_id,)
        elif cls is functions.InvokeAfterMsgsRequest:
            wrapped.after += tuple(request.msg_ids)
        elif cls is functions.InvokeWithoutUpdatesRequest:
            wrapped.without_updates = True
        elif cls is functions.InvokeWithTakeoutRequest:
            wrapped.takeout_id = request.takeout_id
        elif cls is functions.InvokeWithBusinessConnectionRequest:
            wrapped.business_connection_id = request.connection_id
        request = request.query


_WRAPPERS = frozenset(
    (
        functions.InvokeAfterMsgRequest,
        functions.InvokeAfterMsgsRequest,
        functions.InitConnectionRequest,
        functions.InvokeWithLayerRequest,
        functions.InvokeWithoutUpdatesRequest,
        functions.InvokeWithMessagesRangeRequest,
        functions.InvokeWithTakeoutRequest,
        functions.InvokeWithBusinessConnectionRequest,
        functions.InvokeWithGooglePlayIntegrityRequest,
        functions.InvokeWithApnsSecretRequest,
        functions.InvokeWithReCaptchaRequest,
    )
)


def _record(auth: AuthKeyRecord, init: functions.InitConnectionRequest[Any]) -> None:
    if not init.api_id:
        raise RpcFault(400, "CONNECTION_API_ID_INVALID")
    for value, error in (
        (init.device_model, "CONNECTION_DEVICE_MODEL_EMPTY"),
        (init.system_version, "CONNECTION_SYSTEM_EMPTY"),
        (init.app_version, "CONNECTION_APP_VERSION_EMPTY"),
        (init.system_lang_code, "CONNECTION_SYSTEM_LANG_CODE_EMPTY"),
    ):
        if not value:
            raise RpcFault(400, error)
    auth.api_id = init.api_id
    auth.device_model = init.device_model
    auth.system_version = init.system_version
    auth.app_version = init.app_version
    auth.system_lang_code = init.system_lang_code
    auth.lang_pack = init.lang_pack
    auth.lang_code = init.lang_code
    auth.params = init.params
