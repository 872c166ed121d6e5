"""Names for downloads."""

from __future__ import annotations

import datetime
import os
import pathlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.client._filenames import file_name_for, kind_and_names, safe_file_name
from telethon.tl import types

DATE = datetime.datetime(2024, 5, 6, 7, 8, 9, tzinfo=datetime.timezone.utc)
DATED = "photo_2024-05-06_07-08-09.jpg"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/absolute.txt", "absolute.txt"),
        ("C:\\windows\\x.exe", "x.exe"),
        ("..", ""),
        (".", ""),
        ("...", ""),
        ("", ""),
        ("dir/", ""),
        ("a\0b\n.txt", "ab.txt"),
        ("  spaced.txt ", "spaced.txt"),
        ("gpj.\u202egnp", "gpj.gnp"),
        (".hidden", ".hidden"),
    ],
)
def test_names_stay_inside_the_folder(name: str, safe: str) -> None:
    assert safe_file_name(name, windows=False) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("com1.log", "_com1.log"),
        ("console.txt", "console.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("name. ", "name"),
    ],
)
def test_names_windows_reserves(name: str, safe: str) -> None:
    assert safe_file_name(name, windows=True) == safe


def test_long_names_keep_their_extension() -> None:
    name = safe_file_name("\u00e9" * 300 + ".txt")
    assert name.endswith(".txt")
    assert len(name.encode()) <= 200
    assert len(safe_file_name("a." + "b" * 300)) <= 200


@given(st.text(max_size=40), st.booleans())
def test_any_name_is_safe(name: str, windows: bool) -> None:
    safe = safe_file_name(name, windows=windows)
    assert safe not in {".", ".."}
    assert not set(safe) & set("/\\\0")


def test_paths_given_by_the_user(tmp_path: pathlib.Path) -> None:
    folder = str(tmp_path)
    taken = tmp_path / "taken.bin"
    taken.write_bytes(b"")

    def made(file: Any, names: list[str | None] | None = None) -> Any:
        return file_name_for(file, "photo", ".jpg", DATE, names)

    assert made(None) == DATED
    assert made("") == DATED
    assert made("stem") == "stem.jpg"
    assert made("stem.png") == "stem.png"
    assert made(folder) == os.path.join(folder, DATED)
    assert made(tmp_path) == os.path.join(folder, DATED)
    assert made(folder + "/new/") == os.path.join(folder, "new", DATED)
    assert made(folder, ["", None, "../x", "y"]) == os.path.join(folder, "x.jpg")
    assert made(folder, ["..", "\0"]) == os.path.join(folder, DATED)
    assert made(str(taken)) == str(taken)
    assert made(bytes) is bytes


def test_names_that_are_taken_get_a_number(tmp_path: pathlib.Path) -> None:
    for expected in ("a.jpg", "a (1).jpg", "a (2).jpg"):
        path = file_name_for(str(tmp_path), "photo", ".jpg", DATE, ["a"])
        assert path == str(tmp_path / expected)
        pathlib.Path(path).write_bytes(b"")


def test_what_attributes_say() -> None:
    named = types.DocumentAttributeFilename("song.mp3")
    song = types.DocumentAttributeAudio(5, title="T", performer="P")
    assert kind_and_names([song, named]) == ("audio", ["song.mp3", "P - T"])
    assert kind_and_names([types.DocumentAttributeAudio(5, title="T")]) == ("audio", ["T"])
    assert kind_and_names([types.DocumentAttributeAudio(5, voice=True)]) == ("voice", [])
    assert kind_and_names([]) == ("document", [])
