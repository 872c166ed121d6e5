"""The mistakes that one makes in the beginning: each is told, with what was wrong and what to do."""

from __future__ import annotations

import asyncio
import io
from types import SimpleNamespace

import pytest

from telethon import Button, TelegramClient, connection, errors, events, functions, sessions, types

KEYS = (12345, "0123456789abcdef0123456789abcdef")


@pytest.fixture
async def at(telegram_server, telegram_clients):
    """Where mistakes are made: a server, the clients of a user and of a bot, and somebody to write to."""
    ann, robot = telegram_server.create_user("Ann"), telegram_server.create_bot("Bot", "good_bot")
    user, bot = await telegram_clients(ann), await telegram_clients(robot)
    await ann.chat(robot).send("/start")
    await user.get_dialogs()
    await bot.get_entity(ann.id)
    return SimpleNamespace(server=telegram_server, clients=telegram_clients, ann=ann, robot=robot, user=user, bot=bot)


async def forget_to_connect(at):
    await at.server.client(at.ann).get_me()


async def go_on_after_disconnecting(at):
    await at.user.disconnect()
    await at.user.send_message("me", "Hello!")


async def forget_to_log_in(at):
    await (await at.clients()).send_message("me", "Hello!")


async def mistype_the_hash(at):
    client = await at.clients(api_hash="f" * 32)
    await client.send_code_request(at.ann.phone)


async def mistype_the_token(at):
    await (await at.clients(connect=False)).start(bot_token="123:abc")


async def use_with(at):
    with at.user:
        pass


async def use_for(at):
    for _ in at.user.iter_messages("me"):
        pass


async def forget_the_parentheses_of_on(at):
    @at.user.on
    async def handler(event):
        pass


async def call_the_handler(at):
    async def handler(event):
        pass

    work = handler(None)
    try:
        at.user.add_event_handler(work, events.NewMessage)
    finally:
        work.close()


async def no_answer_in_a_conversation(at):
    async with at.user.conversation("good_bot", timeout=0.05) as chat:
        await chat.send_message("Hello?")
        await chat.get_response()


async def no_answer_in_a_long_conversation(at):
    async with at.user.conversation("good_bot", timeout=5, total_timeout=0.05) as chat:
        await chat.send_message("Hello?")
        await chat.get_response()


async def nobody_at_the_terminal(at):
    await (await at.clients(connect=False)).start()


async def sign_in_without_a_code(at):
    await (await at.clients()).sign_in(at.ann.phone, "12345")


async def use_in_another_loop(at):
    def other():
        asyncio.run(at.user.get_me())

    await asyncio.to_thread(other)


async def use_another_secret(at):
    async def hang_up(reader, writer):
        await reader.read(64)
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as proxy:
        host, port = proxy.sockets[0].getsockname()
        await connect_by(proxy=f"tg://proxy?server={host}&port={port}&secret=dd{'00' * 16}")(at)


async def give_the_wrong_password(at):
    carol = at.server.create_user("Carol", password="hunter2")
    client = await at.clients(connect=False)
    with pytest.raises(errors.PasswordHashInvalidError) as raised:
        await client.start(phone=carol.phone, code_callback=carol.login_code, password="hunter3")
    # That the password was asked for is no error to be told of.
    assert raised.value.__context__ is None
    raise raised.value


def connect_by(**settings):
    async def connect(at):
        await at.clients(at.ann, connection_retries=0, **settings)

    return connect


def send(*arguments, **settings):
    return lambda at: at.user.send_message(*arguments, **settings)


def send_as_bot(buttons):
    return lambda at: at.bot.send_message(at.ann.id, "Hello!", buttons=buttons)


MISTAKES = {
    "no connection": (forget_to_connect, ConnectionError, r"connect the client first, by connect\(\), start\(\)"),
    "closed": (go_on_after_disconnecting, ConnectionError, "connect the client first"),
    "not logged in": (forget_to_log_in, errors.AuthKeyUnregisteredError, "nobody is logged in with this session"),
    "nobody to ask": (nobody_at_the_terminal, EOFError, r"Give phone= or bot_token= to start\(\)"),
    "hash": (mistype_the_hash, errors.ApiIdInvalidError, r"copy both from my\.telegram\.org"),
    "token": (mistype_the_token, errors.AccessTokenInvalidError, "check that it was copied in full"),
    "folder": (
        lambda at: TelegramClient("missing/name", *KEYS),
        sessions.SessionNotWritableError,
        r"missing.name\.session' cannot be made, because its folder does not exist",
    ),
    "with": (use_with, RuntimeError, '"async with" must be used'),
    "for": (use_for, RuntimeError, 'must use "async for"'),
    "nobody": (send("nobody_here", "Hello!"), ValueError, 'No user has "nobody_here" as username'),
    "unknown id": (send(987654321, "Hello!"), ValueError, "Let the account meet it first"),
    "display name": (send("Ann Smith", "Hello!"), ValueError, "it is no username, t.me link"),
    "no chat": (send(None, "Hello!"), TypeError, "Cannot cast NoneType to any kind of Peer"),
    "no chat but a list": (send([1], "Hello!"), TypeError, "Cannot cast list .* Name a user or chat by username"),
    "no code": (sign_in_without_a_code, ValueError, "provide a phone_code_hash. Call send_code_request"),
    "password": (give_the_wrong_password, errors.PasswordHashInvalidError, "you entered is invalid; ask for it again"),
    "another loop": (use_in_another_loop, RuntimeError, r"run_coroutine_threadsafe\(coroutine, client\.loop\)"),
    "blanks": (send("me", "   "), ValueError, "Failed to parse message: nothing is left"),
    "no Request": (lambda at: functions.messages.SendMessage, AttributeError, "SendMessageRequest$"),
    "request among types": (
        lambda at: types.messages.SendMessageRequest,
        AttributeError,
        r"requests are in telethon\.functions",
    ),
    "no text": (send("me", ""), ValueError, "message cannot be empty unless a file is provided"),
    "number as text": (send("me", 5), TypeError, "text of a message must be str, not int"),
    "parse mode": (send("me", "Hello!", parse_mode="markdwn"), ValueError, "markdwn"),
    "reply to text": (send("me", "Hello!", reply_to="5"), TypeError, r"a message or its id \(a number\) is needed"),
    "date": (send("me", "Hello!", schedule="tomorrow"), TypeError, 'Cannot interpret "tomorrow" as a date'),
    "buttons: text": (send_as_bot(["Yes"]), TypeError, r"such as Button.inline\('Yes'\).*not str"),
    "buttons: mixed": (send_as_bot([Button.inline("a"), Button.text("b")]), ValueError, "cannot mix inline"),
    "buttons: data": (lambda at: Button.inline("a", "x" * 65), ValueError, "can hold 64, and this has 65"),
    "file: missing": (send("me", file="missing.png"), ValueError, "missing.png to media. Not an existing file"),
    "file: text mode": (send("me", file=io.StringIO("text")), TypeError, "open the file in bytes mode"),
    "on without parentheses": (
        forget_the_parentheses_of_on,
        TypeError,
        r"not as a function; a decorator is written @client\.on\(events\.NewMessage\)",
    ),
    "raw update": (
        lambda at: at.user.add_event_handler(print, types.UpdateNewMessage),
        TypeError,
        r"events\.Raw\(types\.UpdateNewMessage\)",
    ),
    "event in the wrong place": (
        lambda at: at.user.add_event_handler(events.NewMessage, print),
        TypeError,
        r"such as events\.NewMessage\(pattern='hi'\)",
    ),
    "called handler": (call_the_handler, TypeError, "this is a coroutine; it is given by its name alone"),
    "filter": (lambda at: events.NewMessage(func=True), TypeError, "func is a function of the event, not bool"),
    "pattern": (lambda at: events.NewMessage(pattern=5), TypeError, "a compiled pattern or a function.*not int"),
    "proxy: kind": (connect_by(proxy="sock5://127.0.0.1:1080"), ValueError, "known are .*socks5://host:port"),
    "proxy: setting": (
        connect_by(proxy={"proxy_type": "socks5", "adr": "127.0.0.1", "port": 1080}),
        TypeError,
        "unknown proxy settings adr; known are proxy_type, addr",
    ),
    "proxy: MTProxy": (
        connect_by(proxy=("127.0.0.1", 443, "00" * 16)),
        ValueError,
        "the proxy is an MTProxy: pass connection=",
    ),
    "proxy: none for MTProxy": (
        connect_by(connection=connection.ConnectionTcpMTProxyRandomizedIntermediate),
        ValueError,
        r"pass proxy=\(host, port, secret\)",
    ),
    "proxy: dead": (
        connect_by(proxy="socks5://127.0.0.1:1"),
        ConnectionError,
        r"failed 1 time\(s\); the last time with .*Could not connect to proxy 127\.0\.0\.1:1",
    ),
    "proxy: silent": (
        lambda at: connect_by(proxy=("socks5", *at.server.address(2)), timeout=0.2)(at),
        ConnectionError,
        r"through ProxySettings\('socks5', '127\.0\.0\.1', \d+\) took longer than 0\.2 s",
    ),
    "proxy: MTProxy secret": (
        use_another_secret,
        ConnectionError,
        "closed the connection .an MTProxy does that also when the secret is wrong",
    ),
    "threshold": (
        lambda at: TelegramClient(None, *KEYS, flood_sleep_threshold="5"),
        TypeError,
        "flood_sleep_threshold is a number of seconds, not str",
    ),
    "timeout": (connect_by(timeout="5"), TypeError, "timeout is a number of seconds, not str"),
    "retries": (
        lambda at: TelegramClient(None, *KEYS, request_retries="5"),
        TypeError,
        "request_retries is a number, or None for no limit, not str",
    ),
    "class of a request": (
        lambda at: at.user(functions.help.GetConfigRequest),
        TypeError,
        r"Write GetConfigRequest\(\.\.\.\) to make one",
    ),
    "name of a method": (lambda at: at.user("help.getConfig"), TypeError, "requests are in telethon.functions"),
    "limit": (lambda at: at.user.get_messages("me", "10"), TypeError, "limit is a number, or None for everything"),
    "silence": (no_answer_in_a_conversation, asyncio.TimeoutError, r"did not come within 0\.05 s \(timeout=\)"),
    "long silence": (no_answer_in_a_long_conversation, asyncio.TimeoutError, r"0\.05 s \(total_timeout=\)"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_a_mistake_is_explained(mistake, at, tmp_path, monkeypatch):
    make, kind, told = MISTAKES[mistake]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())

    async def go_wrong():
        found = make(at)
        if found is not None and hasattr(found, "__await__"):
            await found

    with pytest.raises(kind, match=told):
        await go_wrong()
    assert list(tmp_path.iterdir()) == []


async def test_settings_of_send_file_that_nobody_knows_are_told(at, caplog):
    message = await at.user.send_file("me", b"123", captoin="Look!", file_name="a.txt")
    assert message.file.size == 3
    assert [record.getMessage() for record in caplog.records] == [
        "send_file knows no captoin, file_name, and ignores it"
    ]


async def test_a_token_with_blanks_around_it_is_taken(at):
    client = await at.clients(connect=False)
    await client.start(bot_token=f" {at.robot.token}\n")
    assert (await client.get_me()).username == "good_bot"
