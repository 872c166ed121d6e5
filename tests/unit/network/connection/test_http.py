"""The HTTP transport against a small server."""

from __future__ import annotations

from fakeserver import auth_key

from telethon.network import ConnectionHttp, MTProtoSender
from telethon.network.connection import http
from telethon.tl import functions, types

NEAREST = types.NearestDc("xx", 1, 2)


async def test_requests_and_answers(server, loggers):
    server.answer = lambda body: bytes(NEAREST)
    sender = MTProtoSender(auth_key(), loggers=loggers)
    await sender.connect(ConnectionHttp(server.host, server.port, 2, loggers=loggers))
    assert await sender.send(functions.help.GetNearestDcRequest()) == NEAREST
    await sender.disconnect()


async def test_tls_depends_on_the_port(loggers, monkeypatch):
    asked = []

    async def connect(self, timeout=None, ssl=None):
        asked.append(ssl)

    monkeypatch.setattr(http.Connection, "connect", connect)
    for port, ssl in ((443, None), (80, None), (443, False), (80, True)):
        await ConnectionHttp("h", port, 2, loggers=loggers).connect(ssl=ssl)
    assert asked == [True, False, False, True]
    assert http.SSL_PORT == 443
