"""``python -m telethon.testing``: the test server by itself, on loopback, with a few people and a bot in it.

It prints what a client needs to use it and runs until Ctrl-C. A person who logs in finds the code on the terminal.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import signal
import sys
from typing import TYPE_CHECKING, Any

from telethon.testing.telegramserver import TelegramTestServer
from telethon.tl import functions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon.testing.actors import SimulatedBot, SimulatedUser
    from telethon.testing.dispatcher import Dispatcher

__all__ = ["main"]

_LAST_PORT = 65_535

_NAMES = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gil", "Hana", "Ivo", "Jo")

_SNIPPET = """\
from telethon import TelegramClient
from telethon.crypto import rsa
from telethon.sessions import MemorySession

rsa.add_key('''{pem}''', old=False)
session = MemorySession()
session.set_dc({dc_id}, "{host}", {port})
client = TelegramClient(session, {api_id}, "{api_hash}")
client.start(phone="{phone}")   # the code appears where the server runs
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server until it is interrupted; gives the exit status.

    Args:
        arguments: those of the command line, without the program's name.
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.port and options.port + options.dcs - 1 > _LAST_PORT:
        parser.error(f"{options.dcs} data centres do not fit behind port {options.port}: {_LAST_PORT} is the last one")
    logging.basicConfig(format="broken rule: %(message)s")
    try:
        return asyncio.run(_serve(options))
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m telethon.testing",
        description="A Telegram server on this machine, for trying things out. It listens on 127.0.0.1 only, sends "
        "nothing to Telegram, and forgets everything when it ends.",
        epilog="It prints what a client needs: addresses, RSA key, API ID and hash, phone numbers and the token of a "
        "bot. Log-in codes follow when they are asked for, and so do the rules of the protocol that a client breaks "
        "(on standard error). Ctrl-C ends it.",
    )
    parser.add_argument(
        "--port", type=_port, default=0, metavar="N", help="port of data centre 1; the others follow (default: any)"
    )
    parser.add_argument(
        "--dcs", type=_count, default=5, metavar="N", help="how many data centres there are, 1 to 1000 (default: 5)"
    )
    parser.add_argument(
        "--users", type=_count, default=2, metavar="N", help="how many people there are, 1 to 1000 (default: 2)"
    )
    parser.add_argument("--password", default=None, help="two-step verification password of the first person")
    parser.add_argument("--lenient", action="store_true", help="let clients break rules of the protocol")
    parser.add_argument("--json", action="store_true", help="print everything as one line of JSON, and codes likewise")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"a port is a number from 1 to {_LAST_PORT}, not {text!r}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"give a number from 1 to 1000, not {text!r}")
    return int(text)


async def _serve(options: argparse.Namespace) -> int:
    dcs = tuple(range(1, options.dcs + 1))
    ports = {dc_id: options.port + place for place, dc_id in enumerate(dcs)} if options.port else None
    server = TelegramTestServer(dcs=dcs, strict=not options.lenient, ports=ports)
    users = [
        server.create_user(
            _NAMES[number % len(_NAMES)],
            username=f"{_NAMES[number % len(_NAMES)].lower()}_{number + 1:02d}",
            password=options.password if number == 0 else None,
        )
        for number in range(options.users)
    ]
    bot = server.create_bot("Test Bot", "test_robot")
    stopped = asyncio.Event()
    _stop_on_signals(stopped)
    try:
        await server.start()
    except OSError as error:
        sys.stderr.write(f"cannot listen on 127.0.0.1: {error.strerror or error}\n")
        return 1
    try:
        _watch_codes(server.dispatcher, server, as_json=options.json)
        _write(_as_json(server, users, bot) if options.json else _as_text(server, users, bot, options.password))
        await stopped.wait()
    finally:
        await server.stop()
    return 0


def _stop_on_signals(stopped: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Windows has no such handlers; there Ctrl-C arrives as KeyboardInterrupt.
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stopped.set)


def _watch_codes(dispatcher: Dispatcher, server: TelegramTestServer, *, as_json: bool) -> None:
    """Print each log-in code when it is sent."""

    def sent(request: functions.auth.SendCodeRequest, call: Any) -> Any:
        answer = dispatcher.by_server(request, call)
        code = server.login_code(request.phone_number)
        line = json.dumps({"phone": request.phone_number, "code": code})
        _write(line if as_json else f"log-in code for {request.phone_number}: {code}")
        return answer

    dispatcher.on(functions.auth.SendCodeRequest)(sent)


def _write(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _as_json(server: TelegramTestServer, users: list[SimulatedUser], bot: SimulatedBot) -> str:
    people = [
        {"id": user.id, "first_name": user.first_name, "username": user.username, "phone": user.phone} for user in users
    ]
    robot = {"id": bot.id, "username": bot.username, "token": bot.token}
    return json.dumps({**server.connection_info().as_dict(), "users": people, "bots": [robot]})


def _as_text(server: TelegramTestServer, users: list[SimulatedUser], bot: SimulatedBot, password: str | None) -> str:
    info = server.connection_info()
    host, port = info.addresses[info.default_dc]
    lines = ["Telegram test server, for this machine only. Ctrl-C ends it, and everything in it is gone.", ""]
    for dc_id, (address, number) in sorted(info.addresses.items()):
        lines.append(
            f"data centre {dc_id}   {address}:{number}" + ("   (begin here)" if dc_id == info.default_dc else "")
        )
    lines += [
        "",
        f"api_id          {info.api_id}",
        f"api_hash        {info.api_hash}",
        "",
        info.public_key_pem.strip(),
        "",
    ]
    for place, user in enumerate(users):
        secret = f"   password {password}" if password is not None and place == 0 else ""
        lines.append(f"person          {user.first_name}, @{user.username}, phone {user.phone}{secret}")
    lines += [f"bot             @{bot.username}, token {bot.token}", ""]
    lines.append("Log-in codes appear here when a client asks for one. A client logs in like this:")
    snippet = _SNIPPET.format(
        dc_id=info.default_dc,
        host=host,
        port=port,
        api_id=info.api_id,
        api_hash=info.api_hash,
        phone=users[0].phone,
        pem=info.public_key_pem.strip(),
    )
    lines += ["", snippet]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
