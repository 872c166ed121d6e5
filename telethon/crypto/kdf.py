"""Keys made from keys: the AES key and iv of a message, of the key exchange, and the `msg_key` they start from.

x is the number of the side that sends (see `telethon.mtproto.side.Side`): 0 for the client, 8 for the server.
Version 2 is MTProto 2.0, for every message; version 1 is only for the message that binds a temporary key.

Source: https://core.telegram.org/mtproto/description#defining-aes-key-and-initialization-vector
"""

from __future__ import annotations

from hashlib import sha1, sha256

__all__ = ["aes_key_iv_v1", "aes_key_iv_v2", "msg_key_v1", "msg_key_v2", "tmp_aes_key_iv"]


def msg_key_v2(auth_key: bytes, plaintext: bytes, x: int) -> bytes:
    """The 16 bytes of `msg_key`.

    Args:
        auth_key: the 256 bytes of the key.
        plaintext: the whole of it, with its padding.
        x: number of the side that sends.
    """
    digest = sha256(auth_key[88 + x : 120 + x])
    digest.update(plaintext)
    return digest.digest()[8:24]


def aes_key_iv_v2(auth_key: bytes, msg_key: bytes, x: int) -> tuple[bytes, bytes]:
    """The AES key and iv, 32 bytes each, of a message.

    Args:
        auth_key: the 256 bytes of the key.
        msg_key: the 16 bytes that stand in the message.
        x: number of the side that sends.
    """
    a = sha256(msg_key + auth_key[x : 36 + x]).digest()
    b = sha256(auth_key[40 + x : 76 + x] + msg_key).digest()
    return a[:8] + b[8:24] + a[24:], b[:8] + a[8:24] + b[24:]


def msg_key_v1(plaintext: bytes) -> bytes:
    """The 16 bytes of `msg_key` in MTProto 1.0.

    Args:
        plaintext: the whole of it, without its padding.

    Source: https://core.telegram.org/mtproto/description_v1#message-key
    """
    return sha1(plaintext).digest()[4:20]


def aes_key_iv_v1(auth_key: bytes, msg_key: bytes, x: int) -> tuple[bytes, bytes]:
    """The AES key and iv, 32 bytes each, of a message in MTProto 1.0.

    Args:
        auth_key: the 256 bytes of the key.
        msg_key: the 16 bytes that stand in the message.
        x: number of the side that sends.

    Source: https://core.telegram.org/mtproto/description_v1#defining-aes-key-and-initialization-vector
    """
    a = sha1(msg_key + auth_key[x : 32 + x]).digest()
    b = sha1(auth_key[32 + x : 48 + x] + msg_key + auth_key[48 + x : 64 + x]).digest()
    c = sha1(auth_key[64 + x : 96 + x] + msg_key).digest()
    d = sha1(msg_key + auth_key[96 + x : 128 + x]).digest()
    return a[:8] + b[8:] + c[4:16], a[8:] + b[:8] + c[16:] + d[:8]


def tmp_aes_key_iv(new_nonce: bytes, server_nonce: bytes) -> tuple[bytes, bytes]:
    """The AES key and iv, 32 bytes each, of the encrypted parts of the key exchange.

    Args:
        new_nonce: the 32 secret bytes of the client.
        server_nonce: the 16 bytes of the server.

    Source: https://core.telegram.org/mtproto/auth_key#presenting-proof-of-work-server-authentication
    """
    a = sha1(new_nonce + server_nonce).digest()
    b = sha1(server_nonce + new_nonce).digest()
    c = sha1(new_nonce + new_nonce).digest()
    return a + b[:12], b[12:] + c + new_nonce[:4]
