"""Walking through the log of what administrators did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telethon import utils
from telethon.client._responses import entities_of
from telethon.requestiter import RequestIter
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints
    from telethon.client.chats import ChatMethods
    from telethon.tl.custom.adminlogevent import AdminLogEvent  # noqa: F401 (named in the class statement)

_PAGE: Final = 100


class AdminLogIter(RequestIter["AdminLogEvent"]):
    """The events of `iter_admin_log`, the most recent first."""

    client: ChatMethods

    async def _init(  # type: ignore[override]
        self,
        entity: hints.EntityLike,
        admins: hints.EntitiesLike | None,
        search: str | None,
        min_id: int,
        max_id: int,
        kinds: dict[str, bool | None],
    ) -> bool | None:
        self.entity = await self.client.get_input_entity(entity)
        wanted: Sequence[Any] = ()
        if admins:
            wanted = admins if utils.is_list_like(admins) else (admins,)  # type: ignore[assignment]
        users = [utils.get_input_user(await self.client.get_input_entity(admin)) for admin in wanted]
        self.request = functions.channels.GetAdminLogRequest(
            utils.get_input_channel(self.entity),
            q=search or "",
            min_id=min_id,
            max_id=max_id,
            limit=0,
            events_filter=types.ChannelAdminLogEventsFilter(**kinds) if any(kinds.values()) else None,
            admins=users or None,
        )
        return None

    async def _load_next_chunk(self) -> bool | None:
        from telethon.tl.custom import adminlogevent

        request = self.request
        request.limit = int(min(self.left, _PAGE))
        answer: Any = await self.client(request)
        entities = entities_of(answer)
        request.max_id = min((event.id for event in answer.events), default=0)
        for event in answer.events:
            self._bind(event.action, entities)
            self.buffer.append(adminlogevent.AdminLogEvent(event, entities))
        return len(answer.events) < request.limit

    def _bind(self, action: Any, entities: dict[int, Any]) -> None:
        """Give the messages an event holds their client and chat."""
        for name in ("message", "prev_message", "new_message"):
            message: Any = getattr(action, name, None)
            if hasattr(message, "_finish_init"):
                message._finish_init(self.client, entities, self.entity)
