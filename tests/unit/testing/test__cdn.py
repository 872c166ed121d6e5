"""The CDN of a test server, from the side of tests."""

from __future__ import annotations

import pytest

from telethon.testing import TelegramTestServer, tiny_png
from telethon.testing._rsakey import TEST_KEY, cdn_key
from telethon.tl import functions, types


async def test_files_are_put_by_whatever_holds_them() -> None:
    async with TelegramTestServer(cdn_dcs=(203,)) as server:
        ann, bob = server.create_user("Ann"), server.create_user("Bob")
        picture = tiny_png(900, 700)
        await ann.chat(bob).send_file(b"content" * 1000, name="x.bin")
        await ann.chat(bob).send_file(picture)
        document = list(server.world.files.documents.values())[-1]
        photo = list(server.world.files.photos.values())[-1]
        for held in (document, document.tl(), types.MessageMediaDocument(document=document.tl())):
            assert server.cdn.put(held).content == b"content" * 1000
        for held in (photo, photo.tl(), types.MessageMediaPhoto(photo=photo.tl())):
            assert server.cdn.put(held).size == "y"
        assert server.cdn.put(photo, "m").content == picture
        assert sorted(server.world.cdn.files) == sorted([(document.id, ""), (photo.id, "y"), (photo.id, "m")])
        for nothing in (None, "text", types.MessageMediaEmpty()):
            with pytest.raises(ValueError, match="no file"):
                server.cdn.put(nothing)


async def test_cdns_are_told_apart_from_data_centres() -> None:
    async with TelegramTestServer(cdn_dcs=(203, 204)) as server:
        ann = server.create_user("Ann")
        config = await ann.call(functions.help.GetConfigRequest())
        assert {option.id: bool(option.cdn) for option in config.dc_options} == {
            **dict.fromkeys((1, 2, 3, 4, 5), False),
            **dict.fromkeys((203, 204), True),
        }
        keys = await ann.call(functions.help.GetCdnConfigRequest())
        assert {key.dc_id: key.public_key for key in keys.public_keys} == dict.fromkeys((203, 204), cdn_key().pem)
        assert cdn_key().fingerprint != TEST_KEY.fingerprint
        # Programs are only told of the data centres that they can log in to.
        assert sorted(server.connection_info().addresses) == [1, 2, 3, 4, 5]
        with pytest.raises(ValueError, match="no data centre 203"):
            server.create_user("Eve", dc_id=203)


async def test_without_connections_there_is_nobody_to_lie_to() -> None:
    async with TelegramTestServer(cdn_dcs=(203,)) as server:
        assert server.cdn.sessions == []
        assert server.cdn.push(types.UpdatesTooLong()) == 0
        assert server.cdn.push_result(5, types.UpdatesTooLong()) == 0
