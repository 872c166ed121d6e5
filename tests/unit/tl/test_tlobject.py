"""What all objects share; expected texts are those that Telethon 1.45 prints for the same objects."""

from __future__ import annotations

import copy
import io
import json
import pickle
import struct
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from telethon.extensions import BinaryReader
from telethon.tl import TLObject, TLRequest, _registry, functions, types

WHEN = datetime(2020, 1, 1, tzinfo=timezone.utc)


def document(**changes: Any) -> types.Document:
    values: dict[str, Any] = {
        "id": 1,
        "access_hash": 2,
        "file_reference": b"ab",
        "date": WHEN,
        "mime_type": "m",
        "size": 3,
        "dc_id": 4,
        "attributes": [types.DocumentAttributeAnimated(), types.DocumentAttributeImageSize(1, 2)],
    }
    return types.Document(**{**values, **changes})


def test_bare_base_class_does_not_know_how() -> None:
    thing = TLObject()
    for action in (str, bytes, TLObject.to_dict, TLObject.stringify, TLObject.to_json):
        with pytest.raises(NotImplementedError):
            action(thing)  # type: ignore[operator]
    with pytest.raises(NotImplementedError):
        TLObject.from_reader(BinaryReader(b""))


def test_one_line() -> None:
    assert str(document()) == (
        "Document(id=1, access_hash=2, file_reference=b'ab', date=datetime.datetime(2020, 1, 1, 0, 0, "
        "tzinfo=datetime.timezone.utc), mime_type='m', size=3, dc_id=4, attributes=[DocumentAttributeAnimated(), "
        "DocumentAttributeImageSize(w=1, h=2)], thumbs=[], video_thumbs=[])"
    )


def test_indented() -> None:
    assert document(date=None).stringify() == (
        "Document(\n\tid=1,\n\taccess_hash=2,\n\tfile_reference=b'ab',\n\tdate=None,\n\tmime_type='m',\n\tsize=3,\n"
        "\tdc_id=4,\n\tattributes=[\n\t\tDocumentAttributeAnimated(\n\t\t),\n\t\tDocumentAttributeImageSize(\n\t\t\tw=1,\n"
        "\t\t\th=2\n\t\t),\n\t],\n\tthumbs=[\n\t],\n\tvideo_thumbs=[\n\t]\n)"
    )


def test_json() -> None:
    thing = document(attributes=[])
    expected = {
        "_": "Document",
        "id": 1,
        "access_hash": 2,
        "file_reference": "YWI=",
        "date": "2020-01-01T00:00:00+00:00",
        "mime_type": "m",
        "size": 3,
        "dc_id": 4,
        "attributes": [],
        "thumbs": [],
        "video_thumbs": [],
    }
    assert json.loads(thing.to_json() or "") == expected
    target = io.StringIO()
    assert thing.to_json(target) is None
    assert json.loads(target.getvalue()) == expected
    assert types.JsonString("a").to_json(indent=2) == '{\n  "_": "JsonString",\n  "value": "a"\n}'
    assert types.JsonString({1}).to_json() == '{"_": "JsonString", "value": "{1}"}'  # type: ignore[arg-type]
    assert types.JsonString({1}).to_json(default=lambda _: "set") == '{"_": "JsonString", "value": "set"}'  # type: ignore[arg-type]


def test_dictionary_keeps_what_is_no_object() -> None:
    row = types.KeyboardButtonRow([5, None, types.PeerUser(1)])  # type: ignore[list-item]
    assert row.to_dict() == {"_": "KeyboardButtonRow", "buttons": [5, None, {"_": "PeerUser", "user_id": 1}]}


def test_dictionary_of_subclasses_and_of_what_nobody_looked_at() -> None:
    class Shouting(types.JsonString):
        @property
        def value(self) -> str:  # type: ignore[override]
            return "LOUD"

        @value.setter
        def value(self, new: str) -> None:
            pass

    class Boxed(types.DialogPeer):
        @property
        def peer(self) -> types.PeerUser:  # type: ignore[override]
            return types.PeerUser(3)

    assert Shouting("quiet").to_dict() == {"_": "JsonString", "value": "LOUD"}
    assert Boxed.__new__(Boxed).to_dict() == {"_": "DialogPeer", "peer": {"_": "PeerUser", "user_id": 3}}
    found, _ = _registry.read(bytes(document()))
    assert found.to_dict()["date"] == WHEN
    assert "date" not in vars(found)
    found.date = None
    assert found.to_dict()["date"] is None


def test_equality_is_by_class_and_content() -> None:
    assert types.PeerUser(1) == types.PeerUser(1)
    assert types.PeerUser(1) != types.PeerUser(2)
    assert types.PeerUser(1) != types.PeerChat(1)
    assert types.PeerUser(1) != 1
    assert document() == document()
    assert document(attributes=[]) != document()
    assert document(thumbs=None) == document(thumbs=[])
    assert document(attributes=()) == document(attributes=[])
    thing = document()
    assert thing == thing
    with pytest.raises(TypeError, match="unhashable"):
        hash(types.PeerUser(1))


def test_hand_written_objects_compare_by_their_dictionary() -> None:
    class Pair(TLObject):
        def __init__(self, value: int) -> None:
            self.value = value

        def to_dict(self) -> dict[str, Any]:
            return {"_": "Pair", "value": self.value}

    assert Pair(1) == Pair(1)
    assert Pair(1) != Pair(2)
    assert str(Pair(1)) == "Pair(value=1)"


def test_objects_can_be_changed_and_extended() -> None:
    peer = types.PeerUser(1)
    peer.user_id = 2
    peer.note = "mine"  # type: ignore[attr-defined]
    assert peer == types.PeerUser(2)
    assert vars(peer) == {"user_id": 2, "note": "mine"}


def test_pickle_and_copy_keep_dates_that_nobody_looked_at() -> None:
    found, _ = _registry.read(bytes(document()))
    for again in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):
        assert again == found
        assert "_raw_date" not in vars(again)
        assert again.date == WHEN


def test_pretty_format_of_other_values() -> None:
    form: Callable[..., str] = TLObject.pretty_format
    assert form([1, b"2", {"a": 1}, None]) == "[1, b'2', dict(a=1), None]"
    assert form((1,)) == "[1]"
    assert form((1,), indent=0) == "[\n\t1,\n]"
    assert form("a\nb") == "'a\\nb'"
    assert form({"_": "X", "a": [1, {"b": 2}], "c": {"d": 3}}, indent=0) == (
        "X(\n\ta=[\n\t\t1,\n\t\tdict(\n\t\t\tb=2\n\t\t),\n\t],\n\tc=dict(\n\t\td=3\n\t)\n)"
    )
    assert form({"_": "X", "a": {}}, indent=0) == "X(\n\ta=dict()\n)"
    assert form({"_": "X"}, indent=0) == "X(\n)"
    assert form({"_": "X"}) == "X()"
    assert form(types.PeerUser(5), indent=0) == "PeerUser(\n\tuser_id=5\n)"


def test_serialize_helpers() -> None:
    assert TLObject.serialize_bytes("\u00e9") == b"\x02\xc3\xa9\0"
    assert TLObject.serialize_datetime(WHEN) == b"\x00\xe1\x0b^"
    assert TLObject.serialize_datetime(None) == bytes(4)
    with pytest.raises(struct.error):
        TLObject.serialize_datetime(2**31)


@pytest.mark.parametrize(
    ("thing", "error", "match"),
    [
        (types.PeerUser("a"), struct.error, "PeerUser, which holds user_id: str"),  # type: ignore[arg-type]
        (types.PeerUser(2**63), struct.error, "PeerUser"),
        (types.PeerUser(None), struct.error, "user_id: NoneType"),  # type: ignore[arg-type]
        (types.InputPeerUserFromMessage(5, 1, 1), TypeError, "a TLObject was expected"),  # type: ignore[arg-type]
        (types.InputPeerUserFromMessage(5, 1, 1), TypeError, "; peer must be TypeInputPeer, not int"),  # type: ignore[arg-type]
        (document(attributes=[5]), TypeError, r"; attributes must be list\[TypeDocumentAttribute\], not list of int"),
        (types.InputPeerUserFromMessage(None, 1, 1), TypeError, "peer: NoneType"),  # type: ignore[arg-type]
        (document(attributes=[5]), TypeError, "Document, which holds"),
        (document(attributes=None), TypeError, "len"),
        (document(file_reference=5), TypeError, "bytes or str expected"),
        (document(date="x"), TypeError, "Cannot interpret"),
        (types.GeoPoint("a", 1, 2), struct.error, "GeoPoint"),  # type: ignore[arg-type]
        (types.ResPQ(2**127, 2, b"", []), OverflowError, "ResPQ"),
        (types.ResPQ(b"a" * 16, 2, b"", []), TypeError, "nonce: bytes"),  # type: ignore[arg-type]
        (types.UpdateShort(types.UpdateNewEncryptedMessage(5, 1), None), TypeError, "UpdateNewEncryptedMessage"),  # type: ignore[arg-type]
        (types.messages.Chats([types.Chat(1, "t", types.PeerUser("x"), 1, WHEN, 1)]), struct.error, "PeerUser"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_become_bytes_is_named(thing: TLObject, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        bytes(thing)


def test_error_texts_do_not_show_values() -> None:
    with pytest.raises(struct.error) as caught:
        bytes(types.InputPeerUser("secret-value", 987_654_321))  # type: ignore[arg-type]
    assert "secret-value" not in str(caught.value)
    assert "987654321" not in str(caught.value)


def test_flag_rules() -> None:
    """A flagged value is absent only when None or False; 0, '' and [] are sent, and False too for a flagged Bool."""

    def flags(thing: TLObject) -> int:
        return struct.unpack_from("<I", bytes(thing), 4)[0]  # type: ignore[no-any-return]

    assert flags(types.InputMediaPhotoExternal("u", ttl_seconds=None)) == 0
    assert flags(types.InputMediaPhotoExternal("u", ttl_seconds=False)) == 0
    assert flags(types.InputMediaPhotoExternal("u", ttl_seconds=0)) == 1
    assert flags(types.InputMediaPhotoExternal("u", spoiler=True)) == 2
    assert flags(types.PeerNotifySettings(show_previews=False)) == 1
    assert flags(types.PeerNotifySettings()) == 0
    assert flags(types.Document(1, 2, b"", None, "", 3, 4, [], thumbs=[])) == 1


def test_half_a_group_of_flags_is_refused() -> None:
    file = types.InputFile(1, 1, "", "")
    nothing = types.InputDocumentEmpty()
    with pytest.raises(AssertionError, match="live_photo, video"):
        bytes(types.InputMediaUploadedPhoto(file, live_photo=True))
    with pytest.raises(AssertionError, match="live_photo, video"):
        bytes(types.InputMediaUploadedPhoto(file, video=nothing))
    assert bytes(types.InputMediaUploadedPhoto(file, video=nothing, live_photo=False)).hex() == (
        "da75837d080000007ff22ff50100000000000000010000000000000000000000aeeaf072"
    )


def test_objects_read_without_dates_write_none_as_zero() -> None:
    assert bytes(types.UpdateShort(types.UpdatePtsChanged(), None)).hex() == "c1ded4788f67543300000000"


def test_subclass_that_overrides_only_bytes_counts_when_nested() -> None:
    class Ready(types.PeerUser):
        def _bytes(self) -> bytes:
            return b"read"

    thing = types.DialogPeer(Ready(1))
    assert bytes(thing) == bytes(types.DialogPeer(types.PeerUser(1)))[:4] + b"read"


def test_hand_written_object_can_be_nested() -> None:
    class Own(TLObject):
        def _bytes(self) -> bytes:
            return b"own!"

    assert bytes(types.DialogPeer(Own())).endswith(b"own!")  # type: ignore[arg-type]


def test_from_reader_starts_behind_the_id() -> None:
    reader = BinaryReader(bytes(types.PeerUser(7)))
    reader.read_int()
    assert types.PeerUser.from_reader(reader) == types.PeerUser(7)
    assert reader.tell_position() == 12

    class Mine(types.PeerUser):
        pass

    found = Mine.from_reader(BinaryReader(struct.pack("<q", 8)))
    assert type(found) is Mine
    assert found.user_id == 8  # type: ignore[attr-defined]


def test_requests_read_their_answers() -> None:
    assert functions.users.GetUsersRequest([]).read_result(BinaryReader(bytes.fromhex("15c4b51c00000000"))) == []
    numbers = BinaryReader(struct.pack("<Iiq", 0x1CB5C415, 1, 77))
    assert functions.photos.DeletePhotosRequest.read_result(numbers) == [77]
    assert functions.phone.CheckGroupCallRequest.read_result(BinaryReader(struct.pack("<Iii", 0x1CB5C415, 1, -5))) == [
        -5
    ]


def test_request_is_subscriptable_without_cost() -> None:
    assert TLRequest[int] is TLRequest


async def test_requests_without_entities_have_nothing_to_resolve() -> None:
    await functions.help.GetConfigRequest().resolve(None, None)
