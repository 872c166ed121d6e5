"""A message goes round: a user and a bot talk, over real sockets with real encryption, on this machine only.

    python examples/demo.py

Every line says what has just happened; the last one sums up. Needs ``rich`` (``pip install 'Telethon[demo]'``).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

from telethon import Button, TelegramClient, events
from telethon.testing import TelegramTestServer

try:
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn
except ImportError:
    sys.exit("The demo shows its progress with rich: pip install 'Telethon[demo]'")

FILE_SIZE = 5 * 1024 * 1024
PHONE = "+42 777 000 001"

console = Console(highlight=False)
steps = 0


def tell(who: str, what: str) -> None:
    """One line on what has just happened."""
    global steps
    steps += 1
    console.print(f"[bold cyan]{who:>8}[/]  {what}")


def write(path: Path, content: bytes) -> None:
    """Make a file."""
    path.write_bytes(content)


def read(path: str) -> bytes:
    """What is in a file."""
    return Path(path).read_bytes()


def be_the_bot(bot: TelegramClient) -> None:
    """What the bot does; any program for Telegram looks like this."""

    @bot.on(events.NewMessage(pattern="/start"))
    async def start(event):
        answer = await event.respond("One moment ...")
        await answer.edit("Shall I go **on**?", buttons=[Button.inline("Yes, go on", b"go")])

    @bot.on(events.CallbackQuery(data=b"go"))
    async def pressed(event):
        await event.answer("Going on!")
        await event.edit("Thank you. Now send me a file.")

    @bot.on(events.NewMessage(func=lambda event: event.document))
    async def got_file(event):
        digest = hashlib.sha256(await event.download_media(file=bytes)).hexdigest()
        await event.reply(f"SHA-256: `{digest}`")


async def talk(user: TelegramClient, folder: Path) -> None:
    """What the user does."""
    async with user.conversation("demo_bot", timeout=30) as chat:
        await chat.send_message("/start")
        tell("user", "wrote [green]/start[/]")
        answer = await chat.get_response()
        tell("bot", f"answered [green]{answer.raw_text}[/]")
        edited = await chat.get_edit()
        tell("bot", f"edited it to [green]{edited.raw_text}[/] with a button [green]{edited.buttons[0][0].text}[/]")

        again = asyncio.ensure_future(asyncio.wait_for(chat.get_edit(), 30))
        answer = await edited.click(data=b"go")
        tell("user", f"pressed the button; the bot says [green]{answer.message}[/]")
        tell("bot", f"edited it to [green]{(await again).raw_text}[/]")

        original = os.urandom(FILE_SIZE)
        write(folder / "up.bin", original)
        columns = "{task.description}", BarColumn(), DownloadColumn(), TransferSpeedColumn()
        with Progress(*columns, console=console) as progress:
            up = progress.add_task("  upload", total=FILE_SIZE)
            sent = await chat.send_file(
                folder / "up.bin", progress_callback=lambda done, _: progress.update(up, completed=done)
            )
            down = progress.add_task("download", total=FILE_SIZE)
            path = await sent.download_media(
                folder / "down.bin", progress_callback=lambda done, _: progress.update(down, completed=done)
            )
        if read(path) != original:
            raise SystemExit("The file that came down is not the one that went up")
        tell("user", f"sent {FILE_SIZE:,} bytes and got the same bytes back")
        heard = await chat.get_response()
        if hashlib.sha256(original).hexdigest() not in heard.raw_text:
            raise SystemExit("The bot received another file than was sent")
        tell("bot", "received the file too: its SHA-256 is right")


async def main() -> None:
    """Start a server, log a user and a bot in, and let them talk."""
    began = time.perf_counter()
    async with TelegramTestServer() as server:
        host, port = server.address(2)
        tell("server", f"listens on {host}:{port}, with a key of its own")
        account = server.create_user("Ann", phone=PHONE)
        robot = server.create_bot("Demo", "demo_bot")

        bot = server.client()
        be_the_bot(bot)
        await bot.start(bot_token=robot.token)
        tell("bot", f"logged in with its token as @{(await bot.get_me()).username}")

        user = server.client()
        await user.start(phone=PHONE, code_callback=lambda: server.login_code(account.phone))
        tell("user", f"logged in as {(await user.get_me()).first_name} with phone number and code")

        with tempfile.TemporaryDirectory() as folder:
            await talk(user, Path(folder))
        await user.disconnect()
        await bot.disconnect()
        faults = len(server.violations)
    seconds = time.perf_counter() - began
    console.print(f"[bold green]Done:[/] {steps} steps in {seconds:.1f} s, {faults} broken rules of the protocol.")
    if faults:
        raise SystemExit(1)


if __name__ == "__main__":
    asyncio.run(main())
