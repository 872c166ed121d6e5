"""messages: comments on posts, and reactions that were not looked at.

Source: https://core.telegram.org/api/threads
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.history import answer, chat_ids, letters_of, limit_of, page_of
from telethon.testing.world.discussions import copy_of
from telethon.testing.world.peerids import bare_id, is_channel
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter


def _thread(call: Call, peer: int, number: int) -> tuple[int, Letter]:
    """The chat and the message under which a thread is: for a post that is its copy in the group."""
    letter = call.letter(peer, number, "MSG_ID_INVALID")
    if not letter.post:
        return peer, letter
    copy = copy_of(call.world, call.world.channels[bare_id(peer)], letter)
    if copy is None:
        raise RpcFault(400, "MSG_ID_INVALID")
    return copy.room, copy


@serves(functions.messages.GetDiscussionMessageRequest)
def get_discussion_message(
    request: functions.messages.GetDiscussionMessageRequest, call: Call
) -> types.messages.DiscussionMessage:
    """The message under which a post is talked about."""
    room, letter = _thread(call, call.peer(request.peer), request.msg_id)
    owner = call.owner(room)
    peers = {room, *call.world.views.letter_peers(letter, owner)}
    users, chats = call.split(peers)
    last = max((number for number, one in letters_of(call, room).items() if _under(one, letter)), default=None)
    return types.messages.DiscussionMessage(
        messages=[call.world.views.message(letter, owner, call.my_id)],
        unread_count=0,
        chats=chats,
        users=users,
        max_id=last,
    )


def _under(letter: Letter, top: Letter) -> bool:
    return letter.quote is not None and (letter.quote.top or letter.quote.letter) is top


@serves(functions.messages.GetRepliesRequest)
def get_replies(request: functions.messages.GetRepliesRequest, call: Call) -> types.messages._TypeMessages:
    """The messages of a thread."""
    room, top = _thread(call, call.peer(request.peer), request.msg_id)
    letters = letters_of(call, room)
    ids = [number for number in chat_ids(call, room) if _under(letters[number], top)]
    page = page_of(ids, request.offset_id, request.add_offset, limit_of(request.limit), request.max_id, request.min_id)
    return answer(call, room, page, len(ids), whole=len(page) == len(ids))


@serves(functions.messages.ReadDiscussionRequest)
def read_discussion(request: functions.messages.ReadDiscussionRequest, call: Call) -> bool:
    """Mark a thread as read."""
    room, letter = _thread(call, call.peer(request.peer), request.msg_id)
    if not is_channel(room):
        raise RpcFault(400, "PEER_ID_INVALID")
    update = types.UpdateReadChannelDiscussionInbox(bare_id(room), letter.copies[room], request.read_max_id)
    call.delivery.note(call.my_id, update, (room,), lasting=True)
    return True


# -- reactions -------------------------------------------------------------------------------------------------------


def _unread(call: Call, peer: int) -> list[int]:
    """Own messages to which others reacted since the account last looked."""
    letters = letters_of(call, peer)
    seen = call.me.settings.setdefault("seen_reactions", {})
    found: list[int] = []
    for number in chat_ids(call, peer):
        letter = letters[number]
        votes = {user: [bytes(one) for one in chosen] for user, chosen in letter.votes.items() if user != call.my_id}
        if letter.sender == call.my_id and votes and seen.get((peer, number)) != votes:
            found.append(number)
    return found


@serves(functions.messages.GetUnreadReactionsRequest)
def get_unread_reactions(
    request: functions.messages.GetUnreadReactionsRequest, call: Call
) -> types.messages._TypeMessages:
    """Own messages with new reactions."""
    peer = call.peer(request.peer)
    ids = _unread(call, peer)
    page = page_of(ids, request.offset_id, request.add_offset, limit_of(request.limit), request.max_id, request.min_id)
    return answer(call, peer, page, len(ids), whole=len(page) == len(ids))


@serves(functions.messages.ReadReactionsRequest)
def read_reactions(request: functions.messages.ReadReactionsRequest, call: Call) -> types.messages.AffectedHistory:
    """Mark them as looked at."""
    peer = call.peer(request.peer)
    letters = letters_of(call, peer)
    seen = call.me.settings.setdefault("seen_reactions", {})
    for number in _unread(call, peer):
        votes = letters[number].votes
        seen[peer, number] = {user: [bytes(one) for one in chosen] for user, chosen in votes.items()}
        seen[peer, number].pop(call.my_id, None)
    call.delivery.answered()
    box = call.world.channels[bare_id(peer)].box if is_channel(peer) else call.me.mailbox
    return types.messages.AffectedHistory(box.pts, 0, 0)
