"""What everything else about messages stands on: text, sender, chat, and what a message is bound to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from telethon import utils
from telethon.tl.custom._messagefields import MessageFields
from telethon.tl.custom.chatgetter import ChatGetter
from telethon.tl.custom.sendergetter import SenderGetter
from telethon.tl.tlobject import TLObject
from telethon.tl.types import PeerChannel, PeerChat, PeerUser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from telethon.tl import types
    from telethon.tl.custom._base import Chat, Sender, TelegramClient
    from telethon.tl.custom.forward import Forward

_BOUND_TO_CLIENT = ("_client", "_forward", "_buttons", "_buttons_flat")
_CHANNEL_MARK = -1_000_000_000_000


def marked_id(peer: types.TypePeer) -> int:
    """The marked id of a peer; as `utils.get_peer_id`, but only for peers, which makes it quick."""
    if type(peer) is PeerUser:
        return peer.user_id
    if type(peer) is PeerChannel:
        return _CHANNEL_MARK - peer.channel_id
    if type(peer) is PeerChat:
        return -peer.chat_id
    return utils.get_peer_id(peer)


class MessageBase(ChatGetter, SenderGetter, TLObject, MessageFields):
    """A message with its text, its sender and its chat.

    Messages are the objects read most of all, so nothing here is worked out before somebody asks, and what reading does
    not set is a default of the class.
    """

    _text: str | None = None
    _forward: Forward | None = None
    #: The user or chat that the message was forwarded from.
    _origin: Any = None
    _via_bot: Any = None
    _via_input_bot: types.TypeInputPeer | None = None
    _action_entities: list[Any] | None = None
    _reply_message: Any = None
    _reply_to_chat: Any = None
    _reply_to_sender: Any = None

    def _finish_init(self, client: Any, entities: Mapping[int, Any], input_chat: types.TypeInputPeer | None) -> None:
        """Bind the message to its client, and to the users and chats that came with it.

        Every message that a client gets comes through here, so the usual cases are spelt out.

        Args:
            client: the client that got the message.
            entities: the users and chats of the answer or update, by marked id.
            input_chat: the chat, when it is known from elsewhere.
        """
        self._client = client
        peer = self.peer_id
        if type(peer) is PeerChannel:
            self._chat = entities.get(_CHANNEL_MARK - peer.channel_id)
        elif type(peer) is PeerUser:
            chat_id = peer.user_id
            self._chat = entities.get(chat_id)
            if chat_id == client._self_id and self.fwd_from is None:
                # Official applications, too, show what one writes to oneself as sent and not as received.
                self.out = True
        elif peer is not None:  # pyright: ignore[reportUnnecessaryComparison]
            self._chat = entities.get(marked_id(peer))

        sender = self.from_id
        if type(sender) is PeerUser:
            self._sender = entities.get(sender.user_id)
        elif (sender_id := self._sender_id) is not None:
            self._sender = entities.get(sender_id)
        if input_chat is not None:
            self._input_chat = input_chat
        if self.fwd_from is not None or self.reply_to is not None or self.via_bot_id or self.action is not None:
            self._finish_rare(client, entities)

    def _finish_rare(self, client: Any, entities: Mapping[int, Any]) -> None:
        """The part of `_finish_init` for what few messages have."""
        header = self.fwd_from
        if header is not None:
            self._forward = None
            if header.from_id is not None:
                self._origin = entities.get(marked_id(header.from_id))
        if self.via_bot_id:
            self._via_bot, self._via_input_bot = utils._get_entity_pair(
                self.via_bot_id, entities, client._mb_entity_cache
            )
        reply: Any = self.reply_to
        if reply is not None:
            if (chat := getattr(reply, "reply_to_peer_id", None)) is not None:
                self._reply_to_chat = entities.get(marked_id(chat))
            if (origin := getattr(reply, "reply_from", None)) is not None and origin.from_id is not None:
                self._reply_to_sender = entities.get(marked_id(origin.from_id))
        if self.action is not None:
            self._finish_action(entities)

    def __copy__(self) -> Self:
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    def __getstate__(self) -> dict[str, Any]:
        # A connection cannot be stored: what comes out of a pickle belongs to no client.
        state = super().__getstate__()
        for name in _BOUND_TO_CLIENT:
            state.pop(name, None)
        return state

    def _finish_action(self, entities: Mapping[int, Any]) -> None:
        """The users and chats that the action of a service message names."""

    # ---- where and who

    @property
    def client(self) -> TelegramClient | None:
        """The client that got this message; None when it was made by hand."""
        return cast("TelegramClient | None", self._client)

    @property
    def _chat_peer(self) -> types.TypePeer | None:  # type: ignore[override]  # pyright: ignore[reportIncompatibleVariableOverride]
        return self.peer_id

    @property
    def _sender_id(self) -> int | None:  # type: ignore[override]  # pyright: ignore[reportIncompatibleVariableOverride]
        sender = self.from_id
        if sender is not None:
            return marked_id(sender)
        peer = self.peer_id
        if self.post:
            # Channels sign what is posted in them.
            return marked_id(peer)
        if type(peer) is PeerUser:
            # In private chats only the other side is told, as the chat.
            if not self.out:
                return peer.user_id
            if self._client is not None:
                return self._client._self_id
        return None

    @property
    def is_group(self) -> bool | None:
        """Whether the message is in a group or supergroup; None when the kind of channel is not known."""
        if self.post is not None and isinstance(self.peer_id, PeerChannel):
            return not self.post
        return super().is_group

    @property
    def to_id(self) -> types.TypePeer:
        """Who the message was sent to: the own user for what came in a private chat, and ``peer_id`` otherwise."""
        if type(self.peer_id) is PeerUser and not self.out and self._client is not None:
            own_id = self._client._self_id
            if own_id:
                return PeerUser(own_id)
        return self.peer_id

    # ---- text

    @property
    def text(self) -> str | None:
        """The text with its formatting, in the parse mode of the client; None for service messages.

        Assigning parses the text. `raw_text` is the text without formatting.
        """
        if self._text is None and self._client is not None:
            mode = self._client.parse_mode
            if not mode or self.message is None:
                return self.message
            self._text = mode.unparse(self.message, self.entities or [])
        return self._text

    @text.setter
    def text(self, value: str) -> None:
        self._text = value
        mode = self._client.parse_mode if self._client is not None else None
        if mode:
            self.message, self.entities = mode.parse(value)
        else:
            self.message, self.entities = value, []

    @property
    def raw_text(self) -> str | None:
        """The text without formatting; None for service messages. Assigning also removes all formatting."""
        return self.message

    @raw_text.setter
    def raw_text(self, value: str) -> None:
        self.message = value
        self.entities = []
        self._text = None

    # ---- replies, forwards

    @property
    def is_reply(self) -> bool:
        """Whether the message replies to another message, or to a story."""
        return self.reply_to is not None

    @property
    def reply_to_msg_id(self) -> int | None:
        """The message id of the message replied to."""
        return getattr(self.reply_to, "reply_to_msg_id", None)

    @property
    def reply_to_chat(self) -> Chat | None:
        """The chat of the message replied to, when it is another one and is known."""
        return cast("Chat | None", self._reply_to_chat)

    @property
    def reply_to_sender(self) -> Sender | None:
        """The sender of the message replied to, when that is in another chat and the sender is known."""
        return cast("Sender | None", self._reply_to_sender)

    @property
    def forward(self) -> Forward | None:
        """Where the message was forwarded from; None when it was not."""
        if self._forward is None and self._client is not None and self.fwd_from is not None:
            from telethon.tl.custom.forward import Forward

            origin = self.fwd_from.from_id
            entities = {} if origin is None or self._origin is None else {marked_id(origin): self._origin}
            self._forward = Forward(self._client, self.fwd_from, entities)
        return self._forward

    @property
    def via_bot(self) -> types.User | None:
        """The bot through which the message was sent (by an inline query), when it is known."""
        return cast("types.User | None", self._via_bot)

    @property
    def via_input_bot(self) -> types.TypeInputPeer | None:
        """The input peer of `via_bot`."""
        return self._via_input_bot
