"""Logging in: codes, tokens, authorizations and how they move between data centres.

Source: https://core.telegram.org/api/auth
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault

if TYPE_CHECKING:
    from telethon.testing._rpc import AuthKeyRecord, ClientSession
    from telethon.testing.world.records import Account
    from telethon.testing.world.world import World

__all__ = ["LoginToken", "Logins", "SentCode"]


@dataclass(slots=True)
class SentCode:
    """A code that was sent to a phone number."""

    phone: str
    code: str
    hash: str
    date: int
    tries: int = 0
    resent: int = 0


@dataclass(slots=True, eq=False)
class LoginToken:
    """A token that is shown as a QR code and accepted with another device."""

    token: bytes
    expires: int
    session: ClientSession = field(repr=False)
    user_id: int | None = None


class Logins:
    """Who is logged in, and who is about to be.

    Args:
        world: where the accounts are.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self.codes: dict[str, SentCode] = {}
        self.authorizations: dict[int, list[AuthKeyRecord]] = {}
        self.exported: dict[tuple[int, bytes], int] = {}
        self.tokens: dict[bytes, LoginToken] = {}
        self._sent = 0

    def send_code(self, phone: str) -> SentCode:
        """Make a code for a number; an earlier one is no longer good."""
        self._sent += 1
        seed = hashlib.sha256(f"{phone} {self._sent}".encode()).digest()
        code = f"{int.from_bytes(seed[:4], 'big') % 90000 + 10000}"
        sent = SentCode(phone, code, self._world.rand(9).hex(), self._world.now())
        self.codes[phone] = sent
        return sent

    def check_code(self, phone: str, code_hash: str, code: str) -> None:
        """Raise what the server says to a code that is not good.

        Raises:
            RpcFault: PHONE_CODE_EMPTY, PHONE_CODE_EXPIRED or PHONE_CODE_INVALID.
        """
        sent = self.codes.get(phone)
        if not code_hash:
            raise RpcFault(400, "PHONE_CODE_HASH_EMPTY")
        if sent is None or sent.hash != code_hash:
            raise RpcFault(400, "PHONE_CODE_EXPIRED")
        if not code:
            raise RpcFault(400, "PHONE_CODE_EMPTY")
        if self._world.now() - sent.date > self._world.options.code_lifetime:
            raise RpcFault(400, "PHONE_CODE_EXPIRED")
        if sent.code != code:
            sent.tries += 1
            if sent.tries >= self._world.options.code_tries:
                del self.codes[phone]
            raise RpcFault(400, "PHONE_CODE_INVALID")

    # -- authorizations ----------------------------------------------------------------------------------------------

    def enter(self, auth: AuthKeyRecord, account: Account) -> bool:
        """Log an account in with a key.

        Returns:
            Whether the key is new for this account.
        """
        known = self.authorizations.setdefault(account.id, [])
        if auth.user_id is not None and auth.user_id != account.id:
            self.leave(auth)
        auth.user_id = account.id
        auth.data.pop("password_user", None)
        auth.data.setdefault("hash", self._world.new_id())
        auth.data.setdefault("created", self._world.now())
        auth.data.setdefault("seq", 0)
        if auth in known:
            return False
        known.append(auth)
        return True

    def leave(self, auth: AuthKeyRecord) -> None:
        """Log out."""
        if auth.user_id is not None:
            known = self.authorizations.get(auth.user_id, [])
            if auth in known:
                known.remove(auth)
        auth.user_id = None
        auth.data.clear()

    def export(self, user_id: int) -> tuple[int, bytes]:
        """Let an account be logged in at another data centre; the bytes are good once."""
        data = self._world.rand(128)
        self.exported[user_id, data] = self._world.now()
        return user_id, data

    def redeem(self, user_id: int, data: bytes) -> Account:
        """The account for exported bytes.

        Raises:
            RpcFault: AUTH_BYTES_INVALID.
        """
        date = self.exported.pop((user_id, data), None)
        account = self._world.accounts.get(user_id)
        if date is None or account is None or self._world.now() - date > 600:
            raise RpcFault(400, "AUTH_BYTES_INVALID")
        return account
