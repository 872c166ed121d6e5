"""Files from a CDN that lies, breaks and loses things: the file that arrives is the true one, or none arrives."""

from __future__ import annotations

import asyncio
import io
import os
import random

import pytest

from telethon import errors, events
from telethon.testing import RpcFault
from telethon.tl import functions, types

CDN = 203
WINDOW = 128 * 1024
SIZE = 5 * WINDOW + 1234


@pytest.fixture
def telegram_server_options(telegram_server_options):
    return {**telegram_server_options, "cdn_dcs": (CDN,)}


def named(data: bytes, name: str = "data.bin") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


@pytest.fixture
async def sent(telegram_client):
    """The content of a file, and the message that has it."""
    content = random.Random(7).randbytes(SIZE)
    return content, await telegram_client.send_file("me", named(content))


def asked(server, method: str, dc_id: int | None = None) -> int:
    return sum(1 for one in server.requests if one.method == method and dc_id in (None, one.dc_id))


async def test_F3_a_file_on_a_cdn_arrives_byte_for_byte(telegram_server, telegram_client, sent, tmp_path):
    content, message = sent
    telegram_server.cdn.put(message)
    path = await telegram_client.download_media(message, str(tmp_path))
    assert path == str(tmp_path / "data.bin")
    assert (tmp_path / "data.bin").read_bytes() == content
    assert asked(telegram_server, "upload.getCdnFile", CDN) >= 6
    # Only two hashes come with the redirect.
    assert asked(telegram_server, "upload.getCdnFileHashes", 2) >= 1
    assert await telegram_client.download_media(message, bytes) == content


@pytest.mark.parametrize("request_size", [4096, 65536, 524288])
async def test_F3_any_part_of_a_file_on_a_cdn_can_be_read(telegram_server, telegram_client, sent, request_size):
    content, message = sent
    telegram_server.cdn.put(message)
    offset = 3 * 4096
    found = b""
    stream = telegram_client.iter_download(message, offset=offset, request_size=request_size, limit=3)
    async for chunk in stream:
        found += chunk
    assert found == content[offset : offset + 3 * request_size]


def flip_each(file):
    for start in range(0, SIZE, WINDOW):
        file.flip(start + 77, 3)


HARM = {
    "flip in each window": flip_each,
    "flip first": lambda file: file.flip(0),
    "flip last": lambda file: file.flip(SIZE - 1, 7),
    "cut off": lambda file: file.truncate(3 * WINDOW + 4096),
    "cut by one": lambda file: file.truncate(SIZE - 1),
    "empty": lambda file: file.truncate(0),
    "swapped": lambda file: file.swap(1, 2),
    "plain": lambda file: file.stored.__setitem__(slice(None), file.content),
}


@pytest.mark.parametrize("harm", HARM)
async def test_F3_bytes_that_are_not_the_files_are_refused(telegram_server, telegram_client, sent, tmp_path, harm):
    _, message = sent
    HARM[harm](telegram_server.cdn.put(message))
    with pytest.raises(errors.CdnFileTamperedError):
        await telegram_client.download_media(message, str(tmp_path / "x.bin"))
    assert list(tmp_path.iterdir()) == []
    assert not any(lease.borrowed for lease in telegram_client._pool._leases.values())


@pytest.mark.parametrize("harm", HARM)
async def test_F3_after_a_wrong_hash_the_master_is_asked(telegram_server, telegram_client, sent, tmp_path, harm):
    content, message = sent
    # The data centre of the file sends the client to the CDN a few times, and then gives the file itself.
    HARM[harm](telegram_server.cdn.put(message, redirects=2))
    path = await telegram_client.download_media(message, str(tmp_path / "x.bin"))
    assert (tmp_path / "x.bin").read_bytes() == content
    assert path == str(tmp_path / "x.bin")
    assert not any(lease.borrowed for lease in telegram_client._pool._leases.values())


async def test_F3_a_file_the_cdn_has_dropped_is_brought_there_again(telegram_server, telegram_client, sent):
    content, message = sent
    file = telegram_server.cdn.put(message)
    file.forget()
    assert await telegram_client.download_media(message, bytes) == content
    assert file.reuploads >= 1
    assert asked(telegram_server, "upload.reuploadCdnFile", 2) == file.reuploads


async def test_F3_a_cdn_that_never_has_the_file_is_left_alone(telegram_server, telegram_client, sent):
    content, message = sent
    telegram_server.cdn.put(message, redirects=1)

    @telegram_server.on(functions.upload.GetCdnFileRequest)
    def never(request, call):
        return types.upload.CdnFileReuploadNeeded(b"again")

    @telegram_server.on(functions.upload.ReuploadCdnFileRequest)
    def always(request, call):
        return []

    assert await telegram_client.download_media(message, bytes) == content


@pytest.mark.parametrize("redirects", [None, 1])
async def test_F3_a_token_that_ran_out_on_the_way(telegram_server, telegram_client, sent, redirects):
    content, message = sent
    telegram_server.cdn.put(message, redirects=redirects)
    found = b""
    async for chunk in telegram_client.iter_download(message, request_size=65536):
        found += chunk
        if len(found) == 2 * 65536:
            telegram_server.cdn.expire_tokens()
    assert found == content


async def test_F3_tokens_that_never_work_end_the_download(telegram_server, telegram_client, sent, tmp_path):
    _, message = sent
    telegram_server.cdn.put(message)
    telegram_server.faults.rpc_error("upload.GetCdnFile", 400, "FILE_TOKEN_INVALID", times=None)
    with pytest.raises(errors.BadRequestError, match="FILE_TOKEN_INVALID"):
        await telegram_client.download_media(message, str(tmp_path / "x.bin"))
    assert list(tmp_path.iterdir()) == []


async def test_F3_a_request_token_the_master_refuses(telegram_server, telegram_client, sent):
    content, message = sent
    telegram_server.cdn.put(message, redirects=1).forget()
    telegram_server.faults.rpc_error("upload.ReuploadCdnFile", 400, "REQUEST_TOKEN_INVALID", times=None)
    assert await telegram_client.download_media(message, bytes) == content


async def test_F4_the_cdn_learns_nothing_and_has_a_key_of_its_own(telegram_server, telegram_client, sent):
    _, message = sent
    telegram_server.cdn.put(message)
    await telegram_client.download_media(message, bytes)
    (session,) = telegram_server.cdn.sessions
    record = session.auth
    assert record.dc_id == CDN
    assert record.user_id is None
    assert record.auth_key != telegram_client.session.auth_key.key
    assert (record.device_model, record.system_version, record.lang_pack) == ("n/a", "n/a", "")
    assert record.params is None
    assert record.api_id == telegram_server.api_id
    # The keys come from the master, and nothing but the file is asked of the CDN.
    assert asked(telegram_server, "help.getCdnConfig", CDN) == 0
    assert asked(telegram_server, "help.getCdnConfig") == 1
    assert {one.method for one in telegram_server.requests if one.dc_id == CDN} == {"upload.getCdnFile"}


async def test_F4_a_cdn_with_another_rsa_key_gets_no_request(telegram_server, telegram_client, sent):
    content, message = sent
    telegram_server.cdn.put(message, redirects=1)
    # It has the key of the data centres, which is trusted there and nowhere else.
    telegram_server._keys_of_dcs.clear()
    assert await telegram_client.download_media(message, bytes) == content
    assert asked(telegram_server, "upload.getCdnFile") == 0


async def test_F4_updates_of_a_cdn_are_ignored(telegram_server, telegram_client, sent, telegram_user):
    content, message = sent
    telegram_server.cdn.put(message)
    raw = []
    telegram_client.add_event_handler(lambda event: raw.append(event), events.Raw())
    assert await telegram_client.download_media(message, bytes) == content
    pts_before = telegram_user.account.mailbox.pts if hasattr(telegram_user.account.mailbox, "pts") else None
    lie = types.UpdateShort(types.UpdateNewMessage(message, pts=(pts_before or 1) + 1, pts_count=1), None)
    assert telegram_server.cdn.push(lie) == 1
    assert telegram_server.cdn.push(types.UpdatesTooLong()) == 1
    assert telegram_server.cdn.push(types.UpdateShort(types.UpdateDcOptions([]), None)) == 1
    differences = asked(telegram_server, "updates.getDifference")
    # Another request over the same connection, so that what came before it was read.
    assert await telegram_client.download_media(message, bytes) == content
    await asyncio.sleep(0.05)
    assert raw == []
    assert asked(telegram_server, "updates.getDifference") == differences


async def test_F4_a_cdn_cannot_answer_for_others(telegram_server, telegram_client, sent, eventually):
    content, message = sent
    telegram_server.cdn.put(message)
    assert await telegram_client.download_media(message, bytes) == content
    asking = asyncio.Event()
    seen = []

    @telegram_server.on(functions.users.GetUsersRequest)
    async def slow(request, call):
        seen.append(call.context.msg_id)
        await asking.wait()
        return NotImplemented

    task = asyncio.create_task(telegram_client(functions.users.GetUsersRequest([types.InputUserSelf()])))
    await eventually(lambda: seen)
    assert telegram_server.cdn.push_result(seen[0], types.UpdatesTooLong()) == 1
    assert await telegram_client.download_media(message, bytes) == content
    assert not task.done()
    asking.set()
    (me,) = await task
    assert me.is_self


@pytest.mark.parametrize(
    "answer",
    [
        lambda: types.contacts.ResolvedPeer(
            types.PeerUser(555), [], [types.User(555, access_hash=1, first_name="Eve", username="eve_the_liar")]
        ),
        lambda: types.UpdatesTooLong(),
        lambda: types.upload.File(types.storage.FileJpeg(), 0, b"x" * 4096),
        lambda: types.upload.CdnFile(b""),
    ],
)
async def test_F4_foreign_answers_of_a_cdn_teach_the_client_nothing(telegram_server, telegram_client, sent, answer):
    content, message = sent
    telegram_server.cdn.put(message, redirects=1)

    @telegram_server.on(functions.upload.GetCdnFileRequest)
    def lie(request, call):
        return bytes(answer())

    assert await telegram_client.download_media(message, bytes) == content
    with pytest.raises(ValueError, match="555"):
        telegram_client.session.get_input_entity(555)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (303, "USER_MIGRATE_4"),
        (303, "FILE_MIGRATE_4"),
        (420, "FLOOD_WAIT_3600"),
        (401, "AUTH_KEY_UNREGISTERED"),
        (500, "RPC_CALL_FAIL"),
        (400, "FILE_REFERENCE_EXPIRED"),
    ],
)
async def test_F4_errors_of_a_cdn_only_concern_the_cdn(telegram_server, telegram_client, sent, code, text):
    content, message = sent
    key = telegram_client.session.auth_key.key
    telegram_server.cdn.put(message, redirects=1)

    @telegram_server.on(functions.upload.GetCdnFileRequest)
    def refuse(request, call):
        raise RpcFault(code, text)

    assert await telegram_client.download_media(message, bytes) == content
    assert (telegram_client.session.dc_id, telegram_client.session.auth_key.key) == (2, key)
    assert telegram_client._flood_waited_requests == {}


async def test_F4_a_key_the_cdn_has_deleted_is_made_again(telegram_server, telegram_client, sent):
    content, message = sent
    telegram_server.cdn.put(message)
    assert await telegram_client.download_media(message, bytes) == content
    (session,) = telegram_server.cdn.sessions
    old = session.auth.auth_key
    telegram_server.forget_key(session.key)
    assert await asyncio.wait_for(telegram_client.download_media(message, bytes), 5) == content
    (session,) = telegram_server.cdn.sessions
    assert session.auth.auth_key != old


async def test_F3_F5_a_cdn_nobody_can_reach(telegram_server, telegram_clients, telegram_user):
    client = await telegram_clients(telegram_user, timeout=0.2, connection_retries=1, retry_delay=0.01)
    content = os.urandom(3 * WINDOW)
    message = await client.send_file("me", named(content))
    telegram_server.cdn.put(message, redirects=1)
    telegram_server.faults.refuse_connections(times=None, dc_id=CDN)
    assert await asyncio.wait_for(client.download_media(message, bytes), 10) == content
    assert client._pool._leases == {}


async def test_F3_photos_can_be_on_a_cdn_too(telegram_server, telegram_client):
    from telethon.testing import tiny_png

    picture = tiny_png(900, 700)
    message = await telegram_client.send_file("me", named(picture, "x.png"))
    telegram_server.cdn.put(message)
    assert await telegram_client.download_media(message, bytes) == picture
    assert asked(telegram_server, "upload.getCdnFile", CDN) == 1


async def test_F4_a_cdn_takes_no_other_method(telegram_server, telegram_client, sent):
    _, message = sent
    telegram_server.cdn.put(message)
    await telegram_client.download_media(message, bytes)
    sender = await telegram_client._borrow_cdn_sender(CDN)
    try:
        with pytest.raises(errors.CdnMethodInvalidError):
            await sender.send(functions.help.GetNearestDcRequest())
    finally:
        await telegram_client._return_exported_sender(sender)
    with pytest.raises(errors.RPCError, match="METHOD_INVALID"):
        await telegram_client(functions.upload.GetCdnFileRequest(b"token", 0, 4096))


@pytest.mark.parametrize("seed", [1, 2])
async def test_R13_F3_random_corruptions_never_reach_the_disk(seed):
    from cdn_load import tampering

    counts = await tampering(50, seed)
    assert counts.is_good, counts
    assert counts.refused > 5, counts
    assert counts.identical > 5, counts
    assert len(counts.kinds) > 5, counts


async def test_F4_H17_a_cdn_gets_no_temporary_keys(telegram_server, telegram_clients, telegram_user):
    client = await telegram_clients(telegram_user, use_pfs=True)
    content = os.urandom(SIZE)
    message = await client.send_file("me", named(content))
    telegram_server.cdn.put(message)
    assert await client.download_media(message, bytes) == content
    (session,) = telegram_server.cdn.sessions
    assert not session.key.record.is_temporary
    assert {one.method for one in telegram_server.requests if one.dc_id == CDN} == {"upload.getCdnFile"}


async def test_F4_a_cdn_that_is_silent_is_not_waited_for_for_ever(telegram_server, telegram_client, sent, monkeypatch):
    from telethon.client import filedownload

    monkeypatch.setattr(filedownload, "_CDN_PATIENCE", 0.2)
    content, message = sent
    telegram_server.cdn.put(message, redirects=1)

    @telegram_server.on(functions.upload.GetCdnFileRequest)
    async def silent(request, call):
        await asyncio.sleep(60)

    assert await asyncio.wait_for(telegram_client.download_media(message, bytes), 5) == content


@pytest.mark.parametrize("when", ["received", "executed", "answering"])
async def test_F3_a_cdn_that_hangs_up_now_and_then(telegram_server, telegram_client, sent, when):
    content, message = sent
    telegram_server.cdn.put(message)
    fault = telegram_server.faults.disconnect_after(2, when=when, method="upload.GetCdnFile", times=2, dc_id=CDN)
    assert await telegram_client.download_media(message, bytes) == content
    assert fault.hits == 2
    assert not any(lease.borrowed for lease in telegram_client._pool._leases.values())
