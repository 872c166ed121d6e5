"""Groups and channels: members, the admin log, photos, actions and statistics; rights stand in `chatrights`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast, overload

from telethon import errors, helpers, utils
from telethon._core.oldnames import old_names
from telethon.client._chataction import ACTIONS
from telethon.client._chataction import ChatAction as _ChatAction
from telethon.client._iterators import names_of
from telethon.client._signatures import same_signature_as
from telethon.client.chatrights import ChatRightMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from telethon import hints
    from telethon.client._iterators.adminlog import AdminLogIter as _AdminLogIter
    from telethon.client._iterators.participants import ParticipantsFilterLike
    from telethon.client._iterators.participants import ParticipantsIter as _ParticipantsIter
    from telethon.client._iterators.profilephotos import ProfilePhotoIter as _ProfilePhotoIter
    from telethon.tl.custom.adminlogevent import AdminLogEvent
else:
    __getattr__ = old_names(
        __name__,
        names_of(
            __name__,
            _AdminLogIter="adminlog.AdminLogIter",
            _ParticipantsIter="participants.ParticipantsIter",
            _ProfilePhotoIter="profilephotos.ProfilePhotoIter",
        ),
    )


class ChatMethods(ChatRightMethods):
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

        Args:
            args: as of `iter_participants`.
            kwargs: likewise.

        Raises:
            ValueError: nobody knows the chat.
            ChatAdminRequiredError: only administrators may see the members of this channel.

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

        Args:
            args: as of `iter_admin_log`.
            kwargs: likewise.

        Raises:
            ValueError: nobody knows the channel.
            ChatAdminRequiredError: the account is no administrator of it.

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

        Args:
            args: as of `iter_profile_photos`.
            kwargs: likewise.

        Raises:
            ValueError: nobody knows *entity*.

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
