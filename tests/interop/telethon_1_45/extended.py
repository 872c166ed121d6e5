"""Classes that programs make of the library's, and what they hang on them; see `program`."""

import asyncio
import io
import struct

from program import ANN, BOT, bot_of, log_in_ann, run, wait_for

from telethon import TelegramClient, errors, events, functions, types
from telethon.events.common import EventBuilder, EventCommon, name_inner_event
from telethon.extensions import BinaryReader, markdown
from telethon.sessions import MemorySession
from telethon.tl import alltlobjects, custom
from telethon.tl.custom.sendergetter import SenderGetter
from telethon.tl.patched import Message as PatchedMessage
from telethon.tl.tlobject import TLObject, TLRequest


async def begin(state):
    state["client"] = await log_in_ann()
    return state["client"]._self_id == ANN["id"]


async def builders(state):
    """Builders and events of a program's own."""

    @name_inner_event
    class Command(events.NewMessage):
        def __init__(self, word=None, **options):
            super().__init__(**options)
            self.word = word

        def filter(self, event):
            found = super().filter(event)
            if not found or self.word not in event.raw_text:
                return None
            event.arguments = event.raw_text.split()[1:]
            return event

        class Event(events.NewMessage.Event):
            def shout(self):
                return self.message.message.upper()

    @name_inner_event
    class Anything(EventBuilder):
        @classmethod
        def build(cls, update, others=None, self_id=None):
            message = getattr(update, "message", None)
            if isinstance(update, (types.UpdateNewMessage, types.UpdateShortMessage)):
                return cls.Event(message if isinstance(message, str) else message.message)
            return None

        class Event(EventCommon, SenderGetter):
            def __init__(self, text):
                super().__init__(chat_peer=types.PeerUser(ANN["id"]))
                SenderGetter.__init__(self, ANN["id"])
                self.words = text

            def _set_client(self, client):
                super()._set_client(client)
                self.has_client = client is not None

    class Answered(Exception):
        pass

    client, _ = await bot_of()
    got = []

    @client.on(Command("sum", pattern=r"(?i)^\.", incoming=True))
    async def command(event):
        got.append([type(event).__name__, event.arguments, event.pattern_match.group(0), event._chat_peer.user_id])
        got.append([event.message._client is client, event.client is client, event.shout()])
        raise events.StopPropagation

    @client.on(Anything)
    async def anything(event):
        got.append([event.words, event.sender_id == ANN["id"], event.has_client, event._event_name])

    @client.on(events.Raw(types.UpdateUserStatus))
    async def never(event):
        raise Answered

    for text in (".sum 1 2", "else"):
        await state["client"].send_message(BOT["username"], text)
    await wait_for(lambda: any("else" in one for one in got))
    kinds = [type(builder).__name__ for builder, _ in client._event_builders]
    left = client.remove_event_handler(command), client.remove_event_handler(anything, Anything)
    await client.disconnect()
    peers = [one.pop() == ANN["id"] for one in got if one[0] == "Event"]
    return {"got": got, "kinds": kinds, "left": left, "peers": peers}


async def hung_on(state):
    """Methods that programs add to the classes, or put in the place of theirs."""
    client = state["client"]
    original = events.NewMessage.Event.__init__
    custom.Message.answer = lambda self, text: self.respond(text + "!")
    custom.Message.__hash__ = lambda self: self.id
    made = []

    def init(self, *args, **options):
        original(self, *args, **options)
        made.append(self.message.message)

    events.NewMessage.Event.__init__ = init
    try:
        sent = await client.send_message("me", "hung")
        answer = await sent.answer("on")
        number = hash(answer) == answer.id
        bot, got = await bot_of()
        await client.send_message(BOT["username"], "made")
        await wait_for(lambda: got)
        await bot.disconnect()
    finally:
        events.NewMessage.Event.__init__ = original
        del custom.Message.answer
        custom.Message.__hash__ = None
    return {"answer": answer.text, "number": number, "made": made[-1:]}


async def requests(state):
    """Requests and types that the library does not have, written and read by the program itself."""

    class NearestRequest(TLRequest):
        CONSTRUCTOR_ID = functions.help.GetNearestDcRequest.CONSTRUCTOR_ID
        SUBCLASS_OF_ID = functions.help.GetNearestDcRequest.SUBCLASS_OF_ID

        def __init__(self, peer):
            self.peer = peer

        async def resolve(self, client, utils):
            self.peer = utils.get_input_user(await client.get_input_entity(self.peer))

        def to_dict(self):
            return {"_": "NearestRequest", "peer": self.peer.to_dict()}

        def _bytes(self):
            return struct.pack("<I", self.CONSTRUCTOR_ID)

    class Plain(TLRequest):
        def __bytes__(self):
            return struct.pack("<I", functions.help.GetNearestDcRequest.CONSTRUCTOR_ID)

    class Reading(functions.help.GetNearestDcRequest):
        @staticmethod
        def read_result(reader):
            return ["read", type(reader.tgread_object()).__name__]

    class Invoice(TLObject):
        CONSTRUCTOR_ID = 0x1F2E3D4C

        def __init__(self, slug, to_id):
            super().__init__()
            self.slug, self.to_id = slug, to_id

        def _bytes(self):
            body = struct.pack("<II", self.CONSTRUCTOR_ID, 1) + TLObject.serialize_bytes(self.slug)
            return body + self.to_id._bytes()

        @classmethod
        def from_reader(cls, reader):
            reader.read_int()
            return cls(reader.tgread_string(), reader.tgread_object())

    client, request = state["client"], NearestRequest("me")
    answers = [type(await client(request)).__name__, type(request.peer).__name__]
    answers.append(type(await client(Plain())).__name__)
    answers.append(await client(Reading()))
    written = bytes(Invoice("slug", types.InputPeerSelf()))
    alltlobjects.tlobjects[Invoice.CONSTRUCTOR_ID] = Invoice
    try:
        read = BinaryReader(written).tgread_object()
        known = Invoice.CONSTRUCTOR_ID in alltlobjects.tlobjects
    finally:
        del alltlobjects.tlobjects[Invoice.CONSTRUCTOR_ID]
    inner = bytes(functions.payments.GetPaymentFormRequest(Invoice("slug", types.InputPeerSelf())))
    try:
        BinaryReader(written).tgread_object()
    except errors.TypeNotFoundError as error:
        refused = error.invalid_constructor_id
    found = sum(isinstance(one, type) and issubclass(one, TLRequest) for one in alltlobjects.tlobjects.values()) > 500
    return {
        "answers": answers,
        "written": written.hex(),
        "read": [read.slug, type(read.to_id).__name__, known, found, refused],
        "inner": written in inner,
    }


async def objects(state):
    """Classes of the schema made larger, and objects that change their class."""

    class Noted(types.User):
        def shown(self):
            return f"{self.first_name} ({self.id})"

    class Marked(PatchedMessage):
        @classmethod
        def from_reader(cls, reader):
            read = PatchedMessage.from_reader(reader)
            read.__class__ = cls
            read.mark = "marked"
            return read

    client = state["client"]
    me = await client.get_me()
    me.__class__ = Noted
    sent = await client.send_message("me", "**bold**", parse_mode="md")
    alltlobjects.tlobjects[Marked.CONSTRUCTOR_ID] = Marked
    try:
        marked = BinaryReader(bytes(sent)).tgread_object()
        history = await client(functions.messages.GetHistoryRequest("me", 0, None, 0, 1, 0, 0, 0))
        names = [type(history.messages[0]).__name__, history.messages[0].mark, history.messages[0].text]
    finally:
        alltlobjects.tlobjects[PatchedMessage.CONSTRUCTOR_ID] = PatchedMessage
    return {
        "shown": me.shown() == f"{ANN['first_name']} ({ANN['id']})",
        "marked": [type(marked).__name__, marked.mark, marked.message, marked == sent],
        "names": names,
    }


async def formatting(state):
    """A parse mode of a program's own, built on one of the library's."""

    class Custom:
        @staticmethod
        def parse(text):
            text, entities = markdown.parse(text)
            return text.replace("[x]", "done"), entities

        @staticmethod
        def unparse(text, entities):
            return "<" + markdown.unparse(text, entities) + ">"

    client = state["client"]
    before, client.parse_mode = client.parse_mode, Custom
    try:
        sent = await client.send_message("me", "__it is__ [x]")
        return [sent.raw_text, sent.text, [type(one).__name__ for one in sent.entities]]
    finally:
        client.parse_mode = before


async def sessions(state):
    """A session that keeps what it is given somewhere else, and is saved by the program."""
    kept = {}

    class Kept(MemorySession):
        def __init__(self, name):
            super().__init__()
            self.name = name
            if name in kept:
                self._dc_id, self._server_address, self._port, key = kept[name]
                self._auth_key = state["client"].session.auth_key.__class__(key)

        def set_dc(self, dc_id, server_address, port):
            super().set_dc(dc_id, server_address, port)
            self.keep()

        @MemorySession.auth_key.setter
        def auth_key(self, value):
            self._auth_key = value
            self.keep()

        def keep(self):
            if self._auth_key is not None:
                kept[self.name] = self._dc_id, self._server_address, self._port, self._auth_key.key

        def save(self):
            self.keep()

    client, _ = await bot_of(session=Kept("one"))
    await client.disconnect()
    again = Kept("one")
    client = TelegramClient(again, client.api_id, client.api_hash)
    await client.connect()
    me = await client.get_me()
    await client.disconnect()
    return {"bot": me.id == BOT["id"], "key": len(kept["one"][3]), "dc": again.dc_id == kept["one"][0]}


async def written(state):
    """What programs write of objects to files and logs."""
    sent = await state["client"].send_message("me", "written", link_preview=False)
    stream = io.StringIO()
    text = sent.to_json(stream) or stream.getvalue()
    return {
        "dict": [sent.to_dict()["_"], sent.to_dict()["peer_id"]["_"], sent.to_dict()["message"]],
        "json": '"_": "Message"' in text,
        "text": [sent.stringify().startswith("Message(\n\tid="), str(sent).startswith("Message(id=")],
    }


asyncio.run(run([begin, builders, hung_on, requests, objects, formatting, sessions, written]))
