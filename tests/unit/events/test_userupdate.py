"""What people are doing."""

from __future__ import annotations

import datetime

import pytest

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


async def test_answering_who_writes(build, client):
    assert await build(events.UserUpdate, "typing in group").respond("hi", silent=True) == "send_message"
    assert [(name, args[1:], kwargs) for name, args, kwargs in client.calls if name == "send_message"] == [
        ("send_message", ("hi",), {"silent": True})
    ]


def test_questions_about_something_else_have_no_answer(build):
    online, typing = build(events.UserUpdate, "status online"), build(events.UserUpdate, "typing in group")
    assert (online.typing, online.uploading, online.photo) == (None, None, None)
    assert (typing.online, typing.recently, typing.last_seen, typing.until) == (None, None, None, None)
    assert (typing.typing, typing.photo) == (True, False)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (-1, (True, True, True, True)),
        (1, (False, True, True, True)),
        (25, (False, False, True, True)),
        (24 * 7 + 1, (False, False, False, True)),
        (24 * 30 + 1, (False, False, False, False)),
    ],
)
def test_when_somebody_was_online_is_told_by_the_time_where_it_is_known(build, hours, expected):
    seen = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=hours)
    event = build(events.UserUpdate, types.UpdateUserStatus(50, types.UserStatusOffline(seen)))
    assert (event.online, event.recently, event.within_weeks, event.within_months) == expected
    assert event.last_seen == seen
