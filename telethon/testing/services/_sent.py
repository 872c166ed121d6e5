"""What everyone who sent messages is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing.world import post
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter

__all__ = ["sent"]


def sent(call: Call, letters: list[tuple[Letter, int]]) -> types.Updates:
    """The answer to sent messages: their numbers, then the messages themselves."""
    ids: list[types.TypeUpdate] = [
        types.UpdateMessageID(post.box_number(letter, call.my_id), random_id) for letter, random_id in letters
    ]
    return call.updates(ids)
