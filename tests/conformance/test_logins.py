"""Passwords, QR codes and logging out, with the clock and the loop watched."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from typing import Any

import pytest
from looplag import best_lag

from telethon.errors import SecurityError, SessionPasswordNeededError
from telethon.password import compute_check
from telethon.sessions import SQLiteSession
from telethon.testing import TelegramTestServer
from telethon.testing.clock import run_virtual
from telethon.tl import functions, types

LAG = 0.05


# -- passwords ---------------------------------------------------------------------------------------------------------


async def test_X6_R14_the_loop_goes_on_while_a_password_is_proven() -> None:
    async with TelegramTestServer() as server:
        user = server.create_user("Ann", password="secret")
        client = server.client()
        await client.connect()
        await client.send_code_request(user.phone)
        with pytest.raises(SessionPasswordNeededError):
            await client.sign_in(user.phone, user.login_code())

        # The work of the server is done in the same loop, so that only the client's is watched.
        asked = await client(functions.account.GetPasswordRequest())
        proofs: list[Any] = []

        async def answer(request: Any, call: Any) -> Any:
            proofs.append(request.password)
            return types.auth.Authorization(types.User(5, is_self=True))

        server.on(functions.auth.CheckPasswordRequest)(answer)

        @server.on(functions.account.GetPasswordRequest)
        async def get_password(request: Any, call: Any) -> Any:
            return asked

        assert await best_lag(lambda: client.sign_in(password="secret"), LAG) < LAG
        assert proofs
        assert all(isinstance(proof, types.InputCheckPasswordSRP) for proof in proofs)
        await client.disconnect()


def challenge(**changes: Any) -> Any:
    from telethon.crypto.dh import KNOWN_PRIME

    g, p = changes.get("g", 3), changes.get("p", KNOWN_PRIME)
    algo = types.PasswordKdfAlgoSHA256SHA256PBKDF2HMACSHA512iter100000SHA256ModPow(
        b"salt1", b"salt2", g, p.to_bytes(max(256, (p.bit_length() + 7) // 8), "big")
    )
    b = changes.get("b", pow(3, 3**900, KNOWN_PRIME))
    return types.account.Password(
        types.PasswordKdfAlgoUnknown(),
        types.SecurePasswordKdfAlgoUnknown(),
        b"",
        has_password=True,
        current_algo=algo,
        srp_B=b.to_bytes(max(256, (b.bit_length() + 7) // 8), "big"),
        srp_id=5,
    )


def bad_challenges() -> dict[str, dict[str, int]]:
    from telethon.crypto.dh import KNOWN_PRIME as P

    return {
        **{f"p {name}": {"p": p} for name, p in
           {"composite": P - 2, "even": P - 1, "small": P >> 1, "large": P * P, "smooth": 3**1291 * 5}.items()},
        **{f"g {g}": {"g": g} for g in (-1, 0, 1, 2, 5, 8, 12345)},
        **{f"B {name}": {"b": b} for name, b in {"0": 0, "p": P, "p + 1": P + 1, "2 p": 2 * P}.items()},
    }  # fmt: skip


@pytest.mark.parametrize("changes", bad_challenges().values(), ids=list(bad_challenges()))
def test_X6_bad_groups_and_values_are_refused_within_a_second_and_a_half(changes: dict[str, int]) -> None:
    before = time.thread_time()
    with pytest.raises((ValueError, SecurityError)):
        compute_check(challenge(**changes), "secret")
    assert time.thread_time() - before < 1.5


def test_X6_the_challenge_of_these_tests_is_good() -> None:
    assert compute_check(challenge(), "secret").M1


# -- QR codes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", [None, "secret"])
def test_X8_three_codes_end_and_the_fourth_logs_in(password: str | None) -> None:
    async def main() -> None:
        async with TelegramTestServer() as server:
            user = server.create_user("Ann", dc_id=4, **({"password": password} if password else {}))
            client = server.client()
            await client.connect()
            shown = await client.qr_login()
            seen = {shown.token}
            for _ in range(3):
                with pytest.raises(asyncio.TimeoutError):
                    await shown.wait(31)
                await shown.recreate()
                seen.add(shown.token)
            assert len(seen) == 4, "each code is another one"
            waiting = asyncio.ensure_future(shown.wait(25))
            await asyncio.sleep(1)
            await user.call(functions.auth.AcceptLoginTokenRequest(shown.token))
            if password:
                with pytest.raises(SessionPasswordNeededError):
                    await waiting
                assert (await client.sign_in(password=password)).id == user.id
            else:
                assert (await waiting).id == user.id
            assert client.session.dc_id == 4
            assert (await client.get_me()).id == user.id
            await client.disconnect()

    run_virtual(main())


# -- logging out -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["refused", "no connection", "none"])
async def test_X9_the_file_goes_only_when_the_session_has_ended(tmp_path: Path, trouble: str) -> None:
    async with TelegramTestServer() as server:
        user = server.create_user("Ann")
        session = SQLiteSession(str(tmp_path / "name"))
        client = server.client(session=session, connection_retries=0)
        session.set_dc(2, *server.address(2))
        await client.connect()
        await client.send_code_request(user.phone)
        await client.sign_in(user.phone, user.login_code())
        if trouble == "refused":
            server.faults.rpc_error("auth.LogOut", 400, "SOMETHING")
            assert await client.log_out() is False
        elif trouble == "no connection":
            await client.disconnect()
            with pytest.raises(ConnectionError):
                await client.log_out()
        else:
            assert await client.log_out() is True
            assert not os.listdir(tmp_path)
            assert server.world.authorizations_of(user.id) == []
            return
        await client.disconnect()
        assert (tmp_path / "name.session").exists()
        again = server.client(session=SQLiteSession(str(tmp_path / "name")))
        await again.connect()
        assert (await again.get_me()).id == user.id
        await again.disconnect()
