"""A button that came with a message, and pressing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from telethon import errors
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.tl.custom._base import Client, TelegramClient

    AnyButton: TypeAlias = "types.KeyboardButton | types.KeyboardInlineButton"
    Phone: TypeAlias = "bool | str | types.InputMediaContact | None"
    Place: TypeAlias = "tuple[float, float] | types.InputMediaGeoPoint | types.GeoPoint | types.InputGeoPoint | None"

__all__ = ["MessageButton"]


class MessageButton:
    """A button of a message; `Message.buttons` has them by rows.

    Attributes:
        button: the ``KeyboardButton`` or ``KeyboardInlineButton`` itself.

    Example:
        >>> for row in message.buttons:
        ...     for button in row:
        ...         print(button.text)
        >>> answer = await message.buttons[0][0].click()

    Source: https://core.telegram.org/api/bots/buttons
    """

    def __init__(self, client: Any, original: AnyButton, chat: Any, bot: Any, msg_id: int) -> None:
        self._client: Client = client
        self.button = original
        self._chat: types.TypeInputPeer = chat
        self._bot: types.TypeInputPeer | None = bot
        self._msg_id = msg_id

    @property
    def client(self) -> TelegramClient:
        """The client that got the message."""
        return cast("TelegramClient", self._client)

    @property
    def text(self) -> str:
        """What the button shows."""
        return self.button.text

    @property
    def data(self) -> bytes | None:
        """What the button sends to its bot; None for buttons that send nothing."""
        kind = self.button.type
        return kind.data if isinstance(kind, types.InlineButtonTypeCallback) else None

    @property
    def inline_query(self) -> str | None:
        """The inline query that the button begins; None for other buttons."""
        kind = self.button.type
        return kind.query if isinstance(kind, types.InlineButtonTypeSwitchInline) else None

    @property
    def url(self) -> str | None:
        """The link that the button opens; None for other buttons."""
        kind = self.button.type
        return kind.url if isinstance(kind, types.InlineButtonTypeUrl) else None

    async def click(
        self,
        share_phone: Phone = None,
        share_geo: Place = None,
        *,
        password: str | None = None,
        open_url: bool | None = None,
    ) -> Any:
        """Press the button.

        Args:
            share_phone: for a button that asks for the phone number: True to send the own one, or a number or contact
                to send instead.
            share_geo: for a button that asks for the place: ``(longitude, latitude)``, or a geo point.
            password: of the own account, where the bot wants it to be proved (to hand over a bot, for example).
            open_url: for a link: whether it is opened in the web browser of this machine.

        Returns:
            what depends on the button: the ``BotCallbackAnswer`` of the bot, or None when it did not answer in time;
            the message that a key of the keyboard sent; the link, or whether it could be opened. None for buttons that
            only have a meaning in an application.

        Raises:
            ValueError: the button asks for the phone number or the place, and there is none.

        Example:
            >>> answer = await message.buttons[0][0].click()

        Network: one request, mostly.
        """
        button = self.button
        if isinstance(button, types.KeyboardButton):
            return await self._press_key(button, share_phone, share_geo)
        kind = button.type
        if isinstance(kind, types.InlineButtonTypeCallback):
            return await ask_bot(self._client, self._chat, self._msg_id, data=kind.data, password=password)
        if isinstance(kind, types.InlineButtonTypeGame):
            return await ask_bot(self._client, self._chat, self._msg_id, game=True)
        if isinstance(kind, types.InlineButtonTypeSwitchInline):
            if self._bot is None:
                raise ValueError("The bot of this inline query is not known; get its entity first")
            return await self._client(
                functions.messages.StartBotRequest(bot=self._bot, peer=self._chat, start_param=kind.query)
            )
        if isinstance(kind, types.InlineButtonTypeUrl):
            return _open(kind.url) if open_url else kind.url
        return None

    async def _press_key(self, button: types.KeyboardButton, share_phone: Phone, share_geo: Place) -> Any:
        kind = button.type
        if isinstance(kind, types.ButtonTypeDefault):
            return await self._client.send_message(self._chat, button.text, parse_mode=None)
        if isinstance(kind, types.ButtonTypeRequestPhone):
            if not share_phone:
                raise ValueError("cannot click on phone buttons unless share_phone=True")
            return await self._client.send_file(self._chat, await self._contact(share_phone))
        if isinstance(kind, types.ButtonTypeRequestGeoLocation):
            if not share_geo:
                raise ValueError("cannot click on geo buttons unless share_geo=(longitude, latitude)")
            place: Any = share_geo
            if isinstance(share_geo, (tuple, list)):
                longitude, latitude = share_geo
                place = types.InputMediaGeoPoint(types.InputGeoPoint(lat=latitude, long=longitude))
            return await self._client.send_file(self._chat, place)
        return None

    async def _contact(self, share_phone: bool | str | types.InputMediaContact) -> types.InputMediaContact:
        if isinstance(share_phone, types.InputMediaContact):
            return share_phone
        me: Any = await self._client.get_me()
        return types.InputMediaContact(
            phone_number=share_phone if isinstance(share_phone, str) else me.phone or "",
            first_name=me.first_name or "",
            last_name=me.last_name or "",
            vcard="",
        )


async def ask_bot(
    client: Client,
    chat: Any,
    msg_id: int,
    *,
    data: bytes | None = None,
    game: bool | None = None,
    password: str | None = None,
) -> types.messages.BotCallbackAnswer | None:
    """Send what a button carries to its bot, and wait for the answer.

    Args:
        client: the client.
        chat: where the message with the button is.
        msg_id: of that message.
        data: what the button carries.
        game: whether it starts a game instead.
        password: of the own account, to be proved.

    Returns:
        the answer, or None when the bot gave none in time.

    Source: https://core.telegram.org/method/messages.getBotCallbackAnswer
    """
    proof: types.TypeInputCheckPasswordSRP | None = None
    if password is not None:
        from telethon.password import compute_check

        proof = compute_check(await client(functions.account.GetPasswordRequest()), password)
    request = functions.messages.GetBotCallbackAnswerRequest(
        peer=chat, msg_id=msg_id, data=data, game=game, password=proof
    )
    try:
        return await client(request)
    except errors.BotResponseTimeoutError:
        return None


def _open(url: str) -> bool:
    """Open a link in the web browser of this machine; whether that was possible."""
    import webbrowser

    return webbrowser.open(url)
