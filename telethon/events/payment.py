"""Payments that were made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

from telethon.events._user import UserEvent
from telethon.events.common import EventBuilder, name_inner_event
from telethon.tl import functions, types

if TYPE_CHECKING:
    Paid: TypeAlias = (
        "types.MessageActionPaymentSentMe | types.MessageActionPaymentSent | types.MessageActionPaymentRefunded"
    )

__all__ = ["Payment", "PaymentEvent"]

#: What Telegram Stars are called among currencies.
_STARS: Final = "XTR"


class PaymentEvent(UserEvent):
    """A payment was made, or given back.

    Args:
        message: the service message that tells of it.

    Attributes:
        message: as above.
        action: what it says.
    """

    message: types.MessageService
    action: Paid

    def __init__(self, message: types.MessageService) -> None:
        super().__init__(message.sender_id, message.peer_id, message.id)
        self.message = message
        self.action = cast("Paid", message.action)

    def _set_client(self, client: Any) -> None:
        super()._set_client(client)
        cast("Any", self.message)._finish_init(client, self._entities, None)

    @property
    def refunded(self) -> bool:
        """Whether the payment was given back."""
        return isinstance(self.action, types.MessageActionPaymentRefunded)

    @property
    def currency(self) -> str:
        """The currency, as three letters; ``XTR`` for Telegram Stars."""
        return self.action.currency

    @property
    def total_amount(self) -> int:
        """The price in the smallest units of the currency, such as cents."""
        return self.action.total_amount

    @property
    def payload(self) -> bytes | None:
        """What the bot has put in the invoice to know it again; only the bot is told."""
        return getattr(self.action, "payload", None)

    @property
    def charge_id(self) -> str | None:
        """The number of the payment at Telegram, which giving it back takes; only the bot is told."""
        charge = getattr(self.action, "charge", None)
        return charge.id if charge is not None else None

    @property
    def provider_charge_id(self) -> str | None:
        """The number of the payment at the provider; only the bot is told."""
        charge = getattr(self.action, "charge", None)
        return charge.provider_charge_id if charge is not None else None

    @property
    def info(self) -> types.PaymentRequestedInfo | None:
        """Name, address and so on, as far as the invoice asks for them."""
        return getattr(self.action, "info", None)

    @property
    def shipping_option_id(self) -> str | None:
        """Which way of shipping the user has chosen."""
        return getattr(self.action, "shipping_option_id", None)

    @property
    def is_recurring(self) -> bool:
        """Whether it is one of the payments of a subscription."""
        action = self.action
        return bool(getattr(action, "recurring_init", None) or getattr(action, "recurring_used", None))

    async def reply(self, *args: Any, **kwargs: Any) -> types.Message:
        """Reply to the service message; takes the arguments of `client.send_message` after the chat.

        Network: that of `client.send_message`.
        """
        kwargs["reply_to"] = self.message.id
        return await self.respond(*args, **kwargs)

    async def refund(self) -> None:
        """Give the stars of this payment back.

        Raises:
            ValueError: it was not paid in Telegram Stars, or not to this bot. Other money the provider gives back.

        Network: one request.
        Source: https://core.telegram.org/method/payments.refundStarsCharge
        """
        charge_id = self.charge_id
        if self.currency != _STARS or charge_id is None or self.refunded:
            raise ValueError("only payments in Telegram Stars that the bot has got can be given back here")
        user = cast("types.InputPeerUser", await self.get_input_user())
        await self.client(
            functions.payments.RefundStarsChargeRequest(types.InputUser(user.user_id, user.access_hash), charge_id)
        )


@name_inner_event
class Payment(EventBuilder[PaymentEvent]):
    """Happens when a payment was made, or given back.

    Args:
        chats: the chats whose payments are wanted; None for all.
        blacklist_chats: whether it is these chats whose payments are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.Payment)
        ... async def handler(event):
        ...     await event.reply(f"Thank you! We have got {event.total_amount} {event.currency}.")

    Source: https://core.telegram.org/api/payments
    """

    Event: TypeAlias = PaymentEvent

    @classmethod
    def build(cls, update: Any, others: list[Any] | None = None, self_id: int | None = None) -> PaymentEvent | None:
        """The event of a payment; None for other updates."""
        if not isinstance(update, (types.UpdateNewMessage, types.UpdateNewChannelMessage)):
            return None
        message = update.message
        kinds = (
            types.MessageActionPaymentSentMe,
            types.MessageActionPaymentSent,
            types.MessageActionPaymentRefunded,
        )
        if isinstance(message, types.MessageService) and isinstance(message.action, kinds):
            return cls.Event(message)
        return None
