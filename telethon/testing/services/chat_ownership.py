"""messages: whom a chat belongs to, titles of its members, and the order of pinned topics.

Source: https://core.telegram.org/api/rights
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._member_news import seat, tell_of_member
from telethon.testing.services._service import serves
from telethon.testing.services.admin_log import note_change
from telethon.testing.services.passwords import prove
from telethon.testing.world import post
from telethon.testing.world.peerids import as_peer, is_user
from telethon.testing.world.records import Channel, Group
from telethon.testing.world.rights import FULL_RIGHTS, check_admin
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_MAX_RANK = 16
_MAX_PINNED = 5


def _tell_changed(call: Call, room: Group | Channel) -> None:
    update: types.TypeUpdate = types.UpdateChat(room.id)
    if isinstance(room, Channel):
        update = types.UpdateChannel(room.id)
    for user_id in room.present():
        call.delivery.note(user_id, update, (room.peer,))


@serves(functions.messages.EditChatCreatorRequest, who="both")
def edit_chat_creator(request: functions.messages.EditChatCreatorRequest, call: Call) -> types.TypeUpdates:
    """Give a chat to somebody else; the password has to be proven for it."""
    room = call.room(call.peer(request.peer))
    if room.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    if call.me.password is None:
        raise RpcFault(400, "PASSWORD_MISSING")
    prove(call, request.password)
    other = call.user(request.user_id)
    member = room.members.get(other.id)
    if other.bot is not None or other.id == call.my_id or member is None or not member.present:
        raise RpcFault(400, "USER_NOT_PARTICIPANT" if other.bot is None else "USER_ID_INVALID")
    befores = {user_id: seat(call, room, user_id) for user_id in (call.my_id, other.id)}
    room.creator = other.id
    mine = room.members[call.my_id]
    mine.admin, mine.promoted_by = FULL_RIGHTS, other.id
    member.admin = None
    post.service(call.world, call.delivery, call.me, room.peer, types.MessageActionChangeCreator(other.id))
    for user_id, before in befores.items():
        tell_of_member(call, room, user_id, before, seat(call, room, user_id))
    _tell_changed(call, room)
    return call.updates(peers=[room.peer])


@serves(functions.messages.GetFutureChatCreatorAfterLeaveRequest, who="both")
def get_future_chat_creator_after_leave(
    request: functions.messages.GetFutureChatCreatorAfterLeaveRequest, call: Call
) -> types.TypeUser:
    """Whom a chat would belong to without its creator: the administrator, else the member, who is there longest."""
    room = call.room(call.peer(request.peer))
    if room.creator != call.my_id:
        raise RpcFault(400, "CHAT_ADMIN_REQUIRED")
    people = [
        (member.admin is None, member.date, user_id)
        for user_id, member in room.members.items()
        if member.present and user_id != call.my_id and call.world.accounts[user_id].bot is None
    ]
    if not people:
        return types.UserEmpty(0)
    return call.world.views.user(min(people)[2], call.my_id)


@serves(functions.messages.EditChatParticipantRankRequest, who="both")
def edit_chat_participant_rank(
    request: functions.messages.EditChatParticipantRankRequest, call: Call
) -> types.TypeUpdates:
    """What stands beside the name of a member."""
    room = call.room(call.peer(request.peer))
    user_id = call.peer(request.participant)
    member = room.members.get(user_id)
    if not is_user(user_id) or member is None or not member.present:
        raise RpcFault(400, "USER_NOT_PARTICIPANT")
    if len(request.rank) > _MAX_RANK:
        raise RpcFault(400, "ADMIN_RANK_INVALID")
    if user_id != call.my_id:
        check_admin(room, call.my_id, "manage_ranks")
    before, member.rank = member.rank or "", request.rank or None
    if isinstance(room, Channel):
        action = types.ChannelAdminLogEventActionParticipantEditRank(user_id, before, request.rank)
        note_change(call, room, action)
        _tell_changed(call, room)
    else:
        room.version += 1
        update = types.UpdateChatParticipantRank(room.id, user_id, request.rank, room.version)
        for told in room.present():
            call.delivery.note(told, update, (room.peer, user_id))
    return call.updates(peers=[room.peer, user_id])


@serves(functions.messages.ReorderPinnedForumTopicsRequest, who="both")
def reorder_pinned_forum_topics(
    request: functions.messages.ReorderPinnedForumTopicsRequest, call: Call
) -> types.TypeUpdates:
    """Pin just those topics of a forum, in this order."""
    room = call.room(call.peer(request.peer))
    if not isinstance(room, Channel) or not room.forum:
        raise RpcFault(400, "CHANNEL_FORUM_MISSING")
    check_admin(room, call.my_id, "manage_topics")
    if len(request.order) > _MAX_PINNED:
        raise RpcFault(400, "PINNED_TOO_MUCH")
    for number in request.order:
        if number not in room.topics:
            raise RpcFault(400, "TOPIC_ID_INVALID")
    kept = [] if request.force else [one.id for one in room.topics.values() if one.pinned]
    order = [*request.order, *(number for number in kept if number not in request.order)]
    for topic in room.topics.values():
        topic.pinned = topic.id in order
    rest = [number for number in room.topics if number not in order]
    room.topics = {number: room.topics[number] for number in [*order, *rest]}
    update = types.UpdatePinnedForumTopics(as_peer(room.peer), order=order)
    for user_id in room.present():
        call.delivery.note(user_id, update, (room.peer,))
    return call.updates(peers=[room.peer])
