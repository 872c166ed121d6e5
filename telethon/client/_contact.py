"""Contacts as cards.

Source: https://www.rfc-editor.org/rfc/rfc6350
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telethon.tl import types


def _escaped(text: str) -> str:
    for character in "\\;,":
        text = text.replace(character, "\\" + character)
    return text.replace("\r", "").replace("\n", "\\n")


def vcard(contact: types.MessageMediaContact) -> str:
    """The card of a contact, in version 4."""
    first, last = _escaped(contact.first_name or ""), _escaped(contact.last_name or "")
    phone = "".join(character for character in contact.phone_number if character.isdigit())
    lines = (
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"N:{first};{last};;;",
        f"FN:{first} {last}",
        f"TEL;TYPE=cell;VALUE=uri:tel:+{phone}",
        "END:VCARD",
    )
    return "\n".join(lines) + "\n"
