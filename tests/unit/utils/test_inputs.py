"""Turning what a user holds into what requests take."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from telethon import utils
from telethon.tl import types

SELF = types.InputPeerSelf()


def user(**fields: Any) -> types.User:
    return types.User(id=1, **fields)


def channel(**fields: Any) -> types.Channel:
    return types.Channel(id=2, title="x", photo=types.ChatPhotoEmpty(), date=None, **fields)


def photo(photo_id: int = 3) -> types.Photo:
    return types.Photo(photo_id, 4, b"ref", None, [types.PhotoSize("m", 1, 1, 9)], 2)


def document() -> types.Document:
    return types.Document(5, 6, b"ref", None, "video/mp4", 9, 2, [])


def message(**fields: Any) -> types.Message:
    return types.Message(id=8, peer_id=types.PeerUser(1), date=None, message="", **fields)


@pytest.mark.parametrize(
    ("value", "peer"),
    [
        (user(access_hash=5), types.InputPeerUser(1, 5)),
        (user(access_hash=0), types.InputPeerUser(1, 0)),
        (user(is_self=True), SELF),
        (types.UserEmpty(1), types.InputPeerEmpty()),
        (channel(access_hash=5), types.InputPeerChannel(2, 5)),
        (types.ChannelForbidden(2, 7, "x"), types.InputPeerChannel(2, 7)),
        (types.ChatEmpty(2), types.InputPeerChat(2)),
        (types.PeerChat(2), types.InputPeerChat(2)),
        (types.InputUser(1, 5), types.InputPeerUser(1, 5)),
        (types.InputUserSelf(), SELF),
        (types.InputChannel(2, 5), types.InputPeerChannel(2, 5)),
        (types.InputUserFromMessage(SELF, 1, 2), types.InputPeerUserFromMessage(SELF, 1, 2)),
        (types.InputChannelFromMessage(SELF, 1, 2), types.InputPeerChannelFromMessage(SELF, 1, 2)),
        (SimpleNamespace(input_entity=SELF), SELF),
        (SimpleNamespace(entity=user(access_hash=5)), types.InputPeerUser(1, 5)),
    ],
)
def test_input_peers(value: Any, peer: Any) -> None:
    assert utils.get_input_peer(value) == peer


def test_an_input_peer_is_given_back_itself() -> None:
    assert utils.get_input_peer(SELF) is SELF


@pytest.mark.parametrize("entity", [user(), user(access_hash=5, min=True), channel(), channel(access_hash=5, min=True)])
def test_access_hashes_servers_refuse_are_refused(entity: Any) -> None:
    with pytest.raises(TypeError, match="without access_hash or min info cannot be input"):
        utils.get_input_peer(entity)
    assert utils.get_input_peer(entity, check_hash=False).access_hash == entity.access_hash  # type: ignore[union-attr]


def test_the_own_account_may_be_named_in_full() -> None:
    me = user(is_self=True, access_hash=5)
    assert utils.get_input_peer(me, allow_self=False) == types.InputPeerUser(1, 5)
    assert utils.get_input_peer(SimpleNamespace(input_entity=SELF, entity=me), allow_self=False) == SELF


@pytest.mark.parametrize(
    ("function", "target"),
    [
        (utils.get_input_peer, "InputPeer"),
        (utils.get_input_user, "InputUser"),
        (utils.get_input_channel, "InputChannel"),
        (utils.get_input_dialog, "InputDialogPeer"),
        (utils.get_input_document, "InputDocument"),
        (utils.get_input_photo, "InputPhoto"),
        (utils.get_input_chat_photo, "InputChatPhoto"),
        (utils.get_input_geo, "InputGeoPoint"),
        (utils.get_input_media, "InputMedia"),
        (utils.get_input_message, "InputMedia; a message or its id (a number) is needed"),
        (utils.get_input_location, "InputFileLocation"),
        (utils.get_input_group_call, "InputGroupCall"),
        (utils.get_peer, "Peer"),
    ],
)
@pytest.mark.parametrize("value", ["text", None, 1.5, []])
def test_other_values_are_refused_by_name(function: Any, target: str, value: Any) -> None:
    with pytest.raises(TypeError) as caught:
        function(value)
    assert str(caught.value) == f"Cannot cast {type(value).__name__} to any kind of {target}."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (user(access_hash=5), types.InputUser(1, 5)),
        (user(), types.InputUser(1, 0)),
        (user(is_self=True), types.InputUserSelf()),
        (types.UserEmpty(1), types.InputUserEmpty()),
        (SELF, types.InputUserSelf()),
        (types.InputPeerEmpty(), types.InputUserEmpty()),
        (types.InputPeerUser(1, 5), types.InputUser(1, 5)),
        (types.InputPeerUserFromMessage(SELF, 1, 2), types.InputUserFromMessage(SELF, 1, 2)),
    ],
)
def test_input_users(value: Any, expected: Any) -> None:
    assert utils.get_input_user(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (channel(access_hash=5), types.InputChannel(2, 5)),
        (channel(), types.InputChannel(2, 0)),
        (types.InputPeerChannel(2, 5), types.InputChannel(2, 5)),
        (types.InputPeerChannelFromMessage(SELF, 1, 2), types.InputChannelFromMessage(SELF, 1, 2)),
        (types.InputChannelEmpty(), types.InputChannelEmpty()),
    ],
)
def test_input_channels(value: Any, expected: Any) -> None:
    assert utils.get_input_channel(value) == expected


def test_input_dialogs() -> None:
    assert utils.get_input_dialog(user(access_hash=5)) == types.InputDialogPeer(types.InputPeerUser(1, 5))
    folder = types.InputDialogPeerFolder(1)
    assert utils.get_input_dialog(folder) is folder
    with pytest.raises(TypeError, match="Cannot cast User to any kind of InputDialogPeer"):
        utils.get_input_dialog(user())


def test_input_photos_and_documents() -> None:
    expected_photo = types.InputPhoto(3, 4, b"ref")
    for value in (
        photo(),
        types.MessageMediaPhoto(photo=photo()),
        message(media=types.MessageMediaPhoto(photo=photo())),
    ):
        assert utils.get_input_photo(value) == expected_photo
    assert utils.get_input_photo(types.PhotoEmpty(3)) == types.InputPhotoEmpty()
    assert utils.get_input_photo(types.UserEmpty(1)) == types.InputPhotoEmpty()
    expected_document = types.InputDocument(5, 6, b"ref")
    for value in (document(), types.MessageMediaDocument(document=document())):
        assert utils.get_input_document(value) == expected_document
    assert utils.get_input_document(types.DocumentEmpty(1)) == types.InputDocumentEmpty()


def test_input_chat_photos() -> None:
    file = types.InputFile(1, 1, "a.jpg", "")
    assert utils.get_input_chat_photo(file) == types.InputChatUploadedPhoto(file)
    assert utils.get_input_chat_photo(photo()) == types.InputChatPhoto(types.InputPhoto(3, 4, b"ref"))
    assert utils.get_input_chat_photo(types.PhotoEmpty(1)) == types.InputChatPhotoEmpty()


def test_input_places() -> None:
    place = types.GeoPoint(long=2.0, lat=1.0, access_hash=3)
    expected = types.InputGeoPoint(lat=1.0, long=2.0)
    assert utils.get_input_geo(place) == expected
    assert utils.get_input_geo(message(media=types.MessageMediaGeo(place))) == expected
    assert utils.get_input_geo(types.GeoPointEmpty()) == types.InputGeoPointEmpty()


def test_input_messages_and_calls() -> None:
    assert utils.get_input_message(5) == types.InputMessageID(5)
    assert utils.get_input_message(message()) == types.InputMessageID(8)
    assert utils.get_input_message(types.InputMessagePinned()) == types.InputMessagePinned()
    call = types.InputGroupCall(1, 2)
    assert utils.get_input_group_call(call) is call
    assert utils.get_input_group_call(types.GroupCallDiscarded(1, 2, 3)) == call
    assert utils.get_input_group_call(SELF) is None


@pytest.mark.parametrize(("value", "expected"), [(None, None), (5, 5), (types.InputMessageID(6), 6)])
def test_message_ids(value: Any, expected: int | None) -> None:
    assert utils.get_message_id(value) == expected
    assert utils.get_message_id(message()) == 8
    with pytest.raises(TypeError, match="Invalid message type"):
        utils.get_message_id("5")


def test_media_of_files_on_the_servers() -> None:
    as_photo = types.InputMediaPhoto(types.InputPhoto(3, 4, b"ref"), ttl_seconds=5)
    assert utils.get_input_media(photo(), ttl=5) == as_photo
    assert utils.get_input_media(types.InputPhoto(3, 4, b"ref"), ttl=5) == as_photo
    assert utils.get_input_media(message(media=types.MessageMediaPhoto(photo=photo(), ttl_seconds=5))) == as_photo
    assert utils.get_input_media(document()) == types.InputMediaDocument(types.InputDocument(5, 6, b"ref"))
    media = types.InputMediaDice("x")
    assert utils.get_input_media(media, ttl=5) is media


def test_media_of_uploads() -> None:
    file = types.InputFile(1, 1, "clip.mp4", "")
    assert utils.get_input_media(file, is_photo=True) == types.InputMediaUploadedPhoto(file)
    sent = utils.get_input_media(file, video_note=True)
    assert isinstance(sent, types.InputMediaUploadedDocument)
    assert sent.mime_type == "video/mp4"
    assert sent.attributes[1].round_message is True  # type: ignore[union-attr]
    assert not sent.force_file


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        (types.MessageMediaDice(3, "x"), types.InputMediaDice("x")),
        (types.MessageMediaContact("1", "a", "b", "v", 5), types.InputMediaContact("1", "a", "b", "")),
        (types.MessageMediaEmpty(), types.InputMediaEmpty()),
        (types.MessageMediaUnsupported(), types.InputMediaEmpty()),
        (types.MessageMediaGeo(types.GeoPointEmpty()), types.InputMediaGeoPoint(types.InputGeoPointEmpty())),
        (types.ChatPhotoEmpty(), types.InputMediaEmpty()),
    ],
)
def test_media_that_are_no_files(media: Any, expected: Any) -> None:
    assert utils.get_input_media(media) == expected


def test_media_that_cannot_be_sent_again() -> None:
    for media in (types.MessageMediaWebPage(types.WebPageEmpty(1)), types.MessageMediaStory(types.PeerUser(1), 5)):
        with pytest.raises(TypeError, match="to any kind of InputMedia"):
            utils.get_input_media(media)


def quiz() -> types.Poll:
    text = types.TextWithEntities("?", [])
    answers = [types.PollAnswer(text, b"0"), types.PollAnswer(text, b"1")]
    return types.Poll(id=1, question=text, answers=answers, hash=0, quiz=True)  # type: ignore[arg-type]


def test_quizzes_carry_the_places_of_the_right_answers() -> None:
    voters = [
        types.PollAnswerVoters(option=b"0", voters=1),
        types.PollAnswerVoters(option=b"1", voters=1, correct=True),
    ]
    results = types.PollResults(results=voters, solution="because", solution_entities=[])
    sent = utils.get_input_media(types.MessageMediaPoll(quiz(), results))
    assert isinstance(sent, types.InputMediaPoll)
    assert sent.correct_answers == [1]
    assert sent.solution == "because"
    assert bytes(sent)
    with pytest.raises(TypeError, match="unanswered quiz"):
        utils.get_input_media(types.MessageMediaPoll(quiz(), types.PollResults()))
