from __future__ import annotations

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telethon.crypto import AuthKey
from telethon.mtproto.salts import KeyState
from telethon.sessions import MemorySession, StringSession
from telethon.sessions.string import _STRUCT_PREFORMAT, CURRENT_VERSION

KEY = bytes(range(256))
# What Telethon 1.45 gives for this key, data centre 2, port 443.
KEY_TEXT = (
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0-P0BBQkNERUZHSElKS0xNTk9QUVJTVFVW"
    "V1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn-AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6yt"
    "rq-wsbKztLW2t7i5uru8vb6_wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t_g4eLj5OXm5-jp6uvs7e7v8PHy8_T19vf4-fr7_P3-_w=="
)
V4 = (
    "1ApWapzMBuwABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj9AQUJDREVGR0hJSktMTU5P"
    "UFFSU1RVVldYWVpbXF1eX2BhYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ent8fX5_gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp-goaKjpKWm"
    "p6ipqqusra6vsLGys7S1tre4ubq7vL2-v8DBwsPExcbHyMnKy8zNzs_Q0dLT1NXW19jZ2tvc3d7f4OHi4-Tl5ufo6err7O3u7_Dx8vP09fb3-Pn6-_z9"
    "_v8="
)
V6 = "1AiABBnwE6PACAAAAAAAAAAoBuw" + V4[len("1ApWapzMBuw") :]


def _session(address: str = "149.154.167.51") -> StringSession:
    session = StringSession()
    session.set_dc(2, address, 443)
    session.auth_key = AuthKey(KEY)
    return session


def test_the_text_is_the_same_as_telethons() -> None:
    assert _session().save() == V4
    assert _session("2001:67c:4e8:f002::a").save() == V6
    assert (len(V4), len(V6)) == (353, 369)


@pytest.mark.parametrize(("text", "address"), [(V4, "149.154.167.51"), (V6, "2001:67c:4e8:f002::a")])
def test_the_text_of_telethon_is_read(text: str, address: str) -> None:
    session = StringSession(text)
    assert (session.dc_id, session.server_address, session.port) == (2, address, 443)
    assert session.auth_key is not None
    assert session.auth_key.key == KEY
    assert session.save() == text
    # Copied with a line break and a blank.
    assert StringSession(f" {text[:80]}\n{text[80:]}\n").save() == text


def test_the_parts_that_others_build_texts_with() -> None:
    assert CURRENT_VERSION == "1"
    assert _STRUCT_PREFORMAT == ">B{}sH256s"
    data = struct.pack(_STRUCT_PREFORMAT.format(4), 2, bytes([149, 154, 167, 51]), 443, KEY)
    assert CURRENT_VERSION + StringSession.encode(data) == V4
    assert StringSession.decode(StringSession.encode(b"\xff\xfe\xfd")) == b"\xff\xfe\xfd"
    assert StringSession.encode(KEY) == KEY_TEXT


def test_any_session_can_be_saved_as_text() -> None:
    session = MemorySession()
    assert StringSession.save(session) == ""
    session.set_dc(2, "149.154.167.51", 443)
    assert StringSession.save(session) == ""
    session.auth_key = AuthKey(None)
    assert StringSession.save(session) == ""
    session.auth_key = AuthKey(KEY)
    assert StringSession.save(session) == V4


@pytest.mark.parametrize("text", [None, "", "  \n"])
def test_no_text_is_a_new_session(text: str | None) -> None:
    session = StringSession(text)
    assert session.dc_id == 0
    assert session.auth_key is None
    assert session.save() == ""


def test_a_key_of_zeros_is_none() -> None:
    data = struct.pack(_STRUCT_PREFORMAT.format(4), 2, bytes(4), 443, bytes(256))
    assert StringSession("1" + base64.urlsafe_b64encode(data).decode()).auth_key is None


@pytest.mark.parametrize("text", ["1", "2" + V4[1:], V4[:-1], V4[:-4], V4 + "AAAA", "1" + "!" * 352, "secret", "1é"])
def test_X3_a_damaged_text_is_an_error_that_does_not_show_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^Not a valid string") as caught:
        StringSession(text)
    assert caught.value.__cause__ is None
    assert text[1:] not in str(caught.value) or len(text) == 1


def test_other_types_are_refused() -> None:
    with pytest.raises(TypeError, match="not of bytes"):
        StringSession(b"1abc")  # type: ignore[arg-type]


@pytest.mark.parametrize(("dc_id", "address", "port"), [(2, "example.com", 443), (300, "1.2.3.4", 443),
                                                       (2, "1.2.3.4", 70000), (0, None, None)])  # fmt: skip
def test_what_does_not_fit_is_an_error(dc_id: int, address: str | None, port: int | None) -> None:
    session = _session()
    session.set_dc(dc_id, address, port)
    with pytest.raises(ValueError, match=r"address|does not fit"):
        session.save()


@given(
    st.integers(0, 255),
    st.ip_addresses().map(str),
    st.integers(0, 65535),
    st.binary(min_size=256, max_size=256).filter(any),
)
def test_round_trip(dc_id: int, address: str, port: int, key: bytes) -> None:
    session = StringSession()
    session.set_dc(dc_id, address, port)
    session.auth_key = AuthKey(key)
    again = StringSession(session.save())
    assert (again.dc_id, again.server_address, again.port) == (dc_id, address, port)
    assert again.auth_key == session.auth_key
    assert again.save() == session.save()


def test_S6_salts_are_no_part_of_the_text() -> None:
    session = StringSession()
    session.set_dc(2, "149.154.167.51", 443)
    session.auth_key = AuthKey(b"k" * 256)
    before = session.save()
    session.set_key_state(2, KeyState(1, 2))
    assert session.save() == before
