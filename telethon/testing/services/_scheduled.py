"""Messages to be sent later.

Source: https://core.telegram.org/api/scheduled-messages
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._changing import change
from telethon.testing.services._service import serves
from telethon.testing.world import post
from telethon.testing.world.peerids import as_peer
from telethon.testing.world.plain import PlainMessage
from telethon.testing.world.rights import unix
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.delivery import Delivery
    from telethon.testing.world.letters import Draft, Letter
    from telethon.testing.world.records import Account
    from telethon.testing.world.world import World

__all__ = ["Scheduled", "edit", "put_off", "send_due"]

_UNTIL_ONLINE = 0x7FFFFFFE


@dataclass(slots=True, eq=False)
class Scheduled:
    """A message that waits for its time."""

    number: int
    room: int
    date: int
    draft: Draft
    letter: Letter


def _waiting(account: Account) -> dict[int, Scheduled]:
    waiting: dict[int, Scheduled] = account.settings.setdefault("scheduled", {})
    return waiting


def put_off(call: Call, peer: int, draft: Draft, date: object) -> types.TypeUpdates:
    """Keep a message for later.

    Raises:
        RpcFault: SCHEDULE_DATE_TOO_LATE, or the account may not write there.
    """
    due = unix(date)
    if due <= call.now + 10:
        letter = post.send(call.world, call.delivery, call.me, peer, draft)
        return call.updates([types.UpdateMessageID(post.box_number(letter, call.my_id), draft.random_id or 0)])
    if due > call.now + 367 * 86_400 and due != _UNTIL_ONLINE:
        raise RpcFault(400, "SCHEDULE_DATE_TOO_LATE")
    post.check_may_send(call.world, call.me, peer, draft)
    letter = post.compose(call.world, call.me, peer, draft)
    letter.date = due
    waiting = _waiting(call.me)
    number = max(waiting, default=0) + 1
    entry = waiting[number] = Scheduled(number, peer, due, draft, letter)
    call.world.due.append((due, call.my_id, number))
    random_id = draft.random_id or 0
    draft.random_id = None
    update = types.UpdateNewScheduledMessage(_message(call, entry))
    call.delivery.note(call.my_id, update, (peer, call.my_id))
    return call.updates([types.UpdateMessageID(number, random_id)])


def _message(call: Call, entry: Scheduled) -> types.TypeMessage:
    message = call.world.views.numbered(entry.letter, entry.number, call.owner(entry.room), call.my_id)
    if isinstance(message, PlainMessage):
        message.from_scheduled = True
    return message


def edit(call: Call, peer: int, request: functions.messages.EditMessageRequest) -> types.TypeUpdates:
    """Change a message that waits."""
    entry = _find(call, peer, request.id)
    new_date = unix(request.schedule_date)
    if request.message is not None or request.media is not None:
        change(call, entry.letter, request.message, request.entities, request.media, request.reply_markup)
        entry.letter.edit_date = None
        entry.draft.text, entry.draft.entities = entry.letter.text, entry.letter.entities
        entry.draft.media, entry.draft.markup = entry.letter.media, entry.letter.markup
    entry.date = entry.letter.date = new_date
    call.world.due.append((new_date, call.my_id, entry.number))
    call.delivery.note(call.my_id, types.UpdateNewScheduledMessage(_message(call, entry)), (peer, call.my_id))
    return call.updates()


def _find(call: Call, peer: int, number: int) -> Scheduled:
    entry = _waiting(call.me).get(number)
    if entry is None or entry.room != peer:
        raise RpcFault(400, "MESSAGE_ID_INVALID")
    return entry


def _send(world: World, delivery: Delivery, account: Account, entry: Scheduled) -> Letter:
    entry.draft.from_scheduled = True
    del _waiting(account)[entry.number]
    letter = post.send(world, delivery, account, entry.room, entry.draft)
    update = types.UpdateDeleteScheduledMessages(
        as_peer(entry.room), [entry.number], [post.box_number(letter, account.id)]
    )
    delivery.note(account.id, update, (entry.room,))
    return letter


def send_due(world: World) -> None:
    """Send everything whose time has come."""
    now = world.now()
    ripe = [entry for entry in world.due if entry[0] <= now]
    world.due[:] = [entry for entry in world.due if entry[0] > now]
    for due, account_id, number in ripe:
        account = world.accounts[account_id]
        entry = _waiting(account).get(number)
        if entry is not None and entry.date == due:
            delivery = world.delivery()
            try:
                _send(world, delivery, account, entry)
            except RpcFault:
                # The account may no longer write there; Telegram drops such messages without a word, too.
                continue
            delivery.flush()


def _several(call: Call, peer: int, entries: list[Scheduled]) -> types.messages.Messages:
    users, chats = call.split({peer, call.my_id})
    return types.messages.Messages([_message(call, entry) for entry in entries], [], chats, users)


@serves(functions.messages.GetScheduledHistoryRequest)
def get_scheduled_history(
    request: functions.messages.GetScheduledHistoryRequest, call: Call
) -> types.messages._TypeMessages:
    """All messages that wait in a chat, the last one first."""
    peer = call.peer(request.peer)
    entries = [entry for entry in _waiting(call.me).values() if entry.room == peer]
    return _several(call, peer, sorted(entries, key=lambda entry: -entry.date))


@serves(functions.messages.GetScheduledMessagesRequest)
def get_scheduled_messages(
    request: functions.messages.GetScheduledMessagesRequest, call: Call
) -> types.messages._TypeMessages:
    """Some of them."""
    peer = call.peer(request.peer)
    waiting = _waiting(call.me)
    found = [waiting[number] for number in request.id if number in waiting and waiting[number].room == peer]
    return _several(call, peer, found)


@serves(functions.messages.SendScheduledMessagesRequest)
def send_scheduled_messages(request: functions.messages.SendScheduledMessagesRequest, call: Call) -> types.TypeUpdates:
    """Send some of them now."""
    peer = call.peer(request.peer)
    for entry in [_find(call, peer, number) for number in request.id]:
        _send(call.world, call.delivery, call.me, entry)
    return call.updates()


@serves(functions.messages.DeleteScheduledMessagesRequest)
def delete_scheduled_messages(
    request: functions.messages.DeleteScheduledMessagesRequest, call: Call
) -> types.TypeUpdates:
    """Do not send some of them."""
    peer = call.peer(request.peer)
    for number in request.id:
        _find(call, peer, number)
        del _waiting(call.me)[number]
    call.delivery.note(call.my_id, types.UpdateDeleteScheduledMessages(as_peer(peer), list(request.id)), (peer,))
    return call.updates()
