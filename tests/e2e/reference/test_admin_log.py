"""Entries of the log of a group, from what was really done there."""

from __future__ import annotations

import pytest
from reference import covers, of

from telethon import functions, types


async def newest(scene):
    return (await scene.client.get_admin_log("talk_group", limit=1))[0]


@covers("AdminLogEvent", *of("AdminLogEvent", "id date user_id action old new"))
@covers(*of("AdminLogEvent", "changed_title changed_about changed_username changed_photo changed_signatures"))
@covers(*of("AdminLogEvent", "changed_hide_history changed_default_banned_rights changed_message deleted_message"))
@covers(*of("AdminLogEvent", "changed_pin changed_admin changed_restrictions joined left joined_invite stopped_poll"))
@covers(*of("AdminLogEvent", "changed_invites changed_sticker_set"))
async def test_entries(scene, picture):
    client = scene.client
    await client(functions.channels.EditTitleRequest("talk_group", "Chatter"))
    event = await newest(scene)
    assert (event.changed_title, event.old, event.new, event.user_id) == (True, "Talk", "Chatter", scene.ann.id)
    assert (event.id > 0, event.date.timestamp() > 0, event.user.first_name) == (True, True, "Ann")
    assert isinstance(event.action, types.ChannelAdminLogEventActionChangeTitle)
    assert not event.changed_about
    await client(functions.messages.EditChatAboutRequest("talk_group", "about it"))
    event = await newest(scene)
    assert (event.changed_about, event.old, event.new) == (True, "", "about it")
    await client(functions.channels.UpdateUsernameRequest("talk_group", "chatter_group"))
    event = (await client.get_admin_log("chatter_group", limit=1))[0]
    assert (event.changed_username, event.old, event.new) == (True, "talk_group", "chatter_group")
    await client(functions.channels.UpdateUsernameRequest("chatter_group", "talk_group"))
    photo = types.InputChatUploadedPhoto(file=await client.upload_file(picture()))
    await client(functions.channels.EditPhotoRequest("talk_group", photo))
    event = await newest(scene)
    assert (event.changed_photo, type(event.new)) == (True, types.Photo)
    await client(functions.channels.TogglePreHistoryHiddenRequest("talk_group", enabled=True))
    event = await newest(scene)
    assert (event.changed_hide_history, event.old, event.new) == (True, False, True)
    await client.edit_permissions("talk_group", send_polls=False)
    event = await newest(scene)
    assert (event.changed_default_banned_rights, event.new.send_polls) == (True, True)
    await client.edit_admin("talk_group", "bob_1", pin_messages=True)
    event = await newest(scene)
    assert (event.changed_admin, type(event.new)) == (True, types.ChannelParticipantAdmin)
    await client.edit_admin("talk_group", "bob_1", is_admin=False)
    await client.edit_permissions("talk_group", "bob_1", send_media=False)
    event = await newest(scene)
    assert (event.changed_restrictions, event.new.banned_rights.send_media) == (True, True)
    sent = await client.send_message("talk_group", "first")
    await sent.edit("second")
    event = await newest(scene)
    assert (event.changed_message, event.old.message, event.new.message) == (True, "first", "second")
    await sent.pin()
    event = await newest(scene)
    assert (event.changed_pin, event.new.id) == (True, sent.id)
    theirs = await scene.other.send_message("talk_group", "to be deleted")
    await client.delete_messages("talk_group", theirs.id)
    event = await newest(scene)
    assert (event.deleted_message, event.old.message) == (True, "to be deleted")
    await client.edit_permissions("talk_group", "bob_1")
    await scene.other.delete_dialog("talk_group")
    event = await newest(scene)
    assert (event.left, event.user_id) == (True, scene.bob.id)
    await scene.other(functions.channels.JoinChannelRequest("talk_group"))
    event = await newest(scene)
    assert (event.joined, event.joined_invite, event.stopped_poll) == (True, False, False)
    carl = scene.server.create_user("Carl", username="carl_1")
    await carl.chat(scene.ann).send("hi")
    await client(functions.channels.InviteToChannelRequest("talk_group", ["carl_1"]))
    event = await newest(scene)
    assert (event.joined_invite, event.new.user_id, event.user_id) == (True, carl.id, scene.ann.id)
    # What servers of today no longer write down is read all the same.
    for action, name in (
        (types.ChannelAdminLogEventActionToggleInvites(True), "changed_invites"),
        (types.ChannelAdminLogEventActionToggleSignatures(True), "changed_signatures"),
    ):
        scene.group.admin_log.append((scene.server.world.count("event"), scene.server.now(), scene.ann.id, action))
        assert getattr(await newest(scene), name), name
    event = await newest(scene)
    assert (event.changed_invites, event.changed_signatures) == (False, True)
    scene.server.create_sticker_set("animals", "Animals", scene.ann, {"🐳": picture().getvalue()})
    await client(functions.channels.SetStickersRequest("talk_group", types.InputStickerSetShortName("animals")))
    event = await newest(scene)
    assert (event.changed_sticker_set, type(event.new)) == (True, types.InputStickerSetID)
    assert str(event).startswith("ChannelAdminLogEvent(")


@pytest.mark.parametrize("flag", ["join", "leave", "invite", "promote", "demote", "info", "settings", "edit", "delete"])
async def test_filters(scene, flag):
    client = scene.client
    await client(functions.channels.EditTitleRequest("talk_group", "Chatter"))
    await client(functions.channels.TogglePreHistoryHiddenRequest("talk_group", enabled=True))
    await client.edit_admin("talk_group", "bob_1", pin_messages=True)
    await client.edit_admin("talk_group", "bob_1", is_admin=False)
    sent = await scene.other.send_message("talk_group", "first")
    await sent.edit("second")
    await client.delete_messages("talk_group", sent.id)
    await scene.other.delete_dialog("talk_group")
    await scene.other(functions.channels.JoinChannelRequest("talk_group"))
    carl = scene.server.create_user("Carl", username="carl_1")
    await carl.chat(scene.ann).send("hi")
    await client(functions.channels.InviteToChannelRequest("talk_group", ["carl_1"]))
    assert len(await client.get_admin_log("talk_group", **{flag: True})) == 1
    assert len(await client.get_admin_log("talk_group")) == 9
