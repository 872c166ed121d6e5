"""The arithmetic that keeps a connection secret: AES, RSA, Diffie-Hellman, password proofs.

Everything in here is a function of its arguments: no socket, no clock, and random bytes only where a public name of the
library draws them for its caller. Nothing is loaded before it is used.

Source: https://core.telegram.org/mtproto/security_guidelines
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from telethon._core.oldnames import star_names

if TYPE_CHECKING:
    from telethon.crypto.aes import AES
    from telethon.crypto.aesctr import AESModeCTR
    from telethon.crypto.authkey import AuthKey
    from telethon.crypto.cdndecrypter import CdnDecrypter
    from telethon.crypto.factorization import Factorization

__all__ = ["AES", "AESModeCTR", "AuthKey", "CdnDecrypter", "Factorization"]

if not TYPE_CHECKING:
    __all__ = star_names(__name__, __all__)

_HOME = {
    "AES": "telethon.crypto.aes",
    "AESModeCTR": "telethon.crypto.aesctr",
    "AuthKey": "telethon.crypto.authkey",
    "CdnDecrypter": "telethon.crypto.cdndecrypter",
    "Factorization": "telethon.crypto.factorization",
}
_MODULES = ("aes", "aesctr", "authkey", "cdndecrypter", "factorization", "libssl", "rsa")


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
