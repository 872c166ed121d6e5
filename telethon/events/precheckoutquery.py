"""Payments that a bot has to confirm."""

from __future__ import annotations

from typing import Any, TypeAlias

from telethon.events._user import QueryEvent, UserBuilder
from telethon.events.common import name_inner_event
from telethon.tl import functions, types

__all__ = ["PreCheckoutQuery", "PreCheckoutQueryEvent"]


class PreCheckoutQueryEvent(QueryEvent):
    """Somebody is about to pay; the bot has ten seconds to say whether that is fine.

    Args:
        query: the update.

    Attributes:
        query: as above.
    """

    query: types.UpdateBotPrecheckoutQuery

    def __init__(self, query: types.UpdateBotPrecheckoutQuery) -> None:
        super().__init__(query, query.user_id, types.PeerUser(query.user_id))

    @property
    def payload(self) -> bytes:
        """What the bot has put in the invoice to know it again."""
        return self.query.payload

    @property
    def currency(self) -> str:
        """The currency, as three letters; ``XTR`` for Telegram Stars."""
        return self.query.currency

    @property
    def total_amount(self) -> int:
        """The price in the smallest units of the currency, such as cents."""
        return self.query.total_amount

    @property
    def shipping_option_id(self) -> str | None:
        """Which way of shipping the user has chosen."""
        return self.query.shipping_option_id

    @property
    def info(self) -> types.PaymentRequestedInfo | None:
        """Name, address and so on, as far as the invoice asks for them."""
        return self.query.info

    async def answer(self, ok: bool | None = None, *, error: str | None = None) -> bool | None:
        """Say whether the payment may go on. A second answer to a query is not sent, unless the first
        one failed.

        Args:
            ok: whether it may. None for yes, unless there is an error.
            error: what to show to the user when it may not.

        Raises:
            ValueError: it may not go on and there is no error to show, or the other way round.

        Example:
            >>> await event.answer(error="We have just sold the last one.")

        Network: one request.
        Source: https://core.telegram.org/method/messages.setBotPrecheckoutResults
        """
        fine = error is None if ok is None else ok
        if fine != (error is None):
            raise ValueError("a payment either may go on (ok=True), or error= says to the user why it may not")
        return await self._answer_once(
            functions.messages.SetBotPrecheckoutResultsRequest(self.query.query_id, success=fine, error=error)
        )


@name_inner_event
class PreCheckoutQuery(UserBuilder[PreCheckoutQueryEvent]):
    """Happens when somebody is about to pay an invoice of the bot, which must answer within ten seconds.

    Args:
        users: whose payments are wanted; None for everybody's.
        blacklist_users: whether it is these users whose payments are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.PreCheckoutQuery)
        ... async def handler(event):
        ...     await event.answer(ok=True)

    Source: https://core.telegram.org/constructor/updateBotPrecheckoutQuery
    """

    Event: TypeAlias = PreCheckoutQueryEvent

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> PreCheckoutQueryEvent | None:
        """The event of a payment to confirm; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateBotPrecheckoutQuery) else None
