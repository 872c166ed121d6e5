"""A server's RSA key for tests, with its private half."""

from __future__ import annotations

from telethon.crypto.rsa import ServerKey

_P = int(
    "db0736904d5b6511f85af8be3a48739af2b4b862108add78670a82ec21df4c5f39639478ce1fd05236c2e871d850679b92925736dec447a6"
    "6b705f68d00af03ff883abbd697292dd327e7f10f7ee5bd4c9ab9357860b571e2532c1cd05b9c7db1be3e0b45bc0261b64b8e71ad018ab3b"
    "b6aad085bd68f7b90162fa857d6c9e61dcefbf736cc321f5",
    16,
)
_Q = int(
    "dead5ed89983ad30b4fcf7464ad7858313d94c5a5c2c0be86d67920b98e18e4dcb0d2debd661ad437739eb7dfba427a6387da4430aeac266"
    "727ebb3b738c793116d79e81e50efbf3ea36b6296a881c6a948679be167baa51805849bdcdc485983cd4773935950b7d46c92a2c081d600b"
    "ea694f79ab9be9ed",
    16,
)

KEY = ServerKey(_P * _Q, 65537)
_D_P, _D_Q = pow(KEY.e, -1, _P - 1), pow(KEY.e, -1, _Q - 1)
_Q_INVERSE = pow(_Q, -1, _P)


def decrypt(data: bytes) -> bytes:
    """The 256 bytes that were encrypted for `KEY`; by the Chinese remainder theorem, which is four times as fast."""
    number = int.from_bytes(data, "big")
    by_p, by_q = pow(number, _D_P, _P), pow(number, _D_Q, _Q)
    return (by_q + (by_p - by_q) * _Q_INVERSE % _P * _Q).to_bytes(256, "big")
