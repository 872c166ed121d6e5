"""Bots that are connected to accounts of users, and what they see of their chats.

Source: https://core.telegram.org/api/bots/connected-business-bots
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from telethon.testing.world.boxes import Arrival, Edit, Notice
from telethon.testing.world.peerids import is_user
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing.world.boxes import Event
    from telethon.testing.world.delivery import Delivery
    from telethon.testing.world.world import World

__all__ = ["Business", "Connection"]


@dataclass(slots=True, eq=False)
class Connection:
    """A user lets a bot manage its chats.

    Attributes:
        recipients: in which chats, as the user said.
        paused: chats that the bot is kept out of for a while.
        excluded: chats that it is kept out of for good.
    """

    id: str
    user: int
    bot: int
    date: int
    rights: types.BusinessBotRights
    recipients: types.BusinessBotRecipients | None = None
    paused: set[int] = field(default_factory=set)
    excluded: set[int] = field(default_factory=set)

    def sees(self, peer: int) -> bool:
        """Whether the bot is told of what happens in a private chat."""
        if peer in self.paused or peer in self.excluded or peer == self.bot:
            return False
        return self.recipients is None or peer not in (self.recipients.exclude_users or ())

    def tl(self, dc_id: int, disabled: bool) -> types.BotBusinessConnection:
        """The connection as the bot sees it."""
        return types.BotBusinessConnection(
            self.id, self.user, dc_id, self.date, disabled=disabled, rights=None if disabled else self.rights
        )


class Business:
    """All connections.

    Args:
        world: where they are.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._by_id: dict[str, Connection] = {}
        self._by_user: dict[int, Connection] = {}

    def get(self, connection_id: str) -> Connection | None:
        """The connection with that id, while it lasts."""
        return self._by_id.get(connection_id)

    def of_user(self, user_id: int) -> Connection | None:
        """The connection of a user, if there is one."""
        return self._by_user.get(user_id)

    def begin(self, connection: Connection) -> None:
        """Let the bot see the chats of the user."""
        self._by_id[connection.id] = self._by_user[connection.user] = connection

    def end(self, connection: Connection) -> None:
        """Let it see them no more."""
        self._by_id.pop(connection.id, None)
        self._by_user.pop(connection.user, None)

    def relay(self, delivery: Delivery, account_id: int, events: Iterable[Event]) -> None:
        """Tell the bot that is connected to an account what happens in its private chats."""
        connection = self._by_user.get(account_id)
        if connection is None:
            return
        for event in events:
            if isinstance(event, (Arrival, Edit)):
                self._relay_message(delivery, connection, event)
            elif isinstance(event, Notice) and isinstance(event.update, types.UpdateDeleteMessages):
                self._relay_deletion(delivery, connection, event.update.messages)

    def _relay_message(self, delivery: Delivery, connection: Connection, event: Arrival | Edit) -> None:
        from telethon.testing.world.botnews import tell_bot

        world, letter = self._world, event.letter
        peer = letter.peer_for(connection.user)
        if not is_user(peer) or not connection.sees(peer) or event.owner not in letter.copies:
            return
        message = world.views.message(letter, event.owner, connection.user)
        kind = types.UpdateBotNewBusinessMessage if isinstance(event, Arrival) else types.UpdateBotEditBusinessMessage
        bot = world.accounts[connection.bot]
        tell_bot(delivery, bot, lambda qts: kind(connection.id, message, qts), (peer, connection.user))
        world.accounts[connection.user].settings.setdefault("business_peers", {})[letter.copies[event.owner]] = peer

    def _relay_deletion(self, delivery: Delivery, connection: Connection, numbers: list[int]) -> None:
        from telethon.testing.world.botnews import tell_bot
        from telethon.testing.world.peerids import as_peer

        world = self._world
        known: dict[int, int] = world.accounts[connection.user].settings.get("business_peers", {})
        by_peer: dict[int, list[int]] = {}
        for number in numbers:
            if number in known:
                by_peer.setdefault(known.pop(number), []).append(number)
        for peer, gone in by_peer.items():
            tell_bot(
                delivery,
                world.accounts[connection.bot],
                lambda qts, peer=peer, gone=gone: types.UpdateBotDeleteBusinessMessage(  # type: ignore[misc]
                    connection.id, as_peer(peer), gone, qts
                ),
                (peer,),
            )
