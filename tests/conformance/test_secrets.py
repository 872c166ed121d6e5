"""Secrets stay secret: a canary in each argument of each public call, and rules that the source itself has to keep."""

from __future__ import annotations

import ast
import asyncio
import base64
import inspect
import io
import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import telethon
from telethon import Button, TelegramClient, events
from telethon.errors import RPCError
from telethon.sessions import StringSession
from telethon.testing import TelegramTestServer
from telethon.tl import TLObject, functions, types

ROOT = Path(telethon.__file__).parent


class Secrets(dict[str, str]):
    """Texts that nobody else would write, made when they are asked for."""

    def __missing__(self, name: str) -> str:
        self[name] = f"Zq{len(self):02}canary{name.title()}Zq"
        return self[name]


# -- a canary in every call --------------------------------------------------------------------------------------------

# Numbers of phones are no secret of the log in, and stand in the text of requests.
PHONE = "+99966212345"
Call = Callable[[TelegramClient, Secrets, Any], Any]


def place(secrets: Secrets) -> types.InputDocumentFileLocation:
    return types.InputDocumentFileLocation(5, 6, secrets["reference"].encode(), "")


def named(secrets: Secrets) -> list[Any]:
    return [types.DocumentAttributeFilename(secrets["name"])]


def mailed(secrets: Secrets) -> functions.account.VerifyEmailRequest:
    code = types.EmailVerificationCode(secrets["mail"])
    return functions.account.VerifyEmailRequest(types.EmailVerifyPurposeLoginChange(), code)


async def each(iterator: Any) -> None:
    async for _ in iterator:
        pass


async def talk(client: TelegramClient, secrets: Secrets, other: Any) -> None:
    async with client.conversation(other, timeout=0.05) as chat:
        await chat.send_message(secrets["conversation"])
        await chat.get_response()


async def act(client: TelegramClient, secrets: Secrets, other: Any) -> None:
    async with client.action(other, "typing"):
        pass


async def take_out(client: TelegramClient, secrets: Secrets, other: Any) -> None:
    async with client.takeout(contacts=True) as taking:
        await taking.get_messages("me")


async def raise_in_handler(client: TelegramClient, secrets: Secrets, other: Any) -> None:
    async def handler(event: Any) -> None:
        # Its line stands in the traceback, what the line works on does not.
        raise ValueError("a fault of the program")

    client.add_event_handler(handler, events.NewMessage())
    client.list_event_handlers()
    await client.send_message("me", secrets["event"])
    await asyncio.sleep(0.02)
    client.remove_event_handler(handler)


CALLS: dict[str, Call] = {
    "action": act,
    "add_event_handler": raise_in_handler,
    "build_reply_markup": lambda c, s, o: c.build_reply_markup([Button.inline(s["button"], s["data"].encode())]),
    "catch_up": lambda c, s, o: c.catch_up(),
    "conversation": talk,
    "delete_dialog": lambda c, s, o: c.delete_dialog(o),
    "delete_messages": lambda c, s, o: c.delete_messages(o, [10**6]),
    "download_file": lambda c, s, o: c.download_file(
        types.InputDocumentFileLocation(5, 6, s["reference"].encode(), "")
    ),
    "download_media": lambda c, s, o: c.download_media(types.Message(1, message=s["media"], peer_id=o)),
    "download_profile_photo": lambda c, s, o: c.download_profile_photo(o),
    "edit_2fa": lambda c, s, o: c.edit_2fa(s["password now"], s["password then"], hint=s["hint"]),
    "edit_admin": lambda c, s, o: c.edit_admin(o, o, title=s["title"]),
    "edit_folder": lambda c, s, o: c.edit_folder(o, 1),
    "edit_message": lambda c, s, o: c.edit_message(o, 10**6, s["edited"], buttons=[Button.inline(s["edited button"])]),
    "edit_permissions": lambda c, s, o: c.edit_permissions(o, o, send_messages=False),
    "forward_messages": lambda c, s, o: c.forward_messages(o, 10**6, "me"),
    "get_admin_log": lambda c, s, o: c.get_admin_log(o, search=s["search of events"]),
    "get_dialogs": lambda c, s, o: c.get_dialogs(),
    "get_drafts": lambda c, s, o: c.get_drafts(),
    "get_entity": lambda c, s, o: c.get_entity(o),
    "get_input_entity": lambda c, s, o: c.get_input_entity(o),
    "get_me": lambda c, s, o: c.get_me(),
    "get_messages": lambda c, s, o: c.get_messages(o, search=s["search"]),
    "get_participants": lambda c, s, o: c.get_participants(o, search=s["search of members"]),
    "get_peer_id": lambda c, s, o: c.get_peer_id(o),
    "get_permissions": lambda c, s, o: c.get_permissions(o, "me"),
    "get_profile_photos": lambda c, s, o: c.get_profile_photos(o),
    "get_stats": lambda c, s, o: c.get_stats(o),
    "health": lambda c, s, o: asyncio.sleep(0, c.health()),
    "inline_query": lambda c, s, o: c.inline_query(o, s["query"], offset=s["offset"]),
    "is_bot": lambda c, s, o: c.is_bot(),
    "is_user_authorized": lambda c, s, o: c.is_user_authorized(),
    "iter_admin_log": lambda c, s, o: each(c.iter_admin_log(o, search=s["search of events"])),
    "iter_dialogs": lambda c, s, o: each(c.iter_dialogs()),
    "iter_download": lambda c, s, o: each(c.iter_download(place(s))),
    "iter_drafts": lambda c, s, o: each(c.iter_drafts()),
    "iter_messages": lambda c, s, o: each(c.iter_messages(o, search=s["search"])),
    "iter_participants": lambda c, s, o: each(c.iter_participants(o, search=s["search of members"])),
    "iter_profile_photos": lambda c, s, o: each(c.iter_profile_photos(o)),
    "kick_participant": lambda c, s, o: c.kick_participant(o, o),
    "pin_message": lambda c, s, o: c.pin_message(o, 10**6),
    "qr_login": lambda c, s, o: c.qr_login(),
    "send_code_request": lambda c, s, o: c.send_code_request(PHONE),
    "send_file": lambda c, s, o: c.send_file(
        o,
        io.BytesIO(s["content"].encode()),
        caption=s["caption"],
        attributes=named(s),
    ),
    "send_message": lambda c, s, o: c.send_message(
        o, f"**{s['message']}** [{s['link']}](https://example.com/{s['address']})", buttons=[Button.inline(s["button"])]
    ),
    "send_read_acknowledge": lambda c, s, o: c.send_read_acknowledge(o),
    "set_proxy": lambda c, s, o: c.set_proxy(("socks5", "127.0.0.1", 1, True, s["proxy user"], s["proxy password"])),
    "set_receive_updates": lambda c, s, o: c.set_receive_updates(True),
    "sign_in": lambda c, s, o: c.sign_in(PHONE, s["code"], phone_code_hash=s["code hash"]),
    "sign_in by password": lambda c, s, o: c.sign_in(password=s["password"]),
    "sign_in by token": lambda c, s, o: c.sign_in(bot_token=f"123:{s['token']}"),
    "sign_up": lambda c, s, o: c.sign_up(s["code"], s["first"], s["last"], phone=PHONE, phone_code_hash=s["hash"]),
    "start": lambda c, s, o: c.start(bot_token=f"123:{s['token of start']}"),
    "start by phone": lambda c, s, o: c.start(
        phone=lambda: PHONE, password=lambda: s["password"], code_callback=lambda: s["code"], max_attempts=1
    ),
    "takeout": take_out,
    "unpin_message": lambda c, s, o: c.unpin_message(o, 10**6),
    "upload_file": lambda c, s, o: c.upload_file(
        s["uploaded"].encode(), file_name=s["name"], key=b"\7" * 32, iv=s["iv of a file"].encode()[:32].ljust(32)
    ),
    # What has no method.
    "check a password": lambda c, s, o: c(
        functions.auth.CheckPasswordRequest(types.InputCheckPasswordSRP(5, b"A" * 256, s["proof"].encode()))
    ),
    "recover": lambda c, s, o: c(functions.auth.RecoverPasswordRequest(s["recovery"])),
    "import": lambda c, s, o: c(functions.auth.ImportAuthorizationRequest(5, s["imported"].encode())),
    "accept": lambda c, s, o: c(functions.auth.AcceptLoginTokenRequest(s["qr"].encode())),
    "change phone": lambda c, s, o: c(functions.account.ChangePhoneRequest(PHONE, s["other hash"], s["other code"])),
    "mail": lambda c, s, o: c(mailed(s)),
    "web": lambda c, s, o: c(functions.auth.ImportWebTokenAuthorizationRequest(5, s["api"], s["web"])),
    "sticker": lambda c, s, o: c(functions.messages.SaveDraftRequest(types.InputPeerSelf(), s["draft"])),
    "several": lambda c, s, o: c(
        [functions.contacts.SearchRequest(s["one"], 5), functions.contacts.SearchRequest(s["two"], 5)]
    ),
    "end": lambda c, s, o: c.log_out(),
}
# They take nothing that is secret, or are used by those above.
HARMLESS = {
    "connect", "disconnect", "disconnected", "end_takeout", "flood_sleep_threshold", "is_connected",
    "list_event_handlers", "log_out", "loop", "on", "on_connection_change", "on_flood_wait", "on_missed_updates",
    "parse_mode", "remove_event_handler", "run_until_disconnected",
}  # fmt: skip


def test_X5_every_public_call_is_tried() -> None:
    public = {name for name in dir(TelegramClient) if not name.startswith("_")}
    constants = {
        name for name in public if isinstance(inspect.getattr_static(TelegramClient, name), (property, int, str))
    }
    assert public - constants <= HARMLESS | set(CALLS)


class Said:
    """All that was told to anybody: logs, errors with their tracebacks, and how objects look."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.handler = logging.Handler(logging.DEBUG)
        self.handler.emit = self._emit  # type: ignore[method-assign]

    def _emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())
        self.texts.append(repr(record.args))
        if record.exc_info:
            self.texts.append("".join(traceback.format_exception(*record.exc_info)))

    def error(self, error: BaseException) -> None:
        self.texts.append("".join(traceback.format_exception(error)))
        self.texts += (str(error), repr(error), repr(error.args))
        request = getattr(error, "request", None)
        self.texts.append(repr(request))

    def objects(self, client: TelegramClient) -> None:
        parts = [client, client.session, client._sender, client._sender._engine, client._sender._state]
        for part in parts:
            self.texts += (repr(part), str(part))
        self.texts.append(repr(client.session.auth_key))

    def found(self, secrets: dict[str, str | bytes]) -> set[str]:
        text = "\n".join(self.texts)
        return {name for name, secret in secrets.items() for form in forms(secret) if form in text}


def forms(secret: str | bytes) -> Iterator[str]:
    data = secret.encode() if isinstance(secret, str) else secret
    if isinstance(secret, str):
        yield secret
    yield data.hex()
    yield repr(data)[2:-1]
    yield base64.b64encode(data).decode().rstrip("=")
    yield base64.urlsafe_b64encode(data).decode().rstrip("=")
    if len(data) <= 256:
        yield str(int.from_bytes(data, "little"))
        yield str(int.from_bytes(data, "big"))


@pytest.fixture
def said() -> Iterator[Said]:
    root, made = logging.getLogger(), Said()
    loggers = {name: logging.getLogger(name) for name in ("telethon", "asyncio")}
    levels = {name: logger.level for name, logger in loggers.items()}
    root.addHandler(made.handler)
    for logger in loggers.values():
        logger.setLevel(logging.DEBUG)
    yield made
    root.removeHandler(made.handler)
    for name, level in levels.items():
        loggers[name].setLevel(level)


@pytest.mark.parametrize("trouble", ["none", "nobody is logged in", "refused", "cut off", "nonsense", "no connection"])
async def test_X5_R11_I8_no_canary_is_told_by_any_call(said: Said, trouble: str) -> None:
    secrets = Secrets()
    failed = 0
    async with TelegramTestServer(api_hash=secrets["api hash"]) as server:
        user = server.create_user("Ann", password=secrets["password now"])
        other = server.create_user("Bob", username="bob_1")
        await other.chat(user).send(secrets["received"])
        who = None if trouble == "nobody is logged in" else user
        client = server.client(who, flood_sleep_threshold=0, request_retries=1, retry_delay=0)
        client.parse_mode = "md"
        await client.connect()
        peer: Any = types.InputPeerUser(5, 6)
        if who is not None:
            peer = await client.get_input_entity("bob_1")
            await client.get_messages(peer)
        if trouble == "refused":
            server.faults.rpc_error(None, 400, "SOMETHING_ELSE", times=None)
        elif trouble == "nonsense":
            server.faults.corrupt(times=3)
        elif trouble == "no connection":
            await client.disconnect()
        for call in CALLS.values():
            if trouble == "cut off":
                server.faults.disconnect()
            try:
                result = call(client, secrets, peer)
                if inspect.isawaitable(result):
                    result = await asyncio.wait_for(result, 3)
                said.texts.append(repr(result))
            except Exception as error:  # whatever it is, it must not tell
                said.error(error)
                failed += 1
                request = getattr(error, "request", None)
                if isinstance(error, RPCError) and "Message" not in type(request).__name__:
                    # The text of an object shows what is in it, but for what lets somebody log in.
                    said.texts.append(str(request) if type(request).__module__.endswith((".auth", ".account")) else "")
            if client.session is None:
                break
            said.objects(client)
        hidden: dict[str, str | bytes] = dict(secrets)
        for number, key in enumerate(server.all_keys()):
            hidden[f"key {number}"] = key.auth_key
        await client.disconnect()
    assert len(hidden) >= 45
    assert failed > (10 if trouble in ("none", "cut off", "nonsense") else len(CALLS) * 0.6)
    assert len("\n".join(said.texts)) > 10_000
    assert said.found(hidden) == set()


async def test_X5_the_session_itself_shows_nothing(said: Said) -> None:
    async with TelegramTestServer() as server:
        client = server.client(server.create_user("Ann"))
        await client.connect()
        saved = StringSession.save(client.session)
        key = client._sender.auth_key.key
        said.objects(client)
        for wrong in (saved[:-3], saved + "A", saved[:50], "1" + saved[::-1]):
            try:
                StringSession(wrong)
            except ValueError as error:
                said.error(error)
        salts = {str(client._sender._state.salt)} | {str(salt.salt) for salt in client._sender._engine.salts.known()}
        await client.disconnect()
    text = "\n".join(said.texts)
    assert not [salt for salt in salts if len(salt) > 6 and salt in text]
    assert said.found({"string": saved, "part": saved[100:140], "key": key, "half a key": key[:32]}) == set()


def test_X5_objects_hide_what_lets_somebody_log_in() -> None:
    secret = "Zqcanary"
    data = secret.encode()
    objects = [
        functions.auth.ImportBotAuthorizationRequest(0, 5, secret, secret),
        functions.auth.SendCodeRequest("+1", 5, secret, types.CodeSettings()),
        functions.auth.SignInRequest("+1", secret, secret),
        functions.auth.RecoverPasswordRequest(secret),
        functions.auth.ImportAuthorizationRequest(5, data),
        functions.auth.AcceptLoginTokenRequest(data),
        functions.auth.CheckPasswordRequest(types.InputCheckPasswordSRP(5, b"", data)),
        types.auth.LoginToken(None, data),
        types.auth.ExportedAuthorization(5, data),
        types.auth.SentCode(types.auth.SentCodeTypeApp(5), secret),
        types.DcOption(2, "127.0.0.1", 443, secret=data),
    ]
    for one in objects:
        assert data in bytes(one), "it is still sent"
        for outer in (one, functions.InvokeWithLayerRequest(5, one), [one]):
            text = repr(outer) + TLObject.pretty_format(outer) + TLObject.pretty_format(outer, 0)
            assert secret not in text
            assert "<hidden>" in text
    assert "hidden" not in str(functions.auth.SignInRequest("+1", "", None))
    assert secret in str(types.Message(1, types.PeerUser(5), message=secret)), (
        "texts are shown by whom they are asked for"
    )


# -- rules of the source ----------------------------------------------------------------------------------------------

SENSITIVE = [
    *sorted(path for folder in ("crypto", "mtproto", "network", "_core") for path in (ROOT / folder).rglob("*.py")),
    ROOT / "password.py",
    ROOT / "client" / "auth.py",
    ROOT / "client" / "_cdn.py",
]


def imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


@pytest.mark.parametrize("path", SENSITIVE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_H10_X10_nothing_that_has_to_be_secret_comes_from_the_random_module(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert "random" not in imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("urandom", "getrandbits", "randbytes", "token_bytes"):
            # One place gives all random bytes, so that tests can give others.
            assert path.name in ("rand.py", "system.py"), f"line {node.lineno}: {ast.unparse(node)}"


SECRET_NAMES = ("key", "hash", "nonce", "digest", "proof", "mac", "hmac")
# Numbers and names of things, which everybody may know.
OPEN_NAMES = ("no_key", "key_unknown", "fingerprint", "file_hash", "hashes", "key_id", "keys", "hashing", "api_hash")


def compared(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], (ast.Eq, ast.NotEq)):
            for side in (node.left, *node.comparators):
                name = side.attr if isinstance(side, ast.Attribute) else getattr(side, "id", "")
                words = name.lower().strip("_").split("_")
                secret = any(word in SECRET_NAMES for word in words) and not name.lower().endswith(OPEN_NAMES)
                made = isinstance(side, ast.Call) and ast.unparse(side.func).endswith((".digest", ".hexdigest"))
                if secret or made:
                    yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("path", SENSITIVE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_X11_nothing_secret_is_compared_byte_by_byte(path: Path) -> None:
    assert list(compared(path)) == []


def test_X11_the_rule_sees_what_it_is_for(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("a.msg_key == b\nnonce != c\nsha1(x).digest() == y\nx == self._auth_key\n")
    assert len(list(compared(bad))) == 4
