from __future__ import annotations

import pytest

from telethon.client._usernames import Usernames, has_username
from telethon.tl import types


def test_a_username_is_known_for_some_time() -> None:
    names = Usernames(seconds=10)
    names.put("a", types.User(1, access_hash=5), 100)
    assert names.get("a", 109.9) == types.InputPeerUser(1, 5)
    assert names.get("b", 100) is None
    assert names.get("a", 110) is None
    assert len(names) == 0


def test_the_oldest_is_forgotten() -> None:
    names = Usernames(most=2)
    for number, name in enumerate("abac"):
        names.put(name, types.User(number + 1, access_hash=5), 0)
    assert names.get("b", 0) is None
    assert names.get("a", 0) == types.InputPeerUser(3, 5)
    names.drop("a")
    names.drop("a")
    assert names.get("a", 0) is None


@pytest.mark.parametrize("entity", [types.User(1, access_hash=5, min=True), types.UserEmpty(1), types.User(1)])
def test_U10_who_cannot_be_named_by_it_is_not_noted(entity: object) -> None:
    names = Usernames()
    names.put("a", entity, 0)
    assert names.get("a", 0) is None


def test_usernames_of_an_entity() -> None:
    several = [types.Username("Two", active=True), types.Username("three")]
    both = types.User(1, username="One", usernames=several)
    assert [has_username(both, name) for name in ("one", "two", "three")] == [True, True, False]
    assert not has_username(types.UserEmpty(1), "one")
