"""Sending: what of a message goes into the request that sends it again, and long text as several messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telethon import utils
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon import hints
    from telethon.client.messageparse import MessageParseMethods

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


async def send_split(
    client: MessageParseMethods,
    entity: hints.EntityLike,
    text: str,
    parse_mode: object,
    formatting_entities: Sequence[types.TypeMessageEntity] | None,
    *,
    file: object = None,
    buttons: hints.MarkupLike | None,
    first: dict[str, Any],
    each: dict[str, Any],
) -> list[Any]:
    """Send text in as many messages as it needs.

    Args:
        client: sends them.
        entity: the chat.
        text: the text, or the caption of the file.
        parse_mode: how it is formatted.
        formatting_entities: its entities; it is taken as it is, then.
        file: what to send with the first piece as its caption, if anything.
        buttons: buttons for the last message.
        first: more arguments for the first message.
        each: more arguments for each message.

    Returns:
        the messages that were sent.
    """
    from telethon.extensions.splitting import CAPTION_LIMIT, TEXT_LIMIT, split_message

    if formatting_entities is None:
        text, formatting_entities = await client._parse_message_text(text, parse_mode)
    first_limit = TEXT_LIMIT if file is None else CAPTION_LIMIT
    # With one piece at least, so that a file needs no text, and the usual error comes when there is nothing at all.
    pieces = split_message(text, formatting_entities, first_limit=first_limit) or [("", [])]
    peer = await client.get_input_entity(entity)
    sending: Any = client
    sent: list[Any] = []
    for number, (piece, entities) in enumerate(pieces):
        options = {
            **each,
            **({} if number else first),
            # What is left of the text has been parsed, even where that gave no entities.
            "parse_mode": None,
            "formatting_entities": entities,
            "buttons": buttons if number == len(pieces) - 1 else None,
        }
        if number or file is None:
            sent.append(await sending.send_message(peer, piece, **options))
        else:
            one = await sending.send_file(peer, file, caption=piece, **options)
            sent += one if isinstance(one, list) else [one]
    return sent
