"""What to say when an entity is not found: what was tried, and what a program can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["input_entity_not_found", "text_not_found", "username_not_found"]

_KNOWLEDGE: Final = (
    "what updates told so far (not there)",
    "the session (no access hash for it)",
    "messages in which it was seen (none)",
)


def input_entity_not_found(peer: types.TypePeer, asked: Iterable[str]) -> ValueError:
    """The error for a bare id that nobody knows.

    Args:
        peer: the user, group or channel.
        asked: what else was tried, each with the outcome in brackets.
    """
    if isinstance(peer, types.PeerUser):
        help_ = "read the dialogs, the members or the messages of a chat that the user is in, or use the username"
    else:
        help_ = "read the dialogs, use the username or an invite link, or join it first"
    return ValueError(
        f"Could not find the input entity for {peer} ({type(peer).__name__}). An ID alone is not enough for Telegram. "
        f"{_tried((*_KNOWLEDGE, *asked))} Let the account meet it first: {help_}"
    )


def text_not_found(text: str, reason: str, tried: Iterable[str], advice: str) -> ValueError:
    """The error for text that stands for nothing known.

    Args:
        text: what was asked for.
        reason: why nothing was found.
        tried: what was tried, each with the outcome in brackets.
        advice: what to do.
    """
    return ValueError(f'Cannot find any entity corresponding to "{text}": {reason}. {_tried(tried)} {advice}')


def username_not_found(username: str) -> ValueError:
    """The error for a username that is not in use."""
    return ValueError(
        f'No user has "{username}" as username. {_tried(("Telegram (nobody has it)",))} Check how it is spelt: '
        "usernames can change hands, and names that are shown are none; an ID or an invite link may do instead"
    )


def _tried(steps: Iterable[str]) -> str:
    return f"Tried: {', '.join(steps)}."
