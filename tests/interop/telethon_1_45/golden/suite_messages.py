"""Sending, changing, reading and finding messages, and what message objects do."""

import datetime
import io

from recorder import INFO, connected

from telethon import Button, functions, types


def file(content, name):
    made = io.BytesIO(content)
    made.name = name
    return made


PICTURE = bytes.fromhex(INFO["picture"])
DOCUMENT = bytes.fromhex(INFO["document"])
IDS = INFO["ids"]
FIRST = INFO["first"]


async def suite(g):
    ann = await connected("ann")
    try:
        for part in (
            sending,
            formatting,
            files,
            changing,
            history,
            finding,
            objects,
            polls,
            scheduled,
            conversations,
            mentions,
        ):
            await part(g, ann)
    finally:
        await ann.disconnect()


async def sending(g, ann):
    await g.call(ann, "send_message", "bob_gold", "plain")
    await g.call(ann, "send_message", "@bob_gold", "by @username")
    await g.call(ann, "send_message", "https://t.me/bob_gold", "by link")
    await g.call(ann, "send_message", IDS["bob"], "by id")
    await g.call(ann, "send_message", types.PeerUser(IDS["bob"]), "by peer")
    await g.call(ann, "send_message", "me", "to oneself")
    await g.call(ann, "send_message", "self", "to oneself")
    await g.call(ann, "send_message", INFO["phones"]["bob"], "by phone")
    await g.call(ann, "send_message", "nobody_gold", "to nobody")
    await g.call(ann, "send_message", 123456789, "to an unknown id")
    await g.call(ann, "send_message", None, "to None")
    await g.call(ann, "send_message", "bob_gold", "")
    await g.call(ann, "send_message", "bob_gold")
    await g.call(ann, "send_message", "bob_gold", "x" * 5000)
    await g.call(ann, "send_message", "bob_gold", "a reply", reply_to=FIRST)
    await g.call(ann, "send_message", "bob_gold", "a reply to what is not there", reply_to=9999)
    await g.call(ann, "send_message", "bob_gold", "silent", silent=True)
    await g.call(ann, "send_message", "bob_gold", "background", background=True)
    await g.call(ann, "send_message", "bob_gold", "https://example.com", link_preview=False)
    await g.call(ann, "send_message", "bob_gold", "https://example.com", link_preview=True)
    await g.call(ann, "send_message", "bob_gold", "draft gone", clear_draft=True)
    await g.call(ann, "send_message", "bob_gold", "effect", message_effect_id=5)
    await g.call(ann, "send_message", "bob_gold", "buttons by a person", buttons=Button.text("no"))
    await g.call(ann, "send_message", "bob_gold", "nonsense", buttons=[Button.text("a"), Button.inline("b")])
    await g.call(ann, "send_message", "talk_gold", "in a megagroup")
    await g.call(ann, "send_message", "talk_gold", "a reply", reply_to=2)
    await g.call(ann, "send_message", "talk_gold", "as a channel", send_as="news_gold")
    await g.call(ann, "send_message", "news_gold", "a post")
    await g.call(ann, "send_message", "news_gold", "a comment", comment_to=2)
    await g.call(ann, "send_message", -INFO["rooms"]["three"], "in a basic group")
    await g.call(ann, "send_message", types.PeerChat(INFO["rooms"]["three"]), "in a basic group")
    await g.call(ann, "send_message", -1_000_000_000_000 - INFO["rooms"]["talk"], "by marked id")
    message = await g.call(ann, "send_message", "bob_gold", "**to be copied**")
    await g.call(ann, "send_message", "me", message)
    await g.call(ann, "send_message", "me", message, reply_to=message)


async def formatting(g, ann):
    send = "send_message"
    await g.call(ann, send, "me", "**bold** __italic__ `code` ~~strike~~ [link](https://example.com)")
    await g.call(ann, send, "me", "<b>bold</b> <u>under</u> <a href='https://a.b/'>x</a>", parse_mode="html")
    await g.call(ann, send, "me", "**not bold**", parse_mode=None)
    await g.call(ann, send, "me", "**bold**", parse_mode="md")
    await g.call(ann, send, "me", "x", parse_mode="nonsense")
    await g.call(ann, send, "me", "x", parse_mode=5)
    await g.call(ann, send, "me", "given", formatting_entities=[types.MessageEntityBold(0, 2)])
    await g.call(ann, send, "me", "[nobody](tg://user?id=987654)")
    await g.call(ann, send, "me", "```python\nprint(1)\n```")
    await g.call(ann, send, "me", "  **spaces** \n ")
    await g.call(ann, send, "me", "😀 **bold** 😀")
    await g.call(ann, send, "me", "own parser", parse_mode=lambda text: (text.upper(), [types.MessageEntityBold(0, 3)]))
    await g("parse_mode", lambda: type(ann.parse_mode).__name__)

    def change(value):
        ann.parse_mode = value
        return getattr(ann.parse_mode, "__name__", type(ann.parse_mode).__name__)

    await g("parse_mode = html", lambda: change("html"))
    await g.call(ann, send, "me", "<b>bold</b>")
    await g("parse_mode = nonsense", lambda: change("nonsense"))
    await g("parse_mode = None", lambda: str(change(None)))
    await g.call(ann, send, "me", "**plain**")
    await g("parse_mode = md", lambda: change("md"))


async def files(g, ann):
    send = "send_file"
    photo = await g.call(ann, send, "me", file(PICTURE, "a.png"))
    document = await g.call(ann, send, "me", file(DOCUMENT, "a.txt"), caption="**a caption**")
    await g.call(ann, send, "bob_gold", file(PICTURE, "a.png"), caption="x", force_document=True)
    await g.call(ann, send, "bob_gold", file(DOCUMENT, "a.ogg"), voice_note=True)
    await g.call(ann, send, "bob_gold", file(DOCUMENT, "a.mp4"), video_note=True)
    await g.call(ann, send, "bob_gold", file(DOCUMENT, "a.mp4"), supports_streaming=True)
    await g.call(ann, send, "bob_gold", file(DOCUMENT, "a.txt"), thumb=file(PICTURE, "t.png"))
    await g.call(ann, send, "bob_gold", file(PICTURE, "a.png"), ttl=10)
    await g.call(ann, send, "bob_gold", file(PICTURE, "a.png"), reply_to=FIRST, silent=True)
    await g.call(ann, send, "me", [file(PICTURE, f"{number}.png") for number in range(3)])
    await g.call(ann, send, "me", [file(PICTURE, "1.png"), file(PICTURE, "2.png")], caption=["one", "**two**"])
    await g.call(ann, send, "me", [file(DOCUMENT, "1.txt"), file(DOCUMENT, "2.txt")], caption="both")
    await g.call(ann, send, "me", [file(PICTURE, f"{number}.png") for number in range(11)])
    await g.call(ann, send, "me", [])
    await g.call(ann, send, "me", photo.media)
    await g.call(ann, send, "me", document.document, caption="again")
    await g.call(ann, send, "me", photo)
    await g.call(ann, send, "me", types.MessageMediaContact("+4912345", "Con", "Tact", "", 0))
    await g.call(ann, send, "me", types.InputMediaGeoPoint(types.InputGeoPoint(1.5, 2.5)))
    await g.call(ann, send, "me", types.InputMediaDice("🎲"))
    await g.call(ann, send, "me", types.InputMediaPoll(types.Poll(0, types.TextWithEntities("?", []), [], hash=0)))
    await g.call(ann, send, "me", "https://example.com/a.png")
    await g.call(ann, send, "me", "/nothing/here.png")
    await g.call(ann, send, "me", 5)
    await g.call(ann, send, "me", None)
    handle = await g.call(ann, "upload_file", file(DOCUMENT, "handle.bin"))
    await g.call(ann, send, "me", handle)
    await g.call(ann, send, "me", handle, force_document=True, mime_type="text/x-own")
    await g.call(ann, "send_message", "me", "with a file", file=file(PICTURE, "a.png"))
    await g.call(ann, "send_message", "me", file=file(PICTURE, "a.png"))
    await g.call(ann, "download_media", photo, bytes)
    await g.call(ann, "download_media", document, bytes)
    await g.call(document, "download_media", bytes)
    await g.collect(ann, "iter_download", document, limit=1)
    place = document.document
    await g("download_file", lambda: ann.download_file(place, bytes))
    location = types.InputDocumentFileLocation(place.id, place.access_hash, place.file_reference, "")
    await g("download_file by location", lambda: ann.download_file(location, bytes, file_size=place.size))


async def changing(g, ann):
    sent = await g.call(ann, "send_message", "bob_gold", "to be changed")
    await g.call(ann, "edit_message", "bob_gold", sent.id, "changed")
    await g.call(ann, "edit_message", sent, "**changed** again")
    await g.call(ann, "edit_message", "bob_gold", sent, "more", link_preview=False)
    await g.call(ann, "edit_message", "bob_gold", sent, "<i>html</i>", parse_mode="html")
    await g.call(ann, "edit_message", "bob_gold", sent, "html")
    await g.call(ann, "edit_message", "bob_gold", sent, "x", formatting_entities=[types.MessageEntityBold(0, 1)])
    await g.call(ann, "edit_message", "bob_gold", 9999, "nothing")
    await g.call(ann, "edit_message", "bob_gold", FIRST, "of somebody else")
    await g.call(ann, "edit_message", "bob_gold", sent, "")
    await g.call(ann, "edit_message", "bob_gold", sent, file=file(PICTURE, "a.png"))
    photo = await g.call(ann, "send_file", "bob_gold", file(PICTURE, "a.png"))
    await g.call(ann, "edit_message", photo, "a caption")
    await g.call(ann, "edit_message", photo, file=file(DOCUMENT, "b.txt"), force_document=True)
    post = await g.call(ann, "send_message", "news_gold", "post to be changed")
    await g.call(ann, "edit_message", "news_gold", post.id, "changed")
    for_all = [await ann.send_message("bob_gold", f"to go {number}") for number in range(5)]
    await g.call(ann, "delete_messages", "bob_gold", for_all[0])
    await g.call(ann, "delete_messages", "bob_gold", [for_all[1].id, for_all[2]])
    await g.call(ann, "delete_messages", "bob_gold", for_all[3].id, revoke=False)
    await g.call(ann, "delete_messages", None, [for_all[4].id])
    await g.call(ann, "delete_messages", "bob_gold", 9999)
    await g.call(ann, "delete_messages", "news_gold", post)
    await g.call(ann, "delete_messages", "bob_gold", [])
    await g.call(ann, "forward_messages", "me", sent)
    await g.call(ann, "forward_messages", "me", [FIRST, FIRST + 1], "bob_gold")
    await g.call(ann, "forward_messages", "me", FIRST)
    await g.call(ann, "forward_messages", "me", [sent, post])
    await g.call(ann, "forward_messages", "talk_gold", sent, silent=True, drop_author=True)
    await g.call(ann, "forward_messages", "me", photo, drop_media_captions=True)
    await g.call(ann, "forward_messages", "me", 9999, "bob_gold")
    await g.call(ann, "forward_messages", "me", [FIRST, 9999], "bob_gold")
    await g.call(ann, "forward_messages", "me", [])
    await g.call(ann, "forward_messages", "me", sent, schedule=datetime.timedelta(hours=1))
    await g.call(ann, "pin_message", "bob_gold", sent)
    await g.call(ann, "pin_message", "talk_gold", 2, notify=True)
    await g.call(ann, "pin_message", "bob_gold", FIRST, pm_oneside=True)
    await g.call(ann, "pin_message", "talk_gold", 9999)
    await g.call(ann, "get_messages", "talk_gold", ids=types.InputMessagePinned())
    await g.call(ann, "unpin_message", "talk_gold", 2)
    await g.call(ann, "unpin_message", "bob_gold")
    await g.call(ann, "pin_message", "bob_gold", None)
    await g.call(ann, "send_read_acknowledge", "bob_gold")
    await g.call(ann, "send_read_acknowledge", "bob_gold", max_id=FIRST + 3)
    await g.call(ann, "send_read_acknowledge", "bob_gold", sent, clear_mentions=True)
    await g.call(ann, "send_read_acknowledge", "talk_gold")
    await g.call(ann, "send_read_acknowledge", "talk_gold", [], clear_mentions=True, clear_reactions=True)
    await g.call(ann, "send_read_acknowledge", "talk_gold", clear_reactions=True)


async def history(g, ann):
    get = "get_messages"
    await g.call(ann, get, "bob_gold")
    await g.call(ann, get, "bob_gold", limit=3)
    await g.call(ann, get, "bob_gold", 0)
    await g.call(ann, get, "bob_gold", limit=3, reverse=True)
    await g.call(ann, get, "bob_gold", ids=FIRST)
    await g.call(ann, get, "bob_gold", ids=[FIRST, 9999, FIRST + 2])
    await g.call(ann, get, "bob_gold", ids=9999)
    await g.call(ann, get, "bob_gold", ids=[])
    await g.call(ann, get, "talk_gold", ids=[2, 9999, 3])
    await g.call(ann, get, "bob_gold", ids=types.InputMessageID(FIRST))
    await g.call(ann, get, "bob_gold", min_id=FIRST, max_id=FIRST + 4)
    await g.call(ann, get, "bob_gold", limit=2, offset_id=FIRST + 5)
    await g.call(ann, get, "bob_gold", limit=2, offset_id=FIRST + 5, reverse=True)
    await g.call(ann, get, "bob_gold", limit=2, add_offset=3)
    await g.call(ann, get, "bob_gold", limit=2, offset_date=datetime.datetime(2020, 1, 1))
    await g.call(ann, get, "bob_gold", limit=2, offset_date=datetime.datetime(2020, 1, 1), reverse=True)
    await g.call(ann, get, "bob_gold", limit=20, search="number 1")
    await g.call(ann, get, "bob_gold", limit=20, search="number 1", reverse=True)
    await g.call(ann, get, "bob_gold", limit=3, filter=types.InputMessagesFilterPhotos)
    await g.call(ann, get, "bob_gold", limit=3, filter=types.InputMessagesFilterDocument())
    await g.call(ann, get, "bob_gold", 0, filter=types.InputMessagesFilterPhotos())
    await g.call(ann, get, "bob_gold", limit=3, filter=5)
    await g.call(ann, get, "talk_gold", limit=3, from_user="bob_gold")
    await g.call(ann, get, "talk_gold", limit=3, from_user="me")
    await g.call(ann, get, "bob_gold", limit=3, from_user="bob_gold")
    await g.call(ann, get, -INFO["rooms"]["three"], limit=3, from_user=IDS["cem"])
    await g.call(ann, get, "talk_gold", limit=3, reply_to=2)
    await g.call(ann, get, None, limit=5, search="number")
    await g.call(ann, get, None, limit=5, search="News")
    await g.call(ann, get, None, limit=5, from_user="me")
    await g.call(ann, get, None, limit=5, from_user="bob_gold")
    await g.call(ann, get, None, limit=5, from_user="bob_gold", search="number")
    await g.call(ann, get, None, limit=2, filter=types.InputMessagesFilterPhotos)
    await g.call(ann, get, "nobody_gold")
    await g.collect(ann, "iter_messages", "bob_gold", limit=150)
    await g.collect(ann, "iter_messages", "talk_gold")
    await g.collect(ann, "iter_messages", "news_gold", reverse=True)
    await g.collect(ann, "iter_messages", "bob_gold", limit=4, min_id=FIRST + 4)
    await g.collect(ann, "iter_messages", "bob_gold", limit=4, max_id=FIRST + 4)
    await g.collect(ann, "iter_messages", "bob_gold", ids=[FIRST, FIRST + 1])
    await g.collect(ann, "iter_messages", "bob_gold", limit=2, wait_time=0)
    await g.collect(ann, "iter_messages", "bob_gold", limit=-1)
    await g.collect(ann, "iter_messages", "bob_gold", offset_id=FIRST + 3, min_id=FIRST + 5)
    await g.collect(ann, "iter_messages", "bob_gold", scheduled=True)
    await g("reversed(iter_messages)", lambda: _all(reversed(ann.iter_messages("bob_gold", limit=3))))
    await g("iter_messages(...).collect()", lambda: ann.iter_messages("bob_gold", limit=3).collect())


async def _all(iterator):
    return [one async for one in iterator]


async def finding(g, ann):
    for way in (
        "bob_gold", "@bob_gold", "BOB_gold", "t.me/bob_gold", "https://t.me/bob_gold", "tg://resolve?domain=bob_gold",
        IDS["bob"], INFO["phones"]["bob"], "talk_gold", "me", "self", "nobody_gold", "x", "", "not a name!",
        "https://t.me/joinchat/AAAAAEkk2WdoDrB4", "https://t.me/+AAAAAEkk2WdoDrB4", 5, -5, -1_000_000_000_005,
        types.PeerUser(IDS["bob"]), types.PeerChannel(INFO["rooms"]["talk"]), types.PeerChat(INFO["rooms"]["three"]),
        types.InputPeerSelf(), types.InputUserSelf(), types.PeerUser(5), -INFO["rooms"]["three"], None, 1.5, [],
    ):  # fmt: skip
        await g.call(ann, "get_entity", way)
        await g.call(ann, "get_input_entity", way)
        await g.call(ann, "get_peer_id", way)
    await g.call(ann, "get_entity", ["bob_gold", "talk_gold", "me"])
    await g.call(ann, "get_entity", ["bob_gold", "nobody_gold"])
    await g.call(ann, "get_peer_id", "talk_gold", add_mark=False)
    await g.call(ann, "get_me")
    await g.call(ann, "get_me", input_peer=True)
    await g.call(ann, "is_bot")
    await g.call(ann, "is_user_authorized")


async def objects(g, ann):
    theirs = (await ann.get_messages("bob_gold", ids=[FIRST]))[0]
    await g.call(theirs, "respond", "a response")
    await g.call(theirs, "reply", "**a reply**")
    await g.call(theirs, "reply", file=file(PICTURE, "a.png"))
    await g.call(theirs, "forward_to", "me")
    await g.call(theirs, "edit", "not mine")
    await g.call(theirs, "get_reply_message")
    await g.call(theirs, "get_sender")
    await g.call(theirs, "get_input_sender")
    await g.call(theirs, "get_chat")
    await g.call(theirs, "get_input_chat")
    await g.call(theirs, "mark_read")
    await g.call(theirs, "pin")
    await g.call(theirs, "unpin")
    await g.call(theirs, "click")
    await g.call(theirs, "get_buttons")
    await g.call(theirs, "download_media", bytes)
    await g.call(theirs, "get_entities_text")
    await g.call(theirs, "stringify")
    mine = await g.call(ann, "send_message", "bob_gold", "**mine** and `code`")
    await g.call(mine, "edit", "mine, changed")
    await g.call(mine, "get_sender")
    answer = await g.call(mine, "reply", "to mine")
    await g.call(answer, "get_reply_message")
    await g.call(answer, "get_entities_text", types.MessageEntityBold)
    bold = (await ann.get_messages("bob_gold", search="bold and"))[0]
    await g.call(bold, "get_entities_text")
    await g.call(bold, "get_entities_text", types.MessageEntityUrl)
    await g.call(mine, "delete")
    await g.call(answer, "delete", revoke=False)
    forwarded = await ann.forward_messages("me", theirs)
    await g("forward", lambda: forwarded.forward)
    await g.call(forwarded.forward, "get_sender")
    await g.call(forwarded.forward, "get_input_sender")
    await g.call(forwarded.forward, "get_chat")
    post = await ann.get_messages("news_gold")
    copy = await ann.forward_messages("me", post[0])
    await g("forward of a post", lambda: copy.forward)
    await g.call(copy.forward, "get_chat")
    photo = (await ann.get_messages("bob_gold", search="a photo"))[0]
    await g("file of a photo", lambda: photo.file)
    document = (await ann.get_messages("bob_gold", search="a document"))[0]
    await g("file of a document", lambda: document.file)
    group = (await ann.get_messages("talk_gold", from_user="bob_gold"))[0]
    await g("message in a megagroup", lambda: group)
    await g.call(group, "get_chat")
    await g.call(group, "get_sender")
    await g.call(group, "reply", "in a megagroup")
    await g.call(group, "forward_to", "me")
    await g.call(group, "pin", notify=True)
    service = (await ann.get_messages("talk_gold", limit=1))[0]
    await g("service message", lambda: service)
    await g.call(service, "get_reply_message")
    raw = await ann(functions.messages.GetHistoryRequest("bob_gold", 0, None, 0, 1, 0, 0, 0))
    await g("message of a raw request", lambda: raw.messages[0])
    await g("ids of messages as raw", lambda: ann(functions.messages.GetMessagesRequest([FIRST, FIRST + 1])))


async def polls(g, ann):
    def texts(text):
        return types.TextWithEntities(text, [])

    answers = [types.PollAnswer(texts("yes"), b"1"), types.PollAnswer(texts("no"), b"2")]
    poll = types.Poll(1, texts("Really?"), answers, hash=0)
    sent = await g.call(ann, "send_file", "talk_gold", types.InputMediaPoll(poll))
    if sent is None:
        return
    await g.call(sent, "click", 0)
    await g.call(sent, "click", filter=lambda answer: answer.option == b"2")
    await g.call(sent, "click", 5)
    await g.call(sent, "click", [0, 1])
    await g.call(sent, "click")
    await g("poll", lambda: ann.get_messages("talk_gold", ids=sent.id))
    quiz = types.InputMediaPoll(types.Poll(2, texts("Quiz?"), answers, hash=0, quiz=True), correct_answers=[0])
    await g.call(ann, "send_message", "talk_gold", file=quiz)
    await g.call(
        sent,
        "edit",
        file=types.InputMediaPoll(types.Poll(sent.poll.poll.id, texts("Really?"), answers, hash=0, closed=True)),
    )


async def scheduled(g, ann):
    later = datetime.timedelta(hours=1)
    one = await g.call(ann, "send_message", "bob_gold", "later", schedule=later)
    await g.call(
        ann, "send_message", "me", "later", schedule=datetime.datetime(2030, 1, 1, tzinfo=datetime.timezone.utc)
    )
    await g.call(ann, "send_message", "me", "later", schedule=datetime.datetime(2030, 1, 1))
    # Not in the same second as the first, nor in the next one.
    await g.call(ann, "send_file", "bob_gold", file(PICTURE, "a.png"), schedule=datetime.timedelta(hours=3))
    await g.call(ann, "send_file", "me", [file(PICTURE, "a.png"), file(PICTURE, "b.png")], schedule=later)
    await g.collect(ann, "iter_messages", "bob_gold", scheduled=True)
    await g.call(ann, "get_messages", "bob_gold", scheduled=True)
    await g.call(ann, "get_messages", "bob_gold", scheduled=True, limit=None, reverse=True)
    await g.call(ann, "edit_message", "bob_gold", one, "changed", schedule=datetime.timedelta(hours=2))
    await g.call(ann, "edit_message", "bob_gold", one, "changed again")
    await g.call(ann, "delete_messages", "bob_gold", one)
    await g.call(ann, "send_message", "bob_gold", "now", schedule=datetime.timedelta(seconds=-5))


async def conversations(g, ann):
    async with ann.conversation("bob_gold", timeout=3) as talk:
        sent = await g.call(talk, "send_message", "how are you?")

        async def answered(method, *arguments, does=(), **options):
            async def work():
                waiting = getattr(talk, method)(*arguments, **options)
                if does:
                    await g.server(*does)
                return await waiting

            return await g(f"conversation.{method} after {does[:1]}", work)

        await answered("get_reply", sent, does=("answer", "bob", "ann", "an answer"))
        await answered("get_response", does=("say", "bob", "ann", "fine"))
        await answered("get_response", does=("say", "bob", "ann", "fine again"))
        number = await g.server("say", "bob", "ann", "before the edit")
        await answered("get_response")
        await answered("get_edit", does=("edit", "bob", "ann", number, "after the edit"))
        await answered("wait_read", does=("read", "bob", "ann"))
        await answered("get_response", timeout=0.1)
        await g.call(talk, "mark_read")
        await g.call(talk, "send_file", file(PICTURE, "a.png"))
        await g("chat of a conversation", lambda: [talk.chat_id, talk.is_private, talk.input_chat])
        await g("second conversation", lambda: ann.conversation("bob_gold").__aenter__())
        await g("cancel", lambda: talk.cancel())
        await answered("get_response")
    await g("conversation with many", lambda: _limited(ann))
    await g("conversation out of time", lambda: _out_of_time(ann))


async def mentions(g, ann):
    await g.call(ann, "send_message", "me", f"[Bob](tg://user?id={IDS['bob']})")
    await g.call(ann, "send_message", "me", f"<a href='tg://user?id={IDS['bob']}'>Bob</a>", parse_mode="html")
    # At the end, for one of the libraries does not send it, and the numbers of messages differ afterwards.
    raw = await ann(functions.messages.GetHistoryRequest("bob_gold", 0, None, 0, 1, 0, 0, 0))
    await g("respond to a message of a raw request", lambda: raw.messages[0].respond("from a raw request"))


async def _limited(ann):
    async with ann.conversation("bob_gold", max_messages=1) as talk:
        await talk.send_message("one")
        await talk.send_message("two")


async def _out_of_time(ann):
    async with ann.conversation("bob_gold", timeout=0.1) as talk:
        await talk.send_message("one")
        await talk.get_response()
