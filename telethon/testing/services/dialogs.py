"""messages: the list of chats, drafts, pins and marks.

Source: https://core.telegram.org/api/folders
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.testing._rpc import RpcFault
from telethon.testing.services._service import serves
from telethon.testing.services.updates import state_of
from telethon.testing.services.users import settings_for
from telethon.testing.world.peerids import as_peer, bare_id, is_channel, is_user
from telethon.testing.world.rights import unix
from telethon.tl import functions, types

if TYPE_CHECKING:
    from telethon.testing._call import Call
    from telethon.testing.world.boxes import Dialog
    from telethon.testing.world.letters import Letter

_PINNED_LIMIT = 5


def top_letter(call: Call, dialog: Dialog) -> Letter | None:
    """The last message of a chat, if there is any."""
    if is_channel(dialog.peer):
        box = call.world.channels[bare_id(dialog.peer)].box
        return box.letters[box.ids[-1]] if box.ids else None
    ids = call.me.mailbox.by_peer.get(dialog.peer)
    return call.me.mailbox.letters[ids[-1]] if ids else None


def is_listed(call: Call, dialog: Dialog) -> bool:
    """Whether a chat is in the list: it has messages, or the account is in the channel."""
    if dialog.hidden:
        return False
    if is_channel(dialog.peer):
        channel = call.world.channels[bare_id(dialog.peer)]
        member = channel.members.get(call.my_id)
        return member is not None and member.present and not channel.deleted
    return bool(call.me.mailbox.by_peer.get(dialog.peer)) or dialog.draft is not None


def _order(call: Call, dialog: Dialog) -> tuple[int, int, int]:
    letter = top_letter(call, dialog)
    date = letter.date if letter is not None else 0
    if letter is None and is_channel(dialog.peer):
        date = call.world.channels[bare_id(dialog.peer)].members[call.my_id].date
    if dialog.draft is not None:
        date = max(date, unix(dialog.draft.date))
    number = letter.copies.get(call.owner(dialog.peer), 0) if letter is not None else 0
    return date, number, dialog.peer


def _several(
    call: Call, dialogs: list[Dialog]
) -> tuple[list[types.TypeDialog], list[types.TypeMessage], list[types.TypeChat], list[types.TypeUser]]:
    views, me = call.world.views, call.my_id
    peers: set[int] = set()
    messages: list[types.TypeMessage] = []
    for dialog in dialogs:
        peers.add(dialog.peer)
        letter = top_letter(call, dialog)
        if letter is not None:
            owner = call.owner(dialog.peer)
            messages.append(views.message(letter, owner, me))
            peers.update(views.letter_peers(letter, owner))
    users, chats = call.split(peers)
    lines: list[types.TypeDialog] = [views.dialog(dialog, me) for dialog in dialogs]
    return lines, messages, chats, users


@serves(functions.messages.GetDialogsRequest)
def get_dialogs(request: functions.messages.GetDialogsRequest, call: Call) -> types.messages._TypeDialogs:
    """A page of the list of chats, those with the newest messages first."""
    mailbox = call.me.mailbox
    folder = request.folder_id or 0
    listed = [dialog for dialog in mailbox.dialogs.values() if dialog.folder_id == folder and is_listed(call, dialog)]
    pinned = [mailbox.dialogs[peer] for peer in mailbox.pinned.get(folder, ()) if mailbox.dialogs[peer] in listed]
    others = sorted((one for one in listed if not one.pinned), key=lambda one: _order(call, one), reverse=True)
    offset_date = unix(request.offset_date)
    if offset_date or request.offset_id:
        edge = (offset_date or 0x7FFFFFFF, request.offset_id or 0x7FFFFFFF)
        offset_peer = None
        if not isinstance(request.offset_peer, types.InputPeerEmpty):
            offset_peer = call.peer(request.offset_peer)
        rest = _after(call, others, edge, offset_peer)
        chosen = rest
    else:
        chosen = others if request.exclude_pinned else [*pinned, *others]
    limit = max(0, min(request.limit, 100))
    page = chosen[:limit]
    total = len(listed) if not request.exclude_pinned else len(others)
    lines, messages, chats, users = _several(call, page)
    if len(page) == total:
        return types.messages.Dialogs(lines, messages, chats, users)
    return types.messages.DialogsSlice(total, lines, messages, chats, users)


def _after(call: Call, dialogs: list[Dialog], edge: tuple[int, int], offset_peer: int | None) -> list[Dialog]:
    """The chats that come after the one a page ended with."""
    for place, dialog in enumerate(dialogs):
        if dialog.peer == offset_peer:
            # The list may have moved meanwhile; what is newer than the page's end was seen already.
            if _order(call, dialog)[0] <= edge[0]:
                return dialogs[place + 1 :]
            break
    return [dialog for dialog in dialogs if _order(call, dialog)[:2] < edge]


@serves(functions.messages.GetPinnedDialogsRequest)
def get_pinned_dialogs(request: functions.messages.GetPinnedDialogsRequest, call: Call) -> types.messages.PeerDialogs:
    """The pinned chats."""
    mailbox = call.me.mailbox
    dialogs = [mailbox.dialogs[peer] for peer in mailbox.pinned.get(request.folder_id, ())]
    return types.messages.PeerDialogs(*_several(call, dialogs), state_of(call))


@serves(functions.messages.GetPeerDialogsRequest)
def get_peer_dialogs(request: functions.messages.GetPeerDialogsRequest, call: Call) -> types.messages.PeerDialogs:
    """The lines of chosen chats."""
    dialogs: list[Dialog] = []
    for wanted in request.peers:
        if isinstance(wanted, types.InputDialogPeerFolder):
            listed = call.me.mailbox.dialogs.values()
            dialogs.extend(one for one in listed if one.folder_id == wanted.folder_id and is_listed(call, one))
        else:
            dialogs.append(call.me.mailbox.dialog(call.dialog_peer(wanted)))
    return types.messages.PeerDialogs(*_several(call, dialogs), state_of(call))


@serves(functions.messages.ToggleDialogPinRequest)
def toggle_dialog_pin(request: functions.messages.ToggleDialogPinRequest, call: Call) -> bool:
    """Pin a chat, or take the pin away."""
    peer = call.dialog_peer(request.peer)
    dialog = call.me.mailbox.dialog(peer)
    order = call.me.mailbox.pinned.setdefault(dialog.folder_id, [])
    if bool(request.pinned) == dialog.pinned:
        return True
    if request.pinned:
        if len(order) >= _PINNED_LIMIT:
            raise RpcFault(400, "PINNED_DIALOGS_TOO_MUCH")
        order.insert(0, peer)
    else:
        order.remove(peer)
    dialog.pinned = bool(request.pinned)
    update = types.UpdateDialogPinned(
        types.DialogPeer(as_peer(peer)), pinned=dialog.pinned, folder_id=dialog.folder_id or None
    )
    call.delivery.note(call.my_id, update, (peer,), lasting=True)
    return True


@serves(functions.messages.ReorderPinnedDialogsRequest)
def reorder_pinned_dialogs(request: functions.messages.ReorderPinnedDialogsRequest, call: Call) -> bool:
    """Put the pinned chats into another order."""
    mailbox = call.me.mailbox
    wanted = [call.dialog_peer(peer) for peer in request.order]
    old = mailbox.pinned.get(request.folder_id, [])
    kept = [] if request.force else [peer for peer in old if peer not in wanted]
    for peer in old:
        mailbox.dialogs[peer].pinned = False
    mailbox.pinned[request.folder_id] = [*wanted, *kept]
    for peer in mailbox.pinned[request.folder_id]:
        mailbox.dialog(peer).pinned = True
    order: list[types.TypeDialogPeer] = [types.DialogPeer(as_peer(peer)) for peer in mailbox.pinned[request.folder_id]]
    call.delivery.note(
        call.my_id, types.UpdatePinnedDialogs(folder_id=request.folder_id or None, order=order), lasting=True
    )
    return True


@serves(functions.messages.MarkDialogUnreadRequest)
def mark_dialog_unread(request: functions.messages.MarkDialogUnreadRequest, call: Call) -> bool:
    """Put a mark on a chat."""
    peer = call.dialog_peer(request.peer)
    call.me.mailbox.dialog(peer).unread_mark = bool(request.unread)
    update = types.UpdateDialogUnreadMark(types.DialogPeer(as_peer(peer)), unread=bool(request.unread))
    call.delivery.note(call.my_id, update, (peer,), lasting=True)
    return True


@serves(functions.messages.GetDialogUnreadMarksRequest)
def get_dialog_unread_marks(
    request: functions.messages.GetDialogUnreadMarksRequest, call: Call
) -> list[types.TypeDialogPeer]:
    """The chats with such a mark."""
    return [types.DialogPeer(as_peer(dialog.peer)) for dialog in call.me.mailbox.dialogs.values() if dialog.unread_mark]


# -- drafts ----------------------------------------------------------------------------------------------------------


@serves(functions.messages.SaveDraftRequest)
def save_draft(request: functions.messages.SaveDraftRequest, call: Call) -> bool:
    """Keep what is half written."""
    peer = call.peer(request.peer)
    dialog = call.me.mailbox.dialog(peer)
    shown: types.TypeDraftMessage
    if request.message or request.reply_to is not None or request.media is not None:
        dialog.draft = shown = types.DraftMessage(
            message=request.message,
            date=call.now,
            no_webpage=request.no_webpage,
            invert_media=request.invert_media,
            reply_to=request.reply_to,
            entities=request.entities,
        )
    else:
        dialog.draft = None
        shown = types.DraftMessageEmpty(call.now)
    call.delivery.note(call.my_id, types.UpdateDraftMessage(as_peer(peer), shown), (peer,), lasting=True)
    return True


@serves(functions.messages.GetAllDraftsRequest)
def get_all_drafts(request: functions.messages.GetAllDraftsRequest, call: Call) -> types.TypeUpdates:
    """Everything that is half written."""
    drafts = [dialog for dialog in call.me.mailbox.dialogs.values() if dialog.draft is not None]
    updates: list[types.TypeUpdate] = [
        types.UpdateDraftMessage(as_peer(dialog.peer), dialog.draft) for dialog in drafts if dialog.draft is not None
    ]
    return call.updates(updates, [dialog.peer for dialog in drafts])


@serves(functions.messages.ClearAllDraftsRequest)
def clear_all_drafts(request: functions.messages.ClearAllDraftsRequest, call: Call) -> bool:
    """Throw that away."""
    for dialog in call.me.mailbox.dialogs.values():
        if dialog.draft is not None:
            dialog.draft = None
            update = types.UpdateDraftMessage(as_peer(dialog.peer), types.DraftMessageEmpty(call.now))
            call.delivery.note(call.my_id, update, (dialog.peer,), lasting=True)
    return True


# -- odds and ends ---------------------------------------------------------------------------------------------------


@serves(functions.messages.GetPeerSettingsRequest)
def get_peer_settings(request: functions.messages.GetPeerSettingsRequest, call: Call) -> types.messages.PeerSettings:
    """What an app should offer at the top of a chat."""
    peer = call.peer(request.peer)
    settings = settings_for(call, call.world.accounts[peer]) if is_user(peer) else types.PeerSettings()
    users, chats = call.split([peer])
    return types.messages.PeerSettings(settings, chats, users)


@serves(functions.messages.GetSplitRangesRequest)
def get_split_ranges(request: functions.messages.GetSplitRangesRequest, call: Call) -> list[types.MessageRange]:
    """Into which ranges of numbers the messages fall: all of them into one."""
    return [types.MessageRange(1, 0x7FFFFFFF)]


@serves(functions.messages.GetOnlinesRequest)
def get_onlines(request: functions.messages.GetOnlinesRequest, call: Call) -> types.ChatOnlines:
    """How many members of a group are there."""
    room = call.room(call.peer(request.peer))
    accounts = call.world.accounts
    return types.ChatOnlines(sum(1 for user_id in room.present() if accounts[user_id].seen > call.now))
