"""The list of chats, drafts, folders."""

from __future__ import annotations

import pytest
from reference import covers, fails, of

from telethon import errors, types


@covers("client.iter_dialogs", "client.get_dialogs", "Dialog", *of("Dialog", "archive send_message delete"))
@fails("client.iter_dialogs", "client.get_dialogs")
async def test_dialogs(scene):
    dialogs = await scene.client.get_dialogs()
    assert {dialog.name for dialog in dialogs} == {"Bob", "Talk", "News"}
    assert dialogs.total == 3
    mine = {dialog.name: dialog async for dialog in scene.client.iter_dialogs()}
    bob, talk, news = mine["Bob"], mine["Talk"], mine["News"]
    assert (bob.is_user, bob.is_group, bob.is_channel, bob.unread_count) == (True, False, False, 1)
    assert (talk.is_user, talk.is_group, talk.is_channel) == (False, True, True)
    assert (news.is_user, news.is_group, news.is_channel) == (False, False, True)
    assert (bob.id, bob.title, bob.entity.username, bob.message.raw_text) == (
        scene.bob.id,
        "Bob",
        "bob_1",
        "we know each other",
    )
    assert (bob.pinned, bob.archived, bob.folder_id, bob.unread_mentions_count) == (False, False, None, 0)
    assert bob.date == bob.message.date
    assert (await bob.send_message("hello")).raw_text == "hello"
    await bob.archive()
    assert [one.name for one in await scene.client.get_dialogs(archived=True)] == ["Bob"]
    assert {one.name for one in await scene.client.get_dialogs(folder=0)} == {"Talk", "News"}
    await bob.archive(0)
    assert not await scene.client.get_dialogs(archived=True)
    await bob.delete()
    assert {one.name for one in await scene.client.get_dialogs()} == {"Talk", "News"}
    assert len(await scene.client.get_dialogs(limit=1)) == 1
    assert not await scene.client.get_dialogs(ignore_migrated=True, limit=0)
    # Bots have no list of chats.
    bot = await scene.clients(scene.server.create_bot())
    with pytest.raises(errors.BotMethodInvalidError):
        await bot.get_dialogs()
    with pytest.raises(errors.BotMethodInvalidError):
        async for _ in bot.iter_dialogs():
            pass


@covers("client.edit_folder")
@fails("client.edit_folder")
async def test_folders(scene):
    await scene.client.edit_folder(["talk_group", "news_channel"], 1)
    assert {one.name for one in await scene.client.get_dialogs(folder=1)} == {"Talk", "News"}
    await scene.client.edit_folder(["talk_group", "news_channel"], [0, 1])
    assert [one.name for one in await scene.client.get_dialogs(folder=1)] == ["News"]
    with pytest.raises(errors.FolderIdInvalidError):
        await scene.client.edit_folder("talk_group", 7)
    with pytest.raises(ValueError, match="folder"):
        await scene.client.edit_folder("talk_group")


@covers("client.iter_drafts", "client.get_drafts", "Draft")
@covers(*of("Draft", "text raw_text is_empty entity input_entity get_entity get_input_entity set_message send delete"))
@fails("client.iter_drafts", "client.get_drafts")
async def test_drafts(scene):
    empty = await scene.client.get_drafts("bob_1")
    assert empty.is_empty
    assert await empty.set_message("half **a**", parse_mode="md")
    drafts = await scene.client.get_drafts()
    assert [draft.raw_text async for draft in scene.client.iter_drafts()] == ["half a"]
    draft = drafts[0]
    assert (draft.raw_text, draft.text, draft.is_empty, draft.link_preview) == ("half a", "half **a**", False, True)
    assert draft.date is not None
    assert draft.reply_to_msg_id is None
    assert (await draft.get_entity()).id == scene.bob.id
    assert draft.entity.id == scene.bob.id
    assert (await draft.get_input_entity()).user_id == scene.bob.id
    assert draft.input_entity.user_id == scene.bob.id
    await draft.send()
    assert scene.bob.chat(scene.ann).last().text == "half a"
    assert not (await scene.client.get_drafts()).total
    await draft.set_message("another")
    assert (await scene.client.get_drafts("bob_1")).raw_text == "another"
    await draft.delete()
    assert draft.is_empty
    assert [one for one in await scene.client.get_drafts() if not one.is_empty] == []
    with pytest.raises(ValueError, match="nobody"):
        await scene.client.get_drafts("nobody_here")
    with pytest.raises(ValueError, match="nobody"):
        async for _ in scene.client.iter_drafts("nobody_here"):
            pass


@covers("client.delete_dialog")
@fails("client.delete_dialog")
async def test_deleting(scene):
    await scene.client.send_message("bob_1", "for both")
    assert await scene.client.delete_dialog("bob_1", revoke=True) is None
    assert scene.bob.chat(scene.ann).messages() == []
    await scene.other.delete_dialog("talk_group")
    assert scene.bob.id not in scene.group.present()
    group = scene.server.create_group("Small", scene.ann, [scene.bob])
    assert isinstance(await scene.other.delete_dialog(group.peer), (types.Updates, type(None)))
    assert group.present() == [scene.ann.id]
    with pytest.raises(ValueError, match="nobody"):
        await scene.client.delete_dialog("nobody_here")
