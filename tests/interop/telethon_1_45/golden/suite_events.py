"""Every kind of event: which come, what is in them, and what their methods do."""

import asyncio
import io
import re

from recorder import INFO, connected

from telethon import Button, events, functions, types

IDS, ROOMS = INFO["ids"], INFO["rooms"]
PICTURE = bytes.fromhex(INFO["picture"])
THREE = -ROOMS["three"]


async def suite(g):
    ann = await connected("ann")
    bot = await connected("bot")
    # So that entities are known alike from now on, whatever was told meanwhile.
    await ann.get_dialogs()
    try:
        for part in (
            new_messages,
            filters,
            changes,
            albums,
            reading,
            presence,
            chat_actions,
            raw,
            registering,
            buttons,
            keyboards,
            inline,
        ):
            await part(g, ann, bot)
    finally:
        await ann.disconnect()
        await bot.disconnect()


def says(g, *words):
    return lambda: g.server("say", *words)


async def new_messages(g, ann, bot):
    new = events.NewMessage
    await g.hear("private message", ann, new, says(g, "bob", "ann", "**not** bold"))
    await g.hear("in a megagroup", ann, new, says(g, "bob", "talk", "in a megagroup"))
    await g.hear("in a basic group", ann, new, says(g, "cem", "three", "in a basic group"))
    await g.hear("a reply", ann, new, says(g, "bob", "talk", "a reply", 2))
    await g.hear("own message", ann, new, lambda: ann.send_message("bob_gold", "own"), count=0)
    await g.hear("a picture", ann, new, lambda: g.server("picture", "bob", "ann", "look"))
    await g.hear("to a bot", bot, new, says(g, "bob", "bot", "/start"))
    await g.hear("to a bot in a megagroup", bot, new, says(g, "bob", "talk", "/start"))

    async def use(event):
        found = [await event.get_chat(), await event.get_sender(), await event.get_input_chat()]
        found += [await event.get_input_sender(), event.raw_text, event.text, event.pattern_match]
        found += [await event.reply("a reply"), await event.respond("a response")]
        found += [await event.get_reply_message(), event.is_private, event.is_group, event.is_channel]
        return [*found, await event.mark_read(), await event.forward_to("me")]

    await g.hear("methods of an event", ann, new(incoming=True), says(g, "bob", "ann", "methods"), take=use)
    await g.hear("methods in a megagroup", ann, new(incoming=True), says(g, "bob", "talk", "methods"), take=use)
    await g.hear("methods in a basic group", ann, new(incoming=True), says(g, "cem", "three", "methods"), take=use)

    async def shown(event):
        return [str(event), event.stringify(), event.to_dict()]

    await g.hear("an event as text", ann, new, says(g, "bob", "ann", "as text"), take=shown)

    async def attributes(event):
        event.message.message = "changed by hand"
        event.own = 5
        return [event.raw_text, event.own, event.message.own, hasattr(event, "nothing"), event.id == event.message.id]

    await g.hear("attributes of an event", ann, new(incoming=True), says(g, "bob", "ann", "x"), take=attributes)

    async def client(event):
        return [event.client is ann, event.message.client is ann, type(event.original_update).__name__]

    await g.hear("client of an event", ann, new(incoming=True), says(g, "bob", "ann", "x"), take=client)


async def filters(g, ann, bot):
    new = events.NewMessage
    for number, (builder, count) in enumerate((
        (new(incoming=True), 1), (new(outgoing=True), 0), (new(incoming=True, outgoing=True), 1),
        (new(chats="bob_gold"), 1), (new(chats=["bob_gold", "talk_gold"]), 1), (new(chats="talk_gold"), 0),
        (new(chats=IDS["bob"]), 1), (new(chats=types.PeerUser(IDS["bob"])), 1), (new(chats=[]), 0),
        (new(chats="bob_gold", blacklist_chats=True), 0), (new(chats="talk_gold", blacklist_chats=True), 1),
        (new(from_users="bob_gold"), 1), (new(from_users=IDS["cem"]), 0), (new(from_users="me"), 0),
        (new(pattern="pat"), 1), (new(pattern="tern"), 0), (new(pattern=re.compile(r"(\w+) (\d)")), 1),
        (new(pattern=lambda text: text.endswith("5")), 1), (new(pattern=lambda text: None), 0),
        (new(forwards=True), 0), (new(forwards=False), 1), (new(func=lambda event: event.is_private), 1),
        (new(func=lambda event: False), 0), (new("bob_gold"), 1), (new(chats="me"), 0),
    )):  # fmt: skip

        async def take(event):
            match = event.pattern_match
            return [event.raw_text, match.groups() if hasattr(match, "groups") else match]

        say = says(g, "bob", "ann", "pattern 5")
        await g.hear(f"filter {number}", ann, builder, say, count=count, take=take, patience=1)

    async def slow(event):
        await asyncio.sleep(0)
        return "5" in event.raw_text

    await g.hear("filter by a coroutine function", ann, new(func=slow), says(g, "bob", "ann", "pattern 5"))
    for name, make in {
        "incoming and outgoing false": lambda: new(incoming=False, outgoing=False),
        "pattern of a wrong kind": lambda: new(pattern=5),
        "func of a wrong kind": lambda: new(func=5),
        "chats of a wrong kind": lambda: new(chats=1.5),
        "callback with data and pattern": lambda: events.CallbackQuery(data=b"x", pattern="y"),
        "callback data of a wrong kind": lambda: events.CallbackQuery(data=5),
        "callback pattern of a wrong kind": lambda: events.CallbackQuery(pattern=5),
        "inline pattern of a wrong kind": lambda: events.InlineQuery(pattern=5),
        "raw of a wrong kind": lambda: events.Raw(5),
        "raw of several": lambda: events.Raw([types.UpdateNewMessage, types.UpdateUserStatus]),
    }.items():
        await g(name, lambda make=make: type(make()).__name__)
    await g.hear("chats nobody has", ann, new(chats="nobody_gold"), says(g, "bob", "ann", "x"), count=0)


async def changes(g, ann, bot):
    for where in ("ann", "talk"):
        number = await g.server("say", "bob", where, "to be changed")
        change = lambda number=number, where=where: g.server("edit", "bob", where, number, "changed")  # noqa: E731
        await g.hear(f"edited by bob in {where}", ann, events.MessageEdited, change)
        gone = lambda number=number, where=where: g.server("delete", "bob", where, number)  # noqa: E731
        await g.hear(f"deleted by bob in {where}", ann, events.MessageDeleted, gone)
    number = await g.server("say", "bob", "talk", "to be changed")
    change = lambda: g.server("edit", "bob", "talk", number, "elsewhere")  # noqa: E731
    await g.hear("edited elsewhere", ann, events.MessageEdited(chats="bob_gold"), change, count=0)
    mine = await ann.send_message("bob_gold", "mine")
    await g.hear("own edit", ann, events.MessageEdited(outgoing=True), lambda: mine.edit("mine, changed"), count=0)
    await g.hear("own deletion", ann, events.MessageDeleted, lambda: mine.delete(), count=0)
    several = [await g.server("say", "bob", "ann", f"gone {number}") for number in range(3)]
    await g.hear("several deleted", ann, events.MessageDeleted, lambda: g.server("delete", "bob", "ann", *several))


async def albums(g, ann, bot):
    bob = await connected("bob")
    files = [named(f"{number}.png") for number in range(3)]
    send = lambda: bob.send_file("ann_gold", files, caption=["**one**", "two", "three"])  # noqa: E731
    await g.hear("album", ann, events.Album, send, patience=4)

    async def use(event):
        found = [
            len(event),
            event.text,
            event.raw_text,
            event.is_reply,
            event.grouped_id == event.messages[0].grouped_id,
        ]
        found += [event.forward, await event.get_reply_message(), await event.reply("to an album")]
        found += [await event.respond("an album"), await event.forward_to("me"), [one.id for one in event]]
        return [*found, await event.mark_read(), event[0].raw_text]

    again = lambda: bob.send_file("ann_gold", [named(f"{number}.png") for number in range(2)], caption="both")  # noqa: E731
    await g.hear("methods of an album", ann, events.Album, again, take=use, patience=4)

    async def more(event):
        return [await event.pin(), await event.edit("not mine"), await event.delete()]

    again = lambda: bob.send_file("ann_gold", [named(f"{number}.png") for number in range(2)])  # noqa: E731
    await g.hear("more methods of an album", ann, events.Album, again, take=more, patience=4)
    elsewhere = lambda: bob.send_file("ann_gold", [named(f"{number}.png") for number in range(2)])  # noqa: E731
    await g.hear("album elsewhere", ann, events.Album(chats="talk_gold"), elsewhere, count=0)
    # Nothing is asked about the last one during another call.
    await asyncio.sleep(1.2)
    await bob.disconnect()


def named(name):
    made = io.BytesIO(PICTURE)
    made.name = name
    return made


async def reading(g, ann, bot):
    await ann.send_message("bob_gold", "to be read")
    await g.hear("read by bob", ann, events.MessageRead, lambda: g.server("read", "bob", "ann"))
    await g.server("say", "bob", "ann", "to be read")
    await g.hear(
        "own reading", ann, events.MessageRead(inbox=True), lambda: ann.send_read_acknowledge("bob_gold"), count=0
    )

    async def use(event):
        found = [event.outbox, event.inbox, event.contents, event.max_id, event.message_ids, event.is_read(1)]
        return [*found, 1 in event, 9999 in event, [one in event for one in await event.get_messages()]]

    await ann.send_message("bob_gold", "to be read, too")
    await g.hear("methods of reading", ann, events.MessageRead, lambda: g.server("read", "bob", "ann"), take=use)
    await ann.send_message("talk_gold", "to be read")
    await g.hear("read in a megagroup", ann, events.MessageRead, lambda: g.server("read", "bob", "talk"), take=use)
    await ann.send_message(THREE, "to be read")
    await g.hear("read in a basic group", ann, events.MessageRead, lambda: g.server("read", "cem", "three"))


async def presence(g, ann, bot):
    await g.hear("online", ann, events.UserUpdate, lambda: g.server("online", "bob", False))
    await g.hear("offline", ann, events.UserUpdate, lambda: g.server("online", "bob", True))
    for action, *values in (
        ("SendMessageTypingAction",), ("SendMessageRecordVideoAction",), ("SendMessageUploadVideoAction", 5),
        ("SendMessageRecordAudioAction",), ("SendMessageUploadAudioAction", 5), ("SendMessageUploadPhotoAction", 5),
        ("SendMessageUploadDocumentAction", 5), ("SendMessageGeoLocationAction",), ("SendMessageChooseContactAction",),
        ("SendMessageGamePlayAction",), ("SendMessageRecordRoundAction",), ("SendMessageUploadRoundAction", 5),
        ("SendMessageChooseStickerAction",), ("SendMessageCancelAction",),
    ):  # fmt: skip
        trigger = lambda action=action, values=values: g.server("typing", "bob", "ann", action, *values)  # noqa: E731
        await g.hear(f"bob does {action}", ann, events.UserUpdate, trigger)
    await g.hear("typing in a megagroup", ann, events.UserUpdate, lambda: g.server("typing", "bob", "talk"))
    await g.hear("typing in a basic group", ann, events.UserUpdate, lambda: g.server("typing", "cem", "three"))

    async def use(event):
        return [await event.get_user(), await event.get_input_user(), await event.get_chat(), event.user_id]

    await g.hear("methods of presence", ann, events.UserUpdate, lambda: g.server("typing", "bob", "ann"), take=use)
    typing = lambda: g.server("typing", "bob", "ann")  # noqa: E731
    await g.hear("presence elsewhere", ann, events.UserUpdate(chats="talk_gold"), typing, count=0)


async def chat_actions(g, ann, bot):
    action = events.ChatAction

    def does(who, name, *arguments):
        return lambda: g.server("request", who, name, *arguments)

    join = lambda: g.server("join", "eve", "talk")  # noqa: E731
    await g.hear("joined a megagroup", ann, action, join)

    async def use(event):
        found = [
            await event.get_user(),
            await event.get_users(),
            await event.get_input_user(),
            await event.get_input_users(),
        ]
        found += [await event.get_added_by(), await event.get_kicked_by(), await event.get_pinned_message()]
        found += [await event.get_chat(), event.added_by, event.kicked_by, event.user_id, event.user_ids]
        found += [await event.respond("seen"), await event.reply("seen")]
        return found

    await g.hear("left a megagroup", ann, action, lambda: g.server("leave", "eve", "talk"))
    await g.hear("methods after joining", ann, action, join, take=use)
    await g.hear("methods after leaving", ann, action, lambda: g.server("leave", "eve", "talk"), take=use)
    add = does("bob", "channels.InviteToChannelRequest", "channel:private", ["user:eve"])
    await g.hear("added to a megagroup", ann, action, add, take=use)
    await g.hear("title of a megagroup", ann, action, does("ann", "channels.EditTitleRequest", "channel:talk", "New"))
    await g.hear(
        "title of a basic group", ann, action, does("ann", "messages.EditChatTitleRequest", ROOMS["three"], "3")
    )
    add = does("ann", "messages.AddChatUserRequest", ROOMS["three"], "user:eve", 10)
    await g.hear("added to a basic group", ann, action, add)
    kick = does("ann", "messages.DeleteChatUserRequest", ROOMS["three"], "user:eve")
    await g.hear("kicked from a basic group", ann, action, kick)
    await g.hear("added to it again", ann, action, add, take=use)
    await g.hear("kicked from it again", ann, action, kick, take=use)
    number = await g.server("say", "bob", "talk", "to be pinned")
    pin = does("ann", "messages.UpdatePinnedMessageRequest", "peer:talk", number)
    await g.hear("pinned in a megagroup", ann, action, pin)
    number = await g.server("say", "cem", "three", "to be pinned")

    async def pinned(event):
        return [await event.get_pinned_message(), await event.get_pinned_messages(), event.new_pin, event.unpin]

    for name, *options in (("pinned", False, False), ("unpinned", True, True)):
        pin = does("cem", "messages.UpdatePinnedMessageRequest", "peer:three", number, *options)
        await g.hear(f"{name} in a basic group", ann, action, pin, take=pinned)
    made = functions.messages.CreateChatRequest(["bob_gold"], "Made")
    await g.hear("basic group made", ann, action, lambda: ann(made), count=0)
    file = await ann.upload_file(PICTURE, file_name="talk.png")
    photo = functions.channels.EditPhotoRequest("talk_gold", types.InputChatUploadedPhoto(file))
    await g.hear("new photo", ann, action, lambda: ann(photo), count=0)
    none = functions.channels.EditPhotoRequest("talk_gold", types.InputChatPhotoEmpty())
    await g.hear("photo taken away", ann, action, lambda: ann(none), count=0)
    title = does("ann", "channels.EditTitleRequest", "channel:talk", "Elsewhere")
    await g.hear("own deletion seen elsewhere", ann, events.Raw(types.UpdateDeleteMessages), lambda: _delete_by(g))
    await g.hear("title elsewhere", ann, action(chats="news_gold"), title, count=0)
    await g.hear("action elsewhere", ann, action(chats="news_gold"), join, count=0)


async def raw(g, ann, bot):
    await g.hear("raw of one kind", ann, events.Raw(types.UpdateNewChannelMessage), says(g, "bob", "talk", "raw"))
    typing = lambda: g.server("typing", "bob", "ann")  # noqa: E731
    await g.hear("raw of two kinds", ann, events.Raw([types.UpdateUserTyping, types.UpdateUserStatus]), typing)
    none = events.Raw(types.UpdateUserTyping, func=lambda update: False)
    await g.hear("raw with a filter", ann, none, typing, count=0)
    await g.hear("raw of deletions", ann, events.Raw(types.UpdateDeleteMessages), lambda: _delete(ann), count=0)

    async def entities(update):
        return sorted(update._entities)

    in_channel = events.Raw(types.UpdateNewChannelMessage)
    await g.hear("entities of raw updates", ann, in_channel, says(g, "bob", "talk", "raw"), take=entities)


async def _delete_by(g):
    number = await g.server("say", "bob", "ann", "to go")
    await g.server("delete", "bob", "ann", number)


async def _delete(ann):
    sent = await ann.send_message("me", "to go")
    await sent.delete()


async def registering(g, ann, bot):
    heard = []

    @events.register(events.NewMessage(incoming=True, pattern="registered"))
    async def registered(event):
        heard.append(["registered", event.raw_text])

    @ann.on(events.NewMessage(incoming=True))
    async def on(event):
        heard.append(["on", event.raw_text])
        raise events.StopPropagation

    async def after(event):
        heard.append(["after", event.raw_text])

    ann.add_event_handler(registered)
    ann.add_event_handler(after, events.NewMessage)

    async def trigger(text):
        heard.clear()
        await g.server("say", "bob", "ann", text)
        await asyncio.sleep(0.2)
        return list(heard)

    def listed():
        return [[callback.__name__, type(builder).__name__] for callback, builder in ann.list_event_handlers()]

    await g("handlers", listed)
    await g(
        "is_handler", lambda: [events.is_handler(registered), events.is_handler(after), len(events.list(registered))]
    )
    await g("handlers in order", lambda: trigger("registered"))
    await g("handlers that are told nothing", lambda: trigger("other"))
    await g("handler taken away", lambda: ann.remove_event_handler(on))
    await g("handlers after that", lambda: trigger("registered"))
    await g("handler with its event taken away", lambda: ann.remove_event_handler(after, events.NewMessage))
    await g("handler with another event taken away", lambda: ann.remove_event_handler(registered, events.Raw))
    await g("unknown handler taken away", lambda: ann.remove_event_handler(after))
    await g("handlers left", listed)
    await g("registered handler taken away", lambda: ann.remove_event_handler(registered))

    async def fails(event):
        heard.append("fails")
        raise ValueError("on purpose")

    ann.add_event_handler(fails, events.NewMessage(incoming=True))
    ann.add_event_handler(after, events.NewMessage(incoming=True))
    await g("handlers after one that fails", lambda: trigger("x"))
    ann.remove_event_handler(fails)
    ann.remove_event_handler(after)
    ann.add_event_handler(after)
    await g("handler without event", listed)
    ann.remove_event_handler(after)
    await g("catch_up", lambda: ann.catch_up())
    await g("set_receive_updates", lambda: ann.set_receive_updates(True))


async def buttons(g, ann, bot):
    rows = [[Button.inline("Yes", b"yes"), Button.inline("No")], [Button.url("Web", "https://example.com")]]
    await ann.send_message("robot_gold_bot", "/start")
    sent = await g.call(bot, "send_message", IDS["ann"], "choose", buttons=rows)
    mine = (await ann.get_messages("robot_gold_bot", limit=1))[0]
    await g("message with buttons", lambda: mine)
    await g("buttons", lambda: [[[b.text, b.data, b.url] for b in row] for row in mine.buttons])
    await g.call(mine, "get_buttons")

    def pressing(*arguments, **options):
        async def use(event):
            found = [
                event.data,
                event.data_match,
                event.pattern_match,
                event.message_id,
                event.via_inline,
                event.chat_id,
            ]
            found += [await event.get_message(), await event.get_sender(), await event.get_chat()]
            found.append(await event.answer("pressed", alert=True))
            # The answer reaches the other side before anything else is asked.
            await asyncio.sleep(0.05)
            found += [await event.edit("**edited**"), await event.respond("r")]
            return [*found, await event.reply("to it"), await event.answer("again")]

        async def work():
            answers = []
            done = asyncio.Event()

            async def handler(event):
                answers.append(await use(event))
                done.set()

            bot.add_event_handler(handler, events.CallbackQuery)
            try:
                answer = await mine.click(*arguments, **options)
                await asyncio.wait_for(done.wait(), 2)
                return [answer, answers]
            finally:
                bot.remove_event_handler(handler)

        return work

    await g("click(0)", pressing(0))
    await g.call(bot, "edit_message", IDS["ann"], sent.id, "choose again", buttons=rows)
    await g("click(text=No)", pressing(text="No"))
    await g.call(bot, "edit_message", IDS["ann"], sent.id, "and again", buttons=rows)
    await g("click(data=yes)", pressing(data=b"yes"))
    await g("click(data=nothing)", lambda: mine.click(data=b"nothing"))
    await g("click(text=nothing)", lambda: mine.click(text="nothing"))
    await g("click(5)", lambda: mine.click(5))
    await g("click(0, 5)", lambda: mine.click(0, 5))
    await g("click twice said", lambda: mine.click(0, text="Yes"))
    press = lambda: g.server("press", "ann", "bot", "Yes")  # noqa: E731

    async def answer(event):
        return [event.data, await event.answer()]

    for number, (builder, count) in enumerate((
        (events.CallbackQuery(data=b"yes"), 1), (events.CallbackQuery(data="yes"), 1), (events.CallbackQuery("x"), 0),
        (events.CallbackQuery(pattern="y"), 1), (events.CallbackQuery(pattern=rb"(y)(.*)"), 1),
        (events.CallbackQuery(data=re.compile(b"y.s")), 1), (events.CallbackQuery(data=lambda data: data == b"yes"), 1),
        (events.CallbackQuery(chats=IDS["ann"]), 1), (events.CallbackQuery(func=lambda event: False), 0),
    )):  # fmt: skip
        if count:
            await bot.edit_message(IDS["ann"], sent.id, f"choose {number}", buttons=rows)
            await g.hear(f"callback filter {number}", bot, builder, press, take=answer, count=count)
    for made in (
        lambda: Button.text("a", resize=True, single_use=True, selective=True), lambda: Button.request_phone("p"),
        lambda: Button.request_location("l"), lambda: Button.request_poll("q"), lambda: Button.clear(),
        lambda: Button.force_reply(), lambda: Button.url("u", "https://a.b"), lambda: Button.switch_inline("s", "q"),
        lambda: Button.switch_inline("s", "q", same_peer=True), lambda: Button.auth("a", "https://a.b"),
        lambda: Button.inline("a", "b" * 65), lambda: Button.buy("b"), lambda: Button.game("g"),
    ):  # fmt: skip
        await g("build_reply_markup", lambda made=made: bot.build_reply_markup(made()))
        await g("button sent", lambda made=made: bot.send_message(IDS["ann"], "b", buttons=made()))
    await g("markup of a row", lambda: bot.build_reply_markup([Button.text("a"), Button.text("b")]))
    await g("markup of rows", lambda: bot.build_reply_markup([[Button.inline("a")], [Button.inline("b")]]))
    await g("markup of None", lambda: bot.build_reply_markup(None))
    await g("markup of a mix", lambda: bot.build_reply_markup([Button.inline("a"), Button.text("b")]))
    await g("markup inline only", lambda: bot.build_reply_markup(Button.text("b"), inline_only=True))
    await g("markup of a number", lambda: bot.build_reply_markup(5))
    await g("bot reads history", lambda: bot.get_messages(IDS["ann"]))
    await g("bot asks for dialogs", lambda: bot.get_dialogs())
    await g("bot is bot", lambda: bot.is_bot())


async def keyboards(g, ann, bot):
    async def shown(*buttons, **options):
        await bot.send_message(IDS["ann"], "choose", buttons=list(buttons), **options)
        return (await ann.get_messages("robot_gold_bot", limit=1))[0]

    mine = await shown(Button.text("one"), Button.text("two"))
    await g("buttons of a keyboard", lambda: [[button.text for button in row] for row in mine.buttons])
    await g("button of a keyboard pressed", lambda: mine.click(1))
    await g("button of a keyboard by its text", lambda: mine.click(text="one"))
    await g("button by a function", lambda: mine.click(filter=lambda button: button.text == "two"))
    await g("button by a function of texts", lambda: mine.click(text=lambda text: text == "two"))
    await g("pressed by itself", lambda: mine.buttons[0][0].click())
    mine = await shown(Button.request_phone("phone"), Button.request_location("place"))
    await g("phone not shared", lambda: mine.click(0))
    await g("phone shared", lambda: mine.click(0, share_phone=True))
    await g("other phone shared", lambda: mine.click(0, share_phone="+123"))
    await g("contact shared", lambda: mine.click(0, share_phone=types.InputMediaContact("+1", "A", "B", "")))
    await g("place not shared", lambda: mine.click(1))
    await g("place shared", lambda: mine.click(1, share_geo=(1.5, 2.5)))
    await g(
        "place shared as an object",
        lambda: mine.click(1, share_geo=types.InputMediaGeoPoint(types.InputGeoPoint(1, 2))),
    )
    mine = await shown(Button.switch_inline("there", "query", same_peer=True), Button.inline("here", b"h"))
    await g("switched to inline", lambda: mine.click(0))

    async def deletes(event):
        return [await event.answer("gone", cache_time=5, url=None), await event.delete(), event.data]

    await g.hear(
        "deleted by its button",
        bot,
        events.CallbackQuery,
        lambda: g.server("press", "ann", "bot", "here"),
        take=deletes,
    )
    game = types.InputMediaGame(types.InputGameShortName(types.InputUserSelf(), "tetris"))
    await g("game sent", lambda: bot.send_file(IDS["ann"], game, buttons=Button.game("play")))
    mine = (await ann.get_messages("robot_gold_bot", limit=1))[0]
    await g("game", lambda: [mine.game, mine.buttons and mine.buttons[0][0].text])
    await g.hear(
        "game played",
        bot,
        events.CallbackQuery,
        lambda: mine.click(0),
        take=lambda event: event.answer(url="https://a.b"),
    )
    contact = types.InputMediaContact("+1", "A", "B", "")
    await g("contact by a bot", lambda: bot.send_message(IDS["ann"], file=contact))
    await g("edited buttons", lambda: _edits(bot))

    async with bot.conversation(IDS["ann"], timeout=2) as talk:

        async def waited(builder, trigger):
            waiting = asyncio.ensure_future(talk.wait_event(builder))
            await asyncio.sleep(0.05)
            await trigger()
            return await waiting

        await g("wait_event", lambda: waited(events.NewMessage(incoming=True), says(g, "ann", "bot", "waited for")))
        await g("wait_event out of time", lambda: talk.wait_event(events.CallbackQuery, timeout=0.1))
        await talk.send_message("cancelled")
        await g("wait_event of a wrong kind", lambda: talk.wait_event(5))
        await g("cancel_all", lambda: talk.cancel_all())
    await g("after cancel_all", lambda: talk.get_response())


async def _edits(bot):
    sent = await bot.send_message(IDS["ann"], "x", buttons=Button.inline("a"))
    changed = await sent.edit("y", buttons=[[Button.inline("b")], [Button.inline("c")]])
    removed = await changed.edit(buttons=Button.clear())
    return [changed, removed, await removed.edit("z", buttons=None)]


async def inline(g, ann, bot):
    async def offering(make, text="query", **options):
        problems = []

        async def handler(event):
            try:
                await event.answer(make(event.builder), **options)
            except Exception as problem:
                problems.append(problem)
                # Nobody has to wait until there is no answer.
                await event.answer([])

        bot.add_event_handler(handler, events.InlineQuery)
        try:
            return [await g.server("query", "ann", text), problems]
        finally:
            bot.remove_event_handler(handler)

    cases = {
        "article": lambda b: [b.article("Title", text="**text**")],
        "articles": lambda b: [b.article(f"{n}", f"d{n}", text=f"t{n}", id=f"i{n}") for n in range(3)],
        "article with url": lambda b: [b.article("T", url="https://a.b", text="x", link_preview=False)],
        "article with buttons": lambda b: [b.article("T", text="x", buttons=Button.inline("b"))],
        "article in html": lambda b: [b.article("T", text="<b>x</b>", parse_mode="html")],
        "article with a place": lambda b: [b.article("T", geo=types.InputMediaGeoPoint(types.InputGeoPoint(1.5, 2.5)))],
        "article with a contact": lambda b: [b.article("T", contact=types.InputMediaContact("+1", "a", "b", ""))],
        "coroutine and not": lambda b: b.article("alone", text="x"),
        "game": lambda b: [b.game("tetris", text="x")],
        "photo": lambda b: [b.photo(named("a.png"), text="caption")],
        "document": lambda b: [b.document(named("a.png"), "Title", text="caption", type="photo")],
        "nothing": lambda b: [],
    }
    for name, make in cases.items():
        await g(f"inline: {name}", lambda make=make: offering(make))
    await g(
        "inline: options",
        lambda: offering(cases["articles"], cache_time=5, gallery=True, private=True, next_offset="3"),
    )
    await g("inline: switch", lambda: offering(cases["article"], switch_pm="Go", switch_pm_param="start"))

    async def use(event):
        found = [event.text, event.offset, event.geo, event.sender_id, event.chat_id, await event.get_sender()]
        return [*found, event.pattern_match, await event.answer([event.builder.article("T", text=event.text)])]

    ask = lambda: g.server("query", "ann", "pattern 5", "3")  # noqa: E731
    await g.hear("inline query", bot, events.InlineQuery, ask, take=use)
    await g.hear("inline query by pattern", bot, events.InlineQuery(pattern=r"pat"), ask, take=use)
    await g.hear("inline query by user", bot, events.InlineQuery(users=IDS["ann"]), ask, take=use)

    async def answers(event):
        rows = [Button.inline("press", b"p")]
        await event.answer(
            [
                event.builder.article(f"say {event.text}", text=f"I say {event.text}", buttons=rows),
                event.builder.article("two", text="2"),
            ]
        )

    bot.add_event_handler(answers, events.InlineQuery)
    results = await g.call(ann, "inline_query", "robot_gold_bot", "hello")
    await g.call(ann, "inline_query", "robot_gold_bot", "there", entity="talk_gold")
    await g.call(ann, "inline_query", "bob_gold", "to a person")
    await g.call(ann, "inline_query", "robot_gold_bot", "x", offset="5", geo_point=types.GeoPoint(1.0, 2.0, 0))
    await g("inline results", lambda: [[one.title, one.description, one.url, one.type] for one in results])
    names = ["query_id", "next_offset", "gallery", "switch_pm", "cache_time", "users"]
    await g("attributes of results", lambda: [getattr(results, name, "none") for name in names])
    await g("results are valid", lambda: results.results_valid())
    sent = await g("click on a result", lambda: results[0].click("bob_gold"))
    await g("click with a reply", lambda: results[1].click("talk_gold", reply_to=2, silent=True, hide_via=True))
    await g("click elsewhere", lambda: results[1].click("nobody_gold"))
    await g("click without chat", lambda: results[1].click())
    await g("message via a bot", lambda: sent)
    await g.call(sent, "get_buttons")

    async def pressed(event):
        found = [event.via_inline, event.message_id, event.chat_id, event.data, await event.answer("ok")]
        await asyncio.sleep(0.05)
        return [*found, await event.edit("edited inline")]

    await g.hear("pressed via inline", bot, events.CallbackQuery, lambda: sent.click(0), take=pressed)
    bot.remove_event_handler(answers)
