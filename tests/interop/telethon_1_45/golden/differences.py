"""The differences from Telethon 1.45 that are wanted. Each has to be found where it is said to be."""

from __future__ import annotations

import re
from typing import Any

from comparing import Difference


def _family(ours: Any, theirs: Any) -> bool:
    """The same classes, but for a base class of this library."""
    return [name for name in ours if name != "KnownError"] == theirs or [
        name for name in ours if name not in ("KnownError", "BaseException")
    ] == [name for name in theirs if name != "BaseException"]


def _sentence(ours: Any, theirs: Any) -> bool:
    """Own words, then the name of the error, and the request that Telethon names as well."""
    cause = theirs[theirs.rfind(" (caused by ") :] if " (caused by " in theirs else ""
    return bool(cause) and re.fullmatch(r".*", ours, re.DOTALL) is not None and ours.endswith(cause)


def _longer(ours: Any, theirs: Any) -> bool:
    """It begins as that of Telethon, and goes on."""
    common = theirs.split(". Please read")[0]
    return isinstance(ours, str) and len(ours) > len(common) and ours.startswith(common)


def _more(ours: Any, theirs: Any) -> bool:
    return theirs is None and ours is not None


def _fails(ours: Any, theirs: Any) -> bool:
    """Telethon raises an error by mistake."""
    return not _raises(ours) and _raises(theirs)


def _raises(value: Any) -> bool:
    return isinstance(value, dict) and "raises" in value


EVERYWHERE = ".*"

DIFFERENCES = [
    # -- everywhere --------------------------------------------------------------------------------------------------
    Difference(
        "messages chats",
        EVERYWHERE,
        r".*\.raises",
        "errors that the API documents have a base class of their own",
        _family,
    ),
    Difference(
        "messages chats", EVERYWHERE, r".*\.text", "errors have sentences of our own, which name the error", _sentence
    ),
    Difference("messages", EVERYWHERE, r".*\.text", "errors say what was tried and what to do", _longer),
    Difference(
        "messages chats",
        EVERYWHERE,
        r".*\.(sender_id|input_sender|sender)",
        "the sender of an outgoing private message is the own account when Telegram names none",
        _more,
    ),
    # -- messages ----------------------------------------------------------------------------------------------------
    Difference(
        "messages",
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
        "second conversation",
        r"result\.text",
        "errors have sentences of our own",
        lambda ours, theirs: True,
    ),
    Difference(
        "messages",
        r"send_message\('me', .*tg://user.*",
        r"result|requests\[0\]\.(error|request\.entities\[0\]\.user_id\._)",
        "a mention names an InputUser, as the schema says; Telethon names an InputPeerUser, and is refused",
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
]
