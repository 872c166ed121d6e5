"""Every way of moving a file, and what comes of it, as one JSON object. Runs with either library.

What depends on the moment or the folder is left out, so that the results of two libraries can be compared.
"""

import asyncio
import hashlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path


def say(**line):
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def ask(**question):
    say(**question)
    return json.loads(sys.stdin.readline())


INFO = json.loads(sys.stdin.readline())

from telethon import TelegramClient, __version__, functions, types, utils  # noqa: E402
from telethon.crypto import rsa  # noqa: E402
from telethon.sessions import MemorySession  # noqa: E402

rsa.add_key(INFO["public_key_pem"], old=False)

FOLDER = tempfile.mkdtemp()
RESULTS = {}


def brief(data):
    return f"{len(data)}:{hashlib.sha256(data).hexdigest()[:12]}"


def content_of(path):
    return Path(path).read_bytes()


def neat(text):
    text = str(text).replace(os.path.realpath(FOLDER), "<folder>").replace(FOLDER, "<folder>")
    text = re.sub(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d", "<date>", text)
    return re.sub(r"0x[0-9a-f]+", "<address>", text)


def told(value):
    if isinstance(value, io.BytesIO):
        return f"stream at {value.tell()} with {brief(value.getvalue())}"
    if isinstance(value, bytes):
        return f"bytes {brief(value)}"
    if isinstance(value, os.PathLike):
        return f"path {neat(value)}"
    if value is None or isinstance(value, (str, int, float)):
        return neat(value) if isinstance(value, str) else value
    if isinstance(value, (list, tuple)):
        return [told(one) for one in value]
    return type(value).__name__


def files():
    found = {}
    for path in sorted(Path(FOLDER).rglob("*")):
        if path.is_file():
            found[neat(path)] = brief(path.read_bytes())
    return found


async def case(name, work):
    """Do something in an empty folder, and note what it gives, which files it leaves, and which error it raises."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    os.chdir(FOLDER)
    try:
        value = told(await asyncio.wait_for(work(), 20))
    except Exception as error:
        value = f"{type(error).__name__}: {neat(error)}"
    RESULTS[name] = {"value": value, "files": files()}


def reports():
    """A list, and a progress callback that notes in it."""
    seen = []
    return seen, lambda done, total: seen.append([done, total])


async def sinks(client, name, download):
    """Everything that can be given as `file`."""
    await case(f"{name} to bytes", lambda: download(bytes))
    await case(f"{name} to nothing", lambda: download(None))
    await case(f"{name} to a stream", lambda: download(io.BytesIO()))
    await case(f"{name} to a file", lambda: download(os.path.join(FOLDER, "a.dat")))
    await case(f"{name} to a stem", lambda: download(os.path.join(FOLDER, "stem")))
    await case(f"{name} to a folder", lambda: download(FOLDER))
    await case(f"{name} to a folder with a slash", lambda: download(FOLDER + os.sep))
    await case(f"{name} to a Path", lambda: download(Path(FOLDER)))
    await case(f"{name} to a Path of a file", lambda: download(Path(FOLDER) / "b.dat"))
    await case(f"{name} to a new folder", lambda: download(os.path.join(FOLDER, "new", "c.dat")))

    async def twice():
        return [await download(FOLDER), await download(FOLDER)]

    async def over():
        path = Path(FOLDER) / "d.dat"
        path.write_bytes(b"older")
        return await download(str(path))

    async def opened():
        with (Path(FOLDER) / "e.dat").open("wb") as file:
            return type(await download(file)).__name__

    await case(f"{name} twice to a folder", twice)
    await case(f"{name} over a file", over)
    await case(f"{name} to an open file", opened)
    await case(f"{name} to a number", lambda: download(5))


async def chunks(client, message, **options):
    found = []
    async for chunk in client.iter_download(message, **options):
        found.append(brief(bytes(chunk)))
    return found


async def downloads(client):
    messages = {message.raw_text: message for message in await client.get_messages(INFO["sender"], limit=20)}
    document, photo = messages["document"], messages["photo"]
    for name, message in messages.items():
        await sinks(client, name, lambda file, message=message: client.download_media(message, file))
    await sinks(client, "bare document", lambda file: client.download_media(document.document, file))
    await sinks(client, "method", lambda file: document.download_media(file))

    for thumb in (0, 1, -1, 5, -5, "m", "x", "nope", ""):
        for name, message in (("document", document), ("photo", photo)):
            await case(
                f"thumb {thumb!r} of {name}",
                lambda message=message, thumb=thumb: client.download_media(message, bytes, thumb=thumb),
            )
    await case("thumb by size", lambda: client.download_media(photo, bytes, thumb=photo.photo.sizes[0]))
    await case("thumb to a folder", lambda: client.download_media(document, FOLDER, thumb=-1))
    await case("thumb of a document without", lambda: client.download_media(messages["plain"], bytes, thumb=0))

    async def progress(message, file, **options):
        seen, note = reports()
        await client.download_media(message, file, progress_callback=note, **options)
        return seen

    async def later():
        seen = []

        async def note(done, total):
            await asyncio.sleep(0)
            seen.append([done, total])

        await client.download_media(document, bytes, progress_callback=note)
        return seen

    await case("progress of a document", lambda: progress(document, bytes))
    await case("progress of a photo", lambda: progress(photo, bytes))
    await case("progress of a thumb", lambda: progress(document, bytes, thumb=0))
    await case("progress by a coroutine function", later)

    async def by_location(**options):
        seen, note = reports()
        dc_id, location = utils.get_input_location(document)
        data = await client.download_file(location, bytes, dc_id=dc_id, progress_callback=note, **options)
        return [seen, brief(data)]

    size = document.document.size
    for options in (
        {},
        {"file_size": size},
        {"part_size_kb": 4},
        {"part_size_kb": 128},
        {"part_size_kb": 128, "file_size": size},
        {"part_size_kb": 512, "file_size": size},
        {"part_size_kb": 6},
        {"part_size_kb": 1},
    ):
        await case(f"download_file {options}", lambda options=options: by_location(**options))

    kilobyte = 1024
    for options in (
        {},
        {"offset": 1},
        {"offset": 4096},
        {"offset": size - 1},
        {"offset": size},
        {"offset": size + 10_000},
        {"limit": 1},
        {"limit": 3},
        {"limit": 0},
        {"limit": 1000},
        {"chunk_size": 100_000},
        {"chunk_size": 3, "limit": 5},
        {"chunk_size": 64 * kilobyte},
        {"chunk_size": 64 * kilobyte, "request_size": 64 * kilobyte},
        {"request_size": 64 * kilobyte},
        {"request_size": 4096, "limit": 4},
        {"request_size": 5000, "limit": 4},
        {"request_size": 100, "limit": 4},
        {"request_size": 10**9},
        {"stride": 128 * kilobyte, "chunk_size": 64 * kilobyte, "request_size": 64 * kilobyte},
        {"stride": 100_000, "chunk_size": 1000},
        {"stride": 10, "chunk_size": 100},
        {"stride": 256 * kilobyte, "request_size": 64 * kilobyte, "limit": 2},
        {"offset": 5, "limit": 2, "chunk_size": 77_777, "request_size": 128 * kilobyte},
        {"file_size": 100},
        {"file_size": size, "request_size": 64 * kilobyte},
        {"file_size": 10 * size, "request_size": 128 * kilobyte},
        {"offset": 64 * kilobyte, "stride": 192 * kilobyte, "chunk_size": 64 * kilobyte, "request_size": 64 * kilobyte},
    ):
        await case(f"iter_download {options}", lambda options=options: chunks(client, document, **options))
    await case("iter_download of a photo", lambda: chunks(client, photo))
    await case("iter_download of a text", lambda: chunks(client, "text"))
    await case("iter_download of nothing", lambda: chunks(client, None))

    async def started():
        stream = client.iter_download(document, request_size=4096)
        first = await stream.__anext__()
        await stream.close()
        return [first, stream.total]

    await case("iter_download closed early", started)


async def photos(client):
    file = await client.upload_file(INFO["picture"])
    await client(functions.photos.UploadProfilePhotoRequest(file=file))
    for big in (True, False):
        await sinks(
            client,
            f"profile photo, big {big}",
            lambda sink, big=big: client.download_profile_photo("me", sink, download_big=big),
        )
    await case("profile photo of nobody", lambda: client.download_profile_photo(INFO["sender"], bytes))
    me = await client.get_me()
    await case("profile photo of a user object", lambda: client.download_profile_photo(me, bytes))
    full = (await client(functions.users.GetFullUserRequest("me"))).full_user
    await case("profile photo of a full user", lambda: client.download_profile_photo(full, bytes))
    await case("media that is none", lambda: client.download_media("me", bytes))
    await case("media of None", lambda: client.download_media(None, bytes))
    text = await client.send_message("me", "text")
    await case("media of a text", lambda: client.download_media(text, bytes))
    await case("media of a poll", lambda: client.download_media(types.MessageMediaUnsupported(), bytes))


async def uploads(client):
    def named(data, name):
        file = io.BytesIO(data)
        file.name = name
        return file

    async def handle(file, **options):
        seen, note = reports()
        made = await client.upload_file(file, progress_callback=note, **options)
        return [type(made).__name__, made.parts, made.name, getattr(made, "md5_checksum", None), seen]

    content = bytes(range(256)) * 2000
    for size in (0, 1, 1024, 131_072, 131_073, 512_000):
        await case(f"upload {size}", lambda size=size: handle(named(content[:size], "a.bin")))
    await case("upload 10 MB", lambda: handle(named(bytes(10 << 20), "a.bin")))
    await case("upload 10 MB + 1", lambda: handle(named(bytes((10 << 20) + 1), "a.bin")))
    for kilobytes in (1, 4, 64, 512, 513, 0.5, 600, 128.5):
        await case(
            f"upload in parts of {kilobytes}",
            lambda kilobytes=kilobytes: handle(named(content[:2000], "a.bin"), part_size_kb=kilobytes),
        )
    await case("upload by another name", lambda: handle(named(content, "a.bin"), file_name="other.txt"))
    await case("upload without extension", lambda: handle(named(content, "a")))
    await case("upload a picture without extension", lambda: handle(named(content_of(INFO["picture"]), "a")))
    await case("upload with file_size", lambda: handle(named(content, "a.bin"), file_size=len(content)))
    await case("upload with a smaller file_size", lambda: handle(named(content, "a.bin"), file_size=1000))
    await case("upload from its middle", lambda: handle(_moved(named(content, "a.bin"), 1000)))
    await case("upload text", lambda: handle(io.StringIO("text"), file_name="a.txt"))
    await case("upload a number", lambda: handle(5))
    await case("upload what is no file", lambda: handle(os.path.join(FOLDER, "nothing.bin")))

    async def sent(file, **options):
        seen, note = reports()
        message = await client.send_file("me", file, progress_callback=note, **options)
        if isinstance(message, list):
            return [[type(one.media).__name__ for one in message], seen]
        known = message.file
        kinds = sorted(type(one).__name__ for one in getattr(message.document, "attributes", None) or ())
        return [type(message.media).__name__, known.size, known.name, known.mime_type, kinds, seen]

    picture = content_of(INFO["picture"])
    await case("send a document", lambda: sent(named(content, "a.txt")))
    await case("send a picture", lambda: sent(INFO["picture"]))
    await case("send a picture as bytes", lambda: sent(picture))
    await case("send a picture as a document", lambda: sent(INFO["picture"], force_document=True))
    await case("send an album", lambda: sent([named(picture, f"{number}.png") for number in range(3)]))
    await case("send voice", lambda: sent(named(content, "a.ogg"), voice_note=True))
    await case("send video", lambda: sent(named(content, "a.mp4"), supports_streaming=True))
    await case("send with a type", lambda: sent(named(content, "a.xyz"), mime_type="text/x-own"))
    await case(
        "send with a name",
        lambda: sent(named(content, "a.xyz"), attributes=[types.DocumentAttributeFilename("other.name")]),
    )


def _moved(file, position):
    file.seek(position)
    return file


async def main():
    session = MemorySession()
    dc = INFO["default_dc"]
    session.set_dc(dc, *INFO["addresses"][str(dc)])
    client = TelegramClient(session, INFO["api_id"], INFO["api_hash"], timeout=5, retry_delay=0.2)
    phone = INFO["reader"]
    await client.start(phone=lambda: phone, code_callback=lambda: ask(ask="code", phone=phone)["code"])
    say(step="version", ok=True, detail=__version__)
    try:
        for part in (downloads, photos, uploads):
            await part(client)
            for name, found in RESULTS.items():
                say(step=name, ok=True, detail=found)
            RESULTS.clear()
    finally:
        await client.disconnect()
        os.chdir("/")
        shutil.rmtree(FOLDER, ignore_errors=True)
    say(done=True)


if __name__ == "__main__":
    asyncio.run(main())
