"""Dialogs, drafts, folders, members and their rights, the admin log, figures, and profile photos."""

import asyncio
import io

from recorder import INFO, connected

from telethon import functions, types

IDS, ROOMS = INFO["ids"], INFO["rooms"]
PICTURE = bytes.fromhex(INFO["picture"])
THREE = -ROOMS["three"]


async def suite(g):
    ann = await connected("ann")
    bob = await connected("bob")
    try:
        for part in (dialogs, names, drafts, folders, members, rights, admin_log, figures, photos, actions, leaving):
            await part(g, ann, bob)
    finally:
        await ann.disconnect()
        await bob.disconnect()


async def dialogs(g, ann, bob):
    found = await g.call(ann, "get_dialogs")
    await g.call(ann, "get_dialogs", limit=2)
    await g.call(ann, "get_dialogs", 0)
    await g.call(ann, "get_dialogs", limit=1, ignore_pinned=True)
    await g.call(ann, "get_dialogs", folder=0)
    await g.call(ann, "get_dialogs", folder=1)
    await g.call(ann, "get_dialogs", archived=True)
    await g.call(ann, "get_dialogs", archived=False)
    await g.call(ann, "get_dialogs", ignore_migrated=True)
    await g.call(ann, "get_dialogs", limit=2, offset_id=5, offset_peer="bob_gold")
    await g.collect(ann, "iter_dialogs", limit=1)
    await g("reversed(iter_dialogs)", lambda: _all(reversed(ann.iter_dialogs(limit=1))))
    await g("total of dialogs", lambda: found.total)
    await g.call(found[0], "send_message", "to a dialog")
    await g.call(found[0], "stringify")
    await g.call(found[0], "archive")
    await g.call(ann, "get_dialogs", folder=1)
    await g.call(found[0], "archive", folder=0)


async def _all(iterator):
    return [one async for one in iterator]


async def names(g, ann, bob):
    """Names that were seen with the dialogs need no further question."""
    for name in ("talk_gold", "news_gold", "bob_gold", "Talk", "eve_gold", "robot_gold_bot"):
        await g.call(ann, "get_input_entity", name)
        await g.call(ann, "get_entity", name)
    for number in (IDS["cem"], IDS["bot"], IDS["eve"], ROOMS["talk"], ROOMS["three"], THREE, ROOMS["private"]):
        await g.call(ann, "get_input_entity", number)
        await g.call(ann, "get_entity", number)
    for peer in (types.PeerChannel(ROOMS["private"]), types.PeerChat(ROOMS["three"]), types.PeerUser(IDS["cem"])):
        await g.call(ann, "get_input_entity", peer)
        await g.call(ann, "get_entity", peer)
        await g.call(ann, "get_peer_id", peer)


async def drafts(g, ann, bob):
    await g.call(ann, "get_drafts")
    dialog = (await ann.get_dialogs(limit=1))[0]
    draft = dialog.draft
    await g("draft of a dialog", lambda: draft)
    await g.call(draft, "set_message", "**half** a")
    await g("draft after it was set", lambda: draft)
    await g.call(draft, "set_message", "a reply", reply_to=1)
    await g.call(draft, "set_message", "same", reply_to=0, parse_mode=None, link_preview=False)
    found = await g.call(ann, "get_drafts")
    await g.call(ann, "get_drafts", "bob_gold")
    await g.call(ann, "get_drafts", ["bob_gold", "talk_gold"])
    await g.collect(ann, "iter_drafts", "talk_gold")
    await g.call(found[0], "get_entity")
    await g.call(found[0], "get_input_entity")
    await g.call(found[0], "to_dict")
    await g.call(found[0], "stringify")
    await g.call(draft, "send")
    await g.call(draft, "set_message", "once more")
    await g.call(draft, "send", clear=False)
    await g.call(draft, "delete")
    await g.call(draft, "send")


async def folders(g, ann, bob):
    await g.call(ann, "edit_folder", "bob_gold", 1)
    await g.call(ann, "edit_folder", ["talk_gold", "news_gold"], 1)
    await g.call(ann, "edit_folder", ["talk_gold", "news_gold"], [0, 1])
    await g.call(ann, "edit_folder", ["talk_gold", "news_gold"], [0])
    await g.call(ann, "get_dialogs", folder=1)
    await g.call(ann, "edit_folder", "bob_gold")
    await g.call(ann, "edit_folder", "bob_gold", 0)
    await g.call(ann, "edit_folder", "news_gold", 0)
    await g.call(ann, "edit_folder", "nobody_gold", 0)


async def members(g, ann, bob):
    get = "get_participants"
    for where in ("talk_gold", "news_gold", THREE, ROOMS["private"], "bob_gold", "me", "nobody_gold"):
        await g.call(ann, get, where)
    await g.call(ann, get, "talk_gold", limit=2)
    await g.call(ann, get, "talk_gold", 0)
    await g.call(ann, get, "talk_gold", search="bo")
    await g.call(ann, get, THREE, search="bo")
    await g.call(ann, get, THREE, limit=1)
    await g.call(ann, get, THREE, 0)
    await g.call(ann, get, "bob_gold", limit=0)
    await g.call(ann, get, "talk_gold", filter=types.ChannelParticipantsAdmins)
    await g.call(ann, get, "talk_gold", filter=types.ChannelParticipantsBots())
    await g.call(ann, get, "talk_gold", filter=types.ChannelParticipantsBanned(""))
    await g.call(ann, get, "talk_gold", filter=types.ChannelParticipantsKicked)
    await g.call(ann, get, "talk_gold", filter=types.ChannelParticipantsRecent())
    await g.call(ann, get, "talk_gold", filter=types.ChannelParticipantsContacts)
    await g.call(ann, get, THREE, filter=types.ChannelParticipantsAdmins)
    await g.call(ann, get, "talk_gold", aggressive=True)
    await g.call(bob, get, "news_gold")
    await g.collect(ann, "iter_participants", "talk_gold", limit=1)
    people = await ann.get_participants("talk_gold")
    await g("participant", lambda: [one.participant for one in people])


async def rights(g, ann, bob):
    await g.call(ann, "get_permissions", "talk_gold")
    await g.call(ann, "get_permissions", "talk_gold", "me")
    await g.call(ann, "get_permissions", "talk_gold", "bob_gold")
    await g.call(ann, "get_permissions", "talk_gold", "eve_gold")
    await g.call(ann, "get_permissions", "news_gold", "me")
    await g.call(ann, "get_permissions", THREE)
    await g.call(ann, "get_permissions", THREE, "me")
    await g.call(ann, "get_permissions", THREE, IDS["cem"])
    await g.call(ann, "get_permissions", THREE, "eve_gold")
    await g.call(ann, "get_permissions", "bob_gold", "me")
    await g.call(ann, "get_permissions", "bob_gold")
    edit = "edit_admin"
    await g.call(ann, edit, "talk_gold", "bob_gold", change_info=True, title="Boss")
    await g.call(ann, "get_permissions", "talk_gold", "bob_gold")
    await g.call(ann, edit, "talk_gold", "bob_gold", is_admin=True)
    await g.call(ann, edit, "talk_gold", "bob_gold", is_admin=True, add_admins=False, anonymous=True)
    await g.call(ann, edit, "talk_gold", "bob_gold", is_admin=False)
    await g.call(ann, edit, "talk_gold", "bob_gold")
    await g.call(ann, edit, "talk_gold", "eve_gold", is_admin=True)
    await g.call(ann, edit, "news_gold", "bob_gold", post_messages=True, edit_messages=True, manage_call=True)
    await g.call(ann, edit, "news_gold", "bob_gold", is_admin=False)
    await g.call(ann, edit, THREE, "bob_gold", is_admin=True)
    await g.call(ann, "get_permissions", THREE, "bob_gold")
    await g.call(ann, edit, THREE, "bob_gold", is_admin=False)
    await g.call(ann, edit, "bob_gold", "eve_gold", is_admin=True)
    await g.call(bob, edit, "talk_gold", "ann_gold", is_admin=False)
    await g.call(ann, edit, "talk_gold", "news_gold", is_admin=True)
    perm = "edit_permissions"
    await g.call(ann, perm, "talk_gold", "bob_gold", send_messages=False)
    await g.call(ann, "get_permissions", "talk_gold", "bob_gold")
    await g.call(bob, "send_message", "talk_gold", "muted")
    import datetime

    await g.call(ann, perm, "talk_gold", "bob_gold", datetime.timedelta(hours=1), send_media=False, send_polls=False)
    await g.call(ann, perm, "talk_gold", "bob_gold", until_date=datetime.timedelta(days=1), send_gifs=False)
    await g.call(ann, perm, "talk_gold", "bob_gold")
    await g.call(ann, perm, "talk_gold", IDS["cem"], view_messages=False)
    await g.call(ann, "get_permissions", "talk_gold", IDS["cem"])
    await g.call(ann, "get_participants", "talk_gold", filter=types.ChannelParticipantsKicked(""))
    await g.call(ann, perm, "talk_gold", IDS["cem"])
    await g.call(ann, perm, "talk_gold", send_messages=False)
    await g.call(ann, perm, "talk_gold")
    await g.call(ann, perm, "talk_gold", send_stickers=False, embed_link_previews=False, invite_users=False)
    await g.call(ann, perm, THREE, send_messages=False)
    await g.call(ann, perm, THREE)
    await g.call(ann, perm, THREE, "bob_gold", send_messages=False)
    await g.call(ann, perm, THREE, "me")
    await g.call(ann, perm, "bob_gold", send_messages=False)
    await g.call(ann, perm, "talk_gold", "me", send_messages=False)
    await g.call(bob, perm, "talk_gold", "ann_gold", send_messages=False)
    await g.call(ann, "kick_participant", "talk_gold", IDS["cem"])
    await g.server("join", "cem", "talk")
    await g.call(ann, "kick_participant", THREE, IDS["cem"])
    await g.call(ann, "kick_participant", "bob_gold", "me")
    await g.call(bob, "kick_participant", "talk_gold", "ann_gold")
    await g.call(ann, "kick_participant", "news_gold", "eve_gold")
    await g.call(ann, "kick_participant", "talk_gold", "nobody_gold")


async def admin_log(g, ann, bob):
    get = "get_admin_log"
    await ann(functions.channels.EditTitleRequest("talk_gold", "Talk anew"))
    await ann(functions.channels.ToggleSlowModeRequest("talk_gold", 10))
    await ann(functions.channels.ToggleSlowModeRequest("talk_gold", 0))
    await g.call(ann, get, "talk_gold")
    await g.call(ann, get, "talk_gold", limit=2)
    await g.call(ann, get, "talk_gold", 0)
    await g.call(ann, get, "talk_gold", limit=3, min_id=2, max_id=6)
    await g.call(ann, get, "talk_gold", search="Talk")
    await g.call(ann, get, "talk_gold", admins="me", limit=2)
    await g.call(ann, get, "talk_gold", admins=["me", "bob_gold"], limit=2)
    for option in ("join", "leave", "invite", "restrict", "unrestrict", "ban", "unban", "promote", "demote", "info"):
        await g.call(ann, get, "talk_gold", limit=1, **{option: True})
    for option in ("settings", "pinned", "edit", "delete", "group_call"):
        await g.call(ann, get, "talk_gold", limit=1, **{option: True})
    await g.call(ann, get, "talk_gold", join=True, leave=True, limit=3)
    await g.collect(ann, "iter_admin_log", "talk_gold", limit=1)
    await g.call(bob, get, "talk_gold")
    await g.call(ann, get, THREE)
    await g.call(ann, get, "bob_gold")
    entry = (await ann.get_admin_log("talk_gold", limit=1))[0]
    await g.call(entry, "stringify")


async def figures(g, ann, bob):
    await g.call(ann, "get_stats", "news_gold")
    await g.call(ann, "get_stats", "talk_gold")
    await g.call(ann, "get_stats", "news_gold", 2)
    await g.call(ann, "get_stats", THREE)
    await g.call(ann, "get_stats", "bob_gold")
    await g.call(bob, "get_stats", "news_gold")


async def photos(g, ann, bob):
    for _ in range(3):
        file = await ann.upload_file(PICTURE, file_name="me.png")
        await g("upload a profile photo", lambda file=file: ann(functions.photos.UploadProfilePhotoRequest(file=file)))
    await g.call(ann, "get_profile_photos", "me")
    await g.call(ann, "get_profile_photos", "me", limit=1)
    await g.call(ann, "get_profile_photos", "me", 0)
    await g.call(ann, "get_profile_photos", "me", offset=1, limit=1)
    await g.call(ann, "get_profile_photos", "me", max_id=5)
    await g.call(ann, "get_profile_photos", "bob_gold")
    await g.call(bob, "get_profile_photos", "ann_gold")
    await g.collect(ann, "iter_profile_photos", "me", limit=2)
    file = await ann.upload_file(PICTURE, file_name="talk.png")
    chosen = types.InputChatUploadedPhoto(file)
    await g("photo of a megagroup", lambda: ann(functions.channels.EditPhotoRequest("talk_gold", chosen)))
    file = await ann.upload_file(PICTURE, file_name="three.png")
    group = functions.messages.EditChatPhotoRequest(ROOMS["three"], types.InputChatUploadedPhoto(file))
    await g("photo of a basic group", lambda: ann(group))
    await g.call(ann, "get_profile_photos", "talk_gold")
    await g.call(ann, "get_profile_photos", "talk_gold", limit=1)
    await g.call(ann, "get_profile_photos", THREE)
    await g.call(ann, "download_profile_photo", "me", bytes)
    await g.call(ann, "download_profile_photo", "talk_gold", bytes)
    await g.call(ann, "download_profile_photo", THREE, bytes, download_big=False)
    await g.call(ann, "download_profile_photo", "bob_gold", bytes)
    await g.call(bob, "download_profile_photo", "ann_gold", io.BytesIO())


async def actions(g, ann, bob):
    for action in (
        "typing", "contact", "game", "location", "sticker", "record-audio", "record-voice", "record-round",
        "record-video", "audio", "voice", "song", "round", "video", "photo", "document", "file", "cancel", "nonsense",
        None, 5, types.SendMessageTypingAction(), types.SendMessageChooseStickerAction,
    ):  # fmt: skip

        async def work(action=action):
            async with ann.action("bob_gold", action, delay=5):
                await asyncio.sleep(0.02)

        await g(f"action {action if isinstance(action, str) else type(action).__name__}", work)

    async def progress():
        async with ann.action("bob_gold", "document", auto_cancel=False) as action:
            action.progress(50, 200)
            await asyncio.sleep(0.02)
            await ann.send_file("bob_gold", PICTURE, progress_callback=action.progress)

    await g("action with progress", progress)

    async def often():
        async with ann.action("talk_gold", "typing", delay=0.6):
            await asyncio.sleep(0.9)

    await g("action again and again", often)
    await g("action once", lambda: ann.action("bob_gold", "cancel"))


async def leaving(g, ann, bob):
    await g.call(bob, "delete_dialog", "news_gold")
    await g.call(bob, "delete_dialog", "news_gold")
    await g.call(bob, "delete_dialog", THREE)
    await g.call(bob, "delete_dialog", "ann_gold")
    await g.call(ann, "delete_dialog", "bob_gold", revoke=True)
    await g.call(ann, "kick_participant", "talk_gold", "me")
    await g.call(ann, "delete_dialog", THREE, revoke=True)
    dialog = (await ann.get_dialogs())[-1]
    await g.call(dialog, "delete")
    # At the end, for one of the libraries cannot do these.
    await g.call(ann, "edit_folder", "talk_gold", 1)
    await g.call(ann, "edit_folder", unpack=1)
    await g.call(bob, "edit_admin", -INFO["rooms"]["duo"], IDS["cem"], pin_messages=True)
