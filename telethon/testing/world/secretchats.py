"""Secret chats as the server knows them: who with whom, and bytes that only the two can read.

Source: https://core.telegram.org/api/end-to-end
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from telethon.tl import types

__all__ = ["SecretChat"]


@dataclass(slots=True, eq=False)
class SecretChat:
    """A secret chat of two accounts.

    Attributes:
        id: its number, which the one who asked for it has chosen.
        hashes: what each of the two must show to name it.
        admin: who asked for it.
        state: how far it has come.
    """

    id: int
    hashes: dict[int, int]
    admin: int
    participant: int
    date: int
    g_a: bytes
    g_b: bytes = b""
    fingerprint: int = 0
    state: Literal["requested", "accepted", "discarded"] = "requested"
    history_deleted: bool = False

    def other(self, user_id: int) -> int:
        """The other one of the two."""
        return self.participant if user_id == self.admin else self.admin

    def tl(self, viewer: int) -> types.TypeEncryptedChat:
        """The chat as one of the two sees it."""
        if self.state == "discarded":
            return types.EncryptedChatDiscarded(self.id, history_deleted=self.history_deleted)
        known = (self.id, self.hashes[viewer], self.date, self.admin, self.participant)
        if self.state == "accepted":
            return types.EncryptedChat(*known, self.g_b if viewer == self.admin else self.g_a, self.fingerprint)
        if viewer == self.admin:
            return types.EncryptedChatWaiting(*known)
        return types.EncryptedChatRequested(*known, self.g_a)
