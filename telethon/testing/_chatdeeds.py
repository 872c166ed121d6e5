"""What simulated people do with messages: react, vote, pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing.world.media import InvoiceMedia, PollMedia
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing.actors import SimulatedUser
    from telethon.testing.seen import SeenMessage
    from telethon.testing.telegramserver import TelegramTestServer

__all__ = ["ChatDeeds"]


class ChatDeeds:
    """The part of `SimulatedChat` that does something with messages."""

    _server: TelegramTestServer
    user: SimulatedUser
    peer: int

    async def react(self, message: SeenMessage | int, emoji: str | None) -> None:
        """React to a message; None takes it back.

        Raises:
            RpcFault: the server refuses.
        """
        reaction: list[types.TypeReaction] = [types.ReactionEmoji(emoji)] if emoji is not None else []
        peer = self.user.input_peer(self.peer)
        await self.user.call(functions.messages.SendReactionRequest(peer, _number(message), reaction=reaction))

    async def vote(self, message: SeenMessage | int, *answers: str | bytes) -> None:
        """Vote in a poll; without answers, take the vote back.

        Args:
            message: the message with the poll.
            answers: the texts of the answers, or their data.

        Raises:
            LookupError: there is no such poll or answer.
            RpcFault: the server refuses.
        """
        media = self._letter_media(message)
        if not isinstance(media, PollMedia):
            raise LookupError("this message is no poll")
        known = {one.text.text: bytes(getattr(one, "option", b"")) for one in media.poll.answers}
        options: list[bytes] = []
        for answer in answers:
            option = known.get(answer) if isinstance(answer, str) else answer
            if option not in known.values() or option is None:
                raise LookupError(f"the poll has no answer {answer!r}")
            options.append(option)
        peer = self.user.input_peer(self.peer)
        await self.user.call(functions.messages.SendVoteRequest(peer, _number(message), options))

    async def pay(
        self,
        message: SeenMessage | int,
        *,
        address: types.PostAddress | None = None,
        shipping_option_id: str | None = None,
        name: str | None = None,
    ) -> None:
        """Pay an invoice of a bot, which is asked first.

        Args:
            message: the message with the invoice.
            address: where to ship, when the invoice asks for it.
            shipping_option_id: by which of the ways the bot offers; by default the first one.
            name: the name of the payer, when the invoice asks for it.

        Raises:
            LookupError: the message is no invoice.
            RpcFault: the bot refuses or does not answer.
        """
        media = self._letter_media(message)
        if not isinstance(media, InvoiceMedia):
            raise LookupError("this message is no invoice")
        where = types.InputInvoiceMessage(self.user.input_peer(self.peer), _number(message))
        call = self.user.call
        form = await call(functions.payments.GetPaymentFormRequest(where))
        if isinstance(form, types.payments.PaymentFormStars):
            await call(functions.payments.SendStarsFormRequest(form.form_id, where))
            return
        info_id: str | None = None
        if address is not None or name is not None:
            info = types.PaymentRequestedInfo(name=name, shipping_address=address)
            valid = await call(functions.payments.ValidateRequestedInfoRequest(where, info))
            info_id = valid.id
            if shipping_option_id is None and valid.shipping_options:
                shipping_option_id = valid.shipping_options[0].id
        await call(
            functions.payments.SendPaymentFormRequest(
                form.form_id,
                where,
                types.InputPaymentCredentials(types.DataJSON("{}")),
                requested_info_id=info_id,
                shipping_option_id=shipping_option_id,
            )
        )

    def _letter_media(self, message: SeenMessage | int) -> object:
        from telethon.testing.world import post

        letter = post.find(self._server.world, self.user.account, self.peer, _number(message))
        return letter.media if letter is not None else None


def _number(message: SeenMessage | int) -> int:
    return message if isinstance(message, int) else message.id
