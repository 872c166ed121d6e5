from __future__ import annotations

import pytest
import worldkit

from telethon import password as srp
from telethon.testing import Options, RpcFault
from telethon.tl import functions, types


@pytest.fixture
def server():
    return worldkit.make_server()


def fault(device, request, **context) -> str:
    with pytest.raises(RpcFault) as raised:
        device(request, **context)
    return raised.value.message


def proof(device, text: str):
    return srp.compute_check(device(functions.account.GetPasswordRequest()), text)


def test_X6_a_password_is_asked_for_after_the_code_and_proven_by_srp(server):
    user = server.create_user("Ann", password="right")
    device = worldkit.Device(server)
    sent = device(functions.auth.SendCodeRequest(user.phone, server.api_id, server.api_hash, types.CodeSettings()))
    sign_in = functions.auth.SignInRequest(user.phone, sent.phone_code_hash, server.login_code(user.phone))
    assert fault(device, sign_in) == "SESSION_PASSWORD_NEEDED"
    assert fault(device, functions.updates.GetStateRequest()) == "SESSION_PASSWORD_NEEDED"
    assert fault(device, functions.auth.CheckPasswordRequest(proof(device, "wrong"))) == "PASSWORD_HASH_INVALID"
    answer = proof(device, "right")
    assert device(functions.auth.CheckPasswordRequest(answer)).user.id == user.id
    # A proof is good once.
    assert fault(device, functions.account.GetPasswordSettingsRequest(answer)) == "SRP_ID_INVALID"


def test_X6_an_old_challenge_and_a_senseless_a_are_refused(server):
    device = worldkit.Device(server, server.create_user("Ann", password="right"))
    old = proof(device, "right")
    proof(device, "right")
    assert fault(device, functions.account.GetPasswordSettingsRequest(old)) == "SRP_ID_INVALID"
    fresh = device(functions.account.GetPasswordRequest())
    senseless = types.InputCheckPasswordSRP(fresh.srp_id, b"\0" * 256, b"\0" * 32)
    with pytest.raises(RpcFault):
        device(functions.account.GetPasswordSettingsRequest(senseless))
    assert fault(device, functions.account.GetPasswordSettingsRequest(types.InputCheckPasswordEmpty())) == (
        "PASSWORD_HASH_INVALID"
    )


def test_X7_a_password_is_set_changed_and_removed(server):
    device = worldkit.Device(server, server.create_user("Ann"))

    def change(old: str | None, new: str | None) -> bool:
        state = device(functions.account.GetPasswordRequest())
        assert bool(state.has_password) == (old is not None)
        algo = state.new_algo
        algo.salt1 += b"x" * 32
        settings = types.account.PasswordInputSettings(
            new_algo=algo,
            new_password_hash=srp.compute_digest(algo, new) if new is not None else b"",
            hint="a hint",
        )
        check = srp.compute_check(state, old) if old is not None else types.InputCheckPasswordEmpty()
        return device(functions.account.UpdatePasswordSettingsRequest(check, settings))

    assert change(None, "first")
    assert device(functions.account.GetPasswordRequest()).hint == "a hint"
    with pytest.raises(RpcFault, match="PASSWORD_HASH_INVALID"):
        change("wrong", "second")
    assert change("first", "second")
    assert device(functions.account.GetPasswordSettingsRequest(proof(device, "second")))
    assert change("second", None)
    assert not device(functions.account.GetPasswordRequest()).has_password


def test_X7_a_short_salt_is_refused(server):
    device = worldkit.Device(server, server.create_user("Ann"))
    algo = device(functions.account.GetPasswordRequest()).new_algo
    settings = types.account.PasswordInputSettings(algo, srp.compute_digest(algo, "pw"), "")
    request = functions.account.UpdatePasswordSettingsRequest(types.InputCheckPasswordEmpty(), settings)
    assert fault(device, request) == "NEW_SALT_INVALID"


def test_a_recovery_address_has_to_be_confirmed(server):
    device = worldkit.Device(server, server.create_user("Ann"))
    algo = device(functions.account.GetPasswordRequest()).new_algo
    algo.salt1 += b"x" * 32
    settings = types.account.PasswordInputSettings(algo, srp.compute_digest(algo, "pw"), "", email="a@example.com")
    request = functions.account.UpdatePasswordSettingsRequest(types.InputCheckPasswordEmpty(), settings)
    assert fault(device, request) == "EMAIL_UNCONFIRMED_6"
    assert fault(device, functions.account.ConfirmPasswordEmailRequest("12x456")) == "CODE_INVALID"
    assert device(functions.account.ConfirmPasswordEmailRequest(server.email_code(device.user)))
    assert device(functions.account.GetPasswordRequest()).has_recovery


def test_names_and_usernames_change_and_others_hear_of_it(server):
    ann, bob = server.create_user("Ann"), server.create_user("Bob", username="bob_1")
    mine, theirs = worldkit.Device(server, ann), worldkit.Device(server, bob)
    mine(functions.messages.SendMessageRequest(mine.peer(bob), "hi", random_id=1))
    theirs.updates()
    assert mine(functions.account.UpdateProfileRequest(first_name="Anna")).first_name == "Anna"
    assert [type(update) for update in theirs.updates()] == [types.UpdateUserName]
    assert fault(mine, functions.account.UpdateProfileRequest(first_name="")) == "FIRSTNAME_INVALID"
    assert fault(mine, functions.account.UpdateProfileRequest(about="x" * 71)) == "ABOUT_TOO_LONG"
    for name, error in (("bob_1", "USERNAME_OCCUPIED"), ("1abcd", "USERNAME_INVALID"), ("abc", "USERNAME_INVALID")):
        assert fault(mine, functions.account.UpdateUsernameRequest(name)) == error
    assert mine(functions.account.UpdateUsernameRequest("anna_1")).username == "anna_1"
    assert fault(mine, functions.account.UpdateUsernameRequest("anna_1")) == "USERNAME_NOT_MODIFIED"
    assert mine(functions.account.CheckUsernameRequest("free_name")) is True
    assert mine(functions.account.CheckUsernameRequest("BOB_1")) is False
    mine(functions.account.UpdateUsernameRequest(""))
    assert "anna_1" not in server.world.usernames


def test_a_takeout_begins_waits_and_ends(server):
    server.world.options.takeout_delay = 60
    device = worldkit.Device(server, server.create_user("Ann"))
    assert fault(device, functions.account.InitTakeoutSessionRequest()) == "TAKEOUT_INIT_DELAY_60"
    server.world.options.takeout_delay = 0
    takeout = device(functions.account.InitTakeoutSessionRequest(contacts=True))
    finish = functions.account.FinishTakeoutSessionRequest(success=True)
    assert fault(device, finish) == "TAKEOUT_REQUIRED"
    assert fault(device, finish, takeout_id=1) == "TAKEOUT_INVALID"
    assert device(finish, takeout_id=takeout.id)
    assert fault(device, finish, takeout_id=takeout.id) == "TAKEOUT_INVALID"


def test_a_number_moves_and_an_account_ends(server):
    user = server.create_user("Ann", username="ann_12")
    device = worldkit.Device(server, user)
    sent = device(functions.account.SendChangePhoneCodeRequest("+9996629876", types.CodeSettings()))
    code = server.login_code("9996629876")
    assert device(functions.account.ChangePhoneRequest("+9996629876", sent.phone_code_hash, code)).phone == "9996629876"
    assert server.world.by_phone("+999 66 29876") is user.account
    assert device(functions.account.DeleteAccountRequest("enough"))
    assert server.world.by_phone("9996629876") is None
    assert fault(device, functions.updates.GetStateRequest()) == "AUTH_KEY_UNREGISTERED"


def test_options_have_sensible_defaults():
    assert Options().short_updates
    assert Options().bot_timeout > 0
