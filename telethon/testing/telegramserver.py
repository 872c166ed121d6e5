"""The test server as programs use it: the protocol half, the world behind it, and everything to arrange a test.

    async with TelegramTestServer() as server:
        user = server.create_user("Ann")
        bot = server.create_bot("Echo", "echo_bot")
        client = server.client(bot)
        ...

Everything is in memory and ends with the `async with` block. It listens on 127.0.0.1 only.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from telethon.testing._cdn import Cdn
from telethon.testing._creating import Creations
from telethon.testing._rsakey import cdn_key
from telethon.testing._trust import distrust, trust
from telethon.testing.dispatcher import Dispatcher, LoggedRequest
from telethon.testing.keyexchange import NewKey
from telethon.testing.server import TelegramServerCore
from telethon.testing.world.peerids import channel_peer, group_peer
from telethon.testing.world.records import Account, Channel, Group
from telethon.testing.world.world import Options, World

if TYPE_CHECKING:
    from telethon.client.telegramclient import TelegramClient
    from telethon.sessions.memory import MemorySession
    from telethon.testing._rpc import AuthKeyRecord, ClientSession
    from telethon.testing.actors import SimulatedBot, SimulatedUser
    from telethon.tl.tlobject import TLRequest

__all__ = ["ConnectionInfo", "TelegramTestServer"]

_H = TypeVar("_H", bound="Callable[..., Any]")

API_ID = 12345
API_HASH = "0123456789abcdef0123456789abcdef"


@dataclass(frozen=True)
class ConnectionInfo:
    """What a client of any kind needs to use the server.

    Attributes:
        api_id: the program's number.
        api_hash: the program's hash.
        addresses: host and port of each data centre.
        default_dc: the data centre to begin with.
        public_key_pem: the server's RSA key.
        fingerprint: the number that names the key in the protocol.
    """

    api_id: int
    api_hash: str
    addresses: dict[int, tuple[str, int]]
    default_dc: int
    public_key_pem: str
    fingerprint: int

    def as_dict(self) -> dict[str, Any]:
        """The same for JSON.

        ``fingerprint_text`` is the fingerprint once more, for languages in which a number cannot have 64 bits.
        """
        return {
            "api_id": self.api_id,
            "api_hash": self.api_hash,
            "addresses": {str(dc_id): list(address) for dc_id, address in self.addresses.items()},
            "default_dc": self.default_dc,
            "public_key_pem": self.public_key_pem,
            "fingerprint": self.fingerprint,
            "fingerprint_text": str(self.fingerprint),
        }


class TelegramTestServer(Creations, TelegramServerCore):
    """A Telegram in memory, for tests of programs that use it.

    Args:
        dcs: numbers of the data centres; the first of them that is 2, or else the first, is the default one.
        cdn_dcs: numbers of further data centres that are CDNs; what they have is arranged with `cdn`.
        api_id: number of the program that may use it.
        api_hash: its hash.
        options: how the server behaves where it has a choice.
        ports: where to listen, by data centre; by default at any free port.
        core: everything that `TelegramServerCore` takes besides the handler.

    Attributes:
        world: the data behind it; see `telethon.testing.world`.
        cdn: the files on its CDNs, and the harm they do.
        api_id: as given.
        api_hash: as given.

    Example:
        ```python
        async with TelegramTestServer() as server:
            client = server.client(server.create_user("Ann", phone="+99966 2 0001"))
            async with client:
                print(await client.get_me())
        ```
    """

    def __init__(
        self,
        *,
        dcs: Iterable[int] = (1, 2, 3, 4, 5),
        cdn_dcs: Iterable[int] = (),
        api_id: int = API_ID,
        api_hash: str = API_HASH,
        options: Options | None = None,
        ports: Mapping[int, int] | None = None,
        **core: Any,
    ) -> None:
        if options is not None and not isinstance(options, Options):
            raise TypeError(f"options are given as Options(...), not {type(options).__name__}")
        numbers = tuple(dcs)
        cdns = tuple(cdn_dcs)
        self.api_id = api_id
        self.api_hash = api_hash
        rand = core.get("rand")
        self.world = World(
            self._world_time,
            **({"rand": rand} if rand is not None else {}),
            dc_ids=numbers,
            api_id=api_id,
            api_hash=api_hash,
            options=options,
            cdn_dc_ids=cdns,
        )
        self.dispatcher = Dispatcher(self.world)
        self.default_dc = 2 if 2 in numbers else numbers[0]
        super().__init__(self.dispatcher, dcs=(*numbers, *cdns), **core)
        self.cdn = Cdn(self, self.world)
        if cdns:
            self._keys_of_dcs = dict.fromkeys(cdns, cdn_key())
            self.world.cdn.public_keys = {dc_id: key.pem for dc_id, key in self._keys_of_dcs.items()}
        self.ports.update(ports or {})
        self._simulated: dict[int, list[ClientSession]] = {}
        self._actors: dict[int, SimulatedUser] = {}
        self.world.sessions_of = self._all_sessions_of
        self.world.addresses = lambda: self.public_addresses

    def _world_time(self) -> int:
        # Before it is started there is no clock yet, but users can be made already.
        clock = getattr(self, "_clock", None) or getattr(self, "_given_clock", None)
        return int(self.now()) if getattr(self, "_clock", None) else int(clock.now().wall if clock else time.time())

    def _all_sessions_of(self, user_id: int) -> Iterable[ClientSession]:
        simulated = self._simulated.get(user_id)
        real = self.sessions_of(user_id)
        return chain(real, simulated) if simulated else real

    # -- life --------------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Listen, and let clients of this process trust the key of the server."""
        await super().start()
        trust(self.rsa_key.fingerprint, self.public_key_pem)

    async def stop(self) -> None:
        """Hang up on everybody; the key is no longer trusted."""
        running = bool(self._listeners)
        await super().stop()
        if running:
            distrust(self.rsa_key.fingerprint)

    async def __aenter__(self) -> TelegramTestServer:
        await self.start()
        return self

    # -- people, bots and rooms --------------------------------------------------------------------------------------

    def create_user(
        self,
        first_name: str = "Test",
        last_name: str = "",
        *,
        phone: str | None = None,
        username: str | None = None,
        password: str | None = None,
        dc_id: int | None = None,
    ) -> SimulatedUser:
        """A person. It can act by itself, or a client can log in as it.

        Args:
            first_name: the first name.
            last_name: the last name.
            phone: the phone number, by default one that is free.
            username: the username, without @.
            password: the two-step verification password.
            dc_id: the data centre it lives in, by default the server's.

        Raises:
            ValueError: phone number or username is taken, the number has no digits, or there is no such data centre.
        """
        from telethon.testing.actors import SimulatedUser

        if phone is not None and not any(map(str.isdigit, phone)):
            raise ValueError(f"a phone number has digits, and {phone!r} has none")
        account = self.world.create_user(
            first_name,
            last_name,
            phone=phone,
            username=username and username.removeprefix("@"),
            password=password,
            dc_id=dc_id if dc_id is not None else self.default_dc,
        )
        actor = self._actors[account.id] = SimulatedUser(self, account)
        return actor

    def create_bot(
        self,
        first_name: str = "Test Bot",
        username: str | None = None,
        *,
        inline: str | None = "Search...",
        dc_id: int | None = None,
        token: str | None = None,
    ) -> SimulatedBot:
        """A bot; its `token` is what a client logs in with.

        Args:
            first_name: the name.
            username: the username, without @; by default one that is free.
            inline: what is shown in the field for inline queries; None for a bot that takes none.
            dc_id: the data centre it lives in, by default the server's.
            token: the token, by default one that fits.

        Raises:
            ValueError: the username is taken, or there is no such data centre.
        """
        from telethon.testing.actors import SimulatedBot

        if username is None:
            number = sum(1 for account in self.world.accounts.values() if account.bot is not None) + 1
            username = f"test{number}_bot"
        account = self.world.create_bot(
            first_name,
            username.removeprefix("@"),
            dc_id=dc_id if dc_id is not None else self.default_dc,
            inline=inline,
            token=token,
        )
        actor = SimulatedBot(self, account)
        self._actors[account.id] = actor
        return actor

    def create_group(
        self,
        title: str,
        creator: SimulatedUser,
        members: Iterable[SimulatedUser] = (),
    ) -> Group:
        """A basic group.

        Args:
            title: its title.
            creator: who made it.
            members: who else is in it.
        """
        from telethon.testing.world import post
        from telethon.tl import types

        ids = [member.id for member in members]
        group = self.world.create_group(title, creator.id, ids)
        delivery = self.world.delivery()
        action = types.MessageActionChatCreate(title, ids)
        post.service(self.world, delivery, creator.account, group_peer(group.id), action)
        delivery.flush()
        return group

    def create_channel(
        self,
        title: str,
        creator: SimulatedUser,
        members: Iterable[SimulatedUser] = (),
        *,
        username: str | None = None,
        megagroup: bool = False,
        about: str = "",
    ) -> Channel:
        """A channel, or a supergroup.

        Args:
            title: its title.
            creator: who made it.
            members: who else is in it.
            username: under which it is public; None for a private one.
            megagroup: whether all members write in it.
            about: the text about it.

        Raises:
            ValueError: the username is taken.
        """
        from telethon.testing.world import post
        from telethon.tl import types

        channel = self.world.create_channel(title, creator.id, megagroup=megagroup, username=username, about=about)
        for member in members:
            self.world.enter(channel, member.id, creator.id)
        delivery = self.world.delivery()
        action = types.MessageActionChannelCreate(title)
        post.service(self.world, delivery, creator.account, channel_peer(channel.id), action)
        delivery.flush()
        return channel

    def actor(self, account: Account | int) -> SimulatedUser:
        """Whoever acts for an account: the one `create_user` or `create_bot` gave, or for others a new one.

        Args:
            account: the record of the account, or its ID.

        Raises:
            KeyError: there is no such account.
        """
        from telethon.testing.actors import SimulatedBot, SimulatedUser

        record = self.world.accounts[account] if isinstance(account, int) else account
        known = self._actors.get(record.id)
        if known is None:
            known = SimulatedBot(self, record) if record.bot is not None else SimulatedUser(self, record)
            self._actors[record.id] = known
        return known

    # -- pages, games and stickers -----------------------------------------------------------------------------------

    # -- logging in --------------------------------------------------------------------------------------------------

    def login_code(self, phone: str) -> str:
        """The code that was last sent to a phone number.

        Args:
            phone: the number, written in any way.

        Raises:
            LookupError: none was sent, or it was used.
        """
        digits = "".join(character for character in phone if character.isdigit())
        sent = self.world.logins.codes.get(digits)
        if sent is None:
            raise LookupError("no code is waiting for that number; ask for one with send_code_request first")
        return sent.code

    def email_code(self, user: SimulatedUser) -> str:
        """The code that was last sent to the e-mail address of somebody, to confirm it or to recover the password.

        Args:
            user: whose address.

        Raises:
            LookupError: none was sent, or it was used.
        """
        from telethon.testing.services.passwords import sent_code

        code = sent_code(user.account)
        if code is None:
            raise LookupError("no code is waiting at that address; set one with edit_2fa(email=...) first")
        return code

    def connection_info(self) -> ConnectionInfo:
        """What a client needs to use the server.

        Raises:
            RuntimeError: the server was not started.
        """
        if not self._listeners:
            raise RuntimeError("the server was not started; use it with `async with`, or call start")
        return ConnectionInfo(
            self.api_id,
            self.api_hash,
            {dc_id: address for dc_id, address in self.public_addresses.items() if dc_id in self.world.dc_ids},
            self.default_dc,
            self.public_key_pem,
            self.rsa_key.fingerprint,
        )

    def authorize(self, user: SimulatedUser) -> AuthKeyRecord:
        """An authorization key with which an account is logged in, without any log-in.

        Args:
            user: who is logged in.
        """
        auth_key = self.rand(256)
        key_id = hashlib.sha1(auth_key).digest()[12:]
        salt = int.from_bytes(self.rand(8), "little", signed=True)
        record = self.add_key(user.account.dc_id, NewKey(auth_key, key_id, salt, None)).record
        self.world.logins.enter(record, user.account)
        return record

    def client_session(self, user: SimulatedUser | None = None) -> MemorySession:
        """A session that leads to this server.

        Args:
            user: who is logged in with it; None for nobody.

        Raises:
            RuntimeError: the server was not started.
            TypeError: *user* is nobody of a server.
            ValueError: *user* is somebody of another server.
        """
        from telethon.crypto import AuthKey
        from telethon.sessions import MemorySession
        from telethon.testing.actors import SimulatedUser

        if not self._listeners:
            raise RuntimeError("the server was not started; use it with `async with`, or call start")
        if user is not None:
            if not isinstance(user, SimulatedUser):
                raise TypeError(f"a session is that of what create_user or create_bot gave, not {type(user).__name__}")
            if user.server is not self:
                raise ValueError(f"{user!r} is on another server")
        session = MemorySession()
        dc_id = user.account.dc_id if user is not None else self.default_dc
        session.set_dc(dc_id, *self.public_addresses[dc_id])
        if user is not None:
            session.auth_key = AuthKey(self.authorize(user).auth_key)
        return session

    def client(self, user: SimulatedUser | None = None, **kwargs: Any) -> TelegramClient:
        """A client that talks to this server, ready for `connect`.

        Args:
            user: the person or bot it is logged in as; None for a client that still has to log in.
            kwargs: whatever `TelegramClient` takes; `session` may be one made with `client_session`.

        Raises:
            RuntimeError: the server was not started.
            TypeError: *user* is nobody of a server.
            ValueError: *user* is somebody of another server.

        Example:
            ```python
            client = server.client(bot)
            client.add_event_handler(on_message, events.NewMessage)
            await client.connect()
            ```
        """
        from telethon.client.telegramclient import TelegramClient

        kwargs.setdefault("timeout", 5)
        kwargs.setdefault("retry_delay", 0.05)
        session = kwargs.pop("session", None)
        if session is None:
            session = self.client_session(user)
        return TelegramClient(
            session, kwargs.pop("api_id", self.api_id), kwargs.pop("api_hash", self.api_hash), **kwargs
        )

    # -- requests ----------------------------------------------------------------------------------------------------

    @property
    def requests(self) -> deque[LoggedRequest]:
        """The requests that clients made, oldest first; `clear` empties the list."""
        return self.dispatcher.requests

    def on(self, request: type[TLRequest[Any]]) -> Callable[[_H], _H]:
        """Answer a request with a function of one's own.

        The function gets the request and a `telethon.testing._call.Call`, may be a coroutine function, and returns the
        answer or raises `RpcFault`. Returning `NotImplemented` leaves that request to the server.

        Args:
            request: the class of the request.

        Example:
            ```python
            @server.on(functions.messages.GetStickerSetRequest)
            def stickers(request, call):
                raise RpcFault(400, "STICKERSET_INVALID")
            ```
        """
        return self.dispatcher.on(request)

    # -- what may happen ---------------------------------------------------------------------------------------------

    def expire_file_references(self) -> None:
        """Let all file references that were given out so far expire."""
        self.world.files.generation += 1

    def deliver_scheduled(self) -> None:
        """Send the scheduled messages whose time has come; it also happens before each request."""
        from telethon.testing.services._scheduled import send_due

        send_due(self.world)

    def add_simulated(self, user_id: int, session: ClientSession) -> None:
        """Let a session that is no connection take part; actors use it."""
        self._simulated.setdefault(user_id, []).append(session)
