"""An MTProxy: takes clients who know a secret, and relays what they say to the data centre they name.

It is written from the description of the protocol, not with the library's codecs, so that both can be wrong only
independently of each other. Only AES in counter mode is the library's.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import time
from collections.abc import Mapping
from typing import Any

from telethon.crypto import AESModeCTR

_PLAIN_TAGS = {b"\xef" * 4: b"\xef", b"\xee" * 4: b"\xee" * 4, b"\xdd" * 4: b"\xdd" * 4}


class Refused(Exception):
    """The client does not know the secret, or does not speak as it asks for."""


class TlsStream:
    """Records of TLS around a reader and a writer."""

    def __init__(self, reader: Any, writer: Any) -> None:
        self.reader, self.writer = reader, writer
        self.plain = b""

    async def record(self) -> tuple[int, bytes]:
        head = await self.reader.readexactly(5)
        return head[0], await self.reader.readexactly(int.from_bytes(head[3:], "big"))

    async def read(self, n: int) -> bytes:
        while not self.plain:
            try:
                kind, data = await self.record()
            except asyncio.IncompleteReadError:
                return b""
            if kind == 0x17:
                self.plain += data
            elif kind != 0x14:
                raise Refused(f"a record of type {kind}")
        taken, self.plain = self.plain[:n], self.plain[n:]
        return taken

    async def readexactly(self, n: int) -> bytes:
        found = b""
        while len(found) < n:
            data = await self.read(n - len(found))
            if not data:
                raise asyncio.IncompleteReadError(found, n)
            found += data
        return found

    def write(self, data: bytes) -> None:
        for start in range(0, len(data), 1500):
            part = data[start : start + 1500]
            self.writer.write(b"\x17\x03\x03" + len(part).to_bytes(2, "big") + part)


class MTProxy:
    """Listens on loopback.

    Args:
        secret: 16 bytes, with dd before them, or with ee before and a domain behind them.
        servers: host and port for each data centre's number.

    Attributes:
        port: where it listens.
        dc_ids: the numbers that clients named, in order.
        tags: which transports they spoke, likewise.
        names: the domains they greeted it with, likewise.
        refused: why clients were sent away.
    """

    def __init__(self, secret: bytes, servers: Mapping[int, tuple[str, int]]) -> None:
        self.key = secret if len(secret) == 16 else secret[1:17]
        self.mode = 0 if len(secret) == 16 else secret[0]
        self.domain = secret[17:]
        self.servers = servers
        self.dc_ids: list[int] = []
        self.tags: list[bytes] = []
        self.names: list[bytes] = []
        self.refused: list[str] = []
        self.tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> MTProxy:
        self.listener = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *args: object) -> None:
        self.listener.close()
        self.drop()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def drop(self) -> None:
        """Hang up on everybody."""
        for task in self.tasks:
            task.cancel()

    async def serve(self, reader: Any, writer: Any) -> None:
        task: Any = asyncio.current_task()
        self.tasks.add(task)
        try:
            await self.talk(reader, writer)
        except Refused as error:
            self.refused.append(str(error))
        except (asyncio.CancelledError, asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()
            self.tasks.discard(task)

    async def talk(self, reader: Any, writer: Any) -> None:
        near: Any = TlsStream(reader, writer)
        if self.mode == 0xEE:
            await self.greet(near)
        else:
            near.read, near.readexactly, near.write = reader.read, reader.readexactly, writer.write
        header = await near.readexactly(64)
        take = AESModeCTR(self.cipher_key(header[8:40]), header[40:56])
        back = header[8:56][::-1]
        give = AESModeCTR(self.cipher_key(back[:32]), back[32:])
        plain = take.encrypt(header)
        tag = plain[56:60]
        if tag not in _PLAIN_TAGS or (self.mode and tag != b"\xdd" * 4):
            raise Refused(f"transport {tag.hex()}")
        dc_id = int.from_bytes(plain[60:62], "little", signed=True)
        self.tags.append(tag)
        self.dc_ids.append(dc_id)
        far_reader, far_writer = await asyncio.open_connection(*self.servers[abs(dc_id) % 10000])
        far_writer.write(_PLAIN_TAGS[tag])

        async def out() -> None:
            while data := await near.read(65536):
                far_writer.write(take.encrypt(data))
            far_writer.close()

        async def back_in() -> None:
            while data := await far_reader.read(65536):
                near.write(give.encrypt(data))
            writer.close()

        try:
            await asyncio.gather(out(), back_in())
        finally:
            far_writer.close()

    def cipher_key(self, material: bytes) -> bytes:
        return hashlib.sha256(material + self.key).digest()

    async def greet(self, near: TlsStream) -> None:
        """Check the ClientHello, and answer it."""
        kind, body = await near.record()
        if kind != 0x16 or len(body) != 512:
            raise Refused("no greeting of TLS")
        hello = b"\x16\x03\x01" + len(body).to_bytes(2, "big") + body
        random = hello[11:43]
        digest = hmac.new(self.key, hello[:11] + bytes(32) + hello[43:], hashlib.sha256).digest()
        if digest[:28] != random[:28]:
            raise Refused("another secret")
        sent = int.from_bytes(bytes(a ^ b for a, b in zip(digest[28:], random[28:], strict=True)), "little")
        if abs(sent - time.time()) > 60:
            raise Refused("another time")
        # The name stands in the extension of type 0, behind the lengths of a list and of the name.
        where = hello.index(self.domain)
        self.names.append(hello[where : where + int.from_bytes(hello[where - 2 : where], "big")])
        session_id = hello[44:76]
        server_hello = b"\x03\x03" + bytes(32) + b"\x20" + session_id + b"\x13\x01\x00\x00\x2e"
        server_hello += b"\x00\x33\x00\x24\x00\x1d\x00\x20" + os.urandom(32) + b"\x00\x2b\x00\x02\x03\x04"
        server_hello = b"\x02" + len(server_hello).to_bytes(3, "big") + server_hello
        noise = os.urandom(1700)
        answer = b"\x16\x03\x03" + len(server_hello).to_bytes(2, "big") + server_hello
        answer += b"\x14\x03\x03\x00\x01\x01" + b"\x17\x03\x03" + len(noise).to_bytes(2, "big") + noise
        proof = hmac.new(self.key, random + answer, hashlib.sha256).digest()
        near.writer.write(answer[:11] + proof + answer[43:])
