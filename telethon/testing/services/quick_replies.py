"""messages: texts that a business keeps at hand under short names.

Source: https://core.telegram.org/api/business#quick-reply-shortcuts
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._sent import sent
from telethon.testing.services._service import serves
from telethon.testing.services.contacts import list_hash
from telethon.testing.world import post
from telethon.testing.world.plain import PlainMessage
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.letters import Draft, Letter

__all__ = ["keep"]

_NAME = re.compile(r"[\w\u200c\u00b7\u0d80-\u0dff]{1,32}")
_MAX_SHORTCUTS = 100
_MAX_MESSAGES = 20


@dataclass(slots=True, eq=False)
class _Shortcut:
    """A short name with its messages, by number."""

    id: int
    name: str
    drafts: dict[int, tuple[Draft, Letter]] = field(default_factory=dict)

    def tl(self) -> types.QuickReply:
        return types.QuickReply(self.id, self.name, max(self.drafts, default=0), len(self.drafts))


def _shortcuts(call: Call) -> dict[int, _Shortcut]:
    shortcuts: dict[int, _Shortcut] = call.me.settings.setdefault("quick replies", {})
    return shortcuts


def _find(call: Call, shortcut_id: int) -> _Shortcut:
    found = _shortcuts(call).get(shortcut_id)
    if found is None:
        raise RpcFault(400, "SHORTCUT_INVALID")
    return found


def _check_name(call: Call, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise RpcFault(400, "SHORTCUT_INVALID")
    if any(one.name.lower() == name.lower() for one in _shortcuts(call).values()):
        raise RpcFault(400, "SHORTCUT_INVALID")


def _message(call: Call, shortcut: _Shortcut, number: int) -> types.TypeMessage:
    letter = shortcut.drafts[number][1]
    message = call.world.views.numbered(letter, number, call.my_id, call.my_id)
    if isinstance(message, PlainMessage):
        message.quick_reply_shortcut_id = shortcut.id
    return message


def keep(call: Call, draft: Draft, given: types.TypeInputQuickReplyShortcut) -> types.TypeUpdates:
    """Keep a message under a short name instead of sending it.

    Raises:
        RpcFault: PREMIUM_ACCOUNT_REQUIRED, SHORTCUT_INVALID, or there are too many.
    """
    if not call.me.premium:
        raise RpcFault(403, "PREMIUM_ACCOUNT_REQUIRED")
    shortcuts = _shortcuts(call)
    if isinstance(given, types.InputQuickReplyShortcutId):
        found = _find(call, given.shortcut_id)
    else:
        known = [one for one in shortcuts.values() if one.name.lower() == given.shortcut.lower()]
        if known:
            found = known[0]
        else:
            _check_name(call, given.shortcut)
            if len(shortcuts) >= _MAX_SHORTCUTS:
                raise RpcFault(400, "QUICK_REPLIES_TOO_MUCH")
            number = max(shortcuts, default=0) + 1
            found = shortcuts[number] = _Shortcut(number, given.shortcut)
    if len(found.drafts) >= _MAX_MESSAGES:
        raise RpcFault(400, "REPLY_MESSAGES_TOO_MUCH")
    random_id, draft.random_id = draft.random_id or 0, None
    letter = post.compose(call.world, call.me, call.my_id, draft)
    new = not found.drafts
    number = call.me.settings["quick reply numbers"] = call.me.settings.get("quick reply numbers", 0) + 1
    found.drafts[number] = (draft, letter)
    if new:
        call.delivery.note(call.my_id, types.UpdateNewQuickReply(found.tl()))
    call.delivery.note(call.my_id, types.UpdateQuickReplyMessage(_message(call, found, number)), (call.my_id,))
    return call.updates([types.UpdateMessageID(number, random_id)])


@serves(functions.messages.GetQuickRepliesRequest, who="both")
def get_quick_replies(
    request: functions.messages.GetQuickRepliesRequest, call: Call
) -> types.messages._TypeQuickReplies:
    """All short names, each with its last message."""
    found = [one for one in _shortcuts(call).values() if one.drafts]
    value = list_hash(number for one in found for number in (one.id, max(one.drafts)))
    if request.hash and request.hash == value:
        return types.messages.QuickRepliesNotModified()
    users, _ = call.split([call.my_id])
    messages = [_message(call, one, max(one.drafts)) for one in found]
    return types.messages.QuickReplies([one.tl() for one in found], messages, [], users)


@serves(functions.messages.GetQuickReplyMessagesRequest, who="both")
def get_quick_reply_messages(
    request: functions.messages.GetQuickReplyMessagesRequest, call: Call
) -> types.messages._TypeMessages:
    """The messages under one of them."""
    found = _find(call, request.shortcut_id)
    numbers = [number for number in found.drafts if request.id is None or number in request.id]
    users, _ = call.split([call.my_id])
    return types.messages.Messages([_message(call, found, number) for number in numbers], [], [], users)


@serves(functions.messages.CheckQuickReplyShortcutRequest, who="both")
def check_quick_reply_shortcut(request: functions.messages.CheckQuickReplyShortcutRequest, call: Call) -> bool:
    """Whether a short name is free."""
    _check_name(call, request.shortcut)
    return True


@serves(functions.messages.EditQuickReplyShortcutRequest, who="both")
def edit_quick_reply_shortcut(request: functions.messages.EditQuickReplyShortcutRequest, call: Call) -> bool:
    """Give it another name."""
    found = _find(call, request.shortcut_id)
    if request.shortcut.lower() != found.name.lower():
        _check_name(call, request.shortcut)
    found.name = request.shortcut
    call.delivery.note(call.my_id, types.UpdateNewQuickReply(found.tl()))
    return True


@serves(functions.messages.DeleteQuickReplyShortcutRequest, who="both")
def delete_quick_reply_shortcut(request: functions.messages.DeleteQuickReplyShortcutRequest, call: Call) -> bool:
    """Throw it away with its messages."""
    _find(call, request.shortcut_id)
    del _shortcuts(call)[request.shortcut_id]
    call.delivery.note(call.my_id, types.UpdateDeleteQuickReply(request.shortcut_id))
    return True


@serves(functions.messages.ReorderQuickRepliesRequest, who="both")
def reorder_quick_replies(request: functions.messages.ReorderQuickRepliesRequest, call: Call) -> bool:
    """Put them into another order."""
    shortcuts = _shortcuts(call)
    if set(request.order) - set(shortcuts):
        raise RpcFault(400, "SHORTCUT_INVALID")
    ordered = [*request.order, *(number for number in shortcuts if number not in request.order)]
    call.me.settings["quick replies"] = {number: shortcuts[number] for number in ordered}
    replies: list[types.TypeQuickReply] = [shortcuts[number].tl() for number in ordered]
    call.delivery.note(call.my_id, types.UpdateQuickReplies(replies))
    return True


@serves(functions.messages.SendQuickReplyMessagesRequest, who="both")
def send_quick_reply_messages(
    request: functions.messages.SendQuickReplyMessagesRequest, call: Call
) -> types.TypeUpdates:
    """Send messages from under a short name to a chat."""
    peer = call.peer(request.peer)
    found = _find(call, request.shortcut_id)
    if len(request.id) != len(request.random_id):
        raise RpcFault(400, "RANDOM_ID_INVALID")
    letters: list[tuple[Letter, int]] = []
    for number, random_id in zip(request.id, request.random_id, strict=True):
        if number not in found.drafts:
            raise RpcFault(400, "MESSAGE_ID_INVALID")
        draft = replace(found.drafts[number][0], random_id=random_id)
        letters.append((post.send(call.world, call.delivery, call.me, peer, draft), random_id))
    return sent(call, letters)


@serves(functions.messages.DeleteQuickReplyMessagesRequest, who="both")
def delete_quick_reply_messages(
    request: functions.messages.DeleteQuickReplyMessagesRequest, call: Call
) -> types.TypeUpdates:
    """Delete messages from under a short name; it is gone with the last one."""
    found = _find(call, request.shortcut_id)
    gone = [number for number in request.id if found.drafts.pop(number, None) is not None]
    call.delivery.note(call.my_id, types.UpdateDeleteQuickReplyMessages(found.id, gone))
    if not found.drafts:
        del _shortcuts(call)[found.id]
        call.delivery.note(call.my_id, types.UpdateDeleteQuickReply(found.id))
    return call.updates()
