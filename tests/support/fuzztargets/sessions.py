"""Session files that were damaged: they open, or a typed error names them and they stay as they are."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from session_files import SCHEMAS, make_session_file

from telethon.sessions import SessionFileError, SQLiteSession

from .choices import Choices


@cache
def good(version: int) -> bytes:
    """A file of that version of the schema."""
    with tempfile.TemporaryDirectory() as folder:
        return make_session_file(Path(folder) / "good.session", version).read_bytes()


def run(data: bytes) -> None:
    """The first byte chooses the version, the second the kind of damage; the rest says where and what."""
    choices = Choices(data)
    content = bytearray(good(min(SCHEMAS) + choices.below(len(SCHEMAS))))
    kind = choices.below(4)
    if kind == 0:
        del content[choices.below(len(content)) :]
    if kind == 1:
        place = choices.below(len(content))
        content[place : place + 64] = choices.take(64)
    while kind >= 2 and choices.left:
        place = choices.below(len(content))
        # Most of a file is unused; the beginnings of its pages are not.
        place = place % 128 + place // 4096 * 4096 if kind == 3 else place
        content[min(place, len(content) - 1)] ^= choices.below(256)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.session"
        path.write_bytes(content)
        try:
            use(str(path))
        except SessionFileError as caught:
            error = caught
        else:
            return
        assert error.filename == str(path)
        assert str(path) in str(error)
        assert path.read_bytes() == content
        assert [one.name for one in Path(folder).iterdir()] == [path.name]


def use(path: str) -> None:
    """Open it and look at everything in it."""
    session = SQLiteSession(path)
    try:
        key = session.auth_key
        assert key is None or len(key.key) == 256
        assert isinstance(session.dc_id, int)
        session.get_entity_rows_by_id(5)
        session.get_entity_rows_by_username("someone")
        session.get_update_states()
        session.save()
    finally:
        session.close()


def seeds() -> list[bytes]:
    """Each version, with each kind of damage."""
    numbers = range(len(SCHEMAS))
    found = [bytes((number, 0)) + (4096 * number + 100).to_bytes(3, "little") for number in numbers]
    found += [bytes((number, 1)) + (4096 * 2 + 40).to_bytes(3, "little") + bytes(range(64)) for number in numbers]
    found += [bytes((number, kind)) + b"\x28\x10\x00\x04\x05\x30\x00\x80" for number in numbers for kind in (2, 3)]
    return found
