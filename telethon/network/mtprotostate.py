"""The numbers of an encrypted session under the names that Telethon gave them.

The client's own connections only use the core in `telethon.mtproto.state`; programs use this class to make messages by
hand, for example those of secret chats.

Source: https://core.telegram.org/mtproto/description
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from telethon._core.oldnames import old_names
from telethon.errors.common import InvalidBufferError, SecurityError
from telethon.network.system import CLOCK, RANDOM

if TYPE_CHECKING:
    import logging

    from telethon.crypto import AuthKey
    from telethon.mtproto.msgwindow import MsgWindow
    from telethon.mtproto.state import MTProtoState as CoreState
    from telethon.tl.core.tlmessage import TLMessage
else:
    __getattr__ = old_names(__name__)

__all__ = ["MAX_CONSECUTIVE_IGNORED", "MAX_RECENT_MSG_IDS", "MSG_TOO_NEW_DELTA", "MSG_TOO_OLD_DELTA", "MTProtoState"]

MAX_RECENT_MSG_IDS = 500
MSG_TOO_NEW_DELTA = 30
MSG_TOO_OLD_DELTA = 300
MAX_CONSECUTIVE_IGNORED = 10


class Writable(Protocol):
    """What a message can be written to."""

    def write(self, data: bytes, /) -> object:
        """Add bytes."""
        ...


class MTProtoState:
    """Makes and opens encrypted messages of one session.

    Args:
        auth_key: the authorization key.
        loggers: loggers by module name.

    Attributes:
        auth_key: as given.
        id: the session_id.
        salt: the server salt, as a signed number.
        time_offset: seconds to add to the clock of this machine to get the server's time.
    """

    def __init__(self, auth_key: AuthKey, loggers: Mapping[str, logging.Logger]) -> None:
        self.auth_key = auth_key
        self._log = loggers[__name__]
        self._core: CoreState | None = None
        self._window: MsgWindow | None = None
        self._ignored = 0
        self._salt = 0
        self._id = _new_id()
        self._time_offset: float = 0

    @property
    def id(self) -> int:
        """The session_id."""
        return self._id if self._core is None else self._core.session_id

    @id.setter
    def id(self, value: int) -> None:
        self._id = value
        if self._core is not None:
            self._core.session_id = value

    @property
    def salt(self) -> int:
        """The server salt, as a signed number."""
        return self._salt if self._core is None else self._core.salt

    @salt.setter
    def salt(self, value: int) -> None:
        self._salt = value
        if self._core is not None:
            self._core.salt = value

    @property
    def time_offset(self) -> float:
        """Seconds to add to the clock of this machine to get the server's time."""
        return self._time_offset if self._core is None else self._core.time_offset

    @time_offset.setter
    def time_offset(self, value: float) -> None:
        self._forget_core()
        self._time_offset = value

    def reset(self) -> None:
        """Begin a new session: another `id`, and messages are numbered from the start."""
        self._forget_core()
        self._window = None
        self._ignored = 0
        self._id = _new_id()

    def core(self) -> CoreState:
        """The state the protocol core works with. It stays the same until the key changes or `reset` is called.

        Raises:
            ValueError: there is no key yet.
        """
        from telethon.mtproto.state import MTProtoState as CoreState

        key = self.auth_key.key
        if not key:
            raise ValueError("without an authorization key there is no encrypted session; connect first")
        if self._core is not None and not self._core.is_for(key):
            # What was learnt about the time is true for any key.
            self._forget_core()
            self._salt = 0
        if self._core is None:
            self._core = CoreState(
                key, rand=RANDOM, salt=self._salt, session_id=self._id, time_offset=self._time_offset
            )
        return self._core

    def _forget_core(self) -> None:
        core, self._core = self._core, None
        if core is not None:
            self._salt, self._id, self._time_offset = core.salt, core.session_id, core.time_offset

    def update_message_id(self, message: Any) -> None:
        """Give a message (anything with a `msg_id`) a new id."""
        message.msg_id = self.core().new_msg_id(CLOCK.now())

    @staticmethod
    def _calc_key(auth_key: bytes, msg_key: bytes, client: bool) -> tuple[bytes, bytes]:
        """The AES key and initialisation vector of a message.

        Source: https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector
        """
        from telethon.crypto.kdf import aes_key_iv_v2

        return aes_key_iv_v2(auth_key, msg_key, 0 if client else 8)

    def write_data_as_message(
        self, buffer: Writable, data: bytes, content_related: bool, *, after_id: int | None = None
    ) -> int:
        """Write a message, not encrypted yet, into a buffer.

        Args:
            buffer: anything with a `write`.
            data: the serialised request.
            content_related: whether the server has to acknowledge it.
            after_id: msg_id of a message that the server must have handled before this one.

        Returns:
            The msg_id of the message.
        """
        from telethon.mtproto import wire
        from telethon.mtproto.limits import Limits
        from telethon.mtproto.packed import pack_body
        from telethon.mtproto.packer import pack_message

        core = self.core()
        msg_id = core.new_msg_id(CLOCK.now())
        seq_no = core.next_seq_no(content_related)
        if after_id is not None:
            data = wire.UINT.pack(wire.INVOKE_AFTER_MSG) + wire.LONG.pack(after_id) + data
        body = pack_body(data, Limits()) if content_related else data
        buffer.write(pack_message(msg_id, seq_no, body))
        return msg_id

    def encrypt_message_data(self, data: bytes) -> bytes:
        """The packet for what `write_data_as_message` wrote."""
        from telethon.mtproto.cipher import encrypt
        from telethon.mtproto.side import Side

        core = self.core()
        header = core.salt.to_bytes(8, "little", signed=True) + core.session_id.to_bytes(8, "little", signed=True)
        return encrypt(core.auth_key, header + bytes(data), Side.CLIENT, RANDOM)

    def decrypt_message_data(self, body: bytes) -> TLMessage | None:
        """The message in a packet of the server.

        Returns:
            The message with its object, or None when it has to be ignored: it came before, or is too old or too new.

        Raises:
            InvalidBufferError: the packet is too short, or a transport error.
            SecurityError: it was not made with this key, or belongs to another session.
            TypeNotFoundError: it holds an object that this layer does not know.
        """
        from telethon.extensions.binaryreader import BinaryReader
        from telethon.mtproto.cipher import decrypt
        from telethon.mtproto.msgwindow import MsgWindow
        from telethon.mtproto.side import Side
        from telethon.tl.core.tlmessage import TLMessage

        if len(body) < 8:
            raise InvalidBufferError(body)
        core = self.core()
        message = decrypt(core.auth_key, body, Side.SERVER)
        if message.session_id != core.session_id:
            raise SecurityError("The server answered with another session id than that of this session")
        if not message.msg_id & 1:
            raise SecurityError("The server sent a msg_id that only a client may use")
        now = CLOCK.now()
        if self._window is None:
            self._window = MsgWindow(MAX_RECENT_MSG_IDS)
        timely = core.is_timely(message.msg_id, now, MSG_TOO_OLD_DELTA, MSG_TOO_NEW_DELTA)
        if not timely or not self._window.add(message.msg_id, message.seq_no & 1 == 1):
            self._ignored += 1
            if self._ignored >= MAX_CONSECUTIVE_IGNORED:
                raise SecurityError("Too many messages had to be ignored consecutively")
            return None
        self._ignored = 0
        return TLMessage(message.msg_id, message.seq_no, BinaryReader(message.body).tgread_object())

    def update_time_offset(self, correct_msg_id: int) -> float:
        """Learn the time of the server from a msg_id of it.

        Returns:
            The new `time_offset`.
        """
        now = CLOCK.now()
        if self._core is None:
            self._time_offset = (correct_msg_id >> 32) - now.wall
        else:
            self._core.resync(correct_msg_id, now)
        return self.time_offset


def _new_id() -> int:
    return int.from_bytes(RANDOM(8), "little", signed=True) or 1
