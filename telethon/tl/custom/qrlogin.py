"""Logging in by a QR code that an application which is logged in already scans."""

from __future__ import annotations

import asyncio
import base64
import datetime
from typing import TYPE_CHECKING, Any

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

    async def recreate(self) -> None:
        """Make a new code, which takes the place of the one before.

        Example:
            >>> await qr_login.recreate()

        Network: one request.
        """
        self._resp = await self._client(self._request)

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
            timeout = (self.expires - datetime.datetime.now(tz=datetime.timezone.utc)).total_seconds()
        accepted = asyncio.Event()

        async def handler(update: Any) -> None:
            if isinstance(update, types.UpdateLoginToken):
                accepted.set()

        # Without a kind of event, all updates come as they are.
        self._client.add_event_handler(handler)
        try:
            await asyncio.wait_for(accepted.wait(), timeout=timeout)
        finally:
            self._client.remove_event_handler(handler)

        answer: Any = await self._client(self._request)
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
