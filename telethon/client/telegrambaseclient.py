"""Construction, settings and the connection: what every other part of the client stands on."""

from __future__ import annotations

import abc
import asyncio
import copy
from collections import defaultdict
from collections.abc import Awaitable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from telethon import utils
from telethon._core.clock import Clock
from telethon._updates import EntityCache
from telethon.client._await import maybe_await
from telethon.client._datacenters import DataCenterMethods
from telethon.client._deadline import check_timeout
from telethon.client._entities import EntityResolver
from telethon.client._invoker import RequestInvoker
from telethon.client._loggers import Loggers
from telethon.client._policies import FloodWaitPolicy, MigratePolicy, ServerErrorPolicy
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
from telethon.helpers import get_running_loop
from telethon.network import ConnectionTcpFull, MTProtoSender, SenderPool
from telethon.network.system import RunningClock
from telethon.tl import functions, types
from telethon.tl.alltlobjects import LAYER
from telethon.tl.tlobject import TLRequest
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


class _UpdateEngine(Protocol):
    """What the connection needs of whoever handles updates."""

    async def start(self) -> None:
        """Begin, now that the server knows the client."""

    async def stop(self) -> None:
        """End, and leave in the session what is needed to go on later."""

    async def on_login(self, user: types.User) -> None:
        """Somebody has logged in."""


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

    async def _drain(self) -> None:
        while True:
            await self._queue.get()


class TelegramBaseClient(DataCenterMethods):
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
        self._exported_sessions: dict[int, AuthKey] = {}
        self._cdn_keys: dict[int, AuthKey] = {}
        self._entities = EntityResolver(lambda: self._mb_entity_cache, lambda: self.session)
        self._invoker = self._make_invoker()
        self._pool = self._make_pool()
        self._update_engine: _UpdateEngine = self._make_update_engine()

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

    def _make_update_engine(self) -> _UpdateEngine:
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

    async def _sleep(self, seconds: float) -> None:
        """Wait; every pause of the client goes through here, so that tests may make time pass by themselves.

        Raises:
            ConnectionError: the client was disconnected, so that there is nothing to wait for any more.
        """
        if self._has_ended:
            raise ConnectionError("The client is disconnected, so there is nothing to wait for")
        pause = asyncio.ensure_future(asyncio.sleep(seconds))
        self._pauses.add(pause)
        # Programs put senders of their own in its place.
        ended: Any = getattr(self._sender, "_disconnected", None)
        end = partial(_end_if_lost, pause)
        if ended is not None:
            ended.add_done_callback(end)
        try:
            await asyncio.wait((pause,))
        finally:
            if ended is not None:
                ended.remove_done_callback(end)
            self._pauses.discard(pause)
            is_ended = not pause.done() or pause.cancelled()
            pause.cancel()
        if is_ended:
            raise ConnectionError("The client was disconnected while a request waited until it could be sent again")

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
            except Exception as error:  # noqa: BLE001 - any failure means that nobody is logged in here
                self._log[__name__].debug("Not logged in: %s", type(error).__name__)
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
    def loop(self) -> asyncio.AbstractEventLoop:
        """The event loop in which the client works: the running one, or outside of any the one it would use.

        Example:
            >>> client.loop.run_until_complete(client.connect())
        """
        return get_running_loop()

    @property
    def disconnected(self) -> asyncio.Future[None]:
        """A future that is done when the connection ends for good; it holds the error if there was one.

        Example:
            >>> await client.disconnected
        """
        return self._sender.disconnected

    @property
    def flood_sleep_threshold(self) -> int:
        """Seconds; flood waits up to this long are slept through, longer ones are raised. At most a day; None is 0."""
        return self._flood_sleep_threshold

    @flood_sleep_threshold.setter
    def flood_sleep_threshold(self, value: int | None) -> None:
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

    async def connect(self) -> None:
        """Connect to Telegram. Whether somebody is logged in is another matter, see `is_user_authorized`.

        Raises:
            ConnectionError: no try succeeded.
            ValueError: the client has logged out, which ends its session.
            RuntimeError: the client was connected before in another event loop.

        Example:
            >>> await client.connect()

        Network: a key exchange for a new session, and one request that introduces the client.
        Source: https://core.telegram.org/mtproto/auth_key
        """
        if self.session is None:
            raise ValueError(
                "TelegramClient instance cannot be reused after logging out; make a new one with a new session"
            )
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        else:
            self._check_loop()

        self._has_ended = False
        await self._choose_server()
        self._sender.auth_key = self.session.auth_key or self._sender.auth_key
        self._sender.key_state = await maybe_await(self.session.get_key_state(self.session.dc_id))
        self._sender.is_test = self._is_test()
        connection = self._new_connection()
        if not await self._sender.connect(connection):
            return
        try:
            await self._auth_key_callback(self._sender.auth_key)
            await self._remember_self()
            config = await self._sender.send(self._with_init_connection(functions.help.GetConfigRequest()))
            if isinstance(config, types.Config):
                self._config = config
            await self._update_engine.start()
        except BaseException:
            # Whoever is told that connecting failed, or gives it up, must not be left with half a connection.
            await self._disconnect()
            raise

    async def _choose_server(self) -> None:
        """Point a new session, or one of the other address family, to where everybody begins."""
        address = self.session.server_address
        if not address or (":" in address) != self._use_ipv6:
            await maybe_await(
                self.session.set_dc(DEFAULT_DC_ID, DEFAULT_IPV6_IP if self._use_ipv6 else DEFAULT_IPV4_IP, DEFAULT_PORT)
            )
            await maybe_await(self.session.save())

    async def _remember_self(self) -> None:
        """Take the own account from the session: it is stored as entity 0 whose hash is the own id."""
        try:
            own = await maybe_await(self.session.get_input_entity(0))
            me = await maybe_await(self.session.get_input_entity(own.access_hash))
        except (ValueError, AttributeError):
            return
        if isinstance(me, types.InputPeerUser):
            self._mb_entity_cache.set_self_user(me.user_id, None, me.access_hash)

    async def _store_self(self) -> None:
        """Let the session know whose it is, in the form `_remember_self` reads."""
        own_id = self._mb_entity_cache.self_id
        if own_id and self.session is not None:
            own: Any = types.InputPeerUser(0, own_id)
            # Any answer with users in it would do; sessions read nothing else of it.
            answer = types.contacts.ResolvedPeer(types.PeerUser(own_id), [], [own])
            await maybe_await(self.session.process_entities(answer))

    def _with_init_connection(self, request: TLRequest[_T]) -> TLRequest[_T]:
        """*request* in the wrapping that tells the server who is asking and in which layer.

        Source: https://core.telegram.org/api/invoking#saving-client-info
        """
        init = copy.copy(self._init_request)
        init.query = request
        inner: TLRequest[Any] = functions.InvokeWithoutUpdatesRequest(init) if self._no_updates else init
        return functions.InvokeWithLayerRequest(LAYER, inner)

    def _check_loop(self) -> None:
        if self._loop is not None and self._loop is not asyncio.get_running_loop():
            raise RuntimeError(
                "The asyncio event loop must not change after connection: the client was connected in another "
                "loop than the one that runs now. Use one asyncio.run() for everything, or a client for each loop"
            )

    def is_connected(self) -> bool:
        """Whether the user has connected; also True while a lost connection is being made again.

        Example:
            >>> if not client.is_connected():
            ...     await client.connect()
        """
        sender = getattr(self, "_sender", None)
        return bool(sender and sender.is_connected())

    # Typed as `start` is: whether there is something to await depends on where it is called.
    def disconnect(self) -> Any:
        """Disconnect, save the session and close it. The client may connect again later.

        Inside a running event loop the work has begun when this returns, and can be awaited; outside, it is done.
        The handlers of events that still run are cancelled, except the one that calls this, which may await it.

        Returns:
            Inside a running event loop a future to await; outside None.

        Example:
            >>> await client.disconnect()
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = self._loop or self.loop
            if loop.is_closed():
                # Its connections are gone with the loop; what is left to do needs none.
                loop = self.loop
            if not loop.is_closed():
                loop.run_until_complete(self._disconnect_coro())
            return None
        caller = asyncio.current_task(loop)
        if caller in self._event_handler_tasks and caller not in self._leaving:
            self._leaving.add(caller)
            caller.add_done_callback(self._leaving.discard)
        # A task of its own and shielded: the caller may be cancelled on the way.
        return asyncio.shield(loop.create_task(self._disconnect_coro()))

    async def _disconnect_coro(self) -> None:
        if self.session is None:
            return
        self._has_ended = True
        for pause in self._pauses:
            pause.cancel()
        await self._disconnect()
        await self._pool.close()
        # A handler that disconnects has asked for this, maybe while the program does the same.
        spared = {*self._leaving, asyncio.current_task()}
        handlers = [task for task in self._event_handler_tasks if task not in spared]
        for task in handlers:
            task.cancel()
        if handlers:
            await asyncio.wait(handlers)
            self._event_handler_tasks.difference_update(handlers)
        await maybe_await(self.session.save())
        await maybe_await(self.session.close())

    async def _disconnect(self) -> None:
        """End the connection and the handling of updates; the session stays open."""
        await self._update_engine.stop()
        await self._sender.disconnect()

    # -- left to other parts -----------------------------------------------------------------------------------------

    @abc.abstractmethod
    async def _update_loop(self) -> None:
        raise NotImplementedError

    @abc.abstractmethod
    async def _handle_auto_reconnect(self) -> None:
        raise NotImplementedError


def _end_if_lost(pause: asyncio.Future[None], ended: asyncio.Future[None]) -> None:
    """Nobody shall wait for the time to send something over a connection that was lost for good."""
    # Without an error it was ended by the client, which may be about to go on in another data centre.
    if not ended.cancelled() and ended.exception() is not None:
        pause.cancel()
