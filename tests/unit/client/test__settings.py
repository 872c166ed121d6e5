from __future__ import annotations

import logging

import pytest

from telethon.client._settings import as_session, check_api, check_seconds, endless_if_none
from telethon.sessions import StringSession
from telethon.testing import TelegramTestServer

LOG = logging.getLogger(__name__)
HASH = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("api_id", [12345, "12345", " 12345 "])
def test_the_api_id_is_a_number(api_id: object) -> None:
    assert check_api(api_id, HASH) == 12345


@pytest.mark.parametrize(
    ("api_id", "api_hash", "error", "told"),
    [
        (0, HASH, ValueError, "cannot be empty"),
        (12345, "", ValueError, "cannot be empty"),
        (None, None, ValueError, "cannot be empty"),
        ("abc", HASH, ValueError, r"api_id is a number, such as 12345, and this is none$"),
        (HASH, "12345", ValueError, r"exchanged: the number comes first$"),
        (HASH, 12345, ValueError, r"exchanged: the number comes first$"),
        ([12345], HASH, TypeError, "api_id is a number.*not list"),
        (12345, HASH.encode(), TypeError, "api_hash is text of 32 characters, not bytes"),
    ],
)
def test_wrong_keys_are_told_from_each_other_without_being_shown(
    api_id: object, api_hash: object, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told) as raised:
        check_api(api_id, api_hash)
    assert HASH not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize(("given", "used"), [(None, -1), (-1, -1), (0, 0), (5, 5)])
def test_no_number_of_retries_is_no_limit(given: int | None, used: int) -> None:
    assert endless_if_none("request_retries", given) == used


def test_settings_of_the_wrong_kind() -> None:
    with pytest.raises(TypeError, match="connection_retries is a number, or None for no limit, not str"):
        endless_if_none("connection_retries", "5")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="timeout is a number of seconds, not str"):
        check_seconds("timeout", "5")
    for good in (None, 5, 0.5):
        check_seconds("timeout", good)


async def test_X5_the_text_of_a_session_is_no_name_and_is_not_shown() -> None:
    async with TelegramTestServer() as server:
        text = StringSession.save(server.client(server.create_user("Ann")).session)
    with pytest.raises(ValueError, match=r"write TelegramClient\(StringSession\(text\)") as raised:
        as_session(text, LOG)
    assert text[10:60] not in str(raised.value)


def test_long_names_are_still_names(tmp_path) -> None:
    session = as_session(str(tmp_path / ("1" * 200)), LOG)
    session.close()
    assert len(list(tmp_path.iterdir())) == 1
