"""Errors the library raises by itself."""

from __future__ import annotations

import pickle

import pytest

from telethon import errors
from telethon.tl import functions


def test_multi_error_of_one_is_that_one() -> None:
    one = ValueError("a")
    assert errors.MultiError([one], [None], [None]) is one  # type: ignore[list-item]


def test_multi_error_keeps_all_three_lists() -> None:
    several = errors.MultiError([None, ValueError("b")], [1, None], ["x", "y"])  # type: ignore[list-item]
    assert isinstance(several, errors.MultiError)
    assert several.results == [1, None]
    assert several.requests == ["x", "y"]


def test_multi_error_needs_lists_of_one_length() -> None:
    with pytest.raises(ValueError, match="as many"):
        errors.MultiError([None, None], [1], ["x", "y"])  # type: ignore[list-item]


def test_X5_unknown_constructors_are_told_without_the_bytes() -> None:
    error = errors.TypeNotFoundError(0xABCDEF01, b"secret text")
    assert (error.invalid_constructor_id, error.remaining) == (0xABCDEF01, b"secret text")
    assert "abcdef01" in str(error)
    assert "secret" not in str(error)


def test_transport_errors_show_their_code() -> None:
    assert errors.InvalidBufferError(b"\x6c\xfe\xff\xff").code == 404
    assert errors.InvalidBufferError(b"abc").code is None


def test_peer_faults_are_security_errors() -> None:
    assert issubclass(errors.RemoteProtocolError, errors.SecurityError)
    assert not issubclass(errors.LocalProtocolError, errors.SecurityError)
    assert str(errors.SecurityError())


@pytest.mark.parametrize("code", [16, 17, 18, 19, 20, 32, 33, 34, 35, 48, 64, 99])
def test_bad_message_errors_say_which_rule(code: int) -> None:
    error = errors.BadMessageError(None, code)
    assert error.code == code
    assert f"code {code}" in str(error)


def test_names_that_do_not_exist_are_attribute_errors() -> None:
    with pytest.raises(AttributeError, match="NoSuchError"):
        _ = errors.NoSuchError
    assert "FloodWaitError" in dir(errors)


def test_S8_requests_whose_fate_nobody_knows_are_connection_errors_that_name_them() -> None:
    request = functions.messages.CreateChatRequest(["somebody"], "private title")
    error = errors.RequestUncertainError(request, "the server began a new session")
    assert isinstance(error, ConnectionError)
    assert str(error) == (
        "CreateChatRequest may have been carried out or not, and is not sent again, since it must not be done twice: "
        "the server began a new session"
    )
    assert (error.request, error.reason) == (request, "the server began a new session")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again)) == (errors.RequestUncertainError, str(error))


@pytest.mark.parametrize(
    ("error", "beginning"),
    [
        (errors.FloodWaitError(None, 30), "A wait of 30 seconds is required"),
        (errors.SlowModeWaitError(None, 7), "A wait of 7 seconds is required"),
        (errors.FloodPremiumWaitError(None, 4), "A wait of 4 seconds is required"),
        (errors.FloodTestPhoneWaitError(None, 3), "A wait of 3 seconds is required"),
        (
            errors.TypeNotFoundError(0xABCDEF01, b""),
            "Could not find a matching Constructor ID for the TLObject that was supposed to be read with ID abcdef01",
        ),
        (errors.InvalidBufferError(b"\x53\xfe\xff\xff"), "Invalid response buffer (HTTP code 429)"),
        (errors.InvalidBufferError(b"abc"), "Invalid response buffer (too short"),
        (
            errors.AlreadyInConversationError(),
            "Cannot open exclusive conversation in a chat that already has one open conversation",
        ),
        (errors.SecurityError(), "A security check failed"),
    ],
)
def test_texts_that_programs_look_for_are_as_they_know_them(error: Exception, beginning: str) -> None:
    assert str(error).startswith(beginning)
