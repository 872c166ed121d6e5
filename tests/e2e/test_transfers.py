"""Files up and down where something is odd: sizes, places, references, lost parts, names, waits."""

from __future__ import annotations

import asyncio
import io
import os
import random

import pytest
from webserver import web_server

from telethon import errors
from telethon.testing import RpcFault, tiny_png
from telethon.tl import functions, types

MEGABYTE = 1 << 20


def named(data: bytes, name: str = "data.bin") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def nothing_borrowed(client) -> bool:
    return not any(lease.borrowed for lease in client._pool._leases.values())


@pytest.fixture
def pauses(telegram_client, monkeypatch):
    """The seconds that the client has waited, without waiting."""
    found = []

    async def pause(seconds):
        found.append(seconds)

    monkeypatch.setattr(telegram_client, "_sleep", pause)
    return found


# ---- F1: sizes


@pytest.mark.parametrize("size", [1, 1023, 1024, 1025, 10 * MEGABYTE - 1, 10 * MEGABYTE, 10 * MEGABYTE + 1])
async def test_F1_sizes_around_the_limits(telegram_server, telegram_client, size):
    content = random.Random(size).randbytes(size)
    message = await telegram_client.send_file("me", named(content))
    assert await telegram_client.download_media(message, bytes) == content
    kinds = {one.method for one in telegram_server.requests if one.method.startswith("upload.save")}
    assert kinds == {"upload.saveBigFilePart" if size > 10 * MEGABYTE else "upload.saveFilePart"}


async def test_F1_an_empty_file_is_refused_by_the_server_and_not_waited_for(telegram_client):
    handle = await telegram_client.upload_file(named(b""))
    assert (handle.parts, handle.name) == (0, "data.bin")
    with pytest.raises(errors.RPCError, match="FILE_PART"):
        await telegram_client.send_file("me", named(b""))


# ---- F5, I29: other data centres


@pytest.fixture
async def scattered(telegram_server, telegram_clients, telegram_user):
    """A client, and messages whose files are in data centres 4 and 5."""
    client = await telegram_clients(telegram_user, timeout=0.4, connection_retries=1, retry_delay=0.01)
    contents = {}
    for dc_id in (4, 5):
        sender = telegram_server.create_user(f"U{dc_id}", username=f"sender_{dc_id}", dc_id=dc_id)
        contents[dc_id] = os.urandom(700_000)
        await sender.chat(telegram_user).send_file(contents[dc_id], name=f"{dc_id}.bin")
    messages = {dc_id: (await client.get_messages(f"sender_{dc_id}"))[0] for dc_id in (4, 5)}
    return client, contents, messages


async def test_F5_I29_a_dead_data_centre_does_not_hold_up_another(telegram_server, scattered):
    client, contents, messages = scattered
    telegram_server.faults.black_hole(new=True, dc_id=4)
    loop = asyncio.get_running_loop()
    started = loop.time()
    dead = [asyncio.create_task(client.download_media(messages[4], bytes)) for _ in range(3)]
    await asyncio.sleep(0.05)
    alive = await asyncio.gather(*(client.download_media(messages[5], bytes) for _ in range(3)))
    took = loop.time() - started
    assert alive == [contents[5]] * 3
    # The others still wait, so that nobody has waited for them.
    assert not any(task.done() for task in dead)
    assert took < 2 * 0.4
    ended = await asyncio.wait_for(asyncio.gather(*dead, return_exceptions=True), 5)
    assert all(isinstance(error, (ConnectionError, asyncio.TimeoutError)) for error in ended), ended
    assert nothing_borrowed(client)
    telegram_server.faults.clear()
    assert await client.download_media(messages[4], bytes) == contents[4]
    assert nothing_borrowed(client)


async def test_F5_one_connection_for_many_downloads_and_all_of_them_given_back(telegram_server, scattered):
    client, contents, messages = scattered
    found = await asyncio.gather(*(client.download_media(messages[dc_id], bytes) for dc_id in (4, 5, 4, 5, 4)))
    assert found == [contents[dc_id] for dc_id in (4, 5, 4, 5, 4)]
    assert nothing_borrowed(client)
    assert sorted(client._borrowed_senders) == [4, 5]
    imported = [one.dc_id for one in telegram_server.requests if one.method == "auth.importAuthorization"]
    assert sorted(imported) == [4, 5]


async def test_F5_a_second_move_leaks_no_connection(telegram_server, telegram_client, telegram_user):
    sender = telegram_server.create_user("Eve", username="eve_5", dc_id=5)
    content = os.urandom(300_000)
    await sender.chat(telegram_user).send_file(content, name="x.bin")
    message = (await telegram_client.get_messages("eve_5"))[0]
    # Sent from the one it names to another one, which sends on to where the file is.
    telegram_server.faults.migrate("upload.GetFile", 4, kind="FILE", dc_id=5)
    assert await telegram_client.download_media(message, bytes) == content
    moves = [one.error for one in telegram_server.requests if one.method == "upload.getFile" and one.error]
    assert moves
    assert set(moves) <= {"FILE_MIGRATE_4", "FILE_MIGRATE_5"}
    assert nothing_borrowed(telegram_client)


async def test_F5_an_import_that_fails_is_tried_again(telegram_server, scattered):
    client, contents, messages = scattered
    telegram_server.faults.rpc_error("auth.ImportAuthorization", 400, "AUTH_BYTES_INVALID", times=1)
    assert await client.download_media(messages[4], bytes) == contents[4]
    telegram_server.faults.rpc_error("auth.ImportAuthorization", 400, "USER_DEACTIVATED", times=1)
    with pytest.raises(errors.RPCError, match="USER_DEACTIVATED"):
        await client.download_media(messages[5], bytes)
    assert await client.download_media(messages[5], bytes) == contents[5]
    assert nothing_borrowed(client)


async def test_F5_a_cancelled_download_gives_its_connection_back(telegram_server, scattered):
    client, contents, messages = scattered
    telegram_server.faults.slow("upload.GetFile", 30, times=None, dc_id=4)
    task = asyncio.create_task(client.download_media(messages[4], bytes))
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert nothing_borrowed(client)
    telegram_server.faults.clear()
    assert await client.download_media(messages[4], bytes) == contents[4]


# ---- F6: file references


@pytest.fixture
async def kinds(telegram_server, telegram_client):
    """Everything that has a file reference: how it is downloaded, and what comes."""
    picture = tiny_png(500, 400)
    thumb = tiny_png(90, 80)
    content = os.urandom(300_000)
    document = await telegram_client.send_file("me", named(content), thumb=thumb, force_document=True)
    photo = await telegram_client.send_file("me", named(picture, "x.png"))
    own = await telegram_client.upload_file(named(picture, "me.png"))
    await telegram_client(functions.photos.UploadProfilePhotoRequest(file=own))
    full = (await telegram_client(functions.users.GetFullUserRequest("me"))).full_user
    telegram_server.create_user("Bob", username="bob_of_the_group")
    group = await telegram_client(functions.messages.CreateChatRequest(["bob_of_the_group"], "Group"))
    chat_id = group.updates.chats[0].id
    chosen = types.InputChatUploadedPhoto(await telegram_client.upload_file(named(picture, "g.png")))
    await telegram_client(functions.messages.EditChatPhotoRequest(chat_id, chosen))
    chat = (await telegram_client(functions.messages.GetFullChatRequest(chat_id))).full_chat
    return {
        "document": (lambda: telegram_client.download_media(document, bytes), content),
        "photo": (lambda: telegram_client.download_media(photo, bytes), picture),
        "thumb": (lambda: telegram_client.download_media(document, bytes, thumb=-1), thumb),
        "chunks": (lambda: collect(telegram_client.iter_download(document)), content),
        "profile photo": (lambda: telegram_client.download_profile_photo("me", bytes), picture),
        "profile photo of a full user": (lambda: telegram_client.download_profile_photo(full, bytes), picture),
        "profile photo of a full group": (lambda: telegram_client.download_profile_photo(chat, bytes), picture),
    }


async def collect(chunks) -> bytes:
    return b"".join([chunk async for chunk in chunks])


KINDS = [
    "document",
    "photo",
    "thumb",
    "chunks",
    "profile photo",
    "profile photo of a full user",
    "profile photo of a full group",
]


@pytest.mark.parametrize("kind", KINDS)
async def test_F6_a_reference_that_expired_once_is_no_matter(telegram_server, kinds, kind):
    download, content = kinds[kind]
    assert await download() == content
    telegram_server.expire_file_references()
    telegram_server.requests.clear()
    assert await download() == content
    expired = sum(one.error == "FILE_REFERENCE_EXPIRED" for one in telegram_server.requests)
    # Profile photos of short users are named without a reference.
    assert bool(expired) == (kind != "profile photo")
    # What was learned is kept, as far as the object can be changed.
    assert await download() == content


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "profile photo"])
async def test_F6_references_that_expire_for_ever_are_an_error_after_three_tries(telegram_server, kinds, kind):
    download, _ = kinds[kind]
    telegram_server.requests.clear()

    @telegram_server.on(functions.upload.GetFileRequest)
    def too_old(request, call):
        telegram_server.expire_file_references()
        raise RpcFault(400, "FILE_REFERENCE_EXPIRED")

    with pytest.raises(errors.FileReferenceExpiredError):
        await asyncio.wait_for(download(), 5)
    renewals = ("messages.getMessages", "users.getFullUser", "messages.getFullChat")
    assert sum(one.method in renewals for one in telegram_server.requests) == 3


async def test_F6_a_file_that_is_gone_from_its_message_is_an_error(telegram_server, telegram_client):
    message = await telegram_client.send_file("me", named(b"x" * 5000))
    await telegram_client.delete_messages("me", [message])
    telegram_server.expire_file_references()
    with pytest.raises(errors.FileReferenceExpiredError):
        await telegram_client.download_media(message, bytes)


# ---- F7: lost parts and waits


@pytest.mark.parametrize("source", ["path", "bytes", "stream", "stream from its middle", "open file", "picture"])
@pytest.mark.parametrize("size", [400_000, 11 * MEGABYTE])
async def test_F7_random_parts_that_are_lost_are_sent_again(telegram_server, telegram_client, tmp_path, source, size):
    chance = random.Random(size)
    content = chance.randbytes(size)
    if source == "picture":
        content = tiny_png(300, 200) + content
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    opened = path.open("rb")
    middle = named(b"before it" + content, "x.bin")
    middle.seek(9)
    sources = {
        "path": str(path),
        "bytes": content,
        "stream": named(content, "x.bin"),
        "stream from its middle": middle,
        "open file": opened,
        "picture": named(content, "x.png"),
    }
    parts = 4 if size < MEGABYTE else 88
    to_lose = set(chance.sample(range(parts), 3))

    def lose(request, call):
        if request.file_part in to_lose:
            to_lose.remove(request.file_part)
            return True
        return NotImplemented

    telegram_server.on(functions.upload.SaveFilePartRequest)(lose)
    telegram_server.on(functions.upload.SaveBigFilePartRequest)(lose)
    with opened:
        message = await telegram_client.send_file("me", sources[source], force_document=source == "picture")
    assert not to_lose
    assert await telegram_client.download_media(message, bytes) == content


async def test_F7_parts_of_an_album_are_sent_again(telegram_server, telegram_client):
    pictures = [tiny_png(200 + number, 100) for number in range(3)]
    lost = []

    @telegram_server.on(functions.upload.SaveFilePartRequest)
    def lose(request, call):
        if len(lost) < 3 and request.file_id not in lost:
            lost.append(request.file_id)
            return True
        return NotImplemented

    album = await telegram_client.send_file("me", [named(data, f"{at}.png") for at, data in enumerate(pictures)])
    assert len(lost) == 3
    assert [await telegram_client.download_media(message, bytes) for message in album] == pictures


async def test_F7_a_part_that_is_lost_again_and_again_is_an_error(telegram_server, telegram_client):
    @telegram_server.on(functions.upload.SaveFilePartRequest)
    def lose(request, call):
        return True if request.file_part == 1 else NotImplemented

    with pytest.raises(errors.FilePartMissingError) as caught:
        await telegram_client.send_file("me", named(bytes(400_000)))
    assert caught.value.which == 1


@pytest.mark.parametrize(("word", "seconds"), [("FLOOD_WAIT", 3), ("FLOOD_PREMIUM_WAIT", 7)])
async def test_F7_waits_are_kept_on_the_way_up_and_down(telegram_server, telegram_client, pauses, word, seconds):
    content = os.urandom(600_000)
    telegram_server.faults.rpc_error("upload.SaveFilePart", 420, f"{word}_{seconds}", times=2)
    message = await telegram_client.send_file("me", named(content))
    on_the_way_up = len(pauses)
    assert on_the_way_up >= 2
    telegram_server.faults.rpc_error("upload.GetFile", 420, f"{word}_{seconds}", times=2)
    assert await telegram_client.download_media(message, bytes) == content
    assert len(pauses) >= on_the_way_up + 2
    assert max(pauses) == seconds


async def test_F7_answers_in_another_order_do_not_mix_up_the_file(telegram_server, telegram_client):
    content = os.urandom(3 * MEGABYTE + 77)
    chance = random.Random(5)

    async def late(request, call):
        await asyncio.sleep(chance.random() * 0.02)
        return NotImplemented

    for request in (functions.upload.GetFileRequest, functions.upload.SaveFilePartRequest):
        telegram_server.on(request)(late)
    message = await telegram_client.send_file("me", named(content))
    assert await telegram_client.download_media(message, bytes) == content


# ---- F8, I34: names

NAMES = [
    "../x",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\Windows\\x.txt",
    "..\\..\\x",
    "a\x00b.txt",
    "\x00",
    ".",
    "..",
    "",
    "/",
    "x" * 300 + ".txt",
    "\u00e9" * 300,
    "CON",
    "nul.txt",
    "a/../../b",
    "~/.bashrc",
    "x\u202egpj.exe",
    "dir/",
]


@pytest.mark.parametrize("name", NAMES)
async def test_F8_I34_names_never_lead_out_of_the_folder(
    telegram_server, telegram_client, telegram_user, tmp_path, name
):
    eve = telegram_server.create_user("Eve", username="eve_1")
    await eve.chat(telegram_user).send_file(b"content", name=name or " ")
    if not name:
        stored = list(telegram_server.world.files.documents.values())[-1]
        stored.attributes[:] = [types.DocumentAttributeFilename("")]
    message = (await telegram_client.get_messages("eve_1"))[0]
    folder = tmp_path / "in" / "here"
    folder.mkdir(parents=True)
    for _ in range(2):
        path = await telegram_client.download_media(message, str(folder))
        assert os.path.dirname(path) == str(folder)
        assert os.path.basename(path) not in ("", ".", "..")
    found = sorted(item for item in tmp_path.rglob("*") if item.is_file())
    # Two files, since the second must not take the place of the first.
    assert [item.parent for item in found] == [folder, folder]
    assert [item.read_bytes() for item in found] == [b"content"] * 2


async def test_F8_a_failed_download_leaves_no_file_under_any_name(telegram_server, telegram_client, tmp_path):
    message = await telegram_client.send_file("me", named(os.urandom(800_000)))
    asked = []

    @telegram_server.on(functions.upload.GetFileRequest)
    def fail(request, call):
        asked.append(request.offset)
        if request.offset:
            raise RpcFault(400, "LOCATION_INVALID")
        return NotImplemented

    with pytest.raises(errors.LocationInvalidError):
        await telegram_client.download_media(message, str(tmp_path))
    assert len(asked) > 1
    assert list(tmp_path.iterdir()) == []


async def test_F8_a_failed_download_leaves_the_older_file_as_it_was(telegram_server, telegram_client, tmp_path):
    message = await telegram_client.send_file("me", named(os.urandom(800_000)))
    (tmp_path / "data.bin").write_bytes(b"older")
    telegram_server.faults.rpc_error("upload.GetFile", 400, "LOCATION_INVALID", times=None)
    with pytest.raises(errors.LocationInvalidError):
        await telegram_client.download_media(message, str(tmp_path / "data.bin"))
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [("data.bin", b"older")]


# ---- F9: files on the web


def web_document(url: str, size: int = 5) -> types.WebDocument:
    return types.WebDocument(url, 1, size, "text/plain", [types.DocumentAttributeFilename("../page.txt")])


async def test_F9_web_documents_come_over_tls_that_is_checked(telegram_client, tmp_path):
    with web_server({"/a": b"hello"}) as plain, web_server({"/a": b"hello"}, tls=True) as port:
        saved = await telegram_client.download_media(web_document(f"http://127.0.0.1:{plain}/a"), str(tmp_path))
        assert saved == str(tmp_path / "page.txt")
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            await telegram_client.download_media(web_document(f"https://localhost:{port}/a"), str(tmp_path / "b.txt"))
    assert [item.name for item in tmp_path.iterdir()] == ["page.txt"]


async def test_F9_web_documents_are_no_larger_than_they_should_be(telegram_client, tmp_path):
    with web_server({"/a": bytes(3 << 20)}) as port, pytest.raises(ValueError, match="more than the 5 bytes"):
        await telegram_client.download_media(web_document(f"http://127.0.0.1:{port}/a"), str(tmp_path))
    assert list(tmp_path.iterdir()) == []
