"""The server that both libraries find: the same people, chats and messages, and what others do when they are asked."""

from __future__ import annotations

import inspect
import json
import random
import re
import textwrap
import time
from pathlib import Path
from typing import Any

import normalise
from normalise import told

from telethon._core.rand import system_random
from telethon.sessions import StringSession
from telethon.testing import TelegramTestServer, tiny_png
from telethon.testing._rpc import RpcFault
from telethon.testing.world.world import Options
from telethon.tl import functions, types

PICTURE = tiny_png(320, 200)
DOCUMENT = random.Random(5).randbytes(5000)


ROOT = Path(__file__).resolve().parents[4]


def _blocks(path: Path) -> list[str]:
    """The Python in a file of reStructuredText."""
    parts = path.read_text(encoding="utf-8").split(".. code-block:: python\n")[1:]
    return [textwrap.dedent(re.split(r"\n(?=\S)", part.lstrip("\n").rstrip() + "\n")[0]) for part in parts]


class Stage:
    """A server, who is on it, and the requests of each call.

    Args:
        short_updates: whether texts are announced in the short forms, which do not tell who wrote them.

    Attributes:
        requests: what was asked, by the name of the call.
    """

    def __init__(self, *, short_updates: bool = True) -> None:
        options = Options(bot_timeout=1.0, short_updates=short_updates)
        self.server = TelegramTestServer(strict=False, rand=random.Random(7).randbytes, options=options)
        # What the world draws is the same each time; what keys are made of need not be.
        self.server.rand = system_random
        self.server.on(functions.langpack.GetLanguageRequest)(self._hear)
        self.requests: dict[str, list[Any]] = {}
        # Nothing depends on the second in which it happens: time goes on with what is done.
        normalise.began = int(time.time())
        self._time = normalise.began - 3600
        self.server.world.now = lambda: self._time
        self._begun = 0
        self.rooms: dict[str, Any] = {}

    async def build(self) -> dict[str, object]:
        """Everybody and everything. Returns what the program must know."""
        server = self.server
        # All of it happened an hour ago, so that none of it is new to those who connect.
        ann = server.create_user("Ann", "Archer", username="ann_gold", phone="+99966 2 1001", password="old secret")
        bob = server.create_user("Bob", "Baker", username="bob_gold", phone="+99966 2 1002")
        cem = server.create_user("Cem", phone="+99966 2 1003")
        eve = server.create_user("Eve", username="eve_gold", phone="+99966 2 1004")
        bot = server.create_bot("Robot", "robot_gold_bot")
        self.people = {"ann": ann, "bob": bob, "cem": cem, "eve": eve, "bot": bot}
        server.create_game(bot, "tetris", "Tetris", "Stones that fall")
        group = server.create_group("Three", ann, [bob, cem])
        duo = server.create_group("Duo", bob, [cem])
        talk = server.create_channel("Talk", ann, [bob, cem, bot], username="talk_gold", megagroup=True, about="All")
        news = server.create_channel("News", ann, [bob, bot], username="news_gold")
        private = server.create_channel("Private", bob, [ann, cem], megagroup=True)
        self.rooms = {"three": group, "duo": duo, "talk": talk, "news": news, "private": private}
        chat = bob.chat(ann)
        first = await chat.send("number 0")
        for number in range(1, 12):
            await chat.send(f"number {number}", reply_to=first if number == 5 else None)
        await chat.send_file(PICTURE, "a photo", name="photo.png")
        await chat.send_file(DOCUMENT, "a document", name="plain.txt", mime_type="text/plain")
        bold = [types.MessageEntityBold(0, 4), types.MessageEntityUrl(9, 19)]
        await chat.send("bold and https://example.com", entities=bold)
        for number in range(5):
            for writer, where in ((ann, talk), (bob, talk), (ann, news), (cem, group)):
                self._time += 10
                await writer.chat(where).send(f"{where.title} {number}")
        self._time += 10
        await cem.chat(ann).send("hello from Cem")
        self._time = normalise.began
        sessions = {name: StringSession.save(server.client_session(person)) for name, person in self.people.items()}
        return {
            "sessions": sessions,
            "ids": {name: person.id for name, person in self.people.items()},
            "rooms": {name: room.id for name, room in self.rooms.items()},
            "began": normalise.began,
            "first": ann.chat(bob).messages()[0].id,
            "token": bot.token,
            "phones": {name: person.phone for name, person in self.people.items()},
            "picture": PICTURE.hex(),
            "document": DOCUMENT.hex(),
            "examples": str(ROOT / "examples"),
            "readme": [block for block in _blocks(ROOT / "README.rst") if "import" in block],
        }

    async def _hear(self, request: functions.langpack.GetLanguageRequest, call: Any) -> types.LangPackLanguage:
        words = json.loads(request.lang_code)
        found: Any = None
        self._time += 1
        log = self.server.requests
        if words[0] == "begin":
            log.clear()
        elif words[0] == "end":
            self.requests[words[1]] = list(log)
        else:
            found = getattr(self, words[0])(*words[1:])
            if inspect.isawaitable(found):
                found = await found
        return types.LangPackLanguage(json.dumps(found), "", "", "", 0, 0, "")

    # -- what others do ----------------------------------------------------------------------------------------------

    def _chat(self, who: str, where: str) -> Any:
        return self.people[who].chat(self.rooms[where] if where in self.rooms else self.people[where])

    async def say(self, who: str, where: str, text: str, reply_to: int | None = None) -> int:
        """Somebody writes. Returns the number of the message."""
        return (await self._chat(who, where).send(text, reply_to=reply_to)).id

    async def answer(self, who: str, where: str, text: str) -> int:
        """Somebody answers the last message of a chat. Returns the number of the message."""
        chat = self._chat(who, where)
        return (await chat.send(text, reply_to=chat.last())).id

    async def picture(self, who: str, where: str, caption: str = "") -> int:
        """Somebody sends a picture."""
        return (await self._chat(who, where).send_file(PICTURE, caption, name="photo.png")).id

    async def edit(self, who: str, where: str, number: int, text: str) -> None:
        """Somebody changes a message."""
        await self._chat(who, where).edit(number, text)

    async def delete(self, who: str, where: str, *numbers: int) -> None:
        """Somebody deletes messages."""
        await self._chat(who, where).delete(*numbers)

    async def read(self, who: str, where: str) -> None:
        """Somebody reads all of it."""
        await self._chat(who, where).read()

    async def typing(self, who: str, where: str, action: str = "SendMessageTypingAction", *values: Any) -> None:
        """Somebody is writing, or does something else of that kind."""
        await self._chat(who, where).typing(getattr(types, action)(*values))

    async def react(self, who: str, where: str, number: int, emoji: str) -> None:
        """Somebody reacts to a message."""
        await self._chat(who, where).react(number, emoji)

    async def online(self, who: str, offline: bool) -> None:
        """Somebody comes or goes."""
        await self.people[who].call(functions.account.UpdateStatusRequest(offline=offline))

    async def join(self, who: str, where: str) -> None:
        """Somebody goes into a public chat."""
        await self.people[who].join(self.rooms[where])

    async def leave(self, who: str, where: str) -> None:
        """Somebody leaves a channel."""
        person = self.people[who]
        await person.call(functions.channels.LeaveChannelRequest(person.input_channel(self.rooms[where])))

    async def request(self, who: str, name: str, *arguments: Any) -> None:
        """Somebody makes a request; names of people and chats in it are what they are for that person."""
        namespace, _, method = name.partition(".")
        kind = getattr(getattr(functions, namespace), method)
        await self.people[who].call(kind(*[self._argument(who, one) for one in arguments]))

    def _argument(self, who: str, value: Any) -> Any:
        person = self.people[who]
        if isinstance(value, list):
            return [self._argument(who, one) for one in value]
        if not isinstance(value, str) or ":" not in value:
            return value
        kind, _, name = value.partition(":")
        if kind == "user":
            return person.input_user(self.people[name])
        if kind == "channel":
            return person.input_channel(self.rooms[name])
        if kind == "peer":
            return person.input_peer(self.rooms[name].peer if name in self.rooms else self.people[name].id)
        return value

    async def press(self, who: str, where: str, button: str, number: int | None = None) -> Any:
        """Somebody presses a button. Returns what the bot said."""
        try:
            answer = await self._chat(who, where).press(button, number)
        except RpcFault as fault:
            return fault.message
        return getattr(answer, "message", None)

    async def try_press(self, who: str, where: str, button: str) -> Any:
        """As `press`, None when there is no such button."""
        try:
            return await self.press(who, where, button)
        except LookupError:
            return None

    async def document(self, who: str, where: str) -> int:
        """Somebody sends a document."""
        chat = self._chat(who, where)
        return (await chat.send_file(DOCUMENT, name="plain.txt", mime_type="text/plain", as_document=True)).id

    def last(self, who: str, where: str) -> str:
        """The text of the last message in a chat."""
        text: str = self._chat(who, where).last().text
        return text

    async def query(self, who: str, text: str, offset: str = "") -> Any:
        """Somebody types an inline query for the bot. Returns the answer."""
        results = await self._chat(who, "bot").inline(text, offset=offset)
        return told(results.answer)

    async def choose(self, who: str, text: str) -> int:
        """Somebody sends the first inline result. Returns the number of the message."""
        results = await self._chat(who, "bot").inline(text)
        return (await results.send(0)).id

    def deliver(self) -> None:
        """The time of all scheduled messages has come."""
        self.server.deliver_scheduled()

    def fail(self, name: str, code: int = 0, text: str = "") -> None:
        """From now on one request is answered with an error; with no code it is answered again."""
        kind = getattr(functions.help, name)
        self.server.dispatcher.forget(kind)
        if code:

            def refuse(request: Any, call: Any) -> Any:
                raise RpcFault(code, text)

            self.server.on(kind)(refuse)

    def code(self, phone: str) -> str:
        """The code that was sent to a phone number."""
        return self.server.login_code(phone)
