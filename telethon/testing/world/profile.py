"""What an account says of itself beyond its name, and what it keeps for itself about others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from telethon.testing.world.files import StoredDocument, StoredPhoto
    from telethon.tl import types

__all__ = ["Profile"]


@dataclass(slots=True)
class Profile:
    """The further profile of an account.

    Attributes:
        personal_channel: the id of the channel that is shown in the profile.
        status_history: emoji statuses that were set, the newest first.
        music: files that are shown in the profile, in order.
        close_friends: who sees stories for close friends.
        hidden_stories: peers whose stories are not shown in the list.
        notes: what was written down about others, by account.
        pictures_of: pictures that the account gave to others, as only it sees them.
        work_hours, location, greeting, away, intro: what a business says of itself.
    """

    birthday: types.TypeBirthday | None = None
    personal_channel: int | None = None
    color: types.TypePeerColor | None = None
    profile_color: types.TypePeerColor | None = None
    emoji_status: types.TypeEmojiStatus | None = None
    status_history: list[types.TypeEmojiStatus] = field(default_factory=list)
    main_tab: types.TypeProfileTab | None = None
    music: list[StoredDocument] = field(default_factory=list)
    close_friends: set[int] = field(default_factory=set)
    hidden_stories: set[int] = field(default_factory=set)
    notes: dict[int, types.TextWithEntities] = field(default_factory=dict)
    pictures_of: dict[int, StoredPhoto] = field(default_factory=dict)
    work_hours: types.BusinessWorkHours | None = None
    location: types.BusinessLocation | None = None
    greeting: types.BusinessGreetingMessage | None = None
    away: types.BusinessAwayMessage | None = None
    intro: types.BusinessIntro | None = None
