"""Following updates without input or output: what was seen, what is missing, what to ask for.

Source: https://core.telegram.org/api/updates
"""

from __future__ import annotations

from telethon._updates.defs import GapError, Hole, PrematureEndReason, Wanted
from telethon._updates.entitycache import EntityCache
from telethon._updates.messagebox import MessageBox
from telethon._updates.session import ChannelState, Entity, EntityType, MinEntity, SessionState

__all__ = [
    "ChannelState",
    "Entity",
    "EntityCache",
    "EntityType",
    "GapError",
    "Hole",
    "MessageBox",
    "MinEntity",
    "PrematureEndReason",
    "SessionState",
    "Wanted",
]
