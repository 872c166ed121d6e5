"""From what the server sends to the class that programs catch."""

from __future__ import annotations

import csv
import pickle
from pathlib import Path

import pytest

from telethon import errors
from telethon.errors import rpcerrorlist
from telethon.tl.functions.help import GetConfigRequest
from telethon.tl.types import RpcError

TABLE = Path(__file__).resolve().parents[3] / "telethon_generator/data/errors.csv"
ROWS = list(csv.DictReader(TABLE.open(encoding="utf-8", newline="")))


def answer(code: int, text: str) -> errors.RPCError:
    return errors.rpc_message_to_error(RpcError(code, text), GetConfigRequest())


def test_every_row_with_a_class_gives_that_class() -> None:
    for row in ROWS:
        expected = row["class_in_telethon_1_45"]
        # "Timedout" is looked up in capitals and so becomes the general class of its code, as in Telethon.
        if not expected or expected == "TimedoutError":
            continue
        text = row["name"].replace("_X", "_7")
        found = answer(int(row["codes"].split()[0]), text)
        assert type(found).__name__ == expected, row
        if row["capture"]:
            assert getattr(found, row["capture"]) == (7 if text != row["name"] else 0)


def test_every_row_without_a_class_gives_the_family_of_its_code() -> None:
    for row in ROWS:
        if row["class_in_telethon_1_45"]:
            continue
        code = int(row["codes"].split()[0])
        found = answer(code, row["name"])
        assert type(found) is errors.base_errors.get(abs(code), errors.RPCError), row
        assert (found.message, found.code) == (row["name"], code)


def test_every_row_says_what_happened() -> None:
    for row in ROWS:
        code = int(row["codes"].split()[0])
        found = answer(code, row["name"].replace("_X", "_7"))
        assert len(found.explanation.split()) >= 3, row
        assert "{" not in found.explanation, row
        assert found.explanation in str(found), row


def test_an_explanation_comes_after_the_text_that_programs_look_for() -> None:
    found = answer(400, "TOPIC_CLOSED")
    assert str(found).startswith("RPCError 400: TOPIC_CLOSED (caused by GetConfigRequest): The topic is closed; ")
    again = pickle.loads(pickle.dumps(found))
    assert (str(again), again.explanation) == (str(found), found.explanation)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ALLOW_PAYMENT_REQUIRED_12", "takes 12 Stars"),
        ("FILE_REFERENCE_3_EXPIRED", "medium 3 "),
        ("ANSWER_2_MEDIA_TYPE_INVALID", "number 2 "),
        ("STORY_SEND_FLOOD_WEEKLY_60", "in a week"),
        ("STORY_SEND_FLOOD_60", "in 60 seconds"),
        ("RECAPTCHA_CHECK_signup__6Lc-a", "reCAPTCHA"),
        ("Invalid msgs_ack query", "acknowledges"),
        ("SOMETHING_NEW", ""),
        ("STORY_SEND_FLOOD_SOON", ""),
    ],
)
def test_a_value_in_the_text_is_part_of_the_explanation(text: str, expected: str) -> None:
    found = answer(400, text).explanation
    assert expected in found
    assert bool(found) == bool(expected)


def test_an_error_made_by_the_program_has_the_text_of_telethon() -> None:
    assert str(errors.BadRequestError(None, "TOPIC_CLOSED", 400)) == "RPCError 400: TOPIC_CLOSED (caused by NoneType)"
    assert errors.FloodWaitError(None, 5).explanation in str(errors.FloodWaitError(None, 5))


@pytest.mark.parametrize("code", [-303, 303, -500, 400])
def test_the_sign_of_a_code_does_not_matter(code: int) -> None:
    assert type(answer(code, "SOMETHING_NEW")) is errors.base_errors[abs(code)]


def test_an_unknown_code_gives_the_common_base() -> None:
    found = answer(418, "TEAPOT")
    assert type(found) is errors.RPCError
    assert str(found) == "RPCError 418: TEAPOT (caused by GetConfigRequest)"


def test_a_number_is_captured() -> None:
    found = answer(420, "FLOOD_WAIT_31")
    assert isinstance(found, errors.FloodWaitError)
    assert (found.seconds, found.code, found.message) == (31, 420, "FLOOD")
    assert str(found).endswith("[FLOOD_WAIT_31] (caused by GetConfigRequest)")


def test_two_texts_share_a_class() -> None:
    assert answer(400, "EMAIL_UNCONFIRMED_6").code_length == 6  # type: ignore[attr-defined]
    assert answer(400, "EMAIL_UNCONFIRMED").code_length == 0  # type: ignore[attr-defined]


def test_every_class_pickles_with_its_number() -> None:
    for name in rpcerrorlist._ROWS:
        known = getattr(rpcerrorlist, name)
        made = known(None, 12) if issubclass(known, rpcerrorlist.FloodWaitError.__mro__[1]) else known(None)
        copy = pickle.loads(pickle.dumps(made))
        assert type(copy) is known
        assert str(copy) == str(made)


def test_every_class_says_what_happened() -> None:
    for name in rpcerrorlist._ROWS:
        known = getattr(rpcerrorlist, name)
        assert known.__doc__ is not None
        assert len(known.__doc__) > 15, name
        assert known.__doc__ != "Telegram refused the request.", name


def test_wrapped_requests_are_named_in_parentheses() -> None:
    from telethon.tl.functions import InvokeWithoutUpdatesRequest

    found = errors.rpc_message_to_error(RpcError(400, "X_Y"), InvokeWithoutUpdatesRequest(GetConfigRequest()))
    assert str(found).endswith("(caused by InvokeWithoutUpdatesRequest(GetConfigRequest))")
