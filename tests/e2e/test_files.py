from __future__ import annotations

import hashlib
import io
import os

import pytest

from telethon import errors
from telethon.sessions import SQLiteSession
from telethon.testing import tiny_png
from telethon.tl import functions


def named(data: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


@pytest.mark.parametrize("size", [1, 1024, 524_288, 5 * 1024 * 1024 + 123, 11 * 1024 * 1024])
async def test_F1_F2_a_file_goes_up_and_down_byte_for_byte(telegram_client, size):
    content = os.urandom(size)
    progress = []
    message = await telegram_client.send_file(
        "me", named(content, "data.bin"), progress_callback=lambda done, total: progress.append((done, total))
    )
    assert progress[-1] == (size, size)
    assert (message.file.size, message.file.name) == (size, "data.bin")
    back = await telegram_client.download_media(message, bytes)
    assert hashlib.sha256(back).digest() == hashlib.sha256(content).digest()


async def test_F5_a_file_of_another_data_centre_is_fetched_there(telegram_server, telegram_clients):
    ann = telegram_server.create_user("Ann", username="ann_1")
    bob = telegram_server.create_user("Bob", username="bob_1", dc_id=4)
    content = os.urandom(300_000)
    await ann.chat(bob).send_file(content, name="x.bin")
    client = await telegram_clients(bob)
    message = (await client.get_messages("ann_1"))[0]
    assert await client.download_media(message, bytes) == content
    assert {entry.dc_id for entry in telegram_server.requests if entry.method == "upload.getFile"} == {2}


@pytest.fixture
def another_run(telegram_server, tmp_path):
    """Somebody with a file in another data centre; gives a function that fetches it, in a run of its own."""
    ann = telegram_server.create_user("Ann", username="ann_1")
    bob = telegram_server.create_user("Bob", username="bob_1", dc_id=4)
    content = os.urandom(300_000)
    home = telegram_server.client_session(bob)

    async def run(**options):
        session = SQLiteSession(tmp_path / "bob")
        if session.auth_key is None:
            await ann.chat(bob).send_file(content, name="x.bin")
            session.set_dc(home.dc_id, home.server_address, home.port)
            session.auth_key = home.auth_key
        before = telegram_server.stats.keys
        async with telegram_server.client(session=session, **options) as client:
            message = (await client.get_messages("ann_1"))[0]
            assert await client.download_media(message, bytes) == content
        return telegram_server.stats.keys - before

    return run


async def test_the_key_of_another_data_centre_is_there_in_the_next_run(telegram_server, another_run):
    assert [await another_run() for _ in range(3)] == [1, 0, 0]
    # The salts that go with it are there, too.
    assert telegram_server.stats.bad_messages.get(48, 0) <= 1


@pytest.mark.parametrize("pfs", [False, True])
async def test_a_kept_key_that_the_other_data_centre_does_not_know_any_more_is_replaced(
    telegram_server, another_run, pfs
):
    await another_run(use_pfs=pfs)
    for record in telegram_server.auth_keys():
        if record.dc_id == 2:
            telegram_server.forget_key(record)
    replaced = await another_run(use_pfs=pfs)
    if pfs:
        # Besides the keys that the two data centres are given for each run, three that could not be bound.
        assert replaced > await another_run(use_pfs=pfs)
        assert [one.rule for one in telegram_server.violations] == ["bind"] * 3
        telegram_server.violations.clear()
    else:
        assert (replaced, await another_run()) == (1, 0)


async def test_pictures_are_photos_and_come_in_albums(telegram_client, tmp_path):
    photo = await telegram_client.send_file("me", named(tiny_png(400, 300), "x.png"), caption="a *picture*")
    assert photo.photo is not None
    saved = await telegram_client.download_media(photo, str(tmp_path))
    assert saved.endswith(".jpg")
    album = await telegram_client.send_file(
        "me", [named(tiny_png(100 + number, 100), f"{number}.png") for number in range(3)], caption=["a", "b", "c"]
    )
    assert len({message.grouped_id for message in album}) == 1
    assert [message.raw_text for message in album] == ["a", "b", "c"]
    document = await telegram_client.send_file("me", named(tiny_png(), "x.png"), force_document=True)
    assert document.document.mime_type == "image/png"


async def test_F6_an_expired_reference_is_fetched_again(telegram_server, telegram_client):
    content = os.urandom(1000)
    message = await telegram_client.send_file("me", named(content, "x.bin"))
    telegram_server.expire_file_references()
    assert await telegram_client.download_media(message, bytes) == content


async def test_F7_lost_parts_are_sent_again(telegram_server, telegram_client, tmp_path):
    content = os.urandom(400_000)
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    lost = []

    @telegram_server.on(functions.upload.SaveFilePartRequest)
    def lose(request, call):
        if request.file_part == 1 and not lost:
            lost.append(request.file_part)
            return True
        return NotImplemented

    message = await telegram_client.send_file("me", path)
    assert lost == [1]
    assert await telegram_client.download_media(message, bytes) == content


async def test_profile_photos(telegram_server, telegram_client, telegram_user):
    file = await telegram_client.upload_file(named(tiny_png(300, 300), "me.png"))
    await telegram_client(functions.photos.UploadProfilePhotoRequest(file=file))
    photos = await telegram_client.get_profile_photos("me")
    assert photos.total == 1
    assert len(await telegram_client.download_profile_photo("me", bytes)) > 0


async def test_what_is_no_picture_is_said(telegram_client):
    with pytest.raises(errors.ImageProcessFailedError):
        await telegram_client.send_file("me", named(b"text", "x.jpg"))
