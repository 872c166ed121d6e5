"""Construction, settings, and what happens around the connection, with a scripted one."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from telethon import TelegramClient, errors
from telethon.client import telegrambaseclient as base
from telethon.sessions import MemorySession, SQLiteSession
from telethon.tl import functions, types
from telethon.tl.alltlobjects import LAYER


def client(**options: Any) -> Any:
    return TelegramClient(None, 1, "hash", **options)


# -- construction ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("api_id", "api_hash"), [(0, "a"), (None, "a"), (1, ""), (1, None)])
def test_api_id_and_hash_are_needed(api_id, api_hash):
    with pytest.raises(ValueError, match="API ID or Hash cannot be empty or None"):
        TelegramClient(None, api_id, api_hash)


def test_api_id_becomes_a_number():
    assert TelegramClient(None, "12", "a").api_id == 12  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"api_id is a number, such as 12345, and this is none$"):
        TelegramClient(None, "x", "a")  # type: ignore[arg-type]


def test_kinds_of_session(tmp_path):
    assert type(TelegramClient(None, 1, "a").session) is MemorySession
    own = MemorySession()
    assert TelegramClient(own, 1, "a").session is own
    for name in (str(tmp_path / "one"), tmp_path / "two"):
        made = TelegramClient(name, 1, "a")
        assert type(made.session) is SQLiteSession
        assert Path(f"{name}.session").exists()
        made.session.close()
    with pytest.raises(TypeError, match="session must be a str or a Session instance"):
        TelegramClient(5, 1, "a")  # type: ignore[arg-type]


def test_needs_no_loop():
    made = client()
    assert not made.is_connected()
    assert made._self_id is None


@pytest.mark.parametrize(("given", "kept"), [(60, 60), (None, 0), (0, 0), (10**9, 86400), (86401, 86400)])
def test_flood_sleep_threshold(given, kept):
    made = client(flood_sleep_threshold=given)
    assert made.flood_sleep_threshold == kept
    made.flood_sleep_threshold = 5
    assert made.flood_sleep_threshold == 5


def test_device():
    told = client(device_model="Toaster", system_version="1", app_version="2", lang_code="de", system_lang_code="fr")
    request = told._init_request
    assert (request.device_model, request.system_version, request.app_version) == ("Toaster", "1", "2")
    assert (request.lang_code, request.system_lang_code, request.lang_pack) == ("de", "fr", "")
    request = client()._init_request
    assert request.device_model
    assert request.system_version
    assert request.app_version == TelegramClient.__version__ == "1.45.0"


def test_loggers_hang_below_one_root():
    assert client()._log["telethon.client.users"].name == "telethon.client.users"
    assert client(base_logger="mine")._log["telethon.client.users"].name == "mine.client.users"
    root = logging.getLogger("other")
    assert client(base_logger=root)._log["telethon.network"].name == "other.network"


@pytest.mark.parametrize(
    ("address", "use_ipv6", "fits"),
    [
        ("1.2.3.4", False, True),
        (("1.2.3.4", 5), False, True),
        ("::1", True, True),
        ("::1", False, False),
        ("1.2.3.4", True, False),
    ],
)
def test_local_address(address, use_ipv6, fits):
    if fits:
        assert client(local_addr=address, use_ipv6=use_ipv6)._local_addr == address
    else:
        with pytest.raises(TypeError, match=r"local IPv. address is needed"):
            client(local_addr=address, use_ipv6=use_ipv6)


def test_connection_is_a_class():
    with pytest.raises(TypeError, match="connection must be a class"):
        client(connection=3)


def test_retries():
    made = client(request_retries=None, connection_retries=None, retry_delay=None)
    assert (made._request_retries, made._connection_retries, made._retry_delay) == (-1, -1, 0)


def test_loop_before_connecting_is_the_one_used_later():
    made = client()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        assert made.loop is loop
    finally:
        asyncio.set_event_loop(None)
        loop.close()


def test_subclass_that_skips_the_constructor():
    class Lazy(TelegramClient):
        def __init__(self) -> None:
            self.mine = 5

    assert Lazy().is_connected() is False


# -- connecting --------------------------------------------------------------------------------------------------------

OPTIONS = [
    types.DcOption(2, "1.2.3.2", 443),
    types.DcOption(4, "1.2.3.4", 443),
    types.DcOption(4, "1.2.3.5", 443, media_only=True),
    types.DcOption(4, "::4", 443, ipv6=True),
    types.DcOption(5, "::5", 443, ipv6=True),
    types.DcOption(203, "1.2.3.203", 443, cdn=True),
]


def config() -> types.Config:
    made = types.Config.__new__(types.Config)
    made.dc_options = OPTIONS
    return made


def innermost(request: Any) -> Any:
    while hasattr(type(getattr(request, "query", None)), "CONSTRUCTOR_ID"):
        request = request.query
    return request


class Network:
    """Stands for the sender: takes connections, answers requests from a script."""

    def __init__(self) -> None:
        self.auth_key: Any = "old key"
        self.sent: list[Any] = []
        self.connections: list[Any] = []
        self.config_error: BaseException | None = None
        self.connected = False

    def is_connected(self) -> bool:
        return self.connected

    async def connect(self, connection: Any) -> bool:
        if self.connected:
            return False
        self.connections.append((connection._ip, connection._port, connection._dc_id))
        self.auth_key = self.auth_key or "new key"
        self.connected = True
        return True

    async def disconnect(self) -> None:
        self.connected = False

    def send(self, request: Any, ordered: bool = False) -> Any:
        self.sent.append(request)
        future = asyncio.get_running_loop().create_future()
        inner = innermost(request)
        if isinstance(inner, functions.help.GetConfigRequest):
            if self.config_error is None:
                future.set_result(config())
            else:
                future.set_exception(self.config_error)
        elif isinstance(inner, functions.help.GetCdnConfigRequest):
            future.set_result(types.CdnConfig([]))
        else:
            future.set_exception(errors.AuthKeyUnregisteredError(request))
        return future


class Engine:
    def __init__(self) -> None:
        self.steps: list[str] = []

    async def start(self) -> None:
        self.steps.append("start")

    async def stop(self) -> None:
        self.steps.append("stop")

    async def on_login(self, user: Any) -> None:
        self.steps.append(f"login {user.id}")


class Remembering(MemorySession):
    """A session that notes what is done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[str] = []

    def save(self) -> None:
        self.steps.append("save")

    def close(self) -> None:
        self.steps.append("close")


def wired(session: Any = None, **options: Any) -> Any:
    made: Any = TelegramClient(session or Remembering(), 1, "hash", **options)
    made._sender = Network()
    made._update_engine = Engine()
    return made


async def test_connects_to_a_server_that_does_not_know_the_configuration(caplog):
    made = wired()
    made._sender.config_error = errors.BadRequestError(None, "INPUT_METHOD_INVALID_3304659051", 400)
    await made.connect()
    assert made.is_connected()
    assert made._update_engine.steps == ["start"]
    assert "help.getConfig" in caplog.text


@pytest.mark.parametrize(
    "error", [errors.BadRequestError(None, "CONNECTION_LAYER_INVALID", 400), errors.AuthKeyDuplicatedError(None)]
)
async def test_an_introduction_that_is_refused_ends_the_connection(error):
    made = wired()
    made._sender.config_error = error
    with pytest.raises(type(error)):
        await made.connect()
    assert not made.is_connected()
    assert "start" not in made._update_engine.steps


async def test_connect_introduces_the_client():
    made = wired()
    await made.connect()
    assert made.is_connected()
    assert made._sender.connections == [(base.DEFAULT_IPV4_IP, base.DEFAULT_PORT, base.DEFAULT_DC_ID)]
    assert made.session.auth_key == "old key"
    (request,) = made._sender.sent
    assert isinstance(request, functions.InvokeWithLayerRequest)
    assert request.layer == LAYER
    assert isinstance(request.query, functions.InitConnectionRequest)
    assert isinstance(request.query.query, functions.help.GetConfigRequest)
    assert made._update_engine.steps == ["start"]
    assert made._config.dc_options == OPTIONS
    await made.connect()
    assert len(made._sender.sent) == 1, "a second call finds everything done"


async def test_connect_without_updates():
    made = wired(receive_updates=False)
    await made.connect()
    assert isinstance(made._sender.sent[0].query, functions.InvokeWithoutUpdatesRequest)


async def test_connect_by_ipv6_moves_the_session():
    session = Remembering()
    session.set_dc(2, "1.2.3.4", 80)
    made = wired(session, use_ipv6=True)
    await made.connect()
    assert session.server_address == base.DEFAULT_IPV6_IP


async def test_connect_keeps_where_the_session_is():
    session = Remembering()
    session.set_dc(4, "1.2.3.4", 80)
    made = wired(session)
    await made.connect()
    assert made._sender.connections == [("1.2.3.4", 80, 4)]


async def test_own_account_is_taken_from_the_session():
    session = Remembering()
    first = wired(session)
    first._mb_entity_cache.set_self_user(5, False, 50)
    await first._on_login(types.User(id=5, access_hash=50))
    session.process_entities([types.User(id=5, access_hash=50)])
    assert first._update_engine.steps == ["login 5"]
    second = wired(session)
    await second.connect()
    assert second._self_id == 5
    assert await second.get_me(input_peer=True) == types.InputPeerUser(5, 50)


async def test_sessions_may_be_asynchronous():
    class Slow(Remembering):
        async def set_dc(self, *where: Any) -> None:  # type: ignore[override]
            super().set_dc(*where)

        async def save(self) -> None:  # type: ignore[override]
            self.steps.append("save")

        async def close(self) -> None:  # type: ignore[override]
            self.steps.append("close")

        async def get_input_entity(self, key: Any) -> Any:
            return super().get_input_entity(key)

    made = wired(Slow())
    await made.connect()
    await made.disconnect()
    assert made.session.steps[-2:] == ["save", "close"]


async def test_another_loop_is_refused():
    made = wired()
    made._loop = other = asyncio.new_event_loop()
    with pytest.raises(RuntimeError, match="event loop must not change"):
        await made.connect()
    other.close()


# -- disconnecting -----------------------------------------------------------------------------------------------------


async def test_disconnect_works_without_being_awaited():
    made = wired()
    await made.connect()
    future = made.disconnect()
    assert isinstance(future, asyncio.Future)
    for _ in range(10):
        await asyncio.sleep(0)
    assert not made.is_connected()
    assert made._update_engine.steps == ["start", "stop"]
    assert made.session.steps[-2:] == ["save", "close"]


@pytest.mark.parametrize("broken", ["engine", "session"])
async def test_whatever_fails_while_disconnecting_the_rest_is_done(broken):
    made = wired()
    await made.connect()
    handler = asyncio.ensure_future(asyncio.sleep(3600))
    made._event_handler_tasks.add(handler)

    def fail() -> Any:
        raise OSError("the disk is full")

    async def fail_later() -> None:
        fail()

    if broken == "engine":
        made._update_engine.stop = fail_later
    else:
        made.session.save = fail
    with pytest.raises(OSError, match="disk is full"):
        await made.disconnect()
    assert not made._sender.connected
    assert handler.cancelled()
    assert made.session.steps[-1] == "close"


async def test_disconnecting_goes_on_when_nobody_keeps_what_it_gave():
    made = wired()
    await made.connect()
    made.disconnect()
    (task,) = made._disconnecting
    await asyncio.wait([task])
    assert made._disconnecting == set()
    assert not made._sender.connected


async def test_E4_the_end_of_a_log_in_is_not_told_of_the_next_connection():
    made = wired()
    await made.connect()
    made._authorized = True
    made._on_login_lost(errors.SessionRevokedError(None))
    assert isinstance(made._updates_error, errors.SessionRevokedError)
    assert made._authorized is None, "it has to be asked again"
    await made.disconnect()
    await made.connect()
    assert made._updates_error is None
    await made.disconnect()


async def test_disconnect_in_a_handler_does_not_cancel_itself():
    made = wired()
    await made.connect()
    finished: list[str] = []

    async def handler() -> None:
        await made.disconnect()
        finished.append("handler")

    async def other() -> None:
        try:
            await asyncio.sleep(3600)
        finally:
            finished.append("other")

    task = asyncio.ensure_future(handler())
    made._event_handler_tasks.update({task, asyncio.ensure_future(other())})
    task.add_done_callback(made._event_handler_tasks.discard)
    await asyncio.wait([task])
    for _ in range(10):
        await asyncio.sleep(0)
    assert "other" in finished
    assert not made.is_connected()
    assert made.session.steps[-1] == "close"


def test_everything_works_outside_a_loop():
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        made = wired()
        made.loop.run_until_complete(made.connect())
        assert made.is_connected()
        assert made.disconnect() is None
        assert not made.is_connected()
    finally:
        asyncio.set_event_loop(None)
        loop.close()


async def test_reconnecting_after_disconnecting():
    made = wired()
    for _ in range(2):
        await made.connect()
        assert made.is_connected()
        await made.disconnect()
        assert not made.is_connected()
    assert made._update_engine.steps == ["start", "stop"] * 2


# -- data centres ------------------------------------------------------------------------------------------------------


async def test_where_data_centres_are(caplog):
    made = wired()
    await made.connect()
    assert (await made._get_dc(4)).ip_address == "1.2.3.4"
    assert (await made._get_dc(203, cdn=True)).ip_address == "1.2.3.203"
    assert (await made._get_dc(5)).ip_address == "::5", "another kind of address is better than none"
    for missing in ((9, False), (4, True)):
        with pytest.raises(ValueError, match=f"Failed to get DC {missing[0]}"):
            await made._get_dc(*missing)


async def test_switching_makes_a_new_key():
    made = wired()
    await made.connect()
    await made._switch_dc(4)
    assert made._sender.connections[-1] == ("1.2.3.4", 443, 4)
    assert made.session.auth_key == "new key"
    assert (made.session.dc_id, made.session.server_address) == (4, "1.2.3.4")
    assert made._update_engine.steps == ["start", "stop", "start"]


async def test_addresses_for_files_only_are_the_last_resort():
    made = wired()
    made._config = SimpleNamespace(
        dc_options=[
            types.DcOption(4, "1.1.1.1", 443, media_only=True),
            types.DcOption(4, "::1", 443, ipv6=True),
            types.DcOption(5, "5.5.5.5", 443, media_only=True),
        ]
    )
    assert [dc.ip_address for dc in made._options(4, False)] == ["::1"]
    assert [dc.ip_address for dc in made._options(5, False)] == ["5.5.5.5"]


async def test_configuration_belongs_to_one_client():
    made = wired()
    await made.connect()
    assert TelegramClient._config is None


async def test_connecting_that_fails_leaves_nothing_behind():
    made = wired()

    async def refuse() -> None:
        raise errors.AuthKeyDuplicatedError(None)

    made._update_engine.start = refuse
    with pytest.raises(errors.AuthKeyDuplicatedError):
        await made.connect()
    assert not made.is_connected()


# -- other data centres ------------------------------------------------------------------------------------------------


class Elsewhere(Network):
    """The sender of another data centre."""

    made: list[Elsewhere] = []

    def __init__(self, auth_key: Any, **options: Any) -> None:
        super().__init__()
        self.auth_key = auth_key
        self.options = options
        self.answers: list[Any] = []
        Elsewhere.made.append(self)

    def send(self, request: Any, ordered: bool = False) -> Any:
        self.sent.append(request)
        future = asyncio.get_running_loop().create_future()
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
        return future


class Home(Network):
    """The sender of the own data centre; exports whatever is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: list[Any] = []

    def send(self, request: Any, ordered: bool = False) -> Any:
        inner = innermost(request)
        if isinstance(inner, functions.auth.ExportAuthorizationRequest):
            self.sent.append(request)
            answer: Any = types.auth.ExportedAuthorization(inner.dc_id, b"proof")
        elif isinstance(inner, functions.help.GetCdnConfigRequest):
            self.sent.append(request)
            answer = types.CdnConfig(self.keys)
        else:
            return super().send(request, ordered)
        future = asyncio.get_running_loop().create_future()
        future.set_result(answer)
        return future


@pytest.fixture
def elsewhere(monkeypatch) -> list[Any]:
    Elsewhere.made = []
    monkeypatch.setattr(base, "MTProtoSender", Elsewhere)
    return Elsewhere.made


async def at_home(**options: Any) -> Any:
    session = Remembering()
    session.set_dc(2, "1.2.3.2", 443)
    made = wired(session, **options)
    made._sender = Home()
    await made.connect()
    return made


async def test_borrowed_sender_is_logged_in_by_an_export(elsewhere):
    made = await at_home()
    del elsewhere[:]
    sender = await made._borrow_exported_sender(4)
    assert elsewhere == [sender]
    assert sender.connections == [("1.2.3.4", 443, 4)]
    assert sender.dc_id == 4
    assert sender.addresses() == [("1.2.3.4", 443), ("::4", 443)]
    (request,) = sender.sent
    assert isinstance(request, functions.InvokeWithLayerRequest)
    imported = innermost(request)
    assert isinstance(imported, functions.auth.ImportAuthorizationRequest)
    assert (imported.id, imported.bytes) == (4, b"proof")
    assert await made._borrow_exported_sender(4) is sender
    assert made._borrowed_senders[4][1] is sender
    await made._return_exported_sender(sender)
    await made._return_exported_sender(sender)
    await made.disconnect()
    assert not sender.is_connected()


async def test_key_of_another_data_centre_is_used_again(elsewhere):
    made = await at_home()
    first = await made._create_exported_sender(4)
    assert made._exported_sessions == {4: "new key"}
    second = await made._create_exported_sender(4)
    assert (first.options["loggers"], second.auth_key) == (made._log, "new key")
    second.answers = [errors.AuthKeyUnregisteredError(None)]
    await made.disconnect()


async def test_F5_export_is_repeated_when_it_came_too_late(elsewhere, monkeypatch):
    made = await at_home()
    original = Elsewhere.connect

    async def connect(self: Any, connection: Any) -> bool:
        self.answers = list(script)
        return await original(self, connection)

    monkeypatch.setattr(Elsewhere, "connect", connect)
    script: list[Any] = [errors.AuthBytesInvalidError(None), None]
    sender = await made._create_exported_sender(4)
    assert len(sender.sent) == 2
    script = [errors.AuthBytesInvalidError(None), errors.AuthBytesInvalidError(None)]
    with pytest.raises(errors.AuthBytesInvalidError):
        await made._create_exported_sender(4)
    assert not elsewhere[-1].is_connected()
    assert made._exported_sessions == {}, "the next try begins with a new key"
    script = [errors.ApiIdInvalidError(None)]
    with pytest.raises(errors.ApiIdInvalidError):
        await made._borrow_exported_sender(4)
    assert made._pool._leases == {}
    await made.disconnect()


async def test_own_data_centre_needs_no_export(elsewhere):
    made = await at_home()
    sender: Any = await made._create_exported_sender(2)
    assert sender.auth_key == made._sender.auth_key
    assert isinstance(innermost(sender.sent[0]), functions.help.GetNearestDcRequest)
    assert not any(
        isinstance(innermost(request), functions.auth.ExportAuthorizationRequest) for request in made._sender.sent
    )
    await made.disconnect()


PEM = """-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAyMEdY1aR+sCR3ZSJrtztKTKqigvO/vBfqACJLZtS7QMgCGXJ6XIR
yy7mx66W0/sOFa7/1mAZtEoIokDP3ShoqF4fVNb6XeqgQfaUHd8wJpDWHcR2OFwv
plUUI1PLTktZ9uW2WE23b+ixNwJjJGwBDJPQEQFBE+vfmH0JP503wr5INS1poWg/
j25sIWeYPHYeOrFp/eXaqhISP6G+q2IeTaWTXpwZj4LzXq5YOpk4bYEQ6mvRq7D1
aHWfYmlEGepfaYR8Q0YqvvhYtMte3ITnuSJs171+GDqpdKcSwHnd6FudwGO4pcCO
j4WcDuXc2CTHgH8gFTNhp/Y8/SpDOhvn9QIDAQAB
-----END RSA PUBLIC KEY-----"""


async def test_F4_cdn_is_trusted_with_nothing(elsewhere):
    from telethon.crypto import rsa

    made = await at_home(device_model="Secret device", lang_code="de")
    known = rsa.current_keys()
    made._sender.keys = [types.CdnPublicKey(203, PEM), types.CdnPublicKey(204, PEM)]
    sender: Any = await made._pool.borrow_cdn(203)
    assert sender.connections == [("1.2.3.203", 443, 203)]
    assert sender.sent == [], "nothing is imported there"
    assert sender.options.get("updates_queue") is None
    assert list(sender.rsa_keys) == [rsa.ServerKey.from_pem(PEM).fingerprint]
    assert rsa.current_keys() == known, "keys of a CDN are good for that CDN only"
    assert sender.needs_introduction
    wrapped = sender.introduce(functions.help.GetConfigRequest())
    assert (wrapped.query.device_model, wrapped.query.lang_code, wrapped.query.proxy) == ("n/a", "en", None)
    assert b"Secret" not in bytes(wrapped)
    assert made._cdn_keys == {203: "new key"}
    await made._return_exported_sender(sender)
    await made.disconnect()
    assert not sender.is_connected()


async def test_F4_cdn_that_cannot_be_reached_is_begun_anew(elsewhere, monkeypatch):
    made = await at_home()
    made._cdn_keys[203] = "old key"

    async def refuse(self: Any, connection: Any) -> bool:
        raise ConnectionError("no")

    monkeypatch.setattr(Elsewhere, "connect", refuse)
    with pytest.raises(ConnectionError):
        await made._pool.borrow_cdn(203)
    assert made._cdn_keys == {}
    await made.disconnect()


async def test_E1_unknown_data_centre_asks_for_the_configuration_again():
    made = await at_home()
    asked = len(made._sender.sent)
    with pytest.raises(ValueError, match="Failed to get DC 9"):
        await made._get_dc(9)
    assert [type(innermost(request)) for request in made._sender.sent[asked:]] == [functions.help.GetConfigRequest]
    await made.disconnect()


async def test_T10_places_to_look_for_the_own_data_centre():
    made = client()
    made.session.set_dc(2, base.DEFAULT_IPV4_IP, 443)
    assert made._addresses()[0] == (base.DEFAULT_IPV4_IP, 443)
    assert len(made._addresses()) > 1
    assert made._sender.addresses() == made._addresses()
    made._config = config()
    assert ("1.2.3.2", 443) in made._addresses()
    made.session.set_dc(2, "127.0.0.1", 5000)
    assert made._addresses() == [("127.0.0.1", 5000)]


def test_T10_proxies_of_telegram_lead_wherever_they_do():
    from telethon.network import ConnectionTcpMTProxyAbridged

    made = client(connection=ConnectionTcpMTProxyAbridged, proxy=("host", 1, "00" * 16))
    made.session.set_dc(2, base.DEFAULT_IPV4_IP, 443)
    assert made._addresses() == []
    assert made._new_sender(4, None).addresses is None


def test_environment_is_told_by_the_address():
    made = client()
    made.session.set_dc(2, base.DEFAULT_IPV4_IP, 443)
    assert not made._is_test()
    made.session.set_dc(2, "149.154.167.40", 80)
    assert made._is_test()
    assert made._new_sender(1, None).is_test


# -- pauses ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["disconnected", "lost", "before"])
async def test_S15_pause_ends_with_the_connection(how):
    made = wired()
    made._sender._disconnected = ended = asyncio.get_running_loop().create_future()
    await made.connect()
    if how == "before":
        await made.disconnect()
    paused = asyncio.ensure_future(made._sleep(1000))
    await asyncio.sleep(0)
    if how == "disconnected":
        await made.disconnect()
    elif how == "lost":
        ended.set_exception(ConnectionError("gone"))
    with pytest.raises(ConnectionError, match="disconnected"):
        await asyncio.wait_for(paused, 1)
    assert made._pauses == set()
    if how != "lost":
        await made.connect()
        await made._sleep(0)
    await made.disconnect()


async def test_pause_outlasts_a_move_to_another_data_centre_and_leaves_nothing_behind():
    made = wired()
    made._sender._disconnected = ended = asyncio.get_running_loop().create_future()
    await made.connect()
    paused = asyncio.ensure_future(made._sleep(0.02))
    await asyncio.sleep(0)
    ended.set_result(None)
    assert await asyncio.wait_for(paused, 1) is None
    made._sender._disconnected = ended = asyncio.get_running_loop().create_future()
    for _ in range(3):
        await made._sleep(0)
    cancelled = asyncio.ensure_future(made._sleep(1000))
    await asyncio.sleep(0)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    assert made._pauses == set()
    assert not ended._callbacks
    await made.disconnect()


async def test_I5_handlers_that_disconnect_go_on_and_the_others_are_cancelled():
    made = wired()
    await made.connect()
    ended = []

    async def leaves(name: str) -> None:
        await made.disconnect()
        await made.disconnect()
        ended.append(name)

    async def waits() -> None:
        await asyncio.Event().wait()

    leaving = [asyncio.ensure_future(leaves(name)) for name in "ab"]
    waiting = asyncio.ensure_future(waits())
    made._event_handler_tasks |= {*leaving, waiting}
    await asyncio.wait([*leaving, waiting], timeout=1)
    assert sorted(ended) == ["a", "b"]
    assert waiting.cancelled()
    await asyncio.sleep(0)
    assert made._leaving == set()
