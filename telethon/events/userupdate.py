"""What people are doing: being online, typing, uploading."""

from __future__ import annotations

import datetime
from typing import Any, TypeAlias

from telethon import utils
from telethon.events._user import UserEvent
from telethon.events.common import EventBuilder, name_inner_event
from telethon.tl import types

__all__ = ["UserUpdate", "UserUpdateEvent"]


class UserUpdateEvent(UserEvent):
    """What somebody is doing. Each question has the answer None when the event is about something else.

    Args:
        peer: who does it.
        status: whether they are online.
        chat_peer: where they do it.
        typing: what they do.

    Attributes:
        status: the `UserStatus`, when it is about being online.
        action: the `SendMessageAction`, when it is about something done in a chat.
    """

    status: types.TypeUserStatus | None
    action: types.TypeSendMessageAction | None

    def __init__(
        self,
        peer: types.TypePeer,
        *,
        status: types.TypeUserStatus | None = None,
        chat_peer: types.TypePeer | None = None,
        typing: types.TypeSendMessageAction | None = None,
    ) -> None:
        super().__init__(utils.get_peer_id(peer), chat_peer or peer)
        self.status = status
        self.action = typing

    # -- doing something -----------------------------------------------------------------------------------------

    def _does(self, *kinds: type[Any]) -> bool | None:
        return None if self.action is None else isinstance(self.action, kinds)

    @property
    def typing(self) -> bool | None:
        """Whether they are typing."""
        return self._does(types.SendMessageTypingAction)

    @property
    def uploading(self) -> bool | None:
        """Whether they are sending something."""
        return self._does(
            types.SendMessageChooseContactAction,
            types.SendMessageChooseStickerAction,
            types.SendMessageUploadAudioAction,
            types.SendMessageUploadDocumentAction,
            types.SendMessageUploadPhotoAction,
            types.SendMessageUploadRoundAction,
            types.SendMessageUploadVideoAction,
        )

    @property
    def recording(self) -> bool | None:
        """Whether they are recording something."""
        return self._does(
            types.SendMessageRecordAudioAction,
            types.SendMessageRecordRoundAction,
            types.SendMessageRecordVideoAction,
        )

    @property
    def playing(self) -> bool | None:
        """Whether they are playing a game."""
        return self._does(types.SendMessageGamePlayAction)

    @property
    def cancel(self) -> bool | None:
        """Whether they have stopped doing something."""
        return self._does(types.SendMessageCancelAction)

    @property
    def geo(self) -> bool | None:
        """Whether what is sent is a place."""
        return self._does(types.SendMessageGeoLocationAction)

    @property
    def audio(self) -> bool | None:
        """Whether what is recorded or sent is audio."""
        return self._does(types.SendMessageRecordAudioAction, types.SendMessageUploadAudioAction)

    @property
    def round(self) -> bool | None:
        """Whether what is recorded or sent is a round video."""
        return self._does(types.SendMessageRecordRoundAction, types.SendMessageUploadRoundAction)

    @property
    def video(self) -> bool | None:
        """Whether what is recorded or sent is a video."""
        return self._does(types.SendMessageRecordVideoAction, types.SendMessageUploadVideoAction)

    @property
    def contact(self) -> bool | None:
        """Whether what is sent is a contact, which they are choosing."""
        return self._does(types.SendMessageChooseContactAction)

    @property
    def document(self) -> bool | None:
        """Whether what is sent is a document."""
        return self._does(types.SendMessageUploadDocumentAction)

    @property
    def sticker(self) -> bool | None:
        """Whether what is sent is a sticker, which they are choosing."""
        return self._does(types.SendMessageChooseStickerAction)

    @property
    def photo(self) -> bool | None:
        """Whether what is sent is a photo."""
        return self._does(types.SendMessageUploadPhotoAction)

    # -- being there ---------------------------------------------------------------------------------------------

    def _was(self, days: int, *kinds: type[Any]) -> bool | None:
        """Whether the status is of these kinds, or tells a time within the last days."""
        seen = self.last_seen
        if seen is None:
            return None if self.status is None else isinstance(self.status, kinds)
        return datetime.datetime.now(datetime.timezone.utc) - seen < datetime.timedelta(days=days)

    @property
    def last_seen(self) -> datetime.datetime | None:
        """When they were last online, if they let others know."""
        return self.status.was_online if isinstance(self.status, types.UserStatusOffline) else None

    @property
    def until(self) -> datetime.datetime | None:
        """Until when they count as online."""
        return self.status.expires if isinstance(self.status, types.UserStatusOnline) else None

    @property
    def online(self) -> bool | None:
        """Whether they are online now."""
        return self._was(0, types.UserStatusOnline)

    @property
    def recently(self) -> bool | None:
        """Whether they were online in the last day, or recently when they do not let others know more."""
        return self._was(1, types.UserStatusOnline, types.UserStatusRecently)

    @property
    def within_weeks(self) -> bool | None:
        """Whether they were online in the last week, as far as they let others know."""
        return self._was(7, types.UserStatusOnline, types.UserStatusRecently, types.UserStatusLastWeek)

    @property
    def within_months(self) -> bool | None:
        """Whether they were online in the last 30 days, as far as they let others know."""
        return self._was(
            30, types.UserStatusOnline, types.UserStatusRecently, types.UserStatusLastWeek, types.UserStatusLastMonth
        )


@name_inner_event
class UserUpdate(EventBuilder[UserUpdateEvent]):
    """Happens when people go online or offline, type or upload.

    Args:
        chats: the chats whose events are wanted; None for all.
        blacklist_chats: whether it is these chats whose events are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.UserUpdate)
        ... async def handler(event):
        ...     if event.uploading:
        ...         await client.send_message(event.user_id, "What are you sending?")

    Source: https://core.telegram.org/constructor/updateUserStatus
    """

    Event: TypeAlias = UserUpdateEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> UserUpdateEvent | None:
        """The event of what somebody does; None for other updates."""
        if isinstance(update, types.UpdateUserStatus):
            return cls.Event(types.PeerUser(update.user_id), status=update.status)
        if isinstance(update, types.UpdateUserTyping):
            return cls.Event(types.PeerUser(update.user_id), typing=update.action)
        if isinstance(update, types.UpdateChatUserTyping):
            return cls.Event(update.from_id, chat_peer=types.PeerChat(update.chat_id), typing=update.action)
        if isinstance(update, types.UpdateChannelUserTyping):
            return cls.Event(update.from_id, chat_peer=types.PeerChannel(update.channel_id), typing=update.action)
        return None
