"""The three kinds of message in the schema. What is expected was seen on Telethon 1.45."""

from __future__ import annotations

import pickle
from datetime import datetime, timezone
from typing import Any

import pytest

from telethon.extensions import BinaryReader
from telethon.tl import patched, types
from telethon.tl.alltlobjects import tlobjects
from telethon.tl.custom.message import Message

NOW = datetime(2020, 1, 1, tzinfo=timezone.utc)
PEER = types.PeerUser(5)
KINDS = ("Message", "MessageService", "MessageEmpty")


def read(value: Any) -> Any:
    return BinaryReader(bytes(value)).tgread_object()


def service(**fields: Any) -> types.MessageService:
    action = types.MessageActionPinMessage()
    return types.MessageService(**{"id": 1, "peer_id": PEER, "date": NOW, "action": action, **fields})


@pytest.mark.parametrize("name", KINDS)
def test_there_is_one_class_everywhere(name: str) -> None:
    cls = getattr(patched, name)
    assert cls is getattr(types, name)
    assert cls is tlobjects[cls.CONSTRUCTOR_ID]
    assert issubclass(cls, Message)
    assert (cls.__name__, cls.__module__) == (name, "telethon.tl.patched")


@pytest.mark.parametrize("name", KINDS)
def test_all_kinds_take_the_same_arguments(name: str) -> None:
    found = getattr(types, name)(1, PEER, NOW, "text", True, views=3, action=None)
    assert (found.id, found.peer_id, found.date, found.message, found.out, found.views) == (
        1, PEER, NOW, "text", True, 3,
    )  # fmt: skip
    assert (found.media, found.reactions_are_possible) == (None, None)
    with pytest.raises(TypeError):
        getattr(types, name)(id=5)


def test_what_is_not_given_is_none() -> None:
    found = types.Message(id=1, peer_id=PEER)
    assert (found.date, found.message, found.mentioned, found.entities, found.views) == (None, None, None, None, None)
    assert found.out is False


def test_empty_media_is_none() -> None:
    assert types.Message(id=1, peer_id=PEER, media=types.MessageMediaEmpty()).media is None
    found = types.Message(id=1, peer_id=PEER, date=NOW, message="hi")
    found.media = types.MessageMediaEmpty()
    assert read(found).media is None
    assert len(bytes(found)) == len(bytes(read(found))) + 4


def test_reading_gives_the_friendly_class() -> None:
    found = read(types.Message(id=1, peer_id=PEER, date=NOW, message="hi"))
    assert type(found) is types.Message
    assert (found.date, found.message, found.sender_id, found.chat_id, found.is_private) == (NOW, "hi", 5, 5, True)
    assert (found.mentioned, found.post, found.out, found.action, found.client) == (False, False, False, None, None)
    assert found == types.Message(
        **{"id": 1, "peer_id": PEER, "date": NOW, "message": "hi"}, **dict.fromkeys(_flags(), False)
    )


def _flags() -> list[str]:
    found = read(types.Message(id=1, peer_id=PEER, date=NOW, message="hi"))
    return [name for name, value in found.to_dict().items() if value is False]


def test_reading_a_service_message() -> None:
    found = read(service(reactions_are_possible=True))
    assert type(found) is types.MessageService
    assert (found.action, found.reactions_are_possible) == (types.MessageActionPinMessage(), True)
    assert (found.text, found.message, found.media, found.entities, found.views) == (None, None, None, None, None)
    assert (found.sender_id, found.mentioned, found.pinned) == (5, False, None)


def test_reading_an_empty_message() -> None:
    found = read(types.MessageEmpty(id=5, peer_id=None))  # type: ignore[arg-type]
    assert type(found) is types.MessageEmpty
    assert (found.id, found.peer_id, found.chat_id, found.sender_id, found.text, found.out) == (
        5, None, None, None, None, False,
    )  # fmt: skip
    found._finish_init(_Client(), {}, None)
    assert (found.chat, found.sender) == (None, None)


class _Client:
    _self_id = 1
    parse_mode = None


def test_only_the_fields_of_the_constructor_are_shown() -> None:
    assert types.MessageEmpty(id=5, peer_id=PEER).to_dict() == {
        "_": "MessageEmpty",
        "id": 5,
        "peer_id": {"_": "PeerUser", "user_id": 5},
    }
    assert str(service()) == (
        "MessageService(id=1, peer_id=PeerUser(user_id=5), date=datetime.datetime(2020, 1, 1, 0, 0, "
        "tzinfo=datetime.timezone.utc), action=MessageActionPinMessage(), out=False, mentioned=None, "
        "media_unread=None, reactions_are_possible=None, silent=None, post=None, legacy=None, from_id=None, "
        "saved_peer_id=None, reply_to=None, reactions=None, ttl_period=None)"
    )
    shown = types.Message(id=1, peer_id=PEER).to_dict()
    assert shown["entities"] == shown["restriction_reason"] == []
    assert "action" not in shown


@pytest.mark.parametrize("found", [types.Message(1, PEER, NOW, "hi"), service(), types.MessageEmpty(1, PEER)])
def test_messages_survive_bytes_and_pickles(found: Any) -> None:
    again = read(found)
    assert bytes(again) == bytes(found)
    for value in (found, again):
        stored = pickle.loads(pickle.dumps(value))
        assert type(stored) is type(found)
        assert stored == value


def test_P3_reading_sets_only_what_the_bytes_carry() -> None:
    found = read(types.Message(id=1, peer_id=PEER, date=NOW, message="hi"))
    assert set(found.__dict__) == {"id", "peer_id", "_raw_date", "message"}


def test_overlaid_classes_inside_answers() -> None:
    answer = types.messages.Messages(
        messages=[types.Message(1, PEER, NOW, "hi"), service()], topics=[], chats=[], users=[]
    )
    found = read(answer)
    assert [type(item) for item in found.messages] == [types.Message, types.MessageService]
