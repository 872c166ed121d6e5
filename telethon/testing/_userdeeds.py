"""What simulated people do besides writing: block bots, ask to join chats, boost channels, post stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from telethon.testing._rpc import RpcFault
from telethon.testing.world.botnews import tell_boost
from telethon.testing.world.records import Channel, Group, Invite
from telethon.tl import functions, types

if TYPE_CHECKING:
    from typing_extensions import Self

    from telethon.testing.telegramserver import TelegramTestServer
    from telethon.testing.world.records import Account
    from telethon.tl.tlobject import TLRequest

__all__ = ["UserDeeds"]

_R = TypeVar("_R")


class UserDeeds:
    """The part of `SimulatedUser` that acts outside of chats."""

    _server: TelegramTestServer
    account: Account

    if TYPE_CHECKING:

        @property
        def id(self) -> int:
            """The id of the account."""
            ...

        async def call(self, request: TLRequest[_R]) -> _R:
            """Make any request as this account."""
            ...

        def input_peer(self, peer: int) -> types.TypeInputPeer:
            """The input peer by which this account names a peer id."""
            ...

        def input_user(self, user: Any) -> types.InputUser:
            """The input user by which this account names another one."""
            ...

    async def block(self, other: Self) -> None:
        """Block somebody; a bot is stopped by this."""
        await self.call(functions.contacts.BlockRequest(self.input_peer(other.id)))

    async def unblock(self, other: Self) -> None:
        """Block somebody no more; a bot is started again by this."""
        await self.call(functions.contacts.UnblockRequest(self.input_peer(other.id)))

    async def request_to_join(self, chat: Group | Channel) -> str:
        """Ask to be let into a chat. A link that asks for it is made when the chat has none.

        Args:
            chat: the group or channel.

        Returns:
            The link by which the account came.

        Raises:
            RpcFault: the server refuses, because the account is in the chat already for example.
        """
        world = self._server.world
        invite = next((one for one in chat.invites.values() if one.request_needed and not one.revoked), None)
        if invite is None:
            code = f"{world.new_id():x}"
            invite = Invite(code, chat.creator, world.now(), request_needed=True)
            chat.invites[code] = invite
            world.invites[code] = (chat.peer, invite)
        try:
            await self.call(functions.messages.ImportChatInviteRequest(invite.hash))
        except RpcFault as fault:
            if fault.message != "INVITE_REQUEST_SENT":
                raise
        return invite.link

    async def leave(self, chat: Group | Channel) -> None:
        """Go out of a group or channel.

        Raises:
            RpcFault: the account is not in it.
        """
        if isinstance(chat, Channel):
            peer = types.InputChannel(chat.id, self._server.world.access_hash(self.id, chat.peer))
            await self.call(functions.channels.LeaveChannelRequest(peer))
        else:
            await self.call(functions.messages.DeleteChatUserRequest(chat.id, types.InputUserSelf()))

    async def boost(self, channel: Channel) -> None:
        """Boost a channel; the account becomes a premium one for that.

        Raises:
            RpcFault: it does so already.
        """
        self.account.premium = True
        await self.call(functions.premium.ApplyBoostRequest(self.input_peer(channel.peer), slots=[1]))

    def unboost(self, channel: Channel) -> None:
        """Let the boost of a channel come to its end.

        Raises:
            LookupError: there is none.
        """
        world = self._server.world
        boost = channel.boosts.pop(self.id, None)
        if boost is None:
            raise LookupError("this account does not boost that channel")
        delivery = world.delivery()
        gone = types.Boost(boost.id, boost.date, 0, user_id=boost.user_id)  # pyright: ignore[reportArgumentType] - no date
        tell_boost(world, delivery, channel, gone)
        delivery.flush()

    async def post_story(self, picture: bytes, caption: str = "") -> int:
        """Post a story; whoever has a chat with the account hears of it.

        Args:
            picture: the photo, such as `tiny_png` makes one.
            caption: the text under it.

        Returns:
            The id of the story.
        """
        files = self._server.world.files
        photo = files.add_photo(picture, self.account.dc_id)
        media = types.InputMediaPhoto(types.InputPhoto(photo.id, photo.access_hash, files.reference(photo.id)))
        rules: list[types.TypeInputPrivacyRule] = [types.InputPrivacyValueAllowAll()]
        me = types.InputPeerSelf()
        await self.call(functions.stories.SendStoryRequest(me, media, rules, caption=caption or None, entities=[]))
        return self.account.book.last

    async def delete_story(self, story_id: int) -> None:
        """Delete a story."""
        await self.call(functions.stories.DeleteStoriesRequest(types.InputPeerSelf(), [story_id]))

    async def connect_bot(self, bot: Self, rights: types.BusinessBotRights | None = None) -> str:
        """Let a bot manage the private chats of the account.

        Args:
            bot: the bot.
            rights: what it may do; by default to write and to read.

        Returns:
            The id of the connection.
        """
        given = rights or types.BusinessBotRights(reply=True, read_messages=True, delete_sent_messages=True)
        recipients = types.InputBusinessBotRecipients(existing_chats=True, new_chats=True)
        await self.call(functions.account.UpdateConnectedBotRequest(self.input_user(bot), recipients, rights=given))
        connection: Any = self._server.world.business.of_user(self.id)
        found: str = connection.id
        return found

    async def disconnect_bot(self, bot: Self) -> None:
        """Let a bot manage the chats of the account no more."""
        recipients = types.InputBusinessBotRecipients()
        await self.call(functions.account.UpdateConnectedBotRequest(self.input_user(bot), recipients, deleted=True))
