"""One line of the list of chats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon import utils
from telethon.tl import functions, types
from telethon.tl.custom.draft import Draft
from telethon.tl.tlobject import TLObject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from telethon.tl.custom._base import Chat, Client

__all__ = ["Dialog"]


class Dialog:
    """A dialog: a private chat, group or channel as the list of chats shows it.

    Attributes:
        dialog: the ``Dialog`` of the schema.
        pinned: whether it stays at the top of the list.
        folder_id: the folder it is in: 1 is the archive, None stands for the list itself.
        archived: whether it is in a folder other than the list itself.
        message: the last `Message`; None when it is not there.
        date: when that was sent.
        entity: the `User`, `Chat` or `Channel`.
        input_entity: its input peer.
        id: its marked id.
        name: what the list shows.
        title: the same.
        unread_count: how many messages are not read.
        unread_mentions_count: how many of them mention the account.
        unread_reactions_count: how many reactions to messages of the account are not seen.
        unread_poll_votes_count: how many votes in polls of the account are not seen.
        draft: the `Draft`, which may be empty.
        is_user: whether it is a private chat.
        is_group: whether it is a group or supergroup.
        is_channel: whether it is a channel or supergroup.
        is_community: whether it is a community.

    Example:
        >>> async for dialog in client.iter_dialogs():
        ...     print(dialog.id, dialog.name, dialog.unread_count)

    Source: https://core.telegram.org/api/folders
    """

    def __init__(
        self, client: Any, dialog: types.TypeDialog, entities: Mapping[int, Any], message: types.TypeMessage | None
    ) -> None:
        source: Any = dialog
        self._client: Client = client
        self.dialog = dialog
        self.pinned = bool(dialog.pinned)
        self.folder_id: int | None = getattr(dialog, "folder_id", None)
        self.archived = self.folder_id is not None
        self.message = message
        self.date: datetime | None = getattr(message, "date", None)

        if isinstance(dialog, types.DialogCommunity):
            peer: types.TypePeer = types.PeerChannel(dialog.community_id)
        else:
            peer = dialog.peer
        self.entity: Chat = entities[utils.get_peer_id(peer)]
        self.input_entity: types.TypeInputPeer = utils.get_input_peer(self.entity)
        self.id = utils.get_peer_id(self.entity)
        self.name = utils.get_display_name(self.entity)
        self.title = self.name

        # Lines that stand for a whole folder or community have none of these.
        self.unread_count: int = getattr(source, "unread_count", 0)
        self.unread_mentions_count: int = getattr(source, "unread_mentions_count", 0)
        self.unread_reactions_count: int = getattr(source, "unread_reactions_count", 0)
        self.unread_poll_votes_count: int = getattr(source, "unread_poll_votes_count", 0)
        self.draft = Draft(client, self.entity, getattr(source, "draft", None))

        kind: Any = self.entity
        self.is_user = isinstance(kind, types.User)
        self.is_group = isinstance(kind, (types.Chat, types.ChatForbidden)) or (
            isinstance(kind, types.Channel) and bool(kind.megagroup)
        )
        self.is_channel = isinstance(kind, types.Channel)
        self.is_community = isinstance(kind, (types.Community, types.CommunityForbidden))

    async def send_message(self, *args: Any, **kwargs: Any) -> types.Message:
        """Send a message to the dialog.

        Args:
            args: as of `send_message` of the client after the chat.
            kwargs: likewise.

        Example:
            >>> await dialog.send_message("Hello!")

        Network: as `send_message` of the client.
        """
        return await self._client.send_message(self.input_entity, *args, **kwargs)

    async def delete(self, revoke: bool = False) -> None:
        """Take the dialog off the list: delete its history, or leave the group or channel.

        Args:
            revoke: whether the other side of a private chat loses the messages, too.

        Example:
            >>> await dialog.delete()

        Network: one request, or two.
        """
        # The entity tells more than the input peer: whether a group was left already, for example.
        await self._client.delete_dialog(self.entity, revoke=revoke)

    async def archive(self, folder: int = 1) -> types.TypeUpdates:
        """Move the dialog to a folder.

        Args:
            folder: 1 is the archive, 0 the list itself.

        Example:
            >>> await dialog.archive()
            >>> await dialog.archive(0)

        Network: one request.
        """
        place = types.InputFolderPeer(self.input_entity, folder_id=folder)
        return await self._client(functions.folders.EditPeerFoldersRequest([place]))

    def to_dict(self) -> dict[str, Any]:
        """The most telling attributes, by name."""
        return {
            "_": "Dialog",
            "name": self.name,
            "date": self.date,
            "draft": self.draft,
            "message": self.message,
            "entity": self.entity,
        }

    def __str__(self) -> str:
        return TLObject.pretty_format(self.to_dict())

    def stringify(self) -> str:
        """The dialog as indented text."""
        return TLObject.pretty_format(self.to_dict(), indent=0)
