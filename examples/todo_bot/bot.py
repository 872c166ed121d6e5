"""A bot that keeps to-do lists.

    API_ID=12345 API_HASH=0123456789abcdef0123456789abcdef BOT_TOKEN=123:abc python bot.py

It uses commands, buttons, files in both directions, inline queries, a conversation and timers. The tests beside it try
all of that without Telegram: `python -m pytest`.
"""

from __future__ import annotations

import asyncio
import io
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any

from lists import Lists, Reminder, Task

from telethon import Button, TelegramClient, events, types

HELP = """**I keep your to-do list.**
/add milk - something to do
/list - what there is to do
/remind 30 tea - tell you in 30 minutes
/export - your list as a file; send me such a file, and I add what is in it
/clear - throw the list away
In any chat: `@{name} milk` shares a part of it."""

SETTINGS: dict[str, Any] = {
    "catch_up": True,  # what people wrote while the bot was not running is answered, too
    "flood_sleep_threshold": 600,
}
"""What the client of this bot is made with, here and in the tests."""

PATIENCE = 60
"""Seconds that somebody has to confirm something."""

LARGEST = 64 * 1024
"""How many bytes of a file are read, at most."""


class TodoBot:
    """What the bot does, for any client.

    Args:
        client: a client that is logged in as a bot.
        lists: where the lists are kept.
        now: gives the time in Unix seconds.
    """

    def __init__(self, client: TelegramClient, lists: Lists, now: Callable[[], float] = time.time) -> None:
        self.client = client
        self.lists = lists
        self.asking: set[int] = set()
        self._now = now
        self._timers: set[asyncio.Task[None]] = set()

    def install(self) -> None:
        """Add the handlers. Do it before connecting: what was missed arrives at once."""
        self.client.add_event_handler(self.help, events.NewMessage(pattern="/(start|help)$"))
        self.client.add_event_handler(self.add, events.NewMessage(pattern=r"(?s)/add\s+(.+)"))
        self.client.add_event_handler(self.show, events.NewMessage(pattern="/list$"))
        self.client.add_event_handler(self.remind, events.NewMessage(pattern=r"/remind\s+(\d{1,6})\s+(.+)"))
        self.client.add_event_handler(self.send_list, events.NewMessage(pattern="/export$"))
        self.client.add_event_handler(self.read_list, events.NewMessage(func=is_text_file))
        self.client.add_event_handler(self.clear, events.NewMessage(pattern="/clear$"))
        self.client.add_event_handler(self.pressed, events.CallbackQuery(pattern=rb"done:(\d+)$"))
        self.client.add_event_handler(self.found, events.InlineQuery)

    def resume(self) -> None:
        """Go on with the reminders of the last run; the client has to be connected."""
        for reminder in self.lists.reminders():
            self._set_timer(reminder)

    async def stop(self) -> None:
        """Forget the timers; the reminders stay in the lists."""
        for timer in self._timers:
            timer.cancel()
        await asyncio.gather(*self._timers, return_exceptions=True)

    # -- commands ----------------------------------------------------------------------------------------------------

    async def help(self, event: events.NewMessage.Event) -> None:
        """Say what the bot can do."""
        me = await self.client.get_me()
        await event.respond(HELP.format(name=me.username))

    async def add(self, event: events.NewMessage.Event) -> None:
        """Put something on the list."""
        self.lists.add(event.sender_id, *event.pattern_match[1].splitlines())
        await self.show(event)

    async def show(self, event: events.NewMessage.Event) -> None:
        """Show the list, with a button for each task."""
        tasks = self.lists.of(event.sender_id)
        await event.respond(headline(tasks), buttons=buttons(tasks))

    async def clear(self, event: events.NewMessage.Event) -> None:
        """Ask first, and then throw the list away."""
        if event.chat_id in self.asking:
            await event.respond("I have asked you already.")
            return
        self.asking.add(event.chat_id)
        try:
            async with self.client.conversation(event.chat_id, timeout=PATIENCE) as chat:
                await chat.send_message("Throw the whole list away? Write **yes** if so.")
                answer = await chat.get_response()
            if answer.raw_text.strip().lower() == "yes":
                self.lists.clear(event.sender_id)
                await answer.reply("It is empty now.")
            else:
                await answer.reply("I keep it.")
        except asyncio.TimeoutError:
            await event.respond("You did not say yes, so I keep it.")
        finally:
            self.asking.discard(event.chat_id)

    # -- buttons and inline queries ----------------------------------------------------------------------------------

    async def pressed(self, event: events.CallbackQuery.Event) -> None:
        """Mark a task as done, or as not done."""
        task = self.lists.toggle(event.sender_id, int(event.pattern_match[1]))
        if task is None:
            await event.answer("This task is not yours, or not there any more.", alert=True)
            return
        await event.answer("Done!" if task.done else "Not done yet.")
        tasks = self.lists.of(event.sender_id)
        await event.edit(headline(tasks), buttons=buttons(tasks))

    async def found(self, event: events.InlineQuery.Event) -> None:
        """Offer tasks to whoever types the name of the bot in some chat."""
        tasks = self.lists.of(event.sender_id, event.text)[:20]
        results = [event.builder.article(task.text, text=f"To do: {task.text}", parse_mode=None) for task in tasks]
        await event.answer(results, private=True, cache_time=0)

    # -- files -------------------------------------------------------------------------------------------------------

    async def send_list(self, event: events.NewMessage.Event) -> None:
        """Send the list as a file."""
        lines = "".join(f"[{'x' if task.done else ' '}] {task.text}\n" for task in self.lists.of(event.sender_id))
        if not lines:
            await event.respond("There is nothing to do.")
            return
        file = io.BytesIO(lines.encode())
        file.name = "todo.txt"
        await event.respond(file=file)

    async def read_list(self, event: events.NewMessage.Event) -> None:
        """Add the lines of a file."""
        if event.file.size > LARGEST:
            await event.reply("That is too long for me.")
            return
        text = (await event.download_media(bytes)).decode(errors="replace")
        texts = [line for line in (re.sub(r"^\[.\] ", "", line).strip() for line in text.splitlines()) if line]
        self.lists.add(event.sender_id, *texts)
        await event.reply(f"Added: {len(texts)}")

    # -- reminders ---------------------------------------------------------------------------------------------------

    async def remind(self, event: events.NewMessage.Event) -> None:
        """Remember to tell somebody something."""
        minutes, text = int(event.pattern_match[1]), event.pattern_match[2]
        self._set_timer(self.lists.remind(event.sender_id, text, self._now() + minutes * 60))
        await event.respond(f"In {minutes} minutes.")

    def _set_timer(self, reminder: Reminder) -> None:
        timer = asyncio.create_task(self._tell(reminder))
        self._timers.add(timer)
        timer.add_done_callback(self._timers.discard)

    async def _tell(self, reminder: Reminder) -> None:
        await asyncio.sleep(max(0, reminder.due - self._now()))
        await self.client.send_message(reminder.user, f"Remember: {reminder.text}", parse_mode=None)
        self.lists.reminded(reminder)


def is_text_file(event: events.NewMessage.Event) -> bool:
    """Whether a message has a file that looks like a list."""
    return bool(event.file and event.file.name and event.file.name.endswith(".txt"))


def headline(tasks: list[Task]) -> str:
    """What stands above the buttons."""
    left = sum(not task.done for task in tasks)
    return f"{left} of {len(tasks)} to do" if tasks else "There is nothing to do."


def buttons(tasks: list[Task]) -> list[list[types.KeyboardInlineButton]] | None:
    """A button for each task, one in a row."""
    rows = [[Button.inline(f"{'✅' if task.done else '⬜'} {task.text}", f"done:{task.id}")] for task in tasks]
    return rows or None


async def main() -> None:
    """Be the bot on Telegram until Ctrl-C."""
    try:
        api_id, api_hash, token = (os.environ[name] for name in ("API_ID", "API_HASH", "BOT_TOKEN"))
    except KeyError as missing:
        sys.exit(
            f"Set {missing.args[0]} first: API_ID and API_HASH are from my.telegram.org, BOT_TOKEN from @BotFather"
        )
    client = TelegramClient("todo_bot", int(api_id), api_hash, **SETTINGS)
    lists = Lists("todo.sqlite")
    bot = TodoBot(client, lists)
    bot.install()
    await client.start(bot_token=token)
    bot.resume()
    print("Listening; stop me with Ctrl-C.")
    try:
        await client.run_until_disconnected()
    finally:
        await bot.stop()
        await client.disconnect()
        lists.close()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass
