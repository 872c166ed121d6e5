"""Stories and drafts."""

from __future__ import annotations

from typing import Any

import event_cases

from telethon import events
from telethon.extensions import markdown
from telethon.tl import functions, types

DATE, BOB = event_cases.DATE, types.InputPeerUser(50, 500)


def item(**fields: Any) -> types.StoryItem:
    return types.StoryItem(3, DATE, DATE, types.MessageMediaPhoto(), **fields)


def of(build: Any, story: Any) -> Any:
    return build(events.Story, types.UpdateStory(types.PeerUser(50), story))


async def test_a_story(build, client):
    event = of(build, item(caption="bold", entities=[types.MessageEntityBold(0, 4)], edited=True))
    client.parse_mode = markdown
    assert (event.story_id, event.raw_text, event.text, event.edited) == (3, "bold", "**bold**", True)
    assert (event.date, event.expires, event.deleted, event.is_complete) == (DATE, DATE, False, True)
    assert (event.chat_id, event.sender_id, event.sender.first_name) == (50, 50, "Bob")
    assert await event.get_story() is event.story
    await event.download_media("folder/")
    assert client.calls == [("download_media", (event.media, "folder/"), {})]
    await event.mark_read()
    await event.react("👍")
    await event.react(None)
    react = functions.stories.SendReactionRequest
    assert client.requests == [
        functions.stories.ReadStoriesRequest(BOB, 3),
        react(BOB, 3, types.ReactionEmoji("👍")),
        react(BOB, 3, types.ReactionEmpty()),
    ]


async def test_a_story_that_is_told_in_part(build, client):
    event = of(build, types.StoryItemSkipped(3, DATE, DATE))
    assert (event.is_complete, event.media, event.raw_text, event.text, event.date) == (False, None, "", "", DATE)
    whole = item(caption="all of it")
    client.gives["request"] = types.stories.Stories(1, [whole], [], [])
    assert await event.get_story() is whole
    assert client.requests == [functions.stories.GetStoriesByIDRequest(BOB, [3])]
    assert event.raw_text == "all of it"
    gone = of(build, item(min=True))
    client.gives["request"] = types.stories.Stories(0, [], [], [])
    assert await gone.get_story() is None
    assert gone.deleted


async def test_a_story_that_was_deleted(build, client):
    event = of(build, types.StoryItemDeleted(3))
    assert (event.deleted, event.expires, await event.get_story()) == (True, None, None)
    assert await event.download_media() is None
    assert client.requests == []


def test_a_draft(build, client):
    client.parse_mode = markdown
    draft = types.DraftMessage("bold", DATE, entities=[types.MessageEntityBold(0, 4)])
    event = build(events.DraftUpdate, types.UpdateDraftMessage(types.PeerUser(50), draft, top_msg_id=2))
    assert (event.text, event.raw_text, event.is_empty, event.topic_id) == ("**bold**", "bold", False, 2)
    assert event.draft is event.draft
    assert event.draft.input_entity == BOB
    empty = build(events.DraftUpdate, types.UpdateDraftMessage(types.PeerUser(77), types.DraftMessageEmpty()))
    assert (empty.text, empty.is_empty, empty.chat_id) == ("", True, 77)


def test_other_updates():
    assert events.Story.build(types.UpdateChannel(7)) is events.DraftUpdate.build(types.UpdateChannel(7)) is None
