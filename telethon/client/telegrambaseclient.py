"""Construction and settings: what every other part of the client stands on. `connecting` connects and disconnects."""

from __future__ import annotations

import abc
import asyncio
from collections import defaultdict
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from telethon import utils
from telethon._core.clock import Clock
from telethon._core.oldnames import old_names
from telethon._updates import EntityCache
from telethon.client._await import maybe_await
from telethon.client._deadline import check_timeout
from telethon.client._entities import EntityResolver
from telethon.client._invoker import RequestInvoker
from telethon.client._loggers import Loggers
from telethon.client._policies import FloodWaitPolicy, MigratePolicy, ServerErrorPolicy, is_unknown_method
from telethon.client._settings import (
    as_session,
    check_api,
    check_durable,
    check_local_address,
    check_seconds,
    endless_if_none,
    make_init_request,
)
from telethon.client._updatequeue import UpdateQueue
from telethon.client.connecting import ConnectionMethods, FollowsUpdates
from telethon.errors.rpcbaseerrors import FloodError, RPCError
from telethon.network import ConnectionTcpFull, MTProtoSender, SenderPool
from telethon.network.system import RunningClock
from telethon.tl import functions, types
from telethon.version import __version__

if TYPE_CHECKING:
    import logging
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from telethon.crypto import AuthKey
    from telethon.events.common import EventBuilder
    from telethon.network import Connection
    from telethon.sessions import Session
    from telethon.utils.text import ParseMode

    ProxyLike: TypeAlias = "str | Sequence[Any] | Mapping[str, Any]"
else:
    __getattr__ = old_names(__name__)

__all__ = ["DEFAULT_DC_ID", "DEFAULT_IPV4_IP", "DEFAULT_IPV6_IP", "DEFAULT_PORT", "TelegramBaseClient"]

DEFAULT_DC_ID = 2
DEFAULT_IPV4_IP = "149.154.167.51"
DEFAULT_IPV6_IP = "2001:67c:4e8:f002::a"
DEFAULT_PORT = 443

_T = TypeVar("_T")
_ONE_DAY = 24 * 60 * 60
_DEFAULT_TIMEOUT = 10
_PATIENCE = 2
"""How many times the limit for connecting a new connection to another data centre may take, with all that it needs."""


class _IgnoredUpdates:
    """Throws updates away, so that they do not pile up in a client without update methods."""

    def __init__(self, queue: asyncio.Queue[Any]) -> None:
        self._queue = queue
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._drain())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def on_login(self, user: types.User) -> None:
        return None

    async def login_heard(self) -> bool | None:
        return None

    async def _drain(self) -> None:
        while True:
            await self._queue.get()


class TelegramBaseClient(ConnectionMethods):
    """A connection to Telegram that belongs to one session.

    Nothing is sent, and no event loop is needed, before `connect` or `start`.

    Args:
        session: where the log-in is kept: a file name without extension (or path), a `Session`, or None for memory.
        api_id: the application's number from my.telegram.org.
        api_hash: the application's hash from there.
        connection: the class of connection to use, which says what the transport looks like.
        use_ipv6: whether to connect by IPv6.
        proxy: a tuple or dictionary as PySocks takes them, an address like ``socks5://user:password@host:port``, a
            link like ``tg://proxy?...`` or ``https://t.me/socks?...``, or ``(host, port, secret)`` for MTProxy classes.
            A link to an MTProxy makes the client use such a class whatever *connection* says.
        local_addr: the local address, or ``(address, port)``, to connect from.
        timeout: seconds a try to connect may take.
        request_retries: how often a request that failed inside Telegram is sent again; None or -1 for ever.
        connection_retries: how often connecting is tried again; None or -1 for ever.
        retry_delay: seconds between tries to connect.
        auto_reconnect: whether a lost connection is made again.
        sequential_updates: whether an update waits until the handlers of the one before it are done.
        flood_sleep_threshold: seconds; shorter flood waits are slept through, longer ones raised. At most a day.
        raise_last_call_error: whether the last error is raised, not `ValueError`, when all tries of a request fail.
        device_model: shown in the list of active sessions; by default told from the machine.
        system_version: likewise.
        app_version: likewise; by default that of the library.
        lang_code: the language of the user, two letters.
        system_lang_code: the language of the system.
        loop: not used any more; the running loop is.
        base_logger: a logger, or its name, to use instead of ``telethon``.
        receive_updates: whether updates are wanted at all.
        catch_up: whether updates that arrived while the client was not running are handled as well.
        entity_cache_limit: how many users and chats to keep in memory.
        request_timeout: seconds within which each request must be answered, flood waits and repetitions included;
            None for no limit. ``client(request, timeout=...)`` sets another one for one call.
        use_pfs: whether connections use temporary keys, so that whoever gets hold of the session later cannot read what
            was sent (perfect forward secrecy). Connecting takes longer by a key exchange.
        durable_updates: whether updates survive a crash: each is stored until its handlers have returned, and delivered
            again in the next run when they have not. It includes *catch_up*, and needs a session that can store
            updates, see `DurableSession`.

    Raises:
        ValueError: the API ID or hash is empty, the API ID is no number, or the text of a `StringSession` is given as
            the name of a file.
        TypeError: the session or another setting is of a wrong kind, the session cannot store updates although
            *durable_updates* are wanted, or the local address does not fit `use_ipv6`.

    Source: https://core.telegram.org/api/obtaining_api_id
    """

    __version__: ClassVar[str] = __version__

    def __init__(
        self,
        session: str | Path | Session | None,
        api_id: int,
        api_hash: str,
        *,
        connection: type[Connection] = ConnectionTcpFull,
        use_ipv6: bool = False,
        proxy: ProxyLike | None = None,
        local_addr: str | tuple[str, int] | None = None,
        timeout: int = 10,
        request_retries: int = 5,
        connection_retries: int = 5,
        retry_delay: int = 1,
        auto_reconnect: bool = True,
        sequential_updates: bool = False,
        flood_sleep_threshold: int = 60,
        raise_last_call_error: bool = False,
        device_model: str | None = None,
        system_version: str | None = None,
        app_version: str | None = None,
        lang_code: str = "en",
        system_lang_code: str = "en",
        loop: asyncio.AbstractEventLoop | None = None,
        base_logger: str | logging.Logger | None = None,
        receive_updates: bool = True,
        catch_up: bool = False,
        entity_cache_limit: int = 5000,
        request_timeout: float | None = None,
        use_pfs: bool = False,
        durable_updates: bool = False,
    ) -> None:
        number = check_api(api_id, api_hash)
        check_local_address(local_addr, use_ipv6)
        self._log = Loggers(base_logger)
        self.session: Any = as_session(session, self._log[__name__])
        self.api_id = number
        self.api_hash = api_hash

        self._use_ipv6 = use_ipv6
        self._loop: asyncio.AbstractEventLoop | None = None
        self._clock: Clock = RunningClock()
        self._last_request = self._clock.now().wall
        self._flood_sleep_threshold = 0
        self.flood_sleep_threshold = flood_sleep_threshold
        self._parse_mode: ParseMode | None = utils.sanitize_parse_mode("md")

        self._raise_last_call_error = raise_last_call_error
        self._request_retries = endless_if_none("request_retries", request_retries)
        self._connection_retries = endless_if_none("connection_retries", connection_retries)
        check_seconds("timeout", timeout)
        check_seconds("retry_delay", retry_delay)
        self._retry_delay = retry_delay or 0
        self._request_timeout: float | None = None
        self.request_timeout = request_timeout
        self._proxy = proxy
        self._local_addr = local_addr
        self._timeout = timeout
        self._auto_reconnect = auto_reconnect
        if not isinstance(connection, type):
            raise TypeError(f"connection must be a class of connections, not {type(connection).__name__}")
        self._chosen_connection = connection
        self._connection = self._connection_for(proxy)

        self._init_request = make_init_request(
            self.api_id, device_model, system_version, app_version, lang_code, system_lang_code
        )
        self._tell_proxy()

        # Logging in.
        self._phone_code_hash: dict[str | None, str] = {}
        self._phone: str | None = None
        self._tos: types.help.TermsOfService | None = None
        self._authorized: bool | None = None

        # Updates.
        self._no_updates = not receive_updates
        if durable_updates:
            check_durable(self.session)
        self._durable_updates = durable_updates
        self._catch_up = catch_up or durable_updates
        self._sequential_updates = sequential_updates
        self._entity_cache_limit = entity_cache_limit
        self._updates_queue = UpdateQueue()
        self._event_builders: list[tuple[EventBuilder[Any], Any]] = []
        self._event_handler_tasks: set[asyncio.Task[Any]] = set()
        self._leaving: set[asyncio.Task[Any]] = set()
        self._cancelled: set[asyncio.Task[Any]] = set()
        self._conversations: defaultdict[int, set[Any]] = defaultdict(set)
        self._albums: dict[Any, Any] = {}
        self._albums_delivered: dict[Any, float] = {}
        self._megagroup_cache: dict[int, bool] = {}
        self._mb_entity_cache = EntityCache()
        self._updates_handle: asyncio.Task[Any] | None = None
        self._keepalive_handle: asyncio.Task[Any] | None = None
        self._updates_error: BaseException | None = None

        self._sender = MTProtoSender(
            self.session.auth_key,
            loggers=self._log,
            retries=self._connection_retries,
            delay=self._retry_delay,
            auto_reconnect=self._auto_reconnect,
            connect_timeout=self._timeout,
            auth_key_callback=self._auth_key_callback,
            updates_queue=self._updates_queue,
            auto_reconnect_callback=self._handle_auto_reconnect,
        )
        self._sender.addresses = self._addresses
        self._sender.use_pfs = use_pfs
        self._sender.hello = self._hello
        self._sender.on_key_state = self._store_key_state
        self._use_pfs = use_pfs
        self._pauses: set[asyncio.Future[None]] = set()
        self._has_ended = False
        self._disconnecting: set[asyncio.Task[None]] = set()
        self._exported_sessions: dict[int, AuthKey] = {}
        self._cdn_keys: dict[int, AuthKey] = {}
        self._entities = EntityResolver(lambda: self._mb_entity_cache, lambda: self.session)
        self._invoker = self._make_invoker()
        self._pool = self._make_pool()
        self._update_engine: FollowsUpdates = self._make_update_engine()

    # -- components --------------------------------------------------------------------------------------------------

    def _make_invoker(self) -> RequestInvoker:
        log = self._log["telethon.client.users"]
        # Methods are looked up when they are needed, so that programs may put their own in their place.
        return RequestInvoker(
            flood=FloodWaitPolicy(self._clock, lambda seconds: self._sleep(seconds), log),
            server_errors=ServerErrorPolicy(lambda seconds: self._sleep(seconds), log),
            migrate=MigratePolicy(
                lambda dc: self._switch_dc(dc),
                lambda: self._is_authorized_here(),
                log,
                where=lambda: None if self.session is None else self.session.dc_id,
            ),
            learn=self._learn_entities,
            init_connection=self._with_init_connection,
            retries=self._request_retries,
            raise_last_error=self._raise_last_call_error,
            receive_updates=not self._no_updates,
            log=log,
        )

    def _make_pool(self) -> SenderPool:
        # As above: programs may replace how a connection is made.
        return SenderPool(
            lambda dc_id: self._create_exported_sender(dc_id),
            lambda dc_id: self._create_cdn_sender(dc_id),
            patience=lambda: _PATIENCE * (self._timeout or _DEFAULT_TIMEOUT),
            log=self._log["telethon.network.senderpool"],
        )

    def _make_update_engine(self) -> FollowsUpdates:
        return _IgnoredUpdates(self._updates_queue)

    def _new_sender(self, dc_id: int, auth_key: AuthKey | None, cdn: bool = False) -> MTProtoSender:
        """A sender, not connected yet, that goes to wherever a data centre is."""
        sender = MTProtoSender(
            auth_key,
            loggers=self._log,
            retries=self._connection_retries,
            delay=self._retry_delay,
            auto_reconnect=self._auto_reconnect,
            connect_timeout=self._timeout,
        )
        sender.dc_id = dc_id
        sender.is_test = self._is_test()
        # Keys of CDNs are thrown away by themselves, and stand for nobody.
        sender.use_pfs = self._use_pfs and not cdn
        sender.hello = None if cdn else self._hello
        if not self._is_mtproxy():
            sender.addresses = lambda: [(dc.ip_address, dc.port) for dc in self._options(dc_id, cdn)]
        return sender

    def _learn_entities(self, answer: object) -> Awaitable[None] | None:
        """Let the session know the users and chats in an answer; what comes back, if anything, is to be awaited."""
        if getattr(answer, "messages", None).__class__ is list:
            from telethon.client._updateentities import note_min_of

            note_min_of(self._mb_entity_cache, answer)
        session = self.session
        learnt = None if session is None else session.process_entities(answer)
        return None if learnt is None else maybe_await(learnt)

    async def _is_authorized_here(self) -> bool:
        if self._authorized is None:
            try:
                await self(functions.updates.GetStateRequest())
            except Exception as error:  # noqa: BLE001 - whatever it is, the request that needs to know it goes on
                self._log[__name__].debug("Not known to be logged in: %s", type(error).__name__)
                if isinstance(error, FloodError) or not isinstance(error, RPCError) or is_unknown_method(error):
                    # It says nothing about the account, which would be lost by moving when there is one.
                    return bool(self._mb_entity_cache.self_id)
                self._authorized = False
            else:
                self._authorized = True
        return self._authorized

    @property
    def _flood_waited_requests(self) -> dict[object, float]:
        """The flood waits that are known, by method and peer, with the monotonic time they end."""
        return self._invoker.flood.known

    # -- settings ----------------------------------------------------------------------------------------------------

    @property
    def flood_sleep_threshold(self) -> int:
        """Seconds; flood waits up to this long are slept through, longer ones are raised. At most a day; None is 0."""
        return self._flood_sleep_threshold

    @flood_sleep_threshold.setter
    def flood_sleep_threshold(self, value: int | None) -> None:
        check_seconds("flood_sleep_threshold", value)
        self._flood_sleep_threshold = min(value or 0, _ONE_DAY)

    @property
    def request_timeout(self) -> float | None:
        """Seconds within which each request must be answered, unless the call says otherwise; None for no limit."""
        return self._request_timeout

    @request_timeout.setter
    def request_timeout(self, value: float | None) -> None:
        self._request_timeout = check_timeout(value)

    def set_proxy(self, proxy: ProxyLike | None) -> None:
        """Use another proxy from the next connection on, be it a reconnection.

        Args:
            proxy: as in the constructor; None for none.

        Raises:
            ValueError: it is none that can be used; nothing changes then.

        Example:
            >>> client.set_proxy(("socks5", "127.0.0.1", 4444))
        """
        self._connection = self._connection_for(proxy)
        self._proxy = proxy
        self._tell_proxy()
        connection = getattr(self._sender, "_connection", None)
        if connection is None or self.session is None:
            return
        if type(connection) is not self._connection and (self._is_mtproxy() or hasattr(connection, "address_info")):
            # The one that is open stays in use until it breaks.
            self._sender._connection = self._new_connection()
        elif proxy or not self._is_mtproxy():
            connection._use_proxy(proxy)

    def _tell_proxy(self) -> None:
        """Name an MTProxy to Telegram, which is how the channel it promotes comes to be shown.

        Source: https://core.telegram.org/method/initConnection
        """
        address_info = getattr(self._connection, "address_info", None)
        if address_info is None or not self._proxy:
            self._init_request.proxy = None
        else:
            host, port = address_info(self._proxy)[:2]
            self._init_request.proxy = types.InputClientProxy(host, port)

    # -- connecting --------------------------------------------------------------------------------------------------

    async def _choose_server(self) -> None:
        """Point a new session, or one of the other address family, to where everybody begins."""
        address = self.session.server_address
        if not address or (":" in address) != self._use_ipv6:
            await maybe_await(
                self.session.set_dc(DEFAULT_DC_ID, DEFAULT_IPV6_IP if self._use_ipv6 else DEFAULT_IPV4_IP, DEFAULT_PORT)
            )
            await maybe_await(self.session.save())

    # -- left to other parts -----------------------------------------------------------------------------------------

    @abc.abstractmethod
    async def _update_loop(self) -> None:
        raise NotImplementedError

    @abc.abstractmethod
    async def _handle_auto_reconnect(self) -> None:
        raise NotImplementedError
