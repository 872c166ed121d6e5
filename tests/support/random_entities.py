"""Random messages: text with entities of every kind there is, within each other, side by side and across each other."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from telethon._core.surrogates import add_surrogate, within_surrogate
from telethon.tl import types

#: What is special to some format, next to what is not.
TEXTS = [
    "a", "b", "word", " ", "\n", "\n", "*", "**", "_", "__", "~", "|", "||", "`", "```", "[", "]", "](", "(", ")", "!",
    "![", ">", "**>", "<", "<b>", "</b>", "&", "&amp;", "&#", '"', "'", "\\", "\\\\", "\\n", "=", "1.5",
    "tg://user?id=5", "tg://entity?end=1", "#tag", "@name", "\U0001f600", "e\u0301", "\u65e5\u672c", "\t", "\r",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\r\n", "\u2028", "\x1f", "\u00a0", "\ufeff", "<!--", "-->",
    "<![CDATA[", "</code></pre>", "$", "{", "}",
]  # fmt: skip

_FLAGS = ["relative", "short_time", "long_time", "short_date", "long_date", "day_of_week"]
_PLAIN: list[Callable[[int, int], Any]] = [
    types.MessageEntityBankCard, types.MessageEntityBold, types.MessageEntityBotCommand, types.MessageEntityCashtag,
    types.MessageEntityCode, types.MessageEntityDiffDelete, types.MessageEntityDiffInsert, types.MessageEntityEmail,
    types.MessageEntityHashtag, types.MessageEntityItalic, types.MessageEntityMention, types.MessageEntityPhone,
    types.MessageEntitySpoiler, types.MessageEntityStrike, types.MessageEntityUnderline, types.MessageEntityUnknown,
    types.MessageEntityUrl,
]  # fmt: skip


def random_text(rand: random.Random, most: int) -> str:
    return "".join(rand.choice(TEXTS) for _ in range(rand.randint(1, most)))


def _blockquote(rand: random.Random, at: int, size: int) -> Any:
    return types.MessageEntityBlockquote(at, size, rand.choice([None, True]))


def _date(rand: random.Random, at: int, size: int) -> Any:
    moment = datetime.fromtimestamp(rand.choice([0, 1, 1647531900, 2**31 - 1, -5]), timezone.utc)
    return types.MessageEntityFormattedDate(
        at, size, moment, **{flag: True for flag in rand.sample(_FLAGS, rand.randint(0, 3))}
    )


_OTHERS: list[Callable[[random.Random, int, int], Any]] = [
    _blockquote,
    _date,
    lambda rand, at, size: types.MessageEntityCustomEmoji(at, size, rand.choice([0, 7, 2**63 - 1, -(2**63)])),
    lambda rand, at, size: types.MessageEntityDiffReplace(at, size, rand.choice(["", random_text(rand, 4)])),
    lambda rand, at, size: types.MessageEntityMentionName(at, size, rand.choice([0, 5, 2**40, 2**63 - 1])),
    lambda rand, at, size: types.MessageEntityPre(at, size, rand.choice(["", "python", "c++", random_text(rand, 3)])),
    lambda rand, at, size: types.MessageEntityTextUrl(
        at, size, rand.choice(["", "https://x.y/?a=1&b=(2)", "tg://user?id=5", "tg://emoji?id=5", random_text(rand, 5)])
    ),
]

#: How many kinds there are: all but the one that only exists on the way to the servers.
KINDS = len(_PLAIN) + len(_OTHERS)


def random_entity(rand: random.Random, at: int, size: int) -> Any:
    """An entity of any kind."""
    number = rand.randrange(KINDS)
    return _PLAIN[number](at, size) if number < len(_PLAIN) else _OTHERS[number - len(_PLAIN)](rand, at, size)


def _nested(rand: random.Random, text: str, start: int, end: int, depth: int, found: list[tuple[int, int]]) -> None:
    at = start
    while depth and at < end:
        first = rand.randint(at, end)
        last = rand.randint(first, end)
        if first < last and not within_surrogate(text, first) and not within_surrogate(text, last):
            found.append((first, last))
            _nested(rand, text, first, last, depth - 1, found)
        at = last + 1


def random_message(rand: random.Random) -> tuple[str, list[Any]]:
    """Text and entities, in the order of their beginning."""
    text = random_text(rand, 12)
    units = add_surrogate(text)
    places: list[tuple[int, int]] = []
    shape = rand.randrange(3)
    if shape == 0:
        # As messages are: side by side and within each other.
        _nested(rand, units, 0, len(units), 3, places)
    elif shape == 1:
        cuts = [place for place in range(len(units) + 1) if not within_surrogate(units, place)]
        for _ in range(rand.randint(0, 6)):
            first, last = sorted(rand.sample(cuts, 2))
            places.append((first, last))
        places.sort(key=lambda place: place[0])
    else:
        # Whole lines, as quotations are.
        at = 0
        for line in units.split("\n"):
            if line and rand.random() < 0.7:
                places += [(at, at + len(line))] * rand.randint(1, 2)
            at += len(line) + 1
    return text, [random_entity(rand, first, last - first) for first, last in places]
