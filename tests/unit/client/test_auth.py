"""Logging in and out: which requests are made, what is asked, and what comes out."""

from __future__ import annotations

import builtins
import getpass
import io
import sys
from typing import Any

import pytest

from telethon import errors, password
from telethon.client import auth
from telethon.tl import types

NOBODY = errors.AuthKeyUnregisteredError
SENT = types.auth.SentCode(
    type=types.auth.SentCodeTypeApp(5), phone_code_hash="HASH", next_type=types.auth.CodeTypeSms()
)
SENT_AGAIN = types.auth.SentCode(type=types.auth.SentCodeTypeSms(5), phone_code_hash="HASH2")


def own(**fields: Any) -> types.User:
    return types.User(id=1, access_hash=10, is_self=True, first_name="Me", phone="34600", **fields)


IN = types.auth.Authorization(user=own())
FRESH = {"GetUsers": NOBODY, "SendCode": SENT, "ResendCode": SENT_AGAIN, "SignIn": IN, "ImportBotAuthorization": IN}


@pytest.fixture
def client(scripted):
    """Makes a client of which nobody is logged in, and that does not follow updates."""

    def make(**answers: Any) -> Any:
        made = scripted({**FRESH, **answers})
        made.logged_in = []

        async def on_login(user: Any) -> None:
            made.logged_in.append(user.id)

        made._update_engine.on_login = on_login
        return made

    return make


@pytest.fixture
def person(monkeypatch):
    """Answers questions in the terminal, and remembers them."""
    asked: list[str] = []

    def answer(*answers: str) -> list[str]:
        left = iter(answers)

        def reply(question: str = "") -> str:
            asked.append(question)
            return next(left)

        monkeypatch.setattr(builtins, "input", reply)
        monkeypatch.setattr(getpass, "getpass", reply)
        return asked

    return answer


@pytest.fixture
def arithmetic(monkeypatch):
    """A password check that costs nothing."""
    monkeypatch.setattr(
        password, "compute_check", lambda known, text: types.InputCheckPasswordSRP(1, b"A", text.encode())
    )
    monkeypatch.setattr(password, "compute_digest", lambda algo, text: text.encode() * 2)


def password_settings(has: bool) -> types.account.Password:
    algo = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(b"salt", b"2", 3, b"p")
    return types.account.Password(
        new_algo=algo,
        new_secure_algo=types.SecurePasswordKdfAlgoUnknown(),
        secure_random=b"",
        has_password=has,
        current_algo=algo if has else None,
    )


# -- the code ----------------------------------------------------------------------------------------------------------


async def test_code_is_sent_and_then_sent_again(client):
    made = client()
    assert await made.send_code_request("+34 600") == SENT
    request = made._sender.sent[0]
    assert (request.phone_number, request.api_id, request.api_hash) == ("34600", 1, "hash")
    assert made._phone == "34600"
    assert made._phone_code_hash == {"34600": "HASH"}
    assert await made.send_code_request(34600) == SENT_AGAIN
    assert made._sender.sent[1].phone_code_hash == "HASH"
    assert made._phone_code_hash == {"34600": "HASH2"}


async def test_force_sms_only_warns(client):
    with pytest.warns(UserWarning, match="force_sms"):
        await client().send_code_request("34600", force_sms=True)


async def test_code_that_ran_out_while_asking_again(client):
    made = client(ResendCode=errors.PhoneCodeExpiredError)
    await made.send_code_request("34600")
    assert await made.send_code_request("34600") == SENT
    assert made._sender.names == ["SendCode", "ResendCode", "SendCode"]


async def test_telegram_wants_to_begin_anew(client):
    made = client(SendCode=[errors.AuthRestartError, SENT])
    assert await made.send_code_request("34600") == SENT
    assert made.pauses == [2]


async def test_telegram_needs_no_code(client):
    made = client(SendCode=types.auth.SentCodeSuccess(IN))
    with pytest.raises(RuntimeError, match="logged in right after sending the code"):
        await made.send_code_request("34600")
    assert made.logged_in == [1]


@pytest.mark.parametrize("phone", ["abc", None, ""])
async def test_no_phone_number(client, phone):
    made = client()
    with pytest.raises(ValueError, match="no phone number"):
        await made.send_code_request(phone)
    assert made._sender.sent == []


# -- signing in step by step -------------------------------------------------------------------------------------------


async def test_sign_in_step_by_step(client):
    made = client()
    assert await made.sign_in("+34600") == SENT
    user = await made.sign_in(code=12345)
    assert user == own()
    request = made._sender.sent[-1]
    assert (request.phone_number, request.phone_code_hash, request.phone_code) == ("34600", "HASH", "12345")
    assert made.logged_in == [1]
    assert made._authorized is True
    assert made._self_id == 1


async def test_sign_in_with_the_hash_of_another_client(client):
    made = client()
    await made.sign_in("34600", "1", phone_code_hash="ELSEWHERE")
    assert made._sender.sent[-1].phone_code_hash == "ELSEWHERE"


async def test_sign_in_as_bot(client):
    made = client()
    assert (await made.sign_in(bot_token="1:x")).id == 1
    request = made._sender.sent[-1]
    assert (request.flags, request.api_id, request.api_hash, request.bot_auth_token) == (0, 1, "hash", "1:x")


async def test_sign_in_with_password(client, arithmetic):
    made = client(GetPassword=password_settings(True), CheckPassword=IN)
    assert (await made.sign_in(password="secret")).id == 1
    assert made._sender.sent[-1].password == types.InputCheckPasswordSRP(1, b"A", b"secret")


@pytest.mark.parametrize("step", [{"phone": "1", "code": "1"}, {"password": "x"}, {"bot_token": "1:x"}])
async def test_sign_in_twice(client, step):
    made = client(GetUsers=[[own()]])
    assert (await made.sign_in(**step)).id == 1
    assert made._sender.names == ["GetUsers"]


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ({}, "You must provide a phone and a code"),
        ({"code": "1"}, "Please make sure to call send_code_request first"),
        ({"phone": "34600", "code": "1"}, "You also need to provide a phone_code_hash"),
    ],
)
async def test_sign_in_with_too_little(client, step, text):
    with pytest.raises(ValueError, match=text):
        await client().sign_in(**step)


@pytest.mark.parametrize(
    "error",
    [
        errors.PhoneCodeInvalidError,
        errors.SessionPasswordNeededError,
        errors.PhoneCodeExpiredError,
        errors.FloodWaitError,
    ],
)
async def test_what_telegram_says_comes_out(client, error):
    made = client(
        SignIn=lambda request: error(request, capture=500) if error is errors.FloodWaitError else error(request)
    )
    await made.send_code_request("34600")
    with pytest.raises(error):
        await made.sign_in(code="1")
    assert made._phone_code_hash == ({} if error is errors.PhoneCodeExpiredError else {"34600": "HASH"})


async def test_a_number_that_got_no_code_is_not_signed_in_with(client):
    made = client(SendCode=lambda request: errors.PhoneNumberInvalidError(request))
    with pytest.raises(errors.PhoneNumberInvalidError):
        await made.send_code_request("0")
    with pytest.raises(ValueError, match="Please make sure to call send_code_request first"):
        await made.sign_in(code="1")


async def test_number_without_account(client):
    terms = types.help.TermsOfService(id=types.DataJSON("{}"), text="t", entities=[])
    made = client(SignIn=types.auth.AuthorizationSignUpRequired(terms_of_service=terms))
    with pytest.raises(errors.PhoneNumberUnoccupiedError):
        await made.sign_in("34600", "1", phone_code_hash="X")
    assert made._tos == terms


async def test_sign_up_is_for_official_applications(client):
    made = client()
    with pytest.raises(ValueError, match="cannot sign up"):
        await made.sign_up("1", "Name")
    assert made._sender.sent == []


# -- start -------------------------------------------------------------------------------------------------------------


async def test_start_asks_in_the_terminal(client, person, capfd):
    asked = person("", "nonsense", "34 600", "12345")
    made = client()
    assert await made.start() is made
    assert capfd.readouterr().out.startswith("Signed in successfully as ")
    assert asked == ["Please enter your phone (or bot token): "] * 3 + ["Please enter the code you received: "]
    assert made._sender.sent[-1].phone_code == "12345"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("ascii", b"Signed in successfully\n"), ("utf-8", "Signed in successfully as Zo\u00eb".encode())],
)
async def test_start_says_who_has_logged_in_wherever_it_can(encoding, said, monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding)
    monkeypatch.setattr(sys, "stdout", out)
    auth._welcome(types.User(1, first_name="Zo\u00eb"))
    assert out.buffer.getvalue().startswith(said)
    # As in a program without a window.
    monkeypatch.setattr(sys, "stdout", None)
    auth._welcome(types.User(1, first_name="Ann"))


async def test_start_takes_a_token_for_a_phone(client, person, capfd):
    person("123:abc")
    made = client()
    await made.start()
    assert capfd.readouterr().out == ""
    assert made._sender.sent[-1].bot_auth_token == "123:abc"


async def test_start_with_functions_of_all_kinds(client):
    async def phone() -> str:
        return "34600"

    made = client()
    await made.start(phone, code_callback=lambda: 55555)
    assert made._sender.sent[-1].phone_code == "55555"

    async def code() -> str:
        return "66666"

    made = client()
    await made.start("34600", code_callback=code)
    assert made._sender.sent[-1].phone_code == "66666"


async def test_start_when_somebody_is_logged_in(client, recwarn):
    for arguments in ({"phone": "34600"}, {"bot_token": "1:x"}, {"phone": lambda: "35"}):
        made = client(GetUsers=[[own()]])
        assert await made.start(**arguments) is made
    assert not [warning for warning in recwarn if warning.category is UserWarning]


@pytest.mark.parametrize("arguments", [{"phone": "34601"}, {"bot_token": "2:x"}])
async def test_start_when_somebody_else_is_logged_in(client, arguments):
    made = client(GetUsers=[[own()]])
    with pytest.warns(UserWarning, match="already had an authorized user"):
        await made.start(**arguments)
    assert made._sender.names == ["GetUsers"]


async def test_start_gives_up_after_some_wrong_codes(client, capfd):
    made = client(SignIn=errors.PhoneCodeInvalidError)
    with pytest.raises(RuntimeError, match="2 consecutive sign-in attempts failed"):
        await made.start("34600", code_callback=lambda: "1", max_attempts=2)
    assert capfd.readouterr().err == "Invalid code. Please try again.\n" * 2


async def test_start_counts_empty_codes(client, person):
    person("", "1")
    made = client()
    await made.start("34600")
    assert made._sender.names.count("SignIn") == 1


async def test_start_gets_a_new_code_for_an_old_one(client, person, capfd):
    person("1", "2")
    made = client(SignIn=[errors.PhoneCodeExpiredError, IN])
    await made.start("34600")
    assert made._sender.names == ["GetUsers", "SendCode", "SignIn", "SendCode", "SignIn"]
    assert "expired" in capfd.readouterr().err


async def test_start_when_no_code_is_needed(client):
    made = client(SendCode=types.auth.SentCodeSuccess(IN))
    assert await made.start("34600", code_callback=lambda: "1") is made
    assert made.logged_in == [1]


async def test_start_asks_for_the_password(client, person, arithmetic, capfd):
    asked = person("first", "second")
    made = client(
        SignIn=errors.SessionPasswordNeededError,
        GetPassword=password_settings(True),
        CheckPassword=[errors.PasswordHashInvalidError, IN],
    )
    await made.start("34600", code_callback=lambda: "1")
    assert asked == ["Please enter your password: "] * 2
    assert made._sender.sent[-1].password.M1 == b"second"
    assert capfd.readouterr().err == "Invalid password. Please try again\n"


@pytest.mark.parametrize("wrong", ["x", lambda: "x"])
async def test_start_with_the_wrong_password(client, arithmetic, wrong):
    made = client(
        SignIn=errors.SessionPasswordNeededError,
        GetPassword=password_settings(True),
        CheckPassword=errors.PasswordHashInvalidError,
    )
    with pytest.raises(errors.PasswordHashInvalidError):
        await made.start("34600", wrong, code_callback=lambda: "1")
    assert made._sender.names.count("CheckPassword") == (3 if callable(wrong) else 1)


async def test_start_without_the_password(client):
    made = client(SignIn=errors.SessionPasswordNeededError)
    with pytest.raises(ValueError, match="Two-step verification is enabled"):
        await made.start("34600", None, code_callback=lambda: "1")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ({"phone": None}, "No phone number or bot token"),
        ({"phone": "5", "bot_token": "1"}, "Both a phone and a bot token"),
        ({"phone": "5", "code_callback": 5}, "code_callback parameter needs to be a callable"),
    ],
)
async def test_start_with_what_cannot_be(client, arguments, text):
    with pytest.raises(ValueError, match=text):
        client().start(**arguments)


# -- with --------------------------------------------------------------------------------------------------------------


async def test_async_with_starts_and_disconnects(client):
    made = client(GetUsers=[[own()]])
    async with made as entered:
        assert entered is made
        assert made.is_connected()
    assert not made.is_connected()


async def test_with_is_not_for_a_running_loop(client):
    with pytest.raises(RuntimeError, match="async with"):
        client().__enter__()


# -- logging out, and the password -------------------------------------------------------------------------------------


async def test_log_out_ends_the_client(client):
    made = client(LogOut=types.auth.LoggedOut())
    assert await made.log_out() is True
    assert made.session is None
    assert made._authorized is False
    assert made._self_id is None
    with pytest.raises(ValueError, match="cannot be reused after logging out"):
        await made.connect()
    await made.disconnect()


async def test_log_out_that_is_refused(client):
    made = client(LogOut=errors.AuthKeyUnregisteredError)
    assert await made.log_out() is False
    assert made.session is not None
    assert made.is_connected()


async def test_two_step_password(client, arithmetic):
    for has, current in ((False, None), (False, "old"), (True, None), (True, "old")):
        made = client(GetPassword=lambda _, has=has: password_settings(has), UpdatePasswordSettings=True)
        assert await made.edit_2fa(current, "new", hint="h") is True
        request = made._sender.sent[-1]
        proof = types.InputCheckPasswordSRP(1, b"A", b"old") if has and current else types.InputCheckPasswordEmpty()
        assert request.password == proof
        assert request.new_settings.new_password_hash == b"newnew"
        assert request.new_settings.hint == "h"
        assert len(request.new_settings.new_algo.salt1) == 4 + 32


async def test_two_step_password_is_removed(client, arithmetic):
    made = client(GetPassword=password_settings(True), UpdatePasswordSettings=True)
    assert await made.edit_2fa("old") is True
    assert made._sender.sent[-1].new_settings.new_password_hash == b""


async def test_two_step_password_with_address(client, arithmetic):
    lengths: list[int] = []

    async def code(length: int) -> int:
        lengths.append(length)
        return 1234

    made = client(
        GetPassword=password_settings(False),
        UpdatePasswordSettings=errors.EmailUnconfirmedError(None, capture=6),
        ConfirmPasswordEmail=True,
    )
    assert await made.edit_2fa(new_password="new", email="a@b", email_code_callback=code) is True
    assert lengths == [6]
    assert made._sender.sent[-1].code == "1234"


async def test_two_step_password_with_too_little(client):
    made = client()
    assert await made.edit_2fa() is False
    with pytest.raises(ValueError, match="email present without email_code_callback"):
        await made.edit_2fa(new_password="x", email="a@b")
    assert made._sender.sent == []


async def test_two_step_password_of_another_age(client):
    known = password_settings(False)
    known.new_algo = types.PasswordKdfAlgoUnknown()
    with pytest.raises(ValueError, match="does not know"):
        await client(GetPassword=known).edit_2fa(new_password="x")
