"""All kinds of message entities as a name and some texts, which is what the formats that lose nothing write down.

The names are those of the Bot API, where it has one.

Source: https://core.telegram.org/bots/api#messageentity
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, TypeAlias

from telethon.helpers import add_surrogate, del_surrogate, within_surrogate
from telethon.tl import types
from telethon.tl._codec import from_unix_time, unix_time
from telethon.tl.tlobject import TLObject

__all__ = ["DETECTED", "MENTION", "PLAIN", "Fields", "Span", "date_fields", "fields_of", "make_entity", "spans_of"]

Fields: TypeAlias = dict[str, str]

#: Kinds that are nothing but a place in the text.
PLAIN: Final[dict[str, Callable[[int, int], Any]]] = {
    "bold": types.MessageEntityBold,
    "italic": types.MessageEntityItalic,
    "underline": types.MessageEntityUnderline,
    "strikethrough": types.MessageEntityStrike,
    "spoiler": types.MessageEntitySpoiler,
    "code": types.MessageEntityCode,
    "mention": types.MessageEntityMention,
    "hashtag": types.MessageEntityHashtag,
    "cashtag": types.MessageEntityCashtag,
    "bot_command": types.MessageEntityBotCommand,
    "url": types.MessageEntityUrl,
    "email": types.MessageEntityEmail,
    "phone_number": types.MessageEntityPhone,
    "bank_card": types.MessageEntityBankCard,
    "unknown": types.MessageEntityUnknown,
    "diff_insert": types.MessageEntityDiffInsert,
    "diff_delete": types.MessageEntityDiffDelete,
}
#: Kinds that servers find in a text by themselves.
DETECTED: Final = frozenset(
    ("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card", "unknown")
)
#: What names a user in the address of a link.
MENTION: Final = re.compile(r"tg://user\?id=([0-9]{1,19})\Z")

_NAMES: Final[dict[type[Any], str]] = {make: name for name, make in PLAIN.items() if isinstance(make, type)}
_NUMBER: Final = re.compile(r"-?[0-9]{1,19}\Z")
_DATE_FLAGS: Final = {
    "r": "relative",
    "w": "day_of_week",
    "d": "short_date",
    "D": "long_date",
    "t": "short_time",
    "T": "long_time",
}


class Span(NamedTuple):
    """One entity.

    Attributes:
        start: where it begins, in UTF-16 code units.
        end: where it ends.
        name: its kind.
        fields: what else there is to it.
    """

    start: int
    end: int
    name: str
    fields: Fields


def fields_of(entity: Any) -> tuple[str, Fields] | None:
    """The name of the kind of an entity and what else there is to it; `None` for what is no entity known here."""
    name = _NAMES.get(entity.__class__)
    if name is not None:
        return name, {}
    if isinstance(entity, types.MessageEntityPre):
        return "pre", {"language": entity.language} if entity.language else {}
    if isinstance(entity, types.MessageEntityTextUrl):
        return "text_link", {"url": entity.url}
    if isinstance(entity, types.MessageEntityMentionName):
        return "text_mention", {"id": str(entity.user_id)}
    if isinstance(entity, types.InputMessageEntityMentionName):
        # The way to the user that goes with it is nothing to write down; sending finds it again.
        user = entity.user_id
        if isinstance(user, (types.InputUser, types.InputUserFromMessage)):
            return "text_mention", {"id": str(user.user_id)}
        return None
    if isinstance(entity, types.MessageEntityCustomEmoji):
        return "custom_emoji", {"id": str(entity.document_id)}
    if isinstance(entity, types.MessageEntityFormattedDate):
        letters = "".join(letter for letter, flag in _DATE_FLAGS.items() if getattr(entity, flag))
        return "date_time", {"unix": str(unix_time(entity.date)), "format": letters}
    if isinstance(entity, types.MessageEntityBlockquote):
        return "blockquote", {"expandable": "1"} if entity.collapsed else {}
    if isinstance(entity, types.MessageEntityDiffReplace):
        return "diff_replace", {"old": entity.old_text}
    return None


def make_entity(name: str, fields: Fields, offset: int, length: int) -> Any:
    """The entity that `fields_of` told of; `None` when something is missing or makes no sense."""
    plain = PLAIN.get(name)
    if plain is not None:
        return plain(offset, length)
    if name == "pre":
        return types.MessageEntityPre(offset, length, fields.get("language", ""))
    if name == "text_link":
        return types.MessageEntityTextUrl(offset, length, fields["url"]) if "url" in fields else None
    if name == "blockquote":
        return types.MessageEntityBlockquote(offset, length, True if fields.get("expandable") else None)
    if name == "diff_replace":
        return types.MessageEntityDiffReplace(offset, length, fields.get("old", ""))
    # Thousands of digits would take their time, and are no ids.
    number = fields.get("unix" if name == "date_time" else "id", "")
    if not _NUMBER.match(number):
        return None
    value = int(number)
    if name == "text_mention":
        return types.MessageEntityMentionName(offset, length, value) if 0 <= value < 1 << 63 else None
    if name == "custom_emoji":
        return types.MessageEntityCustomEmoji(offset, length, value) if -(1 << 63) <= value < 1 << 63 else None
    if name == "date_time" and -(1 << 31) <= value < 1 << 31:
        letters = fields.get("format", "")
        flags = {flag: True for letter, flag in _DATE_FLAGS.items() if letter in letters}
        return types.MessageEntityFormattedDate(offset, length, from_unix_time(value), **flags)
    return None


def date_fields(unix: str | None, letters: str | None) -> Fields:
    """What there is to a date of which the time and the format are given, or are not."""
    return {"unix": unix or "", "format": letters or ""}


def spans_of(
    text: str, entities: Iterable[types.TypeMessageEntity] | types.TypeMessageEntity | None, detected: bool
) -> tuple[str, list[Span]]:
    """The text in UTF-16 code units, and its entities in the order of their beginning.

    Args:
        text: plain text.
        entities: what is formatted in it; one entity will do.
        detected: whether those are wanted that servers find by themselves.
    """
    plain = add_surrogate(text)
    if not entities:
        return plain, []
    given: Iterable[Any] = (entities,) if isinstance(entities, TLObject) else entities
    size = len(plain)
    spans: list[Span] = []
    for entity in given:
        known = fields_of(entity)
        if known is None or (known[0] in DETECTED and not detected):
            continue
        start, end = max(entity.offset, 0), min(entity.offset + entity.length, size)
        # A character is not cut in two.
        start += within_surrogate(plain, start)
        end += within_surrogate(plain, end)
        if start < end:
            spans.append(Span(start, end, known[0], {key: del_surrogate(value) for key, value in known[1].items()}))
    spans.sort(key=_start)
    return plain, spans


def _start(span: Span) -> int:
    return span.start
