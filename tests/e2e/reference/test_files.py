"""Uploads and downloads."""

from __future__ import annotations

import io
import os

import pytest
from reference import covers, fails

from telethon import errors, types


@covers("client.send_file")
@fails("client.send_file")
async def test_sending(scene, picture, tmp_path):
    progress = []
    photo = await scene.client.send_file(
        "bob_1", picture(), caption="**look**", progress_callback=lambda done, total: progress.append((done, total))
    )
    assert (photo.text, photo.photo is not None) == ("**look**", True)
    assert progress[-1][0] == progress[-1][1]
    album = await scene.client.send_file("bob_1", [picture(f"{number}.png") for number in range(12)], caption="many")
    assert len(album) == 12
    assert len({message.grouped_id for message in album}) == 2
    path = tmp_path / "notes.txt"
    path.write_text("some text")
    document = await scene.client.send_file("bob_1", path, reply_to=photo, silent=True)
    assert (document.file.name, document.file.size, document.reply_to_msg_id) == ("notes.txt", 9, photo.id)
    again = await scene.client.send_file("me", document.media, ttl=None)
    assert again.document.id == document.document.id
    with pytest.raises(errors.ImageProcessFailedError):
        await scene.client.send_file("bob_1", named(b"no picture", "x.jpg"))
    with pytest.raises(errors.WebpageCurlFailedError):
        await scene.client.send_file("bob_1", "https://example.com/x.jpg")


def named(data, name):
    file = io.BytesIO(data)
    file.name = name
    return file


@covers("client.upload_file")
@fails("client.upload_file")
async def test_uploading(scene, picture):
    handle = await scene.client.upload_file(b"0123456789" * 1000, file_name="digits.txt")
    assert (type(handle).__name__, handle.name, handle.parts) == ("InputSizedFile", "digits.txt", 1)
    sent = await scene.client.send_file("me", handle)
    assert (sent.file.size, sent.file.name) == (10_000, "digits.txt")
    big = await scene.client.upload_file(os.urandom(11 * 1024 * 1024))
    assert isinstance(big, types.InputFileBig)
    with pytest.raises(FileNotFoundError):
        await scene.client.upload_file("not-there.txt")
    with pytest.raises(ValueError, match="512"):
        await scene.client.upload_file(b"x", part_size_kb=513)


@covers("client.download_media")
@fails("client.download_media")
async def test_downloading(scene, tmp_path, picture):
    document = await scene.client.send_file("me", named(b"content", "notes.txt"))
    assert await scene.client.download_media(document, bytes) == b"content"
    path = await scene.client.download_media(document, tmp_path)
    assert path == str(tmp_path / "notes.txt")
    stream = io.BytesIO()
    assert await scene.client.download_media(document, stream) is stream
    assert stream.getvalue() == b"content"
    photo = await scene.client.send_file("me", picture())
    assert (await scene.client.download_media(photo, str(tmp_path / "look"))).endswith("look.jpg")
    assert await scene.client.download_media(photo, bytes, thumb=0)
    assert await scene.client.download_media(await scene.client.send_message("me", "text")) is None
    gone = document.document
    gone.access_hash += 1
    with pytest.raises(errors.RPCError):
        await scene.client.download_media(gone, bytes)


@covers("client.download_profile_photo")
@fails("client.download_profile_photo")
async def test_profile_photos(scene, picture, tmp_path):
    from telethon import functions

    assert await scene.client.download_profile_photo("bob_1", tmp_path) is None
    file = await scene.other.upload_file(picture())
    await scene.other(functions.photos.UploadProfilePhotoRequest(file=file))
    assert len(await scene.client.download_profile_photo("bob_1", bytes)) > 10
    path = await scene.client.download_profile_photo("bob_1", str(tmp_path / "bob"), download_big=False)
    assert path == str(tmp_path / "bob.jpg")
    with pytest.raises(ValueError, match="nobody"):
        await scene.client.download_profile_photo("nobody_here")


@covers("client.iter_download", "client.download_file")
@fails("client.iter_download", "client.download_file")
async def test_pieces(scene):
    data = os.urandom(300_000)
    sent = await scene.client.send_file("me", named(data, "data.bin"))
    parts = [bytes(part) async for part in scene.client.iter_download(sent.media, request_size=65_536)]
    assert b"".join(parts) == data
    assert [len(part) for part in parts] == [65_536] * 4 + [300_000 - 4 * 65_536]
    stream = scene.client.iter_download(sent.media, offset=100, request_size=4096, limit=1)
    assert bytes(await stream.__anext__()) == data[100 : 100 + 4096]
    await stream.close()
    document = sent.document
    location = types.InputDocumentFileLocation(document.id, document.access_hash, document.file_reference, "")
    assert await scene.client.download_file(location, bytes) == data
    location.access_hash += 1
    with pytest.raises(errors.RPCError):
        await scene.client.download_file(location, bytes)
    with pytest.raises(errors.RPCError):
        await scene.client.iter_download(location).__anext__()
