"""What people are doing."""

from __future__ import annotations

from telethon import events
from telethon.tl import types


async def test_who(build, client):
    event = build(events.UserUpdate, "status online")
    assert (await event.get_user()).id == 50
    assert await event.get_input_user() == types.InputPeerUser(50, 500)
    assert client.calls == []


async def test_who_writes_as_a_channel(build):
    event = build(events.UserUpdate, "typing in channel")
    assert event.user_id == -1000000000008
    assert event.user.title == "news"


def test_questions_about_something_else_have_no_answer(build):
    online, typing = build(events.UserUpdate, "status online"), build(events.UserUpdate, "typing in group")
    assert (online.typing, online.uploading, online.photo) == (None, None, None)
    assert (typing.online, typing.recently, typing.last_seen, typing.until) == (None, None, None, None)
    assert (typing.typing, typing.photo) == (True, False)
