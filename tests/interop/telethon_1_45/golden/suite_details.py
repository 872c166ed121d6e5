"""Many forms of the same calls: pages of histories, targets of downloads, parts of files, filters, clicks, talks."""

import asyncio
import copy
import io
import itertools
import os
import pathlib
import re
import tempfile

from recorder import INFO, connected

from telethon import Button, events, types

IDS, ROOMS, FIRST = INFO["ids"], INFO["rooms"], INFO["first"]
PICTURE, DOCUMENT = bytes.fromhex(INFO["picture"]), bytes.fromhex(INFO["document"])
THREE, TALK = -ROOMS["three"], -1_000_000_000_000 - ROOMS["talk"]


def file(content, name):
    made = io.BytesIO(content)
    made.name = name
    return made


async def suite(g):
    ann, bot = await connected("ann"), await connected("bot")
    await ann.get_dialogs()
    try:
        for part in (pages, forms, targets, ranges, progress, made_messages, talks, filters, albums, clicks):
            await part(g, ann, bot)
    finally:
        await ann.disconnect()
        await bot.disconnect()


async def pages(g, ann, bot):
    offsets = ((0, 0), (FIRST + 5, 0), (0, 2), (FIRST + 5, -2))
    limits = ((0, 0), (FIRST + 2, 0), (0, FIRST + 4), (FIRST + 2, FIRST + 6))
    for where, limit, reverse, (offset, add), (low, high) in itertools.product(
        ("bob_gold", THREE), (None, 0, 1, 3), (False, True), offsets, limits
    ):
        options = {"reverse": reverse, "offset_id": offset, "add_offset": add, "min_id": low, "max_id": high}

        async def work(where=where, limit=limit, options=options):
            # How many requests this takes depends on what a short page means, and is compared elsewhere.
            return [one.id async for one in ann.iter_messages(where, limit, **options)]

        await g(f"page of {where} {limit} {list(options.values())}", work)


async def forms(g, ann, bot):
    """What can be done with the iterators, and with the lists that they become."""

    async def steps():
        pages = ann.iter_messages("bob_gold", limit=5)
        found = [
            pages.limit,
            pages.reverse,
            pages.total,
            (await anext_(pages)).id,
            pages.total,
            pages.left,
            pages.index,
        ]
        found.append([one.id async for one in pages])
        found.append([one.id async for one in pages])
        return [*found, len(await pages.collect()), reversed(ann.iter_messages("bob_gold", limit=1)).reverse]

    async def broken_off():
        pages, found = ann.iter_messages("bob_gold", limit=4), []
        async for one in pages:
            found.append(one.id)
            break
        return [*found, *[one.id async for one in pages]]

    async def at_once():
        pages = ann.iter_messages("bob_gold", limit=4)
        return [one.id for one in await asyncio.gather(anext_(pages), anext_(pages))]

    async def lists():
        found = await ann.get_messages("bob_gold", limit=3)
        kinds = [type(one).__name__ for one in (found, found[:2], found + found, copy.copy(found), found * 2)]
        return [kinds, copy.copy(found).total, found == list(found), str(found)[-10:], repr(found)[-10:]]

    for name, work in {"steps": steps, "broken off": broken_off, "at once": at_once, "lists": lists}.items():
        await g(f"iterating: {name}", work)


def anext_(iterator):
    return iterator.__anext__()


async def targets(g, ann, bot):
    """Where files are stored, and under which names."""
    named = types.DocumentAttributeFilename
    sent = {
        "photo": await ann.send_file("me", file(PICTURE, "a.png")),
        "document": await ann.send_file("me", file(DOCUMENT, "a.txt")),
        "nameless": await ann.send_file("me", DOCUMENT),
        "voice": await ann.send_file("me", file(DOCUMENT, "v.ogg"), voice_note=True),
        "above": await ann.send_file("me", file(DOCUMENT, "x.txt"), attributes=[named("../../evil.txt")]),
        "absolute": await ann.send_file("me", file(DOCUMENT, "x.txt"), attributes=[named("/etc/evil.txt")]),
        "text": await ann.send_message("me", "nothing"),
    }
    places = {
        "nowhere": lambda _: None,
        "folder": lambda folder: folder,
        "path": lambda folder: f"{folder}/name",
        "path with extension": lambda folder: f"{folder}/name.bin",
        "path in a new folder": lambda folder: f"{folder}/new/name",
        "name": lambda _: "relative",
        "empty": lambda _: "",
        "Path": pathlib.Path,
        "bytes": lambda _: bytes,
        "stream": lambda _: io.BytesIO(),
    }
    for (what, message), (where, place) in itertools.product(sent.items(), places.items()):
        await g(f"{what} to {where}", lambda message=message, place=place: _stored(ann, message, place))
    for what, thumb in itertools.product(("photo", "document"), (0, -1, 5, "m", "zz", None)):
        await g(
            f"thumb {thumb!r} of a {what}", lambda what=what, thumb=thumb: sent[what].download_media(bytes, thumb=thumb)
        )


async def _stored(ann, message, place):
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            # A second file of that name gets another one.
            given = [_told(await ann.download_media(message, place(folder)), folder) for _ in range(2)]
            return [given, _listed(folder)]
        finally:
            os.chdir(before)


def _told(found, folder):
    if isinstance(found, io.BytesIO):
        return ["stream", found.tell(), len(found.getvalue())]
    if isinstance(found, str):
        return [os.path.isabs(found), undated(os.path.relpath(found, folder))]
    return found


def _listed(folder):
    paths = [one for one in pathlib.Path(folder).rglob("*") if one.is_file()]
    return sorted([undated(str(one.relative_to(folder))), one.stat().st_size] for one in paths)


def undated(name):
    return re.sub(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d", "<date>", name)


async def ranges(g, ann, bot):
    """The chunks of a file, whichever part of it is asked for."""
    content = bytes(range(256)) * 4096 * 2
    sent = await ann.send_file("me", file(content, "big.bin"))
    grid = itertools.product((0, 1, 5000, 1 << 20), (None, 1, 3), (None, 65_536, 70_000), (131_072, 524_288))
    for offset, limit, chunk, request in grid:

        async def work(offset=offset, limit=limit, chunk=chunk, request=request):
            options = {"offset": offset, "limit": limit, "chunk_size": chunk, "request_size": request}
            # At the end of a file one of the libraries may give an empty one.
            found = [bytes(one) async for one in ann.iter_download(sent, **options) if len(one)]
            return [[len(one) for one in found], b"".join(found) == content[offset : offset + sum(map(len, found))]]

        await g(f"range {offset} {limit} {chunk} {request}", work)


async def progress(g, ann, bot):
    for size, part in itertools.product((0, 1, 5000, 131_072, 131_073, 1 << 20), (None, 64, 512)):

        async def work(size=size, part=part):
            told = []
            await ann.upload_file(
                file(bytes(size), "p.bin"), part_size_kb=part, progress_callback=lambda *one: told.append(one)
            )
            return told

        await g(f"progress of {size} in {part}", work)
    for captions in ("one", ["one"], ["one", "two"], ("a", "**b**"), [], None, ["", ""]):
        pair = [file(PICTURE, "1.png"), file(PICTURE, "2.png")]
        sent = await ann.send_file("me", pair, caption=captions)
        await g(f"captions {captions!r}", lambda sent=sent: [[one.text, one.raw_text] for one in sent])


MADE = {
    "plain": {},
    "place": {"media": types.MessageMediaGeo(types.GeoPoint(1.0, 2.0, 0))},
    "contact": {"media": types.MessageMediaContact("1", "a", "b", "", 5)},
    "dice": {"media": types.MessageMediaDice(4, "d")},
    "web page": {"media": types.MessageMediaWebPage(types.WebPage(1, "u", "d", 0))},
    "no photo": {"media": types.MessageMediaPhoto(ttl_seconds=5)},
    "empty document": {"media": types.MessageMediaDocument(document=types.DocumentEmpty(1))},
    "forward": {"fwd_from": types.MessageFwdHeader(None, from_id=types.PeerChannel(3), channel_post=5)},
    "hidden forward": {"fwd_from": types.MessageFwdHeader(None, from_name="x")},
    "reply": {"reply_to": types.MessageReplyHeader(reply_to_msg_id=5)},
    "reply to a story": {"reply_to": types.MessageReplyStoryHeader(types.PeerUser(1), 5)},
    "via a bot": {"via_bot_id": 5},
    "post": {"peer_id": types.PeerChannel(5), "post": True},
    "in a group": {"peer_id": types.PeerChat(5), "from_id": types.PeerUser(5)},
    "anonymous": {"peer_id": types.PeerChannel(5)},
    "buttons": {"reply_markup": types.ReplyInlineMarkup([types.KeyboardButtonRow([Button.inline("x")])])},
    "hidden keyboard": {"reply_markup": types.ReplyKeyboardHide()},
    "link": {"entities": [types.MessageEntityTextUrl(0, 1, "https://a.b")]},
}
SHOWN = [
    "action_entities", "audio", "button_count", "buttons", "chat", "chat_id", "contact", "dice", "document", "file",
    "forward", "game", "geo", "gif", "input_chat", "input_sender", "invoice", "is_channel", "is_group", "is_private",
    "is_reply", "out", "photo", "poll", "raw_text", "reply_to_msg_id", "sender", "sender_id", "sticker", "text",
    "to_id", "venue", "via_bot", "via_input_bot", "video", "video_note", "voice", "web_preview",
]  # fmt: skip


async def made_messages(g, ann, bot):
    """Messages that programs make."""
    for name, fields in MADE.items():
        message = types.Message(**{"id": 5, "peer_id": types.PeerUser(IDS["bob"]), "message": "t", **fields})
        await g(f"made: {name}", lambda message=message: {one: getattr(message, one) for one in SHOWN})


async def talks(g, ann, bot):
    def say(text):
        return g.server("say", "bob", "ann", text)

    async def failure(work):
        """What awaiting gives, or the name of the error; one of the libraries raises some before that."""
        try:
            return await work()
        except (Exception, asyncio.CancelledError) as problem:
            return type(problem).__name__

    async def in_order(talk):
        await talk.send_message("q")
        for number in range(3):
            await say(f"a{number}")
        return [(await talk.get_response()).text for _ in range(3)]

    async def too_early(talk):
        return [await failure(work) for work in (talk.get_response, talk.get_edit, talk.get_reply)]

    async def edits(talk):
        await talk.send_message("x")
        number = await say("first")
        found = [(await talk.get_response()).text]
        for text in ("second", "third"):
            await g.server("edit", "bob", "ann", number, text)
            found.append((await talk.get_edit()).text)
        return found

    async def replies(talk):
        await talk.send_message("x")
        await g.server("answer", "bob", "ann", "a reply")
        await say("no reply")
        found = [await failure(wait) for wait in (talk.get_response, talk.get_response, talk.get_reply)]
        return [one if isinstance(one, str) else one.text for one in found]

    async def out_of_time(talk):
        await talk.send_message("x")
        return await failure(lambda: talk.get_response(timeout=0.05))

    async def cancelled(talk):
        await talk.send_message("x")
        waiting = asyncio.ensure_future(talk.get_response())
        await asyncio.sleep(0.05)
        talk.cancel()
        return [await failure(lambda: waiting), await failure(lambda: talk.send_message("y"))]

    async def limited(talk):
        found = []
        for number in range(4):
            found.append(await failure(lambda number=number: talk.send_message(str(number))))
        return [one if isinstance(one, str) else one.text for one in found]

    for name, (work, options) in {
        "in order": (in_order, {}),
        "too early": (too_early, {}),
        "edits": (edits, {}),
        "replies": (replies, {"timeout": 0.5}),
        "replies alone": (replies, {"timeout": 0.5, "replies_are_responses": False}),
        "out of time": (out_of_time, {}),
        "out of time in all": (out_of_time, {"total_timeout": 0.05}),
        "cancelled": (cancelled, {}),
        "limited": (limited, {"max_messages": 2}),
    }.items():

        async def talk(work=work, options=options):
            async with ann.conversation("bob_gold", **{"timeout": 2, **options}) as conversation:
                return await work(conversation)

        await g(f"talk: {name}", talk)


async def filters(g, ann, bot):
    """Which handlers are called for a message, all at once."""
    bob = IDS["bob"]

    async def later(event):
        await asyncio.sleep(0)
        return "1" in event.raw_text

    found = {}
    handlers = []
    for name, options in {
        "all": {}, "incoming": {"incoming": True}, "outgoing": {"outgoing": True},
        "not incoming": {"incoming": False}, "not outgoing": {"outgoing": False},
        "incoming only": {"incoming": True, "outgoing": False}, "bob": {"chats": bob}, "talk": {"chats": TALK},
        "bare talk": {"chats": ROOMS["talk"]}, "three": {"chats": THREE}, "no chats": {"chats": []},
        "several": {"chats": [bob, "talk_gold", THREE]}, "but bob": {"chats": [bob], "blacklist_chats": True},
        "saved": {"chats": "me"}, "from bob": {"from_users": bob}, "from me": {"from_users": "me"},
        "from cem": {"from_users": [IDS["cem"]]}, "forwards": {"forwards": True}, "no forwards": {"forwards": False},
        "begins": {"pattern": "hello"}, "within": {"pattern": "123"}, "group": {"pattern": r".*(\d+)"},
        "compiled": {"pattern": re.compile("HELLO", re.I)}, "search": {"pattern": re.compile("123").search},
        "function": {"pattern": lambda text: text[:2]}, "empty pattern": {"pattern": ""},
        "nothing": {"pattern": lambda text: ""}, "later": {"func": later}, "zero": {"func": lambda event: 0},
        "true text": {"func": lambda event: "yes"}, "failing": {"func": lambda event: 1 / 0},
    }.items():  # fmt: skip

        async def handler(event, name=name):
            match = event.pattern_match
            found[name] = match.group(0) if hasattr(match, "group") else match

        handlers.append(handler)
        ann.add_event_handler(handler, events.NewMessage(**options))

    async def heard(trigger):
        found.clear()
        await trigger()
        await asyncio.sleep(0.3)
        return dict(sorted(found.items()))

    # The chats of all of them are known from now on.
    await heard(lambda: g.server("say", "bob", "ann", "hello"))
    for name, trigger in {
        "in private": lambda: g.server("say", "bob", "ann", "hello 123"),
        "in a supergroup": lambda: g.server("say", "bob", "talk", "hello 123"),
        "in a group": lambda: g.server("say", "cem", "three", "hello 123"),
        "of one's own": lambda: ann.send_message("bob_gold", "hello 123"),
    }.items():
        await g(f"handlers called {name}", lambda trigger=trigger: heard(trigger))
    for handler in handlers:
        ann.remove_event_handler(handler)


async def albums(g, ann, bot):
    """Albums of all sizes are one event each, also for a handler that was just added."""
    bob = await connected("bob")
    for count in (2, 10):
        found = []

        async def handler(event, found=found):
            found.append([len(event), [one.raw_text for one in event]])

        ann.add_event_handler(handler, events.Album)
        files = [file(PICTURE, f"{number}.png") for number in range(count)]
        await bob.send_file("ann_gold", files, caption=[str(number) for number in range(count)])
        await asyncio.sleep(1.6)
        ann.remove_event_handler(handler)
        await g(f"{count} in an album", lambda found=found: found)
    await bob.disconnect()


async def clicks(g, ann, bot):
    rows = [[Button.inline("a", b"1"), Button.inline("b", b"2")], [Button.url("u", "https://x.y"), Button.inline("c")]]
    await ann.send_message("robot_gold_bot", "/start")
    sent = await bot.send_message(IDS["ann"], "choose", buttons=rows)
    mine = await ann.get_messages("robot_gold_bot", ids=sent.id)

    async def answer(event):
        await event.answer(event.data.decode())

    bot.add_event_handler(answer, events.CallbackQuery)
    for name, options in {
        "first": {}, "0": {"i": 0}, "3": {"i": 3}, "4": {"i": 4}, "-1": {"i": -1}, "0 1": {"i": 0, "j": 1},
        "1 1": {"i": 1, "j": 1}, "5 5": {"i": 5, "j": 5}, "j alone": {"j": 1}, "text": {"text": "a"},
        "other case": {"text": "A"}, "function": {"text": lambda text: text == "b"},
        "filter": {"filter": lambda button: button.data == b"2"}, "no filter": {"filter": lambda button: False},
        "data": {"data": b"1"}, "no data": {"data": b"9"}, "text and filter": {"text": "a", "filter": lambda _: True},
        "i and text": {"i": 0, "text": "a"}, "i as text": {"i": "0"},
    }.items():  # fmt: skip
        await g(f"clicked: {name}", lambda options=options: mine.click(**options))
    await g("buttons in rows", lambda: [[[one.text, one.data, one.url] for one in row] for row in mine.buttons])
    bot.remove_event_handler(answer)
