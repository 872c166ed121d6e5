"""What kind of thing each update is."""

from __future__ import annotations

import inspect

import pytest
from updates_model import DATE, message

from telethon._updates.adaptor import Shape, made_updates, shape_of
from telethon.tl import types

MESSAGE = message(1)


@pytest.mark.parametrize(
    ("update", "shape"),
    [
        (types.UpdateNewMessage(MESSAGE, 1, 1), Shape.ACCOUNT),
        (types.UpdateEditMessage(MESSAGE, 1, 1), Shape.ACCOUNT),
        (types.UpdateDeleteMessages([], 1, 1), Shape.ACCOUNT),
        (types.UpdateReadHistoryInbox(types.PeerUser(1), 1, 0, 1, 1), Shape.ACCOUNT),
        (types.UpdateReadHistoryOutbox(types.PeerUser(1), 1, 1, 1), Shape.ACCOUNT),
        (types.UpdateReadMessagesContents([], 1, 1), Shape.ACCOUNT),
        (types.UpdateWebPage(types.WebPageEmpty(1), 1, 1), Shape.ACCOUNT),
        (types.UpdateFolderPeers([], 1, 1), Shape.ACCOUNT),
        (types.UpdatePinnedMessages(types.PeerUser(1), [], 1, 1), Shape.ACCOUNT),
        (types.UpdateShortMessage(1, 1, "", 1, 1, DATE), Shape.ACCOUNT),
        (types.UpdateShortChatMessage(1, 1, 1, "", 1, 1, DATE), Shape.ACCOUNT),
        (types.UpdateShortSentMessage(1, 1, 1, DATE), Shape.ACCOUNT),
        (types.UpdateNewEncryptedMessage(types.EncryptedMessageService(1, 1, DATE, b""), 1), Shape.SECRET),
        (types.UpdateBotStopped(1, DATE, True, 1), Shape.SECRET),
        (types.UpdateChannelParticipant(1, DATE, 1, 1, 1), Shape.SECRET),
        (types.UpdateNewChannelMessage(MESSAGE, 1, 1), Shape.CHANNEL_MESSAGE),
        (types.UpdateEditChannelMessage(MESSAGE, 1, 1), Shape.CHANNEL_MESSAGE),
        (types.UpdateDeleteChannelMessages(1, [], 1, 1), Shape.CHANNEL),
        (types.UpdateChannelWebPage(1, types.WebPageEmpty(1), 1, 1), Shape.CHANNEL),
        (types.UpdatePinnedChannelMessages(1, [], 1, 1), Shape.CHANNEL),
        (types.UpdateReadChannelInbox(1, 1, 0, 1), Shape.CHANNEL_HINT),
        (types.UpdateChannelTooLong(1, 1), Shape.CHANNEL_TOO_LONG),
        (types.UpdateReadChannelOutbox(1, 1), Shape.PLAIN),
        (types.UpdateUserStatus(1, types.UserStatusEmpty()), Shape.PLAIN),
        (types.UpdateNewScheduledMessage(MESSAGE), Shape.PLAIN),
        (types.UpdateConfig(), Shape.PLAIN),
        (types.UpdateShort(types.UpdateConfig(), DATE), Shape.SHORT),
        (types.Updates([], [], [], DATE, 0), Shape.MANY),
        (types.UpdatesCombined([], [], [], DATE, 0, 0), Shape.COMBINED),
        (types.UpdatesTooLong(), Shape.TOO_LONG),
    ],
)
def test_shapes(update, shape):
    assert shape_of(update) == shape
    assert shape_of(update) == shape


def test_every_update_of_the_layer_has_the_shape_that_its_counts_say():
    import telethon.tl.types as all_types

    for name in dir(all_types):
        cls = getattr(all_types, name)
        if getattr(cls, "SUBCLASS_OF_ID", None) != types.UpdateConfig.SUBCLASS_OF_ID:
            continue
        fields = dict.fromkeys(name for name in inspect.signature(cls).parameters)
        shape = shape_of(cls(**fields))
        if "pts_count" in fields:
            assert shape in (Shape.ACCOUNT, Shape.CHANNEL, Shape.CHANNEL_MESSAGE), name
        elif "qts" in fields:
            assert shape == Shape.SECRET, name
        elif "pts" in fields:
            assert shape in (Shape.CHANNEL_HINT, Shape.CHANNEL_TOO_LONG), name
        else:
            assert shape == Shape.PLAIN, name


def test_classes_of_programs_count_as_what_they_are_named():
    class UpdatesTooLong(types.UpdatesTooLong):
        pass

    assert shape_of(UpdatesTooLong()) == Shape.TOO_LONG


def test_differences_become_updates_in_order():
    secret = types.EncryptedMessageService(1, 1, DATE, b"")
    others = [types.UpdateConfig(), types.UpdateMessageID(5, 6), types.UpdateDeleteMessages([1], 5, 1)]
    entities = {1: types.User(1)}
    answer = types.updates.Difference(
        [MESSAGE, message(2, 7), types.MessageEmpty(id=3, peer_id=None)],
        [secret],
        others,
        [],
        [],
        types.updates.State(1, 1, DATE, 1, 0),
    )
    made = made_updates(answer, entities)
    assert made == [
        types.UpdateMessageID(5, 6),
        types.UpdateNewMessage(MESSAGE, 0, 0),
        types.UpdateNewChannelMessage(message(2, 7), 0, 0),
        types.UpdateNewMessage(types.MessageEmpty(id=3, peer_id=None), 0, 0),
        types.UpdateNewEncryptedMessage(secret, 0),
        types.UpdateConfig(),
        types.UpdateDeleteMessages([1], 5, 1),
    ]
    assert all(update._entities is entities for update in made)


def test_differences_of_channels_have_no_secret_messages():
    answer = types.updates.ChannelDifference(5, [message(2, 7)], [], [], [], final=True)
    assert made_updates(answer, {}) == [types.UpdateNewChannelMessage(message(2, 7), 0, 0)]
