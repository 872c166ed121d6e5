"""Text, formatting and keyboards as the server takes them in: checked, trimmed, links found.

Source: https://core.telegram.org/api/entities
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from telethon.testing._call import Call
    from telethon.testing.world.media import Media

__all__ = ["MAX_CAPTION", "MAX_TEXT", "clean_markup", "clean_text", "markup_under"]

MAX_TEXT = 4096
MAX_CAPTION = 1024

_LINKS = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]])"
    r"|(?<![\w/@])(?P<command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/])"
    r"|(?<![\w@./])(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})\b"
    r"|(?<![\w#&])(?P<hashtag>#[^\W\d]\w*|#\d+[^\W\d]\w*)"
    r"|(?<![\w.])(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)


def clean_text(
    call: Call, text: str, entities: Sequence[types.TypeMessageEntity] | None, limit: int, error: str
) -> tuple[str, list[types.TypeMessageEntity] | None]:
    """The text as it is stored, and its formatting.

    Args:
        call: the request.
        text: what the client sent.
        entities: its formatting.
        limit: how many characters are allowed.
        error: what to say when there are more.

    Raises:
        RpcFault: the text is too long, or formatting goes beyond it.
    """
    if len(text) > limit:
        raise RpcFault(400, error)
    if not entities and text.isascii() and not any(mark in text for mark in "/@#:"):
        return text.strip(), None
    # Formatting counts UTF-16 units, so trimming at the front moves it.
    trimmed = text.strip()
    front = _units(text[: len(text) - len(text.lstrip())])
    length = _units(trimmed)
    found: list[types.TypeMessageEntity] = []
    for entity in entities or ():
        kept = _moved(call, entity, front, _units(text), length)
        if kept is not None:
            found.append(kept)
    found.extend(_links(trimmed, found))
    found.sort(key=lambda one: (one.offset, -one.length))
    return trimmed, found or None


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _moved(
    call: Call, entity: types.TypeMessageEntity, front: int, whole: int, length: int
) -> types.TypeMessageEntity | None:
    if entity.offset < 0 or entity.length < 0 or entity.offset + entity.length > whole:
        raise RpcFault(400, "ENTITY_BOUNDS_INVALID")
    start = max(0, entity.offset - front)
    end = min(length, entity.offset + entity.length - front)
    if end <= start:
        return None
    if isinstance(entity, types.InputMessageEntityMentionName):
        return types.MessageEntityMentionName(start, end - start, call.user(entity.user_id).id)
    if isinstance(entity, types.MessageEntityMentionName) and entity.user_id not in call.world.accounts:
        return None
    entity.offset, entity.length = start, end - start
    return entity


def _links(text: str, known: list[types.TypeMessageEntity]) -> list[types.TypeMessageEntity]:
    """What the server finds by itself: addresses, mentions, hashtags, commands."""
    taken = [
        (one.offset, one.offset + one.length)
        for one in known
        if isinstance(one, (types.MessageEntityCode, types.MessageEntityPre, types.MessageEntityTextUrl))
        or type(one).__name__ in _FOUND
    ]
    found: list[types.TypeMessageEntity] = []
    for match in _LINKS.finditer(text):
        offset, length = _units(text[: match.start()]), _units(match.group())
        if any(start < offset + length and offset < end for start, end in taken):
            continue
        kind = match.lastgroup
        if kind == "url":
            found.append(types.MessageEntityUrl(offset, length))
        elif kind == "command":
            found.append(types.MessageEntityBotCommand(offset, length))
        elif kind == "mention":
            found.append(types.MessageEntityMention(offset, length))
        elif kind == "hashtag":
            found.append(types.MessageEntityHashtag(offset, length))
        else:
            found.append(types.MessageEntityEmail(offset, length))
    return found


_FOUND = frozenset(
    {
        "MessageEntityUrl",
        "MessageEntityBotCommand",
        "MessageEntityMention",
        "MessageEntityHashtag",
        "MessageEntityEmail",
        "MessageEntityMentionName",
    }
)


# -- keyboards -------------------------------------------------------------------------------------------------------


def clean_markup(call: Call, markup: types.TypeReplyMarkup | None) -> types.TypeReplyMarkup | None:
    """The keyboard as it is stored; only bots have any.

    Raises:
        RpcFault: something in it is not allowed.

    Source: https://core.telegram.org/api/bots/buttons
    """
    if markup is None or call.me.bot is None:
        return None
    if isinstance(markup, types.ReplyInlineMarkup):
        rows = [row for row in markup.rows if row.buttons]
        if not rows:
            return None
        if sum(len(row.buttons) for row in rows) > 100:
            raise RpcFault(400, "REPLY_MARKUP_TOO_LONG")
        for row in rows:
            for button in row.buttons:
                button.type = _inline_type(call, button.text, button.type)
        return types.ReplyInlineMarkup(rows, force_reply=markup.force_reply)
    if isinstance(markup, types.ReplyKeyboardMarkup):
        for keyboard_row in markup.rows:
            for plain in keyboard_row.buttons:
                if not plain.text.strip():
                    raise RpcFault(400, "BUTTON_TEXT_INVALID")
        if not any(keyboard_row.buttons for keyboard_row in markup.rows):
            raise RpcFault(400, "REPLY_MARKUP_INVALID")
    return markup


def markup_under(call: Call, media: Media, markup: types.TypeReplyMarkup | None) -> types.TypeReplyMarkup | None:
    """The keyboard as it is stored under an attachment: the first button of a game starts it, that of a bill pays it.

    Raises:
        RpcFault: something in it is not allowed.
    """
    given = clean_markup(call, markup)
    first: types.TypeInlineButtonType
    if "game" in media.kinds:
        text, first = "Play", types.InlineButtonTypeGame()
    elif "invoice" in media.kinds:
        text, first = "Pay", types.InlineButtonTypeBuy()
    else:
        return given
    if isinstance(given, types.ReplyInlineMarkup):
        if not isinstance(given.rows[0].buttons[0].type, type(first)):
            raise RpcFault(400, "REPLY_MARKUP_GAME_EMPTY" if "game" in media.kinds else "REPLY_MARKUP_BUY_EMPTY")
        return given
    return types.ReplyInlineMarkup([types.KeyboardInlineButtonRow([types.KeyboardInlineButton(text, first)])])


def _inline_type(call: Call, text: str, kind: types.TypeInlineButtonType) -> types.TypeInlineButtonType:
    if not text.strip():
        raise RpcFault(400, "BUTTON_TEXT_INVALID")
    if isinstance(kind, types.InlineButtonTypeCallback):
        if not 0 < len(kind.data) <= 64:
            raise RpcFault(400, "BUTTON_DATA_INVALID")
    elif isinstance(kind, (types.InlineButtonTypeUrl, types.InlineButtonTypeWebView)):
        if not re.match(r"(https?|tg|ton|tonsite)://\S|[\w-]+(\.[\w-]+)+", kind.url):
            raise RpcFault(400, "BUTTON_URL_INVALID")
    elif isinstance(kind, types.InputInlineButtonTypeUserProfile):
        return types.InlineButtonTypeUserProfile(call.user(kind.user_id).id)
    elif isinstance(kind, types.InputInlineButtonTypeUrlAuth):
        return types.InlineButtonTypeUrlAuth(url=kind.url, button_id=1, fwd_text=kind.fwd_text)
    elif isinstance(kind, types.InlineButtonTypeCopy) and not 0 < len(kind.copy_text) <= 256:
        raise RpcFault(400, "BUTTON_COPY_TEXT_INVALID")
    return kind
