"""Who and what there is in the world: accounts, basic groups, channels, and who belongs to them.

Nothing here acts. The verbs are in `telethon.testing.world.post`, the objects of the schema are made in
`telethon.testing.world.views`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from telethon.testing.world.boxes import ChannelBox, Mailbox
from telethon.testing.world.peerids import channel_peer, group_peer
from telethon.testing.world.profile import Profile
from telethon.testing.world.storybook import StoryBook
from telethon.testing.world.traits import Traits

if TYPE_CHECKING:
    from telethon.testing.world.files import StoredPhoto
    from telethon.testing.world.groupcalls import GroupCall
    from telethon.testing.world.media import Media
    from telethon.testing.world.miniapps import MiniApp
    from telethon.testing.world.passwords import Password
    from telethon.testing.world.things import StickerSet
    from telethon.tl import types

__all__ = ["Account", "Bot", "Channel", "Contact", "Group", "Invite", "Member", "Topic"]


@dataclass(slots=True)
class Contact:
    """What somebody saved about another account."""

    first_name: str
    last_name: str = ""
    phone: str | None = None


@dataclass(slots=True)
class Bot:
    """What a bot has and a person has not.

    Attributes:
        token: what it logs in with, as BotFather gives it.
        commands: lists of commands, by scope (in bytes) and language code.
        placeholder: the text shown in the field for inline queries; None when the bot takes no such queries.
        description: shown before the first message.
        about: shown in its profile.
        menu_button: the button beside the text field.
        nochats: whether it refuses to be added to groups.
        owner: who made it.
        manager: the bot that manages it.
        apps: web applications, by short name.
        main_app: the one that its profile opens.
        attach_menu: the one that can be put into the menu of attachments.
        group_rights: the rights it wants in groups.
        broadcast_rights: the rights it wants in channels.
        previews: pictures and videos of its main application, by language.
        star_ref: what it pays those who bring people.
        restricted: whether only its owner and those allowed may use it.
        reads_all: whether it sees all messages of groups, not only commands and replies.
    """

    token: str
    commands: dict[tuple[bytes, str], list[types.BotCommand]] = field(default_factory=dict)
    placeholder: str | None = None
    description: str = ""
    about: str = ""
    menu_button: types.TypeBotMenuButton | None = None
    nochats: bool = False
    reads_all: bool = True
    owner: int | None = None
    manager: int | None = None
    apps: dict[str, MiniApp] = field(default_factory=dict)
    main_app: MiniApp | None = None
    attach_menu: MiniApp | None = None
    group_rights: types.ChatAdminRights | None = None
    broadcast_rights: types.ChatAdminRights | None = None
    previews: dict[str, list[tuple[int, Media]]] = field(default_factory=dict)
    star_ref: types.StarRefProgram | None = None
    restricted: bool = False
    allowed: list[int] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Account:
    """A person or a bot.

    Attributes:
        id: its number; also its peer id.
        dc_id: the data centre where it lives.
        phone: digits only, None for bots.
        seen: Unix time until which it is online (when in the future), or when it was last seen.
        shy: hides when it was last seen.
        photos: profile photos, newest first.
        version: rises with every change that others can see.
        further: usernames that were bought, and whether each is good.
    """

    id: int
    first_name: str
    last_name: str = ""
    username: str | None = None
    phone: str | None = None
    about: str = ""
    dc_id: int = 2
    lang_code: str | None = None
    premium: bool = False
    deleted: bool = False
    verified: bool = False
    support: bool = False
    seen: int = 0
    bot: Bot | None = None
    password: Password | None = None
    contacts: dict[int, Contact] = field(default_factory=dict)
    blocked: dict[int, int] = field(default_factory=dict)
    photos: list[StoredPhoto] = field(default_factory=list)
    mailbox: Mailbox = field(default_factory=Mailbox)
    settings: dict[str, Any] = field(default_factory=dict)
    book: StoryBook = field(default_factory=StoryBook)
    further: dict[str, bool] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)

    @property
    def peer(self) -> int:
        """The peer id, which for accounts is the id."""
        return self.id

    @property
    def name(self) -> str:
        """First and last name together."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(slots=True)
class Member:
    """One account in a group or channel.

    Attributes:
        date: when it came.
        inviter: who brought it in; itself when it joined by itself.
        admin: its rights as an administrator, if it is one.
        promoted_by: who made it an administrator.
        rank: the title shown beside its name.
        banned: what it may not do; with `view_messages` it is out.
        banned_by: who restricted it.
        left: whether it has gone.
    """

    date: int
    inviter: int
    admin: types.ChatAdminRights | None = None
    promoted_by: int = 0
    rank: str | None = None
    banned: types.ChatBannedRights | None = None
    banned_by: int = 0
    left: bool = False
    via_invite: str | None = None

    @property
    def present(self) -> bool:
        """Whether the account takes part: it did not leave and was not thrown out."""
        return not self.left and not (self.banned is not None and self.banned.view_messages)


@dataclass(slots=True)
class Invite:
    """A link that lets people in."""

    hash: str
    admin: int
    date: int
    title: str | None = None
    expires: int | None = None
    limit: int | None = None
    request_needed: bool = False
    permanent: bool = False
    revoked: bool = False
    used: dict[int, int] = field(default_factory=dict)
    requests: dict[int, int] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """The address people open."""
        return f"https://t.me/+{self.hash}"


@dataclass(slots=True)
class Topic:
    """A topic of a forum; its number is that of the message which made it, 1 for the general one."""

    id: int
    creator: int
    date: int
    title: str
    icon_color: int
    icon_emoji_id: int | None = None
    closed: bool = False
    hidden: bool = False
    pinned: bool = False


@dataclass(slots=True, eq=False)
class Group:
    """A basic group: up to 200 members, each with a copy of every message."""

    id: int
    title: str
    creator: int
    date: int
    about: str = ""
    members: dict[int, Member] = field(default_factory=dict)
    default_banned: types.ChatBannedRights | None = None
    photo: StoredPhoto | None = None
    invites: dict[str, Invite] = field(default_factory=dict)
    version: int = 1
    migrated_to: int | None = None
    deactivated: bool = False
    noforwards: bool = False
    reactions: types.TypeChatReactions | None = None
    call: GroupCall | None = None

    @property
    def peer(self) -> int:
        """The peer id."""
        return group_peer(self.id)

    def present(self) -> list[int]:
        """The ids of those who are in it."""
        return [user_id for user_id, member in self.members.items() if member.present]


@dataclass(slots=True, eq=False)
class Channel:
    """A channel or supergroup: one history that all its members read."""

    id: int
    title: str
    creator: int
    date: int
    megagroup: bool = False
    about: str = ""
    username: str | None = None
    forum: bool = False
    topics: dict[int, Topic] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    default_banned: types.ChatBannedRights | None = None
    photo: StoredPhoto | None = None
    invites: dict[str, Invite] = field(default_factory=dict)
    box: ChannelBox = field(default_factory=ChannelBox)
    admin_log: list[tuple[int, int, int, Any]] = field(default_factory=list)
    signatures: bool = False
    noforwards: bool = False
    prehistory_hidden: bool = False
    join_request: bool = False
    join_to_send: bool = False
    participants_hidden: bool = False
    slowmode: int = 0
    last_post: dict[int, int] = field(default_factory=dict)
    linked: int | None = None
    migrated_from: int | None = None
    migrated_max_id: int = 0
    deleted: bool = False
    reactions: types.TypeChatReactions | None = None
    boosts: dict[int, types.Boost] = field(default_factory=dict)
    stickers: StickerSet | None = None
    emoji_stickers: StickerSet | None = None
    call: GroupCall | None = None
    traits: Traits = field(default_factory=Traits)
    book: StoryBook = field(default_factory=StoryBook)
    further: dict[str, bool] = field(default_factory=dict)

    @property
    def peer(self) -> int:
        """The peer id."""
        return channel_peer(self.id)

    @property
    def broadcast(self) -> bool:
        """Whether only administrators post in it."""
        return not self.megagroup

    def present(self) -> list[int]:
        """The ids of those who are in it."""
        return [user_id for user_id, member in self.members.items() if member.present]
