"""What the protocol half of the test server and those who answer requests know of each other.

The protocol half (`telethon.testing.server`) turns bytes into requests and answers into bytes. Whoever answers is one
callable, the handler:

    def handler(request: TLRequest, context: RpcContext) -> object:
        if isinstance(request, GetConfigRequest):
            return Config(...)
        raise RpcFault(400, "METHOD_INVALID")

It is asked once for each request, after the wrappers (`invokeWithLayer`, `initConnection`, `invokeAfterMsg`,
`invokeWithoutUpdates`, `invokeWithTakeout` ...) were taken off; what they said is in the context.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from telethon.testing.server import TelegramServerCore
    from telethon.tl.tlobject import TLObject, TLRequest

__all__ = ["Answer", "AuthKeyRecord", "ClientSession", "RequestHandler", "RpcContext", "RpcFault"]

Answer: TypeAlias = "TLObject | list[Any] | bool | bytes | None"
"""An object, a list (a vector of objects, or numbers where the method says so), a boolean, or the serialised answer."""


class RpcFault(Exception):
    """Raise it in a handler to answer with an rpc_error.

    Args:
        code: HTTP-like number of the error.
        message: its text, like `FLOOD_WAIT_30`.

    Source: https://core.telegram.org/api/errors
    """

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code
        self.message = message


@dataclass(eq=False)
class AuthKeyRecord:
    """What the server knows of an authorization key.

    What a client says of itself in `initConnection` is kept here, as the server of Telegram does.

    Attributes:
        auth_key_id: id of the key, as the signed number that methods use.
        dc_id: data centre that made it; no other one knows it.
        auth_key: its 256 bytes.
        user_id: who is logged in with it; set it to log in, or to None to log out.
        expires_at: server time at which a temporary key ends; None for a permanent one.
        permanent: the permanent key that a temporary one is bound to.
        layer: layer of the schema the client speaks, 0 before it said so.
        api_id: number of the program, 0 before `initConnection`.
        device_model: what the client says it runs on.
        system_version: version of that system.
        app_version: version of the program.
        system_lang_code: language of the system.
        lang_pack: which set of texts the program uses.
        lang_code: language of the program.
        params: further parameters of `initConnection`, a JSON object.
        data: for the handler: whatever it wants to keep with the key.

    Source: https://core.telegram.org/api/auth
    """

    auth_key_id: int
    dc_id: int
    auth_key: bytes = field(repr=False)
    user_id: int | None = None
    expires_at: int | None = None
    permanent: AuthKeyRecord | None = None
    layer: int = 0
    api_id: int = 0
    device_model: str = ""
    system_version: str = ""
    app_version: str = ""
    system_lang_code: str = ""
    lang_pack: str = ""
    lang_code: str = ""
    params: Any = None
    data: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def is_temporary(self) -> bool:
        """Whether the key ends by itself."""
        return self.expires_at is not None


class ClientSession(Protocol):
    """A session of a client, for those who answer requests.

    Attributes:
        auth: the key it belongs to: the permanent one when the session uses a temporary one that is bound.
        session_id: its number, which the client has chosen.
        dc_id: data centre it talks to.
        receives_updates: whether the client made a request here that was not wrapped in `invokeWithoutUpdates`.
        is_connected: whether there is a connection; without one, what is pushed waits for the next.
    """

    @property
    def auth(self) -> AuthKeyRecord: ...
    @property
    def session_id(self) -> int: ...
    @property
    def dc_id(self) -> int: ...
    @property
    def receives_updates(self) -> bool: ...
    @property
    def is_connected(self) -> bool: ...

    def push(self, updates: TLObject) -> None:
        """Send an object of type Updates; it is sent again until the client acknowledges it."""
        ...

    def close(self) -> None:
        """Close its connection, as a server does with a client that was logged out; the session is forgotten."""
        ...


class RpcContext:
    """All there is to know about a request besides itself.

    Attributes:
        session: session it came in.
        auth: key of that session; see `ClientSession.auth`.
        dc_id: data centre that was asked.
        server: the server.
        msg_id: its msg_id.
        layer: layer of the schema the client speaks.
        without_updates: whether it was wrapped in `invokeWithoutUpdates`.
        takeout_id: number of the takeout session it belongs to, or None.
        business_connection_id: the business account a bot acts for, or None.
    """

    __slots__ = (
        "auth",
        "business_connection_id",
        "dc_id",
        "layer",
        "msg_id",
        "server",
        "session",
        "takeout_id",
        "without_updates",
    )

    def __init__(
        self,
        session: ClientSession,
        server: TelegramServerCore,
        msg_id: int,
        *,
        without_updates: bool = False,
        takeout_id: int | None = None,
        business_connection_id: str | None = None,
    ) -> None:
        self.session = session
        self.auth = session.auth
        self.dc_id = session.dc_id
        self.server = server
        self.msg_id = msg_id
        self.layer = self.auth.layer
        self.without_updates = without_updates
        self.takeout_id = takeout_id
        self.business_connection_id = business_connection_id

    @property
    def user_id(self) -> int | None:
        """Who is logged in."""
        return self.auth.user_id

    @property
    def now(self) -> int:
        """The time of the server in Unix seconds."""
        return int(self.server.now())


class RequestHandler(Protocol):
    """Answers requests.

    An ordinary function is answered for at once, in the order in which the requests came. A coroutine function works
    too; each of its calls becomes a task, so only use one where it really has to wait.

    Raise `RpcFault` to answer with an error. Anything else raised is answered with an error 500 and counts as a
    violation, because it is a mistake of the handler.
    """

    def __call__(self, request: TLRequest[Any], context: RpcContext, /) -> Answer | Awaitable[Answer]:
        """The answer to a request."""
        ...
