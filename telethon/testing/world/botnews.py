"""What only bots are told: counted by `qts`, and repeated by differences.

Source: https://core.telegram.org/api/updates#update-sequences
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing.world.boxes import Notice
from telethon.testing.world.peerids import as_peer
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from telethon.testing.world.delivery import Delivery
    from telethon.testing.world.records import Account, Channel, Group
    from telethon.testing.world.world import World

__all__ = ["admin_bots", "tell_boost", "tell_bot"]


def tell_bot(
    delivery: Delivery, bot: Account, make: Callable[[int], types.TypeUpdate], peers: Iterable[int] = ()
) -> None:
    """Let a bot know of something.

    Args:
        delivery: of what happens.
        bot: whom to tell.
        make: makes the update, given the `qts` after it.
        peers: users and chats that must come along.
    """
    mailbox = bot.mailbox
    mailbox.qts += 1
    notice = Notice(0, 0, make(mailbox.qts), tuple(peers))
    mailbox.news.append((mailbox.qts, notice))
    delivery.tell(bot.id, notice)


def admin_bots(accounts: dict[int, Account], room: Channel | Group, right: str | None = None) -> list[Account]:
    """The bots that administrate a chat.

    Args:
        accounts: all accounts.
        room: the chat.
        right: a right that they must have.
    """
    found: list[Account] = []
    for user_id, member in room.members.items():
        account = accounts[user_id]
        if account.bot is None or not member.present or member.admin is None:
            continue
        if right is None or getattr(member.admin, right):
            found.append(account)
    return found


def tell_boost(world: World, delivery: Delivery, channel: Channel, boost: types.Boost) -> None:
    """Let the bots that administrate a channel know of a boost, or, when it ends at time 0, that it is gone."""
    for bot in admin_bots(world.accounts, channel):
        tell_bot(
            delivery,
            bot,
            lambda qts: types.UpdateBotChatBoost(as_peer(channel.peer), boost, qts),
            (channel.peer, *((boost.user_id,) if boost.user_id is not None else ())),
        )
