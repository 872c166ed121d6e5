"""A program that moves files over many connections at once, as users of Telethon write it. Runs with either library.

It takes the pieces that such programs take: where a data centre is (`_get_dc`), a sender of its own for each worker,
the authorization exported to another data centre, and the requests for parts.
"""

import asyncio
import hashlib
import json
import os
import sys
import traceback


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def ask(**question):
    say(**question)
    return json.loads(sys.stdin.readline())


INFO = json.loads(sys.stdin.readline())

from telethon import TelegramClient, __version__, helpers, utils  # noqa: E402
from telethon.crypto import AuthKey, rsa  # noqa: E402
from telethon.network import MTProtoSender  # noqa: E402
from telethon.sessions import MemorySession  # noqa: E402
from telethon.tl.alltlobjects import LAYER  # noqa: E402
from telethon.tl.functions import InvokeWithLayerRequest  # noqa: E402
from telethon.tl.functions.auth import ExportAuthorizationRequest, ImportAuthorizationRequest  # noqa: E402
from telethon.tl.functions.upload import (  # noqa: E402
    GetFileRequest,
    SaveBigFilePartRequest,
    SaveFilePartRequest,
)
from telethon.tl.types import (  # noqa: E402
    Document,
    DocumentAttributeFilename,
    InputFile,
    InputFileBig,
    InputMediaUploadedDocument,
)

rsa.add_key(INFO["public_key_pem"], old=False)


class Workers:
    """Several connections to one data centre, all logged in as the same account."""

    def __init__(self, client, dc_id, count):
        self.client = client
        self.dc_id = dc_id
        self.count = count
        self.is_home = dc_id == client.session.dc_id
        self.auth_key = client.session.auth_key if self.is_home else None
        self.senders = []

    async def _hire(self):
        client = self.client
        dc = await client._get_dc(self.dc_id)
        sender = MTProtoSender(self.auth_key, loggers=client._log)
        await sender.connect(
            client._connection(dc.ip_address, dc.port, dc.id, loggers=client._log, proxy=client._proxy)
        )
        if self.auth_key is None:
            exported = await client(ExportAuthorizationRequest(self.dc_id))
            client._init_request.query = ImportAuthorizationRequest(id=exported.id, bytes=exported.bytes)
            await sender.send(InvokeWithLayerRequest(LAYER, client._init_request))
            self.auth_key = sender.auth_key
        return sender

    async def __aenter__(self):
        # The first one makes the key that the others share.
        self.senders.append(await self._hire())
        self.senders += await asyncio.gather(*(self._hire() for _ in range(self.count - 1)))
        return self

    async def __aexit__(self, *_):
        await asyncio.gather(*(sender.disconnect() for sender in self.senders))


async def download(client, document, workers, part_size, call):
    """The bytes of a document; each worker takes every n-th part."""
    dc_id, location = utils.get_input_location(document)
    parts = -(-document.size // part_size)
    found = [b""] * parts
    async with Workers(client, dc_id, workers) as crew:

        async def work(number):
            for index in range(number, parts, workers):
                request = GetFileRequest(location, offset=index * part_size, limit=part_size)
                found[index] = (await call(crew.senders[number], request)).bytes

        await asyncio.gather(*(work(number) for number in range(workers)))
    return b"".join(found)


async def upload(client, content, name, workers, call):
    """Parts of a file over several connections; what names it in a request afterwards."""
    file_id = helpers.generate_random_long()
    part_size = int(utils.get_appropriated_part_size(len(content)) * 1024)
    parts = -(-len(content) // part_size)
    is_big = len(content) > 10 * 1024 * 1024
    async with Workers(client, client.session.dc_id, workers) as crew:

        async def work(number):
            for index in range(number, parts, workers):
                piece = content[index * part_size : (index + 1) * part_size]
                if is_big:
                    request = SaveBigFilePartRequest(file_id, index, parts, piece)
                else:
                    request = SaveFilePartRequest(file_id, index, piece)
                assert await call(crew.senders[number], request)

        await asyncio.gather(*(work(number) for number in range(workers)))
    if is_big:
        return InputFileBig(file_id, parts, name)
    return InputFile(file_id, parts, name, hashlib.md5(content).hexdigest())


def digest(data):
    return hashlib.sha256(data).hexdigest()


async def document_from(client, who):
    return (await client.get_messages(who, limit=1))[0].document


async def down_directly(client):
    """Requests go to the senders themselves."""

    async def call(sender, request):
        return await sender.send(request)

    document = await document_from(client, INFO["near"])
    far = await document_from(client, INFO["far"])
    return [
        digest(await download(client, document, 4, 64 * 1024, call)),
        digest(await download(client, far, 6, 128 * 1024, call)),
    ]


async def down_by_the_client(client):
    """Requests go through the client, which waits and tries again."""
    far = await document_from(client, INFO["far"])
    return digest(await download(client, far, 3, 512 * 1024, client._call))


async def down_with_borrowed(client):
    """One connection to another data centre that the client lends."""
    far = await document_from(client, INFO["far"])
    dc_id, location = utils.get_input_location(far)
    sender = await client._borrow_exported_sender(dc_id)
    try:
        size = 128 * 1024
        parts = await asyncio.gather(
            *(sender.send(GetFileRequest(location, offset=at, limit=size)) for at in range(0, far.size, size))
        )
    finally:
        await client._return_exported_sender(sender)
    return digest(b"".join(part.bytes for part in parts))


async def down_with_a_copied_key(client):
    """A sender with a key that was copied, as programs do that keep it."""
    document = await document_from(client, INFO["near"])
    dc = await client._get_dc(client.session.dc_id)
    sender = MTProtoSender(AuthKey(client.session.auth_key.key), loggers=client._log)
    await sender.connect(client._connection(dc.ip_address, dc.port, dc.id, loggers=client._log, proxy=client._proxy))
    try:
        _, location = utils.get_input_location(document)
        return digest((await sender.send(GetFileRequest(location, offset=0, limit=512 * 1024))).bytes)
    finally:
        await sender.disconnect()


async def up(client):
    sizes = INFO["upload_sizes"]
    found = []
    for number, size in enumerate(sizes):
        content = bytes(range(251)) * (size // 251 + 1)
        content = content[:size]

        async def call(sender, request):
            return await sender.send(request)

        how = call if number % 2 else client._call
        file = await upload(client, content, f"{size}.bin", 4, how)
        attributes = [DocumentAttributeFilename(f"{size}.bin")]
        media = InputMediaUploadedDocument(file, "application/octet-stream", attributes, force_file=True)
        message = await client.send_file("me", media)
        assert isinstance(message.document, Document)
        found.append([message.file.name, message.document.size, digest(await client.download_media(message, bytes))])
        assert found[-1][2] == digest(content)
    return found


STEPS = [down_directly, down_by_the_client, down_with_borrowed, down_with_a_copied_key, up]


async def main():
    session = MemorySession()
    dc = INFO["default_dc"]
    session.set_dc(dc, *INFO["addresses"][str(dc)])
    client = TelegramClient(session, INFO["api_id"], INFO["api_hash"], timeout=5, retry_delay=0.2)
    phone = INFO["reader"]
    await client.start(phone=lambda: phone, code_callback=lambda: ask(ask="code", phone=phone)["code"])
    say(step="version", ok=True, detail=__version__)
    failed = 0
    try:
        for step in STEPS:
            try:
                detail = await asyncio.wait_for(step(client), 60)
            except Exception:
                failed += 1
                say(step=step.__name__, ok=False, detail=traceback.format_exc()[-2000:])
            else:
                say(step=step.__name__, ok=True, detail=detail)
    finally:
        await client.disconnect()
    say(done=True, failed=failed, left=len(asyncio.all_tasks()) - 1, at=os.getpid())
    return failed


if __name__ == "__main__":
    sys.exit(1 if asyncio.run(main()) else 0)
