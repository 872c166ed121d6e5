"""One request being answered: who asks, where, and what the peers in it stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from telethon.testing._rpc import RpcFault
from telethon.testing.world.peerids import bare_id, channel_peer, group_peer, is_channel
from telethon.testing.world.records import Account, Channel, Group
from telethon.testing.world.rights import in_channel
from telethon.tl import types

if TYPE_CHECKING:
    from collections.abc import Iterable

    from telethon.testing._rpc import AuthKeyRecord, ClientSession, RpcContext
    from telethon.testing.world.business import Connection
    from telethon.testing.world.delivery import Delivery
    from telethon.testing.world.letters import Letter
    from telethon.testing.world.world import World

__all__ = ["Call"]


class Call:
    """What a function that answers a request gets to work with.

    Args:
        world: the data of the server.
        context: what the protocol knows of the request.

    Attributes:
        world: the data of the server.
        context: what the protocol knows of the request.
        delivery: who is told what because of this request; it is flushed when the function returns.
    """

    __slots__ = ("_me", "connection", "context", "delivery", "world")

    def __init__(self, world: World, context: RpcContext) -> None:
        self.world = world
        self.context = context
        self.delivery: Delivery = world.delivery(context.session)
        self._me: Account | None = None
        #: By what a bot acts for a user.
        self.connection: Connection | None = None

    # -- who and where -----------------------------------------------------------------------------------------------

    @property
    def session(self) -> ClientSession:
        """The session the request came in."""
        return self.context.session

    @property
    def auth(self) -> AuthKeyRecord:
        """The key the client uses."""
        return self.context.auth

    @property
    def dc_id(self) -> int:
        """The data centre that was asked, without the marks of test and media ones."""
        return abs(self.context.dc_id) % 10000

    @property
    def server(self) -> Any:
        """The server."""
        return self.context.server

    @property
    def now(self) -> int:
        """The time in Unix seconds."""
        return self.world.now()

    @property
    def me(self) -> Account:
        """The account that asks.

        Raises:
            RpcFault: nobody is logged in.
        """
        if self._me is None:
            user_id = self.connection.user if self.connection is not None else self.context.auth.user_id
            account = self.world.accounts.get(user_id) if user_id is not None else None
            if account is None:
                waiting = "password_user" in self.context.auth.data
                raise RpcFault(401, "SESSION_PASSWORD_NEEDED" if waiting else "AUTH_KEY_UNREGISTERED")
            if account.deleted:
                raise RpcFault(401, "USER_DEACTIVATED")
            self._me = account
        return self._me

    def forget_me(self) -> None:
        """Ask again who it is that asks."""
        self._me = None

    @property
    def my_id(self) -> int:
        """The id of the account that asks."""
        return self.me.id

    # -- what peers stand for ----------------------------------------------------------------------------------------

    def peer(self, peer: types.TypeInputPeer) -> int:
        """The peer id for an input peer.

        Raises:
            RpcFault: PEER_ID_INVALID, CHANNEL_INVALID or CHANNEL_PRIVATE.
        """
        if isinstance(peer, types.InputPeerSelf):
            return self.my_id
        if isinstance(peer, types.InputPeerUser):
            self._check(peer.user_id, peer.access_hash, "PEER_ID_INVALID")
            return peer.user_id
        if isinstance(peer, types.InputPeerChat):
            if peer.chat_id not in self.world.groups:
                raise RpcFault(400, "CHAT_ID_INVALID")
            return group_peer(peer.chat_id)
        if isinstance(peer, types.InputPeerChannel):
            return self.channel(types.InputChannel(peer.channel_id, peer.access_hash)).peer
        if isinstance(peer, types.InputPeerUserFromMessage):
            self._seen_in(peer.peer, peer.msg_id)
            return peer.user_id
        if isinstance(peer, types.InputPeerChannelFromMessage):
            self._seen_in(peer.peer, peer.msg_id)
            return channel_peer(peer.channel_id)
        raise RpcFault(400, "PEER_ID_INVALID")

    def user(self, user: types.TypeInputUser | types.InputPeerUser | types.InputPeerSelf) -> Account:
        """The account for an input user.

        Raises:
            RpcFault: USER_ID_INVALID.
        """
        if isinstance(user, (types.InputUserSelf, types.InputPeerSelf)):
            return self.me
        # Telegram takes the constructors of peers as well, and programs rely on that within other objects.
        if isinstance(user, (types.InputUser, types.InputPeerUser)):
            self._check(user.user_id, user.access_hash, "USER_ID_INVALID")
            return self.world.accounts[user.user_id]
        if isinstance(user, types.InputUserFromMessage):
            self._seen_in(user.peer, user.msg_id)
            account = self.world.accounts.get(user.user_id)
            if account is not None:
                return account
        raise RpcFault(400, "USER_ID_INVALID")

    def channel(self, channel: types.TypeInputChannel, member: bool = False) -> Channel:
        """The channel for an input channel.

        Args:
            channel: what the request says.
            member: whether the account has to be in it.

        Raises:
            RpcFault: CHANNEL_INVALID, CHANNEL_PRIVATE or USER_NOT_PARTICIPANT.
        """
        if isinstance(channel, types.InputChannelFromMessage):
            self._seen_in(channel.peer, channel.msg_id)
        elif isinstance(channel, types.InputChannel):
            self._check(channel_peer(channel.channel_id), channel.access_hash, "CHANNEL_INVALID")
        else:
            raise RpcFault(400, "CHANNEL_INVALID")
        found = self.world.channels.get(channel.channel_id)
        if found is None:
            raise RpcFault(400, "CHANNEL_INVALID")
        if found.deleted:
            raise RpcFault(400, "CHANNEL_PRIVATE")
        mine = found.members.get(self.my_id)
        if member:
            in_channel(found, self.my_id)
        elif (mine is not None and mine.banned is not None and mine.banned.view_messages) or (
            found.username is None and (mine is None or mine.left)
        ):
            raise RpcFault(400, "CHANNEL_PRIVATE")
        return found

    def group(self, chat_id: int) -> Group:
        """The basic group with that id.

        Raises:
            RpcFault: CHAT_ID_INVALID.
        """
        group = self.world.groups.get(chat_id)
        if group is None or self.my_id not in group.members:
            raise RpcFault(400, "CHAT_ID_INVALID")
        return group

    def room(self, peer: int) -> Group | Channel:
        """The group or channel with that peer id.

        Raises:
            RpcFault: PEER_ID_INVALID, when it is a person.
        """
        if peer > 0:
            raise RpcFault(400, "PEER_ID_INVALID")
        if is_channel(peer):
            return self.world.channels[bare_id(peer)]
        return self.world.groups[bare_id(peer)]

    def dialog_peer(self, peer: types.TypeInputDialogPeer) -> int:
        """The peer id for an input dialog.

        Raises:
            RpcFault: PEER_ID_INVALID.
        """
        if isinstance(peer, types.InputDialogPeer):
            return self.peer(peer.peer)
        raise RpcFault(400, "PEER_ID_INVALID")

    def _check(self, peer: int, access_hash: int, error: str) -> None:
        if not self.world.knows(peer):
            raise RpcFault(400, error)
        if access_hash == self.world.access_hash(self.my_id, peer) or peer == self.my_id:
            return
        if self.connection is not None and access_hash == self.world.access_hash(self.connection.bot, peer):
            return
        # Bots may leave the hash out for those they have met.
        if access_hash == 0 and self.me.bot is not None and (peer < 0 or peer in self.me.mailbox.dialogs):
            return
        if self.world.options.strict_hashes:
            raise RpcFault(400, error)

    def _seen_in(self, peer: types.TypeInputPeer, msg_id: int) -> None:
        """A min peer is good where it was met: in a message the account can see."""
        room = self.peer(peer)
        if is_channel(room):
            known = msg_id in self.world.channels[bare_id(room)].box.letters
        else:
            known = msg_id in self.me.mailbox.letters
        if not known:
            raise RpcFault(400, "MSG_ID_INVALID")

    # -- messages ----------------------------------------------------------------------------------------------------

    def letter(self, peer: int, number: int, error: str = "MESSAGE_ID_INVALID") -> Letter:
        """A message of a chat.

        Raises:
            RpcFault: there is none with that number.
        """
        from telethon.testing.world.post import find

        letter = find(self.world, self.me, peer, number)
        if letter is None:
            raise RpcFault(400, error)
        return letter

    def owner(self, peer: int) -> int:
        """Under whom the copies of a chat's messages are filed: the channel, or the account."""
        return peer if is_channel(peer) else self.my_id

    # -- answers -----------------------------------------------------------------------------------------------------

    def updates(self, before: Iterable[types.TypeUpdate] = (), peers: Iterable[int] = ()) -> types.Updates:
        """The updates that this request caused for the account, as the answer."""
        return self.delivery.answer(self.my_id, before, peers)

    def split(self, peers: Iterable[int]) -> tuple[list[types.TypeUser], list[types.TypeChat]]:
        """Users and chats as the account sees them."""
        return self.world.views.split(peers, self.my_id)

    def affected(self, pts: int, count: int) -> types.messages.AffectedMessages:
        """How far the state has moved, as the answer."""
        self.delivery.answered()
        return types.messages.AffectedMessages(pts, count)
