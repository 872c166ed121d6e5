"""Reading parts of one file on the servers, wherever it turns out to be.

Source: https://core.telegram.org/api/files#downloading-files
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

from telethon import errors
from telethon.client._cdn import CdnFailure, CdnFile
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telethon.client.downloads import DownloadMethods

#: Seconds to wait before asking again when servers took too long.
TIMED_OUT_SLEEP: Final = 1

#: How often a file reference may turn out to be too old without a single part in between.
_MAX_REFRESHES: Final = 3
#: How many redirects to a CDN may come to nothing, one after the other, for one part.
_MAX_REDIRECTS: Final = 3
#: How often the file may turn out to be in yet another data centre.
_MAX_MIGRATIONS: Final = 5


class FileReader:
    """Reads one file from the data centre that has it.

    Several reads may run at once. A file that is elsewhere, a file reference that has become too old and a redirect
    to a CDN are dealt with here. When the CDN fails, or has other bytes than those of the file, the data centre of the
    file is asked again.

    Args:
        client: makes the requests.
        location: the location of the file.
        dc_id: the data centre it is in; the own one when `None`.
        refresh: gives a new file reference for the location, or `None` when there is no way to get one.
        cdn_redirect: where to read instead, when that is known already.
    """

    def __init__(
        self,
        client: DownloadMethods,
        location: types.TypeInputFileLocation,
        dc_id: int | None,
        refresh: Callable[[Any], Awaitable[bytes | None]] | None = None,
        cdn_redirect: types.upload.FileCdnRedirect | None = None,
    ) -> None:
        self._client = client
        self.location = location
        self._dc_id = dc_id
        self._refresh = refresh
        self._refreshes = 0
        self._sender: Any = None
        self._is_borrowed = False
        self._lock = asyncio.Lock()
        self._cdn = CdnFile(client, cdn_redirect, self._call_master) if cdn_redirect else None
        self._closed = False

    async def read(self, offset: int, limit: int) -> bytes:
        """The bytes from *offset* on, no more than *limit*; fewer only at the end of the file.

        Raises:
            CdnFileTamperedError: only a CDN gives the file, and again and again it has other bytes than those of it.
        """
        failure: Exception | None = None
        for _ in range(_MAX_REDIRECTS):
            cdn = self._cdn
            if cdn is None:
                found = await self._read_master(offset, limit)
                if found is not None:
                    return found
                cdn = self._cdn
            if cdn is None:
                # Another read has found meanwhile that the CDN is of no use.
                continue
            try:
                return await cdn.read(offset, limit)
            except CdnFailure as error:
                failure = error.reason
            except errors.CdnFileTamperedError as error:
                failure = error
            self._client._log[__name__].warning(
                "The CDN does not give the file (%s: %s); asking the data centre of the file",
                type(failure).__name__,
                failure,
            )
            found = await self._read_after(cdn, offset, limit)
            if found is not None:
                return found
        raise failure or errors.CdnFileTamperedError

    async def _read_master(self, offset: int, limit: int) -> bytes | None:
        """What the data centre of the file gives; `None` when it is a redirect to a CDN, which is known then."""
        result = await self._get(offset, limit)
        if isinstance(result, types.upload.FileCdnRedirect):
            async with self._lock:
                if self._cdn is None:
                    self._cdn = CdnFile(self._client, result, self._call_master)
            return None
        self._refreshes = 0
        return bytes(result.bytes)

    async def _read_after(self, cdn: CdnFile, offset: int, limit: int) -> bytes | None:
        """As `_read_master`, after that redirect has come to nothing; another read may have found that out first."""
        async with self._lock:
            if self._cdn is not cdn:
                return None
            self._cdn = None
            await cdn.close()
            result = await self._get(offset, limit, locked=True)
            if isinstance(result, types.upload.FileCdnRedirect):
                self._cdn = CdnFile(self._client, result, self._call_master)
                return None
            self._refreshes = 0
            return bytes(result.bytes)

    async def _get(self, offset: int, limit: int, *, locked: bool = False) -> Any:
        """The part, or a redirect to a CDN."""
        request = functions.upload.GetFileRequest(self.location, offset=offset, limit=limit)
        has_timed_out = False
        migrations = 0
        while True:
            sender = await self._connected(locked)
            reference = getattr(self.location, "file_reference", None)
            request.location = self.location
            try:
                return await self._client._call(sender, request)
            except errors.TimedOutError:
                if has_timed_out:
                    raise
                has_timed_out = True
                self._client._log[__name__].info("Servers took too long to read a file; trying again")
                await self._client._sleep(TIMED_OUT_SLEEP)
            except errors.FileMigrateError as error:
                migrations += 1
                if migrations > _MAX_MIGRATIONS:
                    raise
                await self._move(sender, error.new_dc, locked)
            except (
                errors.FilerefUpgradeNeededError,
                errors.FileReferenceExpiredError,
                errors.FileReferenceInvalidError,
                errors.FileReferenceEmptyError,
            ) as error:
                await self._renew(error, reference, locked)

    async def _call_master(self, request: Any) -> Any:
        """What the data centre of the file answers to *request*."""
        return await self._client._call(await self._connected(False), request)

    async def _connected(self, locked: bool) -> Any:
        if self._sender is not None:
            return self._sender
        if locked:
            return await self._connect(self._dc_id)
        async with self._lock:
            if self._sender is None:
                await self._connect(self._dc_id)
            return self._sender

    async def _connect(self, dc_id: int | None) -> Any:
        client = self._client
        session = client.session
        if self._closed:
            raise ValueError("the download is closed")
        if not dc_id or session is None or session.dc_id == dc_id:
            self._sender, self._is_borrowed = client._sender, False
        else:
            try:
                self._sender, self._is_borrowed = await client._borrow_exported_sender(dc_id), True
            except errors.DcIdInvalidError:
                # It is the data centre of the account after all; the session has another number for it.
                self._sender, self._is_borrowed = client._sender, False
        self._dc_id = dc_id
        return self._sender

    async def _move(self, old_sender: Any, dc_id: int, locked: bool) -> None:
        """Go on in another data centre, unless another read has moved there meanwhile."""
        if locked:
            await self._replace(old_sender, dc_id)
            return
        async with self._lock:
            await self._replace(old_sender, dc_id)

    async def _replace(self, old_sender: Any, dc_id: int) -> None:
        if self._sender is not old_sender:
            return
        self._client._log[__name__].info("The file is in data centre %d", dc_id)
        await self._let_go()
        await self._connect(dc_id)

    async def _renew(self, error: errors.RPCError, old_reference: bytes | None, locked: bool) -> None:
        """Get a new file reference, unless another read has got one meanwhile; else raise *error*."""
        if locked:
            await self._renew_reference(error, old_reference)
            return
        async with self._lock:
            await self._renew_reference(error, old_reference)

    async def _renew_reference(self, error: errors.RPCError, old_reference: bytes | None) -> None:
        location: Any = self.location
        if getattr(location, "file_reference", None) != old_reference:
            return
        self._refreshes += 1
        if self._refresh is None or self._refreshes > _MAX_REFRESHES:
            raise error
        self._client._log[__name__].info("The file reference is too old; looking for a new one")
        reference = await self._refresh(location)
        if reference is None or reference == old_reference:
            raise error
        location.file_reference = reference

    async def _let_go(self) -> None:
        sender, borrowed = self._sender, self._is_borrowed
        self._sender, self._is_borrowed = None, False
        if sender is not None and borrowed:
            await self._client._return_exported_sender(sender)

    async def close(self) -> None:
        """Give back the connections used."""
        self._closed = True
        try:
            if self._cdn is not None:
                await self._cdn.close()
        finally:
            await self._let_go()
