"""Messages that no server should send: made by hand, or sent a second time.

    server.faults.forge(b"\\x01\\x02\\x03\\x04")                     # a constructor that nobody knows
    server.faults.forge(body, session_id=5)                      # of another session
    recording = server.faults.record(); ...; recording.replay()  # all of it again

A client may do anything with them but believe them, so it is not blamed for what follows on that connection.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from telethon.crypto.aes import AES
from telethon.crypto.kdf import aes_key_iv_v2, msg_key_v2
from telethon.mtproto.cipher import HEADER
from telethon.mtproto.side import Side
from telethon.testing._fault import Fault

if TYPE_CHECKING:
    from telethon.testing.connection import ServerConnection
    from telethon.testing.server import TelegramServerCore
    from telethon.testing.session import ServerSession

__all__ = ["Forging", "Recording"]

_MIN_PADDING = 12
_BLOCK = 16


class Recording:
    """Packets that the server has sent.

    Attributes:
        packets: each with the connection it went over, oldest first.
    """

    def __init__(self, outgoing: list[Fault]) -> None:
        self.packets: list[tuple[ServerConnection, bytes]] = []
        self._fault = Fault(outgoing, None, None, self._keep)

    def _keep(self, connection: ServerConnection, packets: list[bytes]) -> list[bytes]:
        self.packets += [(connection, packet) for packet in packets]
        return packets

    def stop(self) -> None:
        """Record no more."""
        self._fault.stop()

    def replay(self, seed: int | None = None) -> int:
        """Send everything again over the same connections, those that are closed left out; gives how many packets.

        Args:
            seed: mixes them up; None keeps their order.
        """
        packets = list(self.packets)
        if seed is not None:
            Random(seed).shuffle(packets)
        sent = 0
        for connection, packet in packets:
            if not connection.is_closed:
                connection.write_packet(packet)
                sent += 1
        return sent


class Forging:
    """The part of `Faults` that makes messages by hand.

    Args:
        server: the server.
    """

    def __init__(self, server: TelegramServerCore) -> None:
        self.outgoing: list[Fault] = []
        self._server = server

    def forge(
        self,
        body: bytes,
        *,
        msg_id: int | None = None,
        seq_no: int = 0,
        salt: int | None = None,
        session_id: int | None = None,
        length: int | None = None,
        padding: int | None = None,
        auth_key_id: bytes | None = None,
        dc_id: int | None = None,
    ) -> int:
        """Send a message made by hand to every client that is connected, encrypted with its own key.

        Args:
            body: what it says.
            msg_id: its number, by default the next one.
            seq_no: its sequence number.
            salt: by default the one that is valid.
            session_id: by default that of the session.
            length: what the message says of the length of its body, by default the truth.
            padding: how many bytes follow the body, by default as few as are allowed.
            auth_key_id: by default that of the key.
            dc_id: only at that data centre.

        Returns:
            To how many clients it went.

        Raises:
            ValueError: with that padding it is not made of blocks of 16 bytes, which nobody could encrypt.

        Source: https://core.telegram.org/mtproto/description#encrypted-message
        """
        size = HEADER.size + len(body)
        if padding is None:
            padding = _MIN_PADDING + (-size - _MIN_PADDING) % _BLOCK
        if padding < 0 or (size + padding) % _BLOCK:
            raise ValueError(f"a body of {len(body)} bytes needs a padding of {-size % _BLOCK} bytes, or 16 more")
        sent = 0
        for session in self._server.sessions():
            connection = session.connection
            if connection is None or dc_id not in (None, session.dc_id):
                continue
            header = HEADER.pack(
                self._salt(session) if salt is None else salt,
                session.session_id if session_id is None else session_id,
                session.next_msg_id() if msg_id is None else msg_id,
                seq_no,
                len(body) if length is None else length,
            )
            plaintext = header + body + self._server.rand(padding)
            key = session.key.auth_key
            msg_key = msg_key_v2(key, plaintext, Side.SERVER.x)
            sealed = AES.encrypt_ige(plaintext, *aes_key_iv_v2(key, msg_key, Side.SERVER.x))
            connection.meddled(altered=True)
            connection.write_packet(
                (session.key.auth_key_id if auth_key_id is None else auth_key_id) + msg_key + sealed
            )
            sent += 1
        return sent

    def _salt(self, session: ServerSession) -> int:
        return session.key.salts.at(self._server.now())

    def record(self) -> Recording:
        """Keep what the server sends from now on, so that it can be sent again."""
        return Recording(self.outgoing)
