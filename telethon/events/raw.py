"""Updates as Telegram sends them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from telethon import utils
from telethon.events.common import EventBuilder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.events.common import Func

__all__ = ["Raw"]


class Raw(EventBuilder[Any]):
    """Happens for each update; the handler gets the update itself and not an event made of it.

    The update has the entities that came with it in ``_entities``, by marked id, and the client in ``_client``.

    Args:
        types: the classes of updates that are wanted; one or several, None for all.
        func: only updates for which it gives something true are wanted. It may be asynchronous.

    Raises:
        TypeError: *types* is no class.

    Example:
        >>> @client.on(events.Raw(types.UpdateUserTyping))
        ... async def handler(update):
        ...     print(update.stringify())

    Source: https://core.telegram.org/type/Update
    """

    types: type[Any] | tuple[type[Any], ...] | None

    def __init__(self, types: type[Any] | Iterable[type[Any]] | None = None, *, func: Func | None = None) -> None:
        super().__init__(func=func)
        if not types:
            self.types = None
        elif not utils.is_list_like(types):
            if not isinstance(types, type):
                raise TypeError(f"Invalid input type given: {types}")
            self.types = types
        else:
            several = tuple(cast("Iterable[Any]", types))
            if not all(isinstance(one, type) for one in several):
                raise TypeError(f"Invalid input types given: {types}")
            self.types = several

    async def resolve(self, client: Any) -> None:
        """Nothing needs to be known before the first update."""
        self.resolved = True

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> Any:
        """The update."""
        return update

    def filter(self, event: Any) -> Any:
        """Whether the update is wanted: something true, or what has to be awaited to know."""
        if self.types and not isinstance(event, self.types):
            return None
        return event if not self.func else self.func(event)
