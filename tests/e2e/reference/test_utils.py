"""Helpers for what messages and entities hold."""

from __future__ import annotations

import pytest
from reference import covers, of

from telethon import types, utils


@covers(*of("utils", "get_display_name get_extension get_inner_text get_peer_id resolve_id resolve_invite_link"))
@covers(*of("utils", "pack_bot_file_id resolve_bot_file_id"))
async def test_helpers(scene):
    bob = await scene.client.get_entity("bob_1")
    group = await scene.client.get_entity("talk_group")
    assert (utils.get_display_name(bob), utils.get_display_name(group)) == ("Bob", "Talk")
    assert (utils.get_peer_id(bob), utils.get_peer_id(group)) == (scene.bob.id, scene.group.peer)
    assert utils.resolve_id(scene.group.peer) == (scene.group.id, types.PeerChannel)
    sent = await scene.client.send_message("me", "a **bold** word")
    assert utils.get_inner_text(sent.raw_text, sent.entities) == ["bold"]
    document = await scene.client.send_file("me", b"song", mime_type="audio/mpeg", force_document=True)
    assert utils.get_extension(document.document) == ".mp3"
    packed = utils.pack_bot_file_id(document.document)
    again = utils.resolve_bot_file_id(packed)
    assert (again.id, again.access_hash) == (document.document.id, document.document.access_hash)
    assert utils.resolve_bot_file_id("nonsense") is None
    assert utils.resolve_invite_link("https://t.me/joinchat/AAAAAEHbEkejzxUjAUCfYg") == (
        0,
        1104876103,
        11803676388450410338,
    )
    with pytest.raises(TypeError):
        utils.get_peer_id(types.InputPeerSelf())
