"""Posts of a channel in the group where they are talked about.

Source: https://core.telegram.org/api/discussion
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing.world.letters import Forward, Letter
from telethon.testing.world.peerids import TELEGRAM

if TYPE_CHECKING:
    from telethon.testing.world.records import Channel
    from telethon.testing.world.world import World

__all__ = ["carry_over", "copy_of"]


def carry_over(world: World, channel: Channel, post: Letter) -> Letter | None:
    """The copy of a post for the group that belongs to its channel; None when it has none.

    Args:
        world: where.
        channel: where the post is.
        post: the post; its number is known.
    """
    group = world.channels.get(channel.linked) if channel.linked is not None else None
    if group is None or post.action is not None:
        return None
    number = post.copies[channel.peer]
    origin = Forward(
        post.date,
        channel.peer,
        channel_post=number,
        post_author=post.post_author,
        saved_from=channel.peer,
        saved_from_id=number,
    )
    # Nobody of the group wrote it: it is from the channel.
    return Letter(
        author=channel.peer,
        sender=TELEGRAM,
        room=group.peer,
        date=post.date,
        text=post.text,
        entities=post.entities,
        media=post.media,
        forward=origin,
        grouped_id=post.grouped_id,
        pinned_for={group.peer},
    )


def copy_of(world: World, channel: Channel, post: Letter) -> Letter | None:
    """The copy of a post in the group of its channel, if it is still there."""
    group = world.channels.get(channel.linked) if channel.linked is not None else None
    if group is None:
        return None
    number = post.copies.get(channel.peer)
    for letter in group.box.letters.values():
        origin = letter.forward
        if origin is not None and (origin.saved_from, origin.saved_from_id) == (channel.peer, number):
            return letter
    return None
