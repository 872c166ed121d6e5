"""Groups and channels: members, rights, the log, photos, statistics."""

from __future__ import annotations

import asyncio

import pytest
from reference import covers, fails

from telethon import errors, functions, types


@covers("client.iter_participants", "client.get_participants", "helpers.TotalList")
@fails("client.iter_participants", "client.get_participants")
async def test_members(scene):
    names = [user.first_name async for user in scene.client.iter_participants("talk_group")]
    assert sorted(names) == ["Ann", "Bob"]
    members = await scene.client.get_participants("talk_group", search="bo")
    assert ([user.id for user in members], members.total) == ([scene.bob.id], 2)
    admins = await scene.client.get_participants("talk_group", filter=types.ChannelParticipantsAdmins)
    assert [type(user.participant) for user in admins] == [types.ChannelParticipantCreator]
    # Members of a channel are known to its administrators only.
    with pytest.raises(errors.ChatAdminRequiredError):
        await scene.other.get_participants("news_channel")
    with pytest.raises(errors.ChatAdminRequiredError):
        async for _ in scene.other.iter_participants("news_channel"):
            pass


@covers("client.kick_participant")
@fails("client.kick_participant")
async def test_kicking(scene):
    told = await scene.client.kick_participant("talk_group", "bob_1")
    assert isinstance(told.action, types.MessageActionChatDeleteUser)
    assert [user.first_name for user in await scene.client.get_participants("talk_group")] == ["Ann"]
    # Somebody who was kicked may come back.
    await scene.other(functions.channels.JoinChannelRequest("talk_group"))
    with pytest.raises(errors.ChatAdminRequiredError):
        await scene.other.kick_participant("talk_group", "ann_1")


@covers("client.edit_admin", "client.get_permissions")
@fails("client.edit_admin", "client.get_permissions")
async def test_administrators(scene):
    await scene.client.edit_admin("talk_group", "bob_1", pin_messages=True, title="pins")
    rights = await scene.client.get_permissions("talk_group", "bob_1")
    assert (rights.is_admin, rights.pin_messages, rights.ban_users, rights.is_creator) == (True, True, False, False)
    assert (rights.is_banned, rights.has_left, rights.has_default_permissions) == (False, False, False)
    assert rights.participant.rank == "pins"
    for right in ("add_admins", "invite_users", "delete_messages", "edit_messages", "post_messages", "change_info"):
        assert getattr(rights, right) is False, right
    assert (rights.anonymous, rights.manage_call) == (False, False)
    assert (await scene.client.get_permissions("talk_group", "me")).is_creator
    assert isinstance(await scene.client.get_permissions("talk_group"), types.ChatBannedRights)
    with pytest.raises(errors.ChatAdminRequiredError):
        await scene.other.edit_admin("talk_group", "ann_1", add_admins=False)
    stranger = scene.server.create_user("Eve", username="eve_1")
    await stranger.chat(scene.ann).send("hi")
    with pytest.raises(errors.UserNotParticipantError):
        await scene.client.get_permissions("talk_group", "eve_1")


@covers("client.edit_permissions")
@fails("client.edit_permissions")
async def test_restrictions(scene):
    await scene.client.edit_permissions("talk_group", "bob_1", send_media=False)
    assert (await scene.client.get_permissions("talk_group", "bob_1")).is_banned
    await scene.other.send_message("talk_group", "text is fine")
    with pytest.raises(errors.RPCError):
        await scene.other.send_file("talk_group", b"file")
    await scene.client.edit_permissions("talk_group", send_polls=False)
    assert (await scene.client.get_permissions("talk_group")).send_polls
    with pytest.raises(errors.ChatAdminRequiredError):
        await scene.other.edit_permissions("talk_group", "ann_1", view_messages=False)


@covers("client.iter_admin_log", "client.get_admin_log")
@fails("client.iter_admin_log", "client.get_admin_log")
async def test_log(scene):
    await scene.client(functions.channels.EditTitleRequest("talk_group", "Chatter"))
    await scene.client.edit_permissions("talk_group", "bob_1", view_messages=False)
    await scene.client.edit_permissions("talk_group", "bob_1")
    everything = [event async for event in scene.client.iter_admin_log("talk_group")]
    assert len(everything) == 3
    for flag, count in (("info", 1), ("ban", 1), ("unban", 1), ("restrict", 0), ("promote", 0), ("join", 0)):
        assert len(await scene.client.get_admin_log("talk_group", **{flag: True})) == count, flag
    assert [event.old for event in await scene.client.get_admin_log("talk_group", search="bob", ban=True)]
    assert not await scene.client.get_admin_log("talk_group", admins=["bob_1"])
    newest = everything[0].id
    assert len(await scene.client.get_admin_log("talk_group", max_id=newest)) == 2
    assert not await scene.client.get_admin_log("talk_group", min_id=newest)
    with pytest.raises(errors.ChatAdminRequiredError):
        await scene.other.get_admin_log("news_channel")
    with pytest.raises(errors.ChatAdminRequiredError):
        await scene.other.iter_admin_log("news_channel").__anext__()


@covers("client.iter_profile_photos", "client.get_profile_photos", "GetUserPhotosRequest")
@fails("client.iter_profile_photos", "client.get_profile_photos")
async def test_profile_photos(scene, picture):
    for number in range(3):
        file = await scene.client.upload_file(picture(f"{number}.png", 100 + number))
        await scene.client(functions.photos.UploadProfilePhotoRequest(file=file))
    photos = await scene.other.get_profile_photos("ann_1")
    assert (len(photos), photos.total) == (3, 3)
    assert [photo.id async for photo in scene.other.iter_profile_photos("ann_1", limit=2)] == [
        photo.id for photo in photos[:2]
    ]
    raw = await scene.other(functions.photos.GetUserPhotosRequest("ann_1", offset=1, max_id=0, limit=10))
    assert [photo.id for photo in raw.photos] == [photo.id for photo in photos[1:]]
    file = await scene.client.upload_file(picture())
    await scene.client(functions.channels.EditPhotoRequest("talk_group", types.InputChatUploadedPhoto(file=file)))
    assert (await scene.other.get_profile_photos("talk_group")).total == 1
    with pytest.raises(ValueError, match="nobody"):
        await scene.other.get_profile_photos("nobody_here")
    with pytest.raises(ValueError, match="nobody"):
        async for _ in scene.other.iter_profile_photos("nobody_here"):
            pass


@covers("client.get_stats")
@fails("client.get_stats")
async def test_statistics(scene):
    assert isinstance(await scene.client.get_stats("news_channel"), types.stats.BroadcastStats)
    assert isinstance(await scene.client.get_stats("talk_group"), types.stats.MegagroupStats)
    post = await scene.client.send_message("news_channel", "news")
    assert isinstance(await scene.client.get_stats("news_channel", post), types.stats.MessageStats)
    with pytest.raises(errors.ChatAdminRequiredError):
        await scene.other.get_stats("news_channel")


@covers("client.action")
@fails("client.action")
async def test_actions(scene, kept, eventually):
    from telethon import events

    heard = []
    scene.other.add_event_handler(kept(heard), events.UserUpdate)
    async with scene.client.action("bob_1", "document") as action:
        action.progress(1, 2)
        await eventually(lambda: any(event.uploading for event in heard))
    await eventually(lambda: any(event.cancel for event in heard))
    await scene.client.action("bob_1", "cancel")
    with pytest.raises(ValueError, match="dancing"):
        scene.client.action("bob_1", "dancing")


@covers("helpers.TotalList")
async def test_a_list_with_a_total_says_so(scene):
    for number in range(3):
        await scene.client.send_message("me", f"number {number}")
    some = await scene.client.get_messages("me", limit=2)
    assert (len(some), some.total) == (2, 3)
    from telethon import helpers

    made = helpers.TotalList([1, 2])
    made.total = 9
    assert str(made) == "[1, 2, total=9]"
    assert repr(made) == "[1, 2, total=9]"


async def test_iterators_collect_count_and_turn_round(scene):
    for number in range(5):
        await scene.client.send_message("me", f"number {number}")
    made = scene.client.iter_messages("me", limit=3)
    assert [message.raw_text for message in await made.collect()] == ["number 4", "number 3", "number 2"]
    assert made.total == 5
    backwards = [message.raw_text async for message in reversed(scene.client.iter_messages("me"))]
    assert backwards == [f"number {number}" for number in range(5)]
    # A second walk begins again.
    assert len([message async for message in made]) == 3
    await asyncio.sleep(0)
