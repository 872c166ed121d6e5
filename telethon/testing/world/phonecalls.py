"""Calls from one account to another, as the server knows them: it carries no sound.

Source: https://core.telegram.org/api/end-to-end/video-calls
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from telethon.tl import types

__all__ = ["PhoneCall"]


@dataclass(slots=True, eq=False)
class PhoneCall:
    """A call between two accounts.

    Attributes:
        hashes: what each of the two must show to name it.
        admin: who calls.
        state: how far it has come.
        received: when a device of the one who is called began to ring.
        started: when both were ready to talk.
    """

    id: int
    hashes: dict[int, int]
    admin: int
    participant: int
    date: int
    video: bool
    g_a_hash: bytes
    protocol: types.PhoneCallProtocol
    g_a: bytes = b""
    g_b: bytes = b""
    fingerprint: int = 0
    received: int | None = None
    started: int | None = None
    state: Literal["requested", "accepted", "confirmed", "discarded"] = "requested"
    reason: types.TypePhoneCallDiscardReason | None = None
    duration: int | None = None

    def other(self, user_id: int) -> int:
        """The other one of the two."""
        return self.participant if user_id == self.admin else self.admin

    def tl(self, viewer: int) -> types.TypePhoneCall:
        """The call as one of the two sees it."""
        if self.state == "discarded":
            return types.PhoneCallDiscarded(
                self.id, need_rating=bool(self.duration), video=self.video, reason=self.reason, duration=self.duration
            )
        known = (self.id, self.hashes[viewer], self.date, self.admin, self.participant)
        calling = viewer == self.admin
        if self.state == "confirmed":
            return types.PhoneCall(
                *known,
                self.g_b if calling else self.g_a,
                self.fingerprint,
                self.protocol,
                # There is no relay: the two have to reach each other by themselves.
                [],
                self.started or self.date,
                p2p_allowed=True,
                video=self.video,
            )
        if self.state == "accepted" and calling:
            return types.PhoneCallAccepted(*known, self.g_b, self.protocol, video=self.video)
        if self.state == "requested" and not calling:
            return types.PhoneCallRequested(*known, self.g_a_hash, self.protocol, video=self.video)
        return types.PhoneCallWaiting(*known, self.protocol, video=self.video, receive_date=self.received)
