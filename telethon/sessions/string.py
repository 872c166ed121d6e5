"""A session that can be written as one line of text.

The text is a digit for the version of the format, then the base64 form (of the kind that is safe in links) of
::

    data centre (1 byte) | IP address (4 or 16 bytes) | port (2 bytes, big-endian) | auth_key (256 bytes)

Whoever has this text has the login, so it is to be kept as secret as a password.
"""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING

from telethon._core.oldnames import old_names
from telethon.sessions.memory import MemorySession

if TYPE_CHECKING:
    from telethon.sessions.abstract import Session
else:
    __getattr__ = old_names(__name__)

__all__ = ["StringSession"]

_STRUCT_PREFORMAT = ">B{}sH256s"
CURRENT_VERSION = "1"


class StringSession(MemorySession):
    """A session in memory that begins with the login in a text, and gives it as a text.

    Args:
        string: what `save` gave; `None` or an empty text for a session without a login.

    Raises:
        ValueError: the text is not one that `save` gives.

    Example:
        ::

            with TelegramClient(StringSession(), api_id, api_hash) as client:
                print(client.session.save())
    """

    def __init__(self, string: str | None = None) -> None:
        super().__init__()
        if string is not None and not isinstance(string, str):
            raise TypeError(f"A string session is made of text, not of {type(string).__name__}")
        # Mail programs and terminals break long lines.
        string = "".join(string.split()) if string else ""
        if not string:
            return
        if string[0] != CURRENT_VERSION:
            raise ValueError(
                f"Not a valid string: a string session begins with {CURRENT_VERSION}. "
                "Check that it was copied as a whole, and is not that of another library"
            )
        try:
            data = self.decode(string[1:])
        except ValueError:
            # Not chained: that error may hold a part of the text.
            raise _damaged() from None
        address_size = {263: 4, 275: 16}.get(len(data))
        if address_size is None or self.encode(data) != string[1:]:
            raise _damaged()
        import ipaddress

        from telethon.crypto import AuthKey

        dc_id, address, port, key = struct.unpack(_STRUCT_PREFORMAT.format(address_size), data)
        self._dc_id = dc_id
        self._server_address = ipaddress.ip_address(address).compressed
        self._port = port
        if any(key):
            self._auth_key = AuthKey(key)

    @staticmethod
    def encode(x: bytes) -> str:
        """The text form of *x*: base64 with the two characters that are safe in links."""
        return base64.urlsafe_b64encode(x).decode("ascii")

    @staticmethod
    def decode(x: str) -> bytes:
        """The bytes whose text form *x* is."""
        return base64.urlsafe_b64decode(x)

    def save(self: Session) -> str:  # type: ignore[override]
        """The text for this login, or an empty one when there is no key.

        It works with any session: ``StringSession.save(other)``.

        Raises:
            ValueError: the address of the data centre is not an IP address, or its number or port is out of range.
        """
        key = self.auth_key.key if self.auth_key else None
        if not key:
            return ""
        import ipaddress

        address = ipaddress.ip_address(self.server_address or "").packed
        try:
            data = struct.pack(_STRUCT_PREFORMAT.format(len(address)), self.dc_id, address, self.port, key)
        except struct.error:
            # Not chained, since the error does not say more.
            raise ValueError(
                f"Data centre {self.dc_id} with port {self.port} does not fit into a string session"
            ) from None
        return CURRENT_VERSION + StringSession.encode(data)


def _damaged() -> ValueError:
    return ValueError("Not a valid string: the string session is damaged or not complete; copy it again as a whole")
