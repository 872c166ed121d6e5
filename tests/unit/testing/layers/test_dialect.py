from __future__ import annotations

from datetime import datetime, timezone
from struct import pack, unpack_from
from typing import Any

import pytest
import rawclient
from hypothesis import given
from hypothesis import strategies as st

from telethon.errors.common import TLDecodeError, TypeNotFoundError
from telethon.testing.layers.dialect import Dialect, dialect_of
from telethon.tl import functions, types
from telethon.tl._codec import MAX_DEPTH
from telethon.tl.tlobject import TLObject

DATE = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
PEER = types.PeerUser(5)
OLD = pytest.mark.parametrize("layer", [198, 227])


def text(value: bytes) -> bytes:
    assert len(value) < 254
    data = bytes([len(value)]) + value
    return data + bytes(-len(data) % 4)


def vector(*items: bytes) -> bytes:
    return pack("<Ii", 0x1CB5C415, len(items)) + b"".join(items)


def user(**more: Any) -> types.User:
    return types.User(7, is_self=True, access_hash=8, first_name="Ann", usernames=[types.Username("ann")], **more)


def message(**more: Any) -> types.Message:
    return types.Message(id=3, peer_id=PEER, date=DATE, message="hi", **more)


def read(layer: int, body: bytes) -> bytes:
    """What a client of that layer has asked, in the words of the current one."""
    request, left = Dialect(layer).read(body)
    assert left == 0
    return bytes(request)


# -- which layers ----------------------------------------------------------------------------------------------------


def test_only_clients_of_older_layers_have_a_dialect():
    assert dialect_of(0) is None
    assert dialect_of(228) is None
    assert dialect_of(229) is None
    assert dialect_of(227) is dialect_of(227)


def test_a_layer_between_gets_the_next_form_that_is_known():
    raw = user()
    assert unpack_from("<I", Dialect(150).encode(raw, b""))[0] == 0x8F97C628
    assert unpack_from("<I", Dialect(158).encode(raw, b""))[0] == 0x8F97C628
    assert unpack_from("<I", Dialect(198).encode(raw, b""))[0] == 0x4B46C37E
    assert unpack_from("<I", Dialect(199).encode(raw, b""))[0] == 0x020B1422
    assert unpack_from("<I", Dialect(204).encode(raw, b""))[0] == 0x020B1422
    assert unpack_from("<I", Dialect(227).encode(raw, b""))[0] == 0x31774388


# -- writing ---------------------------------------------------------------------------------------------------------


@OLD
def test_a_user_byte_by_byte(layer):
    # flags: self is bit 10, access_hash 0, first_name 1; flags2: usernames is bit 0.
    number = {198: 0x4B46C37E, 227: 0x31774388}[layer]
    username = pack("<II", 0xB4073647, 0) + text(b"ann")
    expected = pack("<IIIqq", number, 1 << 10 | 1 | 2, 1, 7, 8) + text(b"Ann") + vector(username)
    assert Dialect(layer).encode(user(), b"") == expected


def test_what_a_layer_has_no_field_for_is_left_out():
    dialect = Dialect(198)
    assert dialect.encode(user(send_paid_messages_stars=5, linked_community_id=6), b"") == dialect.encode(user(), b"")
    # It was a number in that layer.
    assert dialect.encode(user(stories_max_id=types.RecentStory(max_id=4)), b"") == dialect.encode(user(), b"")


def test_a_message_byte_by_byte():
    # In layer 198 message has no from_rank and its number is another one.
    flags = 1 << 1 | 1 << 8 | 1 << 15
    expected = (
        pack("<IIIi", 0x96FDBBE9, flags, 0, 3)
        + pack("<Iq", 0x59511722, 5) * 2
        + pack("<i", int(DATE.timestamp()))
        + text(b"hi")
        + pack("<i", int(DATE.timestamp()))
    )
    assert Dialect(198).encode(message(out=True, from_id=PEER, edit_date=DATE), b"") == expected


@OLD
def test_an_object_that_did_not_change_keeps_its_form(layer):
    for obj in (PEER, types.UpdatesTooLong(), types.NearestDc("NL", 1, 2), types.auth.LoggedOut(b"token")):
        assert Dialect(layer).encode(obj, b"") == bytes(obj)


@OLD
def test_what_changed_within_what_did_not_is_found_at_any_depth(layer):
    dialect = Dialect(layer)
    inner = types.UpdateNewMessage(message(), 4, 1)
    updates = types.Updates([inner], [user()], [], DATE, 9)
    data = dialect.encode(updates, b"")
    assert dialect.encode(user(), b"") in data
    assert dialect.encode(message(), b"") in data
    assert data.startswith(pack("<I", types.Updates.CONSTRUCTOR_ID))
    # The objects themselves are as they were.
    assert bytes(updates) == bytes(types.Updates([inner], [user()], [], DATE, 9))


@OLD
def test_lists_and_everything_else(layer):
    dialect = Dialect(layer)
    assert dialect.encode([user(), user()], b"") == vector(*[dialect.encode(user(), b"")] * 2)
    assert dialect.encode([1, 2], b"as it was") == b"as it was"
    assert dialect.encode(True, b"as it was") == b"as it was"


def test_lists_without_content_are_written_where_they_must_be():
    assert Dialect(198).encode(types.messages.Messages([], [], [], []), b"") == pack("<I", 0x8C718E87) + vector() * 3


def test_what_must_be_there_and_is_not_is_an_error():
    with pytest.raises(TypeError, match="layer 198 cannot say this dialog: there is no notify_settings"):
        Dialect(198).encode(
            types.Dialog(PEER, 1, 1, 1, 0, 0, 0, 0, None),  # type: ignore[arg-type]
            b"",
        )


def test_joining_was_answered_with_updates():
    updates = types.Updates([], [], [], DATE, 0)
    answer = types.messages.ChatInviteJoinResultOk(updates)
    assert Dialect(198).encode(answer, b"") == bytes(updates)
    assert Dialect(227).encode(answer, b"") == bytes(answer)


def test_buttons_below_a_message_byte_by_byte():
    # https://core.telegram.org/constructor/keyboardButtonCallback: in layer 198 without a style.
    markup = types.ReplyInlineMarkup(
        [
            types.KeyboardInlineButtonRow(
                [
                    types.KeyboardInlineButton("A", types.InlineButtonTypeCallback(b"a", requires_password=True)),
                    types.KeyboardInlineButton("B", types.InlineButtonTypeUrl("u")),
                    types.KeyboardInlineButton("C", types.InlineButtonTypeDisabled()),
                ]
            )
        ]
    )
    buttons = vector(
        pack("<II", 0x35BBDB6B, 1) + text(b"A") + text(b"a"),
        pack("<I", 0x258AFF05) + text(b"B") + text(b"u"),
        pack("<I", 0xA2FA4880) + text(b"C"),
    )
    expected = pack("<I", 0x48A30254) + vector(pack("<I", 0x77608B83) + buttons)
    assert Dialect(198).encode(markup, b"") == expected


# -- reading ---------------------------------------------------------------------------------------------------------


def test_a_method_byte_by_byte():
    # messages.sendMessage of layer 198: silent is bit 5, reply_to 0.
    reply = pack("<IIi", 0x22C0F6D5, 0, 12)
    body = pack("<II", 0x983F9745, 1 << 5 | 1) + pack("<I", 0x7DA07EC9) + reply + text(b"hello") + pack("<q", -5)
    expected = functions.messages.SendMessageRequest(
        types.InputPeerSelf(), "hello", silent=True, reply_to=types.InputReplyToMessage(12), random_id=-5
    )
    assert read(198, body) == bytes(expected)


def test_bytes_behind_a_request_are_counted():
    body = pack("<I", 0x11F812D8) + text(b"q") + pack("<i", 3)
    assert Dialect(198).read(body + bytes(8))[1] == 8


def test_an_old_method_within_wrappers_and_what_stands_behind_it():
    query = pack("<I", 0x24B524C5) + bytes(types.InputChannel(1, 2))
    init = rawclient.RawClient.init(object(), functions.help.GetConfigRequest(), layer=198)  # type: ignore[arg-type]
    body = bytes(init)[:-4] + query
    request, left = Dialect(198).read(body)
    assert left == 0
    assert request.layer == 198
    assert request.query.query == functions.channels.JoinChannelRequest(types.InputChannel(1, 2))


def test_a_field_that_came_later_is_given_a_value():
    body = pack("<I", 0x73BB643B) + bytes(types.InputPeerSelf()) + pack("<i", 4)
    assert read(198, body) == bytes(functions.messages.GetPollResultsRequest(types.InputPeerSelf(), 4, 0))


@OLD
def test_an_unknown_constructor_stays_unknown(layer):
    with pytest.raises(TypeNotFoundError) as caught:
        Dialect(layer).read(pack("<I", 0xDEADBEEF))
    assert caught.value.invalid_constructor_id == 0xDEADBEEF
    # This method is of layer 198 and no other one.
    if layer == 227:
        with pytest.raises(TypeNotFoundError):
            Dialect(layer).read(pack("<I", 0x24B524C5) + bytes(types.InputChannel(1, 2)))


def test_every_cut_is_noticed():
    markup = button_rows(types.KeyboardInlineButton("text", types.InlineButtonTypeCallback(b"data" * 80)))
    whole = old_request(types.InputPeerSelf(), markup)
    assert Dialect(198).read(whole)[1] == 0
    for end in range(0, len(whole), 4):
        with pytest.raises((TLDecodeError, TypeNotFoundError)):
            Dialect(198).read(whole[:end])


def test_a_count_that_cannot_be_is_refused():
    with pytest.raises(TLDecodeError):
        Dialect(227).read(pack("<III", 0x48A30254, 0x1CB5C415, 0x7FFFFFFF))
    with pytest.raises(TLDecodeError):
        Dialect(227).read(pack("<III", 0x48A30254, 0x1CB5C416, 0))


def test_nesting_has_an_end():
    # Rows within rows make no sense, but nobody has looked yet what they are.
    data = b""
    for _ in range(MAX_DEPTH + 1):
        data = pack("<I", 0x77608B83) + vector(data) if data else pack("<I", 0x77608B83) + vector()
    with pytest.raises(TLDecodeError, match="nested"):
        Dialect(227).read(data)


# -- there and back --------------------------------------------------------------------------------------------------


def button_rows(*buttons: types.KeyboardInlineButton) -> types.ReplyInlineMarkup:
    return types.ReplyInlineMarkup([types.KeyboardInlineButtonRow(list(buttons))])


def old_request(peer: TLObject, markup: TLObject) -> bytes:
    """messages.sendMessage in layer 198 with buttons."""
    head = pack("<II", 0x983F9745, 1 << 2) + bytes(peer) + text(b"hi") + pack("<q", 1)
    return head + Dialect(198).encode(markup, b"")


INLINE_KINDS = [
    types.InlineButtonTypeUrl("https://example.com"),
    types.InlineButtonTypeCallback(b"\x00\xff", requires_password=True),
    types.InlineButtonTypeSwitchInline("query", same_peer=True, peer_types=[types.InlineQueryPeerTypePM()]),
    types.InlineButtonTypeGame(),
    types.InlineButtonTypeBuy(),
    types.InlineButtonTypeUrlAuth("https://example.com", 3, fwd_text="text"),
    types.InlineButtonTypeUserProfile(1 << 40),
    types.InputInlineButtonTypeUserProfile(types.InputUserSelf()),
    types.InlineButtonTypeWebView("https://example.com"),
    types.InlineButtonTypeCopy("copy"),
]
KEYBOARD_KINDS = [
    types.ButtonTypeDefault(),
    types.ButtonTypeRequestPhone(),
    types.ButtonTypeRequestGeoLocation(),
    types.ButtonTypeRequestPoll(quiz=False),
    types.ButtonTypeRequestPeer(1, types.RequestPeerTypeUser(), 2),
    types.InputButtonTypeRequestPeer(1, types.RequestPeerTypeUser(), 2, name_requested=True),
    types.ButtonTypeSimpleWebView("https://example.com"),
]


@OLD
@pytest.mark.parametrize("kind", INLINE_KINDS, ids=lambda kind: type(kind).__name__)
def test_buttons_below_messages_there_and_back(layer, kind):
    style = types.KeyboardButtonStyle(bg_primary=True) if layer == 227 else None
    markup = button_rows(types.KeyboardInlineButton("text", kind, style))
    dialect = Dialect(layer)
    assert read(layer, dialect.encode(markup, b"")) == bytes(markup)


@OLD
@pytest.mark.parametrize("kind", KEYBOARD_KINDS, ids=lambda kind: type(kind).__name__)
def test_buttons_of_keyboards_there_and_back(layer, kind):
    style = types.KeyboardButtonStyle(bg_danger=True) if layer == 227 else None
    row = types.KeyboardButtonRow([types.KeyboardButton("text", kind, style)])
    markup = types.ReplyKeyboardMarkup([row, row], resize=True, placeholder="write")
    dialect = Dialect(layer)
    assert read(layer, dialect.encode(markup, b"")) == bytes(markup)


def test_buttons_within_a_request_of_the_current_form():
    markup = button_rows(types.KeyboardInlineButton("text", types.InlineButtonTypeCallback(b"data")))
    request = functions.messages.SendMessageRequest(types.InputPeerSelf(), "hi", reply_markup=markup, random_id=1)
    dialect = Dialect(227)
    assert read(227, dialect.encode(request, b"")) == bytes(request)


@OLD
@given(
    texts=st.lists(st.text(max_size=300), max_size=3),
    flags=st.dictionaries(st.sampled_from(["silent", "background", "noforwards", "invert_media"]), st.booleans()),
    date=st.none() | st.integers(1, 2**31 - 1),
    numbers=st.integers(-(2**63), 2**63 - 1),
)
def test_requests_there_and_back(layer, texts, flags, date, numbers):
    entities = [types.MessageEntityPre(0, 1, language) for language in texts] or None
    request = functions.messages.SendMessageRequest(
        types.InputPeerUser(numbers, 1),
        "".join(texts),
        **flags,
        entities=entities,
        schedule_date=date and datetime.fromtimestamp(date, timezone.utc),  # type: ignore[arg-type]
        random_id=numbers,
    )
    number = {198: 0x983F9745, 227: functions.messages.SendMessageRequest.CONSTRUCTOR_ID}[layer]
    # All that is in it stands at the same places in both layers.
    body = pack("<I", number) + bytes(request)[4:]
    assert read(layer, body) == bytes(request)


# -- what came later -------------------------------------------------------------------------------------------------


def test_media_and_actions_that_came_later_are_said_to_be_unknown():
    # Stories came after layer 158, which has messageMediaUnsupported#9f84f49e.
    story = message(media=types.MessageMediaStory(PEER, 4))
    assert Dialect(158).encode(story, b"") == Dialect(158).encode(message(media=types.MessageMediaUnsupported()), b"")
    assert Dialect(167).encode(story, b"") != Dialect(167).encode(message(media=types.MessageMediaUnsupported()), b"")
    service = types.MessageService(id=3, peer_id=PEER, date=DATE, action=types.MessageActionBoostApply(2))
    empty = types.MessageService(id=3, peer_id=PEER, date=DATE, action=types.MessageActionEmpty())
    assert Dialect(158).encode(service, b"") == Dialect(158).encode(empty, b"")


def test_updates_and_entities_that_came_later_are_left_out():
    dialect = Dialect(158)
    new, old = types.UpdateReadStories(PEER, 4), types.UpdateUserName(7, "Ann", "", [])
    both, one = (types.Updates(found, [], [], DATE, 0) for found in ([new, old], [old]))
    assert dialect.encode(both, b"") == dialect.encode(one, b"")
    assert dialect.encode(types.UpdateShort(new, DATE), b"") == bytes(types.Updates([], [], [], DATE, 0))
    assert dialect.encode(types.UpdateShort(old, DATE), b"") == bytes(types.UpdateShort(old, DATE))
    date, bold = types.MessageEntityFormattedDate(0, 2, DATE), types.MessageEntityBold(0, 1)
    assert dialect.encode(message(entities=[date, bold]), b"").endswith(vector(bytes(bold)))


def test_a_reply_to_a_story_is_no_reply_before_there_were_stories():
    header = types.MessageReplyStoryHeader(PEER, 4)
    assert Dialect(158).encode(message(reply_to=header), b"") == Dialect(158).encode(message(), b"")
    assert bytes(header) in Dialect(227).encode(message(reply_to=header), b"")


def test_answers_that_had_no_type_of_their_own():
    updates = types.Updates([], [], [], DATE, 0)
    invited = types.messages.InvitedUsers(updates, [])
    assert Dialect(167).encode(invited, b"") == bytes(updates)
    assert Dialect(181).encode(invited, b"") == bytes(invited)
    # A Bool: boolTrue#997275b5.
    assert Dialect(158).encode(types.ReportResultReported(), b"") == pack("<I", 0x997275B5)
    folder = types.DialogFilterDefault()
    assert Dialect(167).encode(types.messages.DialogFilters([folder]), b"") == vector(bytes(folder))


def test_what_has_no_older_form_is_an_error():
    with pytest.raises(TypeError, match="layer 158 has no RecentStory, and nothing to say instead"):
        Dialect(158).encode(types.RecentStory(max_id=4), b"")


def test_updates_that_cannot_be_said_in_a_layer_do_not_keep_the_others_back():
    # updatePaidReactionPrivacy had a Bool where it has a type of its own now.
    privacy = types.UpdatePaidReactionPrivacy(types.PaidReactionPrivacyDefault())
    name = types.UpdateUserName(7, "Ann", "", [])
    both, one = (types.Updates(found, [user()], [], DATE, 0) for found in ([privacy, name], [name]))
    dialect = Dialect(189)
    assert dialect.encode_updates(both) == dialect.encode_updates(one) == dialect.encode(one, b"")
    assert both.updates == [privacy, name]
    nothing = bytes(types.Updates([], [], [], DATE, 0))
    assert dialect.encode_updates(types.UpdateShort(privacy, DATE)) == nothing


# -- what was said otherwise -----------------------------------------------------------------------------------------


def test_a_reply_was_a_number_of_its_own():
    # messages.sendMessage#1cc20387 of layer 158: reply_to_msg_id is bit 0, top_msg_id bit 9.
    end = text(b"hello") + pack("<q", -5)
    body = pack("<II", 0x1CC20387, 1 << 9 | 1) + bytes(types.InputPeerSelf()) + pack("<ii", 12, 3) + end
    reply = types.InputReplyToMessage(12, top_msg_id=3)
    expected = functions.messages.SendMessageRequest(types.InputPeerSelf(), "hello", reply_to=reply, random_id=-5)
    assert read(158, body) == bytes(expected)
    body = pack("<II", 0x1CC20387, 0) + bytes(types.InputPeerSelf()) + end
    assert read(158, body) == bytes(functions.messages.SendMessageRequest(types.InputPeerSelf(), "hello", random_id=-5))


def test_topics_were_made_in_channels():
    # channels.deleteTopicHistory#34435f2d channel:InputChannel top_msg_id:int
    body = pack("<I", 0x34435F2D) + bytes(types.InputChannel(1, 2)) + pack("<i", 9)
    assert read(216, body) == bytes(functions.messages.DeleteTopicHistoryRequest(types.InputPeerChannel(1, 2), 9))


def test_a_method_that_says_too_little_is_unknown():
    # payments.getPaymentForm#8a333c8d of layer 136 names a message, not an invoice.
    body = pack("<II", 0x8A333C8D, 0) + bytes(types.InputPeerSelf()) + pack("<i", 9)
    with pytest.raises(TypeNotFoundError):
        Dialect(136).read(body)


# -- at the server ---------------------------------------------------------------------------------------------------


async def test_a_client_of_an_older_layer_is_understood_and_answered_in_it(serve):
    asked = []

    def handler(request, context):
        asked.append(request)
        if isinstance(request, functions.users.GetUsersRequest):
            return [user()]
        return user() if isinstance(request, functions.contacts.SearchRequest) else types.NearestDc("NL", 2, 2)

    server = await serve(handler)
    client = rawclient.RawClient(server)
    client.know_key()
    client.connect()
    first = client.send(client.init(layer=198))
    await client.turn()
    assert client.results()[first] == bytes(types.NearestDc("NL", 2, 2))
    users = client.send(functions.users.GetUsersRequest([types.InputUserSelf()]))
    await client.turn()
    assert client.results()[users] == vector(Dialect(198).encode(user(), b""))
    old = client.send(pack("<I", 0x24B524C5) + bytes(types.InputChannel(1, 2)))
    await client.turn()
    assert asked[-1] == functions.channels.JoinChannelRequest(types.InputChannel(1, 2))
    assert client.error(old) is not None or client.results()[old]
    server.sessions()[0].push(types.UpdateShort(types.UpdateUserName(7, "Ann", "", []), DATE))
    server.sessions()[0].push(types.Updates([], [user()], [], DATE, 0))
    await client.turn()
    (pushed,) = client.of(types.Updates.CONSTRUCTOR_ID)
    assert Dialect(198).encode(user(), b"") in pushed.body


async def test_the_same_methods_are_unknown_to_who_speaks_the_layer_of_the_server(serve):
    server = await serve(lambda request, context: True)
    client = rawclient.RawClient(server)
    await client.begin()
    old = client.send(pack("<I", 0x24B524C5) + bytes(types.InputChannel(1, 2)))
    await client.turn()
    assert client.error(old) == (400, f"INPUT_METHOD_INVALID_{0x24B524C5}")


async def test_an_older_method_may_come_first(serve):
    asked = []
    server = await serve(lambda request, context: asked.append(request) or types.contacts.Found([], [], [], []))
    client = rawclient.RawClient(server)
    client.know_key()
    client.connect()
    body = bytes(client.init(functions.help.GetConfigRequest(), layer=198))[:-4]
    body += pack("<I", 0x11F812D8) + text(b"q") + pack("<i", 3)
    for wrapped in (body, bytes(functions.InvokeWithoutUpdatesRequest(functions.help.GetConfigRequest()))[:-4] + body):
        client.send(wrapped)
        await client.turn()
        assert bytes(asked.pop()) == bytes(functions.contacts.SearchRequest("q", 3))
    assert not server.violations.tolerated
    assert not server.violations
