"""Stars: how many everybody has, and where they went.

Source: https://core.telegram.org/api/stars
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.world.peerids import as_peer, is_user
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing.world.delivery import Delivery
    from telethon.testing.world.letters import Letter
    from telethon.testing.world.media import InvoiceMedia
    from telethon.testing.world.world import World

__all__ = ["Entry", "Ledger", "Receipt", "Subscription"]


@dataclass(slots=True, frozen=True)
class Entry:
    """A line in the account of somebody.

    Attributes:
        amount: what came in; less than nothing for what went out.
        other: the peer at the other end; 0 when the stars came from outside.
    """

    id: str
    amount: int
    date: int
    other: int
    title: str | None = None
    payload: bytes | None = None
    msg_id: int | None = None
    refund: bool = False
    gift: types.TypeStarGift | None = None
    reaction: bool = False

    def tl(self) -> types.StarsTransaction:
        """The line as its owner sees it."""
        peer: types.TypeStarsTransactionPeer = types.StarsTransactionPeerFragment()
        if self.other:
            peer = types.StarsTransactionPeer(as_peer(self.other))
        return types.StarsTransaction(
            self.id,
            types.StarsAmount(self.amount, 0),
            self.date,
            peer,
            refund=self.refund,
            reaction=self.reaction,
            title=self.title,
            bot_payload=self.payload,
            msg_id=self.msg_id,
            stargift=self.gift,
        )


@dataclass(slots=True, eq=False)
class Subscription:
    """Something that is paid for again and again.

    Attributes:
        charges: the numbers of the payments so far.
        canceled: whether the one who pays will not pay again.
        bot_canceled: whether the bot will not take it.
    """

    id: str
    user: int
    bot: int
    period: int
    amount: int
    until: int
    title: str
    payload: bytes
    charges: list[str]
    canceled: bool = False
    bot_canceled: bool = False

    def tl(self, balance: int) -> types.StarsSubscription:
        """The subscription as the one who pays sees it."""
        return types.StarsSubscription(
            self.id,
            as_peer(self.bot),
            self.until,
            types.StarsSubscriptionPricing(self.period, self.amount),
            canceled=self.canceled,
            missing_balance=balance < self.amount,
            bot_canceled=self.bot_canceled,
            title=self.title,
        )


@dataclass(slots=True, eq=False)
class Receipt:
    """What was paid, and for what."""

    bot: int
    media: types.InputMediaInvoice
    action: types.MessageActionPaymentSentMe
    shipping: types.ShippingOption | None


class Ledger:
    """The stars of all accounts, bots and channels.

    Args:
        world: where they are.

    Attributes:
        subscriptions: by the number of the first payment.
        receipts: by the letter that tells of a payment.
        links: bills behind links, with the bots they are from.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._balances: dict[int, int] = {}
        self._entries: dict[int, list[Entry]] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.receipts: dict[Letter, Receipt] = {}
        self.links: dict[str, tuple[int, InvoiceMedia]] = {}

    def balance(self, peer: int) -> int:
        """How many stars somebody has; people begin with some."""
        account = self._world.accounts.get(peer) if is_user(peer) else None
        start = self._world.options.stars if account is not None and account.bot is None else 0
        return self._balances.get(peer, start)

    def entries(self, peer: int) -> list[Entry]:
        """What came in and went out, oldest first."""
        return self._entries.get(peer, [])

    def give(self, peer: int, amount: int) -> None:
        """Let somebody have more stars, from nowhere."""
        self._balances[peer] = self.balance(peer) + amount
        made = Entry(f"{self._world.new_id():x}", amount, self._world.now(), 0)
        self._entries.setdefault(peer, []).append(made)

    def move(
        self,
        delivery: Delivery,
        payer: int,
        receiver: int,
        amount: int,
        *,
        number: str | None = None,
        title: str | None = None,
        payload: bytes | None = None,
        msg_id: int | None = None,
        refund: bool = False,
        gift: types.TypeStarGift | None = None,
        reaction: bool = False,
    ) -> str:
        """Pay; gives the number under which both find it.

        Args:
            delivery: who is told.
            payer: who pays.
            receiver: who gets it; 0 for the service.
            amount: how many stars.
            number: the number, when it is known already.
            title: what it is for.
            payload: the same in the words of a bot.
            msg_id: the message it is about.
            refund: whether it takes an earlier payment back.
            gift: the gift that was bought.
            reaction: whether it was given to a post.

        Raises:
            RpcFault: BALANCE_TOO_LOW.
        """
        if self.balance(payer) < amount:
            raise RpcFault(400, "BALANCE_TOO_LOW")
        number = number or f"stars{self._world.new_id():x}"
        out = Entry(number, -amount, self._world.now(), receiver, title, payload, msg_id, refund, gift, reaction)
        self._balances[payer] = self.balance(payer) - amount
        self._entries.setdefault(payer, []).append(out)
        self._tell(delivery, payer)
        if receiver:
            self._balances[receiver] = self.balance(receiver) + amount
            self._entries.setdefault(receiver, []).append(replace(out, amount=amount, other=payer))
            self._tell(delivery, receiver)
        return number

    def _tell(self, delivery: Delivery, peer: int) -> None:
        if is_user(peer) and self._world.accounts[peer].bot is None:
            update = types.UpdateStarsBalance(types.StarsAmount(self._balances[peer], 0))
            delivery.note(peer, update)
