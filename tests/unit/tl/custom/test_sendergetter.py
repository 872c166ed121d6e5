"""Who made something. What is expected was seen on Telethon 1.45, but where a test says otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from fakeclient import ALICE, INPUT_USER, USER, FakeClient

from telethon.tl import types
from telethon.tl.custom.sendergetter import SenderGetter

MIN = types.User(id=ALICE, access_hash=6, first_name="a", min=True)


class Thing(SenderGetter):
    """Knows another way to its sender."""

    async def _refetch_sender(self) -> None:
        self._input_sender = types.InputPeerUser(ALICE, 99)


def getter(client: Any, cls: type[SenderGetter] = SenderGetter, **kwargs: Any) -> SenderGetter:
    found = cls(ALICE, **kwargs)
    found._client = client
    return found


def test_properties_never_ask() -> None:
    client = FakeClient()
    found = getter(client)
    assert (found.sender_id, found.sender, found.input_sender) == (ALICE, None, None)
    assert client.calls == []


def test_input_sender_is_what_the_cache_knows_or_made_of_the_sender() -> None:
    client = FakeClient()
    assert getter(client, sender=USER).input_sender == INPUT_USER
    assert getter(client, sender=MIN).input_sender is None
    client._mb_entity_cache.extend([types.User(id=ALICE, access_hash=8)], [])
    assert getter(client, sender=USER).input_sender == types.InputPeerUser(ALICE, 8)


@pytest.mark.parametrize("known", [None, MIN])
async def test_sender_is_asked_for_when_not_known_or_only_in_part(known: Any) -> None:
    client = FakeClient(get_entity=USER)
    found = getter(client, sender=known, input_sender=INPUT_USER)
    assert await found.get_sender() is USER
    assert client.calls == [("get_entity", (INPUT_USER,), {})]


async def test_known_sender_is_not_asked_for() -> None:
    client = FakeClient()
    assert await getter(client, sender=USER).get_sender() is USER
    assert client.calls == []


async def test_sender_nobody_can_name() -> None:
    client = FakeClient()
    assert await getter(client).get_sender() is None
    assert await getter(client).get_input_sender() is None
    assert await getter(client, sender=MIN).get_sender() is MIN
    assert client.calls == []


async def test_sender_by_another_way() -> None:
    client = FakeClient(get_entity=USER)
    found = getter(client, Thing)
    assert await found.get_sender() is USER
    assert client.calls == [("get_entity", (types.InputPeerUser(ALICE, 99),), {})]


async def test_sender_that_cannot_be_found_any_more() -> None:
    client = FakeClient(get_entity=ValueError("gone"))
    found = getter(client, Thing, sender=MIN, input_sender=INPUT_USER)
    assert await found.get_sender() is MIN
    assert found.input_sender == types.InputPeerUser(ALICE, 99)


async def test_without_client_nothing_is_asked() -> None:
    assert await SenderGetter(ALICE).get_sender() is None
    assert await SenderGetter(ALICE).get_input_sender() is None
    assert await SenderGetter(ALICE, sender=USER).get_sender() is USER
