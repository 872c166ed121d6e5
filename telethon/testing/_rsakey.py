"""The RSA key of the test server.

Clients encrypt the first secret of a key exchange with the public half, so they must be told it: `pem` is the text that
`telethon.crypto.rsa.add_key` takes. The built-in key is printed here for everybody to read. It protects nothing, and is
only good for servers that exist within a test.

Source: https://core.telegram.org/mtproto/auth_key
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha1

__all__ = ["TEST_KEY", "ServerRsaKey", "cdn_key"]

_P = (
    "8dfee9e08bcec9052fe04d0074c241a1aaf79c5ce6c8bc223182e8db5438dba2"
    "de08ee735e2f43157c876b33cd71cb4c54e2533fcbb09c9b18dd0f9061f1d2cb"
    "652b92be6a8321c752f1bfd4107c311731f20ed26c92ef6e1cfb0c9724ba305f"
    "0d51b73f7e7e3bd4266af50742ce845999a706baa7cb2bc2b60db60d48e330e3"
    "ac2f9633b422e917"
)
_Q = (
    "e9cf2e62f3e6f5f02edbcaa220f5ff4925e984e745e801866dbdbe517a1897e8"
    "eeb98e64b83fb6cef26b18c26ce413d2ade373b8590710684369f1860d7277bc"
    "fd1b849c1c702989f082f573fffc7b368a04fa161495ae4db7ac55a17ab8cc16"
    "a84d922feae81aac37d7ca64131eb03b2d82880ec25ca32b"
)

_CDN_P = (
    "9eab1c1f39f253cd93a9378bf3d6565d01fe29854a04036a54f4531ae58a5d40"
    "2796964573fd3d871a64bcd9b49c231e020e39e7989788dd9b7d1da0fe5738a4"
    "ee865e328dcbd5f6c0aaa9b57f78715d9f03139413d7fd081bae4d8b8aa9b7fc"
    "6e2ef4b1acc96f708fe84d5174b69e912d644731ad427bc6a9bda1c4c1f2b0b0"
    "16cd17f959495891"
)
_CDN_Q = (
    "ea7b733b3fa0cb0c9cfb4ab939a29c7c3676e7e7f566ff026b83d46249d2722a"
    "1a0be3132f026c7510c610cb848910e84d879446b0b8e6a000ac6c533758ed05"
    "13838c6858ec0af2b3dcffc0a35234fe3c713d9efb6bbfa1960a7ea7bb7f1bb8"
    "cca1a91f1c5c8db44d18426aa334a66c2a4af3b9fd427761"
)


class ServerRsaKey:
    """A pair of RSA keys of 2048 bits.

    Args:
        p: one prime factor of the modulus.
        q: the other one.
        e: the public exponent.

    Attributes:
        n: the modulus.
        e: the public exponent.
        fingerprint: the number that names the key in the protocol, signed.

    Raises:
        ValueError: the modulus does not have 2048 bits.
    """

    def __init__(self, p: int, q: int, e: int = 65537) -> None:
        self.n = p * q
        if self.n.bit_length() != 2048:
            raise ValueError(f"the modulus of a server key has 2048 bits, this one has {self.n.bit_length()}")
        self.e = e
        self._p = p
        self._q = q
        self._d_p = pow(e, -1, p - 1)
        self._d_q = pow(e, -1, q - 1)
        self._q_inverse = pow(q, -1, p)
        digest = sha1(_tl_bytes(_to_bytes(self.n)) + _tl_bytes(_to_bytes(e))).digest()
        self.fingerprint = int.from_bytes(digest[12:], "little", signed=True)

    def __repr__(self) -> str:
        return f"ServerRsaKey(fingerprint={self.fingerprint:#x})"

    @classmethod
    def generate(cls) -> ServerRsaKey:
        """A new pair; takes a few seconds."""
        import rsa

        _, private = rsa.newkeys(2048)
        return cls(private.p, private.q, private.e)

    @property
    def pem(self) -> str:
        """The public key as text (PKCS #1)."""
        content = _der(0x02, b"\0" + _to_bytes(self.n)) + _der(0x02, _to_bytes(self.e))
        text = b64encode(_der(0x30, content)).decode("ascii")
        lines = "\n".join(text[start : start + 64] for start in range(0, len(text), 64))
        return f"-----BEGIN RSA PUBLIC KEY-----\n{lines}\n-----END RSA PUBLIC KEY-----\n"

    def decrypt(self, data: bytes) -> bytes:
        """The 256 bytes that were encrypted; without any padding of RSA's own."""
        number = int.from_bytes(data, "big")
        of_p = pow(number, self._d_p, self._p)
        of_q = pow(number, self._d_q, self._q)
        result = of_q + self._q * ((of_p - of_q) * self._q_inverse % self._p)
        return result.to_bytes(256, "big")


def _to_bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _tl_bytes(data: bytes) -> bytes:
    head = bytes((len(data),)) if len(data) < 254 else b"\xfe" + len(data).to_bytes(3, "little")
    return head + data + bytes(-(len(head) + len(data)) % 4)


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = _to_bytes(size)
    return bytes((tag, 0x80 | len(length))) + length + content


TEST_KEY = ServerRsaKey(int(_P, 16), int(_Q, 16))
"""The key that every test server has unless it is given another one."""


def cdn_key() -> ServerRsaKey:
    """The key that the CDNs of every test server have."""
    return ServerRsaKey(int(_CDN_P, 16), int(_CDN_Q, 16))
