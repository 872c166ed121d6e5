"""What members may do in groups and channels: administrators, restrictions, and removing members."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast, overload

from telethon import errors, helpers, utils
from telethon.client import _participants
from telethon.client.messageparse import MessageParseMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon import hints
    from telethon.tl.custom.participantpermissions import ParticipantPermissions
    from telethon.tl.patched import Message

__all__ = ["ChatRightMethods"]

#: Seconds between removing a member and allowing it to come back: servers refuse the second too soon after the first.
_KICK_PAUSE: Final = 0.5


class ChatRightMethods(MessageParseMethods):
    """The methods that give and take rights in chats; `ChatMethods` has them too."""

    async def edit_admin(
        self,
        entity: hints.EntityLike,
        user: hints.EntityLike,
        *,
        change_info: bool | None = None,
        post_messages: bool | None = None,
        edit_messages: bool | None = None,
        delete_messages: bool | None = None,
        ban_users: bool | None = None,
        invite_users: bool | None = None,
        pin_messages: bool | None = None,
        add_admins: bool | None = None,
        manage_call: bool | None = None,
        anonymous: bool | None = None,
        is_admin: bool | None = None,
        title: str | None = None,
    ) -> types.TypeUpdates | bool:
        """Make somebody an administrator, change what an administrator may do, or take it all away.

        Args:
            entity: the channel or group.
            user: the user.
            change_info: may change name, description and photo.
            post_messages: may post; only in channels.
            edit_messages: may change messages of others; only in channels.
            delete_messages: may delete messages of others.
            ban_users: may remove and restrict members.
            invite_users: may invite.
            pin_messages: may pin; only in groups.
            add_admins: may make others administrators.
            manage_call: may manage voice chats.
            anonymous: is shown as the group itself.
            is_admin: what all rights that were not mentioned become. In small groups, whether it is an administrator.
            title: what the administrator is called, in groups.

        Raises:
            ValueError: when *entity* is neither group nor channel.

        Example:
            >>> await client.edit_admin(chat, user, is_admin=True)
            >>> await client.edit_admin(chat, user, is_admin=False)
            >>> await client.edit_admin(chat, user, pin_messages=True, title="Keeper of pins")

        Network: ``channels.editAdmin`` or ``messages.editChatAdmin``.

        Source: https://core.telegram.org/method/channels.editAdmin
        """
        peer = await self.get_input_entity(entity)
        user_peer = await self.get_input_entity(user)
        input_user = utils.get_input_user(user_peer)
        given: dict[str, bool | None] = {
            "change_info": change_info,
            "post_messages": post_messages,
            "edit_messages": edit_messages,
            "delete_messages": delete_messages,
            "ban_users": ban_users,
            "invite_users": invite_users,
            "pin_messages": pin_messages,
            "add_admins": add_admins,
            "anonymous": anonymous,
            "manage_call": manage_call,
        }
        if isinstance(peer, types.InputPeerChat):
            # Small groups know no single rights: whoever gets one gets all.
            if is_admin is None:
                is_admin = any(given.values())
            return await self(functions.messages.EditChatAdminRequest(peer.chat_id, input_user, is_admin=is_admin))
        if helpers._entity_type(peer) != helpers._EntityType.CHANNEL:
            raise ValueError("You can only edit permissions in groups and channels")
        channel = utils.get_input_channel(peer)
        # Supergroups have no such rights and refuse them, though everybody may post there anyway.
        if (post_messages or edit_messages) and await self._is_megagroup(peer):
            given["post_messages"] = given["edit_messages"] = None
            rights = _participants.admin_rights(given, is_admin)
            rights.post_messages = rights.edit_messages = is_admin
        else:
            rights = _participants.admin_rights(given, is_admin)
        return await self(functions.channels.EditAdminRequest(channel, input_user, rights, rank=title or ""))

    async def _is_megagroup(self, peer: types.TypeInputPeer) -> bool:
        channel_id = cast("types.InputPeerChannel", peer).channel_id
        known = self._megagroup_cache.get(channel_id)
        if known is None:
            channel: Any = await self.get_entity(peer)
            known = self._megagroup_cache[channel_id] = bool(channel.megagroup)
        return known

    async def edit_permissions(
        self,
        entity: hints.EntityLike,
        user: hints.EntityLike | None = None,
        until_date: hints.DateLike = None,
        *,
        view_messages: bool = True,
        send_messages: bool = True,
        send_media: bool = True,
        send_stickers: bool = True,
        send_gifs: bool = True,
        send_games: bool = True,
        send_inline: bool = True,
        embed_link_previews: bool = True,
        send_polls: bool = True,
        change_info: bool = True,
        invite_users: bool = True,
        pin_messages: bool = True,
    ) -> types.TypeUpdates:
        """Say what a member may do in a channel or supergroup, or what members may do by default.

        Args:
            entity: the channel or supergroup.
            user: the member; `None` for the default of all members.
            until_date: when the restrictions end; `None` for never.
            view_messages: may read; without it, the member is removed.
            send_messages: may write.
            send_media: may send media.
            send_stickers: may send stickers.
            send_gifs: may send GIFs.
            send_games: may send games.
            send_inline: may use inline bots.
            embed_link_previews: may send links with previews.
            send_polls: may send polls.
            change_info: may change name, description and photo.
            invite_users: may invite.
            pin_messages: may pin.

        Raises:
            ValueError: when *entity* is neither channel nor supergroup.

        Example:
            >>> from datetime import timedelta
            >>> await client.edit_permissions(chat, user, view_messages=False)
            >>> await client.edit_permissions(chat, user, timedelta(minutes=60), send_messages=False)

        Network: ``channels.editBanned`` or ``messages.editChatDefaultBannedRights``.

        Source: https://core.telegram.org/method/channels.editBanned
        """
        peer = await self.get_input_entity(entity)
        if helpers._entity_type(peer) != helpers._EntityType.CHANNEL:
            raise ValueError("You must pass either a channel or a supergroup")
        rights = _participants.banned_rights(
            {
                "view_messages": view_messages,
                "send_messages": send_messages,
                "send_media": send_media,
                "send_stickers": send_stickers,
                "send_gifs": send_gifs,
                "send_games": send_games,
                "send_inline": send_inline,
                "embed_link_previews": embed_link_previews,
                "send_polls": send_polls,
                "change_info": change_info,
                "invite_users": invite_users,
                "pin_messages": pin_messages,
            },
            until_date,
        )
        if user is None:
            return await self(functions.messages.EditChatDefaultBannedRightsRequest(peer=peer, banned_rights=rights))
        return await self(
            functions.channels.EditBannedRequest(
                channel=utils.get_input_channel(peer),
                participant=await self.get_input_entity(user),
                banned_rights=rights,
            )
        )

    async def kick_participant(self, entity: hints.EntityLike, user: hints.EntityLike | None) -> Message | None:
        """Remove a member, who may come back.

        Args:
            entity: the group or channel.
            user: the member; ``"me"`` leaves.

        Returns:
            the service message that tells about it; `None` when there is none.

        Raises:
            ValueError: when *entity* is neither group nor channel.

        Example:
            >>> message = await client.kick_participant(chat, user)
            >>> await message.delete()

        Network: ``messages.deleteChatUser``, ``channels.leaveChannel``, or ``channels.editBanned`` twice.

        Source: https://core.telegram.org/method/channels.editBanned
        """
        peer = await self.get_input_entity(entity)
        user_peer = await self.get_input_entity(cast("hints.EntityLike", user))
        result: Any
        if isinstance(peer, types.InputPeerChat):
            result = await self(functions.messages.DeleteChatUserRequest(peer.chat_id, utils.get_input_user(user_peer)))
        elif helpers._entity_type(peer) == helpers._EntityType.CHANNEL:
            channel = utils.get_input_channel(peer)
            if isinstance(user_peer, types.InputPeerSelf):
                result = await self(functions.channels.LeaveChannelRequest(channel))
            else:
                result = await self(
                    functions.channels.EditBannedRequest(
                        channel=channel,
                        participant=user_peer,
                        banned_rights=types.ChatBannedRights(until_date=None, view_messages=True),
                    )
                )
                await self._sleep(_KICK_PAUSE)
                await self(
                    functions.channels.EditBannedRequest(
                        channel=channel,
                        participant=user_peer,
                        banned_rights=types.ChatBannedRights(until_date=None),
                    )
                )
        else:
            raise ValueError("You must pass either a channel or a chat")
        return cast("Message | None", self._get_response_message(None, result, peer) or None)

    @overload
    async def get_permissions(self, entity: hints.EntityLike, user: None = None) -> types.ChatBannedRights | None: ...

    @overload
    async def get_permissions(self, entity: hints.EntityLike, user: hints.EntityLike) -> ParticipantPermissions: ...

    async def get_permissions(
        self, entity: hints.EntityLike, user: hints.EntityLike | None = None
    ) -> ParticipantPermissions | types.ChatBannedRights | None:
        """What a member may do, or what members may not do by default.

        Args:
            entity: the group or channel.
            user: the member; `None` for the default of all members.

        Returns:
            the `ParticipantPermissions` of the member; the ``ChatBannedRights`` of all when *user* is left out.

        Raises:
            UserNotParticipantError: when *user* is not a member.
            ValueError: when *entity* is neither group nor channel.

        Example:
            >>> permissions = await client.get_permissions(chat, user)
            >>> if permissions.is_admin:
            ...     print("an administrator")
            >>> defaults = await client.get_permissions(chat)

        Network: ``channels.getParticipant`` or ``messages.getFullChat``.

        Source: https://core.telegram.org/method/channels.getParticipant
        """
        chat: Any = await self.get_entity(entity)
        full: Any
        if not user:
            if isinstance(chat, types.Channel):
                full = await self(functions.channels.GetFullChannelRequest(utils.get_input_channel(chat)))
            elif isinstance(chat, types.Chat):
                full = await self(functions.messages.GetFullChatRequest(chat.id))
            else:
                return None
            same = (found for found in full.chats if found.id == chat.id)
            return cast("types.ChatBannedRights | None", getattr(next(same, None), "default_banned_rights", None))

        from telethon.tl.custom.participantpermissions import ParticipantPermissions

        peer = await self.get_input_entity(chat)
        user_peer: Any = await self.get_input_entity(user)
        if helpers._entity_type(peer) == helpers._EntityType.CHANNEL:
            answer: Any = await self(functions.channels.GetParticipantRequest(utils.get_input_channel(peer), user_peer))
            return ParticipantPermissions(answer.participant, False)
        if isinstance(peer, types.InputPeerChat):
            full = await self(functions.messages.GetFullChatRequest(peer.chat_id))
            user_id = await self.get_peer_id(user_peer)
            for participant in getattr(full.full_chat.participants, "participants", ()):
                if participant.user_id == user_id:
                    return ParticipantPermissions(participant, True)
            raise errors.UserNotParticipantError(None)
        raise ValueError("You must pass either a channel or a chat")
