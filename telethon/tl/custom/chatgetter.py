"""Where something is: the chat of a message, of an event, of a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from telethon import utils
from telethon.errors.rpcbaseerrors import RPCError
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.tl.custom._base import Chat, Client

__all__ = ["ChatGetter"]

#: So many dialogs are looked through for a chat whose access hash is not known; messages mostly come from recent ones.
_RECENT_DIALOGS = 100


class ChatGetter:
    """Gives the `chat`, `input_chat` and `chat_id` of what is in a chat.

    Properties never ask the servers and may be None; the methods `get_chat` and `get_input_chat` ask when they must.

    Example:
        >>> chat = message.chat or await message.get_chat()
        >>> print(message.chat_id, chat.title)
    """

    _client: Client | None = None
    _chat_peer: types.TypePeer | None = None
    _input_chat: types.TypeInputPeer | None = None
    _chat: Any = None
    _broadcast: bool | None = None

    def __init__(
        self,
        chat_peer: types.TypePeer | None = None,
        *,
        input_chat: types.TypeInputPeer | None = None,
        chat: Chat | None = None,
        broadcast: bool | None = None,
    ) -> None:
        self._chat_peer = chat_peer
        self._input_chat = input_chat
        self._chat = chat
        self._broadcast = broadcast
        self._client = None

    @property
    def chat(self) -> Chat | None:
        """The `User`, `Chat` or `Channel` where this is, when it is known.

        A private chat is the user on the other side. Telegram does not tell it with everything, and events hold what is
        known at the time: use `get_chat` when it is needed.
        """
        return cast("Chat | None", self._chat)

    async def get_chat(self) -> Chat | None:
        """The chat, asked for when it is not known or known only in part.

        Example:
            >>> chat = await message.get_chat()

        Network: nothing when `chat` is known and complete, else one request, or more when its access hash is missing.
        """
        client = self._client
        chat = self.chat
        if client is not None and (chat is None or getattr(chat, "min", None)):
            peer = await self.get_input_chat()
            if peer is not None:
                try:
                    self._chat = await client.get_entity(peer)
                except ValueError:
                    await self._refetch_chat()
        return cast("Chat | None", self._chat)

    @property
    def input_chat(self) -> types.TypeInputPeer | None:
        """The input peer of the chat, when its access hash is known."""
        if self._input_chat is None and self._client is not None and (chat_id := self.chat_id):
            self._input_chat = _known_input_peer(self._client, chat_id, self._chat)
        return self._input_chat

    async def get_input_chat(self) -> types.TypeInputPeer | None:
        """The input peer of the chat, looked for in the latest dialogs when it is not known.

        Example:
            >>> peer = await message.get_input_chat()

        Network: nothing when `input_chat` is known, else one request.
        """
        client = self._client
        chat_id = self.chat_id
        if self.input_chat is None and client is not None and chat_id:
            try:
                async for dialog in client.iter_dialogs(_RECENT_DIALOGS):
                    if dialog.id == chat_id:
                        self._chat = dialog.entity
                        self._input_chat = dialog.input_entity
                        break
            except RPCError:
                # Bots cannot read dialogs, and a failed look-up only means that the chat stays unknown.
                pass
        return self._input_chat

    @property
    def chat_id(self) -> int | None:
        """The marked id of the chat: positive for users, negative for groups, below -10^12 for channels.

        Source: https://core.telegram.org/api/bots/ids
        """
        return utils.get_peer_id(self._chat_peer) if self._chat_peer else None

    @property
    def is_private(self) -> bool | None:
        """Whether this is in a private chat; None when the chat is not known."""
        return isinstance(self._chat_peer, types.PeerUser) if self._chat_peer else None

    @property
    def is_group(self) -> bool | None:
        """Whether this is in a group or supergroup; None when the kind of channel is not known.

        See `get_chat` when it must be.
        """
        if self._broadcast is None and hasattr(self.chat, "broadcast"):
            self._broadcast = bool(getattr(self.chat, "broadcast", None))
        if isinstance(self._chat_peer, types.PeerChannel):
            return None if self._broadcast is None else not self._broadcast
        return isinstance(self._chat_peer, types.PeerChat)

    @property
    def is_channel(self) -> bool:
        """Whether this is in a channel; supergroups are channels, too."""
        return isinstance(self._chat_peer, types.PeerChannel)

    async def _refetch_chat(self) -> None:
        """Get the chat again by other means; for classes that have some."""


def _known_input_peer(client: Client, marked_id: int, entity: Any) -> types.TypeInputPeer | None:
    """The input peer with that id as far as nobody needs to be asked."""
    bare_id, kind = utils.resolve_id(marked_id)
    if kind is types.PeerChat:
        # Groups have no access hash.
        return types.InputPeerChat(bare_id)
    cache = client._mb_entity_cache
    if (peer := _input_peer_of(cache.get(bare_id), marked_id)) is not None:
        return peer
    if entity is not None:
        try:
            return utils.get_input_peer(entity)
        except TypeError:
            # The hash of what is known in part (`min`) serves no request, but the message it was seen in does.
            pass
    return _input_peer_of(cache.get_min(bare_id), marked_id)


def _input_peer_of(known: Any, marked_id: int) -> types.TypeInputPeer | None:
    if known is None:
        return None
    peer: types.TypeInputPeer = known._as_input_peer()
    # A user and a channel may have the same number.
    return peer if utils.get_peer_id(peer) == marked_id else None
