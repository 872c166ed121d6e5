"""What a member of a group or channel is and may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import types

if TYPE_CHECKING:
    from typing import TypeAlias

    Participant: TypeAlias = "types.TypeChannelParticipant | types.TypeChatParticipant"

__all__ = ["ParticipantPermissions"]


class ParticipantPermissions:
    """What somebody is in a group or channel, and what they may do there as an administrator.

    In small groups all administrators may do the same; elsewhere each right is granted by itself. What ordinary members
    may do is not told here, but by the ``default_banned_rights`` of the chat.

    Attributes:
        participant: the ``ChannelParticipant`` or ``ChatParticipant`` itself.
        is_chat: whether this is in a small group.

    Example:
        >>> permissions = await client.get_permissions(chat, user)
        >>> if permissions.is_admin and permissions.ban_users:
        ...     await client.kick_participant(chat, other)

    Source: https://core.telegram.org/api/rights
    """

    def __init__(self, participant: Participant, chat: bool) -> None:
        self.participant = participant
        self.is_chat = chat

    @property
    def is_admin(self) -> bool:
        """Whether this is an administrator; the creator is one, too."""
        kinds = (types.ChannelParticipantAdmin, types.ChatParticipantAdmin)
        return self.is_creator or isinstance(self.participant, kinds)

    @property
    def is_creator(self) -> bool:
        """Whether this is the creator."""
        return isinstance(self.participant, (types.ChannelParticipantCreator, types.ChatParticipantCreator))

    @property
    def has_default_permissions(self) -> bool:
        """Whether this is an ordinary member."""
        kinds = (types.ChannelParticipant, types.ChatParticipant, types.ChannelParticipantSelf)
        return isinstance(self.participant, kinds)

    @property
    def is_banned(self) -> bool:
        """Whether something is forbidden to this member, or all of it."""
        return isinstance(self.participant, types.ChannelParticipantBanned)

    @property
    def has_left(self) -> bool:
        """Whether this user has left."""
        return isinstance(self.participant, types.ChannelParticipantLeft)

    @property
    def add_admins(self) -> bool | None:
        """Whether they may make others administrators; in small groups only the creator may."""
        if self.is_chat:
            return self.is_creator
        return self._right("add_admins")

    @property
    def ban_users(self) -> bool | None:
        """Whether they may remove and restrict members."""
        return self._right("ban_users")

    @property
    def pin_messages(self) -> bool | None:
        """Whether they may pin messages."""
        return self._right("pin_messages")

    @property
    def invite_users(self) -> bool | None:
        """Whether they may add members."""
        return self._right("invite_users")

    @property
    def delete_messages(self) -> bool | None:
        """Whether they may delete messages of others."""
        return self._right("delete_messages")

    @property
    def edit_messages(self) -> bool | None:
        """Whether they may edit posts of others."""
        return self._right("edit_messages")

    @property
    def post_messages(self) -> bool | None:
        """Whether they may post in the channel."""
        return self._right("post_messages")

    @property
    def change_info(self) -> bool | None:
        """Whether they may change name, photo and description."""
        return self._right("change_info")

    @property
    def anonymous(self) -> bool | None:
        """Whether they may write in the name of the group."""
        return self._right("anonymous")

    @property
    def manage_call(self) -> bool | None:
        """Whether they may manage voice chats."""
        return self._right("manage_call")

    def _right(self, name: str) -> bool | None:
        if not self.is_admin:
            return False
        rights = getattr(self.participant, "admin_rights", None)
        if self.is_chat or rights is None:
            return True
        granted: bool | None = getattr(rights, name)
        return granted
