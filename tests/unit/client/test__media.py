"""What becomes of pictures before they are sent, with a Pillow that is made up."""

from __future__ import annotations

import io
import sys
from types import ModuleType
from typing import Any

import pytest

from telethon.client._media import resize_photo_if_needed


class Image:
    """A picture of Pillow, as far as it is looked at."""

    def __init__(self, source: Any, width: int = 100) -> None:
        self.source = source
        self.width, self.height, self.mode = width, 100, "RGB"
        self.info: dict[str, Any] = {}
        self.closed = False

    def __enter__(self) -> Image:
        return self

    def __exit__(self, *args: object) -> None:
        self.closed = True

    def thumbnail(self, size: tuple[int, int], how: object) -> None:
        self.width = min(self.width, size[0])

    def save(self, buffer: io.BytesIO, kind: str, **options: Any) -> None:
        buffer.write(b"small")


@pytest.fixture
def pillow(monkeypatch: pytest.MonkeyPatch) -> Any:
    module: Any = ModuleType("PIL.Image")
    module.LANCZOS = 1
    module.opened = []
    package: Any = ModuleType("PIL")
    package.Image = module
    monkeypatch.setitem(sys.modules, "PIL", package)
    monkeypatch.setitem(sys.modules, "PIL.Image", module)

    def open_(source: Any) -> Image:
        module.opened.append(Image(source))
        return module.opened[-1]

    module.open = open_
    return module


class Bomb(Exception):
    """Pillow refuses pictures with very many pixels by an error that is none of the system's."""


@pytest.mark.parametrize("error", [OSError("no picture"), Bomb(), ValueError(), SyntaxError("broken PNG file")])
def test_what_pillow_cannot_read_is_sent_as_it_is(pillow: Any, error: Exception) -> None:
    def fail(source: Any) -> Any:
        raise error

    pillow.open = fail
    assert resize_photo_if_needed(b"data", True) == b"data"
    stream = io.BytesIO(b"some data")
    stream.seek(5)
    assert resize_photo_if_needed(stream, True) is stream
    assert stream.tell() == 5


def test_what_pillow_has_opened_is_closed(pillow: Any) -> None:
    assert resize_photo_if_needed(b"data", True) == b"data"
    assert [image.closed for image in pillow.opened] == [True]


def test_large_pictures_are_made_smaller(pillow: Any) -> None:
    pillow.open = lambda source: Image(source, width=9000)
    made = resize_photo_if_needed(b"data", True)
    assert (made.read(), made.name) == (b"small", "a.jpg")


def test_what_is_no_picture_is_left_alone(pillow: Any) -> None:
    assert resize_photo_if_needed(b"data", False) == b"data"
    assert pillow.opened == []
