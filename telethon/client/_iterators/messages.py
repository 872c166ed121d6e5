"""Walking through the messages of a chat, of a search, or by their ids."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from telethon import helpers, utils
from telethon.client._history import (
    NO_LIMIT,
    PAGE,
    GlobalSearchPage,
    HistoryPage,
    IdRange,
    Page,
    RepliesPage,
    ScheduledPage,
    SearchPage,
)
from telethon.client._responses import entities_of
from telethon.errors import MessageIdsEmptyError
from telethon.requestiter import RequestIter
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from telethon import hints
    from telethon.client.messages import MessageMethods
    from telethon.tl.patched import Message

    FilterLike: TypeAlias = "types.TypeMessagesFilter | type[types.TypeMessagesFilter] | None"

#: Seconds between requests when this many messages or more are asked for, so that the walk does not hit a flood wait.
_MANY_MESSAGES = 3000
_MANY_IDS = 300
_IDS_WAIT = 10


class MessagesIter(RequestIter["Message"]):
    """The messages of `iter_messages`, newest first unless reversed."""

    client: MessageMethods

    async def _init(  # type: ignore[override]
        self,
        entity: hints.EntityLike | None,
        offset_id: int,
        min_id: int,
        max_id: int,
        from_user: hints.EntityLike | None,
        offset_date: hints.DateLike,
        add_offset: int,
        filter: FilterLike,
        search: str | None,
        reply_to: int | None,
        scheduled: bool,
    ) -> bool | None:
        if not entity and self.reverse:
            raise ValueError("Cannot reverse global search")
        self.entity: types.TypeInputPeer | None = await self.client.get_input_entity(entity) if entity else None
        self.from_id: int | None = None
        #: The last message of the page, wanted or not: the next page begins there.
        self._last: Message | None = None
        ids = IdRange(min_id, max_id or (NO_LIMIT if self.reverse else 0), offset_id, self.reverse)
        if ids.is_empty:
            raise StopAsyncIteration
        self.min_id, self.max_id = ids.min_id, ids.max_id
        first_offset = ids.first_offset(has_date=bool(offset_date))
        self._single_page = False

        kind = _filter_object(filter)
        if self.entity is None:
            if from_user:
                # There is no request for it, so who sent what is checked here.
                self.from_id = await self.client.get_peer_id(from_user)
            page: Page = GlobalSearchPage(search or "", kind, first_offset, offset_date)
        elif scheduled:
            self._single_page = True
            page = ScheduledPage(self.entity)
        elif reply_to is not None:
            page = RepliesPage(self.entity, reply_to, first_offset, offset_date, add_offset)
        elif search is not None or from_user or not isinstance(kind, types.InputMessagesFilterEmpty):
            page = await self._search_page(
                self.entity, search or "", kind, from_user, first_offset, offset_date, add_offset
            )
        else:
            page = HistoryPage(self.entity, first_offset, offset_date, add_offset)
        self._page = page
        self.request: Any = page.request

        if self.limit <= 0:
            # Nobody wants a message, yet the total is still worth one request.
            answer = await self.client(self.request)
            self.total = _count(answer)
            raise StopAsyncIteration

        if self.wait_time is None:  # pyright: ignore[reportUnnecessaryComparison] - None until it is known
            self.wait_time = 1 if self.limit > _MANY_MESSAGES else 0
        self.add_offset = add_offset
        if self.reverse and hasattr(self.request, "add_offset"):
            # The page ends at the offset and goes back, so move it forward by its own length.
            self.request.add_offset = add_offset - PAGE
        self.last_id: float = 0 if self.reverse else NO_LIMIT
        return None

    async def _search_page(
        self,
        entity: types.TypeInputPeer,
        query: str,
        kind: types.TypeMessagesFilter,
        from_user: hints.EntityLike | None,
        offset_id: int,
        offset_date: hints.DateLike,
        add_offset: int,
    ) -> Page:
        from_id: types.TypeInputPeer | None = None
        if from_user:
            from_id = await self.client.get_input_entity(from_user)
            if isinstance(entity, (types.InputPeerUser, types.InputPeerSelf, types.InputPeerUserFromMessage)):
                # Servers refuse it in private chats, so who sent what is checked here.
                self.from_id = await self.client.get_peer_id(from_id)
                from_id = None
        page = SearchPage(entity, query, kind, from_id, offset_id, offset_date, add_offset)
        only_filter = not isinstance(kind, types.InputMessagesFilterEmpty) and not query
        if offset_date and not offset_id and only_filter:
            # With a filter and nothing else servers ignore the date, so start from the id of that date.
            async for message in self.client.iter_messages(entity, 1, offset_date=offset_date):
                page.request.offset_id = message.id + 1
        return page

    async def _load_next_chunk(self) -> bool | None:
        while True:
            is_last = await self._load_page()
            if self.from_id and len(self.buffer) > self.left:
                del self.buffer[int(self.left) :]
            if is_last or self.buffer:
                return is_last
            # Nothing on that page is of the sender wanted.
            if self.wait_time:
                await asyncio.sleep(self.wait_time)

    async def _load_page(self) -> bool:
        """Put what is wanted of the next page into the buffer; whether it was the last one."""
        request = self.request
        # Where the sender is checked here, nobody knows how many messages of a page are wanted.
        wanted = PAGE if self.from_id else min(self.left, PAGE)
        request.limit = int(wanted)
        if self.reverse and wanted != PAGE and hasattr(request, "add_offset"):
            request.add_offset = self.add_offset - request.limit

        answer = await self.client(request)
        messages: Sequence[Any] = answer.messages
        self.total = _count(answer)
        entities = entities_of(answer)

        if self._take(reversed(messages) if self.reverse else messages, entities):
            return True
        # A page may be shorter than asked for (some messages cannot be shown) without being the last one. There is
        # nothing after it when it is empty, or when its newest id leaves no room for more: the lowest id is 1.
        # Ids of several chats say nothing of each other.
        is_at_start = self.entity is not None and not self.reverse and messages and messages[0].id <= request.limit
        if self._single_page or not messages or is_at_start:
            return True
        if self._last is None:
            # All of them were empty. Servers repeat such pages in some migrated groups, so going on could never end.
            return True
        self._page.advance(self._last, answer)
        if self.reverse:
            # Not the one that is there already.
            request.offset_id += 1
        return False

    def _take(self, messages: Any, entities: dict[int, Any]) -> bool:
        """Put the messages wanted into the buffer; whether one was out of range, which ends the walk."""
        client, entity, from_id = self.client, self.entity, self.from_id
        add = self.buffer.append
        reverse, last_id, min_id, max_id = self.reverse, self.last_id, self.min_id, self.max_id
        empty = types.MessageEmpty
        self._last = None
        for message in messages:
            if isinstance(message, empty):
                continue
            if entity is not None:
                # Ids only have an order within one chat. Comparing with the last one also drops what bad
                # connections repeat.
                message_id = message.id
                if reverse:
                    if message_id <= last_id or message_id >= max_id:
                        return True
                elif message_id >= last_id or message_id <= min_id:
                    return True
                self.last_id = last_id = message_id
            self._last = message
            if from_id and message.sender_id != from_id:
                continue
            if message._client is not client:
                message._finish_init(client, entities, entity)
            elif entity is not None:
                # The client has bound it already, but for the chat that was asked for.
                message._input_chat = entity
            add(message)
        return False


def _filter_object(kind: FilterLike) -> types.TypeMessagesFilter:
    if kind is None:
        return types.InputMessagesFilterEmpty()
    return kind() if isinstance(kind, type) else kind


def _count(answer: Any) -> int:
    """How many messages there are in all: the answer says so, or has them all."""
    count: int | None = getattr(answer, "count", None)
    return len(answer.messages) if count is None else count


class IDsIter(RequestIter["Message | None"]):
    """Messages by their ids, in the order of the ids, `None` for those that do not exist in the chat."""

    client: MessageMethods

    async def _init(  # type: ignore[override]
        self, entity: hints.EntityLike | None, ids: Sequence[Any]
    ) -> bool | None:
        self.total = len(ids)
        self._ids = list(reversed(ids)) if self.reverse else list(ids)
        self._offset = 0
        self._entity = await self.client.get_input_entity(entity) if entity else None
        self._is_channel = (
            self._entity is not None and helpers._entity_type(self._entity) == helpers._EntityType.CHANNEL
        )
        if self.wait_time is None:  # pyright: ignore[reportUnnecessaryComparison] - None until it is known
            self.wait_time = _IDS_WAIT if self.limit > _MANY_IDS else 0
        return None

    async def _load_next_chunk(self) -> bool | None:
        ids = self._ids[self._offset : self._offset + PAGE]
        if not ids:
            raise StopAsyncIteration
        self._offset += PAGE

        peer: types.TypePeer | None = None
        answer: Any
        if self._is_channel:
            try:
                answer = await self.client(
                    functions.channels.GetMessagesRequest(utils.get_input_channel(self._entity), ids)
                )
            except MessageIdsEmptyError:
                # Not one of them exists.
                answer = None
        else:
            answer = await self.client(functions.messages.GetMessagesRequest(ids))
            if self._entity is not None:
                peer = await self.client._get_peer(self._entity)

        if answer is None or isinstance(answer, types.messages.MessagesNotModified):
            self.buffer.extend(None for _ in ids)
            return None

        entities = entities_of(answer)
        for message in _aligned(ids, answer.messages):
            # Ids of private chats and groups are common to all of them: they may name a message elsewhere.
            if message is None or isinstance(message, types.MessageEmpty) or (peer and message.peer_id != peer):
                self.buffer.append(None)
            else:
                message._finish_init(self.client, entities, self._entity)
                self.buffer.append(message)
        return None


def _aligned(ids: Sequence[Any], messages: Sequence[Any]) -> Sequence[Any]:
    """*messages* in the order of *ids*, with `None` for those that servers left out."""
    if len(messages) == len(ids):
        return messages
    by_id = {message.id: message for message in messages}
    return [by_id.get(getattr(item, "id", item)) for item in ids]
