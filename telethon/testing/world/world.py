"""Everything there is on the server: accounts, groups, channels, files, log-ins, and the rules of who sees what.

It is plain data in memory. It knows nothing of bytes or connections; those come in as two functions, the clock and
`sessions_of`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from telethon._core.rand import system_random
from telethon.testing.world.business import Business
from telethon.testing.world.cdn import CdnStore
from telethon.testing.world.delivery import Delivery
from telethon.testing.world.files import FileStore
from telethon.testing.world.gifts import Gifts
from telethon.testing.world.logins import Logins
from telethon.testing.world.looks import Looks
from telethon.testing.world.passwords import Password
from telethon.testing.world.peerids import TELEGRAM, bare_id, is_channel, is_group, is_user
from telethon.testing.world.queries import Queries
from telethon.testing.world.records import Account, Bot, Channel, Group, Invite, Member
from telethon.testing.world.stars import Ledger
from telethon.testing.world.things import Things
from telethon.testing.world.views import Views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from telethon._core.rand import RandomBytes
    from telethon.testing._rpc import AuthKeyRecord, ClientSession
    from telethon.testing.world.boxes import Event
    from telethon.testing.world.groupcalls import GroupCall
    from telethon.testing.world.phonecalls import PhoneCall
    from telethon.testing.world.secretchats import SecretChat
    from telethon.tl import types

__all__ = ["TELEGRAM", "Options", "World"]


@dataclass
class Options:
    """How the server behaves where the real one has a choice.

    Attributes:
        short_updates: whether plain texts are announced in the short forms of updates.
        difference_limit: the most events one answer of `updates.getDifference` holds.
        difference_too_long: from how many events on the server gives up and says differenceTooLong.
        channel_too_long: the same for a channel.
        bot_timeout: seconds a bot has for an answer to a button or an inline query.
        code_lifetime: seconds a log-in code is good for.
        code_tries: how many wrong codes are allowed.
        takeout_delay: seconds a takeout is put off; 0 for none.
        strict_hashes: whether wrong access hashes are refused.
        stars: how many stars people have at first.
        sensitive_can_change: whether accounts may choose to be shown everything.
        gigagroup_from: how many members a supergroup must have to become one without bounds.
    """

    short_updates: bool = True
    difference_limit: int = 500
    difference_too_long: int = 100_000
    channel_too_long: int = 10_000
    bot_timeout: float = 10.0
    code_lifetime: int = 300
    code_tries: int = 5
    takeout_delay: int = 0
    strict_hashes: bool = True
    gigagroup_from: int = 1000
    stars: int = 100_000
    sensitive_can_change: bool = False


def _nobody(user_id: int) -> Iterable[ClientSession]:
    return ()


class World:
    """All data of one server.

    Args:
        now: gives the time in Unix seconds.
        rand: gives random bytes.
        dc_ids: the data centres there are.
        api_id: the one program that may log in.
        api_hash: its hash.
        options: how to behave.
        cdn_dc_ids: the CDNs there are besides.
    """

    def __init__(
        self,
        now: Callable[[], int],
        rand: RandomBytes = system_random,
        dc_ids: tuple[int, ...] = (1, 2, 3, 4, 5),
        api_id: int = 0,
        api_hash: str = "",
        options: Options | None = None,
        cdn_dc_ids: tuple[int, ...] = (),
    ) -> None:
        self.now = now
        self.rand = rand
        self.dc_ids = dc_ids
        self.api_id = api_id
        self.api_hash = api_hash
        self.options = options or Options()
        self.sessions_of: Callable[[int], Iterable[ClientSession]] = _nobody
        self.addresses: Callable[[], dict[int, tuple[str, int]]] = dict
        self.due: list[tuple[int, int, int]] = []
        self.accounts: dict[int, Account] = {}
        self.groups: dict[int, Group] = {}
        self.channels: dict[int, Channel] = {}
        self.usernames: dict[str, int] = {}
        self.phones: dict[str, int] = {}
        self.tokens: dict[str, int] = {}
        self.invites: dict[str, tuple[int, Invite]] = {}
        self.random_ids: dict[int, set[int]] = {}
        self.watchers: dict[int, list[Callable[[list[Event]], None]]] = {}
        self.files = FileStore(self.new_id, now)
        self.cdn = CdnStore(rand, cdn_dc_ids)
        self.things = Things(self)
        self.looks = Looks()
        self.ledger = Ledger(self)
        self.gifts = Gifts()
        self.views = Views(self)
        self.logins = Logins(self)
        self.queries = Queries(self)
        self.business = Business(self)
        self.secret_chats: dict[int, SecretChat] = {}
        self.secret_files: dict[int, int] = {}
        self.phone_calls: dict[int, PhoneCall] = {}
        self.group_calls: dict[int, GroupCall] = {}
        self.stream_keys: dict[int, str] = {}
        self.chatlists: dict[str, Any] = {}
        self.chat_links: dict[str, int] = {}
        self.tones: dict[int, Any] = {}
        self.star_refs: dict[int, list[Any]] = {}
        self.contact_tokens: dict[str, tuple[int, int]] = {}
        self.places: dict[int, tuple[types.InputGeoPoint, int]] = {}
        self._secret = rand(32)
        self._hashes: dict[tuple[int, int], int] = {}
        self._counts = {"user": 0, "bot": 0, "group": 0, "channel": 0, "event": 0}
        self._add(Account(TELEGRAM, "Telegram", phone="42777", dc_id=dc_ids[0], verified=True, support=True))

    # -- numbers -----------------------------------------------------------------------------------------------------

    def new_id(self) -> int:
        """A random positive number of 63 bits."""
        return int.from_bytes(self.rand(8), "little") >> 1 or 1

    def count(self, what: str) -> int:
        """The next number of a kind, from 1."""
        self._counts[what] += 1
        return self._counts[what]

    def access_hash(self, viewer: int, peer: int) -> int:
        """The number that an account must show to name a peer; every account has its own."""
        key = (viewer, peer)
        found = self._hashes.get(key)
        if found is None:
            digest = hashlib.blake2b(b"%d %d" % key, key=self._secret, digest_size=8).digest()
            found = self._hashes[key] = int.from_bytes(digest, "little", signed=True)
        return found

    # -- making ------------------------------------------------------------------------------------------------------

    def create_user(
        self,
        first_name: str,
        last_name: str = "",
        *,
        phone: str | None = None,
        username: str | None = None,
        password: str | None = None,
        dc_id: int = 2,
        user_id: int | None = None,
    ) -> Account:
        """A person.

        Raises:
            ValueError: the id, phone number or username is taken, or there is no such data centre.
        """
        number = self.count("user")
        digits = _digits(phone) if phone is not None else f"99966{dc_id}{number:04d}"
        account = Account(
            user_id or 6_000_000_000 + number, first_name, last_name, username=username, phone=digits, dc_id=dc_id
        )
        self._add(account)
        if password is not None:
            account.password = Password(self.rand(32), self.rand(16), plain=password, hint=None)
        return account

    def create_bot(
        self,
        first_name: str,
        username: str,
        *,
        dc_id: int = 2,
        inline: str | None = "Search...",
        token: str | None = None,
    ) -> Account:
        """A bot.

        Raises:
            ValueError: the username is taken, or there is no such data centre.
        """
        user_id = 7_000_000_000 + self.count("bot")
        if token is None:
            token = f"{user_id}:{hashlib.sha256(self._secret + b'%d' % user_id).hexdigest()[:35]}"
        account = Account(user_id, first_name, username=username, dc_id=dc_id, bot=Bot(token, placeholder=inline))
        self._add(account)
        self.tokens[token] = user_id
        return account

    def _add(self, account: Account) -> None:
        if account.dc_id not in self.dc_ids:
            raise ValueError(f"there is no data centre {account.dc_id}; there are {self.dc_ids}")
        if account.id in self.accounts:
            raise ValueError(f"the id {account.id} is taken")
        if account.phone is not None and account.phone in self.phones:
            raise ValueError("the phone number is taken")
        if account.username is not None:
            self.take_username(account.username, account.id)
        if account.phone is not None:
            self.phones[account.phone] = account.id
        self.accounts[account.id] = account

    def create_group(self, title: str, creator: int, members: Iterable[int] = ()) -> Group:
        """A basic group."""
        now = self.now()
        group = Group(4_000_000 + self.count("group"), title, creator, now)
        for user_id in (creator, *members):
            group.members.setdefault(user_id, Member(now, creator))
        self.groups[group.id] = group
        return group

    def create_channel(
        self, title: str, creator: int, *, megagroup: bool = False, username: str | None = None, about: str = ""
    ) -> Channel:
        """A channel or supergroup with its creator in it.

        Raises:
            ValueError: the username is taken.
        """
        now = self.now()
        channel = Channel(2_000_000_000 + self.count("channel"), title, creator, now, megagroup=megagroup, about=about)
        if username is not None:
            self.take_username(username, channel.peer)
            channel.username = username
        self.channels[channel.id] = channel
        self.enter(channel, creator, creator)
        return channel

    def enter(self, channel: Channel, user_id: int, inviter: int, via_invite: str | None = None) -> Member:
        """Make somebody a member of a channel."""
        member = channel.members.get(user_id)
        if member is None:
            member = channel.members[user_id] = Member(self.now(), inviter)
        member.left = False
        member.date = self.now()
        member.inviter = inviter
        member.via_invite = via_invite
        dialog = self.accounts[user_id].mailbox.dialog(channel.peer)
        dialog.hidden = False
        if channel.prehistory_hidden and channel.box.ids:
            dialog.cleared = channel.box.ids[-1]
        dialog.read_in = max(dialog.read_in, channel.box.last_id)
        return member

    def take_username(self, username: str, peer: int) -> None:
        """Give a username to a peer.

        Raises:
            ValueError: somebody else has it.
        """
        holder = self.usernames.get(username.lower())
        if holder is not None and holder != peer:
            raise ValueError(f"the username {username} is taken")
        self.usernames[username.lower()] = peer

    def drop_username(self, username: str | None) -> None:
        """Make a username free."""
        if username is not None:
            self.usernames.pop(username.lower(), None)

    # -- finding -----------------------------------------------------------------------------------------------------

    def room(self, peer: int) -> Group | Channel | Account:
        """The record a peer id stands for.

        Raises:
            KeyError: there is none.
        """
        if is_user(peer):
            return self.accounts[peer]
        if is_group(peer):
            return self.groups[bare_id(peer)]
        return self.channels[bare_id(peer)]

    def knows(self, peer: int) -> bool:
        """Whether a peer exists."""
        if is_user(peer):
            return peer in self.accounts
        return bare_id(peer) in (self.channels if is_channel(peer) else self.groups)

    def by_phone(self, phone: str) -> Account | None:
        """The account with that number."""
        user_id = self.phones.get(_digits(phone))
        return self.accounts.get(user_id) if user_id is not None else None

    def authorizations_of(self, account_id: int) -> list[AuthKeyRecord]:
        """The keys with which an account is logged in."""
        return self.logins.authorizations.get(account_id, [])

    def delivery(self, origin: ClientSession | None = None) -> Delivery:
        """Begin an action."""
        return Delivery(self, origin)


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit())
