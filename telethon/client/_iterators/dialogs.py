"""Walking through the dialogs and the drafts of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telethon import utils
from telethon.client._responses import entities_of
from telethon.requestiter import RequestIter
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints
    from telethon.client.dialogs import DialogMethods
    from telethon.tl.custom.dialog import Dialog  # noqa: F401 (named in the class statement)
    from telethon.tl.custom.draft import Draft  # noqa: F401 (named in the class statement)

_PAGE: Final = 100


def _message_key(peer: types.TypePeer, message_id: int) -> tuple[int | None, int]:
    """What tells messages of an answer apart: ids of channels start again in each channel."""
    return (peer.channel_id if isinstance(peer, types.PeerChannel) else None), message_id


def _peer_of(dialog: Any) -> types.TypePeer:
    """The chat of a dialog; communities name themselves as channels do."""
    if isinstance(dialog, types.DialogCommunity):
        return types.PeerChannel(dialog.community_id)
    peer: types.TypePeer = dialog.peer
    return peer


def _last_message(dialog: Any, messages: dict[tuple[int | None, int], Any]) -> Any:
    """The last message of a dialog; None when it has none, as communities, or when it is not there."""
    top_message: int | None = getattr(dialog, "top_message", None)
    return None if top_message is None else messages.get(_message_key(dialog.peer, top_message))


class DialogsIter(RequestIter["Dialog"]):
    """The dialogs of `iter_dialogs`, the most recent first."""

    client: DialogMethods

    async def _init(  # type: ignore[override]
        self,
        offset_date: hints.DateLike,
        offset_id: int,
        offset_peer: hints.EntityLike,
        ignore_pinned: bool,
        ignore_migrated: bool,
        folder: int | None,
    ) -> bool | None:
        self.request = functions.messages.GetDialogsRequest(
            offset_date=offset_date,
            offset_id=offset_id,
            offset_peer=offset_peer,
            limit=1,
            hash=0,
            exclude_pinned=ignore_pinned,
            folder_id=folder,
        )
        if self.limit <= 0:
            answer: Any = await self.client(self.request)
            self.total = getattr(answer, "count", len(answer.dialogs))
            raise StopAsyncIteration
        self.seen: set[int] = set()
        self.offset_date = _timestamp(offset_date)
        self.ignore_migrated = ignore_migrated
        return None

    async def _load_next_chunk(self) -> bool | None:
        while True:
            self.request.limit = int(min(self.left, _PAGE))
            answer: Any = await self.client(self.request)
            is_last = self._take(answer)
            if is_last or self.buffer:
                return is_last

    def _take(self, answer: Any) -> bool:
        """Put the dialogs wanted into the buffer and move to the next page; whether there is none."""
        from telethon.tl.custom import dialog as dialogs

        self.total = getattr(answer, "count", len(answer.dialogs))
        # So that later updates, which tell no more than ids, know these chats without asking.
        self.client._mb_entity_cache.extend(answer.users, answer.chats)
        entities = {
            peer_id: entity
            for peer_id, entity in entities_of(answer).items()
            if not isinstance(entity, (types.UserEmpty, types.ChatEmpty))
        }
        messages: dict[tuple[int | None, int], Any] = {}
        for message in answer.messages:
            message._finish_init(self.client, entities, None)
            messages[_message_key(message.peer_id, message.id)] = message

        for dialog in answer.dialogs:
            message = _last_message(dialog, messages)
            if self.offset_date is not None:
                # Servers do not always look at the date.
                date = getattr(message, "date", None)
                if not date or date.timestamp() > self.offset_date:
                    continue
            peer_id = utils.get_peer_id(_peer_of(dialog))
            # Deleted accounts may be missing, and pinned dialogs appear again in their place.
            if peer_id in self.seen or peer_id not in entities:
                continue
            self.seen.add(peer_id)
            friendly = dialogs.Dialog(self.client, dialog, entities, message)
            self._tell_channel_state(dialog)
            if not self.ignore_migrated or getattr(friendly.entity, "migrated_to", None) is None:
                self.buffer.append(friendly)

        if len(answer.dialogs) < self.request.limit or not isinstance(answer, types.messages.DialogsSlice):
            return True
        return not self._advance(answer.dialogs, messages, entities)

    def _advance(
        self,
        dialogs: Sequence[Any],
        messages: dict[tuple[int | None, int], Any],
        entities: dict[int, Any],
    ) -> bool:
        """Move past the last dialog with a message, pinned ones being out of order; whether there is such a dialog."""
        request = self.request
        for dialog in reversed(dialogs):
            message = _last_message(dialog, messages)
            entity = entities.get(utils.get_peer_id(_peer_of(dialog)))
            if message is None or entity is None:
                continue
            moved: bool = request.offset_id != message.id or request.offset_date != message.date
            request.exclude_pinned = True
            request.offset_id = message.id
            request.offset_date = message.date
            request.offset_peer = utils.get_input_peer(entity, check_hash=False)
            return moved
        return False

    def _tell_channel_state(self, dialog: Any) -> None:
        """Let the update engine know how far a channel is, so that it can tell gaps from then on."""
        pts: int | None = getattr(dialog, "pts", None)
        box: Any = getattr(self.client, "_message_box", None)
        if pts and box is not None:
            box.try_set_channel_state(utils.get_peer_id(dialog.peer, add_mark=False), pts)


def _timestamp(date: hints.DateLike) -> float | None:
    if not date:
        return None
    value: Any = date
    if isinstance(value, (int, float)):
        return float(value)
    if hasattr(value, "timestamp"):
        return float(value.timestamp())
    import datetime

    if isinstance(value, datetime.timedelta):
        return (datetime.datetime.now(datetime.timezone.utc) + value).timestamp()
    midnight = datetime.datetime.combine(value, datetime.time(), datetime.timezone.utc)
    return midnight.timestamp()


class DraftsIter(RequestIter["Draft"]):
    """The drafts of `iter_drafts`."""

    client: DialogMethods

    async def _init(  # type: ignore[override]
        self, entities: Sequence[hints.EntityLike] | None
    ) -> bool | None:
        from telethon.tl.custom import draft as drafts

        answer: Any
        if not entities:
            answer = await self.client(functions.messages.GetAllDraftsRequest())
            items: Sequence[Any] = answer.updates
        else:
            peers = [types.InputDialogPeer(await self.client.get_input_entity(entity)) for entity in entities]
            answer = await self.client(functions.messages.GetPeerDialogsRequest(peers))
            items = answer.dialogs

        known = entities_of(answer)
        self.buffer.extend(
            drafts.Draft(self.client, known.get(utils.get_peer_id(item.peer), item.peer), item.draft)
            for item in items
            if hasattr(item, "draft")
        )
        self.total = len(self.buffer)
        return True

    async def _load_next_chunk(self) -> bool | None:
        return True
