"""The client's way to data centres: where they are, moving to another, and connections to others beside the own.

Source: https://core.telegram.org/api/datacenter
"""

from __future__ import annotations

import abc
import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from telethon.client._await import maybe_await
from telethon.errors.rpcbaseerrors import BadRequestError
from telethon.tl import functions
from telethon.tl.alltlobjects import LAYER
from telethon.version import __version__

if TYPE_CHECKING:
    from telethon.client._loggers import Loggers
    from telethon.crypto import AuthKey
    from telethon.mtproto.salts import KeyState
    from telethon.network import Connection, MTProtoSender, SenderPool
    from telethon.tl import types
    from telethon.tl.tlobject import TLRequest

__all__ = ["DataCenterMethods"]

_LOGGER = "telethon.client.telegrambaseclient"
"""Where Telethon reports on data centres; programs set the level of it by that name."""


class DataCenterMethods(abc.ABC):
    """What a client does about data centres; `TelegramBaseClient` builds all that it stands on."""

    session: Any
    api_id: int

    _config: types.Config | None = None
    _cdn_config: types.CdnConfig | None = None

    _connection: type[Connection]
    _chosen_connection: type[Connection]
    _log: Loggers
    _pool: SenderPool
    _sender: MTProtoSender
    _use_ipv6: bool
    _proxy: Any
    _local_addr: str | tuple[str, int] | None
    _exported_sessions: dict[int, AuthKey]
    _cdn_keys: dict[int, AuthKey]
    _lock_for_programs: asyncio.Lock | None = None

    @abc.abstractmethod
    def __call__(self, request: Any, ordered: bool = False) -> Coroutine[Any, Any, Any]:
        """Send a request; see `UserMethods`."""
        raise NotImplementedError

    @abc.abstractmethod
    async def connect(self) -> None:
        """Connect to the data centre of the session."""
        raise NotImplementedError

    @abc.abstractmethod
    async def _disconnect(self) -> None:
        raise NotImplementedError

    @abc.abstractmethod
    def _new_sender(self, dc_id: int, auth_key: AuthKey | None, cdn: bool = False) -> MTProtoSender:
        raise NotImplementedError

    @abc.abstractmethod
    def _with_init_connection(self, request: TLRequest[Any]) -> TLRequest[Any]:
        raise NotImplementedError

    # -- the own one -------------------------------------------------------------------------------------------------

    async def _switch_dc(self, new_dc: int) -> None:
        """Connect to another data centre, with a new key; for the one the account lives in.

        Source: https://core.telegram.org/api/datacenter#user-migration
        """
        self._log[_LOGGER].info("Reconnecting to new data center %s", new_dc)
        dc = await self._get_dc(new_dc)
        await maybe_await(self.session.set_dc(dc.id, dc.ip_address, dc.port))
        await self._disconnect()
        # The key of one data centre means nothing to another.
        self._sender.auth_key = None
        self.session.auth_key = None
        await maybe_await(self.session.save())
        await self.connect()

    async def _auth_key_callback(self, auth_key: AuthKey | None) -> None:
        """Keep a key that was just made."""
        if self.session is None:
            return
        self.session.auth_key = auth_key
        await maybe_await(self.session.save())

    def _store_key_state(self, state: KeyState) -> Any:
        """Keep what is worth keeping with the key of the session's data centre; what comes back is to be awaited."""
        session = self.session
        connection = self._sender._connection
        if session is None or connection is None:
            return None
        # The session may lead to another one already.
        return session.set_key_state(connection._dc_id, state)

    def _store_other_key_state(self, dc_id: int, state: KeyState) -> Any:
        """As `_store_key_state`, for another data centre."""
        return None if self.session is None else self.session.set_key_state(dc_id, state)

    def _hello(self) -> TLRequest[Any]:
        """A request that does little but to introduce the client."""
        return self._with_init_connection(functions.help.GetNearestDcRequest())

    def _connection_for(self, proxy: object) -> type[Connection]:
        """The class of connections to use: the one that was chosen, unless the proxy needs another one.

        Raises:
            ValueError: no connection of that class can use the proxy.
        """
        chosen = self._chosen_connection
        if isinstance(proxy, str) and proxy:
            from telethon.network.connection.proxied import connection_for

            chosen = connection_for(chosen, proxy)
        if proxy and hasattr(chosen, "address_info"):
            # It tells all that is wrong with the proxy, and does nothing else.
            chosen("", 0, 0, loggers=self._log, proxy=proxy)
        return chosen

    def _new_connection(self) -> Connection:
        """A connection to where the session is, which is not open yet."""
        return self._connection(
            self.session.server_address,
            self.session.port,
            self.session.dc_id,
            loggers=self._log,
            proxy=self._proxy,
            local_addr=self._local_addr,
        )

    def _addresses(self) -> list[tuple[str, int]]:
        """Where the data centre of the session can be, best first."""
        from telethon.network import dcs

        options = dcs.from_options(self._config.dc_options) if self._config is not None else ()
        session = self.session
        if self._is_mtproxy() or session is None:
            # The connection goes to the proxy, wherever it leads from there.
            return []
        return dcs.places(
            session.server_address,
            session.port,
            session.dc_id,
            options,
            ipv6=self._use_ipv6,
            obfuscated=self._is_obfuscated(),
        )

    def _is_test(self) -> bool:
        """Whether the session is one of the test environment."""
        from telethon.network import dcs

        return self.session is not None and dcs.is_test(self.session.server_address)

    def _is_mtproxy(self) -> bool:
        return hasattr(self._connection, "address_info")

    def _is_obfuscated(self) -> bool:
        return getattr(self._connection, "obfuscated_io", None) is not None

    # -- where they are ----------------------------------------------------------------------------------------------

    async def _get_dc(self, dc_id: int, cdn: bool = False) -> types.DcOption:
        """Where to find a data centre.

        Raises:
            ValueError: Telegram names no address for it.
        """
        if self._config is None:
            self._config = await self(functions.help.GetConfigRequest())
            options = self._options(dc_id, cdn)
        else:
            options = self._options(dc_id, cdn)
            if not options:
                # It may be a new one.
                self._config = await self(functions.help.GetConfigRequest())
                options = self._options(dc_id, cdn)
        if not options:
            raise ValueError(f"Failed to get DC {dc_id} (cdn = {cdn}): the configuration of Telegram does not have it")
        if bool(options[0].ipv6) != self._use_ipv6:
            self._log[_LOGGER].warning(
                "DC %d has no address with use_ipv6 = %s; using the other kind", dc_id, self._use_ipv6
            )
        return options[0]

    def _options(self, dc_id: int, cdn: bool) -> list[types.DcOption]:
        """The known addresses of a data centre, best first."""
        found = [] if self._config is None else self._config.dc_options
        fitting = [dc for dc in found if dc.id == dc_id and bool(dc.cdn) == cdn]
        # More than files is asked of every connection, if only to let the account in.
        fitting = [dc for dc in fitting if not dc.media_only] or fitting
        obfuscated = self._is_obfuscated()
        return sorted(
            fitting,
            key=lambda dc: (
                bool(dc.ipv6) != self._use_ipv6,
                bool(dc.tcpo_only) and not obfuscated,
            ),
        )

    # -- connections to others ---------------------------------------------------------------------------------------

    async def _connect_sender(self, sender: MTProtoSender, dc: types.DcOption) -> None:
        await sender.connect(
            self._connection(
                dc.ip_address, dc.port, dc.id, loggers=self._log, proxy=self._proxy, local_addr=self._local_addr
            )
        )

    async def _create_exported_sender(self, dc_id: int) -> MTProtoSender:
        """A new connection to another data centre, logged in as the same account; the caller must disconnect it.

        Source: https://core.telegram.org/api/datacenter#file-access
        """
        dc = await self._get_dc(dc_id)
        is_home = self.session is not None and self.session.dc_id == dc_id
        key = self._sender.auth_key if is_home else await self._known_key(dc_id)
        sender = self._new_sender(dc_id, key)
        # One of an earlier run may be gone. As long as nobody is logged in with it, another one is as good.
        sender.key_is_worthless = not is_home
        if key and not is_home and self.session is not None:
            sender.key_state = await maybe_await(self.session.get_key_state(dc_id))
        if not is_home:
            sender.on_key_state = partial(self._store_other_key_state, dc_id)
        try:
            await self._connect_sender(sender, dc)
            if is_home:
                await sender.send(self._with_init_connection(functions.help.GetNearestDcRequest()))
            else:
                await self._import_authorization(sender, dc_id)
                await self._keep_key(dc_id, sender.auth_key)
                sender.key_is_worthless = False
        except BaseException:
            try:
                if not is_home:
                    # Whatever is wrong with it, another try shall not begin with the same key.
                    await self._keep_key(dc_id, None)
            finally:
                await sender.disconnect()
            raise
        return sender

    async def _known_key(self, dc_id: int) -> AuthKey | None:
        """The key with another data centre, of this run or of an earlier one."""
        key: AuthKey | None = self._exported_sessions.get(dc_id)
        if key is None and self.session is not None:
            key = await maybe_await(self.session.get_other_key(dc_id))
        return key

    async def _keep_key(self, dc_id: int, key: AuthKey | None) -> None:
        """Keep the key with another data centre for the next time, or forget it."""
        if key is None:
            self._exported_sessions.pop(dc_id, None)
        else:
            self._exported_sessions[dc_id] = key
        if self.session is not None:
            await maybe_await(self.session.set_other_key(dc_id, key))

    async def _import_authorization(self, sender: MTProtoSender, dc_id: int) -> None:
        """Let another data centre know who we are.

        Source: https://core.telegram.org/method/auth.exportAuthorization
        """
        for may_fail in (True, False):
            exported = await self(functions.auth.ExportAuthorizationRequest(dc_id))
            request = functions.auth.ImportAuthorizationRequest(exported.id, exported.bytes)
            try:
                await sender.send(self._with_init_connection(request))
            except BadRequestError as error:
                # What is exported is good for a short while only, and once.
                if not may_fail or type(error).__name__ != "AuthBytesInvalidError":
                    raise
            else:
                return

    async def _create_cdn_sender(self, dc_id: int) -> MTProtoSender:
        """A new connection to a CDN, which learns nothing about the account and is trusted with nothing.

        Source: https://core.telegram.org/cdn
        """
        from telethon.crypto.rsa import ServerKey

        dc = await self._get_dc(dc_id, cdn=True)
        known = self._cdn_config
        if known is None:
            known = self._cdn_config = await self(functions.help.GetCdnConfigRequest())
        keys = [ServerKey.from_pem(key.public_key) for key in known.public_keys if key.dc_id == dc_id]
        sender = self._new_sender(dc_id, self._cdn_keys.get(dc_id), cdn=True)
        sender.rsa_keys = {key.fingerprint: key for key in keys}
        # It may be deleted at any moment, and nothing is lost with it.
        sender.key_is_worthless = True
        sender.introduce = self._introduce_to_cdn
        sender.needs_introduction = True
        try:
            await self._connect_sender(sender, dc)
        except BaseException:
            self._cdn_keys.pop(dc_id, None)
            # The CDN may have another RSA key by now.
            self._cdn_config = None
            await sender.disconnect()
            raise
        self._cdn_keys[dc_id] = sender.auth_key
        return sender

    def _introduce_to_cdn(self, request: TLRequest[Any]) -> TLRequest[Any]:
        """*request* in a wrapping that names the layer, and nothing else that is true."""
        unknown = "n/a"
        return functions.InvokeWithLayerRequest(
            LAYER,
            functions.InitConnectionRequest(
                api_id=self.api_id,
                device_model=unknown,
                system_version=unknown,
                app_version=__version__,
                system_lang_code="en",
                lang_pack="",
                lang_code="en",
                query=request,
            ),
        )

    @property
    def _borrowed_senders(self) -> dict[int, Any]:
        """The connections to other data centres that are there now, as ``(how it is used, sender)``."""
        return dict(self._pool.senders)

    @property
    def _borrow_sender_lock(self) -> asyncio.Lock:
        """What programs hold while they make connections of their own with `_init_request`; nothing else does."""
        if self._lock_for_programs is None:
            self._lock_for_programs = asyncio.Lock()
        return self._lock_for_programs

    async def _borrow_exported_sender(self, dc_id: int) -> MTProtoSender:
        """A connection to another data centre that others may use too; give it back with `_return_exported_sender`."""
        return await self._pool.borrow(dc_id)

    async def _return_exported_sender(self, sender: MTProtoSender) -> None:
        """Give a borrowed connection back; it is closed when nobody wants it for a while."""
        await self._pool.give_back(sender)
