"""Who made something: the sender of a message, or whoever caused an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from telethon.tl.custom.chatgetter import _known_input_peer

if TYPE_CHECKING:
    from telethon.tl import types
    from telethon.tl.custom._base import Client, Sender

__all__ = ["SenderGetter"]


class SenderGetter:
    """Gives the `sender`, `input_sender` and `sender_id` of what somebody made.

    Properties never ask the servers and may be None; the methods `get_sender` and `get_input_sender` may ask.

    Example:
        >>> sender = message.sender or await message.get_sender()
        >>> print(message.sender_id, sender.first_name)
    """

    _client: Client | None = None
    _sender_id: int | None = None
    _sender: Any = None
    _input_sender: types.TypeInputPeer | None = None

    def __init__(
        self,
        sender_id: int | None = None,
        *,
        sender: Sender | None = None,
        input_sender: types.TypeInputPeer | None = None,
    ) -> None:
        self._sender_id = sender_id
        self._sender = sender
        self._input_sender = input_sender
        self._client = None

    @property
    def sender(self) -> Sender | None:
        """The `User` or `Channel` that made this, when it is known.

        Telegram does not tell it with everything, and often only in part: use `get_sender` when it is needed.
        """
        return cast("Sender | None", self._sender)

    async def get_sender(self) -> Sender | None:
        """The sender, asked for when it is not known or known only in part.

        Example:
            >>> sender = await message.get_sender()

        Network: nothing when `sender` is known and complete, else one request.
        """
        client = self._client
        sender = self._sender
        if client is not None and self.sender_id and (sender is None or getattr(sender, "min", None)):
            peer = await self.get_input_sender()
            if peer is not None:
                try:
                    self._sender = await client.get_entity(peer)
                except ValueError:
                    await self._refetch_sender()
        return cast("Sender | None", self._sender)

    @property
    def input_sender(self) -> types.TypeInputPeer | None:
        """The input peer of the sender, when its access hash is known."""
        if self._input_sender is None and self._client is not None and (sender_id := self.sender_id):
            self._input_sender = _known_input_peer(self._client, sender_id, self._sender)
        return self._input_sender

    async def get_input_sender(self) -> types.TypeInputPeer | None:
        """The input peer of the sender, looked for where this came from when it is not known.

        Example:
            >>> peer = await message.get_input_sender()

        Network: nothing when `input_sender` is known, else one request at most.
        """
        if self.input_sender is None and self._client is not None and self.sender_id:
            await self._refetch_sender()
        return self.input_sender

    @property
    def sender_id(self) -> int | None:
        """The marked id of the sender; None when nobody is told as such."""
        return self._sender_id

    async def _refetch_sender(self) -> None:
        """Get the sender again by other means; for classes that have some."""
