"""Asking inline bots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon import utils
from telethon._core.oldnames import old_names
from telethon.client.users import UserMethods
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon import hints
    from telethon.tl.custom import InlineResults
else:
    __getattr__ = old_names(__name__)

__all__ = ["BotMethods"]


class BotMethods(UserMethods):
    """Asking inline bots."""

    async def inline_query(
        self,
        bot: hints.EntityLike,
        query: str,
        *,
        entity: hints.EntityLike | None = None,
        offset: str | None = None,
        geo_point: types.TypeInputGeoPoint | types.GeoPoint | None = None,
    ) -> InlineResults:
        """What an inline bot answers to a query, as if ``@bot query`` were typed.

        Args:
            bot: the bot.
            query: the text after its name.
            entity: the chat the answer is meant for, which some bots want to know.
            offset: where to go on, as the bot said in the results before.
            geo_point: where the user is, for bots that ask for it.

        Returns:
            A list of results; click one to send it.

        Raises:
            BotResponseTimeoutError: the bot did not answer in time.

        Example:
            >>> results = await client.inline_query("like", "Do you like Telethon?")
            >>> await results[0].click("me")

        Network: one request.
        Source: https://core.telegram.org/method/messages.getInlineBotResults
        """
        from telethon.tl.custom import InlineResults

        bot_peer = await self.get_input_entity(bot)
        peer = await self.get_input_entity(entity) if entity else types.InputPeerEmpty()
        answer = await self(
            functions.messages.GetInlineBotResultsRequest(
                bot=bot_peer,
                peer=peer,
                query=query,
                offset=offset or "",
                geo_point=utils.get_input_geo(geo_point) if geo_point else None,
            )
        )
        return InlineResults(self, answer, entity=peer if entity else None)
