"""What bots that administrate a chat hear of its members, and every bot of itself.

Source: https://core.telegram.org/constructor/updateChannelParticipant
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from telethon.testing.world.botnews import admin_bots, tell_bot
from telethon.testing.world.records import Channel
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.records import Group, Invite

__all__ = ["seat", "tell_of_member"]


def seat(call: Call, room: Channel | Group, user_id: int) -> Any:
    """What an account is in a chat now; None when it is not in it and may come."""
    if isinstance(room, Channel):
        found = call.world.views.participant(room, user_id, call.my_id)
        return None if isinstance(found, types.ChannelParticipantLeft) else found
    member = room.members.get(user_id)
    if member is None or not member.present:
        return None
    return call.world.views.group_participant(room, user_id, member)


def tell_of_member(
    call: Call,
    room: Channel | Group,
    user_id: int,
    before: Any,
    after: Any,
    invite: Invite | None = None,
) -> None:
    """Tell the bots what an account became.

    Args:
        call: the request that did it.
        room: where.
        user_id: the account.
        before: what it was, as `seat` gives it.
        after: what it is now.
        invite: by which link it came.
    """
    before, after = (None if isinstance(one, types.ChannelParticipantLeft) else one for one in (before, after))
    bots = admin_bots(call.world.accounts, room)
    itself = call.world.accounts[user_id]
    if itself.bot is not None and itself not in bots:
        bots.append(itself)
    for bot in bots:
        if bot.id == call.my_id:
            continue
        kind = types.UpdateChannelParticipant if isinstance(room, Channel) else types.UpdateChatParticipant

        def make(qts: int, kind: Any = kind) -> types.TypeUpdate:
            return cast(
                "types.TypeUpdate",
                kind(
                    room.id,
                    date=call.now,
                    actor_id=call.my_id,
                    user_id=user_id,
                    qts=qts,
                    prev_participant=before,
                    new_participant=after,
                    invite=call.world.views.invite(invite) if invite is not None else None,
                ),
            )

        tell_bot(call.delivery, bot, make, (room.peer, user_id, call.my_id))
