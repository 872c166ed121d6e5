"""Updates inside of answers."""

from __future__ import annotations

from typing import Any

import pytest

from telethon.network._ownupdates import is_update, own_update
from telethon.tl import functions, types

CHANNEL = types.InputChannel(5, 6)
UPDATES = types.Updates([], [], [], None, 0)


@pytest.mark.parametrize(
    "update",
    [
        UPDATES,
        types.UpdateShort(types.UpdateConfig(), None),
        types.UpdatesTooLong(),
        types.UpdateShortSentMessage(1, 2, 3, None),
        types.UpdatesCombined([], [], [], None, 0, 0),
    ],
)
def test_updates_are_known(update):
    assert is_update(update)
    found = own_update(update, None)
    assert found is update
    assert found._self_outgoing


@pytest.mark.parametrize("value", [True, 5, [], None, b"", types.User(1), types.UpdateConfig()])
def test_other_answers_have_none(value):
    assert not is_update(value)
    assert own_update(value, None) is None


@pytest.mark.parametrize(
    "result",
    [
        types.messages.InvitedUsers(UPDATES, []),
        types.payments.PaymentResult(UPDATES),
    ],
)
def test_updates_within_an_answer(result):
    assert own_update(result, None) is UPDATES


@pytest.mark.parametrize(
    "result",
    [
        types.messages.AffectedMessages(5, 2),
        types.messages.AffectedHistory(5, 2, 0),
        types.messages.AffectedFoundMessages(5, 2, 0, [1]),
    ],
)
@pytest.mark.parametrize(
    ("request_", "channel_id"),
    [
        (functions.messages.DeleteMessagesRequest([1]), None),
        (functions.messages.ReadHistoryRequest(types.InputPeerUser(1, 2), 5), None),
        (functions.channels.DeleteMessagesRequest(CHANNEL, [1]), 5),
        (functions.messages.ReadMentionsRequest(types.InputPeerChannel(5, 6)), 5),
        (functions.InvokeWithoutUpdatesRequest(functions.channels.DeleteMessagesRequest(CHANNEL, [1])), 5),
    ],
)
def test_moved_counts_become_updates(result, request_, channel_id):
    found: Any = own_update(result, request_)
    assert found._self_outgoing
    assert (found.update.pts, found.update.pts_count, found.update.messages) == (5, 2, [])
    if channel_id is None:
        assert isinstance(found.update, types.UpdateDeleteMessages)
    else:
        assert isinstance(found.update, types.UpdateDeleteChannelMessages)
        assert found.update.channel_id == channel_id
