"""The recipes of the documentation, each one run against the test server."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docblocks import ROOT, blocks_of

from telethon import TelegramClient
from telethon.sessions import SQLiteSession
from telethon.testing import RpcFault, SimulatedBot, TelegramTestServer, run_virtual, tiny_png

RECIPES = {block.name.removeprefix("module-"): block for block in blocks_of(ROOT / "docs" / "recipes.rst")}
Clients = Callable[..., Any]


def recipe(name: str) -> dict[str, Any]:
    """What a recipe defines."""
    block = RECIPES[name]
    names: dict[str, Any] = {"__name__": name}
    exec(compile("\n" * (block.line - 1) + block.code, block.page, "exec"), names)
    return names


async def until(condition: Callable[[], object]) -> None:
    for _ in range(300):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise TimeoutError


def test_each_recipe_has_a_test() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in RECIPES if f'recipe("{name}")' not in text and f'RECIPES["{name}"]' not in text] == []


def logged_in(server: TelegramTestServer, user: Any, path: Path) -> str:
    known = server.client_session(user)
    session = SQLiteSession(str(path))
    session.set_dc(known.dc_id, known.server_address, known.port)
    session.auth_key = known.auth_key
    session.save()
    session.close()
    return str(path)


async def test_what_is_around(
    telegram_server: TelegramTestServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = telegram_server.create_user("Ann")
    logged_in(telegram_server, ann, tmp_path / "name")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("API_ID", str(telegram_server.api_id))
    monkeypatch.setenv("API_HASH", telegram_server.api_hash)
    await recipe("around")["run"](lambda client: client.send_message("me", "Hello!"))
    assert ann.chat(ann).last().text == "Hello!"


async def test_photos(telegram_server: TelegramTestServer, telegram_clients: Clients, tmp_path: Path) -> None:
    ann, owner = telegram_server.create_user("Ann"), telegram_server.create_user("Owner")
    channel = telegram_server.create_channel("Pictures", owner, [ann], username="pictures")
    for number in range(3):
        await owner.chat(channel).send_file(tiny_png(), f"photo {number}")
        await owner.chat(channel).send("no photo")
    client = await telegram_clients(ann)
    download = recipe("photos")["download_photos"]
    await download(client, "pictures", tmp_path / "photos")
    first = sorted((tmp_path / "photos").glob("*.jpg"))
    assert [path.read_bytes() for path in first] == [tiny_png()] * 3
    first[0].unlink()  # what is marked as done is not fetched again
    await owner.chat(channel).send_file(tiny_png(), "one more")
    await download(client, "pictures", tmp_path / "photos")
    assert len(list((tmp_path / "photos").glob("*.jpg"))) == 3


async def test_export(telegram_server: TelegramTestServer, tmp_path: Path) -> None:
    ann, bob = telegram_server.create_user("Ann"), telegram_server.create_user("Bob", username="bob_to_be")
    await bob.chat(ann).send("Hi")
    await ann.chat(bob).send("Hi, Bob ☺")
    session = logged_in(telegram_server, ann, tmp_path / "ann")
    # In a process of its own: it changes the classes of the library.
    keys = f"{session!r}, {telegram_server.api_id}, {telegram_server.api_hash!r}"
    code = f"{RECIPES['export'].code}\nexport({keys}, 'bob_to_be', {str(tmp_path / 'chat')!r})"
    assert RECIPES["export"].code in code
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=45, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    rows = [json.loads(line) for line in (tmp_path / "chat").read_text(encoding="utf-8").splitlines()]
    assert [(row["from"], row["text"]) for row in rows] == [(bob.id, "Hi"), (ann.id, "Hi, Bob ☺")]


async def test_members(telegram_server: TelegramTestServer, telegram_clients: Clients) -> None:
    ann, bob = telegram_server.create_user("Ann", "Smith"), telegram_server.create_user("Bob", username="bob_to_be")
    telegram_server.create_channel("Group", ann, [bob], username="the_group", megagroup=True)
    file = io.StringIO()
    await recipe("members")["write_members"](await telegram_clients(ann), "the_group", file)
    assert sorted(file.getvalue().splitlines()) == sorted(
        ["id,username,name,bot", f"{ann.id},,Ann Smith,False", f"{bob.id},bob_to_be,Bob,False"]
    )


async def test_forward(telegram_server: TelegramTestServer, telegram_clients: Clients, tmp_path: Path) -> None:
    ann, owner = telegram_server.create_user("Ann"), telegram_server.create_user("Owner")
    telegram_server.create_channel("From", owner, [ann], username="from_here")
    telegram_server.create_channel("To", ann, username="to_there")
    client, other = await telegram_clients(ann), await telegram_clients(owner)
    recipe("forward")["forward"](client, "from_here", "to_there")
    pictures = [tmp_path / "1.png", tmp_path / "2.png"]
    for picture in pictures:
        picture.write_bytes(tiny_png())
    await other.send_message("from_here", "alone")
    await other.send_file("from_here", pictures, caption=["first", "second"])

    async def arrived() -> list[Any]:
        return [message for message in await client.get_messages("to_there", 10) if message.forward]

    for _ in range(50):
        if len(await arrived()) == 3:
            break
        await asyncio.sleep(0.1)
    found = {message.raw_text: message for message in await arrived()}
    assert found.keys() == {"alone", "first", "second"}
    assert found["first"].grouped_id == found["second"].grouped_id is not None
    assert found["alone"].grouped_id is None
    await asyncio.sleep(0.3)
    assert len(await arrived()) == 3


def test_later(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        async with TelegramTestServer() as server:
            ann, bob = server.create_user("Ann"), server.create_user("Bob", username="bob_to_be")
            async with server.client(ann) as client:
                await recipe("later")["remind"](client, "bob_to_be", "Tea!")
                assert capsys.readouterr().out.endswith(" Tea!\n")
                assert bob.chat(ann).messages() == []
                await asyncio.sleep(3601)
                server.deliver_scheduled()
                assert bob.chat(ann).last().text == "Tea!"

    run_virtual(main())


async def test_moderator(telegram_server: TelegramTestServer, telegram_clients: Clients, telegram_bot: Any) -> None:
    owner, bob = telegram_server.create_user("Owner"), telegram_server.create_user("Bob")
    group = telegram_server.create_channel("Group", owner, [telegram_bot, bob], username="the_group", megagroup=True)
    client = await telegram_clients(owner)
    await client.edit_admin("the_group", telegram_bot.username, ban_users=True, delete_messages=True)
    recipe("moderator")["moderate"](await telegram_clients(telegram_bot))

    carol = telegram_server.create_user("Carol")
    chat = await carol.join(group)
    assert (await chat.expect_reply()).text == "Welcome, Carol!"
    cheap = await bob.chat(group).send("Buy cheap watches")
    await until(lambda: cheap.deleted)
    mine = await chat.send("rude words")
    await chat.send("/ban", reply_to=mine)
    await asyncio.sleep(0.3)
    await chat.send("still here")  # who is no administrator bans nobody
    with pytest.raises(RpcFault):
        await bob.chat(group).send("Why?")
    await owner.chat(group).send("/ban", reply_to=mine)
    await until(lambda: owner.chat(group).last().text == "Banned.")
    with pytest.raises(RpcFault):
        await chat.send("And now?")
    log = [type(event.action).__name__ for event in await client.get_admin_log("the_group")]
    assert log.count("ChannelAdminLogEventActionParticipantToggleBan") == 2


async def test_quiz(telegram_server: TelegramTestServer, telegram_clients: Clients, telegram_bot: SimulatedBot) -> None:
    recipe("quiz")["quiz"](await telegram_clients(telegram_bot))
    for name, answer, told in (("Ann", "Four", "Right!"), ("Bob", "Three", "Try to count again.")):
        chat = telegram_server.create_user(name).chat(telegram_bot)
        await chat.send("/quiz")
        await chat.vote(await chat.expect_reply(), answer)
        assert (await chat.expect_reply()).text == told


async def test_form(telegram_server: TelegramTestServer, telegram_clients: Clients, telegram_bot: SimulatedBot) -> None:
    saved: list[tuple[str, int]] = []
    recipe("form")["form"](await telegram_clients(telegram_bot), lambda *row: saved.append(row))
    chat = telegram_server.create_user("Ann").chat(telegram_bot)
    for button, last in (("Yes", "Thank you!"), ("No", "Begin again with /signup.")):
        for text, told in (
            ("/signup", "What is your name?"),
            ("Ann", "How old are you?"),
            ("old", "Write a number, please."),
            ("33", "Ann, 33. Is that right?"),
        ):
            await chat.send(text)
            assert (await chat.expect_reply()).text == told
        await chat.press(button, chat.last())
        assert (await chat.expect_reply()).text == last
    assert saved == [("Ann", 33)]


def test_form_that_nobody_fills_in() -> None:
    async def main() -> None:
        async with TelegramTestServer() as server:
            bot = server.create_bot()
            async with server.client(bot) as client:
                recipe("form")["form"](client, None)
                chat = server.create_user("Ann").chat(bot)
                await chat.send("/signup")
                await chat.expect_reply()
                assert (await chat.expect_reply(400)).text == "You can go on another time, with /signup."

    run_virtual(main())


async def test_accounts(telegram_server: TelegramTestServer, telegram_clients: Clients) -> None:
    people = [telegram_server.create_user(name) for name in ("Ann", "Bob")]
    clients: list[TelegramClient] = [await telegram_clients(one, connect=False) for one in people]
    running = asyncio.ensure_future(recipe("accounts")["run_all"](clients))
    await until(lambda: all(client.is_connected() for client in clients))
    assert [(await client.get_me()).id for client in clients] == [one.id for one in people]
    for client in clients:
        await client.disconnect()
    await asyncio.wait_for(running, 10)


async def test_web(telegram_server: TelegramTestServer, telegram_clients: Clients, telegram_bot: SimulatedBot) -> None:
    client = await telegram_clients(connect=False)
    lifespan = recipe("web")["lifespan_of"](client, bot_token=telegram_bot.token)
    async with lifespan(object()):
        assert (await client.get_me()).username == telegram_bot.username
    assert not client.is_connected()


async def test_threads(telegram_server: TelegramTestServer, telegram_clients: Clients) -> None:
    ann = telegram_server.create_user("Ann")
    message = await asyncio.to_thread(recipe("threads")["say"], await telegram_clients(ann), "me", "Hello!")
    assert ann.chat(ann).last().text == message.raw_text == "Hello!"
