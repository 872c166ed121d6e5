"""The CDN of a test server as tests use it: what is on it, and the harm it tries to do.

Source: https://core.telegram.org/cdn
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.testing.world.cdn import CDN_WINDOW
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing.server import TelegramServerCore
    from telethon.testing.session import ServerSession
    from telethon.testing.world.cdn import HostedFile
    from telethon.testing.world.world import World
    from telethon.tl.tlobject import TLObject

__all__ = ["Cdn"]


class Cdn:
    """All CDNs of a server.

    Args:
        server: the server.
        world: the data of it.

    Example:
        ```python
        async with TelegramTestServer(cdn_dcs=(203,)) as server:
            file = server.cdn.put(message)
            file.flip(5000)
        ```
    """

    def __init__(self, server: TelegramServerCore, world: World) -> None:
        self._server = server
        self._world = world

    def put(
        self,
        media: Any,
        size: str = "",
        *,
        dc_id: int | None = None,
        window: int = CDN_WINDOW,
        redirects: int | None = None,
    ) -> HostedFile:
        """Bring a file to a CDN, so that whoever asks for it is sent there.

        Args:
            media: a document or photo, or what holds one, like a message.
            size: the `type` of a thumbnail or photo size; empty for the file itself, of photos for the biggest size.
            dc_id: the CDN, by default the first one.
            window: bytes that one hash is about, a multiple of 4096.
            redirects: how many requests for the file are sent to the CDN; None for all.

        Raises:
            ValueError: there is no such file or CDN.
        """
        files = self._world.files
        found = _file_in(media)
        document = files.documents.get(found)
        photo = files.photos.get(found)
        if document is not None:
            content = document.part(size)
        elif photo is not None:
            size = size or photo.sizes[-1][0]
            content = photo.data(size)
        else:
            raise ValueError(f"there is no file in a {type(media).__name__}, or not on this server")
        return self._world.cdn.put(found, content, size, dc_id=dc_id, window=window, redirects=redirects)

    def expire_tokens(self) -> None:
        """Let all tokens that clients have be worth nothing any more."""
        self._world.cdn.expire_tokens()

    @property
    def sessions(self) -> list[ServerSession]:
        """The sessions that clients have with CDNs."""
        return [session for session in self._server.sessions() if session.dc_id in self._world.cdn.dc_ids]

    def push(self, updates: TLObject) -> int:
        """Send updates over the connections to CDNs, which no client may take; gives to how many."""
        sessions = self.sessions
        for session in sessions:
            session.push(updates)
        return len(sessions)

    def push_result(self, req_msg_id: int, result: TLObject) -> int:
        """Send an answer that nobody asked a CDN for over the connections to CDNs; gives to how many.

        Args:
            req_msg_id: the msg_id of the request that is said to be answered.
            result: the answer.
        """
        sessions = self.sessions
        for session in sessions:
            session.push_result(req_msg_id, result)
        return len(sessions)


def _file_in(media: Any) -> int:
    """The id of the document or photo in *media*."""
    if isinstance(media, (types.Document, types.Photo)):
        return media.id
    for name in ("media", "document", "photo"):
        inner = getattr(media, name, None)
        if inner is not None and inner is not media:
            return _file_in(inner)
    return int(getattr(media, "id", 0)) if type(media).__name__.startswith("Stored") else 0
