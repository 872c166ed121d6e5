"""Attributes told from files."""

from __future__ import annotations

import io
from typing import Any

import pytest

from telethon import utils
from telethon.tl import types

Audio, Video, Filename = types.DocumentAttributeAudio, types.DocumentAttributeVideo, types.DocumentAttributeFilename


@pytest.mark.parametrize(
    ("file", "mime_type", "kinds"),
    [
        ("dir/a.png", "image/png", [Filename]),
        ("a.mp3", "audio/mpeg", [Filename]),
        ("a.mp4", "video/mp4", [Filename, Video]),
        ("a.ogg", "audio/ogg", [Filename]),
        ("a.m4a", "audio/m4a", [Filename]),
        ("a.avi", "video/avi", [Filename, Video]),
        ("a.tgs", "application/x-tgsticker", [Filename]),
        ("noext", "application/octet-stream", [Filename]),
        (b"bytes", "application/octet-stream", [Filename]),
    ],
)
def test_what_names_tell(file: Any, mime_type: str, kinds: list[Any]) -> None:
    attributes, found = utils.get_attributes(file)
    assert found == mime_type
    assert [type(attribute) for attribute in attributes] == kinds


def test_names_have_no_folders() -> None:
    assert utils.get_attributes("dir/a.png")[0] == [Filename("a.png")]
    assert utils.get_attributes(b"x")[0] == [Filename("unnamed")]
    stream = io.BytesIO()
    stream.name = "/tmp/x/b.txt"  # type: ignore[attr-defined]
    assert utils.get_attributes(stream) == ([Filename("b.txt")], "text/plain")


def test_options() -> None:
    assert utils.get_attributes("a.mp4", force_document=True)[0] == [Filename("a.mp4")]
    assert utils.get_attributes("a.mp4", video_note=True, supports_streaming=True)[0][1] == Video(
        0, 1, 1, round_message=True, supports_streaming=True
    )
    assert utils.get_attributes("a.ogg", voice_note=True)[0][1] == Audio(0, voice=True)
    assert utils.get_attributes("a.mp4", mime_type="x/y")[1] == "x/y"


def test_attributes_given_replace_those_of_their_kind() -> None:
    mine = Video(1, 2, 3)
    attributes, _ = utils.get_attributes("a.mp4", attributes=[mine, types.DocumentAttributeAnimated()])
    assert attributes == [Filename("a.mp4"), mine, types.DocumentAttributeAnimated()]
    silent = Audio(7, voice=False)
    assert utils.get_attributes("a.ogg", attributes=[silent], voice_note=True)[0] == [Filename("a.ogg"), silent]


def test_without_the_optional_package_there_is_no_metadata() -> None:
    assert utils._get_metadata(b"not a picture") is None
