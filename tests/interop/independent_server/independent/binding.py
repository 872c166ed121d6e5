"""The message with which a permanent key vouches for a temporary one, in the encryption of MTProto 1.0.

Sources: https://core.telegram.org/method/auth.bindTempAuthKey, https://core.telegram.org/mtproto/description_v1
"""

from __future__ import annotations

import struct

from independent.ciphers import ige_decrypt, sha1
from independent.envelope import AuthKey, BadEnvelope
from independent.tl import Object, load


def open_binding(key: AuthKey, data: bytes) -> tuple[int, Object]:
    """The msg_id of the message, and what is in it."""
    msg_key, encrypted = data[8:24], data[24:]
    if data[:8] != key.id or not encrypted or len(encrypted) % 16:
        raise BadEnvelope("it is not of that key")
    value = key.value
    a, b = sha1(msg_key, value[:32]), sha1(value[32:48], msg_key, value[48:64])
    c, d = sha1(value[64:96], msg_key), sha1(msg_key, value[96:128])
    aes_key = a[:8] + b[8:20] + c[4:16]
    aes_iv = a[8:20] + b[:8] + c[16:20] + d[:8]
    plain = ige_decrypt(encrypted, aes_key, aes_iv)
    msg_id, seq_no, length = struct.unpack("<qii", plain[16:32])
    end = 32 + length
    if length != 40 or seq_no or not 0 <= len(plain) - end < 16 or sha1(plain[:end])[4:20] != msg_key:
        raise BadEnvelope("the message is not as it must be")
    inner: Object = load(plain[32:end])
    return msg_id, inner
