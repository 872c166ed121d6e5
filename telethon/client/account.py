"""Takeout sessions: exporting an account's data with gentler limits."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, cast

from telethon import utils
from telethon._core.oldnames import old_names
from telethon.client.users import UserMethods
from telethon.tl import functions
from telethon.tl.tlobject import TLRequest

if TYPE_CHECKING:
    from typing_extensions import Self
else:
    __getattr__ = old_names(__name__)

__all__ = ["AccountMethods"]

_OWN = frozenset(("__enter__", "__exit__", "__aenter__", "__aexit__", "__call__", "__class__", "success"))


class _TakeoutClient:
    """Stands for a client and does everything that one does, as part of a takeout.

    Attributes and methods are the client's; what is assigned is assigned to the client. Only `success` is its own:
    whether the takeout counts as finished; None leaves that to whether the block ends with an exception.
    """

    def __init__(self, finalize: bool, client: UserMethods, request: TLRequest[Any] | None) -> None:
        self.__finalize = finalize
        self.__client = client
        self.__request = request
        self.__success: bool | None = None

    @property
    def success(self) -> bool | None:
        """Whether the takeout will be reported as done; None to decide by how the block ends."""
        return self.__success

    @success.setter
    def success(self, value: bool | None) -> None:
        self.__success = value

    async def __aenter__(self) -> Self:
        session = self.__client.session
        if session.takeout_id is None:
            if self.__request is None:
                raise ValueError("There is no takeout that could be finished.")
            session.takeout_id = (await self.__client(self.__request)).id
        elif self.__request is not None:
            raise ValueError(
                "Can't send a takeout request while another takeout for the current session still not been finished "
                "yet."
            )
        return self

    async def __aexit__(self, exc_type: type[BaseException] | None, exc_value: object, traceback: object) -> None:
        if self.__success is None and self.__finalize:
            self.__success = exc_type is None
        if self.__success is not None:
            finished = await self(functions.account.FinishTakeoutSessionRequest(success=self.__success))
            if not finished:
                raise ValueError("Failed to finish the takeout.")
            self.__client.session.takeout_id = None

    def __enter__(self) -> Self:
        return cast("Self", self.__blocking(self.__aenter__()))

    def __exit__(self, *args: Any) -> None:
        self.__blocking(self.__aexit__(*args))

    def __blocking(self, work: Coroutine[Any, Any, Any]) -> Any:
        loop = self.__client.loop
        if loop.is_running():
            work.close()
            raise RuntimeError('Inside a running event loop (an "async def") "async with" must be used, not "with"')
        return loop.run_until_complete(work)

    async def __call__(
        self,
        request: Any,
        ordered: bool = False,
        flood_sleep_threshold: int | None = None,
        *,
        timeout: float | None = None,
    ) -> Any:
        takeout_id = self.__client.session.takeout_id
        if takeout_id is None:
            raise ValueError('Takeout mode has not been initialized (are you calling outside of "with"?)')
        single = isinstance(request, TLRequest) or not utils.is_list_like(request)
        wrapped: list[TLRequest[Any]] = []
        several: Any = [request] if single else request  # pyright: ignore[reportUnknownVariableType]
        for one in several:
            if not isinstance(one, TLRequest):
                raise TypeError("You can only invoke requests, not types!")
            await one.resolve(self, utils)
            wrapped.append(functions.InvokeWithTakeoutRequest(takeout_id, one))  # pyright: ignore[reportUnknownArgumentType]
        return await self.__client(
            wrapped[0] if single else wrapped,
            ordered=ordered,
            flood_sleep_threshold=flood_sleep_threshold,
            timeout=timeout,
        )

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_TakeoutClient__") or name in _OWN:
            return object.__getattribute__(self, name)
        client = object.__getattribute__(self, "_TakeoutClient__client")
        value = getattr(client, name)
        # Methods must call this object, not the client, when they send requests.
        if inspect.ismethod(value) and value.__self__ is client:
            return functools.partial(value.__func__, self)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("_TakeoutClient__") or name in _OWN:
            object.__setattr__(self, name, value)
        else:
            setattr(self.__client, name, value)


class AccountMethods(UserMethods):
    """Takeout sessions."""

    def takeout(
        self,
        finalize: bool = True,
        *,
        contacts: bool | None = None,
        users: bool | None = None,
        chats: bool | None = None,
        megagroups: bool | None = None,
        channels: bool | None = None,
        files: bool | None = None,
        max_file_size: int | None = None,
    ) -> Self:
        """A client that works within a takeout session, which has lower flood limits for exporting data.

        Use it in an ``async with`` block. A takeout that was begun and not finished goes on when nothing is asked for.

        Args:
            finalize: whether the takeout is finished at the end of the block, as a success when there was no exception.
            contacts: whether to export contacts.
            users: whether to export messages of private chats.
            chats: whether to export messages of basic groups.
            megagroups: whether to export messages of supergroups.
            channels: whether to export messages of channels.
            files: whether to export files.
            max_file_size: the largest file, in bytes, that is wanted.

        Raises:
            TakeoutInitDelayError: on entering the block; the account's owner must confirm, or wait so many seconds.
            ValueError: on entering the block; another takeout is not finished yet.

        Example:
            >>> async with client.takeout(users=True) as takeout:
            ...     async for message in takeout.iter_messages("me", wait_time=0):
            ...         print(message.text)

        Network: one request to begin and one to finish.
        Source: https://core.telegram.org/api/takeout
        """
        wanted = {
            "contacts": contacts,
            "message_users": users,
            "message_chats": chats,
            "message_megagroups": megagroups,
            "message_channels": channels,
            "files": files,
            "file_max_size": max_file_size,
        }
        request = None
        if self.session.takeout_id is None or any(value is not None for value in wanted.values()):
            request = functions.account.InitTakeoutSessionRequest(
                contacts=contacts,
                message_users=users,
                message_chats=chats,
                message_megagroups=megagroups,
                message_channels=channels,
                files=files,
                file_max_size=max_file_size,
            )
        return cast("Self", _TakeoutClient(finalize, self, request))

    async def end_takeout(self, success: bool) -> bool:
        """Finish the takeout session that is under way.

        Args:
            success: whether everything that was wanted has been exported.

        Returns:
            Whether it could be finished.

        Example:
            >>> await client.end_takeout(success=False)

        Network: one request.
        Source: https://core.telegram.org/method/account.finishTakeoutSession
        """
        try:
            async with _TakeoutClient(True, self, None) as takeout:
                takeout.success = success
        except ValueError:
            return False
        return True
