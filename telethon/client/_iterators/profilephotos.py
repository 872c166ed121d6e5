"""Walking through the profile photos of a user or chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telethon import helpers, utils
from telethon.requestiter import RequestIter
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon import hints
    from telethon.client.chats import ChatMethods

_PAGE: Final = 100


class ProfilePhotoIter(RequestIter["types.Photo"]):
    """The photos of `iter_profile_photos`, the most recent first."""

    client: ChatMethods

    async def _init(  # type: ignore[override]
        self, entity: hints.EntityLike, offset: int, max_id: int
    ) -> bool | None:
        self.entity = await self.client.get_input_entity(entity)
        self._is_user = helpers._entity_type(self.entity) == helpers._EntityType.USER
        self._is_channel = helpers._entity_type(self.entity) == helpers._EntityType.CHANNEL
        self._seen: set[int] = set()
        self.request: Any
        if self._is_user:
            self.request = functions.photos.GetUserPhotosRequest(
                utils.get_input_user(self.entity), offset=offset, max_id=max_id, limit=1
            )
        else:
            # Chats have no list of photos, but a message about each change.
            self.request = functions.messages.SearchRequest(
                peer=self.entity,
                q="",
                filter=types.InputMessagesFilterChatPhotos(),
                min_date=None,
                max_date=None,
                offset_id=0,
                add_offset=offset,
                limit=1,
                max_id=max_id,
                min_id=0,
                hash=0,
            )
        if self.limit <= 0:
            self.total = _count(await self.client(self.request))
            raise StopAsyncIteration
        return None

    async def _load_next_chunk(self) -> bool | None:
        self.request.limit = int(min(self.left, _PAGE))
        answer: Any = await self.client(self.request)
        self.total = _count(answer)
        if self._is_user:
            photos = answer.photos
            self.buffer.extend(photo for photo in photos if isinstance(photo, types.Photo))
            self.request.offset += len(photos)
            is_slice = isinstance(answer, types.photos.PhotosSlice)
            return not is_slice or len(photos) < self.request.limit

        if self._is_channel and not self._seen:
            # The message about the photo in use may be missing, so take that one from the full form.
            full: Any = await self.client(
                functions.channels.GetFullChannelRequest(utils.get_input_channel(self.entity))
            )
            self._add(full.full_chat.chat_photo)
        for message in answer.messages:
            self._add(getattr(getattr(message, "action", None), "photo", None))
        if isinstance(answer, types.messages.Messages) or len(answer.messages) < self.request.limit:
            return True
        self.request.add_offset = 0
        self.request.offset_id = answer.messages[-1].id
        return None

    def _add(self, photo: Any) -> None:
        if isinstance(photo, types.Photo) and photo.id not in self._seen:
            self._seen.add(photo.id)
            self.buffer.append(photo)


def _count(answer: Any) -> int:
    count: int | None = getattr(answer, "count", None)
    if count is not None:
        return count
    return len(answer.photos if hasattr(answer, "photos") else answer.messages)
