"""Drafts. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from fakeclient import ALICE, CHANNEL, INPUT_CHANNEL, INPUT_USER, NOW, USER, FakeClient

from telethon.tl import types
from telethon.tl.custom.draft import Draft

FULL = types.DraftMessage(
    "hi x",
    date=NOW,
    no_webpage=True,
    entities=[types.MessageEntityBold(0, 4)],
    reply_to=types.InputReplyToMessage(4),
)


def test_full_draft() -> None:
    found = Draft(FakeClient(), USER, FULL)
    assert (found.text, found.raw_text, found.is_empty) == ("*hi x", "hi x", False)
    assert (found.date, found.link_preview, found.reply_to_msg_id) == (NOW, False, 4)
    assert (found.entity, found.input_entity) == (USER, INPUT_USER)


def test_text_is_in_the_mode_of_the_client() -> None:
    """On Telethon it is always Markdown, also when `send` reads it as something else."""
    client = FakeClient()
    client.parse_mode = None
    assert Draft(client, USER, FULL).text == "hi x"


@pytest.mark.parametrize("empty", [None, types.DraftMessageEmpty(), types.DraftMessageEmpty(NOW)])
def test_empty_draft(empty: Any) -> None:
    found = Draft(FakeClient(), USER, empty)
    assert (found.text, found.raw_text, found.is_empty) == ("", "", True)
    assert (found.date, found.link_preview, found.reply_to_msg_id) == (None, True, None)


def test_reply_to_a_story() -> None:
    draft = types.DraftMessage("x", date=NOW, reply_to=types.InputReplyToStory(types.InputPeerSelf(), 3))
    assert Draft(FakeClient(), USER, draft).reply_to_msg_id is None


async def test_chat_that_is_known_by_its_peer_only() -> None:
    """On Telethon there must be an entity."""
    client = FakeClient(get_entity="entity")
    found = Draft(client, types.PeerChannel(CHANNEL), FULL)
    assert (found.entity, found.input_entity) == (None, None)
    assert await found.get_entity() is None
    assert client.calls == []
    client._mb_entity_cache.extend([], [types.Channel(CHANNEL, "t", None, None, access_hash=77)])  # type: ignore[arg-type]
    assert await found.get_input_entity() == INPUT_CHANNEL
    assert await found.get_entity() == "entity"
    assert client.calls == [("get_entity", (INPUT_CHANNEL,), {})]


async def test_chat_that_cannot_be_found() -> None:
    client = FakeClient(get_entity=ValueError("gone"))
    client._mb_entity_cache.extend([USER], [])
    assert await Draft(client, types.PeerUser(ALICE), FULL).get_entity() is None


async def saved(draft: Draft, **kwargs: Any) -> tuple[Any, ...]:
    """What is saved: text, whether there is no preview, and the message replied to."""
    client: Any = draft._client
    assert await draft.set_message(**kwargs) is True
    request = client.calls[-1][1]
    assert request.peer == INPUT_USER
    assert request.reply_to is None or isinstance(request.reply_to, types.InputReplyToMessage)
    return request.message, request.no_webpage, request.reply_to and request.reply_to.reply_to_msg_id


async def test_changing_a_draft() -> None:
    client = FakeClient(SaveDraft=True)
    found = Draft(client, USER, FULL)
    before = datetime.now(timezone.utc)
    assert await saved(found, text="new", reply_to=9) == ("new", True, 9)
    assert (found.text, found.raw_text, found.reply_to_msg_id, found.link_preview) == ("new", "new", 9, False)
    assert found.date is not None
    assert found.date >= before
    assert await saved(found, text="*bold", link_preview=True) == ("bold", False, 9)
    assert client.calls[-1][1].entities == [types.MessageEntityBold(0, 4)]
    assert (found.text, found.raw_text, found.link_preview) == ("*bold", "bold", True)
    assert await saved(found, reply_to=None) == ("bold", False, None)
    assert found.reply_to_msg_id is None
    await saved(found, text="x", parse_mode="html")
    assert client.calls[-2] == ("_parse_message_text", ("x", "html"), {})


async def test_draft_that_is_not_saved_does_not_change() -> None:
    found = Draft(FakeClient(SaveDraft=False), USER, FULL)
    assert await found.set_message("new", reply_to=1, link_preview=True) is False
    assert (found.text, found.date, found.reply_to_msg_id, found.link_preview) == ("*hi x", NOW, 4, False)


async def test_deleting() -> None:
    client = FakeClient(SaveDraft=True)
    found = Draft(client, USER, FULL)
    assert await found.delete() is True
    assert client.calls[-1][1].message == ""
    assert found.is_empty


async def test_sending() -> None:
    client = FakeClient()
    await Draft(client, USER, FULL).send()
    await Draft(client, types.PeerChannel(CHANNEL), None).send(clear=False, parse_mode="html")
    assert client.calls == [
        (
            "send_message",
            (INPUT_USER, "*hi x"),
            {"reply_to": 4, "link_preview": False, "parse_mode": (), "clear_draft": True},
        ),
        (
            "send_message",
            (types.PeerChannel(CHANNEL), ""),
            {"reply_to": None, "link_preview": True, "parse_mode": "html", "clear_draft": False},
        ),
    ]


def test_as_text() -> None:
    found = Draft(FakeClient(), USER, FULL)
    assert found.to_dict() == {
        "_": "Draft",
        "text": "*hi x",
        "entity": USER,
        "date": NOW,
        "link_preview": False,
        "reply_to_msg_id": 4,
    }
    assert str(found).startswith("Draft(text='*hi x', entity=User(id=5, ")
    assert found.stringify().startswith("Draft(\n\ttext='*hi x',\n\tentity=User(\n\t\tid=5,")
