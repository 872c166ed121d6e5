"""messages: what an account saved for itself, by where it came from.

Source: https://core.telegram.org/api/saved-messages
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.history import answer, limit_of, page_of
from telethon.testing.world import post
from telethon.testing.world.peerids import as_peer
from telethon.testing.world.rights import unix
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call

_MAX_PINNED = 5


def _by_origin(call: Call) -> dict[int, list[int]]:
    """The numbers of saved messages, by origin; where something was saved last comes first."""
    found: dict[int, list[int]] = {}
    for number in call.me.mailbox.by_peer.get(call.my_id, ()):
        found.setdefault(call.me.mailbox.letters[number].saved_peer(), []).append(number)
    return dict(sorted(found.items(), key=lambda entry: -entry[1][-1]))


def _pinned(call: Call) -> list[int]:
    pinned: list[int] = call.me.settings.setdefault("saved pinned", [])
    return pinned


def _no_parent(parent: types.TypeInputPeer | None) -> None:
    """Messages to channels are not kept by writer here."""
    if parent is not None:
        raise RpcFault(400, "PARENT_PEER_INVALID")


def _several(call: Call, origins: list[int], count: int | None = None) -> types.messages._TypeSavedDialogs:
    views, me = call.world.views, call.my_id
    known, pinned = _by_origin(call), _pinned(call)
    tops = [known[origin][-1] for origin in origins]
    letters = [call.me.mailbox.letters[number] for number in tops]
    dialogs: list[types.TypeSavedDialog] = [
        types.SavedDialog(as_peer(origin), top, pinned=origin in pinned)
        for origin, top in zip(origins, tops, strict=True)
    ]
    peers = {*origins, *(peer for letter in letters for peer in views.letter_peers(letter, me))}
    users, chats = call.split(peers)
    messages = [views.message(letter, me, me) for letter in letters]
    if count is not None:
        return types.messages.SavedDialogsSlice(count, dialogs, messages, chats, users)
    return types.messages.SavedDialogs(dialogs, messages, chats, users)


@serves(functions.messages.GetSavedDialogsRequest, who="both")
def get_saved_dialogs(
    request: functions.messages.GetSavedDialogsRequest, call: Call
) -> types.messages._TypeSavedDialogs:
    """The chats that something was saved from, pinned ones first."""
    _no_parent(request.parent_peer)
    known, pinned = _by_origin(call), [peer for peer in _pinned(call) if peer in _by_origin(call)]
    others = [origin for origin in known if origin not in pinned]
    if request.offset_id:
        rest = [origin for origin in others if known[origin][-1] < request.offset_id]
    else:
        rest = others if request.exclude_pinned else [*pinned, *others]
    page = rest[: limit_of(request.limit)]
    total = len(others) if request.exclude_pinned else len(known)
    return _several(call, page, total if len(page) < total else None)


@serves(functions.messages.GetPinnedSavedDialogsRequest, who="both")
def get_pinned_saved_dialogs(
    request: functions.messages.GetPinnedSavedDialogsRequest, call: Call
) -> types.messages._TypeSavedDialogs:
    """The pinned ones."""
    known = _by_origin(call)
    return _several(call, [origin for origin in _pinned(call) if origin in known])


@serves(functions.messages.GetSavedDialogsByIDRequest, who="both")
def get_saved_dialogs_by_id(
    request: functions.messages.GetSavedDialogsByIDRequest, call: Call
) -> types.messages._TypeSavedDialogs:
    """Chosen ones."""
    _no_parent(request.parent_peer)
    known = _by_origin(call)
    return _several(call, [peer for peer in map(call.peer, request.ids) if peer in known])


@serves(functions.messages.GetSavedHistoryRequest, who="both")
def get_saved_history(request: functions.messages.GetSavedHistoryRequest, call: Call) -> types.messages._TypeMessages:
    """What was saved from a chat."""
    _no_parent(request.parent_peer)
    ids = _by_origin(call).get(call.peer(request.peer), [])
    page = page_of(ids, request.offset_id, request.add_offset, limit_of(request.limit), request.max_id, request.min_id)
    return answer(call, call.my_id, page, len(ids), whole=len(page) == len(ids))


@serves(functions.messages.DeleteSavedHistoryRequest, who="both")
def delete_saved_history(
    request: functions.messages.DeleteSavedHistoryRequest, call: Call
) -> types.messages.AffectedHistory:
    """Delete it."""
    _no_parent(request.parent_peer)
    after, before = unix(request.min_date), unix(request.max_date)
    doomed: list[int] = []
    for number in _by_origin(call).get(call.peer(request.peer), []):
        date = call.me.mailbox.letters[number].date
        if (not request.max_id or number <= request.max_id) and date >= after and (not before or date <= before):
            doomed.append(number)
    pts, count = post.erase(call.world, call.delivery, call.me, doomed, revoke=False)
    call.delivery.answered()
    return types.messages.AffectedHistory(pts, count, 0)


@serves(functions.messages.ToggleSavedDialogPinRequest, who="both")
def toggle_saved_dialog_pin(request: functions.messages.ToggleSavedDialogPinRequest, call: Call) -> bool:
    """Pin one of these chats, or take the pin away."""
    peer = call.dialog_peer(request.peer)
    pinned = _pinned(call)
    if peer not in _by_origin(call):
        raise RpcFault(400, "PEER_ID_INVALID")
    if bool(request.pinned) == (peer in pinned):
        return True
    if request.pinned:
        if len(pinned) >= _MAX_PINNED:
            raise RpcFault(400, "PINNED_DIALOGS_TOO_MUCH")
        pinned.insert(0, peer)
    else:
        pinned.remove(peer)
    update = types.UpdateSavedDialogPinned(types.DialogPeer(as_peer(peer)), pinned=bool(request.pinned))
    call.delivery.note(call.my_id, update, (peer,), lasting=True)
    return True


@serves(functions.messages.ReorderPinnedSavedDialogsRequest, who="both")
def reorder_pinned_saved_dialogs(request: functions.messages.ReorderPinnedSavedDialogsRequest, call: Call) -> bool:
    """Put the pinned ones into another order."""
    wanted = [call.dialog_peer(peer) for peer in request.order]
    kept = [] if request.force else [peer for peer in _pinned(call) if peer not in wanted]
    _pinned(call)[:] = [*wanted, *kept]
    order: list[types.TypeDialogPeer] = [types.DialogPeer(as_peer(peer)) for peer in _pinned(call)]
    call.delivery.note(call.my_id, types.UpdatePinnedSavedDialogs(order), lasting=True)
    return True
