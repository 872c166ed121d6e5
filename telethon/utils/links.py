"""Telephone numbers, user names, and the links and ids that name chats.

Source: https://core.telegram.org/api/links
"""

from __future__ import annotations

import re
import struct
from binascii import Error as Base64Error
from binascii import a2b_base64
from typing import TYPE_CHECKING, Final

from telethon.tl import types

if TYPE_CHECKING:
    PeerUserOrChannel = types.PeerUser | types.PeerChannel

USERNAME_RE: Final = re.compile(r"@|(?:https?://)?(?:www\.)?(?:telegram\.(?:me|dog)|t\.me)/(@|\+|joinchat/)?")
TG_JOIN_RE: Final = re.compile(r"tg://(join)\?invite=")
#: Two to thirty-two letters, digits and single underscores, starting with a letter and not ending in an underscore.
VALID_USERNAME_RE: Final = re.compile(r"^[a-z](?:(?!__)\w){1,30}[a-z\d]$", re.IGNORECASE)


def parse_phone(phone: object) -> str | None:
    """The digits of a telephone number without the usual ornaments, or `None` when *phone* is not one.

    Integers are taken as they are.

    Args:
        phone: text or an integer.

    Example:
        >>> utils.parse_phone("+34 (600) 000-000")
        '34600000000'
    """
    if isinstance(phone, int):
        return str(phone)
    digits = re.sub(r"[+()\s-]", "", str(phone))
    return digits if digits.isdigit() else None


def parse_username(username: str) -> tuple[str | None, bool]:
    """The lower-case user name, or the hash of an invite link, that *username* contains.

    Args:
        username: ``name``, ``@name``, ``t.me/name`` or a link to join (``t.me/+hash``, ``t.me/joinchat/hash``,
            ``tg://join?invite=hash``).

    Returns:
        ``(name, False)``, ``(invite hash, True)`` or ``(None, False)`` when it is neither.

    Example:
        >>> utils.parse_username("https://t.me/Username")
        ('username', False)
    """
    username = username.strip()
    match = USERNAME_RE.match(username) or TG_JOIN_RE.match(username)
    if match:
        username = username[match.end() :]
        prefix: str | None = match.group(1)
        if prefix is not None and prefix != "@":
            return username, True
        username = username.rstrip("/")
    if VALID_USERNAME_RE.match(username):
        return username.lower(), False
    return None, False


def _decode_base64(text: str) -> bytes | None:
    try:
        return a2b_base64(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))
    except (Base64Error, ValueError):
        return None


def _decode_hash(link_hash: str) -> bytes | None:
    """The bytes of the hash of an invite link, which the oldest links have in base 16."""
    if len(link_hash) == 32:
        try:
            return bytes.fromhex(link_hash)
        except ValueError:
            return None
    return _decode_base64(link_hash)


def resolve_invite_link(link: str) -> tuple[int | None, int | None, int | None]:
    """The creator, the chat and a random number told by an invite link of the old form.

    Args:
        link: the link, or only its hash.

    Returns:
        ``(creator id, bare chat id, random id)``, or three `None` when the link does not tell. Links made today hold
        no such information.

    Example:
        >>> utils.resolve_invite_link("https://t.me/joinchat/AAAAAEHbEkejzxUjAUCfYg")
        (0, 1104876103, 11803676388450410338)
    """
    link_hash, is_link = parse_username(link)
    if not is_link:
        # Not necessarily a link: a bare hash is fine.
        link_hash = link
    payload = _decode_hash(link_hash) if link_hash else None
    if payload is None or len(payload) != 16:
        return None, None, None
    creator_id, chat_id, random_id = struct.unpack(">LLQ", payload)
    return creator_id, chat_id, random_id


def resolve_inline_message_id(
    inline_msg_id: str | None,
) -> tuple[int, PeerUserOrChannel, int, int] | tuple[None, None, None, None]:
    """What an identifier of an inline message of the Bot API says, as far as it says it.

    Args:
        inline_msg_id: the identifier, or None.

    Returns:
        ``(message id, peer, data centre, access hash)``, or four `None` when it cannot be read.

    Example:
        >>> utils.resolve_inline_message_id("not one")
        (None, None, None, None)
    """
    payload = _decode_base64(inline_msg_id) if inline_msg_id else None
    if payload is None or len(payload) != 20:
        return None, None, None, None
    dc_id, message_id, peer_id, access_hash = struct.unpack("<iiiq", payload)
    peer = types.PeerChannel(-peer_id) if peer_id < 0 else types.PeerUser(peer_id)
    return message_id, peer, dc_id, access_hash
