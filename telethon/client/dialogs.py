"""Dialogs, drafts, folders and conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast, overload

from telethon import errors, helpers, utils
from telethon._core.oldnames import old_names
from telethon.client._iterators import names_of
from telethon.client._signatures import same_signature_as
from telethon.client.users import UserMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints
    from telethon.client._iterators.dialogs import DialogsIter as _DialogsIter
    from telethon.client._iterators.dialogs import DraftsIter as _DraftsIter
    from telethon.tl.custom.conversation import Conversation
    from telethon.tl.custom.dialog import Dialog
    from telethon.tl.custom.draft import Draft
else:
    __getattr__ = old_names(
        __name__, names_of(__name__, _DialogsIter="dialogs.DialogsIter", _DraftsIter="dialogs.DraftsIter")
    )


class DialogMethods(UserMethods):
    """Dialogs: what the list of chats shows."""

    def iter_dialogs(
        self,
        limit: float | None = None,
        *,
        offset_date: hints.DateLike = None,
        offset_id: int = 0,
        offset_peer: hints.EntityLike = types.InputPeerEmpty(),  # noqa: B008 (never changed)
        ignore_pinned: bool = False,
        ignore_migrated: bool = False,
        folder: int | None = None,
        archived: bool | None = None,
    ) -> _DialogsIter:
        """The dialogs of the account: private chats, groups and channels, the most recent first.

        Args:
            limit: how many dialogs at most; `None` for all.
            offset_date: only dialogs whose last message is older.
            offset_id: the message id to start from.
            offset_peer: the chat to start from.
            ignore_pinned: whether pinned dialogs are left out.
            ignore_migrated: whether groups that have become supergroups are left out.
            folder: only dialogs of this folder: 0 are those that are not archived, 1 those that are. `None` for all.
            archived: the same as 1 for *folder* when true, and 0 when false.

        Returns:
            an asynchronous iterator of `Dialog`, with ``collect()`` and, once it has begun, ``total``.

        Example:
            >>> async for dialog in client.iter_dialogs():
            ...     print(dialog.name)

        Network: ``messages.getDialogs``, one for each 100.

        Source: https://core.telegram.org/method/messages.getDialogs
        """
        if archived is not None:
            folder = 1 if archived else 0
        from telethon.client._iterators.dialogs import DialogsIter

        return DialogsIter(
            self,
            limit,
            offset_date=offset_date,
            offset_id=offset_id,
            offset_peer=offset_peer,
            ignore_pinned=ignore_pinned,
            ignore_migrated=ignore_migrated,
            folder=folder,
        )

    @same_signature_as(iter_dialogs)
    async def get_dialogs(self, *args: Any, **kwargs: Any) -> helpers.TotalList[Dialog]:
        """As `iter_dialogs`, all at once, in a list with ``total``.

        Args:
            args: as of `iter_dialogs`.
            kwargs: likewise.

        Raises:
            BotMethodInvalidError: the account is a bot; bots have no list of dialogs.

        Example:
            >>> dialogs = await client.get_dialogs()
            >>> archived = await client.get_dialogs(archived=True)
        """
        return await self.iter_dialogs(*args, **kwargs).collect()

    def iter_drafts(self, entity: hints.EntitiesLike | None = None) -> _DraftsIter:
        """The drafts of the account.

        Args:
            entity: the chat whose draft is wanted, or several; `None` for all drafts.

        Returns:
            an asynchronous iterator of `Draft`.

        Example:
            >>> async for draft in client.iter_drafts("me"):
            ...     print(draft.text)

        Network: ``messages.getAllDrafts`` or ``messages.getPeerDialogs``.

        Source: https://core.telegram.org/method/messages.getAllDrafts
        """
        wanted = entity if not entity or utils.is_list_like(entity) else (entity,)
        from telethon.client._iterators.dialogs import DraftsIter

        return DraftsIter(self, None, entities=cast("Sequence[hints.EntityLike] | None", wanted))

    @overload
    async def get_drafts(self, entity: None = None) -> helpers.TotalList[Draft]: ...

    @overload
    async def get_drafts(self, entity: hints.EntitiesLike) -> Draft | helpers.TotalList[Draft]: ...

    async def get_drafts(self, entity: hints.EntitiesLike | None = None) -> Draft | helpers.TotalList[Draft]:
        """As `iter_drafts`, all at once: a list with ``total``, or one `Draft` for one chat.

        Args:
            entity: a chat, or several; None for all that have a draft.

        Raises:
            ValueError: nobody knows the chat.
            BotMethodInvalidError: the account is a bot.

        Example:
            >>> drafts = await client.get_drafts()
            >>> draft = await client.get_drafts("me")
        """
        items = await self.iter_drafts(entity).collect()
        return items if not entity or utils.is_list_like(entity) else items[0]

    async def edit_folder(
        self,
        entity: hints.EntitiesLike | None = None,
        folder: int | Sequence[int] | None = None,
        *,
        unpack: int | None = None,
    ) -> types.TypeUpdates:
        """Move dialogs to a folder: archive them, or take them out of the archive.

        Args:
            entity: one chat, or several.
            folder: 1 to archive, 0 to take out; or one of them for each chat.
            unpack: a folder to empty, instead of the other arguments.

        Raises:
            ValueError: when the arguments do not fit together.

        Example:
            >>> await client.edit_folder(dialogs, 1)
            >>> await client.edit_folder(unpack=1)

        Network: ``folders.editPeerFolders``.

        Source: https://core.telegram.org/method/folders.editPeerFolders
        """
        if (entity is None) == (unpack is None):
            raise ValueError("You can only set either entities or unpack, not both")
        if unpack is not None:
            peers = [dialog.input_entity async for dialog in self.iter_dialogs(folder=unpack)]
            folders: Sequence[int] = [0] * len(peers)
        else:
            wanted = cast(
                "Sequence[hints.EntityLike]", list(cast("Any", entity)) if utils.is_list_like(entity) else [entity]
            )
            peers = [await self.get_input_entity(item) for item in wanted]
            if folder is None:
                raise ValueError("You must specify a folder")
            folders = [folder] * len(peers) if isinstance(folder, int) else list(folder)
            if len(peers) != len(folders):
                raise ValueError("Number of folders does not match number of entities")
        return await self(
            functions.folders.EditPeerFoldersRequest(
                [types.InputFolderPeer(peer, folder_id=number) for peer, number in zip(peers, folders, strict=True)]
            )
        )

    async def delete_dialog(self, entity: hints.EntityLike, *, revoke: bool = False) -> types.TypeUpdates | None:
        """Delete a dialog: leave the group or channel, or remove the messages of a private chat.

        Args:
            entity: the chat.
            revoke: whether the messages are removed for the other side too, in private chats and groups.

        Returns:
            what leaving gave, or `None` when there was nothing to leave.

        Raises:
            ValueError: nobody knows *entity*.

        Example:
            >>> await client.delete_dialog("username", revoke=True)

        Network: ``channels.leaveChannel``, or ``messages.deleteChatUser`` and ``messages.deleteHistory``.
        Source: https://core.telegram.org/method/messages.deleteHistory
        """
        is_deactivated = isinstance(entity, types.Chat) and bool(entity.deactivated)
        peer = await self.get_input_entity(entity)
        if helpers._entity_type(peer) == helpers._EntityType.CHANNEL:
            return await self(functions.channels.LeaveChannelRequest(utils.get_input_channel(peer)))

        result: Any = None
        if isinstance(peer, types.InputPeerChat) and not is_deactivated:
            try:
                result = await self(
                    functions.messages.DeleteChatUserRequest(peer.chat_id, types.InputUserSelf(), revoke_history=revoke)
                )
            except errors.PeerIdInvalidError:
                # The group is not in use any more; only its messages are left.
                result = None
        if not await self.is_bot():
            await self(functions.messages.DeleteHistoryRequest(peer, max_id=0, revoke=revoke))
        return cast("types.TypeUpdates | None", result)

    def conversation(
        self,
        entity: hints.EntityLike,
        *,
        timeout: float = 60,
        total_timeout: float | None = None,
        max_messages: int = 100,
        exclusive: bool = True,
        replies_are_responses: bool = True,
    ) -> Conversation:
        """A conversation with a chat: send something, wait for the answer, and so on.

        Args:
            entity: the chat.
            timeout: seconds to wait for each answer; `None` to wait for ever.
            total_timeout: seconds the whole conversation may take; `None` for no limit.
            max_messages: how many incoming messages are kept.
            exclusive: whether a second conversation in the same chat is refused meanwhile.
            replies_are_responses: whether a reply counts as the next answer too.

        Returns:
            the `Conversation`, to use as ``async with``.

        Example:
            >>> async with client.conversation("BotFather") as conversation:
            ...     await conversation.send_message("/cancel")
            ...     print((await conversation.get_response()).text)
        """
        from telethon.tl.custom.conversation import Conversation

        return Conversation(
            self,
            entity,
            timeout=timeout,
            total_timeout=total_timeout,
            max_messages=max_messages,
            exclusive=exclusive,
            replies_are_responses=replies_are_responses,
        )
