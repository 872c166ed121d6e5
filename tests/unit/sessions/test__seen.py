from __future__ import annotations

from collections.abc import Callable

from telethon.sessions import _seen
from telethon.sessions._seen import HOLDS_NONE, SeenEntities, entities_in
from telethon.tl import types


def _channel(id: int = 1, title: str = "Title", **kwargs: object) -> types.Channel:
    return types.Channel(id, title, types.ChatPhotoEmpty(), None, access_hash=5, **kwargs)  # type: ignore[arg-type]


def _group(id: int = 1, title: str = "Title") -> types.Chat:
    return types.Chat(id, title, types.ChatPhotoEmpty(), 3, None, 1)


def test_only_what_changed_is_reported(user: Callable[..., types.User]) -> None:
    seen = SeenEntities()
    both = [user(1), user(2)]
    assert list(seen.changed(both)) == both
    assert list(seen.changed([user(1), user(2)])) == []
    for changed in (
        user(1, 999),
        user(1, username="new"),
        user(1, phone="49"),
        user(1, first_name="New"),
        user(1, last_name="New"),
        user(1, usernames=[types.Username("bought", active=True)]),
    ):
        assert list(seen.changed([changed])) == [changed]
        assert list(seen.changed([changed])) == []


def test_ids_of_kinds_do_not_mix(user: Callable[..., types.User]) -> None:
    seen = SeenEntities()
    assert len(list(seen.changed([user(1), _channel(1), _group(1)]))) == 3
    assert list(seen.changed([user(1), _channel(1), _group(1)])) == []
    assert len(list(seen.changed([_channel(1, "New"), _group(1, "New"), _channel(1, "New", username="u")]))) == 3


def test_min_objects_are_left_out(user: Callable[..., types.User]) -> None:
    seen = SeenEntities()
    assert list(seen.changed([user(1, min=True), _channel(min=True)])) == []
    assert len(seen) == 0


def test_other_kinds_are_always_reported() -> None:
    seen = SeenEntities()
    forbidden = types.ChatForbidden(1, "Title")
    assert list(seen.changed([forbidden, forbidden])) == [forbidden, forbidden]


def test_forgetting(user: Callable[..., types.User]) -> None:
    seen = SeenEntities()
    list(seen.changed([user(1), user(2)]))
    seen.forget(1)
    seen.forget(99)
    assert [entity.id for entity in seen.changed([user(1), user(2)])] == [1]
    seen.clear()
    assert len(list(seen.changed([user(1), user(2)]))) == 2


def test_memory_is_bounded(user: Callable[..., types.User]) -> None:
    seen = SeenEntities()
    for number in range(_seen._MOST + 10):
        list(seen.changed([user(number)]))
    assert len(seen) == 10


def test_entities_are_found_wherever_answers_hold_them(user: Callable[..., types.User]) -> None:
    one, two, group = user(1), user(2), _group(3)
    assert entities_in(types.contacts.ResolvedPeer(types.PeerUser(1), [group], [one])) == [group, one]
    assert entities_in(types.auth.Authorization(two)) == [two]
    assert entities_in([one, two]) == [one, two]
    assert entities_in(True) == []


def test_classes_without_entities_are_known_the_second_time() -> None:
    HOLDS_NONE.discard(types.NearestDc)
    for _ in range(2):
        assert entities_in(types.NearestDc("xx", 2, 2)) == []
        assert types.NearestDc in HOLDS_NONE


def test_objects_that_are_not_complete_do_not_speak_for_their_class(user: Callable[..., types.User]) -> None:
    one = user(1)
    cls = types.contacts.ResolvedPeer
    assert entities_in(cls.__new__(cls)) == []
    assert entities_in(cls(types.PeerUser(1), [], [one])) == [one]


def test_classes_of_programs_are_looked_at_each_time(user: Callable[..., types.User]) -> None:
    class Answer(types.NearestDc):
        pass

    answer = Answer("xx", 2, 2)
    assert entities_in(answer) == []
    answer.users = [user(1)]  # type: ignore[attr-defined]
    assert entities_in(answer) == answer.users  # type: ignore[attr-defined]
