"""Addresses to which a bot is asked to ship."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from telethon.events._user import QueryEvent, UserBuilder
from telethon.events.common import name_inner_event
from telethon.tl import functions, types

__all__ = ["ShippingQuery", "ShippingQueryEvent"]


class ShippingQueryEvent(QueryEvent):
    """Somebody has given an address; the bot says how it ships there and for how much.

    Args:
        query: the update.

    Attributes:
        query: as above.
    """

    query: types.UpdateBotShippingQuery

    def __init__(self, query: types.UpdateBotShippingQuery) -> None:
        super().__init__(query, query.user_id, types.PeerUser(query.user_id))

    @property
    def payload(self) -> bytes:
        """What the bot has put in the invoice to know it again."""
        return self.query.payload

    @property
    def address(self) -> types.PostAddress:
        """Where to ship."""
        return self.query.shipping_address

    async def answer(
        self,
        options: types.ShippingOption | Iterable[types.ShippingOption] | None = None,
        *,
        error: str | None = None,
    ) -> bool | None:
        """Say how it can be shipped. A second answer to a query is not sent, unless the first
        one failed.

        Args:
            options: the ways, one or several, from which the user chooses.
            error: what to show to the user when it cannot be shipped.

        Raises:
            ValueError: there are neither options nor an error, or both.

        Example:
            >>> price = types.LabeledPrice("Post", 499)
            >>> await event.answer(types.ShippingOption("post", "By post", [price]))

        Network: one request.
        Source: https://core.telegram.org/method/messages.setBotShippingResults
        """
        several = [options] if isinstance(options, types.ShippingOption) else list(options or ())
        if bool(several) == (error is not None):
            raise ValueError("an answer either has ways of shipping, or error= says to the user why there is none")
        return await self._answer_once(
            functions.messages.SetBotShippingResultsRequest(
                self.query.query_id, error=error, shipping_options=[*several] or None
            )
        )


@name_inner_event
class ShippingQuery(UserBuilder[ShippingQueryEvent]):
    """Happens when somebody gives an address for an invoice whose price depends on it. Only bots get it.

    Args:
        users: whose queries are wanted; None for everybody's.
        blacklist_users: whether it is these users whose queries are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.ShippingQuery)
        ... async def handler(event):
        ...     if event.address.country_iso2 != "DE":
        ...         await event.answer(error="We ship within Germany only.")

    Source: https://core.telegram.org/constructor/updateBotShippingQuery
    """

    Event: TypeAlias = ShippingQueryEvent

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> ShippingQueryEvent | None:
        """The event of an address to ship to; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateBotShippingQuery) else None
