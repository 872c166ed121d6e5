"""What friendly objects need of the client that they belong to.

Objects are made by parts of the client that do not know the whole of it, and tests use small stand-ins; so everything
here is said as a protocol, and constructors take any object. Only this module names the real client, and only for type
checkers: `message.client` is a `TelegramClient` for whoever uses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from telethon.client.telegramclient import TelegramClient as TelegramClient
    from telethon.tl import types
    from telethon.tl.custom.dialog import Dialog
    from telethon.tl.tlobject import TLRequest

    #: Somebody or something that writes: a user, or a group or channel that posts under its own name.
    Sender: TypeAlias = "types.User | types.Channel | types.Chat"
    #: Where messages are: a private chat is the user on the other side.
    Chat: TypeAlias = "types.User | types.Chat | types.Channel"

__all__ = ["Client", "EntityCache"]

R = TypeVar("R")


class EntityCache(Protocol):
    """The peers that updates and answers told of, by their id without mark."""

    def get(self, id: int) -> Any:
        """The peer with its access hash, or None."""
        ...

    def get_min(self, id: int) -> Any:
        """The peer with the message in which it was seen, or None."""
        ...


class Client(Protocol):
    """The client as objects see it."""

    api_id: int
    api_hash: str
    _conversations: Any

    @property
    def _self_id(self) -> int | None: ...

    @property
    def _mb_entity_cache(self) -> EntityCache: ...

    @property
    def parse_mode(self) -> Any:
        """What makes text of plain text and its entities."""
        ...

    async def __call__(self, request: TLRequest[R]) -> R: ...

    async def get_me(self) -> types.User | types.InputPeerUser | None:
        """The own user."""
        ...

    async def get_entity(self, entity: Any) -> Any:
        """The full entity."""
        ...

    async def get_input_entity(self, peer: Any) -> types.TypeInputPeer:
        """The input peer."""
        ...

    async def get_peer_id(self, peer: Any) -> int:
        """The marked id."""
        ...

    def iter_dialogs(self, limit: float | None = None) -> AsyncIterator[Dialog]:
        """The dialogs, the latest first."""
        ...

    async def get_messages(self, *args: Any, **kwargs: Any) -> Any:
        """Messages of a chat."""
        ...

    async def send_message(self, *args: Any, **kwargs: Any) -> types.Message:
        """Send text."""
        ...

    async def send_file(self, *args: Any, **kwargs: Any) -> Any:
        """Send a file or several."""
        ...

    async def edit_message(self, *args: Any, **kwargs: Any) -> Any:
        """Change a message."""
        ...

    async def forward_messages(self, *args: Any, **kwargs: Any) -> Any:
        """Copy messages to another chat."""
        ...

    async def delete_messages(self, *args: Any, **kwargs: Any) -> list[types.messages.AffectedMessages]:
        """Delete messages."""
        ...

    async def send_read_acknowledge(self, *args: Any, **kwargs: Any) -> bool:
        """Mark messages as read."""
        ...

    async def pin_message(self, *args: Any, **kwargs: Any) -> Any:
        """Pin a message."""
        ...

    async def unpin_message(self, *args: Any, **kwargs: Any) -> Any:
        """Unpin a message."""
        ...

    async def download_media(self, *args: Any, **kwargs: Any) -> Any:
        """Download a file."""
        ...

    async def edit_folder(self, *args: Any, **kwargs: Any) -> types.TypeUpdates:
        """Move dialogs to a folder."""
        ...

    async def delete_dialog(self, *args: Any, **kwargs: Any) -> Any:
        """Delete a dialog."""
        ...

    def build_reply_markup(self, buttons: Any) -> types.TypeReplyMarkup | None:
        """The markup that buttons stand for."""
        ...

    async def _switch_dc(self, new_dc: int) -> None: ...

    async def _on_login(self, user: types.User) -> types.User: ...

    async def _parse_message_text(self, message: Any, parse_mode: Any) -> tuple[str, list[types.TypeMessageEntity]]: ...

    async def _file_to_media(self, *args: Any, **kwargs: Any) -> Any: ...

    def _get_response_message(self, request: Any, result: Any, input_chat: Any) -> Any: ...

    async def _get_comment_data(self, entity: Any, comment_to: Any) -> tuple[types.TypeInputPeer, int]: ...

    def add_event_handler(self, callback: Callable[..., Any], event: Any = None) -> None:
        """Call a function for each event of a kind."""
        ...

    def remove_event_handler(self, callback: Callable[..., Any], event: Any = None) -> int:
        """No longer call it."""
        ...
