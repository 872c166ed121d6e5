"""Logging in by a QR code that an application which is logged in already scans."""

from __future__ import annotations

import asyncio
import base64
import datetime
from typing import TYPE_CHECKING, Any

from telethon._core.clock import wall_time
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.tl.custom._base import Client

__all__ = ["QRLogin"]


class QRLogin:
    """A log-in by QR code, as `qr_login` of the client begins it.

    Show `url` as a QR code, await `wait`, and make a new code with `recreate` when it has expired.

    Example:
        >>> qr_login = await client.qr_login()
        >>> while True:
        ...     show_as_qr_code(qr_login.url)
        ...     try:
        ...         user = await qr_login.wait()
        ...         break
        ...     except asyncio.TimeoutError:
        ...         await qr_login.recreate()

    Source: https://core.telegram.org/api/qr-login
    """

    def __init__(self, client: Any, ignored_ids: list[int]) -> None:
        self._client: Client = client
        self._request = functions.auth.ExportLoginTokenRequest(client.api_id, client.api_hash, ignored_ids)
        self._resp: Any = None
        #: Set when the code was scanned, which may be before anybody waits for it.
        self._accepted = asyncio.Event()
        self._is_listening = False
        #: What was answered to a code that had been scanned already, when another one was asked for.
        self._answer: Any = None

    async def recreate(self) -> None:
        """Make a new code, which takes the place of the one before.

        Example:
            >>> await qr_login.recreate()

        Network: one request.
        """
        self._listen()
        answer: Any = await self._client(self._request)
        if self._resp is not None and not isinstance(answer, types.auth.LoginToken):
            # The code before was scanned meanwhile: there is nothing more to show.
            self._answer = answer
            self._accepted.set()
            return
        self._accepted.clear()
        self._resp = answer

    def _listen(self) -> None:
        if not self._is_listening:
            self._is_listening = True
            # Without a kind of event, all updates come as they are.
            self._client.add_event_handler(self._on_update)

    def _stop_listening(self) -> None:
        if self._is_listening:
            self._is_listening = False
            self._client.remove_event_handler(self._on_update)

    async def _on_update(self, update: Any) -> None:
        if isinstance(update, types.UpdateLoginToken):
            self._accepted.set()

    @property
    def token(self) -> bytes:
        """What the code holds."""
        token: bytes = self._resp.token
        return token

    @property
    def url(self) -> str:
        """The link to show as a QR code; an application that is logged in can also open it."""
        return f"tg://login?token={base64.urlsafe_b64encode(self.token).decode('ascii').rstrip('=')}"

    @property
    def expires(self) -> datetime.datetime:
        """When the code stops working."""
        expires: datetime.datetime = self._resp.expires
        return expires

    async def wait(self, timeout: float | None = None) -> types.User:
        """Wait until the code is scanned, and log in.

        Args:
            timeout: seconds to wait; until the code expires when left out.

        Returns:
            the own user.

        Raises:
            asyncio.TimeoutError: nobody scanned the code in time.
            SessionPasswordNeededError: the account has a password; go on with `sign_in`.

        Example:
            >>> user = await qr_login.wait()

        Network: one request once the code is scanned, and more when the account lives in another data centre.
        """
        if timeout is None:
            timeout = self.expires.timestamp() - wall_time()
        self._listen()
        try:
            await asyncio.wait_for(self._accepted.wait(), timeout=timeout)
        finally:
            self._stop_listening()

        answer: Any = self._answer if self._answer is not None else await self._client(self._request)
        self._answer = None
        self._accepted.clear()
        if isinstance(answer, types.auth.LoginTokenMigrateTo):
            await self._client._switch_dc(answer.dc_id)
            answer = await self._client(functions.auth.ImportLoginTokenRequest(answer.token))
        if isinstance(answer, types.auth.LoginTokenSuccess):
            authorization = answer.authorization
            if isinstance(authorization, types.auth.Authorization) and isinstance(authorization.user, types.User):
                await self._client._on_login(authorization.user)
                return authorization.user
        # Only the kind is told: the answer may hold a token that logs in.
        raise TypeError(f"Login token response was unexpected: {type(answer).__name__}")
