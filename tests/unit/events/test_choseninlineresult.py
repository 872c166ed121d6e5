"""Inline results that were chosen."""

from __future__ import annotations

import pytest

from telethon import events
from telethon.tl import types

PLACE = types.InputBotInlineMessageID64(2, 60, 5, 9)


async def test_with_buttons(build, client):
    update = types.UpdateBotInlineSend(50, "tea", "r1", msg_id=PLACE)
    event = build(events.ChosenInlineResult, update)
    assert (event.user_id, event.text, event.result_id, event.geo, event.message_id) == (50, "tea", "r1", None, PLACE)
    assert (event.user.first_name, event.chat_id) == ("Bob", 50)
    await event.edit("changed")
    assert client.calls == [("edit_message", (PLACE, "changed"), {})]


async def test_without_buttons(build, client):
    event = build(events.ChosenInlineResult, types.UpdateBotInlineSend(50, "tea", "r1"))
    with pytest.raises(ValueError, match="with buttons"):
        await event.edit("changed")
    assert client.calls == []


@pytest.mark.parametrize(
    ("users", "blacklist", "wanted"), [({50}, False, True), ({50}, True, False), (None, False, True)]
)
def test_chosen_users(build, users, blacklist, wanted):
    builder = events.ChosenInlineResult(users, blacklist_users=blacklist)
    builder.resolved = True
    assert bool(builder.filter(build(events.ChosenInlineResult, types.UpdateBotInlineSend(50, "", "r")))) == wanted
    assert events.ChosenInlineResult.build(types.UpdateChannel(7)) is None
