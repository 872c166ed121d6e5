"""Where a message was forwarded from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon import utils
from telethon.tl import types
from telethon.tl.custom.chatgetter import ChatGetter
from telethon.tl.custom.sendergetter import SenderGetter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

__all__ = ["Forward"]


class Forward(ChatGetter, SenderGetter):
    """The origin of a forwarded message: the fields of the ``MessageFwdHeader``, and the sender or chat it names.

    A message that a user wrote has a `sender`, one that was posted in the name of a channel or group has a `chat`.
    Users may hide behind ``from_name``; then there is neither.

    Attributes:
        original_fwd: the header itself.

    Example:
        >>> if message.forward is not None:
        ...     print("first written by", message.forward.sender_id or message.forward.from_name)

    Source: https://core.telegram.org/constructor/messageFwdHeader
    """

    original_fwd: types.MessageFwdHeader
    date: datetime
    imported: bool | None
    saved_out: bool | None
    from_id: types.TypePeer | None
    from_name: str | None
    channel_post: int | None
    post_author: str | None
    saved_from_peer: types.TypePeer | None
    saved_from_msg_id: int | None
    saved_from_id: types.TypePeer | None
    saved_from_name: str | None
    saved_date: datetime | None
    psa_type: str | None

    def __init__(self, client: Any, original: types.MessageFwdHeader, entities: Mapping[int, Any]) -> None:
        for name in original._FIELDS:
            setattr(self, name, getattr(original, name))
        self.original_fwd = original

        sender_id: int | None = None
        peer: types.TypePeer | None = None
        sender = input_sender = chat = input_chat = None
        if original.from_id is not None:
            origin_id = utils.get_peer_id(original.from_id)
            pair = utils._get_entity_pair(origin_id, entities, client._mb_entity_cache)
            if isinstance(original.from_id, types.PeerUser):
                sender_id = origin_id
                sender, input_sender = pair
            else:
                peer = original.from_id
                chat, input_chat = pair
        ChatGetter.__init__(self, peer, chat=chat, input_chat=input_chat)
        SenderGetter.__init__(self, sender_id, sender=sender, input_sender=input_sender)
        self._client = client
