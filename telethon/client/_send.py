"""Copying messages: what of a message goes into the request that sends it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telethon import utils
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Message ids a request to forward may name.
_MOST_AT_ONCE: Final = 100


def has_file(message: types.Message) -> bool:
    """Whether *message* holds something other than text and the preview of a link."""
    return bool(message.media) and not isinstance(message.media, types.MessageMediaWebPage)


def group_by_chat(
    messages: Sequence[int | types.TypeMessage], chat_id: int | None
) -> list[list[int | types.TypeMessage]]:
    """*messages* cut where the chat they are in changes, and where a run is longer than one request may hold.

    Args:
        messages: message ids, which belong to the chat *chat_id*, or messages.
        chat_id: the chat all of them are in, or `None` to ask the messages.

    Raises:
        ValueError: when a message does not tell its chat and there is no *chat_id*.
        TypeError: when something is neither an id nor a message.
    """
    runs: list[list[int | types.TypeMessage]] = []
    current: int | None = None
    for message in messages:
        if isinstance(message, int):
            source = chat_id
            if source is None:
                raise ValueError("from_peer must be given if integer IDs are used")
        elif isinstance(message, (types.Message, types.MessageService, types.MessageEmpty)):
            source = chat_id
            if source is None:
                if message.peer_id is None:
                    raise ValueError("from_peer must be given for messages that do not tell their chat")
                source = utils.get_peer_id(message.peer_id)
        else:
            raise TypeError(f"Cannot forward messages of type {type(message)}")
        if not runs or source != current or len(runs[-1]) >= _MOST_AT_ONCE:
            runs.append([])
            current = source
        runs[-1].append(message)
    return runs
