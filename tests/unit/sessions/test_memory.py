from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from telethon.crypto import AuthKey
from telethon.mtproto.salts import KeyState
from telethon.sessions import MemorySession, SQLiteSession
from telethon.sessions.memory import _SentFileType
from telethon.tl import types

NOW = datetime(2020, 1, 1, tzinfo=timezone.utc)
MakeUser = Callable[..., types.User]


def _channel(id: int, access_hash: int = 77, title: str = "Channel", **kwargs: Any) -> types.Channel:
    return types.Channel(id, title, types.ChatPhotoEmpty(), None, access_hash=access_hash, **kwargs)


def _group(id: int, title: str = "Group") -> types.Chat:
    return types.Chat(id, title, types.ChatPhotoEmpty(), 3, None, 1)


@pytest.fixture(params=["memory", "sqlite", "file"])
def session(request: pytest.FixtureRequest) -> Any:
    """The same tests hold for sessions in memory, in a database in memory, and in a file."""
    if request.param == "memory":
        yield MemorySession()
    elif request.param == "sqlite":
        with_database = SQLiteSession()
        yield with_database
        with_database.close()
    else:
        yield request.getfixturevalue("open_session")()


def test_a_new_session_has_no_login(session: MemorySession) -> None:
    assert (session.dc_id, session.server_address, session.port) == (0, None, None)
    assert session.auth_key is session.tmp_auth_key is session.takeout_id is None


def test_the_login_is_kept(session: MemorySession) -> None:
    session.set_dc(2, "149.154.167.51", 443)
    session.auth_key = AuthKey(b"k" * 256)
    session.tmp_auth_key = AuthKey(b"t" * 256)
    session.takeout_id = 7
    assert (session.dc_id, session.server_address, session.port) == (2, "149.154.167.51", 443)
    assert session.auth_key.key == b"k" * 256
    assert session.tmp_auth_key.key == b"t" * 256
    assert session.takeout_id == 7
    session.auth_key = None
    assert session.auth_key is None
    session.set_dc(None, None, None)  # type: ignore[arg-type]  # Telethon takes that, too
    assert session.dc_id == 0


def test_entities_are_found_by_id(session: MemorySession, user: MakeUser) -> None:
    session.process_entities([user(1), _group(6), _channel(7)])
    assert session.get_entity_rows_by_id(1) == (1, 11)
    assert session.get_entity_rows_by_id(-6) == (-6, 0)
    assert session.get_entity_rows_by_id(-1000000000007) == (-1000000000007, 77)
    assert session.get_entity_rows_by_id(6) is None
    assert session.get_entity_rows_by_id(6, exact=False) == (-6, 0)
    assert session.get_entity_rows_by_id(7, exact=False) == (-1000000000007, 77)
    assert session.get_entity_rows_by_id(-6, exact=False) == (-6, 0)
    assert session.get_entity_rows_by_id(8, exact=False) is None


def test_a_marked_id_wins_over_one_that_could_be_meant(session: MemorySession, user: MakeUser) -> None:
    session.process_entities([_channel(8), _group(8), user(8)])
    assert session.get_input_entity(8) == types.InputPeerUser(8, 88)


def test_entities_are_found_by_username_phone_and_name(session: MemorySession, user: MakeUser) -> None:
    session.process_entities([user(1, username="SomeOne", phone="4912345", first_name="Some", last_name="One")])
    assert session.get_entity_rows_by_username("someone") == (1, 11)
    assert session.get_entity_rows_by_username("SomeOne") is None
    assert session.get_entity_rows_by_phone("4912345") == (1, 11)
    assert session.get_entity_rows_by_name("Some One") == (1, 11)
    for find in (
        session.get_entity_rows_by_username,
        session.get_entity_rows_by_phone,
        session.get_entity_rows_by_name,
    ):
        assert find("nobody") is None
        assert find(None) is None  # type: ignore[arg-type]


def test_a_username_goes_over_to_who_has_it_now(session: MemorySession, user: MakeUser) -> None:
    session.process_entities([user(1, username="name")])
    session.process_entities([user(2, username="name")])
    assert session.get_entity_rows_by_username("name") == (2, 22)
    # And back, although nothing about user 1 has changed since it was seen first.
    session.process_entities([user(1, username="name")])
    assert session.get_entity_rows_by_username("name") == (1, 11)


def test_changes_are_taken_over(session: MemorySession, user: MakeUser) -> None:
    session.process_entities([user(1, username="old", phone="491")])
    session.process_entities([user(1, 12, username="new", phone="492")])
    assert session.get_entity_rows_by_id(1) == (1, 12)
    assert session.get_entity_rows_by_username("old") is None
    assert session.get_entity_rows_by_phone("491") is None
    assert session.get_entity_rows_by_username("new") == (1, 12)


def test_an_input_peer_does_not_take_the_names_away(session: MemorySession, user: MakeUser) -> None:
    session.process_entities([user(1, username="name", phone="491"), types.InputPeerUser(2, 22)])
    session.process_entities([types.InputPeerUser(1, 11), types.InputPeerUser(2, 23)])
    assert session.get_entity_rows_by_username("name") == (1, 11)
    assert session.get_entity_rows_by_phone("491") == (1, 11)
    assert session.get_entity_rows_by_id(2) == (2, 23)


def test_the_own_account_is_entity_zero(session: MemorySession) -> None:
    session.process_entities([types.InputPeerUser(0, 4242)])
    own = session.get_input_entity(0)
    assert isinstance(own, types.InputPeerUser)
    assert own.access_hash == 4242


@pytest.mark.parametrize(
    ("key", "peer"),
    [
        (1, types.InputPeerUser(1, 11)),
        (6, types.InputPeerChat(6)),
        (-6, types.InputPeerChat(6)),
        (7, types.InputPeerChannel(7, 77)),
        (-1000000000007, types.InputPeerChannel(7, 77)),
        ("someone", types.InputPeerUser(1, 11)),
        ("@SomeOne", types.InputPeerUser(1, 11)),
        ("https://t.me/someone", types.InputPeerUser(1, 11)),
        ("+4912345", types.InputPeerUser(1, 11)),
        ("(4912345)", types.InputPeerUser(1, 11)),
        ("Some One", types.InputPeerUser(1, 11)),
        ("Group", types.InputPeerChat(6)),
        (types.PeerUser(1), types.InputPeerUser(1, 11)),
        (types.PeerChat(6), types.InputPeerChat(6)),
        (types.PeerChannel(7), types.InputPeerChannel(7, 77)),
        (types.User(1), types.InputPeerUser(1, 11)),
        (types.InputPeerSelf(), types.InputPeerSelf()),
        (types.InputPeerUser(3, 4), types.InputPeerUser(3, 4)),
        (types.InputUser(3, 4), types.InputUser(3, 4)),
        (types.User(3, access_hash=4), types.InputPeerUser(3, 4)),
    ],
)
def test_get_input_entity(session: MemorySession, user: MakeUser, key: Any, peer: Any) -> None:
    session.process_entities(
        [
            user(1, username="SomeOne", phone="4912345", first_name="Some", last_name="One"),
            _group(6),
            _channel(7),
        ]
    )
    assert session.get_input_entity(key) == peer


@pytest.mark.parametrize(
    "key",
    [99, "nobody", "some one", "me", "t.me/+abcdefghijklmnop", "", None, b"bytes", 1.5, types.PeerUser(7),
     types.User(99), types.MessageEmpty(1, types.PeerUser(1))],
)  # fmt: skip
def test_get_input_entity_says_when_there_is_none(session: MemorySession, user: MakeUser, key: Any) -> None:
    session.process_entities([user(1, first_name="Some", last_name="One"), _channel(7)])
    with pytest.raises(ValueError, match="Could not find input entity with key"):
        session.get_input_entity(key)


@pytest.mark.parametrize(
    ("entity", "row"),
    [
        (types.User(1, access_hash=2, username="Name", phone="49", first_name="A", last_name="B"),
         (1, 2, "name", "49", "A B")),
        (types.User(1, access_hash=0), (1, 0, None, None, None)),
        (types.User(1), None),
        (types.User(1, access_hash=2, min=True), None),
        (types.User(1, access_hash=2, is_self=True), (1, 2, None, None, None)),
        (types.User(1, access_hash=2, usernames=[types.Username("Old"), types.Username("New", active=True)]),
         (1, 2, "new", None, None)),
        (types.UserEmpty(1), None),
        (types.ChatForbidden(3, "T"), (-3, 0, None, None, "T")),
        (types.ChannelForbidden(4, 5, "T"), (-1000000000004, 5, None, None, "T")),
        (types.InputPeerUser(1, 2), (1, 2, None, None, None)),
        (types.InputUser(1, 2), (1, 2, None, None, None)),
        (types.InputPeerChat(3), (-3, 0, None, None, None)),
        (types.InputPeerSelf(), None),
        (types.PeerUser(1), None),
        (None, None),
        ("text", None),
    ],
)  # fmt: skip
def test_rows_of_entities(entity: Any, row: Any) -> None:
    assert MemorySession()._entity_to_row(entity) == row


def test_rows_of_answers(user: MakeUser) -> None:
    session = MemorySession()
    answer = types.contacts.ResolvedPeer(types.PeerUser(1), [_channel(2, title="C")], [user(1)])
    assert session._entities_to_rows(answer) == [
        (-1000000000002, 77, None, None, "C"),
        (1, 11, None, None, "User 1"),
    ]
    assert session._entities_to_rows(types.auth.Authorization(user(1))) == [(1, 11, None, None, "User 1")]
    assert session._entities_to_rows((user(1),)) == [(1, 11, None, None, "User 1")]
    # A lone entity is no answer.
    assert session._entities_to_rows(user(1)) == []
    assert session._entities_to_rows(True) == []
    assert session._entities_to_rows("text") == []


def test_a_back_end_may_have_rows_of_its_own(user: MakeUser) -> None:
    stored: list[Any] = []

    class BackEnd(MemorySession):
        def _entity_values_to_row(self, id: int, hash: int, username: Any, phone: Any, name: Any) -> Any:  # type: ignore[override]
            return {"id": id, "hash": hash, "username": username}

        def process_entities(self, tlo: Any) -> None:
            stored.extend(self._entities_to_rows(tlo))

    BackEnd().process_entities([user(1, username="Name")])
    assert stored == [{"id": 1, "hash": 11, "username": "name"}]


def test_the_set_of_rows_may_be_replaced(user: MakeUser) -> None:
    session = MemorySession()
    session.process_entities([user(1)])
    session._entities = {(5, 55, "name", None, None)}  # type: ignore[assignment]
    assert session.get_entity_rows_by_username("name") == (5, 55)
    assert session.get_entity_rows_by_id(1) is None
    session.process_entities([user(1)])
    assert session.get_entity_rows_by_id(1) == (1, 11)
    session._entities |= {(6, 66, None, None, None)}
    assert session.get_entity_rows_by_id(6) == (6, 66)


def test_update_states(session: MemorySession) -> None:
    assert session.get_update_state(0) is None
    assert list(session.get_update_states()) == []
    session.set_update_state(0, types.updates.State(1, 2, NOW, 3, unread_count=0))
    session.set_update_state(-1000000000007, types.updates.State(10, 0, NOW, 0, unread_count=0))
    session.set_update_state(0, types.updates.State(5, 6, NOW, 7, unread_count=0))
    assert session.get_update_state(0) == types.updates.State(5, 6, NOW, 7, unread_count=0)
    assert dict(session.get_update_states()) == {
        0: types.updates.State(5, 6, NOW, 7, unread_count=0),
        -1000000000007: types.updates.State(10, 0, NOW, 0, unread_count=0),
    }


def test_files(session: MemorySession) -> None:
    assert session.get_file(b"digest", 10, types.InputPhoto) is None
    session.cache_file(b"digest", 10, types.InputPhoto(1, 2, b"reference"))
    session.cache_file(b"digest", 10, types.InputDocument(3, 4, b"reference"))
    assert session.get_file(b"digest", 10, types.InputPhoto) == types.InputPhoto(1, 2, b"")
    assert session.get_file(b"digest", 10, types.InputDocument) == types.InputDocument(3, 4, b"")
    assert session.get_file(b"digest", 11, types.InputPhoto) is None
    with pytest.raises(TypeError, match="Cannot cache"):
        session.cache_file(b"digest", 10, types.InputFile(1, 1, "name", ""))
    with pytest.raises(ValueError, match="InputDocument/InputPhoto"):
        session.get_file(b"digest", 10, int)


def test_kinds_of_files_keep_their_stored_numbers() -> None:
    assert _SentFileType.from_type(types.InputDocument).value == 0
    assert _SentFileType.from_type(types.InputPhoto).value == 1


def test_cloning(session: MemorySession) -> None:
    session.set_dc(2, "149.154.167.51", 443)
    other = session.clone()
    assert type(other) is type(session)
    assert other.dc_id == 0
    other.close()
    given = MemorySession()
    assert session.clone(given) is given


def test_nothing_is_lost_by_saving_and_closing(session: MemorySession, user: MakeUser) -> None:
    session.set_dc(2, "149.154.167.51", 443)
    session.process_entities([user(1)])
    session.save()
    assert session.dc_id == 2
    assert session.get_entity_rows_by_id(1) == (1, 11)


def test_a_session_in_memory_has_nothing_to_list_or_to_delete() -> None:
    session = MemorySession()
    session.close()
    assert session.delete() is None
    assert MemorySession.list_sessions() == []


def test_S6_salts_and_time_live_as_long_as_the_object() -> None:
    session = MemorySession()
    assert session.get_key_state(2) is None
    session.set_key_state(2, KeyState(1, 2))
    assert session.get_key_state(2) == KeyState(1, 2)
    assert MemorySession().get_key_state(2) is None
    assert session.clone().get_key_state(2) is None


def test_keys_of_other_data_centres_go_with_the_key_that_vouched_for_them():
    session = MemorySession()
    session.auth_key = AuthKey(bytes([1]) * 256)
    other = AuthKey(bytes([4]) * 256)
    assert session.get_other_key(4) is None
    session.set_other_key(4, other)
    assert session.get_other_key(4) == other
    assert session.get_other_key(2) is None
    assert session.clone().get_other_key(4) is None
    session.auth_key = AuthKey(bytes([2]) * 256)
    assert session.get_other_key(4) is None
    session.auth_key = None
    assert session.get_other_key(4) is None
    session.auth_key = AuthKey(bytes([1]) * 256)
    session.set_other_key(4, None)
    assert session.get_other_key(4) is None


def test_without_a_key_nobody_vouches_for_others():
    session = MemorySession()
    session.set_other_key(4, AuthKey(bytes([4]) * 256))
    assert session.get_other_key(4) is None
