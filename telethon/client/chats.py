"""Groups and channels: members, rights, the admin log, photos, actions and statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, cast, overload

from telethon import errors, helpers, utils
from telethon.client import _participants
from telethon.client._chataction import ACTIONS
from telethon.client._chataction import ChatAction as _ChatAction
from telethon.client._iterators import names_of
from telethon.client._signatures import same_signature_as
from telethon.client.messageparse import MessageParseMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from telethon import hints
    from telethon.client._iterators.adminlog import AdminLogIter as _AdminLogIter
    from telethon.client._iterators.participants import ParticipantsFilterLike
    from telethon.client._iterators.participants import ParticipantsIter as _ParticipantsIter
    from telethon.client._iterators.profilephotos import ProfilePhotoIter as _ProfilePhotoIter
    from telethon.tl.custom.adminlogevent import AdminLogEvent
    from telethon.tl.custom.participantpermissions import ParticipantPermissions
    from telethon.tl.patched import Message
else:
    __getattr__ = names_of(
        __name__,
        _AdminLogIter="adminlog.AdminLogIter",
        _ParticipantsIter="participants.ParticipantsIter",
        _ProfilePhotoIter="profilephotos.ProfilePhotoIter",
    )

#: Seconds between removing a member and allowing it to come back: servers refuse the second too soon after the first.
_KICK_PAUSE: Final = 0.5


class ChatMethods(MessageParseMethods):
    """Groups and channels."""

    # ---- members, log, photos

    def iter_participants(
        self,
        entity: hints.EntityLike,
        limit: float | None = None,
        *,
        search: str = "",
        filter: ParticipantsFilterLike = None,
        aggressive: bool = False,
    ) -> _ParticipantsIter:
        """The members of a chat.

        Args:
            entity: the chat.
            limit: how many members at most; `None` for all that servers show.
            search: only members with this in their name.
            filter: only members of a kind, such as ``types.ChannelParticipantsAdmins``; no effect in small groups.
            aggressive: has no effect; servers no longer show more this way.

        Returns:
            an asynchronous iterator of ``User``, each with its participant in ``participant``. It has ``collect()``
            and, once it has begun, ``total``.

        Example:
            >>> async for user in client.iter_participants(chat):
            ...     print(user.id, user.username)

        Network: ``channels.getParticipants`` for each 200, or ``messages.getFullChat``.

        Source: https://core.telegram.org/method/channels.getParticipants
        """
        from telethon.client._iterators.participants import ParticipantsIter

        return ParticipantsIter(self, limit, entity=entity, filter=filter, search=search)

    @same_signature_as(iter_participants)
    async def get_participants(self, *args: Any, **kwargs: Any) -> helpers.TotalList[types.User]:
        """As `iter_participants`, all at once, in a list with ``total``.

        Example:
            >>> users = await client.get_participants(chat)
            >>> print(users.total)
        """
        return await self.iter_participants(*args, **kwargs).collect()

    def iter_admin_log(
        self,
        entity: hints.EntityLike,
        limit: float | None = None,
        *,
        max_id: int = 0,
        min_id: int = 0,
        search: str | None = None,
        admins: hints.EntitiesLike | None = None,
        join: bool | None = None,
        leave: bool | None = None,
        invite: bool | None = None,
        restrict: bool | None = None,
        unrestrict: bool | None = None,
        ban: bool | None = None,
        unban: bool | None = None,
        promote: bool | None = None,
        demote: bool | None = None,
        info: bool | None = None,
        settings: bool | None = None,
        pinned: bool | None = None,
        edit: bool | None = None,
        delete: bool | None = None,
        group_call: bool | None = None,
    ) -> _AdminLogIter:
        """What administrators did in a channel or supergroup in the last two days, the most recent first.

        Without any of the kinds of events, all of them are given.

        Args:
            entity: the channel or supergroup.
            limit: how many events at most; `None` for all.
            max_id: only events with lower ids.
            min_id: only events with higher ids.
            search: only events about messages with these words.
            admins: only what this administrator, or these, did.
            join: members who joined.
            leave: members who left.
            invite: members who were invited.
            restrict: members who lost rights.
            unrestrict: members who got rights back.
            ban: members who were removed.
            unban: members who may come back.
            promote: new administrators, and more rights for them.
            demote: administrators with fewer rights.
            info: changes of name, description or photo.
            settings: changes of settings.
            pinned: messages that were pinned.
            edit: messages that were changed.
            delete: messages that were deleted.
            group_call: changes of voice chats.

        Returns:
            an asynchronous iterator of `AdminLogEvent`.

        Example:
            >>> async for event in client.iter_admin_log(channel):
            ...     if event.changed_title:
            ...         print("from", event.old, "to", event.new)

        Network: ``channels.getAdminLog``, one for each 100.

        Source: https://core.telegram.org/method/channels.getAdminLog
        """
        from telethon.client._iterators.adminlog import AdminLogIter

        return AdminLogIter(
            self,
            limit,
            entity=entity,
            admins=admins,
            search=search,
            min_id=min_id,
            max_id=max_id,
            # The schema calls it banning when rights are lost, and kicking when members are removed.
            kinds={
                "join": join,
                "leave": leave,
                "invite": invite,
                "ban": restrict,
                "unban": unrestrict,
                "kick": ban,
                "unkick": unban,
                "promote": promote,
                "demote": demote,
                "info": info,
                "settings": settings,
                "pinned": pinned,
                "edit": edit,
                "delete": delete,
                "group_call": group_call,
            },
        )

    @same_signature_as(iter_admin_log)
    async def get_admin_log(self, *args: Any, **kwargs: Any) -> helpers.TotalList[AdminLogEvent]:
        """As `iter_admin_log`, all at once.

        Example:
            >>> events = await client.get_admin_log(channel, 50, delete=True, edit=True)
        """
        return await self.iter_admin_log(*args, **kwargs).collect()

    def iter_profile_photos(
        self, entity: hints.EntityLike, limit: int | None = None, *, offset: int = 0, max_id: int = 0
    ) -> _ProfilePhotoIter:
        """The profile photos of a user or chat, the most recent first.

        Args:
            entity: the user or chat.
            limit: how many photos at most; `None` for all.
            offset: how many of the most recent photos to leave out.
            max_id: only photos with lower ids.

        Returns:
            an asynchronous iterator of ``Photo``.

        Example:
            >>> async for photo in client.iter_profile_photos(user):
            ...     await client.download_media(photo)

        Network: ``photos.getUserPhotos`` or ``messages.search``, one for each 100.

        Source: https://core.telegram.org/method/photos.getUserPhotos
        """
        from telethon.client._iterators.profilephotos import ProfilePhotoIter

        return ProfilePhotoIter(self, limit, entity=entity, offset=offset, max_id=max_id)

    @same_signature_as(iter_profile_photos)
    async def get_profile_photos(self, *args: Any, **kwargs: Any) -> helpers.TotalList[types.Photo]:
        """As `iter_profile_photos`, all at once, in a list with ``total``.

        Example:
            >>> photos = await client.get_profile_photos("username")
            >>> await client.download_media(photos[-1])
        """
        return await self.iter_profile_photos(*args, **kwargs).collect()

    # ---- actions

    # Only what is certain to be "cancel" gives a coroutine: a `str` may be, but nobody writes that.
    @overload
    def action(  # type: ignore[overload-overlap]  # pyright: ignore[reportOverlappingOverload]
        self,
        entity: hints.EntityLike,
        action: Literal["cancel"] | types.SendMessageCancelAction,
        *,
        delay: float = 4,
        auto_cancel: bool = True,
    ) -> Coroutine[Any, Any, bool]: ...

    @overload
    def action(
        self,
        entity: hints.EntityLike,
        action: str | types.TypeSendMessageAction,
        *,
        delay: float = 4,
        auto_cancel: bool = True,
    ) -> _ChatAction: ...

    def action(
        self,
        entity: hints.EntityLike,
        action: str | types.TypeSendMessageAction,
        *,
        delay: float = 4,
        auto_cancel: bool = True,
    ) -> _ChatAction | Coroutine[Any, Any, bool]:
        """Show that something is being typed, recorded or uploaded, for as long as a block takes.

        Args:
            entity: the chat.
            action: ``"typing"``, ``"contact"``, ``"game"``, ``"location"``, ``"sticker"``, ``"record-audio"``,
                ``"record-voice"``, ``"record-round"``, ``"record-video"``, ``"audio"``, ``"voice"``, ``"song"``,
                ``"round"``, ``"video"``, ``"photo"``, ``"document"``, ``"file"``, ``"cancel"``, or an action object.
            delay: seconds between two repetitions.
            auto_cancel: whether the action is taken back when the block ends, instead of fading.

        Returns:
            something to use as ``async with``; for ``"cancel"``, a coroutine to await.

        Raises:
            ValueError: when there is no such action.

        Example:
            >>> async with client.action(chat, "typing"):
            ...     await asyncio.sleep(2)
            >>> async with client.action(chat, "document") as action:
            ...     await client.send_file(chat, zip_file, progress_callback=action.progress)

        Network: ``messages.setTyping``.

        Source: https://core.telegram.org/method/messages.setTyping
        """
        if isinstance(action, str):
            make = ACTIONS.get(action.lower())
            if make is None:
                raise ValueError(f'No such action "{action}"')
            chosen = make()
        elif isinstance(action, type):
            raise ValueError("You must pass an instance, not the class")
        elif getattr(action, "SUBCLASS_OF_ID", None) != types.SendMessageTypingAction.SUBCLASS_OF_ID:
            raise ValueError(f"Cannot use {action} as action")
        else:
            chosen = action
        if isinstance(chosen, types.SendMessageCancelAction):
            return self(functions.messages.SetTypingRequest(cast("Any", entity), chosen))
        return _ChatAction(self, entity, chosen, delay=delay, auto_cancel=auto_cancel)

    # ---- rights

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

    # ---- statistics

    async def get_stats(
        self, entity: hints.EntityLike, message: int | types.Message | None = None
    ) -> types.stats.BroadcastStats | types.stats.MegagroupStats | types.stats.MessageStats:
        """The statistics of a channel or supergroup, or of one message.

        Only administrators of large channels may see them.

        Args:
            entity: the channel or supergroup.
            message: the message, or its id.

        Returns:
            ``stats.BroadcastStats``, ``stats.MegagroupStats`` or ``stats.MessageStats``.

        Raises:
            TypeError: when *entity* is not a channel.
            ChatAdminRequiredError: when they are only for administrators.

        Example:
            >>> stats = await client.get_stats(channel)
            >>> print(stats.period.min_date, "to", stats.period.max_date)

        Network: ``stats.getBroadcastStats``, ``stats.getMegagroupStats`` or ``stats.getMessageStats``, in the data
        centre that has them.

        Source: https://core.telegram.org/api/stats
        """
        peer = await self.get_input_entity(entity)
        if helpers._entity_type(peer) != helpers._EntityType.CHANNEL:
            raise TypeError("You must pass a channel entity")
        channel = utils.get_input_channel(peer)
        message_id = utils.get_message_id(message)
        if message_id is not None:
            of_message: types.stats.MessageStats = await self._stats(
                functions.stats.GetMessageStatsRequest(channel, message_id)
            )
            return of_message
        try:
            # Asking for the wrong kind costs less than finding out the kind, most of the time.
            of_channel: types.stats.BroadcastStats = await self._stats(
                functions.stats.GetBroadcastStatsRequest(channel)
            )
            return of_channel
        except errors.BroadcastRequiredError:
            of_group: types.stats.MegagroupStats = await self._stats(functions.stats.GetMegagroupStatsRequest(channel))
            return of_group

    async def _stats(self, request: Any) -> Any:
        """What *request* gives in the data centre that has the statistics."""
        try:
            return await self(request)
        except errors.StatsMigrateError as error:
            dc_id: int = error.dc
        sender = await self._borrow_exported_sender(dc_id)
        try:
            return await self._call(sender, request)
        finally:
            await self._return_exported_sender(sender)
