"""Calls of groups and channels, as the server knows them: who takes part and how, but no sound.

Source: https://core.telegram.org/api/group-calls
"""

from __future__ import annotations

from dataclasses import dataclass, field

from telethon.testing.world.peerids import as_peer
from telethon.tl import types

__all__ = ["GroupCall", "Participant"]


@dataclass(slots=True, eq=False)
class Participant:
    """One who takes part in a call.

    Attributes:
        peer: as whom: the account itself, or a channel of its.
        user: the account.
        source: the number of its sound.
        muted: whether it is not heard.
        may_unmute: whether it may change that.
        volumes: how loud others have set it, by account, in hundredths of a percent.
    """

    peer: int
    user: int
    date: int
    source: int
    muted: bool
    may_unmute: bool
    volume: int | None = None
    raised: int | None = None
    video: bool = False
    presentation: bool = False
    volumes: dict[int, int] = field(default_factory=dict)

    def tl(self, viewer: int, *, joined: bool = False, left: bool = False) -> types.GroupCallParticipant:
        """The participant as an account sees it."""
        own = self.volumes.get(viewer)
        return types.GroupCallParticipant(
            as_peer(self.peer),
            self.date,
            self.source,
            muted=self.muted,
            left=left,
            can_self_unmute=self.may_unmute,
            just_joined=joined,
            versioned=joined or left,
            is_self=viewer == self.user,
            video_joined=self.video,
            volume=own if own is not None else self.volume,
            volume_by_admin=own is None and self.volume is not None,
            raise_hand_rating=self.raised,
        )


@dataclass(slots=True, eq=False)
class GroupCall:
    """A call of a group or channel.

    Attributes:
        room: the peer id of the chat.
        started: when it began; None while it waits for its time.
        scheduled: when it is to begin.
        version: rises whenever somebody comes or goes.
        hashes: by which hash guests are let in who may speak at once.
        messages: what was written in it, by number: the writer and the text.
    """

    id: int
    access_hash: int
    room: int
    creator: int
    title: str | None = None
    started: int | None = None
    scheduled: int | None = None
    rtmp: bool = False
    join_muted: bool = False
    messages_enabled: bool = True
    recording: int | None = None
    ended: int | None = None
    version: int = 1
    participants: dict[int, Participant] = field(default_factory=dict)
    subscribers: set[int] = field(default_factory=set)
    hashes: set[str] = field(default_factory=set)
    invited: set[int] = field(default_factory=set)
    messages: dict[int, tuple[int, types.TypeTextWithEntities]] = field(default_factory=dict)

    def input(self) -> types.InputGroupCall:
        """What a client names it by."""
        return types.InputGroupCall(self.id, self.access_hash)

    def tl(self, viewer: int, may_change: bool) -> types.TypeGroupCall:
        """The call as an account sees it.

        Args:
            viewer: the account.
            may_change: whether it leads the call.
        """
        if self.ended is not None:
            return types.GroupCallDiscarded(self.id, self.access_hash, self.ended - (self.started or self.ended))
        return types.GroupCall(
            self.id,
            self.access_hash,
            len(self.participants),
            unmuted_video_limit=30,
            version=self.version,
            join_muted=self.join_muted,
            can_change_join_muted=may_change,
            join_date_asc=True,
            schedule_start_subscribed=viewer in self.subscribers,
            can_start_video=True,
            rtmp_stream=self.rtmp,
            creator=self.creator == viewer,
            messages_enabled=self.messages_enabled,
            can_change_messages_enabled=may_change,
            title=self.title,
            record_start_date=self.recording,
            schedule_date=self.scheduled if self.started is None else None,
        )
