"""What an administrator or member did, as the log of a group or channel tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telethon import utils
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["AdminLogEvent"]

_PREFIX: Final = "ChannelAdminLogEventAction"

#: Actions that hold what was there before in a field that is not called ``prev_...``.
_OLD_FIELDS: Final = {
    "DeleteMessage": "message",
    "DeleteTopic": "topic",
    "DiscardGroupCall": "call",
    "ExportedInviteDelete": "invite",
    "ExportedInviteRevoke": "invite",
    "ParticipantJoinByInvite": "invite",
    "ParticipantJoinByRequest": "invite",
}
#: Actions that hold what is there now in a field that is not called ``new_...``.
_NEW_FIELDS: Final = {
    "CreateTopic": "topic",
    "ParticipantInvite": "participant",
    "ParticipantMute": "participant",
    "ParticipantUnmute": "participant",
    "ParticipantVolume": "participant",
    "SendMessage": "message",
    "StartGroupCall": "call",
    "StopPoll": "message",
    "ToggleGroupCallSetting": "join_muted",
    "UpdatePinned": "message",
}


class AdminLogEvent:
    """One event of the log of a group or channel.

    One of the properties that begin with ``changed_``, ``joined`` and so on is true and says what happened; `old` and
    `new` are what was there before and what is there since then. For events without such a property, see `action`.

    Attributes:
        original: the ``ChannelAdminLogEvent`` itself.
        entities: the users and chats that came with it, by marked id.
        user: the `User` who did it.
        input_user: the input peer of that user.

    Example:
        >>> async for event in client.iter_admin_log(channel):
        ...     if event.changed_title:
        ...         print(event.user_id, "renamed", event.old, "to", event.new)

    Source: https://core.telegram.org/constructor/channelAdminLogEvent
    """

    def __init__(self, original: types.ChannelAdminLogEvent, entities: Mapping[int, Any]) -> None:
        self.original = original
        self.entities = entities
        self.user: types.User | None = entities.get(original.user_id)
        self.input_user: types.TypeInputPeer | None = None
        if self.user is not None:
            try:
                self.input_user = utils.get_input_peer(self.user)
            except TypeError:
                # The hash of a user known in part (`min`) serves no request.
                pass

    @property
    def id(self) -> int:
        """The id of the event."""
        return self.original.id

    @property
    def date(self) -> datetime:
        """When it happened."""
        return self.original.date

    @property
    def user_id(self) -> int:
        """The id of the user who did it."""
        return self.original.user_id

    @property
    def action(self) -> types.TypeChannelAdminLogEventAction:
        """What happened, in the form of the schema."""
        return self.original.action

    @property
    def old(self) -> Any:
        """What was there before: a text, photo, message, participant and so on; None for what has no before.

        Settings that are switched on or off give a boolean.
        """
        action = self.original.action
        field = _OLD_FIELDS.get(_kind(action)) or _field(action, "prev_")
        if field is not None:
            return getattr(action, field)
        switched: bool | None = getattr(action, "new_value", None)
        return None if switched is None else not switched

    @property
    def new(self) -> Any:
        """What is there now, as `old`; None for what was only taken away."""
        action = self.original.action
        field = _NEW_FIELDS.get(_kind(action)) or _field(action, "new_")
        return None if field is None else getattr(action, field)

    # ---- what happened

    @property
    def changed_about(self) -> bool:
        """Whether the description changed; the old and new text."""
        return isinstance(self.action, types.ChannelAdminLogEventActionChangeAbout)

    @property
    def changed_title(self) -> bool:
        """Whether the name changed; the old and new text."""
        return isinstance(self.action, types.ChannelAdminLogEventActionChangeTitle)

    @property
    def changed_username(self) -> bool:
        """Whether the username changed; the old and new text."""
        return isinstance(self.action, types.ChannelAdminLogEventActionChangeUsername)

    @property
    def changed_photo(self) -> bool:
        """Whether the photo changed; the old and new ``Photo``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionChangePhoto)

    @property
    def changed_sticker_set(self) -> bool:
        """Whether the sticker set of the group changed; the old and new ``InputStickerSet``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionChangeStickerSet)

    @property
    def changed_message(self) -> bool:
        """Whether a message was edited; the old and new `Message`."""
        return isinstance(self.action, types.ChannelAdminLogEventActionEditMessage)

    @property
    def deleted_message(self) -> bool:
        """Whether a message was deleted; the old `Message`."""
        return isinstance(self.action, types.ChannelAdminLogEventActionDeleteMessage)

    @property
    def changed_admin(self) -> bool:
        """Whether the rights of an administrator changed; the old and new ``ChannelParticipant``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionParticipantToggleAdmin)

    @property
    def changed_restrictions(self) -> bool:
        """Whether the restrictions of a member changed; the old and new ``ChannelParticipant``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionParticipantToggleBan)

    @property
    def changed_invites(self) -> bool:
        """Whether it changed that members may add others; the old and new setting."""
        return isinstance(self.action, types.ChannelAdminLogEventActionToggleInvites)

    @property
    def changed_location(self) -> bool:
        """Whether the place of the group changed; the old and new ``ChannelLocation``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionChangeLocation)

    @property
    def joined(self) -> bool:
        """Whether the user joined by the username of the group or channel."""
        return isinstance(self.action, types.ChannelAdminLogEventActionParticipantJoin)

    @property
    def joined_invite(self) -> bool:
        """Whether the user added somebody; the new ``ChannelParticipant``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionParticipantInvite)

    @property
    def joined_by_invite(self) -> bool:
        """Whether the user joined by an invite link; the link is what `old` gives."""
        return isinstance(self.action, types.ChannelAdminLogEventActionParticipantJoinByInvite)

    @property
    def left(self) -> bool:
        """Whether the user left."""
        return isinstance(self.action, types.ChannelAdminLogEventActionParticipantLeave)

    @property
    def changed_hide_history(self) -> bool:
        """Whether it changed that new members do not see older messages; the old and new setting."""
        return isinstance(self.action, types.ChannelAdminLogEventActionTogglePreHistoryHidden)

    @property
    def changed_signatures(self) -> bool:
        """Whether it changed that posts are signed; the old and new setting."""
        return isinstance(self.action, types.ChannelAdminLogEventActionToggleSignatures)

    @property
    def changed_pin(self) -> bool:
        """Whether a message was pinned or unpinned; the new `Message`."""
        return isinstance(self.action, types.ChannelAdminLogEventActionUpdatePinned)

    @property
    def changed_default_banned_rights(self) -> bool:
        """Whether the rights of ordinary members changed; the old and new ``ChatBannedRights``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionDefaultBannedRights)

    @property
    def stopped_poll(self) -> bool:
        """Whether a poll was closed; the new `Message`."""
        return isinstance(self.action, types.ChannelAdminLogEventActionStopPoll)

    @property
    def started_group_call(self) -> bool:
        """Whether a voice chat began; the new ``InputGroupCall``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionStartGroupCall)

    @property
    def discarded_group_call(self) -> bool:
        """Whether a voice chat ended; the old ``InputGroupCall``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionDiscardGroupCall)

    @property
    def user_muted(self) -> bool:
        """Whether somebody was muted in a voice chat; the new ``GroupCallParticipant``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionParticipantMute)

    @property
    def user_unmutted(self) -> bool:
        """Whether somebody is no longer muted in a voice chat; the new ``GroupCallParticipant``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionParticipantUnmute)

    @property
    def changed_call_settings(self) -> bool:
        """Whether a setting of voice chats changed; `new` is whether those who join are muted."""
        return isinstance(self.action, types.ChannelAdminLogEventActionToggleGroupCallSetting)

    @property
    def changed_history_ttl(self) -> bool:
        """Whether the time changed after which messages disappear; the old and new seconds."""
        return isinstance(self.action, types.ChannelAdminLogEventActionChangeHistoryTTL)

    @property
    def deleted_exported_invite(self) -> bool:
        """Whether an invite link was deleted; the old ``ExportedChatInvite``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionExportedInviteDelete)

    @property
    def edited_exported_invite(self) -> bool:
        """Whether an invite link was changed; the old and new ``ExportedChatInvite``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionExportedInviteEdit)

    @property
    def revoked_exported_invite(self) -> bool:
        """Whether an invite link was revoked; the old ``ExportedChatInvite``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionExportedInviteRevoke)

    @property
    def changed_user_volume(self) -> bool:
        """Whether the volume of somebody in a voice chat changed; the new ``GroupCallParticipant``."""
        return isinstance(self.action, types.ChannelAdminLogEventActionParticipantVolume)

    def __str__(self) -> str:
        return str(self.original)

    def stringify(self) -> str:
        """The event as indented text."""
        return self.original.stringify()


def _kind(action: object) -> str:
    return type(action).__name__.removeprefix(_PREFIX)


def _field(action: types.TypeChannelAdminLogEventAction, prefix: str) -> str | None:
    return next((name for name in action._FIELDS if name.startswith(prefix)), None)
