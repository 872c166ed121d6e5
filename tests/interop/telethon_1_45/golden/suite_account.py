"""Logging in and out, passwords, takeouts, requests in lists, sessions that are opened again, and errors."""

import asyncio
import os
import tempfile

from recorder import INFO, connected, make_client

from telethon import TelegramClient, errors, functions, types, utils
from telethon.sessions import MemorySession, SQLiteSession, StringSession

IDS, ROOMS, PHONES = INFO["ids"], INFO["rooms"], INFO["phones"]


async def suite(g):
    for part in (
        logging_in,
        passwords,
        qr_login,
        bots,
        logging_out,
        requests,
        errors_of,
        takeouts,
        files,
        sessions,
        life,
    ):
        await part(g)


async def fresh(**options):
    client = make_client(**options)
    await client.connect()
    # One of the libraries asks whose account it is meanwhile, the other one before.
    await asyncio.sleep(0.1)
    return client


async def logging_in(g):
    cem = await fresh()
    await g.call(cem, "is_user_authorized")
    await g.call(cem, "get_me")
    await g.call(cem, "send_message", "me", "by nobody")
    await g.call(cem, "get_dialogs")
    await g.call(cem, "get_entity", "bob_gold")
    await g.call(cem, "send_code_request", "+0")
    await g.call(cem, "sign_in")
    await g.call(cem, "sign_in", code="12345")
    await g.call(cem, "sign_in", PHONES["cem"])
    await g.call(cem, "send_code_request", PHONES["cem"])
    await g.call(cem, "send_code_request", PHONES["cem"], force_sms=True)
    await g.call(cem, "sign_in", PHONES["cem"], "00000")
    await g.call(cem, "sign_in", PHONES["cem"], "")
    await g.call(cem, "sign_in", PHONES["cem"], "12345", phone_code_hash="wrong")
    await g.call(cem, "sign_in", "+99966 2 9999", "12345")
    code = await g.server("code", PHONES["cem"])
    await g("sign_in with the code", lambda: cem.sign_in(PHONES["cem"], code))
    await g.call(cem, "is_user_authorized")
    await g.call(cem, "get_me")
    await g.call(cem, "is_bot")
    await g("sign_in once more", lambda: cem.sign_in(PHONES["cem"], code))
    await g(
        "start when logged in", lambda: _started(cem.start(PHONES["cem"], code_callback=lambda: "0", max_attempts=1))
    )
    await g.call(cem, "sign_up", "1", "A")
    await cem.disconnect()

    new = await fresh()
    tried = []

    async def code_for():
        tried.append("code")
        return "00000" if len(tried) == 1 else await g.server("code", PHONES["eve"])

    await g("start with a code", lambda: _started(new.start(lambda: PHONES["eve"], code_callback=code_for)))
    await g("codes asked for", lambda: tried)
    await new.disconnect()

    unknown = await fresh()
    await g(
        "start with wrong codes", lambda: unknown.start(PHONES["bob"], code_callback=lambda: "00000", max_attempts=2)
    )
    await g("start without anything", lambda: unknown.start(phone=None))
    await g("start with both", lambda: unknown.start(phone="+1", bot_token="1:a"))
    await g("start with a bad callback", lambda: unknown.start(phone="+1", code_callback=5))
    await unknown.disconnect()


async def _started(starting):
    client = await starting
    return [type(client).__name__, (await client.get_me()).id]


async def passwords(g):
    ann = await fresh()
    await ann.send_code_request(PHONES["ann"])
    code = await g.server("code", PHONES["ann"])
    await g("sign_in with a password to come", lambda: ann.sign_in(PHONES["ann"], code))
    await g.call(ann, "sign_in", password="wrong")
    await g.call(ann, "sign_in", password="")
    await g.call(ann, "sign_in", password="old secret")
    await g.call(ann, "edit_2fa")
    await g.call(ann, "edit_2fa", "wrong", "new")
    await g.call(ann, "edit_2fa", new_password="new")
    await g.call(ann, "edit_2fa", "old secret", "new secret", hint="the hint")
    await g("password after that", lambda: ann(functions.account.GetPasswordRequest()))
    await g.call(ann, "edit_2fa", "new secret", hint="another hint")
    await g.call(ann, "edit_2fa", "new secret", "with mail", email="a@example.com")
    await g.call(
        ann, "edit_2fa", "new secret", "with mail", email="a@example.com", email_code_callback=lambda length: "x"
    )
    await g.call(ann, "edit_2fa", "new secret", None)
    await g.call(ann, "edit_2fa", "new secret")
    await g.call(ann, "edit_2fa", None, "again")
    await g.call(ann, "edit_2fa", "again")

    again = await fresh()
    await again.send_code_request(PHONES["ann"])
    await g("start without password", lambda: _with_code(g, again))
    await again.disconnect()
    await ann.disconnect()


async def _with_code(g, client):
    async def code():
        return await g.server("code", PHONES["ann"])

    return await _started(client.start(PHONES["ann"], code_callback=code, password=lambda: "unused"))


async def qr_login(g):
    bob = await connected("bob")
    new = await fresh()
    qr = await g("qr_login", lambda: new.qr_login())
    await g("attributes of a QR login", lambda: [len(qr.token), qr.url.startswith("tg://login?token="), qr.expires])
    await g("wait out of time", lambda: qr.wait(0.1))
    await g("recreate", lambda: qr.recreate())

    async def accepted():
        waiting = asyncio.ensure_future(qr.wait(5))
        await asyncio.sleep(0.1)
        await bob(functions.auth.AcceptLoginTokenRequest(qr.token))
        return await waiting

    await g("accepted", accepted)
    await g.call(new, "get_me")
    again = await fresh()
    await g("qr_login of somebody else", lambda: again.qr_login(ignored_ids=[IDS["cem"]]))
    await again.disconnect()
    await new.disconnect()
    await bob.disconnect()


async def bots(g):
    bot = await fresh()
    await g.call(bot, "sign_in", bot_token="1:wrong")
    await g("sign_in as a bot", lambda: bot.sign_in(bot_token=INFO["token"]))
    await g.call(bot, "is_bot")
    await g.call(bot, "get_me", input_peer=True)
    await g.call(bot, "get_dialogs")
    await g.call(bot, "get_messages", "talk_gold", limit=1)
    await g.call(bot, "get_messages", "talk_gold", ids=[2, 3])
    await g.call(bot, "get_participants", "talk_gold")
    await g.call(bot, "get_entity", IDS["ann"])
    await g.call(bot, "get_input_entity", IDS["ann"])
    await g.call(bot, "send_message", IDS["ann"], "from a bot")
    await g.call(bot, "send_message", IDS["cem"], "from a bot")
    await g.call(bot, "get_drafts")
    await g.call(bot, "edit_2fa", new_password="x")
    await g.call(bot, "inline_query", "robot_gold_bot", "x")
    await g.call(bot, "log_out")


async def logging_out(g):
    bob = await connected("bob")
    other = await fresh()
    await other.send_code_request(PHONES["eve"])
    code = await g.server("code", PHONES["eve"])
    await other.sign_in(PHONES["eve"], code)
    await g.call(other, "log_out")
    await g("session after logging out", lambda: other.session)
    await g("connected after logging out", lambda: other.is_connected())
    await g("connecting after logging out", lambda: other.connect())
    await g("authorizations", lambda: _count(bob))
    await bob.disconnect()
    await g("request when disconnected", lambda: bob.get_me())
    await g("message when disconnected", lambda: bob.send_message("me", "x"))
    await g("disconnected twice", lambda: bob.disconnect())
    await g("is connected", lambda: bob.is_connected())


async def _count(client):
    return len((await client(functions.account.GetAuthorizationsRequest())).authorizations)


async def requests(g):
    ann = await connected("ann")
    me, bob = functions.users.GetUsersRequest([types.InputUserSelf()]), functions.users.GetUsersRequest(["bob_gold"])
    wrong = functions.contacts.ResolveUsernameRequest("nobody_gold")
    await g("one request", lambda: ann(me))
    await g("a list of requests", lambda: ann([me, bob]))
    await g("a tuple of requests", lambda: ann((me, bob)))
    await g("a generator of requests", lambda: ann(one for one in [me, bob]))
    await g("an ordered list", lambda: ann([me, bob], ordered=True))
    await g("an empty list", lambda: ann([]))
    await g("a list with an error", lambda: ann([me, wrong]))
    await g("a list with errors", lambda: ann([wrong, me, wrong]))
    await g("a list with a text", lambda: ann([me, "text"]))
    await g("a text", lambda: ann("text"))
    await g("None", lambda: ann(None))
    await g("a type", lambda: ann(functions.help.GetConfigRequest))
    await g("an object", lambda: ann(types.InputUserSelf()))
    await g("names in a request", lambda: ann(functions.channels.GetFullChannelRequest("talk_gold")))
    await g("a link in a request", lambda: ann(functions.channels.GetFullChannelRequest("t.me/talk_gold")))
    await g("an id in a request", lambda: ann(functions.messages.GetFullChatRequest(ROOMS["three"])))
    await g("a wrong name in a request", lambda: ann(functions.channels.GetFullChannelRequest("nobody_gold")))
    await g("a user for a channel", lambda: ann(functions.channels.GetFullChannelRequest("bob_gold")))
    await g(
        "a wrong type in a request", lambda: ann(functions.messages.GetHistoryRequest("me", "x", None, 0, 1, 0, 0, 0))
    )
    await g("an unknown method", lambda: ann(functions.payments.GetStarsStatusRequest("me")))
    for name in ("bob_gold", "talk_gold", "me", IDS["bob"]):
        await g(f"full user of {name}", lambda name=name: ann(functions.users.GetFullUserRequest(name)))
    await g("without updates", lambda: ann(functions.InvokeWithoutUpdatesRequest(me)))
    await g("in takeout without one", lambda: ann(functions.InvokeWithTakeoutRequest(5, me)))
    await g("flood threshold", lambda: ann.flood_sleep_threshold)

    def change(value):
        ann.flood_sleep_threshold = value
        return ann.flood_sleep_threshold

    await g("flood threshold of None", lambda: change(None))
    await g("flood threshold too high", lambda: change(10**6))
    await g("flood threshold as a text", lambda: change("5"))
    change(0)
    await ann.disconnect()


async def errors_of(g):
    """Errors that the server is told to answer with."""
    ann = await connected("ann", request_retries=1, flood_sleep_threshold=0)
    for code, text in (
        (400, "CHAT_ADMIN_REQUIRED"), (400, "PEER_ID_INVALID"), (400, "SOMETHING_NEW"), (401, "SESSION_REVOKED_NEW"),
        (403, "CHAT_WRITE_FORBIDDEN"), (403, "NEW_FORBIDDEN"), (404, "NEW_LOST"), (406, "FILEREF_UPGRADE_NEEDED"),
        (406, "NEW_THING"), (500, "NEW_SERVER"), (400, "PASSWORD_TOO_FRESH_60"),
        (400, "FILE_PART_5_MISSING"), (400, "EMAIL_UNCONFIRMED_6"), (400, "EMAIL_UNCONFIRMED"),
        (400, "SESSION_TOO_FRESH_5"),
        (303, "FILE_MIGRATE_3"), (400, "PHONE_NUMBER_BANNED"), (400, "INPUT_METHOD_INVALID_1_2"), (400, ""),
        (777, "STRANGE"),
        (400, "USER_BANNED_IN_CHANNEL"), (400, "MESSAGE_NOT_MODIFIED"), (400, "USERNAME_NOT_OCCUPIED"),
        (403, "USER_PRIVACY_RESTRICTED"), (400, "BOT_METHOD_INVALID"), (400, "TOPIC_DELETED"), (420, "NEW_FLOOD"),
        (403, "chat_write_forbidden"), (400, "ALLOW_PAYMENT_REQUIRED_5"), (406, "AUTH_KEY_DUPLICATED_NEW"),
    ):  # fmt: skip
        await g.server("fail", "GetNearestDcRequest", code, text)
        await g(f"error {code} {text}", lambda: ann(functions.help.GetNearestDcRequest()))
    await g.server("fail", "GetNearestDcRequest")
    # After a flood wait the method is not called any more, so each has its own.
    for name, text in {
        "GetAppUpdateRequest": "FLOOD_WAIT_30",
        "GetInviteTextRequest": "SLOWMODE_WAIT_7",
        "GetSupportRequest": "FLOOD_TEST_PHONE_WAIT_3",
        "GetPromoDataRequest": "TAKEOUT_INIT_DELAY_9",
        "GetTermsOfServiceUpdateRequest": "FLOOD_PREMIUM_WAIT_4",
        "GetCdnConfigRequest": "2FA_CONFIRM_WAIT_5",
        "GetNearestDcRequest": "STORY_SEND_FLOOD_M_5",
    }.items():
        kind = getattr(functions.help, name)
        request = kind("x") if name == "GetAppUpdateRequest" else kind()
        await g.server("fail", name, 420, text)
        await g(f"error 420 {text}", lambda request=request: ann(request))
        await g(f"error 420 {text} again", lambda request=request: ann(request))
        await g.server("fail", name)
    await ann.disconnect()
    rest = await connected("ann", raise_last_call_error=True, request_retries=1)
    await g.server("fail", "GetPromoDataRequest", 500, "NEW_SERVER")
    await g("last error", lambda: rest(functions.help.GetPromoDataRequest()))
    await g.server("fail", "GetPromoDataRequest")
    await rest.disconnect()


async def takeouts(g):
    ann = await connected("ann")

    async def plain():
        async with ann.takeout() as takeout:
            found = [type(takeout).__name__, takeout.success, await takeout.get_me(), takeout.session is ann.session]
            found += [await takeout.get_messages("bob_gold", limit=1), await takeout.get_dialogs(limit=1)]
            found.append([one.id async for one in takeout.iter_messages("bob_gold", limit=3)])
            found.append(await takeout(functions.users.GetUsersRequest([types.InputUserSelf()])))
        return found

    await g("takeout", plain)

    async def options():
        kinds = dict.fromkeys(("contacts", "users", "chats", "megagroups", "channels", "files"), True)
        async with ann.takeout(**kinds, max_file_size=5, finalize=False) as takeout:
            return [await takeout.get_me(), takeout.session.takeout_id is not None]

    await g("takeout with options", options)
    await g("takeout goes on", lambda: _in_takeout(ann))
    await g("takeout with options while one is open", lambda: _in_takeout(ann, contacts=True))
    await g("takeout id", lambda: ann.session.takeout_id is not None)
    await g("takeout left open", lambda: _left_open(ann))
    await g("end_takeout of that one", lambda: ann.end_takeout(True))
    await g("takeout id after that", lambda: ann.session.takeout_id)
    await g("end_takeout", lambda: ann.end_takeout(True))
    await g("end_takeout again", lambda: ann.end_takeout(False))

    async def fails():
        async with ann.takeout(contacts=True):
            raise ValueError("on purpose")

    await g("takeout that fails", fails)

    async def assigned():
        async with ann.takeout() as takeout:
            takeout.own_thing = 5
            takeout.parse_mode = "html"
            return [ann.own_thing, type(ann.parse_mode).__name__, (await takeout.send_message("me", "<b>x</b>")).text]

    await g("assigned in a takeout", assigned)
    await ann.disconnect()


async def _left_open(client):
    async with client.takeout(finalize=False) as takeout:
        return await takeout.get_me()


async def _in_takeout(client, **options):
    async with client.takeout(**options) as takeout:
        return await takeout.get_me()


async def files(g):
    """Identifiers of files, which need no server."""
    ann = await connected("ann")
    sent = await ann.send_file("me", bytes.fromhex(INFO["document"]))
    await g("id of a document", lambda: len(sent.file.id))
    await g("file of an id", lambda: type(utils.resolve_bot_file_id(sent.file.id)).__name__)
    await g("file by its id", lambda: ann.send_file("me", sent.file.id))
    await g("file by a wrong id", lambda: ann.send_file("me", "BQADAgADxxx"))
    await ann.disconnect()


async def sessions(g):
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "kept")

    def again(session):
        return TelegramClient(session, INFO["api_id"], INFO["api_hash"], timeout=5, retry_delay=0.1)

    kept = SQLiteSession(path)
    source = StringSession(INFO["sessions"]["ann"])
    kept.set_dc(source.dc_id, source.server_address, source.port)
    kept.auth_key = source.auth_key
    kept.save()
    kept.close()
    first = again(path)
    await first.connect()
    await asyncio.sleep(0.2)
    await g("opened from a file", lambda: first.get_me(input_peer=True))
    await first.get_dialogs()
    await first.get_entity("eve_gold")
    await first.disconnect()
    second = again(path)
    await second.connect()
    await second.get_me()
    await asyncio.sleep(0.2)
    for name in (
        "bob_gold",
        "talk_gold",
        "eve_gold",
        IDS["cem"],
        IDS["bob"],
        "me",
        ROOMS["talk"],
        "Cem",
        PHONES["bob"],
    ):
        await g(f"opened again, {name}", lambda name=name: second.get_input_entity(name))
    await g("opened again, get_entity", lambda: second.get_entity(IDS["cem"]))
    await g("opened again, send", lambda: second.send_message(IDS["cem"], "still known"))
    await g("as a text", lambda: len(StringSession.save(second.session)))
    await second.disconnect()
    await g("name of the file", lambda: os.path.basename(second.session.filename))
    await g("listed", lambda: [os.path.basename(one) for one in sorted(os.listdir(folder)) if one.endswith(".session")])
    for wrong in ("x", "2abc", "1", 5, b"x"):
        await g(f"text session {wrong!r}", lambda wrong=wrong: StringSession(wrong))
    for wrong in (5, b"x", [], object()):
        await g(f"client with session {type(wrong).__name__}", lambda wrong=wrong: again(wrong))
    await g("client without api_id", lambda: TelegramClient(None, 0, "x"))
    await g("client without api_hash", lambda: TelegramClient(None, 1, ""))
    await g("client with a text as api_id", lambda: TelegramClient(None, "5", "x").api_id)
    await g("client with a strange api_id", lambda: TelegramClient(None, "five", "x"))
    await g("attributes of a memory session", lambda: _of(MemorySession()))


def _of(session):
    return [session.dc_id, session.server_address, session.port, session.auth_key, session.takeout_id]


async def life(g):
    client = make_client("ann")
    await g("never connected", lambda: client.get_me())
    await g("is connected before", lambda: client.is_connected())
    await g("connect", lambda: client.connect())
    await g("connect twice", lambda: client.connect())
    await g("is connected then", lambda: client.is_connected())
    await g("loop", lambda: client.loop is asyncio.get_running_loop())
    await g("disconnected", lambda: [client.disconnected.done(), type(client.disconnected).__name__])

    async def within():
        async with client as entered:
            return entered is client

    await g("async with", within)
    await g("connected after it", lambda: client.is_connected())
    await g("disconnected after it", lambda: client.disconnected.done())
    await g("run_until_disconnected", lambda: client.run_until_disconnected())
    await g("connect again", lambda: client.connect())
    await g("works again", lambda: client.get_me(input_peer=True))

    async def ends():
        running = asyncio.ensure_future(client.run_until_disconnected())
        await asyncio.sleep(0.05)
        client.disconnect()
        return await asyncio.wait_for(running, 2)

    await g("disconnect without await", ends)
    await g("with", lambda: client.__enter__())
    await g("set_proxy", lambda: client.set_proxy(("socks5", "127.0.0.1", 1)))
    await g("errors made by hand", lambda: _made())


def _made():
    found = []
    for make in (
        lambda: errors.FloodWaitError(None, 30), lambda: errors.FloodWaitError(request=None, capture=5),
        lambda: errors.ChatAdminRequiredError(None), lambda: errors.RPCError(None, "TEXT", 400),
        lambda: errors.rpc_message_to_error(types.RpcError(420, "FLOOD_WAIT_5"), None),
    ):  # fmt: skip
        made = make()
        found.append([made, made.code, made.message, getattr(made, "seconds", None)])
    return found
