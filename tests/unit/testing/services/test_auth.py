from __future__ import annotations

import pytest
import worldkit

from telethon.testing import Options, RpcFault
from telethon.testing.world import TELEGRAM
from telethon.tl import functions, types

SETTINGS = types.CodeSettings()


@pytest.fixture
def server():
    return worldkit.make_server()


def send_code(device, phone, api_id=None, api_hash=None):
    server = device.server
    request = functions.auth.SendCodeRequest(phone, api_id or server.api_id, api_hash or server.api_hash, SETTINGS)
    return device(request)


def fault(device, request) -> str:
    with pytest.raises(RpcFault) as raised:
        device(request)
    return raised.value.message


def test_a_code_logs_in_and_is_good_once(server):
    user = server.create_user("Ann")
    device = worldkit.Device(server)
    sent = send_code(device, user.phone)
    assert isinstance(sent.type, types.auth.SentCodeTypeSms)
    code = server.login_code(user.phone)
    assert len(code) == sent.type.length == 5
    sign_in = functions.auth.SignInRequest(user.phone, sent.phone_code_hash, code)
    assert device(sign_in).user.id == user.id
    assert device.auth.user_id == user.id
    assert fault(worldkit.Device(server), sign_in) == "PHONE_CODE_EXPIRED"


@pytest.mark.parametrize(
    ("phone", "code", "error"),
    [
        (None, "00000", "PHONE_CODE_INVALID"),
        (None, "", "PHONE_CODE_EMPTY"),
        ("+99966299999", "12345", "PHONE_CODE_EXPIRED"),
        ("hello", "12345", "PHONE_NUMBER_INVALID"),
        ("12", "12345", "PHONE_NUMBER_INVALID"),
    ],
)
def test_what_is_wrong_with_a_code_is_said(server, phone, code, error):
    user = server.create_user("Ann")
    device = worldkit.Device(server)
    sent = send_code(device, user.phone)
    assert fault(device, functions.auth.SignInRequest(phone or user.phone, sent.phone_code_hash, code)) == error


def test_a_code_ends_with_time_and_with_too_many_tries(server):
    user = server.create_user("Ann")
    device = worldkit.Device(server)
    sent = send_code(device, user.phone)
    for _ in range(Options().code_tries):
        assert (
            fault(device, functions.auth.SignInRequest(user.phone, sent.phone_code_hash, "1")) == "PHONE_CODE_INVALID"
        )
    assert fault(device, functions.auth.SignInRequest(user.phone, sent.phone_code_hash, "1")) == "PHONE_CODE_EXPIRED"
    sent = send_code(device, user.phone)
    code = server.login_code(user.phone)
    server._given_clock.advance(Options().code_lifetime + 1)
    assert fault(device, functions.auth.SignInRequest(user.phone, sent.phone_code_hash, code)) == "PHONE_CODE_EXPIRED"


def test_resent_and_cancelled_codes(server):
    user = server.create_user("Ann")
    device = worldkit.Device(server)
    sent = send_code(device, user.phone)
    device(functions.auth.ResendCodeRequest(user.phone, sent.phone_code_hash))
    assert fault(device, functions.auth.ResendCodeRequest(user.phone, sent.phone_code_hash)) == "SEND_CODE_UNAVAILABLE"
    assert fault(device, functions.auth.ResendCodeRequest(user.phone, "x")) == "PHONE_CODE_EXPIRED"
    assert device(functions.auth.CancelCodeRequest(user.phone, sent.phone_code_hash)) is True
    with pytest.raises(LookupError):
        server.login_code(user.phone)


def test_the_code_is_also_told_to_devices_that_are_logged_in(server):
    user = server.create_user("Ann")
    old = worldkit.Device(server, user)
    sent = send_code(worldkit.Device(server), user.phone)
    assert isinstance(sent.type, types.auth.SentCodeTypeApp)
    (update,) = old.updates()
    assert update.message.peer_id.user_id == TELEGRAM
    assert server.login_code(user.phone) in update.message.message


def test_a_new_log_in_is_announced_to_other_devices(server):
    user = server.create_user("Ann")
    old, new = worldkit.Device(server, user), worldkit.Device(server)
    sent = send_code(new, user.phone)
    old.updates()
    new(functions.auth.SignInRequest(user.phone, sent.phone_code_hash, server.login_code(user.phone)))
    assert any(isinstance(update, types.UpdateNewAuthorization) for update in old.updates())
    assert not new.pushed


def test_E1_accounts_live_in_one_data_centre(server):
    user, bot = server.create_user("Ann", dc_id=4), server.create_bot(dc_id=5)
    device = worldkit.Device(server, dc_id=2)
    with pytest.raises(RpcFault, match="303 PHONE_MIGRATE_4"):
        send_code(device, user.phone)
    request = functions.auth.ImportBotAuthorizationRequest(0, server.api_id, server.api_hash, bot.token)
    with pytest.raises(RpcFault, match="303 USER_MIGRATE_5"):
        device(request)


def test_the_program_must_be_known(server):
    user = server.create_user("Ann")
    with pytest.raises(RpcFault, match="API_ID_INVALID"):
        send_code(worldkit.Device(server), user.phone, api_hash="0" * 32)
    with pytest.raises(RpcFault, match="API_ID_INVALID"):
        send_code(worldkit.Device(server), user.phone, api_id=1)


def test_unknown_numbers_may_sign_up(server):
    device, phone = worldkit.Device(server), "+9996621234"
    sent = send_code(device, phone)
    code = server.login_code(phone)
    answer = device(functions.auth.SignInRequest(phone, sent.phone_code_hash, code))
    assert isinstance(answer, types.auth.AuthorizationSignUpRequired)
    assert fault(device, functions.auth.SignUpRequest(phone, sent.phone_code_hash, " ", "")) == "FIRSTNAME_INVALID"
    new = device(functions.auth.SignUpRequest(phone, sent.phone_code_hash, "New", "")).user
    assert (new.first_name, new.is_self) == ("New", True)


def test_bots_log_in_by_token(server):
    bot, device = server.create_bot(), worldkit.Device(server)
    wrong = functions.auth.ImportBotAuthorizationRequest(0, server.api_id, server.api_hash, "1:x")
    assert fault(device, wrong) == "ACCESS_TOKEN_INVALID"
    right = functions.auth.ImportBotAuthorizationRequest(0, server.api_id, server.api_hash, bot.token)
    assert device(right).user.bot
    assert fault(device, functions.messages.GetDialogsRequest(0, 0, types.InputPeerEmpty(), 10, 0)) == (
        "BOT_METHOD_INVALID"
    )


def test_nobody_may_ask_before_logging_in(server):
    device = worldkit.Device(server)
    assert fault(device, functions.updates.GetStateRequest()) == "AUTH_KEY_UNREGISTERED"
    assert fault(device, functions.messages.GetFavedStickersRequest(0)) == "AUTH_KEY_UNREGISTERED"
    assert isinstance(device(functions.help.GetNearestDcRequest()), types.NearestDc)


def test_an_authorization_moves_to_another_data_centre_once(server):
    user = server.create_user("Ann")
    home, away = worldkit.Device(server, user), worldkit.Device(server, dc_id=5)
    exported = home(functions.auth.ExportAuthorizationRequest(5))
    request = functions.auth.ImportAuthorizationRequest(exported.id, exported.bytes)
    assert away(request).user.id == user.id
    assert fault(worldkit.Device(server, dc_id=5), request) == "AUTH_BYTES_INVALID"
    assert fault(home, functions.auth.ExportAuthorizationRequest(2)) == "DC_ID_INVALID"
    assert fault(home, functions.auth.ExportAuthorizationRequest(9)) == "DC_ID_INVALID"
    # Away from home an account may only fetch files.
    assert fault(away, functions.updates.GetStateRequest()) == "USER_MIGRATE_2"


def test_X9_logging_out_ends_the_authorization(server):
    user = server.create_user("Ann")
    device, other = worldkit.Device(server, user), worldkit.Device(server, user)
    assert len(other(functions.account.GetAuthorizationsRequest()).authorizations) == 2
    device(functions.auth.LogOutRequest())
    assert fault(device, functions.updates.GetStateRequest()) == "AUTH_KEY_UNREGISTERED"
    assert len(other(functions.account.GetAuthorizationsRequest()).authorizations) == 1


def test_devices_can_be_logged_out_from_another(server):
    user = server.create_user("Ann")
    one, two, three = (worldkit.Device(server, user) for _ in range(3))
    listed = one(functions.account.GetAuthorizationsRequest()).authorizations
    assert sum(1 for entry in listed if entry.current) == 1
    assert fault(one, functions.account.ResetAuthorizationRequest(1)) == "HASH_INVALID"
    assert one(functions.account.ResetAuthorizationRequest(two.auth.data["hash"])) is True
    assert two.closed
    assert one(functions.auth.ResetAuthorizationsRequest()) is True
    assert three.closed
    assert three.auth.user_id is None
    assert one.auth.user_id == user.id


def test_X8_a_qr_code_is_accepted_with_another_device(server):
    user = server.create_user("Ann")
    phone, screen = worldkit.Device(server, user), worldkit.Device(server)
    export = functions.auth.ExportLoginTokenRequest(server.api_id, server.api_hash, [])
    shown = screen(export)
    assert isinstance(shown, types.auth.LoginToken)
    phone(functions.auth.AcceptLoginTokenRequest(shown.token))
    assert isinstance(screen.pushed[0].update, types.UpdateLoginToken)
    assert fault(phone, functions.auth.AcceptLoginTokenRequest(shown.token)) == "AUTH_TOKEN_ALREADY_ACCEPTED"
    assert screen(export).authorization.user.id == user.id
    assert fault(phone, functions.auth.AcceptLoginTokenRequest(b"nothing")) == "AUTH_TOKEN_INVALIDX"


def test_X8_qr_codes_end_and_lead_to_the_right_data_centre(server):
    user = server.create_user("Ann", dc_id=4)
    phone, screen = worldkit.Device(server, user), worldkit.Device(server, dc_id=2)
    export = functions.auth.ExportLoginTokenRequest(server.api_id, server.api_hash, [])
    first = screen(export)
    server._given_clock.advance(31)
    assert fault(phone, functions.auth.AcceptLoginTokenRequest(first.token)) == "AUTH_TOKEN_EXPIRED"
    second = screen(export)
    assert second.token != first.token
    phone(functions.auth.AcceptLoginTokenRequest(second.token))
    moved = screen(export)
    assert (type(moved), moved.dc_id) == (types.auth.LoginTokenMigrateTo, 4)
    there = worldkit.Device(server, dc_id=4)
    assert there(functions.auth.ImportLoginTokenRequest(moved.token)).authorization.user.id == user.id
