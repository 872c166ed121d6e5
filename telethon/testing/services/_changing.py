"""Writing new content into a message, be it one that was sent or one that waits to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._media import take_media
from telethon.testing.services._text import MAX_CAPTION, MAX_TEXT, clean_markup, clean_text
from telethon.testing.world.media import PollMedia
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter


def change(
    call: Call,
    letter: Letter,
    message: str | None,
    entities: list[types.TypeMessageEntity] | None,
    media: types.TypeInputMedia | None,
    markup: types.TypeReplyMarkup | None,
) -> None:
    """Write new content into a message.

    Raises:
        RpcFault: it cannot be, or nothing would change.
    """
    text, formatting = letter.text, letter.entities
    if message is not None:
        limit, error = (MAX_TEXT, "MESSAGE_TOO_LONG")
        if letter.media is not None and not letter.media.kinds & {"url"}:
            limit, error = (MAX_CAPTION, "MEDIA_CAPTION_TOO_LONG")
        elif not message.strip() and media is None:
            raise RpcFault(400, "MESSAGE_EMPTY")
        text, formatting = clean_text(call, message, entities, limit, error)
    attached = letter.media
    if media is not None:
        attached = take_media(call, media)
        closing = getattr(media, "poll", None)
        if isinstance(letter.media, PollMedia) and isinstance(closing, types.Poll) and closing.closed:
            letter.media.poll.closed = True
            attached = letter.media
    new_markup = clean_markup(call, markup) if markup is not None else None
    if call.me.bot is None and letter.via_bot is None:
        new_markup = letter.markup
    same = (
        text == letter.text
        and _same_entities(formatting, letter.entities)
        and media is None
        and _same(new_markup, letter.markup)
    )
    if same:
        raise RpcFault(400, "MESSAGE_NOT_MODIFIED")
    only_markup = text == letter.text and media is None and _same_entities(formatting, letter.entities)
    letter.text, letter.entities, letter.media, letter.markup = text, formatting, attached, new_markup
    letter.edit_date = call.now
    letter.edit_hide = only_markup


def _same(left: types.TypeReplyMarkup | None, right: types.TypeReplyMarkup | None) -> bool:
    if left is None or right is None:
        return left is right
    return bytes(left) == bytes(right)


def _same_entities(left: list[types.TypeMessageEntity] | None, right: list[types.TypeMessageEntity] | None) -> bool:
    return [bytes(one) for one in left or ()] == [bytes(one) for one in right or ()]
