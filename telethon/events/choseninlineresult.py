"""Inline results that were chosen."""

from __future__ import annotations

from typing import Any, TypeAlias

from telethon.events._user import UserBuilder, UserEvent
from telethon.events.common import name_inner_event
from telethon.tl import types

__all__ = ["ChosenInlineResult", "ChosenInlineResultEvent"]


class ChosenInlineResultEvent(UserEvent):
    """A user has sent one of the results that the bot gave to an inline query.

    Args:
        update: the update.

    Attributes:
        update: as above.
    """

    update: types.UpdateBotInlineSend

    def __init__(self, update: types.UpdateBotInlineSend) -> None:
        super().__init__(update.user_id, types.PeerUser(update.user_id))
        self.update = update

    @property
    def text(self) -> str:
        """What was typed after the name of the bot."""
        return self.update.query

    @property
    def result_id(self) -> str:
        """The id of the result, as the bot gave it."""
        return self.update.id

    @property
    def geo(self) -> types.TypeGeoPoint | None:
        """Where the user is, when the bot asks for that."""
        return self.update.geo

    @property
    def message_id(self) -> types.TypeInputBotInlineMessageID | None:
        """By what the bot can edit the message; only messages with buttons have it."""
        return self.update.msg_id

    async def edit(self, *args: Any, **kwargs: Any) -> Any:
        """Edit the message that was sent; takes the arguments of `client.edit_message` after it.

        Raises:
            ValueError: the message has no buttons, so that the bot cannot edit it.

        Network: that of `client.edit_message`.
        """
        if self.message_id is None:
            raise ValueError("only inline messages that were sent with buttons can be edited by the bot")
        return await self.client.edit_message(self.message_id, *args, **kwargs)


@name_inner_event
class ChosenInlineResult(UserBuilder[ChosenInlineResultEvent]):
    """Happens when somebody sends a result of an inline query. Only bots for which BotFather was told so get it.

    Args:
        users: whose choices are wanted; None for everybody's.
        blacklist_users: whether it is these users whose choices are *not* wanted.
        func: only events for which it gives something true are wanted. It may be asynchronous.

    Example:
        >>> @client.on(events.ChosenInlineResult)
        ... async def handler(event):
        ...     print(event.user_id, "has sent", event.result_id)

    Source: https://core.telegram.org/constructor/updateBotInlineSend
    """

    Event: TypeAlias = ChosenInlineResultEvent

    @classmethod
    def build(
        cls, update: Any, others: list[Any] | None = None, self_id: int | None = None
    ) -> ChosenInlineResultEvent | None:
        """The event of a result that was chosen; None for other updates."""
        return cls.Event(update) if isinstance(update, types.UpdateBotInlineSend) else None
