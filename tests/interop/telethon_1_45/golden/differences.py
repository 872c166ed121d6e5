"""The differences from Telethon 1.45 that are wanted. Each has to be found where it is said to be."""

from __future__ import annotations

import re
from typing import Any

from comparing import MISSING, Difference

_OWN_BASES = ("KnownError", "CapturingError")


def _family(ours: Any, theirs: Any) -> bool:
    """The same classes, but for base classes of this library."""
    return [name for name in ours if name not in _OWN_BASES] in (theirs, [*theirs, "BaseException"])


def _sentence(ours: Any, theirs: Any) -> bool:
    """Own words, then the name of the error, and the request that Telethon names as well."""
    cause = theirs[theirs.rfind(" (caused by ") :] if " (caused by " in theirs else ""
    return bool(cause) and re.fullmatch(r".*", ours, re.DOTALL) is not None and ours.endswith(cause)


def _longer(ours: Any, theirs: Any) -> bool:
    """It begins as that of Telethon, and goes on."""
    common = theirs.partition(". ")[0].rstrip(".")
    return isinstance(ours, str) and len(ours) > len(common) and ours.startswith(common)


def _more(ours: Any, theirs: Any) -> bool:
    return theirs is None and ours is not None


def _fails(ours: Any, theirs: Any) -> bool:
    """Telethon raises an error by mistake."""
    return not _raises(ours) and _raises(theirs)


def _raises(value: Any) -> bool:
    return isinstance(value, dict) and "raises" in value


def _but_own(requests: list[str]) -> list[str]:
    """Without questions for the own account, and with one where the same page was asked for again and again."""
    rest = [one for one in requests if not one.startswith("users.getUsers")]
    return [
        one for number, one in enumerate(rest) if not number or (one, rest[number - 1]) != ("messages.getHistory",) * 2
    ]


_ENTITIES = ("users.getUsers", "channels.getChannels", "contacts.resolveUsername", "messages.getDialogs")


def _but_entities(requests: list[str]) -> list[str]:
    """Without questions for users and chats."""
    return [one for one in requests if one not in _ENTITIES]


EVERYWHERE = ".*"

DIFFERENCES = [
    # -- everywhere --------------------------------------------------------------------------------------------------
    Difference(
        "messages chats events account",
        EVERYWHERE,
        r".*\.raises",
        "errors that the API documents have a base class of their own",
        _family,
    ),
    Difference(
        "messages chats events account",
        EVERYWHERE,
        r".*\.says",
        "errors have sentences of our own, which name the error",
        _sentence,
    ),
    Difference(
        "messages chats account",
        EVERYWHERE,
        r".*\.values\._explanation",
        "errors without a class of their own carry a sentence of ours, which their text ends with",
        lambda ours, theirs: isinstance(ours, str) and theirs == MISSING,
    ),
    Difference(
        "messages chats events account", EVERYWHERE, r".*\.says", "errors say what was tried and what to do", _longer
    ),
    Difference(
        "messages chats events account",
        EVERYWHERE,
        r".*\.(sender_id|input_sender|sender)",
        "the sender of an outgoing private message is the own account when Telegram names none",
        _more,
    ),
    # -- messages ----------------------------------------------------------------------------------------------------
    Difference(
        "messages events",
        EVERYWHERE,
        r".*\.file\.id|result\.id",
        "photos have no id of the old form; Telethon fails",
        lambda ours, theirs: ours is None and str(theirs).startswith("raises AttributeError"),
    ),
    Difference(
        "messages",
        r"get_messages\(.*reverse=True\)|iter_messages\(.*limit=150\)",
        "requests",
        "a page with less than was asked for does not end a history: Telegram may leave messages out",
        lambda ours, theirs: len(ours) == len(theirs) + 1 and ours[: len(theirs)] == theirs,
    ),
    Difference(
        "messages",
        r"get_sender\(\) #2",
        "result|requests",
        "the sender of an outgoing private message is the own account when Telegram names none",
    ),
    Difference(
        "messages",
        "message of a raw request",
        r"result\.and\.(chat|input_chat)",
        "messages in results of raw requests know their chat",
        _more,
    ),
    Difference(
        "messages",
        "respond to a message of a raw request",
        "result|requests",
        "messages in results of raw requests know their chat",
    ),
    Difference(
        "messages",
        r"edit_message\(.*schedule=.*",
        "result",
        "changing a scheduled message gives the message; Telethon does not find it in the answer",
        _more,
    ),
    Difference(
        "messages",
        r"send_message\('me', .*tg://user.*",
        r"requests\[0\]\.request\.entities\[0\]\.user_id\._",
        "a mention names an InputUser, as the schema says; Telethon names an InputPeerUser",
    ),
    # -- chats -------------------------------------------------------------------------------------------------------
    Difference(
        "chats",
        r"get_drafts\(.*",
        "result",
        "the list of drafts has a total, as all such lists; Telethon has none unless drafts of one chat are asked for",
        lambda ours, theirs: isinstance(ours, dict) and ours["items"] == theirs and ours["total"] == len(theirs),
    ),
    Difference(
        "chats",
        r"edit_folder\(unpack=1\)",
        "result|requests",
        "what is in the folder is taken out; Telethon uses a request that Telegram no longer has",
    ),
    Difference(
        "chats",
        r"get_participants\(-\d+, (limit=1|0)\)",
        r"result\.items",
        "the limit counts in basic groups, too",
        lambda ours, theirs: ours == theirs[: len(ours)] and len(ours) < 2,
    ),
    Difference(
        "chats",
        r"edit_admin\(-\d+, .*pin_messages=True\)",
        "result|requests",
        "in a basic group any right makes an administrator; Telethon fails unless change_info is among them",
    ),
    Difference(
        "chats",
        r"kick_participant\(.*",
        "result",
        "None when Telegram tells of no message, as everywhere; Telethon gives an empty dictionary",
        lambda ours, theirs: ours is None and theirs == {},
    ),
    Difference(
        "chats",
        r"(get|iter)_admin_log\(.*",
        r"result\[\d+\]\.(old|new)",
        "every event that has an old and a new value gives them",
        _more,
    ),
    Difference(
        "chats",
        "action with progress",
        r"requests\[0\]\.request\.action\.progress",
        "progress is told as the number that it is; Telethon rounds it to 0 or 100",
        lambda ours, theirs: (ours, theirs) == (25, 0),
    ),
    # -- events ------------------------------------------------------------------------------------------------------
    Difference(
        "events",
        r".*basic group.*",
        r".*\.input_chat",
        "the input peer of a basic group is made of its id: groups have no access hash",
        lambda ours, theirs: theirs is None and ours["_"] == "InputPeerChat",
    ),
    Difference(
        "events",
        "methods in a basic group",
        "requests",
        "basic groups need no access hash, so no dialogs are read to find one",
        lambda ours, theirs: "messages.getDialogs" in theirs and "messages.getDialogs" not in ours,
    ),
    Difference(
        "events",
        ".*",
        r"result\[0\](\.unpin|\[3\])",
        "unpin is True only when a pin was taken away",
        lambda ours, theirs: not ours and theirs,
    ),
    Difference(
        "events",
        "bob does .*",
        r"result\[0\]\.is_private",
        "typing in a private chat is in a private chat",
        lambda ours, theirs: ours and not theirs,
    ),
    Difference(
        "events",
        "markup of a number",
        "result",
        "what is no button is refused; Telethon makes an empty keyboard of it",
        lambda ours, theirs: _raises(ours),
    ),
    Difference(
        "events", "inline: coroutine and not", r"result\[[01]\](\.results)?|requests.*", "answer takes a single result"
    ),
    Difference(
        "events",
        r"inline_query\(.*geo_point=.*",
        r"requests\[\d\]\.request\.geo_point\..*",
        "a GeoPoint is sent as an InputGeoPoint, as the schema says",
    ),
    Difference(
        "events",
        "pressed via inline",
        r"result\[0\]\[2\]",
        "the chat of an inline message is known from the longer form of its id",
        lambda ours, theirs: theirs == 0 and ours != 0,
    ),
    Difference(
        "events",
        "methods of an album",
        r"result\[0\]\[11\]",
        "marking an album as read gives what marking a message as read does",
        _more,
    ),
    Difference(
        "events",
        "(un)?pinned in a basic group",
        r"result\[0\]\[1\]|requests",
        "pinned messages are a plain list, and asked for once",
        lambda ours, theirs: ours == (theirs["items"] if isinstance(theirs, dict) else theirs[:1]),
    ),
    # -- account -----------------------------------------------------------------------------------------------------
    Difference(
        "account",
        r"is_bot\(\)",
        "result",
        "who is no bot is no bot, even right after logging in",
        lambda ours, theirs: (ours, theirs) == (False, None),
    ),
    Difference(
        "account",
        "start .*|accepted",
        "requests",
        "it is not asked again whether somebody is logged in before each step of logging in",
        lambda ours, theirs: (
            ours == [one for one in theirs if not one.startswith("users.getUsers ") or one in ours[:1]]
            or ours == [one for number, one in enumerate(theirs) if not number or not one.startswith("users.getUsers ")]
        ),
    ),
    Difference(
        "account",
        "a generator of requests",
        "result|requests",
        "the requests of a generator are made; Telethon makes none",
    ),
    Difference(
        "account",
        "end_takeout( again)?",
        "result",
        "False when there is no takeout to end, as documented; Telethon raises",
        lambda ours, theirs: ours is False and _raises(theirs),
    ),
    Difference(
        "account",
        "text session .*",
        r"result\.(raises\[\d\]|raises|says)",
        "a text that is no session is a ValueError, and what is no text a TypeError, with a sentence that says so",
    ),
    Difference("account", "with", r"result\.says", "errors have sentences of our own"),
    Difference(
        "account",
        "error 420 (SLOWMODE|FLOOD_TEST).* again",
        "requests",
        "all kinds of waits are remembered",
        lambda ours, theirs: ours == [] and len(theirs) == 1,
    ),
    Difference(
        "account",
        "error 420 FLOOD_PREMIUM.* again",
        r"result\.raises",
        "a wait that is remembered is raised as what it was",
        lambda ours, theirs: ours[0] == "FloodPremiumWaitError" and theirs[0] == "FloodWaitError",
    ),
    # -- programs ----------------------------------------------------------------------------------------------------
    Difference(
        "programs",
        EVERYWHERE,
        "requests",
        "whose account it is is asked when it is needed, and a short page does not end a history",
        lambda ours, theirs: _but_own(ours) == _but_own(theirs),
    ),
    Difference(
        "programs", "programs: sync", r"result\[1\]\[\d+\]", "errors say what was tried and what to do", _longer
    ),
    Difference(
        "programs",
        "programs: asyncio",
        r"result\[1\]\[\d+\]",
        "messages in results of raw requests know their text; in Telethon it is None",
        lambda ours, theirs: theirs == "True True Message None" and ours.startswith("True True Message "),
    ),
    Difference(
        "events",
        EVERYWHERE,
        r".*\.is_redelivered",
        "events say whether they come again after a crash",
        lambda ours, theirs: ours is False and theirs == MISSING,
    ),
    Difference(
        "events",
        ".*album",
        "requests",
        "an album is handed out when it is whole: what may belong to it and did not come is asked for",
        lambda ours, theirs: [one for one in ours if one != "messages.getMessages"] == theirs,
    ),
    Difference(
        "messages",
        r"get_messages\(None, limit=5, from_user=.*",
        "result|requests",
        "what somebody sent can be searched for everywhere; Telethon fails",
        lambda ours, theirs: _raises(theirs) or set(ours) == {"messages.searchGlobal"},
    ),
    Difference(
        "messages",
        r"get_messages\('bob_gold', limit=3, from_user='bob_gold'\)",
        r"result\.items|requests\[0\]\.request\.limit",
        "in private chats pages without a message of the sender end nothing; Telethon finds none of them",
        lambda ours, theirs: (ours, theirs) == (100, 3) or (len(ours) == 3 and theirs == []),
    ),
    # -- details -----------------------------------------------------------------------------------------------------
    Difference(
        "details",
        r"page of .* \[True, .*",
        "requests",
        "a page with less than was asked for does not end a history: Telegram may leave messages out",
        lambda ours, theirs: len(ours) == len(theirs) + 1 and ours[: len(theirs)] == theirs,
    ),
    Difference(
        "details",
        r"range \d+ .*",
        r"requests.*",
        "parts of a file are asked for ahead, each once, and none behind the end",
    ),
    # -- entities ----------------------------------------------------------------------------------------------------
    Difference(
        "messages chats",
        r"(get_entity|get_permissions|send_message|download_profile_photo)\(.*",
        "requests",
        "who has a username is remembered for a while, and unknown ids are looked for in the dialogs, once",
        lambda ours, theirs: _but_entities(ours) == _but_entities(theirs) and ours != theirs,
    ),
    Difference(
        "messages",
        r"get_messages\(-\d+, limit=3, from_user=\d+\)",
        "result|requests",
        "who was seen in the dialogs is known; Telethon fails",
        lambda ours, theirs: _raises(theirs) or theirs == ["users.getUsers"],
    ),
    Difference(
        "events", "func of a wrong kind", "result", "what is no function is refused", lambda ours, _: _raises(ours)
    ),
    Difference("account", "client with a strange api_id", r"result\.says", "errors have sentences of our own"),
    Difference("account", "flood threshold as a text", r"result\.says", "the TypeError says what is needed"),
]
