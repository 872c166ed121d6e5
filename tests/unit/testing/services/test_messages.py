from __future__ import annotations

import pytest
import worldkit

from telethon.testing import RpcFault, tiny_png
from telethon.tl import functions, types


@pytest.fixture
def server():
    return worldkit.make_server()


@pytest.fixture
def ann(server):
    return worldkit.Device(server, server.create_user("Ann", username="ann_1"))


@pytest.fixture
def bob(server):
    return worldkit.Device(server, server.create_user("Bob", username="bob_1"))


@pytest.fixture
def bot(server):
    return worldkit.Device(server, server.create_bot())


def fault(device, request) -> str:
    with pytest.raises(RpcFault) as raised:
        device(request)
    return raised.value.message


_ids = iter(range(1, 1 << 30))


def send(device, other, text, **kwargs):
    return device(functions.messages.SendMessageRequest(device.peer(other), text, random_id=next(_ids), **kwargs))


def number(device, other) -> int:
    """The newest message of a chat."""
    return device.user.chat(other if isinstance(other, int) else other.user).last().id


# -- sending ---------------------------------------------------------------------------------------------------------


def test_a_text_is_answered_in_short_and_pushed_in_full_to_who_does_not_know_the_writer(server, ann, bob):
    assert isinstance(send(ann, bob.user, "hello"), types.UpdateShortSentMessage)
    (pushed,) = bob.pushed
    assert isinstance(pushed, types.Updates)
    assert pushed.users[0].access_hash == server.world.access_hash(bob.user.id, ann.user.id) or len(pushed.users) > 1
    bob.pushed.clear()
    send(ann, bob.user, "again")
    assert isinstance(bob.pushed[0], types.UpdateShortMessage)
    assert bob.pushed[0].message == "again"


def test_other_devices_of_the_writer_hear_of_it_the_writing_one_does_not(server, ann, bob):
    second = worldkit.Device(server, ann.user)
    send(ann, bob.user, "hello")
    assert not ann.pushed
    (update,) = second.updates()
    assert update.message.out


def test_saved_messages_are_told_in_full_and_count_once(ann):
    before = ann.user.account.mailbox.pts
    answer = send(ann, ann.user, "note to self")
    assert isinstance(answer, types.Updates)
    assert isinstance(answer.updates[0], types.UpdateMessageID)
    assert ann.user.account.mailbox.pts == before + 1


@pytest.mark.parametrize(
    ("text", "error"),
    [("", "MESSAGE_EMPTY"), ("  \n", "MESSAGE_EMPTY"), ("x" * 4097, "MESSAGE_TOO_LONG")],
)
def test_texts_that_cannot_be(ann, bob, text, error):
    request = functions.messages.SendMessageRequest(ann.peer(bob.user), text, random_id=1)
    assert fault(ann, request) == error


def test_S8_a_repeated_random_id_is_refused(ann, bob):
    request = functions.messages.SendMessageRequest(ann.peer(bob.user), "hi", random_id=77)
    ann(request)
    with pytest.raises(RpcFault, match="500 RANDOM_ID_DUPLICATE"):
        ann(request)
    assert len(bob.user.chat(ann.user).messages()) == 1


def test_peers_need_the_access_hash_of_the_one_who_asks(server, ann, bob):
    for bad in (0, 1, server.world.access_hash(bob.user.id, bob.user.id)):
        request = functions.messages.SendMessageRequest(types.InputPeerUser(bob.user.id, bad), "hi", random_id=bad)
        assert fault(ann, request) == "PEER_ID_INVALID"
    assert fault(ann, functions.messages.SendMessageRequest(types.InputPeerEmpty(), "hi", random_id=2)) == (
        "PEER_ID_INVALID"
    )
    assert fault(ann, functions.messages.SendMessageRequest(types.InputPeerChat(9), "hi", random_id=3)) == (
        "CHAT_ID_INVALID"
    )


def test_bots_do_not_speak_first_but_may_leave_the_hash_out_afterwards(ann, bot):
    assert fault(bot, functions.messages.SendMessageRequest(bot.peer(ann.user), "hi", random_id=1)) == (
        "PEER_ID_INVALID"
    )
    send(ann, bot.user, "/start")
    bot(functions.messages.SendMessageRequest(types.InputPeerUser(ann.user.id, 0), "hi", random_id=2))
    assert ann.user.chat(bot.user).last().text == "hi"


def test_bots_do_not_talk_to_bots(server, bot):
    other = server.create_bot()
    assert fault(bot, functions.messages.SendMessageRequest(bot.peer(other), "hi", random_id=1)) == "USER_IS_BOT"


def test_who_is_blocked_cannot_write(ann, bob, bot):
    send(ann, bot.user, "/start")
    ann(functions.contacts.BlockRequest(ann.peer(bot.user)))
    with pytest.raises(RpcFault, match="403 USER_IS_BLOCKED"):
        send(bot, ann.user, "hi")
    ann(functions.contacts.UnblockRequest(ann.peer(bot.user)))
    send(bot, ann.user, "hi")


def test_formatting_is_kept_in_utf16_units_trimmed_and_completed(ann, bob):
    text = "  😀 bold #tag @bob_1 /go https://example.com/x. a@b.cc "
    bold = types.MessageEntityBold(5, 4)
    send(ann, bob.user, text, entities=[bold])
    seen = bob.user.chat(ann.user).last()
    assert seen.text == text.strip()
    units = seen.text.encode("utf-16-le")
    found = {
        type(one).__name__: units[one.offset * 2 : (one.offset + one.length) * 2].decode("utf-16-le")
        for one in seen.entities
    }
    assert found == {
        "MessageEntityBold": "bold",
        "MessageEntityHashtag": "#tag",
        "MessageEntityMention": "@bob_1",
        "MessageEntityBotCommand": "/go",
        "MessageEntityUrl": "https://example.com/x",
        "MessageEntityEmail": "a@b.cc",
    }


def test_formatting_beyond_the_text_is_refused(ann, bob):
    entities = [types.MessageEntityBold(0, 10)]
    request = functions.messages.SendMessageRequest(ann.peer(bob.user), "short", random_id=1, entities=entities)
    assert fault(ann, request) == "ENTITY_BOUNDS_INVALID"


def test_replies_are_numbered_for_each_reader(ann, bob):
    send(bob, bob.user, "shifts the numbers of Bob")
    send(ann, bob.user, "question")
    send(bob, ann.user, "answer", reply_to=types.InputReplyToMessage(number(bob, ann)))
    assert ann.user.chat(bob.user).last().raw.reply_to.reply_to_msg_id == 1
    assert bob.user.chat(ann.user).last().raw.reply_to.reply_to_msg_id == 2
    request = functions.messages.SendMessageRequest(
        ann.peer(bob.user), "x", random_id=9, reply_to=types.InputReplyToMessage(99)
    )
    assert fault(ann, request) == "REPLY_MESSAGE_ID_INVALID"


def test_only_bots_have_keyboards_and_their_buttons_are_checked(ann, bob, bot):
    def markup(kind):
        row = types.KeyboardInlineButtonRow([types.KeyboardInlineButton("text", kind)])
        return types.ReplyInlineMarkup([row])

    send(ann, bob.user, "hi", reply_markup=markup(types.InlineButtonTypeCallback(b"x")))
    assert bob.user.chat(ann.user).last().buttons == []
    send(ann, bot.user, "/start")
    for kind, error in (
        (types.InlineButtonTypeCallback(b"x" * 65), "BUTTON_DATA_INVALID"),
        (types.InlineButtonTypeUrl("no address"), "BUTTON_URL_INVALID"),
        (types.InlineButtonTypeCopy(""), "BUTTON_COPY_TEXT_INVALID"),
    ):
        request = functions.messages.SendMessageRequest(
            bot.peer(ann.user), "hi", random_id=next(_ids), reply_markup=markup(kind)
        )
        assert fault(bot, request) == error
    send(bot, ann.user, "hi", reply_markup=markup(types.InlineButtonTypeCallback(b"x" * 64)))
    assert ann.user.chat(bot.user).last().buttons[0][0].data == b"x" * 64


# -- changing and deleting -------------------------------------------------------------------------------------------


def test_edits_reach_both_copies(ann, bob):
    send(ann, bob.user, "before")
    edit = functions.messages.EditMessageRequest(ann.peer(bob.user), number(ann, bob), message="after")
    answer = ann(edit)
    assert isinstance(answer.updates[0], types.UpdateEditMessage)
    seen = bob.user.chat(ann.user).last()
    assert (seen.text, seen.edited) == ("after", True)
    assert fault(ann, edit) == "MESSAGE_NOT_MODIFIED"


def test_what_cannot_be_edited(server, ann, bob):
    send(ann, bob.user, "mine")
    theirs = functions.messages.EditMessageRequest(bob.peer(ann.user), number(bob, ann), message="x")
    with pytest.raises(RpcFault, match="403 MESSAGE_AUTHOR_REQUIRED"):
        bob(theirs)
    request = functions.messages.EditMessageRequest(ann.peer(bob.user), 99, message="x")
    assert fault(ann, request) == "MESSAGE_ID_INVALID"
    empty = functions.messages.EditMessageRequest(ann.peer(bob.user), number(ann, bob), message=" ")
    assert fault(ann, empty) == "MESSAGE_EMPTY"
    server._given_clock.advance(172_801)
    late = functions.messages.EditMessageRequest(ann.peer(bob.user), number(ann, bob), message="x")
    assert fault(ann, late) == "MESSAGE_EDIT_TIME_EXPIRED"


def test_deleting_for_oneself_and_for_everybody(ann, bob):
    send(ann, bob.user, "one")
    send(ann, bob.user, "two")
    ann(functions.messages.DeleteMessagesRequest([1]))
    assert [seen.text for seen in ann.user.chat(bob.user).messages()] == ["two"]
    assert [seen.text for seen in bob.user.chat(ann.user).messages()] == ["one", "two"]
    affected = ann(functions.messages.DeleteMessagesRequest([2, 99], revoke=True))
    assert affected.pts_count == 1
    assert [seen.text for seen in bob.user.chat(ann.user).messages()] == ["one"]


def test_forwards_name_the_first_writer(server, ann, bob):
    cleo = worldkit.Device(server, server.create_user("Cleo"))
    send(ann, bob.user, "original")
    forward = functions.messages.ForwardMessagesRequest
    bob(forward(bob.peer(ann.user), [1], bob.peer(cleo.user), [11]))
    header = cleo.user.chat(bob.user).last().raw.fwd_from
    assert header.from_id == types.PeerUser(ann.user.id)
    cleo(forward(cleo.peer(bob.user), [1], cleo.peer(cleo.user), [12]))
    saved = cleo.user.chat(cleo.user).last().raw
    assert saved.fwd_from.from_id == types.PeerUser(ann.user.id)
    assert (saved.fwd_from.saved_from_peer, saved.out) == (types.PeerUser(bob.user.id), False)
    bob(forward(bob.peer(ann.user), [1], bob.peer(cleo.user), [13], drop_author=True))
    assert cleo.user.chat(bob.user).last().raw.fwd_from is None
    assert fault(bob, forward(bob.peer(ann.user), [99], bob.peer(cleo.user), [14])) == "MESSAGE_ID_INVALID"


def test_protected_messages_are_not_forwarded(ann, bob):
    send(ann, bob.user, "secret", noforwards=True)
    request = functions.messages.ForwardMessagesRequest(bob.peer(ann.user), [1], bob.peer(bob.user), [1])
    assert fault(bob, request) == "CHAT_FORWARDS_RESTRICTED"


def test_albums_are_made_of_stored_media(server, ann, bob):
    photo = server.world.files.add_photo(tiny_png(), 2)
    media = types.InputMediaPhoto(types.InputPhoto(photo.id, photo.access_hash, server.world.files.reference(photo.id)))
    album = [types.InputSingleMedia(media, f"caption {place}", random_id=place) for place in range(3)]
    answer = ann(functions.messages.SendMultiMediaRequest(ann.peer(bob.user), album))
    arrived = [update.message for update in answer.updates if isinstance(update, types.UpdateNewMessage)]
    assert len({message.grouped_id for message in arrived}) == 1
    assert [message.message for message in arrived] == ["caption 0", "caption 1", "caption 2"]
    raw = types.InputMediaUploadedPhoto(types.InputFile(1, 1, "x", ""))
    request = functions.messages.SendMultiMediaRequest(
        ann.peer(bob.user), [types.InputSingleMedia(raw, "", random_id=9)]
    )
    assert fault(ann, request) == "MEDIA_INVALID"


# -- later, typing, pins ---------------------------------------------------------------------------------------------


def test_scheduled_messages_wait_and_are_sent(server, ann, bob):
    now = server.world.now()
    answer = send(ann, bob.user, "later", schedule_date=now + 100)
    assert any(isinstance(update, types.UpdateNewScheduledMessage) for update in answer.updates)
    listed = ann(functions.messages.GetScheduledHistoryRequest(ann.peer(bob.user), 0))
    assert [message.message for message in listed.messages] == ["later"]
    assert bob.user.chat(ann.user).messages() == []
    server._given_clock.advance(101)
    server.deliver_scheduled()
    assert bob.user.chat(ann.user).last().text == "later"
    assert any(isinstance(update, types.UpdateDeleteScheduledMessages) for update in ann.updates())
    send(ann, bob.user, "never", schedule_date=now + 500)
    ann(functions.messages.DeleteScheduledMessagesRequest(ann.peer(bob.user), [1]))
    server._given_clock.advance(1000)
    server.deliver_scheduled()
    assert bob.user.chat(ann.user).last().text == "later"
    with pytest.raises(RpcFault, match="SCHEDULE_DATE_TOO_LATE"):
        send(ann, bob.user, "x", schedule_date=now + 400 * 86_400)


def test_typing_is_told_to_the_others_only(server, ann, bob):
    ann(functions.messages.SetTypingRequest(ann.peer(bob.user), types.SendMessageTypingAction()))
    (update,) = bob.updates()
    assert update.user_id == ann.user.id
    assert not ann.pushed
    group = server.create_group("Group", ann.user, [bob.user])
    bob.updates()
    ann(functions.messages.SetTypingRequest(ann.peer(group), types.SendMessageTypingAction()))
    (update,) = bob.updates()
    assert isinstance(update, types.UpdateChatUserTyping)


def test_pins_are_told_and_leave_a_service_message(ann, bob):
    send(ann, bob.user, "important")
    ann(functions.messages.UpdatePinnedMessageRequest(ann.peer(bob.user), 1))
    assert [seen.raw.action for seen in bob.user.chat(ann.user).messages()[1:]] == [types.MessageActionPinMessage()]
    assert bob.user.chat(ann.user).messages()[0].raw.pinned
    request = functions.messages.UpdatePinnedMessageRequest(ann.peer(bob.user), 1)
    assert fault(ann, request) == "CHAT_NOT_MODIFIED"
    assert ann(functions.messages.UnpinAllMessagesRequest(ann.peer(bob.user))).pts_count == 1
    assert not bob.user.chat(ann.user).messages()[0].raw.pinned


def test_drafts_are_told_to_other_devices_and_counted_by_seq(server, ann, bob):
    second = worldkit.Device(server, ann.user)
    ann(functions.messages.SaveDraftRequest(ann.peer(bob.user), "half a"))
    (told,) = second.pushed
    assert told.seq == second.auth.data["seq"] == 1
    assert told.updates[0].draft.message == "half a"
    assert not ann.pushed
    assert ann.auth.data["seq"] == 0
    missed = second(functions.updates.GetDifferenceRequest(second.user.account.mailbox.pts, told.date, 0))
    assert [type(update) for update in missed.other_updates] == [types.UpdateDraftMessage]
    assert missed.state.seq == 1
    drafts = ann(functions.messages.GetAllDraftsRequest())
    assert drafts.updates[0].draft.message == "half a"
    send(ann, bob.user, "half a message", clear_draft=True)
    assert ann.user.account.mailbox.dialogs[bob.user.id].draft is None
