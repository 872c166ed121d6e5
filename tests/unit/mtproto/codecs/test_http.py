"""The HTTP transport."""

from __future__ import annotations

import pytest

from telethon.errors import InvalidBufferError
from telethon.mtproto.codecs.http import HttpCodec
from telethon.mtproto.side import Side


def client() -> HttpCodec:
    return HttpCodec("example.org", 80)


def answer(packet: bytes, status: str = "200 OK", name: str = "Content-Length") -> bytes:
    return f"HTTP/1.1 {status}\r\nServer: x\r\n{name}: {len(packet)}\r\n\r\n".encode() + packet


def test_requests() -> None:
    head, _, body = client().encode(b"abcd").partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /api HTTP/1.1"
    assert b"Host: example.org:80" in lines
    assert b"Content-Length: 4" in lines
    assert body == b"abcd"


def test_requests_and_answers_are_read() -> None:
    server = HttpCodec(side=Side.SERVER)
    assert server.feed(client().encode(b"abcd") + client().encode(b"efgh")) == [b"abcd", b"efgh"]
    assert client().feed(server.encode(b"abcd") + server.encode(b"efgh")) == [b"abcd", b"efgh"]


def test_bodies_are_waited_for() -> None:
    codec = client()
    whole = answer(b"abcd")
    found: list[bytes] = []
    for byte in whole:
        assert found == []
        found += codec.feed(bytes([byte]))
    assert found == [b"abcd"]


@pytest.mark.parametrize("name", ["content-length", "CONTENT-LENGTH", "Content-Length "])
def test_names_of_headers_are_read_as_http_wants_it(name: str) -> None:
    assert client().feed(answer(b"abcd", name=name)) == [b"abcd"]


@pytest.mark.parametrize("body", [b"", b"<html>"])
def test_T8_another_status_is_a_transport_error(body: bytes) -> None:
    codec = client()
    assert codec.feed(answer(body, "429 Too Many Requests") + answer(b"abcd")) == [
        (-429).to_bytes(4, "little", signed=True),
        b"abcd",
    ]


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (answer(b""), "packet of 0 bytes"),
        (b"SSH-2.0-x\r\n\r\n", "names no length"),
        (b"SSH-2.0-x\r\nContent-Length: 4\r\n\r\n", "is not HTTP"),
        (b"HTTP/1.1 2000 OK\r\nContent-Length: 4\r\n\r\n", "is not HTTP"),
        (b"HTTP/1.1 abc OK\r\nContent-Length: 4\r\n\r\n", "is not HTTP"),
        (b"HTTP/1.1\r\nContent-Length: 4\r\n\r\n", "is not HTTP"),
        (b"HTTP/2 200\r\nContent-Length: 4\r\n\r\n", "is not HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\n", "names no length"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", "names no length"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "names no length"),
        (b"x" * (16 * 1024), "more than 16384 bytes"),
    ],
)
def test_T1_what_is_not_an_answer(data: bytes, match: str) -> None:
    with pytest.raises(InvalidBufferError, match=match):
        client().feed(data)


def test_T1_a_header_without_end_is_refused_when_it_grows_too_long() -> None:
    codec = client()
    assert codec.feed(b"HTTP/1.1 200 OK\r") == []
    for _ in range(16):
        assert codec.feed(b"x" * 1022) == []
    with pytest.raises(InvalidBufferError, match="more than 16384 bytes"):
        codec.feed(b"x" * 1023)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("data", [b"\x15\0\0\0" + bytes(25), b"\0", b"HTTQ", b"POSTS", b"HTTP/2 200 OK\r\n"])
def test_M1_what_is_no_header_is_refused_before_it_ends(side: Side, data: bytes) -> None:
    codec = HttpCodec("example.org", 80, side)
    with pytest.raises(InvalidBufferError, match="is not HTTP"):
        codec.feed(data)


def test_a_server_takes_only_posts() -> None:
    with pytest.raises(InvalidBufferError, match="is not HTTP"):
        HttpCodec(side=Side.SERVER).feed(b"GET / HTTP/1.1\r\nContent-Length: 4\r\n\r\n")
