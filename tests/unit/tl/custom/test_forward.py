"""Where messages were forwarded from. What is expected was seen on Telethon 1.45."""

from __future__ import annotations

from typing import Any

import pytest
from fakeclient import (
    ALICE,
    BROADCAST,
    CHANNEL,
    CHANNEL_ID,
    CHAT,
    ENTITIES,
    GROUP,
    INPUT_CHANNEL,
    INPUT_USER,
    NOW,
    USER,
    FakeClient,
)

from telethon.extensions import BinaryReader
from telethon.tl import types
from telethon.tl.custom.forward import Forward


def forward(peer: Any, **fields: Any) -> Forward:
    return Forward(FakeClient(), types.MessageFwdHeader(date=NOW, from_id=peer, **fields), ENTITIES)


@pytest.mark.parametrize(
    ("peer", "sender", "chat"),
    [
        (types.PeerUser(ALICE), (ALICE, USER, INPUT_USER), (None, None, None)),
        (types.PeerChat(GROUP), (None, None, None), (-GROUP, CHAT, types.InputPeerChat(GROUP))),
        (types.PeerChannel(CHANNEL), (None, None, None), (CHANNEL_ID, BROADCAST, INPUT_CHANNEL)),
        (types.PeerUser(77), (77, None, None), (None, None, None)),
        (None, (None, None, None), (None, None, None)),
    ],
)
async def test_origin(peer: Any, sender: tuple[Any, ...], chat: tuple[Any, ...]) -> None:
    found = forward(peer)
    assert (found.sender_id, found.sender, found.input_sender) == sender
    assert (found.chat_id, found.chat, found.input_chat) == chat
    assert await found.get_sender() is sender[1]
    assert await found.get_chat() is chat[1]


def test_fields_of_the_header_are_its_own() -> None:
    found = forward(types.PeerChannel(CHANNEL), channel_post=3, post_author="x")
    header = found.original_fwd
    assert {name: getattr(found, name) for name in header._FIELDS} == {
        name: getattr(header, name) for name in header._FIELDS
    }
    assert (found.channel_post, found.post_author, found.date, found.from_name) == (3, "x", NOW, None)
    assert found.is_channel


def test_header_that_was_read() -> None:
    header = types.MessageFwdHeader(date=NOW, from_name="x")
    read: Any = BinaryReader(bytes(header)).tgread_object()
    found = Forward(FakeClient(), read, {})
    assert (found.date, found.from_name, found.psa_type, found.imported) == (NOW, "x", None, False)
