"""Temporary keys, which give perfect forward secrecy: whoever gets hold of the permanent key cannot read what was sent.

    +--------+  key exchange   +---------+  auth.bindTempAuthKey  +-------+
    | CREATE | --------------> |  BIND   | ---------------------> |  USE  |
    +--------+                 +---------+                        +-------+
        ^                         |   ^       AUTH_KEY_PERM_EMPTY   |   |
        |                         |   +-----------------------------+   |
        +---- refused, -404 ------+------------- soon to expire, -404 --+

The request that binds comes encrypted with the temporary key and holds a message encrypted with the permanent one, in
the way of MTProto 1.0; so it proves that its sender has both:

    0         8          24
    +---------+----------+------------------------------------------------------------------------------+
    | perm_   | msg_key  | AES-256-IGE of: random (16), msg_id (8), seq_no = 0 (4), length = 40 (4),    |
    | key_id  |          | bind_auth_key_inner (40), padding to whole blocks (8)                        |
    +---------+----------+------------------------------------------------------------------------------+

A fault of a temporary key never costs the permanent one.

Source: https://core.telegram.org/api/pfs
Source: https://core.telegram.org/method/auth.bindTempAuthKey
"""

from __future__ import annotations

from enum import Enum
from hashlib import sha1
from struct import Struct, pack

from telethon._core.rand import RandomBytes, random_long
from telethon.crypto.aes import AES
from telethon.crypto.kdf import aes_key_iv_v1, msg_key_v1
from telethon.errors.common import LocalProtocolError
from telethon.mtproto.side import Side
from telethon.mtproto.wire import UINT, write_bytes

__all__ = ["Refusal", "Step", "TemporaryKey", "bind_request"]

BIND_TEMP_AUTH_KEY = 0xCDD42A05
BIND_AUTH_KEY_INNER = 0x75A3F765
BOOL_TRUE = 0x997275B5

_INNER = Struct("<Iqqqqi")
_HEADER = Struct("<16sqii")
_LIFETIME = 86400
_MARGIN = 3600
_END_MARGIN = 5.0
"""Seconds before its end from which on a key is not used any more: what is sent with it has to arrive in time."""

_MAX_INVALID = 3
"""Keys in a row that the server finds wrongly bound, before the permanent key is doubted."""

_KEY_IS_NO_GOOD = frozenset(("TEMP_AUTH_KEY_ALREADY_BOUND", "TEMP_AUTH_KEY_EMPTY", "EXPIRES_AT_INVALID"))


class Step(Enum):
    """What to do next."""

    CREATE = 0
    """Make a temporary key: a key exchange with `expires_in`, on a connection of its own."""

    BIND = 1
    """Send the request that binds it, before anything else."""

    USE = 2
    """Nothing; requests may be sent. The first one after binding has to introduce the client (initConnection)."""


class Refusal(Enum):
    """What it means that the server refuses to bind a key."""

    AGAIN = 0
    """It was not about the key: bind the same one again, after a pause."""

    NEW_KEY = 1
    """The key is of no use; the next step is to create another one."""

    PERMANENT_KEY_UNKNOWN = 2
    """Several keys in a row were found wrongly bound: the server does not know the permanent key any more."""


class TemporaryKey:
    """The temporary key of a data centre through its life.

    All times are Unix seconds of the server, as `MTProtoState.server_time` tells them.

    Args:
        permanent: the 256 bytes of the permanent key.
        rand: where random bytes come from.
        lifetime: seconds a key is made for.
        margin: seconds before its end at which it is replaced, at most a quarter of its life.

    Attributes:
        auth_key: the 256 bytes of the key, None before there is one.
        expires_at: when it ends.

    Raises:
        LocalProtocolError: the permanent key does not have 256 bytes.

    Example:
        >>> key = TemporaryKey(permanent, rand=system_random)
        >>> if key.step(state.server_time(now)) is Step.CREATE:
        ...     exchange = KeyExchange(dc_id=2, rand=system_random, expires_in=key.lifetime)
    """

    def __init__(
        self, permanent: bytes, *, rand: RandomBytes, lifetime: int = _LIFETIME, margin: float = _MARGIN
    ) -> None:
        if len(permanent) != 256:
            raise LocalProtocolError(f"an auth_key has 256 bytes, this one has {len(permanent)}")
        self.lifetime = lifetime
        self.auth_key: bytes | None = None
        self.expires_at = 0
        self._permanent = permanent
        self._rand = rand
        self._margin = min(margin, lifetime / 4)
        self._is_bound = False
        self._invalid = 0

    def __repr__(self) -> str:
        return f"TemporaryKey(expires_at={self.expires_at}, is_bound={self._is_bound})"

    def step(self, server_time: float) -> Step:
        """What to do now."""
        if self.auth_key is None or server_time >= self.expires_at - self._margin:
            return Step.CREATE
        return Step.USE if self._is_bound else Step.BIND

    def is_good(self, server_time: float) -> bool:
        """Whether it is bound and has not ended, be it time to replace it or not."""
        return self._is_bound and server_time < self.expires_at - _END_MARGIN

    def next_change(self) -> float | None:
        """When the step becomes `Step.CREATE` by itself; None: it is that already."""
        return None if self.auth_key is None else self.expires_at - self._margin

    def created(self, auth_key: bytes, server_time: float) -> None:
        """A key exchange that began with `expires_in=lifetime` gave a key.

        Args:
            auth_key: the 256 bytes of the key.
            server_time: when the exchange began, or before.
        """
        self.auth_key = auth_key
        self.expires_at = int(server_time) + self.lifetime
        self._is_bound = False

    def request(self, session_id: int, msg_id: int) -> bytes:
        """The request that binds the key, for the session and the msg_id it is sent in.

        Example:
            >>> engine.submit(lambda msg_id: key.request(engine.state.session_id, msg_id), token="bind")

        Raises:
            LocalProtocolError: there is no key.
        """
        if self.auth_key is None:
            raise LocalProtocolError("there is no temporary key to bind; create one first")
        return bind_request(
            self._permanent,
            self.auth_key,
            session_id=session_id,
            msg_id=msg_id,
            expires_at=self.expires_at,
            rand=self._rand,
        )

    def answered(self, body: bytes) -> bool:
        """The server answered that request; gives whether the key is bound now. If not, another one is needed."""
        self._is_bound = body == UINT.pack(BOOL_TRUE)
        self._invalid = 0
        if not self._is_bound:
            self.forget()
        return self._is_bound

    def refused(self, message: str) -> Refusal:
        """The server answered that request with an error.

        Args:
            message: the text of the error.
        """
        if message == "ENCRYPTED_MESSAGE_INVALID":
            self._invalid += 1
            self.forget()
            return Refusal.PERMANENT_KEY_UNKNOWN if self._invalid >= _MAX_INVALID else Refusal.NEW_KEY
        if message in _KEY_IS_NO_GOOD:
            self.forget()
            return Refusal.NEW_KEY
        return Refusal.AGAIN

    def unbound(self) -> None:
        """The server says that the key is not bound (AUTH_KEY_PERM_EMPTY): bind it again."""
        self._is_bound = False

    def forget(self) -> None:
        """The server does not know the key (transport error 404), or it is of no use: another one is needed."""
        self.auth_key = None
        self.expires_at = 0
        self._is_bound = False


def bind_request(
    permanent: bytes, temporary: bytes, *, session_id: int, msg_id: int, expires_at: int, rand: RandomBytes
) -> bytes:
    """A serialised auth.bindTempAuthKey.

    Args:
        permanent: the 256 bytes of the permanent key.
        temporary: the 256 bytes of the temporary key, with which the request is going to be encrypted.
        session_id: session it is sent in.
        msg_id: under which it is sent.
        expires_at: end of the temporary key, in Unix seconds of the server.
        rand: where random bytes come from.
    """
    permanent_id, temporary_id = _key_id(permanent), _key_id(temporary)
    nonce = random_long(rand)
    inner = _INNER.pack(
        BIND_AUTH_KEY_INNER,
        nonce,
        int.from_bytes(temporary_id, "little", signed=True),
        int.from_bytes(permanent_id, "little", signed=True),
        session_id,
        expires_at,
    )
    plaintext = _HEADER.pack(rand(16), msg_id, 0, len(inner)) + inner
    msg_key = msg_key_v1(plaintext)
    key, iv = aes_key_iv_v1(permanent, msg_key, Side.CLIENT.x)
    encrypted = permanent_id + msg_key + AES.encrypt_ige(plaintext + rand(-len(plaintext) % 16), key, iv)
    head = pack("<I8sqi", BIND_TEMP_AUTH_KEY, permanent_id, nonce, expires_at)
    return head + write_bytes(encrypted)


def _key_id(auth_key: bytes) -> bytes:
    return sha1(auth_key).digest()[12:]
