"""What programs put in the place of the library's own methods, and where they look inside it; see `program`."""

import asyncio
import os
import tempfile
from types import SimpleNamespace
from unittest.mock import AsyncMock, patch

from program import ANN, BOT, INFO, bot_of, log_in_ann, run, settings, wait_for

from telethon import TelegramClient, errors, functions
from telethon.client.downloads import _DirectDownloadIter
from telethon.client.messages import MessageMethods
from telethon.sessions import SQLiteSession


async def log_in(state):
    """Logging in goes through the methods that a program may have of its own, with these arguments."""
    steps = []

    class Watching(TelegramClient):
        async def _start(
            self, phone, password, bot_token, force_sms, code_callback, first_name, last_name, max_attempts
        ):
            steps.append("_start")
            return await super()._start(
                phone=phone,
                password=password,
                bot_token=bot_token,
                force_sms=force_sms,
                code_callback=code_callback,
                first_name=first_name,
                last_name=last_name,
                max_attempts=max_attempts,
            )

        async def send_code_request(self, phone, *, force_sms=False, _retry_count=0):
            steps.append("send_code_request")
            return await super().send_code_request(phone)

        async def sign_in(self, phone=None, code=None, *, password=None, bot_token=None, phone_code_hash=None):
            steps.append("sign_in " + ("code" if code else "password" if password else "token"))
            return await super().sign_in(phone, code, password=password, bot_token=bot_token)

        async def _on_login(self, user):
            steps.append("_on_login")
            return await super()._on_login(user)

    state["client"] = await log_in_ann(Watching)
    await state["client"].get_dialogs()
    return steps


async def request_only(state):
    """A ``__call__`` that knows of nothing but the request: everything goes through it, following updates too."""
    names = set()

    class Client(TelegramClient):
        async def __call__(self, request):
            names.add(type(request).__name__)
            return await super().__call__(request)

    client, got = await bot_of(Client)
    await state["client"].send_message(BOT["username"], "hello")
    await wait_for(lambda: got)
    peer = await client.get_input_entity(ANN["id"])
    sent = await client.send_message(peer, "hi")
    await client.edit_message(peer, sent, "ho")
    await client.send_file(peer, b"some bytes", attributes=[])
    await client.delete_messages(peer, sent)
    await client.disconnect()
    expected = {
        "ImportBotAuthorizationRequest",
        "GetStateRequest",
        "SendMessageRequest",
        "EditMessageRequest",
        "SaveFilePartRequest",
        "SendMediaRequest",
    }
    return {"got": got, "missing": sorted(expected - names)}


async def call_of_old(state):
    """A ``_call`` as it was before flood waits had an argument."""
    names = []

    class Client(TelegramClient):
        async def _call(self, sender, request, ordered=False):
            names.append(type(request).__name__)
            return await super()._call(sender, request, ordered=ordered)

    client, got = await bot_of(Client)
    await state["client"].send_message(BOT["username"], "old")
    await wait_for(lambda: got)
    await client.disconnect()
    return {"got": got, "missing": sorted({"ImportBotAuthorizationRequest", "GetStateRequest"} - set(names))}


async def dispatch_in_a_class(state):
    seen = []

    class Client(TelegramClient):
        async def _dispatch_update(self, update):
            # It is the text itself in an update that was told in short.
            text = getattr(update, "message", None)
            text = getattr(text, "message", text)
            seen.append(text)
            if text != "drop":
                await super()._dispatch_update(update)

    results = {}
    for sequential in (False, True):
        client, got = await bot_of(Client, sequential_updates=sequential)
        for text in ("drop", "keep"):
            await state["client"].send_message(BOT["username"], text)
        await wait_for(lambda got=got: "keep" in got)
        await client.disconnect()
        results[str(sequential)] = [got, [text for text in seen if text]]
        seen.clear()
    return results


async def dispatch_of_one_client(state):
    """As programs for group calls do, and then one in the class for all."""
    client, got = await bot_of()
    own, names = client._dispatch_update, []

    async def safe(update, others=None):
        names.append("safe")
        return await own(update)

    client._dispatch_update = safe
    await state["client"].send_message(BOT["username"], "one")
    await wait_for(lambda: got)
    del client._dispatch_update
    original = TelegramClient._dispatch_update

    async def everywhere(self, update):
        names.append("everywhere")
        return await original(self, update)

    TelegramClient._dispatch_update = everywhere
    await state["client"].send_message(BOT["username"], "two")
    await wait_for(lambda: len(got) == 2)
    del TelegramClient._dispatch_update
    await client.disconnect()
    return [got, sorted(set(names))]


async def saving(state):
    """The state of updates is in the file when it was asked for, and goes through a session of the program's own."""
    calls = []

    class Session(SQLiteSession):
        def set_update_state(self, entity_id, state):
            calls.append("set_update_state")
            super().set_update_state(entity_id, state)

        def save(self):
            calls.append("save")
            super().save()

        def close(self):
            calls.append("close")
            super().close()

    with tempfile.TemporaryDirectory() as folder:
        client, got = await bot_of(session=Session(os.path.join(folder, "bot")))
        await state["client"].send_message(BOT["username"], "for the file")
        await wait_for(lambda: got)
        await client._save_states_and_entities()
        client.session.save()
        states = [entity_id for entity_id, _ in client.session.get_update_states()]
        await client.disconnect()
    return {"states": states, "calls": sorted(set(calls))}


async def downloads(state):
    """The steps of a download, each replaced for itself."""
    ann, shapes, parts = state["client"], [], []
    data = bytes(range(256)) * 4096
    sent = await ann.send_file("me", data, attributes=[], force_document=True)
    file, request, photo = TelegramClient._download_file, _DirectDownloadIter._request, TelegramClient._download_photo

    async def download_file(
        self,
        input_location,
        file_=None,
        *,
        part_size_kb=None,
        file_size=None,
        progress_callback=None,
        dc_id=None,
        key=None,
        iv=None,
        msg_data=None,
        cdn_redirect=None,
    ):
        shapes.append([type(input_location).__name__, file_size])
        return await file(
            self, input_location, file_, file_size=file_size, progress_callback=progress_callback, dc_id=dc_id
        )

    async def one_part(self):
        parts.append([self.request.offset, self.request.limit])
        self.request.cdn_supported = False
        return await request(self)

    async def download_photo(self, photo_, file_, date, thumb, progress_callback):
        shapes.append("photo")
        return await photo(self, photo_, file_, date, thumb, progress_callback)

    TelegramClient._download_file, TelegramClient._download_photo = download_file, download_photo
    _DirectDownloadIter._request = one_part
    try:
        same = await ann.download_media(sent, bytes) == data
        chunks = [len(chunk) async for chunk in ann.iter_download(sent.media, request_size=256 * 1024)]
        picture = await ann.send_file("me", bytes.fromhex(INFO["png"]), force_document=False, attributes=[])
        small = await ann.download_media(picture, bytes)
    finally:
        TelegramClient._download_file, _DirectDownloadIter._request = file, request
        TelegramClient._download_photo = photo
    whole = sorted({tuple(one) for one in parts if one[1] == 256 * 1024})
    return {"same": same, "chunks": chunks, "shapes": shapes[:1], "whole": whole, "small": bool(small)}


async def the_sender(state):
    """What goes out, and what is told of the connection."""
    ann = state["client"]
    own, names = ann._sender.send, []

    def send(request, ordered=False):
        names.append(type(request).__name__)
        return own(request, ordered=ordered)

    ann._sender.send = send
    await ann.get_me()
    await ann.send_message("me", "out")
    del ann._sender.send
    await wait_for(ann._updates_queue.empty)
    return {
        "names": names,
        "connected": [ann._sender._user_connected, ann._sender._reconnecting, ann._sender._transport_connected()],
        "salt": isinstance(ann._sender._state.salt, int),
        "offset": round(ann._sender._state.time_offset),
        "key": len(ann.session.auth_key.key) == len(ann._sender.auth_key.key) == 256,
        "self": [ann._self_id == ann._mb_entity_cache.self_id, ann._phone == ANN["phone"].lstrip("+")],
        "queue": [ann._updates_queue.qsize(), ann._updates_queue.empty(), ann._no_updates],
    }


async def shared_connections(state):
    """Connections to other data centres: how many use one, and the lock that programs take with them."""
    ann = state["client"]
    first = await ann._borrow_exported_sender(4)
    second = await ann._borrow_exported_sender(4)
    pairs = [[dc_id, use._n, sender is first] for dc_id, (use, sender) in ann._borrowed_senders.items() if use._n]
    async with ann._borrow_sender_lock:
        answer = await first.send(functions.help.GetNearestDcRequest())
    await ann._return_exported_sender(first)
    await ann._return_exported_sender(second)
    left = [use._n for use, _ in ann._borrowed_senders.values()]
    return {"same": first is second, "pairs": pairs, "left": left, "answer": type(answer).__name__}


async def message_box(state):
    """How far updates were followed."""
    client, got = await bot_of()
    box = client._message_box
    await state["client"].send_message(BOT["username"], "counted")
    await wait_for(lambda: got)
    await wait_for(lambda: not box.getting_diff_for)
    state_now = await client(functions.updates.GetStateRequest())
    account, channels = box.session_state()
    shown = {
        "empty": box.is_empty(),
        "pts": [account["pts"] == state_now.pts, *sorted(str(entry) for entry in box.map)],
        "account": {str(entry): one.pts for entry, one in box.map.items()}["ACCOUNT"] == state_now.pts,
        "rest": [channels, box.seq == account["seq"], box.date == account["date"], len(box.possible_gaps)],
    }
    await client.disconnect()
    return shown


async def a_sender_of_the_test(state):
    """How tests of programs drive a call: with a sender that is none, and no waiting."""
    client = TelegramClient(*settings())
    request = functions.help.GetNearestDcRequest()
    sender = SimpleNamespace(send=AsyncMock(side_effect=[errors.FloodWaitError(request, capture=20), "answer"]))
    with patch("telethon.client.users.asyncio.sleep", new_callable=AsyncMock) as sleep:
        answer = await client._call(sender, request)
    return {
        "answer": answer,
        "slept": [call.args[0] for call in sleep.await_args_list],
        "sent": sender.send.await_count,
    }


async def methods_of_the_parts(state):
    """A method replaced in the class that has it is what everything else calls."""
    own, texts = MessageMethods.send_message, []

    async def send_message(self, entity, message="", **options):
        texts.append([message, sorted(name for name, value in options.items() if value)])
        return await own(self, entity, message, **options)

    MessageMethods.send_message = send_message
    try:
        sent = await state["client"].send_message("me", "first")
        await sent.respond("second")
        await sent.reply("third")
        async with state["client"].conversation(BOT["username"]) as conversation:
            await conversation.send_message("fourth")
    finally:
        MessageMethods.send_message = own
    return [[text, names if text == "third" else []] for text, names in texts]


async def until_disconnected(state):
    """The part of `run_until_disconnected` that programs wrap to connect again, and the update loop made anew."""
    client, got = await bot_of()
    client._updates_handle.cancel()
    await asyncio.sleep(0.1)
    client._updates_handle = asyncio.ensure_future(client._update_loop())
    await asyncio.sleep(0.1)
    await state["client"].send_message(BOT["username"], "again")
    await wait_for(lambda: got)
    own, steps = TelegramClient._run_until_disconnected, []

    async def watched(self):
        steps.append("begin")
        try:
            return await own(self)
        finally:
            steps.append("end")

    TelegramClient._run_until_disconnected = watched
    try:
        running = asyncio.ensure_future(client.run_until_disconnected())
        await asyncio.sleep(0.1)
        await client.disconnect()
        await asyncio.wait_for(running, 10)
    finally:
        TelegramClient._run_until_disconnected = own
    return [got, steps]


asyncio.run(
    run(
        [
            log_in,
            request_only,
            call_of_old,
            dispatch_in_a_class,
            dispatch_of_one_client,
            saving,
            downloads,
            the_sender,
            shared_connections,
            message_box,
            a_sender_of_the_test,
            methods_of_the_parts,
            until_disconnected,
        ]
    )
)
