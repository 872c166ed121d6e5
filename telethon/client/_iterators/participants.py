"""Walking through the members of a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from telethon import helpers, utils
from telethon.requestiter import RequestIter
from telethon.tl import functions, types

if TYPE_CHECKING:
    from typing import TypeAlias

    from telethon import hints
    from telethon.client.chats import ChatMethods

    ParticipantsFilterLike: TypeAlias = (
        "types.TypeChannelParticipantsFilter | type[types.TypeChannelParticipantsFilter] | None"
    )

_PAGE: Final = 200
#: The filters that take a query, which is empty unless the filter object says otherwise.
_WITH_QUERY: Final = ("ChannelParticipantsBanned", "ChannelParticipantsKicked", "ChannelParticipantsContacts")


class ParticipantsIter(RequestIter["types.User"]):
    """The users of `iter_participants`; each has its participant in ``participant``."""

    client: ChatMethods

    async def _init(  # type: ignore[override]
        self, entity: hints.EntityLike, filter: ParticipantsFilterLike, search: str
    ) -> bool | None:
        kind = _filter_object(filter, search)
        peer = await self.client.get_input_entity(entity)
        # Servers search by name on their own, unless another filter is in the way.
        self._search = "" if isinstance(kind, types.ChannelParticipantsSearch) else search.lower()
        self.seen: set[int] = set()

        peer_type = helpers._entity_type(peer)
        if peer_type == helpers._EntityType.CHANNEL:
            return await self._init_channel(peer, kind, search)
        self._search = search.lower()
        if isinstance(peer, types.InputPeerChat):
            return await self._init_chat(peer.chat_id)
        return await self._init_user(peer)

    async def _init_channel(
        self, peer: types.TypeInputPeer, kind: types.TypeChannelParticipantsFilter, search: str
    ) -> bool | None:
        channel = utils.get_input_channel(peer)
        if self.limit <= 0:
            # The total is in the full form, and costs nothing else.
            full: Any = await self.client(functions.channels.GetFullChannelRequest(channel))
            self.total = full.full_chat.participants_count
            raise StopAsyncIteration
        self.request = functions.channels.GetParticipantsRequest(
            channel=channel, filter=kind, offset=0, limit=_PAGE, hash=0
        )
        return None

    async def _init_chat(self, chat_id: int) -> bool | None:
        full: Any = await self.client(functions.messages.GetFullChatRequest(chat_id=chat_id))
        if not isinstance(full.full_chat.participants, types.ChatParticipants):
            # Not a member, so they are not shown.
            self.total = 0
            raise StopAsyncIteration
        participants = full.full_chat.participants.participants
        self.total = len(participants)
        self._take(participants, full.users)
        return self._cut()

    async def _init_user(self, peer: types.TypeInputPeer) -> bool | None:
        self.total = 1
        if self.limit > 0:
            user: Any = await self.client.get_entity(peer)
            if self._matches(user):
                user.participant = None
                self.buffer.append(user)
        return True

    def _cut(self) -> bool:
        if self.limit < len(self.buffer):
            del self.buffer[int(self.limit) :]
        return True

    async def _load_next_chunk(self) -> bool | None:
        request = self.request
        if self.total is None and _reduces(request.filter):
            # The count of an answer is that of the filter; this gives the one of the whole chat.
            all_members: Any = await self.client(
                functions.channels.GetParticipantsRequest(
                    channel=request.channel,
                    filter=types.ChannelParticipantsRecent(),
                    offset=0,
                    limit=1,
                    hash=0,
                )
            )
            self.total = all_members.count
        while True:
            request.limit = int(min(self.left, _PAGE))
            answer: Any = await self.client(request)
            if isinstance(answer, types.channels.ChannelParticipantsNotModified) or not answer.participants:
                return True
            if self.total is None:
                self.total = answer.count
            request.offset += len(answer.participants)
            self._take(answer.participants, answer.users)
            if self.buffer:
                return None

    def _take(self, participants: Any, users: Any) -> None:
        by_id = {user.id: user for user in users}
        for participant in participants:
            user_id = _user_id(participant)
            user = by_id.get(user_id) if user_id is not None else None
            if user is None or user_id in self.seen or not self._matches(user):
                continue
            self.seen.add(user.id)
            user.participant = participant
            self.buffer.append(user)

    def _matches(self, user: Any) -> bool:
        if not self._search:
            return True
        names = (utils.get_display_name(user), getattr(user, "username", None) or "")
        return any(self._search in name.lower() for name in names)


def _user_id(participant: Any) -> int | None:
    """The user a participant is about; `None` for channels, which can be restricted too."""
    peer = getattr(participant, "peer", None)
    if peer is not None:
        return peer.user_id if isinstance(peer, types.PeerUser) else None
    user_id: int = participant.user_id
    return user_id


def _filter_object(kind: ParticipantsFilterLike, search: str) -> types.TypeChannelParticipantsFilter:
    if kind is None:
        return types.ChannelParticipantsSearch(search)
    if not isinstance(kind, type):
        return kind
    cls: Any = kind
    if cls.__name__ == "ChannelParticipantsSearch":
        return types.ChannelParticipantsSearch(search)
    result: types.TypeChannelParticipantsFilter = cls("") if cls.__name__ in _WITH_QUERY else cls()
    return result


def _reduces(kind: types.TypeChannelParticipantsFilter) -> bool:
    """Whether a filter gives fewer members than there are."""
    if isinstance(kind, types.ChannelParticipantsRecent):
        return False
    return not isinstance(kind, types.ChannelParticipantsSearch) or bool(kind.q)
