"""Acting for a user who has connected the bot to its account.

Source: https://core.telegram.org/api/bots/connected-business-bots
"""

from __future__ import annotations

import functools
import inspect
from typing import Any, Final

from telethon import utils
from telethon.tl import functions
from telethon.tl.tlobject import TLRequest

__all__ = ["BusinessClient"]

_OWN: Final = frozenset(("__call__", "__class__"))
#: The modules of requests that do something for the user. Files are uploaded, and peers looked up, as the bot itself.
_ACTING: Final = ("telethon.tl.functions.messages", "telethon.tl.functions.account", "telethon.tl.functions.stories")


class BusinessClient:
    """Stands for a client and does everything that one does, for another user.

    Args:
        client: the client of the bot.
        connection_id: the connection with the user.
    """

    def __init__(self, client: Any, connection_id: str) -> None:
        self.__client = client
        self.__connection_id = connection_id

    async def __call__(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if _is_request(request) or not utils.is_list_like(request):
            return await self.__client(await self.__wrapped(request), *args, **kwargs)
        return await self.__client([await self.__wrapped(one) for one in request], *args, **kwargs)

    async def __wrapped(self, request: Any) -> Any:
        if not _is_request(request):
            raise TypeError("You can only invoke requests, not types!")
        cls: type[Any] = request.__class__
        if cls.__module__ not in _ACTING or cls.__name__.startswith("Get"):
            return request
        await request.resolve(self, utils)
        return functions.InvokeWithBusinessConnectionRequest(self.__connection_id, request)

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_BusinessClient__") or name in _OWN:
            return object.__getattribute__(self, name)
        client = object.__getattribute__(self, "_BusinessClient__client")
        value = getattr(client, name)
        # Methods must call this object, not the client, when they send requests.
        if inspect.ismethod(value) and value.__self__ is client:
            return functools.partial(value.__func__, self)
        return value

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("_BusinessClient__"):
            object.__setattr__(self, name, value)
        else:
            setattr(self.__client, name, value)


def _is_request(request: Any) -> bool:
    return isinstance(request, TLRequest)
