"""messages: where in a chat something is, by day and by place, and the account's own files and places.

Source: https://core.telegram.org/api/search
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.history import answer, chat_ids, fits, found_in, holds, letters_of, limit_of
from telethon.testing.world import post
from telethon.testing.world.peerids import is_user
from telethon.testing.world.rights import moment
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_DAY = 86_400
_KEPT = 7 * 86_400


def _matching(call: Call, peer: int, chosen: types.TypeMessagesFilter, saved: types.TypeInputPeer | None) -> list[int]:
    """The numbers of the messages of a chat that a filter lets through, ascending."""
    if isinstance(chosen, (types.InputMessagesFilterEmpty, types.InputMessagesFilterMyMentions)):
        raise RpcFault(400, "FILTER_NOT_SUPPORTED")
    letters, wanted = letters_of(call, peer), fits(call, call.owner(peer), chosen)
    origin = call.peer(saved) if saved is not None else None
    return [
        number
        for number in chat_ids(call, peer)
        if wanted(letters[number]) and (origin is None or letters[number].saved_peer() == origin)
    ]


@serves(functions.messages.GetSearchResultsCalendarRequest)
def get_search_results_calendar(
    request: functions.messages.GetSearchResultsCalendarRequest, call: Call
) -> types.messages.SearchResultsCalendar:
    """How many messages of a kind there are on each day, the last day first."""
    peer = call.peer(request.peer)
    letters = letters_of(call, peer)
    ids = _matching(call, peer, request.filter, request.saved_peer_id)
    if request.offset_id:
        ids = [number for number in ids if number < request.offset_id]
    days: dict[int, list[int]] = {}
    for number in ids:
        days.setdefault(letters[number].date // _DAY * _DAY, []).append(number)
    periods = [
        types.SearchResultsCalendarPeriod(moment(day), numbers[0], numbers[-1], len(numbers))
        for day, numbers in sorted(days.items(), reverse=True)
    ]
    views, owner = call.world.views, call.owner(peer)
    tops = [letters[numbers[-1]] for _, numbers in sorted(days.items(), reverse=True)]
    users, chats = call.split({peer, *(one for letter in tops for one in views.letter_peers(letter, owner))})
    first = letters[ids[0]].date if ids else call.now
    return types.messages.SearchResultsCalendar(
        len(ids),
        moment(first),
        ids[0] if ids else 0,
        [*periods],
        [views.message(letter, owner, call.my_id) for letter in tops],
        chats,
        users,
    )


@serves(functions.messages.GetSearchResultsPositionsRequest)
def get_search_results_positions(
    request: functions.messages.GetSearchResultsPositionsRequest, call: Call
) -> types.messages.SearchResultsPositions:
    """Which places messages of a kind have among all of that kind, the newest first."""
    peer = call.peer(request.peer)
    letters = letters_of(call, peer)
    ids = _matching(call, peer, request.filter, request.saved_peer_id)[::-1]
    places = [
        (place, number) for place, number in enumerate(ids) if not request.offset_id or number < request.offset_id
    ]
    positions = [
        types.SearchResultPosition(number, moment(letters[number].date), place)
        for place, number in places[: limit_of(request.limit)]
    ]
    return types.messages.SearchResultsPositions(len(ids), [*positions])


@serves(functions.messages.SearchSentMediaRequest)
def search_sent_media(request: functions.messages.SearchSentMediaRequest, call: Call) -> types.messages._TypeMessages:
    """Files of a kind that the account has sent, with a word in their names or texts."""
    if isinstance(request.filter, (types.InputMessagesFilterEmpty, types.InputMessagesFilterPinned)):
        raise RpcFault(400, "FILTER_NOT_SUPPORTED")
    words = request.q.lower().split()
    return found_in(
        call,
        request.filter,
        limit_of(request.limit),
        lambda letter: letter.sender == call.my_id and (not words or holds(letter.text, words)),
    )


@serves(functions.messages.GetRecentLocationsRequest)
def get_recent_locations(
    request: functions.messages.GetRecentLocationsRequest, call: Call
) -> types.messages._TypeMessages:
    """Places that are still being told of in a chat."""
    peer = call.peer(request.peer)
    letters = letters_of(call, peer)
    found: list[int] = []
    for number in chat_ids(call, peer)[::-1]:
        letter = letters[number]
        media = letter.media.tl(call.my_id) if letter.media is not None else None
        if isinstance(media, types.MessageMediaGeoLive) and letter.date + media.period > call.now:
            found.append(number)
    return answer(call, peer, found[: limit_of(request.limit)], len(found), whole=True)


@serves(functions.messages.GetOutboxReadDateRequest, who="both")
def get_outbox_read_date(request: functions.messages.GetOutboxReadDateRequest, call: Call) -> types.OutboxReadDate:
    """When somebody read a message."""
    peer = call.peer(request.peer)
    letter = call.letter(peer, request.msg_id)
    if not is_user(peer) or letter.sender != call.my_id:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    reader = call.world.accounts[peer]
    for account, error in ((call.me, "YOUR_PRIVACY_RESTRICTED"), (reader, "USER_PRIVACY_RESTRICTED")):
        settings: types.GlobalPrivacySettings | None = account.settings.get("global privacy")
        if settings is not None and settings.hide_read_marks:
            raise RpcFault(403, error)
    read = letter.read_dates.get(peer)
    if read is None:
        raise RpcFault(400, "MESSAGE_NOT_READ_YET")
    if call.now - letter.date > _KEPT:
        raise RpcFault(400, "MESSAGE_TOO_OLD")
    return types.OutboxReadDate(moment(read))


@serves(functions.messages.SendScreenshotNotificationRequest)
def send_screenshot_notification(
    request: functions.messages.SendScreenshotNotificationRequest, call: Call
) -> types.TypeUpdates:
    """Say that a picture was taken of a private chat."""
    from telethon.testing.services.messages import take_quote
    from telethon.testing.world.letters import Draft

    peer = call.peer(request.peer)
    if not is_user(peer):
        raise RpcFault(400, "PEER_ID_INVALID")
    draft = Draft(
        action=types.MessageActionScreenshotTaken(),
        quote=take_quote(call, peer, request.reply_to),
        random_id=request.random_id,
    )
    letter = post.send(call.world, call.delivery, call.me, peer, draft)
    return call.updates([types.UpdateMessageID(post.box_number(letter, call.my_id), request.random_id)])


@serves(functions.messages.HidePeerSettingsBarRequest)
def hide_peer_settings_bar(request: functions.messages.HidePeerSettingsBarRequest, call: Call) -> bool:
    """Do not want to be asked what to do with somebody new."""
    peer = call.peer(request.peer)
    call.me.settings.setdefault("bars hidden", set()).add(peer)
    from telethon.testing.world.peerids import as_peer

    call.delivery.note(call.my_id, types.UpdatePeerSettings(as_peer(peer), types.PeerSettings()), (peer,), lasting=True)
    return True


@serves(functions.messages.SaveDefaultSendAsRequest)
def save_default_send_as(request: functions.messages.SaveDefaultSendAsRequest, call: Call) -> bool:
    """Under which name the account writes in a chat unless it says otherwise."""
    from telethon.testing.services.messages import take_send_as

    peer = call.peer(request.peer)
    if is_user(peer):
        raise RpcFault(400, "PEER_ID_INVALID")
    call.me.mailbox.dialog(peer).send_as = take_send_as(call, peer, request.send_as)
    return True
