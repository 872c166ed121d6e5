"""auth.bindTempAuthKey: tying a temporary key to a permanent one.

The client proves that it has both: the request comes encrypted with the temporary key, and holds a message encrypted
with the permanent one, in the way of MTProto 1.0:

    0         8          24
    +---------+----------+-----------------------------------------------------------------------------------+
    | perm_   | msg_key  | AES-256-IGE of: random (16), msg_id (8), seq_no = 0 (4), length = 40 (4),         |
    | key_id  |          | bind_auth_key_inner (40), padding to whole blocks                                 |
    +---------+----------+-----------------------------------------------------------------------------------+

Source: https://core.telegram.org/method/auth.bindTempAuthKey
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha1
from struct import unpack_from
from typing import TYPE_CHECKING

from telethon.crypto.aes import AES
from telethon.testing._rpc import RpcFault
from telethon.tl import types

if TYPE_CHECKING:
    from telethon.testing._keys import KnownKey
    from telethon.testing.server import TelegramServerCore
    from telethon.tl.functions.auth import BindTempAuthKeyRequest

__all__ = ["bind_temp_key"]

_INNER = types.BindAuthKeyInner.CONSTRUCTOR_ID


def bind_temp_key(
    server: TelegramServerCore,
    key: KnownKey,
    session_id: int,
    msg_id: int,
    request: BindTempAuthKeyRequest,
    complain: Callable[[str, str], None],
) -> None:
    """Tie the key a request came with to the permanent key it names.

    Args:
        server: the server, which knows all keys.
        key: key that the request came with.
        session_id: session it came in.
        msg_id: its msg_id.
        request: itself.
        complain: told what is wrong with the proof.

    Raises:
        RpcFault: the key is not temporary, is tied to another one, or the proof is wrong.
    """
    record = key.record
    if record.expires_at is None:
        raise RpcFault(400, "TEMP_AUTH_KEY_EMPTY")
    perm_id = request.perm_auth_key_id
    permanent = server.find_key(key.record.dc_id, (perm_id & (1 << 64) - 1).to_bytes(8, "little"))
    if permanent is None or permanent.record.is_temporary:
        complain("bind", "the permanent key is not known, or not permanent")
        raise RpcFault(400, "ENCRYPTED_MESSAGE_INVALID")
    if record.permanent is not None and record.permanent is not permanent.record:
        raise RpcFault(400, "TEMP_AUTH_KEY_ALREADY_BOUND")
    expires_at: int = request.__dict__.get("_raw_expires_at", 0)
    expected = (request.nonce, record.auth_key_id, perm_id, session_id, expires_at)
    fault = _fault(permanent, request.encrypted_message, msg_id, expected)
    if not fault and not expires_at - server.now() > 0:
        fault = "the key would end before now"
    if fault:
        complain("bind", fault)
        raise RpcFault(400, "ENCRYPTED_MESSAGE_INVALID")
    record.permanent = permanent.record
    record.expires_at = min(record.expires_at, expires_at)


def _fault(permanent: KnownKey, message: bytes, msg_id: int, expected: tuple[int, ...]) -> str:
    """What is wrong with the message, empty when nothing is."""
    if len(message) < 24 + 80 or (len(message) - 24) % 16 or message[:8] != permanent.auth_key_id:
        return "the encrypted message does not name the permanent key, or has a length it cannot have"
    msg_key = message[8:24]
    plain = AES.decrypt_ige(message[24:], *_key_iv(permanent.auth_key, msg_key))
    inner_msg_id, seq_no, length, constructor = unpack_from("<qiiI", plain, 16)
    fields = unpack_from("<qqqqi", plain, 36)
    if sha1(plain[: 32 + length]).digest()[4:] != msg_key:
        return "msg_key of the encrypted message is wrong"
    if (length, constructor, seq_no) != (40, _INNER, 0):
        return "the encrypted message does not hold a bind_auth_key_inner alone, or its seq_no is not 0"
    if inner_msg_id != msg_id:
        return "the encrypted message has another msg_id than the request"
    if fields != expected:
        return "bind_auth_key_inner does not say the same as the request"
    return ""


def _key_iv(auth_key: bytes, msg_key: bytes) -> tuple[bytes, bytes]:
    """AES key and iv of MTProto 1.0 for what a client sends.

    Source: https://core.telegram.org/mtproto/description_v1#defining-aes-key-and-initialization-vector
    """
    a = sha1(msg_key + auth_key[:32]).digest()
    b = sha1(auth_key[32:48] + msg_key + auth_key[48:64]).digest()
    c = sha1(auth_key[64:96] + msg_key).digest()
    d = sha1(msg_key + auth_key[96:128]).digest()
    return a[:8] + b[8:20] + c[4:16], a[8:20] + b[:8] + c[16:20] + d[:8]
