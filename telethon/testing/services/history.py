"""messages: reading what was written - by page, by number, by search - and marking it as read.

Source: https://core.telegram.org/api/offsets
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.world import post
from telethon.testing.world.boxes import Notice
from telethon.testing.world.peerids import bare_id, is_channel, is_group, is_user
from telethon.testing.world.plain import PlainMessageEmpty
from telethon.testing.world.rights import in_channel, unix
from telethon.tl import functions, types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from telethon.testing._call import Call
    from telethon.testing.world.letters import Letter

MAX_PAGE = 100


def chat_ids(call: Call, peer: int) -> list[int]:
    """The numbers of all messages of a chat that the account can see, ascending.

    Raises:
        RpcFault: CHANNEL_PRIVATE, when the account must not look.
    """
    if not is_channel(peer):
        return call.me.mailbox.by_peer.get(peer, [])
    channel = call.world.channels[bare_id(peer)]
    if channel.username is None or call.my_id in channel.members:
        in_channel(channel, call.my_id)
    ids = channel.box.ids
    dialog = call.me.mailbox.dialogs.get(peer)
    if dialog is not None and dialog.cleared:
        return ids[bisect_right(ids, dialog.cleared) :]
    return ids


def letters_of(call: Call, peer: int) -> dict[int, Letter]:
    """The messages of the box a chat belongs to, by number."""
    return call.world.channels[bare_id(peer)].box.letters if is_channel(peer) else call.me.mailbox.letters


def page_of(ids: list[int], offset_id: int, add_offset: int, limit: int, max_id: int = 0, min_id: int = 0) -> list[int]:
    """One page of numbers, newest first.

    Args:
        ids: all numbers, ascending.
        offset_id: the page begins below this number; 0 for the newest.
        add_offset: how many further ones to skip; negative to begin that many newer ones earlier.
        limit: how many.
        max_id: only lower ones, when not 0.
        min_id: only higher ones, when not 0.
    """
    end = (bisect_left(ids, offset_id) if offset_id > 0 else len(ids)) - add_offset
    begin = max(0, end - limit)
    page = ids[begin : max(begin, min(end, len(ids)))]
    if max_id > 0:
        page = page[: bisect_left(page, max_id)]
    if min_id > 0:
        page = page[bisect_right(page, min_id) :]
    page.reverse()
    return page


def answer(call: Call, peer: int, numbers: list[int], count: int, whole: bool) -> types.messages._TypeMessages:
    """Messages of a chat as the answer.

    Args:
        call: the request.
        peer: the chat.
        numbers: which messages.
        count: how many there are in all.
        whole: whether these are all.
    """
    views, me, owner = call.world.views, call.my_id, call.owner(peer)
    letters = letters_of(call, peer)
    peers: set[int] = {peer}
    messages: list[types.TypeMessage] = []
    for number in numbers:
        letter = letters[number]
        messages.append(views.numbered(letter, number, owner, me))
        peers.update(views.letter_peers(letter, owner))
    users, chats = views.split(peers, me)
    if is_channel(peer):
        pts = call.world.channels[bare_id(peer)].box.pts
        return types.messages.ChannelMessages(pts, count, messages, [], chats, users)
    if whole:
        return types.messages.Messages(messages, [], chats, users)
    return types.messages.MessagesSlice(count, messages, [], chats, users)


def limit_of(limit: int) -> int:
    """How many messages one page holds; at least none, at most a hundred."""
    return max(0, min(limit, MAX_PAGE))


@serves(functions.messages.GetHistoryRequest)
def get_history(request: functions.messages.GetHistoryRequest, call: Call) -> types.messages._TypeMessages:
    """A page of a chat."""
    peer = call.peer(request.peer)
    ids = chat_ids(call, peer)
    offset_id = request.offset_id
    date = unix(request.offset_date)
    if date and offset_id <= 0:
        letters = letters_of(call, peer)
        place = bisect_left(ids, date, key=lambda number: letters[number].date)
        offset_id = ids[place] if place < len(ids) else (ids[-1] + 1 if ids else 0)
    page = page_of(ids, offset_id, request.add_offset, limit_of(request.limit), request.max_id, request.min_id)
    return answer(call, peer, page, len(ids), whole=len(page) == len(ids))


# -- by number -------------------------------------------------------------------------------------------------------


def _wanted(call: Call, peer: int | None, message: types.TypeInputMessage) -> int:
    """The number that an input message stands for; 0 when there is none."""
    if isinstance(message, types.InputMessageID):
        return message.id
    if isinstance(message, types.InputMessageReplyTo):
        box = call.me.mailbox.letters if peer is None else letters_of(call, peer)
        letter = box.get(message.id)
        if letter is None or letter.quote is None:
            return 0
        return letter.quote.letter.copies.get(call.my_id if peer is None else peer, 0)
    if isinstance(message, types.InputMessagePinned) and peer is not None:
        pinned = [number for number, letter in letters_of(call, peer).items() if peer in letter.pinned_for]
        return max(pinned, default=0)
    return 0


def _by_number(call: Call, peer: int | None, wanted: Iterable[types.TypeInputMessage]) -> list[types.TypeMessage]:
    owner = call.my_id if peer is None else peer
    box = call.me.mailbox.letters if peer is None else letters_of(call, peer)
    found: list[types.TypeMessage] = []
    for message in wanted:
        number = _wanted(call, peer, message)
        letter = box.get(number)
        if letter is None:
            asked = message.id if isinstance(message, types.InputMessageID) else 0
            found.append(PlainMessageEmpty(id=asked))
        else:
            found.append(call.world.views.message(letter, owner, call.my_id))
    return found


def _peers_in(call: Call, owner: int, box: dict[int, Letter], messages: list[types.TypeMessage]) -> set[int]:
    peers: set[int] = set()
    for message in messages:
        letter = box.get(message.id)
        if letter is not None:
            peers.update(call.world.views.letter_peers(letter, owner))
    return peers


@serves(functions.messages.GetMessagesRequest, who="both")
def get_messages(request: functions.messages.GetMessagesRequest, call: Call) -> types.messages._TypeMessages:
    """Messages of private chats and basic groups by number."""
    messages = _by_number(call, None, request.id)
    users, chats = call.split(_peers_in(call, call.my_id, call.me.mailbox.letters, messages))
    return types.messages.Messages(messages, [], chats, users)


@serves(functions.channels.GetMessagesRequest, who="both")
def get_channel_messages(request: functions.channels.GetMessagesRequest, call: Call) -> types.messages._TypeMessages:
    """Messages of a channel by number."""
    channel = call.channel(request.channel)
    messages = _by_number(call, channel.peer, request.id)
    peers = _peers_in(call, channel.peer, channel.box.letters, messages)
    users, chats = call.split({*peers, channel.peer})
    return types.messages.ChannelMessages(channel.box.pts, len(messages), messages, [], chats, users)


# -- search ----------------------------------------------------------------------------------------------------------

_KINDS: dict[type, frozenset[str]] = {
    types.InputMessagesFilterPhotos: frozenset({"photo"}),
    types.InputMessagesFilterVideo: frozenset({"video"}),
    types.InputMessagesFilterPhotoVideo: frozenset({"photo", "video"}),
    types.InputMessagesFilterDocument: frozenset({"document"}),
    types.InputMessagesFilterGif: frozenset({"gif"}),
    types.InputMessagesFilterVoice: frozenset({"voice"}),
    types.InputMessagesFilterMusic: frozenset({"audio"}),
    types.InputMessagesFilterRoundVoice: frozenset({"voice", "round"}),
    types.InputMessagesFilterRoundVideo: frozenset({"round"}),
    types.InputMessagesFilterGeo: frozenset({"geo"}),
    types.InputMessagesFilterContacts: frozenset({"contact"}),
    types.InputMessagesFilterPoll: frozenset({"poll"}),
}


def fits(call: Call, owner: int, chosen: types.TypeMessagesFilter) -> Callable[[Letter], bool]:
    """A test for the kind of message that a search asks for."""
    if isinstance(chosen, types.InputMessagesFilterEmpty):
        return lambda letter: letter.action is None
    kinds = _KINDS.get(type(chosen))
    if kinds is not None:
        return lambda letter: letter.media is not None and bool(letter.media.kinds & kinds)
    if isinstance(chosen, types.InputMessagesFilterPinned):
        return lambda letter: owner in letter.pinned_for
    if isinstance(chosen, types.InputMessagesFilterMyMentions):
        return lambda letter: call.my_id in letter.mentions
    if isinstance(chosen, types.InputMessagesFilterUrl):
        links = (types.MessageEntityUrl, types.MessageEntityTextUrl)
        return lambda letter: any(isinstance(entity, links) for entity in letter.entities or ())
    if isinstance(chosen, types.InputMessagesFilterPhoneCalls):
        missed = types.PhoneCallDiscardReasonMissed
        return lambda letter: (
            isinstance(letter.action, types.MessageActionPhoneCall)
            and (not chosen.missed or isinstance(letter.action.reason, missed))
        )
    if isinstance(chosen, types.InputMessagesFilterChatPhotos):
        return lambda letter: isinstance(letter.action, types.MessageActionChatEditPhoto)
    return lambda letter: False


def holds(text: str, words: list[str]) -> bool:
    """Whether each of the words begins some word of the text."""
    own = re.findall(r"\w+", text.lower())
    return all(any(one.startswith(word) for one in own) for word in words)


@serves(functions.messages.SearchRequest)
def search(request: functions.messages.SearchRequest, call: Call) -> types.messages._TypeMessages:
    """Messages of a chat that fit."""
    if isinstance(request.peer, types.InputPeerEmpty):
        return _everywhere(call, request.q, request.filter, request.offset_id, request.limit)
    peer = call.peer(request.peer)
    letters, owner = letters_of(call, peer), call.owner(peer)
    of_kind = fits(call, owner, request.filter)
    words = re.findall(r"\w+", request.q.lower())
    author = call.peer(request.from_id) if request.from_id is not None else None
    after, before = unix(request.min_date), unix(request.max_date)

    def matches(letter: Letter) -> bool:
        if not of_kind(letter) or (author is not None and letter.author != author):
            return False
        if (after and letter.date <= after) or (before and letter.date >= before):
            return False
        if request.top_msg_id:
            top = letter.quote.top or letter.quote.letter if letter.quote is not None else None
            if top is None or top.copies.get(owner) != request.top_msg_id:
                return False
        return not words or holds(letter.text, words)

    ids = [number for number in chat_ids(call, peer) if matches(letters[number])]
    page = page_of(ids, request.offset_id, request.add_offset, limit_of(request.limit), request.max_id, request.min_id)
    return answer(call, peer, page, len(ids), whole=len(page) == len(ids))


def _everywhere(
    call: Call, query: str, chosen: types.TypeMessagesFilter, offset_id: int, limit: int
) -> types.messages._TypeMessages:
    words = re.findall(r"\w+", query.lower())
    return found_in(call, chosen, limit_of(limit), lambda letter: holds(letter.text, words), offset_id)


def found_in(
    call: Call,
    chosen: types.TypeMessagesFilter,
    limit: int,
    matches: Callable[[Letter], bool],
    offset_id: int = 0,
) -> types.messages._TypeMessages:
    """Messages of all chats of the account as the answer, the newest first.

    Args:
        call: the request.
        chosen: of which kind.
        limit: how many.
        matches: what else has to be so.
        offset_id: only with lower numbers, when not 0.
    """
    me, world = call.my_id, call.world
    found: list[tuple[int, int, int, Letter]] = []
    for owner, box in _boxes(call):
        of_kind = fits(call, owner, chosen)
        for number, letter in box.items():
            if of_kind(letter) and matches(letter) and (not offset_id or number < offset_id):
                found.append((letter.date, number, owner, letter))
    found.sort(key=lambda entry: (-entry[0], -entry[1]))
    page = found[:limit]
    peers: set[int] = set()
    for _, _, owner, letter in page:
        peers.update(world.views.letter_peers(letter, owner))
    users, chats = call.split(peers)
    messages = [world.views.message(letter, owner, me) for _, _, owner, letter in page]
    if len(page) == len(found):
        return types.messages.Messages(messages, [], chats, users)
    return types.messages.MessagesSlice(len(found), messages, [], chats, users)


def _boxes(call: Call) -> Iterable[tuple[int, dict[int, Letter]]]:
    yield call.my_id, call.me.mailbox.letters
    for peer in call.me.mailbox.dialogs:
        if is_channel(peer) and call.my_id in call.world.channels[bare_id(peer)].present():
            yield peer, call.world.channels[bare_id(peer)].box.letters


@serves(functions.messages.SearchGlobalRequest)
def search_global(request: functions.messages.SearchGlobalRequest, call: Call) -> types.messages._TypeMessages:
    """Messages of all chats that fit."""
    return _everywhere(call, request.q, request.filter, request.offset_id, request.limit)


@serves(functions.messages.GetSearchCountersRequest)
def get_search_counters(
    request: functions.messages.GetSearchCountersRequest, call: Call
) -> list[types.messages.SearchCounter]:
    """How many messages of several kinds there are in a chat."""
    peer = call.peer(request.peer)
    letters = letters_of(call, peer)
    counters: list[types.messages.SearchCounter] = []
    for chosen in request.filters:
        of_kind = fits(call, call.owner(peer), chosen)
        count = sum(1 for number in chat_ids(call, peer) if of_kind(letters[number]))
        counters.append(types.messages.SearchCounter(chosen, count))
    return counters


# -- read state ------------------------------------------------------------------------------------------------------


@serves(functions.messages.ReadHistoryRequest)
def read_history(request: functions.messages.ReadHistoryRequest, call: Call) -> types.messages.AffectedMessages:
    """Mark a private chat or basic group as read."""
    peer = call.peer(request.peer)
    if is_channel(peer):
        raise RpcFault(400, "PEER_ID_INVALID")
    return call.affected(*post.mark_read(call.world, call.delivery, call.me, peer, request.max_id))


@serves(functions.channels.ReadHistoryRequest)
def read_channel_history(request: functions.channels.ReadHistoryRequest, call: Call) -> bool:
    """Mark a channel as read."""
    channel = call.channel(request.channel)
    if call.my_id in channel.members:
        post.mark_read(call.world, call.delivery, call.me, channel.peer, request.max_id)
    return True


@serves(functions.messages.ReceivedMessagesRequest)
def received_messages(
    request: functions.messages.ReceivedMessagesRequest, call: Call
) -> list[types.ReceivedNotifyMessage]:
    """Say that messages arrived; nobody has to be told again."""
    return []


@serves(functions.messages.ReadMessageContentsRequest)
def read_message_contents(
    request: functions.messages.ReadMessageContentsRequest, call: Call
) -> types.messages.AffectedMessages:
    """Say that voice messages were heard."""
    opened: list[int] = []
    for number in request.id:
        letter = call.me.mailbox.letters.get(number)
        if letter is not None and call.my_id not in letter.seen_by:
            letter.seen_by.add(call.my_id)
            opened.append(number)
    mailbox = call.me.mailbox
    if opened:
        count = len(opened)
        notice = Notice(
            mailbox.step(count),
            count,
            types.UpdateReadMessagesContents(opened, mailbox.pts, count, date=call.now),
        )
        mailbox.record(notice)
        call.delivery.tell(call.my_id, notice)
    return call.affected(mailbox.pts, len(opened))


@serves(functions.channels.ReadMessageContentsRequest)
def read_channel_contents(request: functions.channels.ReadMessageContentsRequest, call: Call) -> bool:
    """The same in a channel."""
    channel = call.channel(request.channel)
    for number in request.id:
        letter = channel.box.letters.get(number)
        if letter is not None:
            letter.seen_by.add(call.my_id)
    update = types.UpdateChannelReadMessagesContents(channel.id, list(request.id))
    call.delivery.note(call.my_id, update, (channel.peer,), lasting=True)
    return True


@serves(functions.messages.GetUnreadMentionsRequest)
def get_unread_mentions(
    request: functions.messages.GetUnreadMentionsRequest, call: Call
) -> types.messages._TypeMessages:
    """Messages that name the account and were not read."""
    peer = call.peer(request.peer)
    dialog = call.me.mailbox.dialogs.get(peer)
    ids = sorted(dialog.mentions) if dialog is not None else []
    page = page_of(ids, request.offset_id, request.add_offset, limit_of(request.limit), request.max_id, request.min_id)
    return answer(call, peer, page, len(ids), whole=len(page) == len(ids))


@serves(functions.messages.ReadMentionsRequest)
def read_mentions(request: functions.messages.ReadMentionsRequest, call: Call) -> types.messages.AffectedHistory:
    """Mark them as read."""
    peer = call.peer(request.peer)
    dialog = call.me.mailbox.dialog(peer)
    dialog.mentions.clear()
    call.delivery.answered()
    box = call.world.channels[bare_id(peer)].box if is_channel(peer) else call.me.mailbox
    return types.messages.AffectedHistory(box.pts, 0, 0)


@serves(functions.messages.GetMessagesViewsRequest)
def get_messages_views(request: functions.messages.GetMessagesViewsRequest, call: Call) -> types.messages.MessageViews:
    """How often posts were seen."""
    peer = call.peer(request.peer)
    letters = letters_of(call, peer)
    views: list[types.MessageViews] = []
    for number in request.id:
        letter = letters.get(number)
        if letter is None or letter.views is None:
            views.append(types.MessageViews())
            continue
        if request.increment and call.my_id not in letter.seen_by:
            letter.seen_by.add(call.my_id)
            letter.views += 1
        views.append(types.MessageViews(letter.views, letter.forwards))
    users, chats = call.split([peer])
    return types.messages.MessageViews(views, chats, users)


@serves(functions.messages.GetMessageReadParticipantsRequest)
def get_message_read_participants(
    request: functions.messages.GetMessageReadParticipantsRequest, call: Call
) -> list[types.ReadParticipantDate]:
    """Who of a group has read a message."""
    peer = call.peer(request.peer)
    letter = call.letter(peer, request.msg_id)
    room = call.room(peer)
    if letter.sender != call.my_id:
        raise RpcFault(400, "MSG_ID_INVALID")
    readers: list[types.ReadParticipantDate] = []
    for user_id in room.present():
        dialog = call.world.accounts[user_id].mailbox.dialogs.get(peer)
        number = post.box_number(letter, user_id)
        if user_id != call.my_id and dialog is not None and number and dialog.read_in >= number:
            readers.append(types.ReadParticipantDate(user_id, letter.read_dates.get(user_id, call.now)))
    return readers


# -- clearing --------------------------------------------------------------------------------------------------------


@serves(functions.messages.DeleteHistoryRequest)
def delete_history(request: functions.messages.DeleteHistoryRequest, call: Call) -> types.messages.AffectedHistory:
    """Empty a private chat or basic group."""
    peer = call.peer(request.peer)
    if is_channel(peer):
        raise RpcFault(400, "PEER_ID_INVALID")
    mailbox = call.me.mailbox
    ids = [number for number in mailbox.by_peer.get(peer, ()) if not request.max_id or number <= request.max_id]
    revoke = bool(request.revoke) and is_user(peer)
    pts, count = post.erase(call.world, call.delivery, call.me, ids, revoke)
    dialog = mailbox.dialog(peer)
    dialog.unread = len(mailbox.by_peer.get(peer, ()))
    if not request.just_clear:
        dialog.hidden = not mailbox.by_peer.get(peer)
    if is_group(peer) and call.my_id not in call.world.groups[bare_id(peer)].present():
        dialog.hidden = True
    call.delivery.answered()
    return types.messages.AffectedHistory(pts, count, 0)


@serves(functions.channels.DeleteHistoryRequest)
def delete_channel_history(request: functions.channels.DeleteHistoryRequest, call: Call) -> types.TypeUpdates:
    """Empty a supergroup for oneself, or for everybody."""
    channel = call.channel(request.channel, member=True)
    upto = request.max_id or channel.box.last_id
    if request.for_everyone:
        from telethon.testing.world.rights import check_admin

        check_admin(channel, call.my_id, "delete_messages")
        post.erase_in_channel(
            call.world, call.delivery, channel, [number for number in channel.box.ids if number <= upto]
        )
        return call.updates(peers=[channel.peer])
    dialog = call.me.mailbox.dialog(channel.peer)
    dialog.cleared = max(dialog.cleared, upto)
    update = types.UpdateChannelAvailableMessages(channel.id, dialog.cleared)
    call.delivery.note(call.my_id, update, (channel.peer,), lasting=True)
    return call.updates()
