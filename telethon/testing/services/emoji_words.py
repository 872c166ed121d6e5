"""messages: words by which apps find emojis, in one language.

Source: https://core.telegram.org/api/custom-emoji
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_LANGUAGE = "en"
_VERSION = 1
_WORDS = {
    "cat": "🐱 🐈",
    "dog": "🐶 🐕",
    "fire": "🔥",
    "gift": "🎁",
    "happy": "😀 😃 😄",
    "heart": "❤ 💙 💚",
    "love": "😍 ❤",
    "party": "🎉",
    "sad": "😢 😭",
    "tea": "🍵",
    "thumb": "👍 👎",
}


def _check(lang_code: str) -> None:
    if not lang_code.strip():
        raise RpcFault(400, "LANG_CODE_NOT_SUPPORTED")


def _difference(lang_code: str, from_version: int) -> types.EmojiKeywordsDifference:
    _check(lang_code)
    if lang_code.partition("-")[0] != _LANGUAGE:
        return types.EmojiKeywordsDifference(lang_code, from_version, 0, [])
    new = (
        [] if from_version >= _VERSION else [types.EmojiKeyword(word, found.split()) for word, found in _WORDS.items()]
    )
    return types.EmojiKeywordsDifference(lang_code, from_version, _VERSION, new)


@serves(functions.messages.GetEmojiKeywordsRequest)
def get_emoji_keywords(
    request: functions.messages.GetEmojiKeywordsRequest, call: Call
) -> types.EmojiKeywordsDifference:
    """All words of a language."""
    return _difference(request.lang_code, 0)


@serves(functions.messages.GetEmojiKeywordsDifferenceRequest)
def get_emoji_keywords_difference(
    request: functions.messages.GetEmojiKeywordsDifferenceRequest, call: Call
) -> types.EmojiKeywordsDifference:
    """What is new since a version."""
    return _difference(request.lang_code, request.from_version)


@serves(functions.messages.GetEmojiKeywordsLanguagesRequest)
def get_emoji_keywords_languages(
    request: functions.messages.GetEmojiKeywordsLanguagesRequest, call: Call
) -> list[types.EmojiLanguage]:
    """For which languages there are words."""
    return [types.EmojiLanguage(_LANGUAGE)]


@serves(functions.messages.GetEmojiURLRequest)
def get_emoji_url(request: functions.messages.GetEmojiURLRequest, call: Call) -> types.EmojiURL:
    """Where people can suggest words."""
    _check(request.lang_code)
    return types.EmojiURL(f"https://translations.telegram.org/{request.lang_code}/emoji")
