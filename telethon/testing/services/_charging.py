"""Stars for messages, in chats where they cost some.

Source: https://core.telegram.org/api/paid-messages
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.world import post
from telethon.testing.world.peerids import bare_id, is_channel

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Draft

__all__ = ["charge"]


def charge(call: Call, peer: int, allowed: int | None, drafts: list[Draft]) -> None:
    """Let the account pay for messages, where they cost stars; administrators write for nothing.

    Args:
        call: the request.
        peer: the chat.
        allowed: how many stars the request allows for.
        drafts: the messages.

    Raises:
        RpcFault: ALLOW_PAYMENT_REQUIRED_X or BALANCE_TOO_LOW, or that the account may not write there.
    """
    channel = call.world.channels[bare_id(peer)] if is_channel(peer) else None
    if channel is None or not channel.traits.paid_price:
        return
    member = channel.members.get(call.my_id)
    if channel.creator == call.my_id or (member is not None and member.admin is not None):
        return
    # Nobody pays for what is refused.
    for draft in drafts:
        post.check_may_send(call.world, call.me, peer, draft)
    price = channel.traits.paid_price
    if (allowed or 0) < price * len(drafts):
        raise RpcFault(403, f"ALLOW_PAYMENT_REQUIRED_{price}")
    call.world.ledger.move(call.delivery, call.my_id, peer, price * len(drafts), title="Messages")
