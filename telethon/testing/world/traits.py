"""Further settings of a channel or supergroup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telethon.tl import types

__all__ = ["Traits"]


@dataclass(slots=True)
class Traits:
    """What a channel looks like, and what it allows, beyond the usual.

    Attributes:
        gigagroup: whether it is a supergroup without bounds, in which only administrators write.
        antispam: whether the server looks for spam.
        autotranslation: whether posts are translated by themselves.
        sponsored_restricted: whether no advertisements are shown.
        boosts_unrestrict: how many boosts free a member of restrictions.
        paid_price: how many stars a message costs.
        broadcast_messages: whether people may write to the channel itself.
        paid_reactions: whether stars can be given to posts.
    """

    gigagroup: bool = False
    antispam: bool = False
    autotranslation: bool = False
    sponsored_restricted: bool = False
    boosts_unrestrict: int = 0
    paid_price: int = 0
    broadcast_messages: bool = False
    paid_reactions: bool = False
    color: types.PeerColor | None = None
    profile_color: types.PeerColor | None = None
    emoji_status: types.TypeEmojiStatus | None = None
    main_tab: types.TypeProfileTab | None = None
    location: types.ChannelLocation | None = None
